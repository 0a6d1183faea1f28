package lint

import (
	"crypto/x509"
	"slices"
	"time"

	"github.com/smimechain/smimechain/chain"
)

// hasUsages reports whether the certificate lists extended key usages.
func hasUsages(c *chain.Certificate) bool { return len(c.ExtKeyUsages()) > 0 }

// allowsEmail reports whether the extended key usages, if any, allow e-mail.
func allowsEmail(c *chain.Certificate) bool { return c.AllowsExtended(chain.EmailProtection) }

// can reports whether the certificate may be used so now on the target.
func (p *Pass) can(m *Member, u chain.Usage) bool {
	if notBefore, notAfter, ok := m.validity(); !ok || p.Time.Before(notBefore) || p.expired(notAfter) || !allowsEmail(m.Certificate) {
		return false
	}
	return p.allows(m.Certificate, u)
}

// allows reports whether a certificate may be used so on the target: Apple signs with
// digitalSignature, or without a key usage, and nonRepudiation alone does not do.
func (p *Pass) allows(c *chain.Certificate, u chain.Usage) bool {
	if usage, stated := c.KeyUsage(); u == chain.Sign && p.Target.row().digitalSignature && stated && usage&x509.KeyUsageDigitalSignature == 0 {
		return false
	}
	return c.Allows(u)
}

// usageNames lists the extended key usages of a certificate.
func usageNames(c *chain.Certificate) string {
	var names []string
	for _, u := range c.ExtKeyUsages() {
		names = append(names, chain.UsageName(u))
	}
	return listed(names)
}

// onlyMail is from when on SMC018 and Apple allow no usage but for mail and clients.
var onlyMail = time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC)

// notForMailSoon reports whether an extended key usage is one that S/MIME certificates
// may not have from 2027-07-01 on.
func notForMailSoon(oid string) bool {
	return !slices.Contains([]string{"emailProtection", "clientAuth"}, chain.UsageName(oid))
}
