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

// Source gives certificates of CAs, for [Complete]: what a file holds, or what can be
// fetched. Below are the certificates whose issuers are missing; want is asked about each
// certificate, by its fingerprint first.
type Source interface {
	Certificates(ctx context.Context, below []*chain.Certificate, want func(sha256 [32]byte, certificate func() *chain.Certificate) bool) ([]*chain.Certificate, error)
}

// CompleteOptions are for [Complete]. Nil and the zero value are the right choice but for
// Sources, without which nothing can be added.
type CompleteOptions struct {
	Catalog *catalog.Catalog // nil: [catalog.Default]
	Sources []Source
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
		have := map[[32]byte]bool{}
		for _, c := range pool {
			have[c.SHA256()] = true
		}
		done.Lacking, done.Unknown = nil, nil
		wanted := map[[32]byte]bool{}
		var below, strange []*chain.Certificate
		for _, end := range ends {
			below = append(below, end.Certificate)
			ways := known.Ways(end, &catalog.WayOptions{Time: at, Have: func(sum [32]byte) bool { return have[sum] }, Accepts: opts.Accepts})
			if len(ways) == 0 {
				strange = append(strange, end.Certificate)
				done.Unknown = append(done.Unknown, say.New("%s", end.Issuer))
				continue
			}
			for _, e := range ways[0].Entries {
				if !have[e.SHA256] && !wanted[e.SHA256] {
					wanted[e.SHA256] = true
					done.Lacking = append(done.Lacking, e)
				}
			}
		}
		if len(wanted)+len(strange) == 0 {
			return done, nil
		}
		want := func(sum [32]byte, certificate func() *chain.Certificate) bool {
			if have[sum] {
				return false
			}
			if wanted[sum] || len(strange) == 0 {
				return wanted[sum]
			}
			c := certificate()
			return c != nil && c.IsCA() && !at.After(c.NotAfter()) && slices.ContainsFunc(strange, func(s *chain.Certificate) bool { return s.SignedBy(c) == nil })
		}
		var found []*chain.Certificate
		for _, s := range opts.Sources {
			list, err := s.Certificates(ctx, below, want)
			if err != nil {
				return nil, err
			}
			for _, c := range list {
				if sum := c.SHA256(); !have[sum] && want(sum, func() *chain.Certificate { return c }) {
					have[sum] = true
					found = append(found, c)
				}
			}
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
