package main

import (
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// levelFlag is the value of -fail-on. Its zero value stands for error.
type levelFlag struct{ level lint.Status }

func (l *levelFlag) String() string { return "" }

func (l *levelFlag) Set(s string) error {
	for _, level := range []lint.Status{lint.Notice, lint.Warn, lint.Error} {
		if s == level.String() {
			l.level = level
			return nil
		}
	}
	return say.Errorf("want error, warn or info")
}

// status returns the exit status that the report leads to.
func (l *levelFlag) status(r *lint.Report) int { return l.statusOf(r.Worst()) }

// statusOf returns the exit status that the worst finding leads to.
func (l *levelFlag) statusOf(worst lint.Status) int {
	level := l.level
	if level == 0 {
		level = lint.Error
	}
	if worst >= level {
		return exitFindings
	}
	return exitClean
}
