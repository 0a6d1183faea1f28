package deploy

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// quote returns s as a PowerShell expression whose value is s. The expression
// is ASCII, stands on one line and has single quotes only, in which PowerShell
// replaces nothing: characters beyond ASCII (typographic quotation marks count
// as quotation marks), control characters and the quote itself are written by
// their numbers.
func quote(s string) string {
	var parts []string
	var plain strings.Builder
	flush := func() {
		if plain.Len() > 0 {
			parts = append(parts, "'"+plain.String()+"'")
			plain.Reset()
		}
	}
	for _, unit := range utf16.Encode([]rune(s)) {
		if unit >= ' ' && unit <= '~' && unit != '\'' {
			plain.WriteByte(byte(unit))
			continue
		}
		flush()
		parts = append(parts, fmt.Sprintf("[string][char]0x%04X", unit))
	}
	flush()
	switch len(parts) {
	case 0:
		return "''"
	case 1:
		if strings.HasPrefix(parts[0], "'") {
			return parts[0]
		}
	}
	return "(" + strings.Join(parts, " + ") + ")"
}

// comment returns s as text for a line comment: everything but printable ASCII
// is replaced.
func comment(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
}
