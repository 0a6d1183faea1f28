package chain

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// attribute is one attribute of a name: the last arc of its type below 2.5.4, the
// tag of its value and the octets.
type attribute struct {
	last  byte
	tag   casn1.Tag
	value string
}

// nameOf makes a DER Name of relative distinguished names.
func nameOf(rdns ...[]attribute) []byte {
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, rdn := range rdns {
			b.AddASN1(casn1.SET, func(b *cryptobyte.Builder) {
				for _, a := range rdn {
					b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddBytes([]byte{6, 3, 0x55, 4, a.last})
						b.AddASN1(a.tag, func(b *cryptobyte.Builder) { b.AddBytes([]byte(a.value)) })
					})
				}
			})
		}
	})
	return b.BytesOrPanic()
}

// TestNameKeys compares names as RFC 5280, Section 7.1, and RFC 4518 do.
func TestNameKeys(t *testing.T) {
	cn := func(value string) []attribute { return []attribute{{3, casn1.UTF8String, value}} }
	as := func(tag casn1.Tag, value string) []byte { return nameOf([]attribute{{3, tag, value}}) }
	a, b, c := attribute{3, casn1.UTF8String, "a"}, attribute{10, casn1.UTF8String, "b"}, attribute{11, casn1.PrintableString, "c"}
	many := make([]attribute, maxNameAttributes+1)
	for i := range many {
		many[i] = a
	}
	long := make([][]attribute, maxNameAttributes+1)
	for i := range long {
		long[i] = []attribute{a}
	}
	for _, tt := range []struct {
		name     string
		one, two []byte
		same     bool
	}{
		{"the order in a set", nameOf([]attribute{a, b, c}), nameOf([]attribute{c, a, b}), true},
		{"a set and a sequence", nameOf([]attribute{a, b}), nameOf([]attribute{a}, []attribute{b}), false},
		{"the order of a sequence", nameOf([]attribute{a}, []attribute{b}), nameOf([]attribute{b}, []attribute{a}), false},
		{"one of a set", nameOf([]attribute{a, b}), nameOf([]attribute{a, c}), false},
		{"values that change places", nameOf([]attribute{{3, casn1.UTF8String, "x"}, {10, casn1.UTF8String, "y"}}), nameOf([]attribute{{3, casn1.UTF8String, "y"}, {10, casn1.UTF8String, "x"}}), false},
		{"the type of the string", as(tagBMPString, "\x00E\x00x\x30\x42"), as(casn1.UTF8String, "exあ"), true},
		{"four octets each", as(tagUniversalString, "\x00\x00\x00e\x00\x00\x30\x42"), as(casn1.UTF8String, "Eあ"), true},
		{"half a character", as(tagBMPString, "\x00E\x00"), as(casn1.UTF8String, "E"), false},
		{"most of a character", as(tagUniversalString, "\x00\x00\x00E\x00"), as(casn1.UTF8String, "E"), false},
		{"spaces that are not ASCII", nameOf(cn("あ\u3000\u00A0い ")), nameOf(cn("あ い")), true},
		{"what breaks a line", nameOf(cn("a\tb\r\nあ\u0085\u2028い\n")), nameOf(cn("a b あ い")), true},
		{"as many as there may be", nameOf(many[1:]), nameOf(many[1:]), true},
		{"no space", nameOf(cn("あ い")), nameOf(cn("あい")), false},
		{"a soft hyphen", nameOf(cn("ex\u00ADample あ")), nameOf(cn("example あ")), true},
		{"a variation selector", nameOf(cn("辻\uFE00")), nameOf(cn("辻")), true},
		{"composed and decomposed", nameOf(cn("Cafe\u0301 SE\u0301")), nameOf(cn("Café sé")), true},
		{"a mark after something ignorable", nameOf(cn("e\u200B\u0301")), nameOf(cn("é")), true},
		{"full and half width", nameOf(cn("ＡＢＣ認証局 ﾙｰﾄ")), nameOf(cn("abc認証局 ルート")), true},
		{"full width and ASCII", nameOf(cn("Ｒｏｏｔ　１")), nameOf(cn("root 1")), true},
		{"one character for three", nameOf(cn("\u2121 x")), nameOf(cn("tel X")), true},
		{"a sigma at the end", nameOf(cn("ΣΟΦΟΣ")), nameOf(cn("σοφος")), true},
		{"an iota below and beside", nameOf(cn("\u1FB3")), nameOf(cn("αι")), true},
		{"a letter with two accents, large and small", nameOf(cn("\u0399\u0308\u0301")), nameOf(cn("\u0390")), true},
		{"an accent before and in the letter", nameOf(cn("Ι\u0301")), nameOf(cn("ί")), true},
		{"a dotless i", nameOf(cn("ı é")), nameOf(cn("i é")), false},
		{"an I with a dot", nameOf(cn("İ é")), nameOf(cn("i é")), false},
		{"a sharp s", nameOf(cn("Straße")), nameOf(cn("STRASSE")), true},
		{"a large sharp s", nameOf(cn("ẞ")), nameOf(cn("ß")), true},
		{"another letter", nameOf(cn("あ")), nameOf(cn("い")), false},
		{"what is no string", as(casn1.INTEGER, "\x05"), as(casn1.INTEGER, "\x05"), true},
		{"what is no string, and is one", as(casn1.OCTET_STRING, "a"), as(casn1.UTF8String, "a"), false},
		{"octets in upper and lower case", as(casn1.OCTET_STRING, "a"), as(casn1.OCTET_STRING, "A"), false},
	} {
		one, ok := parseNameKey(tt.one)
		two, ok2 := parseNameKey(tt.two)
		if !ok || !ok2 || (one == two) != tt.same {
			t.Errorf("%s: %t, %t, %q and %q", tt.name, ok, ok2, one, two)
		}
		if tt.same != (within(one, two) && within(two, one)) {
			t.Errorf("%s: one is within the other: %t, %t", tt.name, within(one, two), within(two, one))
		}
	}
	good := nameOf([]attribute{a, b})
	for name, der := range map[string][]byte{
		"nothing": nil, "a set": {0x31, 0}, "an empty set in it": {0x30, 2, 0x31, 0}, "more after it": append(good, 5, 0),
		"too many in a set": nameOf(many), "too many sets": nameOf(long...),
		"an attribute without a type":  {0x30, 7, 0x31, 5, 0x30, 3, 0x0c, 1, 'a'},
		"an attribute and more":        {0x30, 14, 0x31, 12, 0x30, 10, 6, 3, 0x55, 4, 3, 0x0c, 1, 'a', 5, 0},
		"an attribute without a value": {0x30, 9, 0x31, 7, 0x30, 5, 6, 3, 0x55, 4, 3},
		"a second one without a value": append(append([]byte{0x30, 19, 0x31, 17}, good[4:14]...), 0x30, 5, 6, 3, 0x55, 4, 3),
	} {
		if key, ok := parseNameKey(der); ok {
			t.Errorf("%s is a name: %q", name, key)
		}
	}
}

