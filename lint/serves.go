package lint

import (
	"bytes"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
)

// reach is which CAs of a collection lead to an anchor. A CA is a name and a key: it
// is reached where any of its certificates is.
type reach struct {
	roots   []*chain.Certificate   // that may be anchors, themselves in order
	crossed []*chain.Certificate   // of roots that lead to others: their self-signed form is not here, or no CA's, or of an older key
	system  []*chain.Certificate   // what stands in for roots that the system has
	reached []string               // common names of other CAs, sorted
	within  []string               // of those that serve the addresses that name constraints permit, sorted
	limited []string               // of those that serve all addresses but those that name constraints exclude, sorted
	ways    [][]*chain.Certificate // for each CA below a root that leads to one: how, itself first
	lost    []lost
}

// lost is a CA that leads to no anchor.
type lost struct {
	ca     *chain.Certificate
	answer NeedAnswer
	result *chain.Result // of the certificate that the answer is of; never nil
}

// nodes finds which CAs of the collection lead to an anchor.
func (p *Pass) nodes() (*reach, error) {
	if r, ok := p.Collection.reach[p.Target]; ok {
		return r, nil
	}
	starts, err := p.starts()
	if err != nil {
		return nil, err
	}
	r := &reach{}
	u := &upward{on: map[[32]byte]scope{}, ways: map[[32]byte][][]*chain.Certificate{}, results: p.issuing()}
	for _, s := range starts {
		u.results[s.member.Certificate] = s.result
		for _, path := range p.good(s.result) {
			if a := path.Anchor(); p.ofSystem(a) && !slices.Contains(r.system, a) {
				r.system = append(r.system, a)
			}
			u.add(path)
		}
	}
	groups, selfSigned := p.groupsOfCAs(), p.Collection.selfSigned()
	u.rest = newBudget(len(groups))
	scopes := map[string]scope{} // of names that are reached
	for i, group := range groups {
		widest, ways, why, err := p.up(group, u, len(groups)-i)
		if err != nil {
			return nil, err
		}
		self := slices.IndexFunc(group, func(m *Member) bool { return m.Certificate.SelfSigned() })
		ca := group[max(self, 0)].Certificate
		switch {
		case widest > 0 && self >= 0:
			r.roots = append(r.roots, ca)
		case widest > 0 && (selfSigned[nodeOf(ca)] || slices.ContainsFunc(group, (*Member).selfIssued) || p.knownRoot(ca)):
			r.crossed = append(r.crossed, ca)
		case widest > 0:
			name := chain.CommonName(group[0].Certificate.Subject())
			scopes[name] = max(scopes[name], widest)
			r.ways = append(r.ways, ways...)
		default:
			r.lost = append(r.lost, why)
		}
	}
	for name, s := range scopes {
		switch s {
		case everyone:
			r.reached = append(r.reached, name)
		case permitted:
			r.within = append(r.within, name)
		default:
			r.limited = append(r.limited, name)
		}
	}
	slices.Sort(r.reached)
	slices.Sort(r.within)
	slices.Sort(r.limited)
	if p.Collection.reach == nil {
		p.Collection.reach = map[Target]*reach{}
	}
	p.Collection.reach[p.Target] = r
	return r, nil
}

// selfIssued reports whether a CA has issued its own certificate, as a root does with its
// next key (RFC 4210, Section 4.4).
func (m *Member) selfIssued() bool { return m.Certificate.SelfIssued() }

// knownRoot reports whether the catalogue knows a self-signed certificate of a CA. A root
// that is here as a cross-certificate alone is one all the same: it issues CAs, and no
// certificate of a user.
func (p *Pass) knownRoot(ca *chain.Certificate) bool {
	spki := ca.SPKISHA256()
	return slices.ContainsFunc(p.Catalog.ByName(ca.RawSubject()), func(e catalog.Entry) bool {
		return e.Kind != catalog.Intermediate && bytes.Equal(e.SPKISHA256, spki[:])
	})
}

// upward is what is known of the ways up from certificates.
type upward struct {
	on      map[[32]byte]scope                  // certificates on accepted paths, with the widest of these
	ways    map[[32]byte][][]*chain.Certificate // the parts of these paths that begin with a certificate
	results map[*chain.Certificate]*chain.Result
	rest    *budget
}

