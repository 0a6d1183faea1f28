package lint

import (
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
	zlint "github.com/zmap/zlint/v3/lint"
)

// caRules are about single certificates of CAs.
func caRules() []Rule {
	return []Rule{
		{
			Name:        "e_ca_eku_without_email_protection",
			Need:        needPath,
			Description: "The certificate of a CA lists extended key usages, and e-mail protection is not among them. Nothing below it serves for mail: Windows intersects the usages along a chain.",
			Citation:    "S/MIME Baseline Requirements 7.1.2.2 g; RFC 5280, Section 4.2.1.12",
			Source:      zlint.CABFSMIMEBaselineRequirements,
			Targets:     []Target{ExchangeOnline},
			Remedy:      "Take the CA for e-mail of the same provider in its place; the CA for web servers has a name much like it.",
			Confidence:  Documented,
			Symptoms:    untrusted,
			certificate: &certificateCheck{
				applies: func(c *chain.Certificate) bool { return c.IsCA() && hasUsages(c) },
				find: func(c *chain.Certificate) *say.Message {
					if allowsEmail(c) {
						return nil
					}
					return wrong("may issue for %s only", usageNames(c))
				},
			},
		},
		{
			Name:        "e_ca_for_web_servers",
			Need:        needPath,
			Description: "The certificate is that of a CA for web servers, whose provider has another one for e-mail.",
			Citation:    "CCADB, trust of Mozilla and Microsoft: none for e-mail; Sectigo, Public Root CAs Migration",
			Source:      zlint.MozillaRootStorePolicy,
			Targets:     []Target{ExchangeOnline},
			Remedy:      "Put the CA of the same provider for e-mail in its place.",
			Confidence:  Documented,
			Symptoms:    untrusted,
			Applies:     hasCAs,
			Run: func(p *Pass) error {
				for _, m := range p.Collection.Members {
					if m.isCA() && m.Certificate != nil {
						if found := forWebServers(p.Catalog, m.Certificate); found != nil {
							p.ReportMessage(m, *found)
						}
					}
				}
				return nil
			},
			alone: &certificateCheck{
				applies: (*chain.Certificate).IsCA,
				find:    func(c *chain.Certificate) *say.Message { return forWebServers(catalog.Default(), c) },
			},
		},
		{
			Name:        "w_ca_key_weak",
			Need:        needPath,
			Description: "The RSA key of a CA has fewer than 2048 bits, which Apple refuses.",
			Citation:    "S/MIME Baseline Requirements 6.1.5; Apple, SecPolicy.c",
			Source:      zlint.CABFSMIMEBaselineRequirements,
			Remedy:      "Have the chain issued anew under a CA with a stronger key.",
			Confidence:  Documented,
			certificate: &certificateCheck{
				applies: (*chain.Certificate).IsCA,
				find: func(c *chain.Certificate) *say.Message {
					if k := c.PublicKey(); k.Algorithm == "RSA" && k.Bits < 2048 {
						return wrong("has an RSA key of %d bits", k.Bits)
					}
					return nil
				},
			},
		},
		{
			Name:        "w_ca_signature_weak",
			Need:        needPath,
			Description: "The certificate of a CA is signed with MD5 or SHA-1 by another CA. Apple refuses such signatures; the one on a self-signed certificate does not count. Publicly trusted CAs had to revoke such certificates by 2026-09-15.",
			Citation:    citeWeakHash + "; S/MIME Baseline Requirements 1.0.14, Ballot SMC016",
			Source:      zlint.AppleRootStorePolicy,
			Remedy:      "Ask the CA for the same certificate signed with SHA-256, or take another path.",
			Confidence:  Documented,
			certificate: &certificateCheck{
				applies: isSubordinate,
				find:    findWeakSignature,
			},
		},
	}
}

// webFamilies are CAs for web servers that are mistaken for those for e-mail.
var webFamilies = []struct{ name, counterpart string }{
	{"GlobalSign Root R46", "GlobalSign Secure Mail Root R45"},
	{"GlobalSign Root E46", "GlobalSign Secure Mail Root E45"},
	{"Sectigo Public Server Authentication Root R46", "Sectigo Public Email Protection Root R46"},
	{"Sectigo Public Server Authentication Root E46", "Sectigo Public Email Protection Root E46"},
	{"Sectigo Public Server Authentication CA ", "Sectigo Public Email Protection CA R36 (E36 for elliptic curves)"},
	{"SwissSign RSA TLS Root CA 2022", "SwissSign RSA SMIME Root CA 2022"},
}

// forWebServers says that a CA serves for web servers only, where that is known.
func forWebServers(known *catalog.Catalog, c *chain.Certificate) *say.Message {
	for _, f := range webFamilies {
		if strings.HasPrefix(chain.CommonName(c.Subject()), f.name) {
			return wrong("serves for web servers only; for e-mail there is %q", f.counterpart)
		}
	}
	if e, ok := known.ByFingerprint(c.SHA256()); ok && trustedForWebOnly(e) {
		return wrong("serves for web servers only: no root programme trusts it for e-mail")
	}
	return nil
}
