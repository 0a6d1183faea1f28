package report

import (
	"strings"

	"github.com/smimechain/smimechain/lint"
)

// htmlMissing is a certificate that is not there.
type htmlMissing struct {
	Name, Subject, SHA256 string
	Page                  string     // about it, by fingerprint
	Addresses             []htmlPart // where it can be had; links where they may be
}

// lacking is a certificate that is missing, with the addresses that are known of it.
type lacking struct {
	subject, sha256 string
	urls            []string
}

// missingOf lists the missing certificates.
func missingOf(r *lint.Report) []lacking {
	var list []lacking
	seen := map[string]bool{}
	for i := range r.Chains {
		for _, c := range r.Chains[i].Certificates {
			if c.Missing && !seen[c.SHA256+c.Subject] {
				seen[c.SHA256+c.Subject] = true
				m := lacking{subject: c.Subject, sha256: c.SHA256}
				if c.URL != "" {
					m.urls = []string{c.URL}
				}
				list = append(list, m)
			}
		}
	}
	return list
}

// missing lists the missing certificates for people.
func (o *Options) missing(r *lint.Report) []htmlMissing {
	var list []htmlMissing
	for _, m := range missingOf(r) {
		h := htmlMissing{Name: Printable(lint.CommonName(m.subject)), Subject: Printable(m.subject), SHA256: m.sha256}
		for _, u := range m.urls {
			switch {
			case h.Page == "" && m.sha256 != "" && crtsh.MatchString(u) && strings.HasSuffix(strings.ToLower(u), m.sha256):
				h.Page = u
			case webAddress(u):
				h.Addresses = append(h.Addresses, htmlPart{u, u})
			default:
				h.Addresses = append(h.Addresses, htmlPart{Text: Printable(u)})
			}
		}
		list = append(list, h)
	}
	return list
}
