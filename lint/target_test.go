package lint_test

import (
	"context"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
)

// TestTargetsNamed holds what is judged for the targets that nothing is judged for
// unasked: Gmail's list of roots is known to nobody here, and Outlook for Android goes by
// the collection of the tenant.
func TestTargetsNamed(t *testing.T) {
	pfx := func() []*bundle.File { return openPFX(aes("secret"), "secret") }
	for _, test := range []struct {
		target  lint.Target
		files   []*bundle.File
		roots   []*bundle.File
		trusted lint.State
		says    string
		verdict lint.VerdictStatus
	}{
		{lint.Gmail, pfx(), nil, lint.Open, "list of roots of Gmail", lint.Unknown},
		{lint.Gmail, pfx(), loose(root()), lint.Met, "(-roots)", lint.Works},
		{lint.OutlookAndroid, pfx(), nil, lint.Open, "give the tenant's collection", lint.Unknown},
		{lint.OutlookAndroid, pfx(), loose(root()), lint.Open, "give the tenant's collection", lint.Unknown},
		{lint.OutlookAndroid, append(store(issuing(), root()), pfx()...), nil, lint.Met, "by the collection", lint.Works},
	} {
		r, err := lint.Run(context.Background(), test.files, &lint.Options{
			Time: today, Targets: []lint.Target{test.target}, Roots: test.roots, Catalog: knows(root(), "mozilla", "yes"), ZLint: []string{"none"},
		})
		if err != nil {
			t.Fatal(err)
		}
		a := answerOf(r, test.target, "trusted")
		var says []string
		for _, m := range append(a.Decide, a.Evidence...) {
			says = append(says, m.String())
		}
		if a.State != test.trusted || !strings.Contains(strings.Join(says, "\n"), test.says) {
			t.Errorf("%s: trusted %s %q, want %s with %q", test.target, a.State, says, test.trusted, test.says)
		}
		for _, v := range r.Subjects {
			if v.Target == test.target && v.Subject.Kind == "identity" && v.Status != test.verdict {
				t.Errorf("%s: %s because of %v, want %s", test.target, v.Status, v.Because, test.verdict)
			}
		}
	}
	r, err := lint.Run(context.Background(), pfx(), &lint.Options{Time: today, ZLint: []string{"none"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range r.Subjects {
		if v.Target == lint.Gmail || v.Target == lint.OutlookAndroid {
			t.Errorf("%s was judged unasked", v.Target)
		}
	}
}
