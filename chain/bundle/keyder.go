package bundle

import (
	"bytes"
	"slices"
)

// keyAlgorithms are how the object identifiers of keys begin.
var keyAlgorithms = []string{
	"\x2A\x86\x48\x86\xF7\x0D\x01\x01",                                             // RSA: PKCS #1
	"\x2A\x86\x48\x86\xF7\x0D\x01\x03\x01",                                         // DH: PKCS #3
	"\x2A\x86\x48\xCE\x3D\x02\x01", "\x2B\x81\x04\x01\x0C", "\x2B\x81\x04\x01\x0D", // EC: RFC 5480
	"\x2A\x86\x48\xCE\x38\x04\x01", "\x2A\x86\x48\xCE\x3E\x02\x01", // DSA, DH: RFC 3279
	"\x2B\x65\x6E", "\x2B\x65\x6F", "\x2B\x65\x70", "\x2B\x65\x71", // X25519 to Ed448: RFC 8410
	"\x60\x86\x48\x01\x65\x03\x04\x03", "\x60\x86\x48\x01\x65\x03\x04\x04", // ML-DSA, SLH-DSA, ML-KEM: NIST
	"\x2A\x85\x03\x02\x02", "\x2A\x85\x03\x07\x01\x01", // GOST: RFC 4357, RFC 9215
}

// keyCiphers are how the object identifiers of encryption by password begin: PKCS #5
// and PKCS #12.
var keyCiphers = []string{"\x2A\x86\x48\x86\xF7\x0D\x01\x05", "\x2A\x86\x48\x86\xF7\x0D\x01\x0C\x01"}

// The tags of the structures of keys.
const (
	tagInteger  = 0x02
	tagOctets   = 0x04
	tagOID      = 0x06
	tagSequence = 0x30
	tagZero     = 0xA0 // [0]
	tagOne      = 0xA1 // [1]
)

// element is one DER element, which may be cut short. Package cryptobyte reads none
// that is.
type element struct {
	tag  byte
	size uint64 // of the content, as the header says
	body []byte // as much of it as there is
	rest []byte // what follows; nil where the content is cut short
}

// header reads the header of an element. Only definite lengths of up to four octets
// are read.
func header(b []byte) (element, bool) {
	if len(b) < 2 {
		return element{}, false
	}
	e, start := element{tag: b[0], size: uint64(b[1])}, 2
	if b[1] >= 0x80 {
		n := int(b[1] & 0x7F)
		if n < 1 || n > 4 || len(b) < 2+n {
			return element{}, false
		}
		e.size, start = 0, 2+n
		for _, o := range b[2 : 2+n] {
			e.size = e.size<<8 | uint64(o)
		}
	}
	e.body = b[start:]
	if e.size <= uint64(len(e.body)) {
		e.body, e.rest = e.body[:e.size:e.size], e.body[e.size:]
	}
	return e, true
}

// derKey returns the word for the private key in DER that octets begin with, "" for
// none: PrivateKeyInfo and EncryptedPrivateKeyInfo (RFC 5958), RSAPrivateKey (RFC
// 8017, Appendix A.1.2), ECPrivateKey (RFC 5915) or the form of OpenSSL for DSA. The
// end may be missing. It takes the same time however long they are.
func derKey(b []byte) string {
	const least = 16 // octets
	outer, ok := header(b)
	if !ok || outer.tag != tagSequence || outer.size < least {
		return ""
	}
	first, ok := header(outer.body)
	switch {
	case !ok || first.rest == nil:
		return ""
	case first.tag == tagSequence:
		if hasOID(first.body, keyCiphers) && len(first.rest) > 0 && first.rest[0] == tagOctets {
			return kindEncrypted
		}
	case first.tag == tagInteger && first.size == 1 && first.body[0] <= 1:
		return plainKey(first.body[0], outer.size, first.rest)
	}
	return ""
}

