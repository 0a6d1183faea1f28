package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
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
	unread  []lint.NotChecked // files and rows that were to be read and could not
	left    []string          // files that were not come to before the command was interrupted
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
	opts := new(bundle.Options)
	if password != nil {
		if opts, err = password.options(names, std); err != nil {
			return nil, err
		}
	}
	opts.Cache = std.certificates
	return gatherShown(context.Background(), names, nil, opts, std), nil
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

func (in *inputs) take(name string, f *bundle.File, err error) {
	if err != nil {
		in.fail(name, err)
		return
	}
	if f.Format == bundle.Archive {
		in.found(f.Name, f.Files, f.Skipped)
		return
	}
	in.files = append(in.files, f)
}

// fail notes a file that could not be read: it is an error, and part of the report.
func (in *inputs) fail(name string, err error) {
	in.failed.add(err)
	in.unread = append(in.unread, notRead(nameOnly(name), err))
}

// notRead says in a report why something was not read.
func notRead(what say.Message, err error) lint.NotChecked {
	why := say.New("%v", err)
	if u, ok := errors.AsType[*bundle.UnrecognizedError](err); ok {
		why = u.Reason()
	}
	return lint.NotChecked{Code: "not_read", What: what, Why: why}
}

// nameOnly is a message that is but a name.
func nameOnly(name string) say.Message { return say.New("%s", name) }

// addFolder takes what was found in a folder; left says that there is more.
func (in *inputs) addFolder(name string, files []*bundle.File, skipped []bundle.Skipped, err error, left bool) {
	if err != nil {
		in.fail(name, err)
	}
	in.found(name, files, skipped)
	if err == nil && len(files) == 0 && !left {
		in.failed.add(say.Errorf("%s: no certificate file in this folder (%s)", name, say.Count(len(skipped), "1 other file", "%d other files")))
	}
}

// found takes what was found in a folder or an archive.
func (in *inputs) found(name string, files []*bundle.File, skipped []bundle.Skipped) {
	backup := slices.ContainsFunc(files, func(f *bundle.File) bool { return f.Format == bundle.GraphJSON })
	var other []string
	for _, s := range skipped {
		if u, ok := errors.AsType[*bundle.UnrecognizedError](s.Err); ok && backup && u.Foreign() {
			other = append(other, relative(name, s.Name))
		} else if ok {
			in.skipped = append(in.skipped, lint.NotChecked{Code: "unrecognized", What: nameOnly(s.Name), Why: u.Reason()})
		} else {
			in.fail(s.Name, s.Err)
		}
	}
	if len(other) > 0 {
		const shown = 3
		names := strings.Join(other[:min(len(other), shown)], ", ")
		if len(other) > shown {
			names += ", …"
		}
		in.skipped = append(in.skipped, lint.NotChecked{Code: "unrecognized", What: nameOnly(name),
			Why: say.New("%s of other kinds: %s", say.Count(len(other), "1 file", "%d files"), names)})
	}
	in.files = append(in.files, files...)
}

// noteSkipped says on standard error what was passed over.
func (in *inputs) noteSkipped(std streams) {
	for _, s := range in.skipped {
		std.note("%s: %v", s.What, s.Why)
	}
}

// relative returns the name of a file as seen from a folder.
func relative(folder, name string) string {
	if short, err := filepath.Rel(folder, name); err == nil {
		return short
	}
	return name
}

// loadAll is load for files all of which must be good.
func loadAll(names []string, password *passwordFlags, std streams) (*inputs, error) {
	in, err := load(names, password, std)
	if err != nil {
		return nil, err
	}
	return in, in.failed.err()
}

// loadFiles reads the files of a repeatable flag, all of which must be good.
func loadFiles(names []string, std streams) ([]*bundle.File, error) {
	if len(names) == 0 {
		return nil, nil
	}
	in, err := loadAll(names, nil, std)
	if err != nil {
		return nil, err
	}
	return in.files, nil
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

// aheadFlag takes a length of time, in days, which package time does not know, or in
// what it does.
type aheadFlag time.Duration

// maxAhead bounds an aheadFlag: a hundred years.
const maxAhead = 36500 * 24 * time.Hour

func (a *aheadFlag) String() string { return "" }

func (a *aheadFlag) Set(s string) error {
	length, err := time.ParseDuration(s)
	if days, ok := strings.CutSuffix(s, "d"); ok {
		var n uint64
		n, err = strconv.ParseUint(days, 10, 16)
		length = time.Duration(n) * 24 * time.Hour
	}
	if err != nil || length < 0 || length > maxAhead {
		return say.Errorf("want a number of days such as 30d, or of hours such as 12h, of at most a hundred years")
	}
	*a = aheadFlag(length)
	return nil
}

// listFlag collects the values of a flag that may be repeated.
type listFlag []string

func (l *listFlag) String() string { return "" }

func (l *listFlag) Set(s string) error {
	*l = append(*l, s)
	return nil
}
