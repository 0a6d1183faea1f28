package sst

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
)

func TestParseElement(t *testing.T) {
	for _, name := range []string{"dotnet-element.bin"} {
		data := corpus(t, name)
		e, err := ParseElement(data)
		if err != nil {
			t.Fatal(err)
		}
		if out := must(e.Marshal()); !bytes.Equal(out, data) {
			t.Error("Marshal differs")
		}
		if k, err := e.KeyProvInfo(); err != nil || k.Provider != "Microsoft Strong Cryptographic Provider" {
			t.Errorf("got %v", err)
		}
		s := must(Parse(corpus(t, "dotnet-store.sst")))
		if !bytes.Equal(must(s.Elements[0].Marshal()), data) {
			t.Error("not the first element of the store")
		}
	}
	whole := fixture(t)
	element := must(fixtureStore(t).Elements[0].Marshal())
	if e, err := ParseElement(element); err != nil || len(e.Properties) != 13 {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		data   []byte
		err    error
		offset int64
		hint   Hint
	}{
		{"nothing", nil, ErrTruncated, 0, noHint},
		{"zeros", make([]byte, 12), errHeader, 0, noHint},
		{"store", whole, errHeader, 0, hintStore},
		{"two", append(bytes.Clone(element), element...), errTrailingData, int64(len(element)), noHint},
		{"trailing zeros", append(bytes.Clone(element), make([]byte, 12)...), errTrailingData, int64(len(element)), noHint},
		{"cut", element[:len(element)-1], ErrTruncated, int64(len(element) - 12 - len(fixtureStore(t).Elements[0].Raw)), noHint},
		{"properties only", []byte("\x0b\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00"), errOrphanProperties, 0, noHint},
		{"certificate", newCert(t, 1, nil).Raw, ErrTruncated, 0, hintDERValue},
	}
	for _, test := range tests {
		for _, opts := range []*Options{nil, Lenient()} {
			e, err := opts.ParseElement(test.data)
			var fe *FormatError
			if !errors.As(err, &fe) || e != nil || !errors.Is(err, test.err) || fe.Offset != test.offset || fe.Hint != test.hint {
				t.Errorf("%s: %v", test.name, err)
			}
		}
	}
	if _, err := (&Element{}).Marshal(); err == nil {
		t.Error("an element without a kind is written")
	}
	if _, err := (&Element{Properties: []Property{{ID: 11}}}).Marshal(); err == nil {
		t.Error("properties without an element are written")
	}
	if _, err := (&Options{MaxSize: 5}).ParseElement(element); !errors.Is(err, errLimit) {
		t.Errorf("got %v", err)
	}
}

// lines breaks text after every n characters.
func lines(text string, n int, eol string) string {
	var b strings.Builder
	for len(text) > n {
		b.WriteString(text[:n] + eol)
		text = text[n:]
	}
	return b.String() + text
}

