package main

import (
	"encoding/hex"
	"io"
	"slices"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
)

// The types below are the output of paths -format json, field by field. All
// three renderers write them. Certificates are named by their SHA-256
// fingerprint, in lower-case hexadecimal digits as key identifiers are.
type (
	pathReport struct {
		Version      int               `json:"version"`
		Time         string            `json:"time"` // RFC 3339, UTC
		Leaf         string            `json:"leaf"`
		Usage        string            `json:"usage"`
		EKU          string            `json:"eku"` // its name, or its object identifier
		Mail         string            `json:"mail,omitempty"`
		Revocation   string            `json:"revocation"` // not_checked, given or fetched
		Paths        []pathFound       `json:"paths"`      // shortest first, accepted before rejected
		DeadEnds     []pathDeadEnd     `json:"dead_ends"`  // nearest to the leaf first
		Truncated    string            `json:"truncated"`  // the limit that cut the search short; empty: none
		Certificates []pathCertificate `json:"certificates"`
		CrossPairs   [][]string        `json:"cross_certified"` // certificates with one subject and key, and several issuers
		Unused       []string          `json:"unused"`          // neither on a path nor on the way to a dead end
		Unreadable   []pathUnreadable  `json:"unreadable"`
		FetchErrors  []cause           `json:"fetch_errors,omitempty"`
		Signatures   int               `json:"signatures_checked"`
	}
	pathFound struct {
		Accepted     bool          `json:"accepted"`
		Certificates []string      `json:"certificates"` // leaf first, anchor last
		NotBefore    string        `json:"not_before"`   // of the window in which all are valid
		NotAfter     string        `json:"not_after"`    // before not_before: there is no such time
		Problems     []pathProblem `json:"problems"`
		// Programmes are those of the anchor, where the catalogue knows it.
		Programmes *pathProgrammes `json:"programmes,omitempty"`
	}
	pathProblem struct {
		Index  int    `json:"index"` // in certificates
		SHA256 string `json:"sha256"`
		Code   string `json:"code"`
		Detail string `json:"detail"`
		Clause string `json:"clause"`

		problem chain.Problem
	}
	pathDeadEnd struct {
		SHA256         string         `json:"sha256"`
		Kind           string         `json:"kind"` // issuer_missing, not_anchor or no_anchor
		Certificates   []string       `json:"certificates"`
		MissingSubject string         `json:"missing_subject"`
		MissingKeyID   string         `json:"missing_key_id"`
		AIA            []string       `json:"aia"` // where the certificate says its issuer is
		Known          []pathKnown    `json:"known"`
		NearMisses     []pathNearMiss `json:"near_misses"`
	}
	pathKnown struct {
		Kind      string `json:"kind"` // root, intermediate or cross
		Subject   string `json:"subject"`
		Issuer    string `json:"issuer"`
		SHA256    string `json:"sha256"`
		NotBefore string `json:"not_before"`
		NotAfter  string `json:"not_after"`
		Advice    string `json:"advice"` // recommended, neutral or leave-out
		Reason    string `json:"reason,omitempty"`
		URL       string `json:"url"`
		// Programmes is missing where none says anything, as for cross-certificates.
		Programmes *pathProgrammes `json:"programmes,omitempty"`
	}
	pathProgrammes struct { // for e-mail
		Mozilla   pathProgramme `json:"mozilla"`
		Microsoft pathProgramme `json:"microsoft"`
		Apple     pathProgramme `json:"apple"`
	}
	pathProgramme struct {
		Trust         string `json:"trust"` // yes, no or unknown
		Since         string `json:"since,omitempty"`
		DistrustAfter string `json:"distrust_after,omitempty"` // for certificates issued later
		Note          string `json:"note,omitempty"`
	}
	pathNearMiss struct {
		SHA256 string `json:"sha256"`
		Reason string `json:"reason"`
		Detail string `json:"detail,omitempty"`
	}
	pathUnreadable struct {
		File   string `json:"file"`
		Offset int64  `json:"offset"`
		Error  cause  `json:"error"`
	}
	pathCertificate struct {
		SHA256         string `json:"sha256"`
		Subject        string `json:"subject"`
		Issuer         string `json:"issuer"`
		Serial         string `json:"serial"`
		NotBefore      string `json:"not_before"`
		NotAfter       string `json:"not_after"`
		KeyID          string `json:"key_id"`
		AuthorityKeyID string `json:"authority_key_id"`
		SPKISHA256     string `json:"spki_sha256"`
		CA             bool   `json:"ca"`
		Anchor         bool   `json:"anchor"`
		Fetched        bool   `json:"fetched"`
		File           string `json:"file,omitempty"`    // where it was found first
		Catalog        string `json:"catalog,omitempty"` // how it relates to a known CA: exact, same_key or name_only
		Error          cause  `json:"error,omitzero"`    // why it cannot be read
	}
)

