package main

import (
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
)

// loadCatalog returns the built-in catalogue with those of the files added; nil
// when there is none to add.
func loadCatalog(names []string) (*catalog.Catalog, error) {
	if len(names) == 0 {
		return nil, nil
	}
	known := catalog.Default()
	for _, name := range names {
		data, err := readText(name, maxTextFile)
		if err != nil {
			return nil, err
		}
		more, err := catalog.Parse(data)
		if err != nil {
			return nil, say.Errorf("%s: %w", name, err)
		}
		known = known.With(more)
	}
	return known, nil
}
