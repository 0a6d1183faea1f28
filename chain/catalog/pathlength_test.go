package catalog

import (
	"crypto/rand"
	"crypto/x509"
	"math/big"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
)

// issueTo makes a certificate for a user.
func (c ca) issueTo(t *testing.T, user ca) *chain.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(2), RawSubject: user.name, BasicConstraintsValid: true,
		NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
	}, &x509.Certificate{RawSubject: c.name, SubjectKeyId: c.keyID(t)}, user.key.Public(), c.key)
	if err != nil {
		t.Fatal(err)
	}
	return chain.ParseCertificate(der)
}

// TestWayPathLength holds that a path length counts the CAs below that are not
// self-issued, those that are at hand and those of the way: RFC 5280, Section 4.2.1.9.
func TestWayPathLength(t *testing.T) {
	named := func(number byte, name string) ca {
		return newCA(t, number, rawName(t, attribute{oidCN, 12, name}))
	}
	root, top, middle, sub := named(1, "Root"), named(2, "Top"), named(3, "Middle"), named(4, "Sub")
	newSub, user, newMiddle := named(5, "Sub"), named(6, "User"), named(7, "Middle")
	rootCert := root.issue(t, root, root.name, root.keyID(t))
	topCert := root.issue(t, top, root.name, root.keyID(t))
	middleCert := top.issue(t, middle, top.name, top.keyID(t))
	lower := named(8, "Lower")
	lowerCert := sub.issue(t, lower, sub.name, sub.keyID(t))
	rekeyed := middle.issue(t, newMiddle, middle.name, middle.keyID(t))
	subCert := middle.issue(t, sub, middle.name, middle.keyID(t))
	renewed := sub.issue(t, newSub, sub.name, sub.keyID(t))
	userOfMiddle, userOfSub := middle.issueTo(t, user), newSub.issueTo(t, user)
	userOfRekeyed := newMiddle.issueTo(t, user)

	for _, test := range []struct {
		name   string
		end    chain.DeadEnd
		limits map[*chain.Certificate]int
		ways   int
		cut    int // ways that the path length of a CA further up ends
	}{
		{"a user's alone, no constraint", deadEnd(userOfMiddle), nil, 1, 0},
		{"a user's alone, 0", deadEnd(userOfMiddle), map[*chain.Certificate]int{middleCert: 0}, 1, 0},
		{"a user's on its way, 0", wayOf(userOfMiddle), map[*chain.Certificate]int{middleCert: 0}, 1, 0},
		{"a CA alone, 0", deadEnd(subCert), map[*chain.Certificate]int{middleCert: 0}, 0, 0},
		{"a CA alone, 1", deadEnd(subCert), map[*chain.Certificate]int{middleCert: 1}, 1, 0},
		{"a CA on the way, 0", wayOf(userOfSub, subCert), map[*chain.Certificate]int{middleCert: 0}, 0, 0},
		{"a CA on the way, 1", wayOf(userOfSub, subCert), map[*chain.Certificate]int{middleCert: 1}, 1, 0},
		{"two CAs on the way, 1", wayOf(lower.issueTo(t, user), lowerCert, subCert), map[*chain.Certificate]int{middleCert: 1}, 0, 0},
		{"two CAs on the way, 2", wayOf(lower.issueTo(t, user), lowerCert, subCert), map[*chain.Certificate]int{middleCert: 2}, 1, 0},
		{"a renewed CA on the way, 0", wayOf(userOfSub, renewed, subCert), map[*chain.Certificate]int{middleCert: 0}, 0, 0},
		{"a renewed CA on the way, 1", wayOf(userOfSub, renewed, subCert), map[*chain.Certificate]int{middleCert: 1}, 1, 0},
		{"a self-issued CA alone, 0", deadEnd(rekeyed), map[*chain.Certificate]int{middleCert: 0}, 1, 0},
		{"a self-issued CA on the way, 0", wayOf(userOfRekeyed, rekeyed), map[*chain.Certificate]int{middleCert: 0}, 1, 0},
		{"a user's, one CA added, 0", deadEnd(userOfMiddle), map[*chain.Certificate]int{topCert: 0}, 0, 1},
		{"a user's, one CA added, 1", deadEnd(userOfMiddle), map[*chain.Certificate]int{topCert: 1}, 1, 0},
		{"a CA, one CA added, 1", deadEnd(subCert), map[*chain.Certificate]int{topCert: 1}, 0, 1},
		{"a CA, one CA added, 2", deadEnd(subCert), map[*chain.Certificate]int{topCert: 2}, 1, 0},
		{"a self-issued one added, 0", deadEnd(userOfRekeyed), map[*chain.Certificate]int{rekeyed: 0, middleCert: 0}, 1, 0},
		{"a self-issued one added, the CA above", deadEnd(userOfRekeyed), map[*chain.Certificate]int{topCert: 0}, 0, 1},
		{"of a root it does not count", deadEnd(subCert), map[*chain.Certificate]int{rootCert: 0}, 1, 0},
		{"no certificate, 0", chain.DeadEnd{RawIssuer: middle.name, KeyID: middle.keyID(t)}, map[*chain.Certificate]int{middleCert: 0}, 1, 0},
	} {
		catalog := new(Catalog).WithCertificates([]*chain.Certificate{rootCert, topCert, middleCert, rekeyed}, "test")
		for cert, limit := range test.limits {
			catalog.entries[catalog.byHash[cert.SHA256()]].PathLength = limit
		}
		whole, cut := 0, 0
		for _, way := range catalog.Ways(test.end, nil) {
			if way.Complete {
				whole++
			} else {
				cut++
			}
		}
		if whole != test.ways || cut != test.cut {
			t.Errorf("%s: %d ways and %d cut, want %d and %d", test.name, whole, cut, test.ways, test.cut)
		}
	}
}

// wayOf is the dead end at the last of the certificates, the first being the leaf.
func wayOf(certs ...*chain.Certificate) chain.DeadEnd {
	d := deadEnd(certs[len(certs)-1])
	d.Way = certs
	return d
}
