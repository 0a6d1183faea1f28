package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"runtime/debug"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
)

func init() {
	register.DoFn3x1[context.Context, shard, func(string, int64), error](&lintFn{})
	register.Emitter2[string, int64]()
}

// lintFn checks shards. Its fields go to the workers, which set the rest up once.
type lintFn struct {
	Out     string
	Time    time.Time
	Targets string
	ZLint   []string
	Workers int

	lint *lint.Options
}

func (f *lintFn) options() (*lint.Options, error) {
	opts := &lint.Options{Time: f.Time, ZLint: f.ZLint, Workers: f.Workers}
	if f.Targets != "" {
		var err error
		if opts.Targets, err = lint.ParseTargets(f.Targets); err != nil {
			return nil, fmt.Errorf("-for: %w", err)
		}
	}
	return opts, nil
}

// Setup is called once for each copy of the function that a worker has.
func (f *lintFn) Setup() (err error) {
	// What lives is small and the same for every entry: collect it less often, for some
	// ten MiB more.
	debug.SetGCPercent(400)
	f.lint, err = f.options()
	return err
}

// checked is what came of an entry.
type checked struct {
	line []byte
	keys []string // to count
	err  error
}

// ProcessElement writes a line for each entry of a shard, and gives the counts of what
// is in it. A shard that cannot be read to its end is an error, which has the runner try
// again or end the job, and leaves nothing under the name of the output; done twice, it
// writes the same.
func (f *lintFn) ProcessElement(ctx context.Context, s shard, emit func(string, int64)) error {
	counts := map[string]int64{}
	err := writeWhole(ctx, partName(f.Out, s.Number), func(w io.Writer) error {
		for _, p := range s.Pieces {
			if err := f.check(ctx, p, w, counts); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for key, n := range counts {
		emit(key, n)
	}
	return nil
}

// check checks what is in a piece.
func (f *lintFn) check(ctx context.Context, p piece, w io.Writer, counts map[string]int64) error {
	file, err := open(ctx, p.Name, max(p.Offset-1, 0)) // the octet before tells whether a line begins
	if err != nil {
		return err
	}
	defer file.Close()
	entries, err := p.entries(ctx, file)
	if err != nil {
		return fmt.Errorf("%s: %w", p.Name, err)
	}
	for c := range lint.EachAs(ctx, entries, f.lint, answer) {
		if err := errors.Join(ctx.Err(), c.err); err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		if _, err := w.Write(c.line); err != nil {
			return err
		}
		for _, key := range c.keys {
			counts[key]++
		}
	}
	return ctx.Err()
}

// entries returns what is in a piece, of which r reads, from the octet before it if there
// is one.
func (p *piece) entries(ctx context.Context, r io.Reader) (iter.Seq2[bundle.Source, error], error) {
	open := new(bundle.Options)
	kind, limit := p.Kind, p.Offset+p.Length
	if p.Offset == 0 {
		head, err := readHead(r)
		if err != nil {
			return nil, err
		}
		r = io.MultiReader(bytes.NewReader(head), r)
		if kind == "" {
			kind = kindOf(p.Name, head)
		}
		if kind != whole {
			r = decode(r)
		}
		if isUTF16(head) {
			limit = math.MaxInt64 // it is one piece, and its text is shorter
		}
	}
	switch kind {
	case blocks:
		if p.Offset > 0 {
			if _, err := io.CopyN(io.Discard, r, 1); err != nil {
				return nil, err
			}
		}
		return open.Lines(ctx, newBlockReader(r, p.Offset, limit)), nil
	case lines:
		text, err := newLineReader(r, p.Offset, limit)
		if errors.Is(err, io.EOF) { // the last line began before
			return func(func(bundle.Source, error) bool) {}, nil
		}
		return open.Lines(ctx, text), err
	}
	return func(yield func(bundle.Source, error) bool) {
		yield(bundle.Source{Name: p.Name, Read: func(ctx context.Context) (*bundle.File, error) { return open.Read(ctx, p.Name, r) }}, nil)
	}, nil
}

// tool names the library in the lines, by the version that is linked.
var tool = &report.Options{Tool: report.Tool{Name: "smimechain", Version: version()}}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, dep := range info.Deps {
		switch {
		case dep.Path != "github.com/smimechain/smimechain":
		case dep.Replace != nil:
			return "(devel)"
		default:
			return dep.Version
		}
	}
	return ""
}

// answer makes a line of a report, and what is counted.
func answer(c lint.Checked, r *lint.Report) *checked {
	out := new(checked)
	if c.Name == "" { // of the text, and no answer to an entry
		out.err = c.Err
		return out
	}
	var text bytes.Buffer
	out.err = tool.NDJSON(&text, r)
	out.line, out.keys = text.Bytes(), keysOf(c, r)
	return out
}
