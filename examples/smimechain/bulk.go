package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/examples/smimechain/fetch"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
)

// bulk checks files one by one, each as its own collection, and writes a line
// for each in the order of the names. What is held at a time does not depend on
// the number of files, but for the names in one folder.
type bulk struct {
	open    *bundle.Options
	lint    *lint.Options
	client  *fetch.Client // nil without -fetch
	report  *report.Options
	accept  *lint.Baseline // nil without -accept
	workers int            // 0: one for each processor
	bar     progress
}

// outcome is what came of all files.
type outcome struct {
	files  int
	tally  tally
	failed failures
	used   map[int]bool
}

// job is one file on its way from the walk through a worker to the writer.
type job struct {
	name  string
	found bool // in a folder, where other files may lie too
	done  chan struct{}
	line  []byte
	tally tally
	used  []int // acceptances
	err   error
}

// run checks everything that the arguments name and writes to w. It stops at the
// end of a line when the context ends.
func (b *bulk) run(ctx context.Context, names []string, std streams, w io.Writer) (*outcome, error) {
	b.lint.Workers = 1 // files are shared out among workers already
	// What lives is small and the same for every file: collect it less often, for
	// some ten MiB more.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	workers := b.workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	// Workers may run ahead of the writer by the size of the queue.
	queue, work := make(chan *job, 16*workers), make(chan *job)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for j := range work {
				b.check(ctx, j, std)
				close(j.done)
			}
		})
	}
	group.Go(func() {
		defer close(queue)
		defer close(work)
		b.walk(names, func(j *job) bool {
			select {
			case queue <- j:
			case <-ctx.Done():
				return false
			}
			select {
			case work <- j:
				return true
			case <-ctx.Done():
				return false
			}
		})
	})
	out := &outcome{used: map[int]bool{}}
	if err := b.write(ctx, queue, w, out); err != nil {
		// Workers are not waited for: one may be reading from a pipe that nobody
		// writes to.
		return nil, err
	}
	group.Wait()
	return out, nil
}

// write writes the lines in the order of the queue.
func (b *bulk) write(ctx context.Context, queue <-chan *job, w io.Writer, out *outcome) error {
	buffer := bufio.NewWriterSize(w, 1<<16)
	for j := range queue {
		select {
		case <-j.done:
		case <-ctx.Done():
			return errors.Join(buffer.Flush(), errInterrupted)
		}
		if ctx.Err() != nil {
			return errors.Join(buffer.Flush(), errInterrupted)
		}
		out.add(j)
		b.bar.add(1)
		// Whole lines only, so that a reader never waits for half of one.
		if buffer.Available() < len(j.line) {
			if err := buffer.Flush(); err != nil {
				return err
			}
		}
		if _, err := buffer.Write(j.line); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return errors.Join(buffer.Flush(), errInterrupted)
	}
	return buffer.Flush()
}

func (o *outcome) add(j *job) {
	o.files++
	o.tally.join(j.tally)
	for _, i := range j.used {
		o.used[i] = true
	}
	if j.err != nil {
		o.failed.add(j.err)
	}
}

// walk gives every file of the arguments to yield, folders in the order of their
// names, until yield returns false. It reads one folder after the other, and of
// each the names alone.
func (b *bulk) walk(names []string, yield func(*job) bool) {
	b.bar.expect(len(names))
	for _, name := range names {
		if info, err := os.Stat(name); name != "-" && err == nil && info.IsDir() {
			b.bar.expect(-1)
			if !b.walkDir(name, yield) {
				return
			}
			continue
		}
		if !yield(&job{name: name, done: make(chan struct{})}) {
			return
		}
	}
}

func (b *bulk) walkDir(dir string, yield func(*job) bool) bool {
	names, err := namesIn(dir)
	if err != nil {
		return yield(&job{name: dir, done: make(chan struct{}), err: err})
	}
	b.bar.expect(len(names))
	for _, name := range names {
		name = filepath.Join(dir, name)
		// Links are not followed: they might lead round in a circle.
		if info, err := os.Lstat(name); err == nil && info.IsDir() {
			b.bar.expect(-1)
			if !b.walkDir(name, yield) {
				return false
			}
			continue
		}
		if !yield(&job{name: name, found: true, done: make(chan struct{})}) {
			return false
		}
	}
	return true
}

