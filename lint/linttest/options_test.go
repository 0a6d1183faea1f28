package linttest_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/linttest"
)

// TestClosed: a PFX that does not open says so, and what may be the matter.
func TestClosed(t *testing.T) {
	data, err := os.ReadFile("../../testdata/pfx/password.txt")
	if err != nil {
		t.Fatal(err)
	}
	secret := strings.TrimSuffix(string(data), "\n")
	withNewline, other := secret+"\n", "another one"
	for _, c := range []struct {
		name     string
		password *string
		says     string
	}{
		{"none", nil, "was not opened: set Options.Password"},
		{"with the line ending of its file", &withNewline, "the password is wrong; it is right without spaces and line endings around it"},
		{"wrong", &other, "the password is wrong"},
	} {
		r := &recorder{TB: t}
		linttest.Clean(r, &linttest.Options{Lint: lint.Options{Time: today, Targets: []lint.Target{lint.Windows}}, Password: c.password}, "../../testdata/pfx/widest.pfx")
		if !r.fatal || !strings.Contains(r.text.String(), c.says) {
			t.Errorf("%s: %s", c.name, r.text.String())
		}
		if strings.Contains(r.text.String(), secret) {
			t.Errorf("%s: the password is in the output", c.name)
		}
	}
}

// TestNilFile: an error of a reader that was not looked at fails the test.
func TestNilFile(t *testing.T) {
	r := &recorder{TB: t}
	linttest.CleanFiles(r, nil, nil)
	if !r.fatal || !strings.Contains(r.text.String(), "file 0 is nil") {
		t.Error(r.text.String())
	}
}

// TestBaseline: what is accepted does not fail the test until its last day.
func TestBaseline(t *testing.T) {
	baseline, err := lint.ParseBaseline("accepted.json", []byte(`{"version": 1, "accept": [{
		"rule": "w_collection_end_entity", "file": "`+collections+`leaf-inside.sst",
		"reason": "until the test user has moved", "expires": "2027-03-31"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	says := func(at time.Time, b *lint.Baseline) string {
		r := &recorder{TB: t}
		linttest.Clean(r, &linttest.Options{Lint: lint.Options{Time: at, Targets: []lint.Target{lint.ExchangeOnline}}, FailOnWarnings: true, Baseline: b, Before: -1}, collections+"leaf-inside.sst")
		return r.text.String()
	}
	const rule = "w_collection_end_entity"
	if text := says(today, nil); !strings.Contains(text, rule) {
		t.Errorf("without a baseline: %s", text)
	}
	if text := says(today, baseline); strings.Contains(text, rule) {
		t.Errorf("accepted: %s", text)
	}
	over := says(time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC), baseline)
	if !strings.Contains(over, rule) || !strings.Contains(over, "w_acceptance_expired") {
		t.Errorf("after the last day: %s", over)
	}
}

// TestIdleTarget: a target that was asked for, and to which nothing that was given goes,
// fails the test.
func TestIdleTarget(t *testing.T) {
	for targets, idle := range map[string]bool{"exchange-online": false, "exchange-online outlook-ios": true, "": false} {
		var list []lint.Target
		for _, name := range strings.Fields(targets) {
			list = append(list, lint.Target(name))
		}
		r := &recorder{TB: t}
		linttest.Clean(r, &linttest.Options{Lint: lint.Options{Time: today, Targets: list}, Before: -1}, collections+"complete.sst")
		if got := strings.Contains(r.text.String(), "outlook-ios: nothing that was given goes there"); got != idle || !idle && r.text.Len() > 0 {
			t.Errorf("%s: %s", targets, r.text.String())
		}
	}
}
