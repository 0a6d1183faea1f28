//go:build race

package lint_test

import "testing"

func skipUnderRace(t *testing.T) {
	t.Helper()
	t.Skip("the race detector makes it ten times slower: it runs without")
}
