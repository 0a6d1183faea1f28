package pkcs12

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"errors"
	"math"
	"math/big"
	"testing"
)

// TestDerivationLimits holds the bounds on one derivation at both of their sides.
func TestDerivationLimits(t *testing.T) {
	salt := func(n int) []byte { return make([]byte, n) }
	for _, tt := range []struct {
		name string
		k    kdf
		code ObservationCode // of the limit; empty: it may run, or it makes no sense
		ok   bool
	}{
		{"as much as allowed", kdf{name: "PBKDF2", salt: salt(8), iterations: 100}, "", true},
		{"one iteration", kdf{name: "PBKDF2", iterations: 1}, "", true},
		{"none", kdf{name: "PBKDF2"}, "", false},
		{"less than none", kdf{name: "PBKDF2", iterations: -1}, "", false},
		{"a longer salt", kdf{name: "PBKDF2", salt: salt(9), iterations: 1}, codeSalt, false},
		{"more iterations", kdf{name: "PBKDF2", iterations: 101}, codeIterations, false},
		{"scrypt, as much as allowed", kdf{name: "scrypt", iterations: 4, r: 25, p: 1}, "", true},
		{"scrypt, more", kdf{name: "scrypt", iterations: 4, r: 13, p: 2}, codeIterations, false},
		{"scrypt, as much memory as allowed", kdf{name: "scrypt", iterations: 2, r: 50, p: 1}, "", true},
		{"scrypt, more memory", kdf{name: "scrypt", iterations: 8, r: 13, p: 1}, codeScryptMemory, false},
		{"scrypt, more memory by p", kdf{name: "scrypt", iterations: 2, r: 10, p: 11}, codeScryptMemory, false},
		{"scrypt, a cost of 1", kdf{name: "scrypt", iterations: 1, r: 1, p: 1}, "", false},
		{"scrypt, a cost of 2", kdf{name: "scrypt", iterations: 2, r: 1, p: 1}, "", true},
		{"scrypt, a cost of 3", kdf{name: "scrypt", iterations: 3, r: 1, p: 1}, "", false},
		{"scrypt, no r", kdf{name: "scrypt", iterations: 2, r: 0, p: 1}, "", false},
		{"scrypt, no p", kdf{name: "scrypt", iterations: 2, r: 1, p: 0}, "", false},
	} {
		d := deriver{ctx: t.Context(), limits: Limits{SaltSize: 8, Iterations: 100, TotalIterations: 1000, ScryptMemory: 128 * 100}}
		err := d.check(&tt.k)
		limit, over := errors.AsType[*LimitError](err)
		_, senseless := errors.AsType[*ParameterError](err)
		if (err == nil) != tt.ok || over != (tt.code != "") || over && limit.Code != tt.code || senseless != (!tt.ok && tt.code == "") {
			t.Errorf("%s: %v", tt.name, err)
		}
		if tt.ok && tt.k.name == "PBKDF2" {
			tt.k.digest = known(crypto.SHA256)
			if key, err := d.run(&tt.k, &secret{}, 0, 32); err != nil || len(key) != 32 || d.spent != tt.k.iterations {
				t.Errorf("%s: %d octets, %v, after %d iterations", tt.name, len(key), err, d.spent)
			}
		}
	}
}

// TestDeriver holds that what was derived is derived once, whichever else was meanwhile,
// that all together stays within its limit, and that what cannot be derived is an error.
func TestDeriver(t *testing.T) {
	d := deriver{ctx: t.Context(), limits: Limits{TotalIterations: 7}.withDefaults()}
	run := func(k kdf, password string, size int) ([]byte, error) {
		return d.run(&k, &secret{octets: []byte(password), bmp: bmpString(password)}, 1, size)
	}
	pbkdf2 := kdf{name: "PBKDF2", digest: known(crypto.SHA256), salt: testSalt, iterations: 2}
	first, err := run(pbkdf2, "a", 40)
	if err != nil || len(first) != 40 {
		t.Fatal(first, err)
	}
	other, err := run(pbkdf2, "b", 40)
	if err != nil || bytes.Equal(first, other) {
		t.Errorf("another password: %v", err)
	}
	if again, err := run(pbkdf2, "a", 40); err != nil || !bytes.Equal(first, again) || d.spent != 4 {
		t.Errorf("again: %v, after %d iterations", err, d.spent)
	}
	three := pbkdf2
	three.iterations = 3
	if _, err := run(three, "a", 40); err != nil || d.spent != 7 {
		t.Errorf("as many as are allowed in all: %v, after %d iterations", err, d.spent)
	}
	one := pbkdf2
	one.iterations = 1
	limit, _ := errors.AsType[*LimitError](func() error { _, err := run(one, "a", 40); return err }())
	if limit == nil || limit.Code != codeTotalIterations || limit.Value != 8 || limit.Limit != 7 || d.spent != 7 {
		t.Errorf("more than are allowed in all: %v, after %d iterations", limit, d.spent)
	}
	for name, k := range map[string]kdf{
		"a digest that is named only": {name: "PBKDF2", digest: digest{name: "MD4"}, iterations: 1},
		"a derivation that is none":   {name: "1.2.3", digest: known(crypto.SHA256), iterations: 1},
	} {
		d.spent = 0
		if _, err := run(k, "a", 16); err == nil || statusOf(err) != statusUnsupported {
			t.Errorf("%s: %v", name, err)
		}
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	d.ctx = over
	if _, err := run(one, "c", 16); !errors.Is(err, context.Canceled) {
		t.Errorf("called off: %v", err)
	}
}

// TestPBKDF1Length holds that PBKDF1 gives no more octets than its digest has.
func TestPBKDF1Length(t *testing.T) {
	for _, size := range []int{1, sha256.Size - 1, sha256.Size, sha256.Size + 1} {
		key, err := pbkdf1(t.Context(), sha256.New(), nil, nil, 1, size)
		if ok := size <= sha256.Size; ok != (err == nil) || ok && len(key) != size {
			t.Errorf("%d octets: %d, %v", size, len(key), err)
		}
	}
}

func TestClamp(t *testing.T) {
	edge := new(big.Int).Lsh(big.NewInt(1), maxNumberBits)
	below := new(big.Int).Sub(edge, big.NewInt(1))
	for _, tt := range []struct {
		v    *big.Int
		want int64
	}{
		{new(big.Int), 0}, {big.NewInt(-1), -1}, {below, 1<<maxNumberBits - 1}, {edge, math.MaxInt64},
		{new(big.Int).Neg(below), -(1<<maxNumberBits - 1)}, {new(big.Int).Neg(edge), math.MinInt64},
	} {
		if got := clamp(tt.v); got != tt.want {
			t.Errorf("%v: %d", tt.v, got)
		}
	}
}
