package lint

import (
	"net/netip"
	"net/url"
	"strings"
	"unicode"
)

// hasPublic reports whether one of the addresses can be asked by HTTP from the
// internet, as far as its name tells.
func hasPublic(addresses []string) bool {
	for _, a := range addresses {
		u, err := url.Parse(a)
		if err != nil || !strings.EqualFold(u.Scheme, "http") && !strings.EqualFold(u.Scheme, "https") {
			continue
		}
		if host := strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")); isPublicHost(host) {
			return true
		}
	}
	return false
}

// hasBlank reports whether one of the addresses would be public but for white space or
// control characters around it, which no URI has (RFC 3986, Section 2).
func hasBlank(addresses []string) bool {
	for _, a := range addresses {
		trimmed := strings.TrimFunc(a, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
		if trimmed != a && hasPublic([]string{trimmed}) {
			return true
		}
	}
	return false
}

// internalDomains are top-level names that are not on the internet: those of
// RFC 6762, Appendix G, of RFC 6761 that never resolve, and the one that ICANN
// has set aside.
var internalDomains = []string{
	".local", ".localhost", ".internal", ".intranet", ".private", ".corp", ".home", ".lan", ".invalid", ".home.arpa",
}

func isPublicHost(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsGlobalUnicast() && !ip.IsPrivate()
	}
	if !strings.Contains(host, ".") {
		return false
	}
	for _, suffix := range internalDomains {
		if strings.HasSuffix(host, suffix) {
			return false
		}
	}
	return true
}
