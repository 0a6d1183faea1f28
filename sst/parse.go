package sst

import (
	"encoding/binary"
)

// Parse reads a store, strictly and within the default limits. The data may
// also be the base64 text of a store, as CAPICOM and PowerShell write it.
//
// The result aliases data, except for base64 text. Every error is a
// [*FormatError].
func Parse(data []byte) (*Store, error) { return (*Options)(nil).Parse(data) }

// Parse is like the function [Parse] with the leniencies and limits of o, which
// may be nil.
func (o *Options) Parse(data []byte) (*Store, error) {
	opts := o.resolved()
	if int64(len(data)) > opts.MaxSize {
		return nil, &FormatError{Err: errMaxSize, Claimed: int64(len(data)), Remaining: opts.MaxSize}
	}
	var text *layout
	if looksLikeBase64(data) {
		l, decoded, err := decodeBase64(data)
		if err != nil {
			return nil, err
		}
		text, data = l, decoded
	}
	if err := checkHeader(data); err != nil {
		return nil, err
	}
	p := newParser(data, 0, int64(len(data)), &opts)
	s := &Store{text: text, Elements: make([]Element, 0, min(firstElements, len(data)/recordSize+1))}
	off := headerSize
	for {
		if len(s.Elements) == cap(s.Elements) {
			s.Elements = p.growElements(s.Elements, off)
		}
		s.Elements = s.Elements[:len(s.Elements)+1]
		e := &s.Elements[len(s.Elements)-1]
		next, more, err := p.element(e, off)
		if err != nil {
			return nil, p.explain(err, data, 0)
		}
		if !more {
			s.Elements = s.Elements[:len(s.Elements)-1]
			off = next
			break
		}
		if len(s.Elements) > opts.MaxElements {
			return nil, &FormatError{Offset: e.Offset, Err: errMaxElements, Claimed: int64(len(s.Elements)), Remaining: int64(opts.MaxElements)}
		}
		off = next
	}
	s.setTail(data[off:])
	s.faults = p.faults
	return s, nil
}

// setTail keeps what follows the elements if it is anything but 12 zero bytes.
func (s *Store) setTail(tail []byte) {
	if string(tail) == endMarker {
		return
	}
	s.tail, s.noTail = tail[:len(tail):len(tail)], len(tail) == 0
}

const endMarker = "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"

func checkHeader(data []byte) *FormatError {
	if len(data) >= headerSize && string(data[:headerSize]) == storeHeader {
		return nil
	}
	e := &FormatError{Err: errHeader, Hint: hintOther(data)}
	if e.Hint == noHint && len(data) < headerSize {
		e.Err = errShortHeader
	}
	return e
}

const (
	firstElements   = 32 // room for elements and properties before anything is
	firstProperties = 64 // known of the store
	maxFaults       = 1000
)

// A parser reads elements from a window of a store.
type parser struct {
	data []byte // the window
	base int64  // offset of the window in the store
	size int64  // of the whole store

	opts     *Options
	maxValue uint64
	arena    []Property // properties of the elements read so far, and free space
	faults   []*FormatError

	// The ids seen in the element so far, as bits: those below 256, and the
	// rarer ones up to MaxPropID. Only a leniency needs the map.
	seen  [4]uint64
	wide  *[(MaxPropID + 1) / 64]uint64
	large map[PropID]struct{}
	stale []Property // properties whose bits are still set in wide

	props int   // properties read so far
	last  int64 // offset of the last record that was whole
}

func newParser(data []byte, base, size int64, opts *Options) *parser {
	return &parser{data: data, base: base, size: size, opts: opts, maxValue: uint64(opts.MaxValue)}
}

// estimate returns how much room to make when n things were found in the first
// off bytes of the window: somewhat more than the rest will take if it goes on
// like that. It stays below a multiple of n, so that memory is proportional to
// what was found.
func (p *parser) estimate(n, off int) int {
	want := int(float64(n) * float64(len(p.data)-off) / float64(off) * 17 / 16)
	return min(max(want, n/4), 8*n) + 16
}

