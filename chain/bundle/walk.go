package bundle

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"github.com/smimechain/smimechain/lint/say"
)

// Source is a file that has not been read yet.
type Source struct {
	Name   string // as given, or the path of a file that was found in a folder
	Folder string // the folder given, for a file that was found in it

	// Read reads the file, which gets Name and Folder. It may be called from any
	// goroutine. [Options.Walk] and [Options.Source] make one; for what lies
	// elsewhere it is any function that opens it and gives it to [Options.Read].
	Read func(context.Context) (*File, error)

	// Pending counts the names that are known to come after this one: files, and
	// folders that may hold many or none. It is for those who show progress.
	Pending int
}

// Source returns octets as a file that is still to be recognised: one of an
// archive, or of a message in a queue. Read does what [Options.Parse] does.
func (o *Options) Source(name string, data []byte) Source {
	return Source{Name: name, Read: func(ctx context.Context) (*File, error) { return o.Parse(ctx, name, data) }}
}

// Walk returns the files of the system that names stand for, in the order of the
// names: a file itself, a folder every file below it, sorted as people do ("user2"
// before "user10"), folder by folder. It opens none of them; their Read gives the
// errors of [Options.ReadFile].
//
// A name that is given is followed where it is a link, and read whatever it leads
// to, pipes among it. In a folder, links and whatever else is no regular file are
// not followed: Read gives an [*UnrecognizedError]. A file in a folder that is named
// as one with certificates is, and is not recognised, is what [Options.ReadFS] makes of
// it. A name that leads nowhere is a file whose Read fails. "-" is a name
// like others: where it stands for standard input, give a Source with a Read of its own
// for it.
//
// A folder that cannot be listed comes in its place as a Source with its name and
// the error of the system, without a Read; the walk goes on behind it. Where the
// context ends, its error comes in the same way and is the last. What changes in
// folders during the walk may be seen or not.
//
// Of the files Walk holds nothing, of each folder on its way the names in it,
// which it has to sort: some ten MiB for 100,000 files in one folder, and far less
// where the same number lies in several.
func (o *Options) Walk(ctx context.Context, names ...string) iter.Seq2[Source, error] {
	return func(yield func(Source, error) bool) {
		w := &walk{opts: o, ctx: ctx, yield: yield, pending: len(names)}
		for _, name := range names {
			w.pending--
			if ctx.Err() != nil {
				yield(Source{Name: name, Pending: w.pending}, ctx.Err())
				return
			}
			info, err := os.Stat(name)
			if err == nil && info.IsDir() {
				if !w.folder(name, name) {
					return
				}
				continue
			}
			read := func(ctx context.Context) (*File, error) { return o.ReadFile(ctx, name) }
			if !yield(Source{Name: name, Read: read, Pending: w.pending}, nil) {
				return
			}
		}
	}
}

// walk is one walk over files.
type walk struct {
	opts    *Options
	ctx     context.Context
	yield   func(Source, error) bool
	pending int // names that are known and have not been come to
}

// folder yields the files below dir, which was found in the folder given, and
// reports whether to go on.
func (w *walk) folder(dir, given string) bool {
	names, err := namesIn(w.ctx, dir)
	if err != nil {
		return w.yield(Source{Name: dir, Folder: given, Pending: w.pending}, err) && w.ctx.Err() == nil
	}
	w.pending += len(names)
	for _, name := range names {
		name = filepath.Join(dir, name)
		w.pending--
		if err := w.ctx.Err(); err != nil {
			w.yield(Source{Name: name, Folder: given, Pending: w.pending}, err)
			return false
		}
		// Links are not followed: they might lead round in a circle.
		if info, err := os.Lstat(name); err == nil && info.IsDir() {
			if !w.folder(name, given) {
				return false
			}
			continue
		}
		read := func(ctx context.Context) (*File, error) { return w.opts.readFound(ctx, name, given) }
		if !w.yield(Source{Name: name, Folder: given, Read: read, Pending: w.pending}, nil) {
			return false
		}
	}
	return true
}

// namesIn returns the names in a folder, sorted.
func namesIn(ctx context.Context, dir string) ([]string, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var all []string
	for ctx.Err() == nil {
		const some = 4096
		names, err := f.Readdirnames(some)
		all = append(all, names...)
		if errors.Is(err, io.EOF) {
			slices.SortFunc(all, say.Compare)
			return all, nil
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, ctx.Err()
}

// readFound reads a file that was found in a folder, where it may be anything.
func (o *Options) readFound(ctx context.Context, name, given string) (*File, error) {
	info, err := os.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &UnrecognizedError{Name: name, Why: "not a regular file"}
	}
	f, err := o.ReadFile(ctx, name)
	if f, err = asNamed(name, f, err); err == nil {
		f.Folder = given
	}
	return f, err
}
