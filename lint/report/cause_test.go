package report_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
)

// expired is a report about a store of n certificates, each of them expired on one of
// days dates.
func expired(n, days int) *lint.Report {
	const remedy = "Remove the certificate from the file; if a chain needs it, put its successor in its place. Roll the successor out where it is that of a user, who keeps the old key to read old mail."
	targets := []lint.Target{lint.ExchangeOnline}
	r := &lint.Report{
		Time:        time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		CatalogDate: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
		Files:       []lint.File{{Name: "tenant.sst"}},
		Verdicts:    []lint.Verdict{{Target: lint.ExchangeOnline, Status: lint.Fails, Because: []string{"e_certificate_expired"}}},
		Subjects: []lint.Verdict{{
			Target: lint.ExchangeOnline, Status: lint.Fails, Collection: "tenant.sst",
			Subject: lint.Subject{Kind: "collection", File: "tenant.sst", Index: -1},
			Needs:   []lint.NeedAnswer{{Need: "taken", State: lint.Met}, {Need: "valid", State: lint.Failed, Because: []string{"e_certificate_expired"}}},
		}},
	}
	for i := range n {
		c := lint.Certificate{Subject: fmt.Sprintf("CN=Example Secure Email CA %d,O=Example Limited,C=GB", i), SHA256: fmt.Sprintf("%064x", i)}
		r.Files[0].Certificates = append(r.Files[0].Certificates, c)
		r.Findings = append(r.Findings, lint.Finding{
			Rule: "e_certificate_expired", Status: lint.Error, Targets: targets, File: "tenant.sst", Index: i, Subject: c.Subject, SHA256: c.SHA256,
			Message: say.New("expired on %s; Exchange Online refuses the whole upload", time.Date(2025, 3, 21+i%days, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)),
			Remedy:  remedy,
		})
	}
	return r
}

