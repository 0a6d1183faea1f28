package lint

import (
	"crypto/x509"
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
