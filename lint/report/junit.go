package report

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// The types below are the JUnit report as Jenkins, GitLab and others read it.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name      string `xml:"name,attr"`
		Timestamp string `xml:"timestamp,attr"`
		Tests     int    `xml:"tests,attr"`
		Failures  int    `xml:"failures,attr"`
		Errors    int    `xml:"errors,attr"`
		Skipped   int    `xml:"skipped,attr"`

		Properties []junitProperty `xml:"properties>property"`
		Cases      []junitCase     `xml:"testcase"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		Skipped *junitSkipped `xml:"skipped"` // in the order of the schema
		Error   *junitFailure `xml:"error"`
		Failure *junitFailure `xml:"failure"`
		Output  string        `xml:"system-out,omitempty"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
	junitSkipped struct {
		Text string `xml:",chardata"`
	}
)

// JUnit writes the report as JUnit XML, in the form of Jenkins: a test suite for each
// collection with a test case for each rule that was run, and one of the verdicts with
// a case for each subject and target. A file that was not opened is an error, a verdict
// that fails a failure, and so is one that is unknown of a subject that works for no
// target. Findings below Options.FailOn are in the output of a case that passes, so
// that the report is red exactly when the exit status of the command is. A rule that is
// not applicable to the collection is skipped, and so are other unknown verdicts and
// what could not be checked.
func (o *Options) JUnit(w io.Writer, r *lint.Report) error {
	o = o.or()
	out := junitSuites{Name: "smimechain"}
	for _, c := range junitCollections(r) {
		suite := o.newSuite(r, c.name)
		for _, f := range r.Files {
			if f.Collection == c.name && !f.Closed.IsZero() {
				text := Printable(o.Language.Say(f.Closed))
				suite.add(junitCase{Class: suite.Name, Name: Printable(f.Name), Error: &junitFailure{Message: text, Type: string(closedCode(&f)), Text: text}})
			}
		}
		for _, name := range slices.Sorted(maps.Keys(c.rules)) {
			suite.add(o.ruleCase(c.name, name, c.rules[name]))
		}
		out.add(suite)
	}
	if len(r.Subjects) > 0 {
		out.add(o.verdictSuite(r))
	}
	if len(r.NotChecked) > 0 {
		suite := o.newSuite(r, o.text("not checked"))
		for _, n := range r.NotChecked {
			suite.add(junitCase{Class: suite.Name, Name: Printable(o.Language.Say(n.What)), Skipped: &junitSkipped{Printable(o.Language.Say(n.Why))}})
		}
		out.add(suite)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(out); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (o *Options) newSuite(r *lint.Report, name string) junitSuite {
	tool := o.tool()
	return junitSuite{
		Name: Printable(name), Timestamp: r.Time.UTC().Format("2006-01-02T15:04:05"),
		Properties: []junitProperty{{"tool", tool.Name}, {"version", tool.Version}, {"catalog_date", dateOnly(r.CatalogDate)}, {"lang", o.Language.Code()}},
	}
}

func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
	if c.Error != nil {
		s.Errors++
	}
	if c.Skipped != nil {
		s.Skipped++
	}
}

func (s *junitSuites) add(suite junitSuite) {
	s.Suites = append(s.Suites, suite)
	s.Tests += suite.Tests
	s.Failures += suite.Failures
	s.Errors += suite.Errors
}

// junitCollection is what the rules say of one collection.
type junitCollection struct {
	name  string
	rules map[string]*junitRule
}

type junitRule struct {
	status   lint.Status // reserved if the rule is none of package lint
	findings []*lint.Finding
}

// junitCollections sorts outcomes and findings by collection. What a finding is
// about and no collection holds, such as a baseline, counts as one.
func junitCollections(r *lint.Report) []*junitCollection {
	collections := map[string]*junitCollection{}
	rule := func(collection, name string) *junitRule {
		c := collections[collection]
		if c == nil {
			c = &junitCollection{collection, map[string]*junitRule{}}
			collections[collection] = c
		}
		if c.rules[name] == nil {
			c.rules[name] = new(junitRule)
		}
		return c.rules[name]
	}
	holder := map[string]string{} // of a file
	for _, f := range r.Files {
		holder[f.Name] = f.Collection
	}
	for _, outcome := range r.Outcomes {
		rule(outcome.Collection, outcome.Rule).status = outcome.Status
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		found := rule(cmp.Or(holder[f.File], f.File), f.Rule)
		found.findings = append(found.findings, f)
	}
	return slices.SortedFunc(maps.Values(collections), func(a, b *junitCollection) int { return say.Compare(a.name, b.name) })
}

// ruleCase is what a rule says of a collection.
func (o *Options) ruleCase(collection, name string, rule *junitRule) junitCase {
	c := junitCase{Class: Printable(collection), Name: name}
	var failures, notes []string
	for _, f := range rule.findings {
		line := o.about(f) + ": " + o.Language.Say(f.Message)
		if f.File != collection {
			line = f.File + ": " + line
		}
		line = Printable(line)
		if remedy := o.text(f.Remedy); remedy != "" {
			line += "\n  " + Printable(remedy)
			for _, command := range f.Commands {
				line += "\n    " + Printable(command)
			}
		}
		if o.fails(f) {
			failures = append(failures, line)
		} else {
			notes = append(notes, line)
		}
		if len(failures) == 1 && c.Failure == nil {
			c.Failure = &junitFailure{Message: Printable(o.Language.Say(f.Message)), Type: f.Status.String()}
		}
	}
	c.Output = strings.Join(notes, "\n")
	switch {
	case c.Failure != nil:
		c.Failure.Text = strings.Join(failures, "\n")
	case len(notes) > 0:
	case rule.status == lint.NA:
		c.Skipped = &junitSkipped{o.text("not applicable to this collection, or for want of a fact")}
	case rule.status == lint.NE:
		c.Skipped = &junitSkipped{o.text("not in force when the certificates were issued")}
	}
	return c
}

// fails reports whether a finding is a failure.
func (o *Options) fails(f *lint.Finding) bool {
	if f.Remark() {
		return o.FailOnRemark
	}
	return f.Status >= cmp.Or(o.FailOn, lint.Error)
}

// verdictSuite has a case for each subject and target.
func (o *Options) verdictSuite(r *lint.Report) junitSuite {
	suite := o.newSuite(r, o.text("verdicts"))
	idle := map[lint.Subject]bool{}
	for _, s := range r.Idle() {
		idle[s] = true
	}
	for i := range r.Subjects {
		v := &r.Subjects[i]
		c := junitCase{Class: string(v.Target), Name: Printable(o.subject(&v.Subject))}
		text := strings.Join(o.reasons(v), "\n")
		switch {
		case v.Status == lint.Works:
		case v.Status == lint.Fails || idle[v.Subject] || o.FailOnUnknown:
			c.Failure = &junitFailure{Message: o.Language.Say(v.Status), Type: string(v.Status), Text: text}
		default:
			c.Skipped = &junitSkipped{o.Language.Say(v.Status) + "\n" + text}
		}
		suite.add(c)
	}
	return suite
}

// reasons says which needs keep a subject from working, one by one.
func (o *Options) reasons(v *lint.Verdict) []string {
	var lines []string
	for _, a := range v.Needs {
		if a.State != lint.Failed && a.State != lint.Open {
			continue
		}
		why := a.Decide
		for _, rule := range a.Because {
			why = append(slices.Clip(why), say.New("%s", rule))
		}
		line := o.Language.Say(a.Need)
		if why = append(slices.Clip(a.Evidence), why...); len(why) > 0 {
			line += ": " + o.joined(why)
		}
		lines = append(lines, Printable(line))
	}
	return lines
}

// about names what a finding is about, within its file.
func (o *Options) about(f *lint.Finding) string {
	switch {
	case f.Index < 0:
		return o.text("the whole collection")
	case f.Subject == "":
		return o.say("certificate %d", f.Index)
	default:
		return fmt.Sprintf("%s (%s)", o.say("certificate %d", f.Index), f.Subject)
	}
}
