package deploy

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/locale"
)

func TestHandout(t *testing.T) {
	for _, language := range locale.Languages() {
		for _, way := range []Delivery{InOutlook, CompanyPortal} {
			d, err := Handout(&HandoutOptions{Language: language, Delivery: way, Address: "o'brien<b>@example.com", Contact: "*help* & more"})
			if err != nil {
				t.Fatal(err)
			}
			if len(d.Sections) != 7 {
				t.Errorf("%s %s: %d sections", language, way, len(d.Sections))
			}
			page := d.HTML()
			if bytes.Contains(page, []byte("<b>")) {
				t.Error("an address becomes markup")
			}
			checkHTML(t, page)
			if md := d.Markdown(); bytes.Contains(md, []byte("<b>")) || bytes.Contains(md, []byte(" *help*")) {
				t.Error("text becomes markup")
			}
		}
	}
	plain, err := Handout(&HandoutOptions{Report: new(lint.Report)})
	if err != nil || len(plain.Sections) != 6 {
		t.Errorf("where nothing is missing: %d sections, %v", len(plain.Sections), err)
	}
	for _, opts := range []*HandoutOptions{{Delivery: "settings"}} {
		if _, err := Handout(opts); err == nil {
			t.Errorf("%v is taken", opts)
		}
	}
}

// TestHandoutMissing has the whole list to a root, in order, and what is not known.
func TestHandoutMissing(t *testing.T) {
	until := time.Date(2036, 3, 21, 23, 59, 59, 0, time.UTC)
	report := &lint.Report{
		Missing: []lint.Missing{
			{Subject: "CN=Issuing", SHA256: strings.Repeat("ab", 32), Kind: "intermediate", NotAfter: until, URLs: []string{"http://ca.example.com/i.cer", "https://page.example/1"}},
			{Subject: "CN=Root", SHA256: strings.Repeat("cd", 32), Kind: "cross", NotAfter: until, URLs: []string{"https://page.example/2"}},
			{Subject: "CN=Strange\x1b[31m<script>", Kind: "unknown", URLs: []string{"http://ca.example.org/<b>"}},
			{Subject: "CN=Silent", Kind: "unknown"},
		},
		Files: []lint.File{{Name: "a.pfx", ClosedCode: "password_not_given"}, {Name: "b.pem"}},
	}
	for _, language := range locale.Languages() {
		d, err := Handout(&HandoutOptions{Language: language, Report: report})
		if err != nil {
			t.Fatal(err)
		}
		s := d.Sections[len(d.Sections)-1]
		if !s.Steps || len(s.Items) != 5 {
			t.Fatalf("%s: %+v", language, s)
		}
		for i, parts := range [][]string{
			{"CN=Issuing", strings.Repeat("AB", 32), "2036-03-21", "http://ca.example.com/i.cer, https://page.example/1"},
			{"CN=Root", strings.Repeat("CD", 32), "2036-03-21", "https://page.example/2"},
			{"CN=Strange", "http://ca.example.org/"}, {"CN=Silent"}, {"a.pfx"},
		} {
			for _, part := range parts {
				if !strings.Contains(s.Items[i], part) {
					t.Errorf("%s: %q is not in %q", language, part, s.Items[i])
				}
			}
		}
		page := d.HTML()
		checkHTML(t, page)
		if bytes.Contains(page, []byte("<b>")) || bytes.Contains(page, []byte("\x1b")) || bytes.Contains(d.Markdown(), []byte("<script")) {
			t.Error("a name becomes markup")
		}
	}
	// A file that is closed alone: nothing is said to be missing.
	d, err := Handout(&HandoutOptions{Report: &lint.Report{Files: report.Files}})
	if err != nil {
		t.Fatal(err)
	}
	if s := d.Sections[len(d.Sections)-1]; s.Steps || s.Text != "" || len(s.Items) != 1 {
		t.Errorf("a closed file: %+v", s)
	}
}

// checkHTML holds that elements are closed. Void elements are not.
func checkHTML(t *testing.T, page []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, []string{"meta"}, xml.HTMLEntity
	depth := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
	}
	if depth != 0 {
		t.Errorf("%d elements are left open", depth)
	}
}

func TestChecklist(t *testing.T) {
	for _, target := range checklistTargets() {
		english, err := Checklist(target, locale.English)
		if err != nil {
			t.Fatal(err)
		}
		japanese, err := Checklist(target, "ja")
		if err != nil {
			t.Fatal(err)
		}
		for i, item := range english.Sections[0].Items {
			if item == "" || japanese.Sections[0].Items[i] == "" || item == japanese.Sections[0].Items[i] {
				t.Errorf("%s: item %d is not translated", target, i)
			}
		}
		if !strings.Contains(string(english.Markdown()), "- [ ] ") {
			t.Errorf("%s has no boxes", target)
		}
	}
	if _, err := Checklist("nowhere", locale.English); err == nil {
		t.Error("an unknown target is taken")
	}
}

// TestHostileText has an address that is more than that.
func TestHostileText(t *testing.T) {
	d, err := Handout(&HandoutOptions{
		Address: "a\x1b[31m<script>\n::error::x\u202e@example.com",
		Contact: "\n# a\u3000[b](javascript:c)\u2028d",
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"Markdown": string(d.Markdown()), "HTML": string(d.HTML())} {
		for _, bad := range []string{"\x1b", "\u202e", "\u2028", "\n::", "<script", "\n# a", "[b]("} {
			if strings.Contains(text, bad) && (name != "HTML" || bad != "[b](") {
				t.Errorf("%s: %q is there", name, bad)
			}
		}
		if !strings.Contains(text, "\u3000") {
			t.Errorf("%s: an ideographic space is not there", name)
		}
	}
}
