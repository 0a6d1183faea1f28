package bundle

import (
	"regexp"
	"sync"
)

// pattern returns a regular expression that is compiled when it is first asked for: a
// program that reads no such file does not pay for it when it starts.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
