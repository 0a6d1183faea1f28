package sst

import (
	"bytes"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"time"
)

// notForWriters reports whether no writer has a reason to set the property:
// key material, handles of a process, and the order to delete a key.
func notForWriters(id PropID) bool {
	return id.Class().Has(KeyMaterial|ProcessHandle) || id == PropCLRDeleteKey
}

func settable(id PropID, form Form) error {
	if id.Form() != form {
		return fmt.Errorf("sst: %v holds no %v", id, form)
	}
	if notForWriters(id) {
		return fmt.Errorf("sst: %v is not for writers: %v", id, id.Class())
	}
	return nil
}

// NewText returns a property of form [FormText], such as [PropFriendlyName]:
// UTF-16LE with a terminating NUL. Text with a NUL in it, or that is not valid
// UTF-8, is an error.
func NewText(id PropID, s string) (Property, error) {
	if err := settable(id, FormText); err != nil {
		return Property{}, err
	}
	v, err := encodeText(s)
	if err != nil {
		return Property{}, err
	}
	return Property{ID: id, Value: v}, nil
}

// NewTime returns a property of form [FormFileTime]. The time is cut to 100 ns;
// the zero time gives a value of no bytes, as Windows writes where no date is
// given. Times before 1601 and after 60055 are an error.
func NewTime(id PropID, t time.Time) (Property, error) {
	if err := settable(id, FormFileTime); err != nil {
		return Property{}, err
	}
	if t.IsZero() {
		return Property{ID: id}, nil
	}
	sec := t.Unix()
	if sec < -fileTimeEpoch || sec > 1<<62 {
		return Property{}, valueError(id)
	}
	hi, lo := bits.Mul64(uint64(sec+fileTimeEpoch), 1e7)
	ticks, carry := bits.Add64(lo, uint64(t.Nanosecond())/100, 0)
	if hi != 0 || carry != 0 {
		return Property{}, valueError(id)
	}
	return Property{ID: id, Value: binary.LittleEndian.AppendUint64(nil, ticks)}, nil
}

// NewUint32 returns a property of form [FormDWORD].
func NewUint32(id PropID, v uint32) (Property, error) {
	if err := settable(id, FormDWORD); err != nil {
		return Property{}, err
	}
	return Property{ID: id, Value: binary.LittleEndian.AppendUint32(nil, v)}, nil
}

// NewFlag returns a property of form [FormFlag], set, with a value of no bytes.
func NewFlag(id PropID) (Property, error) {
	if err := settable(id, FormFlag); err != nil {
		return Property{}, err
	}
	return Property{ID: id}, nil
}

// NewOIDs returns a property of form [FormOIDList], such as [PropEnhKeyUsage].
func NewOIDs(id PropID, oids ...x509.OID) (Property, error) {
	if err := settable(id, FormOIDList); err != nil {
		return Property{}, err
	}
	var list []byte
	for _, oid := range oids {
		b, err := oid.MarshalBinary()
		if err != nil || len(b) == 0 {
			return Property{}, valueError(id)
		}
		list = appendDER(list, tagOID, b)
	}
	return Property{ID: id, Value: appendDER(nil, tagSequence, list)}, nil
}

// NewDER returns a property of form [FormDER] with the value, which must be one
// DER value and is not copied.
func NewDER(id PropID, der []byte) (Property, error) {
	if err := settable(id, FormDER); err != nil {
		return Property{}, err
	}
	p := Property{ID: id, Value: der}
	if _, err := p.DER(); err != nil {
		return Property{}, err
	}
	return p, nil
}

// NewHash returns a property of form [FormHash], computed from the element: one
// of those that [Element.VerifyHashes] compares.
func NewHash(id PropID, e *Element) (Property, error) {
	if e == nil {
		return Property{}, errors.New("sst: no element was given")
	}
	if err := settable(id, FormHash); err != nil {
		return Property{}, err
	}
	h := hasher{e: e}
	v, ok := h.compute(id, 0)
	if !ok {
		return Property{}, fmt.Errorf("sst: %v cannot be computed from the element", id)
	}
	return Property{ID: id, Value: bytes.Clone(v)}, nil
}

