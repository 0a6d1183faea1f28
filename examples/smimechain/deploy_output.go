package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/lint/report"
)

// writeOutputs writes the files of a roll-out into a folder, which it makes,
// and lists them on standard error. Without force nothing is written when one
// of them exists. Files with secrets, and the folder if it is made for them,
// are for the owner only.
func writeOutputs(std streams, dir string, outputs []deploy.Output, force bool) error {
	if !force {
		for _, o := range outputs {
			name := filepath.Join(dir, filepath.FromSlash(o.Name))
			if _, err := os.Lstat(name); err == nil {
				return fmt.Errorf("%s: %w; -force replaces it", name, fs.ErrExist)
			}
		}
	}
	for _, o := range outputs {
		name := filepath.Join(dir, filepath.FromSlash(o.Name))
		mode := fs.FileMode(0o755)
		if o.Secret {
			mode = 0o700
		}
		if err := os.MkdirAll(filepath.Dir(name), mode); err != nil {
			return err
		}
		write := writeFile
		if o.Secret {
			write = writeSecret
		}
		if err := write(name, o.Data, force); err != nil {
			return err
		}
		list(std.err, name, o.Secret)
	}
	return nil
}

func list(w io.Writer, name string, secret bool) {
	if secret {
		fmt.Fprintf(w, "smimechain: wrote %s (secret: for its owner only)\n", report.Printable(name))
		return
	}
	fmt.Fprintf(w, "smimechain: wrote %s\n", report.Printable(name))
}

// writeSecret is writeFile for what only its owner may read: the file has mode
// 0600 from its first byte on, and never replaces a file unless by force.
func writeSecret(name string, data []byte, force bool) error {
	temp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*") // has mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // fails after the rename, as it should
	_, err = temp.Write(data)
	if err == nil {
		err = temp.Sync()
	}
	if err = errors.Join(err, temp.Close()); err != nil {
		return err
	}
	if force {
		return os.Rename(temp.Name(), name)
	}
	// Unlike a rename, a link fails when the name has come into being meanwhile.
	err = os.Link(temp.Name(), name)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return exists(name, err)
	}
	if _, statErr := os.Lstat(name); statErr == nil { // a file system without links
		return exists(name, fs.ErrExist)
	}
	return os.Rename(temp.Name(), name)
}

func exists(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w; -force replaces it", name, fs.ErrExist)
}
