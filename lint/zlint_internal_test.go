package lint

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	std "crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/chain"
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

// TestStable holds that what lints take from maps is told in one order.
func TestStable(t *testing.T) {
	const usages, twice, empty = "e_key_usage_and_extended_key_usage_inconsistent", "e_ext_duplicate_extension", "e_ext_cannot_be_empty_sequence"
	for _, tt := range []struct{ lint, details, want string }{
		{usages, "KeyUsage [B A] (2) inconsistent with X", "KeyUsage [A B] (2) inconsistent with X"},
		{usages, "KeyUsage [B A", "KeyUsage [B A"},
		{usages, "B A", "B A"},
		{twice, "twice: 2.5.29.35, 2.5.29.14", "twice: 2.5.29.14, 2.5.29.35"},
		{twice, "2.5.29.35, 2.5.29.14", "2.5.29.35, 2.5.29.14"},
		{empty, "2.5.29.35", ""},
		{"e_other", "B: [B A]", "B: [B A]"},
	} {
		if got := stable(tt.lint, tt.details); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.details, got, tt.want)
		}
	}
}

// TestTooLarge holds the limits of certificates that lints run on, to the last one within.
func TestTooLarge(t *testing.T) {
	issuer := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	certify := func(template *std.Certificate, key crypto.PublicKey) *chain.Certificate {
		template.SerialNumber = big.NewInt(1)
		der, err := std.CreateCertificate(nil, template, template, key, issuer)
		if err != nil {
			t.Fatal(err)
		}
		return chain.ParseCertificate(der)
	}
	policies := func(n int) *chain.Certificate {
		template := new(std.Certificate)
		for i := range n {
			oid, err := std.OIDFromInts([]uint64{2, 999, uint64(i)})
			if err != nil {
				t.Fatal(err)
			}
			template.Policies = append(template.Policies, oid)
		}
		return certify(template, issuer.Public())
	}
	sized := func(n int) *chain.Certificate {
		extended := func(n int) *std.Certificate {
			return &std.Certificate{ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 999, 1}, Value: bytes.Repeat([]byte{5, 0}, n/2)}}}
		}
		c := certify(extended(n-1000), issuer.Public())
		template := extended(n - 1000)
		template.ExtraExtensions[0].Value = append(template.ExtraExtensions[0].Value, bytes.Repeat([]byte{5}, n-len(c.Raw))...)
		return certify(template, issuer.Public())
	}
	modulus := func(bits uint) *chain.Certificate {
		n := new(big.Int).Lsh(big.NewInt(1), bits-1)
		return certify(new(std.Certificate), &rsa.PublicKey{N: n.Add(n, big.NewInt(1)), E: 65537})
	}
	for _, tt := range []struct {
		name string
		cert *chain.Certificate
		want bool
	}{
		{"policies", policies(maxLintPolicies), false},
		{"one policy more", policies(maxLintPolicies + 1), true},
		{"octets", sized(maxLintSize), false},
		{"one octet more", sized(maxLintSize + 1), true},
		{"bits", modulus(maxLintKeySize), false},
		{"one bit more", modulus(maxLintKeySize + 1), true},
	} {
		if got := tooLargeToLint(tt.cert); got != tt.want {
			t.Errorf("%s: %t, with %d policies, %d octets, %d bits", tt.name, got, len(tt.cert.Policies()), len(tt.cert.Raw), tt.cert.PublicKey().Bits)
		}
	}
}

// configurable is a lint that wants a number from its table.
type configurable struct{ broken }

func (configurable) Configure() any { return &struct{ A int }{} }

// TestExecute holds what lints run on: a source on certificates in its purview, and none
// whose configuration cannot be read.
func TestExecute(t *testing.T) {
	configuration, err := zlint.NewConfigFromString("[configurable]\nA = \"text\"\n")
	if err != nil {
		t.Fatal(err)
	}
	server, mail, code := runner{server: true}, runner{mail: true}, runner{code: true}
	for _, tt := range []struct {
		name   string
		lint   zlint.LintMetadata
		runner runner
		want   zlint.LintStatus
	}{
		{"servers", zlint.LintMetadata{Source: zlint.CABFBaselineRequirements}, server, zlint.Warn},
		{"servers, on another", zlint.LintMetadata{Source: zlint.CABFBaselineRequirements}, mail, zlint.NA},
		{"mail", zlint.LintMetadata{Source: zlint.CABFSMIMEBaselineRequirements}, mail, zlint.Warn},
		{"mail, on another", zlint.LintMetadata{Source: zlint.CABFSMIMEBaselineRequirements}, code, zlint.NA},
		{"code", zlint.LintMetadata{Source: zlint.CABFCSBaselineRequirements}, code, zlint.Warn},
		{"code, on another", zlint.LintMetadata{Source: zlint.CABFCSBaselineRequirements}, server, zlint.NA},
		{"any", zlint.LintMetadata{Source: zlint.RFC5280}, runner{}, zlint.Warn},
		{"a lint that filters by itself", zlint.LintMetadata{Source: zlint.CABFBaselineRequirements, OverrideFrameworkFilter: true}, mail, zlint.Warn},
		{"a configuration of another type", zlint.LintMetadata{Name: "configurable"}, runner{configuration: configuration}, zlint.Fatal},
	} {
		tt.runner.certificate = new(x509.Certificate)
		l := &zlint.CertificateLint{LintMetadata: tt.lint, Lint: func() zlint.CertificateLintInterface {
			if tt.lint.Name == "configurable" {
				return &configurable{}
			}
			return broken{}
		}}
		if got := tt.runner.execute(l).Status; got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestSelected holds that lints which take long run where they are asked for by name, or all
// are, and those that the Baseline Requirements contradict for their source too.
func TestSelected(t *testing.T) {
	for _, name := range slices.Concat(costly, overruled) {
		l := zlint.GlobalRegistry().CertificateLints().ByName(name)
		for _, tt := range []struct {
			wanted []string
			want   bool
		}{{nil, false}, {[]string{string(l.Source)}, slices.Contains(overruled, name)}, {[]string{name}, true}, {[]string{zlintAll}, true}} {
			if got := slices.Contains(selectLints(tt.wanted)[kindPrivate], l); got != tt.want {
				t.Errorf("%s for %q: %t", name, tt.wanted, got)
			}
		}
	}
}

// TestMessage holds that a lint says what is at fault behind what it looks for.
func TestMessage(t *testing.T) {
	l := &zlint.CertificateLint{LintMetadata: zlint.LintMetadata{Description: "It must not"}}
	for details, want := range map[string]string{"": "It must not", "it does": "It must not: it does"} {
		if got := message(l, &zlint.LintResult{Details: details}).String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
