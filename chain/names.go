package chain

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// A nameKey is a distinguished name in a form in which equal names, by RFC
// 5280, Section 7.1, are equal strings: a sequence of RDNs, each with its
// length in front, attribute values folded. One name is inside the subtree of
// another exactly if its key has the other's as prefix.
//
// Folding follows RFC 4518 as far as the standard library reaches: the string
// type is ignored, case is folded, runs of spaces become one, leading and
// trailing spaces and ignorable characters go. Unicode normalisation (NFKC)
// is not applied: names that differ only in composed and decomposed
// characters are different names here.
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
		first := true
		for !rdn.Empty() {
			if count++; count > maxNameAttributes {
				return "", false
			}
			var attr, oid, value cryptobyte.String
			var tag casn1.Tag
			if !rdn.ReadASN1(&attr, casn1.SEQUENCE) ||
				!attr.ReadASN1(&oid, casn1.OBJECT_IDENTIFIER) ||
				!attr.ReadAnyASN1(&value, &tag) || !attr.Empty() {
				return "", false
			}
			if first && rdn.Empty() {
				buf = appendAttribute(buf, oid, tag, value)
				break
			}
			// A multi-valued RDN is a set: sort it. Rare enough to be slow.
			if first {
				parts := []string{string(appendAttribute(nil, oid, tag, value))}
				for !rdn.Empty() {
					if count++; count > maxNameAttributes {
						return "", false
					}
					if !rdn.ReadASN1(&attr, casn1.SEQUENCE) ||
						!attr.ReadASN1(&oid, casn1.OBJECT_IDENTIFIER) ||
						!attr.ReadAnyASN1(&value, &tag) || !attr.Empty() {
						return "", false
					}
					parts = append(parts, string(appendAttribute(nil, oid, tag, value)))
				}
				sortStrings(parts)
				buf = append(buf, strings.Join(parts, "")...)
			}
			first = false
		}
		binary.BigEndian.PutUint32(buf[start:], uint32(len(buf)-start-4))
	}
	return nameKey(buf), true
}

func sortStrings(s []string) {
	for i := range s {
		for j := i; j > 0 && s[j] < s[j-1]; j-- {
			s[j], s[j-1] = s[j-1], s[j]
		}
	}
}

// appendAttribute appends the folded form of one attribute: identifier and
// value, each with its length in front.
func appendAttribute(buf, oid []byte, tag casn1.Tag, value []byte) []byte {
	buf = append(buf, byte(len(oid)>>8), byte(len(oid)))
	buf = append(buf, oid...)
	start := len(buf)
	buf = append(buf, 0, 0, 0, 0)
	if folded, ok := appendFolded(buf, tag, value); ok {
		buf = folded
	} else {
		// Not a string: the octets themselves, under their tag.
		buf = append(buf, 0, byte(tag))
		buf = append(buf, value...)
	}
	binary.BigEndian.PutUint32(buf[start:], uint32(len(buf)-start-4))
	return buf
}

// appendFolded appends the folded form of a directory string. It reports
// false, with nothing appended, if the value is not one.
func appendFolded(buf []byte, tag casn1.Tag, value []byte) ([]byte, bool) {
	ascii := false
	switch tag {
	case casn1.PrintableString, casn1.UTF8String, casn1.IA5String, casn1.T61String, tagNumericString, tagVisibleString:
		ascii = true
		for _, b := range value {
			if b >= utf8.RuneSelf || b < 0x20 {
				ascii = false
				break
			}
		}
	}
	start := len(buf)
	if ascii {
		space := true // leading spaces go
		for _, b := range value {
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
	} else {
		s, ok := decodeString(tag, value)
		if !ok {
			return buf, false
		}
		space := true
		for _, r := range s {
			switch {
			case unicode.IsSpace(r) || unicode.Is(unicode.Zs, r):
				if !space {
					buf = append(buf, ' ')
				}
				space = true
				continue
			case ignorable(r):
				continue
			}
			buf = utf8.AppendRune(buf, unicode.ToLower(r))
			space = false
		}
	}
	if n := len(buf); n > start && buf[n-1] == ' ' {
		buf = buf[:n-1]
	}
	return buf, true
}

// ignorable reports whether RFC 4518, Section 2.2, maps r to nothing.
func ignorable(r rune) bool {
	switch {
	case r == 0x00AD, r == 0x034F, r == 0x1806, r == 0x200B, r == 0xFEFF, r == 0xFFFC:
		return true
	case 0x180B <= r && r <= 0x180D, 0xFE00 <= r && r <= 0xFE0F:
		return true
	}
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r)
}

// Tags that cryptobyte/asn1 has no name for.
const (
	tagNumericString   = casn1.Tag(18)
	tagVisibleString   = casn1.Tag(26)
	tagUniversalString = casn1.Tag(28)
	tagBMPString       = casn1.Tag(30)
)

