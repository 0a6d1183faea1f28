package report_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
)

// judge judges a collection of testdata.
func judge(t testing.TB, name string) *lint.Report {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "collections", name))
	if err != nil {
		t.Fatal(err)
	}
	f, err := bundle.Parse(name, data)
	if err != nil {
		t.Fatal(err)
	}
	r, err := lint.Run(context.Background(), []*bundle.File{f}, &lint.Options{Time: time.Date(2026, 11, 22, 4, 36, 0, 0, time.UTC), Chains: true})
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(data); r.Files[0].SHA256 != hex.EncodeToString(sum[:]) {
		t.Errorf("digest of the file: %q", r.Files[0].SHA256)
	}
	return r
}

// words is what is read on a page, without tags.
func words(page string) string {
	_, page, _ = strings.Cut(page, "<body")
	return strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, " ")), " ")
}

// inOrder reports the first of some texts that does not follow those before it.
func inOrder(page string, texts ...string) string {
	for _, text := range texts {
		_, rest, ok := strings.Cut(page, text)
		if !ok {
			return text
		}
		page = rest
	}
	return ""
}

func TestHTMLCompleteStore(t *testing.T) {
	tool := report.Tool{Name: "smimechain", Version: "v1.2.3"}
	r := judge(t, "complete.sst")
	got := words(page(t, &report.Options{Tool: tool}, r))
	if lacks := inOrder(got, "✔ complete.sst works for Exchange Online", "What to do Nothing has to be done.", "provided that", "Verdict",
		"taken ✔ yes", "path ✔ yes", "Findings Nothing was found.", "Chains", "Validity", "Contents",
		"judged as of 2026-11-22 04:36 UTC · smimechain v1.2.3, facts about CAs of ", r.Files[0].SHA256); lacks != "" {
		t.Errorf("%q is not in its place: %s", lacks, got)
	}
	for _, other := range []string{"not applicable", "Missing", "Dashed", "T04:36", "Outlook"} {
		if strings.Contains(got, other) {
			t.Errorf("%q is in the page: %s", other, got)
		}
	}
}

func TestHTMLMissing(t *testing.T) {
	p := page(t, nil, judge(t, "sectigo-without-r46.sst"))
	got := words(p)
	if lacks := inOrder(got, "? It cannot be told yet whether sectigo-without-r46.sst works for Exchange Online", "What to do Add the cross-certificate",
		"http://crt.sectigo.com/SectigoPublicEmailProtectionRootR46.p7c", "e_chain_cross_certificate_missing",
		"Verdict", "path ? unknown", "Taken for granted", "Missing certificates Sectigo Public Email Protection Root R46 (cross-certificate)", "Findings", "Dashed boxes are missing."); lacks != "" {
		t.Errorf("%q is not in its place: %s", lacks, got)
	}
	for _, link := range []string{
		`<a href="https://crt.sh/?q=BC386A5C664B6B0B5E385FAC151AA3911606178359DED68AE5017DE985E78B94" rel="noreferrer"><code>bc386a5c`,
		`<a href="http://crt.sectigo.com/SectigoPublicEmailProtectionRootR46.p7c" rel="noreferrer">http://crt.sectigo.com/`,
		`<a href="https://crt.sh/?q=BC386A5C664B6B0B5E385FAC151AA3911606178359DED68AE5017DE985E78B94" rel="noreferrer">https://crt.sh/`, // in the finding
	} {
		if !strings.Contains(p, link) {
			t.Errorf("no link %s", link)
		}
	}
}