// growElements makes room in elems.
func (p *parser) growElements(elems []Element, off int) []Element {
	grown := make([]Element, len(elems), len(elems)+p.estimate(len(elems), off))
	copy(grown, elems)
	return grown
}

// element reads the element at off into e and returns the offset after it. At
// the end of the store, more is false and next is where the end marker starts,
// or would.
func (p *parser) element(e *Element, off int) (next int, more bool, err *FormatError) {
	p.seen = [4]uint64{}
	if p.wide != nil || p.large != nil {
		p.resetWide()
	}
	arena := p.arena
	first := len(arena)
	begin := off
	for {
		rest := p.size - p.base - int64(off)
		if rest < recordSize {
			return p.short(e, arena[first:], begin, off)
		}
		// The window holds whole records as far as the store does.
		h := p.data[off : off+recordSize : off+recordSize]
		id := binary.LittleEndian.Uint32(h)
		enc := binary.LittleEndian.Uint32(h[4:])
		n := uint64(binary.LittleEndian.Uint32(h[8:]))
		if id == 0 {
			return p.end(e, arena[first:], begin, off)
		}
		if n > uint64(rest-recordSize) {
			return 0, false, &FormatError{Offset: p.base + int64(off), ID: id, Claimed: int64(n), Remaining: rest - recordSize, Err: ErrTruncated}
		}
		if n > p.maxValue {
			return 0, false, &FormatError{Offset: p.base + int64(off), ID: id, Claimed: int64(n), Remaining: int64(p.maxValue), Err: errMaxValue}
		}
		if enc != encodingX {
			if err := p.fault(off, id, errEncodingType, p.opts.AllowAnyEncodingType); err != nil {
				return 0, false, err
			}
		}
		p.last = p.base + int64(off)
		from := off + recordSize
		to := from + int(n)
		value := p.data[from:to:to]
		if id-firstElementID <= lastElementID-firstElementID {
			if err := p.context(e, id, value, off); err != nil {
				return 0, false, err
			}
			e.enc = enc ^ encodingX
			e.Offset = p.base + int64(begin)
			if len(arena) > first {
				e.Properties = arena[first:len(arena):len(arena)]
				p.stale = e.Properties
			}
			p.arena = arena
			p.props += len(arena) - first
			return to, true, nil
		}
		if id < 256 {
			bit := uint64(1) << (id & 63)
			if p.seen[id>>6]&bit != 0 {
				if err := p.fault(off, id, errDuplicateProperty, p.opts.AllowDuplicateProperties); err != nil {
					return 0, false, err
				}
			}
			p.seen[id>>6] |= bit
		} else if err := p.wideID(off, PropID(id)); err != nil {
			return 0, false, err
		}
		if len(arena)-first >= p.opts.MaxProperties {
			return 0, false, &FormatError{Offset: p.base + int64(off), ID: id, Claimed: int64(len(arena)-first) + 1, Remaining: int64(p.opts.MaxProperties), Err: errMaxProperties}
		}
		if len(arena) == cap(arena) {
			arena = p.growArena(arena[first:], off)
			first = 0
		}
		arena = append(arena, Property{ID: PropID(id), enc: enc ^ encodingX, Value: value})
		off = to
	}
}

// growArena returns a new arena that starts with the properties of the current
// element; those of earlier elements stay where they are.
func (p *parser) growArena(current []Property, off int) []Property {
	size := firstProperties
	if p.props > 0 {
		size = p.estimate(p.props, off)
	}
	size = max(min(size, (len(p.data)-off)/recordSize+1), len(current)+8) + len(current)
	arena := make([]Property, len(current), size)
	copy(arena, current)
	return arena
}

