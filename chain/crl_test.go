package chain

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// revoke makes a revocation list of issuer with serial numbers.
func revoke(tb testing.TB, issuer entity, thisUpdate, nextUpdate time.Time, serials ...int64) []byte {
	tb.Helper()
	return revokeWith(tb, issuer, thisUpdate, nextUpdate, nil, serials...)
}

// revokeWith is revoke with extensions of the list.
func revokeWith(tb testing.TB, issuer entity, thisUpdate, nextUpdate time.Time, extensions []pkix.Extension, serials ...int64) []byte {
	tb.Helper()
	list := &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: thisUpdate, NextUpdate: nextUpdate, ExtraExtensions: extensions}
	for _, n := range serials {
		list.RevokedCertificateEntries = append(list.RevokedCertificateEntries,
			x509.RevocationListEntry{SerialNumber: big.NewInt(n), RevocationTime: thisUpdate, ReasonCode: 1})
	}
	parent := &x509.Certificate{Subject: issuer.subject(), SubjectKeyId: testKeyID(issuer.key), KeyUsage: x509.KeyUsageCRLSign}
	der, err := x509.CreateRevocationList(nil, list, parent, testKey(issuer.key))
	if err != nil {
		tb.Fatal(err)
	}
	return der
}

func TestCRLs(t *testing.T) {
	ca := entity{"CA", 1}
	root := sign(t, rootEntity, rootEntity)
	issuing := sign(t, ca, rootEntity)
	leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf, serial(77))
	g := NewGraph([]*Certificate{issuing}, []*Certificate{root}, Limits{})
	before, after := testTime.Add(-time.Hour), testTime.Add(time.Hour)
	good := revoke(t, rootEntity, before, after)
	forger := entity{"CA", 2}
	for _, test := range []struct {
		name  string
		lists [][]byte
		want  string
	}{
		{"none", nil, "0 revocation_unknown 1 revocation_unknown "},
		{"good", [][]byte{good, revoke(t, ca, before, after, 76, 78)}, ""},
		{"revoked", [][]byte{good, revoke(t, ca, before, after, 77)}, "0 revoked "},
		{"CA revoked", [][]byte{revoke(t, rootEntity, before, after, issuing.cert().SerialNumber.Int64()), revoke(t, ca, before, after)}, "1 revoked "},
		{"out of date", [][]byte{good, revoke(t, ca, before.Add(-time.Hour), before)}, "0 revocation_unknown "},
		{"of later", [][]byte{good, revoke(t, ca, after, after.Add(time.Hour))}, "0 revocation_unknown "},
		{"forged", [][]byte{good, revoke(t, forger, before, after)}, "0 revocation_unknown "},
		{"a newer list decides", [][]byte{good, revoke(t, ca, before, after, 77), revoke(t, ca, before.Add(time.Minute), after)}, ""},
		{"a newer list decides, be it longer", [][]byte{good, revoke(t, ca, before.Add(time.Minute), after, 77), revoke(t, ca, before, after)}, "0 revoked "},
		{"garbage beside", [][]byte{good, []byte("garbage"), revoke(t, ca, before, after)}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			lists := NewCRLs(test.lists...)
			if n := len(lists.Errors()); (n > 0) != (test.name == "garbage beside") {
				t.Errorf("%d errors", n)
			}
			r := build(t, g, leaf, &Options{Revocation: lists})
			p := append(r.Accepted, r.Rejected...)[0]
			got := ""
			for _, q := range p.Problems {
				got += fmt.Sprintf("%d %s ", q.Index, q.Code)
			}
			if got != test.want {
				t.Errorf("got %q, want %q: %v", got, test.want, p.Problems)
			}
		})
	}
	// Signers that are nothing are passed over.
	all := NewCRLs(good, revoke(t, ca, before, after)).WithSigners(nil, ParseCertificate([]byte("text")))
	for name, ask := range map[string]struct {
		path []*Certificate
		i    int
		want RevocationStatus
	}{
		"the leaf": {[]*Certificate{leaf, issuing, root}, 0, RevocationGood}, "the CA": {[]*Certificate{leaf, issuing, root}, 1, RevocationGood},
		"no issuer": {[]*Certificate{leaf}, 0, RevocationUnknown}, "the end": {[]*Certificate{leaf, issuing}, 1, RevocationUnknown},
		"no path": {nil, 0, RevocationUnknown}, "before it": {[]*Certificate{leaf, issuing}, -1, RevocationUnknown},
		"what is no certificate": {[]*Certificate{ParseCertificate([]byte("text")), issuing}, 0, RevocationUnknown},
		"another issuer":         {[]*Certificate{leaf, root}, 0, revocationUnverified},
	} {
		if status, why := all.Revocation(context.Background(), ask.path, ask.i, testTime); status != ask.want {
			t.Errorf("%s: %s, %s", name, status, why)
		}
	}
}

