package bundle_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
)

// TestCutMail cuts messages off at every place behind the header: it is said that the end
// is missing, or what is read is whole.
func TestCutMail(t *testing.T) {
	clear, opaque, encrypted, _ := openSSLMail(t, "Content-Type: text/plain\n\ntext\n")
	listed := "Content-Type: multipart/mixed; boundary=list\nFrom: a@example.com\n\n--list\n" + string(clear) + "\n--list\nContent-Type: text/plain\n\nfooter\n--list--\n"
	for name, whole := range map[string][]byte{"clear": clear, "opaque": opaque, "encrypted": encrypted, "of a list": []byte(listed)} {
		header := bytes.Index(bytes.ReplaceAll(whole, []byte("\r"), []byte(" ")), []byte("\n\n")) + 2
		if name == "of a list" {
			header = strings.Index(listed, "boundary=\"----") + 60 // before that it may be any message
		}
		cut := 0
		for n := header; n < len(whole); n += 3 {
			f, err := bundle.Parse("m.eml", whole[:n])
			switch {
			case err != nil && strings.HasSuffix(err.Error(), "the end of the message is missing: get it again from its source"):
				cut++
			case err != nil:
				t.Errorf("%s, %d of %d octets: %v", name, n, len(whole), err)
			case len(f.Messages[0].Layers) == 0 || f.Messages[0].Layers[0].Kind == bundle.LayerUnreadable:
				t.Errorf("%s, %d of %d octets: nothing is read, and nothing said", name, n, len(whole))
			}
		}
		if cut < 200 {
			t.Errorf("%s: the end was missing %d times", name, cut)
		}
	}
}

// TestCutText cuts settings and a profile off behind the name that tells what they are: it is
// said that the end is missing.
func TestCutText(t *testing.T) {
	for text, name := range map[string]string{
		`{"SMIMECertificateIssuingCA":"AAAA","SMIMECRLConnectionTimeout":"60000"}`:                                                                                                           "SMIMECertificate",
		`<Objs Version="1.1.0.1"><Obj RefId="0"><MS><Nil N="SMIMECertificateIssuingCA" /><I32 N="SMIMECRLConnectionTimeout">60000</I32></MS></Obj></Objs>`:                                   "SMIMECertificate",
		`<?xml version="1.0"?><plist version="1.0"><dict><key>PayloadContent</key><array><dict><key>PayloadType</key><string>com.apple.security.root</string></dict></array></dict></plist>`: "PayloadType",
	} {
		end := len(text)
		if object := "</Obj>"; strings.Contains(text, object) {
			end = strings.Index(text, object) + len(object) // which is read, whatever follows
		}
		for n := strings.Index(text, name) + len(name); n < end; n++ {
			if _, err := bundle.Parse("x", []byte(text[:n])); err == nil || !strings.HasSuffix(err.Error(), "the end of the file is missing: get it again from its source") {
				t.Errorf("%s\n%v", text[:n], err)
			}
		}
	}
}
