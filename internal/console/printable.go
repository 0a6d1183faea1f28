package console

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Printable is what report.Printable describes.
func Printable(s string) string {
	if harmless(s) && !startsCommand(s) {
		return s
	}
	var b strings.Builder
	for i, command := 0, startsCommand(s); i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case !unicode.IsPrint(r) && r > 0xFFFF:
			fmt.Fprintf(&b, `\U%08x`, r)
		case !unicode.IsPrint(r), r == '#' && isCommand(s[i:]), r == ':' && command:
			fmt.Fprintf(&b, `\u%04x`, r)
			command = command && r != ':'
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

// harmless reports whether s can be written as it is, but for what it begins
// with.
func harmless(s string) bool {
	for i, r := range s {
		if !unicode.IsPrint(r) || r == utf8.RuneError || r == '#' && isCommand(s[i:]) {
			return false
		}
	}
	return true
}

// startsCommand reports whether a line of s alone is a command of GitHub Actions.
func startsCommand(s string) bool {
	return strings.HasPrefix(strings.TrimLeftFunc(s, unicode.IsSpace), "::")
}

// isCommand reports whether s begins like a command that the log of a build
// takes anywhere in a line.
func isCommand(s string) bool {
	const longest = 32 // letters; none of the commands has as many
	rest, ok := strings.CutPrefix(s, "##")
	if !ok {
		return false
	}
	for _, c := range []byte(rest[:min(len(rest), longest)]) {
		if c == '[' {
			return true
		}
		if c |= 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return false
}

// EncodeJSON writes a value as JSON and a line ending; lines after the first
// begin with prefix, and with indent for each level. Without either it is one
// line, which is given to w in one call of Write. What [Printable] would replace
// anywhere in a text is written by its number, which is the same to a reader of
// JSON and does nothing to a terminal or to the log of a build.
func EncodeJSON(w io.Writer, v any, prefix, indent string) error {
	e := json.NewEncoder(plainJSON{w})
	e.SetEscapeHTML(false)
	e.SetIndent(prefix, indent)
	return e.Encode(v)
}

// plainJSON is given whole values.
type plainJSON struct{ w io.Writer }

func (p plainJSON) Write(data []byte) (int, error) {
	if clean := escapeJSON(data); clean != nil {
		if _, err := p.w.Write(clean); err != nil {
			return 0, err
		}
		return len(data), nil
	}
	return p.w.Write(data)
}

// escapeJSON writes characters by their numbers: they stand in strings alone. It
// returns nil where there is nothing to do.
func escapeJSON(data []byte) []byte {
	var out []byte
	done := 0
	for i := 0; i < len(data); {
		r, size := rune(data[i]), 1
		if ' ' <= r && r < '\x7f' && r != '#' {
			i++
			continue
		}
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(data[i:])
		}
		if r != '\n' && r != '\t' && !unicode.IsGraphic(r) || r == '#' && isCommand(string(data[i:min(len(data), i+40)])) {
			out = append(out, data[done:i]...)
			if r > 0xFFFF {
				high, low := utf16.EncodeRune(r)
				out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
			} else {
				out = fmt.Appendf(out, `\u%04x`, r)
			}
			done = i + size
		}
		i += size
	}
	if done == 0 {
		return nil
	}
	return append(out, data[done:]...)
}
