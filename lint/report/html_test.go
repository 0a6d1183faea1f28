package report_test

import (
	"bytes"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
	"golang.org/x/net/html"
)

// hostileName is what somebody may write into a certificate.
const hostileName = `CN=<script>document.title="owned"</script><img src=x onerror=alert(1)>"' onload="alert(2)\u202e</title></style>`

// hostile is a report in which every text of the input is hostile.
func hostile() *lint.Report {
	date := func(year int) time.Time { return time.Date(year, 3, 21, 0, 0, 0, 0, time.UTC) }
	sum := strings.Repeat("ab", 32)
	return &lint.Report{
		Time: date(2026),
		Files: []lint.File{{Name: hostileName, Format: bundle.SST, Certificates: []lint.Certificate{
			{Subject: hostileName, Issuer: hostileName, SHA256: sum, NotBefore: date(2020), NotAfter: date(2030)},
			{Subject: "CN=日本認証局", Issuer: hostileName, SHA256: strings.Repeat("cd", 32), NotBefore: date(2020), NotAfter: date(2025)},
		}}},
		Findings: []lint.Finding{{Rule: "e_x", Status: lint.Error, Targets: []lint.Target{lint.ExchangeOnline}, File: hostileName, Subject: hostileName, SHA256: sum,
			Message: say.Message{Format: "%s", Args: []any{hostileName}}, Remedy: say.Text(hostileName), Citation: hostileName}},
		Verdicts: []lint.Verdict{{Target: lint.ExchangeOnline, Status: lint.Fails, Because: []string{"e_x"}}},
		Subjects: []lint.Verdict{{
			Target: lint.ExchangeOnline, Status: lint.Fails, Collection: hostileName, Because: []string{"e_x"},
			Subject: lint.Subject{Kind: "collection", File: hostileName, Index: 0, Name: hostileName, SHA256: sum},
			Needs: []lint.NeedAnswer{
				{Need: "path", State: lint.Failed, Evidence: []say.Message{plain(hostileName)}, Because: []string{"e_x"}},
				{Need: "trusted", State: lint.Failed, Evidence: []say.Message{plain("javascript:alert(4) https://example.net/" + hostileName)}},
				{Need: "delivery", State: lint.Assumed, Decide: []say.Message{plain(hostileName)}},
			},
		}},
		Missing: []lint.Missing{{
			Subject: hostileName, SHA256: strings.Repeat("ef", 32), Kind: "cross",
			URLs: []string{
				"javascript:alert(4)//https://crt.sh/?q=" + strings.Repeat("ef", 32), "javascript:alert(5)", "JavaScript:alert(6)", " javascript:alert(7)", "java\nscript:alert(8)", "http:javascript:alert(9)", "javascript://ca.example.net/%0aalert(10)",
				"data:text/html,x", "//example.net/x", "ldap://example.net/x", "http://ca.example.net/\x00", `http://ca.example.net/"><script>.p7c`, `http://ca.example.net/' onclick='x`, "http://ca.example.net/ca.p7c",
			},
			For: []lint.MissingFor{{File: hostileName, Subject: hostileName}},
		}},
		NotChecked: []lint.NotChecked{{What: plain(hostileName), Why: plain(hostileName)}},
		Chains: []lint.Chain{{Collection: hostileName, Targets: []lint.Target{lint.ExchangeOnline}, Certificates: []lint.ChainCertificate{
			{Subject: hostileName, Issuer: hostileName, SHA256: sum, NotAfter: date(2030), Issuers: []int{1, 2}},
			{Subject: "CN=" + hostileName, SHA256: sum, Missing: true, URL: "javascript:alert(3)"},
			{Subject: "CN=日本認証局", Issuer: "CN=日本認証局", SHA256: sum, Anchor: true, NotAfter: date(2030), Issuers: []int{0}}, // a circle
		}}},
	}
}

