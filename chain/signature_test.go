package chain

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/fips140"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	mathrand "math/rand/v2"
	"slices"
	"testing"

	"github.com/ProtonMail/go-crypto/brainpool"
	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// rsaKeys are made once: they are slow.
var rsaKeys = map[int]*rsa.PrivateKey{}

func testRSA(tb testing.TB, bits int) *rsa.PrivateKey {
	tb.Helper()
	if rsaKeys[bits] == nil {
		k, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			tb.Fatal(err)
		}
		rsaKeys[bits] = k
	}
	return rsaKeys[bits]
}

// raw makes of a block what an RSA signature over it would be.
func raw(k *rsa.PrivateKey, block []byte) []byte {
	m := new(big.Int).Exp(new(big.Int).SetBytes(block), k.D, k.N)
	return m.FillBytes(make([]byte, k.Size()))
}

func notEnforced(t *testing.T) {
	if fips140.Enforced() {
		t.Skip("FIPS 140-3 is enforced: crypto/rsa alone is asked")
	}
}

// TestRSAEqualsStandard compares signatures and what is made of them, whole and
// damaged, with crypto/rsa.
func TestRSAEqualsStandard(t *testing.T) {
	rnd := mathrand.New(mathrand.NewPCG(21, 1))
	hashes := []crypto.Hash{crypto.SHA1, crypto.SHA224, crypto.SHA256, crypto.SHA384, crypto.SHA512}
	if fips140.Enforced() {
		hashes = hashes[1:]
	}
	accepted, refused := 0, 0
	for _, bits := range []int{2048, 2056, 3072, 4096} {
		k := testRSA(t, bits)
		own := &rsaKey{n: k.N, e: big.NewInt(int64(k.E))}
		for i := range 20 {
			hash := hashes[i%len(hashes)]
			s := &scheme{name: "test", key: "RSA", hash: hash}
			digest := make([]byte, hash.Size())
			for j := range digest {
				digest[j] = byte(rnd.Uint32())
			}
			whole, err := rsa.SignPKCS1v15(nil, k, hash, digest)
			if err != nil {
				t.Fatal(err)
			}
			for _, damage := range []func([]byte) []byte{
				func(b []byte) []byte { return b },
				func(b []byte) []byte { b[rnd.IntN(len(b))] ^= 1 << rnd.IntN(8); return b },
				func(b []byte) []byte { return b[1:] },
				func(b []byte) []byte { return b[:len(b)-1] },
				func(b []byte) []byte { return append([]byte{0}, b...) },
				func(b []byte) []byte { return append(b, 0) },
				func(b []byte) []byte { return nil },
				func(b []byte) []byte { return make([]byte, len(b)) },
				func(b []byte) []byte { return bytes.Repeat([]byte{0xff}, len(b)) },
				func(b []byte) []byte { return k.N.Bytes() },
				func(b []byte) []byte { // the same, and the modulus once more
					s := new(big.Int).SetBytes(b)
					if s.Add(s, k.N); (s.BitLen()+7)/8 > len(b) {
						return b[:0]
					}
					return s.FillBytes(make([]byte, len(b)))
				},
			} {
				signature := damage(slices.Clone(whole))
				want := rsa.VerifyPKCS1v15(&k.PublicKey, hash, digest, signature) == nil
				bare, err := own.verify(s, digest, signature)
				if (err == nil) != want || bare {
					t.Errorf("%d bits, %s, %x: %v, %t; crypto/rsa says %t", bits, hash, signature, err, bare, want)
				}
				if !fips140.Enforced() {
					block := own.recover(signature)
					if got := block != nil && bytes.Equal(block, pkcs1Block(len(block), hash, digest, true)); got != want {
						t.Errorf("%d bits, %s: math/big says %t, crypto/rsa %t", bits, hash, got, want)
					}
				}
				if want {
					accepted++
				} else {
					refused++
				}
			}
		}
	}
	if accepted != 80 || refused != 800 {
		t.Errorf("%d accepted, %d refused", accepted, refused)
	}
}

