package bundle_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	"github.com/smimechain/smimechain/testdata/outside"
)

// openSSLMail returns messages that OpenSSL wrote: signed in the clear, opaque, and
// encrypted; the last is the CMS of the second.
func openSSLMail(t testing.TB, text string) (clear, opaque, encrypted, cms []byte) {
	t.Helper()
	outside.Program(t, "openssl", "openssl")
	dir := t.TempDir()
	run := func(args ...string) {
		t.Helper()
		cmd := exec.Command("openssl", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	read := func(name string) []byte {
		t.Helper()
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	if err := os.WriteFile(filepath.Join(dir, "text"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key", "-out", "cert", "-subj", "/CN=a/emailAddress=a@example.com", "-days", "30")
	run("cms", "-sign", "-in", "text", "-signer", "cert", "-inkey", "key", "-from", "a@example.com", "-out", "clear")
	run("cms", "-sign", "-in", "text", "-signer", "cert", "-inkey", "key", "-nodetach", "-from", "a@example.com", "-out", "opaque")
	run("cms", "-sign", "-in", "text", "-signer", "cert", "-inkey", "key", "-nodetach", "-outform", "DER", "-out", "cms")
	run("cms", "-encrypt", "-in", "text", "-aes-128-cbc", "-from", "a@example.com", "-recip", "cert", "-out", "encrypted")
	return read("clear"), read("opaque"), read("encrypted"), read("cms")
}

// tnef makes a TNEF stream of attachments, name and data by turns.
func tnef(attachments ...string) []byte {
	out := binary.LittleEndian.AppendUint32(nil, 0x223e9f78)
	out = append(out, 1, 0)
	attribute := func(level byte, id uint32, data string) {
		out = append(out, level)
		out = binary.LittleEndian.AppendUint32(out, id)
		out = binary.LittleEndian.AppendUint32(out, uint32(len(data)))
		sum := uint16(0)
		for _, b := range []byte(data) {
			sum += uint16(b)
		}
		out = binary.LittleEndian.AppendUint16(append(out, data...), sum)
	}
	attribute(1, 0x00089006, "\x00\x00\x01\x00")
	for i := 0; i < len(attachments); i += 2 {
		attribute(2, 0x00069002, strings.Repeat("\x00", 14))
		attribute(2, 0x00018010, attachments[i]+"\x00")
		attribute(2, 0x0006800f, attachments[i+1])
	}
	return out
}

// storage is a folder of a compound file that a test makes: streams as []byte, others
// as storage.
type storage map[string]any

// compoundForm is how a compound file is written.
type compoundForm struct {
	shift  uint16 // of the size of a sector
	cutoff uint32 // streams below it are packed
	named  int    // sectors of the table that the header names, of 109 it has room for
	each   int    // sectors of the table that a sector for the others names
	left   bool   // entries lead to the next by their left branch
}

// compoundFile makes a compound file of sectors of 512 octets in which no stream is packed.
func compoundFile(top storage) []byte { return compoundForm{shift: 9, named: 109}.file(top) }

func (form compoundForm) file(top storage) []byte {
	const free, end, table, tables = 0xffffffff, 0xfffffffe, 0xfffffffd, 0xfffffffc
	sector := 1 << form.shift
	le := binary.LittleEndian
	var sectors, small [][]byte
	var fat, smallFAT []uint32
	write := func(data []byte, sectors *[][]byte, fat *[]uint32, size int) uint32 {
		if len(data) == 0 {
			return end
		}
		start := uint32(len(*sectors))
		for part := range slices.Chunk(data, size) {
			s := make([]byte, size)
			copy(s, part)
			*sectors = append(*sectors, s)
			*fat = append(*fat, uint32(len(*sectors)))
		}
		(*fat)[len(*fat)-1] = end
		return start
	}
	add := func(data []byte) uint32 { return write(data, &sectors, &fat, sector) }
	numbers := func(list []uint32) (out []byte) {
		for _, n := range list {
			out = le.AppendUint32(out, n)
		}
		return out
	}
	var entries [][]byte
	entry := func(name string, kind byte) int {
		e := make([]byte, 128)
		units := utf16.Encode([]rune(name))
		for i, u := range units {
			le.PutUint16(e[2*i:], u)
		}
		le.PutUint16(e[64:], uint16(2*len(units)+2))
		e[66] = kind
		for _, at := range []int{68, 72, 76} {
			le.PutUint32(e[at:], free)
		}
		entries = append(entries, e)
		return len(entries) - 1
	}
	next := 72
	if form.left {
		next = 68
	}
	var fill func(at int, s storage)
	fill = func(at int, s storage) {
		before := -1
		for _, name := range slices.Sorted(maps.Keys(s)) {
			var i int
			switch v := s[name].(type) {
			case []byte:
				i = entry(name, 2)
				if len(v) < int(form.cutoff) {
					le.PutUint32(entries[i][116:], write(v, &small, &smallFAT, 64))
				} else {
					le.PutUint32(entries[i][116:], add(v))
				}
				le.PutUint64(entries[i][120:], uint64(len(v)))
			case storage:
				i = entry(name, 1)
				fill(i, v)
			}
			if before < 0 {
				le.PutUint32(entries[at][76:], uint32(i))
			} else {
				le.PutUint32(entries[before][next:], uint32(i))
			}
			before = i
		}
	}
	entry("Root Entry", 5)
	fill(0, top)
	packed := bytes.Join(small, nil)
	le.PutUint32(entries[0][116:], add(packed))
	le.PutUint64(entries[0][120:], uint64(len(packed)))
	header := make([]byte, sector)
	copy(header, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	le.PutUint16(header[24:], 0x3e)
	le.PutUint16(header[26:], 3)
	le.PutUint16(header[28:], 0xfffe)
	le.PutUint16(header[30:], form.shift)
	le.PutUint16(header[32:], 6)
	le.PutUint32(header[48:], add(bytes.Join(entries, nil)))
	le.PutUint32(header[56:], form.cutoff)
	le.PutUint32(header[60:], add(numbers(smallFAT)))

	// The table has sectors of its own in it, and those that name the ones for which the
	// header has no room.
	count, more := 0, 0
	for count*sector/4 < len(fat)+count+more {
		count++
		if rest := count - form.named; rest > 0 {
			more = (rest + form.each - 1) / form.each
		}
	}
	first := uint32(len(sectors))
	var own []uint32
	for i := range count {
		fat = append(fat, table)
		own = append(own, first+uint32(i))
	}
	for range more {
		fat = append(fat, tables)
	}
	for len(fat) < count*sector/4 {
		fat = append(fat, free)
	}
	padded := func(list []uint32, n int) []uint32 {
		return append(slices.Clone(list), slices.Repeat([]uint32{free}, n-len(list))...)
	}
	inHeader := own[:min(form.named, count)]
	copy(header[76:], numbers(padded(inHeader, 109)))
	le.PutUint32(header[44:], uint32(count))
	le.PutUint32(header[68:], end)
	out := append(slices.Concat(header, bytes.Join(sectors, nil)), numbers(fat)...)
	if more > 0 {
		le.PutUint32(out[68:], first+uint32(count))
		i := 0
		for list := range slices.Chunk(own[len(inHeader):], form.each) {
			follows := first + uint32(count+i+1)
			if i++; i == more {
				follows = end
			}
			out = append(out, numbers(append(padded(list, sector/4-1), follows))...)
		}
	}
	return out
}

func wideText(s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return out
}

// outlookFile makes a .msg with attachments, each a storage.
func outlookFile(class, from string, attachments ...storage) []byte {
	return compoundFile(outlookStorage(class, from, attachments...))
}

func outlookStorage(class, from string, attachments ...storage) storage {
	top := storage{
		"__properties_version1.0": make([]byte, 32), "__substg1.0_001A001F": wideText(class), "__substg1.0_5D02001F": wideText(from),
	}
	for i, a := range attachments {
		top[fmt.Sprintf("__attach_version1.0_#%08X", i)] = a
	}
	return top
}

func attachment(name string, data []byte) storage {
	return storage{"__properties_version1.0": make([]byte, 32), "__substg1.0_3707001F": wideText(name), "__substg1.0_37010102": data}
}

// TestMailForms holds that a message is found in each form in which mail reaches an
// administrator, good as it was; and each of them with its text changed.
func TestMailForms(t *testing.T) {
	text := "Content-Type: text/plain\n\nFigures for the third quarter\nFrom here on they are estimates.\n"
	clear, opaque, encrypted, cms := openSSLMail(t, text)
	changed := bytes.Replace(clear, []byte("third"), []byte("tenth"), 1)
	body := clear[bytes.Index(clear, []byte("MIME-Version")):]
	attach := func(kind, name string, data []byte) []byte {
		return fmt.Appendf(nil, "From: b@example.com\nContent-Type: multipart/mixed; boundary=outer\n\n--outer\nContent-Type: text/plain\n\nsee below\n--outer\nContent-Type: %s; name=%q\nContent-Transfer-Encoding: base64\n\n%s\n--outer--\n", kind, name, base64.StdEncoding.EncodeToString(data))
	}
	alone := func(kind, name string, data []byte) []byte {
		return fmt.Appendf(nil, "From: a@example.com\nContent-Type: %s; name=%q\nContent-Transfer-Encoding: base64\n\n%s\n", kind, name, base64.StdEncoding.EncodeToString(data))
	}
	mbox := func(messages ...[]byte) []byte {
		var out []byte
		for _, m := range messages {
			m = bytes.ReplaceAll(m, []byte("\nFrom "), []byte("\n>From "))
			out = append(out, "From a@example.com Thu Nov 26 12:00:00 2026\n"...)
			out = append(append(out, bytes.ReplaceAll(m, []byte("\r\n"), []byte("\n"))...), '\n')
		}
		return out
	}
	for _, tt := range []struct {
		name     string
		data     []byte
		format   bundle.Format
		messages int // of the last, layers are looked at
		from     string
		kind     bundle.LayerKind
		content  pkcs7.Outcome
		cause    string
	}{
		{"clear", clear, bundle.Mail, 1, "a@example.com", bundle.LayerSigned, pkcs7.Good, ""},
		{"clear, LF", bytes.ReplaceAll(clear, []byte("\r\n"), []byte("\n")), bundle.Mail, 1, "a@example.com", bundle.LayerSigned, pkcs7.Good, ""},
		{"changed", changed, bundle.Mail, 1, "a@example.com", bundle.LayerSigned, pkcs7.Wrong, ""},
		{">From", bytes.ReplaceAll(clear, []byte("\nFrom here"), []byte("\n>From here")), bundle.Mail, 1, "a@example.com", bundle.LayerSigned, pkcs7.Wrong, "put > before"},
		{"opaque", opaque, bundle.Mail, 1, "a@example.com", bundle.LayerSigned, pkcs7.Good, ""},
		{"octet-stream", alone("application/octet-stream", "smime.p7m", cms), bundle.Mail, 1, "a@example.com", bundle.LayerSigned, pkcs7.Good, ""},
		{"encrypted", encrypted, bundle.Mail, 1, "a@example.com", bundle.LayerEncrypted, 0, ""},
		{"forwarded", append([]byte("From: b@example.com\nContent-Type: multipart/mixed; boundary=outer\n\n--outer\nContent-Type: message/rfc822\n\n"), append(bytes.Clone(clear), "\n--outer--\n"...)...), bundle.Mail, 2, "a@example.com", bundle.LayerSigned, pkcs7.Good, ""},
		{"forwarded in base64", attach("message/rfc822", "x.eml", clear), bundle.Mail, 2, "a@example.com", bundle.LayerSigned, pkcs7.Good, ""},
		{"mbox", mbox(clear), bundle.Mbox, 1, "a@example.com", bundle.LayerSigned, pkcs7.Good, ""},
		{"mbox of three", mbox(opaque, encrypted, clear), bundle.Mbox, 3, "a@example.com", bundle.LayerSigned, pkcs7.Good, ""},
		{"mbox, changed", mbox(changed), bundle.Mbox, 1, "a@example.com", bundle.LayerSigned, pkcs7.Wrong, ""},
		{"winmail.dat", tnef("smime.p7m", string(cms)), bundle.TNEF, 1, "", bundle.LayerSigned, pkcs7.Good, ""},
		{"winmail.dat, in the clear", tnef("smime.p7m", string(body)), bundle.TNEF, 1, "", bundle.LayerSigned, pkcs7.Good, ""},
		{"winmail.dat in a message", attach("application/ms-tnef", "winmail.dat", tnef("a.txt", "text", "smime.p7m", string(cms))), bundle.Mail, 1, "b@example.com", bundle.LayerSigned, pkcs7.Good, ""},
		{"winmail.dat as octets", attach("application/octet-stream", "winmail.dat", tnef("smime.p7m", string(cms))), bundle.Mail, 1, "b@example.com", bundle.LayerSigned, pkcs7.Good, ""},
		{".msg, in the clear", outlookFile("IPM.Note.SMIME.MultipartSigned", "a@example.com", attachment("smime.p7m", body)), bundle.OutlookMessage, 1, "a@example.com", bundle.LayerSigned, pkcs7.Good, ""},
		{".msg, changed", outlookFile("IPM.Note.SMIME.MultipartSigned", "a@example.com", attachment("smime.p7m", bytes.Replace(body, []byte("third"), []byte("tenth"), 1))), bundle.OutlookMessage, 1, "a@example.com", bundle.LayerSigned, pkcs7.Wrong, ""},
		{".msg, opaque", outlookFile("IPM.Note.SMIME", "a@example.com", attachment("smime.p7m", cms)), bundle.OutlookMessage, 1, "a@example.com", bundle.LayerSigned, pkcs7.Good, ""},
		{".msg in .msg", outlookFile("IPM.Note", "b@example.com", storage{"__properties_version1.0": make([]byte, 32), "__substg1.0_3701000D": outlookStorage("IPM.Note.SMIME", "a@example.com", attachment("smime.p7m", cms))}), bundle.OutlookMessage, 2, "a@example.com", bundle.LayerSigned, pkcs7.Good, ""},
		{"smime.p7m", cms, bundle.PKCS7, 1, "", bundle.LayerSigned, pkcs7.Good, ""},
	} {
		f, err := bundle.Parse("m", tt.data)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if f.Format != tt.format || len(f.Messages) != tt.messages || !f.IsMessage() {
			t.Errorf("%s: %v with %d messages", tt.name, f.Format, len(f.Messages))
			continue
		}
		m := &f.Messages[len(f.Messages)-1]
		if strings.Join(m.From, " ") != tt.from || len(m.Layers) == 0 || m.Layers[0].Kind != tt.kind {
			t.Errorf("%s: from %v, %+v", tt.name, m.From, m.Layers)
			continue
		}
		if tt.kind != bundle.LayerSigned {
			continue
		}
		s := m.Outermost()
		if len(s) != 1 || s[0].Content != tt.content || s[0].Signature != pkcs7.Good || s[0].Certificate == nil || !strings.Contains(s[0].Cause.String(), tt.cause) || (s[0].Cause.String() == "") != (tt.cause == "") {
			t.Errorf("%s: %+v", tt.name, s)
		}
	}
}

// TestMailHostile holds that bombs, cycles and great numbers are refused with the reason,
// or read, in no time.
func TestMailHostile(t *testing.T) {
	_, _, _, cms := openSSLMail(t, "text")
	good := outlookFile("IPM.Note.SMIME", "a@example.com", attachment("smime.p7m", cms))
	self := bytes.Clone(good) // every entry leads to every other
	for at := bytes.Index(self, wideText("Root Entry")); at+128 <= len(self) && self[at+66] != 0; at += 128 {
		for i, n := range []uint32{0, 1, 2} {
			binary.LittleEndian.PutUint32(self[at+68+4*i:], n)
		}
	}
	loop := bytes.Clone(good) // each sector is followed by the first
	for at := len(loop) - 512; at < len(loop); at += 4 {
		binary.LittleEndian.PutUint32(loop[at:], 0)
	}
	deep := string(cms)
	for range 50 {
		deep = string(tnef("x", deep))
	}
	many := "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\nContent-Type: text/plain\n\nx\n", 10_000) + "--b--\n"
	mbox := strings.Repeat("From x\nContent-Type: application/pkcs7-mime\n\nx\n\n", 10_000)
	for name, data := range map[string][]byte{
		"a cycle of entries": self, "a cycle of sectors": loop, "nested TNEF": []byte(deep),
		"10,000 parts": []byte("From: a@example.com\n" + many), "10,000 messages": []byte(mbox),
		"cut": good[:len(good)/2], "TNEF, cut": tnef("smime.p7m", string(cms))[:900],
	} {
		start := time.Now()
		f, err := bundle.Parse("m", data)
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s: took %v", name, took)
		}
		if strings.HasPrefix(name, "10,000") && !errors.Is(err, bundle.ErrTooLarge) || err != nil && !strings.HasPrefix(err.Error(), "m: ") {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
}

// FuzzMail: whatever a message holds, there is a result or an error, and indices lie in
// the file.
func FuzzMail(f *testing.F) {
	clear, opaque, encrypted, cms := openSSLMail(f, "Content-Type: text/plain\n\ntext\n")
	seeds := [][]byte{clear, opaque, encrypted, append([]byte("From x\n"), clear...),
		tnef("smime.p7m", string(cms)), tnef("a", "b", "c", string(clear)),
		outlookFile("IPM.Note.SMIME", "a@example.com", attachment("smime.p7m", cms)),
		outlookFile("IPM.Note", "a@example.com", storage{"__substg1.0_3701000D": outlookStorage("IPM.Note.SMIME", "b@example.com", attachment("smime.p7m", cms))}),
	}
	for _, s := range seeds {
		f.Add(s)
	}
	if len(seeds) != 8 {
		f.Fatal(len(seeds))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := fuzzParse(t, data)
		if file == nil {
			return
		}
		for i := range file.Messages {
			for _, s := range file.Messages[i].Outermost() {
				if s.Certificate == nil && s.Good() || s.Certificate != nil && !slices.ContainsFunc(file.Certificates, func(c bundle.Certificate) bool { return c.Certificate == s.Certificate }) {
					t.Fatal("the certificate of a signer is not in the list of the file")
				}
			}
		}
		file.Signers()
	})
}

// BenchmarkMail20MB reads a signed message of 20 MB.
func BenchmarkMail20MB(b *testing.B) {
	line := strings.Repeat("0123456789abcdef", 4) + "\n"
	clear, opaque, _, _ := openSSLMail(b, "Content-Type: text/plain\n\n"+strings.Repeat(line, (20<<20)/len(line)))
	for name, data := range map[string][]byte{"clear": clear, "opaque": opaque} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if f, err := bundle.Parse("m", data); err != nil || !f.Messages[0].Outermost()[0].Good() {
					b.Fatal(err)
				}
			}
		})
	}
}
