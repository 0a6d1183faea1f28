package report_test

import (
	"bytes"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
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
			Needs: []lint.Answer{
				{Need: "path", State: lint.Failed, Evidence: []say.Message{plain(hostileName)}, Because: []string{"e_x"}},
				{Need: "trusted", State: lint.Failed, Evidence: []say.Message{plain("javascript:alert(4) https://example.net/" + hostileName)}},
				{Need: "delivery", State: lint.Assumed, Decide: []say.Message{plain(hostileName)}},
			},
		}},
		Missing: []lint.Missing{{
			Subject: hostileName, SHA256: strings.Repeat("ef", 32), Kind: "cross",
			URLs: []string{"javascript:alert(5)", "data:text/html,x", "//example.net/x", "ldap://example.net/x", `http://ca.example.net/"><script>.p7c`, "http://ca.example.net/ca.p7c"},
			For:  []lint.MissingFor{{File: hostileName, Subject: hostileName}},
		}},
		NotChecked: []lint.NotChecked{{What: plain(hostileName), Why: plain(hostileName)}},
		Chains: []lint.Chain{{Collection: hostileName, Targets: []lint.Target{lint.ExchangeOnline}, Certificates: []lint.ChainCertificate{
			{Subject: hostileName, Issuer: hostileName, SHA256: sum, NotAfter: date(2030), Issuers: []int{1, 2}},
			{Subject: "CN=" + hostileName, Missing: true, URL: "javascript:alert(3)"},
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
	for _, link := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(got, -1) {
		if u := html.UnescapeString(link[1]); !strings.HasPrefix(u, "#") && !strings.HasPrefix(u, "http://ca.example.net/") {
			t.Errorf("a link leads to %s", u)
		}
	}
	if !strings.Contains(got, `<a href="http://ca.example.net/ca.p7c"`) {
		t.Error("the address of a missing certificate is no link")
	}
	if n := strings.Count(got, "</style>"); n != 1 {
		t.Errorf("%d ends of a style sheet", n)
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
		Target: lint.Windows, Status: lint.Unknown, Needs: []lint.Answer{{Need: "path", State: lint.Open}},
	}}}
	var b strings.Builder
	if err := (&report.Options{Color: true}).HTML(&b, r); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "\x1b") || !strings.Contains(b.String(), `<span class="need">path</span>`) {
		t.Errorf("%s", b.String())
	}
}
