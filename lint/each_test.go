package lint_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
)

// numbered yields n files, all with the octets of one certificate, and counts those
// that were taken.
func numbered(t testing.TB, n int, taken *atomic.Int64) iter.Seq2[bundle.Source, error] {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(testdata, "example", "leaf.pem"))
	if err != nil {
		t.Fatal(err)
	}
	return func(yield func(bundle.Source, error) bool) {
		for i := range n {
			taken.Add(1)
			if !yield(new(bundle.Options).Source(fmt.Sprint(i), data), nil) {
				return
			}
		}
	}
}

// settled holds that no goroutines are left of those that were started since there
// were so many.
func settled(t *testing.T, before int) {
	t.Helper()
	for range 200 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	stacks := make([]byte, 1<<16)
	t.Errorf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
}

// TestEachLikeRun holds that each file is judged as if it were given alone, in the
// order of the files, with any number of workers.
func TestEachLikeRun(t *testing.T) {
	var password string
	if data, err := os.ReadFile(filepath.Join(testdata, "pfx", "password.txt")); err != nil {
		t.Fatal(err)
	} else {
		password = strings.TrimSuffix(string(data), "\n")
	}
	read := &bundle.Options{Password: &password}
	var want []string
	for s, err := range read.Walk(t.Context(), testdata) {
		if err != nil {
			t.Fatal(err)
		}
		f, err := s.Read(t.Context())
		if err != nil {
			want = append(want, fmt.Sprintf("%s: %v", s.Name, err))
			continue
		}
		f.Folder = "" // given alone
		r, err := lint.Run(t.Context(), []*bundle.File{f}, &lint.Options{Time: today})
		want = append(want, fmt.Sprintf("%s: %v %+v", s.Name, err, r))
	}
	for _, workers := range []int{0, 1, 2, 7} {
		i := 0
		for c, r := range lint.Each(t.Context(), read.Walk(t.Context(), testdata), &lint.Options{Time: today, Workers: workers}) {
			got := fmt.Sprintf("%s: %v %+v", c.Name, c.Err, r)
			if c.File == nil {
				got = fmt.Sprintf("%s: %v", c.Name, c.Err)
			} else if c.File.Name != c.Name || c.File.Folder != testdata {
				t.Errorf("%s: file %s in %s", c.Name, c.File.Name, c.File.Folder)
			}
			if c.Folder != testdata || c.Err != nil && (len(r.NotChecked) != 1 || r.NotChecked[0].What.String() != c.Name || r.Time != today) {
				t.Errorf("%s in %s: %v, %+v", c.Name, c.Folder, c.Err, r)
			}
			if i >= len(want) || got != want[i] {
				t.Fatalf("%d workers, file %d: got\n%s", workers, i, got)
			}
			i++
		}
		if i != len(want) {
			t.Errorf("%d workers: %d files of %d", workers, i, len(want))
		}
	}
}

