package describe

import (
	"bytes"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
)

// LeafError says that files do not tell which certificate paths are to start from. Its
// sentence calls these files LEAF, as the command does.
type LeafError struct {
	// Candidates are the certificates that paths may start from, two or more in the
	// order of the files; none where the files hold no certificate at all.
	Candidates []*chain.Certificate

	// Signer says whose certificate signed a message that lacks it, nil where that is
	// not so.
	Signer say.Sentence

	// Encrypted says that the files hold no certificate, and a message whose signature,
	// if it has one, is inside its encryption.
	Encrypted bool
}

// Error says what is wrong.
func (e *LeafError) Error() string { return e.Sentence().String() }

// Sentence returns what Error says, to be said in another language.
func (e *LeafError) Sentence() say.Message {
	switch {
	case e.Signer != nil:
		return say.New("LEAF is signed, and the certificate of the signer is not in it: give the one with %s among the other files", e.Signer)
	case e.Encrypted:
		return say.New("LEAF is an encrypted message: a signature and its certificate are inside, where nothing is seen; for whom it is encrypted show says")
	case len(e.Candidates) == 0:
		return say.New("LEAF holds no certificate")
	}
	return say.New("LEAF holds %s that paths may start from: put the one that is meant into a file of its own", say.Count(len(e.Candidates), "1 certificate", "%d certificates"))
}

// pickElsewhere returns the certificate of who signed a message that lacks it, from other
// files. It is nil without an error where no message lacks one.
func pickElsewhere(files, rest []*bundle.File) (*chain.Certificate, error) {
	var missing *LeafError
	for _, f := range files {
		if f == nil {
			continue
		}
		for i := range f.Messages {
			m := &f.Messages[i]
			if m.Part != "" {
				continue
			}
			for _, s := range m.Outermost() {
				if s.Certificate != nil || s.Info.Err != nil {
					continue
				}
				for _, c := range readable(rest) {
					if s.Info.Signer.Means(c) {
						return c, nil
					}
				}
				if missing == nil {
					missing = &LeafError{Signer: &s.Info.Signer}
				}
			}
		}
	}
	if missing == nil {
		return nil, nil
	}
	return nil, missing
}

// encrypted reports whether a message in the files is.
func encrypted(files []*bundle.File) bool {
	for _, f := range files {
		if f == nil {
			continue
		}
		for i := range f.Messages {
			if f.Messages[i].Encrypted() != nil {
				return true
			}
		}
	}
	return false
}

// readable returns the certificates of files that can be decoded.
func readable(files []*bundle.File) []*chain.Certificate {
	var list []*chain.Certificate
	for _, f := range files {
		if f == nil {
			continue
		}
		for i := range f.Certificates {
			if c := &f.Certificates[i]; c.Raw != nil {
				list = append(list, c.Certificate)
			}
		}
	}
	return list
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
	return nil, &LeafError{Candidates: candidates}
}

// pickSigner returns the certificate of who signed a message: of several the one whose
// address the message is from. It is nil where no signer's certificate is there.
func pickSigner(files []*bundle.File) (*chain.Certificate, error) {
	var signers, from []*chain.Certificate
	for _, f := range files {
		if f == nil {
			continue
		}
		signers = append(signers, f.Signers()...)
		for i := range f.Messages {
			m := &f.Messages[i]
			for _, s := range m.Outermost() {
				if c := s.Certificate; c != nil && m.Part == "" && slices.ContainsFunc(c.Emails(), func(a string) bool {
					return slices.ContainsFunc(m.From, func(b string) bool { return strings.EqualFold(a, b) })
				}) && !slices.ContainsFunc(from, func(o *chain.Certificate) bool { return bytes.Equal(o.Raw, c.Raw) }) {
					from = append(from, c)
				}
			}
		}
	}
	switch {
	case len(signers) == 0:
		return nil, nil
	case len(signers) == 1:
		return signers[0], nil
	case len(from) == 1:
		i := slices.IndexFunc(signers, func(c *chain.Certificate) bool { return bytes.Equal(c.Raw, from[0].Raw) })
		if i >= 0 {
			return signers[i], nil
		}
	}
	return nil, &LeafError{Candidates: signers}
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
