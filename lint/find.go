package lint

import (
	"slices"

	"github.com/smimechain/smimechain/lint/say"
	zlint "github.com/zmap/zlint/v3/lint"
)

// FindRule returns the rule with the given name: one of this package, or a lint of
// zlint in the form of a rule that has no Run function: it describes the lint, which
// [Options].ZLint chooses.
func FindRule(name string) (Rule, bool) {
	rules := append(Rules(), housekeepingRules...)
	if i := slices.IndexFunc(rules, func(r Rule) bool { return r.Name == name }); i >= 0 {
		return rules[i], true
	}
	if l := zlint.GlobalRegistry().CertificateLints().ByName(name); l != nil {
		return Rule{
			Name: l.Name, Description: say.Text(l.Description), Citation: l.Citation, Source: l.Source, EffectiveDate: l.EffectiveDate,
			Remedy: remedyZlint, Confidence: Documented,
		}, true
	}
	return Rule{}, false
}
