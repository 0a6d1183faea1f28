package bundle_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

const outlookProperties = "__properties_version1.0"

// compoundEntryOf is where the last entry of a name begins in a compound file.
func compoundEntryOf(t *testing.T, file []byte, name string) int {
	t.Helper()
	at := bytes.LastIndex(file, append(wideText(name), 0, 0))
	if at < 0 {
		t.Fatalf("no entry %s", name)
	}
	return at
}

// TestCompoundForms holds that a message is the same in whichever form the file is written:
// with sectors of both sizes, streams that are packed or not, the table in the header or
// behind it, and entries in either order.
func TestCompoundForms(t *testing.T) {
	text := "Content-Type: text/plain\r\n\r\n" + strings.Repeat("third\r\n", 100)
	cms := signedData(t, []byte(text), false)
	size := uint32(len(cms))
	for _, form := range []compoundForm{
		{shift: 9, named: 109}, {shift: 12, named: 109}, {shift: 9, named: 109, left: true},
		{shift: 9, named: 109, cutoff: 4096}, {shift: 12, named: 109, cutoff: 4096},
		{shift: 9, named: 109, cutoff: size}, {shift: 9, named: 109, cutoff: size + 1},
		{shift: 9, named: 0, each: 127}, {shift: 9, named: 1, each: 1}, {shift: 12, named: 0, each: 1},
	} {
		// What is beside the message makes the table one of several sectors.
		f, err := bundle.Parse("m", form.file(outlookStorage("IPM.Note.SMIME", "a@example.com", attachment("smime.p7m", cms), attachment("note.txt", make([]byte, 300<<form.shift)), attachment("note.txt", make([]byte, 64)))))
		if err != nil {
			t.Errorf("%+v: %v", form, err)
			continue
		}
		if s := f.Messages[0].Outermost(); len(s) != 1 || !s[0].Good() || len(f.Messages[0].Layers) != 1 || !slices.Equal(f.Messages[0].From, []string{"a@example.com"}) {
			t.Errorf("%+v: from %v, %+v", form, f.Messages[0].From, s)
		}
	}
}