// TestEachErrors holds that an error in the middle is that of one file, that the
// report says so, and that files of a folder which are none to check are passed over.
func TestEachErrors(t *testing.T) {
	broken := errors.New("the archive is damaged")
	leaf := slices.Collect(firsts(numbered(t, 1, new(atomic.Int64))))[0]
	text := new(bundle.Options).Source("text", []byte("not a certificate"))
	found, nothing := text, leaf
	found.Folder = "folder"
	nothing.Folder = "folder"
	nothing.Read = func(context.Context) (*bundle.File, error) { return &bundle.File{Name: "nothing"}, nil }
	gone := bundle.Source{Name: "gone", Folder: "folder", Read: func(ctx context.Context) (*bundle.File, error) {
		return new(bundle.Options).Read(ctx, "gone", iotest.ErrReader(io.ErrUnexpectedEOF))
	}}
	files := func(yield func(bundle.Source, error) bool) {
		_ = yield(leaf, nil) && yield(bundle.Source{Name: "entry"}, broken) && yield(leaf, nil) && yield(text, nil) &&
			yield(found, nil) && yield(nothing, nil) && yield(gone, nil) && yield(bundle.Source{Name: "none"}, nil) && yield(leaf, nil)
	}
	var got []string
	for c, r := range lint.Each(t.Context(), files, &lint.Options{Time: today, Workers: 3}) {
		why := ""
		if c.Err != nil {
			why = r.NotChecked[0].Why.String()
		}
		got = append(got, fmt.Sprintf("%s|%s|%t|%d", c.Name, why, c.PassedOver(), len(r.Files)))
	}
	want := []string{
		"0||false|1",
		"entry|the archive is damaged|false|0",
		"0||false|1",
		"text|text: not a certificate file: want SST, PEM, DER, PKCS #7 or PFX|false|0",
		"text|not a certificate file: want SST, PEM, DER, PKCS #7 or PFX|true|0",
		"0|nothing to check: nothing holds no certificate|true|0",
		"gone|gone: unexpected EOF|false|0",
		"none|entry 0 of the files is nil|false|0",
		"0||false|1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for range lint.Each(t.Context(), func(func(bundle.Source, error) bool) {}, nil) {
		t.Error("a report on nothing")
	}
	for c := range lint.Each(t.Context(), files, &lint.Options{Targets: []lint.Target{"window"}}) {
		if c.Err == nil {
			t.Errorf("%s is judged for a target that there is not", c.Name)
		}
	}
}

func firsts[A, B any](seq iter.Seq2[A, B]) iter.Seq[A] {
	return func(yield func(A) bool) {
		for a := range seq {
			if !yield(a) {
				return
			}
		}
	}
}

// TestEachHolds holds that no more files are taken than are promised, that leaving
// the loop stops what is at work, and that the files can be ranged over once more.
func TestEachHolds(t *testing.T) {
	before := runtime.NumGoroutine()
	const workers, leave = 2, 5
	for range 2 {
		var taken atomic.Int64
		files := lint.Each(t.Context(), numbered(t, 10_000, &taken), &lint.Options{Time: today, Workers: workers})
		if taken.Load() != 0 {
			t.Error("files are taken before they are asked for")
		}
		seen := 0
		for c := range files {
			if c.Name != fmt.Sprint(seen) || c.Err != nil {
				t.Fatalf("file %d is %s, %v", seen, c.Name, c.Err)
			}
			seen++
			time.Sleep(20 * time.Millisecond) // the workers run ahead
			if ahead := taken.Load() - int64(seen); ahead > lint.MaxAhead*workers+1 {
				t.Errorf("%d files are held beyond the one whose turn it is", ahead)
			}
			if seen == leave {
				break
			}
		}
		settled(t, before)
	}
	for range lint.Each(t.Context(), numbered(t, 50, new(atomic.Int64)), nil) {
	}
	settled(t, before)
}

// TestEachCancelled ends the context while a file is being read or judged, while the
// next one is being waited for, and before the start: the loop ends though nothing is
// released, and says so.
func TestEachCancelled(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, where := range []string{"read", "judge", "files", "start"} {
		t.Run(where, func(t *testing.T) {
			t.Logf("the loop ends %v after its context", cancelEach(t, where))
		})
	}
	settled(t, before)
}

