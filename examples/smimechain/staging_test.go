package main

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/chain/deploy"
)

// tree returns what lies below a folder: the contents of files, by their names, and
// names that end in a slash for folders.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			all[filepath.ToSlash(name)+"/"] = ""
			return nil
		}
		data, err := os.ReadFile(path)
		all[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestWriteAllFails: whatever fails, and wherever, the folder is as it was.
func TestWriteAllFails(t *testing.T) {
	outputs := []deploy.Output{
		{Name: "new/deep/one.cer", Data: []byte("1")}, {Name: "two.cer", Data: []byte("2")},
		{Name: "new/three.pfx", Data: []byte("3"), Secret: true}, {Name: "four.cer", Data: []byte("4")},
	}
	for _, tt := range []struct {
		name  string
		force bool
		// before the files are staged, and between that and their being moved; what
		// is made then is there afterwards too
		before, between func(dir string) error
		stages          bool // all of them
	}{
		{"exists", false, write("four.cer", "theirs"), nil, true},
		{"comes into being meanwhile", false, nil, write("four.cer", "theirs"), true},
		{"the first comes into being meanwhile", false, nil, write("new/deep/one.cer", "theirs"), true},
		{"a folder stands in the place of the last", true, write("two.cer", "old"), mkdir("four.cer"), true},
		{"a folder stands in the place of one between", true, write("four.cer", "old"), mkdir("new/three.pfx"), true},
		{"a file stands in the place of a folder", false, write("new", "theirs"), nil, false},
		{"a file stands in the place of a folder, by force", true, write("new", "theirs"), nil, false},
		{"what was staged is gone", true, write("two.cer", "old"), func(dir string) error {
			names, err := filepath.Glob(filepath.Join(dir, "new", ".smimechain-*"))
			return errors.Join(err, os.Remove(names[0]))
		}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "out")
			want := map[string]string{}
			if err := os.Mkdir(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			if tt.before != nil {
				if err := tt.before(dir); err != nil {
					t.Fatal(err)
				}
			}
			maps.Copy(want, tree(t, dir))
			var s staging
			staged := true
			for _, o := range outputs {
				if err := s.stage(filepath.Join(dir, filepath.FromSlash(o.Name)), o); err != nil {
					staged = false
					break
				}
			}
			if staged != tt.stages {
				t.Errorf("staged: %v", staged)
			}
			if tt.between != nil {
				there := tree(t, dir)
				if err := tt.between(dir); err != nil {
					t.Fatal(err)
				}
				for name, data := range tree(t, dir) {
					if _, ok := there[name]; !ok {
						want[name] = data
						for p := filepath.Dir(name); p != "."; p = filepath.Dir(p) {
							want[filepath.ToSlash(p)+"/"] = ""
						}
					}
				}
			}
			if staged {
				if err := s.commit(t.Context(), tt.force, progress{}); err == nil {
					t.Error("all is in its place")
				}
			}
			s.close()
			if got := tree(t, dir); !maps.Equal(got, want) {
				t.Errorf("the folder holds %v, want %v", got, want)
			}
		})
	}
}

func write(name, data string) func(string) error {
	return func(dir string) error {
		return os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(data), 0o644)
	}
}

func mkdir(name string) func(string) error {
	return func(dir string) error { return os.Mkdir(filepath.Join(dir, filepath.FromSlash(name)), 0o755) }
}

// TestWriteAllInterrupted: an interrupt before, or between two moves, leaves the folder
// as it was, and the folder that was made for the files goes too.
func TestWriteAllInterrupted(t *testing.T) {
	for moved := range 3 {
		parent := t.TempDir()
		dir := filepath.Join(parent, "new")
		var s staging
		for _, name := range []string{"a.cer", "b/c.cer", "d.cer"} {
			if err := s.stage(filepath.Join(dir, filepath.FromSlash(name)), deploy.Output{Data: []byte(name)}); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.commit(&endsAfter{t.Context(), moved}, false, progress{}); !errors.Is(err, errInterrupted) {
			t.Errorf("after %d: %v", moved, err)
		}
		s.close()
		if got := slices.Collect(maps.Keys(tree(t, parent))); len(got) != 1 {
			t.Errorf("after %d: there are %v", moved, got)
		}
	}
}

// endsAfter is a context that ends when it has been asked a number of times.
type endsAfter struct {
	context.Context
	left int
}

func (e *endsAfter) Err() error {
	if e.left--; e.left < 0 {
		return context.Canceled
	}
	return nil
}
