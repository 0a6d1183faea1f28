package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// writeSubjects writes the needs of each subject as a checklist, where they say more
// than the verdict: what is open, and what is taken for granted. Many subjects of a
// target are a table.
func (o *Options) writeSubjects(w io.Writer, subjects []lint.Verdict) {
	const many = 8 // checklists that a reader goes through
	if len(subjects) > many {
		o.writeTable(w, subjects)
		return
	}
	first := map[lint.Subject]*lint.Verdict{} // of the targets that one subject is judged for
	for i := range subjects {
		v := &subjects[i]
		fmt.Fprintf(w, "\n%s  %s  %s\n", o.Color.Strong(string(v.Target)), o.paintVerdict(v.Status, o.Language.Say(v.Status)), Printable(o.subject(&v.Subject)))
		lines := o.checklist(v)
		if before := first[v.Subject]; before == nil {
			first[v.Subject] = v
		} else if same := o.checklist(before); len(lines) > 0 {
			all := len(lines)
			lines = slices.DeleteFunc(lines, func(line string) bool { return slices.Contains(same, line) })
			if len(lines) < all {
				lines = append(lines, o.say("the rest as for %s", string(before.Target)))
			}
		}
		for _, line := range lines {
			fmt.Fprintf(w, "  %s\n", line)
		}
	}
}

// checklist returns a line for each need, and for each thing that is taken for
// granted.
func (o *Options) checklist(v *lint.Verdict) []string {
	var lines, provided []string
	width := 0
	for _, a := range v.Needs {
		width = max(width, Columns(o.Language.Say(a.Need)))
	}
	if together := o.together(v); together != "" {
		lines = append(lines, Printable(together))
	}
	for _, a := range v.Needs {
		if a.State == lint.Assumed {
			provided = append(provided, o.say("provided that %s", say.Join(a.Decide...)))
			continue
		}
		lines = append(lines, Pad(o.Language.Say(a.Need), width)+"  "+o.answer(&a))
	}
	for _, p := range provided {
		lines = append(lines, Printable(p))
	}
	return lines
}

// together says what a subject was judged together with.
func (o *Options) together(v *lint.Verdict) string {
	names := v.With
	if v.Collection != v.Subject.File {
		names = append([]string{v.Collection}, names...)
	}
	if len(names) == 0 {
		return ""
	}
	return o.say("judged together with %s", strings.Join(names, ", "))
}

// subject names what a verdict is about.
func (o *Options) subject(s *lint.Subject) string {
	if s.Index < 0 || s.Name == "" {
		return s.File
	}
	return o.say("%s (%s)", s.File, s.Name)
}

// answer says what is known of a need: yes, no or a question mark, and why.
func (o *Options) answer(a *lint.Answer) string {
	because := a.Evidence
	word := o.Color.Good(o.text("yes"))
	switch a.State {
	case lint.Failed:
		word = o.Color.Bad(o.text("no"))
		for _, rule := range a.Because {
			because = append(because, say.New("%s", rule))
		}
	case lint.Open:
		word, because = o.Color.Warn("?"), a.Decide
	}
	if len(because) == 0 {
		return word
	}
	width := max(Columns(o.text("yes")), Columns(o.text("no"))) + 1
	return Pad(word, width) + Printable(o.Language.Say(say.Join(because...)))
}

// writeTable writes a line for each subject and target.
func (o *Options) writeTable(w io.Writer, subjects []lint.Verdict) {
	fmt.Fprintln(w)
	targets, statuses := 0, 0
	for _, v := range subjects {
		targets, statuses = max(targets, Columns(string(v.Target))), max(statuses, Columns(o.Language.Say(v.Status)))
	}
	for i := range subjects {
		v := &subjects[i]
		why := ""
		for _, a := range v.Needs {
			if v.Status != lint.Works && (a.State == lint.Failed || a.State == lint.Open && v.Status == lint.Unknown) {
				why = o.Language.Say(a.Need) + " " + o.answer(&a)
				break
			}
		}
		status := Pad(o.Language.Say(v.Status), statuses)
		fmt.Fprintf(w, "  %s  %s  %s  %s\n", Pad(string(v.Target), targets), o.paintVerdict(v.Status, status), Printable(o.subject(&v.Subject)), why)
	}
}
