// Package textfile reads the text of files in the encodings in which people save it.
package textfile

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

// Decode returns the text of a file as people save it, without a byte order mark:
// UTF-8, UTF-16 of either order, or else the code page of a machine, that of Japan (932)
// where octets read so, and that of Western Europe (1252) where they do not. Which of the
// two it is can only be told by what is likely: a file in another code page comes out as
// other letters. Octets that stand for nothing become U+FFFD.
func Decode(data []byte) string {
	text, _ := UTF8(data)
	return FromCodePage(text)
}

// UTF8 returns data as UTF-8 text without a byte order mark, and whether it
// was UTF-16. Data that was not comes back as it is.
func UTF8(data []byte) (text []byte, wide bool) {
	switch {
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		return data[3:], false
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		return UTF16(data[2:], binary.LittleEndian), true
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return UTF16(data[2:], binary.BigEndian), true
	case looksUTF16(data, 1):
		return UTF16(data, binary.LittleEndian), true
	case looksUTF16(data, 0):
		return UTF16(data, binary.BigEndian), true
	default:
		return data, false
	}
}

// looksUTF16 reports whether the first bytes are ASCII characters in 16-bit
// units whose zero byte stands at the given place of each unit.
func looksUTF16(data []byte, zero int) bool {
	const sample = 16
	if len(data) < sample {
		return false
	}
	for i, b := range data[:sample] {
		isZero := i%2 == zero
		if isZero != (b == 0) || b >= 0x80 {
			return false
		}
	}
	return true
}

// UTF16 returns the text of 16-bit units.
func UTF16(data []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

// FromCodePage returns text that is no UTF-8 as what a machine of its code page reads.
func FromCodePage(text []byte) string {
	if utf8.Valid(text) {
		return string(text)
	}
	decoder := charmap.Windows1252.NewDecoder()
	if IsShiftJIS(text) {
		decoder = japanese.ShiftJIS.NewDecoder()
	}
	if decoded, err := decoder.Bytes(text); err == nil {
		text = decoded
	}
	return string(text)
}

// IsShiftJIS reports whether octets beyond ASCII read as code page 932 and as nothing of
// one octet a character: each is part of a pair or a narrow kana, and somewhere there is
// what names and sentences of Western Europe do not have. That is a pair of the common
// characters, which begin with an octet of few letters elsewhere, beside another one, with
// a second octet beyond ASCII, or beginning with an octet that stands for nothing there;
// or several narrow kana, which are capitals there.
func IsShiftJIS(text []byte) bool {
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
