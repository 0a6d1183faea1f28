package lint_test

import (
	"crypto/elliptic"
	"crypto/x509"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/lint"
)

// TestWeakUserPerTarget holds that a small key and a weak digest of a user's certificate
// fail where the target is known to refuse them, and are an open question elsewhere.
func TestWeakUserPerTarget(t *testing.T) {
	sha1 := func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 }
	all := []lint.Target{lint.ExchangeOnline, lint.OutlookIOS, lint.AppleMail, lint.Windows, lint.Thunderbird, lint.Gmail}
	const works, fails, open = lint.Works, lint.Fails, lint.Unknown
	for _, tt := range []struct {
		name string
		user *signer
		rule string
		want []lint.VerdictStatus // of all
	}{
		{"RSA 1024", newUser(issuing(), rsaKey(1024)), "e_key_size", []lint.VerdictStatus{open, open, fails, open, open, fails}},
		{"P-224", newUser(issuing(), ecKey(elliptic.P224(), 3)), "e_key_size", []lint.VerdictStatus{open, open, fails, open, fails, fails}},
		{"SHA-1", user(sha1), "e_signature_weak", []lint.VerdictStatus{open, open, fails, open, fails, fails}},
		{"RSA 2048", newUser(issuing(), rsaKey(2048)), "", []lint.VerdictStatus{works, works, works, works, works, works}},
		{"P-256", user(), "", []lint.VerdictStatus{works, works, works, works, works, works}},
	} {
		for i, target := range all {
			r := run(t, append(store(issuing(), root()), loose(tt.user, issuing())...), &lint.Options{Time: today, Targets: []lint.Target{target}, Roots: loose(root()), ZLint: []string{"none"}})
			v := r.Subjects[slices.IndexFunc(r.Subjects, func(v lint.Verdict) bool { return v.Subject.Kind == "certificate" })]
			if v.Status != tt.want[i] || slices.Contains(v.Because, tt.rule) != (v.Status != works) {
				t.Errorf("%s, %s: %s because of %v, want %s", tt.name, target, v.Status, v.Because, tt.want[i])
			}
		}
	}
}
