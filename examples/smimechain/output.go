package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

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
	if err := mayWrite(name, force); err != nil {
		return err
	}
	ctx, stop := interruptible() // or the unfinished file would stay
	defer stop()
	temp, err := stageFile(name, mode, true, write)
	if err != nil {
		return err
	}
	defer os.Remove(temp) // fails after a rename, as it should
	if ctx.Err() != nil {
		return errInterrupted
	}
	return moveInto(name, temp, force)
}

// mayWrite says why a file of that name must not be written.
func mayWrite(name string, force bool) error {
	info, err := os.Lstat(name)
	switch {
	case err != nil:
		return nil // writing says what is wrong, if anything is
	case !force:
		return errExists(name)
	case !info.Mode().IsRegular() && info.Mode().Type() != fs.ModeSymlink:
		// A rename would put a file in the place of a device, /dev/null for one.
		return say.Errorf("%s: not a regular file", name)
	}
	return nil
}

// stageFile gives a new file to write that lies beside the one named, and returns its
// name; with sync it lies on the disk. Errors speak of the one that was asked for.
func stageFile(name string, mode fs.FileMode, sync bool, write func(io.Writer) error) (string, error) {
	// A short name, so that a long one fits too; it has mode 0600.
	temp, err := os.CreateTemp(filepath.Dir(name), ".smimechain-*")
	if err != nil {
		return "", inPlaceOf(err, name)
	}
	if err = write(temp); err == nil && sync {
		err = temp.Sync()
	}
	err = errors.Join(err, temp.Close())
	if err == nil && mode != modeSecret {
		err = os.Chmod(temp.Name(), mode)
	}
	if err != nil {
		_ = os.Remove(temp.Name())
		return "", inPlaceOf(err, name)
	}
	return temp.Name(), nil
}

// inPlaceOf puts the name of a file into an error about a temporary one.
func inPlaceOf(err error, name string) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok && strings.HasPrefix(filepath.Base(path.Path), ".smimechain-") {
		path.Path = name
	}
	return err
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