// TestRSABlocks has signatures over blocks that are nearly right, made with the key.
func TestRSABlocks(t *testing.T) {
	notEnforced(t)
	digest := sha256.Sum256([]byte("what is signed"))
	for _, bits := range []int{2048, 3072} {
		k := testRSA(t, bits)
		own := &rsaKey{n: k.N, e: big.NewInt(int64(k.E))}
		size := k.Size()
		good := pkcs1Block(size, crypto.SHA256, digest[:], true)
		info := size - 51 // where the DigestInfo starts
		change := func(at int, b byte) []byte {
			c := slices.Clone(good)
			c[at] = b
			return c
		}
		// with is a block of a DigestInfo in hexadecimal and the digest, with more after it.
		with := func(info string, more int) []byte {
			body := slices.Concat(octets(info), digest[:], make([]byte, more))
			c := bytes.Repeat([]byte{0xff}, size)
			c[0], c[1] = 0, 1
			c[size-len(body)-1] = 0
			copy(c[size-len(body):], body)
			return c
		}
		const plain, bare = "3031 300d 060960864801650304020105000420", "302f 300b 0609608648016503040201 0420"
		for _, test := range []struct {
			name     string
			block    []byte
			ok, bare bool
		}{
			{"as it should be", good, true, false},
			{"the same by hand", with(plain, 0), true, false},
			{"without NULL", with(bare, 0), true, true},
			{"without NULL, more after it", with(bare, 2), false, false},
			{"more after it", with(plain, 1), false, false},
			{"much after it, little padding", with(plain, size-51-3-8), false, false},
			{"more after it within the lengths", with("3033 300d 060960864801650304020105000422", 2), false, false},
			{"another type of block", change(1, 2), false, false},
			{"a private type of block", change(1, 0), false, false},
			{"a first octet", change(0, 1), false, false},
			{"a hole in the padding", change(20, 0), false, false},
			{"an octet of the padding", change(20, 0xfe), false, false},
			{"no end of the padding", change(info-1, 0xff), false, false},
			{"another hash", with("3031 300d 060960864801650304020205000420", 0), false, false},
			{"another hash without NULL", with("302f 300b 0609608648016503040202 0420", 0), false, false},
			{"other parameters", with("3031 300d 060960864801650304020104000420", 0), false, false},
			{"parameters that are long", with("3033 300f 0609608648016503040201 05020000 0420", 0), false, false},
			{"a length in two octets", with("308131 300d 060960864801650304020105000420", 0), false, false},
			{"an indefinite length", with("3080 300d 060960864801650304020105000420", 0), false, false},
			{"the digest alone", with("", 0), false, false},
			{"the digest alone as octets", with("0420", 0), false, false},
			{"another digest", change(size-1, good[size-1]^1), false, false},
			{"zero", make([]byte, size), false, false},
			{"one", append(make([]byte, size-1), 1), false, false},
		} {
			isBare, err := own.verify(schemes["\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"], digest[:], raw(k, test.block))
			if (err == nil) != test.ok || isBare != test.bare {
				t.Errorf("%d bits, %s: %v, without NULL: %t", bits, test.name, err, isBare)
			}
		}
	}
}

// TestRSALeadingZeros looks for signatures that start with zeros, which belong to them.
func TestRSALeadingZeros(t *testing.T) {
	notEnforced(t)
	k := testRSA(t, 2056) // its own octet is nearly empty
	own := &rsaKey{n: k.N, e: big.NewInt(int64(k.E))}
	s := schemes["\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"]
	found := 0
	for i := 0; i < 4000 && found < 3; i++ {
		digest := sha256.Sum256([]byte{byte(i), byte(i >> 8)})
		signature := raw(k, pkcs1Block(k.Size(), crypto.SHA256, digest[:], true))
		if signature[0] != 0 {
			continue
		}
		found++
		if _, err := own.verify(s, digest[:], signature); err != nil {
			t.Errorf("%x: %v", signature, err)
		}
		if _, err := own.verify(s, digest[:], signature[1:]); err == nil {
			t.Errorf("%x verifies without its zero", signature)
		}
	}
	if found == 0 {
		t.Error("no signature starts with zero")
	}
}

