package pkcs12

import (
	"crypto"
	"crypto/dsa" //lint:ignore SA1019 files with DSA keys exist and are named, never used
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/fips140"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/internal/ber"
)

// A Key is what can be said about a private key without giving it away.
type Key struct {
	Algorithm string `json:"algorithm"` // "RSA", "RSA-PSS", "EC", "Ed25519", "DSA", an object identifier, or "unknown"
	OID       string `json:"oid"`
	Curve     string `json:"curve,omitempty"` // EC: "P-256", "brainpoolP256r1", or an object identifier
	Bits      int    `json:"bits"`            // of the modulus, the curve or the prime; 0 if unknown

	// Public is an *rsa.PublicKey, *ecdsa.PublicKey, ed25519.PublicKey or
	// *dsa.PublicKey, nil for a type that the standard library does not have
	// and for an RSA key whose two factors are not seen to give its modulus.
	Public crypto.PublicKey `json:"-"`

	// Fingerprint is the SHA-256 digest, in hexadecimal, over the numbers of
	// the public key. It is equal for a key and the certificates for it, and
	// says nothing else. It is empty if the public key is not known.
	Fingerprint string `json:"fingerprint,omitempty"`

	Err error `json:"-"` // what is wrong with the key, or why Fingerprint is empty
}

// Damaged reports whether the private half of the key is known not to belong to the
// public one, so that it signs and decrypts nothing.
func (k *Key) Damaged() bool { return errors.Is(k.Err, errInconsistent) }

// Whole reports whether the private half was seen to be that of the public one: for RSA
// by its factors and exponents, from which every signature follows if the factors are
// primes (RFC 8017, Section 3.2), for the curves of NIST, Ed25519 and DSA by computing
// the public half anew; with [Options].TryKeys by a signature too, which also tells of
// factors that are none. It is Unknown for other keys, such as those on brainpool curves,
// and where it was not computed.
func (k *Key) Whole() Answer {
	switch {
	case k.Damaged():
		return No
	case k.Err == nil && k.Public != nil:
		return Yes
	default:
		return Unknown
	}
}

// Object identifiers of keys. RFC 5480, 8017, 8410; RFC 3279, Section 2.3.2.
const (
	oidRSA     = "1.2.840.113549.1.1.1"
	oidRSAPSS  = "1.2.840.113549.1.1.10"
	oidRSAOAEP = "1.2.840.113549.1.1.7"
	oidEC      = "1.2.840.10045.2.1"
	oidDSA     = "1.2.840.10040.4.1"
	oidX25519  = "1.3.101.110"
	oidX448    = "1.3.101.111"
	oidEd25519 = "1.3.101.112"
	oidEd448   = "1.3.101.113"
)

var keyAlgorithms = map[string]string{
	oidRSA: "RSA", oidRSAPSS: "RSA-PSS", oidRSAOAEP: "RSA-OAEP", oidEC: "EC", oidDSA: "DSA",
	oidX25519: "X25519", oidX448: "X448", oidEd25519: "Ed25519", oidEd448: "Ed448",
}

// maxKeyOID is the number of characters of the longest identifier of a key type or
// curve that is shown. Those in use have less than 30.
const maxKeyOID = 40

// runsOn reports whether oid is too long for an identifier, or begins with that of
// a key type and goes on, as it does when its length is damaged: what follows may
// be the key itself.
func runsOn(oid string) bool {
	if len(oid) > maxKeyOID {
		return true
	}
	for known := range keyAlgorithms {
		if strings.HasPrefix(oid, known+".") {
			return true
		}
	}
	for known := range curves {
		if strings.HasPrefix(oid, known+".") {
			return true
		}
	}
	return false
}

type curve struct {
	name  string
	bits  int
	curve elliptic.Curve // nil: named, not implemented
}

