package chain

import (
	"context"
	"iter"
	"time"
)

// Graph holds certificates and anchors. It is built once and may be asked
// from many goroutines.
type Graph struct {
	certs, anchors []*Certificate
}

// NewGraph builds a graph of certificates and anchors. Anchors need not be
// repeated in certs. No signature is checked here.
func NewGraph(certs, anchors []*Certificate, limits Limits) *Graph {
	return &Graph{certs: certs, anchors: anchors}
}

// Paths returns the paths from leaf to an anchor.
func (g *Graph) Paths(ctx context.Context, leaf *Certificate, at time.Time, opts *Options) iter.Seq[*Path] {
	return func(yield func(*Path) bool) {}
}

// Build returns everything about the paths of leaf.
func (g *Graph) Build(ctx context.Context, leaf *Certificate, at time.Time, opts *Options) (*Result, error) {
	return &Result{Leaf: leaf, At: at}, nil
}

// Duplicates returns the groups of certificates with the same octets.
func (g *Graph) Duplicates() [][]*Certificate { return nil }

// CrossPairs returns the groups of certificates with the same subject and key
// and different issuers, the self-signed one first.
func (g *Graph) CrossPairs() [][]*Certificate { return nil }

// Unused returns the certificates of the graph that are on none of the paths,
// accepted or rejected, of the results.
func (g *Graph) Unused(results ...*Result) []*Certificate { return nil }

// Order returns certs leaf first: each certificate before its issuers.
func Order(certs []*Certificate) []*Certificate { return certs }
