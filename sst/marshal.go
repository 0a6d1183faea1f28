package sst

import (
	"encoding/binary"
	"math"

	"github.com/smimechain/smimechain/lint/say"
)

// Marshal returns the serialized store: for a store that Parse accepted and
// that was not changed, exactly the bytes that Parse was given. Also what a
// leniency let through is written again, and base64 text becomes the same text;
// [Store.AppendBinary] always gives the binary form.
//
// It refuses nothing on account of what it means: see [Store.Clean]. An error
// means that the format cannot hold the store: a property with an id of an
// element, a value of 4 GiB, or properties without an element that are not
// last.
func (s *Store) Marshal() ([]byte, error) {
	b, err := s.AppendBinary(nil)
	if err != nil || s.text == nil {
		return b, err
	}
	return s.text.encode(b), nil
}

// AppendBinary appends the binary form of the store to b, allocating at most
// once. On error, b is returned as it was.
func (s *Store) AppendBinary(b []byte) ([]byte, error) {
	n, err := s.size()
	if err != nil {
		return b, err
	}
	if n > uint64(math.MaxInt-len(b)) {
		return b, say.Errorf("sst: store is too large for memory")
	}
	start := len(b)
	if cap(b)-start < int(n) {
		// Not slices.Grow, which would clear memory that is fresh from the
		// system and therefore clear already.
		grown := make([]byte, start, start+int(n))
		copy(grown, b)
		b = grown
	}
	b = append(b, storeHeader...)
	for i := range s.Elements {
		b = s.Elements[i].append(b)
	}
	if s.tail != nil || s.noTail {
		return append(b, s.tail...), nil
	}
	return append(b, endMarker...), nil
}

// Marshal returns the element without the header and the end marker of a
// store: the form that [ParseElement] reads.
func (e *Element) Marshal() ([]byte, error) {
	n, err := e.size()
	if err != nil {
		return nil, say.Errorf("sst: %w", err)
	}
	if e.recordID() == 0 {
		return nil, say.Errorf("sst: element has no record id")
	}
	if n > math.MaxInt {
		return nil, say.Errorf("sst: element is too large for memory")
	}
	return e.append(make([]byte, 0, int(n))), nil
}

func (s *Store) size() (uint64, error) {
	n := uint64(headerSize)
	for i := range s.Elements {
		k, err := s.Elements[i].size()
		if err != nil {
			return 0, say.Errorf("sst: element %d: %w", i, err)
		}
		if s.Elements[i].recordID() == 0 && i != len(s.Elements)-1 {
			return 0, say.Errorf("sst: element %d: properties without an element must be last", i)
		}
		n += k
	}
	if s.tail != nil || s.noTail {
		return n + uint64(len(s.tail)), nil
	}
	return n + recordSize, nil
}

// size returns the length of the serialized element, and fails if Parse could
// not read it back even with every leniency.
func (e *Element) size() (uint64, error) {
	n := uint64(0)
	for i := range e.Properties {
		p := &e.Properties[i]
		if !p.ID.Valid() && p.ID <= MaxPropID {
			return 0, say.Errorf("property id %d cannot be written", uint32(p.ID))
		}
		if uint64(len(p.Value)) > math.MaxUint32 {
			return 0, say.Errorf("%v: value is over 4 GiB", p.ID)
		}
		n += recordSize + uint64(len(p.Value))
	}
	id := e.recordID()
	switch {
	case id == 0 && len(e.Raw) != 0:
		return 0, say.Errorf("kind is unknown and the record id is 0")
	case id == 0 && len(e.Properties) == 0:
		return 0, say.Errorf("element is empty and its kind is unknown")
	case id == 0:
		return n, nil
	case id < firstElementID || id > lastElementID:
		return 0, say.Errorf("record id %d is not that of an element", id)
	case uint64(len(e.Raw)) > math.MaxUint32:
		return 0, say.Errorf("value is over 4 GiB")
	}
	return n + recordSize + uint64(len(e.Raw)), nil
}

func (e *Element) append(b []byte) []byte {
	for i := range e.Properties {
		p := &e.Properties[i]
		b = appendRecord(b, uint32(p.ID), p.enc, p.Value)
	}
	if id := e.recordID(); id != 0 {
		b = appendRecord(b, id, e.enc, e.Raw)
	}
	return b
}

func appendRecord(b []byte, id, enc uint32, value []byte) []byte {
	var h [recordSize]byte
	binary.LittleEndian.PutUint32(h[0:], id)
	binary.LittleEndian.PutUint32(h[4:], enc^encodingX)
	binary.LittleEndian.PutUint32(h[8:], uint32(len(value)))
	return append(append(b, h[:]...), value...)
}
