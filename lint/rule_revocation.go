package lint

import (
	"slices"

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
