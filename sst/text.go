package sst

import (
	"bytes"
	"encoding/base64"
)

// base64Header is what the base64 text of every store starts with: the part
// that the 8 bytes of the header determine.
const base64Header = "AAAAAENFUl"

// A layout is how the base64 text of a store was written: all that is needed to
// write it again.
type layout struct {
	wide   bool   // UTF-16LE with a byte order mark
	prefix string // byte order mark of UTF-8 and white space
	width  int    // characters of a line, 0 for one line
	eol    string
	suffix string // white space
}

// looksLikeBase64 reports whether data is text that starts like a store in
// base64.
func looksLikeBase64(data []byte) bool {
	head := data[:min(len(data), 256)]
	if bytes.HasPrefix(head, utf16LEBOM) {
		head = narrow(head[2:])
	}
	head = bytes.TrimLeft(bytes.TrimPrefix(head, utf8BOM), base64Space)
	return bytes.HasPrefix(head, []byte(base64Header))
}

const base64Space = " \t\r\n"

// decodeBase64 returns the store that the text holds and how the text was laid
// out: lines of one width, with white space only around them.
func decodeBase64(data []byte) (*layout, []byte, *FormatError) {
	fail := func(off int) (*layout, []byte, *FormatError) {
		return nil, nil, &FormatError{Offset: int64(off), Err: errBase64}
	}
	l := &layout{}
	text := data
	if bytes.HasPrefix(text, utf16LEBOM) {
		l.wide = true
		text = narrow(text[2:])
	}
	body := bytes.TrimLeft(bytes.TrimPrefix(text, utf8BOM), base64Space)
	start := len(text) - len(body)
	l.prefix = string(text[:start])
	body = bytes.TrimRight(body, base64Space)
	l.suffix = string(text[start+len(body):])
	if i := bytes.IndexAny(body, "\r\n"); i >= 0 {
		l.width = i
		l.eol = "\n"
		if body[i] == '\r' {
			l.eol = "\r\n"
		}
	}
	chars := body
	if l.width > 0 {
		chars = make([]byte, 0, len(body))
		for rest := body; ; {
			if len(rest) <= l.width {
				chars = append(chars, rest...)
				break
			}
			if !bytes.HasPrefix(rest[l.width:], []byte(l.eol)) {
				return fail(start + len(body) - len(rest))
			}
			chars = append(chars, rest[:l.width]...)
			rest = rest[l.width+len(l.eol):]
		}
	}
	// The decoder skips line ends that are not part of the layout.
	if i := bytes.IndexAny(chars, "\r\n"); i >= 0 {
		return fail(start + i)
	}
	decoded := make([]byte, base64.StdEncoding.DecodedLen(len(chars)))
	n, err := base64.StdEncoding.Strict().Decode(decoded, chars)
	if err != nil {
		off := start
		if c, ok := err.(base64.CorruptInputError); ok {
			off += int(min(int64(c), int64(len(body))))
		}
		return fail(off)
	}
	decoded = decoded[:n]
	// A character of UTF-16 text that is not ASCII, or half a character at its
	// end, is not in the layout; neither is anything else that was missed.
	if !bytes.Equal(l.encode(decoded), data) {
		return fail(0)
	}
	return l, decoded, nil
}

// encode writes the binary form of a store as the text it was read from.
func (l *layout) encode(b []byte) []byte {
	n := base64.StdEncoding.EncodedLen(len(b))
	chars := base64.StdEncoding.AppendEncode(make([]byte, 0, n), b)
	out := []byte(l.prefix)
	if l.width > 0 {
		for len(chars) > l.width {
			out = append(out, chars[:l.width]...)
			out = append(out, l.eol...)
			chars = chars[l.width:]
		}
	}
	out = append(out, chars...)
	out = append(out, l.suffix...)
	if !l.wide {
		return out
	}
	w := make([]byte, 0, 2+2*len(out))
	w = append(w, utf16LEBOM...)
	for _, c := range out {
		w = append(w, c, 0)
	}
	return w
}
