package lint

import (
	"cmp"
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	zlint "github.com/zmap/zlint/v3/lint"
)

// chainRules are about certificates that a chain lacks.
func chainRules() []Rule {
	return []Rule{
		{
			Name: "e_chain_issuer_missing",
			Need: needPath, explains: true,
			Description: "A chain ends before it reaches an anchor: the certificate of an issuer is missing.",
			Citation:    "RFC 5280, Section 6.1; " + citeCollection,
			Source:      zlint.RFC5280,
			Remedy:      "Add the certificate of the issuer, and whatever leads from there to a root.",
			Confidence:  Documented,
			Symptoms:    slices.Concat(untrusted, []say.Text{"External recipients see a signature that is not trusted."}),
			Run:         runIssuerMissing,
		},
		{
			Name: "e_chain_cross_certificate_missing",
			Need: needPath, explains: true,
			Description: "A chain stops at a CA that is known to be cross-signed, and no form of that CA's certificate that reaches an anchor is there.",
			Citation:    "RFC 5280, Section 6.1; Sectigo, Public Root CAs Migration",
			Source:      zlint.RFC5280,
			Remedy:      "Add the cross-certificate that is named, with the root that issued it; the self-signed form of the same CA beside it does no harm.",
			Confidence:  Documented,
			Symptoms:    untrusted,
			Run:         runCrossMissing,
		},
		{
			Name:        "e_chain_no_anchor",
			Need:        needPath,
			Description: "A chain ends without reaching what the target anchors in: in a self-signed certificate that is no anchor there, such as a root that lies beside the collection, in CAs that certify each other alone, or in one that may not issue.",
			Citation:    "RFC 5280, Section 6.1; " + citeCollection,
			Source:      zlint.RFC5280,
			Remedy:      "Add the root to what the target anchors in: for Exchange Online and Outlook on phones to the collection itself.",
			Confidence:  Documented,
			Symptoms:    untrusted,
			Run:         runNoAnchor,
		},
		{
			Name:        "w_chain_cross_certificate_missing",
			Need:        needPath,
			Description: "A chain reaches an anchor only through the self-signed form of a new root, which older clients do not know. Its cross-certificate, which leads them to a root they know, is not there.",
			Citation:    "Sectigo, Public Root CAs Migration; Apple, security_certificates 55297.100.4",
			Source:      zlint.RFC5280,
			Remedy:      "Add the cross-certificate that is named, with the root that issued it.",
			Confidence:  Documented,
			Symptoms:    []say.Text{"External recipients with older devices see a signature that is not trusted."},
			Run:         runCrossAdvised,
		},
		{
			Name:        "w_chain_issuer_missing",
			Need:        needPath,
			Description: "A certificate leads nowhere, because that of its issuer is missing; the CA reaches an anchor another way. What was to be gained by that certificate is not.",
			Citation:    "RFC 5280, Section 6.1; " + citeCollection,
			Source:      zlint.RFC5280,
			Targets:     []Target{ExchangeOnline},
			Remedy:      "Add the root that issued it, or leave the certificate out.",
			Confidence:  Inferred,
			Run:         runDangling,
		},
		{
			Name:        "w_chain_issuing_ca_missing",
			Need:        needPath,
			Description: "The chain of a user is complete only with certificates from beside the store: the CA that issued it is not in the collection. Exchange Online then depends on fetching it; OWA does not send it along.",
			Citation:    citeCollection,
			Targets:     []Target{ExchangeOnline},
			Remedy:      "Add the certificate of the issuing CA to the collection.",
			Confidence:  Inferred,
			Symptoms:    untrusted,
			Applies: func(p *Pass) bool {
				return p.Collection.BesideStore && (hasUsers(p) || p.Collection.Files[0].Signed && len(p.Collection.stores) > 0)
			},
			Run: runIssuingMissing,
		},
	}
}

func runIssuerMissing(p *Pass) error {
	list, err := p.missingIssuers()
	if err != nil {
		return err
	}
	for _, m := range list {
		if w := p.way(&m.end); w.cross() == nil {
			parts := append([]say.Message{p.stops(m)}, nearMisses(m.end)...)
			p.reportAdding(m.start.member, say.Join(append(parts, w.say(&m.end)...)...), p.unfitWay(&m.end))
		}
	}
	return nil
}

// runNoAnchor reports ends of chains that are no missing issuers, and the CAs of a
// collection that lead nowhere and from which no chain was to start.
func runNoAnchor(p *Pass) error {
	if p.lacksCollection() {
		return nil // which may hold the root
	}
	starts, err := p.starts()
	if err != nil {
		return err
	}
	started := map[node]bool{} // whether the start is a CA
	for _, s := range starts {
		started[nodeOf(s.member.Certificate)] = s.member.isCA()
		if furthest(s.result) > 0 || !s.result.Complete() {
			continue
		}
		for _, end := range s.result.DeadEnds {
			p.reportEnd(s.member, &end)
		}
	}
	subjects, err := p.subjects()
	if err != nil || len(subjects) == 0 || !subjects[0].together() {
		return err
	}
	reach, err := p.nodes()
	if err != nil {
		return err
	}
	for _, l := range reach.lost {
		if started[nodeOf(l.ca)] || l.answer.State != Failed || toldOfStart(starts, l.result) ||
			slices.ContainsFunc(l.result.Rejected, p.onlyExpired) { // the dates are told of
			continue
		}
		i := slices.IndexFunc(p.Collection.Members, func(m *Member) bool { return m.Certificate == l.ca })
		p.reportLost(p.Collection.Members[i], l.result)
	}
	return nil
}