// TestIgnored holds which characters are nothing in a name (RFC 4518, Section 2.2).
func TestIgnored(t *testing.T) {
	ignored := map[rune]bool{0xad: true, 0x34f: true, 0x200b: true, 0xfeff: true, 0xfffc: true}
	for _, in := range [][2]rune{{0x1806, 0x1806}, {0x180b, 0x180e}, {0xfe00, 0xfe0f}, {0x200c, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x2063}, {0xe0020, 0xe007f}, {0, 8}, {0x0e, 0x1f}, {0x7f, 0x84}, {0x86, 0x9f}} {
		for r := in[0]; r <= in[1]; r++ {
			ignored[r] = true
		}
	}
	for r := range ignored {
		if got := FoldString("a" + string(r) + "b"); got != "ab" {
			t.Errorf("%U between letters: %+q", r, got)
		}
	}
	for _, r := range []rune{0xac, 0xae, 0x34e, 0x350, 0x1805, 0x1807, 0x180a, 0xfdff, 0xfe10, 0xfffb + 2} {
		if got := FoldString("a" + string(r) + "b"); got == "ab" {
			t.Errorf("%U is nothing", r)
		}
	}
}

// TestFolding holds that each letter is the same in all its cases, that folding
// what is folded changes nothing, and that different letters of ASCII stay so.
func TestFolding(t *testing.T) {
	fold := func(s string) string {
		key, ok := appendFolded(nil, casn1.UTF8String, []byte(s))
		if !ok {
			t.Fatalf("%q is no string", s)
		}
		return string(key)
	}
	seen := make(map[string]rune)
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !unicode.IsGraphic(r) || unicode.Is(unicode.Cherokee, r) {
			continue // golang.org/x/text gives each Cherokee letter the case of the other
		}
		folded := fold(string(r))
		if again := fold(folded); again != folded {
			t.Errorf("%U folds to %+q, that to %+q", r, folded, again)
		}
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			if other := fold(string(f)); other != folded {
				t.Errorf("%U folds to %+q, %U to %+q", r, folded, f, other)
			}
		}
		if ' ' < r && r < 'A' || 'Z' < r && r < utf8.RuneSelf-1 {
			if first, ok := seen[folded]; ok {
				t.Errorf("%U and %U fold to %+q", first, r, folded)
			}
			seen[folded] = r
		}
	}
}

