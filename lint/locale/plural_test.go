package locale

import (
	"regexp"
	"testing"
)

// counted finds a number before something of which there is more than one: up to two
// words may stand between.
var counted = regexp.MustCompile(`(?:(\w+) )?%(?:\[\d\])?d(?: [\w.@'-]+){0,2}? (\w+s)\b`)

// notCounted are the kinds of text in which a number before a plural is right for any
// value that it has.
var notCounted = []struct {
	kind string
	text *regexp.Regexp
}{
	{"a number that names one of many", regexp.MustCompile(`\b(certificate|payload|path|safe|record|id|acceptance|line|version) %d`)},
	{"what is not counted, before a verb", regexp.MustCompile(`%(\[\d\])?d (is|are|has|does|holds|lacks|installs|claims)\b`)},
	{"a limit of ours or of others, never 1", regexp.MustCompile(`(more|longer|deeper) than (the )?%d|or %d (levels|items|octets)|limit (of|is) %d|(only|allows|the) %d\b|and %d are allowed`)},
	{"the size of a key", regexp.MustCompile(`%d bits|key of %d octets`)},
	{"a time of thousands of units", regexp.MustCompile(`%d ms`)},
}

// TestPlurals: no text says "1 days". What counts is made with say.Count, which has a
// text of its own for 1.
func TestPlurals(t *testing.T) {
	s, err := load()
	if err != nil {
		t.Fatal(err)
	}
	used := make([]bool, len(notCounted))
texts:
	for id, said := range s.texts {
		if said.one != "" || !counted.MatchString(string(id)) {
			continue
		}
		for i, k := range notCounted {
			if k.text.MatchString(string(id)) {
				used[i] = true
				continue texts
			}
		}
		t.Errorf("%q counts, and is wrong for 1: use say.Count (%v)", id, said.where)
	}
	for i, k := range notCounted {
		if !used[i] {
			t.Errorf("no text is of the kind %q", k.kind)
		}
	}
}
