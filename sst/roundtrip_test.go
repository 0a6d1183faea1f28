package sst

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// corpusStores lists the stores of the corpus that are well-formed, with their
// elements.
var corpusStores = map[string]int{
	"certutil-roots-2025-07.sst":        514,
	"dotnet-store.sst":                  2,
	"rootsupd-2013-delroots.sst":        13,
	"vba-signature-1.sst":               1,
	"vba-signature-2.sst":               1,
	"windows-update-disallowedcert.sst": 71,
	"windows-update-pinrules.sst":       12,
	"wine/wine_crl.sst":                 2,
	"wine/wine_dup_always.sst":          2,
	"wine/wine_empty.sst":               0,
	"wine/wine_friendly.sst":            2,
	"wine/wine_keyprov.sst":             1,
	"wine/wine_plain.sst":               2,
}

func TestRoundTripCorpus(t *testing.T) {
	files := append(corpusFiles(t, "*.sst", 8), corpusFiles(t, "wine/*.sst", 6)...)
	for _, name := range files {
		t.Run(name, func(t *testing.T) {
			data := corpus(t, name)
			before := bytes.Clone(data)
			for _, opts := range []*Options{nil, Lenient()} {
				s, err := opts.Parse(data)
				if strings.Contains(name, "damaged") {
					var fe *FormatError
					if !errors.As(err, &fe) || fe.Offset != 107443 || fe.Hint != hintLineEndingsRemoved || s != nil {
						t.Fatalf("got %v, %v; want an error at 107443 that speaks of line endings", s, err)
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				want, ok := corpusStores[name]
				if !ok {
					t.Fatalf("not in the table; it has %d elements", len(s.Elements))
				}
				if len(s.Elements) != want || len(s.Faults()) != 0 {
					t.Errorf("%d elements, faults %v; want %d and none", len(s.Elements), s.Faults(), want)
				}
				out, err := s.Marshal()
				if err != nil || !bytes.Equal(out, data) {
					t.Errorf("Marshal: %v, or differs", err)
				}
			}
			if !bytes.Equal(before, data) {
				t.Error("the input was changed")
			}
		})
	}
}
