package pkcs12

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/pkcs12/internal/ber"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// TestKeyForms holds that a private key is known by its certificate in every form
// that writers give the two, and by no other.
func TestKeyForms(t *testing.T) {
	must := func(der []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	marshal := func(v any) []byte { return must(asn1.Marshal(v)) }
	type algorithm struct {
		OID    asn1.ObjectIdentifier
		Params asn1.RawValue `asn1:"optional"`
	}
	type info struct {
		Version   int
		Algorithm algorithm
		Key       []byte
	}
	type subject struct {
		Algorithm algorithm
		Key       asn1.BitString
	}
	type ec struct {
		Version int
		Scalar  []byte
		Params  asn1.RawValue  `asn1:"optional"`
		Public  asn1.BitString `asn1:"tag:1,explicit,optional"`
	}
	raw := func(v any) asn1.RawValue { return asn1.RawValue{FullBytes: marshal(v)} }
	tagged := func(v any) asn1.RawValue { // [0] EXPLICIT
		return asn1.RawValue{Class: asn1.ClassContextSpecific, IsCompound: true, Bytes: marshal(v)}
	}
	ecOID := asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	p256, koblitz := asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7}, asn1.ObjectIdentifier{1, 3, 132, 0, 10}
	edOID := asn1.ObjectIdentifier{1, 3, 101, 112}
	null := asn1.RawValue{Tag: asn1.TagNull}
	explicit := raw([]int{1})
	private := func(params asn1.RawValue, key ec) []byte {
		key.Version = 1
		return marshal(info{0, algorithm{ecOID, params}, marshal(key)})
	}
	bits := func(b []byte) asn1.BitString { return asn1.BitString{Bytes: b, BitLength: 8 * len(b)} }
	public := func(params asn1.RawValue, point []byte) []byte {
		return marshal(subject{algorithm{ecOID, params}, bits(point)})
	}

	key := testKey(t, 3)
	scalar, point := must(key.Bytes()), must(key.PublicKey.Bytes())
	other := must(testKey(t, 4).PublicKey.Bytes())
	compressed := append([]byte{2 + point[64]&1}, point[1:33]...)
	spki := must(x509.MarshalPKIXPublicKey(key.Public()))
	edKey := ed25519.NewKeyFromSeed(make([]byte, 32))
	edSPKI := must(x509.MarshalPKIXPublicKey(edKey.Public()))
	rsaKey := testRSA(t)
	rsaSPKI := must(x509.MarshalPKIXPublicKey(rsaKey.Public()))
	broken := struct{ Version, N, E, D, P, Q, DP, DQ, QInv *big.Int }{
		new(big.Int), rsaKey.N, big.NewInt(int64(rsaKey.E)), rsaKey.D, rsaKey.Primes[0], rsaKey.Primes[0], new(big.Int), new(big.Int), new(big.Int),
	}

	fits, unsupported, inconsistent, malformed := "fits", "unsupported", "inconsistent", "malformed"
	for _, tt := range []struct {
		name    string
		private []byte
		spki    []byte
		want    string
	}{
		{"RSA", must(x509.MarshalPKCS8PrivateKey(rsaKey)), rsaSPKI, fits},
		{"RSA, of other primes", marshal(info{0, algorithm{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}, null}, marshal(broken)}), rsaSPKI, inconsistent},
		{"Ed25519", must(x509.MarshalPKCS8PrivateKey(edKey)), edSPKI, fits},
		{"Ed25519, short seed", marshal(info{0, algorithm{OID: edOID}, marshal(make([]byte, 31))}), edSPKI, malformed},
		{"Ed25519, seed without its own header", marshal(info{0, algorithm{OID: edOID}, make([]byte, 32)}), edSPKI, malformed},
		{"P-256", must(x509.MarshalPKCS8PrivateKey(key)), spki, fits},
		{"P-256, scalar alone", private(raw(p256), ec{Scalar: scalar}), spki, fits},
		{"P-256, scalar without zeros in front", private(raw(p256), ec{Scalar: []byte{3}}), spki, fits},
		{"P-256, scalar with another zero", private(raw(p256), ec{Scalar: append([]byte{0}, scalar...)}), spki, fits},
		{"P-256, curve in the key", private(null, ec{Scalar: scalar, Params: tagged(p256)}), spki, fits},
		{"P-256, compressed point", private(raw(p256), ec{Scalar: scalar, Public: bits(compressed)}), spki, fits},
		{"P-256, compressed point in the certificate", private(raw(p256), ec{Scalar: scalar, Public: bits(point)}), public(raw(p256), compressed), fits},
		{"P-256, point of another key", private(raw(p256), ec{Scalar: scalar, Public: bits(other)}), spki, inconsistent},
		{"P-256, nought", private(raw(p256), ec{Scalar: make([]byte, 32)}), spki, inconsistent},
		{"P-256, beyond the order", private(raw(p256), ec{Scalar: append([]byte{1}, scalar...)}), spki, inconsistent},
		{"no curve", private(null, ec{Scalar: scalar}), spki, unsupported},
		{"explicit parameters", private(explicit, ec{Scalar: scalar}), spki, unsupported},
		{"curve that is not implemented", private(raw(koblitz), ec{Scalar: scalar, Public: bits(point)}), public(raw(koblitz), point), fits},
		{"curve that is not implemented, scalar alone", private(raw(koblitz), ec{Scalar: scalar}), public(raw(koblitz), point), unsupported},
	} {
		k := parseKey(tt.private, true)
		var without *UnsupportedError
		got := malformed
		switch {
		case k.Err == nil:
			got = "another key"
			if k.Fingerprint != "" && k.Fingerprint == spkiFingerprint(tt.spki) {
				got = fits
			}
		case errors.As(k.Err, &without):
			got = unsupported
		case errors.Is(k.Err, errInconsistent):
			got = inconsistent
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s: %v", tt.name, got, tt.want, k.Err)
		}
		if got == fits && k.Fingerprint == spkiFingerprint(public(raw(p256), other)) {
			t.Errorf("%s: fits another certificate", tt.name)
		}
	}
}

