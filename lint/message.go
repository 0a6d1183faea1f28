package lint

import (
	"fmt"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/pkcs12"
)

// sentence is what other packages say of their own.
type sentence interface {
	Sentence() (format string, args []any)
}

var _ = []sentence{chain.Problem{}, pkcs12.Reason{}, pkcs12.Finding{}}

// Message is a sentence and the values in it, kept apart so that it can be said
// in another language.
//
// A value of type string, or a number, is said as it is. A value that is a
// [fmt.Stringer] or an error has one of a fixed list of texts, unless it is a
// message itself or has the method Sentence, as [chain.Problem] and
// [pkcs12.Reason] do.
type Message struct {
	Format string // of package fmt
	Args   []any
}

// String returns the sentence in English.
func (m Message) String() string { return fmt.Sprintf(m.Format, m.Args...) }

// say makes a message.
func say(format string, args ...any) Message { return Message{format, args} }

// join puts messages one after the other, separated by semicolons. It joins
// halves, so that thousands of them do not lie inside each other.
func join(messages ...Message) Message {
	if len(messages) == 1 {
		return messages[0]
	}
	half := len(messages) / 2
	return say("%s; %s", join(messages[:half]...), join(messages[half:]...))
}

// maxListed is how many values of one kind a message lists.
const maxListed = 20

// listed lists values in words. What is left out shows as "…".
func listed(values []string) string {
	if len(values) > maxListed {
		return strings.Join(values[:maxListed], ", ") + ", …"
	}
	return strings.Join(values, ", ")
}
