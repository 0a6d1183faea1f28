package main

import (
	"context"
	"errors"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	zx509 "github.com/zmap/zcrypto/x509"
	"github.com/zmap/zlint/v3"
	zlints "github.com/zmap/zlint/v3/lint"
)

// lints compares a check, chain and all, with plain zlint over the same lints.
func (s *settings) lints() error {
	p, err := ladder(0)
	if err != nil {
		return err
	}
	registry, err := zlints.GlobalRegistry().Filter(zlints.FilterOptions{
		IncludeSources: zlints.SourceList{zlints.RFC3279, zlints.RFC5280, zlints.RFC5480, zlints.RFC5891, zlints.RFC8813,
			zlints.CABFSMIMEBaselineRequirements, zlints.MozillaRootStorePolicy, zlints.EtsiEsi, zlints.Community},
		ExcludeNames: []string{"e_cert_issued_by_compromised_emudhra_ca", "e_ecdsa_small_private_key", "e_rsa_fermat_factorization"},
	})
	if err != nil {
		return err
	}
	plain := func() error {
		c, err := zx509.ParseCertificate(p.leaf.Raw)
		if err != nil {
			return err
		}
		if zlint.LintCertificateEx(c, registry) == nil {
			return errors.New("no result")
		}
		return nil
	}
	return s.compare("check the certificate of a user",
		entrant{name: "lint, all targets", run: func() error {
			f, err := bundle.Parse("user.cer", p.leaf.Raw)
			if err != nil {
				return err
			}
			sink, err = lint.Run(context.Background(), []*bundle.File{f}, &lint.Options{Time: at})
			return err
		}},
		entrant{name: "zlint alone, the same lints", run: plain},
		entrant{name: "zlint alone, all its lints", run: func() error {
			c, err := zx509.ParseCertificate(p.leaf.Raw)
			if err == nil {
				sink = zlint.LintCertificate(c)
			}
			return err
		}})
}
