package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
	zlint "github.com/zmap/zlint/v3/lint"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// fixed is one report with something of everything, a hostile name included.
func fixed() *lint.Report {
	return &lint.Report{
		Time: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		Files: []lint.File{{
			Name: "tenant.sst", Format: bundle.SST,
			Certificates: []lint.Certificate{
				{Subject: "CN=Example CA", Issuer: "CN=Example Root", SHA256: strings.Repeat("ab", 32), NotAfter: time.Date(2036, 3, 21, 23, 59, 59, 0, time.UTC)},
				{Subject: "CN=\x1b[31mred & <script>", Issuer: "CN=日本", SHA256: strings.Repeat("cd", 32), NotAfter: time.Date(2025, 3, 21, 23, 59, 59, 0, time.UTC)},
				{},
			},
		}},
		Findings: []lint.Finding{
			{Rule: "e_collection_no_root", Status: lint.Error, Targets: []lint.Target{lint.ExchangeOnline}, File: "tenant.sst", Index: -1,
				Message: say.Message{Format: "no self-signed certificate among 3"}, Remedy: "Add the root.", Citation: "a page", Confidence: lint.Documented},
			{Rule: "e_certificate_expired", Status: lint.Error, Targets: []lint.Target{lint.ExchangeOnline, lint.Windows}, File: "tenant.sst", Index: 1,
				Subject: "CN=\x1b[31mred & <script>", SHA256: strings.Repeat("cd", 32), Message: say.Message{Format: "expired on 2025-03-21"}, Remedy: "Remove it.", Citation: "RFC 5280", Confidence: lint.Documented},
			{Rule: "w_certificate_expires_soon", Status: lint.Warn, File: "tenant.sst", Index: 1,
				Subject: "CN=\x1b[31mred & <script>", SHA256: strings.Repeat("cd", 32), Message: say.Message{Format: "a message"}, Remedy: "Remove it.", Confidence: lint.Observed},
			{Rule: "n_something", Status: lint.Notice, File: "tenant.sst", Index: 2, Message: say.Message{Format: "a notice"}, Confidence: lint.Inferred},
		},
		Verdicts: []lint.Verdict{
			{Target: lint.ExchangeOnline, Status: lint.Fails, Because: []string{"e_certificate_expired", "e_collection_no_root"}},
			{Target: lint.Intune, Status: lint.NotApplicable},
			{Target: lint.Windows, Status: lint.Unknown},
		},
		Outcomes: []lint.RuleOutcome{
			{Rule: "e_certificate_expired", Collection: "tenant.sst", Status: lint.Error},
			{Rule: "e_certificate_unparseable", Collection: "tenant.sst", Status: zlint.Pass},
			{Rule: "e_pfx_no_key", Collection: "tenant.sst", Status: lint.NA},
			{Rule: "w_eku_absent", Collection: "tenant.sst", Status: lint.NE},
		},
		Accepted: []lint.Accepted{{
			Finding: lint.Finding{Rule: "w_collection_end_entity", Status: lint.Warn, Targets: []lint.Target{lint.ExchangeOnline}, File: "tenant.sst", Index: 0,
				Subject: "CN=Example CA", SHA256: strings.Repeat("ab", 32), Message: say.Message{Format: "is the certificate of a user, not of a CA"}, Confidence: lint.Documented},
			Reason: "the test user stays \x1b[31m until spring", Expires: time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC),
		}},
		NotChecked: []lint.NotChecked{{What: plain("notes.txt"), Why: plain("not a certificate file")}},
	}
}

func TestGolden(t *testing.T) {
	tests := []struct {
		name  string
		write func(io.Writer, *lint.Report) error
	}{
		{"text", new(report.Options).Text},
		{"json", new(report.Options).JSON},
		{"ndjson", new(report.Options).NDJSON},
		{"sarif", new(report.Options).SARIF},
		{"junit.xml", new(report.Options).JUnit},
		{"html", new(report.Options).HTML},
		{"ja.text", (&report.Options{Language: "ja"}).Text},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got bytes.Buffer
			if err := tt.write(&got, fixed()); err != nil {
				t.Fatal(err)
			}
			if tt.name == "junit.xml" {
				got = withoutPasses(got)
			}
			file := filepath.Join("testdata", "report."+tt.name)
			if *update {
				if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("got:\n%s\nwant:\n%s", got.Bytes(), want)
			}
			if bytes.ContainsRune(got.Bytes(), 0x1b) {
				t.Error("an escape character reaches the output")
			}
			if err := tt.write(failingWriter{}, fixed()); !errors.Is(err, errFull) {
				t.Errorf("a failing writer gives %v", err)
			}
		})
	}
}

// withoutPasses leaves out of a JUnit report the cases of rules that found
// nothing, so that a new rule does not change the golden file.
func withoutPasses(b bytes.Buffer) bytes.Buffer {
	text := regexp.MustCompile(`(?m)^ *<testcase[^>]*></testcase>\n`).ReplaceAll(b.Bytes(), nil)
	return *bytes.NewBuffer(regexp.MustCompile(` tests="\d+"`).ReplaceAll(text, nil))
}

func TestJSONParses(t *testing.T) {
	for name, r := range map[string]*lint.Report{"fixed": fixed(), "empty": {}} {
		var b bytes.Buffer
		if err := new(report.Options).JSON(&b, r); err != nil {
			t.Fatal(err)
		}
		var out map[string]any
		if err := json.Unmarshal(b.Bytes(), &out); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, key := range []string{"files", "targets", "verdicts", "findings", "remarks", "missing", "not_checked", "revocation", "accepted"} {
			if _, ok := out[key].([]any); !ok {
				t.Errorf("%s: %s is no array", name, key)
			}
		}
	}
}

var errFull = errors.New("disk full")

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errFull }

// plain is a message that is the same in every language.
func plain(s string) say.Message { return say.Message{Format: "%s", Args: []any{s}} }

func plains(s string) []say.Message { return []say.Message{plain(s)} }
