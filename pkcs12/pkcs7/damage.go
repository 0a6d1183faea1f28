package pkcs7

import (
	"bytes"
	"encoding/binary"
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/internal/ber"
)

// LineEndingsAdded says that a carriage return was put before each line feed, as FTP and
// git do in text mode.
const LineEndingsAdded say.Text = "line endings were converted as if the file were text: transfer it again in binary mode"

const (
	// reencoded: written in UTF-8 or UTF-16, as editors and Get-Content with Set-Content do.
	reencoded say.Text = "a program read the binary file and wrote it as text, so that bytes were replaced: get it again from its source, and copy the file instead of its text"

	// lineEndingsReplaced: carriage returns became line feeds, or the reverse.
	lineEndingsReplaced say.Text = "carriage returns and line feeds were replaced by each other as if the file were text, and which was which is lost: transfer it again in binary mode"
)

// FindTextDamage looks for the traces of a conversion of text in data that was DER, BER
// or a serialized certificate store. It returns what happened and what to do, "" where
// there are none, and what the file was where the conversion can be undone for certain,
// nil otherwise. Of line endings, which are [LineEndingsAdded], that is certain where the
// outermost lengths fit again, and do not fit in data. Binary data that no program touched
// is never taken for damaged: a length of DER or an octet of a certificate is no UTF-8.
func FindTextDamage(data []byte) (say.Text, []byte) {
	if isReencoded(data) {
		return reencoded, nil
	}
	if isReplaced(data) {
		return lineEndingsReplaced, nil
	}
	if len(data) < 4 || data[0] != 0x30 || !bytes.Contains(data, []byte("\r\n")) || fits(data) {
		return "", nil
	}
	// A line feed without a carriage return tells that nobody added any.
	if bytes.Count(data, []byte("\n")) != bytes.Count(data, []byte("\r\n")) {
		return "", nil
	}
	was := bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	for rest := was; ; {
		var ok bool
		switch rest, ok = after(rest); {
		case !ok:
			return "", nil
		case len(rest) == 0:
			return LineEndingsAdded, was
		}
	}
}

// What is in DER where a carriage return, or a line feed, of a well-known identifier or
// length was replaced.
var (
	noReturn = []string{"\x2A\x86\x48\x86\xF7\x0A"}
	noFeed   = []string{
		"\x06\x0D\x2A\x86\x48\x86\xF7\x0D\x01\x0C\x01", "\x2A\x86\x48\x86\xF7\x0D\x01\x0C\x0D\x01", "\x30\x0D\x06\x08\x2A\x86\x48\x86\xF7\x0D\x02",
		"\x30\x0D\x06\x08\x2A\x86\x48\xCE\x3D\x04\x03", "\x30\x0D\x06\x08\x2B\x06\x01\x05\x05\x07\x03",
	}
)

// isReplaced reports whether data was DER or a store in which each carriage return became a
// line feed, or the reverse: there is none, and one is missing where it is known to be.
func isReplaced(data []byte) bool {
	if !bytes.HasPrefix(data, []byte("0")) && !bytes.HasPrefix(data, []byte(storeMagic)) {
		return false
	}
	within := func(mark string) bool { return bytes.Contains(data, []byte(mark)) }
	return bytes.IndexByte(data, '\r') < 0 && (slices.ContainsFunc(noReturn, within) || hasShortDate(data)) ||
		bytes.IndexByte(data, '\n') < 0 && slices.ContainsFunc(noFeed, within)
}

// hasShortDate reports whether there is a UTCTime of 13 characters with the length 10.
func hasShortDate(data []byte) bool {
	const form = "\x17\x0A"
	for {
		at := bytes.Index(data, []byte(form))
		if at < 0 || len(data) < at+len(form)+13 {
			return false
		}
		data = data[at+len(form):]
		if data[12] == 'Z' && !bytes.ContainsFunc(data[:12], func(c rune) bool { return c < '0' || c > '9' }) {
			return true
		}
	}
}

// fits reports whether b is one element of DER or BER.
func fits(b []byte) bool {
	rest, ok := after(b)
	return ok && len(rest) == 0
}

// after returns what follows the first element and the line breaks behind it, and
// whether there is an element.
func after(b []byte) ([]byte, bool) {
	r := ber.New(b, nil)
	if _, err := r.Next(); err != nil {
		return nil, false
	}
	rest := r.Rest()
	for len(rest) > 0 && (rest[0] == '\r' || rest[0] == '\n') {
		rest = rest[1:]
	}
	return rest, true
}

// storeMagic is what a serialized store begins with.
const storeMagic = "\x00\x00\x00\x00CERT"

// isReencoded reports whether data is text by its encoding and binary by what it says.
func isReencoded(data []byte) bool {
	var next func() rune // the next character, -1 at the end
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		next = wide(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		next = wide(data[2:], binary.BigEndian)
	case bytes.HasPrefix(data, []byte("0\x00")), bytes.HasPrefix(data, []byte("\x00\x00\x00\x00\x00\x00\x00\x00C\x00E\x00R\x00T\x00")):
		next = wide(data, binary.LittleEndian)
	case bytes.HasPrefix(data, []byte("\x000\x00")), bytes.HasPrefix(data, []byte("\x000 ")), bytes.HasPrefix(data, []byte("\x00\x00\x00\x00\x00\x00\x00\x00\x00C\x00E\x00R\x00T")):
		next = wide(data, binary.BigEndian)
	default:
		data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
		if !bytes.HasPrefix(data, []byte("0")) && !bytes.HasPrefix(data, []byte(storeMagic)) || !utf8.Valid(data) {
			return false
		}
		next = func() rune {
			c, n := utf8.DecodeRune(data)
			if n == 0 {
				return -1
			}
			data = data[n:]
			return c
		}
	}
	return binaryText(next)
}

// binaryText reports whether the characters of a text are octets of a binary file: those
// of a SEQUENCE with a length of several octets, or those of a store with octets beyond
// ASCII behind.
func binaryText(next func() rune) bool {
	first, second := next(), next()
	if first == '0' {
		// The octets 0x80 to 0x84 begin the length: as they are, in Windows-1252, or lost.
		switch second {
		case 0x80, 0x81, 0x82, 0x83, 0x84, 0x20AC, 0x201A, 0x0192, 0x201E, utf8.RuneError, '?':
		default:
			return second >= 0x80 && hasControls(next)
		}
		return hasControls(next)
	}
	magic := []rune(storeMagic)[2:]
	if first != 0 || second != 0 {
		return false
	}
	for _, want := range magic {
		if next() != want {
			return false
		}
	}
	// Beyond ASCII, or a SEQUENCE whose length was lost.
	for range 4096 {
		c := next()
		lost := c == '0'
		if lost {
			c = next()
			lost = c == '?'
		}
		if lost || c >= 0x80 {
			return true
		}
	}
	return false
}

// hasControls reports whether control characters that no text has follow soon, as small
// numbers and lengths do in DER.
func hasControls(next func() rune) bool {
	for range 64 {
		if c := next(); 0 <= c && c < ' ' && c != '\t' && c != '\r' && c != '\n' {
			return true
		}
	}
	return false
}

// wide reads UTF-16.
func wide(data []byte, order binary.ByteOrder) func() rune {
	return func() rune {
		if len(data) < 2 {
			return -1
		}
		c := rune(order.Uint16(data))
		data = data[2:]
		if utf16.IsSurrogate(c) && len(data) >= 2 {
			c = utf16.DecodeRune(c, rune(order.Uint16(data)))
			data = data[2:]
		}
		return c
	}
}
