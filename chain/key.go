package chain

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/fips140"
	"math/big"

	"github.com/ProtonMail/go-crypto/brainpool"
	"github.com/smimechain/smimechain/lint/say"
	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// curve is an elliptic curve that keys are on.
type curve struct {
	name string
	bits int
	math func() elliptic.Curve // nil for one that signatures are not checked on
	more bool                  // it is none of the curves of crypto/elliptic
}

// curves are the named curves of RFC 5480, RFC 5639, SEC 2 and GB/T 32918, by their
// identifiers.
var curves = map[string]*curve{
	"1.2.840.10045.3.1.1":   {name: "P-192", bits: 192},
	"1.3.132.0.33":          {name: "P-224", bits: 224, math: elliptic.P224},
	"1.2.840.10045.3.1.7":   {name: "P-256", bits: 256, math: elliptic.P256},
	"1.3.132.0.34":          {name: "P-384", bits: 384, math: elliptic.P384},
	"1.3.132.0.35":          {name: "P-521", bits: 521, math: elliptic.P521},
	"1.3.132.0.10":          {name: "secp256k1", bits: 256},
	"1.2.156.10197.1.301":   {name: "SM2", bits: 256},
	"1.3.36.3.3.2.8.1.1.1":  {name: "brainpoolP160r1", bits: 160},
	"1.3.36.3.3.2.8.1.1.2":  {name: "brainpoolP160t1", bits: 160},
	"1.3.36.3.3.2.8.1.1.3":  {name: "brainpoolP192r1", bits: 192},
	"1.3.36.3.3.2.8.1.1.4":  {name: "brainpoolP192t1", bits: 192},
	"1.3.36.3.3.2.8.1.1.5":  {name: "brainpoolP224r1", bits: 224},
	"1.3.36.3.3.2.8.1.1.6":  {name: "brainpoolP224t1", bits: 224},
	"1.3.36.3.3.2.8.1.1.7":  {name: "brainpoolP256r1", bits: 256, math: brainpool.P256r1, more: true},
	"1.3.36.3.3.2.8.1.1.8":  {name: "brainpoolP256t1", bits: 256, math: brainpool.P256t1, more: true},
	"1.3.36.3.3.2.8.1.1.9":  {name: "brainpoolP320r1", bits: 320},
	"1.3.36.3.3.2.8.1.1.10": {name: "brainpoolP320t1", bits: 320},
	"1.3.36.3.3.2.8.1.1.11": {name: "brainpoolP384r1", bits: 384, math: brainpool.P384r1, more: true},
	"1.3.36.3.3.2.8.1.1.12": {name: "brainpoolP384t1", bits: 384, math: brainpool.P384t1, more: true},
	"1.3.36.3.3.2.8.1.1.13": {name: "brainpoolP512r1", bits: 512, math: brainpool.P512r1, more: true},
	"1.3.36.3.3.2.8.1.1.14": {name: "brainpoolP512t1", bits: 512, math: brainpool.P512t1, more: true},
}

// publicKey is what signatures are checked with.
type publicKey struct {
	kind PublicKey
	rsa  *rsaKey
	ec   *ecdsa.PublicKey
	ed   ed25519.PublicKey
	more bool // on a curve that package crypto does not know
}

// uncheckable says that a signature cannot be checked here, for the algorithm or key
// that it names: [ErrUnsupportedAlgorithm].
type uncheckable struct{ what string }

// Error implements error.
func (e *uncheckable) Error() string { return e.Sentence().String() }

// Sentence returns what Error does, to be said in another language.
func (e *uncheckable) Sentence() say.Message {
	return say.New("%v: %s", ErrUnsupportedAlgorithm, e.what)
}

// Is reports whether target is [ErrUnsupportedAlgorithm].
func (e *uncheckable) Is(target error) bool { return target == ErrUnsupportedAlgorithm }

// publicKey returns the key of the certificate, read once.
func (c *Certificate) publicKey() *publicKey {
	c.keyOnce.Do(func() { c.key = readKey(c.info().spki) })
	return c.key
}

