package main

import (
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain/catalog"
)

// knownText is the whole catalogue as text, a line for each CA.
func knownText() []byte {
	var lines []string
	for _, e := range catalog.Default().Entries() {
		lines = append(lines, e.Line())
	}
	slices.Sort(lines)
	return []byte(strings.Join(lines, "\n") + "\n")
}
