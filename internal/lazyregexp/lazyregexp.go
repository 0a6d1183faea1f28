// Package lazyregexp makes regular expressions that are compiled when they are first
// asked for: a program that reads no such file does not pay for them when it starts.
package lazyregexp

import (
	"regexp"
	"sync"
)

// New returns a function that returns the compiled expression. It panics on the first
// call if the expression is none.
func New(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
