package lint

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
)

// revocationRules are about where a certificate says that more can be fetched.
// Whether it can be is not looked at.
func revocationRules() []Rule {
	return []Rule{
		{
			Name:        "e_crl_no_public_address",
			Need:        needRevocation,
			Description: "The certificate of a user names no revocation list that can be fetched from the internet by HTTP. Exchange Online then takes the certificate for invalid, and Outlook for iOS relies on Exchange Online.",
			Citation:    citeOutlookIOS + ", prerequisites; Microsoft, Set-SmimeConfig, parameter OWADisableCRLCheck; S/MIME Baseline Requirements 7.1.2.3 b",
			Targets:     slices.Concat([]Target{ExchangeOnline}, outlookMobile),
			Remedy:      "The CA has to publish its revocation list at a public http address and name it in certificates issued from then on. Until then only Set-SmimeConfig -OWADisableCRLCheck $true helps, for OWA alone.",
			Confidence:  Documented,
			Symptoms: []say.Text{
				"OWA, reading: the online certificate revocation list (CRL) that the certificate chain relies on is currently offline.",
				"Outlook for iOS and Android: can't verify signature, while classic Outlook finds nothing wrong.",
			},
			Applies: func(p *Pass) bool {
				config := p.smimeConfig()
				return hasUsers(p) && !(p.Target.row().collects && config != nil && config.DisableCRLCheck)
			},
			Run: func(p *Pass) error {
				for _, m := range p.users {
					if found := foundCRL(m.Certificate); found != nil && !m.Certificate.SelfSigned() {
						p.ReportMessage(m, *found)
					}
				}
				return nil
			},
			alone: &certificateCheck{applies: func(c *chain.Certificate) bool { return isUser(c) && !c.SelfSigned() }, find: foundCRL},
		},
		{
			Name:        "w_aia_no_public_address",
			Need:        needRevocation,
			Description: "The certificate of a user does not say where the certificate of its issuer can be fetched by HTTP. Then every certificate between it and the root has to be in the collection.",
			Citation:    citeCollection + "; S/MIME Baseline Requirements 7.1.2.3 c",
			Targets:     slices.Concat([]Target{ExchangeOnline}, outlookMobile),
			Remedy:      "Put every intermediate certificate into the collection.",
			Confidence:  Documented,
			Symptoms:    untrusted,
			certificate: &certificateCheck{
				applies: func(c *chain.Certificate) bool { return isUser(c) && !c.SelfSigned() },
				find: func(c *chain.Certificate) *say.Message {
					if hasPublic(c.AIA()) {
						return nil
					}
					return wrong("names no public address of the certificate of its issuer")
				},
			},
		},
	}
}

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
