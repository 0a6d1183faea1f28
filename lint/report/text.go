package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/smimechain/smimechain/lint"
)

// Text writes the report for people: the verdicts first, then the findings
// certificate by certificate with what to do about each, then what was not
// checked.
func Text(w io.Writer, r *lint.Report) error {
	b := bufio.NewWriter(w)
	writeVerdicts(b, r.Verdicts)
	writeFindings(b, r)
	if len(r.NotChecked) > 0 {
		fmt.Fprintf(b, "\nnot checked\n")
		for _, n := range r.NotChecked {
			fmt.Fprintf(b, "  %s: %s\n", Printable(n.What), Printable(n.Why))
		}
	}
	fmt.Fprintf(b, "\n%s at %s\n", summary(r), rfc3339(r.Time))
	return b.Flush()
}

func writeVerdicts(w io.Writer, verdicts []lint.Verdict) {
	const targetWidth, statusWidth = 15, 7 // of "exchange-online" and "unknown"
	for _, v := range verdicts {
		if v.Status == lint.NotApplicable {
			continue
		}
		line := fmt.Sprintf("%-*s  %-*s  %s", targetWidth, v.Target, statusWidth, v.Status, strings.Join(v.Because, ", "))
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}

func writeFindings(w io.Writer, r *lint.Report) {
	var last *lint.Finding
	for i := range r.Findings {
		f := &r.Findings[i]
		if last == nil || last.File != f.File {
			fmt.Fprintf(w, "\n%s\n", Printable(f.File))
		}
		if last == nil || last.File != f.File || last.Index != f.Index {
			fmt.Fprintf(w, "  %s\n", heading(f))
		}
		fmt.Fprintf(w, "    %s: %s\n", f.Rule, Printable(f.Message.String()))
		if f.Remedy != "" && !saidNext(r.Findings, i) {
			fmt.Fprintf(w, "      %s\n", f.Remedy)
		}
		last = f
	}
}

// saidNext reports whether the next finding of the same certificate has the
// same remedy, which is then printed only once.
func saidNext(findings []lint.Finding, i int) bool {
	if i+1 == len(findings) {
		return false
	}
	a, b := findings[i], findings[i+1]
	return a.File == b.File && a.Index == b.Index && a.Remedy == b.Remedy
}

// heading names what the following findings are about.
func heading(f *lint.Finding) string {
	switch {
	case f.Index < 0:
		return "(the whole collection)"
	case f.Subject == "" && f.SHA256 == "":
		return fmt.Sprintf("certificate %d", f.Index)
	case f.Subject == "":
		return fmt.Sprintf("certificate %d, SHA-256 %s", f.Index, f.SHA256)
	default:
		return fmt.Sprintf("%s, SHA-256 %.8s…", Printable(f.Subject), f.SHA256)
	}
}

// summary counts files, certificates and findings.
func summary(r *lint.Report) string {
	certificates := 0
	for _, f := range r.Files {
		certificates += len(f.Certificates)
	}
	counts := map[lint.Status]int{}
	for _, f := range r.Findings {
		counts[f.Status]++
	}
	return fmt.Sprintf("%s in %s: %s, %s, %s",
		plural(certificates, "certificate"), plural(len(r.Files), "file"),
		plural(counts[lint.Error]+counts[lint.Fatal], "error"), plural(counts[lint.Warn], "warning"), plural(counts[lint.Notice], "notice"))
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Printable replaces every character of s that is not printable, such as the
// escape character of terminal commands, by its escape in Go's notation.
func Printable(s string) string {
	if !strings.ContainsFunc(s, notPrintable) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if notPrintable(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func notPrintable(r rune) bool { return !unicode.IsPrint(r) }
