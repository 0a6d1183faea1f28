package bundle

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/internal/artefact"
)

// TestProfileText holds what is a property list, and which of them can be read.
func TestProfileText(t *testing.T) {
	for text, want := range map[string]bool{
		"<plist>": true, " \n<?xml?><plist": true, "x<plist>": false, "<plis": false, "": false,
		"<" + strings.Repeat(" ", 1024-7) + "<plist": true, "<" + strings.Repeat(" ", 1024-6) + "<plist": false,
	} {
		if isPropertyList([]byte(text)) != want || isProfile([]byte(text)) || isProfile([]byte(text+" Payload")) != want {
			t.Errorf("%.20q of %d: %t", text, len(text), !want)
		}
	}
	for text, want := range map[string]string{
		"<?xml version='1.0'?><a>": "<a>", " <?xml ?> <a> ": " <a>", "<a>?>": "<a>?>", "<?xml": "<?xml", "": "",
	} {
		if got := dropDeclaration([]byte(text)); string(got) != want {
			t.Errorf("%q: %q", text, got)
		}
	}
	nested := func(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }
	many := func(n int) string { return "<a>" + strings.Repeat("<b/>", n-1) + "</a>" }
	for _, tt := range []struct {
		text string
		want error
	}{
		{"<a></a>", nil}, {"<a><b/></a>", nil}, {"", nil}, {"<a>", errProfileEnd}, {"<a></a", errProfileEnd}, {"</a>", errProfileXML}, {"<a></a></a>", errProfileXML}, {"<a b></a>", errProfileXML}, {"<a>&x</a>", errProfileXML},
		{nested(maxProfileNesting), nil}, {nested(maxProfileNesting + 1), errProfileNesting},
		{many(maxProfileElements), nil}, {many(maxProfileElements + 1), errProfileCount},
		{"<a " + strings.Repeat("b='' ", 1000) + "></a>", errProfileXML},
	} {
		if err := checkElements([]byte(tt.text)); err != tt.want {
			t.Errorf("%.20s of %d: %v, want %v", tt.text, len(tt.text), err, tt.want)
		}
	}
	for text, want := range map[string]bool{
		"": false, "<": false, "x": false, "<a": false, "<a>": false, "<!" + strings.Repeat("x", 5000): false, "<1" + strings.Repeat("x", 5000): false, "</" + strings.Repeat("x", 5000): false,
		"<a" + strings.Repeat("x", 4094) + ">": false, "<a" + strings.Repeat("x", 4095) + ">": true, "<a" + strings.Repeat("x", 4095): false, "<a" + strings.Repeat("x", 4096): true,
		"<A" + strings.Repeat("x", 5000): true, "<z" + strings.Repeat("x", 5000): true, "<Z" + strings.Repeat("x", 5000): true, "<{" + strings.Repeat("x", 5000): false, "<`" + strings.Repeat("x", 5000): false,
		"<b>x<a" + strings.Repeat("x", 5000): true, "<b>" + strings.Repeat("x", 5000) + "</b>": false,
	} {
		if hasLongTag([]byte(text)) != want {
			t.Errorf("%.8q of %d: %t", text, len(text), !want)
		}
	}
	for text, want := range map[string]string{
		"<data>AAAA</data>": "", "<data>A A A A</data>": "", "<data>A</data>": "<data></data>", "<data></data>": "", "<datax>!</datax>": "", "<data>!</x>": "", "<data>!": "", "<data>!<b></data>": "",
		"<integer>1</integer>": "", "<integer> -0x1 </integer>": "", "<integer>18446744073709551615</integer>": "", "<integer>x</integer>": "<string></string>", "<integer></integer>": "<string></string>",
		"<real>1.5</real>": "", "<real>x</real>": "<string></string>", "<date>2026-01-02T03:04:05Z</date>": "", "<date>x</date>": "<string></string>",
		"a<data>!</data>b<real>x</real>c<data>AAAA</data>": "a<data></data>b<string></string>c<data>AAAA</data>", "<a>": "",
	} {
		if want == "" {
			want = text
		}
		if got := mendValues([]byte(text)); string(got) != want {
			t.Errorf("%s: %s", text, got)
		}
	}
	for text, want := range map[string]string{
		"<plist><dict><key>a</key><string>b</string></dict></plist>":                                        "b",
		"<plist><dict><key>a</key><string>b</string><key>c</key><integer>x</integer></dict></plist>":        "b",
		"<?xml version='1.0' encoding='UTF-16'?><plist><dict><key>a</key><string>b</string></dict></plist>": "b",
		"<plist><dict><key>a</key></dict></plist>":                                                          "!",
		"<plist><array></array></plist>":                                                                    "!",
		"<plist><dict>":                                                                                     "!",
		"<!DOCTYPE x [<!ENTITY e 'b'>]><plist><dict><key>a</key><string>&e;</string></dict></plist>":        "!",
	} {
		top, err := parsePropertyList([]byte(text))
		if (err != nil) != (want == "!") || err == nil && field[string](top, "a") != want {
			t.Errorf("%s: %v, %v", text, top, err)
		}
	}
}