// TestListScopes has lists that are about some certificates only.
func TestListScopes(t *testing.T) {
	ca := entity{"CA", 1}
	root := sign(t, rootEntity, rootEntity)
	const a, b = "8601 61", "8601 62"
	ofIssuer := hex.EncodeToString(sign(t, ca, rootEntity).RawSubject())
	for _, tag := range []casn1.Tag{casn1.Tag(nameDirectory).ContextSpecific().Constructed(), 0xa0, 0xa0, casn1.SEQUENCE} {
		ofIssuer = hex.EncodeToString(tlv(tag, ofIssuer, 1))
	}
	const x, y = "3008 0603550403 0c0178", "3008 0603550403 0c0179" // attributes
	subject := sign(t, ca, rootEntity).RawSubject()
	below := hex.EncodeToString(tlv(casn1.SEQUENCE, hex.EncodeToString(subject[2:])+"310a"+x, 1)) // x below the issuer
	for _, tag := range []casn1.Tag{casn1.Tag(nameDirectory).ContextSpecific().Constructed(), 0xa0, 0xa0} {
		below = hex.EncodeToString(tlv(tag, below, 1))
	}
	belowIssuer := hex.EncodeToString(tlv(casn1.SEQUENCE, below, 1))
	named := hex.EncodeToString(tlv(0xa2, hex.EncodeToString(tlv(casn1.Tag(nameDirectory).ContextSpecific().Constructed(), hex.EncodeToString(subject), 1)), 1)) // cRLIssuer
	ofNamed := func(name string) func(*x509.Certificate) {
		return pointsAt(hex.EncodeToString(tlv(casn1.SEQUENCE, hex.EncodeToString(tlv(casn1.SEQUENCE, name+named, 1)), 1)))
	}
	pointBelow := hex.EncodeToString(tlv(casn1.SEQUENCE, belowIssuer, 1))
	for _, test := range []struct {
		name   string
		change func(*x509.Certificate) // of the certificate
		scope  []pkix.Extension        // of the list
		good   bool
	}{
		{"users, a user", asLeaf, idp("3003 8101ff"), true},
		{"users, a CA", noKeyID, idp("3003 8101ff"), false},
		{"CAs, a user", asLeaf, idp("3003 8201ff"), false},
		{"CAs, a CA", noKeyID, idp("3003 8201ff"), true},
		{"attributes", asLeaf, idp("3003 8501ff"), false},
		{"all reasons but the first", asLeaf, idp("3005 8303 073f80"), false},
		{"all reasons", asLeaf, idp("3005 8303 077f80"), true},
		{"its point", pointsAt("3009 3007 a005 a003" + a), idp("3007 a005 a003" + a), true},
		{"its second point", pointsAt("3012 3007 a005 a003" + b + "3007 a005 a003" + a), idp("3007 a005 a003" + a), true},
		{"its point's second name", pointsAt("300c 300a a008 a006" + b + a), idp("3007 a005 a003" + a), true},
		{"another point", pointsAt("3009 3007 a005 a003" + b), idp("3007 a005 a003" + a), false},
		{"a point without a name", pointsAt("3004 3002 8100"), idp("3007 a005 a003" + a), false},
		{"no point", asLeaf, idp("3007 a005 a003" + a), false},
		{"no point, the name of the issuer", asLeaf, idp(ofIssuer), true},
		{"a point without a name, the name of the issuer", pointsAt("3004 3002 8100"), idp(ofIssuer), false},
		{"its point, below the issuer", pointsAt("3010 300e a00c a10a" + x), idp("300e a00c a10a" + x), true},
		{"its point, below the issuer, and the whole name", pointsAt("3010 300e a00c a10a" + x), idp(belowIssuer), true},
		{"its point of a whole name, and below the issuer", pointsAt(pointBelow), idp("300e a00c a10a" + x), true},
		{"another point below the issuer", pointsAt("3010 300e a00c a10a" + y), idp("300e a00c a10a" + x), false},
		{"a point of the issuer's lists", ofNamed(""), idp(ofIssuer), true},
		{"a point of the issuer's lists, with a name", ofNamed("a005 a003" + a), idp("3007 a005 a003" + a), true},
		{"a point of the issuer's lists, with a name, the name of the issuer", ofNamed("a005 a003" + a), idp(ofIssuer), false},
		{"a point of the issuer's lists below it", ofNamed("a00c a10a" + x), idp("300e a00c a10a" + x), true},
		{"a point of the issuer's lists below it, the name of the issuer", ofNamed("a00c a10a" + x), idp(ofIssuer), false},
		{"a point that is no name", pointsAt("3010 300e a00c a20a" + x), idp("300e a00c a10a" + x), false},
		{"a point, and a list of everything", pointsAt("3009 3007 a005 a003" + b), nil, true},
	} {
		c := sign(t, entity{"User", leafKey}, ca, test.change)
		lists := NewCRLs(revokeWith(t, ca, testStart, testEnd, test.scope))
		status, why := lists.Revocation(context.Background(), []*Certificate{c, sign(t, ca, rootEntity), root}, 0, testTime)
		if (status == RevocationGood) != test.good || status == Revoked {
			t.Errorf("%s: %s, %s", test.name, status, why)
		}
	}
}

