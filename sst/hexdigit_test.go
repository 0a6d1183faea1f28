package sst

import (
	"encoding/hex"
	"testing"
)

// TestHexDigit holds that the digits are those of package hex, of all octets.
func TestHexDigit(t *testing.T) {
	for c := range 256 {
		want, err := hex.DecodeString("0" + string([]byte{byte(c)}))
		got, ok := hexDigit(byte(c))
		if ok != (err == nil) || ok && got != want[0] {
			t.Errorf("%#02x: %d, %t", c, got, ok)
		}
	}
}