// TestCurveTwice holds that the curve beside a key counts before the one within it.
func TestCurveTwice(t *testing.T) {
	p256, p384 := []byte{6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7}, []byte{6, 5, 0x2b, 0x81, 4, 0, 0x22}
	within := slices.Concat([]byte{0x30, 15, 2, 1, 1, 4, 1, 1, 0xa0, 7}, p384)
	for _, tt := range []struct {
		beside []byte // nil for nothing
		want   string
	}{{p256, "P-256"}, {[]byte{5, 0}, "P-384"}, {nil, "P-384"}} {
		var params *ber.Element
		if tt.beside != nil {
			e, err := ber.New(tt.beside, nil).Next()
			if err != nil {
				t.Fatal(err)
			}
			params = &e
		}
		var k Key
		if k.readEC(within, params, false); k.Curve != tt.want {
			t.Errorf("beside it %x: %s", tt.beside, k.Curve)
		}
	}
}

// TestEd25519 reads the PFX of somebody with such a key.
func TestEd25519(t *testing.T) {
	p := personWithKey(t, ed25519.NewKeyFromSeed(make([]byte, 32)))
	r, err := Inspect(p.encode(t, gopkcs12.LegacyDES, "secret"), "secret")
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Identities) != 1 || r.Identities[0].Matches != Yes || r.Identities[0].Leaf == nil {
		t.Errorf("%+v", r.Identities)
	}
	stranger := personWithKey(t, ed25519.NewKeyFromSeed(append(make([]byte, 31), 1)))
	stranger.leaf = p.leaf
	if r, err = Inspect(stranger.encode(t, gopkcs12.LegacyDES, "secret"), "secret"); err != nil || len(r.Identities) != 1 || r.Identities[0].Matches != No {
		t.Errorf("the certificate of another key: %+v, %v", r.Identities, err)
	}
}

