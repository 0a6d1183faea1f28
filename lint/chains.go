package lint

import (
	"slices"
	"time"

	"github.com/smimechain/smimechain/chain"
)

// start is a certificate that a chain has to lead up from, with what chain
// found: the certificate of a user or, in a collection without any, a CA that
// issues to users.
type start struct {
	member *Member
	result *chain.Result
}

// anchorSet tells the sets of anchors apart that targets have.
type anchorSet uint8

const (
	ownAnchors   anchorSet = iota // the self-signed certificates of the collection
	allAnchors                    // also those of supporting files and of the roots given
	storeAnchors                  // those of the tenant's stores, which the collection is judged against

	systemAnchors // with roots that the system has, of the first of the rows and of those after it
)

// anchorSet returns the set of anchors that the target has, the same for every
// target where there is nothing beside the collection, and no root of a system, to make
// them differ.
func (p *Pass) anchorSet() anchorSet {
	if len(p.system().anchors) == 0 {
		return p.givenAnchors()
	}
	return systemAnchors + anchorSet(slices.IndexFunc(rows, func(r row) bool { return r.target == p.Target }))
}

// givenAnchors returns the set of anchors among what was given.
func (p *Pass) givenAnchors() anchorSet {
	c, row := p.Collection, p.Target.row()
	switch {
	case row.programme == nil && c.BesideStore && (row.collects || len(c.stores) > 0):
		return storeAnchors
	case len(p.roots)+len(c.Support) == 0, row.collects:
		return ownAnchors
	default:
		return allAnchors
	}
}

// supports reports whether supporting certificates count for the target:
// Exchange Online builds from its own collection and nothing else.
func (p *Pass) supports() bool {
	return p.givenAnchors() != ownAnchors || p.Collection.Files[0].Loose()
}

// candidates returns every certificate that paths may lead through.
func (p *Pass) candidates() []*chain.Certificate {
	certs := p.Collection.certificates()
	if p.supports() {
		certs = append(certs, p.Collection.Support...)
	}
	if p.givenAnchors() == allAnchors {
		certs = append(certs, p.roots...)
	}
	return certs
}

// anchors returns the self-signed certificates that the target trusts: of the
// tenant's collection and of nothing beside it, where the target goes by that, and what
// stands in for the roots that the system has.
func (p *Pass) anchors() []*chain.Certificate {
	var from []*chain.Certificate
	switch p.givenAnchors() {
	case storeAnchors:
		from = p.Collection.stores
	case ownAnchors:
		from = p.Collection.certificates()
	default:
		from = p.candidates()
	}
	var anchors []*chain.Certificate
	for _, c := range from {
		if c.SelfSigned() {
			anchors = append(anchors, c)
		}
	}
	return append(anchors, p.system().anchors...)
}

// judgedWith names the files beside the collection whose certificates paths may lead
// through, sorted.
func (p *Pass) judgedWith() []string {
	if !p.supports() {
		return nil
	}
	return p.Collection.beside
}

// starts builds the chains of the collection, once for each set of anchors.
func (p *Pass) starts() ([]start, error) {
	set := p.anchorSet()
	if starts, ok := p.Collection.starts[set]; ok {
		return starts, nil
	}
	starts := []start{}
	groups := p.startGroups()
	rest := newBudget(len(groups))
	for i, group := range groups {
		best, err := p.best(group, rest, len(groups)-i)
		if err != nil {
			return nil, err
		}
		starts = append(starts, best)
	}
	if p.Collection.starts == nil {
		p.Collection.starts = map[anchorSet][]start{}
	}
	p.Collection.starts[set] = starts
	return starts, nil
}

// graph returns the graph of the collection, made once for each set of anchors.
func (p *Pass) graph() *chain.Graph {
	set := p.anchorSet()
	if p.Collection.graphs == nil {
		p.Collection.graphs = map[anchorSet]*chain.Graph{}
	}
	if p.Collection.graphs[set] == nil {
		p.Collection.graphs[set] = chain.NewGraph(p.candidates(), p.anchors(), chain.Limits{})
	}
	return p.Collection.graphs[set]
}

// Limits on the chains of one collection, which may be made so that each of
// thousands of certificates takes what [chain.Limits] allows for one. In a real
// hierarchy a certificate takes one check of a signature, its CAs a few together,
// and less than a hundred steps.
const (
	collectionSteps, stepsPerStart           = 10_000_000, 1000
	collectionSignatures, signaturesPerStart = 20_000, 4

	// What a start may take as long as anything is left.
	leastSteps, leastSignatures = 10_000, 64
)

// budget is what is left of the limits of a collection.
type budget struct{ steps, signatures int }

func newBudget(starts int) *budget {
	return &budget{collectionSteps + starts*stepsPerStart, collectionSignatures + starts*signaturesPerStart}
}

