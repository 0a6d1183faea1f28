package catalog

import (
	"errors"
	"testing"
)

// TestFormatErrorWhere holds that an error names the entry, the field and the offset of
// the fault, each where it is known, the first octet included.
func TestFormatErrorWhere(t *testing.T) {
	fault := errors.New("no list")
	for want, e := range map[string]*FormatError{
		"catalog: offset 0: no list":                       {Entry: -1, Offset: 0, Err: fault},
		"catalog: no list":                                 {Entry: -1, Offset: -1, Err: fault},
		"catalog: date: no list":                           {Entry: -1, Field: "date", Offset: -1, Err: fault},
		"catalog: certificates[0].kind: offset 7: no list": {Entry: 0, Field: "kind", Offset: 7, Err: fault},
	} {
		if got := e.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestLetters holds what of a name counts where it stands for an owner.
func TestLetters(t *testing.T) {
	if got := letters("Root-R 46 (ＣＡ)."); got != letters("rootr46ca") || got == letters("rootrca") {
		t.Errorf("got %q", got)
	}
}
