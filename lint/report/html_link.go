package report

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/smimechain/smimechain/lint"
)

// htmlText is a text with the addresses in it that may be links.
type htmlText []htmlPart

// htmlPart is a piece of a text: a link where URL is an address of the web.
type htmlPart struct{ Text, URL string }

// crtsh is the address of a certificate by its fingerprint, the only one that is a
// link wherever it stands: a name in a certificate can lead nobody elsewhere by it.
var crtsh = regexp.MustCompile(`https://crt\.sh/\?q=[0-9A-Fa-f]{64}\b`)

// links are the other addresses that may be links.
type links []string

// linksOf returns the addresses of missing certificates. Others stand in names, which
// come from whoever made the certificate.
func linksOf(r *lint.Report) links {
	var list links
	for i := range r.Missing {
		for _, u := range r.Missing[i].URLs {
			if webAddress(u) && !crtsh.MatchString(u) && len(list) < maxLinks {
				list = append(list, u)
			}
		}
	}
	return list
}

// maxLinks bounds the addresses that texts are searched for.
const maxLinks = 20

// webAddress reports whether an address is one of http or https.
func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && Printable(s) == s
}

// in finds the links in a text.
func (l links) in(text string) htmlText {
	if !strings.Contains(text, "://") {
		return htmlText{{Text: text}}
	}
	var out htmlText
	for text != "" {
		at := crtsh.FindStringIndex(text)
		for _, u := range l {
			if i := strings.Index(text, u); i >= 0 && (at == nil || i < at[0] || i == at[0] && i+len(u) > at[1]) {
				at = []int{i, i + len(u)}
			}
		}
		if at == nil {
			return append(out, htmlPart{Text: text})
		}
		if at[0] > 0 {
			out = append(out, htmlPart{Text: text[:at[0]]})
		}
		out = append(out, htmlPart{Text: text[at[0]:at[1]], URL: text[at[0]:at[1]]})
		text = text[at[1]:]
	}
	return out
}

// htmlPath is the name of a file in pieces between which a line may end.
type htmlPath []string

func pathOf(name string) htmlPath {
	return strings.SplitAfter(Printable(name), "/")
}
