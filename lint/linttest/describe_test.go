package linttest_test

import (
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/linttest"
)

// TestNoRemedy holds that nothing is promised for a rule that names no remedy.
func TestNoRemedy(t *testing.T) {
	rule := lint.Rule{Name: "e_own", Run: func(p *lint.Pass) error {
		p.Report(p.Collection.Members[0], "is not ours")
		return nil
	}}
	r := &recorder{TB: t}
	linttest.Clean(r, &linttest.Options{Lint: lint.Options{
		Time: today, Targets: []lint.Target{lint.ExchangeOnline}, Rules: append(lint.Rules(), rule),
	}}, collections+"complete.sst")
	if text := r.text.String(); !strings.Contains(text, "e_own: is not ours") || strings.Contains(text, "what to do") {
		t.Errorf("says %q", text)
	}
}
