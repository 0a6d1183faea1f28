package bundle

import (
	"bytes"

	"github.com/smimechain/smimechain/lint/say"
)

// unread are the archives and compressed files that are not read here, by how they begin.
var unread = []struct {
	magic string
	why   say.Text
}{
	{"7z\xBC\xAF\x27\x1C", "it is a 7z archive; unpack it first"},
	{"Rar!\x1A\x07", "it is a RAR archive; unpack it first"},
	{"MSCF\x00\x00\x00\x00", "it is a CAB archive of Microsoft; unpack it first"},
	{"BZh", "it is packed with bzip2; unpack it first"},
	{"\xFD7zXZ\x00", "it is packed with xz; unpack it first"},
	{"\x28\xB5\x2F\xFD", "it is packed with zstd; unpack it first"},
	{"\x04\x22\x4D\x18", "it is packed with lz4; unpack it first"},
	{"\x1F\x9D", "it is packed with compress; unpack it first"},
	{"LZIP", "it is packed with lzip; unpack it first"},
}

// packedWith says what packed data that is not read here, empty where nothing did.
func packedWith(data []byte) say.Text {
	for _, u := range unread {
		if bytes.HasPrefix(data, []byte(u.magic)) {
			return u.why
		}
	}
	// The head of an LHA member: sizes, and the method between two hyphens.
	if len(data) > 20 && data[2] == '-' && data[3] == 'l' && (data[4] == 'h' || data[4] == 'z') && data[6] == '-' {
		return "it is an LHA archive; unpack it first"
	}
	return ""
}
