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
