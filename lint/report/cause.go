package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/smimechain/smimechain/lint"
)

// writeCauses writes the findings by cause: the rule, what to do, and where. What is
// said of several places alike is said once.
func (o *Options) writeCauses(w io.Writer, r *lint.Report, names names) {
	causes := r.Causes()
	rules := map[string]int{}
	for i := range causes {
		rules[causes[i].Rule]++
	}
	remarks := false
	for i := range causes {
		c := &causes[i]
		switch {
		case c.Remark() && !remarks:
			remarks = true
			fmt.Fprintf(w, "\n%s\n", o.text("remarks, which decide no verdict"))
		case i == 0:
			fmt.Fprintln(w)
		}
		head := o.paintRule(c)
		if rules[c.Rule] > 1 && len(c.Targets) > 0 {
			head += " (" + joinTargets(c.Targets) + ")"
		}
		o.writeCause(w, head, c, names)
	}
}

func joinTargets(targets []lint.Target) string {
	words := make([]string, len(targets))
	for i, t := range targets {
		words[i] = string(t)
	}
	return strings.Join(words, ", ")
}

func (o *Options) paintRule(c *lint.Cause) string {
	switch {
	case c.Remark():
		return c.Rule
	case c.Status >= lint.Error:
		return o.color().Bad(c.Rule)
	case c.Status == lint.Warn:
		return o.color().Warn(c.Rule)
	default:
		return c.Rule
	}
}

// alike are places of which the same is said.
type alike struct {
	messages []string
	places   []*lint.Place
}

// grouped returns the places of a cause by what is said of them, in their order.
func (o *Options) grouped(c *lint.Cause) []*alike {
	var list []*alike
	found := map[string]*alike{}
	for i := range c.Places {
		p := &c.Places[i]
		var messages []string
		for _, m := range p.Messages {
			messages = append(messages, Printable(o.Language.Say(m)))
		}
		key := strings.Join(messages, "\x00")
		g := found[key]
		if g == nil {
			g = &alike{messages: messages}
			found[key] = g
			list = append(list, g)
		}
		g.places = append(g.places, p)
	}
	return list
}

func (o *Options) writeCause(w io.Writer, head string, c *lint.Cause, names names) {
	groups := o.grouped(c)
	said := len(groups) == 1 && len(groups[0].messages) == 1 // in the first line
	if said {
		head += ": " + groups[0].messages[0]
	}
	fmt.Fprintln(w, head)
	if c.Remedy != "" {
		fmt.Fprintf(w, "  %s\n", Printable(o.text(c.Remedy)))
		o.writeCommands(w, "    ", c.Commands)
	}
	indent, file := "  ", ""
	if inOneFile(c) {
		file = c.Places[0].File
		fmt.Fprintf(w, "%s%s\n", indent, Printable(file))
		indent += "  "
	}
	for _, g := range groups {
		one := len(g.places) == 1
		switch {
		case said:
		case one && len(g.messages) == 1:
			fmt.Fprintf(w, "%s%s: %s\n", indent, o.place(g.places[0], file, names), g.messages[0])
			continue
		case one:
			fmt.Fprintf(w, "%s%s\n", indent, o.place(g.places[0], file, names))
			writeLines(w, indent+"  ", g.messages)
			continue
		default:
			writeLines(w, indent, g.messages)
		}
		below := indent
		if !said {
			below += "  "
		}
		for _, p := range g.places {
			fmt.Fprintf(w, "%s%s\n", below, o.place(p, file, names))
		}
	}
}

func writeLines(w io.Writer, indent string, lines []string) {
	for _, line := range lines {
		fmt.Fprintf(w, "%s%s\n", indent, line)
	}
}

// inOneFile reports whether a cause has several places, all of them certificates of
// one file.
func inOneFile(c *lint.Cause) bool {
	for i := range c.Places {
		if c.Places[i].File != c.Places[0].File || c.Places[i].Index < 0 {
			return false
		}
	}
	return len(c.Places) > 1
}

// place names a place, without its file where that has been said.
func (o *Options) place(p *lint.Place, said string, names names) string {
	if p.Index < 0 {
		return Printable(p.File)
	}
	certificate := o.say("certificate %d", p.Index)
	if p.Subject != "" {
		certificate = Printable(names.of(p.Subject))
	}
	switch {
	case p.SHA256 == "":
	case p.Subject == "":
		certificate += " (SHA-256 " + p.SHA256 + ")"
	default:
		certificate += fmt.Sprintf(" (SHA-256 %.8s…)", p.SHA256)
	}
	if p.File == said {
		return certificate
	}
	return Printable(p.File) + ": " + certificate
}
