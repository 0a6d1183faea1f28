package describe

import "github.com/smimechain/smimechain/chain"

// PathsVersion is the version of the document [Paths]. It is another one when a name
// in it is gone or has a new meaning; new names do not change it.
const PathsVersion = 1

// Paths is what the command paths writes as JSON: every path of a leaf to an anchor,
// why the others fail, and where one stops. [Pool.Paths] makes it. Certificates are
// named by their SHA-256 fingerprints, under which Certificates describes each.
//
// No slice is nil but those that are left out of the JSON where they are empty. What
// encoding/json reads back lacks [Problem].Found and is complete otherwise.
type Paths struct {
	Version      int               `json:"version"`         // PathsVersion
	Lang         string            `json:"lang"`            // of texts: en
	CatalogDate  string            `json:"catalog_date"`    // of the facts about CAs, as 2006-01-02; empty without a catalogue
	Time         string            `json:"time"`            // at which paths were judged; RFC 3339, UTC
	Leaf         string            `json:"leaf"`            // its fingerprint
	Usage        string            `json:"usage"`           // in the words of chain.Usage
	EKU          string            `json:"eku"`             // the extended key usage: its name, or its object identifier
	Mail         string            `json:"mail,omitempty"`  // the address that the leaf was to be for
	Revocation   string            `json:"revocation"`      // RevocationNotChecked, RevocationGiven or RevocationFetched
	Paths        []Path            `json:"paths"`           // shortest first, accepted before rejected
	DeadEnds     []DeadEnd         `json:"dead_ends"`       // nearest to the leaf first
	Truncated    string            `json:"truncated"`       // the limit that cut the search short, as chain.Budget names it; empty: none
	Certificates []PathCertificate `json:"certificates"`    // of the pool and fetched ones, each once, the leaf first
	CrossPairs   [][]string        `json:"cross_certified"` // certificates with one subject and key, and several issuers
	Unused       []string          `json:"unused"`          // of the pool, neither on a path nor on the way to a dead end
	Unreadable   []Unreadable      `json:"unreadable"`      // in the files of the pool
	FetchErrors  []Cause           `json:"fetch_errors,omitempty"`
	Signatures   int               `json:"signatures_checked"` // for this search
}

// Path is a path from the leaf to an anchor.
type Path struct {
	Accepted     bool      `json:"accepted"`
	Certificates []string  `json:"certificates"` // leaf first, anchor last
	NotBefore    string    `json:"not_before"`   // of the window in which all are valid; RFC 3339, UTC
	NotAfter     string    `json:"not_after"`    // before NotBefore: there is no such time
	Problems     []Problem `json:"problems"`     // none of an accepted path
	// Disputed is what some programs refuse all the same, of accepted paths too.
	Disputed []Problem `json:"disputed,omitempty"`
	// Programmes are those of the anchor, where the catalogue knows it.
	Programmes *Programmes `json:"programmes,omitempty"`
}

// Problem is one reason to reject a path.
type Problem struct {
	Index  int    `json:"index"` // in the certificates of the path
	SHA256 string `json:"sha256"`
	Code   string `json:"code"`   // as chain.ProblemCode is written
	Detail string `json:"detail"` // in English; may be empty
	Clause string `json:"clause"` // of the standard that says so; may be empty

	// Found is the problem itself, which can be said in other languages.
	Found chain.Problem `json:"-"`
}

// DeadEnd is a certificate from which nothing leads on.
type DeadEnd struct {
	SHA256         string     `json:"sha256"`
	Kind           string     `json:"kind"`            // issuer_missing, not_anchor or no_anchor
	Certificates   []string   `json:"certificates"`    // a shortest way to it, the leaf first
	MissingSubject string     `json:"missing_subject"` // of the issuer
	MissingKeyID   string     `json:"missing_key_id"`  // of the issuer; empty where the certificate does not say
	AIA            []string   `json:"aia"`             // where the certificate says its issuer is
	Known          []KnownCA  `json:"known"`           // what the catalogue knows of the issuer, the one to add first
	NearMisses     []NearMiss `json:"near_misses"`     // chain.MaxNearMisses at most
}

// NearMiss is a certificate that looks like the missing issuer and is not.
type NearMiss struct {
	SHA256 string `json:"sha256"`
	Reason string `json:"reason"` // as chain.MissCode is written
	Detail string `json:"detail,omitempty"`
}

// PathCertificate is a certificate that paths may lead through. What it lacks, or what
// cannot be read, is empty.
type PathCertificate struct {
	SHA256         string `json:"sha256"`
	Subject        string `json:"subject"`
	Issuer         string `json:"issuer"`
	Serial         string `json:"serial"`
	NotBefore      string `json:"not_before"` // RFC 3339, UTC
	NotAfter       string `json:"not_after"`
	KeyID          string `json:"key_id"`
	AuthorityKeyID string `json:"authority_key_id"`
	SPKISHA256     string `json:"spki_sha256"` // of the public key, as it stands in the certificate
	CA             bool   `json:"ca"`
	Anchor         bool   `json:"anchor"`
	Fetched        bool   `json:"fetched"`
	File           string `json:"file,omitempty"`    // where it was found first
	Catalog        string `json:"catalog,omitempty"` // how it relates to a known CA: exact, same_key or name_only
	Error          Cause  `json:"error,omitzero"`    // why it cannot be read
}

// KnownCA is an entry of a catalogue of CAs.
type KnownCA struct {
	Kind      string `json:"kind"` // root, intermediate or cross
	Subject   string `json:"subject"`
	Issuer    string `json:"issuer"`
	SHA256    string `json:"sha256"`
	NotBefore string `json:"not_before"` // RFC 3339, UTC
	NotAfter  string `json:"not_after"`
	Advice    string `json:"advice"`           // recommended, neutral or leave-out
	Reason    string `json:"reason,omitempty"` // of the advice, in English
	URL       string `json:"url"`              // where a third party has it
	// Programmes is missing where none says anything, as for cross-certificates.
	Programmes *Programmes `json:"programmes,omitempty"`
}

// Programmes are what the root programmes say of a root as an anchor for e-mail.
type Programmes struct {
	Mozilla   Programme `json:"mozilla"`
	Microsoft Programme `json:"microsoft"`
	Apple     Programme `json:"apple"`
}

// Programme is what one root programme says.
type Programme struct {
	Trust         string `json:"trust"`                    // yes, no or unknown
	Since         string `json:"since,omitempty"`          // a date or a release
	DistrustAfter string `json:"distrust_after,omitempty"` // for certificates issued later; RFC 3339, UTC
	Note          string `json:"note,omitempty"`
}

// BySHA256 returns the certificates by their fingerprints. They are those of the
// report, not copies.
func (r *Paths) BySHA256() map[string]*PathCertificate {
	m := make(map[string]*PathCertificate, len(r.Certificates))
	for i := range r.Certificates {
		m[r.Certificates[i].SHA256] = &r.Certificates[i]
	}
	return m
}
