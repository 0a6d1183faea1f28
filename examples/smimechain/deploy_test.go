package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/deploy"
)

func TestWriteOutputs(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	var errs bytes.Buffer
	std := streams{out: &errs, err: &errs}
	outputs := []deploy.Output{{Name: "a/secret.json", Data: []byte("1"), Secret: true}, {Name: "public.cer", Data: []byte("2")}}
	if err := writeOutputs(std, dir, outputs, false); err != nil {
		t.Fatal(err)
	}
	mode := func(name string) fs.FileMode {
		t.Helper()
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode().Perm()
	}
	if runtime.GOOS != "windows" && (mode("a/secret.json") != 0o600 || mode("a") != 0o700 || mode("public.cer") != 0o644) {
		t.Errorf("modes %o %o %o", mode("a/secret.json"), mode("a"), mode("public.cer"))
	}
	if strings.Contains(errs.String(), "1\n2") {
		t.Error("content is shown")
	}

	// One that exists keeps all from being written.
	if err := os.Remove(filepath.Join(dir, "public.cer")); err != nil {
		t.Fatal(err)
	}
	if err := writeOutputs(std, dir, outputs, false); !errors.Is(err, fs.ErrExist) {
		t.Errorf("an existing file: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "public.cer")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("written all the same: %v", err)
	}
	outputs[0].Data = []byte("3")
	if err := writeOutputs(std, dir, outputs, true); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(filepath.Join(dir, "a", "secret.json")); err != nil || string(data) != "3" {
		t.Errorf("force does not replace: %s, %v", data, err)
	}
	entries, err := os.ReadDir(filepath.Join(dir, "a"))
	if err != nil || len(entries) != 1 {
		t.Errorf("temporary files are left: %v, %v", entries, err)
	}
}

// TestWriteSecretRace holds that a file that comes into being meanwhile is not
// replaced.
func TestWriteSecretRace(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(name, []byte("theirs"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := writeSecret(name, []byte("ours"), false); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v", err)
	}
	if data, _ := os.ReadFile(name); string(data) != "theirs" {
		t.Errorf("the file now holds %s", data)
	}
}
