package catalog

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"math/big"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
)

// TestWith holds what two catalogues are together: the entries of both, the other's where
// both know one, the sources one after the other, and the later day.
func TestWith(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }
	of := func(source string, date time.Time, owner string, sums ...byte) *Catalog {
		var entries []Entry
		for _, sum := range sums {
			entries = append(entries, Entry{Subject: "CN=X", SHA256: [32]byte{sum}, Owner: owner})
		}
		return newCatalog(nil, entries, source, date)
	}
	for _, test := range []struct {
		c, other *Catalog
		source   string
		date     time.Time
		owners   string // of the entries, in order
	}{
		{of("a", day(1), "A", 1, 2), of("b", day(2), "B", 2, 3), "a; b", day(2), "ABB"},
		{of("a", day(2), "A", 1, 2), of("b", day(1), "B", 2, 3), "a; b", day(2), "ABB"},
		{of("", day(1), "A", 1), of("b", day(1), "B", 2), "b", day(1), "AB"},
		{of("a", day(1), "A", 1), of("", time.Time{}, "B", 2), "a", day(1), "AB"},
		{of("a", day(1), "A", 1), new(Catalog), "a", day(1), "A"},
		{of("a", day(1), "A", 1), nil, "a", day(1), "A"},
		{new(Catalog), of("b", day(1), "B", 2), "b", day(1), "B"},
	} {
		both := test.c.With(test.other)
		var owners string
		for _, e := range both.Entries() {
			owners += e.Owner
		}
		if both.Source() != test.source || !both.Date().Equal(test.date) || owners != test.owners {
			t.Errorf("%q, %s, entries of %s; want %q, %s, %s", both.Source(), both.Date(), owners, test.source, test.date, test.owners)
		}
	}
	own := of("a", day(1), "A", 1)
	n := len(Default().Entries())
	for name, both := range map[string]*Catalog{
		"added to it": Default().With(own), "it added": own.With(Default()), "twice": Default().With(own).With(Default()),
	} {
		if got := len(both.Entries()); got != n+1 {
			t.Errorf("with the one that comes along, %s: %d entries, want %d", name, got, n+1)
		}
	}
	if got := len(new(Catalog).With(Default()).Entries()); got != n {
		t.Errorf("nothing and the one that comes along: %d entries, want %d", got, n)
	}
}

// TestEntryOf holds what a certificate shows of itself in a catalogue: whether its
// signature is weak, and the key identifier of its issuer, which is its own word and, where
// it has none, that of the CA whose key has signed.
func TestEntryOf(t *testing.T) {
	root, sub := newCA(t, 1, rawName(t, attribute{oidCN, 12, "Root"})), newCA(t, 2, rawName(t, attribute{oidCN, 12, "Sub"}))
	rootCert := root.issue(t, root, root.name, root.keyID(t))
	for _, test := range []struct {
		keyID, want []byte
	}{
		{nil, root.keyID(t)},
		{[]byte{1, 2, 3}, []byte{1, 2, 3}},
		{root.keyID(t), root.keyID(t)},
	} {
		cert := root.issue(t, sub, root.name, test.keyID)
		c := new(Catalog).WithCertificates([]*chain.Certificate{rootCert, cert}, "test")
		if e, ok := c.ByFingerprint(cert.SHA256()); !ok || !bytes.Equal(e.IssuerKeyID, test.want) || !bytes.Equal(e.IssuerKey, rootCert.RawSubjectPublicKeyInfo()) || e.WeakSignature {
			t.Errorf("key identifier %x: %v, %+v", test.keyID, ok, e)
		}
	}
	// The signature is not verified for it: the algorithm alone is another.
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1)}, &x509.Certificate{}, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	const withRSA = "\x2a\x86\x48\x86\xf7\x0d\x01\x01"
	for algorithm, weak := range map[string]bool{
		"\x04": true,  // md5WithRSAEncryption
		"\x05": true,  // sha1WithRSAEncryption
		"\x0b": false, // sha256WithRSAEncryption
		"\x0c": false, // sha384WithRSAEncryption
	} {
		other := bytes.ReplaceAll(der, []byte(withRSA+"\x0b"), []byte(withRSA+algorithm))
		if e := entryOf(chain.ParseCertificate(other), "test"); e.WeakSignature != weak {
			t.Errorf("%x: weak is %v", algorithm, e.WeakSignature)
		}
	}
}

// TestWaysLimits holds that 64 ways are looked at, and that an issuer which cannot follow
// does not end a way that goes on through another.
func TestWaysLimits(t *testing.T) {
	root, user := newCA(t, 1, rawName(t, attribute{oidCN, 12, "Root"})), newCA(t, 3, rawName(t, attribute{oidCN, 12, "User"}))
	key := root.issue(t, root, root.name, nil).RawSubjectPublicKeyInfo()
	for _, n := range []int{1, maxWays - 1, maxWays, maxWays + 1} {
		var entries []Entry
		for i := range n {
			entries = append(entries, Entry{Kind: Root, Subject: "CN=Root", Issuer: "CN=Root", SHA256: [32]byte{byte(i)}, Key: key, PathLength: -1})
		}
		ways := newCatalog(nil, entries, "test", time.Time{}).Ways(deadEnd(root.issueTo(t, user)), nil)
		if len(ways) != min(n, maxWays) {
			t.Errorf("%d roots: %d ways", n, len(ways))
		}
	}
	day := func(year int) time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) }
	entry := func(sum byte, subject, issuer string, key, issuerKey []byte, ends int) Entry {
		return Entry{Kind: Intermediate, Subject: subject, Issuer: issuer, SHA256: [32]byte{sum}, Key: key, IssuerKey: issuerKey, NotBefore: day(2020), NotAfter: day(ends), PathLength: -1}
	}
	above := []byte("another key")
	c := newCatalog(nil, []Entry{
		entry(1, "CN=Root", "CN=Above", key, above, 2030),
		entry(2, "CN=Above", "CN=Nobody", above, []byte("nobody's"), 2030),
		entry(3, "CN=Above", "CN=Nobody", above, []byte("nobody's"), 2025), // expired
	}, "test", time.Time{})
	ways := c.Ways(deadEnd(root.issueTo(t, user)), &WayOptions{Time: day(2026)})
	if len(ways) != 1 || len(ways[0].Entries) != 2 || ways[0].Complete {
		t.Errorf("one that expired beside one that did not: %v", describeWays(ways))
	}
	if ends := (Way{Entries: []Entry{{NotAfter: day(2030)}, {NotAfter: day(2028)}, {NotAfter: day(2029)}}}).Ends(); !ends.Equal(day(2028)) {
		t.Errorf("a way ends %s", ends)
	}
	if len(c.Known(chain.DeadEnd{})) != 0 || len(Default().Known(chain.DeadEnd{RawIssuer: user.name})) != 0 {
		t.Error("somebody is known of whom nothing is said")
	}
}
