package deploy

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
)

// CASource gives certificates of CAs, for [Complete]: what a file holds, or what can be
// fetched. Below are the certificates whose issuers are missing; want is asked about each
// certificate, by its fingerprint first.
type CASource interface {
	Certificates(ctx context.Context, below []*chain.Certificate, want func(sha256 [32]byte, certificate func() *chain.Certificate) bool) ([]*chain.Certificate, error)
}

// CompleteOptions are for [Complete]. Nil and the zero value are the right choice but for
// Sources, without which nothing can be added.
type CompleteOptions struct {
	Catalog *catalog.Catalog // nil: [catalog.Default]
	Sources []CASource
	// Accepts reports whether a root is an anchor of the target; nil: every
	// self-signed certificate is one, as for Exchange Online.
	Accepts func(catalog.Entry) bool
}

// Completion is what [Complete] found.
type Completion struct {
	Added   []*chain.Certificate // in order, what is below first
	Lacking []catalog.Entry      // known and needed, and no source has it
	Unknown []say.Message        // issuers that are missing and not known
}

// maxRounds is how often what was added is looked at for what is missing above it.
const maxRounds = 6

// Complete finds the certificates that lead from those given to an anchor: of the ways
// that the catalogue knows the recommended one, and nothing else. An issuer that the
// catalogue does not know is taken from a source if its key has made the signature. A
// certificate is added only with the fingerprint that the catalogue knows. At is the time
// at which they have to be valid. An error is that of ctx or of a source.
func Complete(ctx context.Context, given []*chain.Certificate, at time.Time, opts *CompleteOptions) (*Completion, error) {
	if opts == nil {
		opts = new(CompleteOptions)
	}
	known := opts.Catalog
	if known == nil {
		known = catalog.Default()
	}
	done := new(Completion)
	pool := slices.Clone(given)
	for range maxRounds {
		ends, err := deadEnds(ctx, pool, given, at)
		if err != nil {
			return nil, err
		}
		g := newGaps(pool, at)
		done.Lacking, done.Unknown = g.lookUp(ends, known, opts.Accepts)
		if len(g.wanted)+len(g.strange) == 0 {
			return done, nil
		}
		found, err := g.fill(ctx, opts.Sources)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return done, nil
		}
		slices.SortFunc(found, func(a, b *chain.Certificate) int {
			x, y := a.SHA256(), b.SHA256()
			return bytes.Compare(x[:], y[:])
		})
		done.Added = chain.Order(append(done.Added, found...))
		pool = append(slices.Clone(given), done.Added...)
	}
	return done, nil
}

// gaps is what is missing above certificates.
type gaps struct {
	at      time.Time
	have    map[[32]byte]bool
	wanted  map[[32]byte]bool    // what the catalogue says is missing
	below   []*chain.Certificate // certificates whose issuers are missing
	strange []*chain.Certificate // of these, those with issuers that the catalogue does not know
}

func newGaps(pool []*chain.Certificate, at time.Time) *gaps {
	g := &gaps{at: at, have: map[[32]byte]bool{}, wanted: map[[32]byte]bool{}}
	for _, c := range pool {
		g.have[c.SHA256()] = true
	}
	return g
}

// lookUp asks the catalogue what leads on from ends.
func (g *gaps) lookUp(ends []chain.DeadEnd, known *catalog.Catalog, accepts func(catalog.Entry) bool) (lacking []catalog.Entry, unknown []say.Message) {
	for _, end := range ends {
		g.below = append(g.below, end.Certificate)
		ways := known.Ways(end, &catalog.WayOptions{Time: g.at, Have: func(sum [32]byte) bool { return g.have[sum] }, Accepts: accepts})
		if len(ways) == 0 {
			g.strange = append(g.strange, end.Certificate)
			unknown = append(unknown, say.New("%s", end.Issuer))
			continue
		}
		for _, e := range ways[0].Entries {
			if !g.have[e.SHA256] && !g.wanted[e.SHA256] {
				g.wanted[e.SHA256] = true
				lacking = append(lacking, e)
			}
		}
	}
	return lacking, unknown
}

// wants reports whether a certificate is one that is missing: one that the catalogue says
// is, or the issuer of one whose issuer it does not know.
func (g *gaps) wants(sum [32]byte, certificate func() *chain.Certificate) bool {
	if g.have[sum] {
		return false
	}
	if g.wanted[sum] || len(g.strange) == 0 {
		return g.wanted[sum]
	}
	c := certificate()
	return c != nil && c.IsCA() && !g.at.After(c.NotAfter()) && slices.ContainsFunc(g.strange, func(s *chain.Certificate) bool { return s.SignedBy(c) == nil })
}

// fill takes what is missing from sources.
func (g *gaps) fill(ctx context.Context, sources []CASource) ([]*chain.Certificate, error) {
	var found []*chain.Certificate
	for _, s := range sources {
		list, err := s.Certificates(ctx, g.below, g.wants)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			if sum := c.SHA256(); g.wants(sum, func() *chain.Certificate { return c }) {
				g.have[sum] = true
				found = append(found, c)
			}
		}
	}
	return found, nil
}

// deadEnds returns where the chains of the certificates stop that reach no self-signed one.
func deadEnds(ctx context.Context, pool, given []*chain.Certificate, at time.Time) ([]chain.DeadEnd, error) {
	var anchors []*chain.Certificate
	for _, c := range pool {
		if c.SelfSigned() {
			anchors = append(anchors, c)
		}
	}
	graph := chain.NewGraph(pool, anchors, chain.Limits{})
	var ends []chain.DeadEnd
	told := map[[32]byte]bool{}
	for _, c := range given {
		if c.SelfSigned() || c.Err() != nil {
			continue
		}
		purpose := chain.Purpose{Usage: chain.AnyUsage}
		if c.IsCA() {
			purpose.Usage = chain.Issue
		}
		r, err := graph.Build(ctx, c, at, &chain.Options{Purpose: purpose})
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		if len(r.Accepted) > 0 {
			continue
		}
		for _, end := range r.DeadEnds {
			if sum := end.Certificate.SHA256(); end.Kind == chain.IssuerMissing && !told[sum] {
				told[sum] = true
				ends = append(ends, end)
			}
		}
	}
	return ends, nil
}
