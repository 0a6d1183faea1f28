package chain

// SignedByKey reports whether the signature of c verifies under a public key, a DER
// SubjectPublicKeyInfo: nil if it does. It is for a CA whose key is known and whose
// certificate is not at hand. Names are not compared. The error wraps
// [ErrUnsupportedAlgorithm] where nothing can be told. The slice is kept.
func (c *Certificate) SignedByKey(spki []byte) error {
	if err := c.info().err; err != nil {
		return err
	}
	if len(spki) == 0 {
		return ErrUnsupportedAlgorithm
	}
	holder := new(Certificate)
	holder.once.Do(func() { holder.parsed = &parsed{spki: spki} })
	err, _ := c.signedBy(holder)
	return err
}
