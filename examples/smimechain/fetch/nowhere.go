//go:build js || wasip1

package fetch

import (
	"context"
	"errors"

	"github.com/smimechain/smimechain/chain"
)

// Options would say where a Client goes. WebAssembly in a page or under WASI goes
// nowhere, and holds no code that could.
type Options struct {
	Private bool
	Cache   string
}

// Client cannot be made.
type Client struct{}

// New returns [errors.ErrUnsupported].
func New(*Options) (*Client, error) { return nil, errors.ErrUnsupported }

// Issuers returns [errors.ErrUnsupported].
func (c *Client) Issuers(context.Context, *chain.Certificate) ([]*chain.Certificate, error) {
	return nil, errors.ErrUnsupported
}

// Revocation returns the lists given.
func (c *Client) Revocation(given *chain.CRLs) chain.RevocationChecker { return given }

// Proxies returns nil.
func (c *Client) Proxies() []string { return nil }
