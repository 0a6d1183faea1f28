package pkcs12

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/fips140"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"testing"

	"github.com/smimechain/smimechain/testdata/outside"
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
		k.Err = k.readRSA(der, true)
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
	if k := parseKey(der, true); k.Whole() != Yes {
		t.Errorf("Ed25519: %v, %v", k.Whole(), k.Err)
	}
	if k := (&Key{Algorithm: "EC", Curve: "brainpoolP256r1", Fingerprint: "00"}); k.Whole() != Unknown {
		t.Errorf("brainpool: %v", k.Whole())
	}
}

// factorsPKCS1 makes an RSA key whose numbers fit each other, one of whose factors is no
// prime.
func factorsPKCS1(t testing.TB) []byte {
	t.Helper()
	one := big.NewInt(1)
	prime := func(bits int) *big.Int {
		p, err := rand.Prime(rand.Reader, bits)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for {
		p, q, e := new(big.Int).Mul(prime(256), prime(256)), prime(512), big.NewInt(65537)
		a, b := new(big.Int).Sub(p, one), new(big.Int).Sub(q, one)
		d := new(big.Int).ModInverse(e, new(big.Int).Mul(a, b))
		if d == nil {
			continue
		}
		der, err := asn1.Marshal([]*big.Int{new(big.Int), new(big.Int).Mul(p, q), e, d, p, q,
			new(big.Int).Mod(d, a), new(big.Int).Mod(d, b), new(big.Int).ModInverse(q, p)})
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
}

// TestWholeFactors: numbers that fit each other are no proof where a factor is no
// prime. A signature tells.
func TestWholeFactors(t *testing.T) {
	der := factorsPKCS1(t)
	for _, tt := range []struct {
		try  bool
		want Answer
	}{{false, Yes}, {true, No}} {
		k := new(Key)
		k.Err = k.readRSA(der, tt.try)
		if k.Whole() != tt.want {
			t.Errorf("a factor that is no prime, tried %v: %v, %v", tt.try, k.Whole(), k.Err)
		}
	}
}

// wholeKeys are keys of all kinds that a signature can be made with.
func wholeKeys(t testing.TB) map[string]crypto.Signer {
	t.Helper()
	keys := map[string]crypto.Signer{}
	add := func(name string, key crypto.Signer, err error) {
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		keys[name] = key
	}
	for _, curve := range []elliptic.Curve{elliptic.P224(), elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		add(curve.Params().Name, key, err)
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	add("Ed25519", ed, err)
	for _, bits := range []int{2048, 3072} {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		add(fmt.Sprintf("RSA %d", bits), key, err)
	}
	return keys
}

// TestWholeKinds: a signature is made with each kind of key, and verifies. Run where
// FIPS 140-3 is enforced, by TestFIPS, too.
func TestWholeKinds(t *testing.T) {
	keys := wholeKeys(t)
	for name, key := range keys {
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		for _, try := range []bool{false, true} {
			if k := parseKey(der, try); k.Whole() != Yes {
				t.Errorf("%s, tried %v: %v, %v", name, try, k.Whole(), k.Err)
			}
		}
	}
	if fips140.Enforced() {
		return // no smaller one can be made
	}
	t.Setenv("GODEBUG", "rsa1024min=0")
	for _, bits := range []int{64, 129, 512, 1024} {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			t.Fatal(err)
		}
		k := new(Key)
		if k.Err = k.readRSA(x509.MarshalPKCS1PrivateKey(key), true); k.Whole() != Yes {
			t.Errorf("RSA %d: %v, %v", bits, k.Whole(), k.Err)
		}
	}
}

// TestWholeStored: the public half that stands behind a private key is held against it.
func TestWholeStored(t *testing.T) {
	type stored struct {
		Version   int
		Algorithm pkix.AlgorithmIdentifier
		Private   []byte
		Public    asn1.BitString `asn1:"tag:1"`
	}
	private, other := ed25519.NewKeyFromSeed(make([]byte, 32)), ed25519.NewKeyFromSeed(append(make([]byte, 31), 1))
	seed, err := asn1.Marshal(private.Seed())
	if err != nil {
		t.Fatal(err)
	}
	for want, public := range map[Answer]ed25519.PublicKey{Yes: private.Public().(ed25519.PublicKey), No: other.Public().(ed25519.PublicKey)} {
		der, err := asn1.Marshal(stored{1, pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 3, 101, 112}}, seed, asn1.BitString{Bytes: public, BitLength: 256}})
		if err != nil {
			t.Fatal(err)
		}
		if k := parseKey(der, false); k.Whole() != want {
			t.Errorf("%v, want %v: %v", k.Whole(), want, k.Err)
		}
	}
}

// TestWholeCorpus: no key of the corpus is said to be damaged.
func TestWholeCorpus(t *testing.T) {
	keys := map[Answer]int{}
	for _, s := range samples(t) {
		r, err := (&Options{Password: &s.password, TryKeys: true, Limits: Limits{TotalIterations: raceIterations}}).Inspect(t.Context(), outside.Read(t, s.dir, s.name))
		if err != nil {
			continue
		}
		for _, b := range r.Bags() {
			if b.Key == nil {
				continue
			}
			keys[b.Key.Whole()]++
			if b.Key.Damaged() {
				t.Errorf("%s: %s %d bits is damaged", s.name, b.Key.Algorithm, b.Key.Bits)
			}
			if b.Key.Whole() == Unknown {
				t.Logf("%s: %s %s %d bits: %v", s.name, b.Key.Algorithm, b.Key.Curve, b.Key.Bits, b.Key.Err)
			}
		}
	}
	t.Logf("keys: %v", keys)
	if keys[Yes] < 150 {
		t.Errorf("%d keys are whole", keys[Yes])
	}
}

// BenchmarkTryKeys is an inspection with a signature, beside BenchmarkInspect, which
// makes none.
func BenchmarkTryKeys(b *testing.B) {
	data := outside.Read(b, "pfx", "o30-default.p12")
	password := "secret"
	o := &Options{Password: &password, TryKeys: true}
	for b.Loop() {
		if _, err := o.Inspect(b.Context(), data); err != nil {
			b.Fatal(err)
		}
	}
}
