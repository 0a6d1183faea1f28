package bundle_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
)

// TestMailErrors holds what is said of messages that hold no signature, and of
// those that cannot be read to the end. Good ones are in the sessions of the
// command.
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
		{"no boundary", header + "Content-Type: multipart/signed\n\nhello", "neither signed nor encrypted", true},
		{"a header that is none", header + "Content-Type: text/plain\nthis is no field\n\nhello", "header is malformed", true},
		{"a signature that is no base64", header + multi("x", text, signature("MI*I")), "malformed base64", false},
		{"a signature that is no PKCS #7", header + multi("x", text, signature("AAAA")), "pkcs7", false},
		{"winmail.dat that is none", header + multi("x", text, "Content-Type: application/ms-tnef\n\nhello"), "winmail.dat does not begin as one", false},
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
