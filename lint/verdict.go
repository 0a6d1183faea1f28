package lint

import (
	"cmp"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	zlint "github.com/zmap/zlint/v3/lint"
)

// Verdict is the answer for one target, about one subject or, in Report.Verdicts,
// about all of them. It follows from the needs and from nothing else: it works if
// each is met or assumed, it fails if one is refuted, and is unknown otherwise.
type Verdict struct {
	Target  Target
	Subject Subject // zero in a verdict about all subjects

	// Collection and With are what the subject was judged together with: the
	// name of its collection, and the other files whose certificates counted,
	// sorted. Both are empty in a verdict about all subjects.
	Collection string
	With       []string

	Status  VerdictStatus
	Needs   []NeedAnswer // in the order of the target; none in a verdict about all subjects
	Because []string     // names of the rules that decided it, or that could not, sorted
	Facts   []Fact       // that would decide where the status is Unknown, sorted

	// Sign and Encrypt say the same for one purpose of the certificates of
	// users: one that can only sign does not make signing fail. They are
	// NotApplicable where there is no such certificate, and for a purpose that
	// is not among those of the facts.
	Sign, Encrypt VerdictStatus
}

// VerdictStatus is the word of a verdict.
type VerdictStatus string

// The verdicts.
const (
	Works         VerdictStatus = "works"
	Fails         VerdictStatus = "fails"
	Unknown       VerdictStatus = "unknown"        // something that decides it is not known
	NotApplicable VerdictStatus = "not_applicable" // nothing given goes to this target
)

// Sentence returns the word for people, to be said in another language.
func (s VerdictStatus) Sentence() say.Message {
	switch s {
	case Works:
		return say.New("works")
	case Fails:
		return say.New("fails")
	case Unknown:
		return say.New("unknown")
	default:
		return say.New("not applicable")
	}
}

// verdicts answers the needs of the target for each subject of the collection.
func (p *Pass) verdicts(rules *ruleSet) ([]Verdict, error) {
	subjects, err := p.subjects()
	if err != nil {
		return nil, err
	}
	with := p.judgedWith()
	list := make([]Verdict, 0, len(subjects))
	concerns := newConcerns(p)
	for _, s := range subjects {
		concerns.fill(s)
		asked := p.Target.row().needs[s.Kind]
		if p.hasKeys && !slices.Contains(asked, needTaken) {
			asked = slices.Concat([]Need{needTaken}, asked)
		}
		v := Verdict{Target: p.Target, Subject: s.Subject, Collection: p.Collection.Name, With: with, Needs: make([]NeedAnswer, 0, len(asked))}
		for _, n := range asked {
			a, err := p.answer(n, s, rules)
			if err != nil {
				return nil, err
			}
			if a.State != "" {
				v.Needs = append(v.Needs, a)
			}
		}
		v.addOwn(s, rules)
		v.draw(p.Facts)
		list = append(list, v)
	}
	return list, nil
}

// answer answers one need: from the findings of rules, from what was seen, and from
// what could not be told.
func (p *Pass) answer(n Need, s *subject, rules *ruleSet) (NeedAnswer, error) {
	a, err := p.evidence(n, s)
	if err != nil || a.State == "" {
		return a, err
	}
	a.Need = n
	blamed := p.blame(&a, s, rules)
	if a.State == Failed && len(a.refuting) == 0 {
		explain(&a, s, rules)
	}
	a.without = a.State
	leaveOpen(&a, s, rules)
	leaveOut(&a, rules)
	a.why = a.Code
	if len(a.refuting) > 0 {
		a.State, a.Code = Failed, ""
		if a.without == Failed {
			a.without = Assumed // somebody has accepted what was found
		}
	}
	if a.State == Failed && s.together() && slices.Contains([]Need{needPath, needSettings, needRevocation}, n) && p.onlyCAs(blamed) {
		reach, err := p.nodes()
		if err != nil {
			return a, err
		}
		if reach.serveWithout(blamed) {
			a.State, a.Code = Open, codeOtherCAsServe
			a.Decide, a.Evidence = slices.Concat(a.Evidence, a.Decide), nil
			a.Decide = append(a.Decide, say.New("other CAs of the collection serve: a certificate of a user beside it shows whether the one that does not is needed"))
		}
	}
	a.Because, a.Facts = sortCompact(a.Because), sortCompact(a.Facts)
	return a, nil
}

// blame adds the findings that speak of the need. It returns what those are about that
// refute it: certificates by digest, or the whole by none.
func (p *Pass) blame(a *NeedAnswer, s *subject, rules *ruleSet) map[string]bool {
	blamed := map[string]bool{}
	for _, f := range s.findings {
		r := rules.named(f.Rule)
		if r == nil || !r.speaksOf(a.Need) || !f.decides() && !r.refutes && !r.explains || r.explains && a.State != Failed && a.State != Open {
			continue
		}
		if ofOwn(a.Need) && !s.owns(f) {
			continue // that of another certificate of the chain, which the path answers for
		}
		if s.together() && ofCAs(a.Need) && p.Collection.hasUser(f.SHA256) {
			continue // the store serves what its CAs issue, and nothing is looked for under a user's
		}
		a.Because = append(a.Because, f.Rule)
		if r.explains && a.State == Open {
			continue // says what is missing, and the state what would decide
		}
		a.refuting = append(a.refuting, refuting{f.Rule, f.File, f.Index})
		blamed[f.SHA256] = true
	}
	return blamed
}

