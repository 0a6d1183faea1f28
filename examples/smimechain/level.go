package main

import (
	"fmt"

	"github.com/smimechain/smimechain/lint"
	zlint "github.com/zmap/zlint/v3/lint"
)

// levelFlag is the value of -fail-on. Its zero value stands for error.
type levelFlag struct{ level zlint.LintStatus }

func (l *levelFlag) String() string { return "" }

func (l *levelFlag) Set(s string) error {
	switch level := zlint.StatusLabelToLintStatus[s]; level {
	case zlint.Notice, zlint.Warn, zlint.Error:
		l.level = level
		return nil
	default:
		return fmt.Errorf("want error, warn or info")
	}
}

// status returns the exit status that the report leads to.
func (l *levelFlag) status(r *lint.Report) int {
	level := l.level
	if level == 0 {
		level = zlint.Error
	}
	if r.Worst() >= level {
		return exitFindings
	}
	return exitClean
}
