package deploy

import (
	"fmt"
	"html"
	"strings"
	"unicode"

	"github.com/smimechain/smimechain/lint/locale"
)

// Guide is a text for people: a hand-out or a checklist.
type Guide struct {
	Language locale.Language
	Title    string
	Sections []Section
}

// Section is one part of a document: a paragraph, and steps or points. All of it
// is plain text.
type Section struct {
	Title string
	Text  string
	Items []string
	Steps bool // the items are done one after the other
	Boxes bool // the items are ticked off
}

// Markdown returns the document as Markdown. Text is escaped, so that nothing in
// it is taken for markup.
func (d *Guide) Markdown() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n", escapeMarkdown(d.Title))
	for _, s := range d.Sections {
		fmt.Fprintf(&b, "\n## %s\n", escapeMarkdown(s.Title))
		if s.Text != "" {
			fmt.Fprintf(&b, "\n%s\n", escapeMarkdown(s.Text))
		}
		for i, item := range s.Items {
			if i == 0 {
				b.WriteByte('\n')
			}
			mark := "-"
			switch {
			case s.Steps:
				mark = fmt.Sprintf("%d.", i+1)
			case s.Boxes:
				mark = "- [ ]"
			}
			fmt.Fprintf(&b, "%s %s\n", mark, escapeMarkdown(item))
		}
	}
	return []byte(b.String())
}

var markdownEscaper = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", "#", `\#`, "|", `\|`, "\n", " ", "\r", " ")

func escapeMarkdown(s string) string { return markdownEscaper.Replace(oneLine(s)) }

func escapeHTML(s string) string { return html.EscapeString(oneLine(s)) }

// oneLine returns a text, which may be an address from anywhere, without lines,
// commands to terminals and what turns the direction of a text.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) && r != '\u3000':
			return ' '
		case !unicode.IsGraphic(r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// HTML returns the document as one page that loads nothing.
func (d *Guide) HTML() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>%s</title>\n", d.Language.Code(), escapeHTML(d.Title))
	b.WriteString("<style>body{font-family:system-ui,sans-serif;line-height:1.6;max-width:42rem;margin:auto;padding:1rem;color:#111;background:#fff}li{margin:.3rem 0}@media print{body{max-width:none}}</style>\n</head>\n<body>\n<main>\n")
	fmt.Fprintf(&b, "<h1>%s</h1>\n", escapeHTML(d.Title))
	for _, s := range d.Sections {
		fmt.Fprintf(&b, "<h2>%s</h2>\n", escapeHTML(s.Title))
		if s.Text != "" {
			fmt.Fprintf(&b, "<p>%s</p>\n", escapeHTML(s.Text))
		}
		if len(s.Items) == 0 {
			continue
		}
		list, box := "ul", ""
		if s.Steps {
			list = "ol"
		}
		if s.Boxes {
			box = "☐ "
		}
		fmt.Fprintf(&b, "<%s>\n", list)
		for _, item := range s.Items {
			fmt.Fprintf(&b, "<li>%s%s</li>\n", box, escapeHTML(item))
		}
		fmt.Fprintf(&b, "</%s>\n", list)
	}
	b.WriteString("</main>\n</body>\n</html>\n")
	return []byte(b.String())
}
