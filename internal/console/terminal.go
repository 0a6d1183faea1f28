// Package console writes what people read at a terminal or in the log of a build: text in
// colours and columns that holds no commands.
package console

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Colors says whether words are coloured, with the sequences of ECMA-48 that
// terminals take. The zero value leaves text as it is.
type Colors bool

// Bad marks what does not work.
func (c Colors) Bad(s string) string { return c.mark("1;31", s) }

// Warn marks what needs attention.
func (c Colors) Warn(s string) string { return c.mark("33", s) }

// Good marks what works.
func (c Colors) Good(s string) string { return c.mark("32", s) }

// Strong marks what a reader looks for first.
func (c Colors) Strong(s string) string { return c.mark("1", s) }

func (c Colors) mark(parameters, s string) string {
	if !c || s == "" {
		return s
	}
	return "\x1b[" + parameters + "m" + s + "\x1b[0m"
}

const (
	minFold   = 40 // columns; a narrower terminal is written to as if it had these
	maxLabel  = 32 // columns within which the gap between a label and its text is looked for
	foldedBy  = 2  // columns by which a line without a label is continued further in
	maxIndent = 3  // a continued line is indented by one part of this many of the width at most
)

// Fold returns a writer that breaks lines at spaces so that they take no more
// than width columns, and writes them to w. A continued line begins below the
// text of the first: after its label where the line has one (text, two spaces or
// more, text), else two columns further in. The lines of a tree are continued.
//
// What has no space, such as a fingerprint or an address, is never broken, nor is a
// command of smimechain on an indented line of its own, so that it can be copied. A width below 1 means no folding; one below 40 counts
// as 40. What follows the last line ending is kept back: end the last line.
func Fold(w io.Writer, width int) io.Writer {
	if width < 1 {
		return w
	}
	return &folder{w: w, width: max(width, minFold)}
}

type folder struct {
	w     io.Writer
	width int
	rest  []byte // a line that has not ended
}

func (f *folder) Write(p []byte) (int, error) {
	end := bytes.LastIndexByte(p, '\n')
	if end >= 0 {
		end += len(f.rest)
	}
	f.rest = append(f.rest, p...)
	if end < 0 {
		return len(p), nil
	}
	var out strings.Builder
	for line := range strings.Lines(string(f.rest[:end+1])) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(strings.TrimLeft(line, " "), "smimechain ") && strings.HasPrefix(line, "  ") {
			out.WriteString(line + "\n") // a command
			continue
		}
		f.fold(&out, line)
	}
	f.rest = append(f.rest[:0], f.rest[end+1:]...)
	if _, err := io.WriteString(f.w, out.String()); err != nil {
		return 0, err
	}
	return len(p), nil
}

// fold writes one line in pieces.
func (f *folder) fold(out *strings.Builder, line string) {
	indent := ""
	for room := f.width; ; room = f.width - Columns(indent) {
		piece, rest := split(line, room)
		if out.WriteString(piece); rest == "" {
			break
		}
		if indent == "" {
			indent = f.indent(line)
		}
		out.WriteString("\n" + indent)
		line = rest
	}
	out.WriteByte('\n')
}

// treeLines are what stands below the parts of a tree in a continued line.
var treeLines = strings.NewReplacer("├", "│", "└", " ", "─", " ")

// indent returns what a continued line begins with.
func (f *folder) indent(line string) string {
	text := strings.TrimLeft(line, " │├└─")
	indent := treeLines.Replace(line[:len(line)-len(text)])
	hang := foldedBy
	if label, after, ok := strings.Cut(text, "  "); ok {
		gap := label + "  " + after[:len(after)-len(strings.TrimLeft(after, " "))]
		if Columns(gap) <= maxLabel {
			hang = Columns(gap)
		}
	}
	if Columns(indent)+hang > f.width/maxIndent && hang > foldedBy {
		hang = foldedBy
	}
	return indent + strings.Repeat(" ", hang)
}

// split cuts a line at the last place that leaves at most room columns before
// it: at a space that follows a word, which is dropped, or after a wide
// character. Without such a place it cuts at the first one after.
func split(line string, room int) (piece, rest string) {
	if len(line) <= room || fits(line, room) {
		return line, ""
	}
	used, cut, next := 0, -1, 0
	var last rune = ' '
	escape := false
	for i, r := range line {
		escape = escape && last != 'm' || r == '\x1b'
		if !escape {
			if before, after, ok := breakable(line, i, r, last); ok {
				if used > room && cut >= 0 {
					break
				}
				cut, next = before, after
			}
			used += runeColumns(r)
		}
		if used > room && cut >= 0 {
			break
		}
		last = r
	}
	if cut < 0 {
		return line, ""
	}
	return line[:cut], line[next:]
}

// fits reports whether a line takes no more than room columns. It looks no
// further than that: a line may be a megabyte long.
func fits(line string, room int) bool {
	used, escape := 0, false
	for _, r := range line {
		switch {
		case r == '\x1b':
			escape = true
		case escape:
			escape = r != 'm'
		default:
			if used += runeColumns(r); used > room {
				return false
			}
		}
	}
	return true
}

// closing are wide characters that no line begins with.
const closing = "、。，．・：；？！）］｝」』】〉》ー々"

// breakable reports whether a line may end before offset i, where r stands after
// last, and where the next line goes on.
func breakable(line string, i int, r, last rune) (before, after int, ok bool) {
	switch {
	case r == ' ' && last != ' ':
		rest := strings.TrimLeft(line[i:], " ")
		indented := strings.Trim(line[:i], " │├└─") == ""
		return i, len(line) - len(rest), rest != "" && !indented
	case r != ' ' && last != ' ' && (isWide(r) || isWide(last)) && !strings.ContainsRune(closing, r) && !strings.ContainsRune("（「『", last):
		return i, i, true
	default:
		return 0, 0, false
	}
}

func isWide(r rune) bool { return r >= utf8.RuneSelf && runeColumns(r) == 2 }

// Pad fills a text up with spaces to a width in columns of a terminal, where East
// Asian characters take two. A longer text stays as it is.
func Pad(s string, n int) string { return s + strings.Repeat(" ", max(0, n-Columns(s))) }

// Columns counts the columns that a text takes in a terminal: East Asian
// characters take two, the sequences of [Colors] none.
func Columns(s string) int {
	n, escape := 0, false
	for _, r := range s {
		switch {
		case r == '\x1b':
			escape = true
		case escape:
			escape = r != 'm'
		default:
			n += runeColumns(r)
		}
	}
	return n
}

func runeColumns(r rune) int {
	if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
		return 2
	}
	return 1
}
