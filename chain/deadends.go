package chain

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
)

// visit is a certificate on the way to dead ends.
type visit struct {
	v      *vertex
	parent int   // index of the visit before, -1 for the leaf
	edge   *edge // from there
}

// deadEnds finds the certificates that verified signatures lead to, from the
// leaf, and no usable certificate leads on from. Usable is an anchor or CA
// certificate within its validity period. Signatures are checked only on the
// way to a dead end.
func (s *search) deadEnds(leaf *vertex, paths bool) []DeadEnd {
	var confirmed map[*vertex]bool
	s.marks = slices.Grow(s.marks[:0], len(s.g.nodes))[:len(s.g.nodes)]
	clear(s.marks)
restart:
	for i := range s.marks {
		s.marks[i] &^= markVisited
	}
	s.queue = append(s.queue[:0], visit{v: leaf, parent: -1})
	if leaf.node != nil {
		s.marks[leaf.node.id] |= markVisited
	}
	var out []DeadEnd
	for at := 0; at < len(s.queue); at++ {
		v := s.queue[at].v
		usable, ok := s.follow(at)
		if !ok {
			return out
		}
		if usable {
			continue
		}
		if !confirmed[v] {
			switch s.confirm(at) {
			case edgeUnknown:
				return out
			case edgeFalse:
				goto restart
			}
			if confirmed == nil {
				confirmed = make(map[*vertex]bool)
			}
			confirmed[v] = true
		}
		d := s.deadEnd(v)
		d.Way = s.way(at)
		out = append(out, d)
		if s.stop {
			return out
		}
	}
	if paths || len(out) > 0 {
		return out
	}
	return s.circle(leaf)
}

// follow puts the certificates in the queue that could issue the one at a place of it, and
// reports whether one of them, or an anchor, leads on. It is not ok when the budget is spent.
func (s *search) follow(at int) (usable, ok bool) {
	v := s.queue[at].v
	// An anchor, or another form of one.
	usable = v.node != nil && len(v.node.anchors) > 0 &&
		(v.cert.SelfIssued() || v.anchor)
	for _, e := range v.edges {
		if e.state.Load() == edgeFalse {
			continue
		}
		if !s.step() {
			return usable, false
		}
		usable = s.leads(e.to) || usable
		if s.marks[e.to.id]&markVisited != 0 {
			continue
		}
		s.marks[e.to.id] |= markVisited
		for _, w := range e.to.certs {
			if !s.step() {
				return usable, false
			}
			if s.judge.valid(w.cert) && w.cert.info().ext.isCA && !w.anchor {
				s.queue = append(s.queue, visit{w, at, e})
			}
		}
	}
	return usable, true
}

// confirm checks the signatures on the way to a place of the queue, from the leaf up, to
// the first that does not verify.
func (s *search) confirm(at int) int32 {
	var way []int
	for i := at; s.queue[i].parent >= 0; i = s.queue[i].parent {
		way = append(way, i)
	}
	for _, i := range slices.Backward(way) {
		if state := s.try(s.queue[s.queue[i].parent].v.cert, s.queue[i].edge); state != edgeTrue {
			return state
		}
	}
	return edgeTrue
}

// way returns the certificates from the leaf to a place of the queue.
func (s *search) way(at int) []*Certificate {
	var way []*Certificate
	for i := at; i >= 0; i = s.queue[i].parent {
		way = append(way, s.queue[i].v.cert)
	}
	slices.Reverse(way)
	return way
}

// circle returns the dead end of a leaf of which the issuers are there, and lead nowhere
// but to each other. Whether the leaf belongs there is worth a few checks.
func (s *search) circle(leaf *vertex) []DeadEnd {
	for _, e := range leaf.edges {
		switch s.try(leaf.cert, e) {
		case edgeUnknown:
			return nil
		case edgeTrue:
			d := describeDeadEnd(leaf.cert)
			d.Kind = NoAnchor
			return []DeadEnd{d}
		}
	}
	if leaf.anchor {
		return nil
	}
	return []DeadEnd{s.deadEnd(leaf)}
}

// Marks of nodes.
const (
	markVisited = 1 << iota // its certificates are in the queue
	markKnown               // it is known whether it leads on
	markLeads               // it does
)

// leads reports whether an anchor or CA certificate of the node is within its
// validity period.
func (s *search) leads(n *node) bool {
	if s.marks[n.id]&markKnown == 0 {
		s.marks[n.id] |= markKnown
		if slices.ContainsFunc(n.anchors, func(c *Certificate) bool { return s.judge.valid(c) }) ||
			slices.ContainsFunc(n.certs, func(v *vertex) bool { return s.judge.valid(v.cert) && v.cert.info().ext.isCA }) {
			s.marks[n.id] |= markLeads
		}
	}
	return s.marks[n.id]&markLeads != 0
}

func describeDeadEnd(c *Certificate) DeadEnd {
	p := c.info()
	return DeadEnd{
		Certificate: c,
		Way:         []*Certificate{c},
		Issuer:      NameString(p.issuer),
		RawIssuer:   p.issuer,
		KeyID:       p.ext.aki,
		AIA:         p.ext.aia,
	}
}

// deadEnd describes the dead end v.
func (s *search) deadEnd(v *vertex) DeadEnd {
	c := v.cert
	p := c.info()
	d := describeDeadEnd(c)
	if c.SelfIssued() {
		self := &edge{to: &node{spki: p.spki, holder: c}}
		if s.tryLocal(c, self) == edgeTrue {
			d.Kind = NotAnchor
			d.KeyID = p.ext.ski
			return d
		}
		if s.stop {
			return d
		}
	}
	if !s.missesByName(&d, v) {
		return d
	}
	s.missesByKeyID(&d, p)
	s.missesRefused(&d, p)
	slices.SortFunc(d.NearMisses, func(a, b NearMiss) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), compareCertificates(a.Certificate, b.Certificate))
	})
	return d
}