// cause is an error in a report: its English text in JSON, and for people in their
// language.
type cause struct{ error }

// MarshalText returns what Error says.
func (c cause) MarshalText() ([]byte, error) { return []byte(c.Error()), nil }

// newPathReport puts a result into the form that is written.
func newPathReport(p *pool, g *chain.Graph, result *chain.Result, opts *chain.Options, known *catalog.Catalog) *pathReport {
	r := &pathReport{
		Version: 1, Time: moment(result.At), Leaf: fingerprint(result.Leaf.Raw),
		Usage: opts.Purpose.Usage.String(), EKU: opts.Purpose.EKUName(), Mail: opts.Email,
		Paths: []pathFound{}, DeadEnds: []pathDeadEnd{}, CrossPairs: [][]string{},
		Truncated: result.Truncated.String(), Signatures: result.Signatures,
		Unused: []string{}, Unreadable: append([]pathUnreadable{}, p.unreadable...),
	}
	for _, path := range slices.Concat(result.Accepted, result.Rejected) {
		r.Paths = append(r.Paths, newPathFound(path, known))
	}
	all := slices.Concat([]*chain.Certificate{p.leaf}, p.certs, result.Fetched)
	r.addCertificates(all, p, result, known)
	for _, d := range result.DeadEnds {
		r.DeadEnds = append(r.DeadEnds, newPathDeadEnd(d, d.Way, known))
	}
	used := r.used()
	for _, c := range p.certs {
		if !used[fingerprint(c.Raw)] {
			r.Unused = append(r.Unused, fingerprint(c.Raw))
		}
	}
	for _, pair := range g.CrossPairs() {
		r.CrossPairs = append(r.CrossPairs, fingerprints(pair))
	}
	for _, err := range result.FetchErrors {
		r.FetchErrors = append(r.FetchErrors, cause{err})
	}
	return r
}

// used returns the certificates of the paths and of the ways to dead ends.
func (r *pathReport) used() map[string]bool {
	used := map[string]bool{r.Leaf: true}
	for _, p := range r.Paths {
		for _, c := range p.Certificates {
			used[c] = true
		}
	}
	for _, d := range r.DeadEnds {
		for _, c := range d.Certificates {
			used[c] = true
		}
	}
	return used
}

func newPathFound(path *chain.Path, known *catalog.Catalog) pathFound {
	f := pathFound{
		Accepted: path.Accepted(), Certificates: fingerprints(path.Certificates),
		NotBefore: moment(path.NotBefore), NotAfter: moment(path.NotAfter), Problems: []pathProblem{},
	}
	for _, problem := range path.Problems {
		f.Problems = append(f.Problems, pathProblem{
			problem.Index, f.Certificates[problem.Index], problem.Code.String(), problem.Detail, problem.Clause, problem,
		})
	}
	if entry, ok := known.ByFingerprint(path.Anchor().SHA256()); ok {
		f.Programmes = newPathProgrammes(entry)
	}
	return f
}

