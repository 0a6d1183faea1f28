package chain

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// pointTo is a distribution point of a certificate whose lists are by another issuer.
func pointTo(t *testing.T, issuer entity) func(*x509.Certificate) {
	t.Helper()
	value := tlvs(t, sign(t, issuer, rootEntity).RawSubject(), casn1.Tag(4).ContextSpecific().Constructed(), casn1.Tag(2).ContextSpecific().Constructed(), casn1.SEQUENCE, casn1.SEQUENCE)
	return func(c *x509.Certificate) {
		c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: []int{2, 5, 29, 31}, Value: value})
	}
}

// TestIndirectAuthority holds by whom an indirect list counts: by an issuer that is on the
// path, or by a signer that leads to the same anchor and is shown not to be revoked. What is
// asked again is answered as before.
func TestIndirectAuthority(t *testing.T) {
	ca, other, second := entity{"CA", 1}, entity{"Other", 5}, entity{"Second", 6}
	root, issuing := sign(t, rootEntity, rootEntity), sign(t, ca, rootEntity)
	usage := func(usage x509.KeyUsage) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.KeyUsage = usage }
	}
	noCA := func(c *x509.Certificate) { c.IsCA, c.KeyUsage = false, x509.KeyUsageCRLSign }
	byOther := sign(t, entity{"Leaf", leafKey}, ca, asLeaf, serial(77), pointTo(t, other))
	byRoot := sign(t, entity{"Leaf", leafKey}, ca, asLeaf, serial(77), pointTo(t, rootEntity))
	indirect := func(by entity) attackedList { return attackedList{by: by, extensions: idp("3003 8401ff")} }
	ofRoot := attackedList{by: rootEntity}
	between := entity{"Between", 7}
	for _, test := range []struct {
		name    string
		leaf    *Certificate
		root    *Certificate // nil: the ordinary one
		lists   []attackedList
		signers []*Certificate
		want    RevocationStatus
	}{
		{"an issuer on the path", byRoot, nil, []attackedList{indirect(rootEntity)}, nil, RevocationGood},
		{"an issuer on the path, without cRLSign", byRoot, sign(t, rootEntity, rootEntity, usage(x509.KeyUsageCertSign)), []attackedList{indirect(rootEntity)}, nil, revocationUnverified},
		{"an issuer on the path, by another key", byRoot, nil, []attackedList{indirect(entity{"Root", 8})}, nil, revocationUnverified},
		{"the name of the list, by a key of the path", byOther, nil, []attackedList{indirect(entity{"Other", rootKey})}, nil, revocationUnverified},

		{"a signer", byOther, nil, []attackedList{indirect(other), ofRoot}, []*Certificate{sign(t, other, rootEntity)}, RevocationGood},
		{"a signer that is no CA", byOther, nil, []attackedList{indirect(other), ofRoot}, []*Certificate{sign(t, other, rootEntity, noCA)}, RevocationGood},
		{"a signer without cRLSign", byOther, nil, []attackedList{indirect(other), ofRoot}, []*Certificate{sign(t, other, rootEntity, usage(x509.KeyUsageCertSign))}, revocationUnverified},
		{"a signer with another key", byOther, nil, []attackedList{indirect(other), ofRoot}, []*Certificate{sign(t, entity{"Other", 8}, rootEntity)}, revocationUnverified},
		{"a signer with another key, and the signer", byOther, nil, []attackedList{indirect(other), ofRoot}, []*Certificate{sign(t, entity{"Other", 8}, rootEntity), sign(t, other, rootEntity)}, RevocationGood},
		{"a signer that has expired", byOther, nil, []attackedList{indirect(other), ofRoot}, []*Certificate{sign(t, other, rootEntity, until(testTime.Add(-time.Hour)))}, revocationUnverified},
		{"a signer of another anchor", byOther, nil, []attackedList{indirect(other), ofRoot}, []*Certificate{sign(t, other, entity{"Root", 8})}, revocationUnverified},
		{"a signer that is revoked", byOther, nil, []attackedList{indirect(other), {by: rootEntity, serial: 90}}, []*Certificate{sign(t, other, rootEntity, serial(90))}, revocationUnverified},
		{"a signer of which no list is", byOther, nil, []attackedList{indirect(other)}, []*Certificate{sign(t, other, rootEntity)}, revocationUnverified},
		{"a signer below a CA", byOther, nil, []attackedList{indirect(other), {by: between}, ofRoot}, []*Certificate{sign(t, other, between), sign(t, between, rootEntity)}, RevocationGood},
		{"a signer below a CA that is revoked", byOther, nil, []attackedList{indirect(other), {by: between}, {by: rootEntity, serial: 91}}, []*Certificate{sign(t, other, between), sign(t, between, rootEntity, serial(91))}, revocationUnverified},
		{"a signer below what is no CA", byOther, nil, []attackedList{indirect(other), {by: between}, ofRoot}, []*Certificate{sign(t, other, between), sign(t, between, rootEntity, noCA)}, revocationUnverified},
		{"a signer for which another signer vouches", byOther, nil, []attackedList{indirect(other), indirect(second), ofRoot}, []*Certificate{sign(t, other, between, pointTo(t, second)), sign(t, between, rootEntity), sign(t, second, rootEntity)}, revocationUnverified},
	} {
		t.Run(test.name, func(t *testing.T) {
			var ders [][]byte
			for _, l := range test.lists {
				ders = append(ders, l.der(t))
			}
			anchor := test.root
			if anchor == nil {
				anchor = root
			}
			lists := NewCRLs(ders...).WithSigners(test.signers...)
			for _, turn := range []string{"first", "again"} {
				status, detail := lists.Revocation(t.Context(), []*Certificate{test.leaf, issuing, anchor}, 0, testTime)
				if status != test.want || (status != RevocationGood) != strings.Contains(detail.String(), "authority of the indirect") {
					t.Errorf("%s: %s, %q; want %s", turn, status, detail, test.want)
				}
			}
		})
	}
}

