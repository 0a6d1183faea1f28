package sst

import (
	"crypto/x509"
	"strconv"

	"github.com/smimechain/smimechain/lint/say"
)

const (
	headerSize = 8  // version and file type
	recordSize = 12 // id, encoding type, length
	encodingX  = 1  // X509_ASN_ENCODING, the only encoding type there is
)

// storeHeader is version 0 and file type "CERT".
const storeHeader = "\x00\x00\x00\x00CERT"

// A Store is a serialized certificate store. The zero Store is empty and can
// be used.
type Store struct {
	// Elements are the certificates, CRLs and CTLs in the order of the file,
	// which means nothing: a store is a set.
	Elements []Element

	tail   []byte  // what followed the elements when it was not a plain end marker
	noTail bool    // nothing at all followed the elements
	text   *layout // the base64 text that the store came from
	faults []*FormatError
}

// A Kind tells the kinds of elements apart.
type Kind uint8

const (
	// unknownKind is an element of a kind that the format reserves, and also
	// properties at the end of a store that belong to no element.
	unknownKind Kind = iota
	// Certificate is an X.509 certificate.
	Certificate
	// CRL is an X.509 certificate revocation list.
	CRL
	// CTL is a certificate trust list: PKCS #7 SignedData.
	CTL
)

// String returns "certificate", "CRL", "CTL" or "unknown".
func (k Kind) String() string { return string(k.text()) }

func (k Kind) text() say.Text {
	switch k {
	case unknownKind:
		return "unknown"
	case Certificate:
		return "certificate"
	case CRL:
		return "CRL"
	case CTL:
		return "CTL"
	}
	return say.Text("Kind(" + strconv.Itoa(int(k)) + ")")
}

// MarshalText returns what String returns.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// The record ids of the known elements.
const (
	idCertificate = 32
	idCRL         = 33
	idCTL         = 34
)

// An Element is a certificate, CRL or CTL with its properties.
type Element struct {
	Kind Kind

	// ID is the record id of an element of the zero Kind: 35 to 62, of which
	// 35 is a key identifier. With 0, there are only properties. It is not
	// used for the other kinds.
	ID uint32

	// Raw is the value of the element, for a certificate the DER. Parse does
	// not look into it beyond the outermost length.
	Raw []byte

	// Properties are in the order of the file. Windows writes them in no
	// particular order.
	Properties []Property

	// Offset is where the first record of the element starts in the file.
	// Writers ignore it.
	Offset int64

	enc uint32 // encoding type XOR 1, so that zero is the right one
}

// A Property is a record in front of an element. Which accessor reads its
// value is told by [PropID.Form]; an accessor for another form decodes what is
// there all the same.
type Property struct {
	ID    PropID
	enc   uint32 // encoding type XOR 1
	Value []byte
}

// New returns a store with the certificates in the given order, without any
// property. The store aliases the Raw fields of the certificates. Nil
// certificates are left out.
func New(certs ...*x509.Certificate) *Store {
	s := &Store{Elements: make([]Element, 0, len(certs))}
	for _, c := range certs {
		if c != nil {
			s.Elements = append(s.Elements, Element{Kind: Certificate, Raw: c.Raw})
		}
	}
	return s
}

// Faults returns what Parse let through in the store: each violation of the
// format that an option of [Options] allowed, and each context that is not
// DER, in the order of the file. At most 1000 are kept. The result is nil for a
// well-formed store, and must not be changed.
func (s *Store) Faults() []*FormatError { return s.faults }

// Trailing returns the bytes that followed the end marker, which Parse accepts
// only with [Options.AllowTrailingData]. It aliases the input.
func (s *Store) Trailing() []byte {
	if len(s.tail) > recordSize {
		return s.tail[recordSize:]
	}
	return nil
}

// Property returns the first property with the id, and whether there is one.
func (e *Element) Property(id PropID) (Property, bool) {
	for _, p := range e.Properties {
		if p.ID == id {
			return p, true
		}
	}
	return Property{}, false
}

// Certificates returns the parsed certificates of the store, leaving out those
// that crypto/x509 refuses; [Element.Certificate] tells why it does.
func (s *Store) Certificates() []*x509.Certificate {
	var certs []*x509.Certificate
	for i := range s.Elements {
		if s.Elements[i].Kind != Certificate {
			continue
		}
		if c, err := s.Elements[i].Certificate(); err == nil {
			certs = append(certs, c)
		}
	}
	return certs
}

// Certificate parses the certificate with crypto/x509. The error is a
// [*FormatError] with the error of crypto/x509 as its cause. That package
// refuses certificates that exist, such as one with a negative serial number
// among Microsoft's own roots, so an error is no reason to drop the element.
func (e *Element) Certificate() (*x509.Certificate, error) {
	if e.Kind != Certificate {
		return nil, &FormatError{Offset: e.Offset, ID: e.recordID(), Err: errKind}
	}
	c, err := x509.ParseCertificate(e.Raw)
	if err != nil {
		return nil, &FormatError{Offset: e.Offset, ID: idCertificate, Err: err}
	}
	return c, nil
}

// Check reports, as a [*FormatError], whether Raw is not exactly one DER
// SEQUENCE. It is nil for an element of Unknown kind, of which nothing is
// known.
func (e *Element) Check() error {
	if e.Kind == unknownKind {
		return nil
	}
	if err := checkFrame(e.Raw); err != nil {
		return &FormatError{Offset: e.Offset, ID: e.recordID(), Err: err}
	}
	return nil
}

func (e *Element) recordID() uint32 {
	switch e.Kind {
	case Certificate:
		return idCertificate
	case CRL:
		return idCRL
	case CTL:
		return idCTL
	}
	return e.ID
}
