package pkcs12

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"math/big"
)

// maxTriedKeys is how many keys of one file Options.TryKeys makes a signature with.
const maxTriedKeys = 16

// maxTriedSize is the size in bits of the largest RSA key that a signature is made
// with: that takes about 50 ms.
const maxTriedSize = 8192

// maxTriedExponent is the size in bits of the largest public exponent of such a key: it
// decides how long verifying takes, and is hardly ever more than 17.
const maxTriedExponent = 64

// tryMessage is what is signed. It is always the same, so that two inspections of a
// file say the same.
var tryMessage = []byte("smimechain")

// digestInfoSHA256 is what stands before the digest in EMSA-PKCS1-v1_5: RFC 8017,
// Section 9.2, note 1.
var digestInfoSHA256 = []byte{0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20}

// rsaSigns reports whether a signature that is made with the factors, as programs do
// it, verifies. Crypto/rsa is of no help: it refuses keys of some sizes, and more of
// them where FIPS 140-3 is enforced, and does not tell that from a key that is damaged.
// The signature is RSASSA-PKCS1-v1_5, or the bare operation where a modulus is too
// short for it (RFC 8017, Sections 5.2 and 8.2). All numbers are positive.
func rsaSigns(n, e, d, p, q *big.Int) bool {
	digest := sha256.Sum256(tryMessage)
	info := append(append([]byte{0}, digestInfoSHA256...), digest[:]...)
	message := []byte{2}
	if size := (n.BitLen() + 7) / 8; size >= len(info)+11 {
		message = make([]byte, size)
		for i := range message {
			message[i] = 0xff
		}
		message[0], message[1] = 0, 1
		copy(message[size-len(info):], info)
	}
	m := new(big.Int).SetBytes(message)
	half := func(prime *big.Int) *big.Int {
		exponent := new(big.Int).Mod(d, new(big.Int).Sub(prime, big.NewInt(1)))
		return exponent.Exp(new(big.Int).Mod(m, prime), exponent, prime)
	}
	s, s1 := half(q), half(p)
	// s + q · ((s1 - s) / q mod p)
	inverse := new(big.Int).ModInverse(q, p)
	if inverse == nil {
		return false
	}
	s1.Sub(s1, s).Mul(s1, inverse).Mod(s1, p)
	s.Add(s, s1.Mul(s1, q))
	return s.Exp(s, e, n).Cmp(m) == 0
}

// ecSigns reports whether a signature of the key verifies. Where none can be made,
// nothing is known against the key.
func ecSigns(key *ecdsa.PrivateKey) bool {
	digest := sha256.Sum256(tryMessage)
	signature, err := ecdsa.SignASN1(nil, key, digest[:])
	return err != nil || ecdsa.VerifyASN1(&key.PublicKey, digest[:], signature)
}
