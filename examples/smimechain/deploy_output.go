package main

import (
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
		list(std.err, name, o.Secret)
	}
	return nil
}

// listLeftOut says on standard error what a public collection does not take.
func listLeftOut(std streams, page screen, left []deploy.LeftOut) {
	for _, l := range left {
		fmt.Fprintf(std.err, "smimechain: %s\n", page.say("%s", l))
	}
}

func list(w io.Writer, name string, secret bool) {
	if secret {
		fmt.Fprintf(w, "smimechain: wrote %s (secret: for its owner only)\n", report.Printable(name))
		return
	}
	fmt.Fprintf(w, "smimechain: wrote %s\n", report.Printable(name))
}
