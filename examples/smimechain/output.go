package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/smimechain/smimechain/lint/say"
)

// Modes of files that are written. A file has the mode 0600 while it is made.
const (
	modePublic fs.FileMode = 0o644
	modeSecret fs.FileMode = 0o600
)

// writeFile writes a file whole or not at all. An existing file is replaced
// only by force.
func writeFile(name string, data []byte, force bool) error {
	return createFile(name, modePublic, force, whole(data))
}

// writeSecret is writeFile for what only its owner may read.
func writeSecret(name string, data []byte, force bool) error {
	return createFile(name, modeSecret, force, whole(data))
}

func whole(data []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}
}

// createFile gives a new file to write, and keeps it only if that succeeds.
func createFile(name string, mode fs.FileMode, force bool, write func(io.Writer) error) error {
	if info, err := os.Lstat(name); err == nil && !force {
		return errExists(name)
	} else if err == nil && !info.Mode().IsRegular() && info.Mode().Type() != fs.ModeSymlink {
		// A rename would put a file in the place of a device, /dev/null for one.
		return say.Errorf("%s: not a regular file", name)
	}
	// A short name, so that a long one fits too; it has mode 0600.
	temp, err := os.CreateTemp(filepath.Dir(name), ".smimechain-*")
	if err != nil {
		if path, ok := errors.AsType[*fs.PathError](err); ok {
			path.Path = name // that which was asked for
		}
		return err
	}
	ctx, stop := interruptible() // or the unfinished file would stay
	defer stop()
	defer os.Remove(temp.Name()) // fails after a rename, as it should
	err = write(temp)
	if err == nil {
		err = temp.Sync()
	}
	if err = errors.Join(err, temp.Close()); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return errInterrupted
	}
	if mode != modeSecret {
		if err := os.Chmod(temp.Name(), mode); err != nil {
			return err
		}
	}
	return moveInto(name, temp.Name(), force)
}

// moveInto gives a finished file its name.
func moveInto(name, temp string, force bool) error {
	if force {
		return os.Rename(temp, name)
	}
	// Unlike a rename, a link fails when the name has come into being meanwhile.
	err := os.Link(temp, name)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return errExists(name)
	}
	if _, err := os.Lstat(name); err == nil { // a file system without links
		return errExists(name)
	}
	return os.Rename(temp, name)
}

func errExists(name string) error {
	return say.Errorf("%s: %w; -force replaces it", name, fs.ErrExist)
}

// render writes a report to standard output or to a file, in one piece.
func render(std streams, name string, force bool, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	return renderTo(std, name, force, whole(b.Bytes()))
}

// renderTo gives standard output or a new file to write.
func renderTo(std streams, name string, force bool, write func(io.Writer) error) error {
	if name == "" {
		return write(std.out)
	}
	return createFile(name, modePublic, force, write)
}
