package report

import (
	"fmt"
	"io"
	"slices"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// advice is what the findings of a rule about a subject have to say of what to do.
type advice struct {
	remedy   say.Text // empty where none of them has one
	commands []string
	message  say.Message // of the first finding
	count    int         // of findings
}

// adviceKey is what advice is looked up by: the digest of the certificate, or of none
// for any; the file, or none for any of the collection; and the collection, or none for
// any.
type adviceKey struct {
	rule                     string
	target                   lint.Target
	collection, file, sha256 string
}

// advices are the remedies of findings.
type advices map[adviceKey]*advice

// advicesOf indexes the remedies of findings: of each key that of the first, with the
// commands of those that have the same remedy.
func advicesOf(r *lint.Report) advices {
	collection := map[string]string{}
	for _, f := range r.Files {
		collection[f.Name] = f.Collection
	}
	index := advices{}
	for i := range r.Findings {
		f := &r.Findings[i]
		within := f.File
		if c := collection[f.File]; c != "" {
			within = c
		}
		for _, target := range f.Targets {
			index.add(adviceKey{f.Rule, target, "", "", ""}, f) // for the summary of all
			for _, file := range slices.Compact([]string{f.File, ""}) {
				for _, sum := range slices.Compact([]string{f.SHA256, ""}) {
					index.add(adviceKey{f.Rule, target, within, file, sum}, f)
				}
			}
		}
	}
	return index
}

// add counts a finding under a key.
func (a advices) add(k adviceKey, f *lint.Finding) {
	found := a[k]
	if found == nil {
		found = &advice{message: f.Message}
		a[k] = found
	}
	if f.Remedy != "" && found.remedy == "" {
		found.remedy, found.message = f.Remedy, f.Message
	}
	found.count++
	if found.remedy == f.Remedy {
		found.commands = withEach(found.commands, f.Commands)
	}
}

// withEach appends what a list does not have.
func withEach(list, more []string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// of returns what a rule advises about the subject of a verdict, the nearest to it
// first; nil where it advises nothing.
func (a advices) of(v *lint.Verdict, rule string) *advice {
	return a.first(v, rule, func(found *advice) bool { return found.remedy != "" })
}

// found returns what a rule found about the subject of a verdict, the nearest to it first.
func (a advices) found(v *lint.Verdict, rule string) *advice {
	return a.first(v, rule, func(*advice) bool { return true })
}

func (a advices) first(v *lint.Verdict, rule string, wanted func(*advice) bool) *advice {
	for _, within := range []string{v.Collection, v.Subject.File} { // which are the same of one file, and none of the summary
		for _, file := range []string{v.Subject.File, ""} {
			for _, sum := range []string{v.Subject.SHA256, ""} {
				if found := a[adviceKey{rule, v.Target, within, file, sum}]; found != nil && wanted(found) {
					return found
				}
			}
		}
	}
	return nil
}

// maxCommands are those of one remedy that are shown.
const maxCommands = 10

// shown returns the commands that are shown, and says how many more there are.
func (o *Options) shown(commands []string) (list []string, more string) {
	for i, c := range commands {
		if i == maxCommands && len(commands) > maxCommands+1 {
			return list, o.say("and %d more", len(commands)-i)
		}
		list = append(list, Printable(c))
	}
	return list, ""
}

// writeCommands writes commands, each on a line of its own.
func (o *Options) writeCommands(w io.Writer, indent string, commands []string) {
	list, more := o.shown(commands)
	for _, c := range list {
		fmt.Fprintf(w, "%s%s\n", indent, c)
	}
	if more != "" {
		fmt.Fprintf(w, "%s%s\n", indent, more)
	}
}
