// Package locale says what package say keeps, in other languages than English.
//
// Each language is one embedded file, such as ja.json, and nothing else. It has
//
//	language   its code in BCP 47, as the name of the file
//	name       in the language itself
//	partial    true while it is not to be complete yet
//	texts      the translations, each with
//
//	  id           the English text, as it stands in the source; %v there is %w too
//	  translation  the text in the language, with the same verbs; [2] in %[2]s names
//	               the value where their order differs
//	  plural       in place of translation where something is counted: a text for
//	               each form of CLDR that the language has, such as one and other
//	  where        the files that say it
//	  note         what a translator has to know; optional
//
// The file of English, the language of the source, has no texts. What a file lacks is
// said in English. No file is read before its language is spoken. All functions are
// safe for concurrent use.
package locale

import (
	"cmp"
	"embed"
	"path"
	"strings"

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

// separators are what stands between the fields of CSV where spreadsheets are set to a
// language and it is no comma, which is in numbers there.
var separators = map[Language]rune{"de": ';'}

// Separator returns what stands between the fields of CSV where spreadsheets are set to
// the language.
func (l Language) Separator() rune { return cmp.Or(separators[l], ',') }
