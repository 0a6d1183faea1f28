package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/testdata/outside"
)

// TestComplete makes a collection of the certificate of a user alone, with the report of the
// CCADB, and asks for what it lacks without writing it.
func TestComplete(t *testing.T) {
	report := outside.Corpus(t, "ccadb", "ca-certificates-2026-08-21.csv.gz")
	leaf := outside.Corpus(t, "sectigo", "leaf-support-ssystems-de.pem")
	out := filepath.Join(t.TempDir(), "tenant.sst")
	call := func(want int, args ...string) (string, string) {
		t.Helper()
		var stdout, stderr strings.Builder
		if got := run(args, streams{out: &stdout, err: &stderr, language: "en"}); got != want {
			t.Fatalf("%q: status %d, want %d\n%s%s", args, got, want, stdout.String(), stderr.String())
		}
		return stdout.String(), stderr.String()
	}
	_, said := call(0, "pack", "-at", "2026-11-26", "-complete", "-cas", report, "-o", out, leaf)
	for _, start := range []string{"11878370", "BC386A5C", "E793C9B0"} {
		if !strings.Contains(said, "SHA-256 "+start) {
			t.Errorf("%s is not added: %s", start, said)
		}
	}
	if strings.Contains(said, "D5917A77") || strings.Contains(said, "not added") {
		t.Errorf("said is %s", said)
	}
	if text, _ := call(0, "check", "-at", "2026-11-26", "-for", "exchange-online", out); !strings.Contains(text, "exchange-online  works") {
		t.Errorf("the collection: %s", text)
	}
	_, said = call(1, "check", "-at", "2026-11-26", "-for", "exchange-online", "-complete", "-cas", report, leaf)
	if !strings.Contains(said, "would be added: CN=Sectigo Public Email Protection CA R36") {
		t.Errorf("check says %s", said)
	}
	// With a store in place of the report.
	again := filepath.Join(t.TempDir(), "again.sst")
	call(0, "pack", "-at", "2026-11-26", "-complete", "-cas", out, "-o", again, leaf)
	one, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if two, err := os.ReadFile(again); err != nil || string(one) != string(two) {
		t.Errorf("another collection: %v", err)
	}
}
