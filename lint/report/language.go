package report

import (
	"fmt"
	"strings"
	"sync"
	"unicode"

	"github.com/smimechain/smimechain/lint"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
	"golang.org/x/text/number"
)

// Language is a language that reports speak, by its code in BCP 47. The zero value
// is English; any value that is none of those below counts as English too.
type Language string

// The languages.
const (
	English  Language = "en"
	Japanese Language = "ja"
)

// Languages returns every language.
func Languages() []Language { return []Language{English, Japanese} }

// ParseLanguage reads the name of a language: "en" or "ja"; any other is an error.
func ParseLanguage(name string) (Language, error) {
	switch l := Language(name); l {
	case English, Japanese:
		return l, nil
	default:
		return "", fmt.Errorf("unknown language %q: want en or ja", name)
	}
}

// Message says a message in the language. What the catalogue lacks is said in
// English: the descriptions of zlint's own lints, and what a parser says of
// damaged data.
func (l Language) Message(m lint.Message) string {
	if l != Japanese {
		return m.String()
	}
	_, known := inJapanese(m.Format)
	args := make([]any, len(m.Args))
	for i, arg := range m.Args {
		args[i] = l.argument(arg, known)
	}
	if !known {
		return fmt.Sprintf(m.Format, args...)
	}
	return japanesePrinter().Sprintf(m.Format, args...)
}

// argument translates a value of a message, see [lint.Message]. The printer would
// group the digits of numbers, which are offsets more often than amounts.
func (l Language) argument(arg any, printer bool) any {
	switch a := arg.(type) {
	case lint.Message:
		return l.Message(a)
	case interface{ Sentence() (string, []any) }:
		format, args := a.Sentence()
		return l.Message(lint.Message{Format: format, Args: args})
	case string:
		return arg // a name
	case error:
		return l.Text(a.Error()) // as it is if another library said it
	case int, int64:
		if printer {
			return number.Decimal(a, number.NoSeparator())
		}
		return arg
	case fmt.Stringer:
		return l.Text(a.String())
	default:
		return arg
	}
}

// Text returns a fixed text, such as the description or the remedy of a rule, in
// the language. A text that the catalogue lacks is returned as it is.
func (l Language) Text(english string) string {
	if l == Japanese {
		if s, ok := inJapanese(english); ok {
			return s
		}
	}
	return english
}

// foot says what a reader of the language has to know about the report, which may
// be nothing.
func (o *Options) foot(r *lint.Report) string {
	if o.Language != Japanese {
		return ""
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if _, known := inJapanese(f.Message.Format); !known && len(f.Targets) == 0 {
			return o.text("What zlint says is in its own words, in English.")
		}
	}
	return ""
}

// catalogueParts are the parts of the one catalogue, by who speaks.
var catalogueParts = []map[string]string{japanese, japaneseFiles, japaneseCommand}

// inJapanese looks a text up in the catalogue.
func inJapanese(english string) (string, bool) {
	for _, part := range catalogueParts {
		if s, ok := part[english]; ok {
			return s, true
		}
	}
	return "", false
}

// IsJapanese reports whether a text has Japanese characters in it.
func IsJapanese(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
	})
}

// japanesePrinter fills in the values of Japanese sentences. It is made when
// first used: reports in English do not pay for it.
var japanesePrinter = sync.OnceValue(func() *message.Printer {
	b := catalog.NewBuilder(catalog.Fallback(language.Japanese))
	for _, part := range catalogueParts {
		for english, translated := range part {
			// Neither the tag nor the message can be refused: SetString
			// compiles nothing.
			_ = b.SetString(language.Japanese, english, translated)
		}
	}
	return message.NewPrinter(language.Japanese, message.Catalog(b))
})
