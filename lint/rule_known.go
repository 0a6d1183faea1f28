package lint

import (
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
)

// knownRules are about what the catalogue knows of CAs and no certificate shows.
func knownRules() []Rule {
	return []Rule{
		{
			Name:        "e_ca_revoked",
			Need:        needRevocation,
			Description: "The certificate of a CA is known to be revoked, by what its owner says. Revocation lists are another matter: they say what holds today.",
			Citation:    "the catalogue of CAs, with the source that it names",
			Remedy:      "Take the CA that its owner names in its place, and have certificates issued anew where the owner asks for it.",
			Confidence:  Documented,
			Symptoms:    untrusted,
			Applies: func(p *Pass) bool {
				found := false
				err := p.eachKnown(func(*Member, catalog.Entry, bool) { found = true })
				return found || err != nil
			},
			Run:   runKnownRevoked,
			alone: &certificateCheck{applies: func(*chain.Certificate) bool { return true }, find: knownRevoked},
		},
		{
			Name:        "n_hierarchy_old",
			Need:        needPath,
			Description: "The chain leads to a root that its owner has replaced for e-mail. What was issued under it stays good; new certificates come from another hierarchy, whose CAs have to be rolled out too.",
			Citation:    "the catalogue of CAs, with the source that it names",
			Remedy:      "Add the CAs of the hierarchy of today before certificates are renewed: smimechain known shows them.",
			Confidence:  Documented,
			Applies:     func(p *Pass) bool { return (hasCAs(p) || hasUsers(p)) && len(p.Catalog.Hierarchies()) > 0 },
			Run:         runOldHierarchy,
		},
	}
}

func runKnownRevoked(p *Pass) error {
	return p.eachKnown(func(m *Member, e catalog.Entry, own bool) {
		r := e.Revoked
		if r == nil || p.Time.Before(r.Date) {
			return
		}
		p.ReportMessage(m, revokedCA(e, own))
	})
}

// runOldHierarchy tells of chains through a root that was replaced and through none of
// those that replaced it, once for each owner.
func runOldHierarchy(p *Pass) error {
	starts, err := p.starts()
	if err != nil || len(starts) == 0 {
		return err
	}
	told := map[string]bool{}
	for _, s := range starts {
		through := p.through(s)
		for _, h := range p.Catalog.Hierarchies() {
			if p.Time.Before(h.Since) || told[h.Owner] || !slices.ContainsFunc(h.Old, through.certificate) || slices.ContainsFunc(h.Roots, through.ca(p)) {
				continue
			}
			told[h.Owner] = true
			var names []string
			for _, sum := range h.Roots {
				if e, ok := p.Catalog.ByFingerprint(sum); ok {
					names = append(names, quoteName(e.Subject))
				}
			}
			if h.Since.IsZero() {
				p.Report(s.member, "%s issues under %s today (%s, %s)", h.Owner, listed(names), h.Source, date(h.Date))
			} else {
				p.Report(s.member, "%s issues under %s since %s (%s, %s)", h.Owner, listed(names), date(h.Since), h.Source, date(h.Date))
			}
		}
	}
	return nil
}

// passed is what the chains of a start lead through: certificates and keys, by digest.
type passed struct{ sums, keys map[[32]byte]bool }

// through returns what the good paths of a start lead through or, where there is none,
// what is there and what would have to be added.
func (p *Pass) through(s start) passed {
	t := passed{map[[32]byte]bool{}, map[[32]byte]bool{}}
	cert := func(c *chain.Certificate) {
		t.sums[c.SHA256()], t.keys[c.SPKISHA256()] = true, true
		if e, ok := p.system().entries[c.SHA256()]; ok {
			t.sums[e.SHA256] = true
		}
	}
	for _, path := range p.good(s.result) {
		for _, c := range path.Certificates {
			cert(c)
		}
	}
	if len(t.sums) > 0 {
		return t
	}
	for i := range s.result.DeadEnds {
		end := &s.result.DeadEnds[i]
		if !isMissing(end) {
			continue
		}
		for _, c := range end.Way {
			cert(c)
		}
		for _, e := range p.way(end).best.Entries {
			t.sums[e.SHA256] = true
			if e.SPKISHA256 != nil {
				t.keys[[32]byte(e.SPKISHA256)] = true
			}
		}
	}
	return t
}

func (t passed) certificate(sum [32]byte) bool { return t.sums[sum] }

// ca reports whether a root, or a certificate that was issued to it by another, is among
// what was passed.
func (t passed) ca(p *Pass) func([32]byte) bool {
	return func(sum [32]byte) bool {
		e, ok := p.Catalog.ByFingerprint(sum)
		return t.sums[sum] || ok && e.SPKISHA256 != nil && t.keys[[32]byte(e.SPKISHA256)]
	}
}