// TestCompoundDamage holds what becomes of a file one of whose fields is changed.
func TestCompoundDamage(t *testing.T) {
	const (
		damaged = "m: the compound file is damaged"
		other   = "m: not a certificate file: it is a compound file of another program"
		free    = 0xffffffff
	)
	le := binary.LittleEndian
	cms := signedData(t, []byte("Content-Type: text/plain\r\n\r\nthird\r\n"), false)
	top := outlookStorage("IPM.Note.SMIME", "a@example.com", attachment("smime.p7m", cms))
	data := "__substg1.0_37010102"
	root := func(f []byte) int { return compoundEntryOf(t, f, "Root Entry") }
	stream := func(f []byte) int { return compoundEntryOf(t, f, data) }
	long, short := compoundForm{shift: 9, named: 109}, compoundForm{shift: 9, named: 109, cutoff: 4096}
	wide := compoundForm{shift: 12, named: 109}
	// table is where the number of the sector after a sector stands, in the first sector of
	// the table that the header names.
	table := func(f []byte, n uint32) int { return 512*(1+int(le.Uint32(f[76:]))) + 4*int(n) }
	for _, tt := range []struct {
		name   string
		form   compoundForm
		change func(f []byte) []byte
		want   string // empty where the message is read
	}{
		{"as it was", long, func(f []byte) []byte { return f }, ""},
		{"cut to a header", long, func(f []byte) []byte { return f[:512] }, damaged},
		{"cut to less", long, func(f []byte) []byte { return slices.Clip(f[:511]) }, "m: not a certificate file"},
		{"sectors of 1024", long, func(f []byte) []byte { f[30] = 10; return f }, damaged},
		{"sectors beyond any size", long, func(f []byte) []byte { f[30] = 64; return f }, damaged},
		{"small sectors of 128", long, func(f []byte) []byte { f[32] = 7; return f }, damaged},
		{"no root", long, func(f []byte) []byte { f[root(f)+66] = 1; return f }, damaged},
		{"no directory", long, func(f []byte) []byte { le.PutUint32(f[48:], free); return f }, damaged},
		{"a directory behind the end", long, func(f []byte) []byte { le.PutUint32(f[48:], uint32(len(f)/512)); return f }, damaged},
		{"a table behind the end", long, func(f []byte) []byte { le.PutUint32(f[80:], uint32(len(f)/512)); return f }, damaged},
		{"the same table many times", long, func(f []byte) []byte {
			for at := 80; at < 512; at += 4 {
				copy(f[at:], f[76:80])
			}
			return f
		}, damaged},
		{"more tables in a sector that is cut", long, func(f []byte) []byte {
			le.PutUint32(f[68:], uint32(len(f)/512-1))
			return append(f, 0, 0)
		}, ""},
		{"more tables in a circle", long, func(f []byte) []byte {
			n := uint32(len(f)/512 - 1)
			le.PutUint32(f[68:], n)
			return le.AppendUint32(append(f, bytes.Repeat([]byte{0xff}, 508)...), n)
		}, ""},
		{"an entry behind the end", long, func(f []byte) []byte {
			entries := 4 * (le.Uint32(f[76:]) - le.Uint32(f[48:]))
			le.PutUint32(f[compoundEntryOf(t, f, outlookProperties)+68:], entries)
			return f
		}, ""},
		{"no properties", long, func(f []byte) []byte { f[compoundEntryOf(t, f, outlookProperties)+66] = 0; return f }, other},
		{"a size of which half is noise", long, func(f []byte) []byte { f[stream(f)+124] = 1; return f }, ""},
		{"the same, of a kind that has no noise", wide, func(f []byte) []byte { f[stream(f)+124] = 1; return f }, damaged},
		{"a stream larger than the file", long, func(f []byte) []byte { le.PutUint32(f[stream(f)+120:], uint32(len(f)+1)); return f }, damaged},
		{"a stream larger than its sectors", long, func(f []byte) []byte { le.PutUint32(f[stream(f)+120:], uint32(len(f))); return f }, damaged},
		{"a stream that goes on behind the end", long, func(f []byte) []byte {
			le.PutUint32(f[table(f, le.Uint32(f[stream(f)+116:])):], uint32(len(f)/512))
			return f
		}, damaged},
		{"a stream that begins behind the end", long, func(f []byte) []byte { le.PutUint32(f[stream(f)+116:], uint32(len(f)/512)); return f }, damaged},
		{"a stream that begins nowhere", long, func(f []byte) []byte { le.PutUint32(f[stream(f)+116:], free); return f }, damaged},
		{"a stream that begins behind what the table has", long, func(f []byte) []byte {
			le.PutUint32(f[stream(f)+116:], 128)
			return append(f, make([]byte, 512*130-len(f))...)
		}, damaged},
		{"packed, as it was", short, func(f []byte) []byte { return f }, ""},
		{"packed, without a table", short, func(f []byte) []byte { le.PutUint32(f[60:], free); return f }, damaged},
		{"packed in nothing", short, func(f []byte) []byte { le.PutUint32(f[root(f)+120:], 0); return f }, damaged},
		{"packed in more than there is", short, func(f []byte) []byte { le.PutUint32(f[root(f)+120:], uint32(len(f))); return f }, damaged},
		{"packed behind the end", short, func(f []byte) []byte { le.PutUint32(f[stream(f)+116:], le.Uint32(f[root(f)+120:])/64); return f }, damaged},
		{"packed, larger than its sectors", short, func(f []byte) []byte { le.PutUint32(f[stream(f)+120:], 4095); return f }, damaged},
		{"packed in a circle", short, func(f []byte) []byte {
			first := le.Uint32(f[stream(f)+116:])
			at := 512*(1+int(le.Uint32(f[60:]))) + 4*int(first)
			le.PutUint32(f[at:], first)
			return f
		}, "m: pkcs7: "},
	} {
		f, err := bundle.Parse("m", tt.change(tt.form.file(top)))
		switch {
		case tt.want != "":
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
			}
		case err != nil:
			t.Errorf("%s: %v", tt.name, err)
		default:
			if s := f.Messages[0].Outermost(); len(s) != 1 || !s[0].Good() {
				t.Errorf("%s: %+v", tt.name, f.Messages[0])
			}
		}
	}
}

