package catalog

import (
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain/catalog/internal/table"
)

// Hierarchy says under which roots an owner issues today, and which it has replaced. There
// is one only for owners of whom somebody has looked it up.
type Hierarchy struct {
	Owner   string
	Also    []string // other names of the owner
	Roots   [][32]byte
	Issuing [][32]byte // CAs that issue to users under these; there may be others
	Old     [][32]byte // the roots that were replaced
	Since   time.Time  // zero where the source does not say
	Source  string
	Date    time.Time // of the source
}

// Hierarchies returns what is known of hierarchies: a row for each owner. All callers share
// the slice: do not change it.
func (c *Catalog) Hierarchies() []Hierarchy {
	c.decode.Do(func() { c.decoded = slices.Clip(append(baseHierarchies(c.base), c.hierarchies...)) })
	return c.decoded
}

// baseHierarchies decodes the rows of the embedded file.
func baseHierarchies(base *table.Table) []Hierarchy {
	if base == nil {
		return nil
	}
	var out []Hierarchy
	notes := base.Notes()
	for _, row := range notes[min(2, len(notes)):] {
		var fields [8]string
		copy(fields[:], strings.Split(row, "\n"))
		out = append(out, Hierarchy{
			Owner: fields[0], Also: tabbed(fields[1]),
			Roots: fingerprints(tabbed(fields[2])), Issuing: fingerprints(tabbed(fields[3])), Old: fingerprints(tabbed(fields[4])),
			Since: date(fields[5]), Source: fields[6], Date: date(fields[7]),
		})
	}
	return out
}

func tabbed(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\t")
}

// fingerprints reads SHA-256 digests, and leaves out what is none.
func fingerprints(texts []string) [][32]byte {
	var out [][32]byte
	for _, s := range texts {
		if b, err := hex.DecodeString(s); err == nil && len(b) == 32 {
			out = append(out, [32]byte(b))
		}
	}
	return out
}
