package lint

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/zmap/zcrypto/x509"
)

// examine does, for every certificate of the collection, what looks at that
// certificate alone: zlint's parser, the rules about single certificates and,
// if asked to, the lints of zlint. Certificates are shared out among workers;
// each writes to its own members only, so that the outcome does not depend on
// their number.
func (c *Collection) examine(ctx context.Context, rules []Rule, lints *zlints, known *catalog.Catalog, full bool, workers int) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	first := map[string]bool{}
	again := make([]bool, len(c.Members)) // the same certificate was there before
	for i, m := range c.Members {
		again[i] = first[m.sha256]
		first[m.sha256] = true
	}
	cross := c.crossSigned(known)
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(workers, len(c.Members)) {
		group.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(c.Members) {
					return
				}
				m := c.Members[i]
				m.parse()
				if full {
					m.examine(rules)
				}
				if full && !again[i] {
					m.zlint = lints.lint(m, cross[i])
				}
			}
		})
	}
	group.Wait()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%s: %w", c.Name, err)
	}
	return nil
}

// parse reads the certificate as zlint does.
func (m *Member) parse() {
	if m.Certificate == nil {
		return
	}
	if parsed, err := x509.ParseCertificate(m.Certificate.Raw); err == nil {
		m.Lintable = parsed
	}
}

// examine runs the rules about single certificates.
func (m *Member) examine(rules []Rule) {
	if m.Lintable == nil {
		return
	}
	m.answers = make([]answer, len(rules))
	for i := range rules {
		if check := rules[i].certificate; check != nil {
			m.answers[i].status, m.answers[i].message = check.judge(&rules[i], m.Lintable)
		}
	}
}

// crossSigned reports, for each certificate, whether it is that of a CA whose
// name and key have another certificate, here or in the catalogue, from another
// issuer: what zlint calls cross-signed.
func (c *Collection) crossSigned(known *catalog.Catalog) []bool {
	issuers := map[node]map[string]bool{}
	certs := c.certificates()
	for _, cert := range append(certs[:len(certs):len(certs)], c.Support...) {
		n := nodeOf(cert)
		if issuers[n] == nil {
			issuers[n] = map[string]bool{}
		}
		issuers[n][string(cert.RawIssuer())] = true
	}
	cross := make([]bool, len(c.Members))
	for i, m := range c.Members {
		if m.Certificate == nil || m.Certificate.SelfIssued() {
			continue
		}
		entry, ok := known.ByFingerprint(m.Certificate.SHA256())
		cross[i] = len(issuers[nodeOf(m.Certificate)]) > 1 || ok && entry.Kind == catalog.Cross
	}
	return cross
}
