package sst

import (
	"crypto/x509"
	"encoding/binary"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

func valueError(id PropID) *FormatError { return &FormatError{ID: uint32(id), Err: errValue} }

// Text decodes a string: UTF-16LE with one terminating NUL, which the length of
// the value counts. A value without NUL, with a NUL before its end, or with an
// unpaired surrogate is an error, a [*FormatError]. Text that starts with the
// mark U+200E, as names of Microsoft roots do, is returned with it.
func (p Property) Text() (string, error) {
	s, rest, ok := cutText(p.Value)
	if !ok || len(rest) > 0 {
		return "", valueError(p.ID)
	}
	return s, nil
}

// FriendlyName returns the display name of the element, or "" if it has none
// that can be read.
func (e *Element) FriendlyName() string {
	if p, ok := e.Property(PropFriendlyName); ok {
		if s, err := p.Text(); err == nil {
			return s
		}
	}
	return ""
}

// KeyProvInfo returns the decoded [PropKeyProvInfo] of the element, and nil if
// it has none.
func (e *Element) KeyProvInfo() (*KeyProvInfo, error) {
	if p, ok := e.Property(PropKeyProvInfo); ok {
		return p.KeyProvInfo()
	}
	return nil, nil
}

// cutText decodes UTF-16LE up to its NUL and returns what follows the NUL.
func cutText(v []byte) (s string, rest []byte, ok bool) {
	b := make([]byte, 0, len(v)/2)
	for {
		if len(v) < 2 {
			return "", nil, false
		}
		c := rune(binary.LittleEndian.Uint16(v))
		v = v[2:]
		if c == 0 {
			return string(b), v, true
		}
		if utf16.IsSurrogate(c) {
			if len(v) < 2 {
				return "", nil, false
			}
			c = utf16.DecodeRune(c, rune(binary.LittleEndian.Uint16(v)))
			if c == utf8.RuneError {
				return "", nil, false
			}
			v = v[2:]
		}
		b = utf8.AppendRune(b, c)
	}
}

// Uint32 decodes a DWORD: 4 bytes, little-endian.
func (p Property) Uint32() (uint32, error) {
	if len(p.Value) != 4 {
		return 0, valueError(p.ID)
	}
	return binary.LittleEndian.Uint32(p.Value), nil
}

// The seconds from 1601-01-01, where FILETIME starts, to 1970-01-01.
const fileTimeEpoch = 11_644_473_600

// Time decodes a FILETIME: 100 ns since 1601-01-01 UTC, as 8 bytes. Windows
// also writes values of no bytes, which mean that no date is given; for these
// the result is the zero time. Any other length is an error. The result is in
// UTC and can be far beyond the year 9999.
func (p Property) Time() (time.Time, error) {
	switch len(p.Value) {
	case 0:
		return time.Time{}, nil
	case 8:
		t := binary.LittleEndian.Uint64(p.Value)
		return time.Unix(int64(t/1e7)-fileTimeEpoch, int64(t%1e7)*100).UTC(), nil
	}
	return time.Time{}, valueError(p.ID)
}

// Flag reports what a property says whose presence counts: true for a value of
// no bytes, and otherwise whether any byte of it is set.
func (p Property) Flag() bool { return len(p.Value) == 0 || !allZero(p.Value) }

// DER returns the value if it is exactly one DER value with a definite length;
// what is inside is not looked at.
func (p Property) DER() ([]byte, error) {
	if n, ok := derLength(p.Value); !ok || n != uint64(len(p.Value)) || p.Value[0]&0x1f == 0x1f {
		return nil, valueError(p.ID)
	}
	return p.Value, nil
}

// OIDs decodes a DER SEQUENCE OF OBJECT IDENTIFIER, such as the usages of
// [PropEnhKeyUsage]. The sequence may be empty: then the property forbids or
// allows nothing.
func (p Property) OIDs() ([]x509.OID, error) {
	c := cursor(p.Value)
	list, ok := c.value(tagSequence)
	if !ok || len(c) > 0 {
		return nil, valueError(p.ID)
	}
	var oids []x509.OID
	for in := cursor(list); len(in) > 0; {
		b, _ := in.value(tagOID) // no octets are no OID
		var oid x509.OID
		if err := oid.UnmarshalBinary(b); err != nil {
			return nil, valueError(p.ID)
		}
		oids = append(oids, oid)
	}
	return oids, nil
}
