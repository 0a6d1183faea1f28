package sst

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strconv"

	"github.com/smimechain/smimechain/lint/say"
)

// A Hint is a guess at what the input is, or what happened to it, which String says.
// The zero value means that there is nothing to go by.
type Hint uint8

// The hints.
const (
	// noHint means that there is nothing to go by.
	noHint Hint = iota
	// hintLineEndingsRemoved: carriage returns were removed, as git and FTP
	// do in text mode (CRLF to LF).
	hintLineEndingsRemoved
	// hintLineEndingsAdded: carriage returns were added (LF to CRLF).
	hintLineEndingsAdded
	// hintElement: a single element without the header of a store. See
	// [ParseElement].
	hintElement
	// hintStore: a whole store where one element was expected. See [Parse].
	hintStore
	// hintRegistryExport: the text of a registry export. See
	// [ParseRegistryExport].
	hintRegistryExport
	// hintRocksDB: a table file of RocksDB or TiKV, which has the same
	// extension.
	hintRocksDB
	// hintPEM: PEM text.
	hintPEM
	// hintPFX: PKCS #12.
	hintPFX
	// hintP7B: PKCS #7.
	hintP7B
	// hintDERValue: some other DER value, most often a certificate.
	hintDERValue
	// hintUTF16: binary data that was written as UTF-16 text, as the ">" of
	// Windows PowerShell does.
	hintUTF16
	// hintBase64: the base64 text of a store, which only [Parse] reads.
	hintBase64
	numHints
)

// String returns a sentence without a period, and "" for the zero value.
func (h Hint) String() string { return string(h.text()) }

func (h Hint) text() say.Text {
	switch h {
	case noHint:
		return ""
	case hintLineEndingsRemoved:
		return "bytes are missing before this offset: the file may have been altered by a text-mode transfer that turned CRLF into LF"
	case hintLineEndingsAdded:
		return "there are extra bytes before this offset: the file may have been altered by a text-mode transfer that turned LF into CRLF"
	case hintElement:
		return "this looks like a single serialized element or a registry Blob"
	case hintStore:
		return "this looks like a whole store"
	case hintRegistryExport:
		return "this looks like a registry export"
	case hintRocksDB:
		return "this looks like a RocksDB table, which has the same file extension"
	case hintPEM:
		return "this looks like PEM text"
	case hintPFX:
		return "this looks like a PFX (PKCS #12) file"
	case hintP7B:
		return "this looks like a P7B (PKCS #7) file"
	case hintDERValue:
		return "this looks like DER, perhaps a single certificate"
	case hintUTF16:
		return "this looks like UTF-16 text"
	case hintBase64:
		return "this looks like the base64 text of a store"
	}
	return say.Text("Hint(" + strconv.Itoa(int(h)) + ")")
}

// MarshalText returns what String returns.
func (h Hint) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// The last 8 bytes of the table files of RocksDB: block-based and plain, now
// and before version 1 of the footer.
var rocksMagic = [...]uint64{0x88e241b785f4cff7, 0xdb4775248b80fb57, 0x8242229663bf9564, 0x4f3418eb7a8f13b8}

var (
	utf8BOM    = []byte("\xef\xbb\xbf")
	utf16LEBOM = []byte("\xff\xfe")
)

// hintOther guesses the format of data that is not a store.
func hintOther(data []byte) Hint {
	if len(data) >= 8 {
		end := binary.LittleEndian.Uint64(data[len(data)-8:])
		for _, m := range rocksMagic {
			if end == m {
				return hintRocksDB
			}
		}
	}
	switch {
	case looksLikeRecord(data):
		return hintElement
	case looksLikeBase64(data):
		return hintBase64
	}
	if h := hintDER(data); h != noHint {
		return h
	}
	head := data[:min(len(data), 4096)]
	wide := bytes.HasPrefix(head, utf16LEBOM)
	if wide {
		head = narrow(head[2:])
	}
	head = bytes.TrimLeft(bytes.TrimPrefix(head, utf8BOM), " \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte(regHeader5)), bytes.HasPrefix(head, []byte(regHeader4)):
		return hintRegistryExport
	case bytes.HasPrefix(head, []byte("-----BEGIN PKCS7-----")):
		return hintP7B
	case bytes.Contains(head, []byte("-----BEGIN ")):
		return hintPEM
	case wide:
		return hintUTF16
	}
	return noHint
}

