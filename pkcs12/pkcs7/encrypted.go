package pkcs7

import (
	"fmt"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/internal/ber"
)

// Object identifiers of content types that are not signed. RFC 5652, RFC 5083, RFC 3274.
const (
	oidEnveloped     = "1.2.840.113549.1.7.3"
	oidEncrypted     = "1.2.840.113549.1.7.6"
	oidAuthEnveloped = "1.2.840.113549.1.9.16.1.23"
	oidCompressed    = "1.2.840.113549.1.9.16.1.9"
)

// maxRecipients is how many recipients of one message are read.
const maxRecipients = 10_000

// An Encrypted is what can be told of an encrypted message without a key.
type Encrypted struct {
	ContentType  string // object identifier, in dotted form
	Recipients   []Recipient
	Cipher       Algorithm
	Bits         int    // of the key of RC2, whose cipher does not name it; 0 for others
	Inner        string // object identifier of the type of what is encrypted
	Certificates []*chain.Certificate
}

// CipherName names the cipher, with the bits of its key where the name lacks them.
func (e *Encrypted) CipherName() string {
	if e.Bits > 0 {
		return fmt.Sprintf("%s, %d bits", e.Cipher.Name, e.Bits)
	}
	return e.Cipher.Name
}

// IsAuthenticated reports whether the message is of type AuthEnvelopedData (RFC 5083),
// whose cipher tells of changes.
func (e *Encrypted) IsAuthenticated() bool { return e.ContentType == oidAuthEnveloped }

// RecipientKind is how the key of a message reaches a recipient.
type RecipientKind int

const (
	keyTransport   RecipientKind = iota + 1 // encrypted for the public key of a certificate
	keyAgreement                            // agreed on with it
	sharedKey                               // encrypted with a key that both have
	byPassword                              // with a password
	otherRecipient                          // in a way of its own
)

// String names it.
func (k RecipientKind) String() string { return string(k.text()) }

func (k RecipientKind) text() say.Text {
	switch k {
	case keyTransport:
		return "key transport"
	case keyAgreement:
		return "key agreement"
	case sharedKey:
		return "shared key"
	case byPassword:
		return "password"
	case otherRecipient:
		return "another kind"
	default:
		return say.Text(fmt.Sprintf("RecipientKind(%d)", int(k)))
	}
}

