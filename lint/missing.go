package lint

import (
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
)

// Missing is a certificate that is not there and that chains lead to, with what is
// known of it: from a file of the call that is judged apart, or from the catalogue. One
// that is distrusted, known to be revoked, or expired is not to be added, and not listed.
type Missing struct {
	Subject string      // RFC 2253, as the certificate below names its issuer
	SHA256  string      // of the form to add, 64 lower-case hexadecimal digits; empty where it is not known
	Kind    MissingKind // of that form
	// NotAfter is until when that form is valid; zero where it is not known.
	NotAfter time.Time
	// URLs are where it, or another form of it, can be had: the public addresses that
	// the certificates below name, then one of a page about the form to add. Nobody
	// has looked there.
	URLs []string
	For  []MissingFor // the certificates whose chains stop for want of it
	// Others are other ways to a root than the recommended one, of which this is the first
	// certificate to add: the best to each root that a root programme lists. None for what
	// comes after the first.
	Others []MissingWay
}

// MissingWay is another way to a root.
type MissingWay struct {
	Root   string   // RFC 2253
	SHA256 string   // of the root, 64 lower-case hexadecimal digits
	Lists  []string // the root programmes that list it for e-mail, Apple's in its store: mozilla, microsoft, apple
}

// MissingFor is a certificate whose chains stop.
type MissingFor struct {
	Targets []Target // in the order of [Targets]
	File    string
	Index   int    // of the certificate in the file, from 0
	Subject string // RFC 2253
	SHA256  string // 64 lower-case hexadecimal digits
}

// MissingKind is what a missing certificate is.
//
//	root
//	intermediate
//	cross         a cross-certificate
//	unknown       neither a file nor the catalogue has it
type MissingKind string

// The kinds, which are those of the catalogue.
const (
	missingRoot         MissingKind = "root"
	missingIntermediate MissingKind = "intermediate"
	missingCross        MissingKind = "cross"
	missingUnknown      MissingKind = "unknown"
)

// shortage gathers what is missing over collections and targets, each certificate
// once, in the order in which chains come to them. Its zero value is empty.
type shortage struct {
	list  []Missing
	place map[string]int               // in list
	whom  map[string]map[memberKey]int // in Missing.For, by the key of the certificate
}

// memberKey is the place of a certificate of the call.
type memberKey struct {
	file  string
	index int
}

// add adds what is missing to the chains of a pass.
func (s *shortage) add(p *Pass) error {
	list, err := p.missingIssuers()
	if err != nil {
		return err
	}
	for _, m := range list {
		s.want(p, m.start.member, &m.end)
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
		if furthest(l.result) > 0 || !l.result.Complete() {
			continue
		}
		i := slices.IndexFunc(p.Collection.Members, func(m *Member) bool { return m.Certificate == l.ca })
		for j := range l.result.DeadEnds {
			if end := &l.result.DeadEnds[j]; isMissing(end) {
				s.want(p, p.Collection.Members[i], end)
			}
		}
	}
	return nil
}

// isMissing reports whether the issuer is not there: one that may be it, and cannot be
// checked here, is not called missing.
func isMissing(end *chain.DeadEnd) bool {
	return end.Kind == chain.IssuerMissing && !slices.ContainsFunc(end.NearMisses, unchecked)
}

// want notes that the chains of a certificate stop at an end.
func (s *shortage) want(p *Pass, m *Member, end *chain.DeadEnd) {
	for _, found := range p.lookUp(end) {
		s.note(p, m, end, found)
	}
}

func (s *shortage) note(p *Pass, m *Member, end *chain.DeadEnd, found Missing) {
	key := found.SHA256
	if key == "" {
		key = string(end.RawIssuer) + "\x00" + string(end.KeyID)
	}
	if s.place == nil {
		s.place, s.whom = map[string]int{}, map[string]map[memberKey]int{}
	}
	at, ok := s.place[key]
	if !ok {
		at = len(s.list)
		s.list = append(s.list, found)
		s.place[key], s.whom[key] = at, map[memberKey]int{}
	}
	entry := &s.list[at]
	for _, url := range found.URLs {
		if len(entry.URLs) < maxMissingURLs && !slices.Contains(entry.URLs, url) {
			entry.URLs = append(entry.URLs, url)
		}
	}
	who := memberKey{m.File.Name, m.Index}
	i, ok := s.whom[key][who]
	if !ok {
		i = len(entry.For)
		s.whom[key][who] = i
		entry.For = append(entry.For, MissingFor{File: who.file, Index: who.index, Subject: m.subject, SHA256: m.sha256})
	}
	if f := &entry.For[i]; !slices.Contains(f.Targets, p.Target) {
		f.Targets = sortTargets(append(f.Targets, p.Target))
	}
}

// maxMissingURLs bounds the addresses that certificates name for one issuer: they may
// each name others.
const maxMissingURLs = 10

// lookUp says what is missing at an end, from the issuer up to an anchor. It looks once
// for each certificate of a collection and target.
func (p *Pass) lookUp(end *chain.DeadEnd) []Missing {
	c := p.Collection
	if c.lookedUp == nil {
		c.lookedUp = map[wayOf][]Missing{}
	}
	key := wayOf{end.Certificate, p.Target}
	list, ok := c.lookedUp[key]
	if !ok {
		list = p.upFrom(end)
		c.lookedUp[key] = list
	}
	list = slices.Clone(list)
	for i := range list {
		list[i].URLs = slices.Clone(list[i].URLs) // which grow
	}
	return list
}

func (p *Pass) upFrom(end *chain.DeadEnd) []Missing {
	if !p.unfitEnd(end).IsZero() {
		return nil
	}
	if l, ok := p.liesIn(end); ok {
		m := Missing{Subject: end.Issuer, SHA256: hexSum(l.cert), Kind: missingIntermediate}
		for _, a := range first(end.AIA, maxMissingURLs) {
			if hasPublic([]string{a}) {
				m.URLs = append(m.URLs, a)
			}
		}
		if l.cert.SelfSigned() {
			m.Kind = missingRoot
		}
		if e, ok := p.Catalog.ByFingerprint(l.cert.SHA256()); ok {
			m.Kind, m.URLs = MissingKind(e.Kind.String()), append(m.URLs, e.URL())
		}
		m.NotAfter = l.cert.NotAfter()
		return []Missing{m}
	}
	w := p.way(end)
	var list []Missing
	for i, e := range w.add {
		subject := e.Subject
		if i == 0 {
			subject = end.Issuer
		}
		list = append(list, Missing{
			Subject: subject, SHA256: hex.EncodeToString(e.SHA256[:]), Kind: MissingKind(e.Kind.String()),
			URLs: w.addresses(i, end), NotAfter: e.NotAfter,
		})
		if i > 0 {
			continue
		}
		for _, o := range w.others() {
			root := o.Anchor()
			other := MissingWay{Root: root.Subject, SHA256: hex.EncodeToString(root.SHA256[:])}
			for _, name := range o.Programmes() {
				other.Lists = append(other.Lists, strings.ToLower(string(name)))
			}
			list[0].Others = append(list[0].Others, other)
		}
	}
	if len(list) == 0 {
		m := Missing{Subject: end.Issuer, Kind: missingUnknown}
		for _, a := range first(end.AIA, maxMissingURLs) {
			if hasPublic([]string{a}) {
				m.URLs = append(m.URLs, a)
			}
		}
		list = append(list, m)
	}
	return list
}
