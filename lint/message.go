package lint

import "fmt"

// Message is a sentence and the values in it, kept apart so that it can be said
// in another language. Values may be messages themselves.
type Message struct {
	Format string // of package fmt
	Args   []any
}

// String returns the sentence in English.
func (m Message) String() string { return fmt.Sprintf(m.Format, m.Args...) }

// say makes a message.
func say(format string, args ...any) Message { return Message{format, args} }

// join puts messages one after the other, separated by semicolons.
func join(messages ...Message) Message {
	joined := messages[0]
	for _, m := range messages[1:] {
		joined = say("%s; %s", joined, m)
	}
	return joined
}
