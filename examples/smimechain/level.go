package main

import (
	"strings"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// levelFlag is the value of -fail-on. Its zero value stands for error.
type levelFlag struct {
	level           lint.Status
	unknown, remark bool
}

func (l *levelFlag) String() string { return "" }

func (l *levelFlag) Set(s string) error {
	*l = levelFlag{}
	for word := range strings.SplitSeq(s, ",") {
		switch strings.TrimSpace(word) {
		case lint.Error.String():
			l.level = lint.Error
		case lint.Warn.String():
			l.level = lint.Warn
		case lint.Notice.String():
			l.level = lint.Notice
		case "unknown":
			l.unknown = true
		case "remark":
			l.remark = true
		default:
			return say.Errorf("want error, warn, info, unknown, remark, or several of them separated by commas")
		}
	}
	return nil
}

// failLevels are the words that -fail-on takes.
func failLevels() []string {
	return []string{lint.Error.String(), lint.Warn.String(), lint.Notice.String(), "unknown", "remark"}
}

// tally is what the exit status of a check is drawn from.
type tally struct {
	worst                  lint.Status // of the findings
	fails, unknown, remark bool
	works                  bool // some verdict does
	idle                   bool // there is something judged that works for no target
}

// add counts a report.
func (t *tally) add(r *lint.Report) {
	t.worst = max(t.worst, r.Worst())
	for i := range r.Subjects {
		v := &r.Subjects[i]
		t.fails = t.fails || v.Status == lint.Fails
		t.unknown = t.unknown || v.Status == lint.Unknown
		t.works = t.works || v.Status == lint.Works
	}
	t.idle = t.idle || len(r.Idle()) > 0
	for i := range r.Findings {
		t.remark = t.remark || r.Findings[i].Remark()
	}
}

// join counts what another has counted.
func (t *tally) join(o tally) {
	t.worst = max(t.worst, o.worst)
	t.fails, t.unknown, t.remark = t.fails || o.fails, t.unknown || o.unknown, t.remark || o.remark
	t.works, t.idle = t.works || o.works, t.idle || o.idle
}

// statusOf returns the exit status of a check; named says that targets were.
func (l *levelFlag) statusOf(t *tally, named bool) int {
	switch {
	case t.fails, t.idle, !t.works, t.unknown && (named || l.unknown), t.remark && l.remark:
		return exitFindings
	default:
		return l.statusOfFindings(t.worst)
	}
}

// statusOfFindings returns the exit status that the worst finding leads to, where
// something was made and what is needed beside it is not there to be judged.
func (l *levelFlag) statusOfFindings(worst lint.Status) int {
	level := l.level
	if level == 0 {
		level = lint.Error
	}
	if worst >= level {
		return exitFindings
	}
	return exitClean
}
