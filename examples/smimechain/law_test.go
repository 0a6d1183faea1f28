package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/linttest"
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
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
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
	compared := map[lint.VerdictStatus]int{}
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
			opts := lint.Options{Time: at}
			args := []string{"check", "-at", "2026-11-22", "-format", "json", "-password-file", filepath.Join(testdata, "pfx", "password.txt")}
			if target != "" {
				opts.Targets = []lint.Target{target}
				args = append(args, "-for", string(target))
			}
			var out, errs bytes.Buffer
			status := run(append(args, paths...), streams{in: strings.NewReader(""), out: &out, err: &errs})
			r, err := lint.Run(context.Background(), files, &opts)
			if err != nil {
				if status != exitFailed {
					t.Errorf("%v for %q: lint.Run: %v, the command exits with %d", set, target, err, status)
				}
				continue
			}
			var report struct {
				Subjects []struct {
					Target lint.Target
					Status lint.VerdictStatus
				}
			}
			if err := json.Unmarshal(out.Bytes(), &report); err != nil {
				t.Fatalf("%v for %q: %v: %s", set, target, err, errs.String())
			}
			var command, library []string
			for _, s := range report.Subjects {
				command = append(command, fmt.Sprint(s.Target, " ", s.Status))
			}
			for _, s := range r.Subjects {
				library = append(library, fmt.Sprint(s.Target, " ", s.Status))
				compared[s.Status]++
			}
			if fmt.Sprint(command) != fmt.Sprint(library) {
				t.Errorf("%v for %q: the command says %v, lint.Run %v", set, target, command, library)
			}
			rec := &recorder{TB: t}
			linttest.Clean(rec, &linttest.Options{Lint: opts, Password: &password, Before: -1}, paths...)
			if rec.failed != (status != exitClean) {
				t.Errorf("%v for %q: the command exits with %d, a test with linttest fails: %t", set, target, status, rec.failed)
			}
		}
	}
	if len(compared) < 3 {
		t.Errorf("compared only %v", compared)
	}
}
