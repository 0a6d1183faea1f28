package lint

import (
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/pkcs12"
)

// TestParseTargets holds lists of names of targets as people write them.
func TestParseTargets(t *testing.T) {
	for list, want := range map[string][]Target{
		"windows":                   {Windows},
		" Windows ,GMAIL":           {Windows, Gmail},
		"gmail,windows":             {Gmail, Windows},
		"windows,gmail,windows":     {Windows, Gmail},
		"windows,Windows, windows ": {Windows},
		"":                          nil,
		"windows,":                  nil,
		"windows,window":            nil,
	} {
		got, err := ParseTargets(list)
		if !slices.Equal(got, want) || (err == nil) != (want != nil) {
			t.Errorf("%q: %v, %v", list, got, err)
		}
	}
	if _, err := ParseTargets("windows,window"); err == nil || !strings.Contains(err.Error(), `"window"`) {
		t.Errorf("the error does not name what is unknown: %v", err)
	}
}

// TestTarget holds what names nobody knows answer, beside what those of targets do.
func TestTarget(t *testing.T) {
	for _, target := range append(Targets(), "window") {
		known := target != "window"
		if (target.row() != nil) != known || target.Collects() != (target == ExchangeOnline) || (target.Title().String() == string(target)) == known {
			t.Errorf("%s: title %s, collects %t", target, target.Title(), target.Collects())
		}
		if reads := !slices.Contains([]Target{ExchangeOnline, Gmail, "window"}, target); (target.OldestReader() != "") != reads {
			t.Errorf("%s: oldest reader %q", target, target.OldestReader())
		}
	}
}

// TestGoesTo holds which files are judged for whom: unasked, when the target is named, and
// beside a store.
func TestGoesTo(t *testing.T) {
	script := func(text string) *bundle.File {
		f, err := bundle.Parse("a.ps1", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	of := func(format bundle.Format) *bundle.File { return &bundle.File{Format: format} }
	const forExchange, forIntune = "Set-SmimeConfig -OWAAlwaysSign $true\n", "New-IntuneUserPfxCertificate -PaddingScheme oaepSha512\n"
	for _, tt := range []struct {
		name                   string
		file                   *bundle.File
		target                 Target
		unasked, named, beside bool
	}{
		{"a store", of(bundle.SST), ExchangeOnline, true, true, true},
		{"a store", of(bundle.SST), Windows, false, false, false},
		{"a PFX", of(bundle.PFX), Windows, true, true, true},
		{"a PFX", of(bundle.PFX), ExchangeOnline, false, true, true},
		{"a PFX", of(bundle.PFX), Gmail, false, true, false},
		{"a profile", of(bundle.MobileConfig), AppleMail, true, true, true},
		{"a profile", of(bundle.MobileConfig), OutlookIOS, false, true, true},
		{"a profile", of(bundle.MobileConfig), OutlookAndroid, false, false, false},
		{"objects", of(bundle.GraphJSON), Intune, true, true, true},
		{"objects", of(bundle.GraphJSON), ExchangeOnline, false, false, false},
		{"objects with a key", &bundle.File{Format: bundle.GraphJSON, Keys: make([]bundle.FoundKey, 1)}, ExchangeOnline, false, true, false},
		{"objects with a key", &bundle.File{Format: bundle.GraphJSON, Keys: make([]bundle.FoundKey, 1)}, Windows, false, false, false},
		{"a script for Exchange", script(forExchange), ExchangeOnline, true, true, true},
		{"a script for Exchange", script(forExchange), Intune, false, true, true},
		{"a script for Intune", script(forIntune), ExchangeOnline, false, true, true},
		{"a script for Intune", script(forIntune), Intune, true, true, true},
		{"a script for both", script(forExchange + forIntune), ExchangeOnline, true, true, true},
		{"a script for both", script(forExchange + forIntune), Intune, true, true, true},
		{"a script for both", script(forExchange + forIntune), Windows, false, false, false},
	} {
		files := []*bundle.File{of(0), tt.file}
		asked := &Collection{Files: files}
		got := []bool{
			(&Collection{Files: files}).goesTo(tt.target, false), asked.goesTo(tt.target, true), (&Collection{Files: files, BesideStore: true}).goesTo(tt.target, false),
		}
		if want := []bool{tt.unasked, tt.named, tt.beside}; !slices.Equal(got, want) {
			t.Errorf("%s for %s: unasked, named and beside a store %v, want %v", tt.name, tt.target, got, want)
		}
		if !slices.Equal(asked.named, []Target{tt.target}) {
			t.Errorf("the collection does not note that %s was asked for", tt.target)
		}
	}
}

// TestAnchorsOf holds that of the ways to one anchor the first stays, and none that ends
// where an issuer is not known.
func TestAnchorsOf(t *testing.T) {
	way := func(complete bool, sums ...byte) catalog.Way {
		w := catalog.Way{Complete: complete}
		for _, s := range sums {
			w.Entries = append(w.Entries, catalog.Entry{SHA256: [32]byte{s}})
		}
		return w
	}
	for _, tt := range []struct {
		name string
		ways []catalog.Way
		want []int // of ways
	}{
		{"none", nil, nil},
		{"one", []catalog.Way{way(true, 1)}, []int{0}},
		{"to two anchors", []catalog.Way{way(true, 1), way(true, 2)}, []int{0, 1}},
		{"two to one anchor", []catalog.Way{way(true, 1), way(true, 3, 1), way(true, 2)}, []int{0, 2}},
		{"not complete", []catalog.Way{way(false, 1), way(true, 2)}, []int{1}},
		{"not complete, before one that is", []catalog.Way{way(false, 1), way(true, 1)}, []int{1}},
		{"not complete, after one that is", []catalog.Way{way(true, 1), way(false, 1)}, []int{0}},
	} {
		var got []int
		for _, w := range anchorsOf(tt.ways) {
			got = append(got, slices.IndexFunc(tt.ways, func(o catalog.Way) bool { return &o.Entries[0] == &w.Entries[0] }))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestTargetsOf holds for whom a collection is judged: unasked, what lies beside a store and
// is no identity for those alone who take stores.
func TestTargetsOf(t *testing.T) {
	store := []*chain.Certificate{newCertificate(t)}
	user, mail := &bundle.File{Format: bundle.DER}, &bundle.File{Format: bundle.Mail}
	identity := &bundle.File{Format: bundle.PFX, PFX: new(pkcs12.Inspection)}
	for _, tt := range []struct {
		name   string
		file   *bundle.File
		beside bool
		stores []*chain.Certificate
		asked  []Target
		want   []Target
	}{
		{"a user", user, false, nil, nil, []Target{ExchangeOnline, OutlookIOS, AppleMail, Intune, Windows, Thunderbird}},
		{"a user beside a store", user, true, store, nil, []Target{ExchangeOnline}},
		{"a user beside a store, for those asked for", user, true, store, []Target{Gmail, Windows}, []Target{Windows, Gmail}},
		{"an identity", identity, false, nil, nil, []Target{OutlookIOS, AppleMail, Intune, Windows, Thunderbird}},
		{"an identity beside a store", identity, true, store, nil, []Target{ExchangeOnline, OutlookIOS, AppleMail, Intune, Windows, Thunderbird}},
		{"a message", mail, true, nil, nil, []Target{ExchangeOnline, OutlookIOS, AppleMail, Windows, Thunderbird}},
		{"a message beside a store", mail, true, store, nil, []Target{ExchangeOnline}},
	} {
		c := &Collection{Files: []*bundle.File{tt.file}, BesideStore: tt.beside, stores: tt.stores}
		if got := c.targets(tt.asked); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
