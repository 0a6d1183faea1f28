package chain

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Graph holds certificates and anchors. Its nodes are pairs of subject and
// public key, its edges are certificates, so that a cross-signed CA is one
// node with several edges.
//
// A Graph is built once and may be asked from many goroutines. It never
// changes, save for what it remembers about signatures; its memory does not
// depend on the number of leaves it is asked about.
type Graph struct {
	nodes    []*node
	byName   map[nameKey][]*node
	vertices map[[32]byte]*vertex
	order    []*vertex                   // in the order given, each once
	given    map[[32]byte][]*Certificate // all, duplicates included; only those given more than once
	copies   map[*Certificate]bool       // those in given
	refused  []*Certificate              // those that cannot take part
	refusals map[[32]byte]*Certificate   // the same
	crowded  map[nodeKey]*node           // nodes of names with many
	links    int                         // edges
	cut      bool                        // Limits.Certificates was reached

	epoch  atomic.Int64 // number of edges found false
	labels atomic.Pointer[labels]

	keyIDOnce  sync.Once
	keyIDIndex map[string][]*node
}

// node is a subject and a public key.
type node struct {
	id      int
	name    nameKey
	spki    []byte
	holder  *Certificate // any certificate with the key
	certs   []*vertex
	anchors []*Certificate
	in      []link // certificates that may have been issued by this node
}

// nodeKey tells nodes of one name apart.
type nodeKey struct {
	name nameKey
	spki [32]byte
}

// Bounds on how many nodes of one name there may be before they are indexed,
// and how many of them are candidates for the issuer of one certificate.
const (
	crowd         = 16
	maxCandidates = 128
)

// vertex is a certificate of the graph.
type vertex struct {
	cert   *Certificate
	node   *node
	anchor bool
	edges  []*edge // candidate issuers, best first, without its own node
}

// link is an edge seen from its end.
type link struct {
	from *vertex
	edge *edge
}

// edge leads from a certificate to a node that may have issued it.
type edge struct {
	to    *node
	state atomic.Int32
	rank  int8
}

// States of an edge.
const (
	edgeUnknown = iota
	edgeTrue    // the signature verifies
	edgeFalse   // it does not
)

// labels are the distances of the nodes from the anchors.
type labels struct {
	epoch int64
	dist  []int32
}

// unreachable is the distance of a node that leads to no anchor.
const unreachable = int32(1) << 30

// NewGraph builds a graph of certificates and anchors. An anchor is a
// certificate that paths end with, self-signed or not; it need not be among
// certs too. Both slices are read, not kept. No signature is checked here.
//
// Certificates that cannot be read take part in near misses only, nil ones in
// nothing. Of certificates given twice the first counts. Only
// limits.Certificates is looked at; where it is reached, the rest is left out
// and every result says so.
func NewGraph(certs, anchors []*Certificate, limits Limits) *Graph {
	limits = limits.withDefaults()
	g := &Graph{
		byName:   make(map[nameKey][]*node, len(certs)+len(anchors)),
		vertices: make(map[[32]byte]*vertex, len(certs)+len(anchors)),
	}
	for _, c := range anchors {
		if v := g.add(c, limits.Certificates); v != nil && !v.anchor {
			v.anchor = true
			v.node.anchors = append(v.node.anchors, v.cert)
		}
	}
	for _, c := range certs {
		g.add(c, limits.Certificates)
	}
	g.link()
	return g
}

// add puts c in the graph and returns its vertex, nil if it has none.
func (g *Graph) add(c *Certificate, limit int) *vertex {
	if c == nil {
		return nil
	}
	p := c.info()
	sum := c.SHA256()
	if v := g.vertices[sum]; v != nil {
		if v.cert != c {
			g.duplicate(sum, v.cert, c)
		}
		return v
	}
	if p.err != nil {
		switch r := g.refusals[sum]; {
		case r == c:
		case r != nil:
			g.duplicate(sum, r, c)
		case len(g.refused) < limit:
			if g.refusals == nil {
				g.refusals = make(map[[32]byte]*Certificate)
			}
			g.refusals[sum] = c
			g.refused = append(g.refused, c)
		default:
			g.cut = true
		}
		return nil
	}
	if len(g.vertices) >= limit {
		g.cut = true
		return nil
	}
	v := &vertex{cert: c, node: g.node(c, p)}
	v.node.certs = append(v.node.certs, v)
	g.vertices[sum] = v
	g.order = append(g.order, v)
	return v
}

