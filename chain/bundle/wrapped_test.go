package bundle

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// TestWrapped holds what is read that is wrapped in PEM or in digits, and what is not.
func TestWrapped(t *testing.T) {
	files, _ := damageSubjects(t)
	block := func(label string, data []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: data}))
	}
	const end = "-----END CERTIFICATE-----\n"
	for _, tt := range []struct {
		name, text string
		want       Format // zero for what is not read
	}{
		{"no PEM", "words", 0},
		{"a message", block("CERTIFICATE", files["PKCS7"]), PKCS7},
		{"a message, behind words", "words\n" + block("X509 CERTIFICATE", files["PKCS7"]), PKCS7},
		{"a message, twice", block("CERTIFICATE", files["PKCS7"]) + block("CERTIFICATE", files["PKCS7"]), 0},
		{"a message under its name", block("PKCS7", files["PKCS7"]), 0},
		{"a store", block("CERTIFICATE", files["SST"]), SST},
		{"a certificate", block("CERTIFICATE", files["DER"]), 0},
		{"nothing", "-----BEGIN CERTIFICATE-----\n" + end, 0},
		{"words", block("CERTIFICATE", []byte("words")), 0},
		{"without an end", strings.TrimSuffix(block("CERTIFICATE", files["PKCS7"]), end), 0},
		{"with the end before", end + block("CERTIFICATE", files["PKCS7"]), 0},
		{"damaged", "-----BEGIN CERTIFICATE-----\nM\n" + end, 0},
		{"without a label", "-----BEGIN CERTIFICATE", 0},
	} {
		r := newReading(t)
		if ok, err := r.parseWrapped([]byte(tt.text)); ok != (tt.want != 0) || err != nil || r.Format != tt.want || ok && r.Armor != pkcs7.PEM {
			t.Errorf("%s: %s, %t, %v", tt.name, r.Format, ok, err)
		}
	}
	text := newReading(t)
	if ok, err := text.parseWrapped([]byte(block("CERTIFICATE", []byte(b64(files["SST"]))))); !ok || err != nil || text.Armor != pkcs7.Base64 {
		t.Errorf("a store in base64: %v, %t, %v", text.Armor, ok, err)
	}
	cut := files["SST"][:len(files["SST"])-1]
	if ok, err := newReading(t).parseWrapped([]byte(block("CERTIFICATE", cut))); !ok || err == nil {
		t.Errorf("a damaged store: %t, %v", ok, err)
	}

	hexed := func(data []byte) string { return string(numbers(data, "%02X", " ")) }
	for _, tt := range []struct {
		name, text string
		want       Format
		pfx        bool
	}{
		{"digits", hexed(files["DER"]), DER, false},
		{"a dump", dumpOf(files["DER"]), DER, false},
		{"a dump behind words", "words\n" + dumpOf(files["SST"]), SST, false},
		{"digits of text", hexed([]byte(strings.Repeat("words ", 10))), 0, false},
		{"digits of something else", hexed(bytes.Repeat([]byte{0xAA, 1}, 40)), 0, false},
		{"a PFX", hexed(files["PFX"]), 0, true},
		{"digits of PEM", hexed([]byte(block("CERTIFICATE", files["DER"]))), 0, false},
		{"words", "words", 0, false},
	} {
		r := newReading(t)
		ok, err := r.parseHex([]byte(tt.text))
		u, _ := errors.AsType[*UnrecognizedError](err)
		if ok != (tt.want != 0) || r.Format != tt.want || (u != nil && u.Why == whyHexPFX) != tt.pfx || !tt.pfx && err != nil {
			t.Errorf("%s: %s, %t, %v", tt.name, r.Format, ok, err)
		}
	}

	path := func(list ...[]byte) []byte { // a sequence of more than 255 octets
		data := slices.Concat(list...)
		return append([]byte{0x30, 0x82, byte(len(data) >> 8), byte(len(data))}, data...)
	}
	two := path(files["DER"], files["DER"])
	for _, tt := range []struct {
		name         string
		data         []byte
		certificates int
		faults       int
		fails        bool
	}{
		{"two certificates", two, 2, 0, false},
		{"none", []byte{0x30, 0}, 0, 0, false},
		{"cut", two[:len(two)-1], 0, 0, true},
		{"with more behind", append(slices.Clone(two), 0), 0, 0, true},
		{"another sequence", append([]byte{0x31}, two[1:]...), 0, 0, true},
		{"the second cut", path(files["DER"], files["DER"][:300]), 2, 1, false},
	} {
		r := newReading(t)
		err := r.parsePath(tt.data)
		faults := 0
		for i := range r.Certificates {
			if r.Certificates[i].Fault != nil {
				faults++
			}
		}
		if len(r.Certificates) != tt.certificates || faults != tt.faults || (err != nil) != tt.fails {
			t.Errorf("path, %s: %d certificates, %d faults, %v", tt.name, len(r.Certificates), faults, err)
		}
	}
	checkEnded(t, string(two), func(r *reading, data []byte) (bool, error) { return false, r.parsePath(data) })
	if r := newReading(t); r.parsePath(two) != nil || r.Certificates[1].Offset-r.Certificates[0].Offset != int64(len(files["DER"])) || r.Certificates[0].Offset != 4 {
		t.Error("the places in a path")
	}
}