// TestSigners has lists that another key signs than the one that signed the
// certificate.
func TestSigners(t *testing.T) {
	ca, again := entity{"CA", 1}, entity{"CA", 2}
	root, issuing := sign(t, rootEntity, rootEntity), sign(t, ca, rootEntity)
	// The list about the leaf is that of a point, and no other list is about it.
	const point, other, third = "3007 a005 a003 8601 61", "3007 a005 a003 8601 62", "3007 a005 a003 8601 63"
	leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf, pointsAt("3009"+point))
	list := func(by entity, point string, serials ...int64) []byte {
		return revokeWith(t, by, testStart, testEnd, idp(point), serials...)
	}
	byIssuer, bySigner := list(ca, point), list(again, point)
	ofSigners, ofThemselves, ofRoot := list(ca, other, 77), list(again, third), revoke(t, rootEntity, testStart, testEnd)
	as := func(usage x509.KeyUsage) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.IsCA, c.KeyUsage = usage&x509.KeyUsageCertSign != 0, usage }
	}
	signs := func(subject, issuer entity, change ...func(*x509.Certificate)) *Certificate {
		return sign(t, subject, issuer, append([]func(*x509.Certificate){as(x509.KeyUsageCRLSign), pointsAt("3009" + other)}, change...)...)
	}
	signer := signs(again, ca)
	var many []*Certificate // that have not signed it
	for i := range maxSigners {
		many = append(many, signs(entity{"CA", 10 + i}, ca))
	}
	null := func(b *cryptobyte.Builder) { b.AddASN1NULL() }
	odd := func(b *cryptobyte.Builder) { b.AddBytes([]byte{0x30, 0, 0}) } // crypto/x509 lets it pass
	for _, test := range []struct {
		name   string
		above  []*Certificate // the leaf
		list   []byte
		signer []*Certificate
		good   bool
	}{
		{"the issuer", []*Certificate{issuing, root}, byIssuer, nil, true},
		{"the issuer, without keyUsage", []*Certificate{sign(t, ca, rootEntity, as(0)), root}, byIssuer, nil, true},
		{"the issuer, without cRLSign", []*Certificate{sign(t, ca, rootEntity, as(x509.KeyUsageCertSign)), root}, byIssuer, nil, false},
		{"the issuer's issuer, of the same name", []*Certificate{sign(t, ca, again), sign(t, again, again)}, bySigner, nil, true},
		{"the issuer's issuer, of another name", []*Certificate{issuing, sign(t, entity{"Root", 2}, entity{"Root", 2})}, bySigner, nil, false},
		{"nobody known", []*Certificate{issuing, root}, bySigner, nil, false},
		{"a signer by the issuer", []*Certificate{issuing, root}, bySigner, []*Certificate{signer}, true},
		{"a signer beside the issuer", []*Certificate{issuing, root}, bySigner, []*Certificate{signs(again, rootEntity)}, true},
		{"a signer by itself", []*Certificate{issuing, root}, bySigner, []*Certificate{signs(again, again)}, false},
		{"a signer by another key of the issuer", []*Certificate{issuing, root}, bySigner, []*Certificate{signs(again, entity{"CA", 3})}, false},
		{"a signer of another name", []*Certificate{issuing, root}, bySigner, []*Certificate{signs(entity{"Signer", 2}, ca)}, false},
		{"a signer without keyUsage", []*Certificate{issuing, root}, bySigner, []*Certificate{signs(again, ca, as(0))}, false},
		{"a signer without cRLSign", []*Certificate{issuing, root}, bySigner, []*Certificate{signs(again, ca, as(x509.KeyUsageCertSign))}, false},
		{"a signer that has expired", []*Certificate{issuing, root}, bySigner, []*Certificate{signs(again, ca, until(testTime.Add(-time.Hour)))}, false},
		{"a signer with a critical extension", []*Certificate{issuing, root}, bySigner, []*Certificate{signs(again, ca, extension("1.2.3", true, null))}, false},
		{"a signer with a malformed one", []*Certificate{issuing, root}, bySigner, []*Certificate{signs(again, ca, extension("1.3.6.1.5.5.7.1.1", false, odd))}, false},
		{"a signer that is revoked", []*Certificate{issuing, root}, bySigner, []*Certificate{signs(again, ca, serial(77))}, false},
		{"a signer that vouches for itself", []*Certificate{issuing, root}, bySigner, []*Certificate{signs(again, ca, func(c *x509.Certificate) { c.ExtraExtensions = nil }, pointsAt("3009"+third))}, false},
		{"a signer of which no list is", []*Certificate{issuing, root}, bySigner, []*Certificate{signs(again, ca, func(c *x509.Certificate) { c.ExtraExtensions = nil })}, false},
		{"a signer after others", []*Certificate{issuing, root}, bySigner, append(slices.Clone(many[1:]), signer), true},
		{"a signer after too many", []*Certificate{issuing, root}, bySigner, append(slices.Clone(many), signer), false},
	} {
		lists := NewCRLs(test.list, ofRoot, ofSigners, ofThemselves).WithSigners(test.signer...)
		status, why := lists.Revocation(context.Background(), append([]*Certificate{leaf}, test.above...), 0, testTime)
		if (status == RevocationGood) != test.good || status == Revoked {
			t.Errorf("%s: %s, %s", test.name, status, why)
		}
	}
}

