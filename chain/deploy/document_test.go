package deploy

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint/locale"
)

func TestHandout(t *testing.T) {
	for _, language := range locale.Languages() {
		for _, way := range []Way{InOutlook, CompanyPortal} {
			d, err := Handout(&HandoutOptions{Language: language, Way: way, Address: "o'brien<b>@example.com", Contact: "*help* & more"})
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
	for _, opts := range []*HandoutOptions{{Way: "settings"}} {
		if _, err := Handout(opts); err == nil {
			t.Errorf("%v is taken", opts)
		}
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
	for _, target := range ChecklistTargets() {
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
