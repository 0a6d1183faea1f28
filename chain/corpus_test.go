package chain

import (
	"encoding/pem"
	"os"
	"testing"

	"github.com/smimechain/smimechain/testdata/outside"
)

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
	return readPEM(tb, outside.Corpus(tb, "sectigo", name+".pem"))[0]
}
