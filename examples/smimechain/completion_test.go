package main

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/testdata/outside"
)

// completed returns the words that a line may end with, "…" for names of files.
func completed(t *testing.T, words ...string) []string {
	t.Helper()
	var out, errs bytes.Buffer
	words[len(words)-1] = "+" + words[len(words)-1]
	if status := run(append([]string{completeWords}, words...), streams{in: strings.NewReader(""), out: &out, err: &errs}); status != exitClean || errs.Len() > 0 {
		t.Fatalf("%q: exits with %d: %s", words, status, errs.String())
	}
	var found []string
	for line := range strings.Lines(out.String()) {
		word, _, tab := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !tab {
			if word != completeFiles {
				t.Errorf("%q: a line without a tab: %q", words, line)
			}
			word = "…"
		}
		found = append(found, word)
	}
	return found
}

func TestCompletion(t *testing.T) {
	for _, tt := range []struct{ words, want string }{
		{"ch", "check …"},
		{"deploy ", "exchange intune-trusted intune-pfx profile handout"},
		{"deploy intune-", "intune-trusted intune-pfx"},
		{"check ", "…"},
		{"check a.sst ", "…"},
		{"a.sst -form", "-format"},
		{"check -form", "-format"},
		{"check --form", "--format"},
		{"check a.sst -format js", "json"},
		{"check -format=js", "-format=json"},
		{"check -format = js", "json"},
		{"check -format =", "csv html json junit ndjson sarif text"},
		{"check -for win", "windows"},
		{"check -for windows,outlook-i", "windows,outlook-ios"},
		{"check -for=windows,outlook-i", "-for=windows,outlook-ios"},
		{"check -for windows,windo", ""},
		{"check -force js", "…"},
		{"check -with ", "…"},
		{"check -at ", ""},
		{"check -lang j", "ja"},
		{"check -nosuch ", "…"},
		{"check -- -f", "…"},
		{"rewrite -for thunder", "thunderbird"},
		{"deploy handout -format ", "md html"},
		{"deploy nowhere -format ", ""},
		{"explain e_collection_no_r", "e_collection_no_root"},
		{"completion ", "bash zsh fish powershell"},
		{"version ", ""},
		{"version -l", "-lang"},
	} {
		if got := strings.Join(completed(t, strings.Split(tt.words, " ")...), " "); got != tt.want {
			t.Errorf("%q is completed with %q, want %q", tt.words, got, tt.want)
		}
	}
}

// Every command tells its flags without running, all of them are completed, described in
// every language and in the manual page, and every word that a flag is said to take is taken.
func TestCommandTables(t *testing.T) {
	all := slices.DeleteFunc(commands(), func(c *command) bool { return c.name == "deploy" })
	for _, target := range deployTargets() {
		target.name = "deploy " + target.name
		all = append(all, target)
	}
	var page bytes.Buffer
	run([]string{"man"}, streams{out: &page, err: &page})
	count := 0
	for _, c := range all {
		fs := c.flagTable()
		if fs == nil {
			t.Errorf("%s does not tell its flags", c.name)
			continue
		}
		if !strings.Contains(page.String(), ".SS \"smimechain "+plain(c.name)) {
			t.Errorf("the manual page has no %s", c.name)
		}
		offered := completed(t, append(strings.Fields(c.name), "-")...)
		fs.VisitAll(func(f *flag.Flag) {
			count++
			if !slices.Contains(offered, "-"+f.Name) {
				t.Errorf("%s: -%s is not completed", c.name, f.Name)
			}
			for _, l := range locale.Languages() {
				if _, about := fs.describe(f, l); about == "" {
					t.Errorf("%s: -%s has no description in %s", c.name, f.Name, l)
				}
			}
			if !strings.Contains(page.String(), "\n.BR \\-"+plain(f.Name)) {
				t.Errorf("the manual page has no %s -%s", c.name, f.Name)
			}
			for _, word := range fs.values[f.Name].words {
				var out, errs bytes.Buffer
				run(append(strings.Fields(c.name), "-"+f.Name, word, "-o", t.TempDir(), "nowhere.sst"), streams{in: strings.NewReader(""), out: &out, err: &errs})
				if s := errs.String(); strings.Contains(s, strconv.Quote(word)) {
					t.Errorf("%s -%s %s: %s", c.name, f.Name, word, s)
				}
			}
		})
		for name := range fs.values {
			if fs.Lookup(name) == nil {
				t.Errorf("%s: words for -%s, which is no flag", c.name, name)
			}
		}
	}
	if count < 150 {
		t.Errorf("%d flags", count)
	}
}

