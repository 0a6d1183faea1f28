package lint

import (
	"cmp"
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

// delivery is a certificate that an artefact gives to a device, and what came with it.
type delivery struct {
	leaf *chain.Certificate
	with []*chain.Certificate
}

// delivered is answered by the certificates of the identities inside artefacts, and of those
// that a CA gives the device by itself: each has to lead to a root that is rolled out with
// it, by whichever file, or that the target's programme trusts.
func (p *Pass) delivered(inside []*pkcs12.Inspection, issued []delivery) (NeedAnswer, error) {
	var evidence, decide []say.Message
	var code Code
	for _, report := range inside {
		leaf := userCertificate(report)
		if leaf == nil {
			return notSeen(report), nil
		}
		issued = append(issued, delivery{leaf, report.Certificates()})
	}
	for _, d := range issued {
		a, err := p.ofDelivered(d)
		if err != nil {
			return NeedAnswer{}, err
		}
		evidence, decide = withEach(evidence, a.Evidence), withEach(decide, a.Decide)
		code = cmp.Or(code, a.Code)
	}
	if len(decide) > 0 {
		return open(code, first(decide, maxListed)...), nil
	}
	return met(first(evidence, maxListed)...), nil
}

// withEach appends the messages that a list does not have.
func withEach(list, more []say.Message) []say.Message {
	for _, m := range more {
		if !slices.ContainsFunc(list, func(o say.Message) bool { return o.String() == m.String() }) {
			list = append(list, m)
		}
	}
	return list
}

// notSeen says why the certificate of an identity inside an artefact is not seen.
func notSeen(report *pkcs12.Inspection) NeedAnswer {
	if report.Password.Status == pkcs12.PasswordWrong {
		return open(codePasswordWrong, say.New("the password does not open the identity inside"))
	}
	if f := overLimit(report); f != nil {
		return open(codeLimit, say.New("the identity inside was not opened: %s", f))
	}
	return open(codePasswordNotGiven, say.New("the identity inside cannot be seen: give its password (-password-file)"))
}

// ofDelivered answers for one certificate that an artefact delivers, together with others.
// What speaks against it is said and left open: no rule has judged it.
func (p *Pass) ofDelivered(d delivery) (NeedAnswer, error) {
	leaf := d.leaf
	var beside []*chain.Certificate // in the other files of the roll-out too
	for _, f := range p.Target.row().takes {
		beside = append(beside, p.Collection.rollout.rolledOut[f]...)
	}
	known := slices.Concat(p.candidates(), beside, d.with)
	given := slices.Concat(p.Collection.certificates(), beside, p.roots)
	isGiven := func(c *chain.Certificate) bool {
		return slices.ContainsFunc(given, func(o *chain.Certificate) bool { return o.SHA256() == c.SHA256() })
	}
	var anchors, roots []*chain.Certificate
	for _, c := range known {
		if c.SelfSigned() {
			roots = append(roots, c)
			if isGiven(c) || p.inProgramme(c) {
				anchors = append(anchors, c)
			}
		}
	}
	build := func(anchors []*chain.Certificate) (*chain.Result, error) {
		return chain.NewGraph(known, anchors, chain.Limits{}).Build(p.Context, leaf, p.Time, p.options(chain.Purpose{Usage: chain.AnyUsage}, chain.Limits{}))
	}
	of := func(code Code, why ...say.Message) NeedAnswer {
		return open(code, say.New("the identity of %s: %s", quoteName(leaf.Subject()), say.Join(first(why, maxListed)...)))
	}
	result, err := build(anchors)
	if err != nil {
		return NeedAnswer{}, err
	}
	answer, good := p.ofResult(result), p.good(result)
	if answer.State == Met {
		if a := p.anchored(good, isGiven); a.State != Met {
			return of(a.Code, a.Decide...), nil
		}
		if len(addressesOf(leaf)) == 0 {
			return of(codeNoAddress, say.New("the certificate holds no address")), nil
		}
		return answer, nil
	}
	if answer.Code == codeLimit || answer.Code == codeDisputed {
		return of(answer.Code, answer.Decide...), nil
	}
	// Would it work if each root that is there were rolled out?
	if result, err = build(roots); err != nil {
		return NeedAnswer{}, err
	}
	if good = p.good(result); len(good) > 0 {
		a := p.anchored(good, isGiven)
		return of(a.Code, a.Decide...), nil
	}
	if path, problems := p.bestBroken(result); path != nil {
		var why []say.Message
		for _, problem := range problems {
			switch {
			case problem.Index > 0:
				why = append(why, say.New("%s: %s", quoteName(path.Certificates[problem.Index].Subject()), problem))
			case problem.Code == "extended_key_usage" && !allowsEmail(leaf):
				why = append(why, say.New("is for %s, not for e-mail", usageNames(leaf)))
			default:
				why = append(why, say.New("%s", problem))
			}
		}
		if len(why) > 0 {
			return of(codeNoPath, why...), nil
		}
	}
	if why := append(answer.Decide, answer.Evidence...); len(why) > 0 {
		return of(cmp.Or(answer.Code, codeNoPath), why...), nil
	}
	return of(codeNoPath, ends(result)...), nil
}

// inProgramme reports whether the target's programme trusts a root.
func (p *Pass) inProgramme(c *chain.Certificate) bool {
	e, listed := p.Catalog.ByFingerprint(c.SHA256())
	return listed && p.Target.row().programme != nil && p.Target.row().programme(e).Trust == catalog.Yes
}

// anchored answers whether the root of one of the paths is rolled out or trusted.
func (p *Pass) anchored(paths []*chain.Path, given func(*chain.Certificate) bool) NeedAnswer {
	var unknown NeedAnswer
	for i, path := range paths {
		a := open(codeRootNotListed, say.New("whether %s is a root that is rolled out: give its certificate if it is (-roots)", quoteName(path.Anchor().Subject())))
		switch {
		case given(path.Anchor()):
			return met()
		case p.Target.row().programme != nil:
			a = p.trustedRoot(path)
		}
		if a.State == Met {
			return a
		}
		if i == 0 {
			unknown = a
		}
	}
	return unknown
}

// ends says where the chains of a certificate stop.
func ends(r *chain.Result) []say.Message {
	var list []say.Message
	for i := range r.DeadEnds {
		end := &r.DeadEnds[i]
		if end.Kind == chain.IssuerMissing {
			list = append(list, say.New("the chain stops at %s: its issuer %s is missing", quoteName(end.Certificate.Subject()), quoteName(end.Issuer)))
		}
	}
	if len(list) == 0 {
		list = append(list, say.New("it leads to no root that is rolled out with it"))
	}
	return list
}