// newPathProgrammes returns nil where no programme says anything.
func newPathProgrammes(e catalog.Entry) *pathProgrammes {
	if e.Mozilla.Trust == catalog.Unknown && e.Microsoft.Trust == catalog.Unknown && e.Apple.Trust == catalog.Unknown {
		return nil
	}
	one := func(p catalog.Programme) pathProgramme {
		return pathProgramme{p.Trust.String(), p.Since, moment(p.DistrustAfter), p.Note}
	}
	return &pathProgrammes{one(e.Mozilla), one(e.Microsoft), one(e.Apple)}
}

var deadEndKinds = map[chain.DeadEndKind]string{
	chain.IssuerMissing: "issuer_missing",
	chain.NotAnchor:     "not_anchor",
	chain.NoAnchor:      "no_anchor",
}

func newPathDeadEnd(d chain.DeadEnd, way []*chain.Certificate, known *catalog.Catalog) pathDeadEnd {
	e := pathDeadEnd{
		SHA256: fingerprint(d.Certificate.Raw), Kind: deadEndKinds[d.Kind], Certificates: fingerprints(way),
		MissingSubject: d.Issuer, MissingKeyID: hex.EncodeToString(d.KeyID),
		AIA: append([]string{}, d.AIA...), Known: []pathKnown{}, NearMisses: []pathNearMiss{},
	}
	for _, k := range known.Known(d) {
		e.Known = append(e.Known, pathKnown{
			Kind: k.Kind.String(), Subject: k.Subject, Issuer: k.Issuer, SHA256: hex.EncodeToString(k.SHA256[:]),
			NotBefore: moment(k.NotBefore), NotAfter: moment(k.NotAfter), Advice: k.Advice.String(), Reason: k.Reason, URL: k.URL(),
			Programmes: newPathProgrammes(k),
		})
	}
	for _, m := range d.NearMisses {
		e.NearMisses = append(e.NearMisses, pathNearMiss{fingerprint(m.Certificate.Raw), m.Code.String(), m.Detail})
	}
	return e
}

var identities = map[catalog.Identity]string{
	catalog.Exact:    "exact",
	catalog.SameKey:  "same_key",
	catalog.NameOnly: "name_only",
}

// addCertificates describes certificates, each once.
func (r *pathReport) addCertificates(all []*chain.Certificate, p *pool, result *chain.Result, known *catalog.Catalog) {
	anchors, fetched := setOf(p.anchors), setOf(result.Fetched)
	seen := make(map[[32]byte]bool)
	for _, c := range all {
		sum := c.SHA256()
		if seen[sum] {
			continue
		}
		seen[sum] = true
		spki := c.SPKISHA256()
		identity, _ := known.Identify(c)
		d := pathCertificate{
			SHA256: fingerprint(c.Raw), Subject: c.Subject(), Issuer: c.Issuer(), Serial: hex.EncodeToString(c.SerialNumber()),
			NotBefore: moment(c.NotBefore()), NotAfter: moment(c.NotAfter()),
			KeyID: hex.EncodeToString(c.SubjectKeyID()), AuthorityKeyID: hex.EncodeToString(c.AuthorityKeyID()),
			SPKISHA256: hex.EncodeToString(spki[:]),
			CA:         c.IsCA(), Anchor: anchors[sum], Fetched: fetched[sum], File: p.found[sum], Catalog: identities[identity],
		}
		if err := c.Err(); err != nil {
			d.Error = cause{err}
		}
		r.Certificates = append(r.Certificates, d)
	}
}

func setOf(certs []*chain.Certificate) map[[32]byte]bool {
	set := make(map[[32]byte]bool, len(certs))
	for _, c := range certs {
		set[c.SHA256()] = true
	}
	return set
}

func fingerprints(certs []*chain.Certificate) []string {
	list := make([]string, len(certs))
	for i, c := range certs {
		list[i] = fingerprint(c.Raw)
	}
	return list
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// byHash finds certificates by their fingerprint.
func (r *pathReport) byHash() map[string]*pathCertificate {
	m := make(map[string]*pathCertificate, len(r.Certificates))
	for i := range r.Certificates {
		m[r.Certificates[i].SHA256] = &r.Certificates[i]
	}
	return m
}

func writePathJSON(w io.Writer, r *pathReport) error { return writeJSON(w, r) }
