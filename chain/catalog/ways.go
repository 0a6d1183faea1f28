package catalog

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog/internal/table"
	"github.com/smimechain/smimechain/lint/say"
)

// Way is a list of certificates that leads from a dead end to an anchor.
type Way struct {
	// Entries are in order: the first has issued the certificate of the dead end, each
	// of the others the one before it. The last is the anchor, unless the way is not
	// Complete.
	Entries []Entry
	// Complete reports whether the last is self-signed. What issued the last one of a way
	// that is not is unknown.
	Complete bool
	// Proof says what shows that the first one is the issuer of the dead end. The other
	// signatures were verified when the catalogue was made, except on entries of users'
	// files, which hold no keys.
	Proof Proof
	// Reason says by what the way is better than the one after it in the list.
	Reason Preference

	add      int  // certificates that are not at hand
	anchored bool // the anchor is at hand
}

// Anchor returns the last entry.
func (w Way) Anchor() Entry { return w.Entries[len(w.Entries)-1] }

// Ends returns when the first of its certificates expires.
func (w Way) Ends() time.Time {
	ends := w.Entries[0].NotAfter
	for _, e := range w.Entries[1:] {
		if e.NotAfter.Before(ends) {
			ends = e.NotAfter
		}
	}
	return ends
}

// Programmes returns the names of the root programmes that trust the anchor for
// e-mail: Apple's is its store.
func (w Way) Programmes() []say.Text {
	var list []say.Text
	anchor := w.Anchor()
	if !w.Complete {
		return nil
	}
	for _, p := range []struct {
		name say.Text
		Programme
	}{{"Mozilla", anchor.Mozilla}, {"Microsoft", anchor.Microsoft}, {"Apple", anchor.Apple}} {
		if p.Trust == Yes {
			list = append(list, p.name)
		}
	}
	return list
}

// advised returns the cross-certificate of the way that one is advised to add.
func (w Way) advised() *Entry {
	i := slices.IndexFunc(w.Entries, func(e Entry) bool { return e.Kind == Cross && e.Advice == Recommended })
	if i < 0 {
		return nil
	}
	return &w.Entries[i]
}

// Why says the reason in words. It says nothing for [NoPreference].
func (w Way) Why() say.Message {
	if e := w.advised(); w.Reason == byAdvised && e != nil {
		return say.New("%s", say.Text(e.Reason))
	}
	if w.Reason == NoPreference {
		return say.Message{}
	}
	return say.New("%s", w.Reason.text())
}

// Preference says by what one way is better than another, in the words of String; a
// smaller one weighs more.
type Preference int

// The reasons, the weightiest first.
const (
	NoPreference   Preference = iota // there is no other way, or none that differs
	byWhole                          // it leads to an anchor, the other to an issuer that is not known
	byAccepted                       // its anchor is one of the target
	bySound                          // no signature of it is too weak to be accepted
	byNotRevoked                     // no certificate of it is known to be revoked
	byNotAdvisedOf                   // the other has a certificate that one is advised to leave out
	byMoreServed                     // more root programmes trust its anchor
	byAdvised                        // it has the cross-certificate that one is advised to add
	byAtHand                         // its anchor is at hand
	byFewerToAdd                     // more of it is at hand
	byShorter                        // it has fewer certificates
	byEndsLater                      // the first of its certificates to expire does so later
	byNewer                          // its certificates are newer

	reasonEnd
)

// String returns the reason in words.
func (r Preference) String() string { return string(r.text()) }

func (r Preference) text() say.Text {
	switch r {
	case NoPreference:
		return "there is no other way"
	case byWhole:
		return "it leads to an anchor"
	case byAccepted:
		return "it leads to an anchor of the target"
	case bySound:
		return "no signature in it is too weak"
	case byNotRevoked:
		return "nothing in it was revoked"
	case byNotAdvisedOf:
		return "nothing in it is to be left out"
	case byMoreServed:
		return "more root programmes trust its anchor"
	case byAdvised:
		return "it has the cross-certificate to add"
	case byAtHand:
		return "its root is there"
	case byFewerToAdd:
		return "fewer certificates have to be added"
	case byShorter:
		return "it is shorter"
	case byEndsLater:
		return "it ends later"
	case byNewer:
		return "it is newer"
	default:
		return "unknown"
	}
}

