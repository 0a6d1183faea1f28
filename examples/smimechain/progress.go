//go:build !js && !wasip1

package main

import (
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/smimechain/smimechain/lint/say"
)

// progress is a progress bar on a terminal, or nothing. It shows what takes longer than a
// moment, and how long that will still take.
type progress struct {
	bar   *progressbar.ProgressBar // nil: nothing is shown
	state *barState
}

// barState is what a bar has been told.
type barState struct {
	expected, done, shown int
	since                 time.Time
}

// showAfter is how long something takes before it is shown; tests do not wait.
var showAfter = time.Second

// newProgress returns a bar for lines that are written as they come: when standard error
// is a terminal and they go elsewhere.
func newProgress(std streams, out string, doing, things say.Message) progress {
	if out == "" && isTerminal(std.out) {
		return progress{}
	}
	return newBar(std, doing, things)
}

// newBar returns a bar when standard error is a terminal: for what is written when all is
// done. Things are counted, or else parts of a hundred are shown.
func newBar(std streams, doing, things say.Message) progress {
	if !isTerminal(std.err) {
		return progress{}
	}
	opts := []progressbar.Option{
		progressbar.OptionSetWriter(std.err),
		progressbar.OptionSetDescription(std.language.Say(doing)),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionThrottle(100 * time.Millisecond),
		progressbar.OptionClearOnFinish(),
	}
	if !things.IsZero() {
		opts = append(opts, progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString(std.language.Say(things)))
	}
	return progress{bar: progressbar.NewOptions(1, opts...), state: &barState{since: time.Now()}}
}

// expect says how many there are, as far as that is known.
func (p progress) expect(n int) {
	if p.bar == nil || n == p.state.expected {
		return
	}
	p.state.expected = n
	if p.state.shown > 0 {
		p.bar.ChangeMax(max(n, 1))
	}
}

// add counts what is done. A bar that cannot be drawn is no reason to stop.
func (p progress) add(n int) {
	if p.bar == nil {
		return
	}
	if p.state.done += n; time.Since(p.state.since) < showAfter {
		return
	}
	if p.state.shown == 0 {
		p.bar.ChangeMax(max(p.state.expected, 1))
	}
	_ = p.bar.Add(p.state.done - p.state.shown)
	p.state.shown = p.state.done
}

// at says how much is done of how much.
func (p progress) at(done, all int) {
	if p.bar != nil {
		p.expect(all)
		p.add(done - p.state.done)
	}
}

// finish removes the bar.
func (p progress) finish() {
	if p.bar != nil && p.state.shown > 0 {
		_ = p.bar.Clear()
	}
}
