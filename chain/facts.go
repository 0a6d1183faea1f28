package chain

import (
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// anchors reports whether a certificate that does not say that it is one of a CA may
// be an anchor: it is of a version that cannot.
func (e *extensions) anchors(version int) bool { return !e.hasBasic && version < 3 }

// IsCA reports whether the holder of the certificate is a CA: basicConstraints say so
// (RFC 5280, Section 4.2.1.9), or it is self-signed and of version 1 or 2, which cannot
// say so. Whether the CA may issue what is below it, is for a path to show.
func (c *Certificate) IsCA() bool {
	p := c.info()
	return p.ext.isCA || p.ext.anchors(p.version) && c.SelfSigned()
}

// Allows reports whether the key usage allows a use (RFC 5280, Section 4.2.1.3); a
// certificate without key usage allows all. To encrypt for an RSA key is to transport
// a key, for others to agree on one, of which keyEncipherment was seen to stand for
// too. Extended key usage is [Certificate.AllowsExtended]'s, and whether a CA may issue
// that of its path.
func (c *Certificate) Allows(u Usage) bool {
	p := c.info()
	has := func(bits int) bool { return !p.ext.hasUsage || p.ext.usage&bits != 0 }
	transport := usageKeyEncipherment | usageKeyAgreement
	if p.rsa {
		transport = usageKeyEncipherment
	}
	switch u {
	case Sign:
		return has(usageDigitalSignature | usageContentCommitment)
	case Encrypt:
		return has(transport)
	case signOrEncrypt:
		return has(usageDigitalSignature | usageContentCommitment | transport)
	case Issue:
		return has(usageCertSign)
	default:
		return true
	}
}

// AllowsExtended reports whether the extended key usage allows a purpose, such as
// [EmailProtection] (RFC 5280, Section 4.2.1.12): by its own identifier, by
// anyExtendedKeyUsage, or by there being no such extension.
func (c *Certificate) AllowsExtended(eku asn1.ObjectIdentifier) bool {
	e := &c.info().ext
	return !e.hasEKU || slices.Contains(e.eku, oidAnyEKU) || slices.Contains(e.eku, encodeOID(eku))
}

// KeyUsage returns the bits of the key usage, and whether there is one.
func (c *Certificate) KeyUsage() (x509.KeyUsage, bool) {
	e := &c.info().ext
	return x509.KeyUsage(e.usage), e.hasUsage
}

// ExtKeyUsages returns the identifiers of the extended key usage in dotted form, in
// order; nil if there are none.
func (c *Certificate) ExtKeyUsages() []string { return dotted(c.info().ext.eku) }

// Policies returns the identifiers of the certificate policies in dotted form, in
// order; nil if there are none.
func (c *Certificate) Policies() []string { return dotted(c.info().ext.policies) }

func dotted(oids []string) []string {
	var list []string
	for _, oid := range oids {
		list = append(list, oidString([]byte(oid)))
	}
	return list
}

// Addresses are the e-mail addresses of a certificate by where they stand.
type Addresses struct {
	RFC822   []string // rfc822Name of the subject alternative name
	SmtpUTF8 []string // SmtpUTF8Mailbox there (RFC 9598)
	Subject  []string // attribute emailAddress of the subject
}

// Addresses returns the e-mail addresses, each list in the order of the certificate.
func (c *Certificate) Addresses() Addresses {
	p := c.info()
	return Addresses{p.ext.san.emails, p.ext.san.utf8, subjectEmails(p.subject)}
}

// Emails returns the addresses of the certificate: SAN rfc822Names first,
// then SmtpUTF8Mailboxes, then the emailAddress attributes of the subject.
func (c *Certificate) Emails() []string {
	a := c.Addresses()
	return slices.Concat(a.RFC822, a.SmtpUTF8, a.Subject)
}

// EmailConstraints returns the name constraints on e-mail addresses, those permitted and
// those excluded: a mailbox, a host, or a domain after a dot (RFC 5280, Section
// 4.2.1.10), in lower case.
func (c *Certificate) EmailConstraints() (permitted, excluded []string) {
	of := func(trees []subtree) (list []string) {
		for i := range trees {
			if trees[i].tag == nameEmail {
				list = append(list, trees[i].value)
			}
		}
		return list
	}
	e := &c.info().ext
	return of(e.permitted), of(e.excluded)
}

// CommonName returns the last common name of the subject, empty if there is none. It
// is the text itself, without the escapes of [Certificate.Subject].
func (c *Certificate) CommonName() string {
	names := attributes(c.info().subject, "\x55\x04\x03")
	if len(names) == 0 {
		return ""
	}
	return names[len(names)-1]
}

// SignatureAlgorithm returns the algorithm of the signature as crypto/x509 numbers it,
// [x509.UnknownSignatureAlgorithm] for one that it has no number for.
func (c *Certificate) SignatureAlgorithm() x509.SignatureAlgorithm {
	if s := c.info().signed; s != nil {
		return s.number
	}
	return x509.UnknownSignatureAlgorithm
}

// SignatureScheme returns the name of what the signature was made with, such as
// SHA256-RSA, RSASSA-PSS SHA-256 or ML-DSA-65; its identifier in dotted form where it
// has no name here, and nothing if it cannot be read.
func (c *Certificate) SignatureScheme() string {
	if s := c.info().signed; s != nil {
		return s.name
	}
	return ""
}

// SignatureHash returns the hash function that the signature was made with; 0 where it is
// a part of the algorithm, older than MD5, or not known here.
func (c *Certificate) SignatureHash() crypto.Hash {
	if s := c.info().signed; s != nil {
		return s.hash
	}
	return 0
}

// PublicKey is what is known of a public key without computing with it.
type PublicKey struct {
	Algorithm string // RSA, RSASSA-PSS, EC, Ed25519, Ed448, DSA, ML-DSA-65 and the like, or the dotted identifier of another
	Curve     string // of a key of the algorithm EC: its name, its dotted identifier, or "explicit parameters"; empty for others
	Bits      int    // of the modulus or the curve; 0 if not known
}

// String returns the kind of the key in words, such as "RSA 2048" or "EC P-256".
func (k PublicKey) String() string {
	switch {
	case k.Curve != "":
		return k.Algorithm + " " + k.Curve
	case k.Bits > 0:
		return fmt.Sprintf("%s %d", k.Algorithm, k.Bits)
	default:
		return k.Algorithm
	}
}

// algorithms are the names of keys by the contents of their identifiers: RFC 3279, RFC
// 4055, RFC 5480, RFC 8410, RFC 9215, RFC 9881, RFC 9909, RFC 9935.
var algorithms = func() map[string]string {
	names := map[string]string{
		"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01": "RSA",
		"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x07": "RSAES-OAEP",
		"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a": pss,
		"\x2a\x86\x48\x86\xf7\x0d\x01\x03\x01": "DH",
		"\x2a\x86\x48\xce\x3e\x02\x01":         "DH",
		"\x2a\x86\x48\xce\x3d\x02\x01":         "EC",
		"\x2a\x86\x48\xce\x38\x04\x01":         "DSA",
		"\x2b\x65\x6e":                         "X25519",
		"\x2b\x65\x6f":                         "X448",
		"\x2b\x65\x70":                         "Ed25519",
		"\x2b\x65\x71":                         "Ed448",
		"\x2a\x85\x03\x02\x02\x13":             "GOST R 34.10-2001",
		"\x2a\x85\x03\x07\x01\x01\x01\x01":     "GOST R 34.10-2012 256",
		"\x2a\x85\x03\x07\x01\x01\x01\x02":     "GOST R 34.10-2012 512",
	}
	// The algorithms of NIST, numbered on: 2.16.840.1.101.3.4.3 for signatures, .4 for keys.
	for i, name := range []string{"ML-DSA-44", "ML-DSA-65", "ML-DSA-87",
		"SLH-DSA-SHA2-128s", "SLH-DSA-SHA2-128f", "SLH-DSA-SHA2-192s", "SLH-DSA-SHA2-192f", "SLH-DSA-SHA2-256s", "SLH-DSA-SHA2-256f",
		"SLH-DSA-SHAKE-128s", "SLH-DSA-SHAKE-128f", "SLH-DSA-SHAKE-192s", "SLH-DSA-SHAKE-192f", "SLH-DSA-SHAKE-256s", "SLH-DSA-SHAKE-256f"} {
		names["\x60\x86\x48\x01\x65\x03\x04\x03"+string([]byte{byte(17 + i)})] = name
	}
	for i, name := range []string{"ML-KEM-512", "ML-KEM-768", "ML-KEM-1024"} {
		names["\x60\x86\x48\x01\x65\x03\x04\x04"+string([]byte{byte(1 + i)})] = name
	}
	return names
}()

// PublicKey returns what is known of the public key; the zero value if it cannot be
// read.
func (c *Certificate) PublicKey() PublicKey { return c.publicKey().kind }

// keyAlgorithm returns the name of the algorithm of the key in a SubjectPublicKeyInfo,
// empty where it has none here.
func keyAlgorithm(spki []byte) string {
	input := cryptobyte.String(spki)
	var seq, algorithm cryptobyte.String
	if !input.ReadASN1(&seq, casn1.SEQUENCE) || !seq.ReadASN1Element(&algorithm, casn1.SEQUENCE) {
		return ""
	}
	oid, _, _ := readAlgorithm(algorithm)
	return algorithms[oid]
}

// usageNames are the names of extended key usages: those of RFC 5280, and of Microsoft,
// whose templates and stores are full of its own.
var usageNames = map[string]string{
	"2.5.29.37.0":              "anyExtendedKeyUsage",
	"1.3.6.1.5.5.7.3.1":        "serverAuth",
	"1.3.6.1.5.5.7.3.2":        "clientAuth",
	"1.3.6.1.5.5.7.3.3":        "codeSigning",
	"1.3.6.1.5.5.7.3.4":        "emailProtection",
	"1.3.6.1.5.5.7.3.8":        "timeStamping",
	"1.3.6.1.5.5.7.3.9":        "OCSPSigning",
	"1.3.6.1.4.1.311.10.3.4":   "Encrypting File System",
	"1.3.6.1.4.1.311.10.3.4.1": "File Recovery",
	"1.3.6.1.4.1.311.10.3.12":  "Document Signing",
	"1.3.6.1.4.1.311.20.2.1":   "Certificate Request Agent",
	"1.3.6.1.4.1.311.20.2.2":   "Smart Card Logon",
	"1.3.6.1.4.1.311.21.6":     "Key Recovery Agent",
}

// UsageName returns the name of an extended key usage, or its identifier in dotted
// form, as it was given, where it has none here.
func UsageName(oid string) string {
	if name, ok := usageNames[oid]; ok {
		return name
	}
	return oid
}
