package lint_test

import (
	"crypto/elliptic"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint"
)

// TestChainConditions holds what is told of chains that end: of which certificate, once, and
// not of what another rule tells.
func TestChainConditions(t *testing.T) {
	keys := byte(80)
	ca := func(name string, parent *signer, changes ...change) *signer {
		keys++
		return newCA(name, parent, ecKey(elliptic.P256(), keys), append([]change{email}, changes...)...)
	}
	again := func(of, parent *signer, changes ...change) *signer {
		return newCA(of.Subject.CommonName, parent, of.key, append([]change{email, serial(0x1001)}, changes...)...)
	}
	over := valid(today.AddDate(-5, 0, 0), today.AddDate(-1, 0, 0))
	short := ca("Short Root", nil, func(c *x509.Certificate) { c.MaxPathLenZero = true })
	one := ca("One CA", short)
	two := ca("Two CA", one)
	three := ca("Three CA", two)
	lapsed := ca("Lapsed CA", root(), over)
	belowLapsed := ca("Below Lapsed CA", lapsed)
	loopKey := ca("Loop A", nil)
	loopB := ca("Loop B", loopKey)
	loopA := again(loopKey, loopB)
	belowLoop := ca("Below Loop CA", loopB)
	old := ca("Old Root", nil)
	cross := again(root(), old)
	lost := ca("Lost CA", old)
	belowLost := ca("Below Lost CA", lost)
	second := ca("Second CA", old)
	self := newUser(nil, ecKey(elliptic.P256(), 79))
	leaf := func(by *signer) *signer { return newUser(by, ecKey(elliptic.P256(), 3)) }
	twoWays := again(issuing(), old)
	stores := func(certs []*signer, loosely ...*signer) []*bundle.File {
		return append(store(certs...), loose(loosely...)...)
	}
	both := []lint.Target{lint.ExchangeOnline}
	windows := []lint.Target{lint.Windows}
	const missing, noRoot = "e_chain_issuer_missing", "e_collection_no_root"
	const noAnchor, dangling, direct, crossMissing = "e_chain_no_anchor", "w_chain_issuer_missing", "w_chain_issuing_ca_missing", "w_chain_cross_certificate_missing"
	for _, tt := range []struct {
		rule, name string
		files      []*bundle.File
		targets    []lint.Target
		known      *catalog.Catalog // nil: that of the program
		other      bool             // remedy
		want       []string         // how messages begin
	}{
		{noAnchor, "a path", store(root(), issuing()), both, nil, false, nil},
		{noAnchor, "CAs that certify each other", store(loopA, loopB), both, nil, false, []string{`store.sst 0: leads to no anchor`, `store.sst 1: leads to no anchor`}},
		{noAnchor, "a CA below such", store(loopA, loopB, belowLoop), both, nil, false, []string{`store.sst 0: leads to no anchor`, `store.sst 1: leads to no anchor`, `store.sst 2: the chain stops at "Below Loop CA": its issuers lead only to each other`}},
		{noAnchor, "a user below such", pemBundle(leaf(loopB), loopB, loopA), windows, nil, false, []string{`bundle.pem 0: the chain stops at "user@example.com": its issuers lead only to each other`}},
		{noAnchor, "a root that no such CA may be below", store(short, one, two, three), both, nil, true, []string{`store.sst 1: leads to no anchor; "Short Root": path_length`, `store.sst 2: leads to no anchor; "Short Root": path_length`}},
		{noAnchor, "that, for Windows", pemBundle(short, one, two, three), windows, nil, true, []string{`bundle.pem 1: leads to no anchor; "Short Root": path_length`, `bundle.pem 2: leads to no anchor; "Short Root": path_length`}},
		{noAnchor, "an expired CA, which the dates tell of", store(root(), lapsed, belowLapsed), both, nil, false, nil},
		{noAnchor, "an issuer that is missing to the CA below too", store(root(), lost, belowLost), both, nil, false, nil},
		{noAnchor, "an issuer that is missing to it alone", store(root(), lost, again(belowLost, lost), again(belowLost, root())), both, nil, false, []string{`store.sst 1: leads to no anchor`}},
		{noAnchor, "a root beside the collection", stores([]*signer{issuing()}, user(), root()), both, nil, false, []string{`a.cer 0: the chain ends in the self-signed "Example Root", SHA-256 `}},
		{noAnchor, "a user's own root", stores([]*signer{root()}, self), both, nil, true, []string{`a.cer 0: the chain ends in the self-signed "user@example.com", SHA-256 `}},
		{noAnchor, "that, for Windows", pemBundle(self), windows, nil, false, nil},
		{dangling, "nothing", store(root(), issuing()), both, nil, false, nil},
		{dangling, "another way of a CA, which nothing is judged by", store(root(), issuing(), twoWays), both, nil, false, nil},
		{dangling, "another way, of two users", stores([]*signer{root(), issuing(), twoWays}, user(), user(serial(7))), both, nil, false, []string{`a.cer 0: "Example CA" leads nowhere: its issuer "Old Root" is missing`}},
		{dangling, "another way, beside the collection", stores([]*signer{root(), issuing()}, user(), twoWays), both, nil, false, []string{`b.cer 0: "Example CA" leads nowhere: its issuer "Old Root" is missing`}},
		{dangling, "two ways, of which one is of no start", store(root(), issuing(), twoWays, cross), both, nil, false, []string{`store.sst 3: "Example Root" leads nowhere: its issuer "Old Root" is missing`}},
		{dangling, "no way at all", store(root(), lost, second), both, nil, false, nil},
		{dangling, "another way in a circle", store(root(), again(belowLoop, loopB), again(belowLoop, root()), loopB, loopA), both, nil, false, nil},
		{missing, "the issuer", pemBundle(user()), windows, nil, false, []string{`bundle.pem 0: the chain stops here: its issuer "Example CA" is missing`}},
		{missing, "the issuer above", pemBundle(user(), issuing()), windows, nil, false, []string{`bundle.pem 0: the chain stops at "Example CA": its issuer "Example Root" is missing`}},
		{missing, "in another file", append(pemBundle(user(), user(serial(7))), named(p7b(issuing(), old)[0], "cas.p7b")), windows, nil, false, []string{`bundle.pem 0: the chain stops here: its issuer "Example CA" is missing; "Example CA" lies in cas.p7b, which is judged apart`, `bundle.pem 1: `, `cas.p7b 1: the chain stops here: its issuer "Example Root" is missing`}},
		{missing, "of another way", pemBundle(user(), issuing(), root(), twoWays), windows, nil, false, nil},
		{missing, "none", pemBundle(user(), issuing(), root()), windows, nil, false, nil},
		{missing, "a path that breaks a rule, and another way", pemBundle(leaf(three), three, two, one, short, again(one, old)), windows, nil, false, nil},
		{noRoot, "two roots of three CAs", store(lost, issuing(), second), both, nil, false, []string{`store.sst -1: no self-signed certificate among 3; missing is "Old Root"; missing is "Example Root"`}},
		{noRoot, "CAs that certify each other", store(loopA, loopB), both, nil, false, []string{`store.sst -1: no self-signed certificate among 2`}},
		{direct, "issuer beside", stores([]*signer{root()}, user(), issuing()), both, nil, false, []string{`a.cer 0: the collection lacks its issuer "Example CA", SHA-256 `}},
		{direct, "issuer in it", stores([]*signer{root(), issuing()}, user()), both, nil, false, nil},
		{direct, "in it and beside it", stores([]*signer{root(), issuing()}, user(), issuing()), both, nil, false, nil},
		{direct, "another certificate of it is in it", stores([]*signer{root(), old, twoWays}, user(), issuing()), both, nil, false, nil},
		{direct, "below a root of it", stores([]*signer{root()}, leaf(root())), both, nil, false, nil},
		{direct, "a CA alone", stores([]*signer{root()}, issuing()), both, nil, false, nil},
		{direct, "no way at all", stores([]*signer{root()}, leaf(lost), lost), both, nil, false, nil},
		{direct, "its own root", stores([]*signer{self, root()}, self), both, nil, false, nil},
		{direct, "the collection", store(root()), both, nil, false, nil},
		{direct, "a CA too", stores([]*signer{root()}, user(), issuing(), ca("Sub CA", issuing())), both, nil, false, []string{`a.cer 0: the collection lacks its issuer "Example CA", SHA-256 `}},
		{dangling, "another way, to a root beside the collection", stores([]*signer{root(), issuing(), twoWays}, user(), old), both, nil, false, nil},
		{noAnchor, "that one was revoked", store(root(), lost, again(belowLost, lost), again(belowLost, root())), both, revokes(old, "2026-01-02"), true, []string{`store.sst 1: leads to no anchor; "Old Root" was revoked on 2026-01-02`}},
		{crossMissing, "the self-signed form alone", load(t, testdata, "sectigo/ca-incommon-rsa-secure-email-3.pem", "sectigo/root-r46-self-signed.pem"), windows, nil, false, []string{`../testdata/sectigo/ca-incommon-rsa-secure-email-3.pem 0: the only anchor is the self-signed "Sectigo Public Email Protection Root R46"`}},
		{crossMissing, "the cross-certificate is here", load(t, testdata, "sectigo/ca-incommon-rsa-secure-email-3.pem", "sectigo/root-r46-self-signed.pem", "sectigo/root-r46-cross-signed-by-usertrust.pem"), windows, nil, false, nil},
		{crossMissing, "and its root", load(t, testdata, "sectigo/ca-incommon-rsa-secure-email-3.pem", "sectigo/root-r46-self-signed.pem", "sectigo/root-r46-cross-signed-by-usertrust.pem", "sectigo/root-usertrust-rsa.pem"), windows, nil, false, nil},
	} {
		rule, _ := lint.FindRule(tt.rule)
		opts := &lint.Options{Time: today, Targets: tt.targets, ZLint: []string{"none"}, Rules: []lint.Rule{rule}, Catalog: tt.known}
		r := run(t, tt.files, opts)
		var got []string
		for _, f := range r.Findings {
			if (f.Remedy != rule.Remedy) != tt.other {
				t.Errorf("%s, %s: remedy: %s", tt.rule, tt.name, f.Remedy)
			}
			got = append(got, fmt.Sprintf("%s %d: %s", f.File, f.Index, f.Message))
		}
		exact := tt.rule == noRoot // which has all in one message
		if !slices.EqualFunc(got, tt.want, strings.HasPrefix) || exact && !slices.Equal(got, tt.want) {
			t.Errorf("%s, %s: %q, want %q", tt.rule, tt.name, got, tt.want)
		}
	}
}
