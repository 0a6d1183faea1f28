package lint

import (
	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
)

// missing is an end at which a chain lacks an issuer.
type missing struct {
	start start
	end   chain.DeadEnd
}

// missingIssuers returns, for each start that reaches no anchor at all, the
// issuers at which its chains stop. They are looked up once for each set of
// anchors.
func (p *Pass) missingIssuers() ([]missing, error) {
	set := p.anchorSet()
	if list, ok := p.Collection.missing[set]; ok {
		return list, nil
	}
	starts, err := p.starts()
	if err != nil {
		return nil, err
	}
	var list []missing
	for _, s := range starts {
		if furthest(s.result) > 0 || !s.result.Complete() {
			continue
		}
		for _, end := range s.result.DeadEnds {
			if !isMissing(&end) {
				continue
			}
			list = append(list, missing{start: s, end: end})
		}
	}
	if p.Collection.missing == nil {
		p.Collection.missing = map[anchorSet][]missing{}
	}
	p.Collection.missing[set] = list
	return list, nil
}

// stops says where a chain stops.
func (p *Pass) stops(m missing) say.Message {
	stops := say.New("the chain stops at %s: its issuer %s is missing", quoteName(m.end.Certificate.Subject()), quoteName(m.end.Issuer))
	if m.end.Certificate == m.start.member.Certificate {
		stops = say.New("the chain stops here: its issuer %s is missing", quoteName(m.end.Issuer))
	}
	return joinWhere(stops, p.elsewhere(&m.end))
}

// joinWhere adds in which file something lies, if it is known.
func joinWhere(m, where say.Message) say.Message {
	if where.IsZero() {
		return m
	}
	return say.Join(m, where)
}

// maxNearMisses is how many certificates that look like a missing issuer are
// named: package chain has more, for those who want to see them all.
const maxNearMisses = 5

// nearMisses names certificates that look like the missing issuer.
func nearMisses(end chain.DeadEnd) []say.Message {
	var list []say.Message
	for _, miss := range end.NearMisses[:min(maxNearMisses, len(end.NearMisses))] {
		list = append(list, say.New("%s (SHA-256 %X) is not it: %s", quoteName(miss.Certificate.Subject()), miss.Certificate.SHA256(), miss.Code))
	}
	if end.MoreNearMisses || len(end.NearMisses) > maxNearMisses {
		list = append(list, say.New("further certificates that look like it are not listed"))
	}
	return list
}

// knownForms says which certificate of a missing issuer to look for, when the
// catalogue knows one.
func (p *Pass) knownForms(forms []catalog.Entry) []say.Message {
	for _, e := range forms {
		if e.Advice != catalog.LeaveOut && p.unfitEntry(e).IsZero() {
			return []say.Message{say.New("it is known: SHA-256 %X, valid until %s, %s", e.SHA256, date(e.NotAfter), e.URL())}
		}
	}
	return nil
}

// neededRoots names the issuers at which the chains of a collection stop, up to
// maxListed of them.
func (p *Pass) neededRoots(starts []start) (list []say.Message, unfit say.Message) {
	told := map[string]bool{}
	for _, s := range starts {
		for _, end := range s.result.DeadEnds {
			if end.Kind != chain.IssuerMissing || told[end.Issuer] {
				continue
			}
			told[end.Issuer] = true
			if len(told) > maxListed {
				return append(list, say.New("further missing issuers are not listed")), unfit
			}
			forms := p.Catalog.Known(end)
			name := end.Issuer
			if w := p.way(&end); w.best.Complete {
				anchor := w.best.Anchor()
				name, forms = anchor.Subject, []catalog.Entry{anchor}
			}
			list = append(list, say.New("missing is %s", quoteName(name)))
			if why := p.unfitWay(&end); !why.IsZero() {
				unfit = why
				continue
			}
			list = append(list, p.knownForms(forms)...)
		}
	}
	return list, unfit
}

// eachKnown calls f for each certificate of a CA that the catalogue knows: one that is
// here, or the issuer of one that is here, where that is missing.
func (p *Pass) eachKnown(f func(m *Member, e catalog.Entry, own bool)) error {
	for _, m := range p.Collection.Members {
		if m.Certificate == nil || !m.isCA() {
			continue
		}
		if e, ok := p.Catalog.ByFingerprint(m.Certificate.SHA256()); ok {
			f(m, e, true)
		}
	}
	list, err := p.missingIssuers()
	if err != nil {
		return err
	}
	for _, m := range list {
		if w := p.way(&m.end); len(w.best.Entries) > 0 {
			f(m.start.member, w.best.Entries[0], false)
		}
	}
	return nil
}
