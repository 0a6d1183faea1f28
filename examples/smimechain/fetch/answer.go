//go:build !js && !wasip1

package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
)

// answer is what an address gave: certificates, revocation lists, or an error.
type answer struct {
	mu    sync.Mutex
	known bool
	certs []*chain.Certificate
	crls  [][]byte
	err   error
}

// content is what an address stands for.
type content int

const (
	certificates content = iota
	revocationLists
)

// ask returns the answer of an address, from memory, the cache or the network.
// An answer without what it should hold is an error.
func (c *Client) ask(ctx context.Context, address string, want content) (*answer, error) {
	u, err := parse(address, nil)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	key := fmt.Sprint(want, " ", u)
	a := c.answers[key]
	if a == nil {
		a = new(answer)
		c.answers[key] = a
	}
	c.mu.Unlock()

	a.mu.Lock()
	defer a.mu.Unlock()
	if a.known {
		return a, a.err
	}
	certs, crls, err := c.load(ctx, u, want)
	if ctx.Err() != nil { // says nothing about the address
		return nil, &Error{u.Host, ctx.Err()}
	}
	a.known, a.certs, a.crls, a.err = true, certs, crls, err
	return a, err
}

func (c *Client) load(ctx context.Context, u *url.URL, want content) ([]*chain.Certificate, [][]byte, error) {
	if data := c.cached(u, time.Now()); data != nil {
		certs, crls, err := read(data, want)
		if err == nil && (want == certificates || current(crls, time.Now())) {
			return certs, crls, nil
		}
	}
	data, err := c.request(ctx, u)
	if err != nil {
		return nil, nil, err
	}
	certs, crls, err := read(data, want)
	if err != nil {
		return nil, nil, &Error{u.Host, err}
	}
	if err := c.keep(u, data); err != nil {
		return nil, nil, &Error{u.Host, say.Errorf("cannot keep the answer: %w", err)}
	}
	return certs, crls, nil
}

// read reads DER, PEM or a PKCS #7 certificates-only message (RFC 5280,
// Section 4.2.2.1: one certificate in DER or a "certs-only" CMS message).
func read(data []byte, want content) ([]*chain.Certificate, [][]byte, error) {
	f, err := bundle.Parse("answer", data)
	if _, ok := errors.AsType[*bundle.UnrecognizedError](err); ok {
		return nil, nil, say.Errorf("%w: neither DER, PEM nor PKCS #7", ErrContent)
	}
	if err != nil {
		return nil, nil, say.Errorf("%w: %w", ErrContent, err)
	}
	switch f.Format {
	case bundle.DER, bundle.PEM, bundle.PKCS7:
	default:
		return nil, nil, say.Errorf("%w: it is %s", ErrContent, f.Format)
	}
	if len(f.Certificates) > MaxCertificates || len(f.CRLs) > MaxCertificates {
		return nil, nil, say.Errorf("%w: more than %d certificates or revocation lists", ErrTooLarge, MaxCertificates)
	}
	var certs []*chain.Certificate
	for _, c := range f.Certificates {
		if c.Raw != nil {
			certs = append(certs, chain.ParseCertificate(c.Raw))
		}
	}
	var crls [][]byte
	for _, l := range f.CRLs {
		crls = append(crls, l.Raw)
	}
	if want == certificates && len(certs) == 0 {
		return nil, nil, say.Errorf("%w: it holds no certificate", ErrContent)
	}
	if want == revocationLists && len(crls) == 0 {
		return nil, nil, say.Errorf("%w: it holds no revocation list", ErrContent)
	}
	return certs, crls, nil
}

// current reports whether no list is past its nextUpdate.
func current(crls [][]byte, now time.Time) bool {
	for _, der := range crls {
		l, err := chain.ParseRevocationList(der)
		if err != nil || !l.NextUpdate.IsZero() && now.After(l.NextUpdate) {
			return false
		}
	}
	return true
}
