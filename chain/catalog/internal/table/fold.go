package table

import (
	"encoding/hex"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain"
)

// Fold brings a name in the form of RFC 2253 into one in which equal names (RFC 5280,
// Section 7.1) are equal strings: attributes without escapes, folded, sorted. Sorting
// forgets the order of the attributes, which the sources do not agree on.
func Fold(s string) string {
	var parts []string
	var b []byte
	end := func() {
		key, value, ok := strings.Cut(string(b), "=")
		if ok && key != "" {
			parts = append(parts, strings.ToLower(strings.TrimSpace(key))+"="+chain.FoldString(value))
		}
		b = b[:0]
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+2 < len(s) && isHexDigit(s[i+1]) && isHexDigit(s[i+2]):
			v, _ := hex.DecodeString(s[i+1 : i+3])
			b = append(b, v...)
			i += 2
		case c == '\\' && i+1 < len(s):
			i++
			b = append(b, s[i])
		case c == ',' || c == '+':
			end()
		default:
			b = append(b, c)
		}
	}
	end()
	slices.Sort(parts)
	return strings.Join(parts, "\x00")
}

func isHexDigit(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// reverse returns a name in the form of RFC 2253 with its RDNs in the other order:
// what names share then stands in front.
func reverse(s string) string {
	var parts []string
	start := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case ',':
			parts = append(parts, s[start:i])
			start = i + 1
		}
	}
	if start == 0 {
		return s
	}
	parts = append(parts, s[start:])
	slices.Reverse(parts)
	return strings.Join(parts, ",")
}
