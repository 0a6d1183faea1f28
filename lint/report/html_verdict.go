package report

import (
	"path"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// judgement is a subject with the verdicts about it, in the order of targets.
type judgement struct {
	lint.Subject
	verdicts []*lint.Verdict
}

// subjectsOf gathers the verdicts about each subject.
func subjectsOf(r *lint.Report) []*judgement {
	var list []*judgement
	of := map[lint.Subject]*judgement{}
	for i := range r.Subjects {
		v := &r.Subjects[i]
		if v.Status == lint.NotApplicable {
			continue
		}
		j := of[v.Subject]
		if j == nil {
			j = &judgement{Subject: v.Subject}
			of[v.Subject] = j
			list = append(list, j)
		}
		j.verdicts = append(j.verdicts, v)
	}
	return list
}

// status is the worst of the verdicts.
func (j *judgement) status() lint.VerdictStatus {
	worst := lint.Works
	for _, v := range j.verdicts {
		if v.Status == lint.Fails || worst == lint.Works {
			worst = v.Status
		}
	}
	return worst
}

// with returns the targets that have a verdict.
func (j *judgement) with(s lint.VerdictStatus) []lint.Target {
	var targets []lint.Target
	for _, v := range j.verdicts {
		if v.Status == s {
			targets = append(targets, v.Target)
		}
	}
	return targets
}

// htmlSentence is the verdict in one sentence, and what remains to be said.
type htmlSentence struct {
	htmlLook
	Text string
	Rest []string
}

// sentence says the worst of all verdicts first.
func (o *Options) sentence(r *lint.Report, list []*judgement) htmlSentence {
	var all []htmlSentence
	switch len(list) {
	case 0: // put together by hand
		all = o.sentencesOfNone(r)
	case 1:
		all = o.sentencesOfOne(list[0])
	default:
		all = o.sentencesOfMany(list)
	}
	for _, s := range all[1:] {
		all[0].Rest = append(all[0].Rest, s.Text)
	}
	return all[0]
}

func (o *Options) newSentence(s lint.VerdictStatus, text string) htmlSentence {
	return htmlSentence{htmlLook: o.verdictLook(s), Text: text}
}

// sentencesOfNone goes by the verdicts about all subjects, where there is no subject.
func (o *Options) sentencesOfNone(r *lint.Report) []htmlSentence {
	summary := &judgement{}
	for i := range r.Verdicts {
		summary.verdicts = append(summary.verdicts, &r.Verdicts[i])
	}
	if t := summary.with(lint.Fails); len(t) > 0 {
		return []htmlSentence{o.newSentence(lint.Fails, o.say("S/MIME check: fails for %s", o.targetNames(t)))}
	}
	if t := summary.with(lint.Unknown); len(t) > 0 {
		return []htmlSentence{o.newSentence(lint.Unknown, o.say("S/MIME check: cannot be told for %s", o.targetNames(t)))}
	}
	return []htmlSentence{o.newSentence(lint.Works, o.text("S/MIME check: works"))}
}

// sentencesOfOne names the targets of one subject.
func (o *Options) sentencesOfOne(j *judgement) (all []htmlSentence) {
	name := Printable(baseName(j.File))
	add := func(s lint.VerdictStatus, first, further say.Text) {
		switch t := j.with(s); {
		case len(t) > 0 && len(all) == 0:
			all = append(all, o.newSentence(s, o.say(first, name, o.targetNames(t))))
		case len(t) > 0:
			all = append(all, o.newSentence(s, o.say(further, o.targetNames(t))))
		}
	}
	add(lint.Fails, "%s fails for %s", "")
	add(lint.Unknown, "It cannot be told yet whether %s works for %s", "It cannot be told yet for %s.")
	add(lint.Works, "%s works for %s", "It works for %s.")
	return all
}

// sentencesOfMany counts subjects.
func (o *Options) sentencesOfMany(list []*judgement) (all []htmlSentence) {
	counts, files := map[lint.VerdictStatus]int{}, map[string]bool{}
	for _, j := range list {
		counts[j.status()]++
		files[j.File] = true
	}
	whole := say.Count(len(list), "1 subject", "%d subjects")
	if len(files) == len(list) {
		whole = say.Count(len(list), "1 file", "%d files")
	}
	add := func(s lint.VerdictStatus, what say.Message) {
		if counts[s] > 0 {
			all = append(all, o.newSentence(s, o.say("Of %s, %s", whole, what)))
		}
	}
	add(lint.Fails, say.Count(counts[lint.Fails], "1 fails for at least one target", "%d fail for at least one target"))
	add(lint.Unknown, say.Count(counts[lint.Unknown], "1 cannot be told yet for at least one target", "%d cannot be told yet for at least one target"))
	add(lint.Works, say.Count(counts[lint.Works], "1 works for every target that was judged", "%d work for every target that was judged"))
	return all
}

// The types below are the checklist of one subject.
type (
	htmlSubject struct {
		Name     htmlPath
		Together string
		Targets  []htmlTarget
		Needs    []htmlNeed
		Provided []htmlNeed
	}
	htmlTarget struct {
		htmlLook
		Name string
	}
	htmlNeed struct {
		htmlLook
		Need    string
		Text    htmlText
		Rules   []string
		Targets string // that answer so, where others do not
	}
)

// needOrder is the order of checklists, which join those of several targets.
var needOrder = []lint.Need{
	"taken", "opens", "identity", "signature", "address", "reads", "recipient", "signs", "decrypts", "valid",
	"path", "trusted", "serves", "revocation", "settings", "delivery",
}

// needPlace is the place of a need in checklists, the last for one of another maker.
func needPlace(n lint.Need) int {
	if i := slices.Index(needOrder, n); i >= 0 {
		return i
	}
	return len(needOrder)
}

// checklistOf is what is known of the needs of a subject: one line for what several
// targets answer alike.
func (o *Options) checklistOf(j *judgement, links links, names names) *htmlSubject {
	s := &htmlSubject{Name: pathOf(o.subjectAs(&j.Subject, names.of(j.Name)))}
	type key struct {
		need        lint.Need
		state, text string
	}
	type line struct {
		htmlNeed
		need    lint.Need
		targets []lint.Target
		assumed bool
	}
	var lines []*line
	of := map[key]*line{}
	for _, v := range j.verdicts {
		s.Targets = append(s.Targets, htmlTarget{o.verdictLook(v.Status), o.targetName(v.Target)})
		if s.Together == "" {
			s.Together = Printable(o.together(v))
		}
		for i := range v.Needs {
			a := &v.Needs[i]
			text := Printable(o.Language.Say(say.Join(said(a)...)))
			k := key{a.Need, string(a.State), text + strings.Join(a.Because, " ")}
			l := of[k]
			if l == nil {
				l = &line{need: a.Need, assumed: a.State == lint.Assumed}
				l.Need, l.Text, l.htmlLook = o.Language.Say(a.Need), links.in(text), o.answerLook(a.State)
				if a.State != lint.Met {
					l.Rules = a.Because
				}
				of[k] = l
				lines = append(lines, l)
			}
			l.targets = append(l.targets, v.Target)
		}
	}
	slices.SortStableFunc(lines, func(a, b *line) int { return needPlace(a.need) - needPlace(b.need) })
	for _, l := range lines {
		if len(l.targets) < len(j.verdicts) {
			l.Targets = o.targetNames(l.targets)
		}
		if l.assumed {
			s.Provided = append(s.Provided, l.htmlNeed)
		} else {
			s.Needs = append(s.Needs, l.htmlNeed)
		}
	}
	return s
}

// said is what an answer says: what was seen, or what would decide.
func said(a *lint.NeedAnswer) []say.Message {
	if a.State == lint.Open || a.State == lint.Assumed {
		return a.Decide
	}
	return a.Evidence
}

func (o *Options) answerLook(s lint.State) htmlLook {
	switch s {
	case lint.Met:
		return htmlLook{"good", "✔", o.text("yes")}
	case lint.Failed:
		return htmlLook{"bad", "✘", o.text("no")}
	default:
		return htmlLook{"warn", "?", o.text("unknown")}
	}
}

// The types below are the table of several subjects.
type (
	htmlMatrix struct {
		Targets []string
		Rows    []htmlMatrixRow
		Steps   bool // some row has one
	}
	htmlMatrixRow struct {
		File  htmlPath
		Name  string
		Cells []htmlTarget
		Steps []int // what to do, by number
	}
)

// matrix is a table of subjects and targets. The steps are those of each subject.
func (o *Options) matrix(r *lint.Report, list []*judgement, steps map[lint.Subject][]int, names names) *htmlMatrix {
	m := new(htmlMatrix)
	var targets []lint.Target
	for _, v := range r.Verdicts {
		if v.Status != lint.NotApplicable {
			targets = append(targets, v.Target)
			m.Targets = append(m.Targets, o.targetName(v.Target))
		}
	}
	if len(list) == 0 { // put together by hand
		row := htmlMatrixRow{File: htmlPath{o.text("Verdict")}}
		for _, v := range r.Verdicts {
			if v.Status != lint.NotApplicable {
				row.Cells = append(row.Cells, htmlTarget{o.verdictLook(v.Status), o.targetName(v.Target)})
			}
		}
		m.Rows = append(m.Rows, row)
	}
	users := usersOf(r)
	for _, j := range inNaturalOrder(list) {
		row := htmlMatrixRow{File: pathOf(j.File), Steps: steps[j.Subject]}
		if j.Name != "" {
			row.Name = Printable(names.of(j.Name))
		}
		if user := Printable(users[j.File]); user != "" && user != row.Name {
			row.Name = strings.TrimSuffix(user+", "+row.Name, ", ")
		}
		for _, t := range targets {
			cell := htmlTarget{Name: o.targetName(t)}
			if i := slices.IndexFunc(j.verdicts, func(v *lint.Verdict) bool { return v.Target == t }); i >= 0 {
				cell.htmlLook = o.verdictLook(j.verdicts[i].Status)
			}
			row.Cells = append(row.Cells, cell)
		}
		m.Steps = m.Steps || len(row.Steps) > 0
		m.Rows = append(m.Rows, row)
	}
	return m
}

// baseName returns the name of a file without its folder, as either system writes it.
func baseName(name string) string { return path.Base(strings.ReplaceAll(name, `\`, "/")) }
