package pkcs12kdf

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"unicode/utf16"
)

func bmp(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return append(b, 0, 0)
}

// Vectors in wide use among implementations of the derivation: passwords
// "smeg" and "queeg".
func TestVectors(t *testing.T) {
	tests := []struct {
		password, salt      string
		iterations, purpose int
		size                int
		want                string
	}{
		{"smeg", "0a58cf64530d823f", 1, ForKey, 24, "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3"},
		{"smeg", "0a58cf64530d823f", 1, ForIV, 8, "79993dfe048d3b76"},
		{"smeg", "3d83c0e4546ac140", 1, ForMAC, 20, "8d967d88f6caa9d714800ab3d48051d63f73a312"},
		{"queeg", "05dec959acff72f7", 1000, ForKey, 24, "ed2034e36328830ff09df1e1a07dd357185dac0d4f9eb3d4"},
		{"queeg", "05dec959acff72f7", 1000, ForIV, 8, "11dedad7758d4860"},
		{"queeg", "263216fcc2fab31c", 1000, ForMAC, 20, "5ec4c7a80df652294c3925b6489a7ab857c83476"},
	}
	for _, test := range tests {
		salt, _ := hex.DecodeString(test.salt)
		got, _ := Key(t.Context(), sha1.New, bmp(test.password), salt, test.iterations, test.purpose, test.size)
		if hex.EncodeToString(got) != test.want {
			t.Errorf("%s, purpose %d: %x, want %s", test.password, test.purpose, got, test.want)
		}
	}
}

func TestSizes(t *testing.T) {
	for _, password := range [][]byte{nil, bmp(""), bmp("secret")} {
		for _, salt := range [][]byte{nil, {1}, make([]byte, 100)} {
			for _, size := range []int{1, 20, 32, 33, 100} {
				if got, _ := Key(t.Context(), sha256.New, password, salt, 2, ForKey, size); len(got) != size {
					t.Errorf("%d octets instead of %d", len(got), size)
				}
			}
		}
	}
}

func BenchmarkKey(b *testing.B) {
	password, salt := bmp("secret"), make([]byte, 8)
	for b.Loop() {
		Key(b.Context(), sha256.New, password, salt, 2048, ForMAC, 32)
	}
}
