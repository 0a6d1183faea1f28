package lint

import (
	"slices"

	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
	zlint "github.com/zmap/zlint/v3/lint"
)

// soonDistrusted is how long before its date a distrust is announced.
const soonDistrusted = 2 * 365 * day

// anchorRules hold the root of a chain against what root programmes say of it.
// Where a programme says nothing, neither do they.
func anchorRules() []Rule {
	return []Rule{
		{
			Name:        "w_anchor_not_in_apple_store",
			Need:        needTrusted,
			Description: "The chain of a user ends in a root that Apple does not trust. It has to be installed on each device; people outside see a signature that is not trusted.",
			Citation:    "Apple, security_certificates 55349.0.11",
			Source:      zlint.AppleRootStorePolicy,
			Targets:     []Target{AppleMail},
			Remedy:      "Send a path along that leads to an older root of the same CA, or install the root with a profile.",
			Confidence:  VendorSource,
			Symptoms:    []say.Text{"Apple Mail shows the signature as not trusted."},
			Applies:     hasUsers,
			Run: func(p *Pass) error {
				return p.reportAnchors("Apple does not trust the root %s", func(e catalog.Entry) bool { return e.Apple.Trust == catalog.No })
			},
		},
		{
			Name:        "w_anchor_not_in_microsoft_store",
			Need:        needTrusted,
			Description: "The chain of a user ends in a root that Microsoft does not trust for e-mail. It has to be rolled out to each machine; people outside see a signature that is not trusted.",
			Citation:    "Microsoft, trusted root programme",
			Targets:     []Target{Windows},
			Remedy:      "Send a path along that leads to another root of the same CA, or roll the root out by policy.",
			Confidence:  Documented,
			Symptoms:    []say.Text{"Outlook shows the signature as not trusted."},
			Applies:     hasUsers,
			Run: func(p *Pass) error {
				return p.reportAnchors("Microsoft does not trust the root %s for e-mail", func(e catalog.Entry) bool { return e.Microsoft.Trust == catalog.No })
			},
		},
		{
			Name:        "n_anchor_not_in_mozilla_store",
			Need:        needTrusted,
			Description: "The chain of a user ends in a root that Mozilla does not trust for e-mail. People who use Thunderbird see a signature that is not trusted.",
			Citation:    "Mozilla, NSS certdata.txt",
			Source:      zlint.MozillaRootStorePolicy,
			Targets:     identityTargets,
			Remedy:      "Where correspondents with Thunderbird matter, send a path along that leads to another root of the same CA.",
			Confidence:  VendorSource,
			Applies:     hasUsers,
			Run: func(p *Pass) error {
				return p.reportAnchors("Mozilla does not trust the root %s for e-mail", func(e catalog.Entry) bool { return e.Mozilla.Trust == catalog.No })
			},
		},
		{
			Name:        "w_anchor_distrusted_by_mozilla",
			Need:        needTrusted,
			Description: "The certificate of a user was issued after the date up to which Mozilla takes new S/MIME certificates under the root.",
			Citation:    "Mozilla Root Store Policy 7.4; Mozilla, Root CA Lifecycles",
			Source:      zlint.MozillaRootStorePolicy,
			Targets:     identityTargets,
			Remedy:      "Have the certificate issued under a newer root, or send a path along that leads to one.",
			Confidence:  Documented,
			Symptoms:    []say.Text{"Thunderbird shows the signature as not trusted; other programs do not."},
			Applies:     hasUsers,
			Run: func(p *Pass) error {
				return p.eachAnchor(func(s start, e catalog.Entry) {
					if end := e.Mozilla.DistrustAfter; !end.IsZero() && s.member.Certificate.NotBefore().After(end) {
						p.Report(s.member, "was issued after %s, up to when Mozilla takes certificates under %s", date(end), quoteName(e.Subject))
					}
				})
			},
		},
		{
			Name:        "n_anchor_distrusted_soon_by_mozilla",
			Need:        needTrusted,
			Description: "Within two years Mozilla is to stop taking new S/MIME certificates under the root: the date follows from the age of its key. Certificates from before stay good; other root programmes and web servers are another matter.",
			Citation:    "Mozilla Root Store Policy 7.4; Mozilla, Root CA Lifecycles",
			Source:      zlint.MozillaRootStorePolicy,
			Targets:     identityTargets,
			Remedy:      "Ask the CA under which root it will issue then.",
			Confidence:  Documented,
			Applies:     hasUsers,
			Run: func(p *Pass) error {
				return p.eachAnchor(func(s start, e catalog.Entry) {
					end := e.Mozilla.DistrustAfter
					if !end.IsZero() && !s.member.Certificate.NotBefore().After(end) && end.Sub(p.Time) < soonDistrusted {
						p.Report(s.member, "from %s on Mozilla takes no new certificates under %s", date(end), quoteName(e.Subject))
					}
				})
			},
		},
		{
			Name:        "w_anchor_entrust_apple",
			Need:        needTrusted,
			Description: "The chain ends in a root of Entrust, and the certificate of the user is from after 2024-11-15. Apple takes no certificates from after that date under these roots.",
			Citation:    "Entrust, Apple Changes Regarding Entrust Roots",
			Source:      zlint.AppleRootStorePolicy,
			Targets:     []Target{AppleMail},
			Remedy:      "Have the certificate issued under a root of another CA.",
			Confidence:  Documented,
			Symptoms:    []say.Text{"Apple Mail shows the signature as not trusted."},
			Applies:     hasUsers,
			Run: func(p *Pass) error {
				starts, err := p.userStarts()
				if err != nil {
					return err
				}
				for _, s := range starts {
					if len(s.result.Accepted) > 0 && s.member.Certificate.NotBefore().After(appleEntrust) && !slices.ContainsFunc(s.result.Accepted, notEntrust) {
						p.Report(s.member, "was issued after %s under %s", date(appleEntrust), quoteName(s.result.Accepted[0].Anchor().Subject()))
					}
				}
				return nil
			},
		},
	}
}

// reportAnchors reports users whose chains end in roots of the kind only.
func (p *Pass) reportAnchors(format say.Text, is func(catalog.Entry) bool) error {
	starts, err := p.userStarts()
	if err != nil {
		return err
	}
	for _, s := range starts {
		if p.everyAnchor(s, is) {
			anchor := s.result.Accepted[0].Anchor()
			p.reportAdding(s.member, say.New(format, quoteName(anchor.Subject())), p.unfit(anchor))
		}
	}
	return nil
}
