package describe

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/sst"
)

// DiffVersion is the version of the document [Diff]. It is another one when a name in
// it changes its meaning or goes; what is added later does not change it.
const DiffVersion = 1

// Diff is what the command diff writes as JSON: how the certificates of some files
// differ from those of others, such as a collection that is to be uploaded from the one
// in use. Each certificate is there once. Revocation lists and keys are not compared.
type Diff struct {
	Version int           `json:"version"` // DiffVersion
	Removed []Certificate `json:"removed"` // among the old alone, sorted by subject
	Added   []Certificate `json:"added"`   // among the new alone, sorted by subject
	Kept    int           `json:"kept"`    // among both
	// Changed are those among both whose properties differ, where both are in a
	// serialized store: no other format has any.
	Changed []Changed `json:"changed"`
}

// Changed is a certificate whose properties differ.
type Changed struct {
	Subject    string           `json:"subject"`
	SHA256     string           `json:"sha256"`
	Properties []PropertyChange `json:"properties"` // sorted by identifier
}

// PropertyChange is one property that differs; where Old or New is nil, there is none.
type PropertyChange struct {
	Old *Property `json:"old"`
	New *Property `json:"new"`
}

// Same reports whether nothing differs.
func (d *Diff) Same() bool { return len(d.Removed)+len(d.Added)+len(d.Changed) == 0 }

// entry is a certificate as it first stands in files.
type entry struct {
	cert       *chain.Certificate
	properties []sst.Property
	store      bool // it has properties, if only none
}

// NewDiff compares files. What cannot be decoded is compared octet by octet.
func NewDiff(old, next []*bundle.File) *Diff {
	a, b := entries(old), entries(next)
	d := &Diff{Version: DiffVersion, Removed: []Certificate{}, Added: []Certificate{}, Changed: []Changed{}}
	there := map[[32]byte]*entry{}
	for i := range b {
		there[b[i].cert.SHA256()] = &b[i]
	}
	for _, e := range a {
		same := there[e.cert.SHA256()]
		if same == nil {
			d.Removed = append(d.Removed, NewCertificate(e.cert))
			continue
		}
		d.Kept++
		delete(there, e.cert.SHA256())
		if !e.store || !same.store {
			continue
		}
		if changes := propertyChanges(e.properties, same.properties); len(changes) > 0 {
			d.Changed = append(d.Changed, Changed{e.cert.Subject(), fingerprint(e.cert), changes})
		}
	}
	for _, e := range b {
		if there[e.cert.SHA256()] != nil {
			d.Added = append(d.Added, NewCertificate(e.cert))
		}
	}
	for _, list := range [][]Certificate{d.Removed, d.Added} {
		slices.SortStableFunc(list, func(a, b Certificate) int { return strings.Compare(a.Subject, b.Subject) })
	}
	slices.SortStableFunc(d.Changed, func(a, b Changed) int { return strings.Compare(a.Subject, b.Subject) })
	return d
}

// entries returns the certificates of files, each once.
func entries(files []*bundle.File) []entry {
	var list []entry
	seen := map[[32]byte]bool{}
	for _, f := range files {
		for _, c := range f.Certificates {
			if c.Raw == nil || seen[c.SHA256()] {
				continue
			}
			seen[c.SHA256()] = true
			list = append(list, entry{c.Certificate, c.Properties, f.Store != nil})
		}
	}
	return list
}

// propertyChanges compares properties by their identifiers. Of several with one
// identifier the last counts.
func propertyChanges(old, next []sst.Property) []PropertyChange {
	type pair struct{ old, next *sst.Property }
	pairs := map[sst.PropID]pair{}
	for i := range old {
		pairs[old[i].ID] = pair{old: &old[i]}
	}
	for i := range next {
		p := pairs[next[i].ID]
		p.next = &next[i]
		pairs[next[i].ID] = p
	}
	var changes []PropertyChange
	for _, p := range pairs {
		if p.old != nil && p.next != nil && bytes.Equal(p.old.Value, p.next.Value) {
			continue
		}
		changes = append(changes, PropertyChange{described(p.old), described(p.next)})
	}
	id := func(c PropertyChange) sst.PropID {
		if c.Old != nil {
			return c.Old.ID
		}
		return c.New.ID
	}
	slices.SortFunc(changes, func(a, b PropertyChange) int { return cmp.Compare(id(a), id(b)) })
	return changes
}

func described(p *sst.Property) *Property {
	if p == nil {
		return nil
	}
	return &describeProperties([]sst.Property{*p})[0]
}
