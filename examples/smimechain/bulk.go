package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/examples/smimechain/fetch"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
)

// bulk checks files one by one, each as its own collection, and writes a line
// for each in the order of the names.
type bulk struct {
	open   *bundle.Options
	lint   *lint.Options
	client *fetch.Client // nil without -fetch
	report *report.Options
	accept *lint.Baseline // nil without -accept
	bar    progress
	lines  bool      // what is read is lines, each of which is a file
	users  *userList // whose files come first; nil without -users
}

// outcome is what came of all files.
type outcome struct {
	files  int
	tally  tally
	failed failures
	broken error // of the lines that could not be read, which have no line of their own
	used   map[int]bool
}

// bulkLine is what came of one file.
type bulkLine struct {
	text  []byte
	tally tally
	used  []int // acceptances
	err   error

	name    string // of the file
	counted bool   // it is known by its place
}

// run checks everything that the arguments name and writes to w. It stops at the
// end of a line when the context ends.
func (b *bulk) run(ctx context.Context, names []string, std streams, w io.Writer) (*outcome, error) {
	// What lives is small and the same for every file: collect it less often, for
	// some fifty MiB more.
	defer debug.SetGCPercent(debug.SetGCPercent(1600))
	buffer := bufio.NewWriterSize(w, 1<<16)
	out := &outcome{used: map[int]bool{}}
	for line := range lint.EachAs(ctx, b.sources(ctx, names, std), b.lint, b.line) {
		if ctx.Err() != nil {
			break
		}
		if b.lines && line.name == "" { // of the stream, and no answer to a line
			out.broken = line.err
			break
		}
		out.add(line)
		b.bar.add(1)
		// Whole lines only, so that a reader never waits for half of one.
		if buffer.Available() < len(line.text) {
			if err := buffer.Flush(); err != nil {
				return nil, err
			}
		}
		if _, err := buffer.Write(line.text); err != nil {
			return nil, err
		}
		if b.lines { // whoever wrote the line may wait for its answer
			if err := buffer.Flush(); err != nil {
				return nil, err
			}
		}
	}
	if ctx.Err() != nil {
		return nil, errors.Join(buffer.Flush(), errInterrupted)
	}
	return out, buffer.Flush()
}

func (o *outcome) add(line *bulkLine) {
	o.files++
	o.tally.join(line.tally)
	for _, i := range line.used {
		o.used[i] = true
	}
	switch {
	case line.err == nil:
	case line.counted: // its name tells nobody where it stands
		o.failed.add(say.Errorf("entry %d: %w", o.files, line.err))
	default:
		o.failed.add(line.err)
	}
}

// sources walks what the arguments name, and tells the bar how many files are known.
func (b *bulk) sources(ctx context.Context, names []string, std streams) iter.Seq2[bundle.Source, error] {
	return func(yield func(bundle.Source, error) bool) {
		count := 0
		rows := b.users.sources(b.open)
		for i, s := range rows {
			count++
			b.bar.expect(len(rows) + len(names))
			s.Pending = len(rows) - i - 1 + len(names)
			if !yield(s, nil) {
				return
			}
		}
		for i, name := range names {
			files := b.files(ctx, name, std)
			for s, err := range files {
				if err == nil && b.users.lists(s.Name) {
					continue
				}
				count++
				b.bar.expect(count + s.Pending + len(names) - i - 1)
				if !yield(s, err) {
					return
				}
			}
		}
		b.bar.expect(count)
	}
}

// line renders the report on one file.
func (b *bulk) line(c lint.Checked, r *lint.Report) *bulkLine {
	line := &bulkLine{name: c.Name, counted: b.lines}
	switch {
	case c.Err != nil && !c.PassedOver():
		line.err = c.Err
		if b.users != nil && !strings.Contains(c.Err.Error(), c.Name) {
			line.err = say.Errorf("%s: %w", c.Name, c.Err)
		}
	case c.File != nil:
		line.err = join(append(unusableLists([]*bundle.File{c.File}), closed(c.File)...))
	}
	if b.accept != nil {
		line.used = b.accept.Apply(r)
	}
	line.tally.add(r)
	var text bytes.Buffer
	if err := b.report.NDJSON(&text, r); err != nil {
		line.err = errors.Join(line.err, err)
	}
	line.text = text.Bytes()
	return line
}

// checkEach is check with each file as its own collection.
func (b *bulk) checkEach(ctx context.Context, args []string, users *userList, password *passwordFlags, failOn *levelFlag, out string, force bool, std streams) (int, error) {
	names, err := expandAll(args)
	if err != nil {
		return 0, err
	}
	if len(names) == 0 && users == nil {
		return 0, errNoFile
	}
	b.users = users
	if b.open, err = password.options(slices.Concat(users.without(), names), std); err != nil {
		return 0, err
	}
	if b.lint.Time.IsZero() {
		b.lint.Time = time.Now() // one moment for all
	}
	if err := join(unusableLists(b.lint.With)); err != nil {
		return 0, err
	}
	b.lint.Revocation = fetchedLists(b.client)
	b.bar = newProgress(std, out, say.New("checking"), say.New("files"))
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
	known := b.lint.Catalog
	if known == nil {
		known = catalog.Default()
	}
	r := &lint.Report{Time: b.lint.Time.UTC(), CatalogDate: known.Date()}
	b.accept.Review(r, result.used)
	if len(r.Findings) == 0 {
		return nil
	}
	result.tally.add(r)
	return b.report.NDJSON(w, r)
}
