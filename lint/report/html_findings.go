package report

import (
	"strconv"
	"strings"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// The types below are the findings of one cause.
type (
	htmlCause struct {
		htmlLook
		ID, Rule, Remedy, Targets, Source string
		Title                             htmlText // what is said of every place, or else the rule
		Commands                          []string
		Rest                              string // how many commands are not shown
		Groups                            []htmlGroup
	}
	// htmlGroup are places of which the same is said.
	htmlGroup struct {
		Message htmlText // where the title does not say it
		Places  []string
		Folded  []string // beyond those that a reader wants to see
		Rest    string   // how many these are
	}
)

const (
	maxPlaces = 20  // of a group that are not folded
	maxGroups = 200 // of a cause
)

// causes are the findings, one entry for each cause.
func (o *Options) causes(r *lint.Report, links links, names names) []htmlCause {
	var list []htmlCause
	ids := map[string]int{}
	described := map[string]say.Text{}
	for _, rule := range lint.Rules() {
		described[rule.Name] = rule.Description
	}
	causes := r.Causes()
	for i := range causes {
		c := &causes[i]
		h := htmlCause{htmlLook: o.statusLook(c), ID: c.Rule, Rule: c.Rule, Remedy: Printable(o.text(c.Remedy)), Targets: o.targetNames(c.Targets), Source: Printable(c.Citation)}
		h.Commands, h.Rest = o.shown(c.Commands)
		if ids[c.Rule]++; ids[c.Rule] > 1 {
			h.ID += "-" + strconv.Itoa(ids[c.Rule])
		}
		groups := o.grouped(c)
		said := len(groups) == 1
		switch about := described[c.Rule]; {
		case said:
			h.Title = links.in(strings.Join(groups[0].messages, "; "))
		case about != "":
			h.Title = htmlText{{Text: Printable(o.text(about))}}
		default:
			h.Title = htmlText{{Text: c.Rule}}
		}
		for j, g := range groups {
			if j == maxGroups {
				h.Groups = append(h.Groups, htmlGroup{Message: htmlText{{Text: o.say("%d more are not shown.", len(groups)-maxGroups)}}})
				break
			}
			group := htmlGroup{Places: make([]string, len(g.places))}
			if !said {
				group.Message = links.in(strings.Join(g.messages, "; "))
			}
			if said && len(r.Files) == 1 && len(g.places) == 1 && g.places[0].Index < 0 {
				group.Places = nil // what else could it be about
			}
			for k, p := range g.places[:len(group.Places)] {
				group.Places[k] = o.where(p, len(r.Files) == 1, names)
			}
			if n := len(group.Places) - maxPlaces; n > 1 {
				group.Places, group.Folded = group.Places[:maxPlaces], group.Places[maxPlaces:]
				group.Rest = o.Language.Say(say.Count(n, "1 more", "%d more"))
			}
			h.Groups = append(h.Groups, group)
		}
		list = append(list, h)
	}
	return list
}

func (o *Options) statusLook(c *lint.Cause) htmlLook {
	switch {
	case c.Remark():
		return htmlLook{"note", "i", o.text("remark")}
	case c.Status >= lint.Error:
		return htmlLook{"bad", "✘", o.text("error")}
	case c.Status == lint.Warn:
		return htmlLook{"warn", "!", o.text("warning")}
	default:
		return htmlLook{"note", "i", o.text("notice")}
	}
}

// where names the place of a finding: the certificate as people call it, and the file
// where there are several.
func (o *Options) where(p *lint.Place, alone bool, names names) string {
	about := ""
	switch {
	case p.Index < 0:
		about = o.text("the whole collection")
	case p.Subject == "":
		about = o.say("certificate %d", p.Index)
	default:
		about = Printable(names.of(p.Subject))
	}
	switch {
	case alone:
		return about
	case p.Index < 0:
		return Printable(p.File)
	default:
		return Printable(p.File) + ": " + about
	}
}
