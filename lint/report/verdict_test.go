package report_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
)

// TestVerdictJSON: what would decide, and what is known of each purpose, are in
// the JSON report where there is something to say.
func TestVerdictJSON(t *testing.T) {
	r := &lint.Report{Verdicts: []lint.Verdict{
		{
			Target: lint.OutlookIOS, Status: lint.Unknown, Because: []string{"e_email_address_mismatch"},
			Facts: []lint.Fact{"primary_smtp"}, Sign: lint.Unknown, Encrypt: lint.Fails,
		},
		{Target: lint.Windows, Status: lint.NotApplicable, Sign: lint.NotApplicable, Encrypt: lint.NotApplicable},
	}}
	var b bytes.Buffer
	if err := new(report.Options).JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	var got struct{ Targets []map[string]any }
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	first, second := got.Targets[0], got.Targets[1]
	if facts, _ := first["facts"].([]any); !slices.Equal(facts, []any{"primary_smtp"}) || first["sign"] != "unknown" || first["encrypt"] != "fails" {
		t.Errorf("%v", first)
	}
	if len(second) != 3 {
		t.Errorf("%v", second)
	}
}

// TestTableNamesTargets: a line of a table of many verdicts says for whom it is, unless it is
// for all of them.
func TestTableNamesTargets(t *testing.T) {
	var subjects []lint.Verdict
	add := func(file string, status lint.VerdictStatus, targets ...lint.Target) {
		for _, target := range targets {
			v := lint.Verdict{Target: target, Subject: lint.Subject{Kind: "collection", Name: file, File: file, Index: -1}, Status: status}
			if status == lint.Fails {
				v.Needs = []lint.NeedAnswer{{Need: "taken", State: lint.Failed, Evidence: []say.Message{say.New("no")}}}
			}
			subjects = append(subjects, v)
		}
	}
	add("1.sst", lint.Works, lint.ExchangeOnline)
	add("2.pem", lint.Works, lint.ExchangeOnline, lint.Windows)
	add("3.pem", lint.Fails, lint.ExchangeOnline)
	add("3.pem", lint.Works, lint.Windows)
	for _, tt := range []struct {
		targets int
		lines   []string
	}{
		{2, []string{"  works  1.sst  exchange-online\n", "  works  2.pem\n", "  fails  3.pem  exchange-online  taken no  no\n", "  works  3.pem  windows\n"}},
		{1, []string{"  works  1.sst\n", "  works  2.pem\n", "  fails  3.pem  taken no  no\n"}},
	} {
		r := &lint.Report{}
		for _, v := range subjects {
			if tt.targets == 2 || v.Target == lint.ExchangeOnline {
				r.Subjects = append(r.Subjects, v)
			}
		}
		for n := 0; len(r.Subjects) < 12; n++ { // as many as are not told of one by one
			v := r.Subjects[0]
			v.Subject.File = strings.Repeat("4", n+1) + ".sst"
			v.Subject.Name = v.Subject.File
			r.Subjects = append(r.Subjects, v)
		}
		var b bytes.Buffer
		if err := new(report.Options).Text(&b, r); err != nil {
			t.Fatal(err)
		}
		for _, line := range tt.lines {
			if !strings.Contains(b.String(), line) {
				t.Errorf("%d targets: no line %q in\n%s", tt.targets, line, b.String())
			}
		}
	}
}
