package lint_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestDistrustedByList holds that a root that Microsoft's list names makes no path good on
// Windows, though it is rolled out, and that of others it is not known.
func TestDistrustedByList(t *testing.T) {
	f, err := bundle.ReadFile(outside.Corpus(t, "sst", "windows-update-disallowedcert.sst"))
	if err != nil {
		t.Fatal(err)
	}
	root := new(bundle.File)
	for _, c := range f.Certificates {
		if strings.Contains(c.Subject(), "DSDTestProvider") {
			name := filepath.Join(t.TempDir(), "root.cer")
			if err := os.WriteFile(name, c.Raw, 0o600); err != nil {
				t.Fatal(err)
			}
			if root, err = bundle.ReadFile(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	report, err := lint.Run(context.Background(), []*bundle.File{root}, &lint.Options{Time: today, Roots: []*bundle.File{root},
		Targets: []lint.Target{lint.ExchangeOnline, lint.AppleMail, lint.Windows}})
	if err != nil {
		t.Fatal(err)
	}
	judged := 0
	for _, v := range report.Verdicts {
		if v.Status == lint.NotApplicable {
			continue
		}
		judged++
		want := lint.Unknown
		if v.Target == lint.Windows {
			want = lint.Fails
		}
		if v.Status != want {
			t.Errorf("%s: %s, want %s: %+v", v.Target, v.Status, want, v.Needs)
		}
	}
	if judged != 3 {
		t.Errorf("%d verdicts", judged)
	}
}
