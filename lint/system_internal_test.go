package lint

import (
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
)

// passOf judges certificates of one file for a target.
func passOf(t *testing.T, target Target, at time.Time, known *catalog.Catalog, certs ...*chain.Certificate) *Pass {
	t.Helper()
	f := &bundle.File{Name: "a.pem", Format: bundle.PEM}
	for _, c := range certs {
		f.Certificates = append(f.Certificates, bundle.Certificate{Certificate: c})
	}
	c := collect([]*bundle.File{f}, new(Options))[0]
	return &Pass{Context: t.Context(), Target: target, Time: at, Collection: c, Catalog: known, Facts: new(Facts)}
}

// TestSystem holds which roots of a system count though no file holds them: those of its
// programme, in their time, that have signed something here.
func TestSystem(t *testing.T) {
	below, root, cross := realCA(t, "ca-incommon-rsa-secure-email-3.pem"), realCA(t, "root-r46-self-signed.pem"), realCA(t, "root-r46-cross-signed-by-usertrust.pem")
	known := catalog.Default()
	entry, ok := known.ByFingerprint(root.SHA256())
	if !ok {
		t.Fatal("the root is not known")
	}
	forged := newCertificateBy(t, &x509.Certificate{RawSubject: root.RawSubject()})
	without := new(catalog.Catalog).WithCertificates([]*chain.Certificate{root}, "test") // whom nobody trusts
	both := []*chain.Certificate{below, below}
	for _, tt := range []struct {
		name   string
		target Target
		at     time.Time
		known  *catalog.Catalog
		certs  []*chain.Certificate
		want   int
	}{
		{"a CA", AppleMail, noon, known, both[:1], 1},
		{"a CA twice", AppleMail, noon, known, both, 1},
		{"a cross-certificate", AppleMail, noon, known, []*chain.Certificate{cross}, 1},
		{"both", AppleMail, noon, known, []*chain.Certificate{below, cross}, 2},
		{"the root is here", AppleMail, noon, known, []*chain.Certificate{below, root}, 0},
		{"the root alone", AppleMail, noon, known, []*chain.Certificate{root}, 0},
		{"in the name of the root", AppleMail, noon, known, []*chain.Certificate{forged}, 0},
		{"what cannot be decoded", AppleMail, noon, known, []*chain.Certificate{chain.ParseCertificate(nil)}, 0},
		{"from the first moment", AppleMail, entry.NotBefore, known, both, 1},
		{"before", AppleMail, entry.NotBefore.Add(-time.Second), known, both, 0},
		{"to the last", AppleMail, entry.NotAfter, known, both, 1},
		{"after", AppleMail, entry.NotAfter.Add(time.Second), known, both, 0},
		{"a target without such roots", ExchangeOnline, noon, known, both, 0},
		{"a list that is not known", Gmail, noon, known, both, 1},
		{"a root that nobody trusts", AppleMail, noon, without, both, 0},
		{"that, where the list is not known", Gmail, noon, without, both, 1},
	} {
		p := passOf(t, tt.target, tt.at, tt.known, tt.certs...)
		s := p.system()
		if len(s.anchors) != tt.want || len(s.entries) != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, len(s.anchors), tt.want)
		}
		for _, a := range s.anchors {
			if e, ok := p.entryOf(a); !p.ofSystem(a) || !ok || a.NotAfter() != e.NotAfter || !a.IsCA() || a.Err() != nil {
				t.Errorf("%s: %s stands for %+v", tt.name, a.Subject(), e)
			}
		}
		if p.ofSystem(root) || p.ofSystem(below) {
			t.Errorf("%s: what is here stands for a root", tt.name)
		}
	}
}

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
