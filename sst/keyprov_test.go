package sst

import (
	"encoding/binary"
	"errors"
	"testing"
)

// TestKeyProvInfoBounds holds where strings, parameters and their data may lie: from the
// end of the fixed part to that of the value.
func TestKeyProvInfoBounds(t *testing.T) {
	const size = 64
	type field struct{ at, value uint32 }
	param := func(off, n uint32) []field { return []field{{16, 1}, {20, 28}, {28 + 4, off}, {28 + 8, n}} }
	for _, tt := range []struct {
		name   string
		fields []field
		bad    int64 // the offset that is found bad, -1: none
	}{
		{"nothing", nil, -1},
		{"container in the fixed part", []field{{0, 27}}, 0},
		{"container behind it", []field{{0, 28}}, -1},
		{"container is the last NUL", []field{{0, size - 2}}, -1},
		{"container is half a NUL", []field{{0, size - 1}}, 0},
		{"container at the end", []field{{0, size}}, 0},
		{"container past the end", []field{{0, size + 1}}, 0},
		{"provider in the fixed part", []field{{4, 27}}, 4},
		{"provider behind it", []field{{4, 28}}, -1},
		{"provider is the last NUL", []field{{4, size - 2}}, -1},
		{"provider is half a NUL", []field{{4, size - 1}}, 4},
		{"provider at the end", []field{{4, size}}, 4},
		{"no parameters, anywhere", []field{{20, 1 << 31}}, -1},
		{"parameter in the fixed part", []field{{16, 1}, {20, 27}}, 16},
		{"parameter behind it", []field{{16, 1}, {20, 28}}, -1},
		{"parameter is the last of the value", []field{{16, 1}, {20, size - 16}}, -1},
		{"parameter past the end", []field{{16, 1}, {20, size - 15}}, 16},
		{"parameter at the end", []field{{16, 1}, {20, size}}, 16},
		{"parameter behind the end", []field{{16, 1}, {20, size + 1}}, 16},
		{"two parameters up to the end", []field{{16, 2}, {20, size - 32}}, -1},
		{"two parameters, one octet too many", []field{{16, 2}, {20, size - 31}}, 16},
		{"too many parameters", []field{{16, 3}, {20, 28}}, 16},
		{"most parameters", []field{{16, 1<<32 - 1}, {20, 28}}, 16},
		{"data in the fixed part", param(27, 1), 32},
		{"data behind it", param(28, 1), -1},
		{"data is all behind it", param(28, size-28), -1},
		{"data past the end", param(28, size-27), 32},
		{"data is the last octet", param(size-1, 1), -1},
		{"data is the last octet and one more", param(size-1, 2), 32},
		{"data at the end", param(size, 1), 32},
		{"data behind the end", param(size+1, 1), 32},
		{"no data, anywhere", param(1<<31, 0), -1},
		{"no data, in the fixed part", param(1, 0), -1},
	} {
		v := make([]byte, size)
		for _, f := range tt.fields {
			binary.LittleEndian.PutUint32(v[f.at:], f.value)
		}
		k, err := Property{ID: PropKeyProvInfo, Value: v}.KeyProvInfo()
		bad := int64(-1)
		if fe, ok := errors.AsType[*FormatError](err); ok {
			bad = fe.Offset
		}
		if bad != tt.bad || (k == nil) != (bad >= 0) {
			t.Errorf("%s: %+v, %v", tt.name, k, err)
		}
	}
	if _, err := (Property{ID: PropKeyProvInfo, Value: make([]byte, keyProvHeader)}).KeyProvInfo(); err != nil {
		t.Errorf("nothing but the fixed part: %v", err)
	}
}
