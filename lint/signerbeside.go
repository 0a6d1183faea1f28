package lint

import (
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// Where the certificate of a signer is not in the message, it is looked for in the other
// files of the call, and the message is judged by it.

// signedWith is a signature as it was checked with a certificate from another file.
type signedWith struct {
	bundle.Signature
	file string
}

// maxSameSigner is how many certificates with one identifier a signature is tried with.
const maxSameSigner = 8

// seekSigners looks for the certificates of signers that are not in the messages of the
// collection. Those that are found become members, each once, so that they are judged as
// those of other signers are.
func (c *Collection) seekSigners() {
	for _, f := range c.Files {
		for i := range f.Messages {
			signatures := f.Messages[i].Outermost()
			for j := range signatures {
				s := &signatures[j]
				if s.Certificate != nil {
					continue
				}
				found, m := c.signerElsewhere(&s.Verification)
				if m == nil {
					continue
				}
				if c.signedWith == nil {
					c.signedWith = map[*bundle.Signature]*signedWith{}
				}
				c.signedWith[s] = &signedWith{bundle.Signature{Verification: found, Cause: s.Cause}, m.File.Name}
				if c.memberOf(m.Certificate) == nil {
					c.addMember(m)
				}
			}
		}
	}
}

// signerElsewhere looks for the certificate of a signer in the files of the call, and
// returns what is known of the signature with it. One that made the signature goes before
// others of its name.
func (c *Collection) signerElsewhere(v *pkcs7.Verification) (pkcs7.Verification, *Member) {
	var first pkcs7.Verification
	var of *Member
	if v.Info.Err != nil {
		return first, nil
	}
	tried := map[[32]byte]bool{}
	for _, f := range c.call {
		for i := range f.Certificates {
			given := &f.Certificates[i]
			if given.Raw == nil || !v.Info.Signer.Means(given.Certificate) || tried[given.SHA256()] {
				continue
			}
			if len(tried) == maxSameSigner {
				return first, of
			}
			tried[given.SHA256()] = true
			again := v.With(given.Certificate)
			if again.Certificate == nil { // it says nothing more
				continue
			}
			if of == nil || again.Good() {
				first, of = again, newMember(f, i)
			}
			if again.Good() {
				return first, of
			}
		}
	}
	return first, of
}

// outermost returns the signatures of the outermost signed layer of a message, each as far
// as it was checked, with a certificate from another file too.
func (c *Collection) outermost(m *bundle.MailMessage) []*bundle.Signature {
	signatures := m.Outermost()
	list := make([]*bundle.Signature, len(signatures))
	for i := range signatures {
		list[i] = &signatures[i]
		if w := c.signedWith[list[i]]; w != nil {
			list[i] = &w.Signature
		}
	}
	return list
}
