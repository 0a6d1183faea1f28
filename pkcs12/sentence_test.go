package pkcs12

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/smimechain/smimechain/lint/say"
)

// Everything that is said of a file can be said in another language: as a format
// with values that says the same.
func TestSentence(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("..", "testdata", "pfx", "*.pfx"))
	if err != nil || len(names) < 2 {
		t.Fatalf("%d files, %v", len(names), err)
	}
	if root := os.Getenv("SMIMECHAIN_CORPUS"); root != "" {
		more, err := filepath.Glob(filepath.Join(root, "pfx", "*.p12"))
		if err != nil || len(more) == 0 {
			t.Fatalf("%d files of the corpus, %v", len(more), err)
		}
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
			for _, f := range r.Observations {
				findings++
				same(t, name, f.Message, f.Sentence())
			}
			for _, target := range Importers() {
				for _, reason := range r.Compatible(target.Importer).Reasons {
					reasons++
					same(t, name, reason.Message, reason.Sentence())
				}
			}
		}
	}
	if findings < 2 || reasons < 10 {
		t.Errorf("only %d findings and %d reasons", findings, reasons)
	}
}

func same(t *testing.T, name, message string, m say.Message) {
	t.Helper()
	if m.String() != message || m.Format == "%s" && len(m.Args) == 1 && m.Args[0] == any(message) {
		t.Errorf("%s: %q is %q with %d values", name, message, m.Format, len(m.Args))
	}
}