// add adds an accepted path.
func (u *upward) add(path *chain.Path) {
	whole := everyone
	for i, c := range slices.Backward(path.Certificates) {
		whole = min(whole, scopeOf(c))
		sum := c.SHA256()
		u.on[sum] = max(u.on[sum], whole)
		u.ways[sum] = append(u.ways[sum], path.Certificates[i:])
	}
}

// groupsOfCAs returns the CAs of the collection in its order, the certificates of each
// together.
func (p *Pass) groupsOfCAs() [][]*Member {
	var groups [][]*Member
	place := nodePlaces{}
	for _, m := range p.Collection.Members {
		if m.isCA() {
			groups = place.add(groups, m)
		}
	}
	return groups
}

// up finds the ways up from the certificates of a CA, one of so many that are left, and
// the widest scope of these. Where there are none it says why.
func (p *Pass) up(group []*Member, u *upward, left int) (widest scope, ways [][]*chain.Certificate, why lost, err error) {
	for _, m := range group {
		widest = max(widest, u.on[m.Certificate.SHA256()])
		ways = append(ways, u.ways[m.Certificate.SHA256()]...)
	}
	why.ca = group[0].Certificate
	for _, m := range group {
		if widest == everyone {
			break
		}
		result := u.results[m.Certificate]
		if result == nil {
			if result, err = p.build(m, p.Time, u.rest, left); err != nil {
				return 0, nil, why, err
			}
			u.results[m.Certificate] = result
		}
		for _, path := range p.good(result) {
			whole := everyone
			for _, c := range path.Certificates {
				whole = min(whole, scopeOf(c))
			}
			widest = max(widest, whole)
			ways = append(ways, path.Certificates)
		}
		// What could still be decided counts for more than what is broken.
		if a := p.ofResult(result); why.result == nil || why.answer.State == Failed && a.State == Open {
			why.result, why.answer = result, a
		}
	}
	return widest, ways, why, nil
}

// issuing returns the results of CAs, which are the same for every target with the set
// of anchors.
func (p *Pass) issuing() map[*chain.Certificate]*chain.Result {
	set := p.anchorSet()
	if p.Collection.issuing == nil {
		p.Collection.issuing = map[anchorSet]map[*chain.Certificate]*chain.Result{}
	}
	if p.Collection.issuing[set] == nil {
		p.Collection.issuing[set] = map[*chain.Certificate]*chain.Result{}
	}
	return p.Collection.issuing[set]
}

// serveWithout reports whether a CA leads to an anchor without any of some
// certificates.
func (r *reach) serveWithout(blamed map[string]bool) bool {
	return slices.ContainsFunc(r.ways, func(way []*chain.Certificate) bool {
		return !slices.ContainsFunc(way, func(c *chain.Certificate) bool { return blamed[hexSum(c)] })
	})
}

// path answers whether every CA leads to an anchor.
func (r *reach) path(p *Pass) NeedAnswer {
	switch {
	case len(r.lost) == 0 && len(r.roots)+len(r.crossed)+len(r.reached)+len(r.within)+len(r.limited) == 0:
		return open(codeUnseen, say.New("no certificate of a CA can be seen"))
	case len(r.lost) == 0:
		anchors := slices.Concat(r.roots, r.system)
		for _, way := range r.ways {
			anchors = append(anchors, way[len(way)-1]) // of another file
		}
		evidence := []say.Message{say.New("every CA leads to one of: %s", listed(names(anchors)))}
		if len(r.system) > 0 {
			evidence = append(evidence, p.inSystem(names(r.system)))
		}
		if lacks := r.onlyInStore(p); len(lacks) > 0 {
			return NeedAnswer{State: Assumed, Evidence: evidence, Decide: first(lacks, maxListed)}
		}
		return met(evidence...)
	}
	worst := NeedAnswer{State: Open, Code: r.lost[0].answer.Code}
	refuted := func(l lost) bool { return l.answer.State == Failed }
	list := slices.Clone(r.lost)
	if slices.ContainsFunc(list, refuted) {
		worst.State, worst.Code = Failed, ""
		undecided := slices.DeleteFunc(slices.Clone(list), refuted)
		list = slices.Concat(slices.DeleteFunc(list, func(l lost) bool { return !refuted(l) }), undecided)
	}
	for _, l := range first(list, maxListed) {
		why := slices.Concat(l.answer.Evidence, l.answer.Decide)
		if len(why) == 0 {
			worst.Decide = append(worst.Decide, say.New("%s leads to no anchor", quoteName(l.ca.Subject())))
		}
		for _, d := range why {
			worst.Decide = append(worst.Decide, say.New("%s: %s", quoteName(l.ca.Subject()), d))
		}
	}
	if more := len(list) - maxListed; more > 0 {
		worst.Decide = append(worst.Decide, say.Count(more, "1 more CA", "%d more CAs"))
	}
	if worst.State == Failed {
		worst.Evidence, worst.Decide = worst.Decide, nil
	}
	return worst
}

