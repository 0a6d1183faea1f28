package fetch

import (
	"github.com/smimechain/smimechain/lint/say"
)

// Reasons why an address gave nothing. They are wrapped in an [*Error].
var (
	ErrAddress   = say.Errorf("the address is malformed, or holds a user name")
	ErrScheme    = say.Errorf("not an http address")
	ErrNotPublic = say.Errorf("the network address is not public")
	ErrRedirects = say.Errorf("too many redirects")
	ErrTooLarge  = say.Errorf("the answer is too large")
	ErrContent   = say.Errorf("the answer is not what the address stands for")
	ErrBudget    = say.Errorf("the requests allowed are spent")
)

// Error says which host gave nothing, and why. It holds no other part of the
// address, because path and query may carry credentials.
type Error struct {
	Host string // with the port, if the address has one; empty if it has no host
	Err  error
}

// Error names the host and the reason.
func (e *Error) Error() string { return e.Sentence().String() }

// Sentence returns what Error says, to be said in another language.
func (e *Error) Sentence() say.Message {
	if e.Host == "" {
		return say.New("fetch: %v", e.Err)
	}
	return say.New("fetch: %s: %v", e.Host, e.Err)
}

// Unwrap returns the reason.
func (e *Error) Unwrap() error { return e.Err }

// join makes one error of several, on one line.
func join(errs []error) error {
	var all error
	for _, err := range errs {
		if all == nil {
			all = err
		} else {
			all = say.Errorf("%w; %w", all, err)
		}
	}
	return all
}
