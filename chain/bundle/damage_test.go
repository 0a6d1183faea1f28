package bundle

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	"github.com/smimechain/smimechain/sst"
	"github.com/smimechain/smimechain/testdata/outside"
)

// cp1252 are the characters of the octets 0x80 to 0x9F in Windows-1252.
var cp1252 = []rune("\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f" +
	"\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178")

// asText reads octets as text.
func asText(data []byte, windows bool) []rune {
	text := make([]rune, len(data))
	for i, b := range data {
		text[i] = rune(b)
		if windows && 0x80 <= b && b < 0xA0 {
			text[i] = cp1252[b-0x80]
		}
	}
	return text
}

func asUTF16(text []rune, mark string) []byte {
	out := []byte(mark)
	for _, u := range utf16.Encode(text) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

// asASCII replaces each octet beyond ASCII.
func asASCII(data []byte) []byte {
	out := bytes.Clone(data)
	for i, b := range out {
		if b >= 0x80 {
			out[i] = '?'
		}
	}
	return out
}

// replaced is data with each octet beyond ASCII turned to U+FFFD.
func replaced(data []byte) []rune {
	text := asText(data, false)
	for i, c := range text {
		if c >= 0x80 {
			text[i] = utf8.RuneError
		}
	}
	return text
}

// damages are the ways in which programs for text damage binary files.
var damages = map[string]func([]byte) []byte{
	"LF to CRLF":            func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n")) },
	"UTF-8 from Latin-1":    func(b []byte) []byte { return []byte(string(asText(b, false))) },
	"UTF-8 from 1252":       func(b []byte) []byte { return []byte(string(asText(b, true))) },
	"UTF-8 with a mark":     func(b []byte) []byte { return []byte("\uFEFF" + string(asText(b, false))) },
	"UTF-8 by U+FFFD":       func(b []byte) []byte { return []byte(string(replaced(b))) },
	"UTF-8 read as such":    func(b []byte) []byte { return bytes.ToValidUTF8(b, []byte("\uFFFD")) },
	"UTF-16 from Latin-1":   func(b []byte) []byte { return asUTF16(asText(b, false), "\xFF\xFE") },
	"UTF-16 from 1252":      func(b []byte) []byte { return asUTF16(asText(b, true), "\xFF\xFE") },
	"UTF-16 by U+FFFD":      func(b []byte) []byte { return asUTF16(replaced(b), "\xFF\xFE") },
	"UTF-16 without a mark": func(b []byte) []byte { return asUTF16(asText(b, false), "") },
	"ASCII by ?":            asASCII,
	"UTF-8 and a line break": func(b []byte) []byte {
		return []byte(string(asText(b, false)) + "\r\n")
	},
}

// binaryFiles returns the files of the corpus that are a PFX, a store, a certificate or
// PKCS #7 in binary, by name.
func binaryFiles(t *testing.T) map[string][]byte {
	t.Helper()
	root := outside.Corpus(t)
	files := make(map[string][]byte)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if info, err := d.Info(); err != nil || info.Size() > 100_000 {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(root, path)
		if strings.Contains(name, "damaged") || strings.Contains(name, "keys-not-seen") { // several files in one
			return nil
		}
		der := len(data) > 4 && data[0] == 0x30 && data[1] >= 0x80
		if (der || bytes.HasPrefix(data, storeHeader)) && bytes.ContainsFunc(data, func(r rune) bool { return r == utf8.RuneError }) {
			if _, err := Parse(name, data); err == nil {
				files[name] = data
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestTextDamage makes each damage of each file, and has it recognised.
func TestTextDamage(t *testing.T) {
	outside.SkipUnderRace(t)
	files := binaryFiles(t)
	for what, damage := range damages {
		t.Run(what, func(t *testing.T) {
			n, missed := 0, 0
			for name, data := range files {
				broken := damage(data)
				if bytes.Equal(broken, data) {
					continue
				}
				n++
				f, err := Parse(name, broken)
				if err == nil && f.PFX != nil && f.PFX.Has("text_mode") {
					continue
				}
				if !tellsTextDamage(err) {
					missed++
					if missed < 10 {
						t.Errorf("%s (%d octets): %v", name, len(data), err)
					}
				}
			}
			t.Logf("%d of %d files recognised", n-missed, n)
			if n < 400 {
				t.Errorf("%d files", n)
			}
		})
	}
}

// tellsTextDamage reports whether an error says that the file was handled as text.
func tellsTextDamage(err error) bool {
	var unrecognized *UnrecognizedError
	var store *sst.FormatError
	switch {
	case errors.As(err, &unrecognized):
		return unrecognized.Why == pkcs7.LineEndingsAdded || strings.HasPrefix(string(unrecognized.Why), "a program read the binary file and wrote it as text")
	case errors.As(err, &store):
		return strings.Contains(store.Hint.String(), "LF into CRLF")
	default:
		return false
	}
}

// TestUndamaged holds that no file that no program touched is taken for damaged.
func TestUndamaged(t *testing.T) {
	for name, data := range binaryFiles(t) {
		if damage, _ := pkcs7.FindTextDamage(data); damage != "" {
			t.Errorf("%s: %v", name, damage)
		}
	}
}

// TestLostEnd holds what is said of files that lost their end, of base64 that lost its
// padding, and of line breaks after the end of DER.
func TestLostEnd(t *testing.T) {
	outside.SkipUnderRace(t)
	cut, padding, after := 0, 0, 0
	for name, data := range binaryFiles(t) {
		if len(data) < 200 {
			continue
		}
		f, err := Parse(name, data[:len(data)*3/4])
		says := err != nil && (strings.Contains(err.Error(), "truncated") || strings.Contains(err.Error(), "the end of the file is missing"))
		if err == nil && f.PFX != nil {
			says = f.PFX.Has("truncated")
		}
		if err == nil && f.Format == DER && len(f.Certificates) == 1 {
			says = f.Certificates[0].Err() != nil && strings.Contains(f.Certificates[0].Err().Error(), string(endMissing))
		}
		if !says && filepath.Base(name) != "concat.der" {
			t.Errorf("%s cut: %v", name, err)
		}
		cut++
		text := base64.RawStdEncoding.EncodeToString(data)
		if f, err := Parse(name, []byte(text)); len(text)%4 != 0 {
			padding++
			if err != nil || f.Armor != pkcs7.Base64 {
				t.Errorf("%s without padding: %v", name, err)
			} else if was, err := Parse(name, data); err == nil && f.PFX == nil && len(f.Ignored) != len(was.Ignored)+1 {
				t.Errorf("%s without padding: it is not said: %v", name, f.Ignored)
			}
		}
		if was, _ := Parse(name, data); was.Format == DER && len(was.Certificates) == 1 && was.Certificates[0].Err() == nil && len(was.Ignored) == 0 {
			after++
			f, err := Parse(name, append(bytes.Clone(data), "\r\n"...))
			if err != nil || len(f.Certificates) != 1 || f.Certificates[0].SHA256() != was.Certificates[0].SHA256() || len(f.Ignored) != 1 {
				t.Errorf("%s with a line break: %v", name, err)
			}
		}
	}
	t.Logf("%d cut, %d without padding, %d with a line break", cut, padding, after)
}

// TestByteOrderMark holds that a mark before binary data is named, for an identity as the
// place where a key is, and that one before text is no fault.
func TestByteOrderMark(t *testing.T) {
	for _, name := range []string{"pfx/widest.pfx", "collections/complete.sst", "example/leaf.pem"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "testdata", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		f, err := Parse("x", append([]byte("\xEF\xBB\xBF"), data...))
		var unrecognized *UnrecognizedError
		switch {
		case strings.HasSuffix(name, ".pem"):
			if err != nil || len(f.Certificates) != 1 {
				t.Errorf("%s: %v, %v", name, f, err)
			}
		case strings.HasSuffix(name, ".pfx"):
			if err != nil || f.Format != PrivateKey || f.Keys[0].Why != whyMark {
				t.Errorf("%s: %+v, %v", name, f, err)
			}
		case !errors.As(err, &unrecognized) || unrecognized.Why != whyMark:
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
}
