package lint

import (
	"regexp"
	"testing"

	zlint "github.com/zmap/zlint/v3/lint"
)

// TestKeeps holds which lints pass a filter, as those of zlint itself do.
func TestKeeps(t *testing.T) {
	l := &zlint.CertificateLint{LintMetadata: zlint.LintMetadata{Name: "e_one", Source: zlint.RFC5280}}
	for _, tt := range []struct {
		name string
		opts zlint.FilterOptions
		want bool
	}{
		{"nothing", zlint.FilterOptions{}, true},
		{"its source", zlint.FilterOptions{IncludeSources: zlint.SourceList{zlint.RFC3279, zlint.RFC5280}}, true},
		{"another source", zlint.FilterOptions{IncludeSources: zlint.SourceList{zlint.RFC3279}}, false},
		{"without its source", zlint.FilterOptions{ExcludeSources: zlint.SourceList{zlint.RFC5280}}, false},
		{"without another source", zlint.FilterOptions{ExcludeSources: zlint.SourceList{zlint.RFC3279}}, true},
		{"its name", zlint.FilterOptions{IncludeNames: []string{"e_one", "e_two"}}, true},
		{"another name", zlint.FilterOptions{IncludeNames: []string{"e_two"}}, false},
		{"without its name", zlint.FilterOptions{ExcludeNames: []string{"e_one"}}, false},
		{"without another name", zlint.FilterOptions{ExcludeNames: []string{"e_two"}}, true},
		{"names like it", zlint.FilterOptions{NameFilter: regexp.MustCompile("^e_o")}, true},
		{"other names", zlint.FilterOptions{NameFilter: regexp.MustCompile("^w_")}, false},
	} {
		if got := keeps(tt.opts, l); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
}
