package describe

import (
	"bytes"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
)

// LeafError says that files do not tell which certificate paths are to start from. Its
// sentence calls these files LEAF, as the command does.
type LeafError struct {
	// Candidates are the certificates that paths may start from, two or more in the
	// order of the files; none where the files hold no certificate at all.
	Candidates []*chain.Certificate
}

// Error says what is wrong.
func (e *LeafError) Error() string { return e.Sentence().String() }

// Sentence returns what Error says, to be said in another language.
func (e *LeafError) Sentence() say.Message {
	if len(e.Candidates) == 0 {
		return say.New("LEAF holds no certificate")
	}
	return say.New("LEAF holds %s that paths may start from: put the one that is meant into a file of its own", say.Count(len(e.Candidates), "1 certificate", "%d certificates"))
}

// pickLeaf returns the certificate that files are about: the only one, the only one
// that is not a CA, or the only one that has issued none of the others.
func pickLeaf(certs []*chain.Certificate) (*chain.Certificate, error) {
	candidates := certs
	for _, fits := range []func(*chain.Certificate) bool{
		func(c *chain.Certificate) bool { return true },
		func(c *chain.Certificate) bool { return !c.IsCA() },
		func(c *chain.Certificate) bool { return !issuedAny(c, certs) },
	} {
		var left []*chain.Certificate
		for _, c := range candidates {
			if fits(c) {
				left = append(left, c)
			}
		}
		if len(left) == 1 {
			return left[0], nil
		}
		if len(left) > 0 {
			candidates = left
		}
	}
	return nil, &LeafError{candidates}
}

// issuedAny reports whether c has issued a certificate of another subject,
// going by names alone.
func issuedAny(c *chain.Certificate, certs []*chain.Certificate) bool {
	for _, other := range certs {
		if bytes.Equal(other.RawIssuer(), c.RawSubject()) && !bytes.Equal(other.RawSubject(), c.RawSubject()) {
			return true
		}
	}
	return false
}
