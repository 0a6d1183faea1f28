//go:build !js && !wasip1

package fetch

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"

	"github.com/mattn/go-ieproxy"
	"github.com/smimechain/smimechain/lint/say"
)

// viaProxy is the key of a context under which the address of the proxy stands that a
// request goes through.
type viaProxy struct{}

// systemProxy is what the system's settings say: the variables HTTP_PROXY, HTTPS_PROXY
// and NO_PROXY, and those of Windows and macOS where there are none.
var systemProxy = ieproxy.GetProxyFunc()

// route finds the proxy for a request and notes it in its context, so that the dialer
// lets the request go there.
func (c *Client) route(req *http.Request) (*http.Request, error) {
	proxy, err := c.opts.Proxy(req)
	switch {
	case err != nil: // its text may quote a password
		return nil, say.Errorf("the proxy settings of the system cannot be used")
	case proxy == nil:
		return req, nil
	}
	if !c.opts.Private && !c.mayAsk(req.Context(), req.URL) {
		return nil, ErrNotPublic
	}
	c.mu.Lock()
	if !slices.Contains(c.proxies, proxy.Host) {
		c.proxies = append(c.proxies, proxy.Host)
	}
	c.mu.Unlock()
	return req.WithContext(context.WithValue(req.Context(), viaProxy{}, proxy)), nil
}

// mayAsk reports whether the host behind an address is on the public internet, as far
// as it can be told here: a proxy may know names that this computer does not.
func (c *Client) mayAsk(ctx context.Context, u *url.URL) bool {
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil {
		return public(ip)
	}
	if !publicName(u.Hostname()) {
		return false
	}
	ips, err := c.resolver.LookupNetIP(ctx, "ip", u.Hostname())
	return err != nil || !slices.ContainsFunc(ips, func(ip netip.Addr) bool { return !public(ip) })
}

// proxyOf is the Proxy function of the transport.
func proxyOf(req *http.Request) (*url.URL, error) {
	proxy, _ := req.Context().Value(viaProxy{}).(*url.URL)
	return proxy, nil
}

// dial connects to a public address, or to the proxy that the request was routed to.
func (c *Client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	return c.dialer(ctx).DialContext(ctx, network, address)
}

func (c *Client) dialer(ctx context.Context) *net.Dialer {
	dialer := &net.Dialer{Resolver: c.resolver}
	if _, proxied := ctx.Value(viaProxy{}).(*url.URL); !proxied && !c.opts.Private {
		dialer.Control = control
	}
	return dialer
}

// Proxies returns the hosts of the proxies that requests went through, in the order in
// which they were first used. Their names and passwords are left out.
func (c *Client) Proxies() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.proxies)
}