var curves = map[string]curve{
	"1.3.132.0.33":          {"P-224", 224, elliptic.P224()},
	"1.2.840.10045.3.1.7":   {"P-256", 256, elliptic.P256()},
	"1.3.132.0.34":          {"P-384", 384, elliptic.P384()},
	"1.3.132.0.35":          {"P-521", 521, elliptic.P521()},
	"1.3.132.0.10":          {"secp256k1", 256, nil},
	"1.3.36.3.3.2.8.1.1.7":  {"brainpoolP256r1", 256, nil},
	"1.3.36.3.3.2.8.1.1.8":  {"brainpoolP256t1", 256, nil},
	"1.3.36.3.3.2.8.1.1.11": {"brainpoolP384r1", 384, nil},
	"1.3.36.3.3.2.8.1.1.12": {"brainpoolP384t1", 384, nil},
	"1.3.36.3.3.2.8.1.1.13": {"brainpoolP512r1", 512, nil},
	"1.3.36.3.3.2.8.1.1.14": {"brainpoolP512t1", 512, nil},
}

var errInconsistent = say.Errorf("the private and the public half of the key disagree")

// maxKeyNumber bounds the numbers of a key that anything is computed with: with a
// million bits, one signature takes a minute.
const maxKeyNumber = 16384 // bits

// parseKey reads the public side of
//
//	PrivateKeyInfo ::= SEQUENCE {
//	  version     INTEGER,
//	  algorithm   AlgorithmIdentifier,
//	  privateKey  OCTET STRING,
//	  attributes  [0] IMPLICIT Attributes OPTIONAL,
//	  publicKey   [1] IMPLICIT BIT STRING OPTIONAL }
//
// RFC 5958, Section 2. It does not parse the whole private key: that would cost
// more than all the rest of an inspection.
//
// With try a signature is made with the key and verified.
func parseKey(data []byte, try bool) *Key {
	k := new(Key)
	top := ber.New(data, nil)
	r, err := top.Sequence()
	if err == nil {
		_, err = r.Int()
	}
	if err != nil {
		k.Err = err
		return k
	}
	oid, params, err := parseAlgorithm(r)
	if err != nil {
		k.Err = err
		return k
	}
	if runsOn(oid) {
		k.Algorithm = "unknown"
		k.Err = say.Errorf("malformed OBJECT IDENTIFIER of the key type")
		return k
	}
	k.OID, k.Algorithm = oid, keyAlgorithms[oid]
	if k.Algorithm == "" {
		k.Algorithm = oid
	}
	private, err := r.Octets()
	if err != nil {
		k.Err = err
		return k
	}
	switch oid {
	case oidRSA, oidRSAPSS, oidRSAOAEP:
		k.Err = k.readRSA(private, try)
	case oidEC:
		k.Err = k.readEC(private, params, try)
	case oidDSA:
		k.Err = k.readDSA(private, params)
	case oidEd25519:
		k.Err = k.readEd25519(private, try)
	default:
		k.Err = &UnsupportedError{say.New("key type %s", k.Algorithm)}
	}
	if k.Err == nil && k.Fingerprint != "" {
		if stored := storedPublic(r, oid, params); stored != "" && stored != k.Fingerprint {
			k.Err = errInconsistent
		}
	}
	return k
}

// storedPublic returns the fingerprint of the public half that may stand behind the
// private one, empty if there is none that can be read.
func storedPublic(r *ber.Reader, oid string, params *ber.Element) string {
	if _, _, err := r.Optional(ber.ContextSpecific, 0); err != nil {
		return ""
	}
	public, ok, err := r.Optional(ber.ContextSpecific, 1)
	if err != nil || !ok {
		return ""
	}
	key, err := bitStringOctets(public)
	if err != nil {
		return ""
	}
	return publicFingerprint(oid, params, key)
}