func page(t *testing.T, o *report.Options, r *lint.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := o.HTML(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHTMLEscapes(t *testing.T) {
	got := page(t, nil, hostile())
	for _, bad := range []string{"<script", "<img", `href="javascript:`, "\u202e", ` onload="`} {
		if strings.Contains(strings.ToLower(got), bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if !strings.Contains(got, `<a href="http://ca.example.net/ca.p7c"`) {
		t.Error("the address of a missing certificate is no link")
	}
	if n := strings.Count(got, "</style>"); n != 1 {
		t.Errorf("%d ends of a style sheet", n)
	}
}

// TestHTMLHostileTree reads the page as a browser does: names and addresses make no
// element, no attribute, and no link that leads elsewhere than within the page or to the
// web, there to the address of a missing certificate.
func TestHTMLHostileTree(t *testing.T) {
	for _, l := range locale.Languages() {
		tree, err := html.Parse(strings.NewReader(page(t, &report.Options{Language: l}, hostile())))
		if err != nil {
			t.Fatal(err)
		}
		links := 0
		for n := range tree.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if slices.Contains([]string{"script", "img", "iframe", "object", "embed", "link", "base", "form"}, n.Data) {
				t.Errorf("%s: the page has an element %s", l, n.Data)
			}
			for _, a := range n.Attr {
				switch {
				case strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "src":
					t.Errorf("%s: <%s> has an attribute %s", l, n.Data, a.Key)
				case a.Key == "href":
					links++
					if u, err := url.Parse(a.Val); !strings.HasPrefix(a.Val, "#") && (err != nil || u.Scheme != "http" || u.Host != "ca.example.net") {
						t.Errorf("%s: a link leads to %q", l, a.Val)
					}
				}
			}
		}
		if links < 5 {
			t.Errorf("%s: only %d links", l, links)
		}
	}
}

// TestHTMLTemplate holds the template to what html/template would see to: every value is
// escaped but for the style sheet, stands in text or in an attribute within double quotes
// that is no script, style or address, and an address is asked for before it is a link.
func TestHTMLTemplate(t *testing.T) {
	source, err := os.ReadFile("html.qtpl")
	if err != nil {
		t.Fatal(err)
	}
	const value, call = "\x01", "\x02"
	markup := regexp.MustCompile(`{%(\S*) *(.*?) *-?%}`).ReplaceAllStringFunc(string(source), func(tag string) string {
		m := regexp.MustCompile(`^{%(\S*) *(.*?) *-?%}$`).FindStringSubmatch(tag)
		switch kind := m[1]; kind {
		case "s", "d":
			return value
		case "=":
			return call
		case "":
			if word, _, _ := strings.Cut(m[2], " "); slices.Contains([]string{"func", "endfunc", "for", "endfor", "if", "else", "endif"}, word) {
				return ""
			}
		}
		if tag != "{%s= htmlCSS %}" {
			t.Errorf("a tag that is not known to be safe: %s", tag)
		}
		return ""
	})
	if strings.Count(string(source), "<style>{%s= htmlCSS %}</style>") != 1 || strings.Count(string(source), "<style") != 1 {
		t.Error("want one style sheet, which is all that an element style holds")
	}
	address := regexp.MustCompile(`{% if webAddress\((\S+)\) %}<a href="{%s (\S+) %}"`)
	safe := 0
	for _, m := range address.FindAllStringSubmatch(string(source), -1) {
		if m[1] != m[2] {
			t.Errorf("another address is asked for: %s", m[0])
		}
		safe++
	}
	takes := []string{"lang", "content", "class", "id", "data-label", "aria-label", "viewbox", "width", "height", "x", "y", "x1", "x2", "d"}
	values := 0
	for z := html.NewTokenizer(strings.NewReader(markup)); z.Next() != html.ErrorToken; {
		raw := string(z.Raw())
		token := z.Token()
		if token.Type != html.StartTagToken && token.Type != html.SelfClosingTagToken {
			continue // text, or an end
		}
		if bare := regexp.MustCompile(`"[^"]*"`).ReplaceAllString(raw, ""); strings.ContainsAny(bare, value+call) {
			t.Errorf("a value is not within double quotes: %q", raw)
		}
		if token.Data == "script" {
			t.Errorf("a script: %q", raw)
		}
		for _, a := range token.Attr {
			values += strings.Count(a.Val, value)
			switch {
			case strings.Contains(a.Val, call):
				t.Errorf("a template is called in an attribute: %q", raw)
			case a.Key == "href" && a.Val == value:
				safe--
			case a.Key == "href" && !strings.HasPrefix(a.Val, "#"):
				t.Errorf("an address of parts: %q", raw)
			case a.Key != "href" && strings.Contains(a.Val, value) && !slices.Contains(takes, a.Key):
				t.Errorf("%s is not an attribute for values: %q", a.Key, raw)
			}
		}
	}
	if safe != 0 {
		t.Errorf("%d addresses are not asked for in front of their links", -safe)
	}
	if values < 50 {
		t.Errorf("%d values in attributes were looked at", values)
	}
}

// TestHTMLSelfContained holds that the page refers to nothing that a browser
// would fetch, and has no attribute that the policy would block.
func TestHTMLSelfContained(t *testing.T) {
	got := page(t, &report.Options{Language: "ja"}, hostile())
	for _, bad := range []string{`@import`, `url\(`, `<(link|iframe|object|img|script)`, `<[a-z]+ (src|style|on[a-z]+)=`} {
		if found := regexp.MustCompile(bad).FindString(got); found != "" {
			t.Errorf("the page holds %q", found)
		}
	}
	if !regexp.MustCompile(`<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-[^ ]+&#39;; base-uri`).MatchString(got) {
		t.Error("the policy is missing")
	}
	if !strings.Contains(got, `<html lang="ja">`) {
		t.Error("the language is not said")
	}
}

func TestHTMLEmpty(t *testing.T) {
	if got := page(t, nil, new(lint.Report)); !strings.Contains(got, "Nothing was found.") {
		t.Errorf("an empty report gives %s", got)
	}
}

// TestHTMLWithoutColors holds that the sequences of a terminal stay out of the page.
func TestHTMLWithoutColors(t *testing.T) {
	r := &lint.Report{Subjects: []lint.Verdict{{
		Target: lint.Windows, Status: lint.Unknown, Needs: []lint.NeedAnswer{{Need: "path", State: lint.Open}},
	}}}
	var b strings.Builder
	if err := (&report.Options{Color: true}).HTML(&b, r); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "\x1b") || !strings.Contains(b.String(), `<span class="need">path</span>`) {
		t.Errorf("%s", b.String())
	}
}
