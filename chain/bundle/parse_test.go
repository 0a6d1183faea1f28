package bundle

import (
	"bytes"
	"encoding/pem"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// TestParseKinds holds as what each kind of file is read, plain, in text and damaged.
func TestParseKinds(t *testing.T) {
	files, _ := damageSubjects(t)
	der, pfx, store, message, list := files["DER"], files["PFX"], files["SST"], files["PKCS7"], files["CRL"]
	block := func(label string, data []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: data}))
	}
	element := store[8 : len(store)-12] // between the header and the end
	const lineBreak = "line break after the end"
	for _, tt := range []struct {
		name, text string
		want       Format // zero for an error
		armor      pkcs7.Armor
		ignored    string
		why        say.Text
	}{
		{"certificate", string(der), DER, pkcs7.Binary, "", ""},
		{"certificate and a line break", string(der) + "\r\n", DER, pkcs7.Binary, lineBreak, ""},
		{"certificate, cut", string(der[:len(der)-1]), DER, pkcs7.Binary, "", ""},
		{"revocation list", string(list), DER, pkcs7.Binary, "", ""},
		{"revocation list and a line break", string(list) + "\n", DER, pkcs7.Binary, lineBreak, ""},
		{"revocation list, cut", string(list[:len(list)-1]), 0, 0, "", endMissing},
		{"message", string(message), PKCS7, pkcs7.Binary, "", ""},
		{"message, cut", string(message[:len(message)-1]), 0, 0, "", endMissing},
		{"path", string(slices.Concat([]byte{0x30, 0x82, byte(len(der) >> 8), byte(len(der))}, der)), PKIPath, pkcs7.Binary, "", ""},
		{"PFX", string(pfx), PFX, pkcs7.Binary, "", ""},
		{"store", string(store), SST, pkcs7.Binary, "", ""},
		{"store and a line break", string(store) + "\r\n", SST, pkcs7.Binary, lineBreak, ""},
		{"element", string(element), SSTElement, pkcs7.Binary, "", ""},
		{"certificate in base64", b64(der), DER, pkcs7.Base64, "", ""},
		{"certificate in base64 without padding", strings.TrimRight(b64(der), "="), DER, pkcs7.Base64, "end of base64 text without its padding", ""},
		{"PFX in base64", b64(pfx), PFX, pkcs7.Base64, "", ""},
		{"PFX in PEM", block("PKCS12", pfx), PFX, pkcs7.PEM, "", ""},
		{"certificate in PEM", block("CERTIFICATE", der), PEM, pkcs7.PEM, "", ""},
		{"message in PEM of a certificate", block("CERTIFICATE", message), PKCS7, pkcs7.PEM, "", ""},
		{"store in a listing", "Value!\n" + string(numbers(store, "%d", " ")), SST, pkcs7.Binary, "", ""},
		{"certificate in digits", string(numbers(der, "%02x", " ")), DER, pkcs7.Hex, "", ""},
		{"certificate in quotation marks", `"` + b64(der) + `"`, DER, pkcs7.Base64, "quotation marks or the like around base64 text, or base64 of text", ""},
		{"certificate behind a mark", "\xEF\xBB\xBF" + string(der), 0, 0, "", whyMark},
		{"store behind a mark", "\xFF\xFE" + string(store), 0, 0, "", whyMark},
		{"words behind a mark", "\xEF\xBB\xBFwords", 0, 0, "", whyUnknown},
		{"nothing", "", 0, 0, "", "the file is empty"},
		{"words", "words", 0, 0, "", whyUnknown},
		{"something else that is cut", "\x30\x82\x01\x00\x04\x01\x00\x00\x00", 0, 0, "", whyUnknown},
	} {
		f, err := Parse("x", []byte(tt.text))
		if tt.want == 0 {
			if u, ok := errors.AsType[*UnrecognizedError](err); !ok || u.Why != tt.why {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var ignored string
		for _, i := range f.Ignored {
			ignored += i.Kind.String()
		}
		if f.Format != tt.want || f.Armor != tt.armor || ignored != tt.ignored {
			t.Errorf("%s: %s, %v, %q", tt.name, f.Format, f.Armor, ignored)
		}
	}
	if u, ok := errors.AsType[*UnrecognizedError](func() error { _, err := Parse("x", message[:len(message)-1]); return err }()); !ok || u.Foreign() {
		t.Errorf("a message that is cut: %v", u)
	}
	for _, tt := range []struct {
		data []byte
		want bool
	}{
		{element, true}, {element[:11], false}, {append(slices.Clone(element[:8]), 0, 0, 0, 0), true}, {element[:len(element)-1], false}, {append(slices.Clone(element), 1), true},
		{slices.Concat([]byte{0}, element[1:]), false}, {slices.Concat([]byte{129}, element[1:]), true}, {slices.Concat([]byte{130}, element[1:]), false}, {slices.Concat([]byte{1}, element[1:]), true},
		{slices.Concat(element[:4], []byte{2}, element[5:]), false},
	} {
		if isElement(tt.data) != tt.want {
			t.Errorf("element %x…: %t", tt.data[:min(len(tt.data), 12)], !tt.want)
		}
	}
	unknown := strings.Repeat("\xAA", 8)
	for _, tt := range []struct {
		data string
		want bool
	}{{string(der), false}, {"\xFE\xFF" + string(der), true}, {"\xFE\xFF" + string(store), true}, {"\xFE\xFF" + unknown, false}, {"\xEF\xBB" + string(der), false}} {
		if isMarkedBinary([]byte(tt.data)) != tt.want {
			t.Errorf("marked: %.4x", tt.data)
		}
	}
	for text, want := range map[string]bool{"Windows Registry Editor Version 5.00\r\n": true, "REGEDIT4\n": true, " REGEDIT4": false, "": false} {
		if isRegistryExport([]byte(text)) != want {
			t.Errorf("registry: %q", text)
		}
	}
	damaged := slices.Clone(store)
	damaged[12] = 7 // the encoding
	for name, data := range map[string][]byte{"a store": damaged, "the end of a store": store[:len(store)-4]} {
		if _, err := Parse("x", data); err == nil {
			t.Errorf("%s that is damaged is read", name)
		} else if name == "the end of a store" && !strings.Contains(err.Error(), string(endMissing)) {
			t.Errorf("%s: %v", name, err)
		} else if name == "a store" && strings.Contains(err.Error(), string(endMissing)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestGuess holds what is said of files that are in no known format.
func TestGuess(t *testing.T) {
	for _, tt := range []struct{ data, want string }{
		{" \r\n", "white space"},
		{"\xEF\xBB\xBF \n", "white space"},
		{"\xFE\xED\xFE\xEDx", "Java key store; convert"},
		{"\xCE\xCE\xCE\xCEx", "JCEKS"},
		{"BZhx", "bzip2"},
		{"<a><X509Certificate>MIIB", "XML with certificates"},
		{"a <X509Certificate>MIIB", string(whyUnknown)},
		{`<Objs xmlns="http://schemas.microsoft.com/powershell/2004/04"><T>X509Certificate2</T>`, "Export-Clixml"},
		{"\xFF\xFE" + strings.Join(strings.Split(`<Objs xmlns="http://schemas.microsoft.com/powershell/2004/04"><T>X509Certificate2</T>`, ""), "\x00") + "\x00", "Export-Clixml"},
		{`<Objs xmlns="http://schemas.microsoft.com/powershell/2004/04">`, string(whyUnknown)},
		{`<a>X509Certificate2</a>`, string(whyUnknown)},
		{"\"RawData\"\r\n\"System.Byte[]\"", "with Export-Certificate"},
		{"SMIMECertificateIssuingCA : System.Byte[]", "ConvertTo-Json"},
		{"SMIMECertificateIssuingCA : x", string(whyUnknown)},
		{"%PDF-1.7", "PDF"},
		{"<!DOCTYPE html>", "web page"},
		{" <HTML>", "web page"},
		{"<p>", string(whyUnknown)},
		{`{"@odata.type"`, string(whyGraph)},
		{`["@odata.type"`, string(whyGraph)},
		{`x "@odata.type"`, string(whyUnknown)},
		{`{"AdditionalProperties": "System.Collections.x"`, "cut the objects short"},
		{`["AdditionalProperties": "System.Collections.x"`, "cut the objects short"},
		{`x"AdditionalProperties": "System.Collections.x"`, string(whyUnknown)},
		{`{"AdditionalProperties": 1`, string(whyUnknown)},
		{`{"a": "System.Collections.x"`, string(whyUnknown)},
		{"resource \"x\" { trusted_root_certificate = 1", "Terraform"},
		{"trusted_root_certificate = 1", string(whyUnknown)},
		{"resource \"x\"", string(whyUnknown)},
		{`{}`, string(whyJSON)},
		{`[]`, string(whyJSON)},
		{`1`, string(whyUnknown)},
		{`{`, string(whyUnknown)},
		{`{"SMIMECertificateIssuingCA": `, string(endMissing)},
		{"words", string(whyUnknown)},
	} {
		if got := guess([]byte(tt.data)); !strings.Contains(string(got), tt.want) {
			t.Errorf("%q: %s", tt.data, got)
		}
	}
	for text, want := range map[string]bool{
		`{"SMIMECertificateX": `: true, `["SMIMECertificateX"`: true, `{"SMIMECertificateX": 1}`: false, `{"a": `: false, `{"SMIMECertificateX" 1`: false, `"SMIMECertificateX`: false,
		`<a SMIMECertificateX="1">`: true, `<a><b>SMIMECertificateX</b>`: true, `<a>SMIMECertificateX</a>`: false, `<a>SMIMECertificateX</`: true, `<a/><SMIMECertificateX`: true,
		`<a><SMIMECertificateX ="">`: false, "": false, ` {"SMIMECertificateX": `: true,
	} {
		if isCutSettings([]byte(text)) != want {
			t.Errorf("cut settings %q: %t", text, !want)
		}
	}
	for _, tt := range []struct {
		e    UnrecognizedError
		want bool
	}{
		{UnrecognizedError{Why: whyGraph}, true}, {UnrecognizedError{Why: whyJSON}, true}, {UnrecognizedError{Why: whyUnknown, text: true}, true},
		{UnrecognizedError{Why: whyUnknown}, false}, {UnrecognizedError{Why: whyMark, text: true}, false},
	} {
		if tt.e.Foreign() != tt.want {
			t.Errorf("%q: foreign %t", tt.e.Why, !tt.want)
		}
	}
	for text, want := range map[string]bool{"words": true, "words\x00": false, "words\xff": false} {
		_, err := Parse("x", []byte(text))
		if u, ok := errors.AsType[*UnrecognizedError](err); !ok || u.text != want {
			t.Errorf("%q: %+v", text, u)
		}
	}
	lha := []byte("\x20\x11-lh5-" + strings.Repeat("\x00", 14)) // 21 octets
	for _, tt := range []struct {
		data []byte
		want bool
	}{
		{lha, true}, {lha[:20], false}, {bytes.Replace(lha, []byte("lh5"), []byte("lzs"), 1), true}, {bytes.Replace(lha, []byte("lh5"), []byte("la5"), 1), false},
		{bytes.Replace(lha, []byte("-lh"), []byte("+lh"), 1), false}, {bytes.Replace(lha, []byte("-lh"), []byte("-xh"), 1), false}, {bytes.Replace(lha, []byte("5-"), []byte("5+"), 1), false},
	} {
		if (packedWith(tt.data) != "") != tt.want {
			t.Errorf("LHA %q: %t", tt.data, !tt.want)
		}
	}
}
