package main

import (
	"io"
	"os"

	"github.com/smimechain/smimechain/lint/report"
	"golang.org/x/term"
)

// screen says how text is written: for a terminal folded to its width and
// coloured, for anything else as it is.
type screen struct {
	width int // columns; 0: unlimited
	color report.Colors
}

// screenOf returns how to write to standard output, or to the named file.
func screenOf(std streams, file string) screen {
	out := terminal(std.out)
	if file != "" || out == nil {
		return screen{}
	}
	width, _, err := term.GetSize(int(out.Fd()))
	if err != nil {
		width = 0
	}
	return screen{width: width, color: report.Colors(wantsColor() && showsColor(out))}
}

// wantsColor reports whether the user lets programs write colours; see
// https://no-color.org.
func wantsColor() bool {
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// fold returns a writer that folds what is written to w.
func (s screen) fold(w io.Writer) io.Writer { return report.Fold(w, s.width) }