// TestCompoundShared holds that what many entries share is read a few times, and no more.
func TestCompoundShared(t *testing.T) {
	le := binary.LittleEndian
	for _, cutoff := range []uint32{0, 1 << 20} {
		var list []storage
		for i := range 20 {
			list = append(list, storage{"__substg1.0_37010102": bytes.Repeat([]byte{byte(i)}, 1+99_999*((20-i)/20))}) // the first is large
		}
		f := compoundForm{shift: 9, named: 109, cutoff: cutoff}.file(outlookStorage("IPM.Note.SMIME", "a@example.com", list...))
		name := append(wideText("__substg1.0_37010102"), 0, 0)
		first := bytes.Index(f, name)
		for at := first; at < len(f); at += len(name) {
			i := bytes.Index(f[at:], name)
			if i < 0 {
				break
			}
			at += i
			copy(f[at+116:at+128], f[first+116:first+128])
		}
		if le.Uint32(f[first+120:]) != 100_000 {
			t.Fatal(le.Uint32(f[first+120:]))
		}
		if _, err := bundle.Parse("m", f); err == nil || err.Error() != "m: the compound file is damaged" {
			t.Errorf("cutoff %d: %v", cutoff, err)
		}
	}
}

// TestCompoundShortTable holds that a table that ends too soon takes what it has no place
// for, and no more.
func TestCompoundShortTable(t *testing.T) {
	le := binary.LittleEndian
	cms := signedData(t, []byte("Content-Type: text/plain\r\n\r\nthird\r\n"), false)
	note := attachment("note.txt", make([]byte, 4000))
	f := compoundForm{shift: 9, named: 109, cutoff: 4096}.file(outlookStorage("IPM.Note.SMIME", "a@example.com", attachment("smime.p7m", cms), note, note, note))
	table := le.Uint32(f[60:])
	le.PutUint32(f[512*(1+int(le.Uint32(f[76:])))+4*int(table):], 0xfffffffe) // of two sectors one is left
	m, err := bundle.Parse("m", f)
	if err != nil {
		t.Fatal(err)
	}
	layers := m.Messages[0].Layers
	if s := m.Messages[0].Outermost(); len(s) != 1 || !s[0].Good() || len(layers) < 2 || layers[1].Kind != bundle.LayerUnreadable {
		t.Errorf("%+v", layers)
	}
}

