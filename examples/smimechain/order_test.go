package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/sst"
	"github.com/smimechain/smimechain/testdata/outside"
)

// permutations calls f with every order of n things.
func permutations(n int, f func([]int)) {
	order := make([]int, 0, n)
	var next func()
	next = func() {
		if len(order) == n {
			f(order)
			return
		}
		for i := range n {
			if !slices.Contains(order, i) {
				order = append(order, i)
				next()
				order = order[:len(order)-1]
			}
		}
	}
	next()
}

// TestOrderOfArguments: what is made of a set of certificates is the same, octet for
// octet, whatever the order of the files that they come from, how often each is there,
// what else is said of it there, and whether it lies in a folder.
func TestOrderOfArguments(t *testing.T) {
	outside.SkipUnderRace(t)
	sectigo := testFileIn(t, "sectigo")
	store := testFileIn(t, "collections/complete.sst")
	t.Chdir(t.TempDir())
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.CopyFS("folder", os.DirFS(sectigo)))
	pems, err := filepath.Glob("folder/*.pem")
	must(err)
	data, err := os.ReadFile(store)
	must(err)
	s, err := sst.Parse(data)
	must(err)
	for i := range s.Elements {
		s.Elements[i].Properties = append(slices.Clone(s.Elements[i].Properties), sst.Property{ID: sst.PropFriendlyName, Value: []byte{byte('a' + i), 0, 0, 0}})
	}
	slices.Reverse(s.Elements)
	named, err := s.Marshal()
	must(err)
	must(os.WriteFile("store.sst", data, 0o644))
	must(os.WriteFile("named.sst", named, 0o644))
	for _, command := range [][]string{
		{"pack", "-o", "out.sst"}, {"pack", "-o", "out.p7b"}, {"pack", "-o", "out.pem"},
		{"deploy", "exchange", "-o", "out"}, {"deploy", "intune-trusted", "-o", "out"},
	} {
		var want map[string]string
		try := func(files []string) {
			var out, errs bytes.Buffer
			status := run(append(slices.Concat(command, []string{"-at", "2026-11-22"}), files...), streams{out: &out, err: &errs})
			if status > exitFindings {
				t.Fatalf("%v %v: status %d, %s", command, files, status, errs.String())
			}
			got := map[string]string{}
			for name, content := range tree(t, ".") {
				if len(name) > 3 && name[:3] == "out" {
					got[name] = content
				}
			}
			if want == nil {
				want = got
			}
			if !maps.Equal(got, want) {
				t.Errorf("%v %v: other files", command, files)
			}
			must(os.RemoveAll(command[len(command)-1]))
		}
		permutations(3, func(order []int) {
			files := []string{pems[3], "store.sst"}
			for _, i := range order {
				files = append(files, pems[i])
			}
			try(files)
		})
		sources := []string{"folder", "named.sst", "store.sst"}
		permutations(3, func(order []int) {
			files := []string{pems[0]}
			for _, i := range order {
				files = append(files, sources[i], sources[i])
			}
			try(files)
		})
		if len(want) == 0 {
			t.Errorf("%v: nothing was made", command)
		}
	}
}

func testFileIn(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "testdata", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestUnpackCollision unpacks two certificates of one name whose fingerprints begin with
// the same 32 bits, from a store that was made to show it.
func TestUnpackCollision(t *testing.T) {
	data := outside.Read(t, "field/attack", "fingerprint-prefix-collision.sst")
	s, err := sst.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	certificates := map[string]bool{}
	for _, e := range s.Elements {
		certificates[string(e.Raw)] = true
	}
	for _, args := range [][]string{nil, {"-force"}} {
		dir := t.TempDir()
		name := filepath.Join(dir, "in.sst")
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		if status := run(slices.Concat([]string{"unpack", "-d", filepath.Join(dir, "out")}, args, []string{name}), streams{out: &out, err: &errs}); status != exitClean {
			t.Fatalf("status %d, %s", status, errs.String())
		}
		found := 0
		for name, content := range tree(t, filepath.Join(dir, "out")) {
			if certificates[content] {
				found++
			} else if name != "./" {
				t.Errorf("%s is none of them", name)
			}
		}
		if found != len(certificates) || found < 2 {
			t.Errorf("%d of %d certificates", found, len(certificates))
		}
	}
}
