package lint

import (
	"slices"
	"sync"

	"github.com/smimechain/smimechain/lint/say"
	zlint "github.com/zmap/zlint/v3/lint"
)

// ruleSet is a list of rules that can be run, with what would otherwise be found
// out again for every collection: a bulk run has one for each file.
type ruleSet struct {
	rules  []Rule
	of     map[Target][]int // the rules that speak of a target
	checks []int            // the rules about single certificates
	place  []int            // of each rule in checks, where it is one of them
	byName map[string]*Rule
	own    map[string]bool // those that are not of this package
	lacks  map[Need]string // of the rules of this package, one that is not there
}

// ownRuleSet holds the rules of this package.
var ownRuleSet = sync.OnceValues(func() (*ruleSet, error) { return newRuleSet(ownRules()) })

// newRuleSet looks through rules. Those that could not be run are an error.
func newRuleSet(rules []Rule) (*ruleSet, error) {
	s := &ruleSet{rules: rules, of: map[Target][]int{}, place: make([]int, len(rules))}
	names := map[string]bool{}
	s.byName, s.own, s.lacks = map[string]*Rule{}, map[string]bool{}, map[Need]string{}
	ours := map[string]bool{}
	for _, r := range ownRules() {
		ours[r.Name] = true
	}
	for i := range rules {
		r := &rules[i]
		switch {
		case r.Status() == zlint.Reserved:
			return nil, say.Errorf("rule %q: the name must begin with e_, w_ or n_", r.Name)
		case names[r.Name]:
			return nil, say.Errorf("rule %s is there twice", r.Name)
		case r.Run == nil:
			return nil, say.Errorf("rule %s has no Run function; Options.ZLint names lints of zlint", r.Name)
		case !slices.Contains(needs, r.need()):
			return nil, say.Errorf("rule %s: unknown need %.80q: want one of %s", r.Name, string(r.Need), joined(needs))
		}
		if !ours[r.Name] {
			if _, taken := FindRule(r.Name); taken {
				return nil, say.Errorf("rule %s: a lint of zlint or a rule about baselines has that name", r.Name)
			}
			s.own[r.Name] = true
		}
		for _, t := range slices.Concat(r.Targets, r.Decisive) {
			if !slices.Contains(Targets(), t) {
				return nil, say.Errorf("rule %s: %w", r.Name, unknownTarget(string(t)))
			}
		}
		names[r.Name] = true
		s.byName[r.Name] = r
		if r.certificate != nil {
			s.place[i] = len(s.checks)
			s.checks = append(s.checks, i)
		}
		for _, t := range Targets() {
			if r.appliesTo(t) {
				s.of[t] = append(s.of[t], i)
			}
		}
	}
	for _, r := range ownRules() {
		if !names[r.Name] {
			s.lacks[r.need()] = r.Name
			if r.decrypts {
				s.lacks[needDecrypts] = r.Name
			}
		}
	}
	return s, nil
}

// named returns the rule with the name; nil where it is not there.
func (s *ruleSet) named(name string) *Rule { return s.byName[name] }

// outcomes turns the worst status of each rule into the list that reports hold.
func (s *ruleSet) outcomes(collection string, worst []Status) []RuleOutcome {
	list := make([]RuleOutcome, len(worst))
	for i, status := range worst {
		list[i] = RuleOutcome{Rule: s.rules[i].Name, Collection: collection, Status: status}
	}
	return list
}
