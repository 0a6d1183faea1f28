package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/lint/say"
)

// writeAll writes files into a folder, which it makes: all of them, or none, also when
// the user interrupts it. Without force it writes nothing when one of them exists.
// Files with secrets, and the folders that are made for them, are for the owner only.
// The bar is told how far it is. It returns where they lie.
func writeAll(dir string, outputs []deploy.Output, force bool, bar progress) ([]string, error) {
	ctx, stop := interruptible()
	defer stop()
	s := staging{sync: len(outputs) <= maxSynced}
	defer s.close()
	var names []string
	for _, o := range outputs {
		name := filepath.Join(dir, filepath.FromSlash(o.Name))
		if err := mayWrite(name, force); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	bar.expect(2 * len(outputs)) // each is written, and moved
	for i, o := range outputs {
		if err := s.stage(names[i], o); err != nil {
			return nil, err
		}
		bar.add(1)
		if ctx.Err() != nil {
			return nil, errInterrupted
		}
	}
	if err := s.commit(ctx, force, bar); err != nil {
		return nil, err
	}
	return names, nil
}

// writeShown is writeAll with a bar that shows how far it is.
func writeShown(dir string, outputs []deploy.Output, force bool, std streams) ([]string, error) {
	bar := newBar(std, say.New("writing"), say.Message{})
	defer bar.finish()
	return writeAll(dir, outputs, force, bar)
}

// maxSynced is the largest number of files of which each waits for the disk, which takes
// some milliseconds. What there are more of is whole or not there after any end of the
// process; after a loss of power files may be empty, and are written again.
const maxSynced = 1000

// staging is a number of files on their way into place. Each is complete, beside its
// place and under another name, before the first one is moved.
type staging struct {
	files []staged
	sync  bool            // each file lies on the disk before it has its name
	made  []string        // folders, the outer ones first
	there map[string]bool // folders that are known to exist
	done  bool
}

type staged struct {
	name  string
	temp  string
	old   string // what was there before, under another name; empty if there was nothing
	moved bool
}

// stage writes a file beside its place.
func (s *staging) stage(name string, o deploy.Output) error {
	modeFolder, modeFile := fs.FileMode(0o755), modePublic
	if o.Secret {
		modeFolder, modeFile = 0o700, modeSecret
	}
	if err := s.mkdir(filepath.Dir(name), modeFolder); err != nil {
		return err
	}
	temp, err := stageFile(name, modeFile, s.sync, whole(o.Data))
	if err != nil {
		return err
	}
	s.files = append(s.files, staged{name: name, temp: temp})
	return nil
}

// mkdir is os.MkdirAll, and remembers what it made.
func (s *staging) mkdir(dir string, mode fs.FileMode) error {
	if s.there[dir] {
		return nil // as for most of many files
	}
	var missing []string
	for parent := dir; ; parent = filepath.Dir(parent) {
		if _, err := os.Stat(parent); !errors.Is(err, fs.ErrNotExist) || parent == filepath.Dir(parent) {
			break
		}
		missing = append(missing, parent)
	}
	for _, folder := range slices.Backward(missing) {
		switch err := os.Mkdir(folder, mode); {
		case err == nil:
			s.made = append(s.made, folder)
		case !errors.Is(err, fs.ErrExist): // somebody else made it meanwhile
			return err
		}
	}
	if s.there == nil {
		s.there = map[string]bool{}
	}
	s.there[dir] = true
	return nil
}

// commit moves every file into its place; if one cannot be, or ctx ends, none is.
func (s *staging) commit(ctx context.Context, force bool, bar progress) error {
	for i := range s.files {
		f := &s.files[i]
		if ctx.Err() != nil {
			return errInterrupted
		}
		if force {
			if err := f.putAside(); err != nil {
				return err
			}
		}
		if err := moveInto(f.name, f.temp, force); err != nil {
			return err
		}
		f.moved = true
		bar.add(1)
	}
	s.done = true
	return nil
}

// putAside gives what is in the place of a file another name.
func (f *staged) putAside() error {
	if err := mayWrite(f.name, true); err != nil {
		return err
	}
	if _, err := os.Lstat(f.name); err != nil {
		return nil // nothing is there; moving says what else is wrong
	}
	if err := keepOld(f.name, f.temp+"~"); err != nil {
		return err
	}
	f.old = f.temp + "~"
	return nil
}

// keepOld gives a file another name, under which it stays when it is replaced.
func keepOld(name, old string) error {
	if os.Link(name, old) == nil {
		return nil
	}
	return os.Rename(name, old) // a file system without links
}

// close takes away what is not in its place, and, unless all is, puts back what was
// there before.
func (s *staging) close() {
	for _, f := range slices.Backward(s.files) {
		if !s.done && f.old != "" && os.Rename(f.old, f.name) != nil {
			continue // under its other name it is still there
		}
		if !s.done && f.old == "" && f.moved {
			_ = os.Remove(f.name)
		}
		_ = os.Remove(f.temp)
		if f.old != "" {
			_ = os.Remove(f.old) // a second name of what was never replaced
		}
	}
	if !s.done {
		for _, dir := range slices.Backward(s.made) {
			_ = os.Remove(dir) // unless somebody put something there
		}
	}
}
