package catalog

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
)

// Kind is what a known certificate is.
type Kind int

// The kinds.
const (
	Root         Kind = iota // self-signed
	Intermediate             // issued by another CA, its key has no other certificate here
	Cross                    // issued by another CA to a key that has a self-signed certificate too

	kindEnd
)

// String returns the kind as it is written in the file.
func (k Kind) String() string { return string(k.text()) }

func (k Kind) text() say.Text {
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
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

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
	Since string // the release or date from which on, in words; empty if not known
	// DistrustAfter is the date after which the programme takes no S/MIME
	// certificates issued under the root; zero if none is known. Mozilla's
	// follow from the age of the key, taken to be that of the certificate.
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
	Kind    Kind
	Subject string // RFC 2253
	Issuer  string // RFC 2253, or the common name alone where the source says no more
	SHA256  [32]byte
	SHA1    []byte // nil if not known
	KeyID   []byte // subject key identifier, nil if not known
	// IssuerKeyID is the key identifier of the issuer, nil if not known.
	IssuerKeyID []byte
	SPKISHA256  []byte // nil if not known
	NotBefore   time.Time
	NotAfter    time.Time
	Mozilla     Programme // for e-mail, as the two below
	Microsoft   Programme
	Apple       Programme
	MozillaTLS  Programme // for servers: says nothing about e-mail
	Advice      Advice
	Reason      string // of the advice
	Source      string
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

	entries []Entry // as in the file
	byHash  map[[32]byte]int
	byKeyID map[string][]int
	bySPKI  map[string][]int
	byName  map[string][]int
}

func newCatalog(entries []Entry, source string, date time.Time) *Catalog {
	c := &Catalog{
		source:  source,
		date:    date,
		entries: entries,
		byHash:  make(map[[32]byte]int, len(entries)),
		byKeyID: make(map[string][]int, len(entries)),
		bySPKI:  make(map[string][]int),
		byName:  make(map[string][]int, len(entries)),
	}
	for i, e := range entries {
		c.byHash[e.SHA256] = i
		if e.KeyID != nil {
			c.byKeyID[string(e.KeyID)] = append(c.byKeyID[string(e.KeyID)], i)
		}
		if e.SPKISHA256 != nil {
			c.bySPKI[string(e.SPKISHA256)] = append(c.bySPKI[string(e.SPKISHA256)], i)
		}
		name := foldName(e.Subject)
		c.byName[name] = append(c.byName[name], i)
	}
	return c
}

// Source says where the facts come from.
func (c *Catalog) Source() string { return c.source }

// Date returns the date of the facts, the later one of a combined catalogue.
func (c *Catalog) Date() time.Time { return c.date }

// Entries returns all entries, in the order of the file.
func (c *Catalog) Entries() []Entry { return slices.Clone(c.entries) }

// With returns a catalogue of the entries of both. Where both know a
// fingerprint, other decides.
func (c *Catalog) With(other *Catalog) *Catalog {
	if other == nil {
		return c
	}
	entries := make([]Entry, 0, len(c.entries)+len(other.entries))
	for _, e := range c.entries {
		if _, ok := other.byHash[e.SHA256]; !ok {
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
	return newCatalog(append(entries, other.entries...), source+other.source, date)
}

// Known returns every known form of the issuer that is missing at a dead end,
// but for the certificate of the dead end itself: best advice first, among
// equals a cross-certificate before a root, then the one that ends later.
//
// A key identifier decides: an entry with another one is not a match,
// whatever its name. The issuer's name decides where the dead end or the
// entry has no key identifier, and among entries with the right one.
func (c *Catalog) Known(d chain.DeadEnd) []Entry {
	name := foldName(chain.NameString(d.RawIssuer))
	sameName := func(i int) bool { return foldName(c.entries[i].Subject) == name }
	var found []int
	if len(d.KeyID) > 0 {
		found = c.byKeyID[string(d.KeyID)]
		if slices.ContainsFunc(found, sameName) {
			found = slices.DeleteFunc(slices.Clone(found), func(i int) bool { return !sameName(i) })
		}
	}
	if len(found) == 0 {
		for _, i := range c.byName[name] {
			if len(d.KeyID) == 0 || c.entries[i].KeyID == nil {
				found = append(found, i)
			}
		}
	}
	var out []Entry
	for _, i := range found {
		if e := c.entries[i]; d.Certificate == nil || e.SHA256 != d.Certificate.SHA256() {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, compareEntries)
	return out
}

func compareEntries(a, b Entry) int {
	rank := func(k Kind) int {
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
	i, ok := c.byHash[sha256]
	if !ok {
		return Entry{}, false
	}
	return c.entries[i], true
}

// ByKeyID returns the entries with a subject key identifier, best advice
// first.
func (c *Catalog) ByKeyID(id []byte) []Entry { return c.pick(c.byKeyID[string(id)]) }

// ByName returns the entries with a subject, given as DER, best advice first.
func (c *Catalog) ByName(rawSubject []byte) []Entry {
	return c.pick(c.byName[foldName(chain.NameString(rawSubject))])
}

func (c *Catalog) pick(found []int) []Entry {
	out := make([]Entry, len(found))
	for n, i := range found {
		out[n] = c.entries[i]
	}
	slices.SortFunc(out, compareEntries)
	return out
}

// Identity says how a certificate relates to the catalogue.
type Identity int

// The identities.
const (
	Stranger Identity = iota // nothing of it is known
	Exact                    // the fingerprint is known: it is that certificate
	SameKey                  // another certificate for the name and key of a known CA
	NameOnly                 // the name of a known CA; the key is not, or not known to be, that CA's

	identityEnd
)

// String returns the identity in words.
func (i Identity) String() string { return string(i.text()) }

func (i Identity) text() say.Text {
	switch i {
	case Stranger:
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
func (i Identity) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// Identify says whether a certificate is a known one. The fingerprint
// decides: a certificate that only bears the name, or even the key identifier,
// of a known CA is not it. The entries are the ones it was compared with. A nil
// certificate is a [Stranger].
func (c *Catalog) Identify(cert *chain.Certificate) (Identity, []Entry) {
	if cert == nil {
		return Stranger, nil
	}
	if e, ok := c.ByFingerprint(cert.SHA256()); ok {
		return Exact, []Entry{e}
	}
	named := c.ByName(cert.RawSubject())
	spki := cert.SPKISHA256()
	for _, i := range c.bySPKI[string(spki[:])] {
		if slices.ContainsFunc(named, func(e Entry) bool { return e.SHA256 == c.entries[i].SHA256 }) {
			return SameKey, named
		}
	}
	if len(named) > 0 {
		return NameOnly, named
	}
	return Stranger, nil
}