// TestNameString has names in the form of RFC 2253.
func TestNameString(t *testing.T) {
	cn := func(tag casn1.Tag, value string) []byte { return nameOf([]attribute{{3, tag, value}}) }
	many, long := make([]attribute, maxNameAttributes+1), make([][]attribute, maxNameAttributes+1)
	for i := range long {
		many[i] = attribute{3, casn1.UTF8String, "a"}
		long[i] = many[i : i+1]
	}
	for _, tt := range []struct {
		name string
		der  []byte
		want string
	}{
		{"nothing", nil, ""},
		{"no attributes", []byte{0x30, 0}, ""},
		{"the last first", nameOf([]attribute{{6, casn1.PrintableString, "DE"}}, []attribute{{3, casn1.UTF8String, "あ"}}), "CN=あ,C=DE"},
		{"two in a set", nameOf([]attribute{{3, casn1.UTF8String, "a"}, {10, casn1.UTF8String, "b"}}), "CN=a+O=b"},
		{"a type without a name", nameOf([]attribute{{127, casn1.UTF8String, "a"}}), "2.5.4.127=a"},
		{"a type that cannot be read", []byte{0x30, 10, 0x31, 8, 0x30, 6, 6, 1, 0x80, 0x0c, 1, 'a'}, "?=a"},
		{"what stands at the ends", cn(casn1.UTF8String, " # a# "), "CN=\\ # a#\\ "},
		{"a number sign first", cn(casn1.UTF8String, "#a"), "CN=\\#a"},
		{"one space", cn(casn1.UTF8String, " "), "CN=\\ "},
		{"what separates", cn(casn1.UTF8String, `,+"\<>;=`), `CN=\,\+\"\\\<\>\;=`},
		{"Latin-1", cn(casn1.T61String, "caf\xe9"), "CN=café"},
		{"digits", cn(tagNumericString, "12"), "CN=12"},
		{"two octets each", cn(tagBMPString, "\x30\x42"), "CN=あ"},
		{"four octets each", cn(tagUniversalString, "\x00\x00\x30\x42"), "CN=あ"},
		{"half a character", cn(tagBMPString, "\x30"), "CN=#1e0130"},
		{"half a character of four octets", cn(tagUniversalString, "\x00\x00"), "CN=#1c020000"},
		{"what is not UTF-8", cn(casn1.UTF8String, "\xff"), "CN=#0c01ff"},
		{"what is no string", cn(casn1.INTEGER, "\x05"), "CN=#020105"},
		{"a set", []byte{0x31, 0}, "#3100"},
		{"no set in it", []byte{0x30, 2, 5, 0}, "#30020500"},
		{"no attribute in it", []byte{0x30, 4, 0x31, 2, 5, 0}, "#300431020500"},
		{"as many as there may be", nameOf(long[1:]...), strings.Repeat(",CN=a", maxNameAttributes)[1:]},
		{"as many in a set", nameOf(many[1:]), strings.Repeat("+CN=a", maxNameAttributes)[1:]},
		{"too many", nameOf(long...), "#" + hex.EncodeToString(nameOf(long...)[:64])},
		{"too many in a set", nameOf(many), "#" + hex.EncodeToString(nameOf(many)[:64])},
	} {
		if got := NameString(tt.der); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// TestAttributes holds that the values before what cannot be read are had.
func TestAttributes(t *testing.T) {
	const a = "310a 3008 0603 550403 0c01"
	for name, want := range map[string][]string{
		"300c 310a 3008 0603 550403 0201 05":                 nil,
		"3018" + a + "41" + a + "42":                         {"A", "B"},
		"300c 310a 3008 0603 550406 0c01 41":                 nil,
		"300e" + a + "41 0400":                               {"A"},
		"3014" + a + "41 3106 3004 0603 5504":                {"A"},
		"3018" + a + "41 300a 3008 0603 550403 0c01 42":      {"A"},
		"3010" + a + "41 3102 0500":                          {"A"},
		"301a" + a + "41 310c 300a 0603 550403 0c01 42 0500": {"A"},
		"310c" + a + "41":                                    nil,
		"":                                                   nil,
	} {
		if got := attributes(octets(name), "\x55\x04\x03"); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestNamesOnOneLine holds that a name is shown on one line, as it would be read: no
// character of it breaks the line, turns the direction or cannot be seen.
func TestNamesOnOneLine(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) || r > 0x1ffff && r != 0xe0001 && r != 0xe0020 {
			continue // letters, and more tags
		}
		shown, want := escapeValue("a"+string(r)+"b"), "a"+string(r)+"b"
		switch {
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp):
			want = "a"
			for _, octet := range []byte(string(r)) {
				want += fmt.Sprintf("\\%02x", octet)
			}
			want += "b"
		case strings.ContainsRune(`,+"\<>;`, r):
			want = `a\` + string(r) + "b"
		}
		if shown != want {
			t.Errorf("%U: %+q, want %+q", r, shown, want)
		}
	}
}