// TestShells completes words in the shells that are there.
func TestShells(t *testing.T) {
	outside.SkipUnderRace(t)
	dir := t.TempDir()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("the command cannot be built here: ", err) // Wine
	}
	build := exec.Command("go", "build", "-o", filepath.Join(dir, "smimechain"), ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := os.WriteFile(filepath.Join(dir, "a file.sst"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for shell, harness := range map[string]string{
		"bash": `source script
			COMP_WORDS=(smimechain "$@") COMP_CWORD=$#
			_smimechain 2>/dev/null; printf '%s\n' "${COMPREPLY[@]}"`,
		"zsh": `compdef() { :; }
			_describe() { local entry; for entry in "${(@P)2}"; do print -r -- "${entry%%:*}"; done; }
			_files() { print -rl -- ${PREFIX}*(N); }
			source ./script
			words=(smimechain "$@") CURRENT=$(($# + 1)) PREFIX="${@[-1]}"
			_smimechain`,
		"fish": `source script; complete -C "smimechain $argv" | string replace -r '\t.*' ''; true`,
	} {
		t.Run(shell, func(t *testing.T) {
			outside.Program(t, shell, shell)
			script, err := exec.Command(filepath.Join(dir, "smimechain"), "completion", shell).Output()
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "script"), script, 0o600); err != nil {
				t.Fatal(err)
			}
			for _, tt := range []struct{ words, want string }{
				{"chec", "check"},
				{"check -for win", "windows"},
				{"check -for windows,outlook-i", "windows,outlook-ios"},
				{"check -form", "-format"},
				{"deploy intune-p", "intune-pfx"},
				{"explain e_collection_no_r", "e_collection_no_root"},
				{"check a", "a file.sst"},
				{"check -with a", "a file.sst"},
				{"deploy ", "exchange handout intune-pfx intune-trusted profile"},
				{"check -at x", ""},
			} {
				cmd := exec.Command(shell, append([]string{"-c", harness}, wordsFor(shell, tt.words)...)...)
				cmd.Dir = dir
				cmd.Env = append(os.Environ(), "PATH="+dir+string(os.PathListSeparator)+os.Getenv("PATH"), "HOME="+dir)
				out, err := cmd.CombinedOutput()
				if err != nil {
					t.Fatalf("%v: %s", err, out)
				}
				got := strings.Split(strings.TrimSpace(strings.ReplaceAll(string(out), `a\ file`, "a file")), "\n")
				slices.Sort(got)
				if s := strings.Join(got, " "); s != tt.want {
					t.Errorf("%q is completed with %q, want %q", tt.words, s, tt.want)
				}
			}
		})
	}
}

// wordsFor gives the words of a line to a harness, which bash and zsh number from 0.
func wordsFor(shell, words string) []string {
	if shell == "fish" {
		return []string{words}
	}
	return append([]string{shell}, strings.Split(words, " ")...)
}

// The manual page is such as groff reads without a warning.
func TestManualPage(t *testing.T) {
	outside.Program(t, "groff", "groff-base")
	for _, l := range []string{"en", "de"} {
		var page, errs bytes.Buffer
		if status := run([]string{"man", "-lang", l}, streams{out: &page, err: &errs}); status != exitClean {
			t.Fatal(errs.String())
		}
		cmd := exec.Command("groff", "-man", "-K", "utf8", "-T", "utf8", "-ww", "-z")
		cmd.Stdin = &page
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: %v: %s", l, err, out)
		}
	}
}
