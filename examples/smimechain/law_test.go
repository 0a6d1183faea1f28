package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/linttest"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/testdata/outside"
	"github.com/smimechain/smimechain/testdata/schemas"
)

// recorder counts failures in place of a test.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Logf(string, ...any)   {}
func (r *recorder) Errorf(string, ...any) { r.failed = true }
func (r *recorder) Fatalf(string, ...any) { r.failed = true }

// TestLawOneVerdict holds that the command, package lint and package linttest give one
// verdict about the same files.
func TestLawOneVerdict(t *testing.T) {
	testdata := filepath.Join("..", "..", "testdata")
	sets := [][]string{
		{"example/leaf.pem", "collections/complete.sst"},
		{"example/leaf.pem", "collections/cross-certificate-missing.sst"},
		{"pfx/widest.pfx"}, {"pfx/modern-without-root.pfx"},
		{"pfx/widest.pfx", "collections/complete.sst"},
		{"sectigo/root-usertrust-rsa.pem"},
		{"example/leaf.pem", "example/issuing-ca.pem", "example/root-self-signed.pem"},
	}
	stores, err := filepath.Glob(filepath.Join(testdata, "collections", "*"))
	if err != nil || len(stores) == 0 {
		t.Fatalf("%v: no collections", err)
	}
	for _, s := range stores {
		sets = append(sets, []string{"collections/" + filepath.Base(s)})
	}
	password := "smimechain"
	if text, err := readText(filepath.Join(testdata, "pfx", "password.txt"), 1000); err == nil {
		password = strings.TrimRight(string(text), "\r\n")
	}
	law := &oneVerdict{at: "2026-11-22", passwordFile: filepath.Join(testdata, "pfx", "password.txt"), password: password, compared: map[lint.VerdictStatus]int{}}
	for _, set := range sets {
		var paths []string
		var files []*bundle.File
		for _, name := range set {
			path := filepath.Join(testdata, filepath.FromSlash(name))
			f, err := (&bundle.Options{Password: &password}).ReadFile(context.Background(), path)
			if err != nil {
				t.Fatal(err)
			}
			paths, files = append(paths, path), append(files, f)
		}
		for _, target := range append([]lint.Target{""}, lint.Targets()...) {
			law.compare(t, target, paths, files)
		}
	}
	if len(law.compared) < 3 {
		t.Errorf("compared only %v", law.compared)
	}
}

// TestLawOneVerdictCorpus holds the same of every real file that can be read.
func TestLawOneVerdictCorpus(t *testing.T) {
	outside.SkipUnderRace(t)
	outside.AtLength(t, "judges some hundred files three times")
	password := filepath.Join(t.TempDir(), "password.txt")
	if err := os.WriteFile(password, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	law := &oneVerdict{at: "2026-11-26", passwordFile: password, password: "secret", compared: map[lint.VerdictStatus]int{}}
	files := 0
	for _, folder := range []string{"field", "sst", "pfx", "sectigo", "mail", "graph"} {
		err := filepath.WalkDir(outside.Corpus(t, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			if info, err := d.Info(); err != nil || info.Size() > 200_000 {
				return err
			}
			f, err := (&bundle.Options{Password: &law.password}).ReadFile(t.Context(), path)
			if err != nil {
				return nil // named by its error, and by none of the three judged
			}
			files++
			law.compare(t, "", []string{path}, []*bundle.File{f})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d files: %v", files, law.compared)
	if files < 500 {
		t.Errorf("only %d files", files)
	}
}

// oneVerdict compares what the command, package lint and package linttest say.
type oneVerdict struct {
	at, passwordFile, password string
	compared                   map[lint.VerdictStatus]int // verdicts
}

func (l *oneVerdict) compare(t *testing.T, target lint.Target, paths []string, files []*bundle.File) {
	t.Helper()
	at, err := time.Parse(time.DateOnly, l.at)
	if err != nil {
		t.Fatal(err)
	}
	opts := lint.Options{Time: at}
	args := []string{"check", "-at", l.at, "-format", "json", "-password-file", l.passwordFile}
	if target != "" {
		opts.Targets = []lint.Target{target}
		args = append(args, "-for", string(target))
	}
	var out, errs bytes.Buffer
	status := run(append(args, paths...), streams{in: strings.NewReader(""), out: &out, err: &errs})
	r, err := lint.Run(t.Context(), files, &opts)
	if err != nil {
		if status != exitFailed {
			t.Errorf("%v for %q: lint.Run: %v, the command exits with %d", paths, target, err, status)
		}
		return
	}
	schemas.Report(t, out.Bytes())
	report, err := report.Decode(out.Bytes())
	if err != nil {
		t.Fatalf("%v for %q: %v: %s", paths, target, err, errs.String())
	}
	var command, library []string
	for _, s := range report.Verdicts {
		command = append(command, fmt.Sprint(s.Target, " ", s.Status))
	}
	for _, s := range r.Subjects {
		library = append(library, fmt.Sprint(s.Target, " ", s.Status))
		l.compared[s.Status]++
	}
	if fmt.Sprint(command) != fmt.Sprint(library) {
		t.Errorf("%v for %q: the command says %v, lint.Run %v", paths, target, command, library)
	}
	rec := &recorder{TB: t}
	linttest.Clean(rec, &linttest.Options{Lint: opts, Password: &l.password, Before: -1}, paths...)
	if rec.failed != (status != exitClean) {
		t.Errorf("%v for %q: the command exits with %d, a test with linttest fails: %t", paths, target, status, rec.failed)
	}
}
