package lint_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/lint"
	zlint "github.com/zmap/zlint/v3/lint"
)

// wordsOfNeeds are the needs a rule of one's own may speak of; none means "taken".
var wordsOfNeeds = []lint.Need{"", "taken", "opens", "identity", "signature", "address", "reads", "recipient", "signs", "decrypts", "valid", "path", "trusted", "serves", "revocation", "settings", "delivery"}

// TestLawOwnRule: whatever is judged for whichever target, and whatever need a rule of
// one's own speaks of, an error that it finds makes the verdict fail, and names it; where
// it could not tell, the verdict is not "works"; and once the error is accepted, the
// verdict is what it was.
func TestLawOwnRule(t *testing.T) {
	judged, decided := 0, 0
	for i, c := range ruleCases(t) {
		for j, make := range []func() given{c.fails, c.passes} {
			if make == nil {
				continue
			}
			in := make()
			opts := lint.Options{Time: today}
			if in.opts != nil {
				opts = *in.opts
				if opts.Time.IsZero() {
					opts.Time = today
				}
			}
			need := wordsOfNeeds[(2*i+j)%len(wordsOfNeeds)]
			before := run(t, in.files, &opts)
			own := func(report func(*lint.Pass)) *lint.Report {
				with := opts
				with.Rules = append(lint.Rules(), lint.Rule{Name: "e_own", Need: need, Run: func(p *lint.Pass) error { report(p); return nil }})
				return run(t, in.files, &with)
			}
			name := fmt.Sprintf("%s, %d, need %q", c.rule, j, need)
			whole := own(func(p *lint.Pass) { p.Report(nil, "not so here") })
			for k, v := range whole.Subjects {
				judged++
				if v.Status != lint.Fails || !slices.Contains(v.Because, "e_own") {
					t.Errorf("%s: %s for %s: %s because of %v, %+v", name, v.Subject.Kind, v.Target, v.Status, v.Because, v.Needs)
				}
				if was := before.Subjects[k].Status; was == lint.Works {
					decided++
				}
			}
			each := own(func(p *lint.Pass) {
				for _, m := range p.Collection.Members {
					p.Report(m, "not so here")
				}
			})
			for _, v := range each.Subjects {
				if v.Subject.SHA256 != "" && (v.Status != lint.Fails || !slices.Contains(v.Because, "e_own")) {
					t.Errorf("%s: of each, %s for %s: %s because of %v", name, v.Subject.Kind, v.Target, v.Status, v.Because)
				}
			}
			open := own(func(p *lint.Pass) { p.Undecided(nil, "whether it is so here") })
			for k, v := range open.Subjects {
				if was := before.Subjects[k].Status; v.Status == lint.Works || was != lint.Works && v.Status != was {
					t.Errorf("%s: %s for %s: %s, which is not known; it was %s", name, v.Subject.Kind, v.Target, v.Status, was)
				}
			}
			accepts := &lint.Baseline{Name: "accept.json"}
			for _, f := range whole.Findings {
				if f.Rule == "e_own" {
					accepts.Accept = append(accepts.Accept, lint.Acceptance{Rule: f.Rule, File: f.File, Reason: "known", Expires: opts.Time.AddDate(1, 0, 0)})
				}
			}
			accepts.Apply(whole)
			for k, v := range whole.Subjects {
				if was := &before.Subjects[k]; v.Status != was.Status || v.Sign != was.Sign || v.Encrypt != was.Encrypt {
					t.Errorf("%s: %s for %s: accepted it is %s, %s and %s, it was %s, %s and %s", name, v.Subject.Kind, v.Target, v.Status, v.Sign, v.Encrypt, was.Status, was.Sign, was.Encrypt)
				}
			}
		}
	}
	t.Logf("%d verdicts, %d of which worked without the rule", judged, decided)
	if judged < 1000 || decided < 100 {
		t.Error("too few verdicts to show anything")
	}
}

// TestOwnRuleRefused holds which rules of one's own are an error of Run.
func TestOwnRuleRefused(t *testing.T) {
	for name, want := range map[string]string{
		"signz": `rule e_own: unknown need "signz": want one of taken, opens`, "e_rsa_no_public_key": "rule e_rsa_no_public_key: a lint of zlint",
		"w_acceptance_expired": "rule w_acceptance_expired: a lint of zlint or a rule about baselines",
	} {
		r := lint.Rule{Name: "e_own", Run: func(*lint.Pass) error { return nil }}
		if strings.Contains(name, "_") {
			r.Name = name
		} else {
			r.Need = lint.Need(name)
		}
		if _, err := lint.Run(context.Background(), store(root()), &lint.Options{Time: today, Rules: []lint.Rule{r}}); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOwnRuleInForce holds that a rule of one's own says nothing of certificates that were
// issued before its date.
func TestOwnRuleInForce(t *testing.T) {
	issued := root().NotBefore
	for _, tt := range []struct {
		name   string
		from   time.Time
		report func(*lint.Pass, *lint.Member)
		status lint.Status
		open   int
	}{
		{"always", time.Time{}, func(p *lint.Pass, m *lint.Member) { p.Report(m, "x") }, lint.Error, 0},
		{"from that day on", issued, func(p *lint.Pass, m *lint.Member) { p.Report(m, "x") }, lint.Error, 0},
		{"from a second later", issued.Add(time.Second), func(p *lint.Pass, m *lint.Member) { p.Report(m, "x") }, lint.NE, 0},
		{"of the whole", issued.Add(time.Second), func(p *lint.Pass, _ *lint.Member) { p.Report(nil, "x") }, lint.Error, 0},
		{"undecided", issued, func(p *lint.Pass, m *lint.Member) { p.Undecided(m, "x") }, zlint.Pass, 1},
		{"undecided, a second later", issued.Add(time.Second), func(p *lint.Pass, m *lint.Member) { p.Undecided(m, "x") }, lint.NE, 0},
		{"a fact, a second later", issued.Add(time.Second), func(p *lint.Pass, m *lint.Member) { p.UndecidedFact(m, "upn", "x") }, lint.NE, 0},
	} {
		own := lint.Rule{Name: "e_own", EffectiveDate: tt.from, Run: func(p *lint.Pass) error { tt.report(p, p.Collection.Members[0]); return nil }}
		r := run(t, store(root()), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, Rules: []lint.Rule{own}})
		open := 0
		for _, n := range r.NotChecked {
			if strings.HasPrefix(n.Why.String(), "e_own: ") {
				open++
			}
		}
		if got := r.Outcomes[0].Status; got != tt.status || open != tt.open || (len(r.Findings) > 0) != (tt.status == lint.Error) {
			t.Errorf("%s: %v, %d left open, %d findings", tt.name, got, open, len(r.Findings))
		}
	}
}
