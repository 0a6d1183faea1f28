package main

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/internal/filename"
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
	in, err := loadAll(fs.Args(), &password, std)
	if err != nil {
		return 0, err
	}
	in.noteSkipped(std)
	files, err := unpacked(in.files, std)
	if err != nil {
		return 0, err
	}
	var outputs []deploy.Output
	for _, f := range files {
		outputs = append(outputs, deploy.Output{Name: f.name, Data: f.der})
	}
	names, err := writeShown(*dir, outputs, *force, std)
	if err != nil {
		return 0, err
	}
	w := bufio.NewWriter(std.out)
	for _, name := range names {
		fmt.Fprintln(w, report.Printable(name))
	}
	return exitClean, w.Flush()
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
	var subjects []string
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
			list = append(list, unpackedFile{name: sum, der: c.Raw})
			subjects = append(subjects, c.Subject())
		}
	}
	if len(list) == 0 {
		return nil, say.Errorf("no certificate to unpack")
	}
	nameFiles(list, subjects)
	return list, nil
}

// nameFiles names each file by the subject and as much of the fingerprint, which stands
// in the place of its name, as tells it from all others on systems that do not mind
// upper and lower case: eight digits, or more for those that share them.
func nameFiles(list []unpackedFile, subjects []string) {
	sums, digits := make([]string, len(list)), make([]int, len(list))
	for i := range list {
		sums[i], digits[i] = list[i].name, 8
	}
	for again := true; again; {
		again = false
		taken := map[string][]int{}
		for i := range list {
			list[i].name = fileName(subjects[i], sums[i][:digits[i]])
			key := strings.ToLower(list[i].name)
			taken[key] = append(taken[key], i)
		}
		for _, same := range taken {
			for _, i := range same {
				if len(same) > 1 && digits[i] < len(sums[i]) {
					digits[i] = min(digits[i]+8, len(sums[i]))
					again = true
				}
			}
		}
	}
}

// fileName names the file of a certificate by its subject and digits of the
// fingerprint, which tell certificates with one subject apart.
func fileName(subject, digits string) string {
	return filename.Part(chain.CommonName(subject)) + "-" + digits + ".cer"
}
