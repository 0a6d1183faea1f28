package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test binary be the process of a probe.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "-probe" {
		os.Exit(probe(os.Args[2:]))
	}
	os.Exit(m.Run())
}

// TestRun holds that both tables come out whole, without other programs and
// real files.
func TestRun(t *testing.T) {
	if testing.Short() {
		t.Skip("meshes take a while")
	}
	var out bytes.Buffer
	s := settings{corpus: t.TempDir(), rounds: 1, budget: time.Millisecond, out: &out}
	if err := s.run(); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	for _, want := range []string{
		"| sst |", "| pkcs12 |", "| go-pkcs12 |", "| chain |", "| crypto/x509 |", "| zcrypto verifier |", "| lint, all targets |",
		"| pkcs12 | yes: ", "| go-pkcs12 | no: ", "| chain | 4, 6, 8, 10, 12, 14 |", "there is no corpus at",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the tables lack %q", want)
		}
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "|") && !strings.HasSuffix(line, "|\n") {
			t.Errorf("broken row %q", line)
		}
	}
}
