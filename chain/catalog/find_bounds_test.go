package catalog

import (
	"slices"
	"testing"
	"time"
)

// TestFindBounds holds from how many digits or letters on a text stands for a fingerprint or
// an owner, and what comes before what.
func TestFindBounds(t *testing.T) {
	entry := func(n byte, owner, subject string) Entry {
		return Entry{Owner: owner, Subject: subject, SHA256: [32]byte{0x99, 0x88, 0x77, 0x66, n}, SHA1: []byte{0xFE, 0xDC, 0xBA, 0x98, n}}
	}
	c := newCatalog(nil, []Entry{
		entry(1, "Acme Trust", "CN=Mail CA 1"),
		entry(2, "Acme Trust", "CN=Mail CA 2"),
		entry(3, "Acme Trust Services", "CN=99887766 Root"),
		entry(4, "A-B-C-D", "CN=Letters"),
		entry(5, "A-B-C-D-E", "CN=More Letters"),
		entry(6, "Other Trust", "CN=Acme Trust Cross"),
	}, "test", time.Time{})
	c.hierarchies = []Hierarchy{{Owner: "A-B-C-D-E", Also: []string{"Former Name", "Fo.rm.er"}}}
	for text, want := range map[string][]byte{
		"":                    nil,
		" ":                   nil,
		"9988776":             {3}, // seven digits are a word
		"99887766":            {1, 2, 3, 4, 5, 6},
		"99:88:77:66:02":      {2},
		"99 88 77 66 02 00":   {2},
		"9988776602ff":        nil,
		"fedcba98":            {1, 2, 3, 4, 5, 6},
		"FE:DC:BA:98:04":      {4},
		"fedcba9":             nil,
		"9988776g":            nil, // not all are digits
		"9887766":             {3},
		"mail":                {1, 2},
		"MAIL 2":              {2},
		"mail root":           nil,
		"acme":                {1, 2, 3, 6}, // one word is looked for everywhere
		"Acme Trust":          {1, 2},       // the whole name of one, part of another's
		"acme trust services": {3},
		"acme trust s":        {3},
		"AcmeTrust":           {1, 2},
		"abcd":                nil, // four letters
		"abcde":               {5},
		"ab cd":               nil,
		"a-b-c-d":             {4, 5},
		"former name":         {5},
		"formername":          {5},
		"former root":         nil,
	} {
		var got []byte
		for _, e := range c.Find(text) {
			got = append(got, e.SHA256[4])
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", text, got, want)
		}
	}
}
