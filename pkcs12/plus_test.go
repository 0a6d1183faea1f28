package pkcs12

import (
	"encoding/base64"
	"strings"
	"testing"

	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// TestPlus holds that base64 whose plus signs became blanks is read as it was, and its
// password is not called wrong; blanks that are layout stay what they are.
func TestPlus(t *testing.T) {
	text := base64.StdEncoding.EncodeToString(alice(t).encode(t, gopkcs12.Modern2023, "secret"))
	if !strings.Contains(text, "+") {
		t.Fatal("the file has no plus")
	}
	fold := func(by string) string {
		var b strings.Builder
		for i := 0; i < len(text); i += 64 {
			b.WriteString(text[i:min(i+64, len(text))] + by)
		}
		return b.String()
	}
	for name, made := range map[string]string{
		"one line": strings.ReplaceAll(text, "+", " "), "lines": strings.ReplaceAll(fold("\n"), "+", " "), "lines of Windows": strings.ReplaceAll(fold("\r\n"), "+", " "),
		"layout": fold(" "), "plain": text, "indented": "  " + fold("\n  "),
		"blanks beside plus signs": text[:400] + "    " + text[400:],
	} {
		r, err := Inspect([]byte(made), "secret")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if r.Password.Status != PasswordRight || len(r.Identities) != 1 || !r.Has(codeText) {
			t.Errorf("%s: password %v, %v", name, r.Password.Status, codes(r))
		}
	}
}

// TestUnpadded holds that base64 without its padding is read, and that what was cut off
// with it is missing, however many characters.
func TestUnpadded(t *testing.T) {
	file := alice(t).encode(t, gopkcs12.Modern2023, "secret")
	text := strings.TrimRight(base64.StdEncoding.EncodeToString(file), "=")
	for n := range 6 {
		r, err := Inspect([]byte(text[:len(text)-n]), "secret")
		if err != nil {
			t.Errorf("without %d characters: %v", n, err)
			continue
		}
		if got := len(file) - (len(text)-n)*6/8; r.Missing != got || !r.Has(codeText) {
			t.Errorf("without %d characters: %d octets missing, want %d; %v", n, r.Missing, got, codes(r))
		}
	}
}
