package report

import (
	"encoding/csv"
	"io"
	"strings"

	"github.com/smimechain/smimechain/lint"
)

// CSV writes the report as a table for spreadsheets, one row for each thing that was judged
// and one for each that was not, sorted as people sort names: the file, its user and
// certificate, what it comes to for each target, and the one reason of the first target for
// which it does not work, with what to do about it. It is UTF-8 with a byte order mark and
// lines that end in CR LF; fields are separated as [locale.Language.Separator] says. A text that a
// spreadsheet would take for a formula has an apostrophe before it.
func (o *Options) CSV(w io.Writer, r *lint.Report) error {
	o = o.or()
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	table := csv.NewWriter(w)
	table.Comma, table.UseCRLF = o.Language.Separator(), true
	for _, row := range o.csvRows(r) {
		for i := range row {
			row[i] = unlikeFormula(Printable(row[i]))
		}
		if err := table.Write(row); err != nil {
			return err
		}
	}
	table.Flush()
	return table.Error()
}

// csvRows returns the table with its header.
func (o *Options) csvRows(r *lint.Report) [][]string {
	var targets []lint.Target
	header := []string{o.text("File"), o.text("User"), o.text("Certificate")}
	for i := range r.Verdicts {
		if v := &r.Verdicts[i]; v.Status != lint.NotApplicable {
			targets = append(targets, v.Target)
			header = append(header, o.targetName(v.Target))
		}
	}
	rows := [][]string{append(header, o.text("Target"), o.text("Reason"), o.text("What to do"))}
	names, users, reasons := namesIn(r), usersOf(r), reasonsOf(r)
	for _, j := range inNaturalOrder(subjectsOf(r)) {
		row := []string{j.File, users[j.File], names.of(j.Name)}
		for _, t := range targets {
			word := ""
			if v := j.verdict(t); v != nil {
				word = o.Language.Say(v.Status)
			}
			row = append(row, word)
		}
		target, reason, todo := "", "", ""
		if v := j.first(); v != nil {
			why := reasons.of(v)
			target, reason, todo = o.targetName(v.Target), o.Language.Say(why.what), o.text(why.remedy)
		}
		rows = append(rows, append(row, target, reason, todo))
	}
	for _, n := range r.NotChecked {
		switch n.Code {
		case "not_read", "interrupted", "nothing_to_check", "unrecognized":
			row := []string{o.Language.Say(n.What), "", ""}
			for range targets {
				row = append(row, o.text("not checked"))
			}
			rows = append(rows, append(row, "", o.Language.Say(n.Why), ""))
		}
	}
	return rows
}

// unlikeFormula returns a text that no spreadsheet takes for a formula: those that begin
// as one, in characters of either width, get an apostrophe, which shows.
func unlikeFormula(s string) string {
	if strings.HasPrefix(s, "\t") || strings.HasPrefix(s, "\r") || strings.IndexAny(strings.TrimSpace(s), "=+-@\uFF1D\uFF0B\uFF0D\uFF20\u2212") == 0 {
		return "'" + s
	}
	return s
}
