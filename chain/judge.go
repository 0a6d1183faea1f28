package chain

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/smimechain/smimechain/lint/say"
)

// judge validates paths as RFC 5280, Section 6.1, asks. Signatures have been
// verified when a path comes here.
type judge struct {
	ctx    context.Context
	at     time.Time
	opts   *Options
	left   int    // comparisons, below zero when there were too many
	eku    string // contents of the identifier asked for; "" is in no certificate: crypto/x509 refuses it
	anyEKU bool
}

func (j *judge) init(ctx context.Context, at time.Time, opts *Options) {
	*j = judge{ctx: ctx, at: at, opts: opts, left: opts.Limits.withDefaults().Comparisons, eku: oidEmailProtection}
	if opts.Purpose.EKU != nil {
		j.eku = encodeOID(opts.Purpose.EKU)
		j.anyEKU = j.eku == oidAnyEKU
	}
}

const (
	clauseValidity  = "RFC 5280, Section 6.1.3 (a)(2)"
	clauseCritical  = "RFC 5280, Section 6.1.4 (o)"
	clauseEKU       = "RFC 5280, Section 4.2.1.12"
	clauseKeyUsage  = "RFC 5280, Section 4.2.1.3"
	clauseSMIMEUse  = "RFC 8550, Section 4.4.2"
	clauseEmail     = "RFC 8550, Section 3"
	clauseAnchor    = "RFC 5937, Section 3"
	clauseStructure = "RFC 5280, Section 4.1"
)

// path returns the path of certs, which it copies, and its problems.
func (j *judge) path(certs []*Certificate) *Path {
	p := &Path{Certificates: slices.Clone(certs)}
	constrained := false
	for i, c := range certs {
		q := c.info()
		if q.notBefore.After(p.NotBefore) {
			p.NotBefore = q.notBefore
		}
		if i == 0 || q.notAfter.Before(p.NotAfter) {
			p.NotAfter = q.notAfter
		}
		j.certificate(p, i)
		constrained = constrained || q.ext.hasConstraints
	}
	j.leaf(p)
	if constrained {
		j.constraints(p)
	}
	if q := j.policies(certs); q != nil {
		p.Problems = append(p.Problems, *q)
	}
	if len(p.Problems) == 0 && j.opts.Revocation != nil {
		j.revocation(p)
	}
	p.Disputed = j.disputed(p.Certificates)
	if j.opts.CrossCheck {
		p.CrossCheck = crossCheck(p.Certificates, j.at, j.opts.Purpose)
	}
	slices.SortStableFunc(p.Problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Index, b.Index), cmp.Compare(slices.Index(problemOrder, a.Code), slices.Index(problemOrder, b.Code)))
	})
	return p
}

// certificate judges the certificate at index i by itself.
func (j *judge) certificate(p *Path, i int) {
	c := p.Certificates[i]
	q := c.info()
	e := &q.ext
	add := func(code ProblemCode, detail say.Message, clause string) {
		p.Problems = append(p.Problems, problem(i, code, detail, clause))
	}
	for _, m := range e.malformed {
		add(problemUnparseable, m, clauseStructure)
	}
	if q.algorithmsDiffer {
		add(problemSignatureAlgorithm, say.Message{}, "RFC 5280, Section 4.1.1.2")
	}
	if j.at.Before(q.notBefore) {
		add(problemNotYetValid, say.New("valid from %s", q.notBefore.UTC().Format(time.RFC3339)), clauseValidity)
	} else if j.expired(c) {
		add(problemExpired, say.New("valid until %s", q.notAfter.UTC().Format(time.RFC3339)), clauseValidity)
	}
	for _, id := range e.unknownCritical {
		add(problemCriticalExtension, say.New("%s", id), clauseCritical)
	}
	if i < len(p.Certificates)-1 && q.signed.weak() {
		add(problemWeakSignature, say.New("%s", "SHA-1"), "RFC 8550, Appendix B")
	}
	if !j.anyEKU && e.hasEKU && !slices.Contains(e.eku, j.eku) && !slices.Contains(e.eku, oidAnyEKU) {
		add(problemExtKeyUsage, say.Message{}, clauseEKU)
	}
	if j.issues(i) {
		j.issuer(p, i)
	}
}

// issues reports whether the certificate at index i is to issue others.
func (j *judge) issues(i int) bool { return i > 0 || j.opts.Purpose.Usage == Issue }

// expired reports whether the certificate ends too early.
func (j *judge) expired(c *Certificate) bool {
	return j.at.Add(max(0, j.opts.Ahead)).After(c.info().notAfter)
}

// valid reports whether the certificate has begun and does not end too early.
func (j *judge) valid(c *Certificate) bool {
	return !j.at.Before(c.info().notBefore) && !j.expired(c)
}

// weight returns how many entries of lists are gone through when a path is
// judged, which is next to nothing for certificates as they are.
func (j *judge) weight(certs []*Certificate) int {
	n := 0
	for _, c := range certs {
		e := &c.info().ext
		n += len(e.eku) + len(e.application) + len(e.malformed) + len(e.unknownCritical) + len(e.policies) + len(e.mappings)
		// Once for the certificate, and for each below.
		n += (len(e.permitted) + len(e.excluded)) * len(certs)
	}
	san := &certs[0].info().ext.san
	return n + len(san.emails) + len(san.utf8)
}