// limits shares out what is left among starts.
func (b *budget) limits(starts int) chain.Limits {
	if b.steps <= 0 || b.signatures <= 0 {
		return chain.Limits{Steps: -1, Signatures: -1}
	}
	return chain.Limits{
		Steps:      min(chain.DefaultSteps, max(leastSteps, b.steps/starts)),
		Signatures: min(chain.DefaultSignatures, max(leastSignatures, b.signatures/starts)),
	}
}

// best builds the chains of certificates with one subject and key, and keeps
// the result that leads furthest: a CA is reachable when any of its forms is.
func (p *Pass) best(group []*Member, rest *budget, starts int) (start, error) {
	var best start
	for _, m := range group {
		result, err := p.build(m, p.timeOf(m), rest, starts)
		if err != nil {
			return start{}, err
		}
		if best.result == nil || furthest(result) > furthest(best.result) {
			best = start{m, result}
		}
	}
	return best, nil
}

// build builds the chains of a certificate within its share of what is left.
func (p *Pass) build(m *Member, at time.Time, rest *budget, starts int) (*chain.Result, error) {
	result, err := p.graph().Build(p.Context, m.Certificate, at, p.options(purposeOf(m), rest.limits(starts)))
	if err == nil {
		err = p.Context.Err() // the result may be cut short
	}
	if err != nil {
		return nil, err
	}
	rest.steps -= result.Steps
	rest.signatures -= result.Signatures
	return result, nil
}

// purposeOf returns what a chain is judged for. What the certificate of a user
// itself lacks is left to the rules about usages, so that the chain above it is
// judged all the same.
func purposeOf(m *Member) chain.Purpose {
	switch {
	case m.isCA():
		return chain.Purpose{Usage: chain.Issue}
	case m.readable() && !allowsEmail(m.Certificate):
		return chain.Purpose{Usage: chain.AnyUsage, EKU: chain.AnyEKU}
	default:
		return chain.Purpose{Usage: chain.AnyUsage}
	}
}

// furthest grades a result: some path is good, some path reaches an anchor,
// none does.
func furthest(r *chain.Result) int {
	switch {
	case len(r.Accepted) > 0:
		return 2
	case len(r.Rejected) > 0:
		return 1
	default:
		return 0
	}
}

// userStarts returns the starts that are certificates of users, where these are
// judged.
func (p *Pass) userStarts() ([]start, error) {
	if !p.judgesUsers() {
		return nil, nil
	}
	starts, err := p.starts()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(starts), func(s start) bool {
		return s.member.isCA() || !s.member.readable()
	}), nil
}

// startGroups returns the certificates that a chain has to lead up from, in the
// order of the collection: each certificate of a user by itself, and of CAs those
// that have issued no other certificate here and do not stand beside their own
// self-signed form, those with the same subject and key together.
func (p *Pass) startGroups() [][]*Member {
	graph, own := p.graph(), map[*chain.Certificate]bool{}
	selfSigned := p.Collection.selfSigned()
	for _, c := range p.Collection.certificates() {
		own[c] = true
	}
	issues := func(ca *chain.Certificate) bool {
		return selfSigned[nodeOf(ca)] || slices.ContainsFunc(graph.Issued(ca), func(c *chain.Certificate) bool { return own[c] })
	}
	var groups [][]*Member
	place := nodePlaces{}
	seen := map[string]bool{}
	for _, m := range p.Collection.Members {
		switch {
		case m.Certificate == nil, m.isCA() && issues(m.Certificate):
			continue
		case !m.isCA():
			if !seen[m.sha256] {
				seen[m.sha256] = true
				groups = append(groups, []*Member{m})
			}
			continue
		}
		groups = place.add(groups, m)
	}
	return groups
}

// nodePlaces are the places of nodes in a list of groups.
type nodePlaces map[node]int

// add puts a certificate into the group of its node, a new one where there is none.
func (places nodePlaces) add(groups [][]*Member, m *Member) [][]*Member {
	n := nodeOf(m.Certificate)
	i, ok := places[n]
	if !ok {
		i = len(groups)
		places[n] = i
		groups = append(groups, nil)
	}
	groups[i] = append(groups[i], m)
	return groups
}

// selfSigned returns the nodes of which the collection has a self-signed certificate.
func (c *Collection) selfSigned() map[node]bool {
	nodes := map[node]bool{}
	for _, cert := range c.certificates() {
		if cert.SelfSigned() {
			nodes[nodeOf(cert)] = true
		}
	}
	return nodes
}

// node is a subject together with a public key.
type node struct{ subject, spki string }

func nodeOf(c *chain.Certificate) node {
	return node{string(c.RawSubject()), string(c.RawSubjectPublicKeyInfo())}
}
