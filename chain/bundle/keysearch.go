package bundle

import (
	"bytes"
	"errors"
	"slices"

	"github.com/smimechain/smimechain/sst"
)

const (
	keyWindow = 384 << 10 // octets at either end of a file in which keys are looked for
	keyLayers = 3         // wrappings inside each other: base64 of PEM, say
	leastKey  = 32        // octets; no form of a key has fewer
)

// lookForKeys looks for private keys in every form in a file that shows none in its
// own, and makes a key of a file that is nothing else. Of each file one is enough.
//
// What is looked at is bounded, and the time linear in it. No octet of a key is
// kept.
func (r *reading) lookForKeys(data []byte, err error) error {
	if _, unknown := errors.AsType[*UnrecognizedError](err); err != nil && !unknown {
		return err
	}
	if len(r.Keys) > 0 || r.PFX != nil || r.ctx.Err() != nil {
		return err
	}
	key, found := findKey(data, keyLayers)
	if !found {
		return err
	}
	if err != nil {
		*r.File = File{Name: r.Name, Format: PrivateKey, UTF16: r.UTF16}
	}
	r.Keys = append(r.Keys, key)
	return nil
}

// lookInElement looks for keys in what an element of a store holds besides a
// certificate. A property that is known to hold a key is found by its number.
func (r *reading) lookInElement(e sst.Element) {
	if kind, s := embeddedKey(e.Raw); s != noKey {
		r.Keys = append(r.Keys, Key{Kind: kind, Offset: e.Offset, Doubtful: s == mayHold})
		return
	}
	for _, p := range e.Properties {
		if p.ID.Class().Has(sst.KeyMaterial) {
			continue
		}
		if key, found := findKey(p.Value, keyLayers-1); found {
			r.Keys = append(r.Keys, Key{Kind: key.Kind, Offset: e.Offset, Doubtful: key.Doubtful})
			return
		}
	}
}

// findKey returns a key that data holds, or may hold where there is none that is
// sure.
func findKey(data []byte, layers int) (Key, bool) {
	var s keySearch
	s.layer(data, 0, layers, true)
	return s.key, s.certainty != noKey
}

// keySearch is one search for keys.
type keySearch struct {
	key       Key
	certainty certainty
}

// found notes a key, and reports whether the search has come to its end.
func (s *keySearch) found(kind string, at int, c certainty) bool {
	if c > s.certainty {
		s.key, s.certainty = Key{Kind: kind, Offset: int64(at), Doubtful: c == mayHold}, c
	}
	return s.certainty == holdsKey
}

// layer looks into octets that stand at a place of the file, and into what is
// wrapped in them. Whole says that the place of what is found is counted in them.
func (s *keySearch) layer(data []byte, at, layers int, whole bool) bool {
	if len(data) < leastKey {
		return false
	}
	text, wide := decodeText(data)
	forms := []*piece{{data: data}}
	if wide || len(text) != len(data) {
		forms = append(forms, &piece{data: text})
	}
	for i := range keyForms {
		for _, p := range forms {
			if f := &keyForms[i]; !f.text {
				_, c := f.find(p)
				if s.found(f.kind, at, c) {
					return true
				}
				if c == mayHold {
					return false // what is in it is encrypted, and looks like anything
				}
			}
		}
	}
	place := func(i int) int {
		if whole {
			return at + i
		}
		return at
	}
	for _, window := range windows(data) {
		if kind, c := embeddedKey(data[window[0]:window[1]]); s.found(kind, at, c) {
			return true
		}
	}
	for _, window := range windows(text) {
		part := text[window[0]:window[1]]
		p := &piece{data: part, lower: lowerASCII(part)}
		for i := range keyForms {
			if f := &keyForms[i]; f.text {
				if i, c := f.find(p); s.found(f.kind, place(window[0]+i), c) {
					return true
				}
			}
		}
		if layers == 0 {
			continue
		}
		inner := func(i int, unwrapped []byte) bool {
			return s.layer(unwrapped, place(window[0]+i), layers-1, false)
		}
		if eachBase64(part, inner) || eachDump(part, inner) || eachNumber(part, inner) {
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

// embeddedKey finds a key in DER, a blob of Windows or a PFX that begins anywhere.
func embeddedKey(data []byte) (string, certainty) {
	for at := 0; ; at++ {
		i := bytes.IndexByte(data[at:], 0x30)
		if i < 0 {
			break
		}
		at += i
		if kind, c := derKey(data[at:]); c != noKey {
			return kind, c
		}
	}
	for _, b := range cryptoBlobs {
		if bytes.Contains(data, []byte(b[0]+b[1])) {
			return "PRIVATEKEYBLOB", holdsKey
		}
	}
	if hasPFX(data) {
		return kindPFX, mayHold
	}
	return "", noKey
}

// kindPFX is the word for a PFX inside of something else. Without opening it
// nobody can see whether it holds a key; those that do not are rare.
const kindPFX = "PFX"

// hasPFX reports whether a PFX begins anywhere: version 3 and a ContentInfo with
// data or a signed message (RFC 7292, Section 4).
func hasPFX(data []byte) bool {
	version, content := []byte("\x02\x01\x03\x30"), []byte("\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07")
	for {
		i := bytes.Index(data, version)
		if i < 0 {
			return false
		}
		start := i
		data = data[i+len(version):]
		if start < 2 || len(data) < 2 {
			continue
		}
		skip := 1
		if data[0] > 0x80 && data[0] <= 0x84 {
			skip += int(data[0] & 0x7F)
		}
		if skip < len(data) && bytes.HasPrefix(data[skip:], content) {
			return true
		}
	}
}

// lowerASCII returns text with ASCII letters in lower case, each octet in its place.
func lowerASCII(text []byte) []byte {
	lower := slices.Clone(text)
	for i, c := range lower {
		if 'A' <= c && c <= 'Z' {
			lower[i] = c + 'a' - 'A'
		}
	}
	return lower
}
