package bundle

import (
	"bytes"
	"encoding/asn1"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"
)

// shape is what the first octets of a DER or BER structure show it to be.
type shape uint8

const (
	shapeUnknown shape = iota
	shapeCertificate
	shapeCRL
	shapePKCS7
	shapePFX
	shapeKey
	shapeRequest
	shapePublicKey
	shapePath
)

var oidPKCS7 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7}

// derShape looks at the outermost structure. Each form is told apart by its
// first members:
//
//	Certificate    SEQUENCE { SEQUENCE { [0] version or INTEGER serial, … Validity } … }
//	CRL            SEQUENCE { SEQUENCE { INTEGER?, SEQUENCE, SEQUENCE, Time … } … }
//	CSR            SEQUENCE { SEQUENCE { INTEGER 0, SEQUENCE, SEQUENCE, [0] } … }
//	ContentInfo    SEQUENCE { OBJECT IDENTIFIER pkcs7-…, [0] … }
//	PFX            SEQUENCE { INTEGER 3, SEQUENCE { OBJECT IDENTIFIER … } … }
//	PrivateKeyInfo SEQUENCE { INTEGER 0, SEQUENCE | INTEGER … }
//	ECPrivateKey   SEQUENCE { INTEGER 1, OCTET STRING … }
//	PublicKeyInfo  SEQUENCE { SEQUENCE { OBJECT IDENTIFIER … }, BIT STRING }
//	PkiPath        SEQUENCE { Certificate … }
//	Encrypted key  SEQUENCE { SEQUENCE { OBJECT IDENTIFIER … }, OCTET STRING }
func derShape(data []byte) shape {
	body, ok := enter(data)
	if !ok || len(body) == 0 || isPrinted(data) {
		return shapeUnknown
	}
	switch tag.Tag(body[0]) {
	case tag.OBJECT_IDENTIFIER:
		var oid asn1.ObjectIdentifier
		if body.ReadASN1ObjectIdentifier(&oid) && len(oid) == len(oidPKCS7)+1 && oid[:len(oidPKCS7)].Equal(oidPKCS7) {
			return shapePKCS7
		}
	case tag.INTEGER:
		var version int
		if !body.ReadASN1Integer(&version) || len(body) == 0 {
			return shapeUnknown
		}
		switch {
		case version == 3 && tag.Tag(body[0]) == tag.SEQUENCE:
			return shapePFX
		case version == 0 && tag.Tag(body[0]) == tag.INTEGER,
			version == 1 && tag.Tag(body[0]) == tag.OCTET_STRING,
			(version == 0 || version == 1) && isKeyInfo(body):
			return shapeKey
		}
	case tag.SEQUENCE:
		return sequenceShape(body)
	}
	return shapeUnknown
}

// isPrinted reports whether data begins as text does. Digits that somebody printed, "00",
// are the octets of a SEQUENCE; one that is real has a tag or a length that is no
// character.
func isPrinted(data []byte) bool {
	const sample = 16 // octets
	for _, c := range data[:min(len(data), sample)] {
		if (c < ' ' || c > '~') && (c < '\t' || c > '\r') {
			return false
		}
	}
	return true
}

// digests are how the object identifiers of digests begin: of RSA, SHA-1, and the
// NIST.
var digests = []string{"\x2A\x86\x48\x86\xF7\x0D\x02", "\x2B\x0E\x03\x02\x1A", "\x60\x86\x48\x01\x65\x03\x04\x02"}

// isKeyInfo reports whether what follows the version is the algorithm of a key and
// the key, as far as it is there. The parameters of a curve, requests for time
// stamps and encrypted data begin in the same way.
func isKeyInfo(body cryptobyte.String) bool {
	if tag.Tag(body[0]) != tag.SEQUENCE {
		return false
	}
	var algorithm cryptobyte.String
	if !body.ReadASN1(&algorithm, tag.SEQUENCE) {
		return true // cut short, or of indefinite length
	}
	return algorithm.PeekASN1Tag(tag.OBJECT_IDENTIFIER) && (body.PeekASN1Tag(tag.OCTET_STRING) || body.PeekASN1Tag(tag.OCTET_STRING.Constructed()))
}

