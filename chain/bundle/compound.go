package bundle

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"

	"github.com/smimechain/smimechain/lint/say"
)

// A compound file (MS-CFB) is a file system of sectors, in little-endian order: a
// header; a table (FAT) that gives the sector after each; a directory of entries of 128
// octets, in which red-black trees order what a storage holds; and small streams packed
// in a stream of their own with a table of their own.
const (
	compoundHeader   = 512
	compoundEntry    = 128
	compoundFree     = 0xfffffffa // from here on sector numbers have a meaning of their own
	maxCompoundNames = 100_000    // directory entries

	kindStorage = 1
	kindStream  = 2
	kindRoot    = 5
)

// compoundMagic is what a compound file begins with.
var compoundMagic = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

// isCompoundFile reports whether data begins like a compound file.
func isCompoundFile(data []byte) bool {
	return len(data) >= compoundHeader && bytes.HasPrefix(data, compoundMagic)
}

// compound is a compound file.
type compound struct {
	data    []byte
	sector  int // octets
	small   int
	cutoff  uint64 // streams below it are packed
	fat     []uint32
	miniFAT []uint32
	mini    []byte // the stream that small ones are packed in
	entries []compoundFile
	read    int // octets that streams were read of: no more than a few times what the file has
	walked  int // entries that were looked at, the same
}

// compoundFile is an entry of the directory.
type compoundFile struct {
	name               string
	kind               byte
	left, right, child uint32
	start              uint32
	size               uint64
}

var errCompound = say.Errorf("the compound file is damaged")

// readCompound reads the tables and the directory of a compound file. Every chain of
// sectors is followed no further than there are sectors.
func readCompound(data []byte) (*compound, error) {
	le := binary.LittleEndian
	shift, smallShift := le.Uint16(data[30:]), le.Uint16(data[32:])
	if shift != 9 && shift != 12 || smallShift != 6 {
		return nil, errCompound
	}
	c := &compound{data: data, sector: 1 << shift, small: 1 << smallShift, cutoff: uint64(le.Uint32(data[56:]))}
	if err := c.readFAT(le.Uint32(data[68:])); err != nil {
		return nil, err
	}
	directory, err := c.chain(le.Uint32(data[48:]), -1)
	if err != nil {
		return nil, err
	}
	if len(directory)/compoundEntry > maxCompoundNames {
		return nil, say.Errorf("more than %d entries: %w", maxCompoundNames, ErrTooLarge)
	}
	for at := 0; at+compoundEntry <= len(directory); at += compoundEntry {
		c.entries = append(c.entries, readCompoundEntry(directory[at:at+compoundEntry], shift == 9))
	}
	if len(c.entries) == 0 || c.entries[0].kind != kindRoot {
		return nil, errCompound
	}
	table, err := c.chain(le.Uint32(data[60:]), -1)
	if err != nil {
		return nil, err
	}
	c.miniFAT = uint32s(table)
	root := c.entries[0]
	if c.mini, err = c.chain(root.start, int64(min(root.size, uint64(len(data))))); err != nil {
		return nil, err
	}
	return c, nil
}

func readCompoundEntry(b []byte, short bool) compoundFile {
	le := binary.LittleEndian
	n := min(int(le.Uint16(b[64:])), 64)
	units := make([]uint16, 0, 32)
	for i := 0; i+3 < n; i += 2 {
		units = append(units, le.Uint16(b[i:]))
	}
	f := compoundFile{
		name: string(utf16.Decode(units)), kind: b[66],
		left: le.Uint32(b[68:]), right: le.Uint32(b[72:]), child: le.Uint32(b[76:]),
		start: le.Uint32(b[116:]), size: le.Uint64(b[120:]),
	}
	if short { // MS-CFB, Section 2.6.1: the upper half may hold anything
		f.size &= 0xffffffff
	}
	return f
}

// at returns a sector, nil for one behind the end.
func (c *compound) at(n uint32) []byte {
	start := (int64(n) + 1) * int64(c.sector)
	if start >= int64(len(c.data)) {
		return nil
	}
	return c.data[start:min(start+int64(c.sector), int64(len(c.data)))]
}

// readFAT reads the table of sectors: 109 of its sectors are named in the header, the
// others in sectors that lead to each other.
func (c *compound) readFAT(next uint32) error {
	most := len(c.data)/c.sector + 1
	add := func(list []uint32) error {
		for _, n := range list {
			if n >= compoundFree {
				continue
			}
			s := c.at(n)
			if s == nil || len(c.fat) > most+c.sector/4 {
				return errCompound
			}
			c.fat = append(c.fat, uint32s(s)...)
		}
		return nil
	}
	if err := add(uint32s(c.data[76:compoundHeader])); err != nil {
		return err
	}
	for range most {
		s := c.at(next)
		if len(s) < c.sector {
			break
		}
		list := uint32s(s)
		if err := add(list[:len(list)-1]); err != nil {
			return err
		}
		next = list[len(list)-1]
	}
	return nil
}

// chain returns what the sectors from one on hold, of a size; -1 stands for all.
func (c *compound) chain(n uint32, size int64) ([]byte, error) {
	out := make([]byte, 0, max(size, 0))
	for range len(c.data)/c.sector + 1 {
		if size >= 0 && int64(len(out)) >= size {
			break
		}
		s := c.at(n)
		if s == nil {
			break
		}
		if c.read += len(s); c.read > 4*len(c.data)+c.sector {
			return nil, errCompound // the same sectors many times over
		}
		out = append(out, s...)
		if int(n) >= len(c.fat) {
			break
		}
		n = c.fat[n]
	}
	if size >= 0 {
		if int64(len(out)) < size {
			return nil, errCompound
		}
		out = out[:size]
	}
	return out, nil
}

// stream returns what a stream holds.
func (c *compound) stream(f *compoundFile) ([]byte, error) {
	if f.size > uint64(len(c.data)) {
		return nil, errCompound
	}
	if f.size >= c.cutoff {
		return c.chain(f.start, int64(f.size))
	}
	out := make([]byte, 0, f.size)
	for n := f.start; uint64(len(out)) < f.size; n = c.miniFAT[n] {
		start := int64(n) * int64(c.small)
		if start >= int64(len(c.mini)) || int(n) >= len(c.miniFAT) {
			return nil, errCompound
		}
		part := c.mini[start:min(start+int64(c.small), int64(len(c.mini)))]
		if c.read += len(part); c.read > 4*len(c.data)+c.sector {
			return nil, errCompound
		}
		out = append(out, part...)
	}
	return out[:f.size], nil
}

// children returns what a storage holds, by name. An entry that is met twice counts
// once: there is a cycle.
func (c *compound) children(storage *compoundFile) map[string]*compoundFile {
	found := map[string]*compoundFile{}
	seen := map[uint32]bool{}
	todo := []uint32{storage.child}
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if uint64(n) >= uint64(len(c.entries)) || seen[n] || c.walked > 4*len(c.entries) {
			continue
		}
		c.walked++
		seen[n] = true
		e := &c.entries[n]
		if e.kind == kindStorage || e.kind == kindStream {
			found[e.name] = e
		}
		todo = append(todo, e.left, e.right)
	}
	return found
}

func uint32s(b []byte) []uint32 {
	list := make([]uint32, len(b)/4)
	for i := range list {
		list[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return list
}
