//go:build !race

package chain

import "testing"

// skipUnderRace skips a test that takes long, and would tell the race detector
// nothing that others do not.
func skipUnderRace(*testing.T) {}
