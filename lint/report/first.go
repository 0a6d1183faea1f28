package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/lint"
)

// first is the one thing to do, with what it is to be done for.
type first struct {
	what     string // where it names the subject, FILE stands for that
	commands []string
	fails    bool
	targets  []string
	subjects []string
}

// writeFirst writes the one thing to do for each verdict that is not a good one: the
// remedy of what decides it, or what would decide it. What several have in common is
// one line.
func (o *Options) writeFirst(w io.Writer, r *lint.Report) {
	const most = 5 // lines: what is first is short
	list, targets, subjects := o.firsts(r)
	switch {
	case len(list) == 0:
		return
	case len(list) == 1 && subjects == len(list[0].subjects):
		fmt.Fprintf(w, "%s\n", o.say("do first: %s", list[0].text()))
		o.writeCommands(w, "  ", list[0].commands)
		return
	}
	fmt.Fprintf(w, "\n%s\n", o.color().Strong(o.text("do first")))
	for i, f := range list {
		if i == most && len(list) > most+1 {
			fmt.Fprintf(w, "  %s\n", o.say("and %d more, below", len(list)-most))
			break
		}
		var who []string
		if len(f.targets) < targets {
			who = append(who, strings.Join(f.targets, ", "))
		}
		if len(f.subjects) < subjects {
			who = append(who, Printable(o.someOf(f.subjects)))
		}
		line := f.text()
		if len(who) > 0 {
			line = strings.Join(who, "; ") + ": " + line
		}
		fmt.Fprintf(w, "  %s\n", line)
		o.writeCommands(w, "    ", f.commands)
	}
}

// firsts returns what is to be done first, with the number of the targets and of the
// subjects that are judged.
func (o *Options) firsts(r *lint.Report) (list []*first, targets, subjects int) {
	found := map[string]*first{}
	advised := advicesOf(r)
	files, words := map[string]bool{}, map[lint.Target]bool{}
	listed := map[[2]string]bool{} // what and subject
	for i := range r.Subjects {
		v := &r.Subjects[i]
		files[v.Subject.File], words[v.Target] = true, true
		what, commands := o.toDo(v, advised)
		if what == "" {
			continue
		}
		f := found[what]
		if f == nil {
			f = &first{what: what}
			found[what] = f
			list = append(list, f)
		}
		f.commands = withEach(f.commands, commands)
		f.fails = f.fails || v.Status == lint.Fails
		if target := string(v.Target); !slices.Contains(f.targets, target) {
			f.targets = append(f.targets, target)
		}
		if key := [2]string{what, v.Subject.File}; !listed[key] {
			listed[key] = true
			f.subjects = append(f.subjects, v.Subject.File)
		}
	}
	slices.SortStableFunc(list, func(a, b *first) int {
		switch {
		case a.fails == b.fails:
			return 0
		case a.fails:
			return -1
		default:
			return 1
		}
	})
	return list, len(words), len(files)
}

// text is what to do, with the name of the file where it is for one alone.
func (f *first) text() string {
	if len(f.subjects) == 1 {
		return strings.ReplaceAll(f.what, fileName, Printable(f.subjects[0]))
	}
	return strings.ReplaceAll(f.what, fileName, "FILE")
}

// fileName stands for the name of a subject until it is known whether others share
// what is said. Printable leaves none of it in a text.
const fileName = "\x00"

// toDo says the one thing to do about a verdict, and the commands that do it; nothing
// about a good one.
func (o *Options) toDo(v *lint.Verdict, advised advices) (what string, commands []string) {
	a := deciding(v)
	if a == nil {
		return "", nil
	}
	for _, rule := range a.Because {
		if found := advised.of(v, rule); found != nil {
			return Printable(o.text(found.remedy)), found.commands
		}
	}
	text := ""
	switch {
	case a.State == lint.Open && len(a.Decide) > 0:
		text = o.Language.Say(a.Decide[0])
	case a.State == lint.Failed && len(a.Evidence) > 0:
		text = o.say("%s: %s", a.Need, a.Evidence[0])
	}
	text = Printable(text)
	if name := Printable(v.Subject.File); name != "" {
		text = strings.ReplaceAll(text, name, fileName)
	}
	return text, nil
}

// someOf lists some of many names.
func (o *Options) someOf(list []string) string {
	const some = 5
	if len(list) <= some+1 {
		return strings.Join(list, ", ")
	}
	return o.say("%s and %d more", strings.Join(list[:some], ", "), len(list)-some)
}
