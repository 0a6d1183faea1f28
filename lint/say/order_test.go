package say_test

import (
	"slices"
	"testing"

	"github.com/smimechain/smimechain/lint/say"
)

func TestCompare(t *testing.T) {
	want := []string{
		"", "-1", "0", "00", "01", "1", "1-2", "01a", "1b", "2", "010", "10", "18446744073709551616", "118446744073709551616",
		"CN=User 2", "CN=User 10", "a", "a.pfx", "a01", "a1", "a01.pfx", "a1.pfx", "a2", "a2b1", "a2b12", "a10", "aa", "利用者2", "利用者10",
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, say.Compare)
	// Whatever the library does, every pair stands as in the list: the order is total.
	for i, a := range want {
		for j, b := range want {
			if c := say.Compare(a, b); (c < 0) != (i < j) || (c > 0) != (i > j) {
				t.Errorf("Compare(%q, %q) = %d", a, b, c)
			}
		}
	}
	if t.Failed() {
		t.Logf("sorted: %q", got)
	}
}
