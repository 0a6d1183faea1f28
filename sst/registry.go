package sst

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"

	"github.com/smimechain/smimechain/lint/say"
)

// The first lines of a registry export: of regedit and reg.exe since Windows
// 2000, and of Windows 9x and NT 4.
const (
	regHeader5 = "Windows Registry Editor Version 5.00"
	regHeader4 = "REGEDIT4"
)

// A RegistryEntry is a value named "Blob" in a registry export.
type RegistryEntry struct {
	Key    string // the whole path of the key
	Line   int    // of the value, from 1
	Offset int64  // of the value in the text, in bytes
	Raw    []byte // the bytes of the value

	// Element is what Raw holds. It is nil if Raw is no element, and Err says
	// why: a *FormatError whose Offset counts bytes of Raw.
	Element *Element
	Err     error
}

// ParseRegistryExport reads the text that "reg export" and regedit write, and
// returns the binary values named Blob in the order of the file: with a key such
// as HKLM\SOFTWARE\Microsoft\SystemCertificates, the certificates, CRLs and
// CTLs of the machine's stores, each in the form that [ParseElement] reads. All
// other values and deleted keys are passed over.
//
// The text is UTF-16LE with a byte order mark, as Windows writes it, or UTF-8 or
// ANSI; in ANSI text, bytes of a key that are not ASCII are replaced, and code
// pages of two bytes to a character are not understood. A value
// that is no element is returned with its error. The text itself being malformed
// is an error of the function, a [*FormatError] with the line.
func ParseRegistryExport(data []byte) ([]RegistryEntry, error) {
	return (*Options)(nil).ParseRegistryExport(data)
}

// ParseRegistryExport is like the function [ParseRegistryExport] with the
// leniencies and limits of o, which may be nil. MaxElements limits the number of
// entries.
func (o *Options) ParseRegistryExport(data []byte) ([]RegistryEntry, error) {
	opts := o.resolved()
	if int64(len(data)) > opts.MaxSize {
		return nil, &FormatError{Err: errMaxSize, Claimed: int64(len(data)), Remaining: opts.MaxSize}
	}
	r := regReader{src: data, text: data, scale: 1, line: 1}
	switch {
	case bytes.HasPrefix(data, utf16LEBOM):
		r.wide, r.start, r.scale = true, 2, 2
		r.text = narrow(data[2:])
		if len(data)%2 != 0 {
			return nil, r.fail("half a UTF-16 character at the end")
		}
	case bytes.HasPrefix(data, utf8BOM):
		r.start = len(utf8BOM)
		r.text = data[r.start:]
	}
	header := string(bytes.TrimRight(r.readLine(), " \t"))
	if header != regHeader5 && header != regHeader4 {
		e := &FormatError{Line: 1, Err: wrapped{errRegistryText, "not a registry export"}}
		if e.Hint = hintOther(data); len(data) >= headerSize && string(data[:headerSize]) == storeHeader {
			e.Hint = hintStore
		}
		return nil, e
	}
	var entries []RegistryEntry
	key, keyed := "", false
	for r.pos < len(r.text) {
		line, off := r.line, r.pos
		r.skip(" \t")
		if r.pos == len(r.text) {
			break
		}
		switch r.text[r.pos] {
		case '\r', '\n', ';':
			r.readLine()
			continue
		case '[':
			from := r.pos
			l := bytes.TrimRight(r.readLine(), " \t")
			if len(l) < 2 || l[len(l)-1] != ']' {
				r.line, r.pos = line, off
				return nil, r.fail("key without a closing bracket")
			}
			key = r.decode(from+1, from+len(l)-1)
			keyed = !strings.HasPrefix(key, "-")
			continue
		case '"', '@':
		default:
			return nil, r.fail("neither a key nor a value")
		}
		if key == "" {
			return nil, r.fail("value outside of a key")
		}
		name, ok := r.name()
		if !ok {
			r.line, r.pos = line, off
			return nil, r.fail("value without a name")
		}
		blob := keyed && strings.EqualFold(name, "Blob") && r.isHex()
		raw, ok := r.value(blob)
		if !ok {
			r.line, r.pos = line, off
			return nil, r.fail("malformed value")
		}
		if !blob {
			continue
		}
		if len(entries) >= opts.MaxElements {
			return nil, &FormatError{Offset: r.offset(off), Line: line, Err: errMaxElements, Claimed: int64(len(entries)) + 1, Remaining: int64(opts.MaxElements)}
		}
		entry := RegistryEntry{Key: key, Line: line, Offset: r.offset(off), Raw: raw}
		entry.Element, entry.Err = opts.ParseElement(raw)
		entries = append(entries, entry)
	}
	return entries, nil
}

