package pkcs12

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	"github.com/smimechain/smimechain/testdata/outside"
)

// A sample is a row of a manifest of the corpus.
type sample struct {
	dir, name string
	password  string
	note      string // what it is
	expected  string // pfx-keyfile only
	encoding  pkcs7.Encoding
}

// raceIterations is how many iterations a file of the corpus may ask for under
// the race detector. One file in eight asks for more, and takes nineteen twentieths
// of the time; the run without the detector has them all.
const raceIterations = 200_000

// affordable reports whether a file of the corpus is inspected in this run.
func affordable(t testing.TB, dir, name string) bool {
	t.Helper()
	if !raceEnabled {
		return true
	}
	r, err := new(Options).Inspect(context.Background(), outside.Read(t, dir, name))
	if err != nil {
		return true
	}
	var iterations int64
	add := func(n int64) {
		if n <= defaultIterations { // more than that is not run
			iterations += n
		}
	}
	if r.MAC != nil {
		add(r.MAC.Iterations)
	}
	for _, s := range r.Safes {
		if s.Encryption != nil {
			add(s.Encryption.Iterations)
		}
	}
	return iterations <= raceIterations
}

// samples returns the rows of both manifests, under the race detector those that
// are affordable.
func samples(t testing.TB) []sample {
	t.Helper()
	var list []sample
	for _, row := range manifest(t, "pfx/MANIFEST.tsv") {
		s := sample{dir: "pfx", name: row["file"], password: row["password"], note: row["note"]}
		if row["outer"] == "BER" {
			s.encoding = 1
		}
		list = append(list, s)
	}
	for _, row := range manifest(t, "pfx-keyfile/MANIFEST.tsv") {
		s := sample{
			dir: "pfx-keyfile", name: row["file"], password: row["password"],
			note: row["original_name"], expected: row["expected"],
		}
		if s.password == "(none)" {
			s.password = ""
		}
		// Two passwords: the one of the MAC comes first.
		if mac, _, two := strings.Cut(s.password, " / "); two {
			s.password = mac
		}
		if row["encoding"] == "ber-indefinite" {
			s.encoding = 1
		}
		list = append(list, s)
	}
	return slices.DeleteFunc(list, func(s sample) bool { return !affordable(t, s.dir, s.name) })
}

func manifest(t testing.TB, name string) []map[string]string {
	t.Helper()
	lines := strings.Split(strings.TrimRight(string(outside.Read(t, filepath.FromSlash(name))), "\n"), "\n")
	head := strings.Split(lines[0], "\t")
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := make(map[string]string)
		for i, field := range strings.Split(line, "\t") {
			row[head[i]] = field
		}
		rows = append(rows, row)
	}
	return rows
}

// reports remembers what inspections of the corpus gave: some files take a second.
var reports sync.Map // of func() (*Report, error), by folder, name and password

func inspectSample(t testing.TB, dir, name, password string) (*Inspection, error) {
	t.Helper()
	data := outside.Read(t, dir, name) // may skip the test, which must not happen inside Once
	inspect := sync.OnceValues(func() (*Inspection, error) { return Inspect(data, password) })
	f, _ := reports.LoadOrStore([3]string{dir, name, password}, inspect)
	return f.(func() (*Inspection, error))()
}

// inspectFile inspects a file of the corpus that is a PFX.
func inspectFile(t testing.TB, dir, name, password string) *Inspection {
	t.Helper()
	r, err := inspectSample(t, dir, name, password)
	if err != nil {
		t.Fatalf("%s/%s: %v", dir, name, err)
	}
	return r
}
