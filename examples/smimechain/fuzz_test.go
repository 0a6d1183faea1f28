package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzCommand gives standard input to the commands that read files: whatever
// comes, the status is one of the three, a failure is one line, and nothing
// reaches a terminal that could steer it.
func FuzzCommand(f *testing.F) {
	commands := [][]string{
		{"check", "-at", "2026-11-22", "-"},
		{"check", "-at", "2026-11-22", "-format", "ndjson", "-"},
		{"check", "-at", "2026-11-22", "-format", "sarif", "-lang", "ja", "-"},
		{"show", "-"},
		{"show", "-format", "json", "-"},
		{"paths", "-at", "2026-11-22", "-"},
	}
	seeds := 0
	err := filepath.WalkDir(filepath.Join("..", "..", "testdata"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		f.Add(uint8(seeds), data)
		seeds++
		return err
	})
	if err != nil || seeds < 24 {
		f.Fatal(err, seeds)
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		if len(data) > 1<<18 {
			t.Skip("more than the budget of one run")
		}
		args := commands[int(which)%len(commands)]
		var out, errs bytes.Buffer
		status := run(args, streams{in: bytes.NewReader(data), out: &out, err: &errs})
		switch lines := strings.Count(errs.String(), "\n"); {
		case status == exitFailed && lines == 1 && strings.HasPrefix(errs.String(), "smimechain: "):
		case (status == exitClean || status == exitFindings) && lines == 0:
		default:
			t.Fatalf("%v: status %d, standard error %q", args, status, errs.String())
		}
		if bytes.ContainsFunc(append(out.Bytes(), errs.Bytes()...), func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r >= 0x7F && r < 0xA0 || r == 0x202E }) {
			t.Fatalf("%v: a control character: %q", args, out.String()+errs.String())
		}
		if strings.Contains(strings.Join(args, " "), "json") && out.Len() > 0 && !json.Valid(out.Bytes()) {
			t.Fatalf("%v: no JSON", args)
		}
	})
}
