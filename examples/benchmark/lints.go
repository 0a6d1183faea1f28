package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
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

	name, file, err := s.authorities()
	if err != nil {
		return err
	}
	general, err := plain(zlints.RFC3279, zlints.RFC5280, zlints.RFC5480, zlints.RFC8813)
	if err != nil {
		return err
	}
	nothing := lint.Rule{Name: "n_nothing", Run: func(*lint.Pass) error { return nil }}
	opts := &lint.Options{Time: at, Targets: []lint.Target{lint.ExchangeOnline}, Rules: []lint.Rule{nothing}, Workers: 1, ZLint: []string{"RFC3279", "RFC5280", "RFC5480", "RFC8813"}}
	r, err := lint.Run(context.Background(), []*bundle.File{file}, opts)
	if err != nil {
		return err
	}
	// Both have to do the same work: anchors, say, are not linted here.
	if ours, theirs := len(r.Findings), remarks(file, general); ours != theirs {
		return fmt.Errorf("lints over %s find %d, those of zlint %d", name, ours, theirs)
	}
	return s.compare(fmt.Sprintf("%s as a store, with their paths, and the lints of zlint by RFC 5280 and its kin, one core", name),
		entrant{run: func() (err error) {
			sink, err = lint.Run(context.Background(), []*bundle.File{file}, opts)
			return err
		}},
		entrant{name: "zlint, the same lints and nothing else", run: zlintAll(file, general)})
}

// authorities are certificates of CAs that are no anchors: those of mail that are public,
// or generated ones.
func (s *settings) authorities() (name string, file *bundle.File, err error) {
	w, err := s.readWorld()
	if err != nil {
		return "", nil, err
	}
	var text bytes.Buffer
	if w == nil {
		name = fmt.Sprintf("%d certificates of CAs", s.sizes.store)
		list, err := issueMany(s.sizes.store)
		if err != nil {
			return "", nil, err
		}
		text.Write(blocks(list...))
	} else {
		_, certs := w.graph()
		list := starts(certs)
		name = fmt.Sprintf("the %d public CAs for mail", len(list))
		for _, c := range list {
			if err := pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}); err != nil {
				return "", nil, err
			}
		}
	}
	file, err = bundle.Parse("cas.pem", text.Bytes())
	return name, file, err
}

// issueMany makes certificates of CAs that another CA has issued.
func issueMany(n int64) ([]*x509.Certificate, error) {
	root, err := fixedAuthority("Example Root", 2)
	if err != nil {
		return nil, err
	}
	ca, err := fixedAuthority("Example CA", 1)
	if err != nil {
		return nil, err
	}
	var list []*x509.Certificate
	for i := range n {
		c, err := issue(ca, root, i+1, false)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

// remarks counts what the lints of a registry find in the certificates of a file.
func remarks(f *bundle.File, registry zlints.Registry) int {
	n := 0
	for _, item := range f.Certificates {
		if c, err := zx509.ParseCertificate(item.Raw); err == nil {
			for _, r := range zlint.LintCertificateEx(c, registry).Results {
				n += count(r.Status >= zlints.Notice)
			}
		}
	}
	return n
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
