package pkcs12

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// findings are the findings of a report, as the code and the place of each.
func findings(r *Inspection) string {
	var list []string
	for _, f := range r.Observations {
		list = append(list, strings.TrimSpace(string(f.Code)+" "+f.At.String()))
	}
	return strings.Join(list, ", ")
}

// TestInspect holds what is said of the outer structure of a file: its version, what
// protects it, what is missing and what is too much, and of text-mode transfers.
func TestInspect(t *testing.T) {
	lines := func(ends string) []byte { return bag("1.2.3", octetString([]byte(strings.Repeat(ends+"a", 4)))) } // of a type that nobody reads
	plain := lines("")
	file := pfx(plainSafe(seq(plain)))
	unix, dos := pfx(plainSafe(seq(lines("\n")))), pfx(plainSafe(seq(lines("\r\n"))))
	auth := func(content []byte) []byte { return seq(object(oidData), explicit(octetString(content))) }
	mac := macOver("secret", seq(plainSafe(seq(plain))))
	signed := seq(object(oidSignedData), explicit(seq(integer(1), setOf(), auth(seq(plainSafe(seq(plain)))))))
	algorithm, ciphertext := pbes2(t, "secret", seq(plain))
	encrypted := func(content, behind []byte) []byte {
		return pfx(seq(object(oidEncryptedData), explicit(seq(integer(0), seq(object(oidData), algorithm, content), behind))))
	}
	nest := func(b []byte, n int) []byte {
		for range n {
			b = bag(oidSafeContentsBag, seq(b))
		}
		return b
	}
	surplus := bag(oidCRLBag, seq(object("1.2.3"), explicit(octetString(nil)), integer(1)))
	open := append([]byte{0x30, 0x80}, file[2:]...)
	for _, tt := range []struct {
		name     string
		data     []byte
		limits   Limits
		bags     int
		findings string
	}{
		{"whole", file, Limits{}, 1, "none: unsupported_algorithm 0.0, no_mac"},
		{"version 0", seq(integer(0), auth(seq(plainSafe(seq(plain))))), Limits{}, 1, "none: version, unsupported_algorithm 0.0, no_mac"},
		{"version 4", seq(integer(4), auth(seq(plainSafe(seq(plain))))), Limits{}, 1, "none: version, unsupported_algorithm 0.0, no_mac"},
		{"an octet behind it", append(bytes.Clone(file), 0), Limits{}, 1, "none: unsupported_algorithm 0.0, trailing_data, no_mac"},
		{"the last octet missing", file[:len(file)-1], Limits{}, 1, "none: unsupported_algorithm 0.0, truncated, no_mac"},
		{"half of the bag missing", file[:len(file)-10], Limits{}, 0, "none: malformed 0, truncated, no_mac"},
		{"without an end", open, Limits{}, 1, "none: unsupported_algorithm 0.0, truncated, no_mac"},
		{"a safe past the end of those", pfx([]byte{0x30, 9, 0}), Limits{}, 0, "none: malformed"},
		{"with a MAC", withMAC(mac, plainSafe(seq(plain))), Limits{}, 1, "MAC: unsupported_algorithm 0.0"},
		{"signed, with a MAC", seq(integer(3), signed, mac), Limits{}, 1, "signature: unsupported_algorithm 0.0"},
		{"of a type that no PFX is, with a MAC", seq(integer(3), seq(object(oidEnvelopedData), explicit(seq())), mac), Limits{}, 0, "unknown: content_type, mac_failed"},
		{"no safe, with a MAC", withMAC(mac, []byte{5, 0}), Limits{}, 0, "MAC: malformed, mac_failed"},
		{"no content", seq(integer(3), seq(object(oidData))), Limits{}, 0, "none: content_absent"},
		{"no safes", pfx(), Limits{}, 0, "none: "},
		{"no safes, and a broken MAC", withMAC(seq()), Limits{}, 0, "none: malformed"},
		{"as many safes as are read", pfx(plainSafe(seq()), plainSafe(seq())), Limits{Safes: 2}, 0, "none: no_mac"},
		{"one more", pfx(plainSafe(seq()), plainSafe(seq()), plainSafe(seq(plain))), Limits{Safes: 2}, 0, "none: safes_limit, no_mac"},
		{"as large as it may be", file, Limits{Size: len(file)}, 1, "none: unsupported_algorithm 0.0, no_mac"},
		{"larger", file, Limits{Size: len(file) - 1}, 0, "none: size_limit"},

		{"a broken element for the encrypted content", encrypted([]byte{0x80, 0x84, 1}, nil), Limits{}, 0, "none: malformed 0, no_mac"},
		{"a broken element behind it", encrypted(tlv(0x80, ciphertext), []byte{0xa1, 0x84}), Limits{}, 0, "none: malformed 0, no_mac"},
		{"attributes behind it", encrypted(tlv(0x80, ciphertext), tlv(0xa1, seq(object("1.2.3"), setOf()))), Limits{}, 1, "none: unsupported_algorithm 0.0, no_mac"},
		{"no encrypted content", encrypted(nil, nil), Limits{}, 0, "none: content_absent 0, no_mac"},

		{"as many bags as are read", pfx(plainSafe(seq(plain)), plainSafe(seq(plain))), Limits{Bags: 2}, 2, "none: unsupported_algorithm 0.0, unsupported_algorithm 1.0, no_mac"},
		{"one more", pfx(plainSafe(seq(plain, plain)), plainSafe(seq(plain))), Limits{Bags: 2}, 2, "none: unsupported_algorithm 0.0, unsupported_algorithm 0.1, bags_limit 1, no_mac"},
		{"more, in two safes", pfx(plainSafe(seq(plain, plain)), plainSafe(seq(plain))), Limits{Bags: 1}, 1, "none: unsupported_algorithm 0.0, bags_limit 0, no_mac"},
		{"as deep as is read", pfx(plainSafe(seq(nest(plain, 2)))), Limits{Nesting: 2}, 3, "none: unsupported_algorithm 0.0.0.0, no_mac"},
		{"deeper", pfx(plainSafe(seq(nest(plain, 3)))), Limits{Nesting: 2}, 3, "none: nesting_limit 0.0.0.0, no_mac"},
		{"more than belongs there", pfx(plainSafe(seq(surplus))), Limits{}, 1, "none: malformed 0.0, no_mac"},
		{"more than belongs there, and cut", pfx(plainSafe(seq(surplus, plain)))[:len(pfx(plainSafe(seq(surplus, plain))))-1], Limits{}, 2, "none: unsupported_algorithm 0.1, truncated, no_mac"},
		{"attributes that are none", pfx(plainSafe(seq(seq(object(oidCRLBag), explicit(seq(object("1.2.3"), explicit(octetString(nil)))), tlv(0x11))))), Limits{}, 1, "none: malformed 0.0, no_mac"},
		{"attributes with a broken element", pfx(plainSafe(seq(seq(object(oidCRLBag), explicit(seq(object("1.2.3"), explicit(octetString(nil)))), []byte{0x31, 0x84})))), Limits{}, 0, "none: malformed 0, no_mac"},
		{"an attribute with a broken value", pfx(plainSafe(seq(bag(oidCRLBag, seq(object("1.2.3"), explicit(octetString(nil))), attribute("1.2.3", []byte{4, 9}))))), Limits{}, 1, "none: malformed 0.0, no_mac"},
		{"a certificate of another type", pfx(plainSafe(seq(bag(oidCertBag, seq(object("1.2.3"), explicit(octetString(nil))))))), Limits{}, 1, "none: unsupported_algorithm 0.0, no_mac"},
		{"a secret", pfx(plainSafe(seq(bag(oidSecretBag, seq(object("1.2.3"), explicit(octetString([]byte{1}))))))), Limits{}, 1, "none: no_mac"},
		{"a secret and more", pfx(plainSafe(seq(bag(oidSecretBag, seq(object("1.2.3"), explicit(octetString([]byte{1}), integer(1))))))), Limits{}, 1, "none: malformed 0.0, no_mac"},
		{"a secret that is cut", pfx(plainSafe(seq(bag(oidSecretBag, seq(object("1.2.3"), explicit([]byte{4, 9, 1})))))), Limits{}, 1, "none: malformed 0.0, no_mac"},

		{"with line feeds", unix, Limits{}, 1, "none: unsupported_algorithm 0.0, no_mac"},
		{"with line endings", dos, Limits{}, 1, "none: unsupported_algorithm 0.0, no_mac"},
		{"with line endings, an octet behind it", append(bytes.Clone(dos), 0), Limits{}, 1, "none: unsupported_algorithm 0.0, trailing_data, text_mode, no_mac"},
		{"with line endings, and cut", dos[:len(dos)-1], Limits{}, 1, "none: unsupported_algorithm 0.0, truncated, text_mode, no_mac"},
		{"with line endings, damaged", pfx(plainSafe(seq(lines("\r\n"))), []byte{5, 0}), Limits{}, 1, "none: unsupported_algorithm 0.0, malformed, text_mode, no_mac"},
		{"line endings were added", bytes.ReplaceAll(unix, []byte("\n"), []byte("\r\n")), Limits{}, 1, "none: unsupported_algorithm 0.0, text_mode, no_mac"},
		{"with line feeds, and cut", unix[:len(unix)-1], Limits{}, 1, "none: unsupported_algorithm 0.0, truncated, no_mac"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := (&Options{Password: new("secret"), Limits: tt.limits}).Inspect(t.Context(), tt.data)
			if err != nil {
				t.Fatal(err)
			}
			bags := 0
			for range r.Bags() {
				bags++
			}
			if got := fmt.Sprintf("%v: %s", r.Integrity, findings(r)); got != tt.findings || bags != tt.bags {
				t.Errorf("%d bags, %s", bags, got)
			}
		})
	}
}

