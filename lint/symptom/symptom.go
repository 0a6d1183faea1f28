package symptom

import (
	"embed"
	"encoding/json"
	"slices"
	"sync"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/locale"
)

// Symptom is what an administrator or a user sees when something is wrong.
type Symptom struct {
	ID    string   // short; the name of the rule where one stands for itself
	Title string   // the words of the program, or of those who see it; of a rule, its description
	Text  string   // what it means and where to look; empty of a rule
	Rules []string // that find the cause, the most likely first; none where nothing in a file shows it
}

// All returns every symptom in a language, in an order of subjects; in English where
// the language lacks it. The caller owns the slice, but not the rules in it.
func All(l locale.Language) []Symptom {
	list := make([]Symptom, len(read(locale.English).Symptoms))
	for i := range list {
		list[i] = said(l, i)
	}
	return list
}

// said returns a symptom of the English file in a language.
func said(l locale.Language, i int) Symptom {
	e := read(locale.English).Symptoms[i]
	s := Symptom{ID: e.ID, Title: e.Title, Text: e.Text, Rules: e.Rules}
	f := read(l)
	if j := slices.IndexFunc(f.Symptoms, func(o entry) bool { return o.ID == e.ID }); j >= 0 {
		s.Title, s.Text = f.Symptoms[j].Title, f.Symptoms[j].Text
	}
	return s
}

// asSymptom returns a rule that stands for itself.
func asSymptom(l locale.Language, r *lint.Rule) Symptom {
	return Symptom{ID: r.Name, Title: l.Text(r.Description), Rules: []string{r.Name}}
}

//go:embed *.json
var files embed.FS

// file is that of a language.
type file struct {
	Language locale.Language     `json:"language"`
	Same     map[string][]string `json:"same"`
	Apart    [][]string          `json:"apart,omitempty"`
	Little   string              `json:"little,omitempty"` // separated by blanks
	Lacks    []string            `json:"lacks,omitempty"`
	Symptoms []entry             `json:"symptoms"`
}

// entry is a symptom in a language.
type entry struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Text    string   `json:"text"`
	Phrases []string `json:"phrases"`
	Rules   []string `json:"rules,omitempty"`
}

// reads are the files by language, each read when first asked for.
var reads = sync.OnceValue(func() map[locale.Language]func() *file {
	all := map[locale.Language]func() *file{}
	for _, l := range locale.Languages() {
		all[l] = sync.OnceValue(func() *file {
			f := new(file)
			data, err := files.ReadFile(string(l) + ".json")
			if err == nil {
				err = json.Unmarshal(data, f)
			}
			if err != nil {
				panic(err) // a test reads each file
			}
			return f
		})
	}
	return all
})

// read returns the file of a language; that of English for any that is unknown.
func read(l locale.Language) *file {
	if f, ok := reads()[l]; ok {
		return f()
	}
	return reads()[locale.English]()
}
