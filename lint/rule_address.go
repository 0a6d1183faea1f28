package lint

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
	zlint "github.com/zmap/zlint/v3/lint"
	"golang.org/x/net/idna"
)

const (
	citeOutlookIOS  = "Microsoft, S/MIME for Outlook for iOS and Android"
	citeAppleEmail  = "Apple, SecPolicyServer.c, SecPolicyCheckEmail"
	citeMailboxInBR = "S/MIME Baseline Requirements 7.1.4.2.1"
)

// appleSANOnly is the date from which on Apple reads addresses from the subject
// alternative name alone, in certificates under a root of its store.
var appleSANOnly = time.Date(2022, 4, 1, 0, 0, 0, 0, time.UTC)

// noCertificate is what people see when no certificate fits an address.
var noCertificate = []say.Text{
	"Outlook for iOS: no certificate is available.",
	"OWA and Outlook: no certificate is found for the sender or the recipient.",
}

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

// fromSomebody reports whether there is mail that says whom it is from.
func (p *Pass) fromSomebody() bool {
	return slices.ContainsFunc(p.Collection.Files[0].Messages, func(m bundle.Message) bool { return len(m.From) > 0 })
}

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

// addressesOf returns the addresses of a certificate in the order in which
// CryptoAPI looks for them: the subject alternative name, then the subject.
func addressesOf(c *chain.Certificate) []string {
	a := c.Addresses()
	return slices.Concat(a.RFC822, a.Subject)
}

// hasAddress reports whether there is one that every program reads.
func hasAddress(c *chain.Certificate) bool { return len(addressesOf(c)) > 0 }

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
