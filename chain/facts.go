package chain

import (
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"math/big"
	"slices"

	"github.com/smimechain/smimechain/lint/say"
	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Role is what a certificate says that its holder is.
type Role uint8

// The roles.
const (
	RoleUnknown Role = iota // the certificate cannot be read
	EndEntity               // a user, a server
	CA                      // an authority, which issues
)

// String returns the role in words.
func (r Role) String() string { return string(r.text()) }

func (r Role) text() say.Text {
	switch r {
	case EndEntity:
		return "end entity"
	case CA:
		return "CA"
	default:
		return "unknown"
	}
}

// MarshalText returns what String returns.
func (r Role) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Role returns what the holder of the certificate is, and why: a CA where
// basicConstraints say so (RFC 5280, Section 4.2.1.9), or where a self-signed
// certificate is of version 1 or 2, which cannot say so. Whether the CA may issue what
// is below it, is for a path to show.
func (c *Certificate) Role() (Role, say.Message) {
	p := c.info()
	e := &p.ext
	switch {
	case e.isCA:
		return CA, say.New("basicConstraints say so")
	case p.err != nil:
		return RoleUnknown, say.New("%v", p.err)
	case e.hasBasic:
		return EndEntity, say.New("basicConstraints say that it is no CA")
	case c.IsCA():
		return CA, say.New("it is self-signed, of a version without basicConstraints")
	default:
		return EndEntity, say.New("it has no basicConstraints")
	}
}

// anchors reports whether a certificate that does not say that it is one of a CA may
// be an anchor: it is of a version that cannot.
func (e *extensions) anchors(version int) bool { return !e.hasBasic && version < 3 }

// IsCA reports whether the role is [CA].
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
	case SignOrEncrypt:
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
func (c *Certificate) SignatureAlgorithm() x509.SignatureAlgorithm { return c.info().signed }

// PublicKey is what is known of a public key without computing with it.
type PublicKey struct {
	Algorithm string // RSA, RSASSA-PSS, EC, Ed25519, Ed448, DSA, or the dotted identifier of another
	Curve     string // of a key of the algorithm EC: its name, or its dotted identifier; empty for others
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

// algorithms are the names of keys by the contents of their identifiers.
var algorithms = map[string]string{
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01": "RSA",
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a": "RSASSA-PSS",
	"\x2a\x86\x48\xce\x3d\x02\x01":         "EC",
	"\x2a\x86\x48\xce\x38\x04\x01":         "DSA",
	"\x2b\x65\x70":                         "Ed25519",
	"\x2b\x65\x71":                         "Ed448",
}

// curves are the named curves of RFC 5480, RFC 5639 and SEC 2.
var curves = map[string]struct {
	name string
	bits int
}{
	"1.2.840.10045.3.1.1":   {"P-192", 192},
	"1.3.132.0.33":          {"P-224", 224},
	"1.2.840.10045.3.1.7":   {"P-256", 256},
	"1.3.132.0.34":          {"P-384", 384},
	"1.3.132.0.35":          {"P-521", 521},
	"1.3.132.0.10":          {"secp256k1", 256},
	"1.3.36.3.3.2.8.1.1.3":  {"brainpoolP192r1", 192},
	"1.3.36.3.3.2.8.1.1.5":  {"brainpoolP224r1", 224},
	"1.3.36.3.3.2.8.1.1.7":  {"brainpoolP256r1", 256},
	"1.3.36.3.3.2.8.1.1.8":  {"brainpoolP256t1", 256},
	"1.3.36.3.3.2.8.1.1.9":  {"brainpoolP320r1", 320},
	"1.3.36.3.3.2.8.1.1.10": {"brainpoolP320t1", 320},
	"1.3.36.3.3.2.8.1.1.11": {"brainpoolP384r1", 384},
	"1.3.36.3.3.2.8.1.1.12": {"brainpoolP384t1", 384},
	"1.3.36.3.3.2.8.1.1.13": {"brainpoolP512r1", 512},
	"1.3.36.3.3.2.8.1.1.14": {"brainpoolP512t1", 512},
}

// PublicKey returns what is known of the public key; the zero value if it cannot be
// read.
func (c *Certificate) PublicKey() PublicKey {
	input := cryptobyte.String(c.info().spki)
	var spki, algorithm, bits cryptobyte.String
	var unused uint8
	if !input.ReadASN1(&spki, casn1.SEQUENCE) || !spki.ReadASN1Element(&algorithm, casn1.SEQUENCE) ||
		!spki.ReadASN1(&bits, casn1.BIT_STRING) || !bits.ReadUint8(&unused) {
		return PublicKey{}
	}
	oid, params, _ := readAlgorithm(algorithm)
	k := PublicKey{Algorithm: algorithms[oid]}
	switch k.Algorithm {
	case "":
		k.Algorithm = oidString([]byte(oid))
	case "RSA", "RSASSA-PSS":
		var key cryptobyte.String
		n := new(big.Int)
		if bits.ReadASN1(&key, casn1.SEQUENCE) && key.ReadASN1Integer(n) {
			k.Bits = n.BitLen()
		}
	case "EC":
		var curve cryptobyte.String
		if !params.ReadASN1(&curve, casn1.OBJECT_IDENTIFIER) {
			k.Curve = "explicit parameters"
			break
		}
		k.Curve = oidString(curve)
		if known, ok := curves[k.Curve]; ok {
			k.Curve, k.Bits = known.name, known.bits
		}
	}
	return k
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
