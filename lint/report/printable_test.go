package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/smimechain/smimechain/internal/console"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
)

// hostileTexts are texts that do something to a terminal or to the log of a build.
var hostileTexts = []struct{ name, text, want string }{
	{"escape sequence", "a\x1b[31mb", `a\u001b[31mb`},
	{"title", "\x1b]0;t\a", `\u001b]0;t\u0007`},
	{"line", "a\r\nb\u2028c\u0085", `a\u000d\u000ab\u2028c\u0085`},
	{"direction", "a\u202eb\u2066c\u200f", `a\u202eb\u2066c\u200f`},
	{"tag beyond the basic plane", "a\U000e0041b", `a\U000e0041b`},
	{"control sequence introducer of eight bits", "a\u009b31mb", `a\u009b31mb`},
	{"octet that is not UTF-8", "a\x9b31m\xff", `a\x9b31m\xff`},
	{"octet alone", "\x9b", `\x9b`},
	{"GitHub", "::error::x", `\u003a:error::x`},
	{"GitHub, indented", " \u3000::stop-commands::x", ` \u3000\u003a:stop-commands::x`},
	{"GitHub, the older form", "CN=##[error]x", `CN=\u0023#[error]x`},
	{"Azure Pipelines", `CN=\##vso[task.setvariable variable=a]x`, `CN=\\u0023#vso[task.setvariable variable=a]x`},
	{"TeamCity", "###teamcity[x]", `#\u0023#teamcity[x]`},
}

// TestPrintable writes hostile texts, and leaves others as they are.
func TestPrintable(t *testing.T) {
	for _, test := range hostileTexts {
		if got := report.Printable(test.text); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
	for _, s := range []string{"", "CN=Müller, O=例株式会社", "##", "## title", "a::b", "[x]", "#[x]", "##1[x]", "\U0001F600", "\ufffd", "##" + strings.Repeat("a", 100) + "["} {
		if got := report.Printable(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
}

// TestEncodeJSON writes the same texts so that they are read back as they were,
// and do nothing on their way.
func TestEncodeJSON(t *testing.T) {
	var all []string
	for _, test := range hostileTexts {
		all = append(all, test.text)
	}
	for _, indent := range []string{"", "  "} {
		var b bytes.Buffer
		if err := console.EncodeJSON(&b, all, "", indent); err != nil {
			t.Fatal(err)
		}
		if bad := strings.IndexFunc(b.String(), func(r rune) bool { return r != '\n' && !unicode.IsGraphic(r) }); bad >= 0 || !utf8.Valid(b.Bytes()) {
			t.Errorf("not printable at %d", bad)
		}
		for _, command := range []string{"##[", "##vso[", "##teamcity["} {
			if strings.Contains(b.String(), command) {
				t.Errorf("%s is in the output", command)
			}
		}
		var read []string
		if err := json.Unmarshal(b.Bytes(), &read); err != nil {
			t.Fatal(err)
		}
		for i, s := range read {
			if want := strings.ToValidUTF8(all[i], ""); strings.ReplaceAll(s, "\ufffd", "") != want {
				t.Errorf("%s: read %q", hostileTexts[i].name, s)
			}
		}
	}
	var b bytes.Buffer
	if err := console.EncodeJSON(&b, map[string]string{"a": "<例\u3000>"}, "", ""); err != nil || b.String() != "{\"a\":\"<例\u3000>\"}\n" {
		t.Errorf("got %q, %v", b.String(), err)
	}
}

// TestHostileNames has hostile texts everywhere in a report, in every format and
// language.
func TestHostileNames(t *testing.T) {
	r := new(lint.Report)
	for _, test := range hostileTexts {
		r.Files = append(r.Files, lint.File{Name: test.text, Certificates: []lint.Certificate{{Subject: test.text, Issuer: test.text}}})
		r.Findings = append(r.Findings, lint.Finding{Rule: "w_collection_end_entity", Status: lint.Warn, File: test.text, Subject: test.text,
			Message: say.Message{Format: "%s", Args: []any{test.text}}, Remedy: say.Text(test.text)})
		r.NotChecked = append(r.NotChecked, lint.NotChecked{What: say.Message{Format: "%s", Args: []any{test.text}}, Why: say.Message{Format: "%s", Args: []any{test.text}}})
	}
	formats := map[string]func(*report.Options, *bytes.Buffer) error{
		"text":   func(o *report.Options, b *bytes.Buffer) error { return o.Text(b, r) },
		"json":   func(o *report.Options, b *bytes.Buffer) error { return o.JSON(b, r) },
		"ndjson": func(o *report.Options, b *bytes.Buffer) error { return o.NDJSON(b, r) },
		"sarif":  func(o *report.Options, b *bytes.Buffer) error { return o.SARIF(b, r) },
		"junit":  func(o *report.Options, b *bytes.Buffer) error { return o.JUnit(b, r) },
		"html":   func(o *report.Options, b *bytes.Buffer) error { return o.HTML(b, r) },
	}
	for format, write := range formats {
		for _, language := range []locale.Language{locale.English, "ja"} {
			var b bytes.Buffer
			if err := write(&report.Options{Language: language}, &b); err != nil {
				t.Fatal(err)
			}
			if !utf8.Valid(b.Bytes()) {
				t.Errorf("%s, %s: not UTF-8", format, language)
			}
			for line := range strings.Lines(b.String()) {
				line = strings.TrimSuffix(line, "\n")
				switch {
				case strings.ContainsFunc(line, func(r rune) bool { return r != '\t' && !unicode.IsGraphic(r) }):
					t.Errorf("%s, %s: not printable: %q", format, language, line)
				case strings.HasPrefix(strings.TrimSpace(line), "::"), strings.Contains(line, "##["), strings.Contains(line, "##vso["), strings.Contains(line, "##teamcity["):
					t.Errorf("%s, %s: a command: %q", format, language, line)
				}
			}
		}
	}
}
