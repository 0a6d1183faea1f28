package pkcs7

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/internal/ber"
)

// Limits of [Parse]. A message beyond them is a [*FormatError].
const (
	maxSize         = 64 << 20 // octets of input
	maxCertificates = 100_000  // certificates and CRLs together
)

// Object identifiers of content types. RFC 5652, Sections 4 and 5.
const (
	oidData       = "1.2.840.113549.1.7.1"
	oidSignedData = "1.2.840.113549.1.7.2"
)

// SignedData is what was found in a SignedData message. The order of the slices
// is that of the file. Values that Parse returns share the memory of its
// argument, except in PEM and base64.
type SignedData struct {
	Encoding     Encoding
	Armor        Armor  // text that the message is wrapped in
	ContentType  string // object identifier of the signed content, in dotted form
	Content      []byte // what is signed, of type data; nil where it is elsewhere, of another type or malformed
	Certificates []*chain.Certificate
	CRLs         []CRL
	Other        []Other      // what is neither an X.509 certificate nor an X.509 CRL
	Signers      int          // signatures; 0 in a certificates-only message
	SignerInfos  []SignerInfo // of these, at most 64 and one that says so
	Trailing     int          // octets after the message

	digests map[string]bool // identifiers of those that the message says it has
	signed  []byte          // what is signed, of whatever type; nil where it is elsewhere or malformed

	malformed bool // there is something in the place of what is signed, and it cannot be read
}

// Detached reports whether what is signed is elsewhere.
func (m *SignedData) Detached() bool { return m.signed == nil && !m.malformed }

// Encapsulated returns what is signed, of whatever type; nil where it is elsewhere. Do
// not change it.
func (m *SignedData) Encapsulated() []byte { return m.signed }

// A CRL is a certificate revocation list as it is in the file.
type CRL struct {
	Raw  []byte                `json:"raw"`
	List *chain.RevocationList `json:"-"` // nil when Raw cannot be read
	Err  error                 `json:"-"` // why
}

// ParseCRL returns the revocation list in raw, as [chain.ParseRevocationList] reads it.
// The result keeps raw.
func ParseCRL(raw []byte) CRL {
	l, err := chain.ParseRevocationList(raw)
	if err != nil {
		return CRL{Raw: raw, Err: err}
	}
	return CRL{Raw: raw, List: l}
}

// An Other is a member of the certificates or CRLs that is not X.509: an
// extended or attribute certificate, or a format that RFC 5652, Section 10.2
// leaves open.
type Other struct {
	Raw []byte // in its encoding, with header
	CRL bool   // among the CRLs, not the certificates
	Tag int    // number of the context-specific tag
}

// Encoding says which encoding rules a file keeps to.
type Encoding int

const (
	encodingDER Encoding = iota // the Distinguished Encoding Rules, as far as the headers show
	BER                         // indefinite lengths, strings in segments or over-long lengths
)

// String names it.
func (e Encoding) String() string { return string(e.text()) }

func (e Encoding) text() say.Text {
	switch e {
	case encodingDER:
		return "DER"
	case BER:
		return "BER"
	default:
		return say.Text(fmt.Sprintf("Encoding(%d)", int(e)))
	}
}

// MarshalText returns what String returns.
func (e Encoding) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// Armor says which text a binary format is wrapped in.
type Armor int

const (
	Binary Armor = iota // none
	PEM                 // RFC 7468
	Base64              // without the lines that PEM has before and after
	Hex                 // hexadecimal digits, with places and characters beside them or without
)

// String names it.
func (a Armor) String() string { return string(a.text()) }

func (a Armor) text() say.Text {
	switch a {
	case Binary:
		return "binary"
	case PEM:
		return "PEM"
	case Base64:
		return "base64"
	case Hex:
		return "hexadecimal digits"
	default:
		return say.Text(fmt.Sprintf("Armor(%d)", int(a)))
	}
}

// MarshalText returns what String returns.
func (a Armor) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// A FormatError says where an input is not a message. It holds no octets of the
// input.
type FormatError struct {
	Offset int64 // octets from the start of the binary message; -1 if the text around it or its size is at fault
	Err    error // what is wrong
}

// Error says what is wrong, and holds no bytes of the input.
func (e *FormatError) Error() string { return e.Sentence().String() }

// Sentence returns what Error says, to be said in another language.
func (e *FormatError) Sentence() say.Message { return say.New("pkcs7: %v", e.Err) }

// Unwrap returns the cause.
func (e *FormatError) Unwrap() error { return e.Err }

