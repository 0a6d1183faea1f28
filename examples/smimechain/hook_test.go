package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// hookText returns the hook of examples/pre-commit and the entry of
// .pre-commit-hooks.yaml, the value of which is a block of lines.
func hookText(root string) (hook, entry string, err error) {
	data, err := os.ReadFile(filepath.Join(root, "examples", "pre-commit", "pre-commit"))
	if err != nil {
		return "", "", err
	}
	manifest, err := os.ReadFile(filepath.Join(root, ".pre-commit-hooks.yaml"))
	if err != nil {
		return "", "", err
	}
	_, block, _ := strings.Cut(string(manifest), "\n  entry: |\n")
	for line := range strings.Lines(block) {
		entry += strings.TrimPrefix(line, "    ")
	}
	return string(data), entry, nil
}

// TestHookEntry: the framework calls the very hook that is there to copy, as the one
// argument of a shell.
func TestHookEntry(t *testing.T) {
	hook, entry, err := hookText("../..")
	if err != nil {
		t.Fatal(err)
	}
	_, body, ok := strings.Cut(hook, "\nset -eu\n")
	if want := "sh -c '\nset -eu\n" + body + "' smimechain\n"; !ok || entry != want {
		t.Errorf("the entry is\n%s\nwant\n%s", entry, want)
	}
	if strings.Contains(body, "'") {
		t.Error("the hook has a single quotation mark, which would end the entry")
	}
}

// hookEntry writes the entry of .pre-commit-hooks.yaml as a script that hands its
// arguments on:
//
//	hook-entry OUT
func hookEntry(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: hook-entry OUT")
	}
	_, entry, err := hookText(ts.Getenv("REPO"))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.TrimSuffix(entry, "\n")+" \"$@\"\n"), 0o644))
}
