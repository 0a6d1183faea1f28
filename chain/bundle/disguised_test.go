package bundle

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// TestDisguised holds what is read in the forms in which people copy files, and what is
// said of a PFX in one.
func TestDisguised(t *testing.T) {
	files, password := damageSubjects(t)
	der, pfx := files["DER"], files["PFX"]
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	public := c.RawSubjectPublicKeyInfo
	quoted := func(data []byte) string { return `"` + b64(data) + `"` }
	list := func(data []byte) string { return string(numbers(data, "%d", ", ")) }
	printable := func(data []byte) string {
		var b strings.Builder
		b.WriteString("0=8" + fmt.Sprintf("%X", data[1]&15))
		for _, c := range data[2:] {
			fmt.Fprintf(&b, "=%02X", c)
		}
		return b.String()
	}
	for _, tt := range []struct {
		name, text string
		want       Format // zero for what is not read
		armor      pkcs7.Armor
		pfx        bool
	}{
		{"blanks before", " \n" + string(der), DER, pkcs7.Binary, false},
		{"quotation marks", quoted(der), DER, pkcs7.Base64, false},
		{"quotation marks of a store", quoted(files["SST"]), SST, pkcs7.Base64, false},
		{"base64 twice", b64([]byte(b64(der))), DER, pkcs7.Base64, false},
		{"base64 three times", b64([]byte(b64([]byte(b64(der))))), DER, pkcs7.Base64, false},
		{"base64 five times", b64([]byte(b64([]byte(b64([]byte(b64([]byte(b64(der))))))))), 0, pkcs7.Binary, false},
		{"numbers", "{" + list(der) + "}", DER, pkcs7.Binary, false},
		{"escapes", `"\x` + string(numbers(der, "%02x", `\x`)) + `"`, DER, pkcs7.Hex, false},
		{"quoted-printable", printable(der), DER, pkcs7.Binary, false},
		{"words in quotation marks", quoted([]byte(strings.Repeat("words ", 20))), 0, pkcs7.Binary, false},
		{"numbers of something else", list(bytes.Repeat([]byte{0xAA, 1}, 40)), 0, pkcs7.Binary, false},
		{"PFX in quotation marks", quoted(pfx), 0, pkcs7.Binary, true},
		{"PFX in base64 twice", b64([]byte(b64(pfx))), 0, pkcs7.Binary, true},
		{"PFX in base64 three times", b64([]byte(b64([]byte(b64(pfx))))), 0, pkcs7.Binary, true},
		{"PFX as numbers", list(pfx), 0, pkcs7.Binary, true},
		{"words", "words", 0, pkcs7.Binary, false},
		{"numbers of base64", list([]byte(b64(der))), DER, pkcs7.Base64, false},
		{"an element in quotation marks", quoted(files["SST"][8 : len(files["SST"])-12]), 0, pkcs7.Binary, false},
		{"a PDF document in quotation marks", quoted([]byte("%PDF-" + strings.Repeat("words ", 20))), 0, pkcs7.Binary, false},
		{"a public key that no connector has", " " + string(public), 0, pkcs7.Binary, false},
	} {
		r := newReading(t)
		ok, err := r.parseDisguised([]byte(tt.text))
		u, _ := errors.AsType[*UnrecognizedError](err)
		if ok != (tt.want != 0) || r.Format != tt.want || r.Armor != tt.armor || (u != nil && u.Why == whyDisguisedPFX) != tt.pfx || !tt.pfx && err != nil || (len(r.Ignored) > 0) != ok || r.disguises != 0 {
			t.Errorf("%s: %s %v, %t, %v", tt.name, r.Format, r.Armor, ok, err)
		}
	}
	unopened := newReading(t)
	unopened.password = &password
	if _, err := unopened.parseDisguised([]byte(list(pfx))); err == nil || unopened.iterations != 0 {
		t.Errorf("a PFX as numbers is opened: %d iterations, %v", unopened.iterations, err)
	}
	for _, n := range []int{maxDisguises - 1, maxDisguises} {
		r := newReading(t)
		r.disguises = n
		if ok, _ := r.parseDisguised([]byte(quoted(der))); ok != (n < maxDisguises) {
			t.Errorf("behind %d disguises: %t", n, ok)
		}
	}
	for _, n := range []int{maxDisguiseSize, maxDisguiseSize + 1} {
		if ok, _ := newReading(t).parseDisguised(append([]byte(" "+string(der)), make([]byte, n-len(der)-1)...)); ok != (n == maxDisguiseSize) {
			t.Errorf("%d octets: %t", n, ok)
		}
	}
	cut := files["SST"][:len(files["SST"])-1]
	if ok, err := newReading(t).parseDisguised([]byte(" " + string(cut))); ok || err == nil {
		t.Errorf("a store that is cut: %t, %v", ok, err)
	}
	if ok, err := newReading(t).parseDisguised([]byte(" " + string(files["PKCS7"][:len(files["PKCS7"])-9]))); ok || err == nil {
		t.Errorf("a message that is cut: %t, %v", ok, err)
	}
}

