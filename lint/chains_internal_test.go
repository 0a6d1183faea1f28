package lint

import (
	"crypto/x509"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
)

// TestBudget holds what a certificate may take of what is left.
func TestBudget(t *testing.T) {
	none := chain.Limits{Steps: -1, Signatures: -1}
	for _, tt := range []struct {
		left   budget
		starts int
		want   chain.Limits
	}{
		{*newBudget(1), 1, chain.Limits{Steps: chain.DefaultSteps, Signatures: chain.DefaultSignatures}},
		{budget{0, 1}, 1, none},
		{budget{1, 0}, 1, none},
		{budget{-1, 1}, 1, none},
		{budget{1, -1}, 1, none},
		{budget{1, 1}, 1, chain.Limits{Steps: leastSteps, Signatures: leastSignatures}},
		{budget{20 * leastSteps, 30 * leastSignatures}, 10, chain.Limits{Steps: 2 * leastSteps, Signatures: 3 * leastSignatures}},
	} {
		if got := tt.left.limits(tt.starts); got != tt.want {
			t.Errorf("%+v among %d: %+v, want %+v", tt.left, tt.starts, got, tt.want)
		}
	}
}

// TestAnchorSets holds what each target anchors in, and through what paths may lead: its
// own collection, what lies beside it, or the roots of its system.
func TestAnchorSets(t *testing.T) {
	own, stored := realCA(t, "root-r46-self-signed.pem"), realCA(t, "root-usertrust-rsa.pem")
	beside, given := newCertificateOf(t, &x509.Certificate{IsCA: true, BasicConstraintsValid: true}), newCertificateOf(t, &x509.Certificate{IsCA: true, BasicConstraintsValid: true, MaxPathLen: 7})
	ca := realCA(t, "ca-incommon-rsa-secure-email-3.pem")
	list := func(c ...*chain.Certificate) []*chain.Certificate { return c }
	for _, tt := range []struct {
		name                   string
		target                 Target
		format                 bundle.Format
		besideStore            bool
		stores, support, roots []*chain.Certificate
		set                    anchorSet
		anchors, candidates    []*chain.Certificate
		with                   bool // the files beside it count
	}{
		{"a store", ExchangeOnline, bundle.SST, false, nil, nil, nil, ownAnchors, list(own), list(ca, own), false},
		{"a store, with others", ExchangeOnline, bundle.SST, false, nil, list(beside), list(given), ownAnchors, list(own), list(ca, own), false},
		{"loose, with others", ExchangeOnline, bundle.DER, false, nil, list(beside), list(given), ownAnchors, list(own), list(ca, own, beside), true},
		{"beside a store", ExchangeOnline, bundle.SST, true, list(stored), list(stored, beside), list(given), storeAnchors, list(stored), list(ca, own, stored, beside), true},
		{"beside a store without certificates", ExchangeOnline, bundle.SST, true, nil, list(beside), list(given), storeAnchors, nil, list(ca, own, beside), true},
		{"a user of Outlook beside a store", OutlookIOS, bundle.PFX, true, list(stored), list(stored), nil, storeAnchors, list(stored), list(ca, own, stored), true},
		{"a user of Outlook beside an empty store", OutlookIOS, bundle.PFX, true, nil, list(beside), nil, allAnchors, list(own, beside), list(ca, own, beside), true},
		{"a user of Outlook", OutlookIOS, bundle.PFX, false, nil, nil, nil, ownAnchors, list(own), list(ca, own), false},
		{"a user of Windows beside a store", Windows, bundle.PFX, true, list(stored), list(stored), list(given), allAnchors, list(own, stored, given), list(ca, own, stored, given), true},
		{"a user of Windows", Windows, bundle.PFX, false, nil, nil, nil, ownAnchors, list(own), list(ca, own), false},
		{"a user of Windows, with a file", Windows, bundle.PFX, false, nil, list(beside), nil, allAnchors, list(own, beside), list(ca, own, beside), true},
		{"a user of Windows, with a root", Windows, bundle.PFX, false, nil, nil, list(given), allAnchors, list(own, given), list(ca, own, given), true},
	} {
		f := &bundle.File{Name: "a", Format: tt.format}
		for _, c := range []*chain.Certificate{ca, own} {
			f.Certificates = append(f.Certificates, bundle.Certificate{Certificate: c})
		}
		c := &Collection{BesideStore: tt.besideStore, stores: tt.stores, Support: tt.support, beside: []string{"b"}, known: map[string][]catalog.Entry{}}
		c.add(f)
		p := &Pass{Target: tt.target, Time: noon, Collection: c, Catalog: new(catalog.Catalog), roots: tt.roots}
		if got := p.anchorSet(); got != tt.set || got != p.givenAnchors() {
			t.Errorf("%s: set %d, want %d", tt.name, got, tt.set)
		}
		if got := p.anchors(); !slices.Equal(got, tt.anchors) {
			t.Errorf("%s: %d anchors, want %d", tt.name, len(got), len(tt.anchors))
		}
		if got := p.candidates(); !slices.Equal(got, tt.candidates) {
			t.Errorf("%s: %d candidates, want %d", tt.name, len(got), len(tt.candidates))
		}
		if got := p.judgedWith(); (len(got) == 1) != tt.with {
			t.Errorf("%s: with %v", tt.name, got)
		}
	}
	// With roots of its system, each target has a set of its own.
	sets := map[anchorSet]Target{}
	for _, target := range []Target{AppleMail, Windows, Gmail, ExchangeOnline} {
		set := passOf(t, target, noon, catalog.Default(), ca).anchorSet()
		if other, ok := sets[set]; ok {
			t.Errorf("%s and %s have one set", target, other)
		}
		sets[set] = target
	}
}

// TestUserStarts holds what a chain is judged for, and which starts are users that are judged.
func TestUserStarts(t *testing.T) {
	mail := func(u ...x509.ExtKeyUsage) *chain.Certificate {
		return newCertificateOf(t, &x509.Certificate{ExtKeyUsage: u})
	}
	file := &bundle.File{Name: "a", Format: bundle.SST}
	for _, c := range []*chain.Certificate{
		realCA(t, "root-r46-self-signed.pem"), mail(), mail(x509.ExtKeyUsageEmailProtection), mail(x509.ExtKeyUsageServerAuth), chain.ParseCertificate([]byte{0x30, 0}),
	} {
		file.Certificates = append(file.Certificates, bundle.Certificate{Certificate: c})
	}
	c := &Collection{known: map[string][]catalog.Entry{}}
	c.add(file)
	var starts []start
	for i, m := range c.Members {
		want := []chain.Purpose{{Usage: chain.Issue}, {Usage: chain.AnyUsage}, {Usage: chain.AnyUsage}, {Usage: chain.AnyUsage, EKU: chain.AnyEKU}, {Usage: chain.AnyUsage}}[i]
		if got := purposeOf(m); got.Usage != want.Usage || !slices.Equal(got.EKU, want.EKU) {
			t.Errorf("certificate %d: %+v, want %+v", i, got, want)
		}
		starts = append(starts, start{member: m})
	}
	c.starts = map[anchorSet][]start{ownAnchors: starts}
	for target, want := range map[Target][]int{ExchangeOnline: nil, Windows: {1, 2, 3}} {
		p := &Pass{Context: t.Context(), Target: target, Time: noon, Collection: c, Catalog: new(catalog.Catalog)}
		list, err := p.userStarts()
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, s := range list {
			got = append(got, s.member.Index)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", target, got, want)
		}
	}
}
