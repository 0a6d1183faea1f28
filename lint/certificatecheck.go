package lint

import (
	"github.com/smimechain/smimechain/lint/say"
	"github.com/zmap/zcrypto/x509"
	zlint "github.com/zmap/zlint/v3/lint"
)

// certificateCheck is the body of a rule that looks at one certificate at a time
// and at nothing else: neither the target nor the clock, facts or other
// certificates. Such a rule is also a lint of zlint; see [Registry].
type certificateCheck struct {
	applies func(*x509.Certificate) bool

	// find returns what is wrong with a certificate, nil when nothing is.
	find func(*x509.Certificate) *say.Message
}

// wrong makes the answer of a check that found a fault.
func wrong(format say.Text, args ...any) *say.Message {
	m := say.New(format, args...)
	return &m
}

// judge runs the check as zlint runs a lint: a rule says nothing about
// certificates from before its effective date.
func (c *certificateCheck) judge(r *Rule, cert *x509.Certificate) (Status, *say.Message) {
	switch {
	case !c.applies(cert):
		return zlint.NA, nil
	case !r.EffectiveDate.IsZero() && cert.NotBefore.Before(r.EffectiveDate):
		return zlint.NE, nil
	}
	if m := c.find(cert); m != nil {
		return r.Status(), m
	}
	return zlint.Pass, nil
}

// lintOf is a rule in the form of a lint of zlint.
type lintOf struct{ rule Rule }

// CheckApplies implements [zlint.CertificateLintInterface].
func (l lintOf) CheckApplies(c *x509.Certificate) bool { return l.rule.certificate.applies(c) }

// Execute implements [zlint.CertificateLintInterface].
func (l lintOf) Execute(c *x509.Certificate) *zlint.LintResult {
	if m := l.rule.certificate.find(c); m != nil {
		return &zlint.LintResult{Status: l.rule.Status(), Details: m.String()}
	}
	return &zlint.LintResult{Status: zlint.Pass}
}

// The kinds of certificates that checks apply to.

func isUser(c *x509.Certificate) bool { return !isCertificateOfCA(c) }

// isCertificateOfCA reports whether the certificate says that it belongs to a
// CA. Version 1 certificates, which cannot say so, count when they are
// self-signed.
func isCertificateOfCA(c *x509.Certificate) bool {
	return c.IsCA || c.Version == 1 && c.SelfSigned
}

// isSubordinate reports whether the certificate is that of a CA under another.
func isSubordinate(c *x509.Certificate) bool { return isCertificateOfCA(c) && !c.SelfSigned }