func wide(s string) string {
	b := []byte("\xff\xfe")
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

func TestBase64(t *testing.T) {
	data := fixture(t)
	text := base64.StdEncoding.EncodeToString(data)
	if !strings.HasPrefix(text, base64Header) {
		t.Fatal("unexpected start")
	}
	good := map[string]string{
		"one line":       text,
		"one line, LF":   text + "\n",
		"64, CRLF":       lines(text, 64, "\r\n") + "\r\n",
		"76, LF":         lines(text, 76, "\n"),
		"BOM":            "\xef\xbb\xbf" + lines(text, 76, "\r\n"),
		"UTF-16":         wide(lines(text, 64, "\r\n") + "\r\n"),
		"white space":    " \r\n\t" + text + " \n\n",
		"one line wider": lines(text, len(text)-1, "\n"),
	}
	for name, in := range good {
		s, err := Parse([]byte(in))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if out := must(s.Marshal()); string(out) != in {
			t.Errorf("%s: Marshal differs", name)
		}
		if out := must(s.AppendBinary(nil)); !bytes.Equal(out, data) {
			t.Errorf("%s: AppendBinary differs", name)
		}
		clean, _ := s.Clean(notBefore, nil)
		if out := must(clean.Marshal()); !bytes.HasPrefix(out, []byte(storeHeader)) {
			t.Errorf("%s: Clean gives text", name)
		}
	}
	bad := map[string]string{
		"cut":              text[:len(text)-1],
		"letter":           text[:100] + "*" + text[101:],
		"uneven lines":     lines(text[:500], 64, "\n") + "\n" + lines(text[500:], 76, "\n"),
		"mixed line ends":  text[:64] + "\n" + text[64:128] + "\r\n" + text[128:],
		"space":            text[:64] + " " + text[64:],
		"NUL in UTF-16":    wide(text)[:200] + "\x00",
		"half a character": wide(text) + "\x41",
		"not ASCII":        wide(text[:100] + "ä" + text[101:]),
		"two texts":        text + "\n\n" + text,
		"lone CR":          text[:64] + "\r" + text[64:],
	}
	for name, in := range bad {
		s, err := Parse([]byte(in))
		var fe *FormatError
		if !errors.As(err, &fe) || s != nil {
			t.Errorf("%s: accepted", name)
		}
	}
	for i := range text[:200] {
		checkParse(t, nil, []byte(text[:i]))
	}
}

// regFile writes a registry export of blobs, 25 bytes in a line.
func regFile(header string, blobs ...[]byte) string {
	var b strings.Builder
	b.WriteString(header + "\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SystemCertificates\\CA]\r\n\r\n")
	for i, blob := range blobs {
		fmt.Fprintf(&b, "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SystemCertificates\\CA\\Certificates\\%040X]\r\n\"Blob\"=hex:", i)
		for j, c := range blob {
			if j > 0 {
				b.WriteByte(',')
			}
			if j > 0 && j%25 == 0 {
				b.WriteString("\\\r\n  ")
			}
			fmt.Fprintf(&b, "%02x", c)
		}
		b.WriteString("\r\n\r\n")
	}
	return b.String()
}

func TestRegistryExport(t *testing.T) {
	s := fixtureStore(t)
	first, second := must(s.Elements[0].Marshal()), must(s.Elements[1].Marshal())
	text := regFile(regHeader5, first, second)
	inputs := map[string]string{
		"UTF-16":           wide(text),
		"UTF-8":            text,
		"UTF-8 with BOM":   "\xef\xbb\xbf" + text,
		"LF":               strings.ReplaceAll(text, "\r\n", "\n"),
		"REGEDIT4":         regFile(regHeader4, first, second),
		"no line at end":   strings.TrimRight(text, "\r\n"),
		"capital digits":   strings.ReplaceAll(strings.ReplaceAll(text, ",0a", ",0A"), "hex:", "HEX(3):"),
		"comment, deleted": strings.Replace(text, "\r\n\r\n", "\r\n; comment\r\n[-HKEY_LOCAL_MACHINE\\X]\r\n", 1),
	}
	for name, in := range inputs {
		got, err := ParseRegistryExport([]byte(in))
		if err != nil || len(got) != 2 {
			t.Errorf("%s: %d entries, %v", name, len(got), err)
			continue
		}
		for i, want := range [][]byte{first, second} {
			g := got[i]
			if g.Err != nil || g.Element == nil || !bytes.Equal(g.Raw, want) || !bytes.Equal(must(g.Element.Marshal()), want) {
				t.Errorf("%s: entry %d: %v", name, i, g.Err)
			}
			if key := fmt.Sprintf("HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SystemCertificates\\CA\\Certificates\\%040X", i); g.Key != key {
				t.Errorf("%s: key %q", name, g.Key)
			}
		}
		if got[0].Line != 6+strings.Count(name, "comment") {
			t.Errorf("%s: line %d", name, got[0].Line)
		}
		at := in[got[0].Offset:]
		if strings.HasPrefix(in, "\xff\xfe") {
			at = strings.ReplaceAll(at, "\x00", "")
		}
		if !strings.HasPrefix(at, `"Blob"=`) {
			t.Errorf("%s: offset %d", name, got[0].Offset)
		}
	}
}

func TestRegistryOtherValues(t *testing.T) {
	blob := must(fixtureStore(t).Elements[1].Marshal())
	in := regHeader5 + "\r\n\r\n[HKEY_CURRENT_USER\\Ключ]]\r\n@=\"default\"\r\n\"a \\\"quoted\\\" name\"=\"text \\\\ with\r\nlines [x]\"\r\n" +
		"\"number\"=dword:00000001\r\n\"gone\"=-\r\n\"other\"=hex(7):61,00,\\\r\n  00,00\r\n\"zz\"=hex:zz\r\n" +
		"\"BLOB\"=hex:01,02\r\n\"Blob \"=hex:01\r\n\"blob\"=hex:\r\n\"Blob\"=\"text\"\r\n"
	in = strings.Replace(in, "\"zz\"=hex:zz\r\n", "", 1) + strings.SplitAfterN(regFile("", blob), "\r\n\r\n", 2)[1]
	in += "[-HKEY_CURRENT_USER\\Deleted]\r\n\"Blob\"=hex:01,02\r\n"
	got, err := ParseRegistryExport([]byte(wide(in)))
	if err != nil || len(got) != 3 {
		t.Fatalf("%d entries, %v", len(got), err)
	}
	var fe *FormatError
	if got[0].Key != "HKEY_CURRENT_USER\\Ключ]" || got[0].Element != nil || !errors.As(got[0].Err, &fe) || string(got[0].Raw) != "\x01\x02" || got[0].Line != 11 {
		t.Errorf("broken blob: %+v", got[0])
	}
	if !errors.As(got[1].Err, &fe) || got[2].Err != nil {
		t.Errorf("%v, %v", got[1].Err, got[2].Err)
	}
	// The same in UTF-8.
	if got, err := ParseRegistryExport([]byte(in)); err != nil || len(got) != 3 || got[0].Key != "HKEY_CURRENT_USER\\Ключ]" {
		t.Errorf("UTF-8: %v", err)
	}
}

func TestRegistryErrors(t *testing.T) {
	head := regHeader5 + "\r\n"
	tests := []struct {
		name, data string
		line       int
		err        error
		hint       Hint
	}{
		{"nothing", "", 1, errRegistryText, noHint},
		{"pem", "-----BEGIN CERTIFICATE-----\n", 1, errRegistryText, hintPEM},
		{"store", storeHeader + endMarker, 1, errRegistryText, hintStore},
		{"half a character", wide(head) + "x", 1, errRegistryText, noHint},
		{"open key", head + "[HKEY", 2, errRegistryText, noHint},
		{"value first", head + "\"Blob\"=hex:00", 2, errRegistryText, noHint},
		{"open name", head + "[K]\n\"Blob", 3, errRegistryText, noHint},
		{"no equals", head + "[K]\n\"Blob\" 1", 3, errRegistryText, noHint},
		{"open text", head + "[K]\n\"a\"=\"b\n\n", 3, errRegistryText, noHint},
		{"after text", head + "[K]\n\"a\"=\"b\" c\n", 3, errRegistryText, noHint},
		{"no colon", head + "[K]\n\"Blob\"=hex 00\n", 3, errRegistryText, noHint},
		{"digit", head + "[K]\n\"Blob\"=hex:0g\n", 3, errRegistryText, noHint},
		{"three digits", head + "[K]\n\"Blob\"=hex:000\n", 3, errRegistryText, noHint},
		{"no comma", head + "[K]\n\"Blob\"=hex:00 00\n", 3, errRegistryText, noHint},
		{"not continued", head + "[K]\n\"Blob\"=hex:00,\\\n", 3, errRegistryText, noHint},
		{"after lines that end in an escape", head + "[K]\n\"a\"=\"b\\\nc\\\nd\"\nBlob\n", 6, errRegistryText, noHint},
		{"stray text", head + "[K]\nBlob\n", 3, errRegistryText, noHint},
	}
	for _, test := range tests {
		got, err := ParseRegistryExport([]byte(test.data))
		var fe *FormatError
		if !errors.As(err, &fe) || got != nil || !errors.Is(err, test.err) || fe.Line != test.line || fe.Hint != test.hint {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	big := regFile(regHeader5, must(fixtureStore(t).Elements[1].Marshal()), must(fixtureStore(t).Elements[1].Marshal()))
	if _, err := (&Options{MaxElements: 1}).ParseRegistryExport([]byte(big)); !errors.Is(err, errLimit) {
		t.Errorf("got %v", err)
	}
	if _, err := (&Options{MaxSize: 10}).ParseRegistryExport([]byte(big)); !errors.Is(err, errLimit) {
		t.Errorf("got %v", err)
	}
	for n := range big {
		if _, err := ParseRegistryExport([]byte(big[:n])); err != nil {
			var fe *FormatError
			if !errors.As(err, &fe) {
				t.Fatalf("%T", err)
			}
		}
	}
}
