package lint

import (
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
)

// way is what leads on from a dead end, as far as the catalogue knows.
type way struct {
	add       []catalog.Entry // what has to be added for the recommended way, in order
	best      catalog.Way
	ways      []catalog.Way   // all, the best first
	accepted  bool            // it leads to an anchor of the target
	unfit     say.Message     // why nothing is to be added: a certificate of the best way is unfit
	lookAlike []catalog.Entry // CAs with the name of the issuer, whose keys have not made the signature
}

// wayOf is a dead end as one target sees it.
type wayOf struct {
	cert   *chain.Certificate
	target Target
}

// way looks up what leads on from a dead end, once for each target.
func (p *Pass) way(end *chain.DeadEnd) *way {
	c := p.Collection
	if c.ways == nil {
		c.ways = map[wayOf]*way{}
	}
	key := wayOf{end.Certificate, p.Target}
	w := c.ways[key]
	if w == nil {
		w = p.findWay(end)
		c.ways[key] = w
	}
	return w
}

func (p *Pass) findWay(end *chain.DeadEnd) *way {
	w := new(way)
	forms, proof := p.Catalog.Signer(*end)
	if proof == catalog.Refuted {
		w.lookAlike = forms
		return w
	}
	if len(forms) == 0 {
		return w
	}
	here := map[[32]byte]bool{}
	for _, cert := range p.candidates() {
		here[cert.SHA256()] = true
	}
	programme, every := p.Target.row().programme, p.Target.row().unpublished
	accepts := func(e catalog.Entry) bool {
		return programme == nil || every || programme(e).Trust == catalog.Yes
	}
	ways := p.Catalog.Ways(*end, &catalog.WayOptions{
		Time: p.Time, Accepts: accepts,
		Have: func(sum [32]byte) bool { return here[sum] },
	})
	if len(ways) == 0 {
		// None that is valid now: the issuer is named all the same.
		if i := slices.IndexFunc(forms, func(e catalog.Entry) bool { return e.Advice != catalog.LeaveOut }); i >= 0 {
			if w.unfit = p.unfitEntry(forms[i]); w.unfit.IsZero() {
				w.add = forms[i : i+1]
			}
		}
		return w
	}
	w.best, w.ways = ways[0], ways
	w.accepted = w.best.Complete && accepts(w.best.Anchor())
	for _, e := range w.best.Entries {
		if w.unfit = p.unfitEntry(e); !w.unfit.IsZero() {
			w.add = nil
			return w
		}
		if !here[e.SHA256] {
			w.add = append(w.add, e)
		}
	}
	// The system has its roots.
	if last := len(w.add) - 1; last > 0 && programme != nil && !every && w.accepted && w.add[last].Kind == catalog.Root {
		w.add = w.add[:last]
	}
	return w
}

// cross returns the cross-certificate with which the way begins, nil if it begins with
// another certificate.
func (w *way) cross() *catalog.Entry {
	if len(w.add) > 0 && w.add[0].Kind == catalog.Cross {
		return &w.add[0]
	}
	return nil
}

// addresses returns where the certificate at an index of add can be had: the public
// addresses that the certificate below it names, then a page about it.
func (w *way) addresses(i int, end *chain.DeadEnd) []string {
	below := end.AIA
	if i > 0 {
		below = w.add[i-1].AIA
	}
	var list []string
	for _, a := range first(below, maxMissingURLs) {
		if hasPublic([]string{a}) {
			list = append(list, a)
		}
	}
	return append(list, w.add[i].URL())
}

// say names what has to be added, in order, and why this way.
func (w *way) say(end *chain.DeadEnd) []say.Message {
	var list []say.Message
	if len(w.lookAlike) > 0 {
		list = append(list, say.New("its signature was not made with the key of the known %s: neither that CA nor another known one of its name is its issuer", quoteName(w.lookAlike[0].Subject)))
	}
	switch {
	case len(w.add) == 1 && w.add[0].Kind == catalog.Cross:
		list = append(list, say.New("add %s", describeCross(&w.add[0])))
	case len(w.add) == 1:
		e := w.add[0]
		list = append(list, say.New("it is known: SHA-256 %X, valid until %s, %s", e.SHA256, date(e.NotAfter), e.URL()))
	default:
		for i, e := range w.add {
			var m say.Message
			if e.Kind == catalog.Cross {
				m = say.New("%d. %s by %s: SHA-256 %X, valid until %s, %s", i+1, quoteName(e.Subject), quoteName(e.Issuer), e.SHA256, date(e.NotAfter), w.addresses(i, end)[0])
			} else {
				m = say.New("%d. %s: SHA-256 %X, valid until %s, %s", i+1, quoteName(e.Subject), e.SHA256, date(e.NotAfter), w.addresses(i, end)[0])
			}
			if i == 0 {
				m = say.New("add %s", m)
			}
			list = append(list, m)
		}
	}
	if len(w.ways) > 1 && w.best.Reason != catalog.NoPreference {
		list = append(list, say.New("of several ways this one, because %s", w.best.Reason))
	}
	for _, o := range w.others() {
		list = append(list, say.New("another way ends in %s, which is in the list of %s", quoteName(o.Anchor().Subject), listOf(o.Programmes())))
	}
	if unserved := unserved(w.ways); w.accepted && len(unserved) > 0 {
		list = append(list, say.New("no way that is known ends in a root in the list of %s", listOf(unserved)))
	}
	if len(w.best.Entries) > 0 && !w.accepted {
		if w.best.Complete {
			list = append(list, say.New("no way that is known leads to a root of the target's root programme"))
		} else {
			list = append(list, say.New("what issued %s is not known", quoteName(w.best.Anchor().Subject)))
		}
	}
	return list
}

// maxOthers is how many other anchors are named.
const maxOthers = 3

// others returns the ways to other anchors that somebody trusts, the best first.
func (w *way) others() []catalog.Way {
	list := slices.DeleteFunc(anchorsOf(w.ways), func(o catalog.Way) bool {
		return o.Anchor().SHA256 == w.best.Anchor().SHA256 || len(o.Programmes()) == 0
	})
	return first(list, maxOthers)
}

// listOf lists names of root programmes.
func listOf(names []say.Text) string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = string(n)
	}
	return strings.Join(list, ", ")
}

// anchorsOf returns the ways that end in different anchors, the best to each, in their order.
// Ways that lead to an issuer that is not known are left out.
func anchorsOf(ways []catalog.Way) []catalog.Way {
	var list []catalog.Way
	told := map[[32]byte]bool{}
	for _, w := range ways {
		if sum := w.Anchor().SHA256; w.Complete && !told[sum] {
			told[sum] = true
			list = append(list, w)
		}
	}
	return list
}

// unserved returns the names of the root programmes none of whose roots a way leads to, as
// far as these say which they trust: for e-mail, Apple's in its store.
func unserved(ways []catalog.Way) []say.Text {
	list := []say.Text{"Mozilla", "Microsoft", "Apple"}
	for _, w := range ways {
		served := w.Programmes()
		list = slices.DeleteFunc(list, func(name say.Text) bool { return slices.Contains(served, name) })
	}
	return list
}