// readRSA reads RSAPrivateKey of RFC 8017, Appendix A.1.2.
func (k *Key) readRSA(private []byte, try bool) error {
	r, err := ber.New(private, nil).Sequence()
	if err != nil {
		return err
	}
	var v [6]*big.Int // version, n, e, d, p, q
	for i := range v {
		if v[i], err = r.Int(); err != nil {
			return err
		}
	}
	n, e, d, p, q := v[1], v[2], v[3], v[4], v[5]
	k.Bits = n.BitLen()
	k.Fingerprint = rsaFingerprint(n, e)
	for _, number := range v[1:] {
		if number.Sign() <= 0 {
			return errInconsistent // all are positive
		}
	}
	factors := v[0].Sign() == 0 && max(n.BitLen(), p.BitLen(), q.BitLen()) <= maxKeyNumber
	if factors {
		if err := factorsFit(r, n, e, d, p, q); err != nil {
			return err
		}
		if try && n.BitLen() <= maxTriedSize && e.BitLen() <= maxTriedExponent && !rsaSigns(n, e, d, p, q) {
			return errInconsistent
		}
	}
	// What stands in the place of the modulus may be another number of the key:
	// it is given away only where it is a product of what follows.
	if factors && e.IsInt64() && e.Int64() < 1<<31 {
		k.Public = &rsa.PublicKey{N: n, E: int(e.Int64())}
	}
	return nil
}

// factorsFit compares the factors with the rest of the key.
func factorsFit(r *ber.Reader, n, e, d, p, q *big.Int) error {
	switch {
	case new(big.Int).Mul(p, q).Cmp(n) != 0:
		return errInconsistent
	case max(d.BitLen(), e.BitLen()) > maxKeyNumber:
		return say.Errorf("an exponent is longer than %d bits", maxKeyNumber)
	case !inverse(e, d, p) || !inverse(e, d, q):
		return errInconsistent
	default:
		return exponentsFit(r, d, p, q)
	}
}

// exponentsFit compares the exponents and the coefficient, which programs compute
// with, to the rest of the key. The factors are greater than 1.
func exponentsFit(r *ber.Reader, d, p, q *big.Int) error {
	one := big.NewInt(1)
	for _, prime := range []*big.Int{p, q} {
		v, err := r.Int()
		if err != nil {
			return err
		}
		order := new(big.Int).Sub(prime, one)
		if v.Cmp(new(big.Int).Mod(d, order)) != 0 {
			return errInconsistent
		}
	}
	v, err := r.Int()
	if err != nil {
		return err
	}
	if v.Sign() <= 0 || v.Cmp(p) >= 0 {
		return errInconsistent
	}
	product := v.Mul(v, q)
	if product.Mod(product, p).Cmp(one) != 0 {
		return errInconsistent
	}
	return nil
}

// inverse reports whether what is raised to e is itself again when raised to d, modulo
// a prime: RFC 8017, Section 3.2.
func inverse(e, d, prime *big.Int) bool {
	order := new(big.Int).Sub(prime, big.NewInt(1))
	if order.Sign() <= 0 {
		return false
	}
	product := new(big.Int).Mul(e, d)
	return product.Mod(product, order).Cmp(new(big.Int).Mod(big.NewInt(1), order)) == 0
}

// readEC reads ECPrivateKey of RFC 5915, Section 3.
func (k *Key) readEC(private []byte, params *ber.Element, try bool) error {
	r, err := ber.New(private, nil).Sequence()
	if err != nil {
		return err
	}
	if _, err := r.Int(); err != nil {
		return err
	}
	scalar, err := r.Octets()
	if err != nil {
		return err
	}
	inner, ok, err := r.Optional(ber.ContextSpecific, 0)
	if err != nil {
		return err
	}
	if ok && (params == nil || params.Is(ber.Universal, ber.Null)) {
		if in, err := inner.Inside(); err == nil {
			if e, err := in.Next(); err == nil {
				params = &e
			}
		}
	}
	c, err := parseCurve(params)
	k.Curve, k.Bits = c.name, c.bits
	if err != nil {
		return err
	}
	point, err := storedPoint(r)
	if err != nil {
		return err
	}
	if point != nil {
		k.Fingerprint = ecFingerprint(c, point)
	}
	number := new(big.Int).SetBytes(scalar)
	if number.Sign() == 0 || c.curve != nil && number.Cmp(c.curve.Params().N) >= 0 {
		return errInconsistent // no such key is on the curve
	}
	if c.curve == nil {
		if point == nil {
			return &UnsupportedError{say.New("curve %s without a public key in the private one", c.name)}
		}
		return nil
	}
	key, own, err := ecKey(c, scalar)
	if err != nil {
		return say.Errorf("the scalar is not a key on the curve")
	}
	public := key.PublicKey // a copy: a pointer into key would keep the scalar
	k.Public = &public
	fingerprint := ecFingerprint(c, own)
	stored := k.Fingerprint
	k.Fingerprint = fingerprint
	if stored != "" && stored != fingerprint || try && !ecSigns(key) {
		return errInconsistent
	}
	return nil
}

