package chain

import (
	"crypto/rsa"
	"crypto/x509"
	"errors"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// signatureAlgorithms are those whose parameters say nothing, with the contents of
// their identifiers: RFC 3279, RFC 4055, RFC 5758, RFC 8410.
var signatureAlgorithms = map[string]x509.SignatureAlgorithm{
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x02": x509.MD2WithRSA,
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04": x509.MD5WithRSA,
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05": x509.SHA1WithRSA,
	"\x2b\x0e\x03\x02\x1d":                 x509.SHA1WithRSA, // of ISO
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b": x509.SHA256WithRSA,
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c": x509.SHA384WithRSA,
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d": x509.SHA512WithRSA,
	"\x2a\x86\x48\xce\x38\x04\x03":         x509.DSAWithSHA1,
	"\x60\x86\x48\x01\x65\x03\x04\x03\x02": x509.DSAWithSHA256,
	"\x2a\x86\x48\xce\x3d\x04\x01":         x509.ECDSAWithSHA1,
	"\x2a\x86\x48\xce\x3d\x04\x03\x02":     x509.ECDSAWithSHA256,
	"\x2a\x86\x48\xce\x3d\x04\x03\x03":     x509.ECDSAWithSHA384,
	"\x2a\x86\x48\xce\x3d\x04\x03\x04":     x509.ECDSAWithSHA512,
	"\x2b\x65\x70":                         x509.PureEd25519,
}

const oidPSS = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"

// pssHashes are the digests of RSASSA-PSS with the length of their salt, which
// RFC 4055, Section 3.1, asks to be that of the digest.
var pssHashes = map[string]struct {
	algorithm x509.SignatureAlgorithm
	salt      int
}{
	"\x60\x86\x48\x01\x65\x03\x04\x02\x01": {x509.SHA256WithRSAPSS, 32},
	"\x60\x86\x48\x01\x65\x03\x04\x02\x02": {x509.SHA384WithRSAPSS, 48},
	"\x60\x86\x48\x01\x65\x03\x04\x02\x03": {x509.SHA512WithRSAPSS, 64},
}

const oidMGF1 = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08"

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

// signatureAlgorithm returns the algorithm of a signature as crypto/x509 numbers it,
// [x509.UnknownSignatureAlgorithm] for one that it has no number for.
func signatureAlgorithm(der []byte) x509.SignatureAlgorithm {
	oid, params, ok := readAlgorithm(der)
	if !ok || oid != oidPSS {
		return signatureAlgorithms[oid]
	}
	var seq, hash, mask, salt, inner cryptobyte.String
	var n int
	if !params.ReadASN1(&seq, casn1.SEQUENCE) ||
		!seq.ReadASN1(&hash, casn1.Tag(0).ContextSpecific().Constructed()) ||
		!seq.ReadASN1(&mask, casn1.Tag(1).ContextSpecific().Constructed()) ||
		!seq.ReadASN1(&salt, casn1.Tag(2).ContextSpecific().Constructed()) ||
		!salt.ReadASN1Integer(&n) {
		return x509.UnknownSignatureAlgorithm
	}
	digest, _, ok1 := readAlgorithm(hash)
	function, within, ok2 := readAlgorithm(mask)
	if !ok1 || !ok2 || function != oidMGF1 || !within.ReadASN1Element(&inner, casn1.SEQUENCE) {
		return x509.UnknownSignatureAlgorithm
	}
	if same, _, ok := readAlgorithm(inner); !ok || same != digest || pssHashes[digest].salt != n {
		return x509.UnknownSignatureAlgorithm
	}
	return pssHashes[digest].algorithm
}

// keyAlgorithm returns the name of the algorithm of the key in a SubjectPublicKeyInfo,
// empty where it has none here.
func keyAlgorithm(spki []byte) string {
	input := cryptobyte.String(spki)
	var seq, algorithm cryptobyte.String
	if !input.ReadASN1(&seq, casn1.SEQUENCE) || !seq.ReadASN1Element(&algorithm, casn1.SEQUENCE) {
		return ""
	}
	oid, _, _ := readAlgorithm(algorithm)
	return algorithms[oid]
}

// maxRSABits is the size of the largest RSA key that signatures are checked
// with. A check takes time by the square of it: seconds for a million bits.
const maxRSABits = 16384

// holder returns what checks signatures under the public key, nil if package crypto
// does not know such a key, or it is too large.
func (c *Certificate) holder() *x509.Certificate {
	c.keyOnce.Do(func() {
		holder := c.given
		if holder == nil {
			key, err := x509.ParsePKIXPublicKey(c.info().spki)
			if err != nil {
				return
			}
			holder = &x509.Certificate{PublicKey: key}
		}
		if rsa, ok := holder.PublicKey.(*rsa.PublicKey); holder.PublicKey != nil && (!ok || rsa.N.BitLen() <= maxRSABits) {
			c.key = holder
		}
	})
	return c.key
}

// verify checks a signature under the key of the certificate. It verifies SHA-1,
// which is left to the judge; MD5 and what crypto/x509 does not know fail.
func (c *Certificate) verify(algorithm x509.SignatureAlgorithm, signed, signature []byte) error {
	holder := c.holder()
	if holder == nil {
		return errUnsupported
	}
	err := holder.CheckSignature(algorithm, signed, signature)
	if _, insecure := errors.AsType[x509.InsecureAlgorithmError](err); insecure {
		return errInsecure
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, x509.ErrUnsupportedAlgorithm):
		return errUnsupported
	}
	return errBadSignature
}
