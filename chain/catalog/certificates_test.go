package catalog

import (
	"crypto/x509/pkix"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
)

// TestWithCertificates holds that certificates of CAs are known by what they show, that
// users are not, and that what is known already stays as it is.
func TestWithCertificates(t *testing.T) {
	root := issue(t, pkix.Name{CommonName: "Example CA"}, nil)
	cross := issue(t, pkix.Name{CommonName: "Example Root"}, nil)
	known := Default().Entries()[0]
	c := Default().WithCertificates([]*chain.Certificate{nil, root, root, cross, chain.ParseCertificate([]byte{0x30, 0})}, "tenant.sst")
	if n := len(c.Entries()) - len(Default().Entries()); n != 2 {
		t.Fatalf("%d more entries, want 2", n)
	}
	e, ok := c.ByFingerprint(root.SHA256())
	if !ok || e.Kind != Root || e.Subject != "CN=Example CA" || e.Source != "tenant.sst" || e.Listed() || e.Advice != Neutral || string(e.Key) != string(root.RawSubjectPublicKeyInfo()) {
		t.Errorf("%v, %+v", ok, e)
	}
	if e, _ := c.ByFingerprint(cross.SHA256()); e.Kind != Cross || e.IssuerKey != nil {
		t.Errorf("the cross-certificate: %s, key of the issuer %x", e.Kind, e.IssuerKey)
	}
	if !c.Date().Equal(Default().Date()) {
		t.Errorf("date %s", c.Date().Format(time.DateOnly))
	}
	if f, ok := c.ByFingerprint(known.SHA256); !ok || f.Owner != known.Owner {
		t.Errorf("a known one: %v, %+v", ok, f)
	}
	if Default().WithCertificates(nil, "") != Default() {
		t.Error("another catalogue for nothing")
	}
}