// A ContentTypeError is the answer to a message of a content type other than those that a
// function reads.
type ContentTypeError struct {
	ContentType string // object identifier in dotted form

	want say.Text // by name
}

// IsEncrypted reports whether the message is one that [ParseEncrypted] reads.
func (e *ContentTypeError) IsEncrypted() bool {
	return e.ContentType == oidEnveloped || e.ContentType == oidAuthEnveloped || e.ContentType == oidEncrypted
}

// IsCompressed reports whether the message is one that [Decompress] reads.
func (e *ContentTypeError) IsCompressed() bool { return e.ContentType == oidCompressed }

// Error says what is wrong, and holds no bytes of the input.
func (e *ContentTypeError) Error() string { return e.Sentence().String() }

// Sentence returns what Error says, to be said in another language.
func (e *ContentTypeError) Sentence() say.Message {
	return say.New("pkcs7: content type %s is not %s", e.ContentType, e.want)
}

func formatError(err error) error {
	var b *ber.Error
	if errors.As(err, &b) {
		return &FormatError{Offset: int64(b.Offset), Err: err}
	}
	return &FormatError{Offset: -1, Err: err}
}

// Parse reads a SignedData message in DER, BER, PEM or base64. PEM blocks of
// other types before the message are skipped. Octets after the message are
// counted, not refused. Every error is a [*FormatError] or, for other types, a
// [*ContentTypeError].
//
// Parse does not change data. It is safe for concurrent use.
func Parse(data []byte) (*SignedData, error) {
	if len(data) > maxSize {
		return nil, formatError(say.Errorf("more than %d octets", maxSize))
	}
	body, armor := unwrap(data)
	if body == nil {
		return nil, formatError(say.Errorf("neither a binary message nor PEM or base64 text of one"))
	}
	m := &SignedData{Armor: armor}
	if err := m.parse(body); err != nil {
		var u *ContentTypeError
		if errors.As(err, &u) {
			return nil, u
		}
		return nil, formatError(err)
	}
	return m, nil
}

// pemTypes are the labels in use for messages: RFC 7468, Sections 8 and 9, and
// one that Netscape tools write.
var pemTypes = map[string]bool{"PKCS7": true, "CMS": true, "PKCS #7 SIGNED DATA": true, "CERTIFICATE": true}

// unwrap returns the binary message in data, nil if there is none.
func unwrap(data []byte) ([]byte, Armor) {
	if len(data) > 0 && data[0] == 0x30 && !isBase64(data) {
		return data, Binary
	}
	text := bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if bytes.Contains(text, []byte("-----BEGIN ")) {
		for {
			block, rest := pem.Decode(text)
			if block == nil {
				return nil, PEM
			}
			// Some tools label a message CERTIFICATE. A certificate
			// starts with a SEQUENCE, a message with an object identifier.
			if pemTypes[block.Type] && startsMessage(block.Bytes) {
				return block.Bytes, PEM
			}
			text = rest
		}
	}
	if !isBase64(text) {
		return nil, Binary
	}
	compact := bytes.Join(bytes.Fields(text), nil)
	body := make([]byte, base64.StdEncoding.DecodedLen(len(compact)))
	n, err := base64.StdEncoding.Decode(body, compact)
	if err != nil {
		return nil, Base64
	}
	return body[:n], Base64
}