// storedPoint returns the public half that may stand in a private key, nil if there is none.
func storedPoint(r *ber.Reader) ([]byte, error) {
	public, ok, err := r.Optional(ber.ContextSpecific, 1)
	if err != nil || !ok {
		return nil, err
	}
	in, err := public.Inside()
	if err != nil {
		return nil, err
	}
	bits, err := in.Expect(ber.Universal, ber.BitString)
	if err != nil {
		return nil, err
	}
	return bitStringOctets(bits)
}

// ecKey returns the key on a curve that has the scalar, of any length, and its point.
func ecKey(c curve, scalar []byte) (key *ecdsa.PrivateKey, point []byte, err error) {
	size := (c.bits + 7) / 8
	for len(scalar) > size && scalar[0] == 0 {
		scalar = scalar[1:]
	}
	if len(scalar) < size {
		scalar = append(make([]byte, size-len(scalar)), scalar...)
	}
	if key, err = ecdsa.ParseRawPrivateKey(c.curve, scalar); err != nil {
		return nil, nil, err
	}
	point, err = key.PublicKey.Bytes()
	return key, point, err
}

// parseCurve reads the ECParameters of RFC 5480, Section 2.1.1.
func parseCurve(params *ber.Element) (curve, error) {
	if params == nil {
		return curve{name: "unknown"}, say.Errorf("EC key without a curve")
	}
	if !params.Is(ber.Universal, ber.ObjectIdentifier) {
		return curve{name: "explicit parameters"}, &UnsupportedError{say.New("curve by explicit parameters")}
	}
	oid, err := params.OID()
	if err != nil {
		return curve{name: "unknown"}, err
	}
	if c, ok := curves[oid]; ok {
		return c, nil
	}
	if runsOn(oid) {
		return curve{name: "unknown"}, say.Errorf("malformed OBJECT IDENTIFIER of the curve")
	}
	return curve{name: oid}, nil
}

// readDSA computes the public number from the private one.
func (k *Key) readDSA(private []byte, params *ber.Element) error {
	x, err := ber.New(private, nil).Int()
	if err != nil {
		return err
	}
	p, q, g, err := dsaParameters(params)
	if err != nil {
		return err
	}
	k.Bits = p.BitLen()
	// x is below q, of 256 bits at most (FIPS 186-4, Section 4.2): with exponents
	// as long as p, a file of some keys would keep us for minutes.
	if k.Bits > maxKeyNumber/4 || q.BitLen() > 256 || x.Cmp(q) >= 0 || x.Sign() <= 0 || p.Bit(0) == 0 || g.Sign() <= 0 || g.BitLen() > k.Bits {
		return say.Errorf("the numbers of the DSA key do not fit each other")
	}
	y := new(big.Int).Exp(g, x, p)
	k.Public = &dsa.PublicKey{Parameters: dsa.Parameters{P: p, Q: q, G: g}, Y: y}
	k.Fingerprint = dsaFingerprint(p, g, y)
	return nil
}

func dsaParameters(params *ber.Element) (p, q, g *big.Int, err error) {
	if params == nil {
		return nil, nil, nil, say.Errorf("DSA key without parameters")
	}
	r, err := params.Inside()
	if err != nil {
		return nil, nil, nil, err
	}
	for _, to := range []**big.Int{&p, &q, &g} {
		if *to, err = r.Int(); err != nil {
			return nil, nil, nil, err
		}
	}
	return p, q, g, nil
}

