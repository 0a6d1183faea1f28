package catalog

import (
	"sync"
	"testing"

	"github.com/smimechain/smimechain/chain"
)

// TestConcurrentUse asks one catalogue from many goroutines at once, for the
// race detector.
func TestConcurrentUse(t *testing.T) {
	mine, err := Parse([]byte(example))
	if err != nil {
		t.Fatal(err)
	}
	both := Default().With(mine)
	want := len(both.Entries())
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for i, e := range both.Entries() {
				if i%40 != 0 && i < want-1 {
					continue
				}
				if found, ok := both.ByFingerprint(e.SHA256); !ok || found.Subject != e.Subject {
					t.Errorf("%s is not found", e.Subject)
				}
				both.ByKeyID(e.KeyID)
				both.Known(chain.DeadEnd{Issuer: e.Subject, KeyID: e.KeyID})
			}
			if n := len(Default().With(mine).Entries()); n != want {
				t.Errorf("%d entries, want %d", n, want)
			}
		})
	}
	group.Wait()
}

// TestHierarchiesDecodedOnce holds that hierarchies, which are asked for with each of
// many files, are not decoded each time.
func TestHierarchiesDecodedOnce(t *testing.T) {
	c := Default()
	if len(c.Hierarchies()) == 0 {
		t.Fatal("none is known")
	}
	if n := testing.AllocsPerRun(10, func() { c.Hierarchies() }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