// explain adds the findings about another need that explain what is seen, such as the
// date of a CA on the path, and warnings.
func explain(a *NeedAnswer, s *subject, rules *ruleSet) {
	for _, f := range s.findings {
		r := rules.named(f.Rule)
		if r == nil {
			continue
		}
		if f.decides() && aboutChain(a.Need) && aboutChain(r.need()) || f.Status == zlint.Warn && r.speaksOf(a.Need) {
			a.Because = append(a.Because, f.Rule)
			a.refuting = append(a.refuting, refuting{f.Rule, f.File, f.Index})
		}
	}
}

// leaveOpen leaves a need open that is met for all that was seen, where a rule about it
// could not tell.
func leaveOpen(a *NeedAnswer, s *subject, rules *ruleSet) {
	for _, u := range s.open {
		r := rules.named(u.rule)
		if r == nil || !r.speaksOf(a.Need) {
			continue
		}
		switch {
		case u.Why.IsZero():
			a.Decide = append(a.Decide, say.New("the fact %s", u.fact))
		case !slices.ContainsFunc(a.Decide, func(m say.Message) bool { return m.String() == u.words.String() }):
			a.Decide = append(a.Decide, u.Why)
		}
		if a.State == Met || a.State == Assumed || a.State == Open {
			a.State, a.without, a.Code = Open, Open, cmp.Or(a.Code, u.Code)
			if len(a.refuting) == 0 {
				a.Because = append(a.Because, u.rule)
			}
			if u.fact != "" {
				a.Facts = append(a.Facts, u.fact)
			}
		}
	}
}

// leaveOut leaves a need open that is met for all that was seen, where a rule about it was
// left out.
func leaveOut(a *NeedAnswer, rules *ruleSet) {
	if left := rules.lacks[a.Need]; left != "" && (a.State == Met || a.State == Assumed) {
		a.State, a.without, a.Code = Open, Open, codeRuleLeftOut
		a.Decide = append(a.Decide, say.New("the rule %s, which was left out", left))
	}
}

// onlyCAs reports whether digests are those of CAs of the collection.
func (p *Pass) onlyCAs(digests map[string]bool) bool {
	for sum := range digests {
		if m := p.Collection.bySum[sum]; m == nil || !m.isCA() {
			return false
		}
	}
	return true
}

// ofOwn reports whether a need is answered by one certificate, whatever lies above it.
func ofOwn(n Need) bool {
	return slices.Contains([]Need{needIdentity, needAddress, needSigns, needDecrypts, needValid}, n)
}

// ofCAs reports whether a need of a collection is answered by its CAs.
func ofCAs(n Need) bool {
	return slices.Contains([]Need{needPath, needServes, needRevocation}, n)
}

// aboutChain reports whether a need is about certificates that depend on each other.
func aboutChain(n Need) bool {
	return slices.Contains([]Need{needTaken, needValid, needPath, needTrusted, needServes, needRevocation}, n)
}

// draw draws the verdict from the needs.
func (v *Verdict) draw(facts *Facts) {
	v.Because, v.Facts = nil, nil
	v.Status = statusOf(v.Needs, "")
	for _, a := range v.Needs {
		if a.State == Failed || a.State == Open && v.Status == Unknown {
			v.Because = append(v.Because, a.Because...)
			v.Facts = append(v.Facts, a.Facts...)
		}
	}
	v.Because, v.Facts = sortCompact(v.Because), sortCompact(v.Facts)
	v.Sign, v.Encrypt = NotApplicable, NotApplicable
	if v.Subject.Kind == kindCollection || v.Subject.Kind == kindArtefact {
		return
	}
	v.Sign = v.purpose(needSigns, needDecrypts, facts == nil || len(facts.Purposes) == 0 || slices.Contains(facts.Purposes, chain.Sign))
	if v.Subject.Kind == kindMessage {
		return // which was signed, whatever else the certificate is for
	}
	v.Encrypt = v.purpose(needDecrypts, needSigns, facts == nil || len(facts.Purposes) == 0 || slices.Contains(facts.Purposes, chain.Encrypt))
}

// purpose is the verdict for one of the two purposes.
func (v *Verdict) purpose(own, other Need, wanted bool) VerdictStatus {
	has := slices.ContainsFunc(v.Needs, func(a NeedAnswer) bool { return a.Need == own })
	hasOther := slices.ContainsFunc(v.Needs, func(a NeedAnswer) bool { return a.Need == other })
	switch {
	case !wanted || !has && !hasOther:
		return NotApplicable
	case !has:
		return Fails // the certificate is for the other alone
	default:
		return statusOf(v.Needs, other)
	}
}

