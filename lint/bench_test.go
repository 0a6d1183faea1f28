package lint_test

import (
	"crypto/elliptic"
	"fmt"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/testdata/outside"
	"github.com/zmap/zcrypto/x509"
	zl "github.com/zmap/zlint/v3"
	zlint "github.com/zmap/zlint/v3/lint"
)

// BenchmarkZLint compares the lints of one source list over a store of 514
// certificates: zlint's own loop, with its parser, and a whole run of ours that
// does nothing but parse, lint and report.
func BenchmarkZLint(b *testing.B) {
	files, err := bundle.ReadFile(outside.Corpus(b, "sst", "certutil-roots-2025-07.sst"))
	if err != nil {
		b.Fatal(err)
	}
	registry, err := zlint.GlobalRegistry().Filter(zlint.FilterOptions{
		IncludeSources: zlint.SourceList{zlint.RFC3279, zlint.RFC5280, zlint.RFC5480, zlint.RFC8813},
		ExcludeNames:   []string{"e_cert_issued_by_compromised_emudhra_ca", "e_ecdsa_small_private_key", "e_rsa_fermat_factorization"},
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("zlint", func(b *testing.B) {
		for b.Loop() {
			for _, c := range files.Certificates {
				parsed, err := x509.ParseCertificate(c.Raw)
				if err != nil {
					continue
				}
				zl.LintCertificateEx(parsed, registry)
			}
		}
	})
	idle := lint.Rule{
		Name: "n_nothing", Run: func(*lint.Pass) error { return nil },
	}
	for workers := range runtime.NumCPU() {
		b.Run(fmt.Sprintf("ours/workers=%d", workers+1), func(b *testing.B) {
			opts := &lint.Options{Time: today, Rules: []lint.Rule{idle}, Workers: workers + 1, ZLint: []string{"RFC3279", "RFC5280", "RFC5480", "RFC8813"}}
			for b.Loop() {
				if _, err := lint.Run(b.Context(), []*bundle.File{files}, opts); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRun runs everything over a small store.
func BenchmarkRun(b *testing.B) {
	f, err := bundle.ReadFile(filepath.Join(testdata, "collections", "complete.sst"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := lint.Run(b.Context(), []*bundle.File{f}, &lint.Options{Time: today}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRegistry is what a linter pays that asks every rule of one certificate, ours and
// zlint's of the S/MIME baseline, by the registry.
func BenchmarkRegistry(b *testing.B) {
	base, err := zlint.GlobalRegistry().Filter(zlint.FilterOptions{IncludeSources: zlint.SourceList{zlint.CABFSMIMEBaselineRequirements}})
	if err != nil {
		b.Fatal(err)
	}
	registry, err := lint.Registry(base)
	if err != nil {
		b.Fatal(err)
	}
	leaf := newUser(newCA("Example CA", root(), ecKey(elliptic.P256(), 2), email), ecKey(elliptic.P256(), 3))
	for b.Loop() {
		// Each is read anew, so that nothing is remembered of it.
		c, err := x509.ParseCertificate(leaf.Raw)
		if err != nil {
			b.Fatal(err)
		}
		zl.LintCertificateEx(c, registry)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "certificates/s")
}
