package report

import (
	"strconv"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// The types below are the findings of one cause.
type (
	htmlCause struct {
		htmlLook
		ID, Rule, Remedy, Targets, Source string
		Title                             htmlText // what every place says, or else the rule
		Count                             string   // of places, where there are several
		Places                            []htmlPlace
		Folded                            []htmlPlace // the places beyond those that a reader wants to see
		Rest                              string      // how many these are
	}
	htmlPlace struct {
		Where   string
		Message htmlText // where places say different things
	}
)

const maxPlaces = 8 // of a cause that are not folded

// causes are the findings, one entry for each cause.
func (o *Options) causes(r *lint.Report, links links) []htmlCause {
	var list []htmlCause
	named := map[string]int{}
	alone := len(r.Files) == 1
	described := map[string]say.Text{}
	for _, rule := range lint.Rules() {
		described[rule.Name] = rule.Description
	}
	causes := r.Causes()
	for i := range causes {
		c := &causes[i]
		h := htmlCause{htmlLook: o.statusLook(c.Status), ID: c.Rule, Rule: c.Rule, Remedy: Printable(o.text(c.Remedy)), Targets: targetNamesOr(o, c.Targets), Source: Printable(c.Citation)}
		if named[c.Rule]++; named[c.Rule] > 1 {
			h.ID += "-" + strconv.Itoa(named[c.Rule])
		}
		messages := make([]string, len(c.Places))
		same := true
		for j := range c.Places {
			messages[j] = Printable(o.Language.Say(say.Join(c.Places[j].Messages...)))
			same = same && messages[j] == messages[0]
		}
		switch about := described[c.Rule]; {
		case same && len(messages) > 0:
			h.Title = links.in(messages[0])
		case about != "":
			h.Title = htmlText{{Text: Printable(o.text(about))}}
		default:
			h.Title = htmlText{{Text: c.Rule}}
		}
		for j := range c.Places {
			p := htmlPlace{Where: Printable(o.where(&c.Places[j], alone))}
			if !same {
				p.Message = links.in(messages[j])
			}
			if j < maxPlaces || len(c.Places) <= maxPlaces+1 {
				h.Places = append(h.Places, p)
			} else {
				h.Folded = append(h.Folded, p)
			}
		}
		if n := len(c.Places); n > 1 {
			h.Count = o.say("in %d places", n)
		}
		if n := len(h.Folded); n > 0 {
			h.Rest = o.Language.Say(say.Count(n, "1 more", "%d more"))
		}
		list = append(list, h)
	}
	return list
}

func targetNamesOr(o *Options, targets []lint.Target) string {
	if len(targets) == 0 {
		return ""
	}
	return o.targetNames(targets)
}

// where names the place of a finding: the certificate as people call it, and the file
// where there are several.
func (o *Options) where(p *lint.Place, alone bool) string {
	about := ""
	switch {
	case p.Index < 0:
		about = o.text("the whole collection")
	case p.Subject == "":
		about = o.say("certificate %d", p.Index)
	default:
		about = lint.CommonName(p.Subject)
	}
	switch {
	case alone:
		return about
	case p.Index < 0:
		return p.File
	default:
		return p.File + ": " + about
	}
}
