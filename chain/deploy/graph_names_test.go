package deploy

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/testdata/outside"
)

// graphReference is the list of types that was taken from Microsoft's SDKs.
type graphReference struct {
	Types []struct {
		Name, Base string
		Properties []struct{ Name, Kind, Of string }
	}
	Enums []struct {
		Name    string
		Members []string
	}
}

// properties returns the names of the properties of a type, and of its bases, with the
// members of enumerations.
func (r *graphReference) properties(name string) map[string][]string {
	found := map[string][]string{}
	for name != "" {
		at := slices.IndexFunc(r.Types, func(t struct {
			Name, Base string
			Properties []struct{ Name, Kind, Of string }
		}) bool {
			return t.Name == name
		})
		if at < 0 {
			return found
		}
		for _, p := range r.Types[at].Properties {
			found[p.Name] = nil
			for _, e := range r.Enums {
				if p.Kind == "enum" && e.Name == p.Of {
					found[p.Name] = e.Members
				}
			}
		}
		name = r.Types[at].Base
	}
	return found
}

// TestGraphNames holds that bodies have only names that their type has, and words that
// enumerations have, and that macOS is told the channel.
func TestGraphNames(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(outside.Corpus(t), "..", "reference", "graph-types.json"))
	if err != nil {
		t.Fatal(err)
	}
	var reference graphReference
	if err := json.Unmarshal(text, &reference); err != nil {
		t.Fatal(err)
	}
	outputs, err := IntuneTrusted(pack(t, "collections/complete.sst"), &IntuneTrustedOptions{Platforms: allPlatforms()})
	if err != nil {
		t.Fatal(err)
	}
	imported, err := IntunePFX(&Import{UPN: testAddress, PFX: testPFX(t, bothUsages, testPassword), Password: testPassword, Purpose: SMIMESigning},
		&Connector{Key: &generate(t, 2048).PublicKey, Provider: "Provider", KeyName: "Key"}, today)
	if err != nil {
		t.Fatal(err)
	}
	outputs = append(outputs, *imported)
	n := 0
	for _, o := range outputs {
		if !strings.HasSuffix(o.Name, ".json") {
			continue
		}
		n++
		var body map[string]any
		if err := json.Unmarshal(o.Data, &body); err != nil {
			t.Fatal(err)
		}
		kind := strings.TrimPrefix(body["@odata.type"].(string), "#microsoft.graph.")
		known := reference.properties(kind)
		if len(known) == 0 {
			t.Errorf("%s: type %s", o.Name, kind)
		}
		for name, value := range body {
			members, ok := known[name]
			if !ok && name != "@odata.type" {
				t.Errorf("%s: %s has no %s", o.Name, kind, name)
			}
			if word, _ := value.(string); members != nil && !slices.Contains(members, word) {
				t.Errorf("%s: %s is %s", o.Name, name, word)
			}
		}
		if _, has := known["deploymentChannel"]; has != (body["deploymentChannel"] != nil) {
			t.Errorf("%s: deploymentChannel %v", o.Name, body["deploymentChannel"])
		}
	}
	if n < len(allPlatforms())+1 {
		t.Errorf("%d bodies", n)
	}
}
