package lint

import "slices"

// A rule of one's own may speak of a need that the target does not ask of what is judged.
// Its errors refute the verdict all the same, as [Rule] says.

// addOwn adds to the needs of a subject what rules of one's own found of it, or could not
// tell, where no answer says it.
func (v *Verdict) addOwn(s *subject, rules *ruleSet) {
	answer := func(n Need) *NeedAnswer {
		i := slices.IndexFunc(v.Needs, func(a NeedAnswer) bool { return a.Need == n })
		if i < 0 {
			i = len(v.Needs)
			a := NeedAnswer{Need: n, State: Assumed, without: Assumed, added: true}
			leaveOpen(&a, s, rules)
			a.why = a.Code
			v.Needs = append(v.Needs, a)
		}
		return &v.Needs[i]
	}
	for _, u := range s.open {
		if r := rules.named(u.rule); r != nil && rules.own[u.rule] {
			answer(r.need())
		}
	}
	for _, f := range s.findings {
		r := rules.named(f.Rule)
		if r == nil || !rules.own[f.Rule] || !f.decides() || ofOwn(r.need()) && !s.owns(f) {
			continue
		}
		it := refuting{f.Rule, f.File, f.Index}
		if a := answer(r.need()); !slices.Contains(a.refuting, it) {
			a.State, a.Code = Failed, ""
			a.Because = sortCompact(append(a.Because, f.Rule))
			a.refuting = append(a.refuting, it)
		}
	}
}
