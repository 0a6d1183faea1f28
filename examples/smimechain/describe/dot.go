package describe

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/smimechain/smimechain/lint/say"
)

// WriteDOT writes the paths as a graph of Graphviz. A box is a subject with its key, an
// arrow is a certificate and leads to its issuer: the certificates of a cross-signed CA
// are arrows from one box. Anchors have a double border; an issuer that is missing is a
// dashed box. An arrow is green on a path that is accepted, red on one that is not, and
// grey where it leads to a dead end only.
//
// The few words in it are said by words, such as the method Say of a locale.Language;
// nil stands for English. What comes from files can neither end a string of DOT nor
// reach a terminal, or the log of a build, as a command. The error is that of w.
func (r *Paths) WriteDOT(w io.Writer, words func(say.Sentence) string) error {
	if words == nil {
		words = english
	}
	g := dotGraph{
		Writer: bufio.NewWriter(w), r: r, say: words, certs: r.BySHA256(),
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

func english(s say.Sentence) string { return s.Sentence().String() }

// dotGraph is a graph on its way out. Errors of writing stay in the buffered writer.
type dotGraph struct {
	*bufio.Writer
	r     *Paths
	say   func(say.Sentence) string
	certs map[string]*PathCertificate
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

// node returns the name of the box of a certificate's subject.
func (g *dotGraph) node(sha256 string) string {
	c := g.cert(sha256)
	n := dotNode{c.Subject, c.SPKISHA256}
	if g.nodes[n] == "" {
		g.nodes[n] = fmt.Sprintf("n%d", len(g.order))
		g.order = append(g.order, n)
	}
	return g.nodes[n]
}

// cert returns a certificate; one that the report does not describe has no name but
// its fingerprint.
func (g *dotGraph) cert(sha256 string) *PathCertificate {
	if c := g.certs[sha256]; c != nil {
		return c
	}
	return &PathCertificate{SHA256: sha256, Subject: sha256}
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
	if leaf := g.cert(g.r.Leaf); leaf.Subject == n.subject && leaf.SPKISHA256 == n.spki {
		attributes += ", style=bold"
	}
	fmt.Fprintf(g, "\t%s [label=%s%s]\n", g.nodes[n], dotLabel(lines...), attributes)
}

func (g *dotGraph) writeEdge(e *dotEdge) {
	c := g.cert(e.sha256)
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
func (g *dotGraph) writeGhost(i int, d DeadEnd) {
	if d.Kind != "issuer_missing" || len(d.Certificates) == 0 {
		return
	}
	lines := []string{g.say(say.New("missing")), d.MissingSubject}
	if d.MissingKeyID != "" {
		lines = append(lines, g.say(say.New("key id %s", d.MissingKeyID)))
	}
	c := g.cert(d.SHA256)
	fmt.Fprintf(g, "\tmissing%d [label=%s, style=dashed]\n", i+1, dotLabel(lines...))
	fmt.Fprintf(g, "\t%s -> missing%d [label=%s, tooltip=%s, style=dashed]\n", g.node(d.SHA256), i+1,
		dotLabel(short(c.SHA256), span(c.NotBefore, c.NotAfter)), dotLabel(c.SHA256))
}

// dotLabel returns lines as a quoted string, in which Graphviz finds neither
// escapes nor entities nor the end of the string but those put here.
func dotLabel(lines ...string) string {
	escaped := make([]string, len(lines))
	for i, l := range lines {
		escaped[i] = dotEscapes.Replace(visible(l))
	}
	return `"` + strings.Join(escaped, `\n`) + `"`
}

// dotEscapes takes the meaning from characters. Two number signs begin a command in
// the log of a build, where DOT is printed there.
var dotEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, `&`, `&amp;`, "##", "#&#35;")

// visible replaces what is not printable by its escape in Go's notation.
func visible(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r > 0xFFFF:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// short is the beginning of a fingerprint.
func short(sha256 string) string { return sha256[:min(len(sha256), 8)] + "…" }

// span writes a period by its days.
func span(from, to string) string {
	day := func(s string) string { return s[:min(len(s), len("2006-01-02"))] }
	return day(from) + " to " + day(to)
}
