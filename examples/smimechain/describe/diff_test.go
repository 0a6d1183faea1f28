package describe_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/examples/smimechain/describe"
	"github.com/smimechain/smimechain/sst"
)

// TestDiff compares a store with itself, with other properties, other certificates, a
// file without properties, and in another order.
func TestDiff(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "testdata", "collections", "complete.sst"))
	if err != nil {
		t.Fatal(err)
	}
	changed := func(change func(s *sst.Store)) []*bundle.File {
		store, err := sst.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		change(store)
		out, err := store.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		f, err := bundle.Parse("x.sst", out)
		if err != nil {
			t.Fatal(err)
		}
		return []*bundle.File{f}
	}
	same := changed(func(*sst.Store) {})
	key := sst.Property{ID: sst.PropKeyProvInfo, Value: []byte("secret")}
	named := func(name string) func(*sst.Store) {
		return func(s *sst.Store) {
			s.Elements[0].Properties = append(slices.Clone(s.Elements[0].Properties), sst.Property{ID: sst.PropFriendlyName, Value: []byte{name[0], 0, 0, 0}})
		}
	}
	plain, err := bundle.Parse("x.cer", same[0].Certificates[0].Raw)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name                          string
		old, next                     []*bundle.File
		removed, added, kept, changed int
		properties                    int // of the first that changed
	}{
		{"same", same, same, 0, 0, 4, 0, 0},
		{"order", same, changed(func(s *sst.Store) { slices.Reverse(s.Elements) }), 0, 0, 4, 0, 0},
		{"a name more", same, changed(named("a")), 0, 0, 4, 1, 1},
		{"another name", changed(named("b")), changed(named("a")), 0, 0, 4, 1, 1},
		{"a name less", changed(named("a")), same, 0, 0, 4, 1, 1},
		{"a key more", same, changed(func(s *sst.Store) {
			s.Elements[0].Properties = append(slices.Clone(s.Elements[0].Properties), key)
			named("a")(s)
		}), 0, 0, 4, 1, 2},
		{"one less, one renamed", same, changed(func(s *sst.Store) { named("a")(s); s.Elements = s.Elements[:3] }), 1, 0, 3, 1, 1},
		{"one more", changed(func(s *sst.Store) { s.Elements = s.Elements[:3] }), same, 0, 1, 3, 0, 0},
		{"no properties", changed(named("a")), []*bundle.File{plain}, 3, 0, 1, 0, 0},
		{"nothing", same, nil, 4, 0, 0, 0, 0},
	} {
		d := describe.NewDiff(tt.old, tt.next)
		if len(d.Removed) != tt.removed || len(d.Added) != tt.added || d.Kept != tt.kept || len(d.Changed) != tt.changed {
			t.Errorf("%s: %d removed, %d added, %d kept, %d changed", tt.name, len(d.Removed), len(d.Added), d.Kept, len(d.Changed))
			continue
		}
		if d.Same() != (tt.removed+tt.added+tt.changed == 0) {
			t.Errorf("%s: the same: %v", tt.name, d.Same())
		}
		if tt.changed > 0 && len(d.Changed[0].Properties) != tt.properties {
			t.Errorf("%s: %v", tt.name, d.Changed[0])
		}
		out, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var back describe.Diff
		if err := json.Unmarshal(out, &back); err != nil || back.Version != describe.DiffVersion || back.Kept != tt.kept {
			t.Errorf("%s: read back as %+v: %v", tt.name, back, err)
		}
		if bytes.Contains(out, []byte("secret")) || bytes.Contains(out, []byte("null")) && tt.changed == 0 {
			t.Errorf("%s: %s", tt.name, out)
		}
	}
}
