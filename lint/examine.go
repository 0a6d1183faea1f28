package lint

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
)

// examine does, for every certificate of the collection, what looks at that
// certificate alone: it parses it and, if the collection is judged, runs the
// rules about single certificates and the lints of zlint.
func (c *Collection) examine(ctx context.Context, rules *ruleSet, lints *zlints, known *catalog.Catalog, judged bool, workers int, work *work) error {
	err := share(ctx, workers, c.Members, func(_ int, m *Member) { m.parse() })
	if err == nil && judged {
		first := map[string]int{} // of several copies of a certificate, zlint sees one
		for i, m := range slices.Backward(c.Members) {
			first[m.sha256] = i
		}
		cross := c.crossSigned(known)
		err = share(ctx, workers, c.Members, func(i int, m *Member) {
			m.examine(rules)
			if first[m.sha256] == i {
				m.zlint = lints.lint(m, cross[i])
			}
			work.add(1)
		})
	}
	if err != nil {
		return say.Errorf("%s: %w", c.Name, err)
	}
	return nil
}

// share calls f for each member, shared out among workers; with zero workers,
// among as many as there are processors for. As f changes nothing but its
// member, the outcome does not depend on their number.
func share(ctx context.Context, workers int, members []*Member, f func(int, *Member)) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	if workers = min(workers, len(members)); workers == 1 {
		// Nothing to share out: a file of its own in a bulk run, for one.
		for i, m := range members {
			if ctx.Err() != nil {
				break
			}
			f(i, m)
		}
		return ctx.Err()
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(members) {
					return
				}
				f(i, members[i])
			}
		})
	}
	group.Wait()
	return ctx.Err()
}

// parse reads the certificate, as chain and as zlint do.
func (m *Member) parse() {
	if m.Certificate == nil {
		return
	}
	m.subject = m.Certificate.Subject()
}

// examine runs the rules about single certificates.
func (m *Member) examine(rules *ruleSet) {
	if !m.readable() {
		return
	}
	m.answers = make([]answer, len(rules.checks)) // a store has thousands of members
	for place, i := range rules.checks {
		r := &rules.rules[i]
		m.answers[place].status, m.answers[place].message = r.certificate.judge(r, m.Certificate)
	}
}

// crossSigned reports, for each certificate, whether it is that of a CA whose
// name and key have another certificate, here or in the catalogue, from another
// issuer: what zlint calls cross-signed.
func (c *Collection) crossSigned(known *catalog.Catalog) []bool {
	issuers := map[node]map[string]bool{}
	certs := c.certificates()
	names := make(map[string]bool, len(certs)) // there may be thousands of others with each of many files
	for _, cert := range certs {
		names[string(cert.RawSubject())] = true
	}
	for _, cert := range append(certs[:len(certs):len(certs)], c.Support...) {
		if !names[string(cert.RawSubject())] {
			continue
		}
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
