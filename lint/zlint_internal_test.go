package lint

import (
	"path/filepath"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/zmap/zcrypto/x509"
	zl "github.com/zmap/zlint/v3"
	zlint "github.com/zmap/zlint/v3/lint"
)

// BenchmarkCertificate compares the lints alone, on one core, over certificates
// that are parsed already: ours against zlint.LintCertificateEx with a registry
// of the same lints.
func BenchmarkCertificate(b *testing.B) {
	file, err := bundle.ReadFile(filepath.Join("..", "..", "shared", "corpus", "sst", "certutil-roots-2025-07.sst"))
	if err != nil {
		b.Skipf("the corpus of real files is not at ../shared/corpus: %v", err)
	}
	parse := func() []*x509.Certificate {
		var certs []*x509.Certificate
		for _, c := range file.Certificates {
			if parsed, err := x509.ParseCertificate(c.Raw); err == nil {
				certs = append(certs, parsed)
			}
		}
		return certs
	}
	registry, err := zlint.GlobalRegistry().Filter(zlint.FilterOptions{IncludeSources: sources[kindCA], ExcludeNames: costly})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("zlint", func(b *testing.B) {
		certs := parse()
		for b.Loop() {
			for _, c := range certs {
				zl.LintCertificateEx(c, registry)
			}
		}
	})
	b.Run("ours", func(b *testing.B) {
		certs := parse()
		z, err := newZLints([]string{"RFC3279", "RFC5280", "RFC5480", "RFC8813"}, "")
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			for _, c := range certs {
				z.run(c, false, func(*zlint.CertificateLint, *zlint.LintResult) {})
			}
		}
	})
}
