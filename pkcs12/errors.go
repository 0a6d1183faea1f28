package pkcs12

import (
	"github.com/smimechain/smimechain/lint/say"
)

// A FormatError says that the input is not a PFX at all, and what it seems to
// be instead. It holds no octets of the input.
type FormatError struct {
	Offset int64 // of what Err speaks of, in octets from the start of the input
	Hint   Hint  // what the input looks like
	Err    error // what is missing for a PFX; nil when Hint says it all
}

// Error says what is wrong, and holds no bytes of the input.
func (e *FormatError) Error() string { return e.Sentence().String() }

// Sentence returns what Error says, to be said in another language.
func (e *FormatError) Sentence() say.Message {
	if e.Err == nil {
		return say.New("pkcs12: not a PFX: %s", e.Hint)
	}
	return say.New("pkcs12: not a PFX: %s: %v", e.Hint, e.Err)
}

// Unwrap returns the cause.
func (e *FormatError) Unwrap() error { return e.Err }

// An UnsupportedError is the reason why something valid was not read or cannot
// be written: this package names it but does not implement it.
type UnsupportedError struct {
	What say.Message // an algorithm, by name or object identifier
}

// Error says what is wrong, and holds no bytes of the input.
func (e *UnsupportedError) Error() string { return e.Sentence().String() }

// Sentence returns what Error says, to be said in another language.
func (e *UnsupportedError) Sentence() say.Message { return say.New("%s is not supported", e.What) }

// A LimitError is the reason why something was not tried: it is beyond [Limits].
type LimitError struct {
	Code  ObservationCode // which limit, and so the unit of the numbers
	Value int64           // in the file; math.MaxInt64 stands for 2^48 and more
	Limit int64           // of [Limits]
}

// Error says what is wrong, and holds no bytes of the input.
func (e *LimitError) Error() string { return e.Sentence().String() }

// Sentence returns what Error says, to be said in another language.
func (e *LimitError) Sentence() say.Message {
	return say.New("%s: %d is more than the limit of %d: not attempted", string(e.Code), e.Value, e.Limit)
}

// A ParameterError is the reason why something was not tried: parameters that
// no key can be derived with, such as a negative number of iterations.
type ParameterError struct {
	Problem say.Message // holds no octets of the input
}

// Error says what is wrong, and holds no bytes of the input.
func (e *ParameterError) Error() string { return e.Problem.String() }

// Sentence returns the problem.
func (e *ParameterError) Sentence() say.Message { return e.Problem }
