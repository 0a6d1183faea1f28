package bundle

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"mime/quotedprintable"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/pkcs12"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	"github.com/smimechain/smimechain/sst"
)

// wideText writes text in UTF-16.
func wideText(text string, bigEndian bool, mark bool) []byte {
	var out []byte
	units := utf16.Encode([]rune(text))
	if mark {
		units = append([]uint16{0xFEFF}, units...)
	}
	for _, u := range units {
		if bigEndian {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return out
}

// numbers writes a list of numbers.
func numbers(data []byte, format, between string) []byte {
	var list []string
	for _, b := range data {
		list = append(list, fmt.Sprintf(format, b))
	}
	return []byte(strings.Join(list, between))
}

func b64(data []byte) string { return base64.StdEncoding.EncodeToString(data) }

// damageForm is what programs and people do to binary files.
type damageForm struct {
	name    string
	outcome string // of files other than a PFX
	pfx     string // of a PFX; empty: the same
	make    func([]byte) []byte
}

func damageForms() []damageForm {
	latin := func(b []byte) string { return string(asText(b, false)) }
	wrap := func(s string) string {
		var out strings.Builder
		for len(s) > 64 {
			out.WriteString(s[:64] + "\r\n")
			s = s[64:]
		}
		return out.String() + s + "\r\n"
	}
	replace := func(from, to string) func([]byte) []byte {
		return func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(from), []byte(to)) }
	}
	return []damageForm{
		{"LF->CRLF", "line endings", "", replace("\n", "\r\n")},
		{"CRLF->LF", "cut", "", replace("\r\n", "\n")},
		{"CR->LF", "replaced", "", replace("\r", "\n")},
		{"LF->CR", "replaced", "", replace("\n", "\r")},
		{"UTF-8", "reencoded", "", func(b []byte) []byte { return []byte(latin(b)) }},
		{"UTF-8 BOM", "reencoded", "", func(b []byte) []byte { return []byte("\uFEFF" + latin(b)) }},
		{"UTF-16LE", "reencoded", "", func(b []byte) []byte { return wideText(latin(b), false, false) }},
		{"UTF-16LE BOM", "reencoded", "", func(b []byte) []byte { return wideText(latin(b), false, true) }},
		{"UTF-16BE", "reencoded", "", func(b []byte) []byte { return wideText(latin(b), true, false) }},
		{"UTF-16BE BOM", "reencoded", "", func(b []byte) []byte { return wideText(latin(b), true, true) }},
		{"base64", "read", "", func(b []byte) []byte { return []byte(b64(b)) }},
		{"base64 no padding", "read", "", func(b []byte) []byte { return []byte(strings.TrimRight(b64(b), "=")) }},
		{"base64 url", "read", "disguised", func(b []byte) []byte { return []byte(base64.RawURLEncoding.EncodeToString(b)) }},
		{"base64 twice", "read", "disguised", func(b []byte) []byte { return []byte(b64([]byte(b64(b)))) }},
		{"base64 wrapped twice", "read", "disguised", func(b []byte) []byte { return []byte(wrap(b64([]byte(wrap(b64(b)))))) }},
		{"base64 UTF-16", "read", "", func(b []byte) []byte { return wideText(b64(b), false, true) }},
		{"base64 of UTF-16 base64", "read", "disguised", func(b []byte) []byte { return []byte(b64(wideText(b64(b), false, true))) }},
		{"base64 cut", "cut", "", func(b []byte) []byte { s := b64(b); return []byte(s[:len(s)*3/4]) }},
		{"base64 \"", "read", "disguised", func(b []byte) []byte { return []byte(`"` + b64(b) + `"`) }},
		{"base64 '", "read", "disguised", func(b []byte) []byte { return []byte(`'` + b64(b) + `'`) }},
		{"base64 “”", "read", "disguised", func(b []byte) []byte { return []byte(`“` + b64(b) + `”`) }},
		{"base64 \" lines", "read", "disguised", func(b []byte) []byte { return []byte(`"` + strings.TrimSpace(wrap(b64(b))) + `"` + "\r\n") }},
		{"base64 \\n", "read", "disguised", func(b []byte) []byte { return []byte(`"` + strings.ReplaceAll(wrap(b64(b)), "\r\n", `\n`) + `"`) }},
		{"base64 data:", "read", "disguised", func(b []byte) []byte { return []byte("data:application/octet-stream;base64," + b64(b)) }},
		{"base64 in pieces", "read", "disguised", func(b []byte) []byte { s := b64(b); return []byte(s[:64] + "," + s[64:]) }},
		{"base64 >", "read", "disguised", func(b []byte) []byte {
			return []byte("> " + strings.ReplaceAll(strings.TrimSpace(wrap(b64(b))), "\r\n", "\r\n> ") + "\r\n")
		}},
		{"binary in \"", "read", "disguised", func(b []byte) []byte { return slices.Concat([]byte(`"`), b, []byte(`"`)) }},
		{"decimal", "read", "disguised", func(b []byte) []byte { return numbers(b, "%d", ", ") }},
		{"decimal []", "read", "disguised", func(b []byte) []byte { return []byte("[" + string(numbers(b, "%d", ",")) + "]") }},
		{"decimal lines", "read", "disguised", func(b []byte) []byte { return numbers(b, "%d", "\r\n") }},
		{"signed decimal []", "read", "disguised", func(b []byte) []byte {
			var l []string
			for _, c := range b {
				l = append(l, fmt.Sprint(int8(c)))
			}
			return []byte("[" + strings.Join(l, ", ") + "]")
		}},
		{"hex", "read", "digits", func(b []byte) []byte { return numbers(b, "%02x", "") }},
		{"hex ,", "read", "digits", func(b []byte) []byte { return numbers(b, "%02X", ",") }},
		{"hex 0x", "read", "digits", func(b []byte) []byte { return numbers(b, "0x%02x", ", ") }},
		{"hex 0x {}", "read", "disguised", func(b []byte) []byte { return []byte("{" + string(numbers(b, "0x%02x", ", ")) + "};") }},
		{"hex \\x", "read", "disguised", func(b []byte) []byte { return []byte(`"` + string(numbers(b, "\\x%02x", "")) + `"`) }},
		{"quoted-printable", "read", "disguised", func(b []byte) []byte {
			var out bytes.Buffer
			w := quotedprintable.NewWriter(&out)
			w.Binary = true
			w.Write(b)
			w.Close()
			return out.Bytes()
		}},
		{"base64 in quoted-printable", "read", "", func(b []byte) []byte {
			var out bytes.Buffer
			w := quotedprintable.NewWriter(&out)
			w.Write([]byte(wrap(b64(b))))
			w.Close()
			return out.Bytes()
		}},
		{"cut", "cut", "", func(b []byte) []byte { return b[:len(b)*3/4] }},
		{"cut 1", "cut", "", func(b []byte) []byte { return b[:len(b)-1] }},
		{"line break", "read", "", func(b []byte) []byte { return append(bytes.Clone(b), "\r\n"...) }},
		{"line feed", "read", "", func(b []byte) []byte { return append(bytes.Clone(b), '\n') }},
		{"BOM before", "mark", "", func(b []byte) []byte { return append([]byte("\xEF\xBB\xBF"), b...) }},
		{"BOM16 before", "mark", "", func(b []byte) []byte { return append([]byte("\xFF\xFE"), b...) }},
		{"line break before", "read", "disguised", func(b []byte) []byte { return append([]byte("\r\n"), b...) }},
		{"PEM other label", "read", "", func(b []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: b}) }},
	}
}

