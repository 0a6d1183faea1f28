package lint

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
)

// maxAhead is how many files [Each] takes for each of its workers beyond the one
// whose turn it is: those that take long do not hold up the others at once.
const maxAhead = 16

// Checked is a file that [Each] has come to.
type Checked struct {
	Name   string       // as in the bundle.Source
	Folder string       // the folder given, for a file that was found in it
	File   *bundle.File // what was read; nil where that failed
	Err    error        // why nothing was judged; nil where the report judges the file
}

// PassedOver reports whether Err is none to be told of: the file was found in a
// folder, and is no certificate file or holds nothing to check.
func (c *Checked) PassedOver() bool {
	_, unrecognized := errors.AsType[*bundle.UnrecognizedError](c.Err)
	return c.Folder != "" && (unrecognized || errors.Is(c.Err, ErrNothingToCheck))
}

// Each reads files and judges each as [Run] does one that is given alone: its own
// collection, in no folder. It yields them in their order, whichever was done
// first, each with its report.
//
// Files come from [bundle.Options.Walk], [bundle.Options.Tar], [bundle.Options.Lines], or
// from any loop that has octets, of which [bundle.Options.Source] makes a file.
//
// Checked.Err is the error that came with the file, or that of Source.Read or of
// Run; an option that makes no sense is the error of every file. It does not end
// the loop. The report is never nil: of a file with an error it holds the time, and
// the name and the error in NotChecked. Options.Time is one moment for all.
//
// Once ctx has ended, the file whose turn it is comes with the error of ctx and is
// the last; it has no name where files was being waited for. A loop without such an
// error has seen every file.
//
// Options.Workers files are read and judged at the same time, and the certificates
// of each one after the other. At most 16 for each of the workers are held; how many
// there are in all does not matter. Options.Revocation and Rule.Run are called from
// several goroutines, as by several calls of Run.
//
// Files is ranged over in a goroutine of its own, so that a report does not wait
// for the file after it. Nothing is left running when the loop has come to its end.
// Where it was left, or ctx has ended, what is being judged stops soon and is not
// waited for; neither is a Read or a step of files that waits for something else.
// What files reads from is best opened and closed by itself.
func Each(ctx context.Context, files iter.Seq2[bundle.Source, error], opts *Options) iter.Seq2[Checked, *Report] {
	type pair struct {
		file   Checked
		report *Report
	}
	return func(yield func(Checked, *Report) bool) {
		for p := range EachAs(ctx, files, opts, func(c Checked, r *Report) pair { return pair{c, r} }) {
			if !yield(p.file, p.report) {
				return
			}
		}
	}
}

// EachAs is [Each] for those who need less than the report, or much work to make
// something of it, such as a line of output: the workers call as with each file and
// its report, and what it returns is what is held and yielded. As is called from
// several goroutines, and once more, where ctx has ended, from that of the loop.
func EachAs[T any](ctx context.Context, files iter.Seq2[bundle.Source, error], opts *Options, as func(Checked, *Report) T) iter.Seq[T] {
	return func(yield func(T) bool) {
		e := newSingle(opts)
		for made := range inOrder(ctx, withErrors(files), e.workers, maxAhead*e.workers,
			func(ctx context.Context, s source) T { return as(e.check(ctx, s)) },
			func(s source) T { return as(e.notJudged(s, ctx.Err())) },
		) {
			if !yield(made) {
				return
			}
		}
	}
}

// source is a file and the error that came with it.
type source struct {
	bundle.Source
	err error
}

func withErrors(files iter.Seq2[bundle.Source, error]) iter.Seq[source] {
	return func(yield func(source) bool) {
		for s, err := range files {
			if !yield(source{s, err}) {
				return
			}
		}
	}
}

// single judges one file after the other.
type single struct {
	opts    Options
	workers int
}

func newSingle(opts *Options) *single {
	e := new(single)
	if opts != nil {
		e.opts = *opts
	}
	if e.workers = e.opts.Workers; e.workers <= 0 {
		e.workers = runtime.GOMAXPROCS(0)
	}
	e.opts.Workers = 1 // files are shared out among workers already
	e.opts.Progress, e.opts.Partial = nil, false
	if e.opts.Time.IsZero() {
		e.opts.Time = time.Now()
	}
	return e
}

// check reads and judges one file.
func (e *single) check(ctx context.Context, s source) (Checked, *Report) {
	if s.err != nil {
		return e.notJudged(s, s.err)
	}
	var f *bundle.File // Run says so where it stays nil
	if s.Read != nil {
		var err error
		if f, err = s.Read(ctx); err != nil {
			return e.notJudged(s, err)
		}
	}
	alone := f
	if f != nil && f.Folder != "" {
		alone = new(bundle.File)
		*alone = *f
		alone.Folder = ""
	}
	report, err := Run(ctx, []*bundle.File{alone}, &e.opts)
	if err != nil {
		c, report := e.notJudged(s, err)
		c.File = f
		return c, report
	}
	return Checked{Name: s.Name, Folder: s.Folder, File: f}, report
}

// notJudged is what is said of a file that was not judged.
func (e *single) notJudged(s source, err error) (Checked, *Report) {
	c := Checked{Name: s.Name, Folder: s.Folder, Err: err}
	code, why := codeNotRead, say.New("%v", err)
	if errors.Is(err, ErrNothingToCheck) {
		code = codeNothingToCheck
	}
	if u, ok := errors.AsType[*bundle.UnrecognizedError](err); ok && c.PassedOver() {
		code, why = codeUnrecognized, u.Reason()
	}
	return c, &Report{
		Time: e.opts.Time.UTC(), CatalogDate: e.opts.catalog().Date(),
		NotChecked: []NotChecked{{Code: code, What: say.New("%s", s.Name), Why: why}},
	}
}
