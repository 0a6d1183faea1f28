package bundle

import (
	"errors"
	"slices"

	"github.com/smimechain/smimechain/internal/textfile"
	"github.com/smimechain/smimechain/sst"
)

const (
	keyWindow = 2 << 20 // octets at either end of a file in which keys are looked for
	keyLayers = 3       // wrappings inside each other: base64 of PEM, say
	leastKey  = 32      // octets; no form of a key has fewer
)

// lookForKeys looks for private keys in every form in a file that shows none in its
// own, and makes a key of a file that is nothing else. Of each file one is enough.
//
// What is looked at is bounded, and the time linear in it. No octet of a key is
// kept.
func (r *reading) lookForKeys(data []byte, err error) error {
	unrecognized, unknown := errors.AsType[*UnrecognizedError](err)
	if err != nil && (!unknown || unrecognized.propertyList()) {
		return err
	}
	shown := slices.ContainsFunc(r.Keys, func(k FoundKey) bool { return !k.Doubtful || k.Bag != nil })
	if shown || r.PFX != nil || r.ctx.Err() != nil {
		return err
	}
	key, found := r.findKey(data, keyLayers)
	if !found || key.Doubtful && len(r.Keys) > 0 {
		return err
	}
	if err != nil {
		*r.File = File{Name: r.Name, Format: PrivateKey, UTF16: r.UTF16}
		if key.Why = unrecognized.Why; key.Why == whyUnknown {
			key.Why = "" // which says nothing of this file
		}
	}
	r.Keys = append(r.Keys, key)
	return nil
}

// lookInElement looks for keys in what an element of a store holds besides a
// certificate. A property that is known to hold a key is found by its number.
func (r *reading) lookInElement(e sst.Element) {
	if kind, s := embeddedKey(e.Raw); s != noKey {
		r.Keys = append(r.Keys, FoundKey{Kind: kind, Offset: e.Offset, Doubtful: s == mayHold})
		return
	}
	for _, p := range e.Properties {
		if p.ID.Class().Has(sst.KeyMaterial) {
			continue
		}
		if key, found := r.findKey(p.Value, keyLayers-1); found {
			r.Keys = append(r.Keys, FoundKey{Kind: key.Kind, Offset: e.Offset, Doubtful: key.Doubtful})
			return
		}
	}
}

// findKey returns a key that data holds, or may hold where there is none that is
// sure.
func (r *reading) findKey(data []byte, layers int) (FoundKey, bool) {
	s := keySearch{stopped: func() bool { return r.ctx.Err() != nil }}
	s.layer(data, 0, layers, true)
	return s.key, s.certainty != noKey
}

// keySearch is one search for keys.
type keySearch struct {
	key       FoundKey
	certainty certainty
	stopped   func() bool // whether nobody waits for it any more
}

// found notes a key, and reports whether the search has come to its end.
func (s *keySearch) found(kind string, at int, c certainty) bool {
	if c > s.certainty {
		s.key, s.certainty = FoundKey{Kind: kind, Offset: int64(at), Doubtful: c == mayHold}, c
	}
	return s.certainty == holdsKey
}

// layer looks into octets that stand at a place of the file, and into what is
// wrapped in them. Whole says that the place of what is found is counted in them.
func (s *keySearch) layer(data []byte, at, layers int, whole bool) bool {
	if len(data) < leastKey {
		return false
	}
	text, wide := textfile.UTF8(data)
	views := [][]byte{data}
	if wide || len(text) != len(data) {
		views = append(views, text)
	}
	for _, view := range views {
		for i := range octetForms {
			c := octetForms[i].find(view)
			if s.found(octetForms[i].kind, at, c) {
				return true
			}
			if c == mayHold {
				return false // what is in it is encrypted, and looks like anything
			}
		}
	}
	for _, w := range windows(data) {
		if kind, c := embeddedKey(data[w[0]:w[1]]); s.found(kind, at, c) {
			return true
		}
	}
	for _, w := range windows(text) {
		place := func(i int) int {
			if whole {
				return at + w[0] + i
			}
			return at
		}
		if s.text(text[w[0]:w[1]], place, layers) {
			return true
		}
	}
	return false
}

// text looks into a window of text.
func (s *keySearch) text(part []byte, place func(int) int, layers int) bool {
	for i := range textForms {
		if found := textForms[i].find(part); found >= 0 && s.found(textForms[i].kind, place(found), holdsKey) {
			return true
		}
	}
	if layers == 0 {
		return false
	}
	inner := func(i int, unwrapped []byte) bool { return s.layer(unwrapped, place(i), layers-1, false) }
	for _, each := range []func([]byte, func(int, []byte) bool) bool{eachBase64, eachDump, eachNumber} {
		if s.stopped() || each(part, inner) {
			return true
		}
	}
	return false
}

// windows returns the parts of data that are looked at: its start and its end, or
// all of it.
func windows(data []byte) [][2]int {
	if len(data) <= 2*keyWindow {
		return [][2]int{{0, len(data)}}
	}
	return [][2]int{{0, keyWindow}, {len(data) - keyWindow, len(data)}}
}
