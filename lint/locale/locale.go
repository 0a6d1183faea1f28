// Package locale says what package say keeps, in other languages than English.
//
// Each language is one embedded file, such as ja.json, and nothing else: its name
// in the language itself, whether it is only partly translated yet, the words that
// say nothing in a search, and a list of texts with
//
//	id           the English text, as it stands in the source; %v there is %w too
//	translation  the text in the language, with the same verbs; [2] in %[2]s names
//	             the value where their order differs
//	plural       in place of translation where something is counted: a text for
//	             each form of CLDR that the language has, such as one and other
//	where        the files that say it
//	note         what a translator has to know; optional
//	phrases      of a symptom: other words for it, as people type them; optional
//
// The file of English, the language of the source, has the last alone. A text that
// a file lacks is said in English. Nothing is read until a language
// other than English is first spoken. All functions are safe for concurrent use.
package locale

import (
	"embed"
	"encoding/json"
	"path"
	"strings"
	"sync"

	"github.com/smimechain/smimechain/lint/say"
)

// Language is a language by its code in BCP 47, such as "ja". The zero value is
// English, and so is any that is none of [Languages].
type Language string

// English is the language of the source.
const English Language = "en"

//go:embed *.json
var files embed.FS

// Languages returns every language, English first and the others by their codes.
func Languages() []Language {
	list := []Language{English}
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // the files are ours
	}
	for _, e := range entries {
		if l := Language(strings.TrimSuffix(e.Name(), path.Ext(e.Name()))); l != English {
			list = append(list, l)
		}
	}
	return list
}

// Codes returns the codes of [Languages] as a list for people: "en, ja".
func Codes() string {
	var codes []string
	for _, l := range Languages() {
		codes = append(codes, string(l))
	}
	return strings.Join(codes, ", ")
}

// Parse reads the code of a language; any that is none of [Languages] is an error.
func Parse(code string) (Language, error) {
	for _, l := range Languages() {
		if string(l) == code {
			return l, nil
		}
	}
	return "", say.Errorf("unknown language %q: want one of %s", code, Codes())
}

// Match returns the language of the locale of a system, as LANG (ja_JP.UTF-8) and
// Windows (ja-JP) write it; English where that is none of [Languages].
func Match(system string) Language {
	code, _, _ := strings.Cut(strings.ToLower(system), ".")
	if cut := strings.IndexAny(code, "_-@"); cut >= 0 {
		code = code[:cut]
	}
	for _, l := range Languages() {
		if string(l) == code {
			return l
		}
	}
	return English
}

// Code returns the code, "en" for the zero value.
func (l Language) Code() string {
	if l == "" {
		return string(English)
	}
	return string(l)
}

// Partial reports whether the file of the language says that it is not complete.
func (l Language) Partial() bool { return l.table().Partial }

// table is the file of a language.
type table struct {
	Language Language `json:"language"`
	Name     string   `json:"name"`
	Partial  bool     `json:"partial,omitempty"`
	Stop     string   `json:"stopwords,omitempty"` // separated by spaces
	Texts    []entry  `json:"texts"`

	by map[say.Text]*entry
}

// entry is one text in the language.
type entry struct {
	ID          say.Text          `json:"id"`
	Translation string            `json:"translation,omitempty"`
	Plural      map[string]string `json:"plural,omitempty"` // by the form in CLDR
	Where       []string          `json:"where"`
	Note        string            `json:"note,omitempty"`
	Phrases     []string          `json:"phrases,omitempty"`
}

// english has no entries: its texts are their own translations.
var english = new(table)

// tables are read when first asked for.
var tables = sync.OnceValue(func() map[Language]func() *table {
	all := map[Language]func() *table{}
	for _, l := range Languages() {
		all[l] = sync.OnceValue(func() *table { return read(l) })
	}
	return all
})

func (l Language) table() *table {
	if l == "" || l == English {
		return english
	}
	if t, ok := tables()[l]; ok {
		return t()
	}
	return english
}

func read(l Language) *table {
	data, err := files.ReadFile(string(l) + ".json")
	if err != nil {
		panic(err) // it was listed
	}
	t := new(table)
	if err := json.Unmarshal(data, t); err != nil {
		panic(err) // a test reads each file
	}
	t.by = make(map[say.Text]*entry, len(t.Texts))
	for i := range t.Texts {
		if e := &t.Texts[i]; e.Translation != "" || len(e.Plural) > 0 {
			t.by[e.ID] = e
		}
	}
	return t
}
