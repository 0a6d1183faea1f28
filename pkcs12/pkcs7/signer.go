package pkcs7

import (
	"bytes"
	"hash"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/internal/ber"
)

// Object identifiers of signed attributes. RFC 5652, Section 11.
const (
	oidAttrContentType   = "1.2.840.113549.1.9.3"
	oidAttrMessageDigest = "1.2.840.113549.1.9.4"
	oidAttrSigningTime   = "1.2.840.113549.1.9.5"
)

// An Identifier says whose certificate is meant: by issuer and serial number, or by
// subject key identifier. One of the two is there.
type Identifier struct {
	Issuer []byte // the name, in the encoding of the message, which is DER in practice
	Serial []byte // as [chain.Certificate.SerialNumber] has it
	KeyID  []byte
}

// Means reports whether c is the certificate meant.
func (i *Identifier) Means(c *chain.Certificate) bool {
	if i.Issuer == nil {
		return len(i.KeyID) > 0 && bytes.Equal(i.KeyID, c.SubjectKeyID())
	}
	return bytes.Equal(minimal(i.Serial), minimal(c.SerialNumber())) &&
		(bytes.Equal(i.Issuer, c.RawIssuer()) || chain.NameString(i.Issuer) == chain.NameString(c.RawIssuer()))
}

// minimal takes leading octets off a number that say nothing.
func minimal(b []byte) []byte {
	for len(b) > 1 && (b[0] == 0 && b[1] < 0x80 || b[0] == 0xff && b[1] >= 0x80) {
		b = b[1:]
	}
	return b
}

// Sentence says whose certificate is meant.
func (i *Identifier) Sentence() say.Message {
	if i.Issuer == nil {
		return say.New("the subject key identifier %X", i.KeyID)
	}
	return say.New("the serial number %X, issued by %s", minimal(i.Serial), chain.NameString(i.Issuer))
}

// String returns what Sentence says, in English.
func (i *Identifier) String() string { return i.Sentence().String() }

// A SignerInfo is one signature of a message (RFC 5652, Section 5.3).
type SignerInfo struct {
	Signer    Identifier
	Digest    Algorithm
	Signature Algorithm
	Hash      string // of RSASSA-PSS, its name

	// SigningTime is when the signer says that it signed, which the signature covers
	// and nothing proves; zero where it does not say.
	SigningTime time.Time

	// Err is why the signature cannot be read; the other fields are then zero or as
	// far as they were.
	Err error

	value         []byte
	attributes    []byte // those that are signed, as they are hashed; nil: the content itself is signed
	contentType   string // the attributes; empty where one is missing
	messageDigest []byte
}

// AlgorithmName names how the signature was made, with the hash of RSASSA-PSS. Where the
// algorithm names the key alone, Digest is its hash.
func (s *SignerInfo) AlgorithmName() string {
	if s.Hash != "" {
		return s.Signature.Name + " " + s.Hash
	}
	return s.Signature.Name
}

// SignerInfo ::= SEQUENCE {
//
//	version             INTEGER,
//	sid                 IssuerAndSerialNumber or [0] SubjectKeyIdentifier,
//	digestAlgorithm     AlgorithmIdentifier,
//	signedAttrs         [0] IMPLICIT SET OF Attribute OPTIONAL,
//	signatureAlgorithm  AlgorithmIdentifier,
//	signature           OCTET STRING,
//	unsignedAttrs       [1] IMPLICIT SET OF Attribute OPTIONAL }
func (s *SignerInfo) parse(e ber.Element) error {
	r, err := e.Inside()
	if err != nil {
		return err
	}
	if _, err := r.Int(); err != nil {
		return err
	}
	if err := s.Signer.parse(r); err != nil {
		return err
	}
	if s.Digest, err = algorithm(r); err != nil {
		return err
	}
	attributes, ok, err := r.Optional(ber.ContextSpecific, 0)
	if err != nil {
		return err
	}
	if ok {
		if err := s.parseAttributes(attributes); err != nil {
			return err
		}
	}
	if s.Signature, err = algorithm(r); err != nil {
		return err
	}
	if s.Signature.OID == oidPSS {
		s.Hash = hashIn(s.Signature)
	}
	if s.value, err = r.Octets(); err != nil {
		return err
	}
	if _, _, err := r.Optional(ber.ContextSpecific, 1); err != nil {
		return err
	}
	return r.End()
}