// TestListsTogether holds what several lists say together, in whichever order they are
// given: of one moment, deltas come before the complete list, and else the octets decide.
func TestListsTogether(t *testing.T) {
	ca := entity{"CA", 1}
	root, issuing := sign(t, rootEntity, rootEntity), sign(t, ca, rootEntity)
	leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf, serial(77))
	// A longer list is after a shorter one in the order of the octets.
	long := listExtension(false, "0440"+strings.Repeat("00", 64), 1, 2, 3)
	longer := listExtension(false, "047a"+strings.Repeat("00", 122), 1, 2, 3)
	delta := listExtension(true, "020101", 2, 5, 29, 27)
	longDelta := slices.Concat(delta, long)
	past := testTime.Add(-2 * time.Hour)
	for _, test := range []struct {
		name  string
		lists []attackedList
		want  RevocationStatus
		says  string
	}{
		{"a hold, and a longer delta that takes it back", []attackedList{{serial: 77, reason: 6}, {extensions: longDelta, serial: 77, reason: 8}}, RevocationGood, ""},
		{"a hold, and a shorter delta that takes it back", []attackedList{{serial: 77, reason: 6, extensions: longer}, {extensions: delta, serial: 77, reason: 8}}, RevocationGood, ""},
		{"two that name it", []attackedList{{serial: 77, reason: 1}, {serial: 77, reason: 4, extensions: long}}, Revoked, "keyCompromise"},
		{"two that name it, the other one longer", []attackedList{{serial: 77, reason: 1, extensions: long}, {serial: 77, reason: 4}}, Revoked, "superseded"},
		{"two deltas that name it", []attackedList{{serial: 77, reason: 1, extensions: delta}, {serial: 77, reason: 4, extensions: longDelta}}, Revoked, "keyCompromise"},
		{"two deltas that name it, the other one longer", []attackedList{{serial: 77, reason: 1, extensions: longDelta}, {serial: 77, reason: 4, extensions: delta}}, Revoked, "superseded"},
		{"a delta that takes a hold back, and a longer one with a hold", []attackedList{{serial: 78, reason: 6}, {serial: 77, reason: 8, extensions: delta}, {serial: 77, reason: 6, extensions: longDelta}}, Revoked, "certificateHold"},
		{"a delta, and a complete list that is forged", []attackedList{{broken: true}, {this: past, extensions: delta}}, revocationUnverified, "the signature of the revocation list does not verify"},
		{"a delta, and a later one that is forged", []attackedList{{broken: true, extensions: delta}, {this: past, extensions: delta}}, revocationUnverified, "the signature of the revocation list does not verify"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var ders [][]byte
			for _, l := range test.lists {
				ders = append(ders, l.der(t))
			}
			for _, order := range [][][]byte{ders, reversed(ders)} {
				status, detail := NewCRLs(order...).Revocation(t.Context(), []*Certificate{leaf, issuing, root}, 0, testTime)
				if status != test.want || !strings.HasPrefix(detail.String(), test.says) || (test.says == "") != detail.IsZero() {
					t.Errorf("%s, %q; want %s, %q", status, detail, test.want, test.says)
				}
			}
		})
	}
}