func (g *Graph) duplicate(sum [32]byte, first, c *Certificate) {
	if g.given == nil {
		g.given = make(map[[32]byte][]*Certificate)
		g.copies = make(map[*Certificate]bool)
	}
	for _, c := range []*Certificate{first, c} {
		if !g.copies[c] {
			g.copies[c] = true
			g.given[sum] = append(g.given[sum], c)
		}
	}
}

// node returns the node of c, which it makes if there is none.
func (g *Graph) node(c *Certificate, p *parsed) *node {
	if n := g.find(p); n != nil {
		return n
	}
	n := &node{id: len(g.nodes), name: p.subjectKey, spki: p.spki, holder: c}
	g.nodes = append(g.nodes, n)
	same := append(g.byName[p.subjectKey], n)
	g.byName[p.subjectKey] = same
	if len(same) > crowd {
		if g.crowded == nil {
			g.crowded = make(map[nodeKey]*node)
		}
		if len(same) == crowd+1 {
			for _, m := range same {
				g.crowded[nodeKey{m.name, sha256.Sum256(m.spki)}] = m
			}
		}
		g.crowded[nodeKey{n.name, sha256.Sum256(n.spki)}] = n
	}
	return n
}

// find returns the node of a subject and key, nil if there is none.
func (g *Graph) find(p *parsed) *node {
	same := g.byName[p.subjectKey]
	if len(same) > crowd {
		return g.crowded[nodeKey{p.subjectKey, sha256.Sum256(p.spki)}]
	}
	for _, n := range same {
		if bytes.Equal(n.spki, p.spki) {
			return n
		}
	}
	return nil
}

// link sorts what the order of the input has left its mark on, and finds the
// candidate issuers of every certificate.
func (g *Graph) link() {
	for _, nodes := range g.byName {
		slices.SortFunc(nodes, func(a, b *node) int { return bytes.Compare(a.spki, b.spki) })
	}
	for _, n := range g.nodes {
		slices.SortFunc(n.certs, func(a, b *vertex) int { return compareCertificates(a.cert, b.cert) })
		slices.SortFunc(n.anchors, compareCertificates)
		n.holder = n.certs[0].cert
	}
	for _, v := range g.order {
		var cut bool
		_, v.edges, cut = g.candidates(v.cert, v.node, nil, nil)
		g.cut = g.cut || cut
		g.links += len(v.edges)
		for _, e := range v.edges {
			e.to.in = append(e.to.in, link{v, e})
		}
	}
}

// compareCertificates puts the certificate that ends later first; the
// fingerprint decides between equals.
func compareCertificates(a, b *Certificate) int {
	if c := b.info().notAfter.Compare(a.info().notAfter); c != 0 {
		return c
	}
	x, y := a.SHA256(), b.SHA256()
	return bytes.Compare(x[:], y[:])
}

// candidates returns the nodes that may have issued c, by name: those whose
// key identifier is the one c names, then those where there is nothing to
// compare, then the others. A key identifier that differs demotes and never
// excludes: it is a hint (RFC 5280, Section 4.2.1.1). Of more nodes than
// maxCandidates the rest is cut. The slices are room for the result.
func (g *Graph) candidates(c *Certificate, self *node, room []edge, edges []*edge) (_ []edge, _ []*edge, cut bool) {
	p := c.info()
	nodes := g.byName[p.issuerKey]
	if len(nodes) > maxCandidates {
		// Those with the right key identifier, then as many as there is room for.
		var few []*node
		for _, list := range [][]*node{g.keyIDs()[string(p.ext.aki)], nodes} {
			for _, n := range list {
				if len(few) == maxCandidates {
					break
				}
				if n.name == p.issuerKey && !slices.Contains(few, n) {
					few = append(few, n)
				}
			}
		}
		nodes, cut = few, true
	}
	room = slices.Grow(room, len(nodes))
	for _, n := range nodes {
		if n != self {
			room = append(room, edge{})
			e := &room[len(room)-1]
			e.to, e.rank = n, n.rank(p)
			edges = append(edges, e)
		}
	}
	slices.SortStableFunc(edges, func(a, b *edge) int { return cmp.Compare(a.rank, b.rank) })
	return room, edges, cut
}

