package lint

import (
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

// pfxIdentityRules are about the private keys of a PFX and the certificates that belong to
// them.
func pfxIdentityRules() []Rule {
	return []Rule{
		{
			Name:        "e_pfx_no_private_key",
			Need:        needIdentity,
			Description: "The PFX holds no private key. It is a list of certificates and gives nobody an identity.",
			Citation:    "RFC 7292, Section 4.2; Apple, com.apple.security.pkcs12",
			Targets:     identityTargets,
			Remedy:      "Export the certificate again, with its private key.",
			Confidence:  Documented,
			Symptoms:    []say.Text{"The import says nothing, and no certificate is offered for signing."},
			Applies:     isOpenPFX,
			Run: func(p *Pass) error {
				if len(p.pfx().Identities) == 0 {
					p.Report(nil, "holds no private key")
				}
				return nil
			},
		},
		{
			Name:        "e_pfx_several_identities",
			Need:        needIdentity,
			Description: "The PFX holds more than one private key. Apple's profiles and Intune take one identity for each file, and which one is not said.",
			Citation:    "Apple, com.apple.security.pkcs12: only one certificate may be included; " + citeIntuneModule,
			Targets:     []Target{OutlookIOS, AppleMail, Intune},
			Remedy:      "Split it: one PFX for each private key, with the certificates above it.",
			Command:     "smimechain rewrite -for TARGET -identity N -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  Documented,
			Applies:     isOpenPFX,
			Run: func(p *Pass) error {
				if n := len(p.pfx().Identities); n > 1 {
					p.Report(nil, "holds %s", say.Count(n, "1 private key", "%d private keys"))
				}
				return nil
			},
		},
		{
			Name:        "e_pfx_key_certificate_mismatch",
			Need:        needIdentity,
			Description: "A private key of the PFX fits none of its certificates, is paired with one for another key, or is damaged.",
			Citation:    "RFC 7292, Section 4.2; " + citeAppleImport,
			Targets:     identityTargets,
			Remedy:      "Export again the certificate that was issued for this key; a renewed certificate often has a new one.",
			Confidence:  Inferred,
			Symptoms:    []say.Text{"The import says nothing, and no certificate is offered for signing.", "Mail cannot be decrypted."},
			Applies:     func(p *Pass) bool { return isOpenPFX(p) && len(p.pfx().Identities) > 0 },
			Run: func(p *Pass) error {
				for _, id := range p.pfx().Identities {
					bag := p.pfx().Bag(id.Key)
					switch {
					case bag != nil && bag.Key != nil && bag.Key.Damaged():
						p.Report(nil, "the private key in bag %s is damaged: its private half does not belong to its public one", id.Key)
					case id.Matches == pkcs12.No:
						p.Report(nil, "the private key in bag %s does not belong to the certificate in bag %s", id.Key, id.Leaf)
					case id.Leaf == nil:
						p.Report(nil, "no certificate belongs to the private key in bag %s", id.Key)
					}
				}
				return nil
			},
		},
	}
}
