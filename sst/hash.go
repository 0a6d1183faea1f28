package sst

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
)

// Hash returns the bytes of a digest. Its length must be that of the digest
// which the id stands for; any length goes where the id leaves it open.
func (p Property) Hash() ([]byte, error) {
	n := len(p.Value)
	ok := n > 0
	switch p.ID {
	case PropSHA1Hash:
		ok = n == sha1.Size
	case PropMD5Hash, PropIssuerPublicKeyMD5Hash, PropSubjectPublicKeyMD5Hash, PropIssuerSerialNumberMD5Hash, PropSubjectNameMD5Hash:
		ok = n == md5.Size
	case PropAuthRootSHA256Hash, PropSHA256Hash, PropPINSHA256Hash:
		ok = n == sha256.Size
	case PropSHA1SHA256Hash:
		ok = n == sha1.Size+sha256.Size
	}
	if !ok {
		return nil, valueError(p.ID)
	}
	return p.Value, nil
}

// A HashMismatch is a stored hash that is not that of the element.
type HashMismatch struct {
	ID       PropID
	Stored   []byte // aliases the property
	Computed []byte
}

// VerifyHashes recomputes the hashes among the properties and returns those
// that are wrong, in the order of the properties; nil means that none is.
//
// Windows can take a stored hash at face value, so that a wrong one hides a
// certificate or names another. Compared are [PropSHA1Hash], [PropMD5Hash],
// [PropSHA256Hash], [PropSHA1SHA256Hash] and [PropAuthRootSHA256Hash] with the
// whole of Raw; [PropSignatureHash] with the part that is signed; and for
// certificates [PropKeyIdentifier], [PropSubjectNameMD5Hash] and
// [PropPINSHA256Hash]. The others cannot be computed from the certificate, or
// their definition is not public, and are not compared. Of a certificate whose
// DER cannot be sliced, only the hashes of the whole are.
func (e *Element) VerifyHashes() []HashMismatch {
	if e.Kind == unknownKind {
		return nil
	}
	var bad []HashMismatch
	h := hasher{e: e}
	type key struct {
		id PropID
		n  int
	}
	// A lenient parser may have let the same hash through many times.
	known := make(map[key][]byte)
	for _, p := range e.Properties {
		k := key{id: p.ID}
		if p.ID == PropSignatureHash {
			k.n = hashSize(len(p.Value))
		}
		want, ok := known[k]
		if !ok {
			want, _ = h.compute(p.ID, k.n)
			known[k] = want
		}
		if want != nil && !bytes.Equal(want, p.Value) {
			bad = append(bad, HashMismatch{ID: p.ID, Stored: p.Value, Computed: want})
		}
	}
	return bad
}

// hashSize returns n if it is the size of a digest, and that of SHA-1 if not.
func hashSize(n int) int {
	switch n {
	case md5.Size, sha256.Size, sha512.Size384, sha512.Size:
		return n
	}
	return sha1.Size
}

// A hasher computes hash properties of an element.
type hasher struct {
	e      *Element
	f      certFields
	sliced bool
	ok     bool
}

func (h *hasher) fields() bool {
	if !h.sliced {
		h.sliced = true
		if h.e.Kind == Certificate {
			h.f, h.ok = sliceCertificate(h.e.Raw)
		}
	}
	return h.ok
}

// compute returns the right value of a property. The length n of the stored
// one selects the digest where the id does not.
func (h *hasher) compute(id PropID, n int) ([]byte, bool) {
	raw := h.e.Raw
	switch id {
	case PropSHA1Hash:
		return sha1Of(raw), true
	case PropMD5Hash:
		return md5Of(raw), true
	case PropSHA256Hash, PropAuthRootSHA256Hash:
		return sha256Of(raw), true
	case PropSHA1SHA256Hash:
		return append(sha1Of(raw), sha256Of(raw)...), true
	case PropSignatureHash:
		tbs, ok := signedPart(raw)
		if !ok || h.e.Kind == CTL {
			return nil, false
		}
		switch n {
		case md5.Size:
			return md5Of(tbs), true
		case sha256.Size:
			return sha256Of(tbs), true
		case sha512.Size384:
			d := sha512.Sum384(tbs)
			return d[:], true
		case sha512.Size:
			d := sha512.Sum512(tbs)
			return d[:], true
		}
		return sha1Of(tbs), true
	case PropKeyIdentifier:
		if !h.fields() {
			return nil, false
		}
		if v, ok := h.f.extension(extSubjectKeyID); ok {
			c := cursor(v)
			id, ok := c.value(tagOctets)
			return id, ok
		}
		return sha1Of(h.f.spki), true
	case PropSubjectNameMD5Hash:
		if !h.fields() {
			return nil, false
		}
		return md5Of(h.f.subject), true
	case PropPINSHA256Hash:
		if !h.fields() {
			return nil, false
		}
		return sha256Of(h.f.spki), true
	}
	return nil, false
}

// signedPart returns the first value of a SIGNED{} structure, a certificate or
// a CRL, with its header.
func signedPart(raw []byte) ([]byte, bool) {
	c := cursor(raw)
	in, ok := c.value(tagSequence)
	if !ok {
		return nil, false
	}
	t := cursor(in)
	return t.element(tagSequence)
}

func sha1Of(b []byte) []byte   { d := sha1.Sum(b); return d[:] }
func md5Of(b []byte) []byte    { d := md5.Sum(b); return d[:] }
func sha256Of(b []byte) []byte { d := sha256.Sum256(b); return d[:] }
