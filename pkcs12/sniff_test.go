package pkcs12

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// TestUnwrap holds in which text a PFX is found, and what the text is taken for where there
// is none.
func TestUnwrap(t *testing.T) {
	file := pfx(plainSafe(seq(bag("1.2.3", octetString(make([]byte, 200)))))) // so long that base64 starts with "MI"
	other := seq(seq(), octetString(make([]byte, 200)))
	text := func(b []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(b)) }
	block := func(b []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: "PKCS12", Bytes: b}) }
	const bom = "\xef\xbb\xbf"
	for _, tt := range []struct {
		name  string
		data  []byte
		armor pkcs7.Armor
		found bool
	}{
		{"binary", file, pkcs7.Binary, true},
		{"another structure", other, pkcs7.Binary, false},
		{"nothing", nil, pkcs7.Binary, false},
		{"PEM", block(file), pkcs7.PEM, true},
		{"PEM behind a mark and blanks", slices.Concat([]byte(bom+"\r\n "), block(file)), pkcs7.PEM, true},
		{"PEM, the second block", slices.Concat(block(other), block(file)), pkcs7.PEM, true},
		{"PEM of something else", block(other), pkcs7.PEM, false},
		{"PEM without an end", block(file)[:200], pkcs7.PEM, false},
		{"base64", text(file), pkcs7.Base64, true},
		{"base64 behind a mark and blanks", slices.Concat([]byte(bom+" \n"), text(file)), pkcs7.Base64, true},
		{"base64 in lines", append(append(bytes.Clone(text(file)[:100]), "\r\n\t"...), text(file)[100:]...), pkcs7.Base64, true},
		{"base64 without padding", bytes.TrimRight(text(append(file, 0)), "="), pkcs7.Base64, true},
		{"base64 that is cut", text(file)[:201], pkcs7.Base64, true},
		{"base64 of something else", text(other), pkcs7.Base64, false},
		{"base64 with other characters", append([]byte("MI!"), text(file)...), pkcs7.Base64, false},
		{"base64 of something short", text(pfx()), pkcs7.Binary, false},
		{"text", []byte("a note"), pkcs7.Binary, false},
		{"text like base64", []byte("MIME is short for"), pkcs7.Base64, false},
	} {
		body, armor := unwrap(tt.data)
		if (body != nil) != tt.found || armor != tt.armor || Detect(tt.data) != tt.found {
			t.Errorf("%s: %d octets, %v", tt.name, len(body), armor)
		}
		if whole := !strings.Contains(tt.name, "cut") && !strings.Contains(tt.name, "without padding"); tt.found && whole && !bytes.Equal(body, file) {
			t.Errorf("%s: %x", tt.name, body)
		}
	}
}

// TestWithPlus holds where blanks were plus signs, and where they are layout.
func TestWithPlus(t *testing.T) {
	long := strings.Repeat("abcd", 256) // of 1,024 characters
	for _, tt := range []struct {
		name, text, want string // empty: as it is
	}{
		{"none", long, ""},
		{"one", "a cd" + long, "a+cd" + long},
		{"one beside a plus sign", "a c+" + long, ""},
		{"at the shortest length", "a cd" + long[4:], "a+cd" + long[4:]},
		{"shorter", "a cd" + long[8:], ""},
		{"in lines", "a cd\n" + long + "\na cd", "a+cd\n" + long + "\na+cd"},
		{"in lines of Windows", "a cd\r\n" + long + "\r\na cd", "a+cd\n" + long + "\na+cd"},
		{"as layout", "abcd " + long, ""},
	} {
		want := tt.want
		if want == "" {
			want = tt.text
		}
		if got := withPlus([]byte(tt.text)); string(got) != want {
			t.Errorf("%s: %.20q, want %.20q", tt.name, got, want)
		}
	}
}

// TestSniff names what is not a PFX by how it starts.
func TestSniff(t *testing.T) {
	algorithm := seq(object("1.2.3"))
	for _, tt := range []struct {
		data []byte
		want Hint
	}{
		{nil, foundEmpty},
		{[]byte("\xfe\xed\xfe\xed"), foundKeyStore}, {[]byte("\xce\xce\xce\xce"), foundKeyStore}, {[]byte("\xfe\xed\xfe"), foundText},
		{[]byte("\x00\x00\x00\x00CERT"), foundSST}, {[]byte("\x00\x00\x00\x00CER"), foundUnknown},
		{[]byte(" \n-----BEGIN X"), foundPEM}, {[]byte("----BEGIN "), foundText},
		{seq(object("1.2.3")), foundPKCS7}, {seq(integer(0)), foundPrivateKey},
		{seq(algorithm), foundPrivateKey}, {seq(seq(integer(0))), foundCertificate}, {seq(seq()), foundCertificate},
		{[]byte{0x30, 2, 0x10, 0}, foundCertificate}, // a SEQUENCE that is none
		{seq(), foundUnknown}, {seq(setOf()), foundUnknown}, {seq(octetString(nil)), foundUnknown}, {seq([]byte{0x02}), foundUnknown},
		{setOf(integer(0)), foundUnknown},
		{[]byte("a\t\r\n~"), foundText}, {[]byte("\x1f"), foundUnknown}, {[]byte(" "), foundText}, {[]byte("\xff"), foundText},
		{append(bytes.Repeat([]byte("a"), 511), 1), foundUnknown}, {append(bytes.Repeat([]byte("a"), 512), 1), foundText},
	} {
		if got := sniff(tt.data); got != tt.want {
			t.Errorf("%q: %v, want %v", tt.data, got, tt.want)
		}
	}
}