// TestUndressed holds what is taken away around data.
func TestUndressed(t *testing.T) {
	files, _ := damageSubjects(t)
	der, sst := string(files["DER"]), string(files["SST"])
	for _, tt := range []struct{ name, text, want string }{
		{"nothing", der, ""},
		{"empty", "", ""},
		{"blanks", " \t\r\n" + der, der},
		{"marks", `"` + der + `"`, der},
		{"marks and the end of a line", "'" + der + "'\r\n", der},
		{"a mark before alone", `"` + der, der},
		{"a mark and a blank", `" ` + der + `"`, der + `"`},
		{"other marks", `"` + der + `'`, der + `'`},
		{"a blank, and a mark behind", " " + der + `"`, der + `"`},
		{"blanks before and behind", " " + der + " ", der + " "},
		{"store", " " + sst, sst},
		{"words", " words", ""},
		{"fifteen blanks", strings.Repeat(" ", 15) + der, der},
		{"sixteen blanks", strings.Repeat(" ", 16) + der, der},
		{"seventeen blanks", strings.Repeat(" ", 17) + der, ""},
		{"a blank alone", " ", ""},
	} {
		if got := undressed([]byte(tt.text)); string(got) != tt.want {
			t.Errorf("%s: %d octets, want %d", tt.name, len(got), len(tt.want))
		}
	}

	octets := bytes.Repeat([]byte{1, 0xFB, 0xFF}, 16)
	text := b64(octets) // 64 characters
	url := strings.NewReplacer("+", "-", "/", "_").Replace(text)
	for _, tt := range []struct {
		text string
		want bool
	}{
		{text, true}, {url, true}, {`"` + text + `"`, true}, {"“" + text + "”", true}, {text[:63], false}, {text[:60], false}, {"\x00" + text, false}, {text[:32] + "," + text[32:], true}, {text + "!", false},
		{"data:x;base64," + text, true}, {" 'data:x;base64," + text + "'", true}, {"data:," + text, true}, {"data:" + text, false}, {"x," + text + "!", false},
		{"data:" + strings.Repeat("x", 194) + "," + text, true}, {"data:" + strings.Repeat("x", 195) + "," + text, false},
	} {
		if got := newReading(t).base64Within([]byte(tt.text)); (got != nil) != tt.want || tt.want && tt.text[0] != 'd' && !bytes.Equal(got, octets) {
			t.Errorf("base64 within %q: %x", tt.text, got)
		}
	}
	for text, want := range map[string]bool{"": false, "a\t\r\n b": false, "\x00": true, "\x1f": true, strings.Repeat("a", 63) + "\x00": true, strings.Repeat("a", 64) + "\x00": false} {
		if isBinary([]byte(text)) != want {
			t.Errorf("binary: %q", text)
		}
	}

	many := func(n int, one, between string) string {
		return strings.Join(slices.Repeat([]string{one}, n), between)
	}
	for _, tt := range []struct {
		text string
		want int // numbers
	}{
		{many(32, "1", ", "), 32}, {many(31, "1", ", "), 0}, {many(32, "1", "\n"), 32}, {many(32, "1", "\r"), 32}, {"\x01(" + many(32, "1", ",") + ")", 0}, {many(32, "-128", ";"), 32}, {many(32, "-129", ";"), 0}, {many(32, "255", "\t"), 32}, {many(32, "256", "\r\n"), 0},
		{many(32, "0xFF", " "), 32}, {many(32, "0Xff", " "), 32}, {many(32, "0x100", " "), 0}, {many(32, "0xg", " "), 0}, {many(32, "a", " "), 0},
		{"byte[] a = {" + many(32, "1", ",") + "};\n", 32}, {"[9, 9, (" + many(32, "1", ",") + ")]", 32}, {"\x01" + many(32, "1", ","), 0}, {many(32, "1", ".") + "!", 0}, {"", 0},
	} {
		if got := numbersWithin([]byte(tt.text)); len(got) != tt.want {
			t.Errorf("numbers in %.30q: %x", tt.text, got)
		}
	}
	for text, want := range map[string]string{
		`\x01\xFF`: "\x01\xff", `b'\x01' "\xff";`: "\x01\xff", `0102`: "", `\x0`: "", `\x0g`: "", `\x01\x0g`: "", strings.Repeat(" ", 62) + `\x01`: "\x01", strings.Repeat(" ", 63) + `\x01`: "",
	} {
		if got := escapesWithin([]byte(text)); string(got) != want {
			t.Errorf("escapes in %q: %x", text, got)
		}
	}
	for text, want := range map[string]string{
		"0=82=01": "0\x82\x01", " \r\n=30=82=01": "0\x82\x01", "=00=00=00=00C": "\x00\x00\x00\x00C", "=01=02": "", "0=82\x01": "", "": "",
	} {
		if got := quotedPrintable([]byte(text)); string(got) != want {
			t.Errorf("quoted-printable in %q: %x", text, got)
		}
	}
}
