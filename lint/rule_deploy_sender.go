package lint

import (
	"slices"

	"github.com/smimechain/smimechain/chain"
)

// maxDirectoryCertificates is how many values Microsoft Entra Connect takes of
// each attribute with certificates.
const maxDirectoryCertificates = 15

// senderRules hold the certificates of users against the settings of the tenant,
// which are a fact or a file given beside the certificates.
func senderRules() []Rule {
	return []Rule{
		deployRule(ExchangeOnline, "w_owa_signing_certificate_tie", Documented, "Microsoft, Set-SmimeConfig, parameter OWAAllowUserChoiceOfSigningCertificate",
			"Two certificates for signing begin to be valid at the same second, and users may not choose. Which of the two Outlook on the web signs with is not specified.",
			"Revoke or remove one of the two, or let users choose: Set-SmimeConfig -OWAAllowUserChoiceOfSigningCertificate $true",
			artefactCheck{
				applies: func(p *Pass) bool {
					c := p.smimeConfig()
					return c != nil && !c.AllowUserChoice && hasUsers(p)
				},
				run: runSigningTie,
			}),
		withFacts(deployRule(ExchangeOnline, "w_owa_other_address", Observed, "User report to MicrosoftDocs/office-docs-powershell",
			"The certificate is for another address than the mailbox has, and a setting is made that looks like a remedy: to let users choose the certificate, or to show attributes of the sender's. Neither makes Outlook on the web send with such a certificate.",
			"Have the certificate issued for the primary SMTP address of the mailbox.",
			artefactCheck{
				applies: func(p *Pass) bool {
					c := p.smimeConfig()
					return c != nil && (c.AllowUserChoice || c.ShowsSenderAttributes) && hasUsers(p)
				},
				run: runOtherAddress,
			}), factPrimarySMTP),
		withFacts(deployRule(ExchangeOnline, "e_directory_certificates_too_many", Documented, "Microsoft Entra Connect, LargeObject errors caused by userCertificate",
			"An attribute of the user holds more than 15 certificates. Microsoft Entra Connect then exports none of them, so that nobody finds one to encrypt with.",
			"Remove expired certificates from userCertificate and userSMIMECertificate.",
			artefactCheck{
				applies: func(p *Pass) bool { return p.Facts.has(factDirectoryCertificates) && hasUsers(p) },
				run: func(p *Pass) error {
					if n := p.Facts.DirectoryCertificates; n > maxDirectoryCertificates {
						p.Report(nil, "the directory holds %d certificates in one attribute, and %d are allowed", n, maxDirectoryCertificates)
					}
					return nil
				},
			}), factDirectoryCertificates),
	}
}

func runSigningTie(p *Pass) error {
	type key struct {
		address string
		begin   int64 // seconds
	}
	first := map[key]*Member{}
	for _, m := range p.users {
		if !m.Certificate.Allows(chain.Sign) || !allowsEmail(m.Certificate) || p.expired(m.Certificate.NotAfter()) {
			continue
		}
		for _, address := range distinct(addressesOf(m.Certificate)) {
			k := key{lowerASCII(address), m.Certificate.NotBefore().Unix()}
			if earlier, ok := first[k]; ok && earlier.sha256 != m.sha256 {
				p.Report(m, "begins at the same second as certificate %d of %s, and both are for %s", earlier.Index, earlier.File.Name, address)
				break
			}
			first[k] = m
		}
	}
	return nil
}

func runOtherAddress(p *Pass) error {
	own := slices.Concat([]string{p.Facts.PrimarySMTP}, p.Facts.ProxyAddresses)
	for _, m := range p.users {
		addresses := addressesOf(m.Certificate)
		if len(addresses) > 0 && !containsAnyFold(own, addresses) {
			p.Report(m, "holds %s; the mailbox has %s", listed(distinct(addresses)), listed(own))
		}
	}
	return nil
}
