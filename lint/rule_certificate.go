package lint

import (
	"time"

	"github.com/smimechain/smimechain/lint/say"
	zlint "github.com/zmap/zlint/v3/lint"
)

// certificateRules are about what every certificate has.
func certificateRules() []Rule {
	return []Rule{
		{
			Name:        "e_certificate_expired",
			Need:        needValid,
			Description: "A certificate has expired. Exchange Online looks at every certificate of an upload and refuses the whole collection for one that has expired.",
			Citation:    citeSetSmimeConfig + "; RFC 5280, Section 4.1.2.5",
			Source:      zlint.RFC5280,
			Remedy:      "Remove the certificate from the file; if a chain needs it, put its successor in its place. Roll the successor out where it is that of a user, who keeps the old key to read old mail.",
			Confidence:  Documented,
			Symptoms: []say.Text{
				"Set-SmimeConfig fails and lists the thumbprints of expired certificates.",
				"Encrypt is greyed out, or no certificate is found for the recipient.",
			},
			Run: runExpired,
		},
		{
			Name:        "w_certificate_expires_soon",
			Need:        needValid,
			Description: "A certificate expires within 90 days (30 days for the certificate of a user). From that day on a new upload of the same collection fails.",
			Citation:    citeSetSmimeConfig + "; RFC 5280, Section 4.1.2.5",
			Source:      zlint.RFC5280,
			Remedy:      "Replace the certificate before that date.",
			Confidence:  Documented,
			Symptoms:    []say.Text{"Outlook for iOS and Android warns that the certificate expires within 30 days."},
			Run:         runExpiresSoon,
		},
		{
			Name:        "w_certificate_not_yet_valid",
			Need:        needValid,
			Description: "A certificate is not valid yet. Until its validity period begins nothing that depends on it is trusted.",
			Citation:    "RFC 5280, Section 4.1.2.5",
			Source:      zlint.RFC5280,
			Remedy:      "Check the clock of the machine; otherwise wait for that date before the certificate is rolled out.",
			Confidence:  Inferred,
			Symptoms:    []say.Text{"A signature that is new is not trusted, and is trusted some days later."},
			Run:         runNotYetValid,
		},
		{
			Name:        "e_certificate_unparseable",
			Description: "A certificate cannot be decoded.",
			Citation:    "RFC 5280, Section 4.1",
			Source:      zlint.RFC5280,
			Remedy:      "Remove the entry, or fetch the certificate again from its CA. Where it is whole and its key is of a kind that few programs know, such as one on a brainpool curve, have one issued for an RSA key.",
			Confidence:  Documented,
			Run:         runUnparseable,
		},
	}
}

func runExpired(p *Pass) error {
	for _, m := range p.Collection.Members {
		_, notAfter, ok := m.validity()
		if !ok || !p.expiredFor(m, notAfter) {
			continue
		}
		if spare, err := p.spare(m); err != nil {
			return err
		} else if spare {
			continue // w_pfx_expired_ca speaks
		}
		if p.Target.row().collects && !p.Collection.BesideStore && p.Time.After(notAfter) {
			p.Report(m, "expired on %s; Exchange Online refuses the whole upload", date(notAfter))
		} else {
			p.Report(m, "%s", p.expiry(notAfter))
		}
	}
	return nil
}

func runExpiresSoon(p *Pass) error {
	extra, err := p.extra()
	if err != nil {
		return err
	}
	for _, m := range p.Collection.Members {
		_, notAfter, ok := m.validity()
		if !ok || p.expired(notAfter) || extra[m] || p.Collection.Files[0].IsMessage() {
			continue
		}
		soon := soonUser
		if m.isCA() {
			soon = soonCA
		}
		if left := notAfter.Sub(p.Time); left < soon {
			p.Report(m, "expires on %s, in %s", date(notAfter), say.Count(int(left/(24*time.Hour)), "1 day", "%d days"))
		}
	}
	return nil
}

func runNotYetValid(p *Pass) error {
	extra, err := p.extra()
	if err != nil {
		return err
	}
	for _, m := range p.Collection.Members {
		if notBefore, _, ok := m.validity(); ok && p.timeOf(m).Before(notBefore) && !extra[m] {
			p.Report(m, "is valid from %s on", date(notBefore))
		}
	}
	return nil
}

func runUnparseable(p *Pass) error {
	for _, m := range p.Collection.Members {
		if m.Err != nil {
			p.Report(m, "cannot be decoded: %v", m.Err)
		}
	}
	return nil
}
