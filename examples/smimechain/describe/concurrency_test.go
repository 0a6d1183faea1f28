package describe_test

import (
	"bytes"
	"sync"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/examples/smimechain/describe"
)

// TestConcurrent asks one pool from many goroutines: each gets the same report, but
// for the signatures that nobody had checked before.
func TestConcurrent(t *testing.T) {
	pool, err := describe.NewPool(read(t, "example/leaf.pem"), read(t, "collections/complete.sst"))
	if err != nil {
		t.Fatal(err)
	}
	reports := make([][]byte, 16)
	var wg sync.WaitGroup
	for i := range reports {
		wg.Go(func() {
			result, err := pool.Build(t.Context(), time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), nil)
			if err != nil {
				t.Error(err)
				return
			}
			r := pool.Paths(result, nil, catalog.Default())
			r.Signatures = 0
			reports[i] = encode(t, r)
		})
	}
	wg.Wait()
	for _, r := range reports {
		if !bytes.Equal(r, reports[0]) {
			t.Errorf("got:\n%s\nwant:\n%s", r, reports[0])
		}
	}
}
