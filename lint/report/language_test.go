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

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/pkcs12"
	"github.com/smimechain/smimechain/sst"
)

// speakers are the folders of the packages that say sentences, with the functions
// and types that take one and its place among the arguments or fields.
var speakers = map[string]map[string][]int{
	".":  {"say": {0}, "text": {0}, "plural": {1, 2}},
	"..": {"say": {0}, "wrong": {0}, "Report": {1}, "ReportFile": {1}, "Undecided": {1}, "UndecidedFact": {2}, "notChecked": {1}},
	"../../chain": {
		"say": {0}, "words": {0, 1}, "bad": {0}, "mailbox": {2}, "New": {0},
	},
	"../../chain/bundle": {"UnrecognizedError": {1}, "New": {0}},
	"../../chain/deploy": {},
	"../../pkcs12": {
		"say": {0}, "find": {3}, "add": {3}, "encryption": {2}, "check": {3}, "phrase": {0},
		"apple17": {1, 2}, "apple18": {1, 2}, "java": {1}, "openSSL": {1}, "row": {1, 2}, "ParameterError": {0}, "New": {0},
	},
	"../../examples/smimechain": {"say": {0, 1}, "line": {0, 1}, "fixed": {0}, "label": {0}, "text": {0}, "Text": {0}},
}

// said returns the sentences that the sources of a package say, with where they
// say them.
func said(t *testing.T, dir string, sentences map[string][]int) map[string]string {
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
		say := func(e ast.Expr) {
			if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				text, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				list[text] = files.Position(lit.Pos()).String()
			}
		}
		var function string
		ast.Inspect(file, func(n ast.Node) bool {
			var args []ast.Expr
			var name string
			switch n := n.(type) {
			case *ast.FuncDecl:
				function = n.Name.Name
			case *ast.ReturnStmt: // of functions that answer with a sentence
				switch {
				case function == "guess", function == "Sentence":
					say(n.Results[0])
				case function == "revocation" && len(n.Results) == 2:
					say(n.Results[1])
				}
			case *ast.KeyValueExpr:
				if slices.Contains([]string{"symptom", "Why"}, nameOf(n.Key)) {
					say(n.Value)
				}
			case *ast.ValueSpec:
				name, args = nameOf(n.Type), n.Values
			case *ast.CompositeLit:
				name, args = nameOf(n.Type), n.Elts
			case *ast.CallExpr:
				name, args = nameOf(n.Fun), n.Args
			}
			for _, i := range sentences[name] {
				if i < len(args) {
					say(args[i])
				}
			}
			return true
		})
	}
	return list
}

func nameOf(e ast.Expr) string {
	switch f := e.(type) {
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
	all := map[string]string{}
	for dir, sentences := range speakers {
		list := said(t, dir, sentences)
		if len(list) == 0 {
			t.Errorf("no sentence in %s", dir)
		}
		maps.Copy(all, list)
	}
	for _, word := range fixedWords() {
		all[word] = "a word of a fixed list"
	}
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

// fixedWords returns the words that values of enumerated types have.
func fixedWords() []string {
	words := []string{"the private and the public half of the key disagree"}
	for _, t := range pkcs12.Targets() {
		words = append(words, t.Name)
	}
	// No type has more values than this; the text of a number that is none of
	// them has a bracket or says unknown.
	for i := range 32 {
		for _, s := range []fmt.Stringer{
			chain.ProblemCode(i), chain.MissCode(i), chain.DeadEndKind(i), chain.Budget(i),
			pkcs12.Status(i), pkcs12.PasswordStatus(i), pkcs12.Variant(i), pkcs12.Hint(i), pkcs12.BagKind(i),
			pkcs12.Severity(i), pkcs12.Answer(i), pkcs12.Privacy(i), pkcs12.Integrity(i), pkcs12.Link(i),
			lint.Confidence(i), pkcs12.KeyIDKind(i), chain.Usage(i), catalog.Trust(i), catalog.Advice(i), sst.DropReason(i),
		} {
			if word := s.String(); !strings.Contains(word, "(") {
				words = append(words, word)
			}
		}
	}
	for _, k := range catalog.Default().Entries() {
		words = append(words, k.Reason)
	}
	for _, f := range []lint.Fact{lint.FactPrimarySMTP, lint.FactUPN, lint.FactPurposes, lint.FactOldestIOS, lint.FactSmimeConfig, lint.FactConnectorKeyBits} {
		words = append(words, f.String())
	}
	return words
}

// TestJapanese holds that nothing lacks its Japanese.
func TestJapanese(t *testing.T) {
	all := needed(t)
	if len(all) < 100 {
		t.Fatalf("only %d sentences were found", len(all))
	}
	for _, text := range slices.Sorted(maps.Keys(all)) {
		translated, ok := inJapanese(text)
		switch {
		case !ok:
			t.Errorf("%s\n\tlacks Japanese: %q", all[text], text)
		case !strings.ContainsFunc(translated, isJapanese) && !sameInJapanese[text]:
			t.Errorf("%s\n\tis not Japanese: %q", all[text], translated)
		}
	}
	if dir := os.Getenv("LIST_STALE"); dir != "" {
		for _, part := range catalogueParts {
			for text := range part {
				if all[text] == "" {
					t.Logf("nobody says %q", text)
				}
			}
		}
	}
}

// sameInJapanese are texts that are written in Latin letters in Japanese too.
var sameInJapanese = map[string]bool{
	"ISO 8859-1": true, "MAC": true, "PBMAC1": true, "OpenSSL 3": true, "friendlyName": true, "localKeyID, friendlyName": true, "localKeyID": true,
	"a directoryName": true, "the MAC": true, "SHA-256": true, "SHA-256 %s, %s, %s": true, "%s and %s": true, "%s for %s": true, "identity %d": true,
}

func isJapanese(r rune) bool {
	return unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han)
}

// TestJapaneseVerbs holds that each sentence shows the same values in Japanese,
// in whatever order.
func TestJapaneseVerbs(t *testing.T) {
	seen := map[string]bool{}
	for _, part := range catalogueParts {
		for english, translated := range part {
			if seen[english] {
				t.Errorf("%q is in two parts of the catalogue", english)
			}
			seen[english] = true
			want, got := verbs(english), verbs(translated)
			if !slices.Equal(got, want) {
				t.Errorf("%q shows %v in Japanese, want %v: %q", english, got, want, translated)
			}
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
