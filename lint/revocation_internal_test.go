package lint

import (
	"slices"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
)

// TestRevocationSeen holds what is left open by what was said of the certificates that were
// asked about, and in which order it is listed.
func TestRevocationSeen(t *testing.T) {
	why := say.New("why")
	of := func(name string, status chain.RevocationStatus, detail say.Message) told {
		return told{name: name, status: status, detail: detail}
	}
	good, revoked := of("a", chain.RevocationGood, say.Message{}), of("b", chain.Revoked, why)
	unknown, silent := of("c", chain.RevocationUnknown, why), of("d", chain.RevocationUnknown, say.Message{})
	for _, tt := range []struct {
		name   string
		seen   []told
		covers bool
		open   []string
	}{
		{"nothing", nil, false, nil},
		{"good", []told{good}, true, nil},
		{"good and revoked", []told{good, revoked}, true, nil},
		{"good and not known", []told{good, unknown}, false, []string{`revocation of "c"`}},
		{"not known, and nothing said", []told{silent}, false, nil},
		{"each", []told{unknown, revoked, silent, good}, false, []string{`revocation of "c"`}},
	} {
		r := &revocations{seen: map[[32]byte]told{}}
		for i, s := range tt.seen {
			r.seen[[32]byte{byte(i)}] = s
		}
		var open, names, want []string
		for _, n := range r.open() {
			open = append(open, n.What.String())
		}
		for _, l := range r.list() {
			names = append(names, l.Subject)
		}
		for _, s := range tt.seen {
			want = append(want, s.name)
		}
		slices.Sort(want)
		if r.covers() != tt.covers || !slices.Equal(open, tt.open) || !slices.Equal(names, want) {
			t.Errorf("%s: covers %t, open %q, listed %v", tt.name, r.covers(), open, names)
		}
	}
	var none *revocations
	if none.covers() || none.open() != nil || none.list() != nil {
		t.Error("where nothing is asked, something is known")
	}
}