// issuer judges the certificate at index i as one that issues (Section 6.1.4,
// (k) to (n)). An anchor is judged likewise, save that it may be of version
// 1, which has no extensions to say that it is a CA.
func (j *judge) issuer(p *Path, i int) {
	q := p.Certificates[i].info()
	e := &q.ext
	anchor := i == len(p.Certificates)-1
	add := func(code ProblemCode, detail say.Message, clause string) {
		p.Problems = append(p.Problems, problem(i, code, detail, clause))
	}
	if !e.isCA && !(anchor && i > 0 && e.anchors(q.version)) {
		add(problemNotCA, say.Message{}, "RFC 5280, Section 6.1.4 (k)")
	}
	if e.hasUsage && e.usage&usageCertSign == 0 {
		add(problemKeyUsageCertSign, say.Message{}, "RFC 5280, Section 6.1.4 (n)")
	}
	if len(q.subjectKey) == 0 {
		add(problemName, say.New("an issuer without a name"), "RFC 5280, Section 4.1.2.6")
	}
	if e.pathLen >= 0 && e.isCA {
		// Self-issued certificates do not count, nor does the last one.
		below := 0
		from := 1
		if j.opts.Purpose.Usage == Issue {
			from = 0
		}
		for k := from; k < i; k++ {
			if !p.Certificates[k].SelfIssued() {
				below++
			}
		}
		if below > e.pathLen {
			clause := "RFC 5280, Section 6.1.4 (l)"
			if anchor {
				clause = clauseAnchor
			}
			add(problemPathLength, say.Message{}, clause)
		}
	}
}

// leaf judges what is asked of the first certificate only.
func (j *judge) leaf(p *Path) {
	c := p.Certificates[0]
	if u := j.opts.Purpose.Usage; u != Issue && !c.Allows(u) {
		bad, clause := say.New("neither to sign nor to encrypt"), clauseKeyUsage
		switch u {
		case Sign:
			bad = say.New("not to sign")
		case Encrypt:
			bad = say.New("not to encrypt")
		}
		if j.eku == oidEmailProtection {
			clause = clauseSMIMEUse
		}
		p.Problems = append(p.Problems, problem(0, problemKeyUsage, bad, clause))
	}
	if j.opts.Email != "" && !c.hasEmail(j.opts.Email) {
		p.Problems = append(p.Problems, problem(0, problemEmail, say.New("not for %s", quote(j.opts.Email)), clauseEmail))
	}
}

// hasEmail reports whether address is one of the certificate.
func (c *Certificate) hasEmail(address string) bool {
	q := c.info()
	san := &q.ext.san
	same := func(a string) bool { return equalFoldASCII(a, address) }
	if slices.ContainsFunc(san.emails, same) || slices.ContainsFunc(san.utf8, same) {
		return true
	}
	return len(san.emails)+len(san.utf8) == 0 && slices.ContainsFunc(subjectEmails(q.subject), same)
}

// lowerASCII leaves all but ASCII letters as they are: the Kelvin sign would
// become a k, and a host that no name system knows one that it knows.
func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

func equalFoldASCII(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		x, y := a[i], b[i]
		if 'A' <= x && x <= 'Z' {
			x += 'a' - 'A'
		}
		if 'A' <= y && y <= 'Z' {
			y += 'a' - 'A'
		}
		if x != y {
			return false
		}
	}
	return true
}

// constraints applies the name constraints of each certificate to those below
// it (Section 6.1.3 (b) and (c)): to all but the self-issued ones, and to the
// leaf in any case.
func (j *judge) constraints(p *Path) {
	k := &checker{left: j.left}
	defer func() { j.left = k.left }()
	for i := len(p.Certificates) - 1; i > 0; i-- {
		ca := p.Certificates[i].info()
		if !ca.ext.hasConstraints {
			continue
		}
		for n := i - 1; n >= 0; n-- {
			q := p.Certificates[n].info()
			if j.issues(n) && q.issuerKey == q.subjectKey {
				continue
			}
			if v := k.check(q, ca); v != nil {
				p.Problems = append(p.Problems, problem(n, v.code, v.detail, v.clause))
				if v.code == problemTooManyConstraints {
					return
				}
			}
		}
	}
}

// revocation asks about every certificate but the anchor, from the top down.
func (j *judge) revocation(p *Path) {
	const clause = "RFC 5280, Section 6.1.3 (a)(3)"
	for i := len(p.Certificates) - 2; i >= 0; i-- {
		switch status, detail := j.opts.Revocation.Revocation(j.ctx, p.Certificates, i, j.at); status {
		case RevocationGood:
		case Revoked:
			p.Problems = append(p.Problems, problem(i, problemRevoked, detail, clause))
		default:
			p.Problems = append(p.Problems, problem(i, problemRevocationUnknown, detail, clause))
		}
	}
}