// add adds a near miss, or notes that there are more.
func (d *DeadEnd) add(c *Certificate, code MissCode, detail string) {
	if len(d.NearMisses) >= maxNearMisses {
		d.MoreNearMisses = true
		return
	}
	d.NearMisses = append(d.NearMisses, NearMiss{Certificate: c, Code: code, Detail: detail})
}

// goesOn counts a step of those that look for near misses, and reports whether to look for
// more.
func (s *search) goesOn(d *DeadEnd) bool { return !d.MoreNearMisses && s.step() }

// missesByName adds the certificates with the name of the issuer, and reports whether it is
// known of each if its key made the signature.
func (s *search) missesByName(d *DeadEnd, v *vertex) bool {
	for _, e := range v.edges {
		switch s.try(v.cert, e) {
		case edgeUnknown:
			return false
		case edgeTrue:
			s.missesUnfit(d, e.to)
		case edgeFalse:
			code, detail := missSameNameOtherKey, ""
			err, _ := v.cert.remembered(e.to.spki)
			if u, ok := errors.AsType[*uncheckable](err); ok {
				code, detail = MissUnsupportedAlgorithm, u.what
			}
			for _, w := range e.to.certs {
				if !s.goesOn(d) {
					break
				}
				d.add(w.cert, code, detail)
			}
		}
		if s.stop {
			break
		}
	}
	return true
}

// missesUnfit adds the certificates of the key that made the signature.
func (s *search) missesUnfit(d *DeadEnd, issuer *node) {
	for _, w := range issuer.certs {
		if !s.goesOn(d) {
			break
		}
		switch {
		case s.at.Before(w.cert.info().notBefore):
			d.add(w.cert, missNotYetValid, "")
		case s.judge.expired(w.cert):
			d.add(w.cert, MissExpired, "")
		default: // a CA would lead on
			d.add(w.cert, missNotCA, "")
		}
	}
}

// missesByKeyID adds the certificates with the key identifier of the issuer and another
// name.
func (s *search) missesByKeyID(d *DeadEnd, p *parsed) {
	for _, n := range s.g.keyIDs()[string(p.ext.aki)] {
		if !s.goesOn(d) {
			return
		}
		if n.name == p.issuerKey {
			continue
		}
		for _, w := range n.certs {
			if !s.goesOn(d) {
				return
			}
			if bytes.Equal(w.cert.info().ext.ski, p.ext.aki) {
				d.add(w.cert, missSameKeyIDOtherName, "")
			}
		}
	}
}

// missesRefused adds the certificates with the name or the key identifier of the issuer
// that cannot be read.
func (s *search) missesRefused(d *DeadEnd, p *parsed) {
	for _, r := range s.g.refused {
		if !s.goesOn(d) {
			break
		}
		q := r.info()
		if q.subjectKey == p.issuerKey && q.subject != nil || len(p.ext.aki) > 0 && bytes.Equal(q.ext.ski, p.ext.aki) {
			d.add(r, MissUnparseable, r.Err().Error())
		}
	}
}

// tryLocal is try for an edge that is not part of the graph.
func (s *search) tryLocal(c *Certificate, e *edge) int32 {
	if err, known := c.remembered(e.to.spki); known {
		if err == nil {
			return edgeTrue
		}
		return edgeFalse
	}
	if s.signatures >= s.limits.Signatures {
		s.truncate(budgetSignatures)
		return edgeUnknown
	}
	err, checked := c.signedBy(e.to.holder)
	if checked {
		s.signatures++
	}
	if err != nil {
		return edgeFalse
	}
	return edgeTrue
}

// fetch asks the source of issuers at the dead ends of r, until there are no
// new certificates or the budget is spent.
func (g *Graph) fetch(ctx context.Context, r *Result, opts *Options, limits Limits) {
	asked := make(map[[32]byte]bool)
	calls, full := 0, false
	defer func() {
		if full && r.Truncated == budgetNone {
			r.Truncated = budgetCertificates
		}
	}()
	for {
		var found []*Certificate
		for _, d := range r.DeadEnds {
			if d.Kind != IssuerMissing || asked[d.Certificate.SHA256()] {
				continue
			}
			if calls >= limits.Fetches {
				if r.Truncated == budgetNone {
					r.Truncated = budgetFetches
				}
				return
			}
			if ctx.Err() != nil {
				r.Truncated = budgetContext
				return
			}
			asked[d.Certificate.SHA256()] = true
			calls++
			certs, err := opts.Issuers.Issuers(ctx, d.Certificate)
			if err != nil {
				r.FetchErrors = append(r.FetchErrors, err)
			}
			for _, c := range certs {
				if c == nil || g.vertices[c.SHA256()] != nil || slices.ContainsFunc(found, func(f *Certificate) bool { return bytes.Equal(f.Raw, c.Raw) }) {
					continue
				}
				if len(g.order)+len(found) >= limits.Certificates {
					full = true
					break
				}
				found = append(found, c)
			}
		}
		if len(found) == 0 {
			return
		}
		r.Fetched = append(r.Fetched, found...)
		// Certificates remember their signatures, so a new graph costs none.
		g = NewGraph(append(append(g.Certificates(), g.refused...), found...), g.Anchors(), limits)
		r.Accepted, r.Rejected, r.DeadEnds = nil, nil, nil
		g.build(ctx, r, opts, limits)
		if r.Truncated == budgetContext || r.Truncated == budgetSignatures {
			return
		}
	}
}