// appendDER appends one DER value.
func appendDER(b []byte, tag byte, value []byte) []byte {
	b = append(b, tag)
	n := len(value)
	if n < 0x80 {
		b = append(b, byte(n))
	} else {
		k := (bits.Len(uint(n)) + 7) / 8
		b = append(b, 0x80|byte(k))
		for i := k - 1; i >= 0; i-- {
			b = append(b, byte(n>>(8*i)))
		}
	}
	return append(b, value...)
}

// SetProperty replaces the property with the id of p, or adds p at the end. It
// does not write into the old slice of properties, which Parse may share
// between elements. It refuses nothing.
func (e *Element) SetProperty(p Property) {
	props := slices.Clone(e.Properties)
	for i := range props {
		if props[i].ID == p.ID {
			props[i] = p
			e.Properties = props
			return
		}
	}
	e.Properties = append(props, p)
}

// RemoveProperty removes all properties with the id and reports whether there
// were any.
func (e *Element) RemoveProperty(id PropID) bool {
	var kept []Property
	for _, p := range e.Properties {
		if p.ID != id {
			kept = append(kept, p)
		}
	}
	had := len(kept) < len(e.Properties)
	e.Properties = kept
	return had
}

// Clone returns a copy of the element that shares no memory with it.
func (e *Element) Clone() *Element {
	c := *e
	c.Raw = bytes.Clone(e.Raw)
	c.Properties = slices.Clone(e.Properties)
	for i := range c.Properties {
		c.Properties[i].Value = bytes.Clone(c.Properties[i].Value)
	}
	return &c
}

// BuildOptions says what [NewFromElements] lets through. The zero value, and a
// nil pointer, refuse whatever does not belong in a file for others.
type BuildOptions struct {
	// Allow lists the classes of properties to write. Without it, properties
	// of any class but [Recomputable] are refused.
	Allow Class

	// KeepOrder keeps the order of the elements. Otherwise certificates come
	// first, then CRLs, then CTLs, then others, each in the given order.
	KeepOrder bool
}

// A RefusedError says which property of which element [NewFromElements]
// refuses, and why.
type RefusedError struct {
	Index    int    // of the element
	Property PropID // 0 if it is about the element
	Class    Class  // the classes that are not allowed, if that is the reason
	Reason   string
}

// Error returns a text without any value of the property.
func (e *RefusedError) Error() string {
	s := fmt.Sprintf("sst: element %d: ", e.Index)
	if e.Property != 0 {
		s += e.Property.String() + ": "
	}
	return s + e.Reason
}

// NewFromElements returns a store with the elements and their properties, which
// are not copied. It refuses properties of classes that are not allowed, hashes
// that are not those of the element, ids that no property may have or that
// occur twice, and what [Store.Marshal] could not write. The error is a
// [*RefusedError].
func NewFromElements(elems []Element, opts *BuildOptions) (*Store, error) {
	if opts == nil {
		opts = new(BuildOptions)
	}
	for i := range elems {
		e := &elems[i]
		if _, err := e.size(); err != nil {
			return nil, &RefusedError{Index: i, Reason: err.Error()}
		}
		if e.recordID() == 0 {
			return nil, &RefusedError{Index: i, Reason: "properties without an element"}
		}
		if e.enc != 0 {
			return nil, &RefusedError{Index: i, Reason: ErrEncodingType.Error()}
		}
		seen := make(map[PropID]bool, len(e.Properties))
		for _, p := range e.Properties {
			class := p.ID.Class() &^ (opts.Allow | Recomputable)
			switch {
			case !p.ID.Valid():
				return nil, &RefusedError{Index: i, Property: p.ID, Reason: ErrPropertyID.Error()}
			case p.enc != 0:
				return nil, &RefusedError{Index: i, Property: p.ID, Reason: ErrEncodingType.Error()}
			case seen[p.ID]:
				return nil, &RefusedError{Index: i, Property: p.ID, Reason: ErrDuplicateProperty.Error()}
			case class != 0:
				return nil, &RefusedError{Index: i, Property: p.ID, Class: class, Reason: "refused: " + class.String()}
			}
			seen[p.ID] = true
		}
		if bad := e.VerifyHashes(); len(bad) > 0 {
			return nil, &RefusedError{Index: i, Property: bad[0].ID, Reason: "is not the hash of the element"}
		}
	}
	s := &Store{Elements: slices.Clone(elems)}
	if !opts.KeepOrder {
		slices.SortStableFunc(s.Elements, func(a, b Element) int { return int(a.Kind-1) - int(b.Kind-1) })
	}
	return s, nil
}
