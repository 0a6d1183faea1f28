package lint

import (
	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	zlint "github.com/zmap/zlint/v3/lint"
)

// Longest validity periods, in days of 86400 seconds.
const (
	maxDaysStrict = 825  // Multipurpose and Strict
	maxDaysLegacy = 1185 // Legacy, and Apple for all
)

// validityRules are about how long the certificate of a user is valid, and under
// which policy it was issued.
func validityRules() []Rule {
	return []Rule{
		{
			Name:          "e_validity_apple",
			Need:          needValid,
			Description:   "The certificate of a user, from 2022-04-01 on and under a root of Apple's store, is valid for more than 1185 days. Apple refuses it.",
			Citation:      "Apple, SecPolicy.c, set_smime_validity_periods",
			Source:        zlint.AppleRootStorePolicy,
			EffectiveDate: appleSANOnly,
			Targets:       []Target{AppleMail},
			Remedy:        "Have a certificate issued with a shorter validity period.",
			Confidence:    VendorSource,
			Symptoms:      []say.Text{"Apple Mail shows the signature as not trusted."},
			Applies:       hasUserUnderApple,
			Run: func(p *Pass) error {
				return p.underAppleFind(tooLongForApple)
			},
			alone: underAppleRoot(tooLongForApple),
		},
		{
			Name:          "w_validity_baseline",
			Need:          needValid,
			Description:   "The certificate of a user is valid for longer than its policy allows: 825 days for Multipurpose and Strict, 1185 days for Legacy. Each second beyond a day counts as another day.",
			Citation:      "S/MIME Baseline Requirements 6.3.2",
			Source:        zlint.CABFSMIMEBaselineRequirements,
			EffectiveDate: baselineStart,
			Remedy:        "Ask the CA: the certificate was issued against the rules, and may be revoked for it.",
			Confidence:    Documented,
			certificate: &certificateCheck{
				applies: func(c *chain.Certificate) bool { return isUser(c) && underBaseline(c) },
				find: func(c *chain.Certificate) *say.Message {
					limit := maxDaysStrict
					if underLegacy(c) {
						limit = maxDaysLegacy
					}
					if n := validDays(c); n > limit {
						return wrong("is valid for %s, its policy allows %d", say.Count(n, "1 day", "%d days"), limit)
					}
					return nil
				},
			},
		},
		{
			Name:        "n_validity_gmail",
			Need:        needValid,
			Description: "The certificate of a user is valid for more than 27 months. The profile that Google publishes for Gmail allows no more.",
			Citation:    citeGmail,
			Source:      zlint.Community,
			Remedy:      "Where recipients at Gmail matter, have a certificate issued with a shorter validity period.",
			Confidence:  Documented,
			certificate: &certificateCheck{
				applies: isUser,
				find: func(c *chain.Certificate) *say.Message {
					if c.NotAfter().After(c.NotBefore().AddDate(0, 27, 1)) {
						return wrong("is valid for %s", say.Count(validDays(c), "1 day", "%d days"))
					}
					return nil
				},
			},
		},
		{
			Name:          "n_policy_missing",
			Need:          needSigns,
			Description:   "The certificate of a user leads to a root that Mozilla trusts for e-mail, and none of the policies of the S/MIME Baseline Requirements is in it.",
			Citation:      "S/MIME Baseline Requirements 7.1.2.3 a",
			Source:        zlint.CABFSMIMEBaselineRequirements,
			EffectiveDate: baselineStart,
			Targets:       identityTargets,
			Remedy:        "Ask the CA which kind of certificate it is: mailbox, organisation, sponsor or individual validated; Legacy, Multipurpose or Strict.",
			Confidence:    Documented,
			Applies:       hasUsers,
			Run: func(p *Pass) error {
				starts, err := p.userStarts()
				if err != nil {
					return err
				}
				for _, s := range starts {
					if none := withoutPolicy(s.member.Certificate); none != nil && p.everyAnchor(s, trustedByMozilla) {
						p.ReportMessage(s.member, *none)
					}
				}
				return nil
			},
			alone: underRoots(true, trustedByMozilla, withoutPolicy),
		},
	}
}

// tooLongForApple says that a certificate is valid for longer than Apple allows, which
// compares the two times and does not count the last second.
func tooLongForApple(c *chain.Certificate) *say.Message {
	if c.NotAfter().Sub(c.NotBefore()) <= maxDaysLegacy*day {
		return nil
	}
	return wrong("is valid for more than the %d days that Apple allows", maxDaysLegacy)
}

// withoutPolicy says that a certificate from since there are the S/MIME Baseline
// Requirements holds none of their policies.
func withoutPolicy(c *chain.Certificate) *say.Message {
	if c.NotBefore().Before(baselineStart) || underBaseline(c) {
		return nil
	}
	return wrong("holds no policy of the S/MIME Baseline Requirements")
}
