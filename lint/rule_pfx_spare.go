package lint

import zlint "github.com/zmap/zlint/v3/lint"

// pfxSpareRules are about certificates of a PFX that its identity does not need.
func pfxSpareRules() []Rule {
	return []Rule{
		{
			Name:        "w_pfx_expired_ca",
			Need:        needValid,
			Description: "The PFX holds a CA certificate that has expired and that the chain does not need.",
			Citation:    "RFC 5280, Section 4.1.2.5",
			Source:      zlint.RFC5280,
			Targets:     identityTargets,
			Remedy:      "Leave it out: writing the PFX anew does, as does the next export.",
			Command:     "smimechain rewrite -for TARGET -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  Inferred,
			Applies:     isPFX,
			Run: func(p *Pass) error {
				for _, m := range p.Collection.Members {
					if _, notAfter, ok := m.validity(); ok && p.expired(notAfter) {
						spare, err := p.spare(m)
						if err != nil {
							return err
						}
						if spare {
							p.Report(m, "%s", p.expiry(notAfter))
						}
					}
				}
				return nil
			},
		},
		{
			Name:        "n_pfx_extra_certificate",
			Need:        needIdentity,
			Description: "The PFX holds a certificate that is on no path of its user. An iPhone leaves it aside.",
			Citation:    citeAppleImport,
			Targets:     identityTargets,
			Remedy:      "Leave it out: writing the PFX anew does, as does the next export.",
			Command:     "smimechain rewrite -for TARGET -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  VendorSource,
			Applies:     func(p *Pass) bool { return isPFX(p) && hasUsers(p) },
			Run:         runExtra,
		},
	}
}

func runExtra(p *Pass) error {
	extra, err := p.extra()
	if err != nil {
		return err
	}
	for _, m := range p.Collection.Members {
		if extra[m] {
			p.Report(m, "is on no path of a user")
		}
	}
	return nil
}
