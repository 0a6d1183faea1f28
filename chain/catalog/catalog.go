package catalog

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog/internal/table"
	"github.com/smimechain/smimechain/lint/say"
)

// EntryKind is what a known certificate is.
type EntryKind int

// The kinds.
const (
	Root         EntryKind = iota // self-signed
	Intermediate                  // issued by another CA, its key has no other certificate here
	Cross                         // issued by another CA to a key that has a self-signed certificate too

	kindEnd
)

// String returns the kind as it is written in the file.
func (k EntryKind) String() string { return string(k.text()) }

func (k EntryKind) text() say.Text {
	switch k {
	case Root:
		return "root"
	case Intermediate:
		return "intermediate"
	case Cross:
		return "cross"
	default:
		return "unknown"
	}
}

// MarshalText returns what String returns.
func (k EntryKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Trust says whether a root programme trusts a certificate for e-mail.
type Trust int

// The answers.
const (
	Unknown Trust = iota // the sources are silent
	Yes
	No

	trustEnd
)

// String returns the answer in lower case.
func (t Trust) String() string { return string(t.text()) }

func (t Trust) text() say.Text {
	switch t {
	case Unknown:
		return "unknown"
	case Yes:
		return "yes"
	case No:
		return "no"
	default:
		return "invalid"
	}
}

// MarshalText returns what String returns.
func (t Trust) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// Programme is what one root programme says about a certificate. The zero
// value says nothing.
type Programme struct {
	Trust Trust
	Date  time.Time // of the source; zero if not known
	Since string    // the release or date from which on, in words; empty if not known
	// DistrustAfter is the date after which the programme takes no S/MIME
	// certificates issued under the root; zero if none is known. Mozilla's
	// are a projection: they follow from the age of the key, taken to be that of
	// the certificate.
	DistrustAfter time.Time
	Note          string // what else is to be known; may be empty
}

// Advice says whether a certificate should be in a collection.
type Advice int

// The advice, best first.
const (
	Recommended Advice = iota // the form to add
	Neutral                   // nothing is known against it
	LeaveOut                  // a better form exists; the reason says which

	adviceEnd
)

// String returns the advice as it is written in the file.
func (a Advice) String() string { return string(a.text()) }

func (a Advice) text() say.Text {
	switch a {
	case Recommended:
		return "recommended"
	case Neutral:
		return "neutral"
	case LeaveOut:
		return "leave-out"
	default:
		return "unknown"
	}
}

// MarshalText returns what String returns.
func (a Advice) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// Entry is one known certificate. Times are UTC.
type Entry struct {
	Kind    EntryKind
	Subject string // RFC 2253
	Issuer  string // RFC 2253, or the common name alone where the source says no more
	Owner   string // of the CA, or of the root above it, as the CCADB names it; may be empty
	SHA256  [32]byte
	SHA1    []byte // nil if not known
	KeyID   []byte // subject key identifier, nil if not known
	// IssuerKeyID is the key identifier of the issuer, nil if not known.
	IssuerKeyID []byte
	SPKISHA256  []byte // nil if not known
	// Key is the DER SubjectPublicKeyInfo, nil if not known.
	Key []byte
	// IssuerKey is the key under which the signature of the certificate verified
	// when the catalogue was made, nil if none is known.
	IssuerKey []byte
	// WeakSignature says that the certificate is signed with SHA-1 or MD5: on a root
	// that says nothing, on others no path through it is accepted.
	WeakSignature bool
	NotBefore     time.Time
	NotAfter      time.Time
	// ExtKeyUsages are the identifiers of the extended key usage in dotted form,
	// nil if there are none or it is not known.
	ExtKeyUsages []string
	PathLength   int // the constraint on the length of paths, -1 if there is none or it is not known
	// Constraints are the name constraints, as OpenSSL writes names:
	// "permitted email:example.com".
	Constraints  []string
	AIA          []string  // addresses of the issuer's certificate
	CRLs         []string  // addresses of revocation lists
	Mozilla      Programme // for e-mail, as Microsoft
	Microsoft    Programme
	Apple        Programme   // in the store: for what purpose is not published
	MozillaTLS   Programme   // for servers: says nothing about e-mail
	MicrosoftTLS Programme   // likewise
	Revoked      *Revocation // nil if nothing is known of a revocation
	Advice       Advice
	Reason       string // of the advice
	Source       string
}

// Revocation says that a CA was revoked.
type Revocation struct {
	Date   time.Time // from when on
	Reason string    // in words: what it means for the users of the CA
	Source string
}

// Listed reports whether the certificate is in the list of a root programme, whatever
// that says of it.
func (e Entry) Listed() bool {
	return e.Mozilla.Trust != Unknown || e.Microsoft.Trust != Unknown || e.Apple.Trust != Unknown
}

// URL returns the address of the certificate at crt.sh, by fingerprint.
func (e Entry) URL() string {
	return "https://crt.sh/?q=" + strings.ToUpper(hex.EncodeToString(e.SHA256[:]))
}

// Catalog is a set of known certificates. It is not modified once made and is
// safe for concurrent use. The zero value is empty.
type Catalog struct {
	source string
	date   time.Time

	base *table.Table // nil if there is none

	// What users add. An entry here hides one of base with its fingerprint.
	entries []Entry // as in the file
	byHash  map[[32]byte]int
	byKeyID map[string][]int
	byName  map[string][]int

	hierarchies []Hierarchy // what users add

	decode  sync.Once // of all hierarchies, which are asked for with every file of a bulk run
	decoded []Hierarchy
}

func newCatalog(base *table.Table, entries []Entry, source string, date time.Time) *Catalog {
	c := &Catalog{
		source:  source,
		date:    date,
		base:    base,
		entries: entries,
		byHash:  make(map[[32]byte]int, len(entries)),
		byKeyID: make(map[string][]int, len(entries)),
		byName:  make(map[string][]int, len(entries)),
	}
	for i, e := range entries {
		c.byHash[e.SHA256] = i
		if len(e.KeyID) > 0 {
			c.byKeyID[string(e.KeyID)] = append(c.byKeyID[string(e.KeyID)], i)
		}
		name := table.Fold(e.Subject)
		c.byName[name] = append(c.byName[name], i)
	}
	return c
}

// Source says where the facts come from.
func (c *Catalog) Source() string { return c.source }

// Date returns the date of the facts: that of the newest source of certificates, and
// the later one of a combined catalogue. Each programme has its own.
func (c *Catalog) Date() time.Time { return c.date }

// Entries returns all entries: those of the embedded file by SHA-256, then those of
// files in their order. It decodes all of them.
func (c *Catalog) Entries() []Entry {
	var list []Entry
	if c.base != nil {
		list = slices.Grow(list, c.base.Len()+len(c.entries))
		for i := range c.base.Len() {
			list = c.appendBase(list, i)
		}
	}
	return append(list, c.entries...)
}

// appendBase appends an entry of the embedded file, unless one of a user hides it.
func (c *Catalog) appendBase(list []Entry, i int) []Entry {
	if len(c.byHash) > 0 {
		if _, ok := c.byHash[[32]byte([]byte(c.base.SHA256(i)))]; ok {
			return list
		}
	}
	if e, ok := baseEntry(c.base, i); ok {
		list = append(list, e)
	}
	return list
}

// With returns a catalogue of the entries of both. Where both know a
// fingerprint, other decides.
func (c *Catalog) With(other *Catalog) *Catalog {
	if other == nil {
		return c
	}
	entries := make([]Entry, 0, len(c.entries)+len(other.entries))
	for _, e := range c.entries {
		if _, ok := other.ByFingerprint(e.SHA256); !ok {
			entries = append(entries, e)
		}
	}
	source, date := c.source, c.date
	if source != "" && other.source != "" {
		source += "; "
	}
	if other.date.After(date) {
		date = other.date
	}
	both := newCatalog(cmp.Or(c.base, other.base), append(entries, other.entries...), source+other.source, date)
	both.hierarchies = slices.Concat(c.hierarchies, other.hierarchies)
	return both
}

// Known returns every known form of the issuer that is missing at a dead end,
// but for the certificate of the dead end itself: best advice first, among
// equals a cross-certificate before a root, then the one that ends later.
//
// A key identifier decides: an entry with another one is not a match,
// whatever its name. The issuer's name decides where the dead end or the
// entry has no key identifier, and among entries with the right one. An entry
// is not a match either if its key has not made the signature of the certificate:
// [Catalog.Signer] tells that apart from not being known.
func (c *Catalog) Known(d chain.DeadEnd) []Entry {
	found := c.claimed(d)
	if d.Certificate == nil || d.Certificate.Err() != nil {
		return found
	}
	return slices.DeleteFunc(found, func(e Entry) bool {
		err := d.Certificate.SignedByKey(e.Key)
		return err != nil && !errors.Is(err, chain.ErrUnsupportedAlgorithm)
	})
}

// claimed returns what Known does by names and key identifiers alone.
func (c *Catalog) claimed(d chain.DeadEnd) []Entry {
	name := table.Fold(chain.NameString(d.RawIssuer))
	sameName := func(e Entry) bool { return table.Fold(e.Subject) == name }
	found := c.withKeyID(d.KeyID)
	if slices.ContainsFunc(found, sameName) {
		found = slices.DeleteFunc(found, func(e Entry) bool { return !sameName(e) })
	}
	if len(found) == 0 {
		for _, e := range c.named(name) {
			if len(d.KeyID) == 0 || e.KeyID == nil {
				found = append(found, e)
			}
		}
	}
	if d.Certificate != nil {
		found = slices.DeleteFunc(found, func(e Entry) bool { return e.SHA256 == d.Certificate.SHA256() })
	}
	return sorted(found)
}

// withKeyID returns the entries with a key identifier.
func (c *Catalog) withKeyID(id []byte) []Entry {
	var list []Entry
	if c.base != nil {
		for i := range c.base.WithKeyID(id) {
			list = c.appendBase(list, i)
		}
	}
	for _, i := range c.byKeyID[string(id)] {
		list = append(list, c.entries[i])
	}
	return list
}

// named returns the entries whose subject folds to name.
func (c *Catalog) named(name string) []Entry {
	var list []Entry
	if c.base != nil {
		for i := range c.base.Named(name) {
			if s, ok := c.base.Field(i, table.Subject); ok && table.Fold(s) == name {
				list = c.appendBase(list, i)
			}
		}
	}
	for _, i := range c.byName[name] {
		list = append(list, c.entries[i])
	}
	return list
}

func compareEntries(a, b Entry) int {
	rank := func(k EntryKind) int {
		switch k {
		case Cross:
			return 0
		case Root:
			return 1
		}
		return 2
	}
	return cmp.Or(
		cmp.Compare(a.Advice, b.Advice),
		cmp.Compare(rank(a.Kind), rank(b.Kind)),
		b.NotAfter.Compare(a.NotAfter),
		bytes.Compare(a.SHA256[:], b.SHA256[:]),
	)
}

// ByFingerprint returns the entry with a SHA-256 fingerprint.
func (c *Catalog) ByFingerprint(sha256 [32]byte) (Entry, bool) {
	if i, ok := c.byHash[sha256]; ok {
		return c.entries[i], true
	}
	if c.base != nil {
		if i, ok := c.base.Find(sha256); ok {
			return baseEntry(c.base, i)
		}
	}
	return Entry{}, false
}

// ByKeyID returns the entries with a subject key identifier, best advice
// first.
func (c *Catalog) ByKeyID(id []byte) []Entry { return sorted(c.withKeyID(id)) }

// ByName returns the entries with a subject, given as DER, best advice first.
func (c *Catalog) ByName(rawSubject []byte) []Entry {
	return sorted(c.named(table.Fold(chain.NameString(rawSubject))))
}

func sorted(list []Entry) []Entry {
	slices.SortFunc(list, compareEntries)
	return list
}

// Relation says how a certificate relates to the catalogue.
type Relation int

// The identities.
const (
	stranger Relation = iota // nothing of it is known
	Exact                    // the fingerprint is known: it is that certificate
	SameKey                  // another certificate for the name and key of a known CA
	NameOnly                 // the name of a known CA; the key is not, or not known to be, that CA's

	identityEnd
)

// String returns the identity in words.
func (i Relation) String() string { return string(i.text()) }

func (i Relation) text() say.Text {
	switch i {
	case stranger:
		return "stranger"
	case Exact:
		return "exact"
	case SameKey:
		return "same key"
	case NameOnly:
		return "name only"
	default:
		return "unknown"
	}
}

// MarshalText returns what String returns.
func (i Relation) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// Identify says whether a certificate is a known one. The fingerprint
// decides: a certificate that only bears the name, or even the key identifier,
// of a known CA is not it. The entries are the ones it was compared with. A nil
// certificate is a stranger.
func (c *Catalog) Identify(cert *chain.Certificate) (Relation, []Entry) {
	if cert == nil {
		return stranger, nil
	}
	if e, ok := c.ByFingerprint(cert.SHA256()); ok {
		return Exact, []Entry{e}
	}
	named := c.ByName(cert.RawSubject())
	spki := cert.SPKISHA256()
	switch {
	case slices.ContainsFunc(named, func(e Entry) bool { return bytes.Equal(e.SPKISHA256, spki[:]) }):
		return SameKey, named
	case len(named) > 0:
		return NameOnly, named
	}
	return stranger, nil
}
