package chain

import (
	"context"
	"time"
)

// judge validates paths as RFC 5280, Section 6.1, asks.
type judge struct {
	ctx  context.Context
	at   time.Time
	opts *Options
}

func newJudge(ctx context.Context, at time.Time, opts *Options) *judge {
	return &judge{ctx: ctx, at: at, opts: opts}
}

func (j *judge) judge(certs []*Certificate) *Path {
	p := &Path{Certificates: append([]*Certificate(nil), certs...)}
	for i, c := range certs {
		q := c.info()
		if i == 0 || q.notBefore.After(p.NotBefore) {
			p.NotBefore = q.notBefore
		}
		if i == 0 || q.notAfter.Before(p.NotAfter) {
			p.NotAfter = q.notAfter
		}
		switch {
		case j.at.Before(q.notBefore):
			p.Problems = append(p.Problems, Problem{Index: i, Code: ProblemNotYetValid, Clause: "RFC 5280, Section 6.1.3 (a)(2)"})
		case j.at.After(q.notAfter):
			p.Problems = append(p.Problems, Problem{Index: i, Code: ProblemExpired, Clause: "RFC 5280, Section 6.1.3 (a)(2)"})
		}
		if i > 0 && i < len(certs)-1 && !q.ext.isCA {
			p.Problems = append(p.Problems, Problem{Index: i, Code: ProblemNotCA, Clause: "RFC 5280, Section 6.1.4 (k)"})
		}
	}
	return p
}
