package bundle

import (
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// directoryLine says what a directory holds.
func directoryLine(f *File) string {
	var list []string
	for _, e := range f.Entries {
		list = append(list, fmt.Sprintf("%s %v %d", e.Name, e.Addresses, len(e.Certificates)))
	}
	faults := 0
	for i := range f.Certificates {
		if f.Certificates[i].Fault != nil {
			faults++
		}
	}
	for name, n := range map[string]int{"faults": faults, "lists": len(f.CRLs), "keys": len(f.Keys), "ignored": len(f.Ignored)} {
		if n > 0 {
			list = append(list, fmt.Sprint(name, " ", n))
		}
	}
	slices.Sort(list[len(f.Entries):])
	return strings.Join(list, "; ")
}

// TestDirectoryText holds what begins as a directory or a card, and which lines it has.
func TestDirectoryText(t *testing.T) {
	for text, want := range map[string]bool{"BEGIN:VCARD\n": true, " \t\r\nbegin:vcard\r\n": true, "BEGIN:VCARD": false, "BEGIN:VCARX\n": false, "x BEGIN:VCARD\n": false, "": false} {
		if isVCard([]byte(text)) != want {
			t.Errorf("card %q: %t", text, !want)
		}
	}
	for text, want := range map[string]bool{
		"dn: x": true, "DN:: x": true, "version: 1\r\ndn: x": true, "# a\n \n\n folded\ndn: x": true, "cn: x": false, "dn": false, "version\ndn: x": false, "dn x\n": false, "": false, "# a\n": false,
		"#" + strings.Repeat("a", 64<<10-7) + "\ndn: x": true, "#" + strings.Repeat("a", 64<<10-1) + "\ndn: x": false,
	} {
		if isLDIF([]byte(text)) != want {
			t.Errorf("LDIF %.40q: %t", text, !want)
		}
	}
	for text, want := range map[string]string{
		"a: b":                "a;= b@0",
		"A:b\nc:d":            "a;=b@0 c;=d@4",
		"a:b\r\n c\n\td\ne:f": "a;=bcd@0 e;=f@11",
		"a:b\n\nc:d":          "a;=b@0 ;=@4 c;=d@5",
		"#a:b\nc:d":           "c;=d@5",
		"a\nc:d":              "c;=d@2",
		"g.A;X=Y;Z:b":         "a;x=y;z=b@0",
		"g.h.a :b":            "a;=b@0",
		" x\na:b":             "a;=b@3",
		"\n a:b":              ";=@0 a;=b@0",
		"a:":                  "a;=@0",
		"":                    "",
	} {
		var list []string
		if err := contentLines([]byte(text), func(l contentLine) error {
			list = append(list, fmt.Sprintf("%s;%s=%s@%d", l.name, l.params, l.value, l.offset))
			return nil
		}); err != nil || strings.Join(list, " ") != want {
			t.Errorf("lines of %q: %q, %v", text, list, err)
		}
	}
	stop := errors.New("stop")
	for _, text := range []string{"a:b\nc:d", "\n"} {
		calls := 0
		if err := contentLines([]byte(text), func(contentLine) error { calls++; return stop }); err != stop || calls != 1 {
			t.Errorf("%q: %d calls, %v", text, calls, err)
		}
	}
	for _, n := range []int{maxContentLine, maxContentLine + 1} {
		if err := contentLines([]byte("a:\n "+strings.Repeat("b", n-2)), func(contentLine) error { return nil }); (err != nil) != (n > maxContentLine) {
			t.Errorf("a line of %d: %v", n, err)
		}
	}
}

// TestDirectoryEntries holds what is read of entries and cards, in each form of a value.
func TestDirectoryEntries(t *testing.T) {
	files, password := damageSubjects(t)
	der := b64(files["DER"])
	key := b64(slices.Concat([]byte{0x30, 0x2E, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 0x22, 4, 0x20}, make([]byte, 32)))
	inPEM := b64(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: files["DER"]}))
	for _, tt := range []struct{ name, text, want string }{
		{"nothing", "cn: x\n", ""},
		{"entry", "dn: a\nmail: b@c\nuserCertificate;binary:: " + der, "a [b@c] 1"},
		{"names in base64", "dn:: " + b64([]byte("ä")) + "\nmail:: " + b64([]byte("b@c")), "ä [b@c] 0"},
		{"names in damaged base64", "dn:: !\nmail:: !", " [] 0"},
		{"a name that begins with a colon in it", "dn: :x\nmail: :y", ":x [:y] 0"},
		{"no mail", "dn: a\nmail: ", "a [] 0"},
		{"behind the entry", "dn: a\n\nmail: b@c\nuserCertificate:: " + der, "a [] 0"},
		{"two entries", "dn: a\n\ndn: b\nuserCertificate:: " + der, "a [] 0; b [] 1"},
		{"another attribute", "dn: a\njpegPhoto:: " + der, "a [] 0"},
		{"in another file", "dn: a\nuserCertificate:< file:///x", "a [] 0; ignored 1"},
		{"damaged", "dn: a\nuserCertificate:: !", "a [] 0; faults 1"},
		{"empty", "dn: a\nuserCertificate:: ", "a [] 0; faults 1"},
		{"as text", "dn: a\nuserCertificate: words", "a [] 1"},
		{"PEM", "dn: a\nuserCertificate:: " + inPEM, "a [] 1"},
		{"PEM that is damaged", "dn: a\nuserCertificate:: " + b64([]byte("-----BEGIN X")), "a [] 1"},
		{"message", "dn: a\nuserSMIMECertificate:: " + b64(files["PKCS7"]), "a [] 1"},
		{"message that is damaged", "dn: a\nuserSMIMECertificate:: " + b64(files["PKCS7"][:60]), "a [] 0; faults 1"},
		{"list", "dn: a\ncertificateRevocationList:: " + b64(files["CRL"]), "a [] 0; lists 1"},
		{"PFX", "dn: a\nuserPKCS12:: " + b64(files["PFX"]), "a [] 0; keys 1"},
		{"key", "dn: a\nuserPKCS12:: " + key, "a [] 0; keys 1"},
	} {
		r := newReading(t)
		r.password = &password
		if err := r.parseLDIF([]byte(tt.text)); err != nil || directoryLine(r.File) != tt.want {
			t.Errorf("LDIF, %s: %q, %v, want %q", tt.name, directoryLine(r.File), err, tt.want)
		}
	}
	for _, tt := range []struct{ name, text, want string }{
		{"card", "BEGIN:VCARD\nFN:a\nEMAIL:b@c\nKEY;ENCODING=b:" + der + "\nEND:VCARD", "a [b@c] 1"},
		{"without a card", "FN:a\nKEY;ENCODING=b:" + der, ""},
		{"something that begins", "BEGIN:X\nFN:a", ""},
		{"behind the end", "BEGIN:VCARD\nEND:VCARD\nFN:a\nBEGIN:VCARD\nFN:b", " [] 0; b [] 0"},
		{"mailto", "BEGIN:VCARD\nEMAIL:mailto:b@c", " [b@c] 0"},
		{"base64 by its long name", "BEGIN:VCARD\nKEY;ENCODING=BASE64:" + der, " [] 1"},
		{"base64 alone", "BEGIN:VCARD\nKEY;BASE64:" + der, " [] 1"},
		{"damaged", "BEGIN:VCARD\nKEY;BASE64:!", " [] 0; faults 1"},
		{"without an encoding", "BEGIN:VCARD\nKEY:" + der, " [] 0"},
		{"another property", "BEGIN:VCARD\nPHOTO;ENCODING=b:" + der, " [] 0"},
		{"data", "BEGIN:VCARD\nKEY:data:application/pkix-cert;base64," + der, " [] 1"},
		{"data in capitals", "BEGIN:VCARD\nKEY:DATA:application/pkix-cert;BASE64," + der, " [] 1"},
		{"data in no base64", "BEGIN:VCARD\nKEY:data:x,%30%00", " [] 1"},
		{"data in damaged escapes", "BEGIN:VCARD\nKEY:data:x,%3", " [] 0; faults 1"},
		{"data of OpenPGP", "BEGIN:VCARD\nKEY:data:application/pgp-keys;base64," + der, " [] 0"},
		{"nothing but data", "BEGIN:VCARD\nKEY:data:", " [] 0; faults 1"},
		{"less than data", "BEGIN:VCARD\nKEY:data", " [] 0"},
		{"OpenPGP", "BEGIN:VCARD\nKEY;TYPE=PGP;ENCODING=b:" + der, " [] 0"},
		{"in another file", "BEGIN:VCARD\nKEY:https://example.com/x", " [] 0; ignored 1"},
	} {
		r := newReading(t)
		if err := r.parseVCard([]byte(tt.text)); err != nil || directoryLine(r.File) != tt.want {
			t.Errorf("card, %s: %q, %v, want %q", tt.name, directoryLine(r.File), err, tt.want)
		}
	}
	for name, text := range map[string]string{"entry": "dn: a", "card": "BEGIN:VCARD"} {
		for _, n := range []int{maxEntries - 1, maxEntries} {
			r := newReading(t)
			r.Entries = make([]DirectoryEntry, n)
			parse := r.parseVCard
			if name == "entry" {
				parse = r.parseLDIF
			}
			if err := parse([]byte(text)); errors.Is(err, ErrTooLarge) != (n == maxEntries) || err != nil && strings.Count(err.Error(), "x: ") != 1 {
				t.Errorf("%s beside %d: %v", name, n, err)
			}
		}
		checkEnded(t, text, func(r *reading, text []byte) (bool, error) {
			if name == "entry" {
				return false, r.parseLDIF(text)
			}
			return false, r.parseVCard(text)
		})
	}
	if err := newReading(t).directory(ErrTooLarge); !errors.Is(err, ErrTooLarge) || !strings.HasPrefix(err.Error(), "x: ") {
		t.Errorf("%v", err)
	}
	var e DirectoryEntry
	for range maxEntryMails + 1 {
		e.addAddress("a")
	}
	if len(e.Addresses) != maxEntryMails {
		t.Errorf("%d addresses", len(e.Addresses))
	}
}
