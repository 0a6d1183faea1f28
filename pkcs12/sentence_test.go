package pkcs12

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// Everything that is said of a file can be said in another language: as a format
// with values that says the same.
func TestSentence(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("..", "testdata", "pfx", "*.pfx"))
	if err != nil || len(names) < 2 {
		t.Fatalf("%d files, %v", len(names), err)
	}
	if more, err := filepath.Glob(filepath.Join("..", "..", "shared", "corpus", "pfx", "*.p12")); err == nil {
		names = append(names, more...)
	}
	findings, reasons := 0, 0
	for _, name := range names {
		for _, password := range []string{"example", "secret", "wrong"} {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			o := &Options{Password: &password, Limits: Limits{Iterations: 20_000}}
			r, err := o.Inspect(t.Context(), data)
			if err != nil {
				continue // no PFX
			}
			for _, f := range r.Findings {
				findings++
				same(t, name, f.Message, f.Sentence)
			}
			for _, target := range Targets() {
				for _, reason := range r.Compatible(target.Target).Reasons {
					reasons++
					same(t, name, reason.Message, reason.Sentence)
				}
			}
		}
	}
	if findings < 2 || reasons < 10 {
		t.Errorf("only %d findings and %d reasons", findings, reasons)
	}
}

func same(t *testing.T, name, message string, sentence func() (string, []any)) {
	t.Helper()
	format, args := sentence()
	if got := fmt.Sprintf(format, args...); got != message || format == "%s" && len(args) == 1 && args[0] == any(message) {
		t.Errorf("%s: %q is %q with %d values", name, message, format, len(args))
	}
}
