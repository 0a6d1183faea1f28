package deploy

import (
	"slices"
	"testing"

	"github.com/smimechain/smimechain/pkcs12"
)

// TestRewriteTargets holds that every name stands for a program that PFX files are judged
// for, those of the programs for themselves, and no other name for any.
func TestRewriteTargets(t *testing.T) {
	var known []pkcs12.Importer
	for _, info := range pkcs12.Importers() {
		known = append(known, info.Importer)
		if got, err := RewriteTarget(string(info.Importer)); err != nil || got != info.Importer {
			t.Errorf("%s: %s, %v", info.Importer, got, err)
		}
	}
	names := RewriteTargets()
	if len(names) <= len(known) {
		t.Errorf("%d names of %d programs", len(names), len(known))
	}
	for _, name := range names {
		if got, err := RewriteTarget(name); err != nil || !slices.Contains(known, got) {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
	for _, name := range []string{"", "windows-3.11"} {
		if got, err := RewriteTarget(name); err == nil {
			t.Errorf("%q: %s", name, got)
		}
	}
}
