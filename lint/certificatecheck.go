package lint

import (
	"crypto"
	"crypto/x509"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	zlint "github.com/zmap/zlint/v3/lint"
)

// certificateCheck is the body of a rule that looks at one certificate at a time
// and at nothing else: neither the target nor the clock, facts or other
// certificates. Such a rule is also a lint of zlint; see [Registry].
type certificateCheck struct {
	applies func(*chain.Certificate) bool

	// find returns what is wrong with a certificate, nil when nothing is.
	find func(*chain.Certificate) *say.Message
}

// wrong makes the answer of a check that found a fault.
func wrong(format say.Text, args ...any) *say.Message {
	m := say.New(format, args...)
	return &m
}

// judge runs the check as zlint runs a lint: a rule says nothing about
// certificates from before its effective date.
func (c *certificateCheck) judge(r *Rule, cert *chain.Certificate) (Status, *say.Message) {
	switch {
	case !c.applies(cert):
		return zlint.NA, nil
	case !r.inForce(cert):
		return zlint.NE, nil
	}
	if m := c.find(cert); m != nil {
		return r.Status(), m
	}
	return zlint.Pass, nil
}

// The kinds of certificates that checks apply to.

func isUser(c *chain.Certificate) bool { return !c.IsCA() }

// isSubordinate reports whether the certificate is that of a CA under another.
func isSubordinate(c *chain.Certificate) bool { return c.IsCA() && !c.SelfSigned() }

// findWeakSignature says which weak digest a certificate is signed with.
func findWeakSignature(c *chain.Certificate) *say.Message {
	switch c.SignatureAlgorithm() {
	case x509.MD2WithRSA, x509.MD5WithRSA:
		return wrong("is signed with MD5 or older")
	}
	if c.SignatureHash() == crypto.SHA1 {
		return wrong("is signed with SHA-1")
	}
	return nil
}
