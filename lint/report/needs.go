package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/internal/console"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// writeSubjects writes the needs of each subject as a checklist, where they say more
// than the verdict: what is open, and what is taken for granted. Many subjects of a
// target are a table.
func (o *Options) writeSubjects(w io.Writer, r *lint.Report, names names) {
	subjects := r.Subjects
	if len(subjects) > manySubjects {
		o.writeTable(w, subjects, usersOf(r), names)
		return
	}
	first := map[lint.Subject]*lint.Verdict{} // of the targets that one subject is judged for
	for i := range subjects {
		v := &subjects[i]
		fmt.Fprintf(w, "\n%s  %s  %s\n", o.color().Strong(string(v.Target)), o.paintVerdict(v.Status, o.Language.Say(v.Status)), Printable(o.subjectAs(&v.Subject, names.of(v.Subject.Name))))
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
		width = max(width, console.Columns(o.Language.Say(a.Need)))
	}
	if together := o.together(v); together != "" {
		lines = append(lines, Printable(together))
	}
	for _, a := range v.Needs {
		if a.State == lint.Assumed {
			provided = append(provided, o.say("provided that %s", say.Join(a.Decide...)))
			continue
		}
		lines = append(lines, console.Pad(o.Language.Say(a.Need), width)+"  "+o.answer(&a))
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
	return o.subjectAs(s, lint.CommonName(s.Name))
}

// subjectAs names what a verdict is about, with the name by which its certificate is
// called.
func (o *Options) subjectAs(s *lint.Subject, name string) string {
	if s.Index < 0 || name == "" {
		return s.File
	}
	return o.say("%s (%s)", s.File, name)
}

// ofUser is subjectAs with the user whose file it is, where the certificate does not name
// that one.
func (o *Options) ofUser(s *lint.Subject, user, name string) string {
	switch {
	case user == "" || user == name || strings.HasSuffix(s.File, "("+user+")"):
		return o.subjectAs(s, name)
	case s.Index < 0 || name == "":
		return o.say("%s (%s)", s.File, user)
	default:
		return o.say("%s (%s)", s.File, user+", "+name)
	}
}

// answer says what is known of a need: yes, no or a question mark, and why.
func (o *Options) answer(a *lint.NeedAnswer) string {
	because := a.Evidence
	word := o.color().Good(o.text("yes"))
	switch a.State {
	case lint.Failed:
		word = o.color().Bad(o.text("no"))
		for _, rule := range a.Because {
			because = append(because, say.New("%s", rule))
		}
	case lint.Open:
		word, because = o.color().Warn("?"), a.Decide
	}
	if len(because) == 0 {
		return word
	}
	width := max(console.Columns(o.text("yes")), console.Columns(o.text("no"))) + 1
	return console.Pad(word, width) + Printable(o.Language.Say(say.Join(because...)))
}

// row is a line of a table: what one subject comes to for targets that say the same.
type row struct {
	subject, status, why string
	verdict              lint.VerdictStatus
	targets              []string
}

// writeTable writes the subjects with what they come to for each target, and why.
// Targets that say the same share a line, which names them where they are not all.
func (o *Options) writeTable(w io.Writer, subjects []lint.Verdict, users map[string]string, names names) {
	rows := map[lint.Subject][]*row{}
	var order []lint.Subject
	status := 0
	targets := map[lint.Target]bool{}
	for i := range subjects {
		v := &subjects[i]
		targets[v.Target] = true
		if rows[v.Subject] == nil {
			order = append(order, v.Subject)
		}
		add := row{Printable(o.ofUser(&v.Subject, users[v.Subject.File], names.of(v.Subject.Name))), o.Language.Say(v.Status), o.why(v), v.Status, []string{string(v.Target)}}
		status = max(status, console.Columns(add.status))
		if at := slices.IndexFunc(rows[v.Subject], func(r *row) bool { return r.status == add.status && r.why == add.why }); at >= 0 {
			same := rows[v.Subject][at]
			same.targets = withEach(same.targets, add.targets)
			continue
		}
		rows[v.Subject] = append(rows[v.Subject], &add)
	}
	slices.SortStableFunc(order, func(a, b lint.Subject) int {
		return cmp.Or(say.Compare(a.File, b.File), cmp.Compare(a.Index, b.Index))
	})
	fmt.Fprintln(w)
	for _, s := range order {
		for _, r := range rows[s] {
			line := fmt.Sprintf("%s  %s", o.paintVerdict(r.verdict, console.Pad(r.status, status)), r.subject)
			if len(r.targets) < len(targets) {
				line += "  " + strings.Join(r.targets, ", ")
			}
			if r.why != "" {
				line += "  " + r.why
			}
			fmt.Fprintf(w, "  %s\n", line)
		}
	}
}

// why says by which need a verdict came about, where it is not a good one.
func (o *Options) why(v *lint.Verdict) string {
	a := deciding(v)
	if a == nil {
		return ""
	}
	return o.Language.Say(a.Need) + " " + o.answer(a)
}

// deciding returns the first need that makes a verdict fail or leaves it open; nil
// where there is none.
func deciding(v *lint.Verdict) *lint.NeedAnswer {
	for i := range v.Needs {
		if a := &v.Needs[i]; v.Status == lint.Fails && a.State == lint.Failed || v.Status == lint.Unknown && a.State == lint.Open {
			return a
		}
	}
	return nil
}
