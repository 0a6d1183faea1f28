package chain

import (
	"context"
	"iter"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/smimechain/smimechain/lint/say"
)

// search walks the paths of one leaf, by increasing length. It goes depth
// first through the candidates that are near enough to an anchor, and checks
// signatures only on complete candidates: first that of the certificate below
// the anchor, which prunes most, then from the leaf up. A signature that
// fails takes its edge out of the graph, the labels are computed anew, and
// the walk goes on from there.
type search struct {
	ctx    context.Context
	g      *Graph
	at     time.Time
	limits Limits
	yield  func(*Path) bool // if there is no result to fill

	labels *labels
	length int  // of the paths now looked for
	longer bool // there may be longer ones
	unwind int  // index of the edge that failed; noUnwind if none

	certs []*Certificate
	nodes []*node
	edges []*edge

	steps, signatures int
	stop              bool
	cut               Budget

	// For a leaf that is not in the graph.
	leaf     vertex
	leafRoom []edge

	// For the dead ends.
	queue []visit
	marks []uint8 // of the nodes, by id

	judge  judge
	result *Result
	more   bool // rejected paths were not kept
}

const noUnwind = math.MaxInt

// searches are kept for the next question: most are answered in less time
// than it takes to allocate one.
var searches = sync.Pool{New: func() any { return new(search) }}

func newSearch(ctx context.Context, g *Graph, at time.Time, opts *Options) *search {
	s := searches.Get().(*search)
	s.ctx, s.g, s.at, s.limits = ctx, g, at, opts.Limits.withDefaults()
	s.judge.init(ctx, at, opts)
	return s
}

// release gives s back, without what it refers to.
func (s *search) release() {
	certs, nodes, edges, queue, marks := s.certs[:cap(s.certs)], s.nodes[:cap(s.nodes)], s.edges[:cap(s.edges)], s.queue[:cap(s.queue)], s.marks
	clear(certs)
	clear(nodes)
	clear(edges)
	clear(queue)
	room, leafEdges := s.leafRoom[:cap(s.leafRoom)], s.leaf.edges[:cap(s.leaf.edges)]
	for i := range room {
		room[i].to = nil
		room[i].state.Store(edgeUnknown)
	}
	clear(leafEdges)
	*s = search{certs: certs[:0], nodes: nodes[:0], edges: edges[:0]}
	if len(room) <= 64 {
		s.leafRoom, s.leaf.edges = room[:0], leafEdges[:0]
	}
	if len(queue) <= 64 {
		s.queue, s.marks = queue[:0], marks[:0]
	}
	searches.Put(s)
}

func (s *search) truncate(b Budget) {
	if s.cut == budgetNone {
		s.cut = b
	}
	s.stop = true
}

// start returns the vertex of the leaf, or one made for this search.
func (s *search) start(leaf *Certificate) *vertex {
	if v := s.g.vertices[leaf.SHA256()]; v != nil {
		return v
	}
	p := leaf.info()
	v := &s.leaf
	v.cert, v.node = leaf, nil
	v.node = s.g.find(p)
	var cut bool
	if s.leafRoom, v.edges, cut = s.g.candidates(leaf, v.node, s.leafRoom[:0], v.edges[:0]); cut {
		s.cut = budgetCertificates
	}
	return v
}

// run calls found for every path of the leaf, until it returns false or a
// budget is spent.
func (s *search) run(v *vertex) {
	if s.g.cut {
		s.cut = budgetCertificates
	}
	s.certs = append(s.certs[:0], v.cert)
	s.nodes = append(s.nodes[:0], v.node)
	s.edges = s.edges[:0]
	s.unwind = noUnwind
	switch {
	case !v.anchor:
	case s.limits.Length < 1:
		s.truncate(budgetLength)
	case !s.found(s.certs):
		s.stop = true
		return
	}
	for s.length = 2; ; s.length++ {
		s.label()
		near := unreachable
		for _, e := range v.edges {
			if e.state.Load() != edgeFalse {
				near = min(near, s.labels.dist[e.to.id])
			}
		}
		if near == unreachable {
			return
		}
		s.length = max(s.length, int(near)+1)
		if s.length > s.limits.Length {
			s.truncate(budgetLength)
			return
		}
		s.longer = false
		s.extend(v.edges)
		if s.stop || !s.longer {
			return
		}
	}
}

