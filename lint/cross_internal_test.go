package lint

import (
	"crypto/ed25519"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
)

// TestAdvisedCross holds which form of a CA one is advised to add: the first
// cross-certificate that is recommended, valid and not revoked.
func TestAdvisedCross(t *testing.T) {
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	good := catalog.Entry{Kind: catalog.Cross, Advice: catalog.Recommended, NotBefore: at, NotAfter: at.AddDate(1, 0, 0)}
	changed := func(change func(*catalog.Entry)) catalog.Entry {
		e := good
		change(&e)
		return e
	}
	for name, tt := range map[string]struct {
		first catalog.Entry
		want  bool
	}{
		"recommended":   {good, true},
		"a root":        {changed(func(e *catalog.Entry) { e.Kind = catalog.Root }), false},
		"neutral":       {changed(func(e *catalog.Entry) { e.Advice = catalog.Neutral }), false},
		"to come":       {changed(func(e *catalog.Entry) { e.NotBefore = at.Add(time.Second) }), false},
		"expired":       {changed(func(e *catalog.Entry) { e.NotAfter = at.Add(-time.Second) }), false},
		"revoked":       {changed(func(e *catalog.Entry) { e.Revoked = &catalog.Revocation{Date: at} }), false},
		"to be revoked": {changed(func(e *catalog.Entry) { e.Revoked = &catalog.Revocation{Date: at.Add(time.Second)} }), true},
	} {
		p := &Pass{Target: ExchangeOnline, Time: at, Catalog: new(catalog.Catalog)}
		forms := []catalog.Entry{tt.first, good}
		want := &forms[1]
		if tt.want {
			want = &forms[0]
		}
		if got := p.advisedCross(forms); got != want {
			t.Errorf("%s: %+v", name, got)
		}
		if got := p.advisedCross(forms[:1]); (got != nil) != tt.want {
			t.Errorf("%s, alone: %+v", name, got)
		}
	}
}

// TestCrossOfEvery holds that a cross-certificate is advised where every path ends in the
// root that it is for.
func TestCrossOfEvery(t *testing.T) {
	root := func(id byte) *chain.Certificate {
		key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
		template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "a"}, SubjectKeyId: []byte{id}}
		der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		return chain.ParseCertificate(der)
	}
	cross := func(id byte) map[string]string {
		return map[string]string{
			"kind": "cross", "subject": "CN=a", "issuer": "CN=b", "sha256": hex.EncodeToString(append(make([]byte, 31), id)), "key_id": hex.EncodeToString([]byte{id}),
			"not_before": "2020-01-01T00:00:00Z", "not_after": "2030-01-01T00:00:00Z", "advice": "recommended", "reason": "It is.",
		}
	}
	data, err := json.Marshal(map[string]any{"version": 1, "source": "test", "date": "2026-11-22", "certificates": []any{cross(1), cross(2)}})
	if err != nil {
		t.Fatal(err)
	}
	known, err := catalog.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	p := &Pass{Target: ExchangeOnline, Time: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), Catalog: known}
	for _, tt := range []struct {
		ends string // the key identifiers of the roots: 3 has no cross-certificate
		want byte   // of the cross-certificate; 0: none
	}{{"", 0}, {"\x01", 1}, {"\x02", 2}, {"\x03", 0}, {"\x01\x01", 1}, {"\x01\x02", 0}, {"\x01\x03", 0}, {"\x03\x01", 0}, {"\x01\x01\x01", 1}, {"\x01\x02\x02", 0}} {
		var paths []*chain.Path
		for _, id := range []byte(tt.ends) {
			paths = append(paths, &chain.Path{Certificates: []*chain.Certificate{root(id)}})
		}
		got := p.crossOfEvery(paths)
		if (got != nil) != (tt.want != 0) || got != nil && got.SHA256[31] != tt.want {
			t.Errorf("%q: %+v, want %d", tt.ends, got, tt.want)
		}
	}
}
