package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
)

// TestReadText reads what editors and Windows PowerShell make of a text.
func TestReadText(t *testing.T) {
	for _, tt := range []struct{ name, content, want string }{
		{"UTF-8", "pässword\r\n", "pässword"},
		{"UTF-8 with a byte order mark", "\xEF\xBB\xBFpässword", "pässword"},
		{"UTF-16 little endian", "\xFF\xFEp\x00\xE4\x00s\x00s\x00\r\x00\n\x00", "päss"},
		{"UTF-16 big endian", "\xFE\xFF\x00p\x00\xE4\x00s\x00s\x00\n", "päss"},
		{"octets", "p\xE4ss", "p\xE4ss"}, // Latin-1: not what a program can tell
		{"one line ending of two", "secret\n\n", "secret\n"},
		{"empty", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "password.txt")
			if err := os.WriteFile(name, []byte(tt.content), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := (&passwordFlags{file: name}).given()
			if err != nil || *got != tt.want {
				t.Errorf("another password than the one in the file, or %v", err)
			}
		})
	}
	large := filepath.Join(t.TempDir(), "large")
	if err := os.WriteFile(large, make([]byte, maxKeyFile+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := (&passwordFlags{file: large}).given(); !errors.Is(err, bundle.ErrTooLarge) {
		t.Errorf("got %v, want that the file is too large", err)
	}
}

// TestCollectAt holds that memory is collected earlier where certificates are what
// most of it holds.
func TestCollectAt(t *testing.T) {
	few, many := &bundle.File{Certificates: make([]bundle.Certificate, 100)}, &bundle.File{Certificates: make([]bundle.Certificate, 4950)}
	for _, test := range []struct {
		files []*bundle.File
		want  int
	}{{nil, 100}, {[]*bundle.File{few}, 100}, {[]*bundle.File{few, many}, 50}} {
		if got := (&inputs{files: test.files}).collectAt(); got != test.want {
			t.Errorf("%d files: got %d, want %d", len(test.files), got, test.want)
		}
	}
}
