package chain

import (
	"crypto/x509"
	"encoding/asn1"
	"slices"

	"github.com/smimechain/smimechain/lint/say"
)

// Certificate policies (RFC 5280, Section 6.1, as amended by RFC 9618: a graph
// instead of a tree, which the number of policies cannot blow up).

// policyNode is a node of one level of the policy graph.
type policyNode struct {
	policy   string
	expected []string
	parents  []*policyNode
	live     bool // has a descendant in the last level
}

// policyLevel is one level: the nodes by policy, and in order.
type policyLevel struct {
	nodes []*policyNode
	by    map[string]*policyNode
}

func newPolicyLevel() *policyLevel { return &policyLevel{by: make(map[string]*policyNode)} }

func (l *policyLevel) add(n *policyNode) {
	l.nodes = append(l.nodes, n)
	l.by[n.policy] = n
}

const (
	clausePolicy  = "RFC 5280, Section 6.1.5 (g)"
	clauseMapping = "RFC 5280, Section 6.1.4 (a)"
)

// policyState is what path validation goes on with from one certificate to the next
// (Section 6.1.2 (d) to (f)).
type policyState struct {
	level                         *policyLevel // nil: no policy is valid
	explicit, mapping, inhibitAny int          // certificates until it holds
}

// policies judges the policies of a path and returns the problem, if any. The
// anchor's own policies do not count: it is an input, not part of the path
// that is validated.
func (j *judge) policies(certs []*Certificate) *Problem {
	in := &j.opts.Policy
	n := len(certs) - 1
	need := in.RequireExplicitPolicy
	for i := n - 1; i >= 0; i-- {
		e := &certs[i].info().ext
		need = need || e.requireExplicit >= 0
		if i > 0 && slices.ContainsFunc(e.mappings, func(m [2]string) bool { return m[0] == oidAnyPolicy || m[1] == oidAnyPolicy }) {
			return policyProblem(i, say.New("anyPolicy in a policy mapping"), clauseMapping)
		}
	}
	if !need {
		// explicit_policy starts above the length of the path and never
		// reaches zero: whatever the policies are, they are good enough.
		return nil
	}
	for _, c := range certs[:n] {
		e := &c.info().ext
		j.left -= len(e.policies) + len(e.mappings)
	}
	if j.left < 0 {
		return policyProblem(0, say.New("too many policies"), "RFC 5280, Section 6.1.3 (d)")
	}
	s := in.start(n)
	for i := n - 1; i >= 0; i-- {
		p := certs[i].info()
		selfIssued := p.issuerKey == p.subjectKey
		s.process(&p.ext, i > 0 && selfIssued)
		if s.explicit == 0 && s.level == nil {
			return policyProblem(i, say.New("no policy is valid"), "RFC 5280, Section 6.1.3 (f)")
		}
		if i > 0 {
			s.prepare(&p.ext, selfIssued)
		}
	}
	if s.explicit > 1 && certs[0].info().ext.requireExplicit != 0 || s.level != nil && s.level.allows(in) {
		return nil
	}
	return policyProblem(0, say.New("none of the policies asked for is valid"), clausePolicy)
}

// start returns the state before the first of n certificates.
func (in *PolicyInputs) start(n int) *policyState {
	count := func(zero bool) int {
		if zero {
			return 0
		}
		return n + 1
	}
	s := &policyState{newPolicyLevel(), count(in.RequireExplicitPolicy), count(in.InhibitPolicyMapping), count(in.InhibitAnyPolicy)}
	s.level.add(&policyNode{policy: oidAnyPolicy, expected: []string{oidAnyPolicy}})
	return s
}

// process goes on to the policies of a certificate (Section 6.1.3 (d) and (e)).
func (s *policyState) process(e *extensions, anyAllowed bool) {
	if s.level != nil { // which a certificate without policies ends
		s.set(s.level.next(e.policies, s.inhibitAny > 0 || anyAllowed))
	}
}

