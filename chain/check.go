package chain

import "github.com/smimechain/smimechain/lint/say"

// CheckSignature reports whether signature was made over signed with the private key of
// c: nil if it was. The algorithm is an AlgorithmIdentifier in DER, as certificates
// have it (RFC 5280, Section 4.1.1.2): one that names its hash, or Ed25519. SHA-1
// verifies; how much it proves is for the caller to say. The error wraps
// [ErrUnsupportedAlgorithm] where nothing can be told.
//
// Whether the certificate is valid, or may sign, is not looked at. It is safe for
// concurrent use.
func (c *Certificate) CheckSignature(algorithm, signed, signature []byte) error {
	if len(c.info().spki) == 0 {
		return say.Errorf("%w: the certificate holds no readable key", ErrUnsupportedAlgorithm)
	}
	_, err := c.publicKey().verify(readScheme(algorithm), signed, signature)
	return err
}
