// Package say keeps sentences for people apart from the values in them, so that
// they can be said in another language.
//
// A sentence is written in English where it belongs, as a [Text]: an untyped
// constant becomes one by itself. With its values it is a [Message], or, as an
// error, what [Errorf] returns. Package locale says both in other languages; the
// English text is the key there, and a test of that package finds every constant
// of type Text in the module, so that none can lack a translation unseen.
//
// The package depends on nothing and holds no translations: programs that never
// speak another language do not pay for them.
package say

import (
	"fmt"
	"math"
)

// Text is a sentence, or a part of one, in English. Where it is the format of a
// [Message] it is a format of package fmt.
type Text string

// String returns the text in English.
func (t Text) String() string { return string(t) }

// Sentence is something that can be said in another language.
type Sentence interface {
	Sentence() Message
}

// Message is a sentence and the values in it. The zero value says nothing.
//
// A value that is a [Text], a [Sentence] or a [fmt.Stringer] is said in the
// language of the message; of an error that is no Sentence, what package locale
// knows of it. Any other, a string or a number, is said as it is. Messages are
// safe for concurrent use if their values are.
type Message struct {
	Format Text
	Args   []any

	one Text // says it in place of Format where count is 1; empty where nothing is counted
	n   int
}

// New returns a message.
func New(format Text, args ...any) Message { return Message{Format: format, Args: args} }

// Count returns a message that counts: one says what 1 is, without a verb, and
// many everything else, with one verb for n.
func Count[N int | int64](n N, one, many Text) Message {
	return Message{Format: many, Args: []any{n}, one: one, n: int(min(int64(n), math.MaxInt))}
}

// String returns the message in English.
func (m Message) String() string {
	if m.one != "" && m.n == 1 {
		return string(m.one)
	}
	return fmt.Sprintf(string(m.Format), m.Args...)
}

// Sentence returns the message itself.
func (m Message) Sentence() Message { return m }

// Counted returns what [Count] was given as n, at most [math.MaxInt], and false for any
// other message.
func (m Message) Counted() (n int, ok bool) { return m.n, m.one != "" }

// IsZero reports whether the message says nothing.
func (m Message) IsZero() bool { return m.Format == "" }

// Or returns the message, and text where that says nothing.
func (m Message) Or(text string) Message {
	if m.IsZero() {
		return New("%s", text)
	}
	return m
}

// List returns a message that lists texts with commas.
func List(texts ...Text) Message {
	if len(texts) == 0 {
		return Message{}
	}
	m := New(texts[0])
	for _, t := range texts[1:] {
		m = New("%s, %s", m, t)
	}
	return m
}

// Join puts messages one after the other, separated by semicolons. It joins
// halves, so that thousands of them do not lie inside each other.
func Join(messages ...Message) Message {
	switch len(messages) {
	case 0:
		return Message{}
	case 1:
		return messages[0]
	}
	half := len(messages) / 2
	return New("%s; %s", Join(messages[:half]...), Join(messages[half:]...))
}
