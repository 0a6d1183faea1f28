package lint

import (
	"errors"
	"strings"
	"testing"
)

// TestJSONErrorCut holds that an error is cut where it quotes at length, and no other.
func TestJSONErrorCut(t *testing.T) {
	for n, want := range map[int]int{1: 1, 120: 120, 121: 101} {
		err := jsonError(errors.New(strings.Repeat("a", n)))
		if got := len([]rune(err.Error())); got != want {
			t.Errorf("of %d characters %d are left, want %d", n, got, want)
		}
	}
}