// TestRSASmallExponents forges where an exponent of 3 lets one, and has exponents that
// no key may have.
func TestRSASmallExponents(t *testing.T) {
	notEnforced(t)
	digest := sha256.Sum256([]byte("forged"))
	n := testRSA(t, 3072).N
	own := &rsaKey{n: n, e: big.NewInt(3)}
	s := schemes["\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"]
	// The cube root of a block with short padding and room after the digest.
	info := pkcs1Block(51+11, crypto.SHA256, digest[:], true)
	block := append(slices.Clone(info), make([]byte, 3072/8-len(info))...)
	low, high := big.NewInt(0), new(big.Int).Lsh(big.NewInt(1), 1024)
	target := new(big.Int).SetBytes(block)
	for low.Cmp(high) < 0 {
		mid := new(big.Int).Add(low, high)
		mid.Rsh(mid, 1)
		if new(big.Int).Exp(mid, big.NewInt(3), nil).Cmp(target) < 0 {
			low = mid.Add(mid, big.NewInt(1))
		} else {
			high = mid
		}
	}
	forged := low.FillBytes(make([]byte, 3072/8))
	if got := own.recover(forged); !bytes.HasPrefix(got, info[:51]) {
		t.Fatalf("not the block that was wanted: %x", got)
	}
	if _, err := own.verify(s, digest[:], forged); !errors.Is(err, errBadSignature) {
		t.Errorf("a forged signature: %v", err)
	}
	for _, e := range []int64{1, 2, 65536} {
		k := &publicKey{rsa: &rsaKey{n: n, e: big.NewInt(e)}}
		if _, err := k.verify(s, nil, make([]byte, 384)); !errors.Is(err, ErrUnsupportedAlgorithm) {
			t.Errorf("exponent %d: %v", e, err)
		}
	}
	large := new(big.Int).Lsh(big.NewInt(1), maxExponentBits)
	k := &publicKey{rsa: &rsaKey{n: n, e: large.SetBit(large, 0, 1)}}
	if _, err := k.verify(s, nil, make([]byte, 384)); !errors.Is(err, ErrUnsupportedAlgorithm) {
		t.Errorf("a large exponent: %v", err)
	}
	// One that crypto/rsa has no room for works.
	p := testRSA(t, 2048)
	phi := new(big.Int).Mul(new(big.Int).Sub(p.Primes[0], big.NewInt(1)), new(big.Int).Sub(p.Primes[1], big.NewInt(1)))
	wide := big.NewInt(1<<32 + 15)
	for new(big.Int).GCD(nil, nil, wide, phi).Cmp(big.NewInt(1)) != 0 {
		wide.Add(wide, big.NewInt(2))
	}
	secret := &rsa.PrivateKey{PublicKey: p.PublicKey, D: new(big.Int).ModInverse(wide, phi)}
	if _, err := (&rsaKey{n: p.N, e: wide}).verify(s, digest[:], raw(secret, pkcs1Block(256, crypto.SHA256, digest[:], true))); err != nil {
		t.Errorf("an exponent of 33 bits: %v", err)
	}
}

// pssParams is RSASSA-PSS-params; what is 0 or -1 is left out.
func pssParams(hash, mask byte, salt int, more ...byte) []byte {
	return pssParamsOf(nil, hash, mask, salt, more...)
}

// pssParamsOf is pssParams with digests of the given parameters.
func pssParamsOf(params []byte, hash, mask byte, salt int, more ...byte) []byte {
	digest := func(b *cryptobyte.Builder, n byte) {
		b.AddBytes(identifier("\x60\x86\x48\x01\x65\x03\x04\x02"+string([]byte{n}), params))
	}
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		if hash != 0 {
			b.AddASN1(0xa0, func(b *cryptobyte.Builder) { digest(b, hash) })
		}
		if mask != 0 {
			b.AddASN1(0xa1, func(b *cryptobyte.Builder) {
				b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1(casn1.OBJECT_IDENTIFIER, func(b *cryptobyte.Builder) { b.AddBytes([]byte(oidMGF1)) })
					digest(b, mask)
				})
			})
		}
		if salt >= 0 {
			b.AddASN1(0xa2, func(b *cryptobyte.Builder) { b.AddASN1Int64(int64(salt)) })
		}
		b.AddBytes(more)
	})
	return b.BytesOrPanic()
}

