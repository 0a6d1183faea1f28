package msgraph

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/testdata/outside"
)

// TestTypesByReference holds the table of types against the list that was taken
// from Microsoft's SDKs.
func TestTypesByReference(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(outside.Corpus(t), "..", "reference", "graph-types.json"))
	if err != nil {
		t.Fatal(err)
	}
	var reference struct {
		Types []struct {
			Name, Group, Collection string
			Versions                []string
		}
	}
	if err := json.Unmarshal(text, &reference); err != nil {
		t.Fatal(err)
	}
	groups := map[string]Kind{
		"trusted-root": Trusted, "imported-pfx": Imported, "user-pfx": Record,
		"email": MailProfile, "scep": SCEP, "pkcs": PKCS,
		"app-configuration": App, "derived-credential": Derived,
		// What is only a part of these, or only a base.
		"base": 0, "certificate-base": 0, "assignment": 0, "assignment-target": 0, "supporting": 0,
	}
	counts := map[Kind]int{}
	for _, want := range reference.Types {
		kind, ok := groups[want.Group]
		if !ok {
			t.Errorf("%s is of a group that is not known: %s", want.Name, want.Group)
		}
		got := Find("#microsoft.graph." + want.Name)
		if kind == 0 {
			if got != nil {
				t.Errorf("%s is no object of a roll-out", want.Name)
			}
			continue
		}
		counts[kind]++
		list := want.Collection[strings.LastIndexByte(want.Collection, '/')+1:]
		if got == nil || *got != (Type{Kind: kind, Name: want.Name, List: list, V1: slices.Contains(want.Versions, "v1.0")}) {
			t.Errorf("%s: %+v, list %s, versions %v", want.Name, got, list, want.Versions)
		}
	}
	total := 0
	for _, n := range counts {
		total += n
	}
	if total != len(types) || counts[Trusted] != 10 || counts[Imported] != 8 || counts[MailProfile] != 11 {
		t.Errorf("%d types of %d: %v", total, len(types), counts)
	}
}

// TestKinds holds that each kind has a word, and each type is found by its name in
// any case.
func TestKinds(t *testing.T) {
	words := map[string]bool{}
	for _, known := range types {
		words[known.Kind.String()] = true
		if got := Find("microsoft.graph." + strings.ToUpper(known.Name)); got == nil || *got != known {
			t.Errorf("%s is not found", known.Name)
		}
	}
	if len(words) != 8 || words[Kind(0).String()] {
		t.Errorf("%v", words)
	}

}