// TestFingerprints holds that public keys have the fingerprint of their octets, and that
// what cannot be read has none, which is equal to no other.
func TestFingerprints(t *testing.T) {
	bits := func(b []byte) []byte { return tlv(0x03, []byte{0}, b) }
	dsa := func(y int64) []byte {
		return seq(seq(object(oidDSA), seq(integer(23), integer(11), integer(4))), bits(integer(y)))
	}
	rsa := seq(object(oidRSA), []byte{5, 0})
	pair := seq(integer(35), integer(3))
	seen := make(map[string]string)
	for name, spki := range map[string][]byte{
		"RSA": seq(rsa, bits(pair)), "another RSA": seq(rsa, bits(seq(integer(33), integer(3)))), "another exponent": seq(rsa, bits(seq(integer(35), integer(5)))),
		"DSA": dsa(8), "another DSA": dsa(16), "another DSA of other parameters": seq(seq(object(oidDSA), seq(integer(47), integer(23), integer(4))), bits(integer(8))),
		"Ed25519": seq(seq(object(oidEd25519)), bits(make([]byte, 32))), "another Ed25519": seq(seq(object(oidEd25519)), bits(append(make([]byte, 31), 1))),
	} {
		got := spkiFingerprint(spki)
		if got == "" || seen[got] != "" {
			t.Errorf("%s: fingerprint %q, that of %q", name, got, seen[got])
		}
		seen[got] = name
	}
	if spkiFingerprint(seq(rsa, bits(pair))) != spkiFingerprint(seq(seq(object(oidRSAPSS)), bits(pair))) {
		t.Error("a key for RSASSA-PSS is another than for RSA")
	}
	for name, spki := range map[string][]byte{
		"nothing": nil, "a number": integer(1), "no algorithm": seq(bits(pair)), "no key": seq(rsa), "a key that is no bits": seq(rsa, octetString(pair)),
		"seven bits": seq(rsa, tlv(0x03, []byte{1}, pair)), "no octets": seq(rsa, tlv(0x03)), "an unknown algorithm": seq(seq(object("1.2.3")), bits(pair)),
		"RSA that is a number": seq(rsa, bits(integer(35))), "RSA of nothing": seq(rsa, bits(seq())), "RSA without an exponent": seq(rsa, bits(seq(integer(35)))),
		"EC without a curve":     seq(seq(object(oidEC)), bits([]byte{4})),
		"DSA without parameters": seq(seq(object(oidDSA)), bits(integer(8))), "DSA of octets": seq(seq(object(oidDSA), seq(integer(23), integer(11), integer(4))), bits(octetString(nil))),
	} {
		if got := spkiFingerprint(spki); got != "" {
			t.Errorf("%s: fingerprint %q", name, got)
		}
	}
}

// TestScalars makes a key of scalars that have lost or gained zeros at their front, as
// some programs write them.
func TestScalars(t *testing.T) {
	for _, c := range curves {
		if c.curve == nil {
			continue
		}
		size := (c.bits + 7) / 8
		for name, tt := range map[string]struct {
			scalar []byte
			ok     bool
		}{
			"full":           {append([]byte{0}, bytes.Repeat([]byte{0x11}, size-1)...), true},
			"without zero":   {bytes.Repeat([]byte{0x11}, size-1), true},
			"one octet":      {[]byte{7}, true},
			"zeros in front": {append(make([]byte, 3), append([]byte{0}, bytes.Repeat([]byte{0x11}, size-1)...)...), true},
			"too long":       {bytes.Repeat([]byte{0x11}, size+1), false},
			"zero":           {make([]byte, size), false},
			"empty":          {nil, false},
		} {
			key, point, err := ecKey(c, tt.scalar)
			if (err == nil) != tt.ok || tt.ok && (key == nil || len(point) != 1+2*size) {
				t.Errorf("%s, %s: %d octets of a point, %v", c.name, name, len(point), err)
			}
		}
	}
}

