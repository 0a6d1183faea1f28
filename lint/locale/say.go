package locale

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"unicode"

	"github.com/smimechain/smimechain/lint/say"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Say says a sentence. What the language lacks is said in English: descriptions
// of lints of zlint, and what other libraries and the system say.
func (l Language) Say(s say.Sentence) string {
	m := s.Sentence()
	t := l.table()
	if t == nil {
		return m.String()
	}
	args := make([]any, len(m.Args))
	for i, arg := range m.Args {
		args[i] = l.value(arg)
	}
	n, counts := m.Counted()
	e := t.lookup(m.Format)
	if e == nil {
		if counts {
			return m.String()
		}
		return fmt.Sprintf(string(m.Format), args...)
	}
	format := e.Translation
	if form, ok := e.Plural[l.form(n)]; counts && ok {
		format = form
	}
	if !strings.Contains(format, "%") {
		return format // of one thing, without its number
	}
	return fmt.Sprintf(format, args...)
}

// value says a value of a message.
func (l Language) value(arg any) any {
	switch a := arg.(type) {
	case string:
		return arg // a name
	case say.Text:
		return l.Text(a)
	case say.Sentence:
		return l.Say(a)
	case error:
		return l.Error(a)
	case fmt.Stringer:
		return l.Text(say.Text(a.String()))
	default:
		return arg
	}
}

// Text says a text without values.
func (l Language) Text(t say.Text) string {
	if e := l.table().lookup(t); e != nil && e.Translation != "" {
		return e.Translation
	}
	return string(t)
}

// Error says an error: as a sentence where it is one, else as far as it is known.
func (l Language) Error(err error) string {
	if l.table() == nil {
		return err.Error()
	}
	switch e := err.(type) {
	case say.Sentence:
		return l.Say(e)
	case *fs.PathError:
		return e.Path + ": " + l.Error(e.Err)
	case interface{ Unwrap() []error }:
		var parts []string
		for _, part := range e.Unwrap() {
			parts = append(parts, l.Error(part))
		}
		return strings.Join(parts, "; ")
	}
	if text := l.Text(say.Text(err.Error())); text != err.Error() || errors.Unwrap(err) != nil {
		return text
	}
	for _, known := range system {
		if errors.Is(err, known.err) {
			return l.Text(known.text)
		}
	}
	return err.Error()
}

// system are what the system says most, in the words of package fs.
var system = []struct {
	err  error
	text say.Text
}{
	{fs.ErrNotExist, "file does not exist"},
	{fs.ErrExist, "file already exists"},
	{fs.ErrPermission, "permission denied"},
}

// Lacks reports whether a sentence, or one that is a value of it, has words that
// the language lacks, so that they are said in English.
func (l Language) Lacks(s say.Sentence) bool {
	t := l.table()
	if t == nil {
		return false
	}
	m := s.Sentence()
	if t.lookup(m.Format) == nil && hasWords(m.Format) {
		return true
	}
	for _, arg := range m.Args {
		if inner, ok := arg.(say.Sentence); ok && l.Lacks(inner) {
			return true
		}
	}
	return false
}

// verb is a verb of package fmt.
var verb = regexp.MustCompile(`%(\[\d+\])?[-+# 0]*[\d.]*[a-zA-Z%]`)

// hasWords reports whether a format has anything to translate.
func hasWords(format say.Text) bool {
	return strings.ContainsFunc(verb.ReplaceAllString(string(format), ""), unicode.IsLetter)
}

// form returns the form of CLDR that a number takes in the language.
func (l Language) form(n int) string {
	switch plural.Cardinal.MatchPlural(language.Make(string(l)), n, 0, 0, 0, 0) {
	case plural.Zero:
		return "zero"
	case plural.One:
		return "one"
	case plural.Two:
		return "two"
	case plural.Few:
		return "few"
	case plural.Many:
		return "many"
	default:
		return "other"
	}
}
