package bundle

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/sst"
)

// blocksLine says what blocks of PEM were read.
func blocksLine(f *File) string {
	var list []string
	for i := range f.Certificates {
		word := "certificate"
		if f.Certificates[i].Fault != nil {
			word = "fault"
		}
		list = append(list, fmt.Sprint(word, " ", f.Certificates[i].Offset))
	}
	for _, k := range f.Keys {
		list = append(list, fmt.Sprint(k.Kind, " ", k.Offset))
	}
	for _, c := range f.CRLs {
		list = append(list, fmt.Sprint("list ", c.Offset))
	}
	for _, i := range f.Ignored {
		list = append(list, fmt.Sprint(i.Kind, " ", i.Offset))
	}
	for _, m := range f.Messages {
		list = append(list, fmt.Sprint("message ", m.Number))
	}
	return strings.Join(list, ", ")
}

// TestPEMBlocks holds under what each block is filed, and how it may be written.
func TestPEMBlocks(t *testing.T) {
	files, _ := damageSubjects(t)
	der := files["DER"]
	block := func(label string, data []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: data}))
	}
	one := block("CERTIFICATE", der)
	for _, tt := range []struct{ name, text, want string }{
		{"certificate", one, "certificate 0"},
		{"two", one + one, fmt.Sprint("certificate 0, certificate ", len(one))},
		{"behind words", "words\n" + one, "certificate 6"},
		{"old label", block("X509 CERTIFICATE", der), "certificate 0"},
		{"with settings behind", block("TRUSTED CERTIFICATE", append(slices.Clone(der), 0x30, 0)), "certificate 0"},
		{"damaged", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----", "fault 0"},
		{"no end", "-----BEGIN CERTIFICATE-----\nMAA=\n", "fault 0"},
		{"no end, and another", "-----BEGIN CERTIFICATE-----\nMAA=\n" + one, "fault 0, certificate 33"},
		{"no end, and the end of another", "-----BEGIN CERTIFICATE-----\nMAA=\n" + block("X509 CRL", files["CRL"]), "fault 0, list 33"},
		{"another end", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END X509 CRL-----\n", "fault 0"},
		{"no label", "-----BEGIN CERTIFICATE\n" + one, "certificate 23"},
		{"message as certificate", block("CERTIFICATE", files["PKCS7"]), "certificate 0"},
		{"key", block("PRIVATE KEY", []byte{0x30, 0}), "PRIVATE KEY 0"},
		{"damaged key", "-----BEGIN X PRIVATE KEY-----\n!\n-----END X PRIVATE KEY-----", "X PRIVATE KEY 0"},
		{"key of OpenPGP", block("PGP PRIVATE KEY BLOCK", []byte{0x30, 0}), ""},
		{"list", block("X509 CRL", files["CRL"]), "list 0"},
		{"damaged list", "-----BEGIN X509 CRL-----\n!\n-----END X509 CRL-----", "damaged X509 CRL 0"},
		{"message", block("PKCS7", files["PKCS7"]), "certificate 0"},
		{"message by its long name", block("PKCS #7 SIGNED DATA", files["PKCS7"]), "certificate 0"},
		{"message by its new name", block("CMS", files["PKCS7"]), "certificate 0"},
		{"message that is none", block("CMS", der), "fault 0"},
		{"request", block("CERTIFICATE REQUEST", []byte{0x30, 0}), "CERTIFICATE REQUEST 0"},
		{"certificate called a request", block("CERTIFICATE REQUEST", der), "fault 0"},
	} {
		r := newReading(t)
		if err := r.parsePEM([]byte(tt.text)); err != nil || blocksLine(r.File) != tt.want || r.Format != PEM {
			t.Errorf("%s: %q, %v, want %q", tt.name, blocksLine(r.File), err, tt.want)
		}
	}
	checkEnded(t, one, func(r *reading, text []byte) (bool, error) { return false, r.parsePEM(text) })
	for text, want := range map[string]string{
		"A B-----": "A B", "-----": "", "A~-----": "A~", "A\x1f-----": "!", "A\x7f-----": "!", "A": "!", "A----": "!",
		strings.Repeat("A", 59) + "-----": strings.Repeat("A", 59), strings.Repeat("A", 60) + "-----": "!",
	} {
		if label, ok := pemLabel([]byte(text)); ok != (want != "!") || ok && label != want {
			t.Errorf("label in %q: %q, %t", text, label, ok)
		}
	}
	lines := func(end, before string) string {
		return before + strings.ReplaceAll(strings.TrimSpace(one), "\n", end+before)
	}
	body := base64.StdEncoding.EncodeToString(der)
	for _, tt := range []struct {
		name, text string
		want       bool
	}{
		{"lines", one, true},
		{"of Windows", lines("\r\n", ""), true},
		{"of old Macs", lines("\r", ""), true},
		{"with blanks before", lines("\n", "  \t"), true},
		{"quoted", lines("\n", "> > "), true},
		{"with empty lines", strings.Replace(one, "-----\n", "-----\n\n\n\n", 1), true},
		{"with a header", strings.Replace(one, "-----\n", "-----\nA: b\n\n\n", 1), true},
		{"on one line", "-----BEGIN CERTIFICATE-----" + body + "-----END CERTIFICATE-----", true},
		{"with line ends of JSON", lines(`\r\n`, ""), true},
		{"damaged", strings.Replace(one, "M", "!", 1), false},
		{"nothing on one line", "-----BEGIN CERTIFICATE----------END CERTIFICATE-----", false},
		{"on one line without a begin", "-----BEGIN CERTIFICATE" + body + "-----END CERTIFICATE-----", false},
		{"with the begin in the end", "-----BEGIN -----END CERTIFICATE-----", false},
		{"on one line, damaged", "-----BEGIN CERTIFICATE-----!" + body + "-----END CERTIFICATE-----", false},
		{"without an end", "-----BEGIN CERTIFICATE-----" + body, false},
	} {
		got, err := decodeBlock([]byte(tt.text))
		if (err == nil) != tt.want || tt.want && !bytes.Equal(got, der) {
			t.Errorf("%s: %x, %v", tt.name, got, err)
		}
	}
	if got := firstElement([]byte{0x30, 1, 5, 9}); string(got) != "\x30\x01\x05" {
		t.Errorf("%x", got)
	}
	if got := firstElement([]byte{0x31, 1, 5, 9}); len(got) != 4 {
		t.Errorf("%x", got)
	}
	armored := block("PKCS12", files["PFX"])
	for _, tt := range []struct {
		text string
		want int // where it begins, -1 for none
	}{{armored, 0}, {"words\n" + armored, 6}, {armored + one, -1}, {one, -1}, {"words", -1}} {
		if got := pfxInPEM([]byte(tt.text)); (got == nil) != (tt.want < 0) || got != nil && len(got) != len(tt.text)-tt.want {
			t.Errorf("a PFX in %.20q: %d octets", tt.text, len(got))
		}
	}
}

// TestKeySearched holds what becomes of a file in which keys were looked for.
func TestKeySearched(t *testing.T) {
	files, _ := damageSubjects(t)
	pfx := files["PFX"]
	key := slices.Concat([]byte{0x30, 0x2E, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 0x22, 4, 0x20}, make([]byte, 32))
	keychain := append([]byte("kych\x00\x01\x00\x00"), make([]byte, 40)...)
	unknown := &UnrecognizedError{Name: "x", Why: whyUnknown}
	named := &UnrecognizedError{Name: "x", Why: whyMark}
	other := errors.New("other")
	for _, tt := range []struct {
		name   string
		data   []byte
		before []FoundKey
		err    error
		want   string // the keys
		fails  error
	}{
		{"nothing", make([]byte, 64), nil, nil, "", nil},
		{"a key", key, nil, nil, "PRIVATE KEY 0 false", nil},
		{"a key in what is unknown", key, nil, unknown, "PRIVATE KEY 0 false", nil},
		{"a key in what is named", key, nil, named, "PRIVATE KEY 0 false " + string(whyMark), nil},
		{"a key in what is damaged", key, nil, other, "", other},
		{"no key in what is unknown", make([]byte, 64), nil, unknown, "", unknown},
		{"a key beside one that is shown", key, []FoundKey{{Kind: "A"}}, nil, "A 0 false", nil},
		{"a key beside one that may be", key, []FoundKey{{Kind: "A", Doubtful: true}}, nil, "A 0 true, PRIVATE KEY 0 false", nil},
		{"a PFX", pfx, nil, nil, "ENCRYPTED PRIVATE KEY 0 false", nil},
		{"a keychain beside one that may be", append([]byte("kych\x00\x01\x00\x00"), key...), []FoundKey{{Kind: "A", Doubtful: true}}, nil, "A 0 true", nil},
		{"a key in base64", []byte("words\n" + b64(key)), nil, nil, "PRIVATE KEY 6 false", nil},
		{"a key in base64 of wide text", wideText(b64(key), false, true), nil, nil, "PRIVATE KEY 0 false", nil},
		{"a key in base64 of base64", []byte("words\n" + b64([]byte("words words words words\n"+b64(key)))), nil, nil, "PRIVATE KEY 6 false", nil},
		{"a key in base64 three times", []byte(b64([]byte(b64([]byte(b64(key)))))), nil, nil, "PRIVATE KEY 0 false", nil},
		{"a key in base64 four times", []byte(b64([]byte(b64([]byte(b64([]byte(b64(key)))))))), nil, nil, "", nil},
		{"a key in text", []byte("words\n-----BEGIN PRIVATE KEY-----\n" + b64(key)), nil, nil, "PRIVATE KEY 6 false", nil},
		{"a keychain with a key behind", append([]byte("kych\x00\x01\x00\x00"), key...), nil, nil, "APPLE KEYCHAIN 0 true", nil},
		{"31 octets", key[:31], nil, nil, "", nil},
		{"a key behind a little", []byte("words\n" + b64(make([]byte, 24)) + "!\n" + b64(key)), nil, nil, "PRIVATE KEY 40 false", nil},
		{"a key behind a keychain", []byte("words\n" + b64(keychain) + "!\n" + b64(key)), nil, nil, fmt.Sprint("PRIVATE KEY ", 8+len(b64(keychain)), " false"), nil},
		{"two keychains", []byte("words\n" + b64(keychain) + "!\n" + b64(keychain)), nil, nil, "APPLE KEYCHAIN 6 true", nil},
		{"a key in a string that is wide", wideText("words \""+b64(key)+"\"", true, true), nil, nil, "PRIVATE KEY 7 false", nil},
	} {
		r := newReading(t)
		r.Keys = tt.before
		err := r.lookForKeys(tt.data, tt.err)
		var list []string
		for _, k := range r.Keys {
			list = append(list, strings.TrimSpace(fmt.Sprint(k.Kind, " ", k.Offset, " ", k.Doubtful, " ", k.Why)))
		}
		if got := strings.Join(list, ", "); got != tt.want || err != tt.fails {
			t.Errorf("%s: %q, %v, want %q", tt.name, got, err, tt.want)
		}
		if found := len(r.Keys) > 0 && tt.err != nil && tt.fails == nil; (r.Format == PrivateKey) != found {
			t.Errorf("%s: %s", tt.name, r.Format)
		}
	}
	for _, n := range []int{2 * keyWindow, 2*keyWindow + 1} {
		want := [][2]int{{0, n}}
		if n > 2*keyWindow {
			want = [][2]int{{0, keyWindow}, {n - keyWindow, n}}
		}
		if got := windows(make([]byte, n)); !slices.Equal(got, want) {
			t.Errorf("windows of %d: %v", n, got)
		}
	}
	for _, tt := range []struct {
		name string
		e    sst.Element
		want int
	}{
		{"a key in place of a certificate", sst.Element{Kind: sst.Certificate, Raw: key}, 1},
		{"a certificate", sst.Element{Kind: sst.Certificate, Raw: files["DER"]}, 0},
		{"a key in a property", sst.Element{Kind: sst.Certificate, Raw: files["DER"], Properties: []sst.Property{{ID: sst.PropFriendlyName, Value: make([]byte, 64)}, {ID: sst.PropFriendlyName, Value: key}}}, 1},
		{"a key where one is known to be", sst.Element{Kind: sst.Certificate, Raw: files["DER"], Properties: []sst.Property{{ID: sst.PropIsolatedKey, Value: key}}}, 0},
		{"in each of two", sst.Element{Kind: sst.Certificate, Raw: files["DER"], Properties: []sst.Property{{ID: sst.PropFriendlyName, Value: key}, {ID: sst.PropFriendlyName, Value: key}}}, 1},
	} {
		r := newReading(t)
		if r.lookInElement(tt.e); len(r.Keys) != tt.want || tt.want > 0 && r.Keys[0].Doubtful {
			t.Errorf("%s: %v", tt.name, r.Keys)
		}
	}
	s := keySearch{stopped: func() bool { return true }}
	if !s.text([]byte(b64(key)), func(i int) int { return i }, 1) || s.certainty != noKey {
		t.Errorf("a search that was stopped goes on: %v", s.key)
	}
}
