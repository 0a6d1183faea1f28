package bundle_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
)

// TestMailBegins holds that what stands before the signature's part does not hide it: a
// field of many addresses, and blank lines.
func TestMailBegins(t *testing.T) {
	clear, _, _, _ := openSSLMail(t, "Content-Type: text/plain\r\n\r\nFigures\r\n")
	to := func(n int) string { return "To: " + strings.Repeat("user@example.com,\n ", n) + "user@example.com\n" }
	for name, before := range map[string]string{
		"10 recipients": to(10), "5,000": to(5000), "50,000": to(50_000), "a blank line": "\n", "blank lines": "\r\n\r\n\n",
		"a mail store": "From a@example.com Thu Nov 26 12:00:00 2026\n" + to(20_000), "blank lines and a mail store": "\n\nFrom a@example.com Thu Nov 26 12:00:00 2026\n",
	} {
		f, err := bundle.Parse("m", append([]byte(before), clear...))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if s := f.Messages[0].Outermost(); len(f.Messages) != 1 || len(s) != 1 || !s[0].Good() {
			t.Errorf("%s: %d messages, %d signatures", name, len(f.Messages), len(s))
		}
	}
}

// TestMailLayers holds the layers of messages inside each other, compressed or not, and
// whether other parts stand beside them.
func TestMailLayers(t *testing.T) {
	const header = "From: a@example.com\nMIME-Version: 1.0\n"
	encode := base64.StdEncoding.EncodeToString
	part := func(data []byte) string {
		return "Content-Type: application/pkcs7-mime; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n" + encode(data) + "\n"
	}
	named := func(name string, data []byte) string {
		return "Content-Type: application/octet-stream; name=" + name + "\nContent-Transfer-Encoding: base64\n\n" + encode(data) + "\n"
	}
	parts := func(list ...string) string {
		return "Content-Type: multipart/mixed; boundary=b\n\n--b\n" + strings.Join(list, "\n--b\n") + "\n--b--\n"
	}
	const text = "Content-Type: text/plain\n\nthird\n"
	signed := signedData(t, []byte(text), false)
	compressed := compressedData(t, []byte(part(signed)))
	damaged := bytes.Clone(compressed)
	damaged[len(damaged)-9] ^= 0xFF
	clear := strings.TrimPrefix(signedMail(t, text), "From: a@example.com\r\n")
	for _, tt := range []struct{ name, mail, want string }{
		{"signed", part(signed), "signed 1;"},
		{"signed, alone in a multipart", parts(part(signed)), "signed 1.1;"},
		{"signed, beside another part", parts(text, part(signed)), "signed 1.2 partial;"},
		{"signed in the clear, beside another part", parts(text, clear), "signed 1.2 partial;"},
		{"compressed", part(compressed), "compressed 1;signed 1.1;"},
		{"compressed, damaged", parts(part(signed), part(damaged)), "signed 1.1 partial;unreadable 1.2 partial;"},
		{"compressed in signed", part(signedData(t, []byte(part(compressedData(t, []byte(text)))), false)), "signed 1;compressed 1.1;"},
		{"signed in the clear in signed", part(signedData(t, []byte(clear), false)), "signed 1;signed 1.1;"},
		{"cut, with what was signed", "Content-Type: multipart/signed; boundary=x; protocol=\"application/pkcs7-signature\"\n\n--x\n" + part(signed), "unreadable 1;signed 1.1;"},
		{"by name", named("smime.p7m", signed), "signed 1;"},
		{"by another name", parts(part(signed), named("smime.bin", signed)), "signed 1.1 partial;"},
		{"by the name of a signature", named("smime.p7s", signed), "signed 1;"},
		{"by name, something else", parts(part(signed), named("smime.p7m", []byte("hello"))), "signed 1.1 partial;"},
		{"by the name of a message", parts(part(signed), named("a.eml", []byte("hello"))), "signed 1.1 partial;"},
		{"text with a name of a signature", parts(part(signed), "Content-Type: text/plain; name=smime.p7m\n\n"+encode(signed)), "signed 1.1 partial;"},
		{"binary that says base64", "Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n" + string(signed), "signed 1;"},
		{"binary", "Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: binary\n\n" + string(signed), "signed 1;"},
		{"a signature by name", strings.Replace(clear, "application/pkcs7-signature; name", "application/octet-stream; name", 1), "signed 1;"},
		{"a signature of another name", parts(part(signed), strings.NewReplacer("application/pkcs7-signature; name", "application/octet-stream; name", "smime.p7s", "smime.bin").Replace(clear)), "signed 1.1 partial;"},
	} {
		f, err := bundle.Parse("m", []byte(header+tt.mail))
		if err != nil || len(f.Messages) != 1 {
			t.Errorf("%s: %v, %v", tt.name, f, err)
			continue
		}
		var layers strings.Builder
		for _, l := range f.Messages[0].Layers {
			layers.WriteString(l.Kind.String() + " " + l.Part)
			if l.Partial {
				layers.WriteString(" partial")
			}
			layers.WriteString(";")
			if l.Kind == bundle.LayerSigned && !l.Signatures[0].Good() {
				layers.WriteString(" not good")
			}
		}
		if layers.String() != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, &layers, tt.want)
		}
	}
	small := &bundle.Options{Limits: bundle.Limits{Size: 1 << 10}}
	if _, err := small.Parse(t.Context(), "m", []byte(header+part(compressedData(t, make([]byte, 2<<10))))); !errors.Is(err, bundle.ErrTooLarge) {
		t.Errorf("too large when unpacked: %v", err)
	}
}

