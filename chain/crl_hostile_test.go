package chain

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// pointNames returns a distribution point, of a list or of a certificate, that
// has URLs for its names.
func pointNames(list bool, names ...string) []byte {
	var b cryptobyte.Builder
	point := func(b *cryptobyte.Builder) {
		b.AddASN1(casn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
			b.AddASN1(casn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
				for _, n := range names {
					b.AddASN1(casn1.Tag(6).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddBytes([]byte(n)) })
				}
			})
		})
	}
	if list {
		b.AddASN1(casn1.SEQUENCE, point)
	} else {
		b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1(casn1.SEQUENCE, point) })
	}
	return b.BytesOrPanic()
}

// listFor makes a revocation list of a distribution point, none if it has no
// names.
func listFor(tb testing.TB, issuer entity, thisUpdate time.Time, names []string, serials ...int64) []byte {
	tb.Helper()
	var extensions []pkix.Extension
	if len(names) > 0 {
		extensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 28}, Critical: true, Value: pointNames(true, names...)}}
	}
	return revokeWith(tb, issuer, thisUpdate, testTime.Add(time.Hour), extensions, serials...)
}

// TestListsOfManyPoints has lists of distribution points, as a CA makes that
// shares out its certificates among lists.
func TestListsOfManyPoints(t *testing.T) {
	ca := entity{"CA", 1}
	issuing := sign(t, ca, rootEntity)
	names := func(n int) (all []string) {
		for i := range n {
			all = append(all, fmt.Sprint("u", i))
		}
		return all
	}
	leaf := func(points ...string) *Certificate {
		return sign(t, entity{"Leaf", leafKey}, ca, asLeaf, serial(77), func(c *x509.Certificate) {
			c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 31}, Value: pointNames(false, points...)})
		})
	}
	before := testTime.Add(-time.Hour)
	for _, test := range []struct {
		name   string
		leaf   *Certificate
		lists  [][]byte
		want   RevocationStatus
		detail string
	}{
		{"of the point", leaf("u1"), [][]byte{listFor(t, ca, before, []string{"u1"}, 77)}, Revoked, "keyCompromise"},
		{"of another point", leaf("u1"), [][]byte{listFor(t, ca, before, []string{"u2"}, 77)}, RevocationUnknown, "no revocation list is about"},
		{"of one name among several", leaf("u0", "u5"), [][]byte{listFor(t, ca, before, []string{"u3", "u4", "u5"}, 77)}, Revoked, "keyCompromise"},
		{"one name many times", leaf("u1", "u1"), [][]byte{listFor(t, ca, before, []string{"u1", "u1", "u1"})}, RevocationGood, ""},
		{"of no point beside one of the point", leaf("u1"), [][]byte{listFor(t, ca, before, nil), listFor(t, ca, before.Add(-time.Hour), []string{"u1"}, 77)}, Revoked, "keyCompromise"},
		{"as many names as allowed", leaf(names(2)...), [][]byte{listFor(t, ca, before, names(maxPointNames))}, RevocationGood, ""},
		{"too many names", leaf(names(2)...), [][]byte{listFor(t, ca, before, names(maxPointNames+1))}, revocationUnusable, "more than 256 names"},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, detail := NewCRLs(test.lists...).Revocation(t.Context(), []*Certificate{test.leaf, issuing}, 0, testTime)
			if status != test.want || !strings.Contains(detail.String(), test.detail) {
				t.Errorf("got %s, %q; want %s, %q", status, detail, test.want, test.detail)
			}
		})
	}
}

// TestTooManyLists has more lists of one issuer than are taken, which is said.
func TestTooManyLists(t *testing.T) {
	ca := entity{"CA", 1}
	issuing := sign(t, ca, rootEntity)
	leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf, serial(77))
	other := revoke(t, rootEntity, testTime.Add(-time.Hour), testTime.Add(time.Hour), issuing.cert().SerialNumber.Int64())
	var lists [][]byte
	for i := range maxLists {
		lists = append(lists, listFor(t, ca, testTime.Add(-time.Duration(1+i)*time.Minute), []string{fmt.Sprint("u", i)}))
	}
	if errs := NewCRLs(append(lists, other)...).Errors(); len(errs) != 0 {
		t.Errorf("%d lists of one issuer: %v", maxLists, errs)
	}
	s := NewCRLs(append(lists, lists[0], lists[1], other)...)
	errs := s.Errors()
	if len(errs) != 1 || !strings.Contains(errs[0].Error(), "2 revocation lists left out: more than 1000 of one issuer") {
		t.Errorf("got %v", errs)
	}
	if status, _ := s.Revocation(t.Context(), []*Certificate{issuing, sign(t, rootEntity, rootEntity)}, 0, testTime); status != Revoked {
		t.Errorf("the list of another issuer: %s", status)
	}
	if status, detail := s.Revocation(t.Context(), []*Certificate{leaf, issuing}, 0, testTime); status != RevocationUnknown {
		t.Errorf("%s, %s", status, detail)
	}
	// None of these lists is about the leaf: none is to be looked at.
	if n := len(s.covering(leaf.info())); n != 0 {
		t.Errorf("%d lists were looked at", n)
	}
}

// TestLargeList has many entries, and holds no more of them than it must.
func TestLargeList(t *testing.T) {
	ca := entity{"CA", 1}
	issuing := sign(t, ca, rootEntity)
	var serials []int64
	for i := range int64(10000) {
		serials = append(serials, i+1000)
	}
	s := NewCRLs(revoke(t, ca, testTime.Add(-time.Hour), testTime.Add(time.Hour), serials...))
	for _, test := range []struct {
		serial int64
		want   RevocationStatus
	}{{999, RevocationGood}, {1000, Revoked}, {10999, Revoked}, {11000, RevocationGood}} {
		leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf, serial(test.serial))
		if got, detail := s.Revocation(t.Context(), []*Certificate{leaf, issuing}, 0, testTime); got != test.want {
			t.Errorf("%d: %s, %s", test.serial, got, detail)
		}
	}
	for _, l := range s.byIssuer {
		if c := l.all[0]; c.entries.count != len(serials) || len(c.entries.table) > 2*len(serials) || c.entries.named != nil {
			t.Errorf("%d entries in a table of %d", c.entries.count, len(c.entries.table))
		}
	}
}

// TestEntriesStay holds that a list takes little beside its own octets, however many
// entries it has.
func TestEntriesStay(t *testing.T) {
	const count = 200_000
	form := listForm{serials: make([]string, count)}
	for i := range form.serials {
		form.serials[i] = fmt.Sprintf("0204%08x", 0x10000000+i)
	}
	der := form.der()
	form.serials = nil
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	c, err := readCRL(der)
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 12*count {
		t.Errorf("%d octets beside the %d of the list", grown, len(der))
	} else {
		t.Logf("%d entries, %d octets, %d beside them, in %s", c.entries.count, len(der), grown, took)
	}
	for _, serial := range []string{"10000000", "10000001", "10030d3f"} {
		if _, ok := c.entries.find(c.issuerKey, octets(serial)); !ok {
			t.Errorf("%s is not found", serial)
		}
	}
	for _, serial := range []string{"0fffffff", "10030d40", "10"} {
		if _, ok := c.entries.find(c.issuerKey, octets(serial)); ok {
			t.Errorf("%s is found", serial)
		}
	}
}
