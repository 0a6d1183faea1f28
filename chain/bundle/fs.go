package bundle

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/smimechain/smimechain/lint/say"
)

// ErrTooLarge says that a file is beyond a limit of this package: one of [Limits], or
// the one on its format that the error names.
var ErrTooLarge = say.Errorf("file is too large")

// ReadFile reads and parses one file of the system, without a password; see
// [Options.ReadFile].
func ReadFile(name string) (*File, error) { return new(Options).ReadFile(context.Background(), name) }

// ReadFile reads and parses one file of the system. Errors are those of
// [Options.Parse] and of [os.Open], and wrap [ErrTooLarge] beyond the limit.
func (o *Options) ReadFile(ctx context.Context, name string) (*File, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return o.Read(ctx, name, file)
}

// Read reads r to its end and parses what it gave. Name stands for the file in
// the result and in errors. Errors are those of [Options.Parse] and of r, and wrap
// [ErrTooLarge] beyond the limits.
func (o *Options) Read(ctx context.Context, name string, r io.Reader) (*File, error) {
	if o == nil {
		o = new(Options)
	}
	size := int64(o.Limits.withDefaults().Size)
	var data bytes.Buffer
	if f, ok := r.(fs.File); ok { // whose size is known: a buffer that grows takes several times as much
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			data.Grow(int(min(info.Size(), size)) + bytes.MinRead)
		}
	}
	if _, err := data.ReadFrom(untilDone{ctx, io.LimitReader(r, size+1)}); err != nil {
		return nil, say.Errorf("%s: %w", name, err)
	}
	return o.Parse(ctx, name, data.Bytes())
}

// Skipped is a file of a folder that gave no result, with the reason.
type Skipped struct {
	Name string
	Err  error // begins with Name, as all errors of this package
}

// ReadDir reads every file below a folder of the system; see [Options.ReadFS].
// The names in the result start with dir.
func (o *Options) ReadDir(ctx context.Context, dir string) ([]*File, []Skipped, error) {
	return o.readAll(ctx, os.DirFS(dir), ".", dir, func(name string) string {
		return filepath.Join(dir, filepath.FromSlash(name))
	})
}

// ReadFS reads every regular file below root in lexical order, folder by
// folder. Links are not followed. A file that is not recognised or is damaged
// is returned as skipped: with an [*UnrecognizedError] where it is in no known
// format, with any other error where it is damaged or cannot be read. One that is in no
// known format and named .cer, .crt, .der or .pem is a file with a certificate that has a
// Fault, and one named .p7b, .p7c, .spc, .p7m, .p7s, .crl, .sst, .pfx or .p12 is damaged: it
// belongs to what is rolled out. The error is
// that of the file system when a folder cannot be listed, or that of the context once
// it has ended; what was read before comes with it.
func (o *Options) ReadFS(ctx context.Context, fsys fs.FS, root string) ([]*File, []Skipped, error) {
	return o.readAll(ctx, fsys, root, root, func(name string) string { return name })
}

// readAll reads the files below root and calls them by the name that shown
// gives to their path.
func (o *Options) readAll(ctx context.Context, fsys fs.FS, root, folder string, shown func(string) string) ([]*File, []Skipped, error) {
	var files []*File
	var skipped []Skipped
	err := fs.WalkDir(fsys, root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			if e, ok := errors.AsType[*fs.PathError](err); ok {
				return &fs.PathError{Op: e.Op, Path: shown(name), Err: e.Err} // e.Path is relative to root
			}
			return err
		}
		if d.IsDir() {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		f, err := o.readEntry(ctx, fsys, name, d, shown(name))
		if err != nil {
			skipped = append(skipped, Skipped{Name: shown(name), Err: err})
			return nil
		}
		f.Folder = folder
		files = append(files, f.Flat()...)
		skipped = append(skipped, f.Skipped...)
		return nil
	})
	return files, skipped, err
}

func (o *Options) readEntry(ctx context.Context, fsys fs.FS, name string, d fs.DirEntry, shown string) (*File, error) {
	if !d.Type().IsRegular() {
		return nil, &UnrecognizedError{Name: shown, Why: "not a regular file"}
	}
	file, err := fsys.Open(name)
	if err != nil {
		return nil, say.Errorf("%s: %w", shown, err)
	}
	defer file.Close()
	f, err := o.Read(ctx, shown, file)
	return asNamed(shown, f, err)
}
