package pkcs12

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"testing"
)

// TestWhole changes each number of an RSA key in turn: whatever a program computes with
// is held against the rest.
func TestWhole(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	var numbers struct {
		Version               int
		N                     *big.Int
		E                     int
		D, P, Q, DP, DQ, QInv *big.Int
	}
	if _, err := asn1.Unmarshal(x509.MarshalPKCS1PrivateKey(key), &numbers); err != nil {
		t.Fatal(err)
	}
	read := func() *Key {
		der, err := asn1.Marshal(numbers)
		if err != nil {
			t.Fatal(err)
		}
		k := new(Key)
		k.Err = k.readRSA(der)
		return k
	}
	if k := read(); k.Whole() != Yes {
		t.Fatalf("%v, %v", k.Whole(), k.Err)
	}
	for name, v := range map[string]*big.Int{"d": numbers.D, "p": numbers.P, "q": numbers.Q, "dP": numbers.DP, "dQ": numbers.DQ, "qInv": numbers.QInv} {
		for _, by := range []int64{2, -2} {
			v.Add(v, big.NewInt(by))
			if k := read(); k.Whole() != No || !k.Damaged() {
				t.Errorf("%s changed by %d: %v, %v", name, by, k.Whole(), k.Err)
			}
			v.Sub(v, big.NewInt(by))
		}
		old := new(big.Int).Set(v)
		v.SetInt64(0)
		if k := read(); k.Whole() == Yes {
			t.Errorf("%s is 0: %v", name, k.Whole())
		}
		v.Set(old)
	}
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	if k := parseKey(der); k.Whole() != Yes {
		t.Errorf("Ed25519: %v, %v", k.Whole(), k.Err)
	}
	if k := (&Key{Algorithm: "EC", Curve: "brainpoolP256r1", Fingerprint: "00"}); k.Whole() != Unknown {
		t.Errorf("brainpool: %v", k.Whole())
	}
}