func (n *node) rank(p *parsed) int8 {
	if !p.ext.akiSet {
		return 1
	}
	best := int8(2)
	for _, v := range n.certs[:min(len(n.certs), maxCandidates)] {
		switch ski := v.cert.info().ext.ski; {
		case ski == nil:
			best = min(best, 1)
		case bytes.Equal(ski, p.ext.aki):
			return 0
		}
	}
	return best
}

// distances returns the labels, computed anew if an edge has turned out false
// since, and whether they were.
func (g *Graph) distances() (_ *labels, computed bool) {
	epoch := g.epoch.Load()
	if l := g.labels.Load(); l != nil && l.epoch == epoch {
		return l, false
	}
	l := &labels{epoch: epoch, dist: make([]int32, len(g.nodes))}
	queue := make([]*node, 0, len(g.nodes))
	for _, n := range g.nodes {
		l.dist[n.id] = unreachable
		if len(n.anchors) > 0 {
			l.dist[n.id] = 1
			queue = append(queue, n)
		}
	}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		for _, in := range n.in {
			if m := in.from.node; l.dist[m.id] == unreachable && in.edge.state.Load() != edgeFalse {
				l.dist[m.id] = l.dist[n.id] + 1
				queue = append(queue, m)
			}
		}
	}
	g.labels.Store(l)
	return l, true
}

// keyIDs returns the nodes by subject key identifier.
func (g *Graph) keyIDs() map[string][]*node {
	g.keyIDOnce.Do(func() { g.keyIDIndex = g.indexKeyIDs() })
	return g.keyIDIndex
}

func (g *Graph) indexKeyIDs() map[string][]*node {
	index := make(map[string][]*node)
	for _, n := range g.nodes {
		for _, v := range n.certs {
			ski := string(v.cert.info().ext.ski)
			if list := index[ski]; ski != "" && (len(list) == 0 || list[len(list)-1] != n) {
				index[ski] = append(list, n)
			}
		}
	}
	for _, list := range index {
		slices.SortFunc(list, func(a, b *node) int { return compareCertificates(a.holder, b.holder) })
	}
	return index
}

// Certificates returns the certificates of the graph, anchors first, each
// once, in the order in which they were given.
func (g *Graph) Certificates() []*Certificate {
	out := make([]*Certificate, len(g.order))
	for i, v := range g.order {
		out[i] = v.cert
	}
	return out
}

// Anchors returns the anchors, sorted by end of validity, the latest first.
func (g *Graph) Anchors() []*Certificate {
	var out []*Certificate
	for _, n := range g.nodes {
		out = append(out, n.anchors...)
	}
	slices.SortFunc(out, compareCertificates)
	return out
}

// Refused returns the certificates that cannot be on a path, because they cannot
// be read.
func (g *Graph) Refused() []*Certificate { return slices.Clone(g.refused) }

// Duplicates returns the groups of certificates with the same octets that
// were given as different values, in the order of the input.
func (g *Graph) Duplicates() [][]*Certificate {
	var out [][]*Certificate
	for _, v := range g.order {
		if group := g.given[v.cert.SHA256()]; group != nil {
			out = append(out, slices.Clone(group))
		}
	}
	for _, c := range g.refused {
		if group := g.given[c.SHA256()]; group != nil {
			out = append(out, slices.Clone(group))
		}
	}
	return out
}

// CrossPairs returns the groups of certificates with the same subject and key
// and at least two different issuers. In a group the self-issued certificates
// come first, then those that end later. Signatures are not checked.
func (g *Graph) CrossPairs() [][]*Certificate {
	var out [][]*Certificate
	for _, n := range g.nodes {
		issuers := make(map[nameKey]bool)
		for _, v := range n.certs {
			issuers[v.cert.info().issuerKey] = true
		}
		if len(issuers) < 2 {
			continue
		}
		group := make([]*Certificate, len(n.certs))
		for i, v := range n.certs {
			group[i] = v.cert
		}
		slices.SortStableFunc(group, func(a, b *Certificate) int {
			switch x, y := a.SelfIssued(), b.SelfIssued(); {
			case x == y:
				return compareCertificates(a, b)
			case x:
				return -1
			}
			return 1
		})
		out = append(out, group)
	}
	slices.SortFunc(out, func(a, b []*Certificate) int { return compareCertificates(a[0], b[0]) })
	return out
}

