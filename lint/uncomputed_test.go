package lint_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestKeyThatIsNotComputed holds that a private key whose public half cannot be computed
// here is not said to be without its certificate.
func TestKeyThatIsNotComputed(t *testing.T) {
	folder := outside.Corpus(t, "field", "foreign", "brainpool")
	password := strings.TrimSpace(string(outside.Read(t, "field", "foreign", "brainpool", "pw")))
	f, err := (&bundle.Options{Password: &password}).ReadFile(context.Background(), filepath.Join(folder, "prime256v1explicit.pfx"))
	if err != nil {
		t.Fatal(err)
	}
	report, err := lint.Run(context.Background(), []*bundle.File{f}, &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}})
	if err != nil {
		t.Fatal(err)
	}
	seen := false
	for _, v := range report.Subjects {
		if i := slices.IndexFunc(v.Needs, func(a lint.NeedAnswer) bool { return a.Need == "identity" }); i >= 0 && v.Target == lint.Windows {
			seen = true
			if a := v.Needs[i]; a.State != lint.Open || a.Code != "key_unchecked" {
				t.Errorf("%+v", a)
			}
		}
	}
	if !seen {
		t.Errorf("no answer: %+v, %+v", report.Subjects, report.NotChecked)
	}
}
