//go:build !js && !wasip1

package main

import (
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress is a progress bar on a terminal, or nothing.
type progress struct {
	bar      *progressbar.ProgressBar // nil: nothing is shown
	expected *int
}

// newProgress returns a bar when standard error is a terminal and the report
// goes elsewhere.
func newProgress(std streams, out string) progress {
	if !isTerminal(std.err) || out == "" && isTerminal(std.out) {
		return progress{}
	}
	return progress{
		bar: progressbar.NewOptions(1,
			progressbar.OptionSetWriter(std.err),
			progressbar.OptionSetDescription("checking"),
			progressbar.OptionShowCount(),
			progressbar.OptionShowIts(),
			progressbar.OptionSetItsString("files"),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish()),
		expected: new(int),
	}
}

// expect says how many files there are, as far as that is known.
func (p progress) expect(n int) {
	if p.bar != nil && n != *p.expected {
		*p.expected = n
		p.bar.ChangeMax(max(n, 1))
	}
}

// add counts files that are done. A bar that cannot be drawn is no reason to
// stop.
func (p progress) add(n int) {
	if p.bar != nil {
		_ = p.bar.Add(n)
	}
}

// finish removes the bar.
func (p progress) finish() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}