// manyUsers is a report about PFX files of one CA: of every ten one lacks the root, and one
// was not opened.
func manyUsers(n int) *lint.Report {
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	r := &lint.Report{Time: at}
	ca := lint.Certificate{Subject: "CN=Issuing CA", Issuer: "CN=Root", SHA256: strings.Repeat("aa", 32), NotBefore: at, NotAfter: at.AddDate(5, 0, 0)}
	targets := []lint.Target{lint.OutlookIOS, lint.Windows}
	for i := range n {
		name, sum := fmt.Sprintf("user%d.pfx", i), fmt.Sprintf("%064x", i+1)
		user := lint.Certificate{Subject: fmt.Sprintf("CN=User %d", i), Issuer: "CN=Issuing CA", SHA256: sum, NotBefore: at, NotAfter: at.AddDate(2, 0, 0)}
		subject := lint.Subject{Kind: "identity", File: name, Name: user.Subject, SHA256: sum}
		file := lint.File{Name: name, Format: bundle.PFX, SHA256: sum, Collection: name, Certificates: []lint.Certificate{user, ca}}
		for _, target := range targets {
			v := lint.Verdict{Target: target, Subject: subject, Collection: name, Status: lint.Works, Needs: []lint.NeedAnswer{{Need: "opens", State: lint.Met}}}
			switch i % 10 {
			case 3:
				v.Status, v.Because = lint.Fails, []string{"e_chain_issuer_missing"}
				v.Needs = append(v.Needs, lint.NeedAnswer{Need: "path", State: lint.Failed, Because: v.Because})
			case 7:
				v.Status, v.Subject = lint.Unknown, lint.Subject{Kind: "identity", File: name, Index: -1}
				v.Needs = []lint.NeedAnswer{
					{Need: "opens", State: lint.Open, Decide: []say.Message{say.New("the password is wrong")}},
					{Need: "path", State: lint.Open, Decide: []say.Message{say.New("no certificate can be seen")}},
				}
				file.Closed, file.Certificates = say.New("the password is wrong"), nil
			}
			r.Subjects = append(r.Subjects, v)
		}
		r.Files = append(r.Files, file)
		if i%10 != 7 {
			c := lint.Chain{Collection: name, Targets: targets, Works: i%10 != 3, Certificates: []lint.ChainCertificate{
				{Subject: user.Subject, Issuer: user.Issuer, SHA256: sum, OnPath: i%10 != 3, Issuers: []int{1}},
				{Subject: ca.Subject, Issuer: ca.Issuer, SHA256: ca.SHA256, OnPath: i%10 != 3, Issuers: []int{2}},
				{Subject: "CN=Root", Issuer: "CN=Root", OnPath: i%10 != 3, Anchor: i%10 != 3, Missing: i%10 == 3},
			}}
			r.Chains = append(r.Chains, c)
		}
		if i%10 == 3 {
			r.Findings = append(r.Findings, lint.Finding{Rule: "e_chain_issuer_missing", Status: lint.Error, Targets: targets, File: name, Subject: user.Subject, SHA256: sum,
				Message: say.New("its issuer is missing"), Remedy: "Add the certificate of the issuer."})
		}
	}
	for _, target := range targets {
		r.Verdicts = append(r.Verdicts, lint.Verdict{Target: target, Status: lint.Fails, Because: []string{"e_chain_issuer_missing"}})
	}
	return r
}

func TestHTMLMany(t *testing.T) {
	p := page(t, nil, manyUsers(20))
	got := words(p)
	if lacks := inOrder(got, "✘ Of 20 files, 2 fail for at least one target", "Of 20 files, 2 cannot be told yet", "Of 20 files, 16 work for every target",
		"What to do Add the certificate of the issuer. its issuer is missing user3.pfx, user13.pfx e_chain_issuer_missing",
		"opens: the password is wrong user7.pfx, user17.pfx Verdict",
		"File Outlook for iOS Windows What to do user0.pfx User 0 ✔ works ✔ works user1.pfx",
		"user3.pfx User 3 ✘ fails ✘ fails 1", "user7.pfx ? unknown ? unknown 2", "user19.pfx",
		"Findings ✘ error its issuer is missing Add the certificate of the issuer. user3.pfx: User 3 user13.pfx: User 13 e_chain_issuer_missing",
		"no valid chain · user3.pfx · Outlook for iOS, Windows 1 more of the same shape: user13.pfx",
		"valid chain · user0.pfx · Outlook for iOS, Windows 15 more of the same shape: user1.pfx, user2.pfx, user4.pfx, user5.pfx, user6.pfx and 10 more"); lacks != "" {
		t.Errorf("%q is not in its place: %s", lacks, got)
	}
	if n := strings.Count(p, `role="img"`); n != 2 {
		t.Errorf("%d pictures of two shapes", n)
	}
	// Each certificate is listed once.
	if n := strings.Count(p[strings.Index(p, `id="contents"`):], "CN=Issuing CA<br>"); n != 1 {
		t.Errorf("the CA is listed %d times", n)
	}
}