// TestMailErrors holds what is said of messages that hold no signature, and of
// those that cannot be read to the end. Good ones are in the sessions of the
// command.
func TestMailErrors(t *testing.T) {
	const header = "From: user@example.com\nSubject: test\nMIME-Version: 1.0\n"
	multi := func(boundary string, parts ...string) string {
		var b strings.Builder
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=\"%s\"\n\n", boundary)
		for _, p := range parts {
			fmt.Fprintf(&b, "--%s\n%s\n", boundary, p)
		}
		return b.String() + "--" + boundary + "--\n"
	}
	const text = "Content-Type: text/plain\n\nhello"
	deep := text
	for i := range 200 {
		deep = multi(fmt.Sprint("b", i), deep)
	}
	signature := func(data string) string {
		return "Content-Type: application/pkcs7-signature; name=smime.p7s\nContent-Transfer-Encoding: base64\n\n" + data
	}
	for _, tt := range []struct {
		name, text, want string
		unsigned         bool // an UnrecognizedError
	}{
		{"text", header + text, "neither signed nor encrypted", true},
		{"several parts", header + multi("x", text, text), "neither signed nor encrypted", true},
		{"what a CA sends", header + multi("x", text, "Content-Type: application/x-pkcs12\nContent-Disposition: attachment; filename=\"User.P12\"\nContent-Transfer-Encoding: base64\n\nMIIB"), "save what is attached", true},
		{"a part of a type that is none", header + multi("x", "Content-Type: /;\n\nhello", text), "neither signed nor encrypted", true},
		{"a type that says S/MIME and cannot be read", header + "Content-Type: multipart/signed (a comment); boundary=x\n\n--x\n" + text + "\n--x--\n", "Content-Type cannot be read", false},
		{"no boundary", header + "Content-Type: multipart/signed\n\nhello", "neither signed nor encrypted", true},
		{"a header that is none", header + "Content-Type: text/plain\nthis is no field\n\nhello", "header is malformed", true},
		{"a signature that is no base64", header + multi("x", text, signature("MI*I")), "malformed base64", false},
		{"a signature that is no PKCS #7", header + multi("x", text, signature("AAAA")), "pkcs7", false},
		{"winmail.dat that is none", header + multi("x", text, "Content-Type: application/ms-tnef\n\nhello"), "winmail.dat does not begin as one", false},
		{"the end of what another signed is missing", header + "Content-Type: multipart/signed; boundary=x; protocol=\"application/pgp-signature\"\n\n--x\n" + text, "neither signed nor encrypted", true},
		{"the end of what is signed is missing", header + "Content-Type: multipart/signed; boundary=x; protocol=\"application/x-pkcs7-signature\"\n\n--x\n" + text, "the end of the message is missing", false},
		{"the end is missing", strings.TrimSuffix(header+multi("x", text), "--x--\n"), "neither signed nor encrypted", true},
		{"parts in parts in parts", header + deep, "levels", false},
		{"a header without end", header + "To: " + strings.Repeat("user@example.com,\n ", 1<<16) + "\n" + text, "header of a message has more than 1048576 octets", false},
		{"too many parts", header + multi("x", strings.Split(strings.Repeat(text+"|", 5000)+text, "|")...), "parts", false},
	} {
		f, err := bundle.Parse("m.eml", []byte(tt.text))
		if err == nil || f != nil {
			t.Errorf("%s: %v, %v", tt.name, f, err)
			continue
		}
		var unrecognized *bundle.UnrecognizedError
		if !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "m.eml: ") || errors.As(err, &unrecognized) != tt.unsigned {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}
