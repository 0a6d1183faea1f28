package main

import (
	"bytes"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
)

// pool is the certificates that paths are built from, each once, and where
// each was found first.
type pool struct {
	certs   []*chain.Certificate
	crls    [][]byte
	anchors []*chain.Certificate // self-signed
	found   map[[32]byte]string  // name of the file
	leaf    *chain.Certificate

	unreadable []pathUnreadable // not even their extent is known
}

// newPool takes the certificates of the files. The leaf is among those of the
// first group; it is an anchor only where another file has it too.
func newPool(leaf, rest []*bundle.File) (*pool, error) {
	p := &pool{found: make(map[[32]byte]string)}
	p.add(leaf)
	var err error
	if p.leaf, err = pickLeaf(p.certs); err != nil {
		return nil, err
	}
	for _, c := range p.certs {
		if c != p.leaf {
			p.anchor(c)
		}
	}
	for _, c := range p.add(rest) {
		p.anchor(c)
	}
	return p, nil
}

// add adds what the files hold and returns the certificates, known ones too.
func (p *pool) add(files []*bundle.File) []*chain.Certificate {
	known := make(map[[32]byte]*chain.Certificate, len(p.certs))
	for _, c := range p.certs {
		known[c.SHA256()] = c
	}
	var all []*chain.Certificate
	for _, f := range files {
		for _, e := range f.Certificates {
			if e.Raw == nil {
				p.unreadable = append(p.unreadable, pathUnreadable{f.Name, e.Offset, cause{e.Fault}})
				continue
			}
			c := e.Certificate
			if first := known[c.SHA256()]; first != nil {
				c = first
			} else {
				known[c.SHA256()] = c
				p.certs = append(p.certs, c)
				p.found[c.SHA256()] = f.Name
			}
			all = append(all, c)
		}
		for _, l := range f.CRLs {
			p.crls = append(p.crls, l.Raw)
		}
	}
	return all
}

func (p *pool) anchor(c *chain.Certificate) {
	if c.SelfSigned() {
		p.anchors = append(p.anchors, c)
	}
}

// pickLeaf returns the certificate that the first file is about: the only one,
// the only one that is not a CA, or the only one that has issued none of the
// others.
func pickLeaf(certs []*chain.Certificate) (*chain.Certificate, error) {
	if len(certs) == 0 {
		return nil, say.Errorf("LEAF holds no certificate")
	}
	candidates := certs
	for _, fits := range []func(*chain.Certificate) bool{
		func(c *chain.Certificate) bool { return true },
		func(c *chain.Certificate) bool { return !c.IsCA() },
		func(c *chain.Certificate) bool { return !issuedAny(c, certs) },
	} {
		var left []*chain.Certificate
		for _, c := range candidates {
			if fits(c) {
				left = append(left, c)
			}
		}
		if len(left) == 1 {
			return left[0], nil
		}
		if len(left) > 0 {
			candidates = left
		}
	}
	return nil, say.Errorf("LEAF holds %d certificates that paths may start from: put the one that is meant into a file of its own", len(candidates))
}

// issuedAny reports whether c has issued a certificate of another subject,
// going by names alone.
func issuedAny(c *chain.Certificate, certs []*chain.Certificate) bool {
	for _, other := range certs {
		if bytes.Equal(other.RawIssuer(), c.RawSubject()) && !bytes.Equal(other.RawSubject(), c.RawSubject()) {
			return true
		}
	}
	return false
}
