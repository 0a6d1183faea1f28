package pkcs12

import "fmt"

// A FormatError says that the input is not a PFX at all, and what it seems to
// be instead. It holds no octets of the input.
type FormatError struct {
	Offset int64 // of what Err speaks of, in octets from the start of the input
	Found  Found // what the input looks like
	Err    error // what is missing for a PFX; nil when Found says it all
}

// Error says what is wrong, and holds no bytes of the input.
func (e *FormatError) Error() string {
	switch {
	case e.Err == nil:
		return "pkcs12: not a PFX: " + e.Found.String()
	default:
		return fmt.Sprintf("pkcs12: not a PFX: %v: %v", e.Found, e.Err)
	}
}

// Unwrap returns the cause.
func (e *FormatError) Unwrap() error { return e.Err }

// An UnsupportedError is the reason why something valid was not read or cannot
// be written: this package names it but does not implement it.
type UnsupportedError struct {
	What string // an algorithm, by name or object identifier
}

// Error says what is wrong, and holds no bytes of the input.
func (e *UnsupportedError) Error() string { return e.words().String() }

// Sentence returns what Error says as a format and its arguments, like
// [Finding.Sentence].
func (e *UnsupportedError) Sentence() (format string, args []any) { return e.words().Sentence() }

func (e *UnsupportedError) words() sentence { return say("%s is not supported", e.What) }

// A LimitError is the reason why something was not tried: it is beyond [Limits].
type LimitError struct {
	Code  Code  // which limit, and so the unit of the numbers
	Value int64 // in the file; math.MaxInt64 stands for 2^48 and more
	Limit int64 // of [Limits]
}

// Error says what is wrong, and holds no bytes of the input.
func (e *LimitError) Error() string { return e.words().String() }

// Sentence returns what Error says as a format and its arguments, like
// [Finding.Sentence].
func (e *LimitError) Sentence() (format string, args []any) { return e.words().Sentence() }

func (e *LimitError) words() sentence {
	return say("%s: %d is more than the limit of %d: not attempted", string(e.Code), e.Value, e.Limit)
}

// A ParameterError is the reason why something was not tried: parameters that
// no key can be derived with, such as a negative number of iterations.
type ParameterError struct {
	Problem string // in words; holds no octets of the input
}

// Error says what is wrong, and holds no bytes of the input.
func (e *ParameterError) Error() string { return e.Problem }
