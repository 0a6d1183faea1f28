package chain

import (
	"encoding/binary"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// A nameKey is a distinguished name in a form in which equal names, by RFC
// 5280, Section 7.1, are equal strings: a sequence of RDNs, each with its
// length in front, attribute values folded. One name is inside the subtree of
// another exactly if its key has the other's as prefix.
//
// Folding follows RFC 4518, Section 2: the string type is ignored, ignorable
// characters go, what looks different by its form alone becomes the same (NFKC),
// case is folded, runs of spaces become one, and those at the ends go.
type nameKey string

const emptyName nameKey = ""

// maxNameAttributes bounds the attributes of one name.
const maxNameAttributes = 256

// parseNameKey makes the key of a DER Name.
func parseNameKey(der []byte) (nameKey, bool) {
	input := cryptobyte.String(der)
	var rdns cryptobyte.String
	if !input.ReadASN1(&rdns, casn1.SEQUENCE) || !input.Empty() {
		return "", false
	}
	buf := make([]byte, 0, len(der)+16)
	count := 0
	for !rdns.Empty() {
		var rdn cryptobyte.String
		if !rdns.ReadASN1(&rdn, casn1.SET) || rdn.Empty() {
			return "", false
		}
		start := len(buf)
		buf = append(buf, 0, 0, 0, 0)
		var parts []string // of a set of several, which is sorted; they are rare
		for !rdn.Empty() {
			var a nameAttribute
			if count++; count > maxNameAttributes || !a.read(&rdn) {
				return "", false
			}
			if parts == nil && rdn.Empty() {
				buf = a.appendKey(buf)
			} else {
				parts = append(parts, string(a.appendKey(nil)))
			}
		}
		slices.Sort(parts)
		for _, p := range parts {
			buf = append(buf, p...)
		}
		binary.BigEndian.PutUint32(buf[start:], uint32(len(buf)-start-4))
	}
	return nameKey(buf), true
}

// nameAttribute is one AttributeTypeAndValue of a Name.
type nameAttribute struct {
	oid     cryptobyte.String // without its header
	tag     casn1.Tag
	value   cryptobyte.String
	element cryptobyte.String // the value with its header
}

// read takes the next attribute off an RDN.
func (a *nameAttribute) read(rdn *cryptobyte.String) bool {
	var seq cryptobyte.String
	if !rdn.ReadASN1(&seq, casn1.SEQUENCE) || !seq.ReadASN1(&a.oid, casn1.OBJECT_IDENTIFIER) {
		return false
	}
	a.element = seq
	return seq.ReadAnyASN1(&a.value, &a.tag) && seq.Empty()
}

// appendKey appends the folded form of an attribute: identifier and value, each
// with its length in front.
func (a *nameAttribute) appendKey(buf []byte) []byte {
	buf = append(buf, byte(len(a.oid)>>8), byte(len(a.oid)))
	buf = append(buf, a.oid...)
	start := len(buf)
	buf = append(buf, 0, 0, 0, 0)
	if folded, ok := appendFolded(buf, a.tag, a.value); ok {
		buf = folded
	} else {
		// Not a string: the octets themselves, under their tag.
		buf = append(buf, 0, byte(a.tag))
		buf = append(buf, a.value...)
	}
	binary.BigEndian.PutUint32(buf[start:], uint32(len(buf)-start-4))
	return buf
}

// appendFolded appends the folded form of a directory string. It reports
// false, with nothing appended, if the value is not one.
func appendFolded(buf []byte, tag casn1.Tag, value []byte) ([]byte, bool) {
	if isASCII(tag, value) {
		return appendWords(buf, value), true
	}
	s, ok := decodeString(tag, value)
	if !ok {
		return buf, false
	}
	return appendText(buf, s), true
}

// FoldString returns the value of an attribute of a name in a form in which values that
// RFC 5280, Section 7.1, calls equal are equal strings.
func FoldString(s string) string {
	if isASCII(casn1.UTF8String, []byte(s)) {
		return string(appendWords(nil, []byte(s)))
	}
	return string(appendText(nil, s))
}

func appendText(buf []byte, s string) []byte {
	// Twice, since a form may hide a capital, and folding may take a letter apart.
	s = cases.Fold().String(norm.NFKC.String(strings.Map(mapRune, s)))
	return appendWords(buf, norm.NFKC.Bytes([]byte(s)))
}

// isASCII reports whether a value is a string that needs no decoding.
func isASCII(tag casn1.Tag, value []byte) bool {
	switch tag {
	case casn1.PrintableString, casn1.UTF8String, casn1.IA5String, casn1.T61String, tagNumericString, tagVisibleString:
		return !slices.ContainsFunc(value, func(b byte) bool { return b < ' ' || b > '~' })
	default:
		return false
	}
}

// appendWords appends a text with ASCII letters in lower case and with one space
// between words.
func appendWords(buf, text []byte) []byte {
	start, space := len(buf), true // leading spaces go
	for _, b := range text {
		if b == ' ' {
			if !space {
				buf = append(buf, ' ')
			}
			space = true
			continue
		}
		if 'A' <= b && b <= 'Z' {
			b += 'a' - 'A'
		}
		buf = append(buf, b)
		space = false
	}
	if n := len(buf); n > start && buf[n-1] == ' ' {
		buf = buf[:n-1]
	}
	return buf
}

// mapRune maps a character as RFC 4518, Section 2.2, says, but for its case; -1 is
// nothing.
func mapRune(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case ignorable(r):
		return -1
	default:
		return r
	}
}

// ignorable reports whether RFC 4518, Section 2.2, maps r to nothing.
func ignorable(r rune) bool {
	switch {
	case r == 0x034F, r == 0x1806, r == 0xFFFC:
		return true
	case 0x180B <= r && r <= 0x180D, 0xFE00 <= r && r <= 0xFE0F:
		return true
	}
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) // the soft hyphen and ZERO WIDTH SPACE too
}

// subjectEmails returns the emailAddress attributes of a DER Name.
func subjectEmails(der []byte) []string { return attributes(der, emailAddress) }

// attributes returns the values of an attribute of a name, as far as they can be read.
func attributes(der []byte, oid string) []string {
	input := cryptobyte.String(der)
	var rdns cryptobyte.String
	if !input.ReadASN1(&rdns, casn1.SEQUENCE) {
		return nil
	}
	var out []string
	for !rdns.Empty() {
		var rdn cryptobyte.String
		if !rdns.ReadASN1(&rdn, casn1.SET) {
			return out
		}
		for !rdn.Empty() {
			var a nameAttribute
			if !a.read(&rdn) {
				return out
			}
			if string(a.oid) == oid {
				if s, ok := decodeString(a.tag, a.value); ok {
					out = append(out, s)
				}
			}
		}
	}
	return out
}
