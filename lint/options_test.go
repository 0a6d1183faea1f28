package lint_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
)

// TestNonsense holds that what would leave something out without a word is an
// error: a file that was not read, a name that is misspelt, no rules.
func TestNonsense(t *testing.T) {
	files := loose(user())
	rule := func(targets, decisive []lint.Target) []lint.Rule {
		return []lint.Rule{{
			Name:    "e_own",
			Targets: targets, Decisive: decisive,
			Run: func(*lint.Pass) error { return nil },
		}}
	}
	misspelt := []lint.Target{lint.Windows, "window"}
	for _, c := range []struct {
		name, want string
		files      []*bundle.File
		opts       lint.Options
	}{
		{"file", "entry 1 of the files", append(files[:1:1], nil), lint.Options{}},
		{"With", "entry 0 of Options.With", files, lint.Options{With: []*bundle.File{nil}}},
		{"Roots", "entry 0 of Options.Roots", files, lint.Options{Roots: []*bundle.File{nil}}},
		{"target", `unknown target "window"`, files, lint.Options{Targets: misspelt}},
		{"target of a rule", `rule e_own: unknown target "window"`, files, lint.Options{Rules: rule(misspelt, nil)}},
		{"decisive target", `rule e_own: unknown target "window"`, files, lint.Options{Rules: rule(nil, misspelt)}},
		{"no rules", "Options.Rules is empty", files, lint.Options{Rules: []lint.Rule{}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.opts.Time = today
			r, err := lint.Run(t.Context(), c.files, &c.opts)
			if r != nil || err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("report %v, error %v; want %s", r != nil, err, c.want)
			}
			if errors.Is(err, lint.ErrNothingToCheck) != (c.name == "no rules") {
				t.Errorf("ErrNothingToCheck: %v", err)
			}
		})
	}
}

// TestVerdict looks verdicts up.
func TestVerdict(t *testing.T) {
	r, err := lint.Run(t.Context(), loose(user()), &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}})
	if err != nil {
		t.Fatal(err)
	}
	for i, target := range lint.Targets() {
		if v := r.Verdict(target); v.Target != target || v.Status != r.Verdicts[i].Status {
			t.Errorf("%s: %+v", target, v)
		}
	}
	if v := new(lint.Report).Verdict(lint.Intune); v.Target != lint.Intune || v.Status != lint.NotApplicable || v.Sign != lint.NotApplicable {
		t.Errorf("%+v", v)
	}
	var none *lint.Baseline
	if none.Apply(r) != nil || reviewed(none, today, nil) != nil {
		t.Error("a nil baseline says something")
	}
}

// TestSmimeConfigText: PowerShell puts a mark before what it writes, and an error
// speaks of JSON and not of Go.
func TestSmimeConfigText(t *testing.T) {
	c, err := lint.ParseSmimeConfig([]byte("\xEF\xBB\xBF" + `{"OWADisableCRLCheck": true}`))
	if err != nil || !c.DisableCRLCheck {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := lint.ParseSmimeConfig([]byte("[]")); err == nil || err.Error() != "want a JSON object, not a JSON array" {
		t.Errorf("error %v", err)
	}
}
