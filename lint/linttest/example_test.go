package linttest_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
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
func ExampleClean() {
	var t printed // in a test: t *testing.T
	exchange := lint.Options{
		Targets: []lint.Target{lint.ExchangeOnline},
		Time:    time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), // zero: now
	}
	linttest.Clean(t, &linttest.Options{Lint: exchange}, "../../testdata/collections/root-missing.sst")
	// Output:
	// e_collection_no_root
	// e_chain_issuer_missing
}

// A PFX is judged with its password and with what no file shows: the address of
// the mailbox, and the oldest iOS. The certificates above it that are not in the
// file come from the store.
func ExampleClean_password() {
	var t printed                                                 // in a test: t *testing.T
	secret, err := os.ReadFile("../../testdata/pfx/password.txt") // in a test: from where the pipeline keeps secrets
	if err != nil {
		t.Errorf("%v", err)
	}
	password := strings.TrimSuffix(string(secret), "\n")
	store, err := bundle.ReadFile("../../testdata/collections/complete.sst")
	if err != nil {
		t.Errorf("%v", err)
	}
	linttest.Clean(t, &linttest.Options{
		Password: &password,
		Lint: lint.Options{
			Targets: []lint.Target{lint.OutlookIOS},
			Time:    time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), // zero: now
			With:    []*bundle.File{store},
			Facts:   &lint.Facts{PrimarySMTP: "user@example.com", OldestIOS: lint.IOSVersion{Major: 17, Minor: 4}},
		},
	}, "../../testdata/pfx/modern-without-root.pfx")
	// Output:
	// e_pfx_target_cannot_open
	// e_pfx_target_cannot_open
	// e_pfx_target_cannot_open
}
