package main

import (
	"bufio"
	"context"
	"io"
	"iter"
	"os"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// files returns the files that a name stands for: those of a folder or an archive, the
// lines of a file where -lines says so, or the one file.
func (b *bulk) files(ctx context.Context, name string, std streams) iter.Seq2[bundle.Source, error] {
	if name != "-" && !b.lines && !isTar(name) {
		return b.open.Walk(ctx, name)
	}
	return func(yield func(bundle.Source, error) bool) {
		in := std.in
		if name != "-" {
			file, err := os.Open(name)
			if err != nil && b.lines {
				yield(bundle.Source{}, err) // there is no line to answer
				return
			}
			if err != nil {
				yield(bundle.Source{Name: name}, err)
				return
			}
			defer file.Close()
			in = file
		}
		for s, err := range b.contents(ctx, name, in) {
			if !yield(s, err) {
				return
			}
		}
	}
}

// contents returns the files in what is read.
func (b *bulk) contents(ctx context.Context, name string, in io.Reader) iter.Seq2[bundle.Source, error] {
	if b.lines {
		return b.open.Lines(ctx, in)
	}
	// Not before it is its turn: standard input may have nothing yet.
	return func(yield func(bundle.Source, error) bool) {
		r := bufio.NewReaderSize(in, headOfTar)
		if head, _ := r.Peek(headOfTar); !bundle.IsTar(head) {
			yield(bundle.Source{Name: name, Read: func(ctx context.Context) (*bundle.File, error) { return b.open.Read(ctx, name, r) }}, nil)
			return
		}
		for s, err := range b.open.Tar(ctx, name, r) {
			if !yield(s, err) {
				return
			}
		}
	}
}

const headOfTar = 512 // octets, which tell an archive

// isTar reports whether a file is an archive.
func isTar(name string) bool {
	if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
		return false // opening a pipe, and closing it, ends its writer
	}
	file, err := os.Open(name)
	if err != nil {
		return false // it will be said when the file is read
	}
	defer file.Close()
	head := make([]byte, headOfTar)
	n, _ := io.ReadFull(file, head)
	return bundle.IsTar(head[:n])
}

// checkLines is check as a filter: a line of JSON for each line of the files, or of
// standard input, in their order.
//
// Those who run filters take any exit status but 0 for one that did not do its work. It is
// 0 where every line has its answer, whatever that says, unless -fail-on asks for more.
func (b *bulk) checkLines(ctx context.Context, names []string, password *passwordFlags, failOn *levelFlag, out string, force bool, std streams) (int, error) {
	if len(names) == 0 {
		names = []string{"-"}
	}
	given, err := password.given() // nobody is asked: standard input has the lines
	if err != nil {
		return 0, err
	}
	b.open = &bundle.Options{Password: given}
	if b.lint.Time.IsZero() {
		b.lint.Time = time.Now() // one moment for all
	}
	if err := join(unusableLists(b.lint.With)); err != nil {
		return 0, err
	}
	b.lint.Revocation = fetchedLists(b.client)
	var result *outcome
	err = renderTo(std, out, force, func(w io.Writer) (err error) {
		result, err = b.run(ctx, names, std, w)
		return err
	})
	switch {
	case err != nil:
		return 0, err
	case result.broken != nil:
		return 0, result.broken
	case *failOn == levelFlag{}:
		return exitClean, nil
	case result.files == 0:
		return 0, say.Errorf("%w: no line", lint.ErrNothingToCheck)
	}
	if err := result.failed.err(); err != nil {
		return 0, err
	}
	return failOn.statusOf(&result.tally, len(b.lint.Targets) > 0), nil
}
