package linttest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
)

// The endings of files beside a case.
const (
	wantExt     = ".want"
	factsExt    = ".facts"
	passwordExt = ".password"
)

// Run runs a rule on every case in a folder and compares what it says. A case
// is a pair of files: NAME.EXT, in any format that package bundle reads, and
// NAME.want, with one line for each finding:
//
//	INDEX: MESSAGE
//
// where the index is that of the certificate in the file, from 0, or a hyphen
// for the file as a whole. Instead of findings, NAME.want may hold the one line
// "pass", when the rule has nothing to say, or "NA", when it does not apply.
// Empty lines and lines that begin with # are skipped.
//
// A file NAME.facts is read by [lint.ParseFacts]; NAME.password holds the
// password of a PFX, of which one line ending is dropped. Set opts.Time, so that
// cases do not age. Of opts.Rules only the rule given runs, and no lint of zlint.
//
// There has to be a case with a finding, one that passes, and no file without
// its partner.
func Run(t *testing.T, rule lint.Rule, dir string, opts *lint.Options) {
	t.Helper()
	cases, err := findCases(dir)
	if err != nil {
		t.Fatal(err)
	}
	if rule.Name == "" || rule.Run == nil {
		t.Fatal("the rule has no name or no Run function")
	}
	var bad, good bool
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			want, err := c.want()
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.run(t, rule, opts)
			if err != nil {
				t.Fatal(err)
			}
			bad = bad || strings.Contains(want[0], ": ")
			good = good || want[0] == "pass"
			if !slices.Equal(got, want) {
				t.Errorf("%s says:\n%s\n%s wants:\n%s", rule.Name, indent(got), c.path+wantExt, indent(want))
			}
		})
	}
	if !bad {
		t.Errorf("%s: no case of %s has a finding: add a file that breaks the rule, and a %s file", dir, rule.Name, wantExt)
	}
	if !good {
		t.Errorf("%s: no case of %s passes: add a file that keeps the rule, and a %s file that says pass", dir, rule.Name, wantExt)
	}
}

// testCase is one pair of files.
type testCase struct {
	name string
	path string // without ending
	file string // the input
}

// findCases pairs the files of a folder.
func findCases(dir string) ([]testCase, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("the folder of cases: %w", err)
	}
	inputs := map[string]string{}
	wants := map[string]bool{}
	for _, e := range entries {
		name, ext := strings.TrimSuffix(e.Name(), filepath.Ext(e.Name())), filepath.Ext(e.Name())
		switch {
		case e.IsDir():
			return nil, fmt.Errorf("%s: a folder among the cases", filepath.Join(dir, e.Name()))
		case ext == wantExt:
			wants[name] = true
		case ext == factsExt, ext == passwordExt:
		case inputs[name] != "":
			return nil, fmt.Errorf("%s: two inputs for one case", filepath.Join(dir, name))
		default:
			inputs[name] = e.Name()
		}
	}
	var cases []testCase
	for name, input := range inputs {
		if !wants[name] {
			return nil, fmt.Errorf("%s has no %s%s beside it", filepath.Join(dir, input), name, wantExt)
		}
		delete(wants, name)
		cases = append(cases, testCase{name, filepath.Join(dir, name), filepath.Join(dir, input)})
	}
	for name := range wants {
		return nil, fmt.Errorf("%s%s has no input beside it", filepath.Join(dir, name), wantExt)
	}
	if len(cases) == 0 {
		return nil, fmt.Errorf("%s: no case; put NAME.EXT and NAME%s into the folder", dir, wantExt)
	}
	slices.SortFunc(cases, func(a, b testCase) int { return strings.Compare(a.name, b.name) })
	return cases, nil
}

// want returns the lines that are expected, findings sorted.
func (c *testCase) want() ([]string, error) {
	data, err := os.ReadFile(c.path + wantExt)
	if err != nil {
		return nil, err
	}
	var lines []string
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("%s%s is empty: say pass, NA, or what is to be found", c.path, wantExt)
	}
	slices.Sort(lines)
	return lines, nil
}

// run returns what the rule says.
func (c *testCase) run(t *testing.T, rule lint.Rule, opts *lint.Options) ([]string, error) {
	o := lint.Options{}
	if opts != nil {
		o = *opts
	}
	o.Rules, o.ZLint = []lint.Rule{rule}, []string{"none"}
	if len(o.Targets) == 0 {
		o.Targets = rule.Targets
	}
	if data, err := os.ReadFile(c.path + factsExt); err == nil {
		if o.Facts, err = lint.ParseFacts(data); err != nil {
			return nil, fmt.Errorf("%s%s: %w", c.path, factsExt, err)
		}
	} else if !os.IsNotExist(err) {
		return nil, err
	}
	reader := new(bundle.Options)
	if data, err := os.ReadFile(c.path + passwordExt); err == nil {
		password := strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
		reader.Password = &password
	} else if !os.IsNotExist(err) {
		return nil, err
	}
	f, err := reader.ReadFile(t.Context(), c.file)
	if err != nil {
		return nil, err
	}
	r, err := lint.Run(t.Context(), []*bundle.File{f}, &o)
	if err != nil {
		return nil, err
	}
	if len(r.Findings) == 0 {
		return []string{r.Outcomes[0].Status.String()}, nil
	}
	var lines []string
	for _, f := range r.Findings {
		index := "-"
		if f.Index >= 0 {
			index = fmt.Sprint(f.Index)
		}
		lines = append(lines, fmt.Sprintf("%s: %s", index, f.Message))
	}
	slices.Sort(lines)
	return lines, nil
}

func indent(lines []string) string { return "  " + strings.Join(lines, "\n  ") }
