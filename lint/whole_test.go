package lint_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/lint"
)

// privateKey is PrivateKeyInfo, ecPrivate ECPrivateKey and rsaPrivate RSAPrivateKey: RFC
// 5958, Section 2; RFC 5915, Section 3; RFC 8017, Appendix A.1.2.
type privateKey struct {
	Version   int
	Algorithm asn1.RawValue
	Key       []byte
}

type ecPrivate struct {
	Version int
	Scalar  []byte
	Public  asn1.BitString `asn1:"optional,explicit,tag:1"`
}

type rsaPrivate struct {
	Version                     int
	N, E, D, P, Q, DP, DQ, QInv *big.Int
}

// asKey puts the insides of a key into the form of another.
func asKey(t *testing.T, like crypto.Signer, inside any) bag {
	t.Helper()
	var k privateKey
	if _, err := asn1.Unmarshal(must(x509.MarshalPKCS8PrivateKey(like)).FullBytes, &k); err != nil {
		t.Fatal(err)
	}
	k.Key = must(asn1.Marshal(inside)).FullBytes
	return bag{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 1}, explicit(must(asn1.Marshal(k))), []attribute{keyID(1)}}
}

// compositeKey returns an RSA key whose numbers fit each other and one of whose factors
// is no prime, so that what it signs does not verify.
func compositeKey(t *testing.T) rsaPrivate {
	t.Helper()
	one, e := big.NewInt(1), big.NewInt(65537)
	for {
		var primes [3]*big.Int
		for i, bits := range []int{512, 512, 1024} {
			var err error
			if primes[i], err = rand.Prime(rand.Reader, bits); err != nil {
				t.Fatal(err)
			}
		}
		p, q := new(big.Int).Mul(primes[0], primes[1]), primes[2]
		a, b := new(big.Int).Sub(p, one), new(big.Int).Sub(q, one)
		if d := new(big.Int).ModInverse(e, new(big.Int).Mul(a, b)); d != nil {
			return rsaPrivate{0, new(big.Int).Mul(p, q), e, d, p, q, new(big.Int).Mod(d, a), new(big.Int).Mod(d, b), new(big.Int).ModInverse(q, p)}
		}
	}
}

