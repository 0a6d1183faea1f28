package linttest

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
)

// defaultBefore is how long before a certificate expires tests begin to fail.
const defaultBefore = 30 * 24 * time.Hour

// Options says how to judge. Nil and the zero value are right for most.
type Options struct {
	// Lint are the options of [lint.Run]. Its zero time is now. Name the targets that
	// you deploy for: see [Clean].
	Lint lint.Options

	// Password opens PFX files; nil leaves them closed, so that no verdict
	// about one is "works".
	Password *string

	// Before is how long before a certificate expires the test fails; zero
	// means 30 days, a negative value only after it has expired. It takes
	// the place of Lint.Ahead.
	Before time.Duration

	// FailOnWarnings makes warnings fail the test too.
	FailOnWarnings bool

	// Baseline accepts findings, each for a limited time; nil accepts none. That
	// one of its acceptances has expired is a warning.
	Baseline *lint.Baseline
}

// Clean judges files and folders as one call of the command does, and fails the
// test for every error that is found; what lints of zlint remark is none. Where
// opts.Lint names targets, each of their verdicts has to be "works": one that is unknown
// fails the test too, and says what would decide. Where it names none, what is
// judged has to work for one of those that take it. A PFX that was not opened fails
// the test. Paths are relative to the folder of the test.
//
// Files in a folder that are in no known format are left out; a file that is
// named has to be readable.
func Clean(t testing.TB, opts *Options, paths ...string) {
	t.Helper()
	o := options(opts)
	CleanFiles(t, o, load(t, o, paths)...)
}

// options copies opts.
func options(opts *Options) *Options {
	o := new(Options)
	if opts != nil {
		*o = *opts
	}
	return o
}

// CleanFiles is [Clean] for files that were read already, such as PFX files with
// different passwords. Of opts.Password it only uses that there is one, to say
// what to do about a PFX that is closed. A nil file fails the test.
func CleanFiles(t testing.TB, opts *Options, files ...*bundle.File) {
	t.Helper()
	o := options(opts)
	o.Lint.Ahead = max(0, cmp.Or(o.Before, defaultBefore))
	certificates := 0
	for i, f := range files {
		if f == nil {
			t.Fatalf("file %d is nil, and nothing was checked: look at the error that came with it", i)
			return
		}
		certificates += len(f.Certificates)
	}
	if certificates == 0 {
		t.Fatalf("no certificate was given, and nothing was checked: give the path of a store, a PFX or a folder%s", closed(o, files))
		return
	}
	r, err := lint.Run(t.Context(), files, &o.Lint)
	if err != nil {
		t.Fatalf("the check could not be made: %s", report.Printable(err.Error()))
		return
	}
	accept(o.Baseline, r)
	for _, f := range r.Findings {
		switch {
		case f.Remark():
		case f.Status >= lint.Error, o.FailOnWarnings && f.Status >= lint.Warn:
			t.Errorf("%s", describe(&f))
		}
	}
	verdicts(t, o, r)
}

// accept takes the findings that the baseline accepts out of the report, and adds
// what is to be said of the baseline itself.
func accept(b *lint.Baseline, r *lint.Report) {
	used := map[int]bool{}
	for _, i := range b.Apply(r) {
		used[i] = true
	}
	b.Review(r, used)
}

// closed says what to do about PFX files that were not opened.
func closed(o *Options, files []*bundle.File) string {
	for _, f := range files {
		switch {
		case f.PFX == nil:
			continue
		case o.Password == nil:
			return "; " + report.Printable(f.Name) + " was not opened: set Options.Password"
		case f.PFX.Password.MixUp != 0:
			return fmt.Sprintf("; no certificate of %s can be seen: the password is %v; it is right %v", report.Printable(f.Name), f.PFX.Password.Status, f.PFX.Password.MixUp)
		default:
			return fmt.Sprintf("; no certificate of %s can be seen: the password is %v", report.Printable(f.Name), f.PFX.Password.Status)
		}
	}
	return ""
}

// describe says what was found, where, and what to do, if the rule tells.
func describe(f *lint.Finding) string {
	where := f.File
	if f.Index >= 0 {
		where = fmt.Sprintf("%s: certificate %d (%s)", f.File, f.Index, cmp.Or(f.Subject, f.SHA256))
	}
	text := fmt.Sprintf("%s\n%s: %s", report.Printable(where), f.Rule, report.Printable(f.Message.String()))
	if f.Remedy != "" {
		text += fmt.Sprintf("\nwhat to do: %s", f.Remedy)
	}
	return text
}

// verdicts fails for targets that were asked for and do not surely work, for what
// works for none where no target was, and for files that were not opened.
func verdicts(t testing.TB, o *Options, r *lint.Report) {
	t.Helper()
	for _, f := range r.Files {
		if !f.Closed.IsZero() {
			t.Errorf("%s: was not opened\nwhat to do: set Options.Password; %s", report.Printable(f.Name), report.Printable(f.Closed.String()))
		}
	}
	for _, v := range r.Verdicts {
		if slices.Contains(o.Lint.Targets, v.Target) && v.Status == lint.NotApplicable {
			t.Errorf("%s: nothing that was given goes there, and nothing was checked for it\nwhat to do: give what is handed out there, or leave the target out of Options.Lint.Targets", v.Target)
		}
	}
	idle := r.Idle()
	for i := range r.Subjects {
		v := &r.Subjects[i]
		// The findings of one that fails were told.
		if v.Status == lint.Fails && len(v.Because) == 0 || v.Status == lint.Unknown && (len(o.Lint.Targets) > 0 || slices.Contains(idle, v.Subject)) {
			t.Errorf("%s: %s", v.Target, undecided(v))
		}
	}
}

// undecided says why a verdict is not "works".
func undecided(v *lint.Verdict) string {
	text := report.Printable(cmp.Or(v.Subject.Name, v.Subject.File)) + ": "
	if v.Status == lint.Fails {
		return text + "fails for " + strings.Join(v.Because, ", ")
	}
	text += "whether it works is not known\nwhat to do:"
	for _, a := range v.Needs {
		if a.State != lint.Open {
			continue
		}
		for _, d := range a.Decide {
			text += fmt.Sprintf("\n  %s: %s", a.Need, report.Printable(d.String()))
		}
	}
	for _, f := range v.Facts {
		text += fmt.Sprintf("\n  give the fact in Options.Lint.Facts: %s", f)
	}
	return text
}

// load reads files and folders.
func load(t testing.TB, o *Options, paths []string) []*bundle.File {
	t.Helper()
	reader := &bundle.Options{Password: o.Password}
	var files []*bundle.File
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatalf("cannot be read: %s", report.Printable(err.Error()))
			return nil
		}
		if !info.IsDir() {
			f, err := reader.ReadFile(t.Context(), path)
			if err != nil {
				t.Fatalf("cannot be read: %s", report.Printable(err.Error()))
				return nil
			}
			files = append(files, f)
			continue
		}
		found, skipped, err := reader.ReadDir(t.Context(), path)
		if err != nil {
			t.Fatalf("cannot be read: %s", report.Printable(err.Error()))
			return nil
		}
		for _, s := range skipped {
			t.Logf("left out: %s", report.Printable(s.Err.Error()))
		}
		if len(found) == 0 {
			t.Fatalf("%s: the folder holds no certificate file", report.Printable(path))
			return nil
		}
		files = append(files, found...)
	}
	return files
}
