package lint_test

import (
	"context"
	"crypto/elliptic"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

func TestCauses(t *testing.T) {
	both := []lint.Target{lint.ExchangeOnline, lint.Windows}
	finding := func(rule string, status lint.Status, targets []lint.Target, file string, index int, remedy say.Text, message say.Message) lint.Finding {
		return lint.Finding{Rule: rule, Status: status, Targets: targets, File: file, Index: index, Remedy: remedy, Message: message}
	}
	r := &lint.Report{Findings: []lint.Finding{
		finding("e_rsa_mod_less_than_2048_bits", lint.Error, nil, "1.pfx", 0, "Ask.", say.New("a remark")),
		finding("e_expired", lint.Error, both, "2.pfx", -1, "Renew it.", say.New("expired on %s", "2026-01-01")),
		finding("e_expired", lint.Error, both, "2.pfx", 0, "Renew it.", say.New("expired on %s", "2026-01-02")),
		finding("e_expired", lint.Error, both[:1], "2.pfx", 0, "Renew it.", say.New("expired, and refused")),
		finding("e_opens", lint.Error, both, "2.pfx", -1, "Rewrite it.", say.New("the MAC")),
		finding("e_opens", lint.Error, both, "2.pfx", -1, "Rewrite it.", say.New("the key")),
		finding("e_opens", lint.Error, both, "10.pfx", -1, "Rewrite it.", say.New("the MAC")),
		finding("e_opens", lint.Error, both, "10.pfx", -1, "Split it.", say.New("two keys")),
		finding("w_early", lint.Warn, both, "2.pfx", -1, "Wait.", say.New("too early")),
		finding("e_last", lint.Error, both, "10.pfx", -1, "", say.New("no remedy")),
	}}
	var got []string
	findings := 0
	for _, c := range r.Causes() {
		var places []string
		for _, p := range c.Places {
			findings += len(p.Messages)
			places = append(places, fmt.Sprintf("%s/%d: %s", p.File, p.Index, say.Join(p.Messages...)))
		}
		got = append(got, fmt.Sprintf("%s %d %q %s", c.Rule, len(c.Targets), c.Remedy, strings.Join(places, ", ")))
	}
	want := []string{
		`e_expired 2 "Renew it." 2.pfx/-1: expired on 2026-01-01, 2.pfx/0: expired on 2026-01-02`,
		`e_expired 1 "Renew it." 2.pfx/0: expired, and refused`,
		`e_last 2 "" 10.pfx/-1: no remedy`,
		`e_opens 2 "Rewrite it." 2.pfx/-1: the MAC; the key, 10.pfx/-1: the MAC`,
		`e_opens 2 "Split it." 10.pfx/-1: two keys`,
		`w_early 2 "Wait." 2.pfx/-1: too early`,
		`e_rsa_mod_less_than_2048_bits 0 "Ask." 1.pfx/0: a remark`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if findings != len(r.Findings) {
		t.Errorf("%d findings have become %d", len(r.Findings), findings)
	}
	same := []lint.Finding{{Rule: "e_a", Commands: []string{"x", "y"}}, {Rule: "e_a", Index: 1, Commands: []string{"y", "z"}}}
	if c := (&lint.Report{Findings: same}).Causes(); len(c) != 1 || !slices.Equal(c[0].Commands, []string{"x", "y", "z"}) {
		t.Errorf("commands of one cause: %+v", c)
	}
	if len(new(lint.Report).Causes()) != 0 {
		t.Error("an empty report has causes")
	}
}

// TestReportOrder holds the lists of a report to the order that people expect, and to
// the date of the catalogue.
func TestReportOrder(t *testing.T) {
	var files []*bundle.File
	for _, name := range []string{"user10.cer", "user1.cer", "user2.cer"} {
		files = append(files, parse(name, newUser(issuing(), ecKey(elliptic.P256(), 3)).Raw, nil))
	}
	r, err := lint.Run(context.Background(), files, &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}})
	if err != nil {
		t.Fatal(err)
	}
	sorted := func(what string, names []string) {
		t.Helper()
		if len(slices.Compact(slices.Clone(names))) < 3 || !slices.IsSortedFunc(names, say.Compare) {
			t.Errorf("%s: %q", what, names)
		}
	}
	var inFiles, inFindings, inSubjects []string
	for _, f := range r.Files {
		inFiles = append(inFiles, f.Name)
	}
	for _, f := range r.Findings {
		inFindings = append(inFindings, f.File)
	}
	for _, v := range r.Subjects {
		inSubjects = append(inSubjects, v.Subject.File)
	}
	sorted("files", inFiles)
	sorted("findings", inFindings)
	if len(inSubjects) > 1 {
		sorted("subjects", append([]string{"a", "b"}, inSubjects...))
	}
	if want := catalog.Default().Date(); !r.CatalogDate.Equal(want) {
		t.Errorf("date of the catalogue: %v, want %v", r.CatalogDate, want)
	}
}