// TestHTMLTargetsApart: what targets answer alike is one line of the checklist, and
// what each of them answers says whose it is.
func TestHTMLTargetsApart(t *testing.T) {
	s := lint.Subject{Kind: "identity", File: "a.pfx", Name: "CN=A"}
	verdict := func(target lint.Target, status lint.VerdictStatus, needs ...lint.NeedAnswer) lint.Verdict {
		return lint.Verdict{Target: target, Subject: s, Collection: s.File, Status: status, Needs: append([]lint.NeedAnswer{{Need: "signs", State: lint.Met}}, needs...)}
	}
	r := &lint.Report{Subjects: []lint.Verdict{
		verdict(lint.OutlookIOS, lint.Unknown, lint.NeedAnswer{Need: "trusted", State: lint.Open, Decide: []say.Message{say.New("give the store")}}),
		verdict(lint.Intune, lint.Works, lint.NeedAnswer{Need: "taken", State: lint.Met}),
		verdict(lint.Windows, lint.Works),
	}}
	got := words(page(t, nil, r))
	if lacks := inOrder(got, "? It cannot be told yet whether a.pfx works for Outlook for iOS It works for Intune, Windows. What to do trusted: give the store Outlook for iOS",
		"a.pfx (A)", "taken ✔ yes (Intune) signs ✔ yes trusted ? unknown give the store (Outlook for iOS)", "Findings"); lacks != "" {
		t.Errorf("%q is not in its place: %s", lacks, got)
	}
	if n := strings.Count(got, "signs"); n != 1 {
		t.Errorf("one need is listed %d times: %s", n, got)
	}
}

// TestHTMLStepsAreBounded: a box that says everything says nothing.
func TestHTMLStepsAreBounded(t *testing.T) {
	r := new(lint.Report)
	for i := range 50 {
		r.Subjects = append(r.Subjects, lint.Verdict{
			Target: lint.Windows, Status: lint.Unknown, Subject: lint.Subject{File: fmt.Sprintf("%d.pfx", i), Index: -1},
			Needs: []lint.NeedAnswer{{Need: "trusted", State: lint.Open, Decide: []say.Message{say.New("reason %s", fmt.Sprint(i, "."))}}},
		})
	}
	if got := words(page(t, nil, r)); inOrder(got, "reason 0", "reason 11", "38 more are not shown.", "Verdict") != "" {
		t.Errorf("%s", got)
	}
}

// TestHTMLLinks: an address in a name is no link, unless it is that of a fingerprint.
func TestHTMLLinks(t *testing.T) {
	sum := strings.Repeat("0A", 32)
	r := &lint.Report{Findings: []lint.Finding{{Rule: "e_x", Status: lint.Error, Index: -1,
		Message: say.New("%s", "https://example.net/login https://crt.sh/?q="+sum+" https://crt.sh/?q=other")}}}
	got := page(t, nil, r)
	if n := strings.Count(got, `href="http`); n != 1 || !strings.Contains(got, `<a href="https://crt.sh/?q=`+sum+`" rel="noreferrer">`) {
		t.Errorf("%d links: %s", n, got[strings.Index(got, "<body>"):])
	}
}

// TestHTMLContrast holds the colours of texts to 4.5:1 (WCAG 2.2, 1.4.3).
func TestHTMLContrast(t *testing.T) {
	css, err := os.ReadFile("html.css")
	if err != nil {
		t.Fatal(err)
	}
	schemes := 0
	for _, block := range regexp.MustCompile(`:root \{[^}]*\}`).FindAllString(string(css), -1) {
		colour := map[string]float64{}
		for _, m := range regexp.MustCompile(`--(\w+): #([0-9a-f]+)`).FindAllStringSubmatch(block, -1) {
			colour[m[1]] = luminance(t, m[2])
		}
		schemes++
		for _, text := range []string{"text", "soft", "good", "bad", "warn", "note"} {
			for _, ground := range []string{"page", "card"} {
				a, b := colour[text], colour[ground]
				if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
					t.Errorf("%s on %s has a contrast of %.2f", text, ground, ratio)
				}
			}
		}
	}
	if schemes != 3 {
		t.Errorf("%d schemes: want light, dark and paper", schemes)
	}
}

// luminance is that of WCAG 2.2 for a colour in hexadecimal digits.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	if len(colour) == 3 {
		colour = strings.Join([]string{colour[:1], colour[:1], colour[1:2], colour[1:2], colour[2:], colour[2:]}, "")
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(colour[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func BenchmarkHTML(b *testing.B) {
	for _, bench := range []struct {
		name string
		r    *lint.Report
	}{
		{"expired/200", expired(200, 7)},
		{"expired/10000", expired(10_000, 7)},
		{"users/10000", manyUsers(10_000)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			size := countWriter(0)
			for b.Loop() {
				size = 0
				if err := new(report.Options).HTML(io.MultiWriter(io.Discard, &size), bench.r); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(size), "bytes")
		})
	}
}

// countWriter counts octets.
type countWriter int

func (w *countWriter) Write(p []byte) (int, error) {
	*w += countWriter(len(p))
	return len(p), nil
}
