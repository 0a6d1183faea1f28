package bundle

import (
	"slices"
	"testing"
)

// TestIsMail holds what begins like a message.
func TestIsMail(t *testing.T) {
	for text, want := range map[string]bool{
		"Content-Type: text/plain\n": true, "content-type: text/plain": true, "From: a\r\nContent-Type: x": true, "From: a\n b\n\tc: d\nContent-Type: x": true,
		"": false, "From: a\n\nContent-Type: x": false, "From: a\r\n\r\nContent-Type: x": false, "a word: b\nContent-Type: x": false, "a\tword: b\nContent-Type: x": false,
		"words\nContent-Type: x": false, "From: a\n": false, "X-Content-Type: x": false,
	} {
		if isMail([]byte(text)) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

// TestSplitParts holds where the parts of a multipart body begin and end.
func TestSplitParts(t *testing.T) {
	for body, want := range map[string][]string{
		"--b\na\n--b--\n":                   {"a", "whole"},
		"--b\r\na\r\n--b--":                 {"a", "whole"},
		"--b\na\r\n\r\n--b\nc\n--b--":       {"a\r\n", "c", "whole"},
		"--b\n--b--\n":                      {"", "whole"},
		"--b\n\n--b--\n":                    {"", "whole"},
		"--b\n\r\n--b--\n":                  {"", "whole"},
		"--b\nx\r\r\n--b--\n":               {"x\r", "whole"},
		"before\n--b\na\n--b-- \t\r\nafter": {"a", "whole"},
		"--b \t\r\na\n--b--":                {"a", "whole"},
		"--b\na --b\n--bc\n--b-\n--b--":     {"a --b\n--bc\n--b-", "whole"},
		"--b\na\n--b":                       {"a"},
		"--b\na\n--b\n":                     {"a"},
		"--b\na\n--b\nc":                    {"a", "c"},
		"--b\na":                            {"a"},
		"--b":                               nil,
		"--b--":                             {"whole"},
		"--b--\n--b\na\n--b--":              {"whole"},
		"a\nb":                              nil,
		"":                                  nil,
	} {
		parts, whole := splitParts([]byte(body), "b", 10)
		var got []string
		for _, p := range parts {
			got = append(got, string(p))
		}
		if whole {
			got = append(got, "whole")
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
	for most := range 3 {
		if parts, _ := splitParts([]byte("--b\na\n--b\nc\n--b\nd\n--b--"), "b", most); len(parts) != most {
			t.Errorf("%d parts, and not %d", len(parts), most)
		}
	}
}
