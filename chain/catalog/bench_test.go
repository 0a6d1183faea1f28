package catalog

import (
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog/internal/table"
)

// BenchmarkOpen is what the first look-up pays besides itself.
func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		if _, err := table.Open(defaultFile); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLookUp is a look-up by key identifier and name, for each entry that it returns.
func BenchmarkLookUp(b *testing.B) {
	entries := Default().Entries()
	i, found := 0, 0
	for b.Loop() {
		e := entries[i*37%len(entries)]
		found += len(Default().claimed(chain.DeadEnd{KeyID: e.KeyID}))
		i++
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(found), "µs/entry")
}

func BenchmarkByFingerprint(b *testing.B) {
	entries := Default().Entries()
	i := 0
	for b.Loop() {
		Default().ByFingerprint(entries[i*37%len(entries)].SHA256)
		i++
	}
}
