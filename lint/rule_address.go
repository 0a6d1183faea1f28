package lint

import (
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	zlint "github.com/zmap/zlint/v3/lint"
)

const (
	citeAppleEmail  = "Apple, SecPolicyServer.c, SecPolicyCheckEmail"
	citeMailboxInBR = "S/MIME Baseline Requirements 7.1.4.2.1"
)

// addressRules hold the addresses of a certificate against those of the mailbox.
// Each target compares in its own way:
//
//	target            compares                      with
//	exchange-online   primary address and proxies   the first rfc822Name, else the subject's
//	outlook-ios       primary address               any rfc822Name or the subject's
//	outlook-android   primary address               any rfc822Name or the subject's
//	apple-mail        address of the account        any rfc822Name; the subject's only under
//	                                                a private root or from before 2022-04-01
//	intune            UPN of the record             the user who is enrolled, not the certificate
//	windows           the user's address, to sign   not documented
//	others            any address of the mailbox    any: recipients compare (RFC 8550, Section 3)
func addressRules() []Rule {
	byMailbox := slices.Concat([]Target{ExchangeOnline, AppleMail}, outlookMobile)
	return []Rule{
		{
			Name:        "e_email_address_missing",
			Need:        needAddress,
			Description: "The certificate of a user holds no e-mail address at all, neither as rfc822Name in its subject alternative name nor as emailAddress in its subject.",
			Citation:    citeMailboxInBR + "; " + citeOutlookIOS,
			Source:      zlint.CABFSMIMEBaselineRequirements,
			Targets:     byMailbox,
			Remedy:      "Have the certificate issued anew with the primary SMTP address of the mailbox in its subject alternative name.",
			Confidence:  Documented,
			Symptoms:    noCertificate,
			certificate: &certificateCheck{
				applies: isUser,
				find: func(c *chain.Certificate) *say.Message {
					if hasAddress(c) || len(c.Addresses().SmtpUTF8) > 0 {
						return nil
					}
					return wrong("holds no e-mail address")
				},
			},
		},
		{
			Name:        "e_email_address_utf8_only",
			Need:        needAddress,
			Description: "The only address is a SmtpUTF8Mailbox. Apple and the Windows CryptoAPI read rfc822Name and nothing else.",
			Citation:    citeAppleEmail + "; Microsoft, CertGetNameStringW, CERT_NAME_EMAIL_TYPE; RFC 9598, Section 3",
			Targets:     byMailbox,
			Remedy:      "Give the mailbox an address in ASCII and have the certificate issued for it.",
			Confidence:  Documented,
			Symptoms:    noCertificate,
			certificate: &certificateCheck{
				applies: func(c *chain.Certificate) bool { return isUser(c) && len(c.Addresses().SmtpUTF8) > 0 },
				find: func(c *chain.Certificate) *say.Message {
					if hasAddress(c) {
						return nil
					}
					return wrong("holds its address only as SmtpUTF8Mailbox")
				},
			},
		},
		{
			Name:        "w_email_address_not_in_san",
			Need:        needAddress,
			Description: "An address in the subject is not repeated in the subject alternative name, where many programs look for it only.",
			Citation:    citeMailboxInBR + "; " + citeAppleEmail,
			Source:      zlint.CABFSMIMEBaselineRequirements,
			Remedy:      "Have the certificate issued anew with the address as rfc822Name in its subject alternative name.",
			Confidence:  Documented,
			Symptoms:    noCertificate,
			certificate: &certificateCheck{
				applies: func(c *chain.Certificate) bool { return isUser(c) && len(c.Addresses().Subject) > 0 },
				find: func(c *chain.Certificate) *say.Message {
					addresses := c.Addresses()
					inSAN := map[string]bool{}
					for _, a := range addresses.RFC822 {
						inSAN[lowerASCII(a)] = true
					}
					for _, a := range addresses.Subject {
						if !inSAN[lowerASCII(a)] {
							return wrong("the address %s of the subject is not in the subject alternative name", a)
						}
					}
					return nil
				},
			},
		},
		{
			Name:        "e_email_address_subject_only",
			Need:        needAddress,
			Description: "The address is in the subject only. In certificates from 2022-04-01 on, under a root of its own store, Apple reads it from the subject alternative name alone.",
			Citation:    citeAppleEmail + "; Apple Root Program Policy 2.0, 2.3: no CA issues such a certificate from 2027-02-01 on",
			Source:      zlint.AppleRootStorePolicy,
			Targets:     []Target{AppleMail},
			Remedy:      "Have the certificate issued anew with the address as rfc822Name in its subject alternative name.",
			Confidence:  VendorSource,
			Symptoms:    []say.Text{"Apple Mail offers no certificate for the account, or shows the signature as not belonging to the sender."},
			Applies:     hasUserUnderApple,
			Run: func(p *Pass) error {
				return p.underAppleFind(subjectOnly)
			},
			alone: underAppleRoot(subjectOnly),
		},
		{
			Name:        "e_email_address_mismatch",
			Need:        needAddress,
			Description: "No address of the certificate is that of the mailbox: the primary SMTP address or, where not that one alone counts, one of the proxy addresses. Whatever program signs with it, recipients are told that it is another address.",
			Citation:    citeOutlookIOS + "; Microsoft, Set-SmimeConfig, parameter OWAUseSecondaryProxiesWhenFindingCertificates; " + citeAppleEmail + "; Microsoft, Outlook policy \"Do not check e-mail address against address of certificates being used\"; RFC 8550, Section 3",
			Remedy:      "Have the certificate issued for the primary SMTP address of the mailbox, or make the address of the certificate the primary one. The UPN does not matter here.",
			Confidence:  Documented,
			Symptoms:    noCertificate,
			Facts:       []Fact{factPrimarySMTP},
			Applies:     ofMailbox,
			Run:         runMismatch,
		},
		{
			Name:        "n_email_address_case",
			Need:        needAddress,
			Description: "The address of the certificate differs from that of the mailbox in upper and lower case only. Exchange Online and Apple disregard that; of Outlook for iOS it is not documented.",
			Citation:    citeOutlookIOS + "; " + citeAppleEmail,
			Targets:     byMailbox,
			Remedy:      "Nothing needs to be done as long as it works; use lower case in the next certificate.",
			Confidence:  Documented,
			Facts:       []Fact{factPrimarySMTP},
			Applies:     ofMailbox,
			Run: func(p *Pass) error {
				for _, m := range p.users {
					addresses := addressesOf(m.Certificate)
					for _, own := range p.mailbox() {
						if i := indexFold(addresses, own); i >= 0 && !slices.Contains(addresses, own) && lowerASCII(addresses[i]) == lowerASCII(own) {
							p.Report(m, "holds %s, the mailbox has %s", addresses[i], own)
							break
						}
					}
				}
				return nil
			},
		},
		{
			Name:        "w_email_address_not_first",
			Need:        needAddress,
			Description: "The address of the mailbox is in the certificate, but not as the first rfc822Name, which was seen to be the only one that Exchange compares.",
			Citation:    "Microsoft, CertGetNameStringW, CERT_NAME_EMAIL_TYPE: the first rfc822Name; that Exchange compares no other is observed",
			Targets:     []Target{ExchangeOnline},
			Remedy:      "Have the certificate issued with the primary address first, or with one address for each certificate.",
			Confidence:  Observed,
			Symptoms:    noCertificate,
			Facts:       []Fact{factPrimarySMTP},
			Applies:     ofMailbox,
			Run: func(p *Pass) error {
				for _, m := range p.users {
					addresses := addressesOf(m.Certificate)
					if p.matches(addresses) && !containsFold(p.mailbox(), addresses[0]) {
						p.Report(m, "the first address of the certificate is %s", addresses[0])
					}
				}
				return nil
			},
		},
		{
			Name:        "n_email_upn_differs",
			Need:        needAddress,
			Description: "The user principal name is not among the addresses of the certificate. Intune delivers to the user with that name whatever the certificate says; programs compare the primary SMTP address.",
			Citation:    "Microsoft Graph, userPFXCertificate, userPrincipalName",
			Targets:     []Target{Intune},
			Remedy:      "Make sure that the record in Intune names the user by UPN, and that the certificate is for the primary SMTP address.",
			Confidence:  Documented,
			Symptoms:    []say.Text{"The certificate was imported and never reaches the device."},
			Facts:       []Fact{factUPN},
			Applies:     ofMailbox,
			Run: func(p *Pass) error {
				for _, m := range p.users {
					if addresses := addressesOf(m.Certificate); len(addresses) > 0 && !containsFold(addresses, p.Facts.UPN) {
						p.Report(m, "holds %s, the UPN is %s", addresses[0], p.Facts.UPN)
					}
				}
				return nil
			},
		},
	}
}

// ofMailbox reports whether there are certificates that have to be those of the mailbox.
// What comes with mail is for the address that the mail is from.
func ofMailbox(p *Pass) bool { return hasUsers(p) && !p.fromSomebody() }

// subjectOnly says that a certificate holds its address in the subject only.
func subjectOnly(c *chain.Certificate) *say.Message {
	if a := c.Addresses(); len(a.RFC822) == 0 && len(a.Subject) > 0 {
		return wrong("holds the address %s in its subject only", a.Subject[0])
	}
	return nil
}

func runMismatch(p *Pass) error {
	for _, m := range p.users {
		addresses := addressesOf(m.Certificate)
		switch {
		case len(addresses) == 0, p.matches(addresses):
			// Without any address, e_email_address_missing speaks.
		case p.secondaryOnly(addresses):
			p.Report(m, "holds %s, a proxy address; OWAUseSecondaryProxiesWhenFindingCertificates is false, so that only the primary address %s counts",
				listed(addresses), p.Facts.PrimarySMTP)
		default:
			p.Report(m, "holds %s; the mailbox has %s", listed(distinct(addresses)), listed(p.mailbox()))
		}
	}
	return nil
}