// MarshalText returns what String returns.
func (k RecipientKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// ByCertificate reports whether the holder of the key of a certificate can open the
// message.
func (r *Recipient) ByCertificate() bool { return r.Kind == keyTransport || r.Kind == keyAgreement }

// ByPassword reports whether who knows a password can open the message.
func (r *Recipient) ByPassword() bool { return r.Kind == byPassword }

// A Recipient is one of those who can open a message.
type Recipient struct {
	Kind       RecipientKind
	Identifier           // of the certificate, for key transport and agreement
	Algorithm  Algorithm // by which the key is encrypted or agreed on
	Hash       string    // of RSA-OAEP, its name
	Wrap       string    // of key agreement, the name of what the key is wrapped with
}

// AlgorithmName names how the key is encrypted, with its parameters.
func (r *Recipient) AlgorithmName() string {
	switch {
	case r.Hash != "":
		return r.Algorithm.Name + " " + r.Hash
	case r.Wrap != "":
		return r.Algorithm.Name + ", " + r.Wrap
	default:
		return r.Algorithm.Name
	}
}

// ParseEncrypted reads a message of type EnvelopedData, AuthEnvelopedData or
// EncryptedData, in the forms that [Parse] takes. Nothing is decrypted. Every error is
// a [*FormatError] or, for other types, a [*ContentTypeError]. It is safe for
// concurrent use.
func ParseEncrypted(data []byte) (*Encrypted, error) {
	contentType, content, err := open(data)
	if err != nil {
		return nil, err
	}
	m := &Encrypted{ContentType: contentType}
	switch contentType {
	case oidEnveloped, oidAuthEnveloped, oidEncrypted:
	default:
		return nil, &ContentTypeError{contentType, "EnvelopedData, AuthEnvelopedData or EncryptedData"}
	}
	if err := m.parse(content); err != nil {
		return nil, formatError(err)
	}
	return m, nil
}

// open reads what every message begins with.
func open(data []byte) (contentType string, content *ber.Reader, err error) {
	if len(data) > maxSize {
		return "", nil, formatError(say.Errorf("more than %d octets", maxSize))
	}
	body, _ := unwrap(data)
	if body == nil {
		return "", nil, formatError(say.Errorf("neither a binary message nor PEM or base64 text of one"))
	}
	info, err := ber.New(body, nil).Sequence()
	if err != nil {
		return "", nil, formatError(err)
	}
	if contentType, err = info.OID(); err != nil {
		return "", nil, formatError(err)
	}
	if content, err = info.Inside(ber.ContextSpecific, 0); err != nil {
		return "", nil, formatError(err)
	}
	return contentType, content, nil
}

// EnvelopedData ::= SEQUENCE {
//
//	version               INTEGER,
//	originatorInfo        [0] IMPLICIT SEQUENCE { certs [0], crls [1] } OPTIONAL,
//	recipientInfos        SET OF RecipientInfo,
//	encryptedContentInfo  SEQUENCE { OBJECT IDENTIFIER, AlgorithmIdentifier, [0] OCTET STRING OPTIONAL },
//	… }
//
// AuthEnvelopedData begins with the same, EncryptedData has no recipients.
func (m *Encrypted) parse(content *ber.Reader) error {
	r, err := content.Sequence()
	if err != nil {
		return err
	}
	if _, err := r.Int(); err != nil {
		return err
	}
	if m.ContentType != oidEncrypted {
		if err := m.parseOriginator(r); err != nil {
			return err
		}
		set, err := r.Inside(ber.Universal, ber.Set)
		if err != nil {
			return err
		}
		for !set.Empty() {
			e, err := set.Next()
			if err != nil {
				return err
			}
			if err := m.addRecipient(e); err != nil {
				return err
			}
			if len(m.Recipients) > maxRecipients {
				return say.Errorf("more than %d recipients", maxRecipients)
			}
		}
	}
	info, err := r.Sequence()
	if err != nil {
		return err
	}
	if m.Inner, err = info.OID(); err != nil {
		return err
	}
	if m.Cipher, err = algorithm(info); err != nil {
		return err
	}
	m.Bits = rc2Bits(m.Cipher)
	return nil
}

func (m *Encrypted) parseOriginator(r *ber.Reader) error {
	e, ok, err := r.Optional(ber.ContextSpecific, 0)
	if err != nil || !ok {
		return err
	}
	info, err := e.Inside()
	if err != nil {
		return err
	}
	var certs SignedData
	if err := certs.parseCertificates(info); err != nil {
		return err
	}
	m.Certificates = certs.Certificates
	return nil
}

// addRecipient reads a RecipientInfo (RFC 5652, Section 6.2):
//
//	CHOICE {
//	    SEQUENCE { version, rid, keyEncryptionAlgorithm, encryptedKey }      key transport
//	    [1] { version, [0] originator, [1] ukm, algorithm, SEQUENCE OF { rid, encryptedKey } }
//	    [2] { version, kekid SEQUENCE { OCTET STRING, … }, algorithm, … }
//	    [3] { version, [0] key derivation, algorithm, … }
//	    [4] { OBJECT IDENTIFIER, … } }
func (m *Encrypted) addRecipient(e ber.Element) error {
	inside, err := e.Inside()
	if err != nil {
		return err
	}
	switch {
	case e.Is(ber.Universal, ber.Sequence):
		return m.addTransport(inside)
	case e.Is(ber.ContextSpecific, 1):
		return m.addAgreement(inside)
	case e.Is(ber.ContextSpecific, 2):
		m.Recipients = append(m.Recipients, Recipient{Kind: sharedKey})
	case e.Is(ber.ContextSpecific, 3):
		m.Recipients = append(m.Recipients, Recipient{Kind: byPassword})
	default:
		m.Recipients = append(m.Recipients, Recipient{Kind: otherRecipient})
	}
	return nil
}

func (m *Encrypted) addTransport(r *ber.Reader) error {
	if _, err := r.Int(); err != nil {
		return err
	}
	rec := Recipient{Kind: keyTransport}
	if err := rec.Identifier.parse(r); err != nil {
		return err
	}
	var err error
	if rec.Algorithm, err = algorithm(r); err != nil {
		return err
	}
	if rec.Algorithm.OID == oidOAEP {
		rec.Hash = hashIn(rec.Algorithm)
	}
	m.Recipients = append(m.Recipients, rec)
	return nil
}

func (m *Encrypted) addAgreement(r *ber.Reader) error {
	if _, err := r.Int(); err != nil {
		return err
	}
	for _, tag := range []int{0, 1} {
		if _, _, err := r.Optional(ber.ContextSpecific, tag); err != nil {
			return err
		}
	}
	how, err := algorithm(r)
	if err != nil {
		return err
	}
	wrap := ""
	if how.params != nil {
		if w, err := readAlgorithm(*how.params); err == nil {
			wrap = w.Name
		}
	}
	keys, err := r.Sequence()
	if err != nil {
		return err
	}
	for !keys.Empty() {
		one, err := keys.Sequence()
		if err != nil {
			return err
		}
		rec := Recipient{Kind: keyAgreement, Algorithm: how, Wrap: wrap}
		// rKeyId is [0] { OCTET STRING, … }, not the string itself.
		if key, ok, err := one.Optional(ber.ContextSpecific, 0); err != nil {
			return err
		} else if ok {
			inside, err := key.Inside()
			if err != nil {
				return err
			}
			if rec.KeyID, err = inside.Octets(); err != nil {
				return err
			}
		} else if err := rec.Identifier.parse(one); err != nil {
			return err
		}
		m.Recipients = append(m.Recipients, rec)
		if len(m.Recipients) > maxRecipients {
			break
		}
	}
	return nil
}

// hashIn returns the name of the hash of RSA-OAEP or RSASSA-PSS (RFC 4055, Sections 4.1
// and 3.1), SHA-1 where it does not say.
func hashIn(a Algorithm) string {
	const standard = "sha1"
	if a.params == nil {
		return standard
	}
	r, err := a.params.Inside()
	if err != nil {
		return standard
	}
	e, ok, err := r.Optional(ber.ContextSpecific, 0)
	if err != nil || !ok {
		return standard
	}
	inside, err := e.Inside()
	if err != nil {
		return standard
	}
	hash, err := algorithm(inside)
	if err != nil {
		return standard
	}
	return hash.Name
}

// rc2Versions are what RC2 writes for the bits of its key (RFC 8018, Appendix B.2.3).
var rc2Versions = map[int64]int{160: 40, 120: 64, 58: 128}

// rc2Bits returns the bits of the key of RC2, 0 for other ciphers.
func rc2Bits(a Algorithm) int {
	if a.Name != "rc2-cbc" || a.params == nil {
		return 0
	}
	r, err := a.params.Inside()
	if err != nil {
		return 0
	}
	v, err := r.Int()
	if err != nil {
		return 0
	}
	if bits, ok := rc2Versions[v.Int64()]; ok {
		return bits
	}
	if v.IsInt64() && v.Int64() >= 256 && v.Int64() <= 1024 {
		return int(v.Int64())
	}
	return 32 // without a version, and for what is not known
}