// decodeString returns the text of an ASN.1 string type.
func decodeString(tag casn1.Tag, value []byte) (string, bool) {
	switch tag {
	case casn1.UTF8String:
		return string(value), utf8.Valid(value)
	case casn1.PrintableString, casn1.IA5String, tagNumericString, tagVisibleString, casn1.T61String:
		// Latin-1 where it is not ASCII: what writers of TeletexString mean.
		runes := make([]rune, len(value))
		for i, b := range value {
			runes[i] = rune(b)
		}
		return string(runes), true
	case tagBMPString:
		if len(value)%2 != 0 {
			return "", false
		}
		units := make([]uint16, len(value)/2)
		for i := range units {
			units[i] = binary.BigEndian.Uint16(value[2*i:])
		}
		return string(utf16.Decode(units)), true
	case tagUniversalString:
		if len(value)%4 != 0 {
			return "", false
		}
		var sb strings.Builder
		for i := 0; i < len(value); i += 4 {
			sb.WriteRune(rune(binary.BigEndian.Uint32(value[i:])))
		}
		return sb.String(), true
	}
	return "", false
}

var attributeNames = map[string]string{
	"\x55\x04\x03":                         "CN",
	"\x55\x04\x04":                         "SN",
	"\x55\x04\x05":                         "SERIALNUMBER",
	"\x55\x04\x06":                         "C",
	"\x55\x04\x07":                         "L",
	"\x55\x04\x08":                         "ST",
	"\x55\x04\x09":                         "STREET",
	"\x55\x04\x0a":                         "O",
	"\x55\x04\x0b":                         "OU",
	"\x55\x04\x0c":                         "T",
	"\x55\x04\x11":                         "POSTALCODE",
	"\x55\x04\x2a":                         "GN",
	"\x55\x04\x61":                         "ORGANIZATIONID",
	"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01": "EMAILADDRESS",
	"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19": "DC",
	"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01": "UID",
}

// NameString returns a DER Name in the form of RFC 2253: the last RDN first,
// special and control characters escaped. A Name that does not parse comes
// back as "#" and its octets in hexadecimal.
func NameString(der []byte) string {
	if len(der) == 0 {
		return ""
	}
	input := cryptobyte.String(der)
	var rdns cryptobyte.String
	bad := func() string { return "#" + hex.EncodeToString(der[:min(len(der), 64)]) }
	if !input.ReadASN1(&rdns, casn1.SEQUENCE) {
		return bad()
	}
	var parts []string
	for !rdns.Empty() {
		var rdn cryptobyte.String
		if !rdns.ReadASN1(&rdn, casn1.SET) || len(parts) > maxNameAttributes {
			return bad()
		}
		var attrs []string
		for !rdn.Empty() {
			var attr, oid, value, element cryptobyte.String
			var tag casn1.Tag
			if !rdn.ReadASN1(&attr, casn1.SEQUENCE) || !attr.ReadASN1(&oid, casn1.OBJECT_IDENTIFIER) {
				return bad()
			}
			rest := attr
			if !attr.ReadAnyASN1(&value, &tag) || !rest.ReadAnyASN1Element(&element, &tag) {
				return bad()
			}
			name, ok := attributeNames[string(oid)]
			if !ok {
				name = oidString(oid)
			}
			if text, ok := decodeString(tag, value); ok {
				attrs = append(attrs, name+"="+escapeValue(text))
			} else {
				attrs = append(attrs, name+"=#"+hex.EncodeToString(element[:min(len(element), 64)]))
			}
		}
		parts = append(parts, strings.Join(attrs, "+"))
	}
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return strings.Join(parts, ",")
}

// escapeValue escapes an attribute value as RFC 2253, Section 2.4, asks, and
// control characters besides.
func escapeValue(s string) string {
	var sb strings.Builder
	for i, r := range s {
		switch {
		case strings.ContainsRune(`,+"\<>;`, r), i == 0 && (r == '#' || r == ' '), r == ' ' && i == len(s)-1:
			sb.WriteByte('\\')
			sb.WriteRune(r)
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r):
			for _, b := range utf8.AppendRune(nil, r) {
				sb.WriteByte('\\')
				sb.WriteString(hex.EncodeToString([]byte{b}))
			}
		default:
			sb.WriteRune(r)
		}
	}
	return sb.String()
}

// oidString returns the dotted form of the contents of an OBJECT IDENTIFIER.
func oidString(content []byte) string {
	var oid []byte
	first := true
	var v uint64
	for _, b := range content {
		if v > 1<<56 {
			return "?"
		}
		v = v<<7 | uint64(b&0x7f)
		if b&0x80 != 0 {
			continue
		}
		if first {
			first = false
			arc := min(v/40, 2)
			oid = appendUint(oid, arc)
			v -= arc * 40
		}
		oid = append(oid, '.')
		oid = appendUint(oid, v)
		v = 0
	}
	return string(oid)
}

func appendUint(b []byte, v uint64) []byte {
	if v >= 10 {
		b = appendUint(b, v/10)
	}
	return append(b, byte('0'+v%10))
}

// subjectEmails returns the emailAddress attributes of a DER Name.
func subjectEmails(der []byte) []string {
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
			var attr, oid, value cryptobyte.String
			var tag casn1.Tag
			if !rdn.ReadASN1(&attr, casn1.SEQUENCE) || !attr.ReadASN1(&oid, casn1.OBJECT_IDENTIFIER) ||
				!attr.ReadAnyASN1(&value, &tag) {
				return out
			}
			if string(oid) == "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01" {
				if s, ok := decodeString(tag, value); ok {
					out = append(out, s)
				}
			}
		}
	}
	return out
}
