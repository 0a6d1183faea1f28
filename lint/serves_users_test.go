package lint_test

import (
	"crypto/elliptic"
	"crypto/x509"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/lint"
)

// TestUsersInStore adds certificates of users to a store that works, with chains of every
// kind that is broken. Exchange Online looks for nothing under them: what the store serves
// it serves as before, unless it refuses a certificate wherever it lies.
func TestUsersInStore(t *testing.T) {
	noCA := func(c *x509.Certificate) { c.IsCA, c.KeyUsage = false, x509.KeyUsageDigitalSignature }
	key := func(n byte) *signer { return &signer{key: ecKey(elliptic.P256(), 160+n)} }
	otherRoot := newCA("Other Root", nil, key(0).key)
	first := newCA("First", otherRoot, key(1).key)
	second := newCA("Second", first, key(2).key)
	forged := *issuing().Certificate
	forged.PublicKey = key(3).key.Public()
	issuers := map[string][]*signer{ // the first issues; the others are in the store too
		"its own":                   nil,
		"the issuing CA":            {issuing()},
		"a CA that is not there":    {otherRoot},
		"a root that is no CA":      {newCA("No CA", nil, key(4).key, noCA), newCA("No CA", nil, key(4).key, noCA)},
		"a CA that is none":         {newCA("No CA", root(), key(5).key, noCA), newCA("No CA", root(), key(5).key, noCA)},
		"a forged CA":               {{&forged, key(3).key}},
		"a cycle of no CAs":         {second, newCA("Second", first, key(2).key, noCA), newCA("First", second, key(1).key, noCA)},
		"a CA for other addresses":  {newCA("Limited", root(), key(6).key, func(c *x509.Certificate) { c.PermittedEmailAddresses = []string{"example.org"} })},
		"the root, beside the CA":   {root()},
		"a CA of that name, no key": {newCA("Example CA", otherRoot, key(7).key)},
	}
	for name, list := range issuers {
		for _, s := range append(slices.Clone(spoiledUser), spoil{"is as it should be", func(*x509.Certificate) {}}) {
			if s.what == expiredCert.what {
				continue // which is refused
			}
			var by *signer
			rest := list
			if list != nil {
				by, rest = list[0], list[1:]
			}
			certs := append([]*signer{issuing(), root(), newUser(by, ecKey(elliptic.P256(), 3), s.do)}, rest...)
			r := run(t, store(certs...), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}})
			if v := r.Verdict(lint.ExchangeOnline); v.Status != lint.Works {
				t.Errorf("issued by %s, %s: the store %s: %v %v", name, s.what, v.Status, v.Because, rulesOf(r))
			}
		}
	}
}