// TestListForms holds which lists are used, by what they say of themselves.
func TestListForms(t *testing.T) {
	const (
		name  = "8601 61" // a URI
		point = "a005 a003" + name
		bad   = "a revocation list with a malformed issuingDistributionPoint proves nothing"
	)
	whole := crlScope{reasons: allReasons}
	for _, test := range []struct {
		name       string
		extensions []pkix.Extension
		form       listForm
		unusable   string
		scope      crlScope // but for its id
	}{
		{name: "of everything", scope: whole},
		{name: "an extension that is not known", extensions: listExtension(false, "0500", 1, 2, 3), scope: whole},
		{name: "a critical extension that is not known", extensions: listExtension(true, "0500", 1, 2, 3), unusable: "a revocation list with the critical extension 1.2.3, which is not understood, proves nothing", scope: whole},
		{name: "a critical number", extensions: listExtension(true, "020101", 2, 5, 29, 20), scope: whole},
		{name: "an extension twice", extensions: append(listExtension(false, "0500", 1, 2, 3), listExtension(false, "0500", 1, 2, 3)...), unusable: "a revocation list with the extension 1.2.3 twice proves nothing", scope: whole},
		{name: "no end", form: listForm{endless: true}, unusable: "a revocation list without nextUpdate proves nothing, as it may be of any age", scope: whole},
		{name: "version 1", form: listForm{version: -1}, unusable: "a revocation list of version 1 proves nothing: it cannot say what it is about", scope: whole},
		{name: "version 3", form: listForm{version: 2}, unusable: "a revocation list of version 3 proves nothing", scope: whole},
		{name: "SHA-1 with RSA", form: listForm{algorithm: "06092a864886f70d010105"}, unusable: "a revocation list signed with SHA1-RSA proves nothing", scope: whole},
		{name: "SHA-1 with DSA", form: listForm{algorithm: "06072a8648ce380403"}, unusable: "a revocation list signed with DSA-SHA1 proves nothing", scope: whole},
		{name: "SHA-1 with ECDSA", form: listForm{algorithm: "06072a8648ce3d0401"}, unusable: "a revocation list signed with ECDSA-SHA1 proves nothing", scope: whole},
		{name: "MD5", form: listForm{algorithm: "06092a864886f70d010104"}, unusable: "a revocation list signed with MD5-RSA proves nothing", scope: whole},
		{name: "two algorithms", form: listForm{outer: "06092a864886f70d01010b"}, unusable: "a revocation list that names two algorithms for its signature proves nothing", scope: whole},
		{name: "a critical extension that is not known, before a good point", extensions: append(listExtension(true, "0500", 1, 2, 3), idp("3003 8101ff")...), unusable: "a revocation list with the critical extension 1.2.3, which is not understood, proves nothing", scope: crlScope{userOnly: true, reasons: allReasons}},

		{name: "an entry with a reason", form: listForm{entry: "300c 300a 0603551d15 04030a0101"}, scope: whole},
		{name: "an entry with a date of invalidity", form: listForm{entry: "300b 3009 0603551d18 0402 0000"}, scope: whole},
		{name: "an entry with a critical date of invalidity", form: listForm{entry: "300e 300c 0603551d18 0101ff 0402 0000"}, scope: whole},
		{name: "an entry of another issuer", form: listForm{entry: "301b 3019 0603551d1d 0412 3010 a40e 300c 310a 3008 0603550403 0c0161"}, unusable: "a revocation list with entries of other issuers that does not say so proves nothing", scope: whole},
		{name: "an entry that is not known", form: listForm{entry: "3009 3007 06022a03 0401 00"}, scope: whole},
		{name: "an entry that is critical and not known", form: listForm{entry: "300c 300a 06022a03 0101ff 0401 00"}, unusable: "a revocation list with the critical extension 1.2.3 of an entry, which is not understood, proves nothing", scope: whole},

		{name: "a point", extensions: idp("3007" + point), scope: crlScope{hasNames: true, names: []pointName{"\x86\x01a"}, reasons: allReasons}},
		{name: "a point twice", extensions: idp("300a a008 a006" + name + name), scope: crlScope{hasNames: true, names: []pointName{"\x86\x01a"}, reasons: allReasons}},
		{name: "a point of a relative name that is empty", extensions: idp("3004 a002 a100"), unusable: bad, scope: crlScope{hasNames: true, reasons: allReasons}},
		{name: "a point of half a name", extensions: idp("3004 a002 a005"), unusable: bad, scope: crlScope{hasNames: true, reasons: allReasons}},
		{name: "a point of half an address", extensions: idp("3006 a004 a002 8605"), unusable: bad, scope: crlScope{hasNames: true, reasons: allReasons}},
		{name: "users", extensions: idp("3003 8101ff"), scope: crlScope{userOnly: true, reasons: allReasons}},
		{name: "not users", extensions: idp("3003 810100"), scope: whole},
		{name: "CAs", extensions: idp("3003 8201ff"), scope: crlScope{caOnly: true, reasons: allReasons}},
		{name: "attributes", extensions: idp("3003 8501ff"), scope: crlScope{attributes: true, reasons: allReasons}},
		{name: "some reasons", extensions: idp("3004 83020560"), scope: crlScope{reasons: 1<<1 | 1<<2}},
		{name: "the ninth reason", extensions: idp("3005 8303070080"), scope: crlScope{reasons: 1 << 8}},
		{name: "more reasons than there are", extensions: idp("3006 83040000007f"), scope: crlScope{}},
		{name: "reasons without octets", extensions: idp("3002 8300"), scope: crlScope{}},
		{name: "others", extensions: idp("3003 8401ff"), scope: crlScope{indirect: true, reasons: allReasons}},
		{name: "not others", extensions: idp("3003 840100"), scope: whole},
		{name: "not a sequence", extensions: idp("0400"), unusable: bad, scope: whole},
		{name: "more after it", extensions: idp("3000 00"), unusable: bad, scope: whole},
		{name: "half a point", extensions: idp("3002 a005"), unusable: bad, scope: whole},
		{name: "half a flag", extensions: idp("3002 8101"), unusable: bad, scope: whole},
		{name: "a flag of two octets", extensions: idp("3004 8102ffff"), unusable: bad, scope: whole},
		{name: "half a second flag", extensions: idp("3002 8201"), unusable: bad, scope: whole},
		{name: "half of the reasons", extensions: idp("3002 8305"), unusable: bad, scope: whole},
		{name: "half a fourth flag", extensions: idp("3002 8401"), unusable: bad, scope: whole},
		{name: "half a fifth flag", extensions: idp("3002 8501"), unusable: bad, scope: whole},
		{name: "a field that is none", extensions: idp("3002 8600"), unusable: bad, scope: whole},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.form.extensions = test.extensions
			c, err := readCRL(test.form.der())
			if err != nil {
				t.Fatal(err)
			}
			if c.unusable.String() != test.unusable {
				t.Errorf("unusable %q, want %q", c.unusable, test.unusable)
			}
			c.scope.id = [sha256.Size]byte{}
			if !reflect.DeepEqual(c.scope, test.scope) {
				t.Errorf("scope %+v, want %+v", c.scope, test.scope)
			}
			if e, ok := c.entries.find(c.issuerKey, []byte{5}); c.entries.count != 1 || !ok || !e.revoked.Equal(testStart) {
				t.Errorf("%d entries, %v", c.entries.count, e)
			}
		})
	}
}