// TestProfilePayloads holds what is read of each kind of payload.
func TestProfilePayloads(t *testing.T) {
	files, password := damageSubjects(t)
	payload := func(kind, rest string) string {
		return "<dict><key>PayloadType</key><string>" + kind + "</string>" + rest + "</dict>"
	}
	data := func(b []byte) string { return "<key>PayloadContent</key><data>" + b64(b) + "</data>" }
	text := func(name, value string) string { return "<key>" + name + "</key><string>" + value + "</string>" }
	profile := func(payloads string) string {
		return "<plist><dict><key>PayloadContent</key><array>" + payloads + "</array></dict></plist>"
	}
	pemText := []byte("-----BEGIN CERTIFICATE-----\n" + b64(files["DER"]) + "\n-----END CERTIFICATE-----\n")
	for _, tt := range []struct {
		name, text string
		want       string
	}{
		{"root", payload("com.apple.security.root", data(files["DER"])), `1 certificates ""`},
		{"CA", payload("com.apple.security.pkcs1", data(files["DER"])), `1 certificates ""`},
		{"CA in PEM", payload("com.apple.security.pkcs1", data(pemText)), `1 certificates "` + string(artefact.FaultPEM) + `"`},
		{"CA in PEM as PEM", payload("com.apple.security.pem", data(pemText)), `1 certificates ""`},
		{"something else as PEM", payload("com.apple.security.pem", data([]byte("words"))), `0 certificates "` + string(artefact.FaultOther) + `"`},
		{"nothing", payload("com.apple.security.root", ""), `0 certificates "` + string(artefact.FaultEmpty) + `"`},
		{"text", payload("com.apple.security.root", text("PayloadContent", "x")), `0 certificates "` + string(artefact.FaultNoData) + `"`},
		{"identity", payload("com.apple.security.pkcs12", data(files["PFX"])), "PFX right measured"},
		{"identity with its password", payload("com.apple.security.pkcs12", data(files["PFX"])+text("Password", password)), "password PFX right"},
		{"identity with a wrong password", payload("com.apple.security.pkcs12", data(files["PFX"])+text("Password", "x")), "password PFX"},
		{"identity that is none", payload("com.apple.security.pkcs12", data([]byte("words"))), ""},
		{"mail", payload("com.apple.mail.managed", text("EmailAddress", "a@b")), "account a@b"},
		{"Exchange", payload("com.apple.eas.account", text("EmailAddress", "a@b")+"<key>SMIMEEnabled</key><true/>"), "account a@b [SMIMEEnabled]"},
		{"another", payload("com.apple.wifi", text("EmailAddress", "a@b")+data(files["DER"])), ""},
		{"no payload", "<string>x</string>", ""},
	} {
		r := newReading(t)
		r.password = &password
		if err := r.parseProfile([]byte(profile(tt.text)), false); err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		p := r.Profile.Payloads[0]
		var list []string
		add := func(is bool, word string) {
			if is {
				list = append(list, word)
			}
		}
		if p.Certificate != nil {
			list = append(list, fmt.Sprintf("%d certificates %q", len(p.Certificate.Certificates), p.Certificate.Fault))
		}
		add(p.Account, "account")
		add(p.Email != "", p.Email)
		add(p.Keys != nil, fmt.Sprint(p.Keys))
		add(p.HasPassword, "password")
		add(p.PFX != nil, "PFX")
		add(p.PFX != nil && p.PFX.Password.Status.Right(), "right")
		add(r.Password != nil, "measured")
		if got := strings.Join(list, " "); got != tt.want || p.PFX != nil && len(r.Keys) == 0 {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	checkEnded(t, profile(payload("x", "")), func(r *reading, text []byte) (bool, error) { return false, r.parseProfile(text, false) })
	for _, n := range []int{maxPayloads, maxPayloads + 1} {
		text := profile(strings.Repeat(payload("com.apple.security.pkcs12", data([]byte("x"))), n))
		if err := newReading(t).parseProfile([]byte(text), false); errors.Is(err, ErrTooLarge) != (n > maxPayloads) {
			t.Errorf("%d payloads: %v", n, err)
		}
		if list, err := ProfileIdentities(t.Context(), []byte(text)); errors.Is(err, ErrTooLarge) != (n > maxPayloads) || err == nil && len(list) != n {
			t.Errorf("%d payloads: %d identities, %v", n, len(list), err)
		}
	}
	for _, n := range []int{maxProfileSize, maxProfileSize + 1} {
		text := profile(payload("com.apple.security.pkcs12", data([]byte("x"))))
		text += strings.Repeat(" ", n-len(text))
		if err := newReading(t).parseProfile([]byte(text), false); errors.Is(err, ErrTooLarge) != (n > maxProfileSize) {
			t.Errorf("%d octets: %v", n, err)
		}
		if list, err := ProfileIdentities(t.Context(), []byte(text)); err != nil || (list == nil) != (n > maxProfileSize) {
			t.Errorf("%d octets: %d identities, %v", n, len(list), err)
		}
	}
	r := newReading(t)
	if err := r.parseProfile([]byte("<plist><dict><key>PayloadType</key><string>x</string></dict></plist>"), true); err != nil || r.Profile.HasContent || !r.Profile.Signed || r.Profile.Type != "x" {
		t.Errorf("%+v, %v", r.Profile, err)
	}
	for _, tt := range []struct {
		name, text string
		want       int // identities, -1 for an error
		password   bool
	}{
		{"identity", profile(payload("com.apple.security.pkcs12", data([]byte("x")))), 1, false},
		{"with a password", profile(payload("com.apple.security.pkcs12", data([]byte("x"))+text("Password", ""))), 1, true},
		{"without octets", profile(payload("com.apple.security.pkcs12", "")), -1, false},
		{"another", profile(payload("com.apple.security.root", data([]byte("x")))), -1, false},
		{"two", profile(payload("com.apple.security.root", data([]byte("x"))) + payload("com.apple.security.pkcs12", data([]byte("x")))), 1, false},
		{"cut", "<plist><dict><key>PayloadContent</key>", -1, false},
		{"no profile", "words", 0, false},
		{"a message without one", string(files["PKCS7"]), 0, false},
	} {
		list, err := ProfileIdentities(t.Context(), []byte(tt.text))
		if (err != nil) != (tt.want < 0) || err == nil && len(list) != tt.want || len(list) > 0 && (list[0].Password != nil) != tt.password {
			t.Errorf("identities, %s: %v, %v", tt.name, list, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ProfileIdentities(ended, []byte(profile(""))); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