func text(t *testing.T, o *report.Options, r *lint.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := o.Text(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestTextOfOneCause: 200 findings of one cause say once what to do.
func TestTextOfOneCause(t *testing.T) {
	for _, days := range []int{1, 7, 200} {
		r := expired(200, days)
		got := text(t, nil, r)
		if n := strings.Count(got, "Remove the certificate"); n != 2 { // first of all, and with the cause
			t.Errorf("%d dates: what to do is said %d times", days, n)
		}
		if n := strings.Count(got, "refuses the whole upload"); n != days {
			t.Errorf("%d dates: %d messages", days, n)
		}
		if n := strings.Count(got, "  Example Secure Email CA "); n != 200 {
			t.Errorf("%d dates: %d certificates", days, n)
		}
		if limit := 200 * 125; len(got) > limit {
			t.Errorf("%d dates: %d bytes, more than %d", days, len(got), limit)
		}
	}
}

// TestTextCauses holds the text of many subjects to a file: what is first, the table,
// and causes of every shape.
func TestTextCauses(t *testing.T) {
	both := []lint.Target{lint.OutlookIOS, lint.Windows}
	const rewrite, store = "Write it anew.", "smimechain check %s tenant.sst"
	r := &lint.Report{Time: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), CatalogDate: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	subject := func(i int) lint.Subject {
		return lint.Subject{Kind: "identity", File: fmt.Sprintf("user%d.pfx", i), Index: 0, Name: fmt.Sprintf(`CN=User\, %d,O=Example`, i), SHA256: fmt.Sprintf("%064x", i)}
	}
	finding := func(f lint.Finding, message say.Message) {
		f.Message = message
		r.Findings = append(r.Findings, f)
	}
	for _, target := range both {
		r.Verdicts = append(r.Verdicts, lint.Verdict{Target: target, Status: lint.Fails, Because: []string{"e_opens"}})
		for i := 1; i <= 10; i++ {
			s := subject(i)
			v := lint.Verdict{Target: target, Subject: s, Status: lint.Works, Collection: s.File, Needs: []lint.NeedAnswer{{Need: "opens", State: lint.Met}}}
			switch {
			case i%3 == 0:
				v.Status = lint.Fails
				v.Needs = []lint.NeedAnswer{{Need: "opens", State: lint.Failed, Because: []string{"e_opens"}}}
			case i%3 == 1 && target == lint.OutlookIOS:
				v.Status = lint.Unknown
				v.Needs = append(v.Needs, lint.NeedAnswer{Need: "trusted", State: lint.Open, Decide: []say.Message{say.New(store, s.File)}})
			}
			r.Subjects = append(r.Subjects, v)
		}
	}
	for i := 1; i <= 10; i++ {
		s := subject(i)
		whole := lint.Finding{Rule: "e_opens", Status: lint.Error, Targets: both, File: s.File, Index: -1, Remedy: rewrite}
		if i%3 == 0 {
			finding(whole, say.New("the MAC uses %s", "SHA-256"))
			finding(whole, say.New("the key is under %s", "AES"))
		}
		if i == 6 {
			finding(whole, say.New("the certificates are under AES"))
		}
		one := whole
		one.Rule, one.Status, one.Index, one.Subject, one.SHA256, one.Remedy = "w_ends", lint.Warn, 0, s.Name, s.SHA256, "Renew it."
		if i > 8 {
			finding(one, say.New("expires on %s", fmt.Sprintf("2026-12-%02d", i)))
		}
		if i == 4 {
			one.Targets = both[:1]
			finding(one, say.New("expires before the device is replaced"))
		}
		one.Rule, one.Targets, one.Remedy = "w_ext_subject_key_identifier_missing_sub_cert", nil, "Ask the CA."
		if i < 3 {
			finding(one, say.New("a remark"))
		}
	}
	file := filepath.Join("testdata", "causes.text")
	got := text(t, &report.Options{Tool: report.Tool{Name: "smimechain", Version: "v1.2.3"}}, r)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// TestTextNames: certificates are called as people call them, and by the whole name
// where two of them would look the same.
func TestTextNames(t *testing.T) {
	r := expired(2, 1)
	if got := text(t, nil, r); strings.Contains(got, "CN=") || !strings.Contains(got, "Example Secure Email CA 1 (SHA-256") {
		t.Errorf("%s", got)
	}
	r.Findings[1].Subject = "CN=Example Secure Email CA 0,O=Another Company,C=GB"
	got := text(t, nil, r)
	for _, want := range []string{"CN=Example Secure Email CA 0,O=Another Company,C=GB (", "CN=Example Secure Email CA 0,O=Example Limited,C=GB ("} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

// TestTextFirstIsShort: many different things to do first are not all said first.
func TestTextFirstIsShort(t *testing.T) {
	r := &lint.Report{}
	for i := range 50 {
		r.Subjects = append(r.Subjects, lint.Verdict{
			Target: lint.Windows, Status: lint.Unknown, Subject: lint.Subject{File: fmt.Sprintf("%d.pfx", i), Index: -1},
			Needs: []lint.NeedAnswer{{Need: "trusted", State: lint.Open, Decide: []say.Message{say.New("reason %s", fmt.Sprint(i, "."))}}},
		})
	}
	first, _, _ := strings.Cut(text(t, nil, r), "\n  unknown")
	if lines := strings.Count(strings.TrimSpace(first), "\n"); lines != 6 || !strings.Contains(first, "and 45 more") {
		t.Errorf("%d lines:\n%s", lines, first)
	}
}

// TestTextBy: by what was judged stands at the foot where it is known.
func TestTextBy(t *testing.T) {
	tool, date := report.Tool{Name: "smimechain", Version: "v1.2.3"}, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		tool report.Tool
		date time.Time
		want string
	}{
		{tool, date, "smimechain v1.2.3, facts about CAs of 2026-11-01\n"},
		{report.Tool{}, date, "\nfacts about CAs of 2026-11-01\n"},
		{tool, time.Time{}, "\nsmimechain v1.2.3\n"},
		{report.Tool{}, time.Time{}, "0 remarks at \n"},
	} {
		if got := text(t, &report.Options{Tool: tt.tool}, &lint.Report{CatalogDate: tt.date}); !strings.HasSuffix(got, tt.want) {
			t.Errorf("%q, %q: %q", tt.tool, tt.date, got)
		}
	}
}

func BenchmarkText(b *testing.B) {
	for _, n := range []int{200, 10_000} {
		r := expired(n, 7)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := new(report.Options).Text(io.Discard, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
