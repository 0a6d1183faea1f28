package bundle

import (
	"bytes"

	"github.com/smimechain/smimechain/lint/say"
)

// A property list of Apple has a binary form too, which is named and not read: a few octets
// of it can stand for any number of values.

const (
	whyBinaryPropertyList       say.Text = "it is a binary property list; make it XML with plutil -convert xml1 FILE, and give that"
	whyBinaryPropertyListSigned say.Text = "it is a binary property list that was signed; unpack it, make it XML with plutil -convert xml1 FILE, and give that"
)

// isBinaryPropertyList reports whether data begins as a property list in binary does, of
// whichever version; programs put quotation marks, white space or a byte order mark there.
func isBinaryPropertyList(data []byte) bool {
	const most = 16 // octets before it
	begins := bytes.TrimLeft(bytes.TrimPrefix(data[:min(len(data), most)], []byte("\xEF\xBB\xBF")), " \t\r\n\"'")
	version, ok := bytes.CutPrefix(begins, []byte("bplist"))
	return ok && len(version) >= 2 && isDigit(version[0]) && isDigit(version[1])
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// propertyList reports whether the file is a property list in binary. What may be a key in
// it is what a profile is there to bring, and it is told of once the profile can be read.
func (e *UnrecognizedError) propertyList() bool {
	return e.Why == whyBinaryPropertyList || e.Why == whyBinaryPropertyListSigned
}
