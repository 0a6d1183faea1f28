package sst

import (
	"path/filepath"
	"testing"

	"github.com/smimechain/smimechain/testdata/outside"
)

// corpus returns a store of the corpus.
func corpus(tb testing.TB, name string) []byte {
	tb.Helper()
	return outside.Read(tb, "sst", filepath.FromSlash(name))
}

// corpusFiles lists the corpus files that match a pattern, and fails unless
// there are want of them.
func corpusFiles(tb testing.TB, pattern string, want int) []string {
	tb.Helper()
	root := outside.Corpus(tb, "sst")
	m, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
	if err != nil {
		tb.Fatal(err)
	}
	if len(m) != want {
		tb.Fatalf("%d files match %s, want %d", len(m), pattern, want)
	}
	var names []string
	for _, f := range m {
		r, err := filepath.Rel(root, f)
		if err != nil {
			tb.Fatal(err)
		}
		names = append(names, filepath.ToSlash(r))
	}
	return names
}
