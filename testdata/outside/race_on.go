//go:build race

package outside

import "testing"

// SkipUnderRace skips a test that takes long, and would tell the race detector
// nothing that others do not.
func SkipUnderRace(t testing.TB) {
	t.Helper()
	t.Skip("the race detector makes it ten times slower: it runs without")
}
