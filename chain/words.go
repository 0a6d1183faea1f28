package chain

import "strings"

// words are a detail in words, kept apart from the values in it so that they can
// be said in another language.
type words struct {
	format string // of package fmt, with no verb but %s
	about  string // a format too, that stands in for the %s of the first; may be empty
	value  string // what the %s of the last format stands for; empty where there is none
}

// say makes words.
func say(format, value string) words { return words{format: format, value: value} }

// String returns the words in English.
func (w words) String() string {
	value := w.value
	if w.about != "" {
		value = strings.Replace(w.about, "%s", value, 1)
	}
	return strings.Replace(w.format, "%s", value, 1)
}

// Sentence returns the words as a format and its arguments; see
// [Problem.Sentence].
func (w words) Sentence() (format string, args []any) {
	switch {
	case w.about != "":
		return w.format, []any{words{format: w.about, value: w.value}}
	case strings.Contains(w.format, "%s"):
		return w.format, []any{w.value}
	default:
		return "%s", []any{fixed(w.format)}
	}
}

// fixed are words without values.
type fixed string

// String returns the words in English.
func (f fixed) String() string { return string(f) }

// problem makes a problem.
func problem(index int, code ProblemCode, w words, clause string) Problem {
	return Problem{Index: index, Code: code, Detail: w.String(), Clause: clause, words: w}
}