// context fills in the element for a record with an element id.
func (p *parser) context(e *Element, id uint32, value []byte, off int) *FormatError {
	e.Raw = value
	switch id {
	case idCertificate:
		e.Kind = Certificate
	case idCRL:
		e.Kind = CRL
	case idCTL:
		e.Kind = CTL
	default:
		e.ID = id
		return nil
	}
	switch err := checkFrame(value); err {
	case nil:
		return nil
	case errEmptyContext:
		return p.fault(off, id, err, p.opts.AllowEmptyContext)
	case errTrailingDER:
		return p.fault(off, id, err, p.opts.AllowTrailingDER)
	default:
		// What is in an element is the caller's to judge: it is kept and
		// reported, and the others stay readable.
		return p.fault(off, id, err, true)
	}
}

// wideID checks an id from 256 on.
func (p *parser) wideID(off int, id PropID) *FormatError {
	if id > MaxPropID {
		if err := p.fault(off, uint32(id), errPropertyID, p.opts.AllowLargePropertyIDs); err != nil {
			return err
		}
	}
	seen := false
	if id <= MaxPropID {
		if p.wide == nil {
			p.wide = new([(MaxPropID + 1) / 64]uint64)
		}
		seen = p.wide[id/64]&(1<<(id%64)) != 0
		p.wide[id/64] |= 1 << (id % 64)
	} else {
		if p.large == nil {
			p.large = make(map[PropID]struct{})
		}
		_, seen = p.large[id]
		p.large[id] = struct{}{}
	}
	if seen {
		return p.fault(off, uint32(id), errDuplicateProperty, p.opts.AllowDuplicateProperties)
	}
	return nil
}

// resetWide forgets the ids of the element before, at a cost that depends on
// its properties alone.
func (p *parser) resetWide() {
	for i := range p.stale {
		if id := p.stale[i].ID; id <= MaxPropID && p.wide != nil {
			p.wide[id/64] = 0
		}
	}
	p.stale, p.large = nil, nil
}

// short deals with the end of the store where no whole record is left.
func (p *parser) short(e *Element, props []Property, begin, off int) (int, bool, *FormatError) {
	left := p.data[off:]
	if !allZero(left) {
		return 0, false, &FormatError{Offset: p.base + int64(off), Claimed: recordSize, Remaining: int64(len(left)), Err: errShortRecord}
	}
	next, more, err := p.orphans(e, props, begin, off)
	if err != nil || more {
		return next, more, err
	}
	return off, false, p.fault(off, 0, ErrMissingEnd, p.opts.AllowMissingEnd)
}

// end deals with a record whose id is 0.
func (p *parser) end(e *Element, props []Property, begin, off int) (int, bool, *FormatError) {
	next, more, err := p.orphans(e, props, begin, off)
	if err != nil || more {
		return next, more, err
	}
	if string(p.data[off:off+recordSize]) != endMarker {
		if err := p.fault(off, 0, errNonzeroEnd, p.opts.AllowNonzeroEnd); err != nil {
			return 0, false, err
		}
	}
	if p.size > p.base+int64(off)+recordSize {
		if err := p.fault(off+recordSize, 0, errTrailingData, p.opts.AllowTrailingData); err != nil {
			return 0, false, err
		}
	}
	return off, false, nil
}

// orphans turns properties that no element follows into an element of their
// own; the next call for the same offset finds the end.
func (p *parser) orphans(e *Element, props []Property, begin, off int) (int, bool, *FormatError) {
	if len(props) == 0 {
		return off, false, nil
	}
	if err := p.fault(begin, uint32(props[0].ID), errOrphanProperties, p.opts.AllowOrphanProperties); err != nil {
		return 0, false, err
	}
	e.Offset = p.base + int64(begin)
	e.Properties = props[:len(props):len(props)]
	p.stale = e.Properties
	p.arena = nil // the next element starts a new one
	return off, true, nil
}

// fault returns the error if it is not allowed, and notes it if it is.
func (p *parser) fault(off int, id uint32, reason error, allowed bool) *FormatError {
	if allowed && len(p.faults) >= maxFaults {
		return nil
	}
	err := &FormatError{Offset: p.base + int64(off), ID: id, Err: reason}
	if !allowed {
		return err
	}
	p.faults = append(p.faults, err)
	return nil
}

func allZero(b []byte) bool {
	for _, x := range b {
		if x != 0 {
			return false
		}
	}
	return true
}
