package pkcs12

import (
	"crypto/rand"
	"crypto/rsa"
	"math/big"
	"testing"
)

// TestRSASigns holds that numbers make a signature that verifies if they are those of one
// key, for moduli of any size, and not otherwise.
func TestRSASigns(t *testing.T) {
	one := big.NewInt(1)
	for _, bits := range []int{64, 512, 1024} {
		var n, e, d, p, q *big.Int
		for d == nil { // until the exponent has an inverse
			p, _ = rand.Prime(rand.Reader, bits/2)
			q, _ = rand.Prime(rand.Reader, bits/2)
			n, e = new(big.Int).Mul(p, q), big.NewInt(65537)
			d = new(big.Int).ModInverse(e, new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one)))
			if p.Cmp(q) == 0 {
				d = nil
			}
		}
		next := func(v *big.Int) *big.Int { return new(big.Int).Add(v, big.NewInt(2)) }
		for name, tt := range map[string]struct {
			n, e, d, p, q *big.Int
			want          bool
		}{
			"good": {n, e, d, p, q, true}, "factors in the other order": {n, e, d, q, p, true},
			"another private exponent": {n, e, next(d), p, q, false}, "another public exponent": {n, next(e), d, p, q, false},
			"another modulus": {next(n), e, d, p, q, false}, "another factor": {n, e, d, next(p), q, false},
			"one factor twice": {new(big.Int).Mul(p, p), e, d, p, p, false},
		} {
			if got := rsaSigns(tt.n, tt.e, tt.d, tt.p, tt.q); got != tt.want {
				t.Errorf("%d bits, %s: %v", bits, name, got)
			}
		}
	}
	if key, err := rsa.GenerateKey(rand.Reader, 2048); err != nil || !rsaSigns(key.N, big.NewInt(int64(key.E)), key.D, key.Primes[0], key.Primes[1]) {
		t.Errorf("a key of 2048 bits signs nothing: %v", err)
	}
}