// MarshalText returns what String returns.
func (r Preference) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// WayOptions say which ways are asked for. Nil and the zero value ask for all.
type WayOptions struct {
	// Time is when every certificate of a way has to be valid; zero: always.
	Time time.Time
	// Have reports whether a certificate is at hand; nil: none is.
	Have func(sha256 [32]byte) bool
	// Accepts reports whether a root is an anchor of the target. Ways to such roots come
	// first; nil: every self-signed certificate is one.
	Accepts func(Entry) bool
}

// Limits on the ways from one dead end.
const (
	maxWays      = 64
	maxWayLength = 10
	maxWaySteps  = 4000
)

// Ways returns the ways from a dead end of package chain to an anchor through
// certificates that are known, the recommended one first. What has to be added is what of
// it is not at hand. There is at most one way to an issuer that is not known itself, and
// only where nothing leads to an anchor. A dead end whose signature none of the known
// keys has made ([Refuted]) has no way. At most 64 ways are looked at, the shortest first.
//
// Looked at are names, the signatures that were verified when the catalogue was made,
// validity and path lengths; not name constraints, policies or revocation beyond
// [Entry.Revoked]: package chain judges these once the certificates are there.
func (c *Catalog) Ways(d chain.DeadEnd, opts *WayOptions) []Way {
	if opts == nil {
		opts = new(WayOptions)
	}
	issuers, proof := c.Signer(d)
	if proof == Refuted {
		return nil
	}
	way := d.Way
	if len(way) == 0 && d.Certificate != nil {
		way = []*chain.Certificate{d.Certificate}
	}
	below := 0 // CAs, for the path length
	for _, cert := range way {
		if cert.IsCA() && !cert.SelfIssued() {
			below++
		}
	}
	return c.waysThrough(issuers, proof, below, opts)
}

// WaysFrom returns the ways from an entry to an anchor as [Catalog.Ways] does: the first
// certificate of each is one that has issued it. A root has none.
func (c *Catalog) WaysFrom(e Entry, opts *WayOptions) []Way {
	if opts == nil {
		opts = new(WayOptions)
	}
	if e.Kind == Root {
		return nil
	}
	proof := Unproved
	if e.IssuerKey != nil {
		proof = Verified
	}
	return c.waysThrough(c.IssuersOf(e), proof, 1, opts)
}

func (c *Catalog) waysThrough(issuers []Entry, proof Proof, below int, opts *WayOptions) []Way {
	s := &waySearch{c: c, opts: opts, issuers: map[[32]byte][]Entry{}}
	for _, e := range issuers {
		s.push(nil, e, below)
	}
	var whole, cut []Way
	for at := 0; at < len(s.queue) && len(whole) < maxWays && s.steps < maxWaySteps; at++ {
		p := s.queue[at]
		last := p.entries[len(p.entries)-1]
		if last.Kind == Root {
			whole = append(whole, Way{Entries: p.entries, Complete: true, Proof: proof})
			continue
		}
		more := false
		for _, e := range s.issuersOf(last) {
			more = s.push(p.entries, e, p.below) || more
		}
		if !more && len(cut) < maxWays {
			cut = append(cut, Way{Entries: p.entries, Proof: proof})
		}
	}
	list := whole
	if len(list) == 0 {
		list = cut
	}
	for i := range list {
		list[i].anchored = list[i].Complete && opts.Have != nil && opts.Have(list[i].Anchor().SHA256)
		for _, e := range list[i].Entries {
			if opts.Have == nil || !opts.Have(e.SHA256) {
				list[i].add++
			}
		}
	}
	slices.SortFunc(list, func(a, b Way) int {
		order, _ := compareWays(a, b, opts)
		return order
	})
	if len(whole) == 0 {
		list = list[:min(len(list), 1)]
	}
	for i := range list[:max(len(list)-1, 0)] {
		_, list[i].Reason = compareWays(list[i], list[i+1], opts)
	}
	return list
}

type wayPart struct {
	entries []Entry
	below   int
}

type waySearch struct {
	c       *Catalog
	opts    *WayOptions
	queue   []wayPart
	issuers map[[32]byte][]Entry
	steps   int
}

