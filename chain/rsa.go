package chain

import (
	"bytes"
	"crypto"
	"crypto/fips140"
	"crypto/rsa"
	"errors"
	"math/big"
)

// Bounds on the RSA keys that signatures are checked with. A check takes time by the
// square of the modulus, seconds for a million bits; below 1024 bits a key can be
// broken, and a signature proves nothing. An exponent of 1 or an even one makes no
// signatures.
const (
	minRSABits      = 1024
	maxRSABits      = 16384
	maxExponentBits = 64
)

// longRSABits is from where math/big is the faster: crypto/rsa has code of its own for
// moduli of up to 2048 bits, and prepares each modulus for secret exponents, of which
// there are none here.
const longRSABits = 2049

// rsaKey is a public key for RSA.
type rsaKey struct {
	n, e *big.Int
	only *scheme // of RSASSA-PSS, what its parameters leave (RFC 4055, Section 3.3); nil: everything
	pss  bool    // for RSASSA-PSS alone
}

// unsupported names why no signature is checked with the key, "" if it can be.
func (k *rsaKey) unsupported() string {
	switch {
	case k.n.BitLen() < minRSABits || k.n.BitLen() > maxRSABits:
		return PublicKey{Algorithm: "RSA", Bits: k.n.BitLen()}.String()
	case k.e.BitLen() > maxExponentBits || k.e.Cmp(big.NewInt(3)) < 0 || k.e.Bit(0) == 0 || k.n.Bit(0) == 0:
		return "RSA"
	}
	return ""
}

// standard returns the key as crypto/rsa has it, nil if its exponent is too large for
// that.
func (k *rsaKey) standard() *rsa.PublicKey {
	if !k.e.IsInt64() || k.e.Int64() > 1<<31-1 {
		return nil
	}
	return &rsa.PublicKey{N: k.n, E: int(k.e.Int64())}
}

// verify checks a signature over a digest, and reports whether it is one that leaves
// out the parameters of its hash.
func (k *rsaKey) verify(s *scheme, digest, signature []byte) (bare bool, err error) {
	if s.mask != 0 {
		return false, k.verifyPSS(s, digest, signature)
	}
	if k.pss { // RFC 4055, Section 1.2: used with RSASSA-PSS alone
		return false, errBadSignature
	}
	key := k.standard()
	if fips140.Enforced() {
		if key == nil {
			return false, &uncheckable{"RSA"}
		}
		return false, standardError(s, rsa.VerifyPKCS1v15(key, s.hash, digest, signature))
	}
	if key != nil && k.n.BitLen() < longRSABits && rsa.VerifyPKCS1v15(key, s.hash, digest, signature) == nil {
		return false, nil
	}
	block := k.recover(signature)
	switch {
	case block == nil:
		return false, errBadSignature
	case bytes.Equal(block, pkcs1Block(len(block), s.hash, digest, true)):
		return false, nil
	case bytes.Equal(block, pkcs1Block(len(block), s.hash, digest, false)):
		return true, nil
	default:
		return false, errBadSignature
	}
}

// verifyPSS leaves RSASSA-PSS to crypto/rsa.
func (k *rsaKey) verifyPSS(s *scheme, digest, signature []byte) error {
	if o := k.only; o != nil && (o.hash != s.hash || o.mask != s.mask || s.salt < o.salt) {
		return errBadSignature // RFC 4055, Section 3.3
	}
	key := k.standard()
	if key == nil || s.mask != s.hash || s.salt == 0 { // what it has no way to ask for
		return &uncheckable{s.name}
	}
	return standardError(s, rsa.VerifyPSS(key, s.hash, digest, signature, &rsa.PSSOptions{SaltLength: s.salt}))
}

// standardError tells a signature that does not verify from what crypto/rsa does not
// check, such as SHA-1 where FIPS 140-3 is enforced.
func standardError(s *scheme, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, rsa.ErrVerification):
		return errBadSignature
	default:
		return &uncheckable{s.name}
	}
}

// recover returns the block that a signature was made of: RSAVP1 and I2OSP of RFC 8017,
// Section 8.2.2. It is nil where the signature is out of range. All of it is public,
// so that its time may depend on the values.
func (k *rsaKey) recover(signature []byte) []byte {
	if len(signature) != (k.n.BitLen()+7)/8 {
		return nil
	}
	s := new(big.Int).SetBytes(signature)
	if s.Cmp(k.n) >= 0 {
		return nil
	}
	// Squares and remainders: the exponent is short, mostly 65537.
	m, square, quotient := new(big.Int).Set(s), new(big.Int), new(big.Int)
	for i := k.e.BitLen() - 2; i >= 0; i-- {
		square.Mul(m, m)
		quotient.QuoRem(square, k.n, m)
		if k.e.Bit(i) != 0 {
			square.Mul(m, s)
			quotient.QuoRem(square, k.n, m)
		}
	}
	return m.FillBytes(make([]byte, len(signature)))
}

// pkcs1Block returns EMSA-PKCS1-v1_5 (RFC 8017, Section 9.2) of so many octets, with or
// without the NULL that stands for parameters of the hash. It is nil where there is no
// room for it.
func pkcs1Block(size int, hash crypto.Hash, digest []byte, null bool) []byte {
	var oid string
	for id, h := range digests {
		if h == hash {
			oid = id
		}
	}
	algorithm := append([]byte{0x06, byte(len(oid))}, oid...)
	if null {
		algorithm = append(algorithm, 0x05, 0x00)
	}
	info := append([]byte{0x30, byte(len(algorithm))}, algorithm...)
	info = append(info, 0x04, byte(len(digest)))
	info = append(info, digest...)
	info = append([]byte{0x30, byte(len(info))}, info...)
	if size < len(info)+11 {
		return nil
	}
	block := bytes.Repeat([]byte{0xff}, size)
	block[0], block[1] = 0, 1
	start := size - len(info)
	block[start-1] = 0
	copy(block[start:], info)
	return block
}