// TestListOctets holds that every list that is cut short, and every one with an octet
// changed, is refused or read without harm.
func TestListOctets(t *testing.T) {
	whole := listForm{extensions: idp("3003 8401ff"), entry: "301b 3019 0603551d1d 0412 3010 a40e 300c 310a 3008 0603550403 0c0161"}.der()
	if c, err := readCRL(whole); err != nil || !c.unusable.IsZero() {
		t.Fatal(err, c)
	}
	for n := range whole {
		if _, err := readCRL(whole[:n]); err == nil {
			t.Errorf("read though cut to %d octets", n)
		}
		for _, b := range []byte{0, 0x30, 0x7f, 0x80, 0xff} {
			changed := slices.Clone(whole)
			changed[n] = b
			if c, err := readCRL(changed); err == nil {
				c.entries.find(c.issuerKey, []byte{5})
			}
		}
	}
	if _, err := readCRL(append(slices.Clone(whole), 0)); err == nil {
		t.Error("read with more after it")
	}
}

// TestListsThatAreNone holds which lists are refused for what an entry or an extension of
// theirs is.
func TestListsThatAreNone(t *testing.T) {
	for _, test := range []struct {
		name string
		form listForm
	}{
		{"an entry without a number", listForm{serials: []string{""}}},
		{"an entry with a number of another type", listForm{serials: []string{"040105"}}},
		{"an entry with a number of no octets", listForm{serials: []string{"0200"}}},
		{"an entry with extensions of another type", listForm{entry: "3100"}},
		{"an extension that is no sequence", listForm{after: "a004 3002 0500"}},
		{"an extension without a value", listForm{after: "a009 3007 3005 0603551d14"}},
		{"an extension with an odd critical flag", listForm{after: "a011 300f 300d 0603551d14 010101 0403020101"}},
		{"an entry with more than extensions", listForm{entry: "3000 3000"}},
		{"an entry with half an extension", listForm{entry: "3007 3005 0603551d15"}},
		{"an entry with an odd critical flag", listForm{entry: "300f 300d 0603551d15 010101 04030a0101"}},
		{"an entry with an extension that is no octets", listForm{entry: "300c 300a 0603551d15 03030a0101"}},
		{"an entry with an extension and more", listForm{entry: "300e 300c 0603551d15 04030a0101 0500"}},
		{"an entry with a reason of another type", listForm{entry: "300c 300a 0603551d15 0403020101"}},
		{"an entry with a reason of two octets", listForm{entry: "300d 300b 0603551d15 04040a020101"}},
		{"an entry with a reason of no octets", listForm{entry: "300b 3009 0603551d15 04020a00"}},
	} {
		if _, err := readCRL(test.form.der()); !errors.Is(err, errList) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	input := cryptobyte.String(listForm{}.der())
	var list, tbs cryptobyte.String
	if !input.ReadASN1(&list, casn1.SEQUENCE) || !list.ReadASN1Element(&tbs, casn1.SEQUENCE) {
		t.Fatal("no list")
	}
	for name, der := range map[string][]byte{
		"nothing": nil, "an octet more": append(listForm{}.der(), 0), "another list after it": append(listForm{}.der(), listForm{}.der()...), "a set": append([]byte{0x31}, listForm{}.der()[1:]...),
	} {
		if _, err := readCRL(der); !errors.Is(err, errList) {
			t.Errorf("%s: %v", name, err)
		}
	}
	const algorithm, signature = "300a 06082a8648ce3d040302", "0302 0001"
	for after, good := range map[string]bool{
		algorithm + signature:          true,
		algorithm + signature + "0500": false,
		algorithm + "0302 0102":        false, // not whole octets
		algorithm + "0301 00":          true,  // no octets, which verify nowhere
		algorithm + "0300":             false,
		algorithm + "0402 0001":        false,
		algorithm:                      false,
		signature:                      false,
		"":                             false,
	} {
		if _, err := readCRL(tlv(casn1.SEQUENCE, hex.EncodeToString(tbs)+after, 1)); errors.Is(err, errList) == good {
			t.Errorf("%q after what is signed: %v", after, err)
		}
	}
}

// TestListElements holds which elements a list may have, in which order.
func TestListElements(t *testing.T) {
	const (
		head  = "020101 300a 06082a8648ce3d040302"
		name  = "300c 310a 3008 0603550403 0c0161"
		from  = "170d 3235303130313030303030305a"     // 2025-01-01
		until = "170d 3335303130313030303030305a"     // 2035-01-01
		later = "180f 32303531303130313030303030305a" // 2051-01-01
		entry = "3014 3012 020105 170d 3235303130313030303030305a"
	)
	for _, tt := range []struct {
		name, tbs string
		next      int // year of nextUpdate, 1 for none; 0 for what is no list
	}{
		{"whole", head + name + from + until + entry + "a002 3000", 2035},
		{"no entries", head + name + from + until + "a002 3000", 2035},
		{"no extensions", head + name + from + until + entry, 2035},
		{"an end after 2049", head + name + from + later, 2051},
		{"a start after 2049", head + name + later, 1},
		{"no end", head + name + from, 1},
		{"version 1", strings.TrimPrefix(head, "020101") + name + from + until, 2035},
		{"no start", head + name, 0},
		{"a start that is none", head + name + "170d 3235313330313030303030305a", 0},
		{"an end that is none", head + name + from + "170d 3335313330313030303030305a", 0},
		{"an end that is none, of four digits for the year", head + name + from + "180f 32303335313330313030303030305a", 0},
		{"a third moment", head + name + from + until + later, 0},
		{"half a list of entries", head + name + from + until + "3014 3012", 0},
		{"entries that are none", head + name + from + until + "3002 0500", 0},
		{"an entry without a moment", head + name + from + until + "3005 3003 020105", 0},
		{"an entry of a moment that is none", head + name + from + until + "3016 3014 020105 180f 32303235313330313030303030305a", 0},
		{"more beside the extensions", head + name + from + until + "a004 3000 0500", 0},
		{"extensions in a set", head + name + from + until + "a002 3100", 0},
		{"half of the extensions", head + name + from + until + "a002 3005", 0},
		{"more after the extensions", head + name + from + until + "a002 3000 0500", 0},
		{"extensions under another tag", head + name + from + until + "a102 3000", 0},
		{"an issuer that is no name", head + "3002 3100" + from + until, 0},
	} {
		c, err := readCRL(tlv(casn1.SEQUENCE, hex.EncodeToString(tlv(casn1.SEQUENCE, tt.tbs, 1))+"300a 06082a8648ce3d040302 0302 0001", 1))
		switch {
		case (err == nil) != (tt.next != 0):
			t.Errorf("%s: %v", tt.name, err)
		case err == nil && c.nextUpdate.Year() != tt.next:
			t.Errorf("%s: until %s", tt.name, c.nextUpdate)
		}
	}
}

// TestSerialNumbers has entries for all numbers of a range, in the shortest form or not.
func TestSerialNumbers(t *testing.T) {
	form := listForm{serials: []string{}}
	for n := -300; n <= 300; n++ {
		if n != 7 {
			b, _ := asn1.Marshal(n)
			form.serials = append(form.serials, hex.EncodeToString(b))
		}
	}
	form.serials = append(form.serials, "0202ff00", "020300ffff")
	c, err := readCRL(form.der())
	if err != nil {
		t.Fatal(err)
	}
	for n := -310; n <= 310; n++ {
		b, _ := asn1.Marshal(n)
		if _, ok := c.entries.find(c.issuerKey, b[2:]); ok != (n >= -300 && n <= 300 && n != 7) {
			t.Errorf("%d: %t", n, ok)
		}
	}
	for _, serial := range []string{"ff00", "00ffff"} {
		if _, ok := c.entries.find(c.issuerKey, octets(serial)); !ok {
			t.Errorf("%s is not found", serial)
		}
	}
}

// listForm is a list with one entry, as no CA makes them; the zero value is an
// ordinary one. Its signature is none.
type listForm struct {
	version    int    // what stands for it, from 0; 0 for 1, and -1 for nothing
	algorithm  string // contents of the AlgorithmIdentifier, in hexadecimal
	outer      string // the same beside the signature
	endless    bool
	serials    []string // nil: 5
	entry      string   // crlEntryExtensions
	extensions []pkix.Extension
	after      string // what stands in the place of crlExtensions, in hexadecimal
}

func (f listForm) der() []byte {
	algorithm := cmp.Or(f.algorithm, "06082a8648ce3d040302")
	if f.serials == nil {
		f.serials = []string{"020105"}
	}
	clock := func(b *cryptobyte.Builder, at time.Time) { b.AddASN1UTCTime(at) }
	sequence := func(b *cryptobyte.Builder, contents func(*cryptobyte.Builder)) { b.AddASN1(casn1.SEQUENCE, contents) }
	var b cryptobyte.Builder
	sequence(&b, func(b *cryptobyte.Builder) {
		sequence(b, func(b *cryptobyte.Builder) {
			if f.version >= 0 {
				b.AddASN1Int64(int64(max(f.version, 1)))
			}
			sequence(b, func(b *cryptobyte.Builder) { b.AddBytes(octets(algorithm)) })
			b.AddBytes(octets("300c 310a 3008 0603550403 0c0161"))
			clock(b, testStart)
			if !f.endless {
				clock(b, testEnd)
			}
			sequence(b, func(b *cryptobyte.Builder) {
				for _, serial := range f.serials {
					sequence(b, func(b *cryptobyte.Builder) {
						b.AddBytes(octets(serial))
						clock(b, testStart)
						b.AddBytes(octets(f.entry))
					})
				}
			})
			b.AddBytes(octets(f.after))
			if len(f.extensions) > 0 {
				b.AddASN1(casn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
					list, err := asn1.Marshal(f.extensions)
					if err != nil {
						panic(err)
					}
					b.AddBytes(list)
				})
			}
		})
		sequence(b, func(b *cryptobyte.Builder) { b.AddBytes(octets(cmp.Or(f.outer, algorithm))) })
		b.AddASN1BitString([]byte{1})
	})
	return b.BytesOrPanic()
}

