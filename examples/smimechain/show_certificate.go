package main

import (
	"crypto/sha1"
	"encoding/hex"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
)

// certificateFacts are what show says about a certificate, in JSON by these names.
// What cannot be read is empty.
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
	case c.Err() != nil:
		f.Role = ""
		return f
	case c.IsCA() && c.SelfSigned():
		f.Role = "root"
	case c.IsCA():
		f.Role = "ca"
	}
	f.Key, f.Signature = c.PublicKey().String(), c.SignatureAlgorithm().String()
	usage, _ := c.KeyUsage()
	for i, name := range keyUsages {
		if usage&(1<<i) != 0 {
			f.KeyUsage = append(f.KeyUsage, name)
		}
	}
	for _, oid := range c.ExtKeyUsages() {
		f.ExtKeyUsage = append(f.ExtKeyUsage, chain.UsageName(oid))
	}
	return f
}

// keyUsages are the names of the bits of keyUsage (RFC 5280, Section 4.2.1.3).
var keyUsages = []string{
	"digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
	"keyCertSign", "cRLSign", "encipherOnly", "decipherOnly",
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