// TestWholeKeys: a PFX whose key is not whole works for no target, and fails the need
// that speaks of it; one that is whole meets it.
func TestWholeKeys(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	numbers := func(change func(k *rsaPrivate)) rsaPrivate {
		k := rsaPrivate{0, new(big.Int).Set(rsaKey.N), big.NewInt(int64(rsaKey.E)), new(big.Int).Set(rsaKey.D), new(big.Int).Set(rsaKey.Primes[0]),
			new(big.Int).Set(rsaKey.Primes[1]), new(big.Int).Set(rsaKey.Precomputed.Dp), new(big.Int).Set(rsaKey.Precomputed.Dq), new(big.Int).Set(rsaKey.Precomputed.Qinv)}
		change(&k)
		return k
	}
	zero, two := new(big.Int), big.NewInt(2)
	type test struct {
		name   string
		key    bag
		public crypto.Signer // what the certificate is for
		want   lint.State
	}
	tests := []test{
		{"RSA", asKey(t, rsaKey, numbers(func(*rsaPrivate) {})), rsaKey, lint.Met},
		{"RSA, zeroed", asKey(t, rsaKey, numbers(func(k *rsaPrivate) { k.D, k.P, k.Q, k.DP, k.DQ, k.QInv = zero, zero, zero, zero, zero, zero })), rsaKey, lint.Failed},
		{"RSA, d is 0", asKey(t, rsaKey, numbers(func(k *rsaPrivate) { k.D = zero })), rsaKey, lint.Failed},
		{"RSA, another p", asKey(t, rsaKey, numbers(func(k *rsaPrivate) { k.P.Add(k.P, two) })), rsaKey, lint.Failed},
		{"RSA, another q", asKey(t, rsaKey, numbers(func(k *rsaPrivate) { k.Q.Add(k.Q, two) })), rsaKey, lint.Failed},
		{"RSA, another p and modulus", asKey(t, rsaKey, numbers(func(k *rsaPrivate) { k.P.Add(k.P, two); k.N.Mul(k.P, k.Q) })), rsaKey, lint.Failed},
		{"RSA, another d", asKey(t, rsaKey, numbers(func(k *rsaPrivate) { k.D.Add(k.D, two) })), rsaKey, lint.Failed},
		{"RSA, another dP", asKey(t, rsaKey, numbers(func(k *rsaPrivate) { k.DP.Add(k.DP, two) })), rsaKey, lint.Failed},
		{"RSA, another dQ", asKey(t, rsaKey, numbers(func(k *rsaPrivate) { k.DQ.Add(k.DQ, two) })), rsaKey, lint.Failed},
		{"RSA, another qInv", asKey(t, rsaKey, numbers(func(k *rsaPrivate) { k.QInv.Add(k.QInv, two) })), rsaKey, lint.Failed},
		{"RSA, negative factors", asKey(t, rsaKey, numbers(func(k *rsaPrivate) { k.P.Neg(k.P); k.Q.Neg(k.Q) })), rsaKey, lint.Failed},
		{"Ed25519", asKey(t, edKey(), edKey().Seed()), edKey(), lint.Met},
		{"Ed25519, another seed", asKey(t, edKey(), append(make([]byte, 31), 1)), edKey(), lint.Failed},
		{"Ed25519, certificate of another", asKey(t, edKey(), edKey().Seed()), ed25519.NewKeyFromSeed(append(make([]byte, 31), 1)), lint.Failed},
	}
	odd := compositeKey(t)
	tests = append(tests, test{"RSA, a factor that is no prime", asKey(t, rsaKey, odd),
		publicOnly{&rsa.PublicKey{N: odd.N, E: int(odd.E.Int64())}}, lint.Failed})
	for _, curve := range []elliptic.Curve{elliptic.P224(), elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		key, other := ecKey(curve, 3), ecKey(curve, 4)
		size := (curve.Params().BitSize + 7) / 8
		public := func(key *ecdsa.PrivateKey) asn1.BitString {
			point, err := key.PublicKey.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			return asn1.BitString{Bytes: point, BitLength: 8 * len(point)}
		}
		order := curve.Params().N.FillBytes(make([]byte, size))
		above := new(big.Int).Add(curve.Params().N, big.NewInt(3)).FillBytes(make([]byte, size)) // the same point, were it reduced
		scalar := func(n byte) []byte { return append(make([]byte, size-1), n) }
		name := curve.Params().Name
		tests = append(tests, []test{
			{name, asKey(t, key, ecPrivate{1, scalar(3), public(key)}), key, lint.Met},
			{name + ", without the point", asKey(t, key, ecPrivate{Version: 1, Scalar: scalar(3)}), key, lint.Met},
			{name + ", point of another", asKey(t, key, ecPrivate{1, scalar(3), public(other)}), key, lint.Failed},
			{name + ", scalar of another", asKey(t, key, ecPrivate{1, scalar(4), public(key)}), key, lint.Failed},
			{name + ", scalar of another without the point", asKey(t, key, ecPrivate{Version: 1, Scalar: scalar(4)}), key, lint.Failed},
			{name + ", scalar 0", asKey(t, key, ecPrivate{1, scalar(0), public(key)}), key, lint.Failed},
			{name + ", scalar 0 without the point", asKey(t, key, ecPrivate{Version: 1, Scalar: scalar(0)}), key, lint.Failed},
			{name + ", scalar n", asKey(t, key, ecPrivate{1, order, public(key)}), key, lint.Failed},
			{name + ", scalar above n", asKey(t, key, ecPrivate{1, above, public(key)}), key, lint.Failed},
		}...)
	}
	seen := map[lint.Target]bool{}
	for _, tt := range tests {
		leaf := newUser(issuing(), tt.public)
		files := openPFX(plainPFX(tt.key, certBag(leaf, keyID(1)), certBag(issuing()), certBag(root())), "secret")
		r := run(t, files, &lint.Options{Time: today, Roots: loose(root()), ZLint: []string{"none"}})
		identities := 0
		for _, v := range r.Subjects {
			i := slices.IndexFunc(v.Needs, func(a lint.NeedAnswer) bool { return a.Need == "identity" })
			if i < 0 {
				continue
			}
			seen[v.Target] = true
			identities++
			if got := v.Needs[i].State; got != tt.want || tt.want == lint.Failed && v.Status != lint.Fails {
				t.Errorf("%s, %s: %v, %v for %v", tt.name, v.Target, got, v.Status, v.Because)
			}
		}
		if identities == 0 {
			t.Errorf("%s: nothing is said of the key", tt.name)
		}
	}
	t.Logf("%v", seen)
	if len(seen) < 5 {
		t.Errorf("only %v judge keys", seen)
	}
}