// readEd25519 reads CurvePrivateKey of RFC 8410, Section 7.
func (k *Key) readEd25519(private []byte, try bool) error {
	k.Bits = 256
	seed, err := ber.New(private, nil).Octets()
	if err != nil {
		return err
	}
	if len(seed) != ed25519.SeedSize {
		return say.Errorf("the seed has the wrong length")
	}
	key := ed25519.NewKeyFromSeed(seed)
	public := key.Public().(ed25519.PublicKey)
	k.Public = public
	k.Fingerprint = fingerprint("Ed25519", public)
	if try && !ed25519.Verify(public, tryMessage, ed25519.Sign(key, tryMessage)) {
		return errInconsistent
	}
	return nil
}

func fingerprint(algorithm string, parts ...[]byte) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s", algorithm)
	for _, p := range parts {
		fmt.Fprintf(h, " %d ", len(p))
		h.Write(p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func rsaFingerprint(n, e *big.Int) string { return fingerprint("RSA", n.Bytes(), e.Bytes()) }

func dsaFingerprint(p, g, y *big.Int) string {
	return fingerprint("DSA", p.Bytes(), g.Bytes(), y.Bytes())
}

// ecFingerprint is over the x coordinate and the parity of y, so that compressed
// and uncompressed points are equal.
func ecFingerprint(c curve, point []byte) string {
	if len(point) < 3 {
		return ""
	}
	switch size := (len(point) - 1) / 2; {
	case point[0] == 4 && len(point) == 1+2*size:
		return fingerprint("EC "+c.name, point[1:1+size], []byte{2 + point[len(point)-1]&1})
	case point[0] == 2 || point[0] == 3:
		return fingerprint("EC "+c.name, point[1:], point[:1])
	}
	return ""
}

// spkiFingerprint returns the fingerprint of the public key in a
// SubjectPublicKeyInfo (RFC 5280, Section 4.1), empty if it cannot be read.
func spkiFingerprint(spki []byte) string {
	r, err := ber.New(spki, nil).Sequence()
	if err != nil {
		return ""
	}
	oid, params, err := parseAlgorithm(r)
	if err != nil {
		return ""
	}
	bits, err := r.Expect(ber.Universal, ber.BitString)
	if err != nil {
		return ""
	}
	key, err := bitStringOctets(bits)
	if err != nil {
		return ""
	}
	return publicFingerprint(oid, params, key)
}

// publicFingerprint returns the fingerprint of a public key as it stands in a
// SubjectPublicKeyInfo, empty if it cannot be read.
func publicFingerprint(oid string, params *ber.Element, key []byte) string {
	switch oid {
	case oidRSA, oidRSAPSS, oidRSAOAEP:
		in, err := ber.New(key, nil).Sequence()
		if err != nil {
			return ""
		}
		n, err := in.Int()
		if err != nil {
			return ""
		}
		e, err := in.Int()
		if err != nil {
			return ""
		}
		return rsaFingerprint(n, e)
	case oidEC:
		c, err := parseCurve(params)
		if err != nil {
			return ""
		}
		return ecFingerprint(c, key)
	case oidDSA:
		p, _, g, err := dsaParameters(params)
		if err != nil {
			return ""
		}
		y, err := ber.New(key, nil).Int()
		if err != nil {
			return ""
		}
		return dsaFingerprint(p, g, y)
	case oidEd25519:
		return fingerprint("Ed25519", key)
	}
	return ""
}

// bitStringOctets returns the value of a BIT STRING of whole octets.
func bitStringOctets(e ber.Element) ([]byte, error) {
	if e.Constructed || len(e.Content) < 1 || e.Content[0] != 0 {
		return nil, say.Errorf("the public key is not a string of whole octets")
	}
	return e.Content[1:], nil
}

// sha1Allowed reports whether this process lets SHA-1 be computed.
func sha1Allowed() bool { return !fips140.Enforced() }
