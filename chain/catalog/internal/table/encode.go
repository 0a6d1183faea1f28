package table

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
)

// File is what a table is made of.
type File struct {
	Records []Record
	Notes   []string
}

type indexed struct {
	code   uint32
	record int
}

// Encode returns the file. The order of the records does not matter.
func (f *File) Encode() ([]byte, error) {
	records := slices.Clone(f.Records)
	slices.SortFunc(records, func(a, b Record) int { return bytes.Compare(a.SHA256[:], b.SHA256[:]) })
	texts := []string{""}
	for i := range records {
		r := &records[i]
		for _, f := range []Field{Subject, Issuer} {
			r.Fields[f] = reverse(r.Fields[f])
		}
		texts = append(texts, r.Fields[:]...)
	}
	texts = append(texts, f.Notes...)
	slices.Sort(texts)
	texts = slices.Compact(texts)
	number := make(map[string]uint16, len(texts))
	for i, s := range texts {
		if i > 0xffff || len(s) > maxText {
			return nil, fmt.Errorf("table: more than 65536 texts, or one of more than %d octets", maxText)
		}
		number[s] = uint16(i)
	}
	if len(records) > 0xffff || len(f.Notes) > 0xffff {
		return nil, fmt.Errorf("table: more than 65535 records or notes")
	}

	var section [sections][]byte
	section[sectionTexts], section[sectionOffsets] = encodeTexts(texts)
	var index [sections][]indexed
	for i, r := range records {
		if i > 0 && r.SHA256 == records[i-1].SHA256 {
			return nil, fmt.Errorf("table: %X appears twice", r.SHA256)
		}
		b, err := r.append(section[sectionRecords], number)
		if err != nil {
			return nil, err
		}
		section[sectionRecords] = b
		index[sectionNames] = append(index[sectionNames], indexed{code(Fold(r.Fields[Subject])), i})
		if id := r.Fields[KeyID]; id != "" {
			index[sectionKeyIDs] = append(index[sectionKeyIDs], indexed{code(id), i})
		}
	}
	for s, list := range index {
		slices.SortFunc(list, func(a, b indexed) int { return cmp.Or(cmp.Compare(a.code, b.code), cmp.Compare(a.record, b.record)) })
		for _, e := range list {
			section[s] = binary.BigEndian.AppendUint32(section[s], e.code)
			section[s] = binary.BigEndian.AppendUint16(section[s], uint16(e.record))
		}
	}

	out := binary.BigEndian.AppendUint16([]byte(magic), version)
	out = binary.BigEndian.AppendUint16(out, uint16(recordSize))
	offset := headerSize + 2 + 2*len(f.Notes)
	for _, s := range section {
		out = binary.BigEndian.AppendUint32(out, uint32(offset))
		out = binary.BigEndian.AppendUint32(out, uint32(len(s)))
		offset += len(s)
	}
	out = binary.BigEndian.AppendUint16(out, uint16(len(f.Notes)))
	for _, s := range f.Notes {
		out = binary.BigEndian.AppendUint16(out, number[s])
	}
	for _, s := range section {
		out = append(out, s...)
	}
	return out, nil
}

// encodeTexts returns the texts, each but the first of a block without what it shares with
// the one before, and the offsets of the blocks.
func encodeTexts(texts []string) (data, offsets []byte) {
	before := ""
	for i, s := range texts {
		shared := 0
		if i%blockSize == 0 {
			offsets = binary.BigEndian.AppendUint32(offsets, uint32(len(data)))
		} else {
			for shared < min(len(s), len(before)) && s[shared] == before[shared] {
				shared++
			}
			data = binary.AppendUvarint(data, uint64(shared))
		}
		data = binary.AppendUvarint(data, uint64(len(s)-shared))
		data = append(data, s[shared:]...)
		before = s
	}
	return data, offsets
}

// append appends the record, with the number of each text.
func (r *Record) append(b []byte, number map[string]uint16) ([]byte, error) {
	b = append(b, r.SHA256[:]...)
	b = append(b, r.SHA1[:]...)
	for _, v := range []int64{r.NotBefore, r.NotAfter} {
		if v < -1<<39 || v >= 1<<39 {
			return nil, fmt.Errorf("table: %X: a time beyond 40 bits", r.SHA256)
		}
		b = append(b, byte(v>>32))
		b = binary.BigEndian.AppendUint32(b, uint32(v))
	}
	flags := byte(0)
	if r.Weak {
		flags |= flagWeak
	}
	b = append(b, r.Kind, r.Advice, r.PathLength, flags)
	for _, s := range r.Fields {
		b = binary.BigEndian.AppendUint16(b, number[s])
	}
	return b, nil
}
