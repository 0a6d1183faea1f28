package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/smimechain/smimechain/testdata/outside"
)

// TestGenerated holds the files that are committed to what the generator makes.
func TestGenerated(t *testing.T) {
	for name, made := range map[string][]byte{"data/known.txt": knownText(), "../COVERAGE.md": coverageTable()} {
		data, err := os.ReadFile(name)
		if err != nil {
			if _, folder := os.Stat("data"); folder != nil {
				continue // not in this copy of the module
			}
			t.Fatal(err)
		}
		if !bytes.Equal(data, made) {
			t.Errorf("%s is not what go generate makes", name)
		}
	}
	folder := outside.Corpus(t, "ccadb")
	one := func(pattern string) string {
		list, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil || len(list) != 1 {
			t.Fatalf("%s: %d files", pattern, len(list))
		}
		return list[0]
	}
	made, err := generate(inputs{
		certificates: one("ca-certificates-*.csv.gz"), trust: one("root-trust-*.json"), apple: one("apple-roots-*.tsv"),
		known: "data/known-cas.csv", judgements: "judgements.json",
	}, time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	embedded, err := os.ReadFile("../catalog.bin")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(made, embedded) {
		t.Error("catalog.bin is not what go generate makes")
	}
}

func TestJudgements(t *testing.T) {
	for _, text := range []string{
		`{"advice": [{"sha256": "D5917A77", "advice": "recommended", "reason": "x"}]}`,
		`{"revoked": [{"sha256": "D5917A77", "source": "x", "date": "soon"}]}`,
		`{"opinions": []}`,
		`[`,
	} {
		name := filepath.Join(t.TempDir(), "judgements.json")
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := readJudgements(name); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
}