// statusOf returns what the needs come to, but for one.
func statusOf(needs []NeedAnswer, except Need) VerdictStatus {
	status := Works
	if len(needs) == 0 {
		return Unknown
	}
	for _, a := range needs {
		switch {
		case a.Need == except:
		case a.State == Failed:
			return Fails
		case a.State == Open:
			status = Unknown
		}
	}
	return status
}

// summary returns the verdict of each target about all of its subjects: the worst
// decides.
func summary(subjects []Verdict, judged map[Target]bool) []Verdict {
	var list []Verdict
	for _, t := range Targets() {
		v := Verdict{Target: t, Status: NotApplicable, Sign: NotApplicable, Encrypt: NotApplicable}
		if judged[t] {
			v.Status = Unknown
			var all []Verdict
			for _, s := range subjects {
				if s.Target == t {
					all = append(all, s)
				}
			}
			if len(all) > 0 {
				v.Status = worstOf(all, func(s *Verdict) VerdictStatus { return s.Status })
				v.Sign = worstOf(having(all, needSigns), func(s *Verdict) VerdictStatus { return s.Sign })
				v.Encrypt = worstOf(having(all, needDecrypts), func(s *Verdict) VerdictStatus { return s.Encrypt })
			}
			for _, s := range all {
				if s.Status == v.Status {
					v.Because, v.Facts = append(v.Because, s.Because...), append(v.Facts, s.Facts...)
				}
			}
		}
		v.Because, v.Facts = sortCompact(v.Because), sortCompact(v.Facts)
		list = append(list, v)
	}
	return list
}

// having returns the verdicts for which a need counts; all where it counts for none.
func having(all []Verdict, n Need) []Verdict {
	list := slices.DeleteFunc(slices.Clone(all), func(v Verdict) bool {
		return !slices.ContainsFunc(v.Needs, func(a NeedAnswer) bool { return a.Need == n })
	})
	if len(list) == 0 {
		return all
	}
	return list
}

// worstOf returns the worst status of verdicts.
func worstOf(list []Verdict, of func(*Verdict) VerdictStatus) VerdictStatus {
	order := []VerdictStatus{Fails, Unknown, Works, NotApplicable}
	worst := len(order) - 1
	for i := range list {
		worst = min(worst, slices.Index(order, of(&list[i])))
	}
	return order[worst]
}

// redraw draws a verdict anew from the findings that are left for its target.
func (v *Verdict) redraw(left map[refuting]bool) {
	v.Needs = slices.Clone(v.Needs)
	for i := range v.Needs {
		a := &v.Needs[i]
		if len(a.refuting) == 0 {
			continue
		}
		var accepted []string
		a.refuting = slices.DeleteFunc(slices.Clone(a.refuting), func(r refuting) bool {
			if !left[r] {
				accepted = append(accepted, r.rule)
			}
			return !left[r]
		})
		a.Because = nil
		for _, r := range a.refuting {
			a.Because = append(a.Because, r.rule)
		}
		a.Because = sortCompact(a.Because)
		if len(a.refuting) == 0 {
			a.State, a.Code = a.without, ""
			if a.State != Met && len(a.Decide) == 0 {
				a.Decide = []say.Message{say.New("what %s found is accepted", strings.Join(sortCompact(accepted), ", "))}
			}
			if a.State == Open {
				a.Code = cmp.Or(a.why, codeUndecided)
			}
		}
	}
	v.Needs = slices.DeleteFunc(v.Needs, func(a NeedAnswer) bool { return a.added && a.State == Assumed })
	sign, encrypt := v.Sign, v.Encrypt
	v.draw(nil)
	// What the facts leave out stays out.
	if sign == NotApplicable {
		v.Sign = sign
	}
	if encrypt == NotApplicable {
		v.Encrypt = encrypt
	}
}

// laterWhole puts the encryption of a message behind its signers.
func laterWhole(a, b Subject) int {
	whole := func(s Subject) bool { return s.Message > 0 && s.Index < 0 }
	switch {
	case whole(a) == whole(b):
		return 0
	case whole(a):
		return 1
	default:
		return -1
	}
}

// sortCompact sorts a list and drops repetitions.
func sortCompact[S ~[]E, E cmp.Ordered](list S) S {
	slices.Sort(list)
	return slices.Compact(list)
}

// sortSubjects brings verdicts into the order of reports.
func sortSubjects(list []Verdict) {
	place := map[Target]int{}
	for i, t := range Targets() {
		place[t] = i
	}
	slices.SortStableFunc(list, func(a, b Verdict) int {
		return cmp.Or(cmp.Compare(place[a.Target], place[b.Target]), say.Compare(a.Subject.File, b.Subject.File),
			cmp.Compare(a.Subject.Message, b.Subject.Message), laterWhole(a.Subject, b.Subject), cmp.Compare(a.Subject.Index, b.Subject.Index))
	})
}
