package linttest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/linttest"
)

const (
	collections = "../../testdata/collections/"
	example     = "../../testdata/example/"
)

var today = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

// recorder is a test that remembers how it failed.
type recorder struct {
	testing.TB
	text  strings.Builder
	fatal bool
}

func (r *recorder) Helper()                      {}
func (r *recorder) Context() context.Context     { return context.Background() }
func (r *recorder) Logf(string, ...any)          {}
func (r *recorder) Errorf(f string, args ...any) { fmt.Fprintf(&r.text, f+"\n", args...) }
func (r *recorder) Fatalf(f string, args ...any) {
	r.Errorf(f, args...)
	r.fatal = true
}

func TestClean(t *testing.T) {
	at := func(when time.Time) *linttest.Options {
		return &linttest.Options{Lint: lint.Options{Time: when, Targets: []lint.Target{lint.ExchangeOnline}}}
	}
	warnings := at(today)
	warnings.FailOnWarnings = true
	late := at(time.Date(2036, 3, 1, 0, 0, 0, 0, time.UTC))
	relaxed := at(late.Lint.Time)
	relaxed.Before = -1
	apple := &linttest.Options{Lint: lint.Options{Time: today, Targets: []lint.Target{lint.AppleMail}}}
	tests := []struct {
		name  string
		opts  *linttest.Options
		paths []string
		fatal bool
		says  []string // nothing: the test passes
	}{
		{"complete", at(today), []string{collections + "complete.sst"}, false, nil},
		{"an error", at(today), []string{collections + "root-missing.sst"}, false, []string{"e_collection_no_root", "what to do: Add the root"}},
		{"a warning passes", at(today), []string{collections + "duplicate.sst"}, false, nil},
		{"a warning fails when asked for", warnings, []string{collections + "duplicate.sst"}, false, []string{"w_collection_duplicate_certificate"}},
		{"expires soon", late, []string{collections + "complete.sst"}, false, []string{"e_certificate_expired: expires on 2036-03-21, in 20 days"}},
		{"expires soon, but not too soon", relaxed, []string{collections + "complete.sst"}, false, nil},
		{"a root of no list", apple, []string{example + "leaf.pem", example + "issuing-ca.pem", example + "root-self-signed.pem"}, false, []string{"trusted: ", "-roots"}},
		{"no path", at(today), nil, true, []string{"nothing was checked"}},
		{"no file", at(today), []string{"nowhere.sst"}, true, []string{"cannot be read"}},
		{"no certificate file", at(today), []string{"../../testdata/README.md"}, true, []string{"cannot be read"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &recorder{TB: t}
			linttest.Clean(r, tt.opts, tt.paths...)
			got := r.text.String()
			if r.fatal != tt.fatal || (got == "") != (tt.says == nil) {
				t.Errorf("fatal %t, says %q", r.fatal, got)
			}
			for _, s := range tt.says {
				if !strings.Contains(got, s) {
					t.Errorf("does not say %q:\n%s", s, got)
				}
			}
		})
	}
}

// TestTargets holds the verdict to the target that is asked for.
func TestTargets(t *testing.T) {
	for _, target := range []lint.Target{lint.ExchangeOnline, lint.OutlookIOS, lint.AppleMail, lint.Intune, lint.Windows} {
		r := &recorder{TB: t}
		linttest.Clean(r, &linttest.Options{Lint: lint.Options{Time: today, Targets: []lint.Target{target}}}, collections+"complete.sst")
		if refused := strings.Contains(r.text.String(), "does not go to "+string(target)); refused == (target == lint.ExchangeOnline) {
			t.Errorf("%s: %s", target, r.text.String())
		}
	}
}

// large says which certificates have a long subject: a rule as an author may
// write it.
var large = lint.Rule{
	Name: "n_subject_has_organization", Description: "…", Citation: "…",
	Remedy:     "…",
	Confidence: lint.Inferred,
	Applies:    func(p *lint.Pass) bool { return len(p.Collection.Members) > 1 },
	Run: func(p *lint.Pass) error {
		for _, m := range p.Collection.Members {
			if m.Certificate != nil && strings.HasPrefix(m.Certificate.Subject(), "CN=user@") {
				p.Report(m, "has no organization")
			}
		}
		return nil
	},
}

func TestRun(t *testing.T) {
	dir := t.TempDir()
	for name, from := range map[string]string{
		"good.sst": collections + "complete.sst", "bad.sst": collections + "leaf-inside.sst", "na.pem": "../../testdata/example/leaf.pem",
	} {
		data, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{
		"good.want": "pass\n", "bad.want": "# the last one\n4: has no organization\n", "na.want": "NA\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	linttest.Run(t, large, dir, &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}})
}

// A company's repository: one test for the store of its tenant.
// TestHostileNames has names that are commands to the log of a build.
func TestHostileNames(t *testing.T) {
	f, err := bundle.ReadFile(collections + "root-missing.sst")
	if err != nil {
		t.Fatal(err)
	}
	f.Name = "a\n::error::b\x1b[31m##vso[c]###[d].sst"
	r := new(recorder)
	linttest.CleanFiles(r, &linttest.Options{Lint: lint.Options{Time: today}}, f)
	linttest.Clean(r, nil, f.Name)
	text := r.text.String()
	if !strings.Contains(text, "e_collection_no_root") || !strings.Contains(text, "cannot be read") {
		t.Errorf("got %s", text)
	}
	if strings.Contains(text, "\n::") || strings.ContainsAny(text, "\x1b") || strings.Contains(text, "##") {
		t.Errorf("a command is in the log: %q", text)
	}
}

func ExampleCleanFiles() {
	file, err := bundle.ReadFile(collections + "complete.sst")
	if err != nil {
		fmt.Println(err)
		return
	}
	TestTenant := func(t testing.TB) {
		linttest.CleanFiles(t, &linttest.Options{Lint: lint.Options{Time: today}}, file)
	}
	r := new(recorder) // go test does this
	TestTenant(r)
	fmt.Printf("%q\n", r.text.String())
	// Output: ""
}
