package chain

import (
	"bytes"
	"crypto"
	_ "crypto/sha1" // linked in for crypto.Hash, as the others are
	_ "crypto/sha256"
	_ "crypto/sha3"
	_ "crypto/sha512"
	"crypto/x509"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// scheme is how a signature was made, as an AlgorithmIdentifier says it. One that
// has no name here is named by its identifier, and no key fits it.
type scheme struct {
	number x509.SignatureAlgorithm // that of crypto/x509; 0 if it has none
	name   string
	key    string      // the algorithm of the keys that it is for, as in [PublicKey]
	hash   crypto.Hash // 0: a part of the algorithm
	never  bool        // is not checked: too weak to prove anything, or not known here

	// Of RSASSA-PSS.
	mask crypto.Hash // the hash of MGF1; 0 for another function
	salt int         // octets of the salt
}

const pss = "RSASSA-PSS"

// schemes are those whose parameters say nothing, by the contents of their
// identifiers: RFC 3279, RFC 4055, RFC 5758, RFC 8410, RFC 9688.
var schemes = map[string]*scheme{
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x02": {number: x509.MD2WithRSA, name: "MD2-RSA", key: "RSA", never: true},
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04": {number: x509.MD5WithRSA, name: "MD5-RSA", key: "RSA", hash: crypto.MD5, never: true},
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05": {number: x509.SHA1WithRSA, name: "SHA1-RSA", key: "RSA", hash: crypto.SHA1},
	"\x2b\x0e\x03\x02\x1d":                 {number: x509.SHA1WithRSA, name: "SHA1-RSA", key: "RSA", hash: crypto.SHA1}, // of ISO
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0e": {name: "SHA224-RSA", key: "RSA", hash: crypto.SHA224},
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b": {number: x509.SHA256WithRSA, name: "SHA256-RSA", key: "RSA", hash: crypto.SHA256},
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c": {number: x509.SHA384WithRSA, name: "SHA384-RSA", key: "RSA", hash: crypto.SHA384},
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d": {number: x509.SHA512WithRSA, name: "SHA512-RSA", key: "RSA", hash: crypto.SHA512},
	"\x60\x86\x48\x01\x65\x03\x04\x03\x0e": {name: "SHA3-256-RSA", key: "RSA", hash: crypto.SHA3_256},
	"\x60\x86\x48\x01\x65\x03\x04\x03\x0f": {name: "SHA3-384-RSA", key: "RSA", hash: crypto.SHA3_384},
	"\x60\x86\x48\x01\x65\x03\x04\x03\x10": {name: "SHA3-512-RSA", key: "RSA", hash: crypto.SHA3_512},
	"\x2a\x86\x48\xce\x38\x04\x03":         {number: x509.DSAWithSHA1, name: "DSA-SHA1", key: "DSA", hash: crypto.SHA1, never: true},
	"\x60\x86\x48\x01\x65\x03\x04\x03\x02": {number: x509.DSAWithSHA256, name: "DSA-SHA256", key: "DSA", hash: crypto.SHA256, never: true},
	"\x2a\x86\x48\xce\x3d\x04\x01":         {number: x509.ECDSAWithSHA1, name: "ECDSA-SHA1", key: "EC", hash: crypto.SHA1},
	"\x2a\x86\x48\xce\x3d\x04\x03\x01":     {name: "ECDSA-SHA224", key: "EC", hash: crypto.SHA224},
	"\x2a\x86\x48\xce\x3d\x04\x03\x02":     {number: x509.ECDSAWithSHA256, name: "ECDSA-SHA256", key: "EC", hash: crypto.SHA256},
	"\x2a\x86\x48\xce\x3d\x04\x03\x03":     {number: x509.ECDSAWithSHA384, name: "ECDSA-SHA384", key: "EC", hash: crypto.SHA384},
	"\x2a\x86\x48\xce\x3d\x04\x03\x04":     {number: x509.ECDSAWithSHA512, name: "ECDSA-SHA512", key: "EC", hash: crypto.SHA512},
	"\x60\x86\x48\x01\x65\x03\x04\x03\x0a": {name: "ECDSA-SHA3-256", key: "EC", hash: crypto.SHA3_256},
	"\x60\x86\x48\x01\x65\x03\x04\x03\x0b": {name: "ECDSA-SHA3-384", key: "EC", hash: crypto.SHA3_384},
	"\x60\x86\x48\x01\x65\x03\x04\x03\x0c": {name: "ECDSA-SHA3-512", key: "EC", hash: crypto.SHA3_512},
	"\x2a\x81\x1c\xcf\x55\x01\x83\x75":     {name: "SM2-SM3", key: "EC", never: true}, // which signs otherwise than ECDSA
	"\x2b\x65\x70":                         {number: x509.PureEd25519, name: "Ed25519", key: "Ed25519"},
}

// digests are the hash functions by the contents of their identifiers.
var digests = map[string]crypto.Hash{
	"\x2b\x0e\x03\x02\x1a":                 crypto.SHA1,
	"\x60\x86\x48\x01\x65\x03\x04\x02\x04": crypto.SHA224,
	"\x60\x86\x48\x01\x65\x03\x04\x02\x01": crypto.SHA256,
	"\x60\x86\x48\x01\x65\x03\x04\x02\x02": crypto.SHA384,
	"\x60\x86\x48\x01\x65\x03\x04\x02\x03": crypto.SHA512,
	"\x60\x86\x48\x01\x65\x03\x04\x02\x08": crypto.SHA3_256,
	"\x60\x86\x48\x01\x65\x03\x04\x02\x09": crypto.SHA3_384,
	"\x60\x86\x48\x01\x65\x03\x04\x02\x0a": crypto.SHA3_512,
}

// pssNumbers are those that crypto/x509 has for RSASSA-PSS with one hash and as many
// octets of salt.
var pssNumbers = map[crypto.Hash]x509.SignatureAlgorithm{
	crypto.SHA256: x509.SHA256WithRSAPSS, crypto.SHA384: x509.SHA384WithRSAPSS, crypto.SHA512: x509.SHA512WithRSAPSS,
}

const (
	oidPSS  = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"
	oidMGF1 = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08"
)

// readAlgorithm reads an AlgorithmIdentifier: the contents of the identifier, and the
// element that its parameters are.
func readAlgorithm(der []byte) (oid string, params cryptobyte.String, ok bool) {
	input := cryptobyte.String(der)
	var seq, id cryptobyte.String
	if !input.ReadASN1(&seq, casn1.SEQUENCE) || !seq.ReadASN1(&id, casn1.OBJECT_IDENTIFIER) {
		return "", nil, false
	}
	return string(id), seq, true
}

// readScheme reads the AlgorithmIdentifier of a signature.
func readScheme(der []byte) *scheme {
	oid, params, ok := readAlgorithm(der)
	if !ok {
		return new(scheme)
	}
	if s := schemes[oid]; s != nil {
		return s
	}
	if oid == oidPSS {
		if s, ok := readPSS(params); ok {
			return s
		}
		return &scheme{name: pss}
	}
	if name := algorithms[oid]; name != "" { // such as ML-DSA, which has one identifier for keys and signatures
		return &scheme{name: name}
	}
	return &scheme{name: oidString([]byte(oid))}
}

// readPSS reads RSASSA-PSS-params (RFC 4055, Section 3.1):
//
//	SEQUENCE {
//	    hashAlgorithm    [0] AlgorithmIdentifier DEFAULT sha1,
//	    maskGenAlgorithm [1] AlgorithmIdentifier DEFAULT mgf1SHA1,
//	    saltLength       [2] INTEGER DEFAULT 20,
//	    trailerField     [3] INTEGER DEFAULT 1 }
func readPSS(params cryptobyte.String) (*scheme, bool) {
	s := &scheme{name: pss, key: "RSA", hash: crypto.SHA1, mask: crypto.SHA1, salt: 20}
	var seq, field cryptobyte.String
	var has bool
	if !params.ReadASN1(&seq, casn1.SEQUENCE) || !params.Empty() {
		return nil, false
	}
	next := func(tag uint8) bool {
		return seq.ReadOptionalASN1(&field, &has, casn1.Tag(tag).ContextSpecific().Constructed())
	}
	if !next(0) {
		return nil, false
	}
	if has {
		if s.hash = readHash(field); s.hash == 0 {
			return nil, false
		}
	}
	if !next(1) {
		return nil, false
	}
	if has {
		function, inner, _ := readAlgorithm(field)
		if s.mask = readHash(inner); function != oidMGF1 || s.mask == 0 {
			return nil, false
		}
	}
	if !next(2) || has && (!field.ReadASN1Integer(&s.salt) || s.salt < 0) {
		return nil, false
	}
	trailer := 1
	if !next(3) || has && !field.ReadASN1Integer(&trailer) || trailer != 1 || !seq.Empty() {
		return nil, false
	}
	if s.mask == s.hash && s.salt == s.hash.Size() {
		s.number = pssNumbers[s.hash]
	}
	s.name = pss + " " + s.hash.String()
	return s, true
}

// readHash reads the AlgorithmIdentifier of a digest, whose parameters are NULL or absent
// (RFC 4055, Section 2.1); 0 stands for one that is not known, or malformed.
func readHash(der []byte) crypto.Hash {
	oid, params, _ := readAlgorithm(der)
	if len(params) > 0 && !bytes.Equal(params, []byte{5, 0}) {
		return 0
	}
	return digests[oid]
}

// weak reports whether the scheme uses SHA-1, which proves little.
func (s *scheme) weak() bool { return s.hash == crypto.SHA1 }
