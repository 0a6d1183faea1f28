package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
)

type junitCounts struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
}

type junitCase struct {
	Name    string `xml:"name,attr"`
	Failure *struct {
		Text string `xml:",chardata"`
	} `xml:"failure"`
	Error   *struct{} `xml:"error"`
	Skipped *struct{} `xml:"skipped"`
	Output  string    `xml:"system-out"`
}

type junitReport struct {
	junitCounts
	Suites []struct {
		junitCounts
		Name  string      `xml:"name,attr"`
		Cases []junitCase `xml:"testcase"`
	} `xml:"testsuite"`
}

func junit(t *testing.T, o *report.Options, r *lint.Report) junitReport {
	t.Helper()
	var b bytes.Buffer
	if err := o.JUnit(&b, r); err != nil {
		t.Fatal(err)
	}
	// The decoder refuses characters that XML 1.0 does not allow.
	d := xml.NewDecoder(bytes.NewReader(b.Bytes()))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	var out junitReport
	if err := xml.Unmarshal(b.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	total := junitCounts{}
	for _, s := range out.Suites {
		counts := junitCounts{Tests: len(s.Cases)}
		for _, c := range s.Cases {
			if c.Failure != nil {
				counts.Failures++
			}
		}
		if counts != s.junitCounts {
			t.Errorf("%s: counts %+v, has %+v", s.Name, s.junitCounts, counts)
		}
		total.Tests += counts.Tests
		total.Failures += counts.Failures
	}
	if total != out.junitCounts {
		t.Errorf("counts %+v, has %+v", out.junitCounts, total)
	}
	return out
}

func findCase(t *testing.T, out junitReport, suite, name string) junitCase {
	t.Helper()
	for _, s := range out.Suites {
		for _, c := range s.Cases {
			if s.Name == suite && c.Name == name {
				return c
			}
		}
	}
	t.Fatalf("%s has no case %s", suite, name)
	return junitCase{}
}

func TestJUnit(t *testing.T) {
	r := fixed()
	out := junit(t, nil, r)
	if c := findCase(t, out, "tenant.sst", "e_certificate_expired"); c.Failure == nil {
		t.Error("an error is no failure")
	}
	if c := findCase(t, out, "tenant.sst", "w_certificate_expires_soon"); c.Failure != nil || c.Skipped != nil || c.Output == "" {
		t.Errorf("a warning gives %+v, want a pass with output", c)
	}
	if c := findCase(t, out, "tenant.sst", "e_certificate_unparseable"); c.Failure != nil || c.Skipped != nil {
		t.Error("a rule without finding does not pass")
	}
	if c := findCase(t, out, "not checked", "notes.txt"); c.Skipped == nil {
		t.Error("what was not checked is not skipped")
	}

	out = junit(t, &report.Options{FailOn: lint.Warn}, r)
	if c := findCase(t, out, "tenant.sst", "w_certificate_expires_soon"); c.Failure == nil {
		t.Error("a warning is no failure when warnings fail")
	}

	for _, name := range []string{"e_pfx_no_key", "w_eku_absent"} {
		if c := findCase(t, out, "tenant.sst", name); c.Skipped == nil {
			t.Errorf("%s, which did not judge anything, is not skipped", name)
		}
	}
}

// TestJUnitCollection checks that files that are judged as one are one suite.
func TestJUnitCollection(t *testing.T) {
	r := fixed()
	r.Files = []lint.File{{Name: "certs/a.cer", Collection: "certs"}, {Name: "certs/b.cer", Collection: "certs"}}
	r.Outcomes = []lint.RuleOutcome{{Rule: "e_certificate_expired", Collection: "certs", Status: lint.Error}}
	for i := range r.Findings {
		r.Findings[i].File = "certs/b.cer"
	}
	out := junit(t, nil, r)
	if c := findCase(t, out, "certs", "e_certificate_expired"); c.Failure == nil || !strings.HasPrefix(c.Failure.Text, "certs/b.cer: ") {
		t.Errorf("got %+v, want a failure that names the file", c)
	}
}

func TestJUnitInvalidCharacters(t *testing.T) {
	r := fixed()
	hostile := "\x00\x01\x1b\x7f\ufffe\uffff]]><failure/>\xff\u2028\U000e0001"
	r.Files[0].Name = hostile
	for i := range r.Findings {
		r.Findings[i].File, r.Findings[i].Subject = hostile, hostile
		r.Findings[i].Message = say.Message{Format: "%s", Args: []any{hostile}}
	}
	r.Outcomes = nil
	r.NotChecked = []lint.NotChecked{{What: plain(hostile), Why: plain(hostile)}}
	out := junit(t, nil, r)
	if len(out.Suites) != 2 || out.Failures != 2 {
		t.Errorf("%d suites, %d failures; want 2 and 2", len(out.Suites), out.Failures)
	}
}
