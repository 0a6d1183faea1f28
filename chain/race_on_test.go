//go:build race

package chain

import "testing"

func skipUnderRace(t *testing.T) {
	t.Helper()
	t.Skip("the race detector makes it ten times slower: it runs without")
}
