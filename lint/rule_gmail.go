package lint

import (
	"crypto"
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
)

// gmailRules are what Google publishes of the certificates that Gmail takes. What else
// stands in its tables, about policies and extended key usages, is not looked at.
func gmailRules() []Rule {
	return []Rule{
		{
			Name:        "e_gmail_profile",
			Need:        needPath,
			Description: "A certificate does not keep to the profile that Google publishes for Gmail: keys of RSA with 2048, 3072 or 4096 bits or on the curves P-256 and P-384; signatures of CAs with SHA-256, SHA-384 or SHA-512; certificates of users that are valid for at most 27 months and name a revocation list at a public http address. Gmail does not trust what is signed with it.",
			Citation:    citeGmail,
			Targets:     []Target{Gmail},
			Remedy:      "Have a certificate issued that keeps to it: the CA knows the profile.",
			Confidence:  Documented,
			Run: func(p *Pass) error {
				for _, m := range p.Collection.Members {
					if m.readable() {
						for _, text := range againstGmail(m.Certificate) {
							p.ReportMessage(m, text)
						}
					}
				}
				return nil
			},
			alone: &certificateCheck{applies: func(*chain.Certificate) bool { return true }, find: func(c *chain.Certificate) *say.Message {
				list := againstGmail(c)
				if len(list) == 0 {
					return nil
				}
				all := say.Join(list...)
				return &all
			}},
		},
	}
}

// againstGmail says in what a certificate is not of the profile.
func againstGmail(c *chain.Certificate) []say.Message {
	var list []say.Message
	switch k := c.PublicKey(); {
	case k.Algorithm == "RSA" && slices.Contains([]int{2048, 3072, 4096}, k.Bits):
	case slices.Contains([]string{"P-256", "P-384"}, k.Curve):
	default:
		list = append(list, say.New("has a key of the kind %s", k))
	}
	if !c.SelfSigned() && !slices.Contains([]crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512}, c.SignatureHash()) {
		list = append(list, say.New("is signed with another digest than SHA-256, SHA-384 and SHA-512"))
	}
	if !isUser(c) || c.SelfSigned() {
		return list
	}
	if c.NotAfter().After(c.NotBefore().AddDate(0, 27, 1)) {
		list = append(list, say.New("is valid for %s", say.Count(validDays(c), "1 day", "%d days")))
	}
	if !hasPublic(c.CRLDistributionPoints()) {
		list = append(list, say.New("names no revocation list at a public http address"))
	}
	return list
}
