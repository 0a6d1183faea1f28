package lint

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"golang.org/x/net/idna"
)

// mailbox returns the addresses of the mailbox that count for the target.
func (p *Pass) mailbox() []string {
	own := []string{p.Facts.PrimarySMTP}
	row := p.Target.row()
	if config := p.smimeConfig(); row.anyAddress || row.proxies && (config == nil || config.UseSecondaryProxies) {
		own = append(own, p.Facts.ProxyAddresses...)
	}
	return own
}

// matches reports whether one of the addresses is that of the mailbox.
func (p *Pass) matches(addresses []string) bool {
	return containsAnyFold(addresses, p.mailbox())
}

// secondaryOnly reports whether a proxy address would match if it counted.
func (p *Pass) secondaryOnly(addresses []string) bool {
	return p.Target.row().proxies && containsAnyFold(addresses, p.Facts.ProxyAddresses)
}

// fromSomebody reports whether there is mail that says whom it is from.
func (p *Pass) fromSomebody() bool {
	return slices.ContainsFunc(p.Collection.Files[0].Messages, func(m bundle.MailMessage) bool { return len(m.From) > 0 })
}

// addressesOf returns the addresses of a certificate in the order in which
// CryptoAPI looks for them: the subject alternative name, then the subject.
func addressesOf(c *chain.Certificate) []string {
	a := c.Addresses()
	return slices.Concat(a.RFC822, a.Subject)
}

// hasAddress reports whether there is one that every program reads.
func hasAddress(c *chain.Certificate) bool { return len(addressesOf(c)) > 0 }

// addressSet returns the addresses of a certificate, sorted, without repetition.
func addressSet(m *Member) []string {
	var set []string
	for _, a := range addressesOf(m.Certificate) {
		set = append(set, lowerASCII(a))
	}
	return sortCompact(set)
}

func containsFold(list []string, s string) bool { return indexFold(list, s) >= 0 }

// indexFold finds an address as [foldAddress] writes it.
func indexFold(list []string, s string) int {
	s = foldAddress(s)
	return slices.IndexFunc(list, func(a string) bool { return foldAddress(a) == s })
}

// containsAnyFold is containsFold for one of several: a certificate and a mailbox
// may each have thousands.
func containsAnyFold(list, some []string) bool {
	in := make(map[string]bool, len(some))
	for _, s := range some {
		in[foldAddress(s)] = true
	}
	return slices.ContainsFunc(list, func(a string) bool { return in[foldAddress(a)] })
}

// foldAddress writes an address as addresses are compared: without regard to upper and
// lower case in ASCII, and the domain in ASCII (RFC 5280, Section 7.5; RFC 9598, Section 5),
// which for an internationalised one are its A-labels.
func foldAddress(s string) string {
	s = lowerASCII(s)
	at := strings.LastIndexByte(s, '@')
	if at < 0 || !utf8.ValidString(s) || !strings.ContainsFunc(s[at:], func(c rune) bool { return c > unicode.MaxASCII }) {
		return s
	}
	domain, err := idna.Lookup.ToASCII(s[at+1:])
	if err != nil {
		return s
	}
	return s[:at+1] + domain
}

// lowerASCII leaves all octets beyond ASCII as they are: other letters have
// lower cases that are also those of ASCII letters, as the Kelvin sign has, and
// what is not UTF-8 is still not the same.
func lowerASCII(s string) string {
	for i := range len(s) {
		if 'A' <= s[i] && s[i] <= 'Z' {
			b := []byte(s)
			for i, c := range b {
				if 'A' <= c && c <= 'Z' {
					b[i] = c + 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}

// distinct returns the addresses, each once, in the order in which they first
// stand: most certificates hold theirs in the subject and in the SAN.
func distinct(addresses []string) []string {
	var list []string
	seen := map[string]bool{}
	for _, a := range addresses {
		if !seen[a] {
			seen[a] = true
			list = append(list, a)
		}
	}
	return list
}
