package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// The types below are the box that says what to do.
type (
	htmlTodo struct {
		Steps    []htmlStep
		More     int      // steps that are not shown
		Provided []string // what is taken for granted, where there is nothing to do
		of       map[lint.Subject][]int
	}
	htmlStep struct {
		Number   int
		Need     string // that what would decide belongs to; empty in front of a remedy
		Text     htmlText
		Why      htmlText
		For      string // whom it is for, where that is not everybody
		Rules    []string
		Missing  []htmlMissing
		Commands []string
		Rest     string // how many commands are not shown

		commands []string
		why      string
		reasoned bool
		open     bool
		place    int
		subjects []lint.Subject
		targets  []lint.Target
	}
)

const maxSteps = 12 // of the box

// todo says what to do: the remedies of the findings that decide, and what would
// decide where that is not known.
func (o *Options) todo(r *lint.Report, list []*judgement, links links, missing []htmlMissing) htmlTodo {
	t := &planner{o: o, links: links, advised: advicesOf(r), closed: closedOf(r), missing: missing, at: map[string]*htmlStep{}}
	if len(list) == 0 { // put together by hand
		for i := range r.Verdicts {
			for _, rule := range r.Verdicts[i].Because {
				t.remedy(&r.Verdicts[i], &lint.NeedAnswer{State: lint.Failed}, rule)
			}
		}
	}
	for _, j := range list {
		for _, v := range j.verdicts {
			t.verdict(v)
		}
	}
	todo := htmlTodo{of: map[lint.Subject][]int{}}
	slices.SortStableFunc(t.steps, func(a, b *htmlStep) int {
		if a.open != b.open {
			if b.open {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.place, b.place)
	})
	judged := map[lint.Target]bool{}
	for _, j := range list {
		for _, v := range j.verdicts {
			judged[v.Target] = true
		}
	}
	for i, s := range t.steps {
		if i >= maxSteps {
			todo.More = len(t.steps) - maxSteps
			break
		}
		s.Number = i + 1
		for _, subject := range s.subjects {
			todo.of[subject] = append(todo.of[subject], s.Number)
		}
		s.Commands, s.Rest = o.shown(s.commands)
		s.For = o.whom(s, len(list), len(judged))
		todo.Steps = append(todo.Steps, *s)
	}
	if len(todo.Steps) == 0 {
		todo.Provided = o.provided(list)
	}
	return todo
}

// provided says what verdicts take for granted, up to maxSteps of it.
func (o *Options) provided(list []*judgement) (all []string) {
	for _, j := range list {
		for _, v := range j.verdicts {
			for i := range v.Needs {
				if a := &v.Needs[i]; a.State == lint.Assumed {
					text := Printable(o.say("provided that %s", say.Join(a.Decide...)))
					if !slices.Contains(all, text) && len(all) < maxSteps {
						all = append(all, text)
					}
				}
			}
		}
	}
	return all
}

// whom names the files and targets that a step is for, where that is not everybody.
func (o *Options) whom(s *htmlStep, subjects, targets int) string {
	var parts []string
	if len(s.subjects) < subjects {
		var names []string
		for _, j := range s.subjects {
			if name := Printable(j.File); len(names) == 0 || names[len(names)-1] != name {
				names = append(names, name)
			}
		}
		parts = append(parts, o.someOf(names))
	}
	if len(s.targets) < targets {
		parts = append(parts, o.targetNames(s.targets))
	}
	return strings.Join(parts, " · ")
}

// planner gathers steps.
type planner struct {
	o       *Options
	links   links
	advised advices
	closed  map[string]say.Message // why a file was not opened
	missing []htmlMissing
	steps   []*htmlStep
	at      map[string]*htmlStep
}

// verdict adds what would make a verdict better.
func (t *planner) verdict(v *lint.Verdict) {
	if closed := t.closed[v.Subject.File]; !closed.IsZero() && v.Status == lint.Unknown {
		// All else follows from what cannot be seen.
		text := Printable(t.o.Language.Say(closed))
		if s, isNew := t.step(text, v.Subject, v, &lint.NeedAnswer{Need: "opens", State: lint.Open}); isNew {
			s.Need = t.o.Language.Say(lint.Need("opens"))
		}
		return
	}
	for i := range v.Needs {
		a := &v.Needs[i]
		if !(v.Status == lint.Fails && a.State == lint.Failed || v.Status == lint.Unknown && a.State == lint.Open) {
			continue
		}
		found := false
		for _, rule := range a.Because {
			found = t.remedy(v, a, rule) || found
		}
		if !found {
			for _, m := range said(a) {
				text := Printable(t.o.Language.Say(m))
				if s, isNew := t.step(text, v.Subject, v, a); isNew {
					s.Need = t.o.Language.Say(a.Need)
				}
			}
		}
	}
}

// remedy adds the remedy of the findings of a rule, and reports whether there is one.
func (t *planner) remedy(v *lint.Verdict, a *lint.NeedAnswer, rule string) bool {
	m := t.advised.of(v, rule)
	if m == nil {
		return false
	}
	s, _ := t.step(Printable(t.o.text(m.remedy)), v.Subject, v, a)
	if !slices.Contains(s.Rules, rule) {
		s.Rules = append(s.Rules, rule)
	}
	s.commands = withEach(s.commands, m.commands)
	s.because(t.why(m, a), t.links)
	if a.Need == "path" {
		s.Missing = t.missing
	}
	return true
}

// why says what has a remedy, where that is one thing.
func (t *planner) why(m *advice, a *lint.NeedAnswer) string {
	switch {
	case a.State == lint.Open:
		return Printable(t.o.Language.Say(say.Join(a.Decide...)))
	case m.count == 1:
		return Printable(t.o.Language.Say(m.message))
	default:
		return ""
	}
}

// because adds the reason of a step, which goes unsaid where there are several.
func (s *htmlStep) because(why string, links links) {
	switch {
	case !s.reasoned:
		s.reasoned, s.why = true, why
		if why != "" {
			s.Why = links.in(why)
		}
	case s.why != why:
		s.Why = nil
	}
}

// step returns the step that a text says, for a subject and target more, and reports
// whether it is new.
func (t *planner) step(text string, subject lint.Subject, v *lint.Verdict, a *lint.NeedAnswer) (s *htmlStep, isNew bool) {
	s = t.at[text]
	if isNew = s == nil; isNew {
		s = &htmlStep{Text: t.links.in(text), place: needPlace(a.Need), open: a.State == lint.Open}
		t.at[text] = s
		t.steps = append(t.steps, s)
	}
	s.open = s.open && a.State == lint.Open
	// Subjects come one after the other.
	if n := len(s.subjects); n == 0 || s.subjects[n-1] != subject {
		s.subjects = append(s.subjects, subject)
	}
	if !slices.Contains(s.targets, v.Target) {
		s.targets = append(s.targets, v.Target)
	}
	return s, isNew
}

// closedOf returns why files were not opened, by name.
func closedOf(r *lint.Report) map[string]say.Message {
	closed := map[string]say.Message{}
	for i := range r.Files {
		if f := &r.Files[i]; !f.Closed.IsZero() {
			closed[f.Name] = f.Closed
		}
	}
	return closed
}
