package lint

import (
	"crypto/rsa"
	"crypto/x509"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
	zlint "github.com/zmap/zlint/v3/lint"
)

const citeSMC017 = "S/MIME Baseline Requirements 1.0.15, Ballot SMC017v2"

// When rules come into force that were published before.
var (
	longKeys       = time.Date(2027, 9, 15, 0, 0, 0, 0, time.UTC)  // SMC017v2: the keys of CAs that issue for users
	dedicatedRoots = time.Date(2028, 12, 31, 0, 0, 0, 0, time.UTC) // Mozilla, 7.5.3: one purpose for each root
)

// upcomingRules are about what serves today and will not be issued any more: what was
// issued before stays good.
func upcomingRules() []Rule {
	return []Rule{
		{
			Name:        "n_eku_forbidden_soon",
			Need:        needSigns,
			Description: "The certificate of a user has an extended key usage that publicly trusted CAs issue for mail until 2027-06-30 only: from then on there is e-mail protection and, beside it, client authentication. This one stays good; the next comes without, and whatever else it was used for needs a certificate of its own.",
			Citation:    citeSMC018,
			Source:      zlint.CABFSMIMEBaselineRequirements,
			Remedy:      "Ask the CA for a separate certificate for the other purpose before this one is renewed.",
			Confidence:  Documented,
			certificate: &certificateCheck{
				applies: func(c *chain.Certificate) bool {
					return isUser(c) && hasUsages(c) && underBaseline(c) && c.NotBefore().Before(onlyMail)
				},
				find: func(c *chain.Certificate) *say.Message {
					var names []string
					for _, u := range c.ExtKeyUsages() {
						if notForMailSoon(u) {
							names = append(names, chain.UsageName(u))
						}
					}
					if names == nil {
						return nil
					}
					return wrong("is also for %s", listed(names))
				},
			},
		},
		{
			Name:        "n_ca_key_short_soon",
			Need:        needPath,
			Description: "The RSA key of a publicly trusted CA has fewer than 3072 bits. From 2027-09-15 on such a CA issues no certificates of users. Those from before stay good; new ones come from another CA, which has to be rolled out too.",
			Citation:    citeSMC017,
			Source:      zlint.CABFSMIMEBaselineRequirements,
			Remedy:      "Ask the CA under which one it will issue then, and add that before certificates are renewed.",
			Confidence:  Documented,
			Applies: func(p *Pass) bool {
				found := false
				err := p.eachKnown(func(*Member, catalog.Entry, bool) { found = true })
				return found || err != nil
			},
			Run: func(p *Pass) error {
				return p.eachKnown(func(m *Member, e catalog.Entry, own bool) {
					if found := shortKey(m.Certificate, e, own); found != nil {
						p.ReportMessage(m, *found)
					}
				})
			},
			alone: &certificateCheck{
				applies: func(*chain.Certificate) bool { return true },
				find: func(c *chain.Certificate) *say.Message {
					return ofKnown(c, func(e catalog.Entry, own bool) *say.Message { return shortKey(c, e, own) })
				},
			},
		},
		{
			Name:        "n_anchor_dedicated_soon",
			Need:        needTrusted,
			Description: "The chain of a user ends in a root that Mozilla trusts for web servers and for e-mail. By 2028-12-31 its owner has to go over to roots for one of them each, so that this one may lose the trust for e-mail.",
			Citation:    "Mozilla Root Store Policy 3.1, 7.5.3",
			Source:      zlint.MozillaRootStorePolicy,
			Targets:     identityTargets,
			Remedy:      "Ask the CA under which root it will issue for e-mail then.",
			Confidence:  Documented,
			Applies:     hasUsers,
			Run: func(p *Pass) error {
				return p.eachAnchor(func(s start, e catalog.Entry) {
					if trustedByMozilla(e) && e.MozillaTLS.Trust == catalog.Yes && p.Time.Before(dedicatedRoots) {
						p.Report(s.member, "Mozilla trusts %s for web servers too", quoteName(e.Subject))
					}
				})
			},
		},
	}
}

// rsaBits returns the length of an RSA key, 0 for what is none.
func rsaBits(key []byte) int {
	parsed, err := x509.ParsePKIXPublicKey(key)
	if k, ok := parsed.(*rsa.PublicKey); ok && err == nil {
		return k.N.BitLen()
	}
	return 0
}

// shortKey says that the key of a CA of the catalogue is too short for what comes: of the
// certificate itself, or of its issuer.
func shortKey(c *chain.Certificate, e catalog.Entry, own bool) *say.Message {
	bits := rsaBits(e.Key)
	if k := c.PublicKey(); own && k.Algorithm == "RSA" {
		bits = k.Bits
	}
	switch {
	case e.Kind != catalog.Intermediate || bits == 0 || bits >= 3072 || !e.NotAfter.After(longKeys) || e.Revoked != nil:
		return nil
	case own:
		return wrong("has an RSA key of %d bits", bits)
	}
	return wrong("its issuer %s has an RSA key of %d bits", quoteName(e.Subject), bits)
}
