package lint

import (
	"bytes"
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
)

// located is a certificate with the file that it lies in.
type located struct {
	cert *chain.Certificate
	file *bundle.File
}

// whereabouts finds the certificates of all files of the call by their subjects, as
// they are encoded. It is filled when it is first asked.
type whereabouts struct {
	files []*bundle.File
	bySub map[string][]located
}

// of returns the certificates with a subject.
func (w *whereabouts) of(subject []byte) []located {
	if w.bySub == nil {
		w.bySub = map[string][]located{}
		for _, f := range w.files {
			for _, c := range f.Certificates {
				if subject := string(c.RawSubject()); subject != "" {
					w.bySub[subject] = append(w.bySub[subject], located{c.Certificate, f})
				}
			}
		}
	}
	return w.bySub[string(subject)]
}

// elsewhere says in which file of the call the certificate lies that a chain needs
// where it ends, so that it does not count: one that is judged apart, or lies beside
// the tenant's collection. It says nothing if there is none.
func (p *Pass) elsewhere(end *chain.DeadEnd) say.Message {
	from := p.Collection.rollout.whereabouts
	switch end.Kind {
	case chain.IssuerMissing:
		if l, ok := p.liesIn(end); ok {
			return say.New("%s lies in %s, which is judged apart: it has to be in one collection with the rest", quoteName(end.Issuer), l.file.Name)
		}
	case chain.NotAnchor:
		lies := from.of(end.Certificate.RawSubject())
		own := func(l located) bool { return slices.Contains(p.Collection.Files, l.file) }
		if i := slices.IndexFunc(lies, func(l located) bool { return own(l) && bytes.Equal(l.cert.Raw, end.Certificate.Raw) }); i >= 0 {
			lies = lies[i:] // what is said of a file alone, is said of it among others
		}
		for _, l := range lies {
			if bytes.Equal(l.cert.Raw, end.Certificate.Raw) {
				return say.New("%s lies in %s, which is not what the target anchors in", quoteName(end.Certificate.Subject()), l.file.Name)
			}
		}
	}
	return say.Message{}
}

// liesIn returns the issuer that is missing at the end of a chain from a file of the
// call that is judged apart. One that lies among what is judged too is not missing,
// whatever is wrong with it.
func (p *Pass) liesIn(end *chain.DeadEnd) (located, bool) {
	with := p.judgedWith()
	apart := func(l located) bool {
		return !slices.Contains(p.Collection.Files, l.file) && !slices.Contains(with, l.file.Name)
	}
	all := p.Collection.rollout.whereabouts.of(end.Certificate.RawIssuer())
	for _, l := range all {
		here := func(o located) bool { return !apart(o) && bytes.Equal(o.cert.Raw, l.cert.Raw) }
		if apart(l) && !slices.ContainsFunc(all, here) && end.Certificate.SignedBy(l.cert) == nil {
			return l, true
		}
	}
	return located{}, false
}

// onlyInStore says what a target that does not go by the tenant's collection has to get by
// another way, where each of the ways up leads through a CA that lies in that collection
// alone. It says nothing where one does without it.
func (p *Pass) onlyInStore(ways [][]*chain.Certificate) say.Message {
	if p.Target.row().programme == nil {
		return say.Message{}
	}
	var lacks say.Message
	for i, way := range ways {
		only := slices.IndexFunc(way, func(c *chain.Certificate) bool { return p.inStoreAlone(c) != nil })
		switch {
		case only < 0:
			return say.Message{}
		case i == 0:
			c := way[only]
			lacks = say.New("%s, which lies in %s alone, reaches %s too", quoteName(c.Subject()), p.inStoreAlone(c).Name, p.Target.Title())
		}
	}
	return lacks
}

// inStoreAlone returns the tenant's collection that a certificate lies in, nil where it lies
// in a file beside it too that other programs are handed. What others are handed does not
// count.
func (p *Pass) inStoreAlone(c *chain.Certificate) *bundle.File {
	from := p.Collection.rollout
	if from.handed[string(c.Raw)] || p.Collection.memberOf(c) != nil || slices.ContainsFunc(p.roots, func(o *chain.Certificate) bool { return bytes.Equal(o.Raw, c.Raw) }) {
		return nil
	}
	return from.tenants[string(c.Raw)]
}
