package lint_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestLawCorpus holds the laws over every real file that can be read: with no rule
// nothing works; neither order, nor workers, nor the name of the file changes a
// verdict; and a certificate that is taken away turns no unknown into works, but for
// a collection in which it was what led nowhere. What deploy makes of a collection has
// no fault that was not in it, and what works it does not refuse.
func TestLawCorpus(t *testing.T) {
	outside.AtLength(t, "judges some hundred files several times")
	nothing := lint.Rule{
		Name: "n_nothing", Description: "Says nothing.", Citation: "none", Remedy: "None.", Confidence: lint.Documented,
		Run: func(*lint.Pass) error { return nil },
	}
	password, at := "password", time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	reader := &bundle.Options{Password: &password}
	type about struct {
		target lint.Target
		kind   lint.SubjectKind
		sha256 string
	}
	judge := func(files []*bundle.File, opts lint.Options) (map[about]lint.VerdictStatus, *lint.Report) {
		opts.Time, opts.ZLint = at, []string{"none"}
		r, err := lint.Run(context.Background(), files, &opts)
		switch {
		case errors.Is(err, lint.ErrNothingToCheck):
			return nil, nil
		case err != nil:
			t.Fatalf("%s: %v", files[0].Name, err)
		}
		status := map[about]lint.VerdictStatus{}
		for _, v := range r.Subjects {
			status[about{v.Target, v.Subject.Kind, v.Subject.SHA256}] = v.Status
		}
		return status, r
	}
	judged, taken, made := 0, 0, 0
	for _, folder := range []string{"field", "sst", "pfx", "sectigo", "mail", "graph"} {
		err := filepath.WalkDir(outside.Corpus(t, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil || len(data) > 200_000 {
				return err
			}
			read := func() *bundle.File {
				f, err := reader.Parse(context.Background(), path, data)
				if err != nil || len(f.Certificates) == 0 {
					return nil
				}
				return f
			}
			f := read()
			if f == nil {
				return nil
			}
			before, report := judge([]*bundle.File{f}, lint.Options{Workers: 1})
			if before == nil {
				return nil
			}
			judged++
			for _, v := range report.Subjects {
				if v.Status == lint.Fails && len(v.Because) == 0 {
					t.Errorf("%s: %s fails because of nothing", path, v.Target)
				}
			}
			without, _ := judge([]*bundle.File{read()}, lint.Options{Rules: []lint.Rule{nothing}})
			for what, status := range without {
				if status == lint.Works {
					t.Errorf("%s: %v works with no rule", path, what)
				}
			}
			other := read()
			other.Name = "another.name"
			slices.Reverse(other.Certificates)
			if f.PFX == nil && !f.Signed { // where the order of the list is that of the file
				turned, _ := judge([]*bundle.File{other}, lint.Options{Workers: 3})
				for what, status := range turned {
					if status != before[what] {
						t.Errorf("%s: %v is %s, and in another order and under another name %s", path, what, before[what], status)
					}
				}
			}
			if f.PFX != nil || f.IsArtefact() {
				return nil
			}
			works := report.Verdict(lint.ExchangeOnline).Status == lint.Works
			packed, err := deploy.Pack([]*bundle.File{read()}, at)
			if err == nil {
				_, err = deploy.Exchange(packed, nil)
			}
			switch {
			case err != nil && works && report.Subjects[0].Subject.Kind == "collection":
				t.Errorf("%s: works for Exchange Online, and is refused: %v", path, err)
			case err == nil && len(packed.LeftOut) == 0:
				made++
				data, err := packed.SST()
				if err != nil {
					return err
				}
				again, err := reader.Parse(t.Context(), "smime.sst", data)
				if err != nil {
					return err
				}
				_, after := judge([]*bundle.File{again}, lint.Options{Targets: []lint.Target{lint.ExchangeOnline}})
				if report.Worst() < lint.Error && after.Worst() >= lint.Error || works && after.Verdict(lint.ExchangeOnline).Status != lint.Works {
					t.Errorf("%s: what was packed %s because of %v", path, after.Verdict(lint.ExchangeOnline).Status, after.Verdict(lint.ExchangeOnline).Because)
				}
			}
			if len(f.Certificates) > 8 {
				return nil
			}
			for i := range f.Certificates {
				less := read()
				if less.Certificates = slices.Delete(less.Certificates, i, i+1); len(less.Certificates) == 0 {
					continue
				}
				taken++
				told := tells(report, i, f.Certificates[i])
				after, _ := judge([]*bundle.File{less}, lint.Options{})
				for what, status := range after {
					if was, ok := before[what]; ok && status == lint.Works && was != lint.Works && (was == lint.Unknown && what.kind != "collection" || !told) {
						t.Errorf("%s: without certificate %d %v works, which was %s", path, i, what, was)
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d files judged, %d certificates taken away, %d collections made", judged, taken, made)
	if judged < 200 {
		t.Errorf("only %d files were judged", judged)
	}
}

// tells reports whether a report blames a certificate of its one file, or says that it
// leaves something open.
func tells(r *lint.Report, index int, c bundle.Certificate) bool {
	if c.Err() != nil || slices.ContainsFunc(r.Findings, func(f lint.Finding) bool { return f.Index == index && f.Status == lint.Error }) {
		return true
	}
	return slices.ContainsFunc(r.Subjects, func(v lint.Verdict) bool {
		return slices.ContainsFunc(v.Needs, func(a lint.NeedAnswer) bool {
			return a.State == lint.Open && strings.Contains(say.Join(a.Decide...).String(), chain.CommonName(c.Subject()))
		})
	})
}
