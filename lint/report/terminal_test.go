package report_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/internal/console"
	"github.com/smimechain/smimechain/lint/report"
)

func TestFold(t *testing.T) {
	tests := []struct {
		name, text, want string
	}{
		{"short", "a line\n", "a line\n"},
		{"exact", strings.Repeat("x", 40) + "\n", strings.Repeat("x", 40) + "\n"},
		{"words", "one two three four five six seven eight nine\n", "one two three four five six seven eight\n  nine\n"},
		{"indented", "    one two three four five six seven eight nine\n", "    one two three four five six seven\n      eight nine\n"},
		{"label", "what to do   Ask the CA for another certificate.\n", "what to do   Ask the CA for another\n             certificate.\n"},
		{"no space", "  " + strings.Repeat("f", 64) + " end\n", "  " + strings.Repeat("f", 64) + "\n    end\n"},
		{"tree",
			"├── CN=Example Email Protection Root 2021,O=Example (0346037b)\n└── CN=Example Old Root,O=Example Limited,C=GB (3e72ca54)\n",
			"├── CN=Example Email Protection Root\n│     2021,O=Example (0346037b)\n└── CN=Example Old Root,O=Example\n      Limited,C=GB (3e72ca54)\n"},
		{"empty", "\n\n", "\n\n"},
		{"wide", strings.Repeat("証明書", 7) + "です。\n", strings.Repeat("証明書", 6) + "証明\n  書です。\n"},
		{"no line begins with a full stop", strings.Repeat("書", 20) + "。終\n", strings.Repeat("書", 19) + "\n  書。終\n"},
		{"colours take no columns",
			console.Colors(true).Bad(strings.Repeat("x", 20)) + " " + strings.Repeat("y", 19) + " z\n",
			console.Colors(true).Bad(strings.Repeat("x", 20)) + " " + strings.Repeat("y", 19) + "\n  z\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, size := range []int{1, 7, len(tt.text)} {
				var b bytes.Buffer
				w := console.Fold(&b, 40)
				for i := 0; i < len(tt.text); i += size {
					if _, err := io.WriteString(w, tt.text[i:min(i+size, len(tt.text))]); err != nil {
						t.Fatal(err)
					}
				}
				if b.String() != tt.want {
					t.Errorf("in pieces of %d: got\n%s\nwant\n%s", size, b.String(), tt.want)
				}
			}
		})
	}
	if w := console.Fold(io.Discard, 0); w != io.Discard {
		t.Error("a width of 0 folds")
	}
	if _, err := console.Fold(failingWriter{}, 40).Write([]byte("line\n")); !errors.Is(err, errFull) {
		t.Errorf("a failing writer gives %v", err)
	}
}

// A folded and coloured report has the words of the plain one.
func TestTerminalText(t *testing.T) {
	plain, err := os.ReadFile(filepath.Join("testdata", "report.text"))
	if err != nil {
		t.Fatal(err)
	}
	for _, width := range []int{1, 40, 60, 80, 200} {
		var b bytes.Buffer
		opts := &report.Options{Width: width, Color: true}
		if err := opts.Text(&b, fixed()); err != nil {
			t.Fatal(err)
		}
		if !bytes.ContainsRune(b.Bytes(), 0x1b) {
			t.Errorf("width %d: no colour", width)
		}
		text := regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAllString(b.String(), "")
		if got, want := fmt.Sprint(strings.Fields(text)), fmt.Sprint(strings.Fields(string(plain))); got != want {
			t.Errorf("width %d: the words are\n%s\nwant\n%s", width, got, want)
		}
		for line := range strings.Lines(text) {
			if n := len([]rune(strings.TrimSpace(line))); n > max(width, 40) && strings.Contains(strings.TrimSpace(line), " ") {
				t.Errorf("width %d: a line of %d: %q", width, n, line)
			}
		}
	}
}
