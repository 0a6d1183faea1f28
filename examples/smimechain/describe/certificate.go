package describe

import (
	"crypto/sha1"
	"encoding/hex"

	"github.com/smimechain/smimechain/chain"
)

// Certificate is what a certificate says. What it lacks, or what cannot be read, is
// empty; of one that cannot be read as a whole there are at least the hashes.
type Certificate struct {
	Subject      string   `json:"subject,omitempty"`
	Issuer       string   `json:"issuer,omitempty"`
	Role         string   `json:"role,omitempty"` // user, ca, or root: a CA that is self-signed
	SerialNumber string   `json:"serial_number,omitempty"`
	NotBefore    string   `json:"not_before,omitempty"`          // RFC 3339, UTC
	NotAfter     string   `json:"not_after,omitempty"`           // RFC 3339, UTC
	Emails       []string `json:"emails,omitempty"`              // in the order of chain.Certificate.Emails
	Key          string   `json:"key,omitempty"`                 // algorithm and size of the public key, as chain writes it
	Signature    string   `json:"signature_algorithm,omitempty"` // as crypto/x509 writes it
	KeyUsage     []string `json:"key_usage,omitempty"`           // by the names of RFC 5280, Section 4.2.1.3
	ExtKeyUsage  []string `json:"extended_key_usage,omitempty"`  // as chain.UsageName writes them
	SHA256       string   `json:"sha256,omitempty"`
	SHA1         string   `json:"sha1,omitempty"` // what Windows calls the thumbprint
}

// NewCertificate describes a certificate.
func NewCertificate(c *chain.Certificate) Certificate {
	sum := sha1.Sum(c.Raw) // names the certificate, proves nothing
	d := Certificate{
		Subject: c.Subject(), Issuer: c.Issuer(), Role: "user", SerialNumber: hex.EncodeToString(c.SerialNumber()), Emails: c.Emails(),
		SHA256: fingerprint(c), SHA1: hex.EncodeToString(sum[:]),
	}
	if !c.NotAfter().IsZero() {
		d.NotBefore, d.NotAfter = stamp(c.NotBefore()), stamp(c.NotAfter())
	}
	switch {
	case c.Err() != nil:
		d.Role = ""
		return d
	case c.IsCA() && c.SelfSigned():
		d.Role = "root"
	case c.IsCA():
		d.Role = "ca"
	}
	d.Key, d.Signature = c.PublicKey().String(), c.SignatureAlgorithm().String()
	usage, _ := c.KeyUsage()
	for i, name := range keyUsages {
		if usage&(1<<i) != 0 {
			d.KeyUsage = append(d.KeyUsage, name)
		}
	}
	for _, oid := range c.ExtKeyUsages() {
		d.ExtKeyUsage = append(d.ExtKeyUsage, chain.UsageName(oid))
	}
	return d
}

// keyUsages are the names of the bits of keyUsage (RFC 5280, Section 4.2.1.3).
var keyUsages = []string{
	"digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
	"keyCertSign", "cRLSign", "encipherOnly", "decipherOnly",
}
