package describe

import (
	"encoding/hex"
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
)

// Paths describes the result of [Pool.Build], or of a question about another leaf to the
// graph of the pool. The options are those that were given there, and may be nil. A nil
// catalogue knows no CA. Where the options check revocation, the report says
// [RevocationGiven]; who fetches lists changes that to [RevocationFetched].
func (p *Pool) Paths(result *chain.Result, opts *chain.Options, known *catalog.Catalog) *Paths {
	if opts == nil {
		opts = new(chain.Options)
	}
	if known == nil {
		known = new(catalog.Catalog)
	}
	r := &Paths{
		Version: PathsVersion, Lang: language, CatalogDate: day(known.Date()), Time: moment(result.At), Leaf: fingerprint(result.Leaf),
		Usage: opts.Purpose.Usage.String(), EKU: opts.Purpose.EKUName(), Mail: opts.Email, Revocation: RevocationNotChecked,
		Paths: []Path{}, DeadEnds: []DeadEnd{}, CrossPairs: [][]string{},
		Truncated: result.Truncated.String(), Signatures: result.Signatures,
		Unused: []string{}, Unreadable: append([]Unreadable{}, p.Unreadable...),
	}
	if opts.Revocation != nil {
		r.Revocation = RevocationGiven
	}
	for _, path := range slices.Concat(result.Accepted, result.Rejected) {
		r.Paths = append(r.Paths, describePath(path, known))
	}
	r.addCertificates(p, result, known)
	for _, d := range result.DeadEnds {
		r.DeadEnds = append(r.DeadEnds, describeDeadEnd(d, known))
	}
	used := r.used()
	for _, c := range p.Certificates {
		if sha256 := fingerprint(c); !used[sha256] {
			r.Unused = append(r.Unused, sha256)
		}
	}
	for _, pair := range p.Graph.CrossPairs() {
		r.CrossPairs = append(r.CrossPairs, fingerprints(pair))
	}
	for _, err := range result.FetchErrors {
		r.FetchErrors = append(r.FetchErrors, Cause{err})
	}
	return r
}

// used returns the certificates of the paths and of the ways to dead ends.
func (r *Paths) used() map[string]bool {
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

func describePath(path *chain.Path, known *catalog.Catalog) Path {
	d := Path{
		Accepted: path.Accepted(), Certificates: fingerprints(path.Certificates),
		NotBefore: moment(path.NotBefore), NotAfter: moment(path.NotAfter), Problems: []Problem{},
	}
	for _, p := range path.Problems {
		d.Problems = append(d.Problems, Problem{p.Index, d.Certificates[p.Index], p.Code.String(), p.Detail, p.Clause, p})
	}
	for _, p := range path.Disputed {
		d.Disputed = append(d.Disputed, Problem{p.Index, d.Certificates[p.Index], p.Code.String(), p.Detail, p.Clause, p})
	}
	if entry, ok := known.ByFingerprint(path.Anchor().SHA256()); ok {
		d.Programmes = describeProgrammes(entry)
	}
	return d
}

// describeProgrammes returns nil where no programme says anything.
func describeProgrammes(e catalog.Entry) *Programmes {
	if e.Mozilla.Trust == catalog.Unknown && e.Microsoft.Trust == catalog.Unknown && e.Apple.Trust == catalog.Unknown {
		return nil
	}
	one := func(p catalog.Programme) Programme {
		return Programme{p.Trust.String(), p.Since, moment(p.DistrustAfter), p.Note}
	}
	return &Programmes{one(e.Mozilla), one(e.Microsoft), one(e.Apple)}
}

var deadEndKinds = map[chain.DeadEndKind]string{
	chain.IssuerMissing: "issuer_missing",
	chain.NotAnchor:     "not_anchor",
	chain.NoAnchor:      "no_anchor",
}

func describeDeadEnd(d chain.DeadEnd, known *catalog.Catalog) DeadEnd {
	e := DeadEnd{
		SHA256: fingerprint(d.Certificate), Kind: deadEndKinds[d.Kind], Certificates: fingerprints(d.Way),
		MissingSubject: d.Issuer, MissingKeyID: hex.EncodeToString(d.KeyID),
		AIA: append([]string{}, d.AIA...), Known: []KnownCA{}, NearMisses: []NearMiss{},
	}
	for _, k := range known.Known(d) {
		e.Known = append(e.Known, KnownCA{
			Kind: k.Kind.String(), Subject: k.Subject, Issuer: k.Issuer, SHA256: hex.EncodeToString(k.SHA256[:]),
			NotBefore: moment(k.NotBefore), NotAfter: moment(k.NotAfter), Advice: k.Advice.String(), Reason: k.Reason, URL: k.URL(),
			Programmes: describeProgrammes(k),
		})
	}
	for _, m := range d.NearMisses {
		e.NearMisses = append(e.NearMisses, NearMiss{fingerprint(m.Certificate), m.Code.String(), m.Detail})
	}
	return e
}

var identities = map[catalog.Relation]string{
	catalog.Exact:    "exact",
	catalog.SameKey:  "same_key",
	catalog.NameOnly: "name_only",
}

// addCertificates describes certificates, each once.
func (r *Paths) addCertificates(p *Pool, result *chain.Result, known *catalog.Catalog) {
	anchors, fetched := setOf(p.Anchors), setOf(result.Fetched)
	seen := make(map[[32]byte]bool)
	for _, c := range slices.Concat([]*chain.Certificate{result.Leaf}, p.Certificates, result.Fetched) {
		sum := c.SHA256()
		if seen[sum] {
			continue
		}
		seen[sum] = true
		spki := c.SPKISHA256()
		identity, _ := known.Identify(c)
		r.Certificates = append(r.Certificates, PathCertificate{
			SHA256: fingerprint(c), Subject: c.Subject(), Issuer: c.Issuer(), Serial: hex.EncodeToString(c.SerialNumber()),
			NotBefore: moment(c.NotBefore()), NotAfter: moment(c.NotAfter()),
			KeyID: hex.EncodeToString(c.SubjectKeyID()), AuthorityKeyID: hex.EncodeToString(c.AuthorityKeyID()),
			SPKISHA256: hex.EncodeToString(spki[:]),
			CA:         c.IsCA(), Anchor: anchors[sum], Fetched: fetched[sum], File: p.File(c), Catalog: identities[identity],
			Error: Cause{c.Err()},
		})
	}
}

func setOf(certs []*chain.Certificate) map[[32]byte]bool {
	set := make(map[[32]byte]bool, len(certs))
	for _, c := range certs {
		set[c.SHA256()] = true
	}
	return set
}