// TestListNotShown holds what is said where a list, or the certificate, cannot be judged.
func TestListNotShown(t *testing.T) {
	ca, other := entity{"CA", 1}, entity{"Other", 5}
	root, issuing := sign(t, rootEntity, rootEntity), sign(t, ca, rootEntity)
	leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf, serial(77))
	elsewhere := sign(t, entity{"Leaf", leafKey}, ca, asLeaf, serial(77), pointTo(t, other))
	// The end of the validity is in a thirteenth month: everything else can be read.
	badEnd := ParseCertificate(bytes.Replace(leaf.Raw, []byte("350101"), []byte("351301"), 1))
	ofLater := func(list attackedList) []byte { // under an algorithm that nobody knows
		return bytes.ReplaceAll(list.der(t), octets("06082a8648ce3d040302"), octets("06082a8648ce3d04037f"))
	}
	for _, test := range []struct {
		name  string
		leaf  *Certificate
		list  []byte
		want  RevocationStatus
		says  string
		names bool // the list has an entry for it
	}{
		{"ordinary", leaf, attackedList{serial: 77}.der(t), Revoked, "unspecified, ", true},
		{"a certificate that cannot be read", badEnd, attackedList{serial: 77}.der(t), RevocationUnknown, "no issuer", false},
		{"an algorithm that is not known", leaf, ofLater(attackedList{}), revocationUnusable, "the signature of the revocation list cannot be checked here: 1.2.840.10045.4.3.127", false},
		{"an algorithm that is not known, of a list that names it", leaf, ofLater(attackedList{serial: 77}), revocationUnusable, "the signature of the revocation list cannot be checked here: 1.2.840.10045.4.3.127", true},
		{"an algorithm that is not known, of an indirect list", elsewhere, ofLater(attackedList{by: other, extensions: idp("3003 8401ff")}), revocationUnverified, "the authority of the indirect revocation list", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			lists := NewCRLs(test.list)
			if lists.Len() != 1 {
				t.Fatal(lists.Errors())
			}
			status, detail := lists.Revocation(t.Context(), []*Certificate{test.leaf, issuing, root}, 0, testTime)
			if status != test.want || !strings.HasPrefix(detail.String(), test.says) {
				t.Errorf("%s, %q; want %s, %q", status, detail, test.want, test.says)
			}
			if names := lists.Names(test.leaf); names != test.names {
				t.Errorf("names it: %t", names)
			}
		})
	}
}

// TestEntryNumbers holds which number an entry is found by: numbers are compared, not their
// octets, and a sign that needs an octet has it.
func TestEntryNumbers(t *testing.T) {
	for _, test := range []struct {
		name, entry, serial string
		found               bool
	}{
		{"the same", "020105", "05", true},
		{"a zero before it in the entry", "02020005", "05", true},
		{"a zero before it in the certificate", "020105", "0005", true},
		{"zero", "020100", "0000", true},
		{"128 and -128", "02020080", "80", false},
		{"-128 and 128", "020180", "0080", false},
		{"-128 and what looks like it", "0202ff80", "80", true},
		{"-1 in more octets", "0203ffffff", "ff", true},
		{"-129 and 127", "0202ff7f", "7f", false},
		{"-256 in more octets", "0203ffff00", "ff00", true},
		{"-256 and 0", "0202ff00", "00", false},
	} {
		for kind, extensions := range map[string][]pkix.Extension{"ordinary": nil, "indirect": idp("3003 8401ff")} {
			c, err := readCRL(listForm{serials: []string{test.entry}, extensions: extensions}.der())
			if err != nil {
				t.Errorf("%s, %s: %v", test.name, kind, err)
				continue
			}
			if _, ok := c.entries.find(c.issuerKey, octets(test.serial)); ok != test.found {
				t.Errorf("%s, %s: found %t", test.name, kind, ok)
			}
		}
	}
}

// TestEntryIssuers holds that an indirect list is used only where the issuer of each entry
// is one directory name.
func TestEntryIssuers(t *testing.T) {
	const directory = "a40e 300c 310a 3008 0603550403 0c0161"
	for _, test := range []struct {
		name, value string // of certificateIssuer
		good        bool
	}{
		{"a directory name", "3010" + directory, true},
		{"a directory name in a set", "3110" + directory, false},
		{"a directory name twice", "3020" + directory + directory, false},
		{"an address", "3003 860161", false},
		{"no name", "3000", false},
		{"half a list", "3010", false},
	} {
		value := octets(test.value)
		entry := tlvs(t, slices.Concat(octets("0603551d1d"), tlvs(t, value, casn1.OCTET_STRING)), casn1.SEQUENCE, casn1.SEQUENCE)
		c, err := readCRL(listForm{entry: hex.EncodeToString(entry), extensions: idp("3003 8401ff")}.der())
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		want := "a revocation list with an entry whose certificateIssuer is no directory name proves nothing"
		if test.good {
			want = ""
		}
		if c.unusable.String() != want {
			t.Errorf("%s: unusable %q, want %q", test.name, c.unusable, want)
		}
		if _, ok := c.entries.find(c.issuerKey, octets("05")); ok != test.good {
			t.Errorf("%s: found %t", test.name, ok)
		}
	}
}
