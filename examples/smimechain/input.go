package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// inputs is what the arguments of a command led to.
type inputs struct {
	opts    *bundle.Options
	files   []*bundle.File
	skipped []lint.NotChecked // unrecognised files inside folders
	failed  failures
}

var errNoFile = say.Errorf("no file given")

// load reads files, folders and standard input, with the password of PFX files
// where the command takes one.
func load(args []string, password *passwordFlags, std streams) (*inputs, error) {
	if len(args) == 0 {
		return nil, errNoFile
	}
	names, err := expandAll(args)
	if err != nil {
		return nil, err
	}
	in := &inputs{opts: new(bundle.Options)}
	if password != nil {
		if in.opts, err = password.options(names, std); err != nil {
			return nil, err
		}
	}
	in.opts.Cache = std.certificates
	for _, name := range names {
		in.read(name, std)
	}
	return in, nil
}

func expandAll(args []string) ([]string, error) {
	var all []string
	for _, arg := range args {
		names, err := expand(arg)
		if err != nil {
			return nil, err
		}
		all = append(all, names...)
	}
	return all, nil
}

// expand resolves a wildcard, which cmd.exe and PowerShell leave to programs.
func expand(arg string) ([]string, error) {
	if arg == "-" || !strings.ContainsAny(arg, "*?[") {
		return []string{arg}, nil
	}
	if _, err := os.Lstat(arg); err == nil {
		return []string{arg}, nil
	}
	names, err := filepath.Glob(arg)
	if err != nil {
		return nil, say.Errorf("%s: %w", arg, err)
	}
	if len(names) == 0 {
		return nil, say.Errorf("%s: no file matches", arg)
	}
	return names, nil
}

func (in *inputs) read(name string, std streams) {
	if name == "-" {
		in.take(in.opts.Read(context.Background(), "-", std.in))
		return
	}
	info, err := os.Stat(name)
	if err == nil && info.IsDir() {
		in.readDir(name)
		return
	}
	in.take(in.opts.ReadFile(context.Background(), name))
}

func (in *inputs) take(f *bundle.File, err error) {
	if err != nil {
		in.failed.add(err)
		return
	}
	in.files = append(in.files, f)
}

// nameOnly is a message that is but a name.
func nameOnly(name string) say.Message { return say.New("%s", name) }

// readDir reads a folder: what is not recognised there is noted and passed over.
func (in *inputs) readDir(name string) {
	files, skipped, err := in.opts.ReadDir(context.Background(), name)
	if err != nil {
		in.failed.add(err)
	}
	for _, s := range skipped {
		if u, ok := errors.AsType[*bundle.UnrecognizedError](s.Err); ok {
			in.skipped = append(in.skipped, lint.NotChecked{Code: lint.CodeUnrecognized, What: nameOnly(s.Name), Why: u.Reason()})
		} else {
			in.failed.add(s.Err)
		}
	}
	if err == nil && len(files) == 0 {
		in.failed.add(say.Errorf("%s: no certificate file in this folder (%d other files)", name, len(skipped)))
	}
	in.files = append(in.files, files...)
}

// loadFiles reads the files of a repeatable flag, all of which must be good.
func loadFiles(names []string, std streams) ([]*bundle.File, error) {
	if len(names) == 0 {
		return nil, nil
	}
	in, err := load(names, nil, std)
	if err != nil {
		return nil, err
	}
	return in.files, in.failed.err()
}

// timeFlag is the value of -at: a date or an RFC 3339 time.
type timeFlag struct{ time.Time }

func (t *timeFlag) String() string { return "" }

func (t *timeFlag) Set(s string) error {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if parsed, err := time.Parse(layout, s); err == nil {
			t.Time = parsed
			return nil
		}
	}
	return say.Errorf("want a date such as 2026-11-22 or an RFC 3339 time")
}

// orNow returns the time given, or now.
func (t *timeFlag) orNow() time.Time {
	if t.IsZero() {
		return time.Now()
	}
	return t.Time
}

// listFlag collects the values of a flag that may be repeated.
type listFlag []string

func (l *listFlag) String() string { return "" }

func (l *listFlag) Set(s string) error {
	*l = append(*l, s)
	return nil
}
