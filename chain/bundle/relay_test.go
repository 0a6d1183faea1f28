package bundle_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// TestRelays holds that what relays, lists and stores do to a signed message is told by its
// cause where the message shows it, and that a text that somebody changed has none.
func TestRelays(t *testing.T) {
	const (
		plain = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "
		words = "Figures for the third quarter, as agreed.\nFrom here on they are estimates.\n>From there on they were.\nRegards\n-- \nA. User\n"
	)
	alternative := func(encoding string, text, html string) string {
		return "Content-Type: multipart/alternative; boundary=alt\n\n--alt\n" + plain + encoding + "\n\n" + text + "\n--alt\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: " + encoding + "\n\n" + html + "\n--alt--\n"
	}
	quoted := func(s string) string { return strings.NewReplacer("=", "=3D", "ü", "=C3=BC").Replace(s) }
	for _, tt := range []struct {
		name, text string
		change     func(s string) string // of the message
		cause      string                // part of it; empty where none is known
		good       bool
	}{
		{"as it was", plain + "7bit\n\n" + words, func(s string) string { return s }, "", true},
		{"one word", plain + "7bit\n\n" + words, func(s string) string { return strings.Replace(s, "third", "tenth", 1) }, "", false},
		{"one word in quoted-printable", plain + "quoted-printable\n\nGr=C3=BC=C3=9Fe third\n", func(s string) string { return strings.Replace(s, "third", "tenth", 1) }, "", false},
		{"blanks of the signature's line", plain + "7bit\n\n" + words, func(s string) string { return strings.Replace(s, "\n-- \r\n", "\n--\r\n", 1) }, "blanks", false},
		{"blanks of flowed text", "Content-Type: text/plain; format=flowed\nContent-Transfer-Encoding: 7bit\n\nThis is a paragraph that goes \nover several lines of the \nmessage.\n\nAnd another one that does \nso too.\n",
			func(s string) string { return strings.ReplaceAll(s, " \r\n", "\r\n") }, "blanks", false},
		{"8bit to quoted-printable", plain + "8bit\n\nGrüße = third\n", func(s string) string {
			return strings.NewReplacer("8bit", "quoted-printable", "Grüße = third", "Gr=C3=BC=C3=9Fe =3D third").Replace(s)
		}, "encoded", false},
		{"8bit to base64", plain + "8bit\n\nGrüße\n", func(s string) string {
			return strings.NewReplacer("8bit", "base64", "Grüße\r\n", "R3LDvMOfZQ0K\r\n").Replace(s)
		}, "encoded", false},
		{"7bit to quoted-printable", plain + "7bit\n\na = third\n", func(s string) string {
			return strings.NewReplacer("7bit", "quoted-printable", "a = third", "a =3D third").Replace(s)
		}, "encoded", false},
		{"no encoding named, to quoted-printable", "Content-Type: text/plain; charset=utf-8\n\nGrüße = third\n", func(s string) string {
			return strings.NewReplacer("charset=utf-8\r\n", "charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n", "Grüße = third", "Gr=C3=BC=C3=9Fe =3D third").Replace(s)
		}, "encoded", false},
		{"8bit inside multipart", alternative("8bit", "Grün = third", "<p class=x>Grün</p>"), func(s string) string {
			return strings.NewReplacer("8bit", "quoted-printable", "Grün = third", quoted("Grün = third"), "<p class=x>Grün</p>", quoted("<p class=x>Grün</p>")).Replace(s)
		}, "encoded", false},
		{">From", plain + "7bit\n\n" + words, func(s string) string {
			return strings.NewReplacer("\n>From", "\n>>From", "\nFrom here", "\n>From here").Replace(s)
		}, "From", false},
		{">From, only where there was none", plain + "7bit\n\n" + words, func(s string) string { return strings.Replace(s, "\nFrom here", "\n>From here", 1) }, "From", false},
		{"a footer", plain + "7bit\n\n" + words, func(s string) string {
			return strings.Replace(s, "A. User\r\n", "A. User\r\n\r\n_____\r\nlist mailing list\r\nhttps://example.com/list\r\n", 1)
		}, "lines were added", false},
		{"a footer in the first of two parts", alternative("7bit", "the third", "<p>the third</p>"), func(s string) string {
			return strings.Replace(s, "the third\r\n--alt", "the third\r\n\r\nExternal mail: beware.\r\n--alt", 1)
		}, "added", false},
		{"a banner before the text", plain + "7bit\n\n" + words, func(s string) string {
			return strings.Replace(s, "Figures", "CAUTION: this mail is from outside.\r\n\r\nFigures", 1)
		}, "added", false},
		{"the last line ending", plain + "7bit\n\nthird", func(s string) string { return strings.Replace(s, "third", "third\r\n", 1) }, "line ending", false},
		{"empty lines at the end cut off", plain + "7bit\n\nthird\n\n\n", func(s string) string { return strings.Replace(s, "third\r\n\r\n\r\n", "third\r\n", 1) }, "cut off", false},
		{"tabs for blanks", plain + "7bit\n\na\tb third\n", func(s string) string { return strings.Replace(s, "a\tb", "a       b", 1) }, "", false},
		{"a long line broken", plain + "7bit\n\n" + strings.Repeat("word ", 300) + "\n", func(s string) string {
			i := strings.Index(s, "word word") + 990
			return s[:i] + "!\r\n " + s[i:]
		}, "broken", false},
		{"a field of a list in the part", plain + "7bit\n\n" + words, func(s string) string {
			return strings.Replace(s, "Content-Transfer-Encoding: 7bit\r\n\r\nFigures", "Content-Transfer-Encoding: 7bit\r\nX-Scanned: yes\r\n\r\nFigures", 1)
		}, "field", false},
	} {
		clear := signedMail(t, tt.text)
		changed := tt.change(clear)
		if changed == clear && !tt.good {
			t.Errorf("%s: nothing was changed", tt.name)
			continue
		}
		f, err := bundle.Parse("m", []byte(changed))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		s := f.Messages[0].Outermost()[0]
		cause := fmt.Sprint(s.Cause)
		if s.Signature != pkcs7.Good || (s.Content == pkcs7.Good) != tt.good || !strings.Contains(cause, tt.cause) || (cause != "") != (tt.cause != "") {
			t.Errorf("%s: text %v, signature %v, cause %q, want %q", tt.name, s.Content, s.Signature, cause, tt.cause)
		}
	}
}

// TestCauseBounded holds that looking for a cause ends soon, whatever the text is.
func TestCauseBounded(t *testing.T) {
	for name, text := range map[string]string{
		"lines":  "Content-Type: text/plain\n\nthird\n" + strings.Repeat("\n", 1<<20),
		"From":   "Content-Type: text/plain\n\nthird\n" + strings.Repeat(">From a\n", 1<<18),
		"fields": strings.Repeat("A: b\n", 1<<16) + "Content-Type: text/plain\n\nthird\n",
		"parts":  "Content-Type: multipart/mixed; boundary=b\n\nthird\n" + strings.Repeat("--b\nContent-Transfer-Encoding: base64\n\nAAAA\n", 1<<15) + "--b--\n",
	} {
		changed := strings.Replace(signedMail(t, text), "third", "tenth", 1)
		start := time.Now()
		_, err := bundle.Parse("m", []byte(changed))
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s: took %v (%v)", name, took, err)
		} else {
			t.Logf("%s: %v, %v", name, took, err)
		}
	}
}