// Issuers returns the certificates of the graph that may have issued c, by name: those
// whose key identifier is the one that c names first, then those where there is nothing
// to compare, then the others, and among these those that end later first. Those whose
// key is known not to have made the signature are left out; for the others,
// [Certificate.SignedBy] tells. What shares its subject and key with c is not among
// them. The certificate need not be in the graph.
func (g *Graph) Issuers(c *Certificate) []*Certificate {
	if c == nil || c.Err() != nil {
		return nil
	}
	var edges []*edge
	if v := g.vertices[c.SHA256()]; v != nil {
		edges = v.edges
	} else {
		_, edges, _ = g.candidates(c, g.find(c.info()), nil, nil)
	}
	var list []*Certificate
	for _, e := range edges {
		if e.state.Load() == edgeFalse {
			continue
		}
		for _, v := range e.to.certs {
			list = append(list, v.cert)
		}
	}
	return list
}

// Issued returns the certificates of the graph that c may have issued, by name, without
// those that name another key identifier; the rest as [Graph.Issuers] does.
func (g *Graph) Issued(c *Certificate) []*Certificate {
	if c == nil || c.Err() != nil {
		return nil
	}
	n := g.find(c.info())
	if n == nil {
		return nil
	}
	var list []*Certificate
	for _, in := range n.in {
		if in.edge.rank < 2 && in.edge.state.Load() != edgeFalse {
			list = append(list, in.from.cert)
		}
	}
	return list
}

// Unused returns the certificates of the graph that are on none of the paths,
// accepted or rejected, and on no way to a dead end, of the results, in the order in
// which they were given.
// Nil results, as Build returns with an error, are passed over.
func (g *Graph) Unused(results ...*Result) []*Certificate {
	used := make(map[[32]byte]bool)
	for _, r := range results {
		if r == nil {
			continue
		}
		use := func(certs []*Certificate) {
			for _, c := range certs {
				used[c.SHA256()] = true
			}
		}
		for _, p := range slices.Concat(r.Accepted, r.Rejected) {
			use(p.Certificates)
		}
		for _, d := range r.DeadEnds {
			use(d.Way)
		}
	}
	var out []*Certificate
	for _, v := range g.order {
		if !used[v.cert.SHA256()] {
			out = append(out, v.cert)
		}
	}
	return out
}

// Order returns certs leaf first: no certificate comes after one of its
// issuers, as far as names tell, and end-entity certificates come before CAs.
// The sort is stable otherwise; certificates whose names cannot be read come
// last, nil ones at the very end. The input is not changed.
func Order(certs []*Certificate) []*Certificate {
	// height is the length of the longest run of issuers above a certificate;
	// a cycle counts as its way in.
	byName := make(map[nameKey][]int)
	for i, c := range certs {
		if c == nil {
			continue
		}
		if p := c.info(); p.err == nil {
			byName[p.subjectKey] = append(byName[p.subjectKey], i)
		}
	}
	const busy = -1
	height := make([]int, len(certs))
	var visit func(i int) int
	visit = func(i int) int {
		if height[i] != 0 {
			return max(height[i], 0)
		}
		height[i] = busy
		h := 1
		p := certs[i].info()
		if p.issuerKey != p.subjectKey {
			for _, j := range byName[p.issuerKey] {
				h = max(h, 1+visit(j))
			}
		}
		height[i] = h
		return h
	}
	type item struct {
		c    *Certificate
		rank [3]int
	}
	items := make([]item, len(certs))
	for i, c := range certs {
		if c == nil {
			items[i].rank[0] = 2
			continue
		}
		p := c.info()
		it := item{c: c}
		if p.err != nil {
			it.rank = [3]int{1, 0, 0}
		} else {
			if p.ext.isCA || p.version < 3 && p.issuerKey == p.subjectKey {
				it.rank[1] = 1
			}
			it.rank[2] = -visit(i)
		}
		items[i] = it
	}
	slices.SortStableFunc(items, func(a, b item) int { return slices.Compare(a.rank[:], b.rank[:]) })
	out := make([]*Certificate, len(items))
	for i, it := range items {
		out[i] = it.c
	}
	return out
}

// validAt reports whether t is in the validity period (RFC 5280, Section
// 4.1.2.5: both ends included).
func (c *Certificate) validAt(t time.Time) bool {
	p := c.info()
	return !t.Before(p.notBefore) && !t.After(p.notAfter)
}
