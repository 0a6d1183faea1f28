package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/smimechain/smimechain/internal/console"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// Text writes the report for people: the verdicts and the one thing to do first, what
// they were drawn from, then the findings by cause with what to do about each, then
// what was not checked, and by what it was judged.
func (o *Options) Text(w io.Writer, r *lint.Report) error {
	o = o.or()
	b := bufio.NewWriter(console.Fold(w, o.Width))
	names := namesIn(r)
	o.writeVerdicts(b, r)
	o.writeFirst(b, r)
	o.writeSubjects(b, r, names)
	o.writeCauses(b, r, names)
	if len(r.Accepted) > 0 {
		fmt.Fprintf(b, "\n%s\n", o.text("accepted"))
		for i := range r.Accepted {
			a := &r.Accepted[i]
			fmt.Fprintf(b, "  %s: %s: %s\n    %s\n", Printable(a.File), a.Rule, Printable(o.Language.Say(a.Message)),
				o.say("until %s: %s", a.Expires.Format(time.DateOnly), Printable(a.Reason)))
		}
	}
	if len(r.NotChecked) > 0 {
		fmt.Fprintf(b, "\n%s\n", o.text("not checked"))
		for _, n := range r.NotChecked {
			fmt.Fprintf(b, "  %s: %s\n", Printable(o.Language.Say(n.What)), Printable(o.Language.Say(n.Why)))
		}
	}
	if foot := o.foot(r); foot != "" {
		fmt.Fprintf(b, "\n%s\n", foot)
	}
	fmt.Fprintf(b, "\n%s\n", o.say("%s at %s", o.summary(r), rfc3339(r.Time)))
	if by := o.judgedBy(r); by != "" {
		fmt.Fprintln(b, Printable(by))
	}
	return b.Flush()
}

// writeVerdicts writes a line for each target: what holds for all, how many subjects there
// are of each verdict where they are many, and the rules that decided.
func (o *Options) writeVerdicts(w io.Writer, r *lint.Report) {
	targetWidth, statusWidth := 0, 0
	for _, v := range lint.Targets() {
		targetWidth = max(targetWidth, console.Columns(string(v)))
	}
	for _, s := range []lint.VerdictStatus{lint.Works, lint.Fails, lint.Unknown} {
		statusWidth = max(statusWidth, console.Columns(o.Language.Say(s)))
	}
	counts := countsOf(r.Subjects)
	for _, v := range r.Verdicts {
		if v.Status == lint.NotApplicable {
			continue
		}
		target, status := console.Pad(string(v.Target), targetWidth), o.Language.Say(v.Status)
		var rest []string
		if n := counts[v.Target]; n.all() > manySubjects {
			rest = append(rest, o.Language.Say(n.sentence()))
		}
		if len(v.Because) > 0 {
			rest = append(rest, strings.Join(v.Because, ", "))
		}
		if len(rest) > 0 {
			gap := strings.Repeat(" ", max(0, statusWidth-console.Columns(status)))
			fmt.Fprintf(w, "%s  %s%s  %s\n", target, o.paintVerdict(v.Status, status), gap, strings.Join(rest, "  "))
		} else {
			fmt.Fprintf(w, "%s  %s\n", target, o.paintVerdict(v.Status, status))
		}
	}
}

// manySubjects is how many subjects a reader goes through one by one.
const manySubjects = 8

// statusCounts says of how many subjects a target works, fails or cannot be told.
type statusCounts struct{ works, fails, unknown int }

func countsOf(subjects []lint.Verdict) map[lint.Target]statusCounts {
	counts := map[lint.Target]statusCounts{}
	for i := range subjects {
		n := counts[subjects[i].Target]
		switch subjects[i].Status {
		case lint.Works:
			n.works++
		case lint.Fails:
			n.fails++
		case lint.Unknown:
			n.unknown++
		}
		counts[subjects[i].Target] = n
	}
	return counts
}

func (n statusCounts) all() int { return n.works + n.fails + n.unknown }

func (n statusCounts) sentence() say.Message {
	var parts []say.Message
	if n.fails > 0 {
		parts = append(parts, say.Count(n.fails, "1 fails", "%d fail"))
	}
	if n.unknown > 0 {
		parts = append(parts, say.Count(n.unknown, "1 is unknown", "%d are unknown"))
	}
	if n.works > 0 {
		parts = append(parts, say.Count(n.works, "1 works", "%d work"))
	}
	return say.Join(parts...)
}

func (o *Options) paintVerdict(status lint.VerdictStatus, s string) string {
	switch status {
	case lint.Works:
		return o.color().Good(s)
	case lint.Fails:
		return o.color().Bad(s)
	default:
		return o.color().Warn(s)
	}
}

// summary counts files, certificates and findings.
func (o *Options) summary(r *lint.Report) string {
	certificates := 0
	for _, f := range r.Files {
		certificates += len(f.Certificates)
	}
	counts := map[lint.Status]int{}
	remarks := 0
	for i := range r.Findings {
		if r.Findings[i].Remark() {
			remarks++
		} else {
			counts[r.Findings[i].Status]++
		}
	}
	errors := counts[lint.Error] + counts[lint.Fatal]
	return o.say("%s in %s: %s, %s, %s, %s",
		say.Count(certificates, "1 certificate", "%d certificates"), say.Count(len(r.Files), "1 file", "%d files"),
		say.Count(errors, "1 error", "%d errors"), say.Count(counts[lint.Warn], "1 warning", "%d warnings"), say.Count(counts[lint.Notice], "1 notice", "%d notices"), say.Count(remarks, "1 remark", "%d remarks"))
}
