package bundle_test

import (
	"bytes"
	"fmt"
	"slices"
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

// TestCauseBounded holds that looking for a cause ends soon, whatever the text is, and that
// none is named where it ended for that.
func TestCauseBounded(t *testing.T) {
	for name, text := range map[string]string{
		"lines":  "Content-Type: text/plain\n\nthird\n" + strings.Repeat("\n", 1<<20),
		"From":   "Content-Type: text/plain\n\nthird\n" + strings.Repeat(">From a\n", 1<<18),
		"fields": strings.Repeat("A: b\n", 1<<16) + "Content-Type: text/plain\n\nthird\n",
		"parts":  "Content-Type: multipart/mixed; boundary=b\n\nthird\n" + strings.Repeat("--b\nContent-Transfer-Encoding: base64\n\nAAAA\n", 1<<15) + "--b--\n",
	} {
		changed := strings.Replace(signedMail(t, text), "third", "tenth", 1)
		start := time.Now()
		f, err := bundle.Parse("m", []byte(changed))
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s: took %v (%v)", name, took, err)
		} else if err == nil && !f.Messages[0].Outermost()[0].Cause.IsZero() {
			t.Errorf("%s: cause %q", name, f.Messages[0].Outermost()[0].Cause)
		} else {
			t.Logf("%s: %v, %v", name, took, err)
		}
	}
}