// TestBrokenKeys takes the type of each element of private and public keys away, and the
// end after each octet: what is left is no key, or the same one where nothing is read
// there.
func TestBrokenKeys(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	info := func(algorithm, key []byte) []byte { return seq(integer(0), algorithm, octetString(key)) }
	private, public := map[string][]byte{}, map[string][]byte{}
	for name, key := range map[string]crypto.Signer{"RSA": rsaKey, "EC": testKey(t, 7), "Ed25519": ed25519.NewKeyFromSeed(make([]byte, 32))} {
		if private[name], err = x509.MarshalPKCS8PrivateKey(key); err != nil {
			t.Fatal(err)
		}
		if public[name], err = x509.MarshalPKIXPublicKey(key.Public()); err != nil {
			t.Fatal(err)
		}
	}
	numbers := seq(object(oidDSA), seq(integer(23), integer(11), integer(4)))
	private["DSA"], public["DSA"] = info(numbers, integer(3)), seq(numbers, tlv(0x03, []byte{0}, integer(18)))
	for name, der := range private {
		whole := parseKey(der, false)
		if whole.Err != nil || whole.Fingerprint == "" || whole.Fingerprint != spkiFingerprint(public[name]) {
			t.Errorf("%s: %q, %v", name, whole.Fingerprint, whole.Err)
		}
		for what, broken := range breaks(der) {
			if k := parseKey(broken, true); k.Err == nil && k.Fingerprint != whole.Fingerprint {
				t.Errorf("%s, %s: a key without an error, %q", name, what, k.Fingerprint)
			}
		}
		for what, broken := range breaks(public[name]) {
			if got := spkiFingerprint(broken); got != "" && got != whole.Fingerprint {
				t.Errorf("%s, public, %s: %q", name, what, got)
			}
		}
	}
}

// TestNoKeyInfo holds that what is no PrivateKeyInfo is malformed, of whatever type the key
// says it is, and not a key of a type that is not implemented.
func TestNoKeyInfo(t *testing.T) {
	types := map[string]string{"unknown": "1.2.3"}
	for oid, name := range keyAlgorithms {
		types[name] = oid
	}
	for name, oid := range types {
		algorithm := seq(object(oid))
		for what, der := range map[string][]byte{
			"no sequence": integer(0), "no version": seq(algorithm, octetString(nil)), "no algorithm": seq(integer(0), octetString(nil)),
			"no private key": seq(integer(0), algorithm), "a private key that is no octets": seq(integer(0), algorithm, integer(1)),
		} {
			k := parseKey(der, false)
			if _, ok := errors.AsType[*UnsupportedError](k.Err); ok || k.Err == nil || k.Fingerprint != "" {
				t.Errorf("%s, %s: %q, %v", name, what, k.Fingerprint, k.Err)
			}
		}
	}
}

// breaks returns DER with the type of one element taken away, or the end.
func breaks(der []byte) map[string][]byte {
	list := map[string][]byte{}
	for n := range der {
		list[fmt.Sprintf("%d octets", n)] = der[:n]
	}
	var walk func(from, to int)
	walk = func(from, to int) {
		for from < to {
			e, err := ber.New(der[from:to], nil).Next()
			if err != nil {
				return
			}
			other := bytes.Clone(der)
			other[from] = 0x1a // VisibleString
			list[fmt.Sprintf("element at %d", from)] = other
			end := from + len(e.Raw)
			inside := end - len(e.Content)
			if e.Class == ber.Universal && e.Tag == ber.BitString {
				inside++
			}
			if e.Constructed || e.Class == ber.Universal && (e.Tag == ber.BitString || e.Tag == ber.OctetString) {
				walk(inside, end)
			}
			from = end
		}
	}
	walk(0, len(der))
	return list
}