// listExtension is an extension with a value in hexadecimal.
func listExtension(critical bool, value string, arcs ...int) []pkix.Extension {
	return []pkix.Extension{{Id: arcs, Critical: critical, Value: octets(value)}}
}

// idp is an issuingDistributionPoint.
func idp(value string) []pkix.Extension { return listExtension(true, value, 2, 5, 29, 28) }

// pointsAt gives a certificate cRLDistributionPoints.
func pointsAt(value string) func(*x509.Certificate) {
	return func(c *x509.Certificate) {
		c.ExtraExtensions = append(c.ExtraExtensions, listExtension(false, value, 2, 5, 29, 31)...)
	}
}

// TestNoList holds what is said of a certificate that no list answers for: what there is
// instead of one.
func TestNoList(t *testing.T) {
	ca := entity{"CA", 1}
	leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf, serial(77))
	path := []*Certificate{leaf, sign(t, ca, rootEntity)}
	before, after := testTime.Add(-time.Hour), testTime.Add(time.Hour)
	more := func(list []byte) []byte { return append(slices.Clone(list), 0) }
	own := revoke(t, ca, before, after)
	var others [][]byte
	for _, name := range []string{"D", "A", "C", "B"} {
		others = append(others, revoke(t, entity{name, 2}, before, after))
	}
	for _, tt := range []struct {
		name   string
		lists  [][]byte
		status RevocationStatus
		says   string
		n      int // lists that count
	}{
		{"nothing", nil, RevocationUnknown, "no revocation list of the issuer", 0},
		{"garbage", [][]byte{[]byte("garbage")}, RevocationUnknown, "no revocation list of the issuer", 0},
		{"one that is cut off", [][]byte{own[:len(own)-1]}, RevocationUnknown, "no revocation list of the issuer", 0},
		{"one with more after it", [][]byte{more(own)}, revocationUnusable, "the revocation list of the issuer cannot be read: not a revocation list", 1},
		{"one of another that cannot be read", [][]byte{more(others[0])}, RevocationUnknown, "no revocation list of the issuer", 1},
		{"one that is not about it", [][]byte{revokeWith(t, ca, before, after, idp("3003 8201ff"))}, RevocationUnknown, "no revocation list is about this certificate", 1},
		{"one that is not about it, and one that cannot be read", [][]byte{revokeWith(t, ca, before, after, idp("3003 8201ff")), more(own)}, RevocationUnknown, "no revocation list is about this certificate", 2},
		{"one of another", others[:1], RevocationUnknown, `no revocation list of the issuer: those that are there are of "D"`, 1},
		{"three of others", others[:3], RevocationUnknown, `no revocation list of the issuer: those that are there are of "A", "C", "D"`, 3},
		{"four of others", others, RevocationUnknown, `no revocation list of the issuer: those that are there are of "A", "B", "C", …`, 4},
	} {
		lists := NewCRLs(tt.lists...)
		if status, why := lists.Revocation(t.Context(), path, 0, testTime); status != tt.status || why.String() != tt.says {
			t.Errorf("%s: %v, %s", tt.name, status, why)
		}
		if n := lists.Len(); n != tt.n {
			t.Errorf("%s: %d lists", tt.name, n)
		}
	}
}

