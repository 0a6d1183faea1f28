package lint

import (
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

// Nothing advises to add or to trust a certificate against which the same report has
// something: it is unfit.

// anotherCA is the remedy where what a rule would have added is unfit.
const anotherCA say.Text = "Do not add what is named: use another certificate of the same CA against which nothing speaks, or have the certificate issued by another CA."

// issuedByCA is the remedy for a certificate of a user that is its own issuer: no collection
// of CAs is to hold it.
const issuedByCA say.Text = "Have a certificate issued by a CA: one that a user has signed for himself is no root to add."

// unfit says why the target would not take a certificate that were added: it is
// distrusted, known to be revoked, or expired. It is zero where nothing is known against
// it.
func (p *Pass) unfit(c *chain.Certificate) say.Message {
	name := quoteName(c.Subject())
	code, why := p.distrust([]*chain.Certificate{c}, 0, p.Time)
	if !why.IsZero() && stanceOn(p.Target.row().stances, code, why.String()) != pkcs12.Yes {
		return say.New("%s: %s: %s", name, code, why)
	}
	if e, ok := p.Catalog.ByFingerprint(c.SHA256()); ok {
		if why := p.unfitEntry(e); !why.IsZero() {
			return why
		}
	}
	if why := p.revocation.revokes(c, first(p.withSubject(c.RawIssuer()), maxListed), p.Time); !why.IsZero() {
		return say.New("%s is revoked: %s", name, why)
	}
	if end := c.NotAfter(); p.expired(end) {
		return say.New("%s %s", name, p.expiry(end))
	}
	return say.Message{}
}

// unfitEntry is unfit for what the catalogue knows.
func (p *Pass) unfitEntry(e catalog.Entry) say.Message {
	name := quoteName(e.Subject)
	if r := e.Revoked; r != nil && !p.Time.Before(r.Date) {
		return say.New("%s was revoked on %s (%s)", name, date(r.Date), r.Source)
	}
	if d, ok := p.Catalog.Distrusted(e.SHA256); ok {
		if why := d.Why(); stanceOn(p.Target.row().stances, "distrusted", why.String()) != pkcs12.Yes {
			return say.New("%s: %s: %s", name, chain.ProblemCode("distrusted"), why)
		}
	}
	if p.expired(e.NotAfter) {
		return say.New("%s %s", name, p.expiry(e.NotAfter))
	}
	return say.Message{}
}

// unfitWay is unfit for what a chain lacks where it ends, and for the CAs that lead there:
// whatever is added above an unfit one does not help.
func (p *Pass) unfitWay(end *chain.DeadEnd) say.Message {
	for _, c := range end.Way {
		if c.IsCA() {
			if why := p.unfit(c); !why.IsZero() {
				return why
			}
		}
	}
	return p.unfitEnd(end)
}

// unfitEnd is unfit for what a chain lacks where it ends. Of several certificates of one
// CA, one that is fit suffices.
func (p *Pass) unfitEnd(end *chain.DeadEnd) say.Message {
	if end.Kind == chain.NotAnchor {
		return p.unfit(end.Certificate)
	}
	if end.Kind != chain.IssuerMissing {
		return say.Message{}
	}
	var why say.Message
	for _, c := range first(p.withSubject(end.Certificate.RawIssuer()), maxListed) {
		if end.Certificate.SignedBy(c) != nil {
			continue
		}
		if why = p.unfit(c); why.IsZero() {
			return why
		}
	}
	if !why.IsZero() {
		return why
	}
	return p.way(end).unfit
}

// withSubject returns the certificates of all files of the call, of those beside it and of
// the roots given that have a subject.
func (p *Pass) withSubject(subject []byte) []*chain.Certificate {
	c := p.Collection
	if c.bySubject == nil {
		c.bySubject = map[string][]*chain.Certificate{}
		for _, known := range slices.Concat(c.Support, p.roots) {
			name := string(known.RawSubject())
			c.bySubject[name] = append(c.bySubject[name], known)
		}
	}
	var list []*chain.Certificate
	for _, l := range c.rollout.whereabouts.of(subject) {
		list = append(list, l.cert)
	}
	return append(list, c.bySubject[string(subject)]...)
}

// reportAdding reports what rules find that advise to add a certificate. Where that one
// is unfit, they say so, and advise otherwise.
func (p *Pass) reportAdding(m *Member, message, unfit say.Message) {
	if unfit.IsZero() {
		p.ReportMessage(m, message)
		return
	}
	p.ReportMessage(m, say.Join(message, unfit))
	f := &p.findings[len(p.findings)-1]
	f.Remedy, f.Commands = anotherCA, nil
}
