package lint

import (
	"slices"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
)

// TestWaySays holds what is said of a way: what to add in order, why this one, which others
// there are, and whom it does not serve.
func TestWaySays(t *testing.T) {
	yes := catalog.Programme{Trust: catalog.Yes}
	entry := func(name string, kind catalog.EntryKind, changes ...func(*catalog.Entry)) catalog.Entry {
		e := catalog.Entry{Kind: kind, Subject: "CN=" + name, Issuer: "CN=Issuer of " + name, NotAfter: noon}
		copy(e.SHA256[:], name)
		for _, c := range changes {
			c(&e)
		}
		return e
	}
	all := func(e *catalog.Entry) { e.Mozilla, e.Microsoft, e.Apple = yes, yes, yes }
	apple := func(e *catalog.Entry) { e.Apple = yes }
	names := func(e *catalog.Entry) { e.AIA = []string{"ldap://a", "http://ca.example.com/up.cer"} }
	ca, cross := entry("CA", catalog.Intermediate, names), entry("Cross", catalog.Cross)
	root, other, nobody := entry("Root", catalog.Root, all), entry("Other", catalog.Root, apple), entry("Nobody", catalog.Root)
	whole := func(entries ...catalog.Entry) catalog.Way { return catalog.Way{Entries: entries, Complete: true} }
	part := func(entries ...catalog.Entry) catalog.Way { return catalog.Way{Entries: entries} }
	because := func(w catalog.Way) catalog.Way { w.Reason = catalog.NoPreference + 1; return w }
	of := func(accepted bool, add []catalog.Entry, ways ...catalog.Way) *way {
		w := &way{add: add, ways: ways, accepted: accepted}
		if len(ways) > 0 {
			w.best = ways[0]
		}
		return w
	}
	at := func(e catalog.Entry) string { return ", valid until 2026-11-22, " + e.URL() }
	sum := func(e catalog.Entry) string { return e.URL()[len("https://crt.sh/?q="):] }
	list := func(e ...catalog.Entry) []catalog.Entry { return e }
	for _, tt := range []struct {
		name  string
		way   *way
		cross bool // it begins with one
		want  []string
	}{
		{"nothing", of(false, nil), false, nil},
		{"a look-alike", &way{lookAlike: list(ca)}, false, []string{`its signature was not made with the key of the known "CA": neither that CA nor another known one of its name is its issuer`}},
		{"a CA", of(true, list(ca), whole(ca, root)), false, []string{"it is known: SHA-256 " + sum(ca) + at(ca)}},
		{"a cross-certificate", of(true, list(cross), whole(cross, root)), true, []string{`add "Cross" cross-signed by "Issuer of Cross": SHA-256 ` + sum(cross) + at(cross)}},
		{"a CA and a root", of(true, list(ca, root), whole(ca, root)), false, []string{
			`add 1. "CA": SHA-256 ` + sum(ca) + ", valid until 2026-11-22, http://first.example.com/ca.cer",
			`2. "Root": SHA-256 ` + sum(root) + ", valid until 2026-11-22, http://ca.example.com/up.cer",
		}},
		{"a cross-certificate and a root", of(true, list(cross, root), whole(cross, root)), true, []string{
			`add 1. "Cross" by "Issuer of Cross": SHA-256 ` + sum(cross) + ", valid until 2026-11-22, http://first.example.com/ca.cer",
			`2. "Root": SHA-256 ` + sum(root) + at(root),
		}},
		{"a way with a reason, alone", of(true, nil, because(whole(root))), false, nil},
		{"one of two", of(true, nil, because(whole(root)), whole(ca, root)), false, []string{"of several ways this one, because " + (catalog.NoPreference + 1).String()}},
		{"one of two, without a reason", of(true, nil, whole(root), whole(ca, root)), false, nil},
		{"another root", of(true, nil, whole(root), whole(other)), false, []string{`another way ends in "Other", which is in the list of Apple`}},
		{"another root, twice", of(true, nil, whole(root), whole(other), whole(ca, other)), false, []string{`another way ends in "Other", which is in the list of Apple`}},
		{"another root, which nobody trusts", of(true, nil, whole(root), whole(nobody)), false, nil},
		{"another way that is not known to its end", of(true, nil, whole(root), part(other)), false, nil},
		{"a root that some trust", of(true, nil, whole(other)), false, []string{"no way that is known ends in a root in the list of Mozilla, Microsoft"}},
		{"a root that is none of the target", of(false, nil, whole(other)), false, []string{"no way that is known leads to a root of the target's root programme"}},
		{"not known to its end", of(false, nil, part(ca)), false, []string{`what issued "CA" is not known`}},
	} {
		end := &chain.DeadEnd{AIA: []string{"http://localhost/ca.cer", "http://first.example.com/ca.cer"}}
		var got []string
		for _, m := range tt.way.say(end) {
			got = append(got, m.String())
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		if got := tt.way.cross() != nil; got != tt.cross {
			t.Errorf("%s: begins with a cross-certificate: %t", tt.name, got)
		}
	}
}

// TestNearMissesNamed holds how many certificates that look like an issuer are named.
func TestNearMissesNamed(t *testing.T) {
	miss := chain.NearMiss{Certificate: newCertificate(t)}
	for _, tt := range []struct {
		misses int
		more   bool
		want   int
	}{{0, false, 0}, {1, false, 1}, {5, false, 5}, {6, false, 6}, {7, false, 6}, {5, true, 6}, {7, true, 6}} {
		got := nearMisses(chain.DeadEnd{NearMisses: slices.Repeat([]chain.NearMiss{miss}, tt.misses), MoreNearMisses: tt.more})
		more := len(got) > 0 && got[len(got)-1].String() == "further certificates that look like it are not listed"
		if len(got) != tt.want || more != (tt.more || tt.misses > maxNearMisses) {
			t.Errorf("%+v: %d, %t", tt, len(got), more)
		}
	}
}
