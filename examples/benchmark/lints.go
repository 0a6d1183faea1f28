package main

import (
	"context"
	"fmt"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	zx509 "github.com/zmap/zcrypto/x509"
	"github.com/zmap/zlint/v3"
	zlints "github.com/zmap/zlint/v3/lint"
)

// lints compares with zlint: a check of one certificate, chain and targets and
// all, and the lints of zlint alone over a store.
func (s *settings) lints() error {
	p, err := ladder(0)
	if err != nil {
		return err
	}
	user, err := bundle.Parse("user.cer", p.leaf.Raw)
	if err != nil {
		return err
	}
	mail, err := plain(zlints.RFC3279, zlints.RFC5280, zlints.RFC5480, zlints.RFC5891, zlints.RFC8813,
		zlints.CABFSMIMEBaselineRequirements, zlints.MozillaRootStorePolicy, zlints.EtsiEsi, zlints.Community)
	if err != nil {
		return err
	}
	if err := s.compare("check the certificate of a user",
		entrant{run: func() error {
			f, err := bundle.Parse("user.cer", p.leaf.Raw)
			if err != nil {
				return err
			}
			sink, err = lint.Run(context.Background(), []*bundle.File{f}, &lint.Options{Time: at})
			return err
		}},
		entrant{name: "zlint, the same lints and nothing else", run: zlintAll(user, mail)},
		entrant{name: "zlint, all its lints", run: zlintAll(user, zlints.GlobalRegistry())}); err != nil {
		return err
	}

	name, data, err := s.storeFile()
	if err != nil {
		return err
	}
	store, err := bundle.Parse("store.sst", data)
	if err != nil {
		return err
	}
	general, err := plain(zlints.RFC3279, zlints.RFC5280, zlints.RFC5480, zlints.RFC8813)
	if err != nil {
		return err
	}
	nothing := lint.Rule{Name: "n_nothing", Run: func(*lint.Pass) error { return nil }}
	opts := &lint.Options{Time: at, Rules: []lint.Rule{nothing}, Workers: 1, ZLint: []string{"RFC3279", "RFC5280", "RFC5480", "RFC8813"}}
	return s.compare(fmt.Sprintf("lints of zlint by RFC 5280 and its kin over %s, one core", name),
		entrant{run: func() (err error) {
			sink, err = lint.Run(context.Background(), []*bundle.File{store}, opts)
			return err
		}},
		entrant{name: "zlint, the same lints", run: zlintAll(store, general)})
}

// plain returns the lints of some sources, less those that this library leaves out.
func plain(sources ...zlints.LintSource) (zlints.Registry, error) {
	return zlints.GlobalRegistry().Filter(zlints.FilterOptions{
		IncludeSources: sources,
		ExcludeNames:   []string{"e_cert_issued_by_compromised_emudhra_ca", "e_ecdsa_small_private_key", "e_rsa_fermat_factorization"},
	})
}

// zlintAll returns a function that gives every certificate of a file to zlint.
func zlintAll(f *bundle.File, registry zlints.Registry) func() error {
	return func() error {
		for _, item := range f.Certificates {
			if c, err := zx509.ParseCertificate(item.Raw); err == nil {
				sink = zlint.LintCertificateEx(c, registry)
			}
		}
		return nil
	}
}