// A regReader reads registry text. For UTF-16, text holds one byte for each
// code unit, with '?' for what is not ASCII: the structure is all ASCII.
type regReader struct {
	src   []byte
	text  []byte
	wide  bool
	start int // of the text in src
	scale int // bytes of src for a byte of text
	pos   int
	line  int
}

func (r *regReader) offset(pos int) int64 { return int64(r.start + r.scale*pos) }

func (r *regReader) fail(text say.Text) *FormatError {
	return &FormatError{Offset: r.offset(r.pos), Line: r.line, Err: wrapped{errRegistryText, text}}
}

// decode returns a part of the text in UTF-8.
func (r *regReader) decode(from, to int) string {
	b := r.src[r.offset(from):r.offset(to)]
	if !r.wide {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	u := make([]uint16, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		u = append(u, binary.LittleEndian.Uint16(b))
	}
	return string(utf16.Decode(u))
}

// readLine returns the rest of the line without its end, and goes to the next.
func (r *regReader) readLine() []byte {
	l := r.text[r.pos:]
	if i := bytes.IndexByte(l, '\n'); i >= 0 {
		l = l[:i]
		r.pos++
		r.line++
	}
	r.pos += len(l)
	return bytes.TrimSuffix(l, []byte("\r"))
}

// skip passes over the characters of set, which has no line feed.
func (r *regReader) skip(set string) {
	for r.pos < len(r.text) && strings.IndexByte(set, r.text[r.pos]) >= 0 {
		r.pos++
	}
}

// name reads the name of a value and the equals sign.
func (r *regReader) name() (string, bool) {
	name := "@"
	if r.text[r.pos] == '@' {
		r.pos++
	} else {
		from := r.pos + 1
		if !r.quoted() {
			return "", false
		}
		name = r.decode(from, r.pos-1)
	}
	r.skip(" \t")
	if r.pos == len(r.text) || r.text[r.pos] != '=' {
		return "", false
	}
	r.pos++
	r.skip(" \t")
	return name, true
}

// quoted passes over a string in quotes, which may hold escapes and lines.
func (r *regReader) quoted() bool {
	for i := r.pos + 1; i < len(r.text); i++ {
		switch r.text[i] {
		case '\\':
			if i++; i < len(r.text) && r.text[i] == '\n' {
				r.line++
			}
		case '\n':
			r.line++
		case '"':
			r.pos = i + 1
			return true
		}
	}
	return false
}

// isHex reports whether a value of bytes comes next: hex: or hex(N):.
func (r *regReader) isHex() bool {
	l := r.text[r.pos:min(len(r.text), r.pos+3)]
	return len(l) == 3 && bytes.EqualFold(l, []byte("hex"))
}

// value reads the data of a value up to the end of its last line, and returns
// the bytes if they are wanted.
func (r *regReader) value(want bool) ([]byte, bool) {
	if r.pos < len(r.text) && r.text[r.pos] == '"' {
		if !r.quoted() {
			return nil, false
		}
		return nil, len(bytes.TrimRight(r.readLine(), " \t")) == 0
	}
	if !r.isHex() {
		r.readLine() // dword:, or the minus sign of a deleted value
		return nil, true
	}
	i := bytes.IndexAny(r.text[r.pos:], ":\n")
	if i < 0 || r.text[r.pos+i] != ':' {
		return nil, false
	}
	r.pos += i + 1
	var out []byte
	for more := true; more; {
		l := bytes.TrimRight(r.readLine(), " \t")
		if more = bytes.HasSuffix(l, []byte("\\")); more {
			l = l[:len(l)-1]
			if r.pos == len(r.text) {
				return nil, false // a continued line that does not come
			}
		}
		if !want {
			continue
		}
		var ok bool
		if out, ok = appendHex(out, l); !ok {
			return nil, false
		}
	}
	return out, true
}

// appendHex decodes pairs of digits separated by commas. A comma at the end
// goes with a continued line.
func appendHex(out, l []byte) ([]byte, bool) {
	for {
		l = bytes.TrimLeft(l, " \t")
		if len(l) == 0 {
			return out, true
		}
		n := 0
		var v byte
		for n < len(l) && n < 3 {
			d, ok := hexDigit(l[n])
			if !ok {
				break
			}
			v = v<<4 | d
			n++
		}
		if n == 0 || n > 2 {
			return nil, false
		}
		out = append(out, v)
		l = bytes.TrimLeft(l[n:], " \t")
		if len(l) == 0 {
			return out, true
		}
		if l[0] != ',' {
			return nil, false
		}
		l = l[1:]
	}
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}
