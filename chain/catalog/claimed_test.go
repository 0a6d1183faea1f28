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

// TestKnownOfUnreadable holds that nothing speaks against a CA with the right name where
// the certificate below it cannot be read or the key of the CA is not known.
func TestKnownOfUnreadable(t *testing.T) {
	name := rawName(t, attribute{oidCN, 12, "X"})
	c := newCatalog(nil, []Entry{{Subject: "CN=X", SHA256: [32]byte{1}}}, "test", time.Time{})
	withKey := newCatalog(nil, []Entry{{Subject: "CN=X", SHA256: [32]byte{1}, Key: []byte("another")}}, "test", time.Time{})
	readable := newCA(t, 1, name).issueTo(t, newCA(t, 2, rawName(t, attribute{oidCN, 12, "User"})))
	for _, test := range []struct {
		name    string
		catalog *Catalog
		cert    *chain.Certificate
	}{
		{"not readable", withKey, chain.ParseCertificate([]byte{0x30, 0})},
		{"no key", c, readable},
		{"neither", c, chain.ParseCertificate([]byte{0x30, 0})},
	} {
		d := chain.DeadEnd{Certificate: test.cert, RawIssuer: name}
		if known := test.catalog.Known(d); len(known) != 1 {
			t.Errorf("%s: known are %v", test.name, short(known))
		}
		if signer, proof := test.catalog.Signer(d); len(signer) != 1 || proof != Unproved {
			t.Errorf("%s: %s, %v", test.name, proof, short(signer))
		}
	}
}

// TestIdentifyByName holds that a certificate with a name that nobody has is a stranger,
// and one with another key a namesake.
func TestIdentifyByName(t *testing.T) {
	x, user := newCA(t, 1, rawName(t, attribute{oidCN, 12, "X"})), newCA(t, 2, rawName(t, attribute{oidCN, 12, "User"}))
	c := newCatalog(nil, []Entry{{Subject: "CN=X", SHA256: [32]byte{1}}}, "test", time.Time{})
	if relation, with := c.Identify(x.issue(t, x, x.name, nil)); relation != NameOnly || len(with) != 1 {
		t.Errorf("a namesake is %s, %v", relation, short(with))
	}
	if relation, with := c.Identify(x.issueTo(t, user)); relation != stranger || len(with) != 0 {
		t.Errorf("a stranger is %s, %v", relation, short(with))
	}
}