// TestNamesOfLists holds that a list names a certificate by its issuer and number, and
// that a list of another counts only where it says that it is of others, too.
func TestNamesOfLists(t *testing.T) {
	ca, other := entity{"CA", 1}, entity{"Other", 2}
	before, after := testTime.Add(-time.Hour), testTime.Add(time.Hour)
	// A point whose lists another makes: [2] with the directory name of that one.
	issuer := hex.EncodeToString(sign(t, other, rootEntity).RawSubject())
	for _, tag := range []casn1.Tag{casn1.Tag(nameDirectory).ContextSpecific().Constructed(), 0xa2, casn1.SEQUENCE, casn1.SEQUENCE} {
		issuer = hex.EncodeToString(tlv(tag, issuer, 1))
	}
	leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf, serial(77), pointsAt(issuer))
	plain := sign(t, entity{"Leaf", leafKey}, ca, asLeaf, serial(77))
	// An entry of an indirect list is of the issuer that it names.
	of := func(issuer entity) []byte {
		name := hex.EncodeToString(sign(t, issuer, rootEntity).RawSubject())
		for _, tag := range []casn1.Tag{casn1.Tag(nameDirectory).ContextSpecific().Constructed(), casn1.SEQUENCE} {
			name = hex.EncodeToString(tlv(tag, name, 1))
		}
		value := octets(name)
		list := &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: before, NextUpdate: after, ExtraExtensions: idp("3003 8401ff"),
			RevokedCertificateEntries: []x509.RevocationListEntry{{SerialNumber: big.NewInt(77), RevocationTime: before,
				ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 29}, Critical: true, Value: value}}}}}
		parent := &x509.Certificate{Subject: other.subject(), SubjectKeyId: testKeyID(other.key), KeyUsage: x509.KeyUsageCRLSign}
		der, err := x509.CreateRevocationList(nil, list, parent, testKey(other.key))
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	for _, tt := range []struct {
		name string
		list []byte
		cert *Certificate
		want bool
	}{
		{"its number", revoke(t, ca, before, after, 76, 77), leaf, true},
		{"its number, forged", revoke(t, entity{"CA", 3}, before, after, 77), leaf, true},
		{"another number", revoke(t, ca, before, after, 76), leaf, false},
		{"another issuer", revoke(t, other, before, after, 77), leaf, false},
		{"its number in a list of others", of(ca), leaf, true},
		{"its number in a list of others, of which it does not know", of(ca), plain, false},
		{"its number of another issuer in a list of others", of(other), leaf, false},
		{"what is no certificate", revoke(t, ca, before, after, 77), ParseCertificate([]byte("text")), false},
		{"nothing", revoke(t, ca, before, after, 77), nil, false},
	} {
		if got := NewCRLs(tt.list).Names(tt.cert); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
	var none *CRLs
	if none.Names(leaf) || none.Len() != 0 || none.Errors() != nil {
		t.Error("no lists name it")
	}
}

