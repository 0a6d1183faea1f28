package linttest

import (
	"os"
	"path/filepath"
	"testing"
)

// TestCasesFailClosed holds that a folder which would prove nothing is an error.
func TestCasesFailClosed(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		ok    bool
	}{
		{"nothing", nil, false},
		{"no want", map[string]string{"a.pem": "x"}, false},
		{"no input", map[string]string{"a.pem": "x", "a.want": "pass", "b.want": "pass"}, false},
		{"two inputs", map[string]string{"a.pem": "x", "a.sst": "x", "a.want": "pass"}, false},
		{"only a password", map[string]string{"a.password": "x"}, false},
		{"a pair", map[string]string{"a.pem": "x", "a.want": "pass", "a.facts": "{}"}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range tt.files {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := findCases(dir); (err == nil) != tt.ok {
				t.Errorf("got %v", err)
			}
		})
	}
	if _, err := findCases("nowhere"); err == nil {
		t.Error("a folder that is not there is accepted")
	}
	empty := testCase{path: filepath.Join(t.TempDir(), "a")}
	if err := os.WriteFile(empty.path+wantExt, []byte("# nothing\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := empty.want(); err == nil {
		t.Error("a want file without a line is accepted")
	}
}
