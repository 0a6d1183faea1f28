package lint

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
)

// TestUnfit holds what speaks against a certificate that would be added.
func TestUnfit(t *testing.T) {
	c := newCertificateOf(t, &x509.Certificate{NotBefore: noon.AddDate(-1, 0, 0), NotAfter: noon.AddDate(1, 0, 0)})
	sum := c.SHA256()
	entry := func(subject, more string) *catalog.Catalog {
		known, err := catalog.Parse(fmt.Appendf(nil, `{"version":1,"source":"test","date":"2026-11-22","certificates":[{"kind":"root","subject":%q,"issuer":"CN=a","sha256":%q,
			"not_before":"2020-01-01T00:00:00Z","not_after":"2030-01-01T00:00:00Z"%s}]}`, subject, hex.EncodeToString(sum[:]), more))
		if err != nil {
			t.Fatal(err)
		}
		return known
	}
	revoked := func(date string) *catalog.Catalog {
		return entry("CN=a", `,"revoked":{"date":"`+date+`","source":"its owner"}`)
	}
	for _, tt := range []struct {
		name  string
		known *catalog.Catalog
		at    time.Time
		ahead time.Duration
		want  string // how it begins; empty: nothing speaks against it
	}{
		{"nothing", new(catalog.Catalog), noon, 0, ""},
		{"known", entry("CN=a", ""), noon, 0, ""},
		{"revoked", revoked("2026-11-22"), noon, 0, `"a" was revoked on 2026-11-22 (its owner)`},
		{"revoked at that moment", revoked("2026-11-22"), noon.Truncate(24 * time.Hour), 0, `"a" was revoked on 2026-11-22 (its owner)`},
		{"revoked later", revoked("2026-11-23"), noon, 0, ""},
		{"the last moment", new(catalog.Catalog), c.NotAfter(), 0, ""},
		{"after it", new(catalog.Catalog), c.NotAfter().Add(time.Second), 0, `"a" expired on 2027-11-22`},
		{"ahead", new(catalog.Catalog), noon, 366 * 24 * time.Hour, `"a" expires on 2027-11-22, in 365 days`},
	} {
		p := passOf(t, Windows, tt.at, tt.known, c)
		p.Ahead = tt.ahead
		if got := p.unfit(c).String(); !strings.HasPrefix(got, tt.want) || (got == "") != (tt.want == "") {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestUnfitWay holds what speaks against adding something where a chain ends: a CA on the
// way there, the end itself, or every certificate at hand of the issuer.
func TestUnfitWay(t *testing.T) {
	below, self, cross := realCA(t, "ca-incommon-rsa-secure-email-3.pem"), realCA(t, "root-r46-self-signed.pem"), realCA(t, "root-r46-cross-signed-by-usertrust.pem")
	past := x509.Certificate{NotBefore: noon.AddDate(-2, 0, 0), NotAfter: noon.AddDate(-1, 0, 0)}
	ofUser := newCertificateOf(t, &past)
	past.IsCA, past.BasicConstraintsValid = true, true
	ofCA := newCertificateOf(t, &past)
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	named := &x509.Certificate{SerialNumber: big.NewInt(1), RawSubject: below.RawIssuer()}
	der, err := x509.CreateCertificate(nil, named, named, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	forged := chain.ParseCertificate(der)
	year := func(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	list := func(c ...*chain.Certificate) []*chain.Certificate { return c }
	for _, tt := range []struct {
		name  string
		at    time.Time
		certs []*chain.Certificate // at hand
		end   *chain.Certificate
		kind  chain.DeadEndKind
		way   []*chain.Certificate
		unfit bool
	}{
		{"an expired user", noon, nil, ofUser, chain.IssuerMissing, list(ofUser), false},
		{"an expired CA", noon, nil, ofCA, chain.IssuerMissing, list(ofUser, ofCA), true},
		{"an expired CA on the way", noon, nil, below, chain.IssuerMissing, list(ofCA, below), true},
		{"an expired root that is no anchor", noon, nil, ofCA, chain.NotAnchor, list(ofCA), true},
		{"that, above a good CA", noon, nil, ofCA, chain.NotAnchor, list(self), true},
		{"a user's own root, expired", noon, nil, ofUser, chain.NotAnchor, list(ofUser), true},
		{"a root that is no anchor", noon, nil, self, chain.NotAnchor, list(self), false},
		{"the issuer is at hand", year(2040), list(self), below, chain.IssuerMissing, nil, false},
		{"the issuer has expired", year(2050), list(self), below, chain.IssuerMissing, nil, true},
		{"one of two has expired", year(2040), list(self, cross), below, chain.IssuerMissing, nil, false},
		{"the other of two", year(2040), list(cross, self), below, chain.IssuerMissing, nil, false},
		{"both have", year(2050), list(cross, self), below, chain.IssuerMissing, nil, true},
		{"one that has not made the signature", year(2050), list(forged), below, chain.IssuerMissing, nil, false},
		{"in a circle", year(2050), list(self), below, chain.NoAnchor, nil, false},
		{"nothing is at hand", year(2050), nil, below, chain.IssuerMissing, nil, false},
	} {
		p := passOf(t, Windows, tt.at, new(catalog.Catalog), append(list(below), tt.certs...)...)
		if got := p.unfitWay(&chain.DeadEnd{Certificate: tt.end, Kind: tt.kind, Way: tt.way}); got.IsZero() == tt.unfit {
			t.Errorf("%s: %q", tt.name, got.String())
		}
	}
}
