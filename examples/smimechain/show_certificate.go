package main

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
)

// certificateFacts are what show says about a certificate, in JSON by these names.
// What crypto/x509 refuses to read is empty.
type certificateFacts struct {
	Subject      string   `json:"subject,omitempty"`
	Issuer       string   `json:"issuer,omitempty"`
	Role         string   `json:"role,omitempty"` // user, ca, or root: a CA that is self-signed
	SerialNumber string   `json:"serial_number,omitempty"`
	NotBefore    string   `json:"not_before,omitempty"` // RFC 3339, UTC
	NotAfter     string   `json:"not_after,omitempty"`  // RFC 3339, UTC
	Emails       []string `json:"emails,omitempty"`
	Key          string   `json:"key,omitempty"`
	Signature    string   `json:"signature_algorithm,omitempty"`
	KeyUsage     []string `json:"key_usage,omitempty"`
	ExtKeyUsage  []string `json:"extended_key_usage,omitempty"`
	SHA256       string   `json:"sha256,omitempty"`
	SHA1         string   `json:"sha1,omitempty"` // what Windows calls the thumbprint
}

// certificateRoles are the roles in words.
var certificateRoles = map[string]say.Text{
	"user": "certificate of a user",
	"ca":   "certificate of a CA",
	"root": "certificate of a CA, self-signed",
}

func factsOf(c *chain.Certificate) certificateFacts {
	sum := sha1.Sum(c.Raw) // names the certificate, proves nothing
	f := certificateFacts{
		Subject: c.Subject(), Issuer: c.Issuer(), Role: "user", SerialNumber: hex.EncodeToString(c.SerialNumber()), Emails: c.Emails(),
		SHA256: fingerprint(c.Raw), SHA1: hex.EncodeToString(sum[:]),
	}
	if !c.NotAfter().IsZero() {
		f.NotBefore, f.NotAfter = c.NotBefore().UTC().Format(time.RFC3339), c.NotAfter().UTC().Format(time.RFC3339)
	}
	switch {
	case c.IsCA() && c.SelfSigned():
		f.Role = "root"
	case c.IsCA():
		f.Role = "ca"
	case c.Cert == nil:
		f.Role = ""
	}
	if c.Cert == nil {
		return f
	}
	f.Key, f.Signature = keyOf(c.Cert), c.Cert.SignatureAlgorithm.String()
	for i, name := range keyUsages {
		if c.Cert.KeyUsage&(1<<i) != 0 {
			f.KeyUsage = append(f.KeyUsage, name)
		}
	}
	f.ExtKeyUsage = extKeyUsages(c.Cert)
	return f
}

// keyUsages are the names of the bits of keyUsage (RFC 5280, Section 4.2.1.3).
var keyUsages = []string{
	"digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
	"keyCertSign", "cRLSign", "encipherOnly", "decipherOnly",
}

func extKeyUsages(c *x509.Certificate) []string {
	for _, e := range c.Extensions {
		var list []asn1.ObjectIdentifier
		if e.Id.Equal(asn1.ObjectIdentifier{2, 5, 29, 37}) {
			if _, err := asn1.Unmarshal(e.Value, &list); err == nil {
				return usageNames(list)
			}
		}
	}
	return nil
}

// microsoftUsages are names of extended key usages that stores of Windows are full of.
var microsoftUsages = map[string]string{
	"1.3.6.1.5.5.7.3.3":       "codeSigning",
	"1.3.6.1.5.5.7.3.8":       "timeStamping",
	"1.3.6.1.5.5.7.3.9":       "OCSPSigning",
	"1.3.6.1.4.1.311.10.3.4":  "encryptedFileSystem",
	"1.3.6.1.4.1.311.10.3.12": "documentSigning",
	"1.3.6.1.4.1.311.20.2.2":  "smartcardLogon",
}

// usageNames names extended key usages, those of package x509 or of asn1.
func usageNames[T fmt.Stringer](oids []T) []string {
	var names []string
	for _, oid := range oids {
		name := ekuName(parseEKU(oid.String()))
		if known, ok := microsoftUsages[name]; ok {
			name = known
		}
		names = append(names, name)
	}
	return names
}

func keyOf(c *x509.Certificate) string {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d", k.N.BitLen())
	case *ecdsa.PublicKey:
		return "EC " + k.Curve.Params().Name
	case ed25519.PublicKey:
		return "Ed25519"
	default:
		return c.PublicKeyAlgorithm.String()
	}
}

// certificate writes what is known of a certificate, but for its subject.
func (l *labelled) certificate(f *certificateFacts) {
	l.line("issuer", f.Issuer)
	l.line("kind", l.page.text(certificateRoles[f.Role]))
	l.line("serial number", f.SerialNumber)
	if f.NotAfter != "" {
		l.say("valid", "%s to %s", f.NotBefore, f.NotAfter)
	}
	l.line("addresses", strings.Join(f.Emails, ", "))
	if f.Key != "" {
		l.say("public key", "%s, signed with %s", f.Key, f.Signature)
	}
	l.line("key usage", strings.Join(f.KeyUsage, ", "))
	l.line("extended usage", strings.Join(f.ExtKeyUsage, ", "))
	l.line("SHA-256", f.SHA256)
	l.line("thumbprint", f.SHA1)
}