// extend goes on from the last certificate of the path, whose candidate
// issuers are edges.
func (s *search) extend(edges []*edge) {
	depth := len(s.certs)
	for _, e := range edges {
		if !s.step() {
			return
		}
		n := e.to
		if e.state.Load() == edgeFalse || slices.Contains(s.nodes, n) {
			continue
		}
		near := s.labels.dist[n.id]
		if near == unreachable {
			continue
		}
		if depth+int(near) > s.length {
			s.longer = true
			continue
		}
		s.edges = append(s.edges[:depth-1], e)
		if depth+1 == s.length {
			s.finish(n)
			if !s.longer {
				s.longer = s.leadsOn(n)
			}
		} else {
			s.through(n, true)
			if !s.stop && s.unwind == noUnwind {
				s.through(n, false)
			}
		}
		if s.stop {
			return
		}
		if s.unwind < depth-1 {
			return
		}
		s.unwind = noUnwind // this edge, if any: go on with the next
	}
}

// leadsOn reports whether a path may go on from n beyond its anchors.
func (s *search) leadsOn(n *node) bool {
	for _, v := range n.certs {
		for _, e := range v.edges {
			if !s.step() {
				return true
			}
			if s.labels.dist[e.to.id] != unreachable && e.state.Load() != edgeFalse && !slices.Contains(s.nodes, e.to) {
				return true
			}
		}
	}
	return false
}

// step counts a step and reports whether there is room for it.
func (s *search) step() bool {
	if s.steps >= s.limits.Steps {
		s.truncate(budgetSteps)
		return false
	}
	s.steps++
	if s.steps&0xff == 0 && s.ctx.Err() != nil {
		s.truncate(budgetContext)
		return false
	}
	return true
}

// through goes on through the certificates of n that are valid, or those that
// are not.
func (s *search) through(n *node, valid bool) {
	depth := len(s.certs)
	for _, v := range n.certs {
		if !s.step() {
			return
		}
		if len(v.edges) == 0 || s.judge.valid(v.cert) != valid {
			continue
		}
		s.certs = append(s.certs, v.cert)
		s.nodes = append(s.nodes, n)
		s.extend(v.edges)
		s.certs = s.certs[:depth]
		s.nodes = s.nodes[:depth]
		if s.stop || s.unwind != noUnwind {
			return
		}
	}
}

// finish ends the path with each anchor of n, once the signatures hold.
func (s *search) finish(n *node) {
	for _, valid := range []bool{true, false} {
		for _, anchor := range n.anchors {
			if s.judge.valid(anchor) != valid {
				continue
			}
			if !s.step() || !s.verify() {
				return
			}
			s.certs = append(s.certs, anchor)
			more := s.found(s.certs)
			s.certs = s.certs[:len(s.certs)-1]
			if !more {
				s.stop = true
				return
			}
		}
	}
}

// verify checks the signatures of the path, and reports whether all hold.
func (s *search) verify() bool {
	last := len(s.edges) - 1
	if !s.check(last) {
		return false
	}
	for i := range last {
		if !s.check(i) {
			return false
		}
	}
	return true
}

// check checks the signature of the certificate at index i under the key that
// its edge leads to.
func (s *search) check(i int) bool {
	switch s.try(s.certs[i], s.edges[i]) {
	case edgeTrue:
		return true
	case edgeFalse:
		s.unwind = i
		s.label()
	}
	return false
}

// label brings the labels up to date. Where they have to be computed anew, the
// nodes and edges that are gone through count as steps.
func (s *search) label() {
	var computed bool
	if s.labels, computed = s.g.distances(); computed {
		s.steps += (len(s.g.nodes) + s.g.links) / workPerStep
	}
}

// workPerStep is how many entries of a list, gone through in one go, count as
// one step.
const workPerStep = 16

// try settles an edge, and returns edgeUnknown where the budget does not
// allow it.
func (s *search) try(c *Certificate, e *edge) int32 {
	if state := e.state.Load(); state != edgeUnknown {
		return state
	}
	err, known := c.remembered(e.to.spki)
	if !known {
		if s.signatures >= s.limits.Signatures {
			s.truncate(budgetSignatures)
			return edgeUnknown
		}
		if s.ctx.Err() != nil {
			s.truncate(budgetContext)
			return edgeUnknown
		}
		var checked bool
		if err, checked = c.signedBy(e.to.holder); checked {
			s.signatures++
		}
	}
	if err != nil {
		if e.state.CompareAndSwap(edgeUnknown, edgeFalse) {
			s.g.epoch.Add(1)
		}
		return edgeFalse
	}
	e.state.Store(edgeTrue)
	return edgeTrue
}