// onlyInStore says of each CA below a root what has to reach the target by another way, a
// root that its programme does not trust among it.
func (r *reach) onlyInStore(p *Pass) (lacks []say.Message) {
	ofCA := map[node][][]*chain.Certificate{}
	var order []node
	for _, way := range r.ways {
		n := nodeOf(way[0])
		if ofCA[n] == nil {
			order = append(order, n)
		}
		if last := len(way) - 1; p.inProgramme(way[last]) {
			way = way[:last]
		}
		ofCA[n] = append(ofCA[n], way)
	}
	for _, n := range order {
		if m := p.onlyInStore(ofCA[n]); !m.IsZero() {
			lacks = withEach(lacks, []say.Message{m})
		}
	}
	return lacks
}

// serves answers under which CAs signatures will be trusted.
func (p *Pass) serves() (NeedAnswer, error) {
	r, err := p.nodes()
	if err != nil {
		return NeedAnswer{}, err
	}
	var served []say.Message
	if len(r.reached) > 0 {
		served = append(served, say.New("signatures under %s", listed(r.reached)))
	}
	if some := slices.Sorted(slices.Values(slices.Concat(r.within, r.limited))); len(some) > 0 {
		served = append(served, say.New("for the addresses that name constraints allow, under %s", listed(some)))
	}
	switch {
	case len(r.reached)+len(r.within) > 0:
		return met(served...), nil
	case len(r.limited) > 0:
		return open(codeNameConstraints, say.New("name constraints decide under %s which addresses are trusted: the verdict on the certificate of a user, given beside the collection, says it for that user", listed(r.limited))), nil
	}
	roots := slices.Concat(r.roots, r.crossed)
	mail := slices.ContainsFunc(roots, p.mayServeMail)
	switch {
	case len(roots) == 0 && slices.ContainsFunc(r.lost, func(l lost) bool { return l.answer.State == Open }):
		return open(codeNoPath, say.New("no CA of the collection is known to lead to an anchor")), nil
	case !mail:
		return failed(say.New("nothing in the collection can anchor mail")), nil
	default:
		return open(codeIssuerFetched, say.New("the issuing CAs under %s: without them they have to be fetched", listed(names(roots)))), nil
	}
}

// scope is for which addresses signatures under a CA are trusted; zero is none.
type scope int

const (
	notExcluded scope = iota + 1 // all but some, which may well be those in question
	permitted                    // those that somebody has named
	everyone
)

// scopeOf returns the scope that the name constraints of a CA leave: RFC 5280,
// Section 4.2.1.10.
func scopeOf(c *chain.Certificate) scope {
	switch allowed, excluded := c.EmailConstraints(); {
	case len(allowed) > 0:
		return permitted
	case len(excluded) > 0:
		return notExcluded
	default:
		return everyone
	}
}

// mayServeMail reports whether a root is not known to be for web servers alone.
func (p *Pass) mayServeMail(root *chain.Certificate) bool {
	e, _ := p.Catalog.ByFingerprint(root.SHA256())
	return !trustedForWebOnly(e)
}

func names(certs []*chain.Certificate) []string {
	var list []string
	for _, c := range certs {
		if name := chain.CommonName(c.Subject()); !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	slices.SortFunc(list, strings.Compare)
	return list
}
