package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPromptUsers holds that the password of a list of users is asked for once, for the
// files that have none of their own, and by name; that it is not shown; and that nobody is
// asked where each row has one.
func TestPromptUsers(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"widest.pfx", "modern-without-root.pfx", "password.txt"} {
		data, err := os.ReadFile(filepath.Join("../../testdata/pfx", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	password, err := os.ReadFile(filepath.Join(dir, "password.txt"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	const asks = "password of "
	for _, tt := range []struct {
		name, rows, typed string
		status            int
		asked             string // empty: nobody is
	}{
		{"two files", "widest.pfx,\nmodern-without-root.pfx,\n", string(password), exitFindings, "widest.pfx, modern-without-root.pfx: "},
		{"one of two", "widest.pfx,\nmodern-without-root.pfx,password.txt\n", string(password), exitFindings, "widest.pfx: "},
		{"none", "widest.pfx,password.txt\nmodern-without-root.pfx,password.txt\n", "", exitFindings, ""},
		{"wrong", "widest.pfx,\nmodern-without-root.pfx,\n", "wrong", exitFailed, "widest.pfx, modern-without-root.pfx: "},
	} {
		for _, format := range []string{"text", "ndjson"} {
			if err := os.WriteFile("users.csv", []byte("file,password_file\n"+tt.rows), 0o600); err != nil {
				t.Fatal(err)
			}
			var out, errs bytes.Buffer
			master, slave := openTerminal(t, 80)
			if _, err := io.WriteString(master, strings.TrimSpace(tt.typed)+"\n"); err != nil {
				t.Fatal(err)
			}
			status := run([]string{"check", "-at", "2026-11-22", "-for", "outlook-ios", "-users", "users.csv", "-format", format}, streams{in: slave, out: &out, err: &errs})
			slave.Close()
			master.Close()
			got := errs.String()
			if status != tt.status || (strings.Count(got, asks) == 1) != (tt.asked != "") || !strings.Contains(got, tt.asked) {
				t.Errorf("%s, %s: exits with %d and says %q, want %d and %q asked once", tt.name, format, status, got, tt.status, tt.asked)
			}
			if secret := strings.TrimSpace(string(password)); strings.Contains(got+out.String(), secret) {
				t.Errorf("%s, %s: the password is shown", tt.name, format)
			}
		}
	}
}
