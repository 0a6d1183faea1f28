package describe

import (
	"context"
	"slices"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
)

// Pool is the certificates of files that paths are built from. Do not change it once
// it is in use.
type Pool struct {
	Leaf         *chain.Certificate   // that paths start from; among Certificates
	Certificates []*chain.Certificate // each once, in the order of the files
	Anchors      []*chain.Certificate // those that are self-signed, the leaf only where the second group has it too
	CRLs         [][]byte             // the revocation lists of the files, DER, in their order
	Unreadable   []Unreadable         // of which not even the octets could be decoded
	Graph        *chain.Graph         // of Certificates and Anchors, with default limits

	found     map[[32]byte]string // name of the file
	distrusts *bundle.Distrusts
}

// Unreadable is a certificate of which not even the octets could be decoded.
type Unreadable struct {
	File   string `json:"file"`
	Offset int64  `json:"offset"` // in the file
	Error  Cause  `json:"error"`
}

// NewPool takes the certificates of files. The first group, often one file, is what
// somebody wants to know about. The leaf is among its certificates: the only one, else
// the only one that is not a CA, else the only one of these that has issued none of the
// others; of mail, the signer, of several the one that it is from, whose certificate may be in the
// second group alone. Where that does not tell, the error is a [*LeafError].
//
// Other certificates may be in either group. A PFX that was not opened adds nothing.
func NewPool(leaf, rest []*bundle.File) (*Pool, error) {
	p := &Pool{found: make(map[[32]byte]string), distrusts: bundle.NewDistrusts(slices.Concat(leaf, rest))}
	p.add(leaf)
	var err error
	if p.Leaf, err = pickSigner(leaf); p.Leaf == nil && err == nil {
		p.Leaf, err = pickElsewhere(leaf, rest)
	}
	if p.Leaf == nil && err == nil {
		p.Leaf, err = pickLeaf(p.Certificates)
		if len(p.Certificates) == 0 && encrypted(leaf) {
			err = &LeafError{Encrypted: true}
		}
	}
	if err != nil {
		return nil, err
	}
	candidates := slices.DeleteFunc(slices.Clone(p.Certificates), func(c *chain.Certificate) bool { return c == p.Leaf })
	candidates = append(candidates, p.add(rest)...)
	anchors := make(map[*chain.Certificate]bool)
	for _, c := range candidates {
		if c.SelfSigned() && !anchors[c] {
			anchors[c] = true
			p.Anchors = append(p.Anchors, c)
		}
	}
	p.Graph = chain.NewGraph(p.Certificates, p.Anchors, chain.Limits{})
	return p, nil
}

// add adds what the files hold and returns the certificates, known ones too.
func (p *Pool) add(files []*bundle.File) []*chain.Certificate {
	known := make(map[[32]byte]*chain.Certificate, len(p.Certificates))
	for _, c := range p.Certificates {
		known[c.SHA256()] = c
	}
	var all []*chain.Certificate
	for _, f := range files {
		if f == nil {
			continue
		}
		for _, e := range f.Certificates {
			if e.Raw == nil {
				p.Unreadable = append(p.Unreadable, Unreadable{f.Name, e.Offset, Cause{e.Fault}})
				continue
			}
			c := e.Certificate
			if first := known[c.SHA256()]; first != nil {
				c = first
			} else {
				known[c.SHA256()] = c
				p.Certificates = append(p.Certificates, c)
				p.found[c.SHA256()] = f.Name
			}
			all = append(all, c)
		}
		for _, l := range f.CRLs {
			p.CRLs = append(p.CRLs, l.Raw)
		}
	}
	return all
}

// File returns the name of the file that a certificate was found in first, "" for one
// that is in none.
func (p *Pool) File(c *chain.Certificate) string { return p.found[c.SHA256()] }

// Lists returns the revocation lists of the files, which may be signed by any of the
// certificates. What cannot be read is among their Errors.
func (p *Pool) Lists() *chain.CRLs {
	return chain.NewCRLs(p.CRLs...).WithSigners(p.Certificates...)
}

// Build finds the paths of the leaf to the anchors and judges them at a time, as
// [chain.Graph.Build] does, whose error is only for a pool without a leaf. Revocation
// is checked only as the options ask; [OnlyRevoked] of [Pool.Lists] goes by what the
// files have. What stores of Windows among them hold against certificates is disputed,
// unless the options ask somebody else. Build may be called many times, and no signature
// is checked twice.
func (p *Pool) Build(ctx context.Context, at time.Time, opts *chain.Options) (*chain.Result, error) {
	if opts == nil {
		opts = new(chain.Options)
	}
	if p.distrusts != nil && opts.Distrust == nil {
		own := *opts
		own.Distrust = p.distrusts.Of
		opts = &own
	}
	return p.Graph.Build(ctx, p.Leaf, at, opts)
}
