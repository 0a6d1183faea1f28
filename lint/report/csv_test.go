package report_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/report"
)

// TestCSV: names sort as people sort them, nothing is a formula, and German has semicolons.
func TestCSV(t *testing.T) {
	r := manyUsers(12)
	r.Subjects = append(r.Subjects, lint.Verdict{Target: lint.Windows, Status: lint.Works, Subject: lint.Subject{File: "=HYPERLINK(\"x\")", Index: -1}})
	r.Files[3].User = "+user@example.com"
	for language, comma := range map[string]rune{"": ',', "ja": ',', "de": ';'} {
		var b bytes.Buffer
		o := &report.Options{}
		for _, l := range locale.Languages() {
			if string(l) == language {
				o.Language = l
			}
		}
		if err := o.CSV(&b, r); err != nil {
			t.Fatal(err)
		}
		text, ok := strings.CutPrefix(b.String(), "\uFEFF")
		table := csv.NewReader(strings.NewReader(text))
		table.Comma = comma
		rows, err := table.ReadAll()
		if err != nil || !ok || len(rows) != 14 || !strings.Contains(text, "\r\n") {
			t.Fatalf("%s: %d rows, %v", language, len(rows), err)
		}
		if rows[1][0] != "'=HYPERLINK(\"x\")" || rows[4][0] != "user2.pfx" || rows[12][0] != "user10.pfx" || rows[5][1] != "'+user@example.com" {
			t.Errorf("%s: %q", language, rows)
		}
		for _, row := range rows {
			for _, cell := range row {
				if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") {
					t.Errorf("a formula: %q", cell)
				}
			}
		}
	}
}
