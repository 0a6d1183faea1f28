package lint_test

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
)

// named gives a copy of a file another name.
func named(f *bundle.File, name string) *bundle.File {
	c := *f
	c.Name = name
	return &c
}

// severalUsers are PFX files of one address under several names.
func severalUsers(names ...string) []*bundle.File {
	var files []*bundle.File
	for _, name := range names {
		files = append(files, named(openPFX(des("secret"), "secret")[0], name))
	}
	return files
}

// TestFactsOf: what is known of the user of each file comes to the verdicts of calls of
// its own, and goes before what is known of all.
func TestFactsOf(t *testing.T) {
	files := append(severalUsers("a.pfx", "b.pfx", "c.pfx"), store(root(), issuing())...)
	base := &lint.Facts{OldestIOS: lint.IOSVersion{Major: 16}, PrimarySMTP: "user@example.com"}
	of := map[string]*lint.Facts{
		"a.pfx": {PrimarySMTP: "other@example.com", UPN: "a@example.com"},
		"b.pfx": {OldestIOS: lint.IOSVersion{Major: 18}, Purposes: []chain.Usage{chain.Sign}},
	}
	together := run(t, files, &lint.Options{Time: today, Facts: base, FactsOf: of})
	statuses := map[lint.VerdictStatus]bool{}
	for i, f := range files[:3] {
		facts := *base
		switch i {
		case 0:
			facts.PrimarySMTP, facts.UPN = "other@example.com", "a@example.com"
		case 1:
			facts.OldestIOS, facts.Purposes = lint.IOSVersion{Major: 18}, []chain.Usage{chain.Sign}
		}
		single := run(t, []*bundle.File{f, files[3]}, &lint.Options{Time: today, Facts: &facts})
		if got, want := about(together, f.Name), about(single, f.Name); !reflect.DeepEqual(got, want) || len(want) == 0 {
			t.Errorf("%s: got %+v, want %+v", f.Name, got, want)
		} else {
			statuses[want[1].Status] = true
		}
	}
	if len(statuses) < 2 {
		t.Error("the facts decide nothing")
	}
	for _, f := range together.Files {
		if want := map[string]string{"a.pfx": "a@example.com"}[f.Name]; f.User != want {
			t.Errorf("%s is of %q, want %q", f.Name, f.User, want)
		}
	}
	if _, err := lint.Run(context.Background(), files, &lint.Options{FactsOf: map[string]*lint.Facts{"a.pfx": {PrimarySMTP: "nobody"}}}); err == nil {
		t.Error("facts that are none are taken")
	}
	// A certificate of a user with facts is no part of the collection of others.
	users := loose(user(), user(addresses("b@example.com")), issuing())
	r := run(t, users, &lint.Options{Time: today, FactsOf: map[string]*lint.Facts{users[0].Name: {PrimarySMTP: "user@example.com"}, users[1].Name: {PrimarySMTP: "b@example.com"}}})
	for _, v := range r.Subjects {
		if v.Subject.Kind == "certificate" && v.Collection != v.Subject.File {
			t.Errorf("%s is judged in %s", v.Subject.File, v.Collection)
		}
	}
}

// about returns the verdicts about a file, with nothing that a slice of functions would
// make unequal.
func about(r *lint.Report, name string) []lint.Verdict {
	var list []lint.Verdict
	for _, v := range r.Subjects {
		if v.Subject.File == name {
			list = append(list, v)
		}
	}
	return list
}

// TestFactsBefore holds that every fact can go before that of all.
func TestFactsBefore(t *testing.T) {
	full := &lint.Facts{
		PrimarySMTP: "user@example.com", ProxyAddresses: []string{"u@example.com"}, UPN: "user@example.com", Purposes: []chain.Usage{chain.Sign},
		OldestIOS: lint.IOSVersion{Major: 17}, SmimeConfig: new(lint.SmimeConfig), ConnectorKeyBits: 2048, ConnectorProvider: "p", ConnectorKeyName: "k",
		Platforms: []string{"ios"}, DirectoryCertificates: 3,
	}
	value := reflect.ValueOf(*full)
	for i := range value.NumField() {
		if value.Field(i).IsZero() {
			t.Errorf("%s is not in this test", value.Type().Field(i).Name)
		}
	}
	var seen *lint.Facts
	rule := lint.Rule{Run: func(p *lint.Pass) error { seen = p.Facts; return nil }}
	rule.Name = "n_rule"
	files := severalUsers("a.pfx")
	for _, opts := range []lint.Options{{FactsOf: map[string]*lint.Facts{"a.pfx": full}}, {Facts: full, FactsOf: map[string]*lint.Facts{"a.pfx": {}}}, {Facts: full}} {
		opts.Time, opts.Rules, opts.ZLint = today, []lint.Rule{rule}, []string{"none"}
		run(t, files, &opts)
		if !reflect.DeepEqual(seen, full) {
			t.Errorf("got %+v, want %+v", seen, full)
		}
	}
}

// TestProgress: what is done rises to all and comes there.
func TestProgress(t *testing.T) {
	files := append(severalUsers("a.pfx", "b.pfx"), store(root(), issuing(), user())...)
	last, total, calls := -1, 0, 0
	run(t, files, &lint.Options{Time: today, Progress: func(done, all int) {
		if done < last || all < 1 || done > all || total != 0 && all != total {
			t.Errorf("%d of %d after %d of %d", done, all, last, total)
		}
		last, total = done, all
		calls++
	}})
	if last != total || calls < 10 {
		t.Errorf("it ends at %d of %d after %d calls", last, total, calls)
	}
}

// TestPartial: a context that ends leaves what is complete, which is what a check of those
// files says, and says what is not.
func TestPartial(t *testing.T) {
	files := severalUsers("a.pfx", "b.pfx", "c.pfx", "d.pfx")
	whole := run(t, files, &lint.Options{Time: today})
	seen := map[int]bool{}
	steps := 0
	run(t, files, &lint.Options{Time: today, Progress: func(int, int) { steps++ }})
	for stop := range steps {
		ctx, cancel := context.WithCancel(context.Background())
		step := 0
		opts := &lint.Options{Time: today, Partial: true, Progress: func(int, int) {
			if step++; step > stop {
				cancel()
			}
		}}
		r, err := lint.Run(ctx, files, opts)
		cancel()
		if err != nil {
			if r != nil {
				t.Errorf("stopped at %d: a report with an error", stop)
			}
			seen[0] = true
			continue
		}
		left := 0
		for _, n := range r.NotChecked {
			if n.Code == "interrupted" {
				left++
			}
		}
		seen[len(r.Files)] = true
		if left+len(r.Files) != len(files) {
			t.Errorf("stopped at %d: %d files were judged and %d left", stop, len(r.Files), left)
		}
		for _, f := range files[:len(r.Files)] {
			if !reflect.DeepEqual(about(r, f.Name), about(whole, f.Name)) {
				t.Errorf("stopped at %d: %s is judged otherwise", stop, f.Name)
			}
		}
		if left > 0 && slices.ContainsFunc(r.Verdicts, func(v lint.Verdict) bool { return v.Status == lint.Works }) {
			t.Errorf("stopped at %d: %d files are left and a target works", stop, left)
		}
	}
	for n := range 5 {
		if !seen[n] {
			t.Errorf("never stopped after %d files", n)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r, err := lint.Run(ctx, files, &lint.Options{Time: today}); err == nil || r != nil {
		t.Error("a context that has ended makes a report unasked")
	}
}
