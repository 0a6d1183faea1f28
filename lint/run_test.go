package lint_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	zlint "github.com/zmap/zlint/v3/lint"
)

// TestRunEnds holds when a report of a part is made: where it was asked for, the context has
// ended, and something was judged. What else goes wrong is an error.
func TestRunEnds(t *testing.T) {
	own := errors.New("a rule failed")
	for _, tt := range []struct {
		name    string
		partial bool
		after   int  // files
		ends    bool // the context
		want    error
	}{
		{"the context", true, 2, true, nil},
		{"the context, at the first file", true, 1, true, context.Canceled},
		{"the context, and all is asked for", false, 2, true, context.Canceled},
		{"a rule", true, 2, false, own},
		{"a rule, and all is asked for", false, 2, false, own},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		files := 0
		rule := lint.Rule{Name: "n_own", Run: func(*lint.Pass) error {
			if files++; files < tt.after {
				return nil
			}
			if !tt.ends {
				return own
			}
			cancel()
			return ctx.Err()
		}}
		opts := &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}, ZLint: []string{"none"}, Rules: []lint.Rule{rule}, Partial: tt.partial}
		r, err := lint.Run(ctx, severalUsers("a.pfx", "b.pfx", "c.pfx"), opts)
		cancel()
		if !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) || (r == nil) != (err != nil) {
			t.Errorf("%s: %v", tt.name, err)
		}
		if r != nil && len(r.Files) != tt.after-1 {
			t.Errorf("%s: %d files", tt.name, len(r.Files))
		}
	}
}

// TestRunNow holds that without a time files are judged now.
func TestRunNow(t *testing.T) {
	before := time.Now().Truncate(time.Second)
	r := run(t, store(root()), &lint.Options{ZLint: []string{"none"}})
	if r.Time.Before(before) || time.Now().Before(r.Time) {
		t.Errorf("judged at %s, called at %s", r.Time, before)
	}
}

// TestNothingToCheck holds what is said of files that nothing is judged of.
func TestNothingToCheck(t *testing.T) {
	key := func(kind string, why bool) *bundle.File {
		f := &bundle.File{Name: "a.key", Format: bundle.PrivateKey, Keys: []bundle.FoundKey{{Kind: kind}}}
		if why {
			f.Keys[0].Why = "it is a Java key store"
		}
		return f
	}
	empty := &bundle.File{Name: "a.pem", Format: bundle.PEM}
	for _, tt := range []struct {
		name  string
		files []*bundle.File
		want  string
	}{
		{"none", nil, "no certificate was given"},
		{"one without a certificate", []*bundle.File{empty}, "a.pem holds no certificate"},
		{"two without a certificate", []*bundle.File{empty, {Name: "b.pem", Format: bundle.PEM}}, "no certificate was given"},
		{"a key store", []*bundle.File{key("JKS", true)}, "a.key holds a private key in a form that does not go to outlook-ios: it is a Java key store"},
		{"a key", []*bundle.File{key("PVK", false)}, "a.key is a file of format"},
		{"a file of a CA", store(root()), "store.sst is a file of format sst, which does not go to outlook-ios"},
		{"a file of keys without a key", []*bundle.File{{Name: "a.key", Format: bundle.PrivateKey}}, "a.key holds no certificate"},
	} {
		r, err := lint.Run(t.Context(), tt.files, &lint.Options{Time: today, Targets: []lint.Target{lint.OutlookIOS}})
		if !errors.Is(err, lint.ErrNothingToCheck) || !strings.Contains(err.Error(), tt.want) || r != nil {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}

// TestOutcomesOfJudged holds that what goes to no target that was asked for has neither
// outcomes nor findings, and that rules pass nothing in what they could not see.
func TestOutcomesOfJudged(t *testing.T) {
	short := newUser(issuing(), rsaKey(1024), addresses())
	opts := &lint.Options{Time: today, Targets: []lint.Target{lint.AppleMail}}
	both := append(pemBundle(user(), issuing(), root()), store(short)...)
	r := run(t, both, opts)
	for _, o := range r.Outcomes {
		if o.Collection != "bundle.pem" {
			t.Errorf("%s of %s: %s", o.Rule, o.Collection, o.Status)
		}
	}
	for _, f := range r.Findings {
		if f.File != "bundle.pem" {
			t.Errorf("%s of %s", f.Rule, f.File)
		}
	}
	// passed counts the rules that passed, about anything and about a PFX.
	passed := func(files []*bundle.File) (all, ofPFX int) {
		for _, o := range run(t, files, opts).Outcomes {
			if rule, ok := lint.FindRule(o.Rule); ok && o.Status == zlint.Pass && rule.Applies == nil {
				all++
			} else if o.Status == zlint.Pass {
				ofPFX++
			}
		}
		return all, ofPFX
	}
	if all, ofPFX := passed(openPFX(aes("secret"), "wrong")); all != 0 || ofPFX == 0 {
		t.Errorf("%d rules pass a PFX that was not opened, %d pass its form", all, ofPFX)
	}
	opened, _ := passed(openPFX(aes("secret"), "secret"))
	if keyAlone, _ := passed(openPFX(plainPFX(keyBag(otherKey())), "")); opened == 0 || keyAlone == 0 {
		t.Error("no rule passes a PFX that was opened")
	}
}

// TestOfArchives holds what is said of files of an archive that were not read.
func TestOfArchives(t *testing.T) {
	files := pemBundle(user(), issuing(), root())
	files[0].Skipped = []bundle.Skipped{{Name: "a", Err: errors.New("too large")}, {Name: "b", Err: &bundle.UnrecognizedError{Why: "it is a picture"}}}
	r := run(t, files, &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}, ZLint: []string{"none"}})
	got := map[string]string{}
	for _, n := range r.NotChecked {
		got[n.What.String()] = string(n.Code) + ": " + n.Why.String()
	}
	if got["a"] != "not_read: too large" || got["b"] != "unrecognized: not a certificate file: it is a picture" {
		t.Errorf("%q, %q", got["a"], got["b"])
	}
}

// TestCatalogOld holds that a catalogue is old once a year has passed.
func TestCatalogOld(t *testing.T) {
	made := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		at   time.Time
		want bool
	}{{made, false}, {made.AddDate(1, 0, 0), false}, {made.AddDate(1, 0, 0).Add(time.Second), true}} {
		r := run(t, store(root()), &lint.Options{Time: tt.at, ZLint: []string{"none"}, Catalog: knows(root())})
		if got := slices.ContainsFunc(r.NotChecked, func(n lint.NotChecked) bool { return n.Code == "catalog_old" }); got != tt.want {
			t.Errorf("at %s: %t", tt.at, got)
		}
	}
}
