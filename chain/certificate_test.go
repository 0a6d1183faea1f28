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
)

// TestAccessors holds what a Certificate says of itself to crypto/x509.
func TestAccessors(t *testing.T) {
	ca := entity{"CA", 1}
	made := sign(t, entity{"User", 2}, ca, asLeaf, func(c *x509.Certificate) {
		c.SerialNumber = big.NewInt(0x80) // takes an octet of zero in front
		c.IssuingCertificateURL = []string{"http://ca.example.com/ca.cer"}
		c.CRLDistributionPoints = []string{"http://ca.example.com/ca.crl", "ldap:///cn=ca"}
	})
	for name, c := range map[string]*Certificate{"of DER": ParseCertificate(made.Raw), "of x509": FromX509(made.Cert)} {
		want := made.Cert
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
		if c.Err == nil || len(c.Malformed()) == 0 {
			t.Errorf("%s: %v, %v", name, c.Err, c.Malformed())
		}
		if c.SPKISHA256() != [sha256.Size]byte{} || c.SerialNumber() != nil || c.AIA() != nil || !c.NotAfter().IsZero() {
			t.Errorf("%s has a key, a serial number, an address or an end", name)
		}
	}
}

// TestFields holds what is minded around the extensions, where crypto/x509 does
// not look, and inside them. A certificate that is changed has a wrong signature,
// which is nothing to the reading.
func TestFields(t *testing.T) {
	const version, extensions = 0, 7 // indices of fields
	raw := func(tag byte, contents ...byte) asn1.RawValue {
		return asn1.RawValue{FullBytes: append([]byte{tag, byte(len(contents))}, contents...)}
	}
	numbered := func(n byte) asn1.RawValue { return raw(0xa0, 2, 1, n-1) }
	identifier := raw(0x81, 0, 1) // [1]
	usages := func(value ...byte) func(*x509.Certificate) {
		return func(c *x509.Certificate) {
			c.ExtKeyUsage = nil
			c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Value: value}}
		}
	}
	same := func(tbs []asn1.RawValue) []asn1.RawValue { return tbs }
	for _, test := range []struct {
		name   string
		make   func(*x509.Certificate)
		change func([]asn1.RawValue) []asn1.RawValue
		want   string // what is malformed
	}{
		{"as made", asLeaf, same, ""},
		{"version 1 and extensions", asLeaf, func(tbs []asn1.RawValue) []asn1.RawValue { return tbs[1:] },
			"malformed: extensions in a certificate that is not of version 3"},
		{"version 2 and extensions", asLeaf, func(tbs []asn1.RawValue) []asn1.RawValue {
			tbs[version] = numbered(2)
			return tbs
		}, "malformed: extensions in a certificate that is not of version 3"},
		{"version 2 and an identifier", asLeaf, func(tbs []asn1.RawValue) []asn1.RawValue {
			tbs[version] = numbered(2)
			return append(tbs[:extensions], identifier)
		}, ""},
		{"version 1 and an identifier", asLeaf, func(tbs []asn1.RawValue) []asn1.RawValue {
			return append(tbs[1:extensions], identifier)
		}, "malformed: field after the key"},
		{"version 3 and an identifier", asLeaf, func(tbs []asn1.RawValue) []asn1.RawValue {
			return slices.Insert(tbs, extensions, identifier)
		}, ""},
		{"a field after the extensions", asLeaf, func(tbs []asn1.RawValue) []asn1.RawValue {
			return append(tbs, identifier)
		}, "malformed: field after the extensions"},
		{"a field of no kind for extensions", asLeaf, func(tbs []asn1.RawValue) []asn1.RawValue {
			return append(tbs[:extensions], raw(0xa4))
		}, "malformed: field after the extensions"},
		{"usages", usages(0x30, 6, 6, 4, 0x55, 0x1d, 0x25, 0), same, ""},
		{"no usage", usages(0x30, 0), same, ""},
		{"octets after the usages", usages(0x30, 6, 6, 4, 0x55, 0x1d, 0x25, 0, 0), same, "malformed: extension 2.5.29.37"},
		{"a usage that is a number", usages(0x30, 3, 2, 1, 1), same, "malformed: extension 2.5.29.37"},
	} {
		made := sign(t, entity{"User", 2}, entity{"CA", 1}, test.make)
		var cert struct {
			TBS                  []asn1.RawValue
			Algorithm, Signature asn1.RawValue
		}
		if _, err := asn1.Unmarshal(made.Raw, &cert); err != nil || len(cert.TBS) != extensions+1 {
			t.Fatalf("%s: %d fields, %v", test.name, len(cert.TBS), err)
		}
		cert.TBS = test.change(cert.TBS)
		der, err := asn1.Marshal(cert)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(ParseCertificate(der).Malformed(), "; "); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
