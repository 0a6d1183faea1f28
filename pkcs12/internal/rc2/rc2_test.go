package rc2

import (
	"encoding/hex"
	"testing"
)

// The vectors of RFC 2268, Section 5.
func TestVectors(t *testing.T) {
	tests := []struct {
		key        string
		bits       int
		plain, enc string
	}{
		{"0000000000000000", 63, "0000000000000000", "ebb773f993278eff"},
		{"ffffffffffffffff", 64, "ffffffffffffffff", "278b27e42e2f0d49"},
		{"3000000000000000", 64, "1000000000000001", "30649edf9be7d2c2"},
		{"88", 64, "0000000000000000", "61a8a244adacccf0"},
		{"88bca90e90875a", 64, "0000000000000000", "6ccf4308974c267f"},
		{"88bca90e90875a7f0f79c384627bafb2", 64, "0000000000000000", "1a807d272bbe5db1"},
		{"88bca90e90875a7f0f79c384627bafb2", 128, "0000000000000000", "2269552ab0f85ca6"},
		{"88bca90e90875a7f0f79c384627bafb216f80a6f85920584c42fceb0be255daf1e", 129, "0000000000000000", "5b78d3a43dfff1f1"},
	}
	for _, test := range tests {
		key, _ := hex.DecodeString(test.key)
		b, _ := hex.DecodeString(test.plain)
		c, err := New(key, test.bits)
		if err != nil {
			t.Fatal(err)
		}
		c.Encrypt(b, b)
		if got := hex.EncodeToString(b); got != test.enc {
			t.Errorf("key %s, %d bits: encrypted to %s, want %s", test.key, test.bits, got, test.enc)
		}
		c.Decrypt(b, b)
		if got := hex.EncodeToString(b); got != test.plain {
			t.Errorf("key %s, %d bits: decrypted to %s, want %s", test.key, test.bits, got, test.plain)
		}
	}
}

func TestKeySizes(t *testing.T) {
	tests := []struct{ size, bits int }{{0, 64}, {129, 64}, {8, 0}, {8, 1025}, {8, -1}}
	for _, test := range tests {
		if _, err := New(make([]byte, test.size), test.bits); err == nil {
			t.Errorf("key of %d octets, %d bits: no error", test.size, test.bits)
		}
	}
}
