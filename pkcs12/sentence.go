package pkcs12

import "fmt"

// A sentence is kept apart from the values in it, so that it can be said in
// another language.
type sentence struct {
	format string
	args   []any
}

// say makes a sentence.
func say(format string, args ...any) sentence { return sentence{format, args} }

// String returns the sentence in English.
func (s sentence) String() string { return fmt.Sprintf(s.format, s.args...) }

// Sentence returns the format and its arguments.
func (s sentence) Sentence() (format string, args []any) { return s.format, s.args }

// or returns the sentence, and the message where there is none.
func (s sentence) or(message string) (format string, args []any) {
	if s.format == "" {
		return "%s", []any{message}
	}
	return s.format, s.args
}

// A phrase is a text of a fixed list that stands in sentences.
type phrase string

// String returns the phrase in English.
func (p phrase) String() string { return string(p) }
