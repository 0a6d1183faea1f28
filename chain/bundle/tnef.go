package bundle

import (
	"encoding/binary"
	"strings"

	"github.com/smimechain/smimechain/lint/say"
)

// TNEF (MS-OXTNEF) is how Outlook and Exchange send a message to each other: a stream
// of attributes,
//
//	signature 0x223E9F78, key of two octets, then of each attribute:
//	level of one octet, identifier of four, length of four, the value, checksum of two
//
// all in little-endian order.
const (
	tnefSignature = 0x223e9f78

	tnefMessage    = 1 // levels
	tnefAttachment = 2

	attAttachRendData = 0x00069002 // begins an attachment
	attAttachTitle    = 0x00018010
	attAttachData     = 0x0006800f
	maxTNEFAttributes = 100_000
)

// isTNEF reports whether data begins like TNEF.
func isTNEF(data []byte) bool {
	return len(data) > 6 && binary.LittleEndian.Uint32(data) == tnefSignature
}

// tnefFile is an attachment.
type tnefFile struct {
	title string
	data  []byte
}

// tnefFiles returns the attachments of a stream, and whether it was whole: what stands
// before a damaged place is returned.
func tnefFiles(data []byte) (files []tnefFile, whole bool) {
	data = data[6:]
	for n := 0; len(data) > 0; n++ {
		if n > maxTNEFAttributes || len(data) < 9 || data[0] != tnefMessage && data[0] != tnefAttachment {
			return files, false
		}
		level, id, size := data[0], binary.LittleEndian.Uint32(data[1:]), binary.LittleEndian.Uint32(data[5:])
		data = data[9:]
		if uint64(size)+2 > uint64(len(data)) {
			return files, false
		}
		value := data[:size]
		data = data[size+2:] // the checksum is of no use here: the signature tells of damage
		if level != tnefAttachment {
			continue
		}
		if id == attAttachRendData || len(files) == 0 {
			files = append(files, tnefFile{})
		}
		switch last := &files[len(files)-1]; id {
		case attAttachTitle:
			last.title = strings.TrimRight(string(value), "\x00")
		case attAttachData:
			last.data = value
		}
	}
	return files, true
}

// parseTNEF reads winmail.dat that is a file of its own.
func (r *reading) parseTNEF(data []byte) error {
	r.Format = TNEF
	mr := &mailReader{reading: r, number: 1}
	r.Messages = []MailMessage{{Number: 1}}
	if err := mr.tnef(data, place{part: "1"}); err != nil {
		return err
	}
	return mr.done()
}

// tnef reads the attachments of a part in TNEF.
func (r *mailReader) tnef(data []byte, at place) error {
	if !isTNEF(data) {
		return r.unreadable(at, say.Errorf("winmail.dat does not begin as one"))
	}
	files, whole := tnefFiles(data)
	for i, f := range files {
		below := at.below(i + 1)
		below.partial = at.partial || len(files) > 1
		if err := r.attachment(f.data, f.title, below); err != nil {
			return err
		}
	}
	if !whole {
		return r.unreadable(at, say.Errorf("winmail.dat is damaged or cut short"))
	}
	return nil
}

// attachment reads an attachment as Outlook keeps it: of a message that is signed for
// all to read the whole body as MIME, of others the octets of S/MIME (MS-OXOSMIME,
// Section 2.1.3).
func (r *mailReader) attachment(data []byte, name string, at place) error {
	if r.parts++; r.parts > maxMailParts || at.depth > r.limits.Depth {
		return say.Errorf("%s: more than %d parts or %d levels of them: %w", r.Name, maxMailParts, r.limits.Depth, ErrTooLarge)
	}
	name = strings.ToLower(name)
	switch {
	case isMail(data) && strings.HasSuffix(name, ".eml"):
		return r.message(data, at.part, at.depth+1)
	case isMail(data):
		return r.octets(data, at)
	case derShape(data) == shapePKCS7:
		return r.cms(data, nil, at)
	case isTNEF(data):
		return r.tnef(data, at.below(1))
	}
	return nil
}
