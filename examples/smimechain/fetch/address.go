//go:build !js && !wasip1

package fetch

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"syscall"

	"github.com/smimechain/smimechain/lint/say"
)

// notPublic lists what the registries of special-purpose addresses (RFC 6890)
// take out of the unicast space, and those forms of IPv6 addresses that carry
// an IPv4 address or belong to one site.
var notPublic = prefixes(
	"0.0.0.0/8",        // this network
	"10.0.0.0/8",       // private, RFC 1918
	"100.64.0.0/10",    // shared by carrier-grade NAT, RFC 6598
	"127.0.0.0/8",      // loopback
	"168.63.129.16/32", // the platform of Azure, to each of its machines
	"169.254.0.0/16",   // link-local
	"172.16.0.0/12",    // private, RFC 1918
	"192.0.0.0/24",     // protocol assignments
	"192.0.2.0/24",     // documentation
	"192.88.99.0/24",   // 6to4 relays
	"192.168.0.0/16",   // private, RFC 1918
	"198.18.0.0/15",    // benchmarks
	"198.51.100.0/24",  // documentation
	"203.0.113.0/24",   // documentation
	"224.0.0.0/3",      // multicast, reserved, broadcast
	"2001::/23",        // protocol assignments, Teredo among them
	"2001:db8::/32",    // documentation
	"2002::/16",        // 6to4: carries an IPv4 address
	"3fff::/20",        // documentation
)

// globalIPv6 is the only unicast space that is assigned: unique local,
// link-local, site-local, loopback and NAT64 addresses are outside.
var globalIPv6 = netip.MustParsePrefix("2000::/3")

func prefixes(list ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(list))
	for i, s := range list {
		all[i] = netip.MustParsePrefix(s)
	}
	return all
}

// public reports whether an address can be one of the public internet.
func public(a netip.Addr) bool {
	a = a.Unmap()
	if a.Is6() && !globalIPv6.Contains(a) {
		return false
	}
	for _, p := range notPublic {
		if p.Contains(a.WithZone("")) {
			return false
		}
	}
	return a.IsValid()
}

// control is the Control function of a dialer: it sees the address that is
// about to be dialled, after any name has been resolved.
func control(_, address string, _ syscall.RawConn) error {
	a, err := netip.ParseAddrPort(address)
	if err != nil || !public(a.Addr()) {
		return ErrNotPublic
	}
	return nil
}

// parse checks an address out of a certificate or a redirect. Its host is
// ASCII afterwards, fit for an error.
func parse(address string, base *url.URL) (*url.URL, error) {
	if len(address) > MaxAddressLength {
		return nil, &Error{hostOf(base), say.Errorf("%w: longer than %d bytes", ErrAddress, MaxAddressLength)}
	}
	var u *url.URL
	var err error
	if base != nil {
		u, err = base.Parse(address)
	} else {
		u, err = url.Parse(address)
	}
	if err != nil { // its text quotes the address
		return nil, &Error{hostOf(base), ErrAddress}
	}
	for i := range len(u.Host) {
		if u.Host[i] <= ' ' || u.Host[i] > '~' {
			return nil, &Error{hostOf(base), ErrAddress}
		}
	}
	switch {
	case u.Scheme != "http":
		return nil, &Error{u.Host, ErrScheme}
	case u.User != nil:
		return nil, &Error{u.Host, ErrAddress}
	case u.Hostname() == "":
		return nil, &Error{hostOf(base), ErrAddress}
	}
	u.Fragment, u.RawFragment = "", ""
	u.RawQuery = escape(u.RawQuery)
	return u, nil
}

// escape puts what may not stand in a query (RFC 3986, Section 3.4) into percent signs:
// package url leaves it, and a blank would end the address in the line of a request.
func escape(query string) string {
	var b strings.Builder
	for i := range len(query) {
		if query[i] <= ' ' || query[i] > '~' {
			fmt.Fprintf(&b, "%%%02X", query[i])
		} else {
			b.WriteByte(query[i])
		}
	}
	return b.String()
}

func hostOf(u *url.URL) string {
	if u == nil {
		return ""
	}
	return u.Host
}
