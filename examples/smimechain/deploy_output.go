package main

import (
	"io/fs"
	"os"
	"path/filepath"

	"github.com/smimechain/smimechain/chain/deploy"
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
				return errExists(name)
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
		list(std, name, o.Secret)
	}
	return nil
}

// listLeftOut says on standard error what a public collection does not take.
func listLeftOut(std streams, left []deploy.LeftOut) {
	for _, l := range left {
		std.note("%s", l)
	}
}

func list(std streams, name string, secret bool) {
	if secret {
		std.note("wrote %s (secret: for its owner only)", name)
		return
	}
	std.note("wrote %s", name)
}
