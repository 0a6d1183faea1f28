package catalog

import (
	"slices"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
)

// TestKnownByNameAndKeyID holds when the name of the issuer decides and when its key
// identifier, where there is no certificate to verify.
func TestKnownByNameAndKeyID(t *testing.T) {
	c := newCatalog(nil, []Entry{
		{Subject: "CN=X", SHA256: [32]byte{1}, KeyID: []byte{1}},
		{Subject: "CN=X", SHA256: [32]byte{2}},
		{Subject: "CN=Y", SHA256: [32]byte{3}, KeyID: []byte{1}},
		{Subject: "CN=Y", SHA256: [32]byte{4}, KeyID: []byte{5}},
	}, "test", time.Time{})
	for _, test := range []struct {
		name  string
		keyID []byte
		want  []byte
	}{
		{"X", nil, []byte{1, 2}},
		{"X", []byte{}, []byte{1, 2}},
		{"X", []byte{1}, []byte{1}},
		{"X", []byte{2}, []byte{2}},
		{"X", []byte{5}, []byte{4}},
		{"Y", nil, []byte{3, 4}},
		{"Y", []byte{1}, []byte{3}},
		{"Y", []byte{5}, []byte{4}},
		{"Y", []byte{2}, nil},
		{"Z", nil, nil},
		{"Z", []byte{1}, []byte{1, 3}},
		{"Z", []byte{2}, nil},
	} {
		var got []byte
		for _, e := range c.Known(chain.DeadEnd{RawIssuer: rawName(t, attribute{oidCN, 12, test.name}), KeyID: test.keyID}) {
			got = append(got, e.SHA256[0])
		}
		slices.Sort(got)
		if !slices.Equal(got, test.want) {
			t.Errorf("%s, key identifier %v: %v, want %v", test.name, test.keyID, got, test.want)
		}
	}
}
