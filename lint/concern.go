package lint

import "slices"

// concerns is what the rules found and left open for a target, by what it is about: a
// store of thousands of users has thousands of findings, few of which concern one user.
type concerns struct {
	p *Pass

	// Places in the findings of the pass.
	bound map[*subject][]int // those about a subject and no other
	free  []int              // all others
	whole []int              // those of others that are about no single certificate
	of    map[string][]int   // and those about one, by its SHA-256

	// Places in what the pass left open.
	openWhole []int
	openOf    map[*Member][]int
}

// newConcerns sorts what the rules of a pass found, which have all run.
func newConcerns(p *Pass) *concerns {
	c := &concerns{p: p, bound: map[*subject][]int{}, of: map[string][]int{}, openOf: map[*Member][]int{}}
	type same struct {
		rule, file string
		status     Status
		about      *subject
	}
	seen := map[same]bool{}
	for i := range p.findings {
		f := &p.findings[i]
		if f.Index < 0 { // a thousand keys are as bad as one
			key := same{f.Rule, f.File, f.Status, f.about}
			if seen[key] {
				continue
			}
			seen[key] = true
		}
		if f.about != nil {
			c.bound[f.about] = append(c.bound[f.about], i)
			continue
		}
		c.free = append(c.free, i)
		if f.Index < 0 {
			c.whole = append(c.whole, i)
		} else {
			c.of[f.SHA256] = append(c.of[f.SHA256], i)
		}
	}
	for i, u := range p.unknown {
		if u.member == nil {
			c.openWhole = append(c.openWhole, i)
		} else {
			c.openOf[u.member] = append(c.openOf[u.member], i)
		}
	}
	return c
}

// fill gives the subject the findings that are about it, in the order they were made:
// about the whole, about its certificate, or about one that its chains lead through
// where none is good. What is found of a certificate that it does not need is not. It
// also gives what was left open.
func (c *concerns) fill(s *subject) {
	places := slices.Clone(c.bound[s])
	switch {
	case s.encrypted != nil: // certificates of signers are not its own
		places = append(places, c.whole...)
	case s.member == nil:
		places = append(places, c.free...)
	default:
		places = append(places, c.whole...)
		if s.SHA256 != "" {
			places = append(places, c.of[s.SHA256]...)
		}
		if s.start != nil && !s.reached {
			for _, sum := range s.start.named() {
				places = append(places, c.of[sum]...)
			}
		}
	}
	for _, i := range sortCompact(places) {
		s.findings = append(s.findings, &c.p.findings[i])
	}
	if s.member == nil {
		s.open = c.p.unknown
		return
	}
	for _, i := range sortCompact(slices.Concat(c.openWhole, c.openOf[s.member])) {
		s.open = append(s.open, c.p.unknown[i])
	}
}

// named returns the SHA-256 of all certificates on the paths that were tried. A CA that is
// only nearly the issuer where one ended is on none.
func (s *start) named() []string {
	var list []string
	for _, path := range slices.Concat(s.result.Accepted, s.result.Rejected) {
		for _, c := range path.Certificates {
			list = append(list, hexSum(c))
		}
	}
	return sortCompact(list)
}