// parse reads an identifier as SignerInfo and KeyTransRecipientInfo have it.
func (i *Identifier) parse(r *ber.Reader) error {
	key, ok, err := r.Optional(ber.ContextSpecific, 0)
	if err != nil {
		return err
	}
	if ok {
		i.KeyID, err = key.Octets()
		return err
	}
	both, err := r.Sequence()
	if err != nil {
		return err
	}
	issuer, err := both.Expect(ber.Universal, ber.Sequence)
	if err != nil {
		return err
	}
	serial, err := both.Expect(ber.Universal, ber.Integer)
	if err != nil {
		return err
	}
	if _, err := serial.Int(); err != nil {
		return err
	}
	i.Issuer, i.Serial = issuer.Raw, serial.Content
	return both.End()
}

// parseAttributes reads the signed attributes. What is hashed is their DER, with the
// tag of a SET (RFC 5652, Section 5.4).
func (s *SignerInfo) parseAttributes(set ber.Element) error {
	r, err := set.Inside()
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for !r.Empty() {
		e, err := r.Expect(ber.Universal, ber.Sequence)
		if err != nil {
			return err
		}
		attr, err := e.Inside()
		if err != nil {
			return err
		}
		oid, err := attr.OID()
		if err != nil {
			return err
		}
		values, err := attr.Inside(ber.Universal, ber.Set)
		if err != nil {
			return err
		}
		switch oid {
		case oidAttrContentType, oidAttrMessageDigest, oidAttrSigningTime:
		default:
			continue
		}
		if seen[oid] {
			return say.Errorf("a signed attribute is there twice")
		}
		seen[oid] = true
		value, err := values.Next()
		if err != nil {
			return err
		}
		if err := values.End(); err != nil {
			return err
		}
		switch oid {
		case oidAttrContentType:
			s.contentType, err = value.OID()
		case oidAttrMessageDigest:
			if !value.Is(ber.Universal, ber.OctetString) {
				return say.Errorf("the digest among the signed attributes is malformed")
			}
			s.messageDigest, err = value.Octets()
		case oidAttrSigningTime:
			s.SigningTime = readTime(value)
		}
		if err != nil {
			return err
		}
	}
	s.attributes, err = ber.AppendDER([]byte{0x31}, set)
	return err
}

// readTime reads a UTCTime or GeneralizedTime, the zero time where it is malformed.
func readTime(e ber.Element) time.Time {
	value := string(e.Content)
	for _, layout := range []string{"20060102150405Z0700", "20060102150405.999Z0700"} {
		if !e.Is(ber.Universal, ber.GeneralizedTime) {
			break
		}
		if t, err := time.Parse(layout, value); err == nil {
			return t.UTC()
		}
	}
	for _, layout := range []string{"060102150405Z0700", "0601021504Z0700"} {
		if !e.Is(ber.Universal, ber.UTCTime) {
			break
		}
		if t, err := time.Parse(layout, value); err == nil {
			if t.Year() >= 2050 { // RFC 5280, Section 4.1.2.5.1
				t = t.AddDate(-100, 0, 0)
			}
			return t.UTC()
		}
	}
	return time.Time{}
}

// NewHash returns the hash that the content was signed with, nil where it is not known
// here.
func (s *SignerInfo) NewHash() hash.Hash {
	h, ok := hashOf(s.Digest)
	if !ok {
		return nil
	}
	return h.New()
}

// HasDigest reports whether sum is the digest among the signed attributes.
func (s *SignerInfo) HasDigest(sum []byte) bool {
	return len(sum) > 0 && bytes.Equal(sum, s.messageDigest)
}
