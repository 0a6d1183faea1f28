package bundle_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	"github.com/smimechain/smimechain/testdata/outside"
)

// payload is a part of S/MIME that OpenSSL made, on its own and as a message.
type payload struct {
	name, class string
	mail        []byte
	part        []byte // the CMS, or what is below the header of a message in the clear
	kind        bundle.LayerKind
	content     pkcs7.Outcome
}

// payloads returns one of each kind, and two with a text that was changed.
func payloads(t *testing.T) []payload {
	t.Helper()
	clear, opaque, encrypted, cms := openSSLMail(t, "Content-Type: text/plain\n\nFigures for the third quarter\n")
	body := func(mail []byte) []byte { return mail[bytes.Index(mail, []byte("MIME-Version")):] }
	der := func(mail []byte) []byte {
		t.Helper()
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "m"), mail, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(outside.Program(t, "openssl", "openssl"), "cms", "-cmsout", "-outform", "DER", "-in", filepath.Join(dir, "m")).Output()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	certs, err := pkcs7.Parse(cms)
	if err != nil {
		t.Fatal(err)
	}
	only, err := pkcs7.New(certs.Certificates...).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	mail := func(kind string, der []byte) []byte {
		return fmt.Appendf(nil, "From: a@example.com\r\nMIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type=%s; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n", kind, base64.StdEncoding.EncodeToString(der))
	}
	changed := bytes.Replace(clear, []byte("third"), []byte("tenth"), 1)
	changedDER := bytes.Replace(cms, []byte("third"), []byte("tenth"), 1)
	return []payload{
		{"clear", "IPM.Note.SMIME.MultipartSigned", clear, body(clear), bundle.LayerSigned, pkcs7.Good},
		{"clear, changed", "IPM.Note.SMIME.MultipartSigned", changed, body(changed), bundle.LayerSigned, pkcs7.Wrong},
		{"opaque", "IPM.Note.SMIME", opaque, cms, bundle.LayerSigned, pkcs7.Good},
		{"opaque, changed", "IPM.Note.SMIME", mail("signed-data", changedDER), changedDER, bundle.LayerSigned, pkcs7.Wrong},
		{"encrypted", "IPM.Note.SMIME", encrypted, der(encrypted), bundle.LayerEncrypted, 0},
		{"certificates", "IPM.Note.SMIME", mail("certs-only", only), only, bundle.LayerCertificates, 0},
	}
}

// TestMailMany holds that each kind of S/MIME is read as what it is in each form that
// mail comes in: 13 forms of 6 messages.
func TestMailMany(t *testing.T) {
	forward := func(kind, encoding string, data []byte) []byte {
		return fmt.Appendf(nil, "From: b@example.com\r\nContent-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\nContent-Type: text/plain\r\n\r\nsee below\r\n--outer\r\nContent-Type: %s\r\n%s\r\n%s\r\n--outer--\r\n", kind, encoding, data)
	}
	const b64 = "Content-Transfer-Encoding: base64\r\n"
	encode := func(data []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(data)) }
	lf := func(data []byte) []byte { return bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")) }
	mbox := func(messages ...[]byte) []byte {
		var out []byte
		for _, m := range messages {
			out = append(append(append(out, "From a@example.com Thu Nov 26 12:00:00 2026\n"...), lf(m)...), '\n')
		}
		return out
	}
	message := []byte("From: c@example.com\nContent-Type: text/plain\n\nhello\n")
	msg := func(p payload) storage {
		return outlookStorage(p.class, "a@example.com", attachment("smime.p7m", p.part))
	}
	forms := []struct {
		name   string
		format bundle.Format
		make   func(p payload) []byte
	}{
		{"eml", bundle.Mail, func(p payload) []byte { return p.mail }},
		{"eml, LF", bundle.Mail, func(p payload) []byte { return lf(p.mail) }},
		{"mbox", bundle.Mbox, func(p payload) []byte { return mbox(p.mail) }},
		{"mbox with others", bundle.Mbox, func(p payload) []byte { return mbox(message, message, p.mail) }},
		{"forwarded", bundle.Mail, func(p payload) []byte { return forward("message/rfc822", "", p.mail) }},
		{"forwarded in base64", bundle.Mail, func(p payload) []byte { return forward("message/rfc822", b64, encode(p.mail)) }},
		{"forwarded twice", bundle.Mail, func(p payload) []byte {
			return forward("message/rfc822", "", bytes.ReplaceAll(forward("message/rfc822", b64, encode(p.mail)), []byte("outer"), []byte("inner")))
		}},
		{"TNEF", bundle.TNEF, func(p payload) []byte { return tnef("smime.p7m", string(p.part)) }},
		{"TNEF in a message", bundle.Mail, func(p payload) []byte {
			return forward("application/ms-tnef; name=winmail.dat", b64, encode(tnef("a.txt", "a", "smime.p7m", string(p.part))))
		}},
		{"TNEF as octets", bundle.Mail, func(p payload) []byte {
			return forward("application/octet-stream; name=winmail.dat", b64, encode(tnef("smime.p7m", string(p.part))))
		}},
		{".msg", bundle.OutlookMessage, func(p payload) []byte { return compoundFile(msg(p)) }},
		{".msg in .msg", bundle.OutlookMessage, func(p payload) []byte {
			return outlookFile("IPM.Note", "b@example.com", storage{"__properties_version1.0": make([]byte, 32), "__substg1.0_3701000D": msg(p)})
		}},
		{"in an archive", bundle.Archive, func(p payload) []byte { return zipOf(t, "in.tgz", gzipped(t, "", tarred(t, "m.eml", p.mail))) }},
	}
	read := 0
	for _, p := range payloads(t) {
		for _, form := range forms {
			data := form.make(p)
			f, err := bundle.Parse("m", data)
			if err != nil || f.Format != form.format {
				t.Errorf("%s, %s: %v, %v", p.name, form.name, f, err)
				continue
			}
			if files := f.Flat(); len(files) == 1 {
				f = files[0]
			}
			if len(f.Messages) == 0 {
				t.Errorf("%s, %s: no message in %s", p.name, form.name, f.Format)
				continue
			}
			m := &f.Messages[len(f.Messages)-1]
			if len(m.Layers) == 0 || m.Layers[0].Kind != p.kind {
				t.Errorf("%s, %s: %+v", p.name, form.name, m)
				continue
			}
			if s := m.Outermost(); p.kind == bundle.LayerSigned && (len(s) != 1 || s[0].Content != p.content || s[0].Signature != pkcs7.Good) {
				t.Errorf("%s, %s: %+v", p.name, form.name, s)
			}
			read++
			// Cut short, it is read or refused; there is no third.
			for cut := len(data) / 7; cut < len(data); cut += len(data) / 7 {
				if f, err := bundle.Parse("m", data[:cut]); (f == nil) == (err == nil) {
					t.Errorf("%s, %s, cut at %d: %v, %v", p.name, form.name, cut, f, err)
				} else if f != nil {
					for i := range f.Messages {
						for _, s := range f.Messages[i].Outermost() {
							if s.Good() && p.content != pkcs7.Good {
								t.Errorf("%s, %s, cut at %d: good", p.name, form.name, cut)
							}
						}
					}
				}
			}
		}
	}
	if read < 60 {
		t.Errorf("%d messages were read", read)
	}
}
