package report

import (
	"strings"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// foot says what a reader has to know about the language of the report, which may
// be nothing: what zlint says is English always, and a language that is not
// complete lacks more.
func (o *Options) foot(r *lint.Report) string {
	lacking, zlints := map[say.Text]bool{}, false
	look := func(sentences ...say.Sentence) {
		for _, s := range sentences {
			if o.Language.Lacks(s) {
				lacking[s.Sentence().Format] = true
			}
		}
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if len(f.Targets) == 0 { // said by zlint
			zlints = zlints || o.Language.Lacks(f.Message)
			continue
		}
		look(f.Message, say.New(f.Remedy))
	}
	for _, n := range r.NotChecked {
		look(n.What, n.Why)
	}
	switch {
	case len(lacking) > 0:
		return o.Language.Say(say.Count(len(lacking),
			"1 sentence of this report has not been translated yet and is in English.",
			"%d sentences of this report have not been translated yet and are in English."))
	case zlints:
		return o.text("What zlint says is in its own words, in English.")
	default:
		return ""
	}
}

// judgedBy says by what was judged, so that it can be told later: the program and the
// date of its facts. It may be nothing.
func (o *Options) judgedBy(r *lint.Report) string {
	tool := strings.TrimSpace(o.Tool.Name + " " + o.Tool.Version)
	switch date := day(r.CatalogDate); {
	case date == "":
		return tool
	case tool == "":
		return o.say("facts about CAs of %s", date)
	default:
		return o.say("%s, facts about CAs of %s", tool, date)
	}
}
