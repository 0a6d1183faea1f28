package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// writeFile writes a file whole or not at all. An existing file is replaced
// only by force.
func writeFile(name string, data []byte, force bool) error {
	return createFile(name, force, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// createFile gives a new file to write, and keeps it only if that succeeds.
func createFile(name string, force bool, write func(io.Writer) error) error {
	if _, err := os.Lstat(name); err == nil && !force {
		return fmt.Errorf("%s: %w; -force replaces it", name, fs.ErrExist)
	}
	temp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // fails after the rename, as it should
	err = write(temp)
	if err == nil {
		err = temp.Sync()
	}
	if err = errors.Join(err, temp.Close()); err != nil {
		return err
	}
	if err := os.Chmod(temp.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(temp.Name(), name)
}

// render writes a report to standard output or to a file, in one piece.
func render(std streams, name string, force bool, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	return renderTo(std, name, force, func(w io.Writer) error {
		_, err := w.Write(b.Bytes())
		return err
	})
}

// renderTo gives standard output or a new file to write.
func renderTo(std streams, name string, force bool, write func(io.Writer) error) error {
	if name == "" {
		return write(std.out)
	}
	return createFile(name, force, write)
}