// TestCauses holds what is said of each change, at the bounds of what is looked for.
func TestCauses(t *testing.T) {
	const (
		plain   = "Content-Type: text/plain\n\n"
		base64d = "Content-Type: text/plain; charset=x-none\nContent-Transfer-Encoding: base64\n\n"
		lost    = "empty lines at the end were cut off"
		added   = "empty lines were added at the end"
		encoded = "a relay has encoded the text in another way (Content-Transfer-Encoding)"
		broken  = "long lines were broken"
		blanks  = "blanks at the end of a line were cut off"
		from    = "a mail store has put > before lines that begin with From"
	)
	lines := func(n int, s string) string { return strings.Repeat(s+"\n", n) }
	after := func(what string) string {
		return what + " added after the text that was signed, as mailing lists and relays do"
	}
	before := func(what string) string {
		return what + " added before the text that was signed, as relays do that warn of mail from outside"
	}
	parts := func(boundary string, list ...string) string {
		return "Content-Type: multipart/mixed; boundary=" + boundary + "\n\n--" + boundary + "\n" + strings.Join(list, "\n--"+boundary+"\n") + "\n--" + boundary + "--"
	}
	long := strings.Repeat("word ", 140) // without an end
	fold := func(s string) string {
		return strings.ReplaceAll(s, "a field\n", "a field\nX-Scanned: by\n\ta\n relay\n")
	}
	nested := func(last string) string {
		var outer []string
		for i := range 3 {
			inner := slices.Repeat([]string{plain + "text"}, 6)
			if i == 2 {
				inner[3] = plain + last // the 16th
				inner[4] = plain + "the 17th"
			}
			outer = append(outer, parts(fmt.Sprint("inner", i), inner...))
		}
		return parts("outer", outer...)
	}
	flowed := func(blank string) string {
		return parts("b", "Content-Type: text/html; format=flowed\n\n<p>\nin lines\n</p>\n", "Content-Type: text/plain\n\nin\nlines\n", "Content-Type: text/plain; format=flowed\n\na paragraph"+blank+"\nin lines \nof three\n\nin"+blank+"\ntwo\n--"+blank+"\nA. User", "Content-Type: text/plain; format=flowed\n\nmore"+blank+"\nof it\n")
	}
	for _, tt := range []struct{ name, signed, got, cause string }{
		{"another word", plain + "third\n", plain + "tenth\n", ""},
		{"another word in a long line", plain + long + "third\n", plain + long + "tenth\n", ""},
		{"another word in a part", parts("b", plain+"third\n", plain+"more\n"), parts("b", plain+"tenth\n", plain+"more\n"), ""},
		{"another word and a quoted line", plain + "> From\n> third\n", plain + "> From\n> tenth\n", ""},

		{"no line ending", plain + "third\n", plain + "third", "the last line ending was cut off"},
		{"2 lost", plain + "third\n\n", plain + "third", lost},
		{"8 lost", plain + "third" + lines(8, ""), plain + "third", lost},
		{"9 lost", plain + "third" + lines(9, ""), plain + "third", ""},
		{"1 added", plain + "third", plain + "third\n", "a line ending was added at the end"},
		{"1 added to another", plain + "third\n", plain + "third\n\n", "a line ending was added at the end"},
		{"2 added", plain + "third", plain + "third\n\n", added},
		{"2 added to another", plain + "third\n", plain + "third\n\n\n", added},

		{"From, not of all", plain + "From a\nFrom b\nFrom c\n", plain + "From a\n>From b\n>From c\n", from},
		{"From beside a quoted line", plain + "> From a\nFrom b\nFrom c\n", plain + "> From a\n>From b\n>From c\n", from},
		{"From, the 16th", plain + lines(15, ">From a") + "From b\n", plain + lines(15, ">From a") + ">From b\n", from},
		{"From, the 17th", plain + lines(16, ">From a") + "From b\n", plain + lines(16, ">From a") + ">From b\n", ""},

		{"flowed text, of some parts", flowed(" "), flowed(""), blanks},
		{"flowed text with a signature that never had a blank", "Content-Type: text/plain; format=flowed\n\na paragraph \nof two\n--\nA. User\n", "Content-Type: text/plain; format=flowed\n\na paragraph\nof two\n--\nA. User\n", blanks},
		{"the blank of a signature, in a part", parts("b", plain+"text\n-- \nA. User", plain+"more"), parts("b", plain+"text\n--\nA. User", plain+"more"), blanks},

		{"base64, of one part of two", parts("b", "Content-Transfer-Encoding: 7bit\n\ntext", "Content-Type: text/plain; charset=x-none\nContent-Transfer-Encoding: 8bit\n\nthird"), parts("b", "Content-Transfer-Encoding: 7bit\n\ntext", base64d+"dGhpcmQ="), encoded},
		{"base64, from binary", "Content-Transfer-Encoding: binary\n\nthird", "Content-Transfer-Encoding: base64\n\ndGhpcmQ=", encoded},
		{"base64 of another word", "Content-Transfer-Encoding: 8bit\n\nthird", "Content-Transfer-Encoding: base64\n\ndGVudGg=", ""},

		{"broken", plain + "short\n" + long + long, plain + "short\n" + long + "\n" + long, broken},
		{"broken twice", plain + "short\n" + long + long + long + "\n", plain + "short\n" + long + "\n" + long + "\n" + long + "\n", broken},
		{"broken with a blank", plain + "short\n" + long + "\n" + long + long + "\n", plain + "short\n" + long + "\n" + long + "\n " + long + "\n", broken},
		{"broken with a mark", plain + "short!\n " + long + "\n" + long + long + "\n", plain + "short!\n " + long + "\n" + long + "!\n " + long + "\n", broken},
		{"broken after 498", plain + strings.Repeat("a", 498) + "b\n", plain + strings.Repeat("a", 498) + "\nb\n", broken},
		{"broken after 497", plain + strings.Repeat("a", 497) + "b\n", plain + strings.Repeat("a", 497) + "\nb\n", ""},

		{"a field in lines", "X-A: a field\n" + plain + "third", fold("X-A: a field\n" + plain + "third"), "the field X-Scanned was added to the header of what is signed"},
		{"a field in lines, in a part", parts("b", plain+"more", "X-A: a field\n"+plain+"third"), parts("b", plain+"more", fold("X-A: a field\n"+plain+"third")), "the field X-Scanned was added to the header of what is signed"},

		{"1 line after", plain + "third", plain + "third\nlist", after("1 line was")},
		{"1 line after a line ending", plain + "third\n", plain + "third\nlist", after("1 line was")},
		{"200 after", plain + "third\n", plain + "third\n" + lines(200, "list"), after("200 lines were")},
		{"201 after", plain + "third\n", plain + "third\n" + lines(201, "list"), ""},
		{"1 line after, in a part", parts("b", plain+"third\n", plain+"more"), parts("b", plain+"third\nlist", plain+"more"), after("1 line was")},
		{"200 after, in a part", parts("b", plain+"third", plain+"more"), parts("b", plain+"third"+strings.Repeat("\nlist", 200), plain+"more"), after("200 lines were")},
		{"201 after, in a part", parts("b", plain+"third", plain+"more"), parts("b", plain+"third"+strings.Repeat("\nlist", 201), plain+"more"), ""},
		{"after, in a part without a header", parts("b", "\nthird", plain+"more"), parts("b", "\nthird\nlist", plain+"more"), after("1 line was")},

		{"1 line before", plain + "third", plain + "beware\nthird", before("1 line was")},
		{"200 before", plain + "third", plain + lines(200, "beware") + "third", before("200 lines were")},
		{"201 before", plain + "third", plain + lines(201, "beware") + "third", ""},
		{"before, in a part", parts("b", plain+"more", plain+"third"), parts("b", plain+"more", plain+"beware\nthird"), before("1 line was")},
		{"before, in the 16th part", nested("third"), nested("beware\nthird"), before("1 line was")},
		{"before, in the 17th part", nested("third"), strings.Replace(nested("third"), "the 17th", "beware\nthe 17th", 1), ""},
		{"before a text that only has a boundary", "Content-Type: text/plain; boundary=b\n\n--b\nthird\n--b--\n", "Content-Type: text/plain; boundary=b\n\nbeware\n--b\nthird\n--b--\n", before("1 line was")},
		{"before parts that have no boundary", "Content-Type: multipart/mixed\n\n----\nthird\n----\n", "Content-Type: multipart/mixed\n\nbeware\n----\nthird\n----\n", before("1 line was")},
	} {
		mail := signedMail(t, tt.signed)
		crlf := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
		changed := strings.Replace(mail, "\r\n--signed\r\n"+crlf(tt.signed)+"\r\n--signed\r\n", "\r\n--signed\r\n"+crlf(tt.got)+"\r\n--signed\r\n", 1)
		if changed == mail {
			t.Errorf("%s: nothing was changed", tt.name)
		}
		f, err := bundle.Parse("m", []byte(changed))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if s := f.Messages[0].Outermost()[0]; s.Signature != pkcs7.Good || s.Content != pkcs7.Wrong || s.Cause.String() != tt.cause {
			t.Errorf("%s: text %v, signature %v, cause %q, want %q", tt.name, s.Content, s.Signature, s.Cause, tt.cause)
		}
	}
}

