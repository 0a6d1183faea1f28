package main

import (
	"fmt"
	"io"
	"os"

	"github.com/smimechain/smimechain/internal/console"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
	"golang.org/x/term"
)

// screen says how text is written: for a terminal folded to its width and
// coloured, for anything else as it is; and in which language.
type screen struct {
	width    int // columns; 0: unlimited
	color    console.Colors
	language locale.Language
}

// screenOf returns how to write to standard output, or to the named file.
func screenOf(std streams, file string) screen {
	out := terminal(std.out)
	if file != "" || out == nil {
		return screen{language: std.language}
	}
	width, _, err := term.GetSize(int(out.Fd()))
	if err != nil {
		width = 0
	}
	return screen{width: width, color: console.Colors(wantsColor() && showsColor(out)), language: std.language}
}

// wantsColor reports whether the user lets programs write colours; see
// https://no-color.org.
func wantsColor() bool {
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// text says a fixed text.
func (s screen) text(english say.Text) string { return s.language.Text(english) }

// say says a sentence. What comes from a file is made printable.
func (s screen) say(format say.Text, args ...any) string {
	return report.Printable(s.language.Say(say.New(format, args...)))
}

// labelled writes lines with a label and a text each, the texts one below the other.
type labelled struct {
	w      io.Writer
	page   screen
	indent int
}

// labelColumns is the width of the widest label.
const labelColumns = len(say.Text("extended usage"))

// line writes a line unless the text is empty; the text is made printable.
func (l *labelled) line(label say.Text, text string) {
	if text != "" {
		fmt.Fprintf(l.w, "%*s%s  %s\n", l.indent, "", console.Pad(l.page.text(label), labelColumns), report.Printable(text))
	}
}

// say writes a line with a sentence.
func (l *labelled) say(label, format say.Text, args ...any) {
	l.line(label, l.page.say(format, args...))
}

// fold returns a writer that folds what is written to w.
func (s screen) fold(w io.Writer) io.Writer { return console.Fold(w, s.width) }

func isTerminal(w io.Writer) bool { return terminal(w) != nil }

// terminal returns the terminal that is written to, and nil for anything else.
func terminal(w io.Writer) *os.File {
	if s, ok := w.(*sink); ok {
		w = s.Writer
	}
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return f
}
