package lint_test

import (
	"crypto/elliptic"
	"crypto/x509"
	"testing"
	"time"

	"github.com/smimechain/smimechain/lint"
)

// conditionCase is a condition of a rule: on which side of it a case lies.
type conditionCase struct {
	rule, name string
	given      given
	finds      bool
}

// holdConditions holds rules to what they find of cases, and to passing the others.
func holdConditions(t *testing.T, cases []conditionCase) {
	t.Helper()
	for _, tt := range cases {
		rule, ok := lint.FindRule(tt.rule)
		if !ok {
			t.Fatalf("no rule %s", tt.rule)
		}
		got := outcome(t, tt.rule, tt.given.files, tt.given.opts)
		if found := got == rule.Status(); found != tt.finds {
			t.Errorf("%s, %s: %s", tt.rule, tt.name, got)
		}
	}
}

// TestAnchorConditions holds the rules about anchors to each of their conditions: dates to
// the second, and every way that a user has.
func TestAnchorConditions(t *testing.T) {
	leaf := func(from time.Time) []change { return []change{valid(from, today.AddDate(1, 0, 0))} }
	stop := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	mozilla := func(from time.Time, says string) given {
		return under(today, lint.Windows, leaf(from), "mozilla", says)
	}
	year0 := time.Date(0, 6, 1, 0, 0, 0, 0, time.UTC)
	soon := func(before time.Duration) given {
		return under(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC).Add(before), lint.Windows, leaf(today.AddDate(-1, 0, 0)), "mozilla", "2028-05-31")
	}

	key := ecKey(elliptic.P256(), 51)
	ofEntrust := func(c *x509.Certificate) { c.Subject.Organization = []string{"Entrust, Inc."} }
	entrust := newCA("Entrust Root", nil, ecKey(elliptic.P256(), 7), ofEntrust)
	entrust2 := newCA("Entrust Root 2", nil, ecKey(elliptic.P256(), 52), ofEntrust)
	other := newCA("Example Old Root", nil, ecKey(elliptic.P256(), 53))
	ca := newCA("Example Two Ways", entrust, key, email)
	below := func(from time.Time, above ...*signer) given {
		u := newUser(ca, ecKey(elliptic.P256(), 3), leaf(from)...)
		return with(pemBundle(append([]*signer{u, ca}, above...)...), lint.Options{Targets: []lint.Target{lint.AppleMail}})
	}
	late := time.Date(2024, 11, 16, 0, 0, 0, 0, time.UTC)
	another := newCA("Example Two Ways", other, key, email)
	another2 := newCA("Example Two Ways", entrust2, key, email)
	// two has a way to a root that the catalogue knows, and one to another root.
	two := func(says ...string) given {
		u := user()
		return with(pemBundle(u, issuing(), root(), other, twin(other)), lint.Options{
			Time: today, Targets: []lint.Target{lint.AppleMail}, Catalog: knows(root(), says...),
		})
	}

	holdConditions(t, []conditionCase{
		{"w_anchor_distrusted_by_mozilla", "on the date", mozilla(stop, "2025-01-01"), false},
		{"w_anchor_distrusted_by_mozilla", "after the date", mozilla(stop.Add(time.Second), "2025-01-01"), true},
		{"w_anchor_distrusted_by_mozilla", "no date", mozilla(stop, "yes"), false},
		{"n_anchor_distrusted_soon_by_mozilla", "on the date", mozilla(stop, "2025-01-01"), true},
		{"n_anchor_distrusted_soon_by_mozilla", "after the date", mozilla(stop.Add(time.Second), "2025-01-01"), false},
		{"n_anchor_distrusted_soon_by_mozilla", "no date", mozilla(stop, "yes"), false},
		{"n_anchor_distrusted_soon_by_mozilla", "no date, and a user from before the first year", mozilla(year0, "yes"), false},
		{"n_anchor_distrusted_soon_by_mozilla", "in two years", soon(0), false},
		{"n_anchor_distrusted_soon_by_mozilla", "in less than two years", soon(time.Second), true},

		{"w_anchor_entrust_apple", "the last second", below(late.Add(-time.Second), entrust), false},
		{"w_anchor_entrust_apple", "a second later", below(late, entrust), true},
		{"w_anchor_entrust_apple", "two roots of Entrust", below(late, entrust, another2, entrust2), true},
		{"w_anchor_entrust_apple", "another root too", below(late, entrust, another, other), false},
		{"w_anchor_entrust_apple", "no root", below(late), false},

		{"w_anchor_not_in_apple_store", "no root", with(pemBundle(user(), issuing()), lint.Options{Targets: []lint.Target{lint.AppleMail}, Catalog: knows(root(), "apple", "no")}), false},
		{"w_anchor_not_in_apple_store", "nothing is said", under(today, lint.AppleMail, nil, "mozilla", "no"), false},
		{"w_anchor_not_in_apple_store", "a root too that nobody knows", two("apple", "no"), false},
		{"w_anchor_not_in_microsoft_store", "trusted", under(today, lint.Windows, nil, "microsoft", "yes"), false},
		{"n_anchor_not_in_mozilla_store", "trusted", under(today, lint.Windows, nil, "mozilla", "yes"), false},
	})
}
