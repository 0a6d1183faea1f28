package report

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/lint"
)

// The types below are the JUnit report as Jenkins, GitLab and others read it.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name      string      `xml:"name,attr"`
		Timestamp string      `xml:"timestamp,attr"`
		Tests     int         `xml:"tests,attr"`
		Failures  int         `xml:"failures,attr"`
		Errors    int         `xml:"errors,attr"`
		Skipped   int         `xml:"skipped,attr"`
		Cases     []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		Failure *junitFailure `xml:"failure"`
		Skipped *junitSkipped `xml:"skipped"`
		Output  string        `xml:"system-out,omitempty"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
	junitSkipped struct {
		Message string `xml:"message,attr"`
	}
)

// JUnit writes the report as JUnit XML: a test suite for each file, a test case
// for each rule. Findings below Options.FailOn are in the output of a case that
// passes, so that the report is red exactly when the exit status of the command
// is. A rule that speaks of no target that the files go to is skipped, and so is
// what could not be checked.
func (o *Options) JUnit(w io.Writer, r *lint.Report) error {
	o = o.or()
	out := junitSuites{Name: "smimechain"}
	for _, name := range suiteNames(r) {
		suite := o.newSuite(r, name)
		for _, rule := range suiteRules(r, name) {
			suite.add(o.ruleCase(r, name, rule))
		}
		out.add(suite)
	}
	if len(r.NotChecked) > 0 {
		suite := o.newSuite(r, o.text("not checked"))
		for _, n := range r.NotChecked {
			suite.add(junitCase{Class: suite.Name, Name: Printable(o.Language.Message(n.What)), Skipped: &junitSkipped{Printable(o.Language.Message(n.Why))}})
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
	return junitSuite{Name: Printable(name), Timestamp: r.Time.UTC().Format("2006-01-02T15:04:05")}
}

func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
	if c.Skipped != nil {
		s.Skipped++
	}
}

func (s *junitSuites) add(suite junitSuite) {
	s.Suites = append(s.Suites, suite)
	s.Tests += suite.Tests
	s.Failures += suite.Failures
	s.Skipped += suite.Skipped
}

// suiteNames returns the names of the files, and of what findings are about
// besides, sorted.
func suiteNames(r *lint.Report) []string {
	var names []string
	for _, f := range r.Files {
		names = append(names, f.Name)
	}
	for _, f := range r.Findings {
		names = append(names, f.File)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// suiteRules returns the rules that are cases of a file: those of package lint,
// and the lints of zlint that have found something, sorted by name.
func suiteRules(r *lint.Report, file string) []lint.Rule {
	rules := lint.Rules()
	for _, f := range r.Findings {
		if f.File == file && !slices.ContainsFunc(rules, func(rule lint.Rule) bool { return rule.Name == f.Rule }) {
			rule := lint.Rule{}
			rule.Name = f.Rule
			rules = append(rules, rule)
		}
	}
	slices.SortFunc(rules, func(a, b lint.Rule) int { return strings.Compare(a.Name, b.Name) })
	return rules
}

// ruleCase is what a rule says of a file.
func (o *Options) ruleCase(r *lint.Report, file string, rule lint.Rule) junitCase {
	c := junitCase{Class: Printable(file), Name: rule.Name}
	var failures, notes []string
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Rule != rule.Name || f.File != file {
			continue
		}
		line := Printable(o.about(f) + ": " + o.Language.Message(f.Message))
		if remedy := o.text(f.Remedy); remedy != "" {
			line += "\n  " + Printable(remedy)
		}
		if f.Status >= cmp.Or(o.FailOn, lint.Error) {
			failures = append(failures, line)
		} else {
			notes = append(notes, line)
		}
		if len(failures) == 1 && c.Failure == nil {
			c.Failure = &junitFailure{Message: Printable(o.Language.Message(f.Message)), Type: f.Status.String()}
		}
	}
	c.Output = strings.Join(notes, "\n")
	if c.Failure != nil {
		c.Failure.Text = strings.Join(failures, "\n")
	} else if len(notes) == 0 && !applies(r, rule) {
		c.Skipped = &junitSkipped{o.say("speaks of %s, which such files do not go to", targetList(rule.Targets))}
	}
	return c
}

// applies reports whether the rule speaks of a target that was judged.
func applies(r *lint.Report, rule lint.Rule) bool {
	if len(rule.Targets) == 0 {
		return true
	}
	return slices.ContainsFunc(r.Verdicts, func(v lint.Verdict) bool {
		return v.Status != lint.NotApplicable && slices.Contains(rule.Targets, v.Target)
	})
}

func targetList(targets []lint.Target) string {
	names := make([]string, len(targets))
	for i, t := range targets {
		names[i] = string(t)
	}
	return strings.Join(names, ", ")
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