// TestCauseOfOther holds that a text has no cause where it is as it was signed, and what is
// wrong is what the signature says of it: its type, with a digest that is known here or not.
func TestCauseOfOther(t *testing.T) {
	for _, text := range []string{"Content-Type: text/plain\r\n\r\nthird", "Content-Type: text/plain\r\n\r\nthird\r\n"} {
		cms := signedData(t, []byte(text), true)
		data, digest := []byte("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"), []byte("\x60\x86\x48\x01\x65\x03\x04\x02\x01")
		cms[bytes.Index(cms, data)+len(data)-1] = 9 // what stands beside it; data is among what was signed
		other := bytes.Clone(cms)
		other[bytes.LastIndex(cms, digest)+len(digest)-1] = 99
		for name, signature := range map[string][]byte{"another type": cms, "an unknown digest": other} {
			f, err := bundle.Parse("m", []byte(clearMail(text, signature)))
			if err != nil {
				t.Fatal(err)
			}
			if s := f.Messages[0].Outermost()[0]; s.Content != pkcs7.Wrong || !s.Cause.IsZero() {
				t.Errorf("%s, %q: text %v, cause %q", name, text, s.Content, s.Cause)
			}
		}
	}
}

// TestCauseSize holds how large a text may be of which a cause is looked for.
func TestCauseSize(t *testing.T) {
	const most = 4 << 20
	head := "Content-Type: text/plain\n\n"
	for size, want := range map[int]string{most: "the last line ending was cut off", most + 1: ""} {
		text := head + strings.Repeat("x", size-len(head)-2)
		f, err := bundle.Parse("m", []byte(strings.Replace(signedMail(t, text+"\n"), "x\r\n", "x", 1)))
		if err != nil {
			t.Fatal(err)
		}
		if s := f.Messages[0].Outermost()[0]; s.Content != pkcs7.Wrong || s.Cause.String() != want {
			t.Errorf("%d octets: %q, want %q", size, s.Cause, want)
		}
	}
}