// dumpOf prints data as xxd does.
func dumpOf(data []byte) string {
	var b strings.Builder
	for at := 0; at < len(data); at += 16 {
		fmt.Fprintf(&b, "%08x: % x  ...\n", at, data[at:min(at+16, len(data))])
	}
	return b.String()
}

// TestHexDigits holds which octets digits and dumps show.
func TestHexDigits(t *testing.T) {
	const sixteen = "\x01\x02\x03\x04\x05\x06\x07\x08\x01\x02\x03\x04\x05\x06\x07\x08"
	for text, want := range map[string]string{
		strings.Repeat("0102030405060708", 2):              sixteen,
		strings.Repeat("01:02-03,04\t05 06\r\n07\n08 ", 2): sixteen,
		strings.Repeat("0x01 0X02 0304 05060708 ", 2):      sixteen,
		strings.Repeat("0102030405060708", 2)[2:]:          "",
		strings.Repeat("0102030405060708", 2) + "0":        "",
		strings.Repeat("010203040506070g", 2):              "",
		"":                                                 "",
	} {
		if got := digitsOnly([]byte(text)); string(got) != want {
			t.Errorf("%q: %x", text, got)
		}
	}
	const (
		first  = "0000: 01 02\n"
		second = "0002: 03 04\n"
		long   = "0002: 03 04  "
	)
	for text, want := range map[string]string{
		first + second:                         "\x01\x02\x03\x04",
		"words\n" + first + "words\n" + second: "\x01\x02\x03\x04",
		first:                                  "",
		second:                                 "",
		first + first + second:                 "\x01\x02\x03\x04",
		first + second + first:                 "\x01\x02\x03\x04",
		first + second + "0009: 05 06\n":       "\x01\x02\x03\x04",
		first + second + "0004: 05 060\n":      "\x01\x02\x03\x04",
		first + "0003: 03 04\n":                "",
		first + "0002: 03 040\n":               "",
		first + second + "0004: 05 06":         "\x01\x02\x03\x04\x05\x06",
		"\t0x0000:  0102  |..|\r\n0002 03\r\n": "\x01\x02\x03",
		first + long + strings.Repeat(".", 200-len(long)-1) + "\n": "\x01\x02\x03\x04",
		first + long + strings.Repeat(".", 200-len(long)) + "\n":   "",
	} {
		if got := hexDump([]byte(text)); string(got) != want {
			t.Errorf("%q: %x", text, got)
		}
	}
}
