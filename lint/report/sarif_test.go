package report_test

import (
	"bytes"
	"encoding/json"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/testdata/schemas"
)

// TestMachineFormats holds that what programs read keeps to the schemas, in every
// language, whatever there is to say.
func TestMachineFormats(t *testing.T) {
	for name, r := range map[string]*lint.Report{"fixed": fixed(), "full": full(), "empty": {}} {
		for _, language := range locale.Languages() {
			o := &report.Options{Language: language, Tool: report.Tool{Version: "v1.2.3"}}
			for format, f := range map[string]struct {
				write func(io.Writer, *lint.Report) error
				check func(testing.TB, []byte)
			}{
				"json":   {o.JSON, oneReport},
				"ndjson": {o.NDJSON, oneReport},
				"sarif":  {o.SARIF, schemas.SARIF},
				"junit":  {o.JUnit, schemas.JUnit},
			} {
				t.Run(name+" "+string(language)+" "+format, func(t *testing.T) {
					var b bytes.Buffer
					if err := f.write(&b, r); err != nil {
						t.Fatal(err)
					}
					f.check(t, b.Bytes())
					if name == "full" && (!strings.Contains(b.String(), "v1.2.3") || !strings.Contains(b.String(), "2026-11-20")) {
						t.Errorf("neither the version nor the date of the catalogue:\n%s", b.String())
					}
				})
			}
		}
	}
}

func oneReport(tb testing.TB, data []byte) {
	tb.Helper()
	if n := schemas.Report(tb, data); n != 1 {
		tb.Errorf("%d reports", n)
	}
}

// sarifResult is what code scanning needs of a result.
type sarifResult struct {
	RuleID    string
	RuleIndex int
	Message   struct{ Text string }
	Locations []struct {
		PhysicalLocation struct {
			ArtifactLocation struct{ URI string }
			Region           struct{ StartLine int }
		}
	}
	PartialFingerprints map[string]string
}

func sarifResults(t *testing.T, o *report.Options, r *lint.Report) []sarifResult {
	t.Helper()
	var b bytes.Buffer
	if err := o.SARIF(&b, r); err != nil {
		t.Fatal(err)
	}
	var log struct {
		Runs []struct {
			Tool struct {
				Driver struct {
					Rules []struct {
						ID   string
						Help struct{ Text string }
					}
				}
			}
			Results []sarifResult
		}
	}
	if err := json.Unmarshal(b.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	rules := log.Runs[0].Tool.Driver.Rules
	for _, result := range log.Runs[0].Results {
		if rules[result.RuleIndex].ID != result.RuleID {
			t.Errorf("%s: its index leads to %s", result.RuleID, rules[result.RuleIndex].ID)
		}
		if rules[result.RuleIndex].Help.Text == "" {
			t.Errorf("%s has no help", result.RuleID)
		}
		if len(result.Locations) != 1 || result.Locations[0].PhysicalLocation.Region.StartLine != 1 {
			t.Errorf("%s: locations %+v, want line 1 of one file", result.RuleID, result.Locations)
		}
	}
	return log.Runs[0].Results
}

// TestSARIFFingerprints reorders a store: the alerts must stay the same ones.
func TestSARIFFingerprints(t *testing.T) {
	prints := func(r *lint.Report) []string {
		var list []string
		for _, result := range sarifResults(t, nil, r) {
			list = append(list, result.PartialFingerprints["primaryLocationLineHash"])
		}
		slices.Sort(list)
		return list
	}
	before, after := fixed(), fixed()
	for i := range after.Findings {
		if f := &after.Findings[i]; f.Index >= 0 {
			f.Index = 2 - f.Index
			f.Message = say.Message{Format: "said in other words"}
		}
	}
	slices.Reverse(after.Findings)
	if got, want := prints(after), prints(before); !slices.Equal(got, want) {
		t.Errorf("fingerprints %v, want %v", got, want)
	}
	if unique := slices.Compact(prints(before)); len(unique) != len(before.Findings) {
		t.Errorf("%d fingerprints of %d findings", len(unique), len(before.Findings))
	}

	// The same rule twice about one certificate, and once about another.
	twice := fixed()
	twice.Findings = append(twice.Findings, twice.Findings[1], twice.Findings[1])
	twice.Findings[len(twice.Findings)-1].SHA256 = strings.Repeat("ef", 32)
	if unique := slices.Compact(prints(twice)); len(unique) != len(twice.Findings) {
		t.Errorf("%d fingerprints of %d findings", len(unique), len(twice.Findings))
	}
}

func TestSARIFURIs(t *testing.T) {
	root := t.TempDir()
	tests := []struct{ file, want string }{
		{"tenant.sst", "tenant.sst"},
		{"a folder/日本 100%#?.sst", "a%20folder/%E6%97%A5%E6%9C%AC%20100%25%23%3F.sst"},
		{"c:d.sst", "./c:d.sst"},
		{"[x](y).sst", "%5Bx%5D%28y%29.sst"},
		{filepath.Join(root, "stores", "tenant.sst"), "stores/tenant.sst"},
	}
	for _, tt := range tests {
		r := &lint.Report{
			Files:    []lint.File{{Name: tt.file}},
			Findings: []lint.Finding{{Rule: "n_x", File: tt.file, Index: -1, Message: say.Message{Format: "x"}}},
		}
		got := sarifResults(t, &report.Options{Root: root}, r)[0].Locations[0].PhysicalLocation.ArtifactLocation.URI
		if decoded := strings.NewReplacer("(", "%28", ")", "%29", "[", "%5B", "]", "%5D").Replace(got); decoded != tt.want {
			t.Errorf("%s: URI %s, want %s", tt.file, got, tt.want)
		}
	}

	// What is about several files is shown at one of them.
	r := &lint.Report{Files: []lint.File{{Name: "x/a.cer"}, {Name: "x/b.cer"}, {Name: "y/c.cer"}, {Name: "y/d.cer"}}}
	for collection, want := range map[string]string{"x": "x/a.cer", "c.cer + d.cer": "y/c.cer"} {
		r.Findings = []lint.Finding{{Rule: "n_x", File: collection, Index: -1, Message: say.Message{Format: "x"}}}
		if got := sarifResults(t, nil, r)[0].Locations[0].PhysicalLocation.ArtifactLocation.URI; got != want {
			t.Errorf("%s: URI %s, want %s", collection, got, want)
		}
	}
}

// TestSARIFLinks holds that a name in a certificate makes no link: unescaped
// brackets would.
func TestSARIFLinks(t *testing.T) {
	r := &lint.Report{Findings: []lint.Finding{{Rule: "n_x", Index: 0, Subject: `CN=[renew here](https://example.org) \`, Message: say.Message{Format: "x"}}}}
	text := sarifResults(t, nil, r)[0].Message.Text
	if regexp.MustCompile(`(^|[^\\])[\[\]]`).MatchString(text) {
		t.Errorf("brackets are not escaped: %s", text)
	}
}
