package chain

import (
	"crypto/x509"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

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

// emailAddress is the identifier of that attribute (RFC 5280, Section 4.1.2.6).
const emailAddress = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01"

var attributeNames = map[string]string{
	"\x55\x04\x03": "CN",
	"\x55\x04\x04": "SN",
	"\x55\x04\x05": "SERIALNUMBER",
	"\x55\x04\x06": "C",
	"\x55\x04\x07": "L",
	"\x55\x04\x08": "ST",
	"\x55\x04\x09": "STREET",
	"\x55\x04\x0a": "O",
	"\x55\x04\x0b": "OU",
	"\x55\x04\x0c": "T",
	"\x55\x04\x11": "POSTALCODE",
	"\x55\x04\x2a": "GN",
	"\x55\x04\x61": "ORGANIZATIONID",
	emailAddress:   "EMAILADDRESS",
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
	count := 0
	for !rdns.Empty() {
		var rdn cryptobyte.String
		if !rdns.ReadASN1(&rdn, casn1.SET) {
			return bad()
		}
		var attrs []string
		for !rdn.Empty() {
			var a nameAttribute
			if count++; count > maxNameAttributes || !a.read(&rdn) {
				return bad()
			}
			name, ok := attributeNames[string(a.oid)]
			if !ok {
				name = oidString(a.oid)
			}
			if text, ok := decodeString(a.tag, a.value); ok {
				attrs = append(attrs, name+"="+escapeValue(text))
			} else {
				attrs = append(attrs, name+"=#"+hex.EncodeToString(a.element[:min(len(a.element), 64)]))
			}
		}
		parts = append(parts, strings.Join(attrs, "+"))
	}
	slices.Reverse(parts)
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

// oidString returns the dotted form of the contents of an OBJECT IDENTIFIER, "?"
// of those that are malformed.
func oidString(content []byte) string {
	var oid x509.OID
	if oid.UnmarshalBinary(content) != nil {
		return "?"
	}
	return oid.String()
}
