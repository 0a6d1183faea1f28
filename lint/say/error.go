package say

import (
	"fmt"
	"strings"
)

// TranslatableError is an error that can be said in another language. [Errorf] makes it.
type TranslatableError struct {
	message Message
	text    error // of package fmt, which knows what is wrapped
}

// Errorf returns an error as [fmt.Errorf] does, with the same verbs: %w wraps.
// It takes the place of errors.New too.
func Errorf(format Text, args ...any) error {
	return &TranslatableError{New(Text(wrapless.Replace(string(format))), args...), fmt.Errorf(string(format), args...)}
}

// Error returns the sentence in English.
func (e *TranslatableError) Error() string { return e.text.Error() }

// Sentence returns the format with its values, with %v in place of %w.
func (e *TranslatableError) Sentence() Message { return e.message }

// wrapless takes the verb that wraps an error out of a format.
var wrapless = strings.NewReplacer("%w", "%v", "]w", "]v")

// Unwrap returns what the format wraps with %w, in the order of its values.
func (e *TranslatableError) Unwrap() []error {
	switch wraps := e.text.(type) {
	case interface{ Unwrap() []error }:
		return wraps.Unwrap()
	case interface{ Unwrap() error }:
		return []error{wraps.Unwrap()}
	default:
		return nil
	}
}