// plainKey tells what follows the version of a key of so many octets.
func plainKey(version byte, size uint64, b []byte) string {
	e, ok := header(b)
	switch {
	case !ok:
	case e.tag == tagSequence && isPKCS8(e):
		return kindPKCS8
	case e.tag == tagOctets && version == 1 && isEC(e):
		return kindEC
	case e.tag == tagInteger && isRSA(e, size):
		return kindRSA
	case e.tag == tagInteger && isDSA(e, size):
		return kindDSA
	}
	return ""
}

// isPKCS8 reports whether e is an AlgorithmIdentifier before a private key: one that is
// known, or before all that is left.
func isPKCS8(e element) bool {
	const least = 16
	if len(e.rest) < 2 || e.rest[0] != tagOctets || len(e.body) < 3 || e.body[0] != tagOID {
		return false
	}
	if hasOID(e.body, keyAlgorithms) {
		return true
	}
	key, _ := header(e.rest)
	return key.rest != nil && key.size >= least && len(key.rest) == 0
}

// isEC reports whether e is a scalar before a curve or a point.
func isEC(e element) bool {
	if e.size < 16 || e.size > 80 || len(e.rest) < 5 {
		return false
	}
	next, ok := header(e.rest)
	if !ok || len(next.body) == 0 {
		return false
	}
	switch next.tag {
	case tagZero:
		return next.body[0] == tagOID || next.body[0] == tagSequence
	case tagOne:
		return next.body[0] == 0x03
	default:
		return false
	}
}

// isRSA reports whether e is the modulus of a key of so many octets: its numbers come to
// some four and a half times the modulus.
func isRSA(e element, size uint64) bool {
	return isKeyNumber(e) && 4*e.size <= size && size <= 6*e.size+128 &&
		(len(e.rest) < 3 || e.rest[0] == tagInteger && e.rest[1] <= 9)
}

// isDSA reports whether e is the first number of p, q, g, y, x.
func isDSA(e element, size uint64) bool {
	q, ok := header(e.rest)
	return isKeyNumber(e) && ok && q.tag == tagInteger && 20 <= q.size && q.size <= 65 && 3*e.size <= size && size <= 3*e.size+200
}

func isKeyNumber(e element) bool { return 32 <= e.size && e.size <= 1<<16 }

// hasOID reports whether an AlgorithmIdentifier names one of the algorithms.
func hasOID(algorithm []byte, list []string) bool {
	oid, ok := header(algorithm)
	return ok && oid.tag == tagOID && slices.ContainsFunc(list, func(known string) bool { return bytes.HasPrefix(oid.body, []byte(known)) })
}

// embeddedKey finds a key in DER, a blob of Windows or a PFX that begins anywhere.
func embeddedKey(data []byte) (string, certainty) {
	// Text has neither an INTEGER nor an object identifier, and every key one of them.
	if bytes.IndexByte(data, tagInteger) >= 0 || bytes.IndexByte(data, tagOID) >= 0 {
		for at := 0; ; at++ {
			i := bytes.IndexByte(data[at:], tagSequence)
			if i < 0 {
				break
			}
			at += i
			if kind := derKey(data[at:]); kind != "" {
				return kind, holdsKey
			}
		}
	}
	for _, b := range cryptoBlobs {
		if bytes.Contains(data, []byte(b)) {
			return "PRIVATEKEYBLOB", holdsKey
		}
	}
	if hasPFX(data) {
		return kindPFX, mayHold
	}
	return "", noKey
}

// hasPFX reports whether a PFX begins anywhere: version 3 and a ContentInfo with
// data or a signed message (RFC 7292, Section 4).
func hasPFX(data []byte) bool {
	version, content := []byte("\x02\x01\x03\x30"), []byte("\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07")
	for {
		i := bytes.Index(data, version)
		if i < 0 {
			return false
		}
		before := i
		data = data[i+len(version):]
		if before < 2 || len(data) < 2 {
			continue
		}
		skip := 1
		if data[0] > 0x80 && data[0] <= 0x84 {
			skip += int(data[0] & 0x7F)
		}
		if skip < len(data) && bytes.HasPrefix(data[skip:], content) {
			return true
		}
	}
}
