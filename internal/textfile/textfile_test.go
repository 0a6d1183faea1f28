package textfile

import (
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

// TestDecode has names as people have them, in every encoding in which they save them.
func TestDecode(t *testing.T) {
	encodings := map[string]encoding.Encoding{
		"UTF-8":            unicode.UTF8,
		"UTF-8 with a BOM": unicode.UTF8BOM,
		"UTF-16":           unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
		"UTF-16 the other": unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
	}
	japan := map[string]encoding.Encoding{"CP932": japanese.ShiftJIS}
	west := map[string]encoding.Encoding{"CP1252": charmap.Windows1252}
	for text, own := range map[string]map[string]encoding.Encoding{
		"upn,file\r\na@example.com,山田太郎.pfx\r\n":     japan,
		"upn,file\na@example.com,髙橋.pfx\n":           japan,
		"upn,file\na@example.com,ｻﾄｳ.pfx\n":          nil, // too little to tell
		"upn,file\na@example.com,ｻﾄｳ ﾊﾅｺ ｽｽﾞｷ.pfx\n": japan,
		"upn,file\na@example.com,表.pfx\n":            nil, // the second octet is a backslash, the first a raised comma elsewhere
		"upn,file\na@example.com,さ.pfx\n":            japan,
		"upn,file\na@example.com,Müller.pfx\n":       west,
		"upn,file\na@example.com,Häßler.pfx\n":       west,
		"upn,file\na@example.com,Größmann.pfx\n":     west,
		"upn,file\na@example.com,D’Angelo.pfx\n":     west,
		"upn,file\na@example.com,Ægir.pfx\n":         west,
		"upn,file\na@example.com,user.pfx\n":         west,
	} {
		for _, list := range []map[string]encoding.Encoding{encodings, own} {
			for name, e := range list {
				data, err := e.NewEncoder().Bytes([]byte(text))
				if err != nil {
					t.Fatal(err)
				}
				if got := Decode(data); got != text {
					t.Errorf("%s: got %q, want %q", name, got, text)
				}
			}
		}
	}
}