// damageSubjects are files of each kind, what they hold, and the password of the PFX.
func damageSubjects(t *testing.T) (files map[string][]byte, password string) {
	t.Helper()
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "pfx", name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), bytes.Repeat([]byte{7}, 32)) // the same octets every time: chance made some that no damage shows in
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	// The number has line endings in it, of each kind.
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0x010D0A020A030D04), Subject: pkix.Name{CommonName: "Example CA"}, NotBefore: start, NotAfter: start.AddDate(1, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, SubjectKeyId: []byte{1, 2, 3, 4},
	}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	list, err := x509.CreateRevocationList(nil, &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: start, NextUpdate: start.AddDate(1, 0, 0),
		RevokedCertificateEntries: []x509.RevocationListEntry{{SerialNumber: template.SerialNumber, RevocationTime: start}}}, template, key)
	if err != nil {
		t.Fatal(err)
	}
	message, err := pkcs7.New(chain.ParseCertificate(der)).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	store := sst.New()
	store.Elements = append(store.Elements, sst.Element{Kind: sst.Certificate, Raw: der})
	whole, err := store.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{"PFX": read("widest.pfx"), "SST": whole, "DER": der, "PKCS7": message, "CRL": list}, strings.TrimSpace(string(read("password.txt")))
}

// TestDamageOfEachKind makes each kind of damage of each kind of file. What can be undone is
// read, and it is told that it was; of the rest the damage is named. Nothing is the fault of
// the password, and nothing is left without a cause.
func TestDamageOfEachKind(t *testing.T) {
	files, password := damageSubjects(t)
	cases := 0
	for kind, data := range files {
		for _, form := range damageForms() {
			broken := form.make(data)
			if bytes.Equal(broken, data) {
				continue
			}
			cases++
			f, err := (&Options{Password: &password}).Parse(t.Context(), "x", broken)
			outcome, says := damageOutcome(t, f, err)
			want := form.outcome
			if kind == "PFX" && form.pfx != "" {
				want = form.pfx
			}
			if outcome != want {
				t.Errorf("%s, %s: %s, want %s: %s", kind, form.name, outcome, want, says)
			}
		}
	}
	t.Logf("%d files", cases)
	if cases < 200 {
		t.Errorf("%d files", cases)
	}
}

