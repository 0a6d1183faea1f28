package main

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
)

// errNotKnown says that nothing is known by a text, and what may have been meant.
func errNotKnown(cat *catalog.Catalog, text string) error {
	date := cat.Date().Format(time.DateOnly)
	if similar := similarOwners(cat, text); len(similar) > 0 {
		return say.Errorf("no CA is known by %q; similar: %s (the catalogue is of %s)", text, strings.Join(similar, ", "), date)
	}
	if ext := filepath.Ext(text); strings.ContainsAny(text, `/\`) || len(ext) == len(".pem") && !strings.ContainsAny(ext, " ") {
		return say.Errorf("%q is no file, and no CA is known by it: the catalogue is of %s", text, date)
	}
	return say.Errorf("no CA is known by %q: the catalogue is of %s", text, date)
}

const (
	maxSimilar  = 3  // owners that are named
	longestName = 64 // letters of a text that is compared
)

// similarOwners returns the owners with a name, or a word of it, that differs from a text
// in a letter of five at most, the nearest first.
func similarOwners(cat *catalog.Catalog, text string) []string {
	asked := []rune(chain.FoldString(text))
	if len(asked) > longestName {
		return nil
	}
	names := map[string][]string{} // by owner
	for _, e := range cat.Entries() {
		if names[e.Owner] == nil {
			names[e.Owner] = []string{e.Owner}
		}
	}
	for _, h := range cat.Hierarchies() {
		names[h.Owner] = append(names[h.Owner], h.Also...)
	}
	type near struct {
		owner    string
		distance int
	}
	var list []near
	for owner, also := range names {
		best := len(asked)/5 + 1
		for _, name := range also {
			for _, part := range append(strings.Fields(name), name) {
				best = min(best, distance(asked, []rune(chain.FoldString(part))))
			}
		}
		if best <= len(asked)/5 {
			list = append(list, near{owner, best})
		}
	}
	slices.SortFunc(list, func(a, b near) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), strings.Compare(a.owner, b.owner))
	})
	var owners []string
	for _, n := range list[:min(len(list), maxSimilar)] {
		owners = append(owners, n.owner)
	}
	return owners
}

// distance is how many letters have to be put in, left out, changed or exchanged with
// their neighbour to make one text of the other.
func distance(a, b []rune) int {
	var before []int // the row before the last
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range b {
			d := last[j]
			if a[i] != b[j] {
				d++
			}
			row[j+1] = min(d, row[j]+1, last[j+1]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
