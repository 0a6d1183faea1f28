package table

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
	"iter"
	"sort"
	"strings"
)

const (
	magic    = "smimecas"
	version  = 1
	sections = 5

	headerSize = len(magic) + 4 + 8*sections
	blockSize  = 16 // texts
	indexSize  = 6  // octets of an entry

	fixedSize  = 32 + 20 + 5 + 5 + 4
	recordSize = fixedSize + 2*int(fieldEnd)

	// NoPathLength is [Record.PathLength] where there is no constraint.
	NoPathLength = 255

	flagWeak = 1

	maxText = 1 << 16 // octets
)

const (
	sectionTexts = iota
	sectionOffsets
	sectionRecords
	sectionNames
	sectionKeyIDs
)

// Field names a text of a record.
type Field int

// The fields. A list has one value a line.
const (
	Subject     Field = iota // in the form of RFC 2253
	Issuer                   // likewise
	Key                      // DER SubjectPublicKeyInfo
	IssuerKey                // the key under which the signature verified
	KeyID                    // octets
	IssuerKeyID              // octets
	Owner
	Usages      // list of extended key usages, dotted
	Constraints // list of name constraints
	AIA         // list of addresses
	CRLs        // list of addresses
	Reason      // of the advice
	Source
	Programmes // a line each, of which the values are parted by tabs; empty for none
	Revoked    // date, source, text, a line each

	fieldEnd
)

// Record is one certificate.
type Record struct {
	SHA256              [32]byte
	SHA1                [20]byte
	NotBefore, NotAfter int64 // seconds since 1970
	Kind, Advice        uint8
	PathLength          uint8
	Weak                bool // the signature is by SHA-1 or MD5
	Fields              [fieldEnd]string
}

// Table is a file that was opened. It is safe for concurrent use.
type Table struct {
	section [sections]string
	notes   string
}

var errDamaged = errors.New("table: damaged")

// Open looks at the header of a file.
func Open(data string) (*Table, error) {
	if len(data) < headerSize+2 || data[:len(magic)] != magic {
		return nil, errDamaged
	}
	at := len(magic)
	if u16(data, at) != version || u16(data, at+2) != recordSize {
		return nil, errDamaged
	}
	t := new(Table)
	at += 4
	for i := range t.section {
		offset, length := uint64(u32(data, at)), uint64(u32(data, at+4))
		if offset+length > uint64(len(data)) {
			return nil, errDamaged
		}
		t.section[i] = data[offset : offset+length]
		at += 8
	}
	n := u16(data, at)
	at += 2
	if len(data) < at+2*n {
		return nil, errDamaged
	}
	t.notes = data[at : at+2*n]
	if len(t.section[sectionRecords])%recordSize != 0 || len(t.section[sectionOffsets])%4 != 0 {
		return nil, errDamaged
	}
	for i := sectionNames; i < sections; i++ {
		if len(t.section[i])%indexSize != 0 {
			return nil, errDamaged
		}
	}
	return t, nil
}

func u16(s string, at int) int { return int(s[at])<<8 | int(s[at+1]) }

func u32(s string, at int) uint32 {
	return uint32(s[at])<<24 | uint32(s[at+1])<<16 | uint32(s[at+2])<<8 | uint32(s[at+3])
}

func i40(s string, at int) int64 {
	return int64(int8(s[at]))<<32 | int64(u32(s, at+1))
}

// Notes returns the texts that belong to no record.
func (t *Table) Notes() []string {
	var list []string
	for at := 0; at < len(t.notes); at += 2 {
		s, ok := t.text(u16(t.notes, at))
		if !ok {
			return nil
		}
		list = append(list, s)
	}
	return list
}

// Note returns one of [Table.Notes], empty if there are not so many.
func (t *Table) Note(i int) string {
	if i < 0 || 2*i >= len(t.notes) {
		return ""
	}
	s, _ := t.text(u16(t.notes, 2*i))
	return s
}