// readKey reads a SubjectPublicKeyInfo. Of a key that no signatures are checked with,
// it has the kind alone.
func readKey(spki []byte) *publicKey {
	k := new(publicKey)
	input := cryptobyte.String(spki)
	var seq, algorithm, bits cryptobyte.String
	var unused uint8
	if !input.ReadASN1(&seq, casn1.SEQUENCE) || !seq.ReadASN1Element(&algorithm, casn1.SEQUENCE) ||
		!seq.ReadASN1(&bits, casn1.BIT_STRING) || !bits.ReadUint8(&unused) {
		return k
	}
	oid, params, _ := readAlgorithm(algorithm)
	k.kind.Algorithm = algorithms[oid]
	switch k.kind.Algorithm {
	case "":
		k.kind.Algorithm = oidString([]byte(oid))
	case "RSA", pss:
		k.readRSA(params, bits)
	case "EC":
		k.readEC(params, bits)
	case "Ed25519":
		if len(bits) == ed25519.PublicKeySize {
			k.ed = ed25519.PublicKey(bits)
		}
	}
	return k
}

func (k *publicKey) readRSA(params, bits cryptobyte.String) {
	var key cryptobyte.String
	n, e := new(big.Int), new(big.Int)
	if !bits.ReadASN1(&key, casn1.SEQUENCE) || !key.ReadASN1Integer(n) || n.Sign() <= 0 {
		return
	}
	k.kind.Bits = n.BitLen()
	if !key.ReadASN1Integer(e) || e.Sign() <= 0 || !key.Empty() || !bits.Empty() {
		return
	}
	r := &rsaKey{n: n, e: e, pss: k.kind.Algorithm == pss}
	if r.pss && !params.Empty() {
		var ok bool
		if r.only, ok = readPSS(params); !ok {
			return
		}
	}
	k.rsa = r
}

func (k *publicKey) readEC(params, point cryptobyte.String) {
	var id cryptobyte.String
	if !params.ReadASN1(&id, casn1.OBJECT_IDENTIFIER) {
		k.kind.Curve = "explicit parameters"
		return
	}
	k.kind.Curve = oidString(id)
	known := curves[k.kind.Curve]
	if known == nil {
		return
	}
	k.kind.Curve, k.kind.Bits = known.name, known.bits
	if known.math == nil {
		return
	}
	on := known.math()
	size := (known.bits + 7) / 8
	switch {
	case len(point) == 1+2*size && point[0] == 4 && !known.more:
		k.ec, _ = ecdsa.ParseUncompressedPublicKey(on, point)
	case len(point) == 1+2*size && point[0] == 4:
		x, y := new(big.Int).SetBytes(point[1:1+size]), new(big.Int).SetBytes(point[1+size:])
		//lint:ignore SA1019 there is no other way for these curves
		if p := on.Params().P; x.Cmp(p) < 0 && y.Cmp(p) < 0 && on.IsOnCurve(x, y) {
			//lint:ignore SA1019 nor to make a key
			k.ec, k.more = &ecdsa.PublicKey{Curve: on, X: x, Y: y}, true
		}
	case !known.more: // RFC 5480, Section 2.2: compressed
		if x, y := elliptic.UnmarshalCompressed(on, point); x != nil {
			whole := make([]byte, 1+2*size)
			whole[0] = 4
			x.FillBytes(whole[1 : 1+size])
			y.FillBytes(whole[1+size:])
			k.ec, _ = ecdsa.ParseUncompressedPublicKey(on, whole)
		}
	}
}

// verify checks a signature under the key, and reports whether it is one without the
// parameters of its hash. It verifies SHA-1, which is left to the judge; MD5 and older
// prove nothing.
func (k *publicKey) verify(s *scheme, signed, signature []byte) (bare bool, err error) {
	if s.key == "" || s.never {
		return false, &uncheckable{s.name}
	}
	if k.rsa == nil && k.ec == nil && k.ed == nil {
		return false, &uncheckable{k.kind.String()}
	}
	digest := signed
	if s.hash != 0 {
		if fips140.Enforced() && s.weak() {
			return false, &uncheckable{s.name}
		}
		h := s.hash.New()
		h.Write(signed)
		digest = h.Sum(nil)
	}
	switch {
	case k.rsa != nil && s.key == "RSA":
		if what := k.rsa.unsupported(); what != "" {
			return false, &uncheckable{what}
		}
		return k.rsa.verify(s, digest, signature)
	case k.ec != nil && s.key == "EC":
		if k.more && fips140.Enforced() {
			return false, &uncheckable{k.kind.String()}
		}
		if ecdsa.VerifyASN1(k.ec, digest, signature) {
			return false, nil
		}
	case k.ed != nil && s.key == "Ed25519":
		if ed25519.Verify(k.ed, digest, signature) {
			return false, nil
		}
	}
	return false, errBadSignature
}
