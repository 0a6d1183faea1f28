package bundle

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

// DecodeText returns the text of a file as people save it, without a byte order mark:
// UTF-8, UTF-16 of either order, or else the code page of a machine, that of Japan (932)
// where octets read so, and that of Western Europe (1252) where they do not. Which of the
// two it is can only be told by what is likely: a file in another code page comes out as
// other letters. Octets that stand for nothing become U+FFFD.
func DecodeText(data []byte) string {
	text, _ := decodeText(data)
	return fromCodePage(text)
}

// fromCodePage returns text that is no UTF-8 as what a machine of its code page reads.
func fromCodePage(text []byte) string {
	if utf8.Valid(text) {
		return string(text)
	}
	decoder := charmap.Windows1252.NewDecoder()
	if isShiftJIS(text) {
		decoder = japanese.ShiftJIS.NewDecoder()
	}
	if decoded, err := decoder.Bytes(text); err == nil {
		text = decoded
	}
	return string(text)
}

// isShiftJIS reports whether octets beyond ASCII read as code page 932 and as nothing of
// one octet a character: each is part of a pair or a narrow kana, and somewhere there is
// what names and sentences of Western Europe do not have. That is a pair of the common
// characters, which begin with an octet of few letters elsewhere, beside another one, with
// a second octet beyond ASCII, or beginning with an octet that stands for nothing there;
// or several narrow kana, which are capitals there.
func isShiftJIS(text []byte) bool {
	const manyKana = 4
	likely, last, kana := false, -2, 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c >= 0xA1 && c <= 0xDF {
			kana++
			likely = likely || kana >= manyKana
			continue
		}
		kana = 0
		switch {
		case c < 0x80:
			continue
		case c == 0x80 || c == 0xA0 || c > 0xFC || i+1 == len(text):
			return false
		}
		next := text[i+1]
		if next < 0x40 || next == 0x7F || next > 0xFC {
			return false
		}
		likely = likely || c <= 0x9F && (last == i || next >= 0x80 || bytes.IndexByte(unusedIn1252, c) >= 0)
		i++
		last = i + 1
	}
	return likely
}

// unusedIn1252 are octets that stand for no character in Western Europe.
var unusedIn1252 = []byte{0x81, 0x8D, 0x8F, 0x90, 0x9D}
