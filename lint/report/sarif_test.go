package report_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/testdata/outside"
)

// sarifSchema returns the schema of OASIS for SARIF 2.1.0 with errata 01, which
// the module go-sarif carries in its source. The module is not a dependency: it
// is fetched for the test only, and what it has to hold is known by its hash.
func sarifSchema(t *testing.T) []byte {
	t.Helper()
	const module, want = "github.com/owenrumney/go-sarif/v3@v3.3.1", "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
	out, err := exec.Command("go", "mod", "download", "-json", module).Output()
	if err != nil {
		outside.Missing(t, "the SARIF schema in %s: %v", module, err)
	}
	var downloaded struct{ Dir string }
	if err := json.Unmarshal(out, &downloaded); err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(downloaded.Dir, "pkg", "report", "v210", "sarif", "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var schema string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			schema, err = strconv.Unquote(lit.Value)
		}
		return err == nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256([]byte(schema)); hex.EncodeToString(sum[:]) != want {
		t.Fatalf("the schema has SHA-256 %x, want %s", sum, want)
	}
	return []byte(schema)
}

func TestSARIFSchema(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(sarifSchema(t)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat() // of URIs
	if err := c.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]*lint.Report{"fixed": fixed(), "empty": {}} {
		for _, language := range locale.Languages() {
			var b bytes.Buffer
			if err := (&report.Options{Language: language}).SARIF(&b, r); err != nil {
				t.Fatal(err)
			}
			log, err := jsonschema.UnmarshalJSON(&b)
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(log); err != nil {
				t.Errorf("%s, %s: %v", name, language, err)
			}
			// The schema must be able to refuse: an unknown member is one of its
			// errors.
			log.(map[string]any)["unknown"] = true
			if schema.Validate(log) == nil {
				t.Error("the schema accepts an unknown member")
			}
		}
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
