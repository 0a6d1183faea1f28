package deploy

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/say"
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

// literal returns a sentence of ours as a PowerShell string, for people to read:
// within single quotes as it is, but that what PowerShell takes for a single quote
// is doubled.
func literal(s string) string {
	return "'" + singleQuotes.Replace(oneLine(s)) + "'"
}

var singleQuotes = strings.NewReplacer("'", "''", "‘", "‘‘", "’", "’’", "‚", "‚‚", "‛", "‛‛")

// comment returns s as text for a line comment.
func comment(s string) string { return oneLine(s) }

//go:generate go run github.com/valyala/quicktemplate/qtc -dir .

// script is the language of a script. Its templates put out nothing but what T, S,
// [quote] and [comment] return.
type script locale.Language

// T says a text of a comment.
func (s script) T(t say.Text) string { return comment(locale.Language(s).Text(t)) }

// S says a text as a string.
func (s script) S(t say.Text) string { return literal(locale.Language(s).Text(t)) }

// scriptFile returns the text of a script as a file. Lines end in CRLF, which both
// editions of PowerShell and Notepad take. Windows PowerShell reads a file without a
// byte order mark in the code page of the system, so that there is one unless all
// characters are ASCII.
func scriptFile(text string) []byte {
	file := []byte(strings.ReplaceAll(text, "\n", "\r\n"))
	if bytes.ContainsFunc(file, func(r rune) bool { return r >= utf8.RuneSelf }) {
		file = append([]byte(byteOrderMark), file...)
	}
	return file
}

// byteOrderMark is that of UTF-8.
const byteOrderMark = "\uFEFF"
