package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestCommands runs each command that a finding about a file of the corpus names, in a
// copy of the corpus: none is refused.
func TestCommands(t *testing.T) {
	outside.SkipUnderRace(t)
	outside.AtLength(t, "checks some 700 files")
	for _, set := range []string{"pfx", "field"} {
		dir := filepath.Join(t.TempDir(), set)
		if err := os.CopyFS(dir, os.DirFS(outside.Corpus(t, set))); err != nil {
			t.Fatal(err)
		}
		t.Chdir(dir)
		passwords := passwordsOf(t)
		done := map[string]bool{}
		for _, name := range filesBelow(t) {
			for _, targets := range []string{"", "outlook-ios", "intune", "windows"} {
				for _, command := range commandsFor(t, name, targets, passwords[name]) {
					if !done[command] {
						done[command] = true
						runCommand(t, command, passwords[name])
					}
				}
			}
		}
		t.Logf("%s: %d commands", set, len(done))
		if least := map[string]int{"pfx": 60, "field": 60}[set]; len(done) < least {
			t.Errorf("%s: %d commands, want %d or more", set, len(done), least)
		}
	}
}

// passwordsOf returns the file with the password of each file below the working
// directory: that which the manifest names, or one that lies beside it.
func passwordsOf(t *testing.T) map[string]string {
	files := map[string]string{}
	if manifest, err := os.ReadFile("MANIFEST.tsv"); err == nil {
		for line := range strings.Lines(string(manifest)) {
			row := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
			file := filepath.Join(t.TempDir(), "password")
			if err := os.WriteFile(file, []byte(row[1]), 0o600); err != nil {
				t.Fatal(err)
			}
			files[row[0]] = file
		}
		return files
	}
	for _, name := range filesBelow(t) {
		for _, beside := range []string{"password.txt", "pw.txt"} {
			file := filepath.Join(filepath.Dir(name), beside)
			if _, err := os.Stat(file); err == nil {
				files[name] = file
			}
		}
	}
	return files
}

func filesBelow(t *testing.T) []string {
	var names []string
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func commandsFor(t *testing.T, name, targets, password string) []string {
	args := []string{"check", "-format", "json", "-zlint", "none", "-at", "2026-11-22"}
	if targets != "" {
		args = append(args, "-for", targets)
	}
	if password != "" {
		args = append(args, "-password-file", password)
	}
	var out, errs bytes.Buffer
	run(append(args, "--", name), streams{in: strings.NewReader(""), out: &out, err: &errs, language: "en"})
	var d report.Document
	if json.Unmarshal(out.Bytes(), &d) != nil {
		return nil // there is no report
	}
	var commands []string
	forms := map[string]bool{} // to be written anew for
	for _, f := range d.Findings {
		for _, c := range f.Commands {
			if _, form, ok := strings.Cut(c, "rewrite -for "); ok {
				forms[strings.Fields(form)[0]] = true
			}
		}
		if strings.Contains(f.Remedy, "TARGET") || strings.Contains(f.Remedy, "OUT.") || strings.Contains(f.Remedy, " DIR") {
			t.Errorf("%s: %s has words in the place of names: %s", name, f.Rule, f.Remedy)
		}
		commands = append(commands, f.Commands...)
	}
	if targets != "" && len(forms) > 1 {
		t.Errorf("%s: remedies for %s contradict each other: %v", name, targets, forms)
	}
	return slices.Compact(commands)
}

// runCommand runs a command as a shell would, with the password where it is one of those
// that are printed without.
func runCommand(t *testing.T, command, password string) {
	t.Helper()
	args := shellArguments(command)
	if args[0] != "smimechain" {
		t.Errorf("%s: not a call of smimechain", command)
		return
	}
	args = args[1:]
	switch named := slices.Contains(args, "-password-file"); {
	case password != "" && args[0] == "rewrite" && !named:
		t.Errorf("%s: not with the password that was given", command)
	case password != "" && args[0] != "pack" && args[0] != "deploy" && !named:
		args = slices.Insert(args, 1, "-password-file", password)
	}
	var out, errs bytes.Buffer
	if status := run(args, streams{in: strings.NewReader(""), out: &out, err: &errs, language: "en"}); status == exitFailed {
		t.Errorf("%s: %s", command, errs.String())
	}
	// Files of other forms have the same name but for its end.
	for i, a := range args {
		if a == "-o" || a == "-d" {
			if err := os.RemoveAll(args[i+1]); err != nil {
				t.Error(err)
			}
		}
	}
}

// shellArguments splits a command as shells of Unix and PowerShell both do.
func shellArguments(command string) []string {
	var args []string
	var word strings.Builder
	var within rune
	for _, r := range command + " " {
		switch {
		case within == r:
			within = 0
		case within != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			within = r
		case r == ' ':
			args = append(args, word.String())
			word.Reset()
		default:
			word.WriteRune(r)
		}
	}
	return args
}

// TestNoCommands holds that no command is named for what is no file: a line, a file in an
// archive, or standard input. The same file has one where it is given by name.
func TestNoCommands(t *testing.T) {
	root, err := os.ReadFile("../../testdata/example/root-self-signed.pem")
	if err != nil {
		t.Fatal(err)
	}
	issuing, err := os.ReadFile("../../testdata/example/issuing-ca.pem")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	store, name := slices.Concat(root, issuing), filepath.Join(dir, "a.pem")
	if err := os.WriteFile(name, store, 0o600); err != nil {
		t.Fatal(err)
	}
	var zipped, taped bytes.Buffer
	z, tape := zip.NewWriter(&zipped), tar.NewWriter(&taped)
	w, err := z.Create("a.pem")
	if err == nil {
		_, err = w.Write(store)
	}
	if err = errors.Join(err, z.Close(), tape.WriteHeader(&tar.Header{Name: "a.pem", Mode: 0o600, Size: int64(len(store))})); err == nil {
		_, err = tape.Write(store)
	}
	if err = errors.Join(err, tape.Close()); err != nil {
		t.Fatal(err)
	}
	inZip, inTar := filepath.Join(dir, "x.zip"), filepath.Join(dir, "x.tar")
	if err := errors.Join(os.WriteFile(inZip, zipped.Bytes(), 0o600), os.WriteFile(inTar, taped.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		what string
		args []string
		in   []byte
		want bool
	}{
		{"a file", []string{name}, nil, true},
		{"a file in a ZIP archive", []string{inZip}, nil, false},
		{"a file in a tar archive", []string{inTar}, nil, false},
		{"standard input", []string{"-"}, store, false},
		{"a line", []string{"-lines"}, []byte(base64.StdEncoding.EncodeToString(store) + "\n"), false},
	} {
		var out, errs bytes.Buffer
		run(append([]string{"check", "-format", "ndjson", "-zlint", "none"}, tt.args...), streams{in: bytes.NewReader(tt.in), out: &out, err: &errs, language: "en"})
		findings, commands := 0, 0
		for line := range bytes.Lines(out.Bytes()) {
			var d report.Document
			if err := json.Unmarshal(line, &d); err != nil {
				t.Fatal(err)
			}
			for _, f := range d.Findings {
				findings++
				commands += len(f.Commands)
			}
		}
		if findings == 0 || commands > 0 != tt.want {
			t.Errorf("%s: %d findings with %d commands: %s", tt.what, findings, commands, errs.String())
		}
	}
}
