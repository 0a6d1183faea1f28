package sst

import (
	"os"
	"path/filepath"
	"testing"
)

// required fails the test under CI, and skips it elsewhere.
func required(tb testing.TB, format string, args ...any) {
	tb.Helper()
	if os.Getenv("CI") != "" {
		tb.Fatalf(format, args...)
	}
	tb.Skipf(format, args...)
}

// corpus returns a file of the shared corpus.
func corpus(tb testing.TB, name string) []byte {
	tb.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "shared", "corpus", "sst", filepath.FromSlash(name)))
	if err != nil {
		required(tb, "corpus is absent: %v", err)
	}
	return b
}

// corpusFiles lists the corpus files that match a pattern, and fails unless
// there are want of them.
func corpusFiles(tb testing.TB, pattern string, want int) []string {
	tb.Helper()
	root := filepath.Join("..", "..", "shared", "corpus", "sst")
	if _, err := os.Stat(root); err != nil {
		required(tb, "corpus is absent: %v", err)
	}
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
