package fetch

import (
	"errors"
	"fmt"
)

// Reasons why an address gave nothing. They are wrapped in an [*Error].
var (
	ErrAddress   = errors.New("the address is malformed, or holds a user name")
	ErrScheme    = errors.New("not an http address")
	ErrNotPublic = errors.New("the network address is not public")
	ErrRedirects = errors.New("too many redirects")
	ErrTooLarge  = errors.New("the answer is too large")
	ErrContent   = errors.New("the answer is not what the address stands for")
	ErrBudget    = errors.New("the requests allowed are spent")
)

// Error says which host gave nothing, and why. It holds no other part of the
// address, because path and query may carry credentials.
type Error struct {
	Host string // with the port, if the address has one; empty if it has no host
	Err  error
}

// Error names the host and the reason.
func (e *Error) Error() string {
	if e.Host == "" {
		return fmt.Sprintf("fetch: %v", e.Err)
	}
	return fmt.Sprintf("fetch: %s: %v", e.Host, e.Err)
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
			all = fmt.Errorf("%w; %w", all, err)
		}
	}
	return all
}
