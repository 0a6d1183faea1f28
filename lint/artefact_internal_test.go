package lint

import (
	"slices"
	"testing"
)

// TestAlgorithms holds how a list of algorithms in the settings of OWA is split.
func TestAlgorithms(t *testing.T) {
	for list, want := range map[string][]string{
		"":                        nil,
		" ; ":                     nil,
		"6610":                    {"6610"},
		"6602:128;6603":           {"6602", "6603"},
		"6602:128; 6603 660e":     {"6602", "6603", "660E"},
		"800C,1.2.840.113549.1.9": {"800C"},
		"6602:128,1.2;6603:64":    {"6602", "6603"},
		"6602\t6603":              {"6602\t6603"},
	} {
		if got := algorithms(list); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", list, got, want)
		}
	}
}
