package lint_test

import (
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
)

// TestWeakSignatureOfCA holds that SHA-1 in the certificate of a CA stops Apple
// alone, and that one rule speaks of it for the others.
func TestWeakSignatureOfCA(t *testing.T) {
	weak := func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 }
	for _, tt := range []struct {
		name    string
		given   given
		target  lint.Target
		verdict lint.VerdictStatus
		broken  bool // e_chain_no_valid_path speaks
	}{
		{"of a CA, Exchange Online", chainOf(weak), lint.ExchangeOnline, lint.Works, false},
		{"of a CA, Windows", chainOf(weak), lint.Windows, lint.Works, false},
		{"of a CA, Apple", chainOf(weak), lint.AppleMail, lint.Fails, true},
		{"of a CA alone, Apple", give(loose(twin(root(), weak), root())), lint.AppleMail, lint.Fails, true},
		{"of a user, Exchange Online", give(append(store(issuing(), root()), loose(user(weak))...)), lint.ExchangeOnline, lint.Fails, false},
		{"of a user in a collection", users(weak), lint.ExchangeOnline, lint.Fails, true},
		{"of a user, Apple", users(weak), lint.AppleMail, lint.Fails, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := run(t, tt.given.files, &lint.Options{Time: today, Targets: []lint.Target{tt.target}, Roots: loose(root()), Facts: &lint.Facts{PrimarySMTP: "user@example.com"}})
			if got := verdict(r, tt.target).Status; got != tt.verdict {
				t.Errorf("verdict %s, want %s", got, tt.verdict)
			}
			if got := slices.Contains(rulesOf(r), "e_chain_no_valid_path"); got != tt.broken {
				t.Errorf("e_chain_no_valid_path: %t, want %t", got, tt.broken)
			}
		})
	}
}

// TestUsageNames holds that usages of Windows templates have names.
func TestUsageNames(t *testing.T) {
	windows := func(c *x509.Certificate) {
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
		c.UnknownExtKeyUsage = []asn1.ObjectIdentifier{{1, 3, 6, 1, 4, 1, 311, 20, 2, 2}, {1, 3, 6, 1, 4, 1, 311, 10, 3, 4}}
	}
	const want = "is for clientAuth, Smart Card Logon, Encrypting File System, not for e-mail"
	r := run(t, users(windows).files, &lint.Options{Time: today})
	if !slices.ContainsFunc(r.Findings, func(f lint.Finding) bool { return f.Message.String() == want }) {
		t.Errorf("no finding says %q", want)
	}
}

// TestMessageBesideStore holds that what a message brings along is not taken for
// part of the store that it is judged against.
func TestMessageBesideStore(t *testing.T) {
	message := func() []*bundle.File {
		files := pemBundle(user(), issuing())
		files[0].Signed = true
		return files
	}
	for _, tt := range []struct {
		name  string
		store []*signer
		want  bool
	}{
		{"the store lacks the issuing CA", []*signer{root()}, true},
		{"the store has it", []*signer{root(), issuing()}, false},
	} {
		r := run(t, append(store(tt.store...), message()...), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}})
		if got := slices.Contains(rulesOf(r), "w_chain_issuing_ca_missing"); got != tt.want {
			t.Errorf("%s: %t, want %t", tt.name, got, tt.want)
		}
	}
	with := &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, With: store(root(), issuing())}
	if names := rulesOf(run(t, message(), with)); slices.Contains(names, "w_chain_issuing_ca_missing") {
		t.Errorf("with a supporting store: %v", names)
	}
}

// TestCopyOnPath holds that the second copy of a CA that a chain needs is a
// duplicate, and not called needless besides.
func TestCopyOnPath(t *testing.T) {
	files := openPFX(des("secret"), "secret")
	files[0].Certificates = append(files[0].Certificates, files[0].Certificates[1:]...)
	names := rulesOf(run(t, files, &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}}))
	if slices.Contains(names, "n_pfx_extra_certificate") || !slices.Contains(names, "w_collection_duplicate_certificate") {
		t.Errorf("rules: %v", names)
	}
}