// TestOutlookProperties holds who sent a message that Outlook saved, by the properties that
// say so, and which attachments are read.
func TestOutlookProperties(t *testing.T) {
	cms := signedData(t, []byte("Content-Type: text/plain\r\n\r\nthird\r\n"), false)
	wide := func(s string) []byte { return wideText(s + "\x00") }
	const p = "__substg1.0_"
	signed := storage{p + "3707001F": wide("smime.p7m"), p + "37010102": cms}
	message := func(properties storage, attachments ...storage) storage {
		s := storage{outlookProperties: make([]byte, 32), p + "001A001F": wide("IPM.Note.SMIME")}
		for name, v := range properties {
			s[p+name] = v
		}
		for i, a := range attachments {
			s["__attach_version1.0_#0000000"+string(rune('0'+i))] = a
		}
		return s
	}
	for _, tt := range []struct {
		name         string
		top          storage
		from, sender string
		part         string // of the layer; empty where nothing is read
		partial      bool
	}{
		{"nobody", message(nil, signed), "", "", "1", false},
		{"the author", message(storage{"5D02001F": wide("a@example.com")}, signed), "a@example.com", "", "1", false},
		{"in octets", message(storage{"5D02001E": []byte("a@example.com\x00")}, signed), "a@example.com", "", "1", false},
		{"the author by a type", message(storage{"0065001F": wide("a@example.com"), "0064001F": wide("smtp")}, signed), "a@example.com", "", "1", false},
		{"the author by another type", message(storage{"0065001F": wide("/o=Example/cn=a"), "0064001F": wide("EX")}, signed), "", "", "1", false},
		{"the author by a type, without an address", message(storage{"0064001F": wide("SMTP")}, signed), "", "", "1", false},
		{"the sender", message(storage{"5D01001F": wide("b@example.com")}, signed), "b@example.com", "b@example.com", "1", false},
		{"both", message(storage{"5D01001F": wide("b@example.com"), "0065001F": wide("a@example.com"), "0064001F": wide("SMTP")}, signed), "a@example.com", "b@example.com", "1", false},
		{"a header", message(storage{"007D001F": wide("From: c@example.com\r\nSender: d@example.com\r\n\r\n"), "5D01001F": wide("b@example.com"), "5D02001F": wide("a@example.com")}, signed), "c@example.com", "d@example.com", "1", false},
		{"a header without an author", message(storage{"007D001F": wide("To: c@example.com\r\n\r\n"), "5D02001F": wide("a@example.com")}, signed), "a@example.com", "", "1", false},
		{"another class", message(storage{"001A001F": wide("IPM.Note")}, signed), "", "", "1.1", true},
		{"a class in small letters", message(storage{"001A001F": wide("ipm.note.smime.multipartsigned")}, signed), "", "", "1", false},
		{"two attachments", message(nil, storage{}, signed), "", "", "1.2", true},
		{"no attachment", message(nil), "", "", "", false},
		{"an attachment without data", message(nil, storage{p + "3707001F": wide("smime.p7m")}), "", "", "", false},
		{"data that is a stream where a message would be", message(nil, storage{p + "3701000D": cms}), "", "", "", false},
		{"by the long name", message(nil, storage{p + "3704001F": wide("A.P7M"), p + "3707001F": wide("a message.eml"), p + "37010102": []byte(signedMail(t, "Content-Type: text/plain\n\nthird\n"))}), "", "", "", false},
		{"by the short name", message(nil, storage{p + "3704001F": wide("A.EML"), p + "37010102": []byte(signedMail(t, "Content-Type: text/plain\n\nthird\n"))}), "", "", "", false},
	} {
		f, err := bundle.Parse("m", compoundFile(tt.top))
		if strings.HasPrefix(tt.name, "by the ") { // it is a message of its own
			if err != nil || len(f.Messages) != 2 || f.Messages[1].Number != 2 || f.Messages[1].From[0] != "a@example.com" {
				t.Errorf("%s: %+v, %v", tt.name, f, err)
			}
			continue
		}
		if tt.part == "" {
			var unrecognized *bundle.UnrecognizedError
			if !errors.As(err, &unrecognized) {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		if err != nil || len(f.Messages) != 1 || len(f.Messages[0].Layers) != 1 {
			t.Errorf("%s: %+v, %v", tt.name, f, err)
			continue
		}
		m, l := f.Messages[0], f.Messages[0].Layers[0]
		if m.Number != 1 || !slices.Equal(m.From, strings.Fields(tt.from)) || !slices.Equal(m.Sender, strings.Fields(tt.sender)) || l.Part != tt.part || l.Partial != tt.partial {
			t.Errorf("%s: from %v, sent by %v, part %s, partial %v", tt.name, m.From, m.Sender, l.Part, l.Partial)
		}
	}
}

// TestTNEF holds which attachments of winmail.dat are read, and what is said of a stream
// that is damaged.
func TestTNEF(t *testing.T) {
	const damaged = "winmail.dat is damaged or cut short"
	cms := string(signedData(t, []byte("Content-Type: text/plain\r\n\r\nthird\r\n"), false))
	mail := signedMail(t, "Content-Type: text/plain\n\nthird\n")
	whole := string(tnef("smime.p7m", cms))
	head := whole[:6]
	attribute := func(level byte, id uint32, data string) string {
		b := binary.LittleEndian.AppendUint32([]byte{level}, id)
		return string(binary.LittleEndian.AppendUint32(b, uint32(len(data)))) + data + "\x00\x00"
	}
	const begins, title, content = 0x00069002, 0x00018010, 0x0006800f
	for _, tt := range []struct {
		name, data string
		messages   int
		layers     string // of the last message: kind, part
		err        string
	}{
		{"one", whole, 1, "signed 1.1;", ""},
		{"two", string(tnef("a.txt", "text", "smime.p7m", cms)), 1, "signed 1.2 partial;", ""},
		{"an attachment that nothing begins", head + attribute(2, content, cms), 1, "signed 1.1;", ""},
		{"data of the message itself", head + attribute(1, content, cms), 0, "", "neither signed nor encrypted"},
		{"data of another kind", head + attribute(2, begins, "") + attribute(2, title, cms), 0, "", "neither signed nor encrypted"},
		{"a message as it was", string(tnef("A.EML", mail)), 2, "signed 1;", ""},
		{"the same by another name", string(tnef("smime.p7m", mail)), 1, "signed 1.1;", ""},
		{"in one another", string(tnef("winmail.dat", whole)), 1, "signed 1.1.1.1;", ""},
		{"nothing", head, 0, "", "want SST"},
		{"in one another, beside another", string(tnef("a.txt", "text", "winmail.dat", whole)), 1, "signed 1.2.1.1 partial;", ""},
		{"a signature by the name of a message", string(tnef("a.eml", cms)), 1, "signed 1.1;", ""},
		{"cut behind the head of an attribute", whole + attribute(2, content, "")[:9], 1, "signed 1.1;unreadable 1;", ""},
		{"cut in the head of an attribute", whole + attribute(2, content, "")[:8], 1, "signed 1.1;unreadable 1;", ""},
		{"cut in the checksum", whole[:len(whole)-1], 0, "", damaged},
		{"another level", head + attribute(3, begins, "") + attribute(2, content, cms), 0, "", damaged},
		{"999 attachments", string(tnef(slices.Repeat([]string{"a", ""}, 998)...)) + attribute(2, begins, "") + attribute(2, content, cms), 1, "signed 1.999 partial;", ""},
		{"1000, and what is in the last", string(tnef(slices.Repeat([]string{"a", ""}, 999)...)) + attribute(2, begins, "") + attribute(2, content, cms), 0, "", "more than 1000 parts"},
	} {
		f, err := bundle.Parse("m", []byte(tt.data))
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%s: %v, want %s", tt.name, err, tt.err)
			}
			continue
		}
		if err != nil || len(f.Messages) != tt.messages {
			t.Errorf("%s: %+v, %v", tt.name, f, err)
			continue
		}
		var layers strings.Builder
		for _, l := range f.Messages[tt.messages-1].Layers {
			layers.WriteString(l.Kind.String() + " " + l.Part)
			if l.Partial {
				layers.WriteString(" partial")
			}
			layers.WriteString(";")
		}
		if layers.String() != tt.layers {
			t.Errorf("%s: %s, want %s", tt.name, &layers, tt.layers)
		}
	}
}

