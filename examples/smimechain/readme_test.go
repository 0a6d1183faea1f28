package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/testdata/outside"
)

// pages are those with sessions, from the root of the repository: each stands before
// the same in another language.
var pages = []string{"README.md", "README.ja.md", "examples/smimechain/README.md", "examples/smimechain/README.ja.md"}

// session is what stands in a page, followed by a block with the output:
//
//	<!-- session: ARGUMENTS -->
//
// A line "…" in the block stands for any lines.
var session = regexp.MustCompile("(?s)<!-- session: (.*?) -->\n```\n(.*?)```\n")

// TestReadme runs the sessions of each page in order, in a folder of their own
// with a copy of testdata, and compares their output. With -update it writes
// those without "…" anew.
func TestReadme(t *testing.T) {
	repo, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	var same []string // the sessions of the page before, in English
	for i, page := range pages {
		t.Run(page, func(t *testing.T) {
			file := filepath.Join(repo, filepath.FromSlash(page))
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text := string(data)
			dir := t.TempDir()
			if err := os.CopyFS(filepath.Join(dir, "testdata"), os.DirFS(filepath.Join(repo, "testdata"))); err != nil {
				t.Fatal(err)
			}
			t.Chdir(dir)
			var commands []string
			for _, s := range session.FindAllStringSubmatch(text, -1) {
				command, shown := s[1], s[2]
				commands = append(commands, quoted.ReplaceAllString(strings.Replace(command, " -lang ja", "", 1), `"…"`))
				if !strings.Contains(text, "\ngo run ./examples/smimechain "+command+"\n") {
					t.Errorf("no line shows the command %q", command)
				}
				var out, errs bytes.Buffer
				run(arguments(command), streams{in: strings.NewReader(""), out: &out, err: &errs})
				if errs.Len() > 0 {
					t.Errorf("%s writes to standard error: %s", command, errs.String())
				}
				if _, after, ok := strings.Cut(command, " -o "); ok {
					if name, _, _ := strings.Cut(after, " "); !exists(name) {
						t.Errorf("%s does not write %s", command, name)
					}
				}
				switch got := out.String(); {
				case matchesElided(shown, got):
				case *update && !strings.Contains("\n"+shown, "\n…\n"):
					text = strings.Replace(text, s[0], strings.Replace(s[0], "```\n"+shown, "```\n"+got, 1), 1)
				default:
					t.Errorf("%s prints\n%s\nthe page shows\n%s", command, got, shown)
				}
			}
			if len(commands) == 0 {
				t.Fatal("no session")
			}
			if i%2 == 0 {
				same = commands
			} else if !slices.Equal(commands, same) {
				t.Errorf("the sessions are\n%s\nthose of %s are\n%s", strings.Join(commands, "\n"), pages[i-1], strings.Join(same, "\n"))
			}
			if *update {
				if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestReadmeTenant runs the test of a repository that its pages show.
//
//	<!-- go test in: FOLDER -->
//	followed by a block with the output
func TestReadmeTenant(t *testing.T) {
	outside.SkipUnderRace(t)
	outside.Program(t, "go", "golang")
	blocks := regexp.MustCompile("(?s)<!-- go test in: (.*?) -->\n```\n(.*?)```\n")
	took := regexp.MustCompile(`\d+\.\d+s|\(cached\)`)
	output := map[string]string{}
	for _, readme := range []string{"README.md", "README.ja.md"} {
		file := filepath.Join("..", "tenant", readme)
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		found := blocks.FindAllStringSubmatch(text, -1)
		if len(found) == 0 {
			t.Errorf("%s shows no go test", readme)
		}
		for _, block := range found {
			folder := block[1]
			if _, ok := output[folder]; !ok {
				cmd := exec.Command("go", "test", "-count=1")
				cmd.Dir = filepath.Join("..", "..", folder)
				cmd.Env = append(os.Environ(), "GOWORK=", "GOFLAGS=")
				out, err := cmd.CombinedOutput()
				if exit := new(exec.ExitError); !errors.As(err, &exit) {
					t.Fatalf("go test in %s: got %v, want it to fail\n%s", folder, err, out)
				}
				output[folder] = took.ReplaceAllString(string(out), "0.02s")
			}
			switch got := output[folder]; {
			case got == block[2]:
			case *update:
				text = strings.Replace(text, block[0], strings.TrimSuffix(block[0], block[2]+"```\n")+got+"```\n", 1)
			default:
				t.Errorf("go test in %s prints\n%s\n%s shows\n%s", folder, got, readme, block[2])
			}
		}
		if *update {
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// quoted is a quoted argument.
var quoted = regexp.MustCompile(`"[^"]*"`)

// arguments splits a command line as every shell does where there are no
// escapes.
func arguments(command string) []string {
	list := regexp.MustCompile(`"[^"]*"|[^ ]+`).FindAllString(command, -1)
	for i := range list {
		list[i] = strings.Trim(list[i], `"`)
	}
	return list
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// matchesElided reports whether got is shown, in which a line "…" stands for any
// lines.
func matchesElided(shown, got string) bool {
	var pattern strings.Builder
	for line := range strings.Lines(shown) {
		if line == "…\n" {
			pattern.WriteString("(?s:.*\n)?")
		} else {
			pattern.WriteString(regexp.QuoteMeta(line))
		}
	}
	return regexp.MustCompile("^" + pattern.String() + "$").MatchString(got)
}

// TestReadmeRules compares the table of rules with the rules; -update writes it anew.
func TestReadmeRules(t *testing.T) {
	const begin, end = "<!-- rules, written by: go test ./examples/smimechain -update -->\n", "<!-- end of rules -->"
	for page, language := range map[string]locale.Language{"RULES.md": locale.English, "RULES.ja.md": "ja"} {
		t.Run(page, func(t *testing.T) {
			file := filepath.Join("..", "..", "lint", page)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			before, rest, ok := strings.Cut(string(text), begin)
			table, after, ok2 := strings.Cut(rest, end)
			if !ok || !ok2 {
				t.Fatal("there is no table of rules")
			}
			want := ruleTable(language)
			if *update {
				if err := os.WriteFile(file, []byte(before+begin+want+end+after), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if table != want {
				t.Errorf("the table of rules is\n%s\nwant\n%s", table, want)
			}
		})
	}
}

func ruleTable(language locale.Language) string {
	var b strings.Builder
	b.WriteString("\n| | |\n| --- | --- |\n")
	for _, r := range lint.Rules() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", r.Name, strings.ReplaceAll(language.Text(r.Description), "|", `\|`))
	}
	return b.String() + "\n"
}

// TestReadmeExample compares each block of Go that names an example with the
// body of that example:
//
//	<!-- example: FILE -->
func TestReadmeExample(t *testing.T) {
	blocks := regexp.MustCompile("(?s)<!-- example: (.*?) -->\n```go\n(.*?)```\n")
	for _, readme := range []string{"README.md", "README.ja.md"} {
		text, err := os.ReadFile(filepath.Join("..", "tenant", readme))
		if err != nil {
			t.Fatal(err)
		}
		found := blocks.FindAllSubmatch(text, -1)
		if len(found) == 0 {
			t.Errorf("%s shows no example", readme)
		}
		for _, block := range found {
			source, err := os.ReadFile(filepath.Join("..", "..", string(block[1])))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(unindent(string(source)), unindent(string(block[2]))) {
				t.Errorf("%s: %s does not hold\n%s", readme, block[1], block[2])
			}
		}
	}
}

// unindent drops the indentation of every line.
func unindent(s string) string {
	return regexp.MustCompile(`(?m)^\t+`).ReplaceAllString(s, "")
}
