package catalog

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
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
func (k Kind) String() string {
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
func (t Trust) String() string {
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

// Programme is what one root programme says about a certificate.
type Programme struct {
	Trust Trust
	Since string // the release or date from which on, in words; empty if not known
	Note  string // what else is to be known; may be empty
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
func (a Advice) String() string {
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

// Entry is one known certificate. Times are UTC.
type Entry struct {
	Kind       Kind
	Subject    string // RFC 2253
	Issuer     string // RFC 2253, or the common name alone where the source says no more
	SHA256     [32]byte
	SHA1       []byte // nil if not known
	KeyID      []byte // subject key identifier, nil if not known
	IssuerKey  []byte // key identifier of the issuer, nil if not known
	SPKISHA256 []byte // nil if not known
	NotBefore  time.Time
	NotAfter   time.Time
	Mozilla    Programme
	Microsoft  Programme
	Apple      Programme
	Advice     Advice
	Reason     string // of the advice
	Source     string
}

// URL returns the address of the certificate at crt.sh, by fingerprint.
func (e Entry) URL() string {
	return "https://crt.sh/?q=" + strings.ToUpper(hex.EncodeToString(e.SHA256[:]))
}

// Catalog is a set of known certificates. It is not modified once made and is
// safe for concurrent use.
type Catalog struct {
	entries []Entry
}

// Default returns the catalogue that comes with the package.
func Default() *Catalog { return &Catalog{} }

// Parse reads a catalogue file.
func Parse(data []byte) (*Catalog, error) { return nil, fmt.Errorf("catalog: not implemented") }

// With returns a catalogue of the entries of both; where both know a
// fingerprint, other wins.
func (c *Catalog) With(other *Catalog) *Catalog { return c }

// Known returns every known form of the missing issuer, best advice first.
func (c *Catalog) Known(d chain.DeadEnd) []Entry { return nil }

// ByFingerprint returns the entry with a SHA-256 fingerprint.
func (c *Catalog) ByFingerprint(sha256 [32]byte) (Entry, bool) { return Entry{}, false }

// ByKeyID returns the entries with a subject key identifier.
func (c *Catalog) ByKeyID(id []byte) []Entry { return nil }

// ByName returns the entries with a subject, DER.
func (c *Catalog) ByName(rawSubject []byte) []Entry { return nil }
