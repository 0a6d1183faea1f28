package sst

// What writes the values that tests read.

import (
	"bytes"
	"crypto/x509"
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// newText returns a property of form [FormText], such as [PropFriendlyName]:
// UTF-16LE with a terminating NUL. Text with a NUL in it, or that is not valid
// UTF-8, is an error.
func newText(id PropID, s string) (Property, error) {
	v, err := encodeText(s)
	if err != nil {
		return Property{}, err
	}
	return Property{ID: id, Value: v}, nil
}

// newTime returns a property of form [FormFileTime]. The time is cut to 100 ns;
// the zero time gives a value of no bytes, as Windows writes where no date is
// given. Times before 1601 and after 60055 are an error.
func newTime(id PropID, t time.Time) (Property, error) {
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

// newUint32 returns a property of form [FormDWORD].
func newUint32(id PropID, v uint32) (Property, error) {
	return Property{ID: id, Value: binary.LittleEndian.AppendUint32(nil, v)}, nil
}

// newOIDs returns a property of form [FormOIDList], such as [PropEnhKeyUsage].
func newOIDs(id PropID, oids ...x509.OID) (Property, error) {
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

// newHash returns a property of form [FormHash], computed from the element: one
// of those that [Element.VerifyHashes] compares.
func newHash(id PropID, e *Element) (Property, error) {
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

// setProperty replaces the property with the id of p, or adds p at the end. It
// does not write into the old slice of properties, which Parse may share
// between elements. It refuses nothing.
func (e *Element) setProperty(p Property) {
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

// newKeyProvInfo returns the property [PropKeyProvInfo] for k, with the
// provider name on a multiple of 4 as Windows writes it. A public collection
// has no use for one; Windows uses it to find a key.
func newKeyProvInfo(k *KeyProvInfo) (Property, error) {
	var tail []byte
	head := make([]byte, keyProvHeader, keyProvHeader+len(k.Params)*keyProvParam)
	put := func(off int, v uint32) { binary.LittleEndian.PutUint32(head[off:], v) }
	put(8, k.ProvType)
	put(12, k.Flags)
	put(24, k.KeySpec)
	base := uint64(keyProvHeader) + uint64(len(k.Params))*keyProvParam
	total := base
	for _, q := range k.Params {
		total += uint64(len(q.Data)) + 4
	}
	if total+2*uint64(len(k.Container)+len(k.Provider)) > math.MaxInt32 {
		return Property{}, valueError(PropKeyProvInfo)
	}
	if len(k.Params) > 0 {
		put(16, uint32(len(k.Params)))
		put(20, keyProvHeader)
		head = head[:base]
	}
	pad := func() {
		for (len(head)+len(tail))%4 != 0 {
			tail = append(tail, 0)
		}
	}
	for i, s := range []string{k.Container, k.Provider} {
		if s == "" {
			continue
		}
		t, err := encodeText(s)
		if err != nil {
			return Property{}, err
		}
		pad()
		put(4*i, uint32(len(head)+len(tail)))
		tail = append(tail, t...)
	}
	for i, q := range k.Params {
		f := keyProvHeader + i*keyProvParam
		put(f, q.Param)
		put(f+12, q.Flags)
		if len(q.Data) == 0 {
			continue
		}
		pad()
		put(f+4, uint32(len(head)+len(tail)))
		put(f+8, uint32(len(q.Data)))
		tail = append(tail, q.Data...)
	}
	return Property{ID: PropKeyProvInfo, Value: append(head, tail...)}, nil
}

// encodeText is the inverse of cutText, with the NUL.
func encodeText(s string) ([]byte, error) {
	b := make([]byte, 0, 2*len(s)+2)
	for i, r := range s {
		if r == 0 {
			return nil, &FormatError{Offset: int64(i), Err: errValue}
		}
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n <= 1 {
				return nil, &FormatError{Offset: int64(i), Err: errValue}
			}
		}
		if r1, r2 := utf16.EncodeRune(r); r1 != utf8.RuneError {
			b = binary.LittleEndian.AppendUint16(b, uint16(r1))
			r = r2
		}
		b = binary.LittleEndian.AppendUint16(b, uint16(r))
	}
	return append(b, 0, 0), nil
}
