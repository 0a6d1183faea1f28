package sst

import (
	"encoding/binary"
)

// KeyProvInfo is CRYPT_KEY_PROV_INFO: where Windows finds the private key of a
// certificate. It is no key, but it tells the names of a key container and its
// provider, and makes .NET claim that the certificate has a private key.
type KeyProvInfo struct {
	Container string // name of the key container, or of the key for CNG
	Provider  string // name of the CSP or KSP
	ProvType  uint32 // 0 for CNG, 1 for PROV_RSA_FULL, 24 for PROV_RSA_AES
	Flags     uint32 // 0x20 CRYPT_MACHINE_KEYSET, 0x40 CRYPT_SILENT
	KeySpec   uint32 // 1 AT_KEYEXCHANGE, 2 AT_SIGNATURE, 0 for CNG
	Params    []KeyProvParam
}

// KeyProvParam is CRYPT_KEY_PROV_PARAM. The data may be a PIN.
type KeyProvParam struct {
	Param uint32
	Flags uint32
	Data  []byte // aliases the property
}

const (
	keyProvHeader = 28
	keyProvParam  = 16
)

// KeyProvInfo decodes a value in the serialized form of CRYPT_KEY_PROV_INFO,
// which has 32-bit offsets also on 64-bit Windows (MS-GPEF, Section
// 2.2.1.1.1.1.1). Strings may lie anywhere behind the fixed part, on even or
// odd offsets, but must end with a NUL within the value; an offset of 0 stands
// for an empty one. Overlaps and gaps are not looked for. The error is a
// [*FormatError] whose Offset counts from the start of the value.
func (p Property) KeyProvInfo() (*KeyProvInfo, error) {
	v := p.Value
	bad := func(off int) (*KeyProvInfo, error) {
		return nil, &FormatError{Offset: int64(off), ID: uint32(p.ID), Err: errValue}
	}
	if len(v) < keyProvHeader {
		return bad(0)
	}
	u32 := func(off int) uint32 { return binary.LittleEndian.Uint32(v[off:]) }
	text := func(field int) (string, bool) {
		off := uint64(u32(field))
		if off == 0 {
			return "", true
		}
		if off < keyProvHeader || off >= uint64(len(v)) {
			return "", false
		}
		s, _, ok := cutText(v[off:])
		return s, ok
	}
	k := &KeyProvInfo{ProvType: u32(8), Flags: u32(12), KeySpec: u32(24)}
	var ok bool
	if k.Container, ok = text(0); !ok {
		return bad(0)
	}
	if k.Provider, ok = text(4); !ok {
		return bad(4)
	}
	count, at := uint64(u32(16)), uint64(u32(20))
	if count == 0 {
		return k, nil
	}
	if at < keyProvHeader || at > uint64(len(v)) || count > (uint64(len(v))-at)/keyProvParam {
		return bad(16)
	}
	k.Params = make([]KeyProvParam, count)
	for i := range k.Params {
		f := int(at) + i*keyProvParam
		off, n := uint64(u32(f+4)), uint64(u32(f+8))
		k.Params[i] = KeyProvParam{Param: u32(f), Flags: u32(f + 12)}
		if n == 0 {
			continue
		}
		if off < keyProvHeader || off > uint64(len(v)) || n > uint64(len(v))-off {
			return bad(f + 4)
		}
		k.Params[i].Data = v[off : off+n : off+n]
	}
	return k, nil
}
