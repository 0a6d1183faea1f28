package describe_test

import (
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/examples/smimechain/describe"
)

// Silence is good only for who asks for that.
func TestOnlyRevoked(t *testing.T) {
	pool, err := describe.NewPool(read(t, "example/leaf.pem"), read(t, "collections/complete.sst"))
	if err != nil {
		t.Fatal(err)
	}
	for want, checker := range map[int]chain.RevocationChecker{0: pool.Lists(), 2: describe.OnlyRevoked(pool.Lists())} {
		result, err := pool.Build(t.Context(), time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), &chain.Options{Revocation: checker})
		if err != nil {
			t.Fatal(err)
		}
		if len(result.Accepted) != want {
			t.Errorf("%d paths are accepted, want %d", len(result.Accepted), want)
		}
	}
}