// TestOutlookDepth holds how many messages, and attachments of either kind, may be inside
// each other: each is on two of the levels that parts of a message may have.
func TestOutlookDepth(t *testing.T) {
	certs, err := pkcs7.New(chain.FromX509(certificate(t, "issuing-ca"))).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	outlook := func(n int, inside ...storage) []byte {
		s := outlookStorage("IPM.Note.SMIME", "a@example.com", inside...)
		for range n {
			s = outlookStorage("IPM.Note.SMIME", "a@example.com", storage{outlookProperties: []byte{0}, "__substg1.0_3701000D": s})
		}
		return compoundFile(s)
	}
	attached := func(n int) []byte {
		data := certs
		for range n {
			data = tnef("smime.p7m", string(data))
		}
		return data
	}
	const part = "From: a@example.com\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\n%s\n--b--\n"
	for name, tt := range map[string]struct {
		make func(n int) []byte
		most int
	}{
		"messages with something in the last": {func(n int) []byte { return outlook(n, attachment("smime.p7m", certs)) }, 3},
		"messages with nothing in the last":   {func(n int) []byte { return outlook(n) }, 4},
		"winmail.dat":                         {attached, 4},
		"winmail.dat in a part":               {func(n int) []byte { return fmt.Appendf(nil, part, base64.StdEncoding.EncodeToString(attached(n))) }, 4},
	} {
		for n := 1; n < 10; n++ {
			f, err := bundle.Parse("m", tt.make(n))
			if errors.Is(err, bundle.ErrTooLarge) != (n > tt.most) {
				t.Errorf("%d %s: %v", n, name, err)
			}
			for i := 0; f != nil && i < len(f.Messages); i++ {
				if f.Messages[i].Number != i+1 {
					t.Errorf("%d %s: %+v", n, name, f.Messages)
				}
			}
		}
	}
}
