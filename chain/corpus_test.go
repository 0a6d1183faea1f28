package chain

import (
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"
)

// corpus returns the path of a file of the corpus, and skips the test if
// there is no corpus.
func corpus(tb testing.TB, name ...string) string {
	tb.Helper()
	path := filepath.Join(append([]string{"..", "..", "shared", "corpus"}, name...)...)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") != "" {
			tb.Fatalf("the corpus is required: %v", err)
		}
		tb.Skipf("no corpus: %v", err)
	}
	return path
}

func readPEM(tb testing.TB, path string) []*Certificate {
	tb.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	var out []*Certificate
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return out
		}
		out = append(out, ParseCertificate(block.Bytes))
	}
}

// sectigo returns one certificate of the genuine chain.
func sectigo(tb testing.TB, name string) *Certificate {
	tb.Helper()
	return readPEM(tb, corpus(tb, "sectigo", name+".pem"))[0]
}
