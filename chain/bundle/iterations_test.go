package bundle

import (
	"os"
	"path/filepath"
	"testing"
)

// TestIterationsOfOneFile: all identities in one file share a budget, so that a
// thousand of them do not take a thousand times the longest of times.
func TestIterationsOfOneFile(t *testing.T) {
	pfx, err := os.ReadFile(filepath.Join("..", "..", "testdata", "pfx", "modern-without-root.pfx"))
	if err != nil {
		t.Fatal(err)
	}
	password := "example-lemon-orbit-velvet"
	f := &reading{File: new(File), ctx: t.Context(), limits: Limits{}.withDefaults()}
	r := f.inspect(&password, pfx)
	each := r.Iterations
	if each == 0 || f.iterations != each || r.Has("total_iterations_limit") {
		t.Fatalf("%d iterations, %d counted", each, f.iterations)
	}
	f.iterations = maxIterations - each - 1
	for i, over := range []bool{false, true, true} {
		if r := f.inspect(&password, pfx); r.Has("total_iterations_limit") != over {
			t.Errorf("identity %d: over the limit %t, want %t", i, !over, over)
		}
	}
	if f.iterations > maxIterations {
		t.Errorf("%d iterations", f.iterations)
	}
}
