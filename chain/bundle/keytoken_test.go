package bundle

import (
	"bytes"
	"testing"
)

// TestTokens reads octets as programs print them.
func TestTokens(t *testing.T) {
	for _, tt := range []struct {
		token        string
		hex, decimal []byte // nil: none
	}{
		{"0", nil, []byte{0}}, {"9", nil, []byte{9}}, {"10", []byte{0x10}, []byte{10}}, {"00", []byte{0}, []byte{0}},
		{"255", nil, []byte{255}}, {"256", nil, nil}, {"999", nil, nil}, {"0255", []byte{2, 0x55}, nil},
		{"ff", []byte{0xff}, nil}, {"0xFF", []byte{0xff}, nil}, {"0X0a", []byte{10}, nil}, {"x7f", []byte{0x7f}, nil},
		{"0x", nil, nil}, {"0xf", nil, nil}, {"fg", nil, nil}, {"-1", nil, nil}, {"/1", nil, nil}, {":1", nil, nil},
	} {
		if got, ok := appendHexToken(nil, []byte(tt.token)); ok != (tt.hex != nil) || ok && !bytes.Equal(got, tt.hex) {
			t.Errorf("%s in hexadecimal: %x, %v", tt.token, got, ok)
		}
		if got, ok := appendDecimalToken(nil, []byte(tt.token)); ok != (tt.decimal != nil) || ok && !bytes.Equal(got, tt.decimal) {
			t.Errorf("%s in decimal: %d, %v", tt.token, got, ok)
		}
	}
}