// TestIssuerOfList holds that the issuer of a list is found where nothing after it can be
// read, and nowhere else.
func TestIssuerOfList(t *testing.T) {
	seq := func(parts ...[]byte) []byte {
		content := slices.Concat(parts...)
		return append([]byte{0x30, byte(len(content))}, content...)
	}
	name := nameOf([]attribute{{3, casn1.UTF8String, "CA"}})
	want, _ := parseNameKey(name)
	for _, tt := range []struct {
		what string
		der  []byte
		ok   bool
	}{
		{"of version 2", seq(seq([]byte{2, 1, 1}, seq(), name)), true},
		{"of version 1", seq(seq(seq(), name)), true},
		{"of another version", seq(seq([]byte{2, 1, 9}, seq(), name, []byte{5, 0})), true},
		{"nothing", nil, false},
		{"not a sequence", []byte{0x31, 0}, false},
		{"an empty one", seq(), false},
		{"not a sequence in it", seq([]byte{5, 0}), false},
		{"half a number", seq(seq([]byte{2, 9, 1})), false},
		{"no algorithm", seq(seq([]byte{2, 1, 1}, []byte{5, 0}, name)), false},
		{"no name", seq(seq(seq(), []byte{5, 0})), false},
		{"a name of nothing known", seq(seq(seq(), seq([]byte{5, 0}))), false},
	} {
		if got, ok := issuerOfList(tt.der); ok != tt.ok || ok && got != want {
			t.Errorf("%s: %q, %t", tt.what, got, ok)
		}
	}
}