// TestDSANumbers reads DSA keys whose numbers fit each other, and such that do not in one
// way.
func TestDSANumbers(t *testing.T) {
	wide := func(bits uint) *big.Int { return new(big.Int).SetBit(big.NewInt(1), int(bits-1), 1) }
	number := func(v *big.Int) []byte {
		der, err := asn1.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	n := big.NewInt
	for name, tt := range map[string]struct {
		p, q, g, x *big.Int
		ok         bool
	}{
		"good": {n(23), n(11), n(4), n(3), true}, "the largest": {n(23), n(11), n(4), n(10), true}, "the smallest": {n(23), n(11), n(4), n(1), true},
		"x is q": {n(23), n(11), n(4), n(11), false}, "x is 0": {n(23), n(11), n(4), n(0), false}, "x below 0": {n(23), n(11), n(4), n(-1), false},
		"p is even": {n(22), n(11), n(4), n(3), false}, "g is 0": {n(23), n(11), n(0), n(3), false}, "g below 0": {n(23), n(11), n(-4), n(3), false},
		"g is longer than p": {n(23), n(11), n(32), n(3), false}, "g is as long as p": {n(23), n(11), n(31), n(3), true},
		"q of 256 bits": {wide(512), wide(256), n(4), n(3), true}, "q of 257": {wide(512), wide(257), n(4), n(3), false},
		"p of 4096 bits": {wide(maxKeyNumber / 4), n(11), n(4), n(3), true}, "p of 4097": {wide(maxKeyNumber/4 + 1), n(11), n(4), n(3), false},
	} {
		der := seq(integer(0), seq(object(oidDSA), seq(number(tt.p), number(tt.q), number(tt.g))), octetString(number(tt.x)))
		if k := parseKey(der, false); (k.Err == nil) != tt.ok || (k.Fingerprint != "") != tt.ok {
			t.Errorf("%s: %q, %v", name, k.Fingerprint, k.Err)
		}
	}
}

// TestRSANumbers reads an RSA key of small primes, and such whose numbers do not fit each
// other in one way. A modulus that is no product of the factors is not given away.
func TestRSANumbers(t *testing.T) {
	n := big.NewInt
	good := [9]*big.Int{n(0), n(3233), n(17), n(2753), n(61), n(53), n(53), n(49), n(38)} // version, n, e, d, p, q, d mod p-1, d mod q-1, 1/q mod p
	key := func(v [9]*big.Int) *Key {
		var numbers [][]byte
		for _, number := range v {
			der, err := asn1.Marshal(number)
			if err != nil {
				t.Fatal(err)
			}
			numbers = append(numbers, der)
		}
		k := parseKey(seq(integer(0), seq(object(oidRSA)), octetString(seq(numbers...))), false)
		return k
	}
	if k := key(good); k.Err != nil || k.Public == nil || k.Bits != 12 {
		t.Errorf("%+v", k)
	}
	huge := new(big.Int).SetBit(n(1), maxKeyNumber, 1)
	with := func(i int, v *big.Int) [9]*big.Int {
		other := good
		other[i] = v
		return other
	}
	for name, tt := range map[string]struct {
		key [9]*big.Int
		ok  bool // without an error; the public half is never given away
	}{
		"the modulus is 0":                    {with(1, n(0)), false},
		"the modulus is below 0":              {with(1, n(-3233)), false},
		"the modulus is another":              {with(1, n(3235)), false},
		"the modulus is too long":             {with(1, huge), true},
		"the exponent is another":             {with(2, n(19)), false},
		"the exponent is too long":            {with(2, huge), false},
		"the private exponent is another":     {with(3, n(2755)), false},
		"the private exponent is too long":    {with(3, huge), false},
		"the private exponent fits one prime": {with(3, n(2753+60)), false},
		"the first factor is another":         {with(4, n(59)), false},
		"the first factor is 0":               {with(4, n(0)), false},
		"the factors are 1 and the modulus":   {[9]*big.Int{n(0), n(3233), n(17), n(2753), n(1), n(3233), n(53), n(49), n(38)}, false},
		"the factors are the modulus and 1":   {[9]*big.Int{n(0), n(3233), n(17), n(2753), n(3233), n(1), n(53), n(49), n(38)}, false},
		"the first remainder is another":      {with(6, n(54)), false},
		"the second remainder is another":     {with(7, n(50)), false},
		"the coefficient is another":          {with(8, n(39)), false},
		"the coefficient is 0":                {with(8, n(0)), false},
		"the coefficient is below 0":          {with(8, n(38-61)), false},
		"the coefficient is beyond the prime": {with(8, n(38+61)), false},
		"the exponents fit the first factor":  {[9]*big.Int{n(0), n(3233), n(17), n(2753 + 60), n(61), n(53), n(53), n(5), n(38)}, false},
		"the exponents fit the second factor": {[9]*big.Int{n(0), n(3233), n(17), n(2753 + 52), n(61), n(53), n(45), n(49), n(38)}, false},
		"of more than two factors":            {with(0, n(1)), true},
		"of more, and the modulus is 0":       {[9]*big.Int{n(1), n(0), n(17), n(2753), n(61), n(53), n(53), n(49), n(38)}, false},
		"of more, and a factor is below 0":    {[9]*big.Int{n(1), n(3233), n(17), n(2753), n(61), n(-53), n(53), n(49), n(38)}, false},
	} {
		if k := key(tt.key); (k.Err == nil) != tt.ok || k.Public != nil {
			t.Errorf("%s: %v, public half %v", name, k.Err, k.Public)
		}
	}
	// Of exponents that crypto/rsa has no room for, the public half is not given away.
	for e, public := range map[int64]bool{1<<31 - 1: true, 1<<31 + 11: false} {
		p, q := n(61), n(53)
		order := n(60 * 52 / 4)
		d := new(big.Int).ModInverse(n(e), order)
		if d == nil {
			t.Fatalf("%d has no inverse", e)
		}
		v := [9]*big.Int{n(0), n(3233), n(e), d, p, q, new(big.Int).Mod(d, n(60)), new(big.Int).Mod(d, n(52)), n(38)}
		if k := key(v); k.Err != nil || (k.Public != nil) != public {
			t.Errorf("exponent %d: %v, public half %v", e, k.Err, k.Public)
		}
	}
}

// TestStoredPublic holds that a public half behind the private one has to be its own.
func TestStoredPublic(t *testing.T) {
	private, other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, 32)), ed25519.NewKeyFromSeed(bytes.Repeat([]byte{2}, 32))
	of := func(behind ...[]byte) error {
		return parseKey(seq(append([][]byte{integer(1), seq(object(oidEd25519)), octetString(octetString(private.Seed()))}, behind...)...), false).Err
	}
	public := func(k ed25519.PrivateKey) []byte {
		return tlv(0x81, append([]byte{0}, k.Public().(ed25519.PublicKey)...))
	}
	for name, tt := range map[string]struct {
		behind [][]byte
		ok     bool
	}{
		"nothing": {nil, true}, "its own": {[][]byte{public(private)}, true}, "another": {[][]byte{public(other)}, false},
		"attributes":                  {[][]byte{tlv(0xa0)}, true},
		"attributes and its own":      {[][]byte{tlv(0xa0), public(private)}, true},
		"attributes and another":      {[][]byte{tlv(0xa0), public(other)}, false},
		"what is no whole octets":     {[][]byte{tlv(0x81, []byte{1, 2})}, true},
		"what stands under other tag": {[][]byte{tlv(0x82, append([]byte{0}, other.Public().(ed25519.PublicKey)...))}, true},
	} {
		if err := of(tt.behind...); (err == nil) != tt.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPoints holds that a compressed point is the same key as the whole one, and what is no
// point none.
func TestPoints(t *testing.T) {
	c := curve{name: "P-256"}
	x, y := bytes.Repeat([]byte{0x11}, 32), bytes.Repeat([]byte{0x22}, 32)
	whole := ecFingerprint(c, slices.Concat([]byte{4}, x, y))
	if whole == "" || whole != ecFingerprint(c, slices.Concat([]byte{2}, x)) {
		t.Error("a point and its compressed form are two keys")
	}
	if odd := ecFingerprint(c, slices.Concat([]byte{4}, x, []byte{1}, y[:30], []byte{1})); odd != ecFingerprint(c, slices.Concat([]byte{3}, x)) || odd == whole {
		t.Error("a point of odd y and its compressed form")
	}
	for name, point := range map[string][]byte{
		"nothing": nil, "two octets": {2, 1}, "an octet too few": slices.Concat([]byte{4}, x, y[1:]), "the hybrid form": slices.Concat([]byte{6}, x, y), "another form": slices.Concat([]byte{5}, x),
	} {
		if got := ecFingerprint(c, point); got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
}