// damageOutcome says in one word what became of a file, and what was said of it.
func damageOutcome(t *testing.T, f *File, err error) (word, says string) {
	t.Helper()
	if err != nil {
		return namedDamage(err.Error()), err.Error()
	}
	for _, k := range f.Keys {
		says += k.String() + " "
	}
	if f.Format == PrivateKey {
		return namedDamage(says), says
	}
	if f.PFX != nil {
		for _, found := range f.PFX.Observations {
			says += found.Message + "; "
		}
		switch {
		case f.PFX.Password.Status == pkcs12.PasswordWrong || f.PFX.Has("wrong_password"):
			return "the password is wrong", says
		case f.PFX.Has("text_mode"):
			return "line endings", says
		case f.PFX.Has("truncated"):
			return "cut", says
		}
	}
	for _, c := range f.Certificates {
		if c.Err() != nil {
			return namedDamage(c.Err().Error()), c.Err().Error()
		}
	}
	for _, i := range f.Ignored {
		says += i.Kind.String() + "; "
	}
	told := len(f.Ignored) > 0 || f.Armor != pkcs7.Binary || f.Format == SST || f.PFX != nil && f.PFX.Has("trailing_data")
	if len(f.Certificates)+len(f.CRLs) == 0 || !told {
		return "read without a word", says
	}
	return "read", says
}

// namedDamage finds out which damage a sentence names.
func namedDamage(text string) string {
	for word, part := range map[string]string{
		"line endings": "line endings were converted", "replaced": "were replaced by each other", "reencoded": "wrote it as text",
		"mark": "a byte order mark stands before", "disguised": "but as numbers, in base64 twice", "digits": "printed in hexadecimal digits",
		"cut": "the end of the file is missing",
	} {
		if strings.Contains(text, part) {
			return word
		}
	}
	return "not named"
}