// Paths returns the paths from leaf to an anchor, accepted and rejected,
// shortest first, judged at a time. They are found one by one as they are
// asked for; among paths of the same length the order is: key identifiers
// that match, certificates valid at that time, later end of validity,
// fingerprint. It does not depend on the order of the input. No path visits a
// subject and key twice.
//
// The sequence ends when there are no more paths or a budget is spent;
// [Graph.Build] tells which. [Limits.Paths] and [Limits.Rejected] do not
// apply: stop when you have enough. It ignores [Options.Issuers].
func (g *Graph) Paths(ctx context.Context, leaf *Certificate, at time.Time, opts *Options) iter.Seq[*Path] {
	if opts == nil {
		opts = &defaultOptions
	}
	return func(yield func(*Path) bool) {
		if leaf == nil {
			return
		}
		if leaf.Err() != nil {
			yield(refusedPath(leaf))
			return
		}
		s := newSearch(ctx, g, at.Truncate(time.Second), opts)
		defer s.release()
		s.yield = yield
		s.run(s.start(leaf))
	}
}

// errNoLeaf is returned by Build for a nil leaf.
var errNoLeaf = say.Errorf("chain: no leaf")

// Build returns everything about the paths of leaf, judged at a time: the
// accepted and the rejected ones, in the order of [Graph.Paths], the dead
// ends, and which budget cut the result short, if one did.
//
// A path that is accepted is good; that none is accepted is certain only if
// the result is complete. An anchor is a certificate like any other when it
// comes to its validity period, its constraints and its extended key usage:
// an expired root makes a rejected path.
//
// Certificates are valid by the second, so the time is cut to one.
//
// The error is not nil only for a nil leaf. A context that ends cuts the
// result short.
func (g *Graph) Build(ctx context.Context, leaf *Certificate, at time.Time, opts *Options) (*Result, error) {
	if leaf == nil {
		return nil, errNoLeaf
	}
	if opts == nil {
		opts = &defaultOptions
	}
	r := &Result{Leaf: leaf, At: at.Truncate(time.Second)}
	if leaf.Err() != nil {
		r.Rejected = []*Path{refusedPath(leaf)}
		return r, nil
	}
	limits := opts.Limits.withDefaults()
	g.build(ctx, r, opts, limits)
	if opts.Issuers != nil {
		g.fetch(ctx, r, opts, limits)
	}
	return r, nil
}

// defaultOptions stand in for nil.
var defaultOptions Options

// build fills r from the graph.
func (g *Graph) build(ctx context.Context, r *Result, opts *Options, limits Limits) {
	s := newSearch(ctx, g, r.At, opts)
	defer s.release()
	s.limits.Signatures = limits.Signatures - r.Signatures
	s.limits.Steps = limits.Steps - r.Steps
	s.result = r
	if err := ctx.Err(); err != nil {
		s.truncate(budgetContext)
	} else {
		v := s.start(r.Leaf)
		s.run(v)
		s.stop = false
		if s.cut != budgetSignatures && s.cut != budgetContext {
			// With a budget of their own: where the paths have used up theirs,
			// the dead ends say more.
			steps := s.steps
			s.steps = 0
			r.DeadEnds = s.deadEnds(v, len(r.Accepted)+len(r.Rejected) > 0)
			s.steps = steps
		}
	}
	r.Signatures += s.signatures
	r.Steps += s.steps
	r.Truncated = s.cut
	if r.Truncated == budgetNone && s.more {
		r.Truncated = budgetRejected
	}
}

// found judges a path and reports whether to go on.
func (s *search) found(certs []*Certificate) bool {
	before := s.judge.left
	p := s.judge.path(certs)
	s.steps += (before - s.judge.left + s.judge.weight(certs)) / workPerStep
	r := s.result
	if s.judge.left < 0 {
		s.truncate(budgetComparisons)
	}
	switch {
	case r == nil:
		return s.yield(p) && !s.stop
	case !p.Accepted() && len(r.Rejected) >= s.limits.Rejected:
		// Go on: an accepted one may follow.
		s.more = true
	case !p.Accepted():
		r.Rejected = append(r.Rejected, p)
	case len(r.Accepted) >= s.limits.Paths:
		s.truncate(budgetPaths)
		return false
	default:
		r.Accepted = append(r.Accepted, p)
	}
	return !s.stop
}

// refusedPath is the path of a leaf that cannot be read.
func refusedPath(leaf *Certificate) *Path {
	detail := say.New("%v", leaf.Err())
	return &Path{
		Certificates: []*Certificate{leaf},
		Problems:     []Problem{problem(0, problemUnparseable, detail, clauseStructure)},
		NotBefore:    leaf.NotBefore(),
		NotAfter:     leaf.NotAfter(),
	}
}