// identifier is an AlgorithmIdentifier.
func identifier(oid string, params []byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(casn1.OBJECT_IDENTIFIER, func(b *cryptobyte.Builder) { b.AddBytes([]byte(oid)) })
		b.AddBytes(params)
	})
	return b.BytesOrPanic()
}

// spki is a SubjectPublicKeyInfo.
func spki(oid string, params, key []byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(identifier(oid, params))
		b.AddASN1BitString(key)
	})
	return b.BytesOrPanic()
}

const oidRSA = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"

// TestPSS has keys for RSASSA-PSS, and what their parameters leave (RFC 4055).
func TestPSS(t *testing.T) {
	k := testRSA(t, 2048)
	bits := x509.MarshalPKCS1PublicKey(&k.PublicKey)
	message := []byte("what is signed")
	digest := sha256.Sum256(message)
	sign := func(salt int) []byte {
		signature, err := rsa.SignPSS(rand.Reader, k, crypto.SHA256, digest[:], &rsa.PSSOptions{SaltLength: salt})
		if err != nil {
			t.Fatal(err)
		}
		return signature
	}
	null := []byte{5, 0}
	good, short := sign(32), sign(20)
	plain, err := rsa.SignPKCS1v15(nil, k, crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	sha256RSA := identifier("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", null)
	damaged := slices.Clone(good)
	damaged[9] ^= 1
	for _, test := range []struct {
		name      string
		key       []byte
		scheme    []byte
		signature []byte
		want      error
	}{
		{"an ordinary key", spki(oidRSA, null, bits), identifier(oidPSS, pssParams(1, 1, 32)), good, nil},
		{"a key for it", spki(oidPSS, nil, bits), identifier(oidPSS, pssParams(1, 1, 32)), good, nil},
		{"a salt of another length", spki(oidPSS, nil, bits), identifier(oidPSS, pssParams(1, 1, 20)), short, nil},
		{"the salt left out, which is 20", spki(oidPSS, nil, bits), identifier(oidPSS, pssParams(1, 1, -1)), short, nil},
		{"the trailer said", spki(oidPSS, nil, bits), identifier(oidPSS, pssParams(1, 1, 32, 0xa3, 3, 2, 1, 1)), good, nil},
		{"another trailer", spki(oidPSS, nil, bits), identifier(oidPSS, pssParams(1, 1, 32, 0xa3, 3, 2, 1, 2)), good, ErrUnsupportedAlgorithm},
		{"a field more", spki(oidPSS, nil, bits), identifier(oidPSS, pssParams(1, 1, 32, 0xa4, 0)), good, ErrUnsupportedAlgorithm},
		{"no parameters", spki(oidPSS, nil, bits), identifier(oidPSS, nil), good, ErrUnsupportedAlgorithm},
		{"a salt of another length than said", spki(oidPSS, nil, bits), identifier(oidPSS, pssParams(1, 1, 32)), short, errBadSignature},
		{"another hash than said", spki(oidPSS, nil, bits), identifier(oidPSS, pssParams(2, 2, 32)), good, errBadSignature},
		{"a hash that is not known", spki(oidPSS, nil, bits), identifier(oidPSS, pssParams(9+10, 1, 32)), good, ErrUnsupportedAlgorithm},
		{"a mask of another hash", spki(oidPSS, nil, bits), identifier(oidPSS, pssParams(1, 2, 32)), good, ErrUnsupportedAlgorithm},
		{"digests with NULL", spki(oidPSS, nil, bits), identifier(oidPSS, pssParamsOf(null, 1, 1, 32)), good, nil},
		{"digests with a number", spki(oidPSS, nil, bits), identifier(oidPSS, pssParamsOf([]byte{2, 1, 0}, 1, 1, 32)), good, ErrUnsupportedAlgorithm},
		{"no salt", spki(oidPSS, nil, bits), identifier(oidPSS, pssParams(1, 1, 0)), good, ErrUnsupportedAlgorithm},
		{"damaged", spki(oidPSS, nil, bits), identifier(oidPSS, pssParams(1, 1, 32)), damaged, errBadSignature},
		{"a key for just this", spki(oidPSS, pssParams(1, 1, 32), bits), identifier(oidPSS, pssParams(1, 1, 32)), good, nil},
		{"a key for a shorter salt", spki(oidPSS, pssParams(1, 1, 20), bits), identifier(oidPSS, pssParams(1, 1, 32)), good, nil},
		{"a key for a longer salt", spki(oidPSS, pssParams(1, 1, 32), bits), identifier(oidPSS, pssParams(1, 1, 20)), short, errBadSignature},
		{"a key for another hash", spki(oidPSS, pssParams(2, 2, 32), bits), identifier(oidPSS, pssParams(1, 1, 32)), good, errBadSignature},
		{"a key for another mask", spki(oidPSS, pssParams(1, 2, 32), bits), identifier(oidPSS, pssParams(1, 1, 32)), good, errBadSignature},
		{"a key of other parameters", spki(oidPSS, null, bits), identifier(oidPSS, pssParams(1, 1, 32)), good, ErrUnsupportedAlgorithm},
		{"an ordinary signature by an ordinary key", spki(oidRSA, null, bits), sha256RSA, plain, nil},
		{"an ordinary signature by a key without NULL", spki(oidRSA, nil, bits), sha256RSA, plain, nil},
		{"an ordinary signature by a key for PSS", spki(oidPSS, nil, bits), sha256RSA, plain, errBadSignature},
	} {
		if _, err := readKey(test.key).verify(readScheme(test.scheme), message, test.signature); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
	if s := readScheme(identifier(oidPSS, pssParams(1, 1, 32))); s.number != x509.SHA256WithRSAPSS || s.name != "RSASSA-PSS SHA-256" {
		t.Errorf("%+v", s)
	}
	if s := readScheme(identifier(oidPSS, []byte{0x30, 0})); s.hash != crypto.SHA1 || s.salt != 20 || !s.weak() {
		t.Errorf("the parameters left out: %+v", s)
	}
}

const oidEC = "\x2a\x86\x48\xce\x3d\x02\x01"

// oidOf returns the contents of the identifier of a curve.
func oidOf(t *testing.T, name string) []byte {
	for dotted, c := range curves {
		if c.name == name {
			oid, err := x509.ParseOID(dotted)
			if err != nil {
				t.Fatal(err)
			}
			der, err := oid.MarshalBinary()
			if err != nil {
				t.Fatal(err)
			}
			return tlv(casn1.OBJECT_IDENTIFIER, fmt.Sprintf("%x", der), 1)
		}
	}
	t.Fatalf("no curve %s", name)
	return nil
}

// curveKey makes a key on any curve.
func curveKey(tb testing.TB, curve elliptic.Curve) *ecdsa.PrivateKey {
	tb.Helper()
	//lint:ignore SA1019 there is no other way for these curves
	scalar, x, y, err := elliptic.GenerateKey(curve, rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	//lint:ignore SA1019 there is no other way for these curves
	return &ecdsa.PrivateKey{PublicKey: ecdsa.PublicKey{Curve: curve, X: x, Y: y}, D: new(big.Int).SetBytes(scalar)}
}

// TestCurves signs on every curve that signatures are checked on.
func TestCurves(t *testing.T) {
	message := []byte("what is signed")
	digest := sha256.Sum256(message)
	s := schemes["\x2a\x86\x48\xce\x3d\x04\x03\x02"]
	for name, math := range map[string]func() elliptic.Curve{
		"P-224": elliptic.P224, "P-256": elliptic.P256, "P-384": elliptic.P384, "P-521": elliptic.P521,
		"brainpoolP256r1": brainpool.P256r1, "brainpoolP256t1": brainpool.P256t1,
		"brainpoolP384r1": brainpool.P384r1, "brainpoolP384t1": brainpool.P384t1,
		"brainpoolP512r1": brainpool.P512r1, "brainpoolP512t1": brainpool.P512t1,
	} {
		t.Run(name, func(t *testing.T) {
			curve, standard := math(), name[0] == 'P'
			if !standard {
				notEnforced(t)
			}
			private := curveKey(t, curve)
			x, y := private.X, private.Y
			signature, err := ecdsa.SignASN1(rand.Reader, private, digest[:])
			if err != nil {
				t.Fatal(err)
			}
			size := (curve.Params().BitSize + 7) / 8
			point := slices.Concat([]byte{4}, x.FillBytes(make([]byte, size)), y.FillBytes(make([]byte, size)))
			k := readKey(spki(oidEC, oidOf(t, name), point))
			if _, err := k.verify(s, message, signature); err != nil || k.kind.Curve != name {
				t.Errorf("%v %v", k.kind, err)
			}
			if _, err := k.verify(s, message[1:], signature); err != errBadSignature {
				t.Errorf("another message: %v", err)
			}
			if _, err := k.verify(schemes["\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"], message, signature); err != errBadSignature {
				t.Errorf("said to be RSA: %v", err)
			}
			short := readKey(spki(oidEC, oidOf(t, name), append([]byte{2 + byte(y.Bit(0))}, point[1:1+size]...)))
			if _, err := short.verify(s, message, signature); standard && err != nil || !standard && !errors.Is(err, ErrUnsupportedAlgorithm) {
				t.Errorf("a compressed point: %v", err)
			}
			for what, wrong := range map[string][]byte{
				"beside the curve": append(slices.Clone(point[:2*size]), point[2*size]^1), "cut": point[:2*size], "nothing": nil,
				"beyond the field": slices.Concat([]byte{4}, bytes.Repeat([]byte{0xff}, 2*size)), "in another form": append([]byte{6}, point[1:]...),
			} {
				if _, err := readKey(spki(oidEC, oidOf(t, name), wrong)).verify(s, message, signature); !errors.Is(err, ErrUnsupportedAlgorithm) {
					t.Errorf("a point that is %s: %v", what, err)
				}
			}
		})
	}
}

// TestUncheckable holds that what cannot be checked is named.
func TestUncheckable(t *testing.T) {
	public, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point := append([]byte{4}, make([]byte, 64)...)
	ecdsaScheme := identifier("\x2a\x86\x48\xce\x3d\x04\x03\x02", nil)
	rsaScheme := identifier("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", nil)
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil && !fips140.Enforced() {
		t.Fatal(err)
	}
	for _, test := range []struct {
		key, scheme []byte
		want        string
	}{
		{spki(oidEC, oidOf(t, "secp256k1"), point), ecdsaScheme, "EC secp256k1"},
		{spki(oidEC, oidOf(t, "SM2"), point), identifier("\x2a\x81\x1c\xcf\x55\x01\x83\x75", nil), "SM2-SM3"},
		{spki(oidEC, oidOf(t, "brainpoolP320t1"), point), ecdsaScheme, "EC brainpoolP320t1"},
		{spki(oidEC, []byte{0x30, 0}, point), ecdsaScheme, "EC explicit parameters"},
		{spki("\x60\x86\x48\x01\x65\x03\x04\x03\x12", nil, point), identifier("\x60\x86\x48\x01\x65\x03\x04\x03\x12", nil), "ML-DSA-65"},
		{spki("\x60\x86\x48\x01\x65\x03\x04\x03\x14", nil, point), identifier("\x60\x86\x48\x01\x65\x03\x04\x03\x14", nil), "SLH-DSA-SHA2-128s"},
		{spki("\x60\x86\x48\x01\x65\x03\x04\x04\x02", nil, point), rsaScheme, "ML-KEM-768"},
		{spki("\x2b\x65\x71", nil, point), identifier("\x2b\x65\x71", nil), "Ed448"},
		{spki("\x2b\x65\x70", nil, public), identifier("\x2b\x65\x71", nil), "Ed448"},
		{spki("\x2b\x65\x70", nil, public[1:]), identifier("\x2b\x65\x70", nil), "Ed25519"},
		{spki("\x2a\x03\x04", nil, point), identifier("\x2a\x03\x05", nil), "1.2.3.5"},
		{spki("\x2a\x03\x04", nil, point), rsaScheme, "1.2.3.4"},
		{spki(oidRSA, []byte{5, 0}, x509.MarshalPKCS1PublicKey(&testRSA(t, 2048).PublicKey)), identifier("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04", []byte{5, 0}), "MD5-RSA"},
		{spki(oidRSA, []byte{5, 0}, x509.MarshalPKCS1PublicKey(&testRSA(t, 2048).PublicKey)), identifier("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x02", []byte{5, 0}), "MD2-RSA"},
		{spki(oidRSA, []byte{5, 0}, octets("3006 020101 020103")), rsaScheme, "RSA 1"},
		{spki(oidRSA, []byte{5, 0}, octets("3006 020100 020103")), rsaScheme, "RSA"},
		{spki(oidRSA, []byte{5, 0}, octets("3006 0201ff 020103")), rsaScheme, "RSA"},
		{spki(oidRSA, []byte{5, 0}, nil), rsaScheme, "RSA"},
	} {
		_, err := readKey(test.key).verify(readScheme(test.scheme), []byte("x"), make([]byte, 256))
		if u, ok := errors.AsType[*uncheckable](err); !ok || u.what != test.want || !errors.Is(err, ErrUnsupportedAlgorithm) {
			t.Errorf("%v, want %s", err, test.want)
		}
	}
	if small != nil {
		half := new(big.Int).Rsh(small.N, 1)
		k := &publicKey{rsa: &rsaKey{n: half.SetBit(half, 0, 1), e: big.NewInt(3)}}
		if _, err := k.verify(schemes["\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"], nil, make([]byte, 128)); !errors.Is(err, ErrUnsupportedAlgorithm) {
			t.Errorf("a key of 1023 bits: %v", err)
		}
	}
	if _, err := new(publicKey).verify(new(scheme), nil, nil); !errors.Is(err, ErrUnsupportedAlgorithm) {
		t.Errorf("nothing: %v", err)
	}
}

// TestCheckSignature holds which signatures over what is no certificate verify.
func TestCheckSignature(t *testing.T) {
	message := []byte("what is signed")
	digest := sha256.Sum256(message)
	signature, err := ecdsa.SignASN1(nil, testKey(1), digest[:])
	if err != nil {
		t.Fatal(err)
	}
	signer := sign(t, entity{"User", 1}, entity{"CA", 2}, asLeaf)
	algorithm := identifier("\x2a\x86\x48\xce\x3d\x04\x03\x02", nil)
	for _, test := range []struct {
		name              string
		by                *Certificate
		algorithm, signed []byte
		want              error
	}{
		{"as signed", signer, algorithm, message, nil},
		{"another message", signer, algorithm, message[1:], errBadSignature},
		{"another key", sign(t, entity{"User", 3}, entity{"CA", 2}, asLeaf), algorithm, message, errBadSignature},
		{"another kind of key", signer, identifier("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", nil), message, errBadSignature},
		{"an algorithm that is not known", signer, identifier("\x2a\x03", nil), message, ErrUnsupportedAlgorithm},
		{"no algorithm", signer, nil, message, ErrUnsupportedAlgorithm},
		{"no key", new(Certificate), algorithm, message, ErrUnsupportedAlgorithm},
	} {
		if err := test.by.CheckSignature(test.algorithm, test.signed, signature); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
}

// TestEd25519 signs and verifies.
func TestEd25519(t *testing.T) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	message := []byte("what is signed")
	k := readKey(spki("\x2b\x65\x70", nil, public))
	s := readScheme(identifier("\x2b\x65\x70", nil))
	if _, err := k.verify(s, message, ed25519.Sign(private, message)); err != nil {
		t.Error(err)
	}
	if _, err := k.verify(s, message[1:], ed25519.Sign(private, message)); err != errBadSignature {
		t.Errorf("another message: %v", err)
	}
}

// TestKeyOfAnotherScheme holds that a key verifies nothing that is signed by a scheme for
// other keys.
func TestKeyOfAnotherScheme(t *testing.T) {
	keys := map[string]*publicKey{
		"RSA":     {rsa: &rsaKey{n: testRSA(t, 2048).N, e: big.NewInt(65537)}},
		"EC":      {ec: &testKey(1).PublicKey},
		"Ed25519": {ed: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)).Public().(ed25519.PublicKey)},
	}
	for kind, key := range keys {
		for _, s := range schemes {
			if s.never || s.key == kind {
				continue
			}
			for _, size := range []int{0, 64, 256} {
				if _, err := key.verify(s, []byte("what is signed"), make([]byte, size)); err != errBadSignature && !errors.Is(err, ErrUnsupportedAlgorithm) {
					t.Errorf("%s under a key of %s: %v", s.name, kind, err)
				}
			}
		}
	}
}

// TestRSABounds holds which RSA keys signatures are checked with.
func TestRSABounds(t *testing.T) {
	odd := func(bits int) *big.Int { return new(big.Int).SetBit(big.NewInt(1), bits-1, 1) }
	for _, tt := range []struct {
		name string
		n, e *big.Int
		want string
	}{
		{"the least exponent", odd(2048), big.NewInt(3), ""},
		{"an exponent of one", odd(2048), big.NewInt(1), "RSA"},
		{"an exponent of zero", odd(2048), big.NewInt(0), "RSA"},
		{"an exponent below zero", odd(2048), big.NewInt(-3), "RSA"},
		{"an even exponent", odd(2048), big.NewInt(4), "RSA"},
		{"the longest exponent", odd(2048), odd(maxExponentBits), ""},
		{"a longer exponent", odd(2048), odd(maxExponentBits + 1), "RSA"},
		{"an even modulus", new(big.Int).Lsh(big.NewInt(1), 2047), big.NewInt(3), "RSA"},
		{"the shortest modulus", odd(minRSABits), big.NewInt(3), ""},
		{"a shorter modulus", odd(minRSABits - 1), big.NewInt(3), fmt.Sprintf("RSA %d", minRSABits-1)},
		{"the longest modulus", odd(maxRSABits), big.NewInt(3), ""},
		{"a longer modulus", odd(maxRSABits + 1), big.NewInt(3), fmt.Sprintf("RSA %d", maxRSABits+1)},
	} {
		if got := (&rsaKey{n: tt.n, e: tt.e}).unsupported(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestRSAOutOfRange holds that a number is a signature only below the modulus: one with the
// same remainder is another, though the same block comes of it (RFC 8017, Section 5.2.2).
func TestRSAOutOfRange(t *testing.T) {
	k := testRSA(t, 2048)
	own := &rsaKey{n: k.N, e: big.NewInt(int64(k.E))}
	if own.recover(k.N.Bytes()) != nil || own.recover(make([]byte, k.Size()-1)) != nil || own.recover(make([]byte, k.Size()+1)) != nil {
		t.Error("out of range")
	}
	tried := 0
	for i := range 64 {
		digest := sha256.Sum256([]byte{byte(i)})
		block := pkcs1Block(k.Size(), crypto.SHA256, digest[:], true)
		signature := raw(k, block)
		if !bytes.Equal(own.recover(signature), block) {
			t.Fatal("the block does not come back")
		}
		if other := new(big.Int).Add(new(big.Int).SetBytes(signature), k.N); other.BitLen() <= 8*k.Size() {
			tried++
			if own.recover(other.Bytes()) != nil {
				t.Error("a signature beyond the modulus")
			}
		}
	}
	if tried == 0 {
		t.Error("no number beyond the modulus is short enough")
	}
}