// text returns a text by its number.
func (t *Table) text(n int) (string, bool) {
	offsets, texts := t.section[sectionOffsets], t.section[sectionTexts]
	block := n / blockSize
	if 4*block+4 > len(offsets) {
		return "", false
	}
	at := u32(offsets, 4*block)
	if uint64(at) > uint64(len(texts)) {
		return "", false
	}
	rest := texts[at:]
	var parts [blockSize]struct {
		shared int
		rest   string
	}
	before := 0 // octets of the text before
	last := n % blockSize
	for i := range last + 1 {
		var shared, length uint64
		var ok bool
		if i > 0 {
			if shared, rest, ok = uvarint(rest); !ok {
				return "", false
			}
		}
		if length, rest, ok = uvarint(rest); !ok || length > uint64(len(rest)) || shared > uint64(before) || shared+length > maxText {
			return "", false
		}
		parts[i].shared, parts[i].rest = int(shared), rest[:length]
		before = int(shared + length)
		rest = rest[length:]
	}
	if parts[last].shared == 0 {
		return parts[last].rest, true // as it is
	}
	// From the end: what a text shares stands in the nearest one before that has it.
	buf := make([]byte, before)
	for i, need := last, before; need > 0; i-- {
		if p := parts[i]; p.shared < need {
			copy(buf[p.shared:need], p.rest)
			need = p.shared
		}
	}
	return string(buf), true
}

func uvarint(s string) (v uint64, rest string, ok bool) {
	for i := 0; i < len(s) && i < 4; i++ {
		v |= uint64(s[i]&0x7f) << (7 * i)
		if s[i] < 0x80 {
			return v, s[i+1:], true
		}
	}
	return 0, "", false
}

// Len returns the number of records.
func (t *Table) Len() int { return len(t.section[sectionRecords]) / recordSize }

// record returns the octets of a record.
func (t *Table) record(i int) string {
	return t.section[sectionRecords][i*recordSize : (i+1)*recordSize]
}

// SHA256 returns the fingerprint of a record, which must be one.
func (t *Table) SHA256(i int) string { return t.record(i)[:32] }

// Field returns one text of a record.
func (t *Table) Field(i int, f Field) (string, bool) {
	s, ok := t.text(t.Number(i, f))
	if f == Subject || f == Issuer {
		s = reverse(s)
	}
	return s, ok
}

// Number returns the number of a text of a record: equal texts have equal numbers,
// and the empty text has 0.
func (t *Table) Number(i int, f Field) int { return u16(t.record(i), fixedSize+2*int(f)) }

// Record decodes a record.
func (t *Table) Record(i int) (Record, bool) {
	if i < 0 || i >= t.Len() {
		return Record{}, false
	}
	s := t.record(i)
	r := Record{NotBefore: i40(s, 52), NotAfter: i40(s, 57), Kind: s[62], Advice: s[63], PathLength: s[64], Weak: s[65]&flagWeak != 0}
	copy(r.SHA256[:], s)
	copy(r.SHA1[:], s[32:])
	for f := range fieldEnd {
		if t.Number(i, f) == 0 {
			continue
		}
		var ok bool
		if r.Fields[f], ok = t.Field(i, f); !ok {
			return Record{}, false
		}
	}
	return r, true
}

// Find returns the record with a fingerprint.
func (t *Table) Find(sha256 [32]byte) (int, bool) {
	key := string(sha256[:])
	return sort.Find(t.Len(), func(i int) int { return strings.Compare(key, t.SHA256(i)) })
}

// Named yields the records whose subject may fold to name, for the caller to compare.
func (t *Table) Named(name string) iter.Seq[int] { return t.coded(sectionNames, code(name)) }

// WithKeyID yields the records with a key identifier.
func (t *Table) WithKeyID(id []byte) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range t.coded(sectionKeyIDs, code(string(id))) {
			if s, ok := t.Field(i, KeyID); ok && s == string(id) && !yield(i) {
				return
			}
		}
	}
}

func (t *Table) coded(section int, code uint32) iter.Seq[int] {
	return func(yield func(int) bool) {
		index := t.section[section]
		n := len(index) / indexSize
		for at := sort.Search(n, func(i int) bool { return u32(index, i*indexSize) >= code }); at < n && u32(index, at*indexSize) == code; at++ {
			if i := u16(index, at*indexSize+4); i < t.Len() && !yield(i) {
				return
			}
		}
	}
}

func code(s string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(s))
	return binary.BigEndian.Uint32(h.Sum(nil))
}
