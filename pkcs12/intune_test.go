package pkcs12_test

import (
	"crypto"
	"testing"

	"github.com/smimechain/smimechain/pkcs12"
)

func TestIntunePasswordSize(t *testing.T) {
	for _, tt := range []struct {
		bits int
		hash crypto.Hash
		want int
	}{
		{2048, 0, 126}, {2048, crypto.SHA512, 126}, {2048, crypto.SHA384, 158}, {2048, crypto.SHA256, 190},
		{3072, 0, 254}, {4096, 0, 382}, {4095, 0, 382}, {1024, 0, 0}, {0, 0, 0}, {-1, 0, 0},
		{2048, crypto.SHA1, 0}, {2048, 99, 0},
	} {
		if got := pkcs12.IntunePasswordSize(tt.bits, tt.hash); got != tt.want {
			t.Errorf("%d bits, hash %d: %d, want %d", tt.bits, tt.hash, got, tt.want)
		}
	}
}