// push queues a way with one more certificate, unless that cannot follow.
func (s *waySearch) push(entries []Entry, e Entry, below int) bool {
	s.steps++
	if t := s.opts.Time; !t.IsZero() && (t.Before(e.NotBefore) || t.After(e.NotAfter)) || len(entries) == maxWayLength {
		return false
	}
	if e.PathLength >= 0 && below > e.PathLength && e.Kind != Root {
		return false
	}
	for _, f := range entries {
		if f.SHA256 == e.SHA256 || f.Key != nil && bytes.Equal(f.Key, e.Key) && f.Subject == e.Subject {
			return false // a loop
		}
	}
	if table.Fold(e.Subject) != table.Fold(e.Issuer) {
		below++
	}
	s.queue = append(s.queue, wayPart{append(slices.Clip(slices.Clone(entries)), e), below})
	return true
}

// issuersOf returns the entries that have issued one.
func (s *waySearch) issuersOf(e Entry) []Entry {
	if list, ok := s.issuers[e.SHA256]; ok {
		return list
	}
	list := s.c.IssuersOf(e)
	s.issuers[e.SHA256] = list
	return list
}

// IssuersOf returns the known forms of the CA that has issued an entry, best advice first,
// itself for a root: those with the name and the key of the issuer, or its key
// identifier where an entry of a user's file has no keys.
func (c *Catalog) IssuersOf(e Entry) []Entry {
	return sorted(slices.DeleteFunc(c.named(table.Fold(e.Issuer)), func(f Entry) bool { return !issued(f, e) }))
}

// issued reports whether f, which has the name of its issuer, has issued e.
func issued(f, e Entry) bool {
	if e.Key != nil && f.Key != nil { // of the embedded file
		return e.IssuerKey != nil && bytes.Equal(e.IssuerKey, f.Key)
	}
	return e.IssuerKeyID == nil || f.KeyID == nil || bytes.Equal(e.IssuerKeyID, f.KeyID)
}

// compareWays compares two ways, the better one being less, and says by what.
func compareWays(a, b Way, opts *WayOptions) (int, Preference) {
	yes := func(a, b bool) int { // true is less
		switch {
		case a == b:
			return 0
		case a:
			return -1
		}
		return 1
	}
	has := func(w Way, is func(Entry) bool) bool { return slices.ContainsFunc(w.Entries, is) }
	weak := func(e Entry) bool { return e.WeakSignature && e.Kind != Root }
	revoked := func(e Entry) bool { return e.Revoked != nil }
	leaveOut := func(e Entry) bool { return e.Advice == LeaveOut }
	newest := func(w Way) time.Time {
		var t time.Time
		for _, e := range w.Entries {
			if e.NotBefore.After(t) {
				t = e.NotBefore
			}
		}
		return t
	}
	accepts := func(w Way) bool { return opts.Accepts == nil || opts.Accepts(w.Anchor()) }
	for _, o := range []struct {
		order  int
		reason Preference
	}{
		{yes(a.Complete, b.Complete), byWhole},
		{yes(accepts(a), accepts(b)), byAccepted},
		{yes(!has(a, weak), !has(b, weak)), bySound},
		{yes(!has(a, revoked), !has(b, revoked)), byNotRevoked},
		{yes(!has(a, leaveOut), !has(b, leaveOut)), byNotAdvisedOf},
		{cmp.Compare(len(b.Programmes()), len(a.Programmes())), byMoreServed},
		{yes(a.advised() != nil, b.advised() != nil), byAdvised},
		{yes(a.anchored, b.anchored), byAtHand},
		{cmp.Compare(a.add, b.add), byFewerToAdd},
		{cmp.Compare(len(a.Entries), len(b.Entries)), byShorter},
		{b.Ends().Compare(a.Ends()), byEndsLater},
		{newest(b).Compare(newest(a)), byNewer},
	} {
		if o.order != 0 {
			return o.order, o.reason
		}
	}
	for i := range a.Entries {
		if order := bytes.Compare(a.Entries[i].SHA256[:], b.Entries[i].SHA256[:]); order != 0 {
			return order, NoPreference
		}
	}
	return 0, NoPreference
}
