package report_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
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