// cancelEach returns how long a loop lasts after its context has ended at the fourth
// file.
func cancelEach(t *testing.T, where string) time.Duration {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	reached, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	wait := func() {
		close(reached)
		<-release
	}
	files := func(yield func(bundle.Source, error) bool) {
		for s := range numbered(t, 100, new(atomic.Int64)) {
			if s.Name == "3" && where == "files" {
				wait() // for a queue that is empty
			}
			if s.Name == "3" && where == "read" {
				s.Read = func(context.Context) (*bundle.File, error) {
					wait() // for a pipe that nobody writes to
					return nil, io.EOF
				}
			}
			if !yield(s, nil) {
				return
			}
		}
	}
	opts := &lint.Options{Time: today, Workers: 2}
	if where == "judge" {
		var once sync.Once
		opts.Rules = []lint.Rule{{Name: "n_slow", Run: func(p *lint.Pass) error {
			if p.Collection.Files[0].Name == "3" {
				once.Do(func() { close(reached) })
				<-p.Context.Done()
			}
			return p.Context.Err()
		}}}
	}
	var ended time.Time
	end := func() {
		ended = time.Now()
		cancel()
	}
	if where == "start" {
		end()
	}
	var names []string
	var last error
	for c, r := range lint.Each(ctx, files, opts) {
		names, last = append(names, c.Name), c.Err
		if (c.Err == nil) != (len(r.Files) == 1) {
			t.Errorf("%s: %v, %d files", c.Name, c.Err, len(r.Files))
		}
		if len(names) == 3 {
			go func() {
				<-reached
				end()
			}()
		}
	}
	took := time.Since(ended)
	want := []string{"0", "1", "2", "3"}
	switch where {
	case "files":
		want[3] = ""
	case "start":
		want = names[:1] // there or not, but nothing behind it
	}
	if !slices.Equal(names, want) || !errors.Is(last, context.Canceled) {
		t.Errorf("%q, %v", names, last)
	}
	return took
}

// TestEachEnds holds that a context which ends after the last file changes nothing.
func TestEachEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	seen, end := 0, make(chan struct{})
	files := func(yield func(bundle.Source, error) bool) {
		defer close(end)
		numbered(t, 3, new(atomic.Int64))(yield)
	}
	for c := range lint.Each(ctx, files, &lint.Options{Time: today}) {
		if seen++; c.Err != nil {
			t.Error(c.Err)
		}
		if c.Name == "2" {
			<-end
			time.Sleep(20 * time.Millisecond) // until that is seen
			cancel()
		}
	}
	if seen != 3 {
		t.Errorf("%d files", seen)
	}
}

// TestEachWaitsForNoNext holds that a report is there before the next file is: who
// takes files from a queue acknowledges one before the other.
func TestEachWaitsForNoNext(t *testing.T) {
	next := make(chan struct{}, 1)
	files := func(yield func(bundle.Source, error) bool) {
		for s := range numbered(t, 20, new(atomic.Int64)) {
			if !yield(s, nil) {
				return
			}
			<-next
		}
	}
	seen := 0
	for c := range lint.Each(t.Context(), files, &lint.Options{Time: today}) {
		if seen++; c.Err != nil {
			t.Fatal(c.Err)
		}
		next <- struct{}{}
	}
	if seen != 20 {
		t.Errorf("%d files", seen)
	}
}

// TestEachAs holds that what is made of reports is made by the workers, and comes in
// the order of the files.
func TestEachAs(t *testing.T) {
	var at, most atomic.Int64
	i := 0
	for name := range lint.EachAs(t.Context(), numbered(t, 40, new(atomic.Int64)), &lint.Options{Time: today, Workers: 4}, func(c lint.Checked, r *lint.Report) string {
		most.Store(max(most.Load(), at.Add(1)))
		defer at.Add(-1)
		time.Sleep(time.Duration(len(c.Name)%3) * time.Millisecond)
		return r.Files[0].Name
	}) {
		if name != fmt.Sprint(i) {
			t.Fatalf("result %d is about %s", i, name)
		}
		i++
	}
	if i != 40 || most.Load() < 2 || most.Load() > 4 {
		t.Errorf("%d results, %d at the same time", i, most.Load())
	}
}

// TestEachClock holds that all files are judged at one moment.
func TestEachClock(t *testing.T) {
	var moments []time.Time
	for c, r := range lint.Each(t.Context(), numbered(t, 5, new(atomic.Int64)), nil) {
		if c.Err != nil || r.Time.IsZero() {
			t.Error(c.Err, r.Time)
		}
		moments = append(moments, r.Time)
	}
	if len(slices.Compact(moments)) != 1 {
		t.Errorf("moments %v", moments)
	}
}
