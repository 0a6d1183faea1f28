package locale

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/smimechain/smimechain/lint/say"
)

var update = flag.Bool("update", false, "write into each language where texts are said, and those that it lacks, empty")

// TestLanguages holds each file to what the sources say: nothing is missing where
// the language is complete, nothing is there that nobody says, and translations
// show the same values.
func TestLanguages(t *testing.T) {
	s, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range Languages() {
		t.Run(string(l), func(t *testing.T) {
			name := string(l) + ".json"
			before, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			f := new(file)
			if err := json.Unmarshal(before, f); err != nil {
				t.Fatal(err)
			}
			if f.Language != l || f.Name == "" {
				t.Errorf("the file calls itself %q, %q", f.Language, f.Name)
			}
			if *update {
				f.fill(s, l)
			}
			check(t, s, f)
			after := encode(t, f)
			if bytes.Equal(before, after) {
				// What the index finds is what the file holds.
				index := read(l)
				if len(index.entries) != len(f.Texts) || !reflect.DeepEqual(index.head, f.head) {
					t.Errorf("%d entries are found, want %d", len(index.entries), len(f.Texts))
				}
				for _, e := range f.Texts {
					if got := index.lookup(e.ID); (got == nil) != (e.Translation == "" && len(e.Plural) == 0) || got != nil && got.Translation != e.Translation {
						t.Errorf("%q is not found", e.ID)
					}
				}
				return
			}
			if !*update {
				t.Errorf("%s is not in its form: go test ./lint/locale -update", name)
			} else if err := os.WriteFile(name, after, 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// file is a file of a language as a whole.
type file struct {
	head
	Texts []entry `json:"texts"`
}

// fill brings a file up to date but for what only a translator knows.
func (t *file) fill(s *sources, l Language) {
	known := map[say.Text]bool{}
	for i := range t.Texts {
		e := &t.Texts[i]
		known[e.ID] = true
		if said := s.texts[e.ID]; said != nil {
			e.Where = slices.Sorted(maps.Keys(said.where))
		}
	}
	for id, said := range s.texts {
		if !known[id] && !said.bare && l != English {
			t.Texts = append(t.Texts, entry{ID: id, Where: slices.Sorted(maps.Keys(said.where))})
		}
	}
	slices.SortFunc(t.Texts, func(a, b entry) int { return strings.Compare(string(a.ID), string(b.ID)) })
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "\t")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func check(t *testing.T, s *sources, file *file) {
	t.Helper()
	seen := map[say.Text]bool{}
	translated := 0
	for i := range file.Texts {
		e := &file.Texts[i]
		said := s.texts[e.ID]
		switch {
		case seen[e.ID]:
			t.Errorf("twice: %q", e.ID)
		case said == nil:
			t.Errorf("nobody says %q: where a sentence was reworded, give the entry its new id", e.ID)
		case !slices.Equal(e.Where, slices.Sorted(maps.Keys(said.where))):
			t.Errorf("said elsewhere (go test ./lint/locale -update): %q", e.ID)
		}
		seen[e.ID] = true
		if file.Language == English || said == nil {
			continue
		}
		if e.Translation == "" && len(e.Plural) == 0 {
			if !file.Partial {
				t.Errorf("no translation of %q, said in %v", e.ID, e.Where)
			}
			continue
		}
		translated++
		checkEntry(t, file.Language, e, said)
	}
	if file.Language == English {
		return
	}
	for _, id := range slices.Sorted(maps.Keys(s.texts)) {
		if !seen[id] && !s.texts[id].bare {
			t.Errorf("missing (go test ./lint/locale -update): %q, said in %v", id, slices.Sorted(maps.Keys(s.texts[id].where)))
		}
	}
	t.Logf("%d of %d texts are translated", translated, len(s.texts))
}

// named is the name of a value in the description of a flag, and a place in a
// format of PowerShell: both stay what they are.
var named = regexp.MustCompile("`[^`]*`|\\{\\d\\}")

func checkEntry(t *testing.T, l Language, e *entry, said *text) {
	t.Helper()
	forms := map[string]string{"other": e.Translation}
	if len(e.Plural) > 0 {
		forms = e.Plural
		switch {
		case said.one == "":
			t.Errorf("%q counts nothing and has forms of the plural", e.ID)
		case e.Translation != "" || e.Plural["other"] == "":
			t.Errorf("%q: want a translation, or forms with \"other\" among them", e.ID)
		}
		for n := range 200 {
			if form := l.form(n); e.Plural[form] == "" {
				t.Errorf("%q lacks the form %q, which %d has", e.ID, form, n)
				break
			}
		}
	}
	for form, translation := range forms {
		got, want := verbs(translation), verbs(string(e.ID))
		if !slices.Equal(got, want) && !(form == "one" && len(got) == 0) {
			t.Errorf("%q shows the values %v, want %v: %q", e.ID, got, want, translation)
		}
		a, b := named.FindAllString(string(e.ID), -1), named.FindAllString(translation, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%q names %v, want %v: %q", e.ID, b, a, translation)
		}
		if l == "ja" && words.MatchString(translation) && !strings.ContainsFunc(translation, isJapanese) {
			t.Errorf("%q is not Japanese: %q", e.ID, translation)
		}
		if strings.HasSuffix(translation, " ") != strings.HasSuffix(string(e.ID), " ") {
			t.Errorf("%q ends in a blank, or its translation does: %q", e.ID, translation)
		}
	}
}

func isJapanese(r rune) bool {
	return unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han)
}

// TestNoOtherLanguage holds that sentences in another language than English stand
// in files of languages alone. Tests and single characters do not count.
func TestNoOtherLanguage(t *testing.T) {
	checked := 0
	err := filepath.WalkDir(root, func(name string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() != ".." && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		checked++
		for i, line := range strings.Split(string(data), "\n") {
			letters := 0
			for _, r := range line {
				if unicode.IsLetter(r) && r > unicode.MaxLatin1 {
					letters++
				}
			}
			if letters > 2 {
				t.Errorf("%s:%d: %s", name, i+1, line)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	const atLeast = 200
	if checked < atLeast {
		t.Errorf("%d files were read, want %d or more", checked, atLeast)
	}
}

func TestParse(t *testing.T) {
	for _, l := range Languages() {
		if got, err := Parse(string(l)); err != nil || got != l {
			t.Errorf("%s: %v, %v", l, got, err)
		}
	}
	for _, code := range []string{"", "fr", "JA", "ja_JP"} {
		if _, err := Parse(code); err == nil {
			t.Errorf("%q is accepted", code)
		}
	}
	for system, want := range map[string]Language{
		"": English, "C": English, "POSIX": English, "fr_FR.UTF-8": English, "en_GB": English, "jam_JM": English,
		"ja": "ja", "ja_JP.UTF-8": "ja", "ja_JP.eucJP": "ja", "ja-JP": "ja", "JA": "ja", "de_AT@euro": "de", "de": "de",
	} {
		if got := Match(system); got != want {
			t.Errorf("Match(%q) is %q, want %q", system, got, want)
		}
	}
}
