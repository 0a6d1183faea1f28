package report

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/smimechain/smimechain/lint"
)

// sentences are the functions that take a sentence, with the place of it among
// their arguments.
var sentences = map[string][]int{
	"say": {0}, "wrong": {0}, "Report": {1}, "ReportFile": {1}, // of package lint
	"text": {0}, "plural": {1, 2}, // of this package
}

// said returns the sentences that the sources of a package say, with where they
// say them.
func said(t *testing.T, dir string) map[string]string {
	t.Helper()
	list := map[string]string{}
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no source in %s: %v", dir, err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			for _, i := range sentences[calledName(call)] {
				if i >= len(call.Args) {
					continue
				}
				if lit, ok := call.Args[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
					text, err := strconv.Unquote(lit.Value)
					if err != nil {
						t.Fatal(err)
					}
					list[text] = files.Position(lit.Pos()).String()
				}
			}
			return true
		})
	}
	return list
}

func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	default:
		return ""
	}
}

var verb = regexp.MustCompile(`%(\[\d+\])?[-+# 0]*[\d.]*[a-zA-Z%]`)

// hasWords reports whether a sentence has anything to translate.
func hasWords(format string) bool {
	return strings.ContainsFunc(verb.ReplaceAllString(format, ""), unicode.IsLetter)
}

// needed returns everything that has to be said in each language, with where it
// comes from.
func needed(t *testing.T) map[string]string {
	t.Helper()
	all := said(t, ".")
	maps.Copy(all, said(t, ".."))
	for _, m := range regexp.MustCompile(`\.T "([^"]*)"`).FindAllStringSubmatch(htmlTemplate, -1) {
		all[m[1]] = "html.tmpl"
	}
	for _, words := range [][]string{
		{string(lint.Works), string(lint.Fails), string(lint.Unknown), "not applicable"},
	} {
		for _, w := range words {
			all[w] = "the word of a verdict"
		}
	}
	names := []string{"w_acceptance_expired", "n_acceptance_unused", "w_rsa_mod_factors_smaller_than_752"}
	for _, r := range lint.Rules() {
		names = append(names, r.Name)
	}
	for _, name := range names {
		r, ok := lint.Find(name)
		if !ok {
			t.Fatalf("there is no rule %s", name)
		}
		all[r.Remedy] = name + ": remedy"
		if _, ours := slices.BinarySearchFunc(lint.Rules(), name, func(r lint.Rule, name string) int { return strings.Compare(r.Name, name) }); ours {
			all[r.Description] = name + ": description"
			for _, s := range r.Symptoms {
				all[s] = name + ": symptom"
			}
		}
	}
	for _, s := range lint.Symptoms() {
		all[s.Title] = "symptom"
		all[s.Text] = "symptom " + s.Title
	}
	maps.DeleteFunc(all, func(text, _ string) bool { return !hasWords(text) })
	return all
}

// TestJapanese holds that nothing lacks its Japanese.
func TestJapanese(t *testing.T) {
	all := needed(t)
	if len(all) < 100 {
		t.Fatalf("only %d sentences were found", len(all))
	}
	for _, text := range slices.Sorted(maps.Keys(all)) {
		translated, ok := japanese[text]
		switch {
		case !ok:
			t.Errorf("%s\n\tlacks Japanese: %q", all[text], text)
		case !strings.ContainsFunc(translated, isJapanese) && !sameInJapanese[text]:
			t.Errorf("%s\n\tis not Japanese: %q", all[text], translated)
		}
	}
	if dir := os.Getenv("LIST_STALE"); dir != "" {
		for text := range japanese {
			if all[text] == "" {
				t.Logf("nobody says %q", text)
			}
		}
	}
}

// sameInJapanese are texts that are written in Latin letters in Japanese too.
var sameInJapanese = map[string]bool{}

func isJapanese(r rune) bool {
	return unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han)
}

// TestJapaneseVerbs holds that each sentence shows the same values in Japanese,
// in whatever order.
func TestJapaneseVerbs(t *testing.T) {
	for english, translated := range japanese {
		if !strings.Contains(english, "%") {
			continue
		}
		want, got := verbs(english), verbs(translated)
		if !slices.Equal(got, want) {
			t.Errorf("%q shows %v in Japanese, want %v: %q", english, got, want, translated)
		}
	}
}

// verbs returns the verbs of a format with the numbers of their arguments, sorted.
func verbs(format string) []string {
	var list []string
	next := 1
	for _, m := range verb.FindAllString(format, -1) {
		if m == "%%" {
			continue
		}
		if open := strings.IndexByte(m, '['); open >= 0 {
			end := strings.IndexByte(m, ']')
			next, _ = strconv.Atoi(m[open+1 : end])
			m = m[:open] + m[end+1:]
		}
		list = append(list, fmt.Sprintf("%d%s", next, m))
		next++
	}
	slices.Sort(list)
	return list
}

// TestEnglishIsUntouched holds that English does not pass through the catalogue.
func TestEnglishIsUntouched(t *testing.T) {
	m := lint.Message{Format: "expires on %s, in %d days", Args: []any{"2027-01-01", 12345}}
	if got := English.Message(m); got != m.String() {
		t.Errorf("got %q", got)
	}
	if got := Japanese.Message(m); !strings.Contains(got, "2027-01-01") || !strings.Contains(got, "12345") || strings.ContainsAny(got, "{!") {
		t.Errorf("got %q", got)
	}
	nested := lint.Message{Format: "%s; %s", Args: []any{m, lint.Message{Format: "not in the catalogue %d", Args: []any{12345}}}}
	if got := Japanese.Message(nested); !strings.Contains(got, "not in the catalogue 12345") {
		t.Errorf("got %q", got)
	}
}

func TestParseLanguage(t *testing.T) {
	for _, l := range Languages() {
		if got, err := ParseLanguage(string(l)); err != nil || got != l {
			t.Errorf("%s: %v, %v", l, got, err)
		}
	}
	if _, err := ParseLanguage("fr"); err == nil {
		t.Error("French is accepted")
	}
}