// namesIn returns the names in a folder, sorted.
func namesIn(dir string) ([]string, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	names, err := f.Readdirnames(-1)
	slices.Sort(names)
	return names, errors.Join(err, f.Close())
}

// check reads and judges one file and renders its line.
func (b *bulk) check(ctx context.Context, j *job, std streams) {
	r, err := b.judge(ctx, j, std)
	if err != nil {
		unrecognized, ok := errors.AsType[*bundle.UnrecognizedError](err)
		why := say.Message{Format: "%s", Args: []any{err.Error()}}
		switch {
		case ok && j.found:
			why = notRecognized(unrecognized)
		case j.found && errors.Is(err, lint.ErrNothingToCheck):
		default:
			j.err = err
		}
		r = &lint.Report{Time: b.lint.Time.UTC(), NotChecked: []lint.NotChecked{{What: nameOnly(j.name), Why: why}}}
	}
	if b.accept != nil {
		j.used = b.accept.Apply(r)
	}
	j.tally.add(r)
	var line bytes.Buffer
	if err := b.report.NDJSON(&line, r); err != nil {
		j.err = errors.Join(j.err, err)
	}
	j.line = line.Bytes()
}

func (b *bulk) judge(ctx context.Context, j *job, std streams) (*lint.Report, error) {
	f, err := b.read(ctx, j, std)
	if err != nil {
		return nil, err
	}
	j.err = join(append(unusableLists([]*bundle.File{f}), closed(f)...))
	return lint.Run(ctx, []*bundle.File{f}, b.lint)
}

func (b *bulk) read(ctx context.Context, j *job, std streams) (*bundle.File, error) {
	switch {
	case j.err != nil:
		return nil, j.err
	case j.name == "-":
		return b.open.Read(ctx, "-", std.in)
	case j.found:
		info, err := os.Lstat(j.name)
		if err != nil {
			return nil, err
		}
		if !info.Mode().IsRegular() {
			return nil, &bundle.UnrecognizedError{Name: j.name, Why: "not a regular file"}
		}
	}
	return b.open.ReadFile(ctx, j.name)
}

// checkEach is check with each file as its own collection.
func (b *bulk) checkEach(ctx context.Context, args []string, password *passwordFlags, failOn *levelFlag, out string, force bool, std streams) (int, error) {
	names, err := expandAll(args)
	if err != nil {
		return 0, err
	}
	if len(names) == 0 {
		return 0, errNoFile
	}
	if b.open, err = password.options(names, std); err != nil {
		return 0, err
	}
	if b.lint.Time.IsZero() {
		b.lint.Time = time.Now() // one moment for all
	}
	if err := join(unusableLists(b.lint.With)); err != nil {
		return 0, err
	}
	b.lint.Revocation = fetchedLists(b.client)
	b.bar = newProgress(std, out)
	var result *outcome
	err = renderTo(std, out, force, func(w io.Writer) (err error) {
		if result, err = b.run(ctx, names, std, w); err != nil {
			return err
		}
		return b.review(result, w)
	})
	b.bar.finish()
	if err != nil {
		return 0, err
	}
	if result.files == 0 {
		return 0, say.Errorf("%w: no file", lint.ErrNothingToCheck)
	}
	if err := result.failed.err(); err != nil {
		return 0, err
	}
	return failOn.statusOf(&result.tally, len(b.lint.Targets) > 0), nil
}

// review writes a last line with what is to be said of the baseline itself.
func (b *bulk) review(result *outcome, w io.Writer) error {
	if b.accept == nil {
		return nil
	}
	r := &lint.Report{Time: b.lint.Time.UTC(), Findings: b.accept.Review(b.lint.Time, result.used)}
	if len(r.Findings) == 0 {
		return nil
	}
	result.tally.add(r)
	return b.report.NDJSON(w, r)
}
