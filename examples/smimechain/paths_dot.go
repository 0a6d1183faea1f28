package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/smimechain/smimechain/lint/report"
)

// dotGraph is the paths as Graphviz draws them. A box is a subject with its
// key, an arrow is a certificate and leads to its issuer: the certificates of a
// cross-signed CA are arrows from one box. Anchors have a double border; an
// issuer that is missing is a dashed box.
type dotGraph struct {
	*bufio.Writer
	r     *pathReport
	page  screen
	certs map[string]*pathCertificate
	nodes map[dotNode]string // names in the file
	order []dotNode
	edges []*dotEdge
	known map[[3]string]*dotEdge
}

type dotNode struct{ subject, spki string }

type dotEdge struct {
	sha256, from, to string
	accepted, found  bool // on a path that is, on any path
}

func writePathDOT(w io.Writer, r *pathReport, page screen) error {
	g := dotGraph{
		Writer: bufio.NewWriter(w), r: r, page: page, certs: r.byHash(),
		nodes: make(map[dotNode]string), known: make(map[[3]string]*dotEdge),
	}
	g.node(r.Leaf)
	for _, p := range r.Paths {
		g.way(p.Certificates, true, p.Accepted)
	}
	for _, d := range r.DeadEnds {
		g.way(d.Certificates, false, false)
	}
	fmt.Fprintf(g, "digraph paths {\n\trankdir=BT\n\tnode [shape=box]\n")
	for _, n := range g.order {
		g.writeNode(n)
	}
	for _, e := range g.edges {
		g.writeEdge(e)
	}
	for i, d := range r.DeadEnds {
		g.writeGhost(i, d)
	}
	fmt.Fprintln(g, "}")
	return g.Flush()
}

// node returns the name of the box of a certificate's subject.
func (g *dotGraph) node(sha256 string) string {
	c := g.certs[sha256]
	n := dotNode{c.Subject, c.SPKISHA256}
	if g.nodes[n] == "" {
		g.nodes[n] = fmt.Sprintf("n%d", len(g.order))
		g.order = append(g.order, n)
	}
	return g.nodes[n]
}

// way adds the arrows between certificates, leaf first.
func (g *dotGraph) way(certificates []string, found, accepted bool) {
	for i := 0; i+1 < len(certificates); i++ {
		from, to := g.node(certificates[i]), g.node(certificates[i+1])
		key := [3]string{certificates[i], from, to}
		e := g.known[key]
		if e == nil {
			e = &dotEdge{sha256: certificates[i], from: from, to: to}
			g.known[key] = e
			g.edges = append(g.edges, e)
		}
		e.found = e.found || found
		e.accepted = e.accepted || accepted
	}
}

func (g *dotGraph) writeNode(n dotNode) {
	lines := []string{n.subject, "key " + short(n.spki)}
	attributes := ""
	for _, c := range g.r.Certificates {
		if c.Anchor && c.Subject == n.subject && c.SPKISHA256 == n.spki {
			lines = append(lines, "anchor "+short(c.SHA256)+", "+span(c.NotBefore, c.NotAfter))
			attributes = ", peripheries=2"
		}
	}
	if leaf := g.certs[g.r.Leaf]; leaf.Subject == n.subject && leaf.SPKISHA256 == n.spki {
		attributes += ", style=bold"
	}
	fmt.Fprintf(g, "\t%s [label=%s%s]\n", g.nodes[n], dotLabel(lines...), attributes)
}

func (g *dotGraph) writeEdge(e *dotEdge) {
	c := g.certs[e.sha256]
	look := "color=gray" // only to a dead end
	switch {
	case e.accepted:
		look = "color=darkgreen, penwidth=2"
	case e.found:
		look = "color=red"
	}
	fmt.Fprintf(g, "\t%s -> %s [label=%s, tooltip=%s, %s]\n", e.from, e.to,
		dotLabel(short(c.SHA256), span(c.NotBefore, c.NotAfter)), dotLabel(c.SHA256), look)
}

// writeGhost draws the issuer that is missing.
func (g *dotGraph) writeGhost(i int, d pathDeadEnd) {
	if d.Kind != "issuer_missing" || len(d.Certificates) == 0 {
		return
	}
	lines := []string{g.page.text("missing"), d.MissingSubject}
	if d.MissingKeyID != "" {
		lines = append(lines, g.page.say("key id %s", d.MissingKeyID))
	}
	c := g.certs[d.SHA256]
	fmt.Fprintf(g, "\tmissing%d [label=%s, style=dashed]\n", i+1, dotLabel(lines...))
	fmt.Fprintf(g, "\t%s -> missing%d [label=%s, tooltip=%s, style=dashed]\n", g.node(d.SHA256), i+1,
		dotLabel(short(c.SHA256), span(c.NotBefore, c.NotAfter)), dotLabel(c.SHA256))
}

// dotLabel returns lines as a quoted string, in which Graphviz finds neither
// escapes nor entities nor the end of the string but those put here.
func dotLabel(lines ...string) string {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`, `&`, `&amp;`)
	escaped := make([]string, len(lines))
	for i, l := range lines {
		escaped[i] = escape.Replace(report.Printable(l))
	}
	return `"` + strings.Join(escaped, `\n`) + `"`
}
