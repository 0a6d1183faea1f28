package deploy

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/locale"
)

// TestScriptLanguages holds that a script does the same in every language: it
// parses, its commands are those of the English one, what is not ASCII has a byte
// order mark before it, and lines end as they do on Windows.
func TestScriptLanguages(t *testing.T) {
	packed := pack(t, "collections/complete.sst")
	scripts := func(l locale.Language) [][]byte {
		t.Helper()
		exchange, err := Exchange(packed, &ExchangeOptions{Language: l})
		if err != nil {
			t.Fatal(err)
		}
		intune, err := IntuneTrusted(packed, &IntuneTrustedOptions{Language: l})
		if err != nil {
			t.Fatal(err)
		}
		pfx, err := IntunePFXScript(l)
		if err != nil {
			t.Fatal(err)
		}
		var list [][]byte
		for _, o := range append(append(exchange, intune...), *pfx) {
			if filepath.Ext(o.Name) == ".ps1" {
				list = append(list, o.Data)
			}
		}
		if len(list) != 3 {
			t.Fatalf("%d scripts", len(list))
		}
		return list
	}
	english := scripts(locale.English)
	for _, l := range locale.Languages() {
		all := scripts(l)
		for i, script := range all {
			text, marked := bytes.CutPrefix(script, []byte(byteOrderMark))
			ascii := !bytes.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
			if marked == ascii || !utf8.Valid(text) || bytes.Contains(text, []byte(byteOrderMark)) {
				t.Errorf("%s, script %d: byte order mark %t, ASCII %t", l, i, marked, ascii)
			}
			if l == locale.English == marked {
				t.Errorf("%s, script %d: byte order mark %t", l, i, marked)
			}
			if got, want := commandNames(t, script), commandNames(t, english[i]); got != want {
				t.Errorf("%s, script %d runs\n%s\nwant\n%s", l, i, got, want)
			}
			if n := bytes.Count(text, []byte("\n")); n != bytes.Count(text, []byte("\r\n")) || n != bytes.Count(english[i], []byte("\n")) {
				t.Errorf("%s, script %d has %d lines", l, i, n)
			}
		}
		wantPowerShell(t, all...)
	}
}

// TestLiteral holds that a sentence in a script is a string and nothing more,
// whatever a translation holds.
func TestLiteral(t *testing.T) {
	var all strings.Builder
	for _, s := range hostile {
		got := literal(s)
		inside := strings.TrimSuffix(strings.TrimPrefix(got, "'"), "'")
		for _, quote := range []string{"'", "‘", "’", "‚", "‛"} {
			if n := strings.Count(inside, quote); n != 2*strings.Count(s, quote) || n != 2*strings.Count(inside, quote+quote) {
				t.Errorf("%q becomes %s, in which %s ends the string", s, got, quote)
			}
		}
		all.WriteString("Write-Output " + got + "\r\n")
	}
	if n := strings.Count(all.String(), "\n"); n != len(hostile) {
		t.Errorf("%d lines, want %d", n, len(hostile))
	}
	wantPowerShell(t, []byte(all.String()))
}

// TestBaseName holds that names of files keep letters of every script, stay apart,
// and have nothing that a file system or shell takes for something else.
func TestBaseName(t *testing.T) {
	for name, want := range map[string]string{
		"サンプル ルート CA":            "サンプル-ルート-CA",
		"サンプル 中間 CA":             "サンプル-中間-CA",
		"Ünïcode — CA":           "Ünïcode-CA",
		"U\u0308 CA":             "Ü-CA",
		"../../etc":              "etc",
		"a\x00b\nc:d*":           "a-b-c-d",
		"\u202eevil":             "evil",
		"…":                      "certificate",
		strings.Repeat("長", 100): strings.Repeat("長", 48),
	} {
		template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}}
		key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
		der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		c := chain.ParseCertificate(der)
		got, _ := strings.CutSuffix(baseName(c), "-"+tail(c))
		if got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}
