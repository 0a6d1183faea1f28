package linttest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/linttest"
)

// printed stands for the *testing.T of a test: it prints where the test would
// fail.
type printed struct{ testing.TB }

func (printed) Helper()                  {}
func (printed) Context() context.Context { return context.Background() }
func (printed) Errorf(format string, args ...any) {
	for line := range strings.Lines(fmt.Sprintf(format, args...)) {
		if rule, _, ok := strings.Cut(line, ": "); ok && strings.HasPrefix(rule, "e_") {
			fmt.Println(rule)
		}
	}
}

// A test goes red while the company's store would not work.
func ExampleExchangeOnline() {
	var t printed                                                                                      // in a test: t *testing.T
	opts := &linttest.Options{Lint: lint.Options{Time: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)}} // nil: now
	linttest.ExchangeOnline(t, opts, "../../testdata/collections/root-missing.sst")
	// Output:
	// e_collection_no_root
	// e_chain_issuer_missing
}
