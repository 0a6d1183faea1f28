package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/smimechain/smimechain/lint"
)

//go:embed html.css
var htmlCSS string

//go:generate go run github.com/valyala/quicktemplate/qtc -file html.qtpl

// HTML writes the report as one HTML page for people: the verdict in a sentence and
// what to do, then the needs or a table of files and targets, what is missing, the
// findings by cause, the chains and validity periods as pictures, the contents folded,
// and by what was judged. The page has no script, loads nothing, and forbids both to
// itself, whatever the names in certificates say; what it links to are addresses of
// http and https of missing certificates. The pictures need a report made with
// [lint.Options].Chains.
func (o *Options) HTML(w io.Writer, r *lint.Report) error {
	var b bytes.Buffer
	plain := *o.or()
	plain.Color = false // a page has colours of its own
	plain.page(r).writehtml(&b)
	_, err := w.Write(b.Bytes())
	return err
}

// The types below are what the template shows.
type (
	htmlPage struct {
		o          *Options
		Language   string
		Policy     string
		Verdict    htmlSentence
		Summary    string
		Todo       htmlTodo
		Subject    *htmlSubject // of the only one
		Subjects   *htmlMatrix  // of several
		Checklists []*htmlSubject
		Missing    []htmlMissing
		Causes     []htmlCause
		Chains     *htmlChains
		Timeline   *htmlTimeline
		Accepted   []htmlAccepted
		NotChecked []htmlNotChecked
		Contents   htmlContents
		Foot       string
		Judged     []string // by what, and when
		Many       bool     // more subjects than paper has room for: what is folded stays so there
	}
	htmlLook       struct{ Class, Sign, Word string }
	htmlAccepted   struct{ File, Rule, Message, Reason, Until string }
	htmlNotChecked struct{ What, Why string }
)

func (o *Options) page(r *lint.Report) *htmlPage {
	sum := sha256.Sum256([]byte(htmlCSS))
	p := &htmlPage{
		o:        o,
		Language: o.Language.Code(),
		// Nothing may be loaded or run; one style sheet is known by its hash.
		Policy:  "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'",
		Summary: o.summary(r),
		Foot:    o.foot(r),
	}
	links := linksOf(r)
	names := namesIn(r)
	p.Missing = o.missing(r, names)
	p.Causes = o.causes(r, links, names)
	list := subjectsOf(r)
	p.Verdict = o.sentence(r, list)
	p.Todo = o.todo(r, list, links, p.Missing)
	p.Many = len(list) > maxChecklists
	if len(list) == 1 {
		p.Subject = o.checklistOf(list[0], links, names)
	} else {
		p.Subjects = o.matrix(r, list, p.Todo.of, names)
		if len(list) <= maxChecklists {
			for _, j := range list {
				p.Checklists = append(p.Checklists, o.checklistOf(j, links, names))
			}
		}
	}
	p.Chains = o.chains(r)
	p.Timeline = o.timeline(r, names)
	for i := range r.Accepted {
		a := &r.Accepted[i]
		p.Accepted = append(p.Accepted, htmlAccepted{Printable(a.File), a.Rule, Printable(o.Language.Say(a.Message)), Printable(a.Reason), day(a.Expires)})
	}
	for _, n := range r.NotChecked {
		p.NotChecked = append(p.NotChecked, htmlNotChecked{Printable(o.Language.Say(n.What)), Printable(o.Language.Say(n.Why))})
	}
	p.Contents = o.contents(r, names)
	p.Judged = o.judged(r)
	return p
}

// maxChecklists is how many subjects have their needs in the page, folded.
const maxChecklists = 30

// more says that some things are not shown.
func (o *Options) more(n int) string { return o.say("%d more are not shown.", n) }

// judged says by what was judged, and for when.
func (o *Options) judged(r *lint.Report) []string {
	var lines []string
	if !r.Time.IsZero() {
		lines = append(lines, o.say("judged as of %s", moment(r.Time)))
	}
	if by := o.judgedBy(r); by != "" {
		lines = append(lines, Printable(by))
	}
	return lines
}

func joinAny(names []any) string {
	return strings.TrimSuffix(fmt.Sprintf(strings.Repeat("%s, ", len(names)), names...), ", ")
}

// targetName is the name of a target as its maker writes it.
func (o *Options) targetName(t lint.Target) string { return o.Language.Say(t.Title()) }

// targetNames lists names of targets.
func (o *Options) targetNames(targets []lint.Target) string {
	names := make([]any, len(targets))
	for i, t := range targets {
		names[i] = o.targetName(t)
	}
	return joinAny(names)
}

// verdictLook is how a verdict looks.
func (o *Options) verdictLook(s lint.VerdictStatus) htmlLook {
	word := o.Language.Say(s)
	switch s {
	case lint.Works:
		return htmlLook{"good", "✔", word}
	case lint.Fails:
		return htmlLook{"bad", "✘", word}
	case lint.Unknown:
		return htmlLook{"warn", "?", word}
	default:
		return htmlLook{"soft", "–", word}
	}
}

// day writes a date, or nothing where there is none.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// moment writes a time as a date, with the minute where it is not midnight.
func moment(t time.Time) string {
	t = t.UTC()
	if t.Equal(t.Truncate(24 * time.Hour)) {
		return day(t)
	}
	return t.Format("2006-01-02 15:04 UTC")
}
