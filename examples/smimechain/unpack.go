package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
)

func unpack(c *command, args []string, std streams) (int, error) {
	var (
		fs       = c.flags()
		password passwordFlags
		dir      = fs.String("d", "", "write into the folder `DIR`, which is made if need be")
		force    = fs.Bool("force", false, "replace files that exist")
	)
	password.register(fs)
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	if *dir == "" {
		return 0, say.Errorf("unpack: -d DIR is missing")
	}
	in, err := load(fs.Args(), &password, std)
	if err != nil {
		return 0, err
	}
	if err := in.failed.err(); err != nil {
		return 0, err
	}
	files, err := unpacked(in.files, std)
	if err != nil {
		return 0, err
	}
	if err := os.MkdirAll(*dir, 0o755); err != nil {
		return 0, err
	}
	if !*force {
		if err := allNew(*dir, files); err != nil {
			return 0, err
		}
	}
	for _, f := range files {
		name := filepath.Join(*dir, f.name)
		if err := writeFile(name, f.der, *force); err != nil {
			return 0, err
		}
		fmt.Fprintln(std.out, report.Printable(name))
	}
	return exitClean, nil
}

// unpackedFile is one certificate with the name of the file it goes to.
type unpackedFile struct {
	name string
	der  []byte
}

// unpacked names the certificates of files, each once. What cannot be decoded is
// said on standard error.
func unpacked(files []*bundle.File, std streams) ([]unpackedFile, error) {
	var list []unpackedFile
	seen := map[string]bool{}
	for _, f := range files {
		for i, c := range f.Certificates {
			if c.Raw == nil {
				std.note("%s: certificate %d left out: %v", f.Name, i, c.Fault)
				continue
			}
			sum := fmt.Sprintf("%x", c.SHA256())
			if seen[sum] {
				continue
			}
			seen[sum] = true
			list = append(list, unpackedFile{fileName(c.Subject(), sum), c.Raw})
		}
	}
	if len(list) == 0 {
		return nil, say.Errorf("no certificate to unpack")
	}
	return list, nil
}

// allNew makes sure that nothing is there yet before anything is written.
func allNew(dir string, files []unpackedFile) error {
	for _, f := range files {
		name := filepath.Join(dir, f.name)
		if _, err := os.Lstat(name); err == nil {
			return errExists(name)
		}
	}
	return nil
}

// fileName names the file of a certificate by its subject and the start of the
// fingerprint, which tells certificates with one subject apart.
func fileName(subject, sha256 string) string {
	return deploy.FileName(chain.CommonName(subject)) + "-" + sha256[:8] + ".cer"
}