// prepare gets ready for the certificate that the one with e issued (Section 6.1.4 (b)
// and (h) to (j)).
func (s *policyState) prepare(e *extensions, selfIssued bool) {
	if s.level != nil {
		s.level.mapPolicies(e.mappings, s.mapping > 0)
		s.set(s.level)
	}
	for _, c := range [...]struct {
		count  *int
		atMost int // -1: the certificate does not say
	}{{&s.explicit, e.requireExplicit}, {&s.mapping, e.inhibitMapping}, {&s.inhibitAny, e.inhibitAny}} {
		if !selfIssued {
			*c.count = max(*c.count-1, 0)
		}
		if c.atMost >= 0 {
			*c.count = min(*c.count, c.atMost)
		}
	}
}

// set sets the level, to nil where no policy is left.
func (s *policyState) set(l *policyLevel) {
	if len(l.nodes) == 0 {
		l = nil
	}
	s.level = l
}

// next makes the next level from the policies of a certificate (Section
// 6.1.3 (d)).
func (l *policyLevel) next(policies []string, anyAllowed bool) *policyLevel {
	out := newPolicyLevel()
	expecting := make(map[string][]*policyNode)
	var order []string
	for _, n := range l.nodes {
		for _, p := range n.expected {
			order = append(order, p)
			expecting[p] = append(expecting[p], n)
		}
	}
	hasAny := false
	for _, p := range policies {
		switch {
		case p == oidAnyPolicy:
			hasAny = true
		case out.by[p] != nil: // listed twice
		case expecting[p] != nil:
			out.add(&policyNode{policy: p, expected: []string{p}, parents: expecting[p]})
		case l.by[oidAnyPolicy] != nil:
			out.add(&policyNode{policy: p, expected: []string{p}, parents: []*policyNode{l.by[oidAnyPolicy]}})
		}
	}
	if hasAny && anyAllowed {
		for _, p := range order {
			if out.by[p] == nil { // each once
				out.add(&policyNode{policy: p, expected: []string{p}, parents: expecting[p]})
			}
		}
	}
	return out
}

// mapPolicies applies the policy mappings of a certificate to its level
// (Section 6.1.4 (b)).
func (l *policyLevel) mapPolicies(mappings [][2]string, allowed bool) {
	var order []string
	to := make(map[string][]string)
	for _, m := range mappings {
		if to[m[0]] == nil {
			order = append(order, m[0])
		}
		to[m[0]] = append(to[m[0]], m[1])
	}
	for _, from := range order {
		n := l.by[from]
		switch {
		case !allowed:
			delete(l.by, from)
		case n != nil:
			n.expected = to[from]
		case l.by[oidAnyPolicy] != nil:
			l.add(&policyNode{policy: from, expected: to[from], parents: l.by[oidAnyPolicy].parents})
		}
	}
	if !allowed {
		l.nodes = slices.DeleteFunc(l.nodes, func(n *policyNode) bool { return l.by[n.policy] != n })
	}
}

// allows reports whether a policy of the user-initial-policy-set is valid in
// the graph whose last level this is (Section 6.1.5 (g)).
func (l *policyLevel) allows(in *PolicyInputs) bool {
	wanted := make(map[string]bool, len(in.InitialPolicies))
	for _, oid := range in.InitialPolicies {
		wanted[encodeOID(oid)] = true
	}
	if len(wanted) == 0 || wanted[oidAnyPolicy] || l.by[oidAnyPolicy] != nil {
		return true
	}
	// The policy in the terms of the anchor is that of the topmost node below
	// an anyPolicy node.
	queue := append([]*policyNode(nil), l.nodes...)
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		if n.live {
			continue
		}
		n.live = true
		for _, p := range n.parents {
			if p.policy == oidAnyPolicy && wanted[n.policy] {
				return true
			}
			queue = append(queue, p)
		}
	}
	return false
}

// encodeOID returns the contents octets of an object identifier, none for what is
// not one.
func encodeOID(oid asn1.ObjectIdentifier) string {
	arcs := make([]uint64, len(oid))
	for i, v := range oid {
		if v < 0 {
			return ""
		}
		arcs[i] = uint64(v)
	}
	known, err := x509.OIDFromInts(arcs)
	if err != nil {
		return ""
	}
	contents, _ := known.MarshalBinary() // never fails
	return string(contents)
}

func policyProblem(index int, w say.Message, clause string) *Problem {
	p := problem(index, problemPolicy, w, clause)
	return &p
}