// reportEnd reports an end of the chains of a certificate that is no missing issuer.
func (p *Pass) reportEnd(m *Member, end *chain.DeadEnd) {
	switch end.Kind {
	case chain.NotAnchor:
		ends := say.New("the chain ends in the self-signed %s, SHA-256 %X, which is no anchor of the target", quoteName(end.Certificate.Subject()), end.Certificate.SHA256())
		p.reportAdding(m, joinWhere(ends, p.elsewhere(end)), p.unfitWay(end))
		if !end.Certificate.IsCA() {
			p.findings[len(p.findings)-1].Remedy = issuedByCA
		}
	case chain.NoAnchor:
		p.Report(m, "the chain stops at %s: its issuers lead only to each other", quoteName(end.Certificate.Subject()))
	}
}

// reportLost reports a CA of a collection that leads nowhere. Where a path leads to an
// anchor and breaks a rule, no root is missing.
func (p *Pass) reportLost(m *Member, r *chain.Result) {
	nowhere := say.New("leads to no anchor")
	if path, problems := p.bestBroken(r); path != nil {
		var broken []say.Message
		for _, problem := range problems {
			broken = append(broken, say.New("%s: %s", quoteName(path.Certificates[problem.Index].Subject()), problem))
		}
		p.reportAdding(m, nowhere, say.Join(broken...))
		return
	}
	for i := range r.DeadEnds {
		if unfit := p.unfitWay(&r.DeadEnds[i]); !unfit.IsZero() {
			p.reportAdding(m, nowhere, unfit)
			return
		}
	}
	p.ReportMessage(m, nowhere)
}

// toldOfStart reports whether every end of a result is an issuer that is missing, and
// missing to a start as well.
func toldOfStart(starts []start, r *chain.Result) bool {
	return len(r.Accepted)+len(r.Rejected) == 0 && !slices.ContainsFunc(r.DeadEnds, func(end chain.DeadEnd) bool {
		return end.Kind != chain.IssuerMissing || !slices.ContainsFunc(starts, func(s start) bool {
			return furthest(s.result) == 0 && s.result.Complete() && slices.ContainsFunc(s.result.DeadEnds, func(e chain.DeadEnd) bool { return e.Certificate == end.Certificate })
		})
	})
}

func runCrossMissing(p *Pass) error {
	list, err := p.missingIssuers()
	if err != nil {
		return err
	}
	for _, m := range list {
		if w := p.way(&m.end); w.cross() != nil {
			p.reportAdding(m.start.member, say.Join(append([]say.Message{p.stops(m)}, w.say(&m.end)...)...), p.unfitWay(&m.end))
		}
	}
	return nil
}

func runCrossAdvised(p *Pass) error {
	starts, err := p.starts()
	if err != nil {
		return err
	}
	told := map[[32]byte]bool{}
	for _, s := range starts {
		cross := p.crossOfEvery(s.result.Accepted)
		if cross == nil || told[cross.SHA256] {
			continue
		}
		told[cross.SHA256] = true
		if p.holds(cross.SHA256) {
			continue
		}
		p.Report(s.member, "the only anchor is the self-signed %s, which older clients do not know; add %s",
			quoteName(cross.Subject), describeCross(cross))
	}
	return nil
}

// runDangling reports certificates that lead nowhere on the way up from a start
// that reaches an anchor all the same.
func runDangling(p *Pass) error {
	starts, err := p.starts()
	if err != nil {
		return err
	}
	told := map[[32]byte]bool{}
	members := map[*chain.Certificate]*Member{}
	for _, m := range p.Collection.Members {
		members[m.Certificate] = m
	}
	for _, s := range starts {
		if len(s.result.Accepted) == 0 {
			continue
		}
		for _, end := range s.result.DeadEnds {
			if sum := end.Certificate.SHA256(); end.Kind == chain.IssuerMissing && !told[sum] {
				told[sum] = true
				p.reportAdding(cmp.Or(members[end.Certificate], s.member), say.Join(append([]say.Message{
					say.New("%s leads nowhere: its issuer %s is missing", quoteName(end.Certificate.Subject()), quoteName(end.Issuer)),
				}, p.knownForms(p.Catalog.Known(end))...)...), p.unfitWay(&end))
			}
		}
	}
	return nil
}

func runIssuingMissing(p *Pass) error {
	starts, err := p.starts()
	if err != nil {
		return err
	}
	inStore := map[[32]byte]bool{}
	for _, c := range p.Collection.stores {
		inStore[c.SHA256()] = true
	}
	for _, s := range starts {
		direct := func(path *chain.Path) bool {
			return len(path.Certificates) == 1 || inStore[path.Certificates[1].SHA256()]
		}
		if !s.member.isCA() && len(s.result.Accepted) > 0 && !slices.ContainsFunc(s.result.Accepted, direct) {
			issuer := s.result.Accepted[0].Certificates[1]
			p.reportAdding(s.member, say.New("the collection lacks its issuer %s, SHA-256 %X", quoteName(issuer.Subject()), issuer.SHA256()), p.unfit(issuer))
		}
	}
	return nil
}
