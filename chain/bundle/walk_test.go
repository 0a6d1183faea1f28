package bundle_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
)

// tree writes files, and folders where a name ends in a slash, and returns the
// folder that they are in.
func tree(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	data := read(t, "example/leaf.pem")
	for _, name := range names {
		path := filepath.Join(dir, filepath.FromSlash(name))
		folder := filepath.Dir(path)
		if strings.HasSuffix(name, "/") {
			folder = path
		}
		if err := os.MkdirAll(folder, 0o777); err != nil {
			t.Fatal(err)
		}
		if folder != path {
			if err := os.WriteFile(path, data, 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

// TestWalkOrder holds that a walk gives what is below its names in their order, and
// counts down what is still to come.
func TestWalkOrder(t *testing.T) {
	dir := tree(t, "b.pem", "a/2.pem", "a/10.pem", "a/empty/", "a.pem", "c/deep/er/x", "single")
	in := func(names ...string) []string {
		for i, name := range names {
			names[i] = filepath.Join(dir, filepath.FromSlash(name))
		}
		return names
	}
	var got []string
	pending := 0
	for s, err := range new(bundle.Options).Walk(t.Context(), in("single", "c", "absent", ".", "b.pem")...) {
		if err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		pending = s.Pending
		folder := ""
		switch len(got) {
		case 1:
			folder = filepath.Join(dir, "c")
		case 3, 4, 5, 6, 7, 8:
			folder = dir
		}
		got = append(got, s.Name)
		f, err := s.Read(t.Context())
		if strings.HasSuffix(s.Name, "absent") {
			if !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s: %v", s.Name, err)
			}
		} else if err != nil || len(f.Certificates) != 1 || f.Name != s.Name || f.Folder != folder || s.Folder != folder {
			t.Errorf("%s in %q, want %q: %+v, %v", s.Name, s.Folder, folder, f, err)
		}
	}
	want := in("single", "c/deep/er/x", "absent", "a/2.pem", "a/10.pem", "a.pem", "b.pem", "c/deep/er/x", "single", "b.pem")
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if pending != 0 {
		t.Errorf("%d names pending after the last", pending)
	}
	// The names that are known grow with each folder that is come to.
	var known []int
	for s := range new(bundle.Options).Walk(t.Context(), in("a", "single")...) {
		known = append(known, s.Pending)
	}
	if want := []int{3, 2, 0}; !slices.Equal(known, want) {
		t.Errorf("pending %v, want %v", known, want)
	}
}

// TestWalkLikeReadDir holds that a folder gives what ReadDir makes of it.
func TestWalkLikeReadDir(t *testing.T) {
	dir := filepath.Join("..", "..", "testdata")
	files, skipped, err := new(bundle.Options).ReadDir(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for s, err := range (*bundle.Options)(nil).Walk(t.Context(), dir) {
		if err != nil {
			t.Fatal(err)
		}
		switch f, err := s.Read(t.Context()); {
		case err == nil && len(files) > 0 && f.Name == files[0].Name && f.Folder == files[0].Folder && f.Format == files[0].Format:
			files = files[1:]
		case err != nil && len(skipped) > 0 && s.Name == skipped[0].Name && err.Error() == skipped[0].Err.Error():
			skipped = skipped[1:]
		default:
			t.Errorf("%s: %v", s.Name, err)
		}
	}
	if len(files)+len(skipped) > 0 {
		t.Errorf("left over: %d files, %d skipped", len(files), len(skipped))
	}
}

// TestWalkLinks holds that links in a folder are passed over, and one that is given
// is followed.
func TestWalkLinks(t *testing.T) {
	dir := tree(t, "a/x.pem")
	for name, to := range map[string]string{"a/file": "x.pem", "a/round": "..", "a/dangling": "gone", "given": "a"} {
		link := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.Symlink(to, link); err != nil {
			t.Skip("no links here: ", err)
		}
		if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			t.Skip("links are not seen as links here: ", err) // Wine
		}
	}
	for _, given := range []string{"a", "given"} {
		var got []string
		for s, err := range new(bundle.Options).Walk(t.Context(), filepath.Join(dir, given)) {
			_, readErr := s.Read(t.Context())
			u, ok := errors.AsType[*bundle.UnrecognizedError](readErr)
			got = append(got, filepath.Base(s.Name))
			if link := filepath.Base(s.Name) != "x.pem"; err != nil || ok != link || ok && u.Reason().String() != "not a certificate file: not a regular file" {
				t.Errorf("%s: %v, %v", s.Name, err, readErr)
			}
		}
		if want := []string{"dangling", "file", "round", "x.pem"}; !slices.Equal(got, want) {
			t.Errorf("%s: %v", given, got)
		}
	}
}

// TestWalkEnds holds that a walk ends with its context, and says so, and with the
// loop.
func TestWalkEnds(t *testing.T) {
	dir := tree(t, "a", "b/1", "c")
	for at, name := range []string{"", "a", "1", "c"} {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if at == 0 {
			cancel()
		}
		var errs []error
		last := ""
		for s, err := range new(bundle.Options).Walk(ctx, dir, dir) {
			errs, last = append(errs, err), s.Name
			if filepath.Base(s.Name) == name {
				cancel()
			}
		}
		if len(errs) != at+1 || !errors.Is(errs[at], context.Canceled) || last == "" {
			t.Errorf("cancelled after %q: %v, the last is %s", name, errs, last)
		}
		seen := 0
		for range new(bundle.Options).Walk(t.Context(), dir, dir) {
			if seen++; seen > at {
				break
			}
		}
		if seen != at+1 {
			t.Errorf("%d files before the loop was left", seen)
		}
	}
	for s, err := range new(bundle.Options).Walk(t.Context()) {
		t.Errorf("no name gives %+v, %v", s, err)
	}
}

// TestWalkMemory holds that a walk keeps nothing of the files behind it.
func TestWalkMemory(t *testing.T) {
	const folders, files = 40, 100
	var names []string
	for i := range folders * files {
		names = append(names, fmt.Sprintf("%02d/%s%02d", i/files, strings.Repeat("n", 150), i%files))
	}
	dir := tree(t, names...)
	heap := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before, count := heap(), 0
	for range new(bundle.Options).Walk(t.Context(), dir) {
		if count++; count%1000 == 0 {
			if grown := heap() - before; grown > 200<<10 {
				t.Errorf("%d KiB after %d files", grown>>10, count)
			}
		}
	}
	if count != len(names) {
		t.Errorf("%d files", count)
	}
}

// TestSource holds that octets which are at hand are read like a file.
func TestSource(t *testing.T) {
	data := read(t, "collections/complete.sst")
	s := new(bundle.Options).Source("x", data)
	f, err := s.Read(t.Context())
	want, _ := bundle.Parse("x", bytes.Clone(data))
	if err != nil || !reflect.DeepEqual(f, want) || s.Name != "x" {
		t.Errorf("%v, %v", f, err)
	}
	if _, err := (*bundle.Options)(nil).Source("y", nil).Read(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "y: ") {
		t.Errorf("nothing: %v", err)
	}
}
