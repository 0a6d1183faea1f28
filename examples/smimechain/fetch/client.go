//go:build !js && !wasip1

package fetch

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"

	"github.com/smimechain/smimechain/chain"
)

// Limits that no option changes.
const (
	MaxRedirects     = 3        // of one request
	MaxAddresses     = 4        // of one certificate that are tried, in its order
	MaxAddressLength = 2048     // in bytes
	MaxCertificates  = 1000     // in one answer, likewise revocation lists
	MaxTotalSize     = 64 << 20 // of all answers together, in bytes
)

// Defaults of [Options].
const (
	DefaultTimeout     = 10 * time.Second
	DefaultTotal       = time.Minute
	DefaultMaxSize     = 16 << 20
	DefaultMaxRequests = 64
	DefaultMaxAge      = 24 * time.Hour
)

// Options changes where a Client goes and how much it takes. Nil and the zero
// value mean public addresses, the defaults above and no cache.
type Options struct {
	// Private allows every network address: private, loopback, link-local,
	// shared and unique local ones too. It is for a CA inside the network, and
	// for certificates whose makers are trusted not to point elsewhere in it.
	Private bool
	// Cache is a folder that keeps answers, made if it is not there. Empty: no
	// answer outlives the Client.
	Cache string
	// MaxAge is how old an answer in Cache may be to be used: zero means
	// DefaultMaxAge, a negative value that none is. A revocation list is not
	// used after its nextUpdate, however young it is.
	MaxAge time.Duration
	// Timeout is for one request, with its redirects and its body; zero means
	// DefaultTimeout.
	Timeout time.Duration
	// Total is for all requests, counted from the first; zero means
	// DefaultTotal.
	Total time.Duration
	// MaxSize is the largest answer, in bytes; zero means DefaultMaxSize.
	MaxSize int64
	// MaxRequests is how many addresses are asked, redirects not counted; zero
	// means DefaultMaxRequests. Answers from the cache are free.
	MaxRequests int
	// Proxy returns the proxy for a request, nil for none; nil means what the
	// settings of the system say. Behind a proxy the address that is dialled is not
	// seen: without Private a host is refused that is, or resolves here to, an
	// address that is not public, and a name that no public host has. What the
	// proxy resolves a name to is not checked.
	Proxy func(*http.Request) (*url.URL, error)
}

// Client fetches issuers and revocation lists. It is safe for concurrent use
// and remembers every answer, failures included.
type Client struct {
	opts      Options
	transport *http.Transport
	resolver  *net.Resolver // nil: that of the system

	mu       sync.Mutex
	deadline time.Time // of all requests; zero before the first
	requests int
	size     int64    // of all answers
	proxies  []string // hosts of those used
	shared   int64    // of the revocation lists in sets of several addresses
	answers  map[string]*answer
	lists    map[string]*chain.CRLs // by the addresses they are from
}

var _ chain.IssuerSource = (*Client)(nil)

// New returns a Client, and makes its cache folder. It opens no connection.
func New(opts *Options) (*Client, error) {
	c := &Client{answers: make(map[string]*answer), lists: make(map[string]*chain.CRLs)}
	if opts != nil {
		c.opts = *opts
	}
	o := &c.opts
	setDefault(&o.MaxAge, DefaultMaxAge)
	setDefault(&o.Timeout, DefaultTimeout)
	setDefault(&o.Total, DefaultTotal)
	setDefault(&o.MaxSize, DefaultMaxSize)
	setDefault(&o.MaxRequests, DefaultMaxRequests)
	if o.Cache != "" {
		if err := os.MkdirAll(o.Cache, 0o700); err != nil {
			return nil, err
		}
	}
	if o.Proxy == nil {
		o.Proxy = systemProxy
	}
	c.transport = &http.Transport{
		Proxy:                  proxyOf,
		DialContext:            c.dial,
		DisableCompression:     true,
		DisableKeepAlives:      true,
		MaxResponseHeaderBytes: 64 << 10,
	}
	return c, nil
}

func setDefault[T int | int64 | time.Duration](field *T, value T) {
	if *field == 0 {
		*field = value
	}
}

// begin takes one request out of the budget. The context it returns ends when
// the time of this request or that of all requests is over.
func (c *Client) begin(ctx context.Context) (context.Context, context.CancelFunc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if c.deadline.IsZero() {
		c.deadline = now.Add(c.opts.Total)
	}
	if c.requests >= c.opts.MaxRequests || c.size >= MaxTotalSize || !now.Before(c.deadline) {
		return nil, nil, ErrBudget
	}
	c.requests++
	end := now.Add(c.opts.Timeout)
	if c.deadline.Before(end) {
		end = c.deadline
	}
	ctx, cancel := context.WithDeadline(ctx, end)
	return ctx, cancel, nil
}

// room returns how large the next answer may be.
func (c *Client) room() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return min(c.opts.MaxSize, MaxTotalSize-c.size)
}

func (c *Client) took(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.size += int64(n)
}
