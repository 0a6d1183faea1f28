package chain

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// TestAccessors holds what a Certificate says of itself to crypto/x509.
func TestAccessors(t *testing.T) {
	ca := entity{"CA", 1}
	made := sign(t, entity{"User", 2}, ca, asLeaf, func(c *x509.Certificate) {
		c.SerialNumber = big.NewInt(0x80) // takes an octet of zero in front
		c.IssuingCertificateURL = []string{"http://ca.example.com/ca.cer"}
		c.CRLDistributionPoints = []string{"http://ca.example.com/ca.crl", "ldap:///cn=ca"}
	})
	for name, c := range map[string]*Certificate{"of DER": ParseCertificate(made.Raw), "of x509": FromX509(made.cert())} {
		want := made.cert()
		if spki := sha256.Sum256(want.RawSubjectPublicKeyInfo); c.SPKISHA256() != spki || !bytes.Equal(c.RawSubjectPublicKeyInfo(), want.RawSubjectPublicKeyInfo) {
			t.Errorf("%s: another public key", name)
		}
		if !bytes.Equal(c.AuthorityKeyID(), want.AuthorityKeyId) || !bytes.Equal(c.SubjectKeyID(), want.SubjectKeyId) {
			t.Errorf("%s: other key identifiers", name)
		}
		if got := c.SerialNumber(); !bytes.Equal(got, []byte{0, 0x80}) {
			t.Errorf("%s: serial number %x", name, got)
		}
		if !slices.Equal(c.AIA(), want.IssuingCertificateURL) || !slices.Equal(c.CRLDistributionPoints(), want.CRLDistributionPoints) {
			t.Errorf("%s: addresses %v and %v", name, c.AIA(), c.CRLDistributionPoints())
		}
		if list := c.Malformed(); list != nil {
			t.Errorf("%s: malformed: %v", name, list)
		}
		if s := c.String(); !strings.HasPrefix(s, "CN=User") {
			t.Errorf("%s: %q", name, s)
		}
	}
}

// TestMalformed holds that the package's own reading says what it minds, be it
// that crypto/x509 does not.
func TestMalformed(t *testing.T) {
	odd := sign(t, entity{"User", 2}, entity{"CA", 1}, asLeaf, func(c *x509.Certificate) {
		c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 1}, Value: []byte{0x30, 0x03, 0x04, 0x01, 0x00}})
	})
	if list := ParseCertificate(odd.Raw).Malformed(); len(list) != 1 {
		t.Errorf("an odd authority information access gives %v", list)
	}
	for name, der := range map[string][]byte{"no octets": nil, "text": []byte("text"), "half": odd.Raw[:len(odd.Raw)/2]} {
		c := ParseCertificate(der)
		if c.Err() == nil || len(c.Malformed()) == 0 {
			t.Errorf("%s: %v, %v", name, c.Err(), c.Malformed())
		}
		if c.SPKISHA256() != [sha256.Size]byte{} || c.SerialNumber() != nil || c.AIA() != nil || !c.NotAfter().IsZero() {
			t.Errorf("%s has a key, a serial number, an address or an end", name)
		}
	}
}

// fields are the parts of a certificate, to be changed. Of the signature nothing
// is left to verify then, which is nothing to the reading.
type fields struct {
	TBS                  []asn1.RawValue
	Algorithm, Signature asn1.RawValue
}

// Indices of fields.TBS as sign makes it.
const (
	fieldVersion = iota
	fieldSerial
	fieldAlgorithm
	fieldIssuer
	fieldValidity
	fieldSubject
	fieldKey
	fieldExtensions
)

