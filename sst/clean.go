package sst

import (
	"crypto/sha256"
	"slices"
	"strconv"
	"time"

	"github.com/smimechain/smimechain/lint/say"
)

// CleanOptions says what [Store.Clean] keeps besides CA certificates. The zero
// value, and a nil pointer, keep nothing else.
type CleanOptions struct {
	// Keep lists properties to keep, whatever their class. A name such as
	// [PropFriendlyName] does no harm; Exchange needs none.
	Keep []PropID

	// KeepEndEntities keeps certificates that are not those of a CA.
	KeepEndEntities bool

	// KeepCRLs and KeepCTLs keep revocation and trust lists.
	KeepCRLs, KeepCTLs bool
}

// A DropReason says why [Store.Clean] left something out.
type DropReason uint8

const (
	// dropProperty: a property that was not asked for. See [Dropped.Class].
	dropProperty DropReason = iota + 1
	// DropExpired: the certificate has expired; Exchange refuses a whole
	// collection for one of these.
	DropExpired
	// DropDuplicate: an earlier element has the same bytes.
	DropDuplicate
	// DropEndEntity: the certificate is not that of a CA, and tells a name or
	// an address.
	DropEndEntity
	// dropNotCertificate: a CRL, a CTL or an element of unknown kind.
	dropNotCertificate
	// DropMalformed: the bytes are not those of a certificate.
	DropMalformed
	numDropReasons
)

// String names the reason, such as "expired".
func (r DropReason) String() string { return string(r.text()) }

func (r DropReason) text() say.Text {
	switch r {
	case dropProperty:
		return "property"
	case DropExpired:
		return "expired"
	case DropDuplicate:
		return "duplicate"
	case DropEndEntity:
		return "not a CA"
	case dropNotCertificate:
		return "not a certificate"
	case DropMalformed:
		return "malformed"
	}
	return say.Text("DropReason(" + strconv.Itoa(int(r)) + ")")
}

// MarshalText returns what String returns.
func (r DropReason) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Dropped is an element, or one of its properties, that [Store.Clean] left out.
type Dropped struct {
	Index    int      // of the element in the store that was cleaned
	Kind     Kind     // of the element
	SHA256   [32]byte // of the element's Raw
	Property PropID   // the property, and 0 if the whole element was dropped
	Class    Class    // of the property
	Reason   DropReason
}

// Clean returns the collection that may be published: each CA certificate once,
// in the order of the store, without properties; and the list of what it left
// out, in that order. The store itself is not changed, and the new one aliases
// it. Leniencies and base64 text are not carried over: the result is
// well-formed and binary. A dropped element is listed once; its properties are
// not listed.
//
// Certificates whose validity ended before at are dropped; with the zero time,
// validity is not judged. Certificates that are not yet valid are kept. A CA is
// what basic constraints say is one, or a self-issued certificate before version
// 3. Signatures, chains and names are not judged.
// Certificates that crypto/x509 refuses are treated like any other.
func (s *Store) Clean(at time.Time, opts *CleanOptions) (*Store, []Dropped) {
	if opts == nil {
		opts = new(CleanOptions)
	}
	out := &Store{Elements: make([]Element, 0, len(s.Elements))}
	var dropped []Dropped
	type key struct {
		kind Kind
		sum  [32]byte
	}
	seen := make(map[key]bool, len(s.Elements))
	for i := range s.Elements {
		e := &s.Elements[i]
		d := Dropped{Index: i, Kind: e.Kind, SHA256: sha256.Sum256(e.Raw)}
		d.Reason = e.dropReason(at, opts)
		k := key{e.Kind, d.SHA256}
		if d.Reason == 0 && seen[k] {
			d.Reason = DropDuplicate
		}
		if d.Reason != 0 {
			dropped = append(dropped, d)
			continue
		}
		seen[k] = true
		clean := Element{Kind: e.Kind, Raw: e.Raw, Offset: e.Offset}
		for _, p := range e.Properties {
			// A second property of the same id, or an id that no property may
			// have, does not belong in a well-formed store.
			_, twice := clean.Property(p.ID)
			if slices.Contains(opts.Keep, p.ID) && p.ID.Valid() && !twice {
				clean.Properties = append(clean.Properties, Property{ID: p.ID, Value: p.Value})
				continue
			}
			d.Property, d.Class, d.Reason = p.ID, p.ID.Class(), dropProperty
			dropped = append(dropped, d)
		}
		out.Elements = append(out.Elements, clean)
	}
	return out, dropped
}

// dropReason says why the element itself is to be dropped, or 0.
func (e *Element) dropReason(at time.Time, opts *CleanOptions) DropReason {
	switch e.Kind {
	case Certificate:
	case CRL, CTL:
		switch {
		case e.Kind == CRL && !opts.KeepCRLs, e.Kind == CTL && !opts.KeepCTLs:
			return dropNotCertificate
		case checkFrame(e.Raw) != nil:
			return DropMalformed
		}
		return 0
	default:
		return dropNotCertificate
	}
	if checkFrame(e.Raw) != nil {
		return DropMalformed
	}
	f, ok := sliceCertificate(e.Raw)
	if !ok {
		return DropMalformed
	}
	end, ok := f.notAfter()
	switch {
	case !ok:
		return DropMalformed
	case !at.IsZero() && end.Before(at):
		return DropExpired
	case !f.isCA() && !opts.KeepEndEntities:
		return DropEndEntity
	}
	return 0
}
