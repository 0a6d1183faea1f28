package bundle

import (
	"bytes"
	"strings"
	"testing"
)

// TestOctets holds what octets text shows, as PowerShell and others print them.
func TestOctets(t *testing.T) {
	const header = "\x00\x00\x00\x00CERT"
	for text, want := range map[string]string{
		"1 2 3 4 5 6 7 8":             "\x01\x02\x03\x04\x05\x06\x07\x08",
		"1,2;3\t4\n5\r\n6-7:255":      "\x01\x02\x03\x04\x05\x06\x07\xff",
		"1 2 3 4 5 6 7":               "",
		"1 2 3 4 5 6 7 256":           "",
		"0a 0b 0c 0d 0e 0f 1a 1b":     "\x0a\x0b\x0c\x0d\x0e\x0f\x1a\x1b",
		"0x0a 0X0b 0c 0d 0e 0f 1a 1b": "\x0a\x0b\x0c\x0d\x0e\x0f\x1a\x1b",
		"0a 0b 0c 0d 0e 0f 1a":        "",
		"a b c d e f a b c d e f a b": "",
		"10 10 10 10 10 10 10 10":     "\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a",
		"00 00 00 00 43 45 52 54":     header,
		"00 00 00 00 67 69 82 84":     header,
		"0 0 0 0 67 69 82 84":         header,
		"0102030405060708":            "\x01\x02\x03\x04\x05\x06\x07\x08",
		"0x0102030405060708":          "\x01\x02\x03\x04\x05\x06\x07\x08",
		"01020304 0506\n0708":         "\x01\x02\x03\x04\x05\x06\x07\x08",
		"010203040506070":             "",
		"01020304050607080":           "",
		"AQIDBAUGBwgJCgsM":            "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c",
		"AQIDBAUGBwgJCg==":            "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a",
		"AQIDBAUGBwgJCh==":            "", // bits that are not zero behind the end
		"AQIDBAUGBwgJCgsMD":           "",
		"":                            "",
	} {
		if got, ok := octetsOf([]byte(text)); string(got) != want && ok || ok != (want != "") {
			t.Errorf("%q: %x, %t", text, got, ok)
		}
	}
	for line, want := range map[string]bool{
		"1,2": true, "AA==": true, `"',;:{} -`: true, "": false, "a!": false, "1.": false, ")": false, "@(1, 2)": true, "@(": false, "(1)": false,
		"[byte[]]": false, "[byte[]] @(1, 2)": true, "[byte[]](1, 2)": true, "[byte[]] '1'": true, "[byte]1": false,
	} {
		if isOctetLine([]byte(line)) != want {
			t.Errorf("line %q: %t", line, !want)
		}
	}
	const (
		store = "0 0 0 0 67 69 82 84"
		dump  = "00000000 0000 0000 4345 5254"
		long  = "00000008 00  "
	)
	for text, want := range map[string]string{
		store:                                header,
		"words!\n" + store + "\nmore!":       header,
		"0 0 0 0 67\n69 82 84\n":             header,
		"1 2 3 4 5 6 7 8\n!\n" + store:       header,
		store + "\n!\n9":                     header,
		store + "\n9":                        header + "\x09",
		"AAAAAENFUlQAAAAA=AAA":               "",
		"!\n":                                "",
		"1 2 3 4 5 6 7 8":                    "",
		"[byte[]] @(" + store + ")":          header,
		"{'\"" + store + "\"'}":              header,
		dump:                                 header,
		"0x00000000:  0000 0000 4345 5254":   header,
		"0x00000000: 00000000 43455254  .C.": "",
		"0x00000000: 0000 0000 4345 5254  C": header,
		"words\n" + dump + "\n00000008 00":   header + "\x00",
		dump + "\n" + dump:                   "",
		dump + "\n00000009 00":               "",
		dump + "\n00000008 000":              "",
		dump + "\n" + long + strings.Repeat(".", 200-len(long)-1) + "\n": header + "\x00",
		dump + "\n" + long + strings.Repeat(".", 200-len(long)) + "\n":   header,
		"00000000 0000 0000 4345 5255":                                   "",
	} {
		if got := storeInText([]byte(text)); string(got) != want {
			t.Errorf("store in %q: %x", text, got)
		}
	}
	const longest = 8 << 20
	for _, n := range []int{longest, longest + 1} {
		text := append([]byte(store), bytes.Repeat([]byte(" "), n-len(store))...)
		if got := storeWithin(text, 0, len(text)); (got != nil) != (n == longest) {
			t.Errorf("store in %d octets: %x", n, got)
		}
	}
	if storeWithin([]byte(store), -1, len(store)) != nil {
		t.Error("a store without a start")
	}
}
