package chain

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// TestAuthorityOfIndirectLists holds whose indirect lists count for a certificate whose
// distribution point names their issuer (RFC 5280, Section 6.3.3 (f)): those of a CA of the
// path, and those of a signer that leads to the same anchor and is not revoked.
func TestAuthorityOfIndirectLists(t *testing.T) {
	ca, other, third, mid := entity{"CA", 1}, entity{"Other", 5}, entity{"Third", 6}, entity{"Middle", 7}
	pointTo := func(issuer entity) func(*x509.Certificate) {
		names := tlvs(t, sign(t, issuer, rootEntity).RawSubject(), casn1.Tag(4).ContextSpecific().Constructed(), casn1.Tag(2).ContextSpecific().Constructed(), casn1.SEQUENCE, casn1.SEQUENCE)
		return func(c *x509.Certificate) {
			c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: []int{2, 5, 29, 31}, Value: names})
		}
	}
	signsNoLists := func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCertSign }
	past := until(testTime.Add(-time.Minute))
	indirect := func(by entity) attackedList { return attackedList{by: by, extensions: idp("3003 8401ff")} }
	root, issuing := sign(t, rootEntity, rootEntity), sign(t, ca, rootEntity)
	ofRoot := attackedList{by: rootEntity}
	for _, tt := range []struct {
		name    string
		point   entity       // whom the distribution point names
		root    *Certificate // nil: the ordinary one
		lists   []attackedList
		signers []*Certificate
		want    RevocationStatus
	}{
		{"of a CA of the path", rootEntity, nil, []attackedList{indirect(rootEntity)}, nil, RevocationGood},
		{"of a CA of the path, by another key", rootEntity, nil, []attackedList{indirect(entity{"Root", 8})}, nil, revocationUnverified},
		{"of a CA of the path that signs no lists", rootEntity, sign(t, rootEntity, rootEntity, signsNoLists), []attackedList{indirect(rootEntity)}, nil, revocationUnverified},
		{"of a signer", other, nil, []attackedList{ofRoot, indirect(other)}, []*Certificate{sign(t, other, rootEntity)}, RevocationGood},
		{"of the second of two signers", other, nil, []attackedList{ofRoot, indirect(other)}, []*Certificate{sign(t, entity{"Other", 8}, rootEntity), sign(t, other, rootEntity)}, RevocationGood},
		{"of a signer, by another key", other, nil, []attackedList{ofRoot, indirect(entity{"Other", 8})}, []*Certificate{sign(t, other, rootEntity)}, revocationUnverified},
		{"of a signer that signs no lists", other, nil, []attackedList{ofRoot, indirect(other)}, []*Certificate{sign(t, other, rootEntity, signsNoLists)}, revocationUnverified},
		{"of a signer that has expired", other, nil, []attackedList{ofRoot, indirect(other)}, []*Certificate{sign(t, other, rootEntity, past)}, revocationUnverified},
		{"of a signer that nobody certified", other, nil, []attackedList{ofRoot, indirect(other)}, []*Certificate{sign(t, other, other)}, revocationUnverified},
		{"of a signer of which no list tells", other, nil, []attackedList{indirect(other)}, []*Certificate{sign(t, other, rootEntity)}, revocationUnverified},
		{"of a signer that is revoked", other, nil, []attackedList{{by: rootEntity, serial: 78, reason: 1}, indirect(other)}, []*Certificate{sign(t, other, rootEntity, serial(78))}, revocationUnverified},
		{"of a signer below a CA", other, nil, []attackedList{ofRoot, {by: mid}, indirect(other)}, []*Certificate{sign(t, other, mid), sign(t, mid, rootEntity)}, RevocationGood},
		{"of a signer below a CA that has expired", other, nil, []attackedList{ofRoot, {by: mid}, indirect(other)}, []*Certificate{sign(t, other, mid), sign(t, mid, rootEntity, past)}, revocationUnverified},
		{"of a signer of which another signer tells", other, nil, []attackedList{ofRoot, indirect(other), indirect(third)},
			[]*Certificate{sign(t, other, mid, pointTo(third)), sign(t, mid, rootEntity), sign(t, third, rootEntity)}, revocationUnverified},
	} {
		top := tt.root
		if top == nil {
			top = root
		}
		var ders [][]byte
		for _, l := range tt.lists {
			ders = append(ders, l.der(t))
		}
		lists := NewCRLs(ders...).WithSigners(tt.signers...)
		leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf, serial(77), pointTo(tt.point))
		for _, times := range []string{"once", "again"} { // what was found is remembered
			if got, why := lists.Revocation(t.Context(), []*Certificate{leaf, issuing, top}, 0, testTime); got != tt.want {
				t.Errorf("%s, %s: %s, %q; want %s", tt.name, times, got, why, tt.want)
			}
		}
	}
}

