package lint

import (
	"slices"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/testdata/outside"
	"github.com/zmap/zcrypto/x509"
	zl "github.com/zmap/zlint/v3"
	zlint "github.com/zmap/zlint/v3/lint"
)

// BenchmarkCertificate compares the lints alone, on one core, over certificates
// that are parsed already: ours against zlint.LintCertificateEx with a registry
// of the same lints.
func BenchmarkCertificate(b *testing.B) {
	file, err := bundle.ReadFile(outside.Corpus(b, "sst", "certutil-roots-2025-07.sst"))
	if err != nil {
		b.Fatal(err)
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
				z.run(c, z.selection[kindCA], false, func(*zlint.CertificateLint, *zlint.LintResult) {})
			}
		}
	})
}

// broken is a lint that panics, or that says what it is.
type broken struct{ how string }

func (b broken) CheckApplies(*x509.Certificate) bool {
	if b.how == "when asked" {
		panic(b.how)
	}
	return true
}

func (b broken) Execute(*x509.Certificate) *zlint.LintResult {
	if b.how == "when run" {
		panic(b.how)
	}
	return &zlint.LintResult{Status: zlint.Warn}
}

// TestPanics holds that a lint which panics is fatal, as in zlint, and that those
// after it run all the same.
func TestPanics(t *testing.T) {
	list := []*zlint.CertificateLint{}
	for _, how := range []string{"when asked", "", "when run"} {
		list = append(list, &zlint.CertificateLint{LintMetadata: zlint.LintMetadata{Name: how}, Lint: func() zlint.CertificateLintInterface { return broken{how} }})
	}
	z := &zlints{selection: &selection{list, list, list}, configuration: defaultConfigurations()}
	var got []zlint.LintStatus
	z.run(new(x509.Certificate), z.selection[kindPrivate], false, func(l *zlint.CertificateLint, r *zlint.LintResult) {
		if want := l.Execute(new(x509.Certificate), zlint.NewEmptyConfig()); r.Status != want.Status || r.Details != want.Details {
			t.Errorf("%q: %+v, zlint says %+v", l.Name, r, want)
		}
		got = append(got, r.Status)
	})
	if want := []zlint.LintStatus{zlint.Fatal, zlint.Warn, zlint.Fatal}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
