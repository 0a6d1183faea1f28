package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
	"golang.org/x/text/width"
)

// Text writes the report for people: the verdicts first, then the findings
// certificate by certificate with what to do about each, then what was not
// checked.
func (o *Options) Text(w io.Writer, r *lint.Report) error {
	o = o.or()
	b := bufio.NewWriter(Fold(w, o.Width))
	o.writeVerdicts(b, r.Verdicts)
	o.writeSubjects(b, r.Subjects)
	o.writeFindings(b, r)
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
	return b.Flush()
}

func (o *Options) writeVerdicts(w io.Writer, verdicts []lint.Verdict) {
	targetWidth, statusWidth := 0, 0
	for _, v := range lint.Targets() {
		targetWidth = max(targetWidth, Columns(string(v)))
	}
	for _, s := range []lint.VerdictStatus{lint.Works, lint.Fails, lint.Unknown} {
		statusWidth = max(statusWidth, Columns(o.Language.Say(s)))
	}
	for _, v := range verdicts {
		if v.Status == lint.NotApplicable {
			continue
		}
		target, status := Pad(string(v.Target), targetWidth), o.Language.Say(v.Status)
		if len(v.Because) > 0 {
			gap := strings.Repeat(" ", max(0, statusWidth-Columns(status)))
			fmt.Fprintf(w, "%s  %s%s  %s\n", target, o.paintVerdict(v.Status, status), gap, strings.Join(v.Because, ", "))
		} else {
			fmt.Fprintf(w, "%s  %s\n", target, o.paintVerdict(v.Status, status))
		}
	}
}

func (o *Options) paintVerdict(status lint.VerdictStatus, s string) string {
	switch status {
	case lint.Works:
		return o.Color.Good(s)
	case lint.Fails:
		return o.Color.Bad(s)
	default:
		return o.Color.Warn(s)
	}
}

func (o *Options) paintRule(f *lint.Finding) string {
	switch f.Status {
	case lint.Error, lint.Fatal:
		return o.Color.Bad(f.Rule)
	case lint.Warn:
		return o.Color.Warn(f.Rule)
	default:
		return f.Rule
	}
}

func (o *Options) writeFindings(w io.Writer, r *lint.Report) {
	var last *lint.Finding
	for i := range r.Findings {
		f := &r.Findings[i]
		if last == nil || last.File != f.File {
			fmt.Fprintf(w, "\n%s\n", o.Color.Strong(Printable(f.File)))
		}
		if last == nil || last.File != f.File || last.Index != f.Index {
			fmt.Fprintf(w, "  %s\n", o.heading(f))
		}
		fmt.Fprintf(w, "    %s: %s\n", o.paintRule(f), Printable(o.Language.Say(f.Message)))
		if f.Remedy != "" && !saidNext(r.Findings, i) {
			fmt.Fprintf(w, "      %s\n", Printable(o.text(f.Remedy)))
		}
		last = f
	}
}

// saidNext reports whether the next finding of the same certificate has the
// same remedy, which is then printed only once.
func saidNext(findings []lint.Finding, i int) bool {
	if i+1 == len(findings) {
		return false
	}
	a, b := findings[i], findings[i+1]
	return a.File == b.File && a.Index == b.Index && a.Remedy == b.Remedy
}

// heading names what the following findings are about.
func (o *Options) heading(f *lint.Finding) string {
	switch {
	case f.Index < 0:
		return "(" + o.text("the whole collection") + ")"
	case f.Subject == "" && f.SHA256 == "":
		return o.say("certificate %d", f.Index)
	case f.Subject == "":
		return fmt.Sprintf("%s, SHA-256 %s", o.say("certificate %d", f.Index), f.SHA256)
	default:
		return fmt.Sprintf("%s, SHA-256 %.8s…", Printable(f.Subject), f.SHA256)
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