// TestListsInOrder holds that the newest list counts first, and that of those of one moment
// neither the order nor the octets decide.
func TestListsInOrder(t *testing.T) {
	ca := entity{"CA", 1}
	path := []*Certificate{sign(t, entity{"Leaf", leafKey}, ca, asLeaf, serial(77)), sign(t, ca, rootEntity), sign(t, rootEntity, rootEntity)}
	delta := listExtension(true, "020101", 2, 5, 29, 27)
	long := listExtension(false, hex.EncodeToString(tlvs(t, make([]byte, 600), casn1.OCTET_STRING)), 1, 2, 3)
	longDelta := append(listExtension(true, "020101", 2, 5, 29, 27), long...)
	unknown := bytes.ReplaceAll(attackedList{}.der(t), octets("06082a8648ce3d040302"), octets("06082a8648ce3d040309"))
	hold, release := 6, 8
	ago := func(hours int) time.Time { return testTime.Add(-time.Duration(hours) * time.Hour) }
	for _, tt := range []struct {
		name  string
		lists []attackedList
		raw   []byte
		want  RevocationStatus
		says  string
	}{
		{"a short delta takes a hold back", []attackedList{{serial: 77, reason: hold, extensions: long}, {serial: 77, reason: release, extensions: delta}}, nil, RevocationGood, ""},
		{"a long delta takes a hold back", []attackedList{{serial: 77, reason: hold}, {serial: 77, reason: release, extensions: longDelta}}, nil, RevocationGood, ""},
		{"a long delta holds, a short one takes back", []attackedList{{serial: 78, reason: 1}, {serial: 77, reason: hold, extensions: longDelta}, {serial: 77, reason: release, extensions: delta}}, nil, Revoked, "certificateHold"},
		{"a short delta holds, a long one takes back", []attackedList{{serial: 78, reason: 1}, {serial: 77, reason: hold, extensions: delta}, {serial: 77, reason: release, extensions: longDelta}}, nil, Revoked, "certificateHold"},
		{"a delta takes back what one before it holds", []attackedList{{this: ago(3), serial: 78, reason: 1}, {this: ago(2), serial: 77, reason: hold, extensions: delta}, {this: ago(1), serial: 77, reason: release, extensions: delta}}, nil, RevocationGood, ""},
		{"a delta holds what one before it takes back", []attackedList{{this: ago(3), serial: 78, reason: 1}, {this: ago(2), serial: 77, reason: release, extensions: delta}, {this: ago(1), serial: 77, reason: hold, extensions: delta}}, nil, Revoked, "certificateHold"},
		{"a delta takes back a hold twice", []attackedList{{this: ago(4), serial: 77, reason: hold}, {this: ago(3), serial: 77, reason: release, extensions: delta}, {this: ago(2), serial: 77, reason: hold, extensions: delta}, {this: ago(1), serial: 77, reason: release, extensions: delta}}, nil, RevocationGood, ""},
		{"a delta takes back what is for good", []attackedList{{this: ago(3), serial: 78, reason: 1}, {this: ago(2), serial: 77, reason: 1, extensions: delta}, {this: ago(1), serial: 77, reason: release, extensions: delta}}, nil, Revoked, "keyCompromise"},
		{"a forged list before a delta", []attackedList{{broken: true}, {this: testTime.Add(-2 * time.Hour), extensions: delta}}, nil, revocationUnverified, "does not verify"},
		{"a signature of a kind that is not known", nil, unknown, revocationUnusable, "cannot be checked here"},
	} {
		var ders [][]byte
		if tt.raw != nil {
			ders = append(ders, tt.raw)
		}
		for _, l := range tt.lists {
			ders = append(ders, l.der(t))
		}
		for _, order := range [][][]byte{ders, reversed(ders)} {
			if got, why := NewCRLs(order...).Revocation(t.Context(), path, 0, testTime); got != tt.want || !strings.Contains(why.String(), tt.says) {
				t.Errorf("%s: %s, %q; want %s, %q", tt.name, got, why, tt.want, tt.says)
			}
		}
	}
}
