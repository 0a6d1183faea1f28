package bundle

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestUnwrap holds which octets are found in text, and where they begin, in each way of
// writing them and at the bounds of what is read.
func TestUnwrap(t *testing.T) {
	data := make([]byte, 48)
	for i := range data {
		data[i] = byte(7*i + 0xF0)
	}
	b64 := base64.StdEncoding.EncodeToString
	long := b64(data)                      // 64 characters
	most := slices.Concat(data, data)[:90] // 120
	lines := func(s string, n int, between string) string {
		var list []string
		for part := range slices.Chunk([]byte(s), n) {
			list = append(list, string(part))
		}
		return strings.Join(list, between)
	}
	digits := hex.EncodeToString(data)
	dump := func(place, between, behind string) string {
		var b strings.Builder
		for at := 0; at < len(data); at += 16 {
			line := data[at:min(at+16, len(data))]
			if place != "" {
				fmt.Fprintf(&b, place, at)
			}
			b.WriteString(lines(hex.EncodeToString(line), 2, between) + behind + "\n")
		}
		return b.String()
	}
	numbers := func(format, between string) string {
		var list []string
		for _, c := range data {
			list = append(list, fmt.Sprintf(format, c))
		}
		return strings.Join(list, between)
	}
	signs := slices.Concat([]byte("0"), bytes.Repeat([]byte("\xfb\xff"), 22), []byte("0"))
	type found struct {
		at   int
		data string
	}
	one := func(at int, data []byte) []found { return []found{{at, string(data)}} }
	for _, tt := range []struct {
		name string
		each func([]byte, func(int, []byte) bool) bool
		text string
		want []found
	}{
		{"base64", eachBase64, long, one(0, data)},
		{"base64 behind words", eachBase64, "key: " + long + "! end", one(5, data)},
		{"base64 of 40 characters", eachBase64, long[:40], one(0, data[:30])},
		{"base64 of 39 characters", eachBase64, long[:39], nil},
		{"base64 of 41 to 43", eachBase64, long[:41] + "! " + long[:42] + "! " + long[:43], []found{{0, string(data[:30])}, {43, string(data[:31])}, {87, string(data[:32])}}},
		{"base64 in lines", eachBase64, lines(b64(most), 48, "\n"), one(0, most)},
		{"in lines of 16", eachBase64, lines(b64(most), 16, "\r\n"), one(0, most)},
		{"in lines of 15", eachBase64, lines(b64(most), 15, "\n"), nil},
		{"in lines of which the first is short", eachBase64, long[:12] + "\n" + long[12:], one(13, data[9:])},
		{"in lines of 18", eachBase64, lines(long, 18, "\n"), nil},
		{"in pieces of 48 with a blank", eachBase64, lines(b64(most), 48, " "), one(0, most)},
		{"in pieces of 44 with a blank", eachBase64, lines(b64(most), 44, " "), []found{{0, string(most[:33])}, {45, string(most[33:66])}}},
		{"in quoted lines", eachBase64, lines(b64(most), 60, "\n> "), one(0, most)},
		{"in lines of a program", eachBase64, `"` + lines(b64(most), 60, "\" +\n  \"") + `"`, one(1, most)},
		{"in lines of JSON", eachBase64, lines(b64(most), 60, `\n`), one(0, most)},
		{"in lines of JSON, with tabs", eachBase64, lines(b64(most), 60, `\r\t`), one(0, most)},
		{"in lines of Visual Basic", eachBase64, lines(b64(most), 60, "\" & _\r\n\""), []found{{0, string(most[:45])}, {68, string(most[45:])}}},
		{"in lines of a shell", eachBase64, lines(b64(most), 60, "`\n"), one(0, most)},
		{"with 64 blanks between", eachBase64, lines(b64(most), 60, "\n"+strings.Repeat(" ", 62)), one(0, most)},
		{"with 65 blanks between", eachBase64, lines(b64(most), 60, "\n"+strings.Repeat(" ", 64)), []found{{0, string(most[:45])}, {125, string(most[45:])}}},
		{"behind the dashes of PEM", eachBase64, "-----" + long + "-----", one(5, data)},
		{"behind an end of a line in JSON", eachBase64, `\n` + long, one(2, data)},
		{"behind others in JSON", eachBase64, `\r\t__\` + long, one(7, data)},
		{"with /, + and others as JSON may write them", eachBase64, strings.NewReplacer("/", `\/`, "+", `\u002b`).Replace(b64(signs)), one(0, signs)},
		{"in capitals", eachBase64, strings.NewReplacer("/", `\u002F`, "+", `\u002B`).Replace(b64(signs)), one(0, signs)},
		{"in small letters", eachBase64, strings.NewReplacer("/", `\u002f`).Replace(b64(signs)), one(0, signs)},
		{"of URLs", eachBase64, base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte("\x03\xfb\xff"), 14)), one(0, bytes.Repeat([]byte("\x03\xfb\xff"), 14))},
		{"of URLs, with a dash at the end", eachBase64, long[:40] + "--" + long[:40], []found{{0, string(data[:30])}, {42, string(data[:30])}}},
		{"a dash that ends the text", eachBase64, long[:39] + "-", one(0, append(bytes.Clone(data[:29]), data[29]&0xC0|62))},
		{"of URLs, with dashes in it", eachBase64, strings.Repeat("A-A-", 10), one(0, bytes.Repeat([]byte{3, 0xE0, 0x3E}, 10))},
		{"a / behind something else", eachBase64, long + "!/" + long[1:], []found{{0, string(data)}, {65, "\xFC" + string(data[1:])}}},
		{"behind an end of a line in JSON, CR", eachBase64, `\r` + long, one(2, data)},
		{"behind a tab in JSON", eachBase64, `\t` + long, one(2, data)},
		{"behind a backslash", eachBase64, `\` + long, one(1, data)},
		{"behind an underscore", eachBase64, `_` + long, one(1, data)},
		{"a + at the end", eachBase64, long + ` +`, one(0, data)},
		{"a backslash at the end", eachBase64, long + ` \`, one(0, data)},
		{"only dashes", eachBase64, strings.Repeat("-", 99), nil},
		{"only backslashes", eachBase64, strings.Repeat(`\`, 99), nil},

		{"xxd", eachDump, dump("%08x: ", "", "  text"), one(0, data)},
		{"certutil", eachDump, dump("%04x\t", " ", "   text"), one(0, data)},
		{"hexdump", eachDump, dump("%08x  ", " ", "  |text|"), one(0, data)},
		{"hexdump, with text like digits", eachDump, dump("%08x  ", " ", " beef"), one(0, data)},
		{"without a place, with text like digits", eachDump, dump("", " ", "   beef"), one(0, data)},
		{"without a place", eachDump, dump("", " ", "   text"), one(0, data)},
		{"behind a line", eachDump, "words\n" + dump("%04x  ", " ", "   text"), one(6, data)},
		{"with blanks in front", eachDump, "  " + strings.ReplaceAll(dump("%04x  ", " ", ""), "\n", "\r\n  "), one(0, data)},
		{"with a dash in the middle", eachDump, strings.ReplaceAll(dump("%04x  ", " ", "   text"), digits[14:16]+" "+digits[16:18], digits[14:16]+"-"+digits[16:18]), one(0, data)},
		{"with an empty line between", eachDump, strings.ReplaceAll(dump("%04x  ", " ", ""), "\n", "\n\n"), one(0, data)},
		{"of 32 octets", eachDump, strings.Join(strings.SplitAfter(dump("%04x  ", " ", ""), "\n")[:2], ""), one(0, data[:32])},
		{"of 31 octets", eachDump, strings.TrimSuffix(strings.Join(strings.SplitAfter(dump("%04x  ", " ", ""), "\n")[:2], ""), digits[62:64]+"\n"), nil},
		{"hexdump, with two blanks in the middle", eachDump, strings.ReplaceAll(strings.ReplaceAll(dump("%08x  ", " ", "   text"), digits[14:16]+" "+digits[16:18], digits[14:16]+"  "+digits[16:18]), "\n", "\r"), one(0, data)},
		{"with tabs", eachDump, dump("%04x\t", "\t", "   text"), one(0, data)},
		{"a place of 16 digits", eachDump, dump("%016x ", " ", "   text"), one(0, data)},
		{"digits behind the last octet", eachDump, dump("%08x: ", "", "beef"), one(0, data)},
		{"in groups of two octets", eachDump, lines(lines(digits, 4, " "), 40, "\n"), one(0, data)},
		{"in lines of 16 digits", eachDump, lines(digits, 16, "\n"), one(0, data)},
		{"digits in a line", eachDump, digits, one(0, data)},
		{"digits in a line of 1024", eachDump, strings.Repeat("ab", 512), one(0, bytes.Repeat([]byte{0xAB}, 512))},
		{"digits in a line of 1026", eachDump, strings.Repeat("ab", 513), nil},
		{"digits, an odd number", eachDump, digits + "a", nil},
		{"digits before a letter", eachDump, digits + "x", nil},
		{"a text that ends it", eachDump, dump("%04x  ", " ", "") + "words\n" + dump("%04x  ", " ", ""), []found{{0, string(data)}, {len(dump("%04x  ", " ", "")) + 6, string(data)}}},

		{"decimal", eachNumber, numbers("%d", ", "), one(0, data)},
		{"decimal of JSON", eachNumber, "{\"k\": [" + numbers("%d", ",") + "]}", one(7, data)},
		{"decimal in lines", eachNumber, numbers("%d", "\r\n"), one(0, data)},
		{"decimal, one too large", eachNumber, numbers("%d", ",") + ",256," + numbers("%d", ","), []found{{0, string(data)}, {len(numbers("%d", ",")) + 5, string(data)}}},
		{"decimal, one too long", eachNumber, numbers("%d", ",") + ",0007", one(0, data)},
		{"decimal, of 32", eachNumber, strings.Repeat("0,", 31) + "255", one(0, append(make([]byte, 31), 0xFF))},
		{"decimal, of 31", eachNumber, strings.Repeat("00,", 30) + "255", one(0, nil)[:0]},
		{"hexadecimal", eachNumber, numbers("%02x", ":"), one(0, data)},
		{"hexadecimal of C", eachNumber, "{" + numbers("0x%02x", ", ") + "}", one(1, data)},
		{"hexadecimal of BASIC", eachNumber, numbers("0X%02X", ","), one(0, data)},
		{"hexadecimal with escapes", eachNumber, "\"" + numbers("\\x%02x", "") + "\"", one(2, data)},
		{"hexadecimal of 32, and one odd", eachNumber, lines(digits[:64], 2, ":") + ":abc", one(0, data[:32])},
		{"hexadecimal, one of none", eachNumber, numbers("0x%02x", ",") + ",0x," + numbers("0x%02x", ","), []found{{0, string(data)}, {len(numbers("0x%02x", ",")) + 4, string(data)}}},
		{"hexadecimal, one odd", eachNumber, numbers("%02x", ":") + ":abc", one(0, data)},
		{"hexadecimal in groups", eachNumber, lines(digits, 8, " "), one(0, data)},
		{"a sign only", eachNumber, numbers("%02x", ":") + ":x", one(0, data)},
	} {
		var got []found
		ended := tt.each([]byte(tt.text), func(at int, data []byte) bool {
			got = append(got, found{at, string(data)})
			return false
		})
		if ended || !slices.Equal(got, tt.want) {
			t.Errorf("%s: %x, want %x", tt.name, got, tt.want)
		}
		if len(tt.want) > 0 {
			calls := 0
			if !tt.each([]byte(tt.text), func(int, []byte) bool { calls++; return true }) || calls != 1 {
				t.Errorf("%s: %d calls, and it goes on", tt.name, calls)
			}
		}
	}
	for _, between := range []string{"\t\n", "\"\n\"", "'\n'", ">\n", "\\\n", ",\n", ".\n", "&\n", ";\n", "\" + \n", "\" +\r\n", "\" +\n", `\n`, `\r`, `\t`, "\r"} {
		var got []byte
		eachBase64([]byte(lines(b64(most), 60, between)), func(_ int, data []byte) bool { got = bytes.Clone(data); return true })
		if !bytes.Equal(got, most) {
			t.Errorf("lines with %q between: %x", between, got)
		}
	}
}
