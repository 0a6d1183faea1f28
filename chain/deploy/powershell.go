package deploy

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"text/template"
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

// commonTemplate holds the functions that several scripts have, each in its own
// text: a script is one file that needs nothing beside it but what it sends.
//
//go:embed common.ps1.tmpl
var commonTemplate string

// fillScript fills the template of a script, in which T says a text of a comment
// and S one of a string. Lines end in CRLF, which both editions of PowerShell and
// Notepad take. Windows PowerShell reads a file without a byte order mark in the
// code page of the system, so that there is one unless all characters are ASCII.
func fillScript(text string, language locale.Language, data any) ([]byte, error) {
	t, err := template.New("script").Funcs(template.FuncMap{
		"quote":   quote,
		"comment": comment,
		"T":       func(t say.Text) string { return comment(language.Text(t)) },
		"S":       func(t say.Text) string { return literal(language.Text(t)) },
	}).Parse(commonTemplate)
	if err != nil {
		return nil, err
	}
	if t, err = t.Parse(text); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return nil, err
	}
	script := bytes.ReplaceAll(b.Bytes(), []byte("\n"), []byte("\r\n"))
	if bytes.ContainsFunc(script, func(r rune) bool { return r >= utf8.RuneSelf }) {
		script = append([]byte(byteOrderMark), script...)
	}
	return script, nil
}

// byteOrderMark is that of UTF-8.
const byteOrderMark = "\uFEFF"
