package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

//go:embed html.css
var htmlCSS string

//go:embed html.tmpl
var htmlTemplate string

var parsedHTML = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("report").Parse(htmlTemplate)) // the text is ours
})

// HTML writes the report as one HTML page for people: verdicts first, then the
// chains as pictures, the validity of every certificate, findings with what to do
// about them, and the contents folded. The page has no script, loads nothing, and
// forbids both to itself, whatever the names in certificates say. The pictures
// need a report made with [lint.Options].Chains.
func (o *Options) HTML(w io.Writer, r *lint.Report) error {
	var b bytes.Buffer
	plain := *o.or()
	plain.Color = false // a page has colours of its own
	if err := parsedHTML().Execute(&b, plain.page(r)); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// The types below are what the template shows.
type (
	htmlPage struct {
		o          *Options
		Language   string
		Policy     string
		CSS        template.CSS
		Title      string
		Summary    string
		Verdicts   []htmlVerdict
		Chains     []htmlChain
		Timeline   *htmlTimeline
		Groups     []htmlGroup
		Accepted   []htmlAccepted
		NotChecked []htmlNotChecked
		Files      []htmlFile
		Foot       string
		Checklists []htmlChecklist // of each subject and target
	}
	htmlVerdict struct {
		Name, Target, Class, Sign, Word string
		Because                         []string
	}
	htmlChecklist struct {
		Target, Class, Sign, Word, About string
		Lines                            []string
	}
	htmlGroup struct {
		File     string
		Findings []htmlFinding
	}
	htmlFinding struct {
		Class, Sign, Word, About, Message, Remedy, Rule, Targets, Source, SHA256 string
	}
	htmlAccepted   struct{ File, Rule, Message, Reason, Until string }
	htmlNotChecked struct{ What, Why string }
	htmlFile       struct {
		Name, Kind   string
		Certificates []htmlCertificate
	}
	htmlCertificate struct {
		Index                                int
		Subject, Issuer, SHA256, From, Until string
	}
)

// T says a fixed text of the template.
func (p *htmlPage) T(english say.Text) string { return p.o.text(english) }

func (o *Options) page(r *lint.Report) *htmlPage {
	sum := sha256.Sum256([]byte(htmlCSS))
	p := &htmlPage{
		o:        o,
		Language: o.Language.Code(),
		// Nothing may be loaded or run; one style sheet is known by its hash.
		Policy: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'",
		CSS:    template.CSS(htmlCSS),
		Title:  o.title(r),
	}
	p.Summary = o.say("%s at %s", o.summary(r), rfc3339(r.Time))
	for _, v := range r.Verdicts {
		class, sign := verdictLook(v.Status)
		p.Verdicts = append(p.Verdicts, htmlVerdict{o.targetName(v.Target), string(v.Target), class, sign, o.Language.Say(v.Status), v.Because})
	}
	for i := range r.Subjects {
		v := &r.Subjects[i]
		class, sign := verdictLook(v.Status)
		p.Checklists = append(p.Checklists, htmlChecklist{string(v.Target), class, sign, o.Language.Say(v.Status), Printable(o.subject(&v.Subject)), o.checklist(v)})
	}
	for i := range r.Chains {
		p.Chains = append(p.Chains, o.picture(&r.Chains[i]))
	}
	p.Timeline = o.timeline(r)
	p.Foot = o.foot(r)
	p.Groups = o.groups(r)
	for i := range r.Accepted {
		a := &r.Accepted[i]
		p.Accepted = append(p.Accepted, htmlAccepted{Printable(a.File), a.Rule, Printable(o.Language.Say(a.Message)), Printable(a.Reason), day(a.Expires)})
	}
	for _, n := range r.NotChecked {
		p.NotChecked = append(p.NotChecked, htmlNotChecked{Printable(o.Language.Say(n.What)), Printable(o.Language.Say(n.Why))})
	}
	for _, f := range r.Files {
		file := htmlFile{Name: Printable(f.Name), Kind: o.say("%s, %s", strings.ToUpper(f.Format.String()), say.Count(len(f.Certificates), "1 certificate", "%d certificates"))}
		for i, c := range f.Certificates {
			file.Certificates = append(file.Certificates, htmlCertificate{i, Printable(c.Subject), Printable(c.Issuer), c.SHA256, day(c.NotBefore), day(c.NotAfter)})
		}
		p.Files = append(p.Files, file)
	}
	return p
}

// title says the outcome in a few words.
func (o *Options) title(r *lint.Report) string {
	var failing, unknown []any
	for _, v := range r.Verdicts {
		switch v.Status {
		case lint.Fails:
			failing = append(failing, o.targetName(v.Target))
		case lint.Unknown:
			unknown = append(unknown, o.targetName(v.Target))
		}
	}
	switch {
	case len(failing) > 0:
		return o.say("S/MIME check: fails for %s", joinAny(failing))
	case len(unknown) > 0:
		return o.say("S/MIME check: cannot be told for %s", joinAny(unknown))
	default:
		return o.text("S/MIME check: works")
	}
}

func joinAny(names []any) string {
	return strings.TrimSuffix(fmt.Sprintf(strings.Repeat("%s, ", len(names)), names...), ", ")
}

// targetName is the name of a target as its maker writes it.
func (o *Options) targetName(t lint.Target) string { return o.Language.Say(t.Title()) }

func verdictLook(s lint.VerdictStatus) (class, sign string) {
	switch s {
	case lint.Works:
		return "good", "✔"
	case lint.Fails:
		return "bad", "✘"
	case lint.Unknown:
		return "warn", "?"
	default:
		return "soft", "–"
	}
}

func (o *Options) groups(r *lint.Report) []htmlGroup {
	var groups []htmlGroup
	findings := slices.Clone(r.Findings)
	// What is worst comes first within a file.
	slices.SortStableFunc(findings, func(a, b lint.Finding) int {
		if a.File != b.File {
			return strings.Compare(a.File, b.File)
		}
		return int(b.Status) - int(a.Status)
	})
	for i := range findings {
		f := &findings[i]
		if len(groups) == 0 || groups[len(groups)-1].File != Printable(f.File) {
			groups = append(groups, htmlGroup{File: Printable(f.File)})
		}
		out := htmlFinding{
			About: Printable(o.about(f)), Message: Printable(o.Language.Say(f.Message)), Remedy: Printable(o.text(f.Remedy)),
			Rule: f.Rule, Targets: targetList(f.Targets), Source: Printable(f.Citation), SHA256: f.SHA256,
		}
		out.Class, out.Sign, out.Word = o.statusLook(f.Status)
		g := &groups[len(groups)-1]
		g.Findings = append(g.Findings, out)
	}
	return groups
}

func (o *Options) statusLook(s lint.Status) (class, sign, word string) {
	switch {
	case s >= lint.Error:
		return "bad", "✘", o.text("error")
	case s == lint.Warn:
		return "warn", "!", o.text("warning")
	default:
		return "note", "i", o.text("notice")
	}
}

// day writes a date, or nothing where there is none.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

func targetList(targets []lint.Target) string {
	names := make([]string, len(targets))
	for i, t := range targets {
		names[i] = string(t)
	}
	return strings.Join(names, ", ")
}
