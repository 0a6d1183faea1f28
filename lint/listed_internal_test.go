package lint

import (
	"strings"
	"testing"
)

// TestListed holds that a list is cut behind the last value that a message lists.
func TestListed(t *testing.T) {
	for n, want := range map[int]string{0: "", 1: "a", maxListed: strings.Repeat("a, ", maxListed-1) + "a", maxListed + 1: strings.Repeat("a, ", maxListed) + "…"} {
		if got := listed(strings.Split(strings.Repeat("a", n), "")); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}