// isBase64 reports whether the start of b looks like base64 text of a message:
// "MI" for a definite length, "MIA" for an indefinite one.
func isBase64(b []byte) bool {
	b = bytes.TrimLeft(b, " \t\r\n")
	return len(b) > 8 && b[0] == 'M' && bytes.IndexFunc(b[:8], func(r rune) bool {
		return !('A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '+' || r == '/')
	}) < 0
}

func startsMessage(b []byte) bool {
	// Only the first headers: Parse tells the errors of the rest.
	if len(b) < 4 || b[0] != 0x30 {
		return false
	}
	i := 2
	if b[1] > 0x80 {
		i += int(b[1] & 0x7f)
	}
	return i < len(b) && b[i] == ber.ObjectIdentifier
}

// ContentInfo ::= SEQUENCE {
//
//	contentType  OBJECT IDENTIFIER,
//	content      [0] EXPLICIT ANY }
//
// SignedData ::= SEQUENCE {
//
//	version           INTEGER,
//	digestAlgorithms  SET OF AlgorithmIdentifier,
//	encapContentInfo  SEQUENCE { OBJECT IDENTIFIER, [0] EXPLICIT ANY OPTIONAL },
//	certificates      [0] IMPLICIT SET OF CertificateChoices OPTIONAL,
//	crls              [1] IMPLICIT SET OF RevocationInfoChoice OPTIONAL,
//	signerInfos       SET OF SignerInfo }
func (m *SignedData) parse(data []byte) error {
	var form ber.Form
	top := ber.New(data, &form)
	info, err := top.Sequence()
	if err != nil {
		return err
	}
	m.Trailing = len(top.Rest())
	contentType, err := info.OID()
	if err != nil {
		return err
	}
	if contentType != oidSignedData {
		return &ContentTypeError{contentType, "SignedData"}
	}
	content, err := info.Inside(ber.ContextSpecific, 0)
	if err != nil {
		return err
	}
	signed, err := content.Sequence()
	if err != nil {
		return err
	}
	if _, err := signed.Int(); err != nil {
		return err
	}
	set, err := signed.Expect(ber.Universal, ber.Set)
	if err != nil {
		return err
	}
	m.digests = announced(set)
	encap, err := signed.Sequence()
	if err != nil {
		return err
	}
	if m.ContentType, err = encap.OID(); err != nil {
		return err
	}
	m.parseContent(encap)
	if err := m.parseCertificates(signed); err != nil {
		return err
	}
	if err := m.parseCRLs(signed); err != nil {
		return err
	}
	if err := m.parseSigners(signed); err != nil {
		return err
	}
	if err := signed.End(); err != nil {
		return err
	}
	if !form.DER() {
		m.Encoding = BER
	}
	return nil
}

// announced returns the digests in a set of AlgorithmIdentifiers, as far as it can be
// read.
func announced(set ber.Element) map[string]bool {
	found := map[string]bool{}
	r, err := set.Inside()
	for err == nil && !r.Empty() {
		var a Algorithm
		if a, err = algorithm(r); err == nil {
			found[a.OID] = true
		}
	}
	return found
}

// parseContent reads what is signed. If it is malformed the certificates are good
// all the same. Of what is no OCTET STRING, as PKCS #7 allowed, the content is hashed
// without its tag and length (RFC 5652, Section 5.2.1).
func (m *SignedData) parseContent(encap *ber.Reader) {
	if encap.Empty() {
		return
	}
	m.malformed = true
	value, err := encap.Inside(ber.ContextSpecific, 0)
	if err != nil || !encap.Empty() {
		return
	}
	if value.Empty() {
		m.malformed = false
		return
	}
	e, err := value.Next()
	switch {
	case err != nil, !value.Empty():
		return
	case e.Is(ber.Universal, ber.OctetString):
		if m.signed, err = e.Octets(); err != nil {
			m.signed = nil
			return
		}
		if m.malformed = false; m.signed == nil {
			m.signed = []byte{}
		}
		if m.ContentType == oidData {
			m.Content = m.signed
		}
	case m.ContentType != oidData:
		m.signed, m.malformed = e.Content, false
	}
}

func (m *SignedData) parseCertificates(signed *ber.Reader) error {
	return m.parseSet(signed, 0, func(e ber.Element) {
		m.Certificates = append(m.Certificates, chain.ParseCertificate(e.Raw))
	})
}

func (m *SignedData) parseCRLs(signed *ber.Reader) error {
	return m.parseSet(signed, 1, func(e ber.Element) {
		m.CRLs = append(m.CRLs, ParseCRL(e.Raw))
	})
}

func (m *SignedData) parseSet(signed *ber.Reader, tag int, add func(ber.Element)) error {
	set, ok, err := signed.Optional(ber.ContextSpecific, tag)
	if err != nil || !ok {
		return err
	}
	r, err := set.Inside()
	if err != nil {
		return err
	}
	for !r.Empty() {
		e, err := r.Next()
		if err != nil {
			return err
		}
		if len(m.Certificates)+len(m.CRLs)+len(m.Other) >= maxCertificates {
			return &ber.Error{Offset: e.Offset, Problem: say.New("more than %d certificates and CRLs", maxCertificates)}
		}
		switch {
		case e.Is(ber.Universal, ber.Sequence):
			add(e)
		case e.Class == ber.ContextSpecific:
			m.Other = append(m.Other, Other{Raw: e.Raw, CRL: tag == 1, Tag: e.Tag})
		default:
			return &ber.Error{Offset: e.Offset, Problem: say.New("not a certificate or CRL")}
		}
	}
	return nil
}