// enter returns the content of the outermost SEQUENCE, also when its length is
// indefinite as NSS and Bouncy Castle write it.
func enter(data []byte) (cryptobyte.String, bool) {
	if len(data) > 2 && data[0] == 0x30 && data[1] == 0x80 {
		return cryptobyte.String(data[2:]), true
	}
	s := cryptobyte.String(data)
	var body cryptobyte.String
	if s.ReadASN1(&body, tag.SEQUENCE) {
		return body, true
	}
	// Truncated: the header still tells what was meant.
	if len(data) > 6 && data[0] == 0x30 && data[1] > 0x80 && data[1] <= 0x84 {
		return cryptobyte.String(data[2+int(data[1]&0x7F):]), true
	}
	return nil, false
}

// cutLineBreaks separates a SEQUENCE from what editors and consoles put after it: line
// breaks and nothing else. The rest is empty where there are none, or something else.
func cutLineBreaks(data []byte) (der, rest []byte) {
	s := cryptobyte.String(data)
	var element cryptobyte.String
	if !s.ReadASN1Element(&element, tag.SEQUENCE) || len(bytes.Trim(s, "\r\n")) > 0 {
		return data, nil
	}
	return element, s
}

// isCut reports whether the length of the outermost SEQUENCE goes beyond data.
func isCut(data []byte) bool {
	if len(data) < 3 || data[0] != 0x30 || data[1] <= 0x80 || data[1] > 0x84 {
		return false
	}
	size := int(data[1] & 0x7F)
	if len(data) < 2+size {
		return true
	}
	length := 0
	for _, b := range data[2 : 2+size] {
		length = length<<8 | int(b)
	}
	return length > len(data)-2-size
}

// sequenceShape tells the structures apart that begin with a SEQUENCE.
func sequenceShape(body cryptobyte.String) shape {
	s := body
	var first cryptobyte.String
	if s.ReadASN1(&first, tag.SEQUENCE) && first.PeekASN1Tag(tag.SEQUENCE) && signedShape(first) == shapeCertificate &&
		first.SkipASN1(tag.SEQUENCE) && first.SkipASN1(tag.SEQUENCE) && first.PeekASN1Tag(tag.BIT_STRING) {
		return shapePath
	}
	return signedShape(body)
}

// signedShape tells apart what is signed, and keys.
func signedShape(body cryptobyte.String) shape {
	var tbs cryptobyte.String
	if !body.ReadASN1(&tbs, tag.SEQUENCE) {
		return shapeCertificate // cut short inside: the parser will say where
	}
	if tbs.PeekASN1Tag(tag.OBJECT_IDENTIFIER) {
		if body.PeekASN1Tag(tag.OCTET_STRING) {
			if hasOID(tbs, digests) {
				return shapeUnknown // a DigestInfo
			}
			return shapeKey
		}
		return shapePublicKey
	}
	if tbs.PeekASN1Tag(tag.Tag(0).Constructed().ContextSpecific()) {
		return shapeCertificate
	}
	if inner := tbs; inner.PeekASN1Tag(tag.SEQUENCE) { // the signature algorithm of a CRL of version 1
		var issuer cryptobyte.String
		if !inner.SkipASN1(tag.SEQUENCE) || !inner.ReadASN1(&issuer, tag.SEQUENCE) || !inner.PeekASN1Tag(tag.UTCTime) && !inner.PeekASN1Tag(tag.GeneralizedTime) {
			return shapeUnknown
		}
	}
	tbs.SkipOptionalASN1(tag.INTEGER) // version of a CRL or request, serial number of a v1 certificate
	for range 2 {                     // signature algorithm and issuer; subject and key in a request
		if !tbs.SkipASN1(tag.SEQUENCE) {
			return shapeUnknown
		}
	}
	switch {
	case tbs.PeekASN1Tag(tag.UTCTime), tbs.PeekASN1Tag(tag.GeneralizedTime):
		return shapeCRL
	case tbs.PeekASN1Tag(tag.SEQUENCE):
		return shapeCertificate
	default:
		return shapeRequest
	}
}