// hintDER tells PFX, PKCS #7 and other DER apart by their first bytes.
func hintDER(data []byte) Hint {
	if len(data) < 4 || data[0] != 0x30 {
		return noHint
	}
	k := 2
	switch n, ok := derLength(data); {
	case data[1] == 0x80: // indefinite length: BER
	case ok && n <= uint64(len(data)):
		if data[1] > 0x80 {
			k += int(data[1] & 0x7f)
		}
	default:
		return noHint
	}
	inner := data[k:]
	switch {
	case bytes.HasPrefix(inner, []byte("\x02\x01\x03\x30")):
		return hintPFX
	case bytes.HasPrefix(inner, []byte("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07")):
		return hintP7B
	}
	return hintDERValue
}

// looksLikeRecord reports whether data starts with a whole record that is not
// an end marker.
func looksLikeRecord(data []byte) bool {
	return plausible(data) && uint64(binary.LittleEndian.Uint32(data[8:])) <= uint64(len(data)-recordSize)
}

// explain adds a hint to an error of the parser, if there is no record header
// at the fault but one a few bytes away: then bytes were added to or removed
// from the value before it, which is what a conversion of line endings does.
// The bytes before must bear it out. The data are those from the offset base.
func (p *parser) explain(err *FormatError, data []byte, base int64) *FormatError {
	off := int(err.Offset - base)
	if err.Hint != noHint || errors.Is(err, errLimit) || off <= 0 || off > len(data) || plausible(data[off:]) {
		return err
	}
	const reach = 64
	before := data[:off]
	// The value before the fault starts behind the header of its record.
	value := int(max(p.last+recordSize-base, 0))
	if bytes.IndexByte(before, '\n') >= 0 && !bytes.Contains(before, []byte("\r\n")) {
		for k := 1; k <= reach && off-k >= value; k++ {
			if looksLikeHeader(data[off-k:]) {
				err.Hint = hintLineEndingsRemoved
				return err
			}
		}
	}
	if lf := bytes.Count(before, []byte("\n")); lf > 0 && lf == bytes.Count(before, []byte("\r\n")) {
		for k := 1; k <= reach && k <= len(data)-off; k++ {
			if looksLikeHeader(data[off+k:]) {
				err.Hint = hintLineEndingsAdded
				return err
			}
		}
	}
	return err
}

// plausible reports whether data starts with a record header, whatever length
// it claims.
func plausible(data []byte) bool {
	if len(data) < recordSize {
		return false
	}
	id := binary.LittleEndian.Uint32(data)
	return id != 0 && id <= uint32(MaxPropID) && binary.LittleEndian.Uint32(data[4:]) == encodingX
}

// looksLikeHeader is looksLikeRecord or an end marker at the end of the input.
// The length is compared with what is left only roughly, since bytes further
// on may be missing too.
func looksLikeHeader(data []byte) bool {
	if string(data) == endMarker {
		return true
	}
	return plausible(data) && uint64(binary.LittleEndian.Uint32(data[8:])) <= uint64(len(data))+uint64(len(data))/256
}

// narrow drops every second byte of UTF-16LE text, replacing what is not ASCII.
func narrow(b []byte) []byte {
	out := make([]byte, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		if c := b[0]; b[1] == 0 && c < 0x80 {
			out = append(out, c)
		} else {
			out = append(out, '?')
		}
	}
	return out
}
