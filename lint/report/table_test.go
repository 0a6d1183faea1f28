package report

import (
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint"
)

// TestTableTargets holds that a line of the table names each target once, where several
// collections have one name.
func TestTableTargets(t *testing.T) {
	s := lint.Subject{Kind: "artefact", File: "folder", Index: -1}
	other := lint.Subject{Kind: "artefact", File: "other", Index: -1}
	var subjects []lint.Verdict
	for range 3 {
		subjects = append(subjects, lint.Verdict{Target: lint.Intune, Subject: s, Status: lint.Works}, lint.Verdict{Target: lint.Windows, Subject: s, Status: lint.Works})
	}
	subjects = append(subjects, lint.Verdict{Target: lint.AppleMail, Subject: other, Status: lint.Works})
	var b strings.Builder
	new(Options).writeTable(&b, subjects, nil, nil)
	if got, want := b.String(), "\n  works  folder  intune, windows\n  works  other  apple-mail\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