// TestTextModeMarks tells what a transfer as text leaves in binary data.
func TestTextModeMarks(t *testing.T) {
	for _, tt := range []struct {
		text string
		want bool
	}{
		{"", false}, {"\r\n\r\n\r\n", false}, {"\r\n\r\n\r\n\r\n", true}, {"a\r\nb\r\nc\r\nd\r\ne\r\n", true},
		{"\n\n\n\n", false}, {"\r\n\r\n\r\n\r\n\n", false}, {"\r\r\r\r", false},
		{"\ufffd\ufffd\ufffd", false}, {"\ufffd\ufffd\ufffd\ufffd", true}, {"\n\ufffd\ufffda\ufffd\ufffd\ufffd", true},
	} {
		if got := textMode([]byte(tt.text)); got != tt.want {
			t.Errorf("%q: %v", tt.text, got)
		}
	}
}

// TestNotInspected holds what is no report: a file of another kind, also one that is too
// large, one that was written as text, and an inspection that was called off.
func TestNotInspected(t *testing.T) {
	file := pfx(plainSafe(seq(bag(oidCertBag, seq(object("1.2.3"), explicit(octetString([]byte("\r"))))))))
	utf8Form := func(b []byte) []byte { // as ISO 8859-1 is written in UTF-8
		var out []byte
		for _, c := range b {
			out = utf8.AppendRune(out, rune(c))
		}
		return out
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tt := range []struct {
		name  string
		ctx   context.Context
		data  []byte
		found Hint // foundUnknown for an error of the context
	}{
		{"no file", t.Context(), nil, foundEmpty},
		{"text", t.Context(), []byte("hello"), foundText},
		{"too much text", t.Context(), bytes.Repeat([]byte("hello "), 1000), foundText},
		{"line feeds for carriage returns", t.Context(), bytes.ReplaceAll(file, []byte("\r"), []byte("\n")), foundReencoded},
		{"in UTF-8", t.Context(), utf8Form(pfx(encryptedSafe(t, "secret", bytes.Repeat([]byte{0xe4}, 400)))), foundReencoded},
		{"called off", over, file, foundUnknown},
		{"called off, text", over, []byte("hello"), foundUnknown},
	} {
		r, err := (&Options{Limits: Limits{Size: 5000}}).Inspect(tt.ctx, tt.data)
		format, _ := errors.AsType[*FormatError](err)
		if r != nil || (tt.found == foundUnknown) != errors.Is(err, context.Canceled) || tt.found != foundUnknown && (format == nil || format.Hint != tt.found) {
			t.Errorf("%s: %v, %v", tt.name, r, err)
		}
	}
	// Called off before a password is tried, or between the attempts at an empty one.
	for name, data := range map[string][]byte{"no MAC": file, "MAC": macAlone("secret"), "MAC of an empty password": macAlone("")} {
		for _, password := range []*string{nil, new("secret")} {
			asked := 0
			for ; ; asked++ {
				r, err := (&Options{Password: password}).Inspect(&countdown{t.Context(), asked, context.Canceled}, data)
				if err == nil {
					break
				}
				if r != nil || !errors.Is(err, context.Canceled) {
					t.Errorf("%s: %v, %v", name, r, err)
				}
			}
			if asked < 2 {
				t.Errorf("%s: the context was asked %d times", name, asked)
			}
		}
	}
	if r, err := (*Options)(nil).Inspect(t.Context(), file); err != nil || len(r.Safes) != 1 || r.Armor != pkcs7.Binary {
		t.Errorf("without options: %v, %v", r, err)
	}
}

// TestSharedMemory holds which octets of a report are those of the file, and that those
// that were decrypted are copies, behind which no private key stands.
func TestSharedMemory(t *testing.T) {
	_, certBag := identityBags(t, alice(t))
	for name, safe := range map[string][]byte{"plain": plainSafe(seq(certBag)), "encrypted": encryptedSafe(t, "secret", seq(certBag))} {
		data := pfx(safe)
		r, err := Inspect(data, "secret")
		if err != nil {
			t.Fatal(err)
		}
		b := r.Bag(BagRef{0, 0})
		before := bytes.Clone(b.LocalKeyID)
		clear(data)
		if shared := !bytes.Equal(b.LocalKeyID, before); shared != (name == "plain") {
			t.Errorf("%s: shared %v", name, shared)
		}
		if b.pkcs8 != nil || b.box != nil {
			t.Errorf("%s: more than the report shows", name)
		}
		if name == "encrypted" && (cap(b.LocalKeyID) > 16 || cap(b.Attributes[0].Values[0]) > 16) {
			t.Errorf("capacity %d and %d", cap(b.LocalKeyID), cap(b.Attributes[0].Values[0]))
		}
	}
}

// TestTriedKeys holds that a signature is made with the first keys of a file, where that is
// asked for.
func TestTriedKeys(t *testing.T) {
	pkcs8 := seq(integer(0), seq(object(oidRSA), []byte{5, 0}), octetString(factorsPKCS1(t))) // which only a signature finds out
	var bags [][]byte
	for range maxTriedKeys + 1 {
		bags = append(bags, bag(oidKeyBag, pkcs8))
	}
	for _, try := range []bool{false, true} {
		r, err := (&Options{TryKeys: try}).Inspect(t.Context(), pfx(plainSafe(seq(bags...))))
		if err != nil {
			t.Fatal(err)
		}
		for i, b := range r.Safes[0].Bags {
			if tried := b.Key.Whole() == No; tried != (try && i < maxTriedKeys) {
				t.Errorf("try %v, key %d: tried %v", try, i, tried)
			}
		}
	}
}