// changed is a certificate after a change of its parts.
func changed(t *testing.T, c *Certificate, change func(*fields)) []byte {
	t.Helper()
	var f fields
	if _, err := asn1.Unmarshal(c.Raw, &f); err != nil || len(f.TBS) != fieldExtensions+1 {
		t.Fatalf("%d fields, %v", len(f.TBS), err)
	}
	change(&f)
	der, err := asn1.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// TestFields holds what is minded of the structure of a certificate, much of
// which crypto/x509 does not look at.
func TestFields(t *testing.T) {
	raw := func(tag byte, contents ...byte) asn1.RawValue {
		return asn1.RawValue{FullBytes: append([]byte{tag, byte(len(contents))}, contents...)}
	}
	without := func(i int) func(*fields) {
		return func(f *fields) { f.TBS = slices.Delete(f.TBS, i, i+1) }
	}
	with := func(i int, v asn1.RawValue) func(*fields) {
		return func(f *fields) { f.TBS[i] = v }
	}
	identifier := raw(0x81, 0, 1) // [1]
	const structure, notVersion3 = "not a certificate", "malformed: extensions in a certificate that is not of version 3"
	made := sign(t, entity{"User", 2}, entity{"CA", 1}, asLeaf)
	for _, test := range []struct {
		name   string
		change func(*fields)
		want   string // what is malformed
	}{
		{"as made", func(*fields) {}, ""},
		{"version 1 and extensions", without(fieldVersion), notVersion3},
		{"version 2 and extensions", with(fieldVersion, raw(0xa0, 2, 1, 1)), notVersion3},
		{"version 1", func(f *fields) { f.TBS = f.TBS[fieldSerial:fieldExtensions] }, ""},
		{"version 1 and an identifier", func(f *fields) { f.TBS = append(f.TBS[fieldSerial:fieldExtensions], identifier) }, "malformed: field after the key"},
		{"version 2 and an identifier", func(f *fields) {
			f.TBS = append(f.TBS[:fieldExtensions], identifier)
			f.TBS[fieldVersion] = raw(0xa0, 2, 1, 1)
		}, ""},
		{"version 3 and an identifier", func(f *fields) { f.TBS = slices.Insert(f.TBS, fieldExtensions, identifier) }, ""},
		{"version 3 and both identifiers", func(f *fields) { f.TBS = slices.Insert(f.TBS, fieldExtensions, identifier, raw(0x82, 0, 1)) }, ""},
		{"a field after the extensions", func(f *fields) { f.TBS = append(f.TBS, identifier) }, "malformed: field after the extensions"},
		{"a field of no kind for extensions", with(fieldExtensions, raw(0xa4)), "malformed: field after the extensions"},
		{"no extensions", without(fieldExtensions), ""},
		{"extensions without a list", with(fieldExtensions, raw(0xa3)), "malformed: extension list"},
		{"extensions after their list", with(fieldExtensions, raw(0xa3, 0x30, 0, 0x30, 0)), "malformed: extension list"},
		{"half of a first identifier", func(f *fields) { f.TBS = append(f.TBS[:fieldExtensions], asn1.RawValue{FullBytes: []byte{0x81, 5}}) }, structure},
		{"half of a second identifier", func(f *fields) { f.TBS = append(f.TBS[:fieldExtensions], asn1.RawValue{FullBytes: []byte{0x82, 5}}) }, structure},
		{"half of the extensions", with(fieldExtensions, asn1.RawValue{FullBytes: []byte{0xa3, 5}}), structure},
		{"half of a version", with(fieldVersion, asn1.RawValue{FullBytes: []byte{0xa0, 0x84, 0x7f}}), structure},
		{"a version that is no number", with(fieldVersion, raw(0xa0, 4, 1, 2)), structure},
		{"no serial number", without(fieldSerial), structure},
		{"no algorithm", without(fieldAlgorithm), structure},
		{"no issuer", without(fieldIssuer), structure},
		{"no validity", without(fieldValidity), structure},
		{"no subject", without(fieldSubject), structure},
		{"no key", without(fieldKey), structure},
		{"no fields", func(f *fields) { f.TBS = nil }, structure},
		{"no name for an issuer", with(fieldIssuer, raw(0x30, 5, 0)), "malformed name"},
		{"no name for a subject", with(fieldSubject, raw(0x30, 5, 0)), "malformed name"},
		{"no date", with(fieldValidity, raw(0x30)), "malformed validity"},
		{"one date", with(fieldValidity, raw(0x30, append([]byte{0x17, 13}, "250101000000Z"...)...)), "malformed validity"},
		{"a first date that is none", with(fieldValidity, raw(0x30, append([]byte{0x17, 1, '2', 0x17, 13}, "250101000000Z"...)...)), "malformed validity"},
		{"a date that is none", with(fieldValidity, raw(0x30, append([]byte{0x17, 13}, "251301000000Z"...)...)), "malformed validity"},
		{"no signature", func(f *fields) { f.Signature = raw(5) }, structure},
		{"a signature without any octet", func(f *fields) { f.Signature = raw(3) }, structure},
		{"a signature of no bits", func(f *fields) { f.Signature = raw(3, 0) }, ""},
		{"no algorithm of the signature", func(f *fields) { f.Algorithm = raw(5) }, structure},
	} {
		c := ParseCertificate(changed(t, made, test.change))
		if got := strings.Join(c.Malformed(), "; "); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		if c.info().err != nil && (c.SelfIssued() || c.SignedBy(made) == nil || made.SignedBy(c) == nil) {
			t.Errorf("%s: it is self-issued, or signed, or signs", test.name)
		}
	}
	if list := ParseCertificate(append(slices.Clone(made.Raw), 5, 0)).Malformed(); !slices.Equal(list, []string{structure}) {
		t.Errorf("a certificate and more: %q", list)
	}
}

// TestSignedBy holds which certificate is signed by which, and by itself.
func TestSignedBy(t *testing.T) {
	ca, other := entity{"CA", 1}, entity{"Other CA", 1}
	root, user := sign(t, ca, ca), sign(t, entity{"User", 2}, ca, asLeaf)
	undated := ParseCertificate(bytes.Replace(root.Raw, []byte("\x17\x0d2"), []byte("\x17\x0dx"), 1))
	for _, test := range []struct {
		name   string
		c, by  *Certificate
		signed bool
	}{
		{"a root", root, root, true},
		{"a user", user, root, true},
		{"the other way round", root, user, false},
		{"another name with the same key", user, sign(t, other, other), false},
		{"the same name with another key", user, sign(t, entity{"CA", 3}, entity{"CA", 3}), false},
		{"itself", user, user, false},
		{"nothing", user, nil, false},
		{"a root whose dates cannot be read", user, undated, false},
		{"the same, by itself", undated, undated, false},
	} {
		if err := test.c.SignedBy(test.by); (err == nil) != test.signed {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	forged := sign(t, ca, entity{"CA", 3}, func(c *x509.Certificate) { c.AuthorityKeyId = testKeyID(1) }) // which is its own
	if !root.SelfSigned() || user.SelfSigned() || sign(t, ca, entity{"CA", 3}).SelfSigned() || forged.SelfSigned() {
		t.Error("the root alone is self-signed")
	}

	// Where the signature cannot be checked, the key identifiers decide.
	unknown := []byte{0x30, 4, 6, 2, 0x2a, 3}
	md5 := []byte{0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 4, 5, 0}
	ids := func(subject, authority []byte) func(*x509.Certificate) {
		return func(c *x509.Certificate) {
			c.IsCA, c.KeyUsage = false, 0 // of a CA, CreateCertificate makes an identifier
			c.SubjectKeyId, c.AuthorityKeyId = subject, authority
		}
	}
	one, two := []byte{1}, []byte{2}
	for _, test := range []struct {
		name               string
		subject, authority []byte
		want               bool
	}{
		{"none", nil, nil, true},
		{"of the subject", one, nil, true},
		{"of the issuer", nil, one, true},
		{"the same", one, one, true},
		{"different", one, two, false},
	} {
		for kind, algorithm := range map[string][]byte{"an unknown algorithm": unknown, "MD5": md5} {
			c := ParseCertificate(changed(t, sign(t, ca, ca, ids(test.subject, test.authority)), func(f *fields) {
				f.TBS[fieldAlgorithm].FullBytes, f.Algorithm.FullBytes = algorithm, algorithm
			}))
			if c.Err() != nil || !bytes.Equal(c.SubjectKeyID(), test.subject) || !bytes.Equal(c.AuthorityKeyID(), test.authority) {
				t.Fatalf("%s, %s: %v, %x, %x", kind, test.name, c.Err(), c.SubjectKeyID(), c.AuthorityKeyID())
			}
			if c.SelfSigned() != test.want {
				t.Errorf("%s, identifiers %s: self-signed %t", kind, test.name, !test.want)
			}
			of := ParseCertificate(changed(t, sign(t, entity{"User", 2}, ca, ids(test.subject, test.authority)), func(f *fields) {
				f.TBS[fieldAlgorithm].FullBytes, f.Algorithm.FullBytes = algorithm, algorithm
			}))
			if of.Err() != nil || of.SelfSigned() {
				t.Errorf("%s, identifiers %s: %v, self-signed by another", kind, test.name, of.Err())
			}
		}
	}
}

// TestTimes holds the reading of dates to that of cryptobyte.
func TestTimes(t *testing.T) {
	for _, s := range []string{
		"260229000000Z", "240229235959Z", "500101000000Z", "491231235959Z", "000000000000Z", "241301000000Z", "240101240000Z", "240101006000Z", "240101000060Z",
		"24010100000aZ", "240101000000z", "240101000000+", "2401010000 0Z", "990630120000Z", "2401010000Z", "240101000000+0100", "20500101000000Z", "20490101000000Z", "20500101000060Z", "",
	} {
		for _, tag := range []casn1.Tag{casn1.UTCTime, casn1.GeneralizedTime, casn1.UTF8String} {
			input := append([]byte{byte(tag), byte(len(s))}, s...)
			ours, theirs := cryptobyte.String(input), cryptobyte.String(input)
			var want time.Time
			read := theirs.ReadASN1UTCTime
			if tag == casn1.GeneralizedTime {
				read = theirs.ReadASN1GeneralizedTime
			}
			wantOK := read(&want)
			if got, ok := readTime(&ours); ok != wantOK || ok && (!got.Equal(want) || !ours.Empty()) {
				t.Errorf("%d %s: %v %t, want %v %t", tag, s, got, ok, want, wantOK)
			}
		}
	}
}

// TestUTCTime holds that times are read as the library reads them: with each octet
// replaced, in turn, of times at the ends of days, months and years.
func TestUTCTime(t *testing.T) {
	for _, s := range []string{"240229235959Z", "230228000000Z", "000101000000Z", "991231235959Z", "491231235959Z", "500101000000Z", "260930123456Z", "261031230000Z"} {
		for at := range len(s) {
			for c := range 256 {
				changed := []byte(s)
				changed[at] = byte(c)
				der := cryptobyte.String(append([]byte{byte(casn1.UTCTime), byte(len(s))}, changed...))
				theirs := der
				var want time.Time
				wanted := theirs.ReadASN1UTCTime(&want)
				got, ok := readTime(&der)
				if ok != wanted || ok && (!got.Equal(want) || !der.Empty()) {
					t.Errorf("%q: %s, %t; want %s, %t", changed, got, ok, want, wanted)
				}
			}
		}
	}
}
