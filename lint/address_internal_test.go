package lint

import (
	"fmt"
	"testing"
)

// TestSameAddress compares addresses: case counts in ASCII only, and what looks
// or is lowered alike is not the same.
func TestSameAddress(t *testing.T) {
	for _, test := range []struct {
		a, b string
		same bool
	}{
		{"kim@example.com", "KIM@Example.COM", true},
		{"az@example.com", "AZ@EXAMPLE.COM", true},
		{"A@example.com", "a@example.com", true}, // the first letter alone, and the last
		{"Z@example.com", "z@example.com", true},
		{"@[`{", "@[`{", true}, // what stands beside the letters
		{"`@example.com", "@@example.com", false},
		{"[@example.com", "{@example.com", false},
		{"\u91d1@example.com", "\u91d1@EXAMPLE.com", true},
		{"\u00c9@example.com", "\u00e9@example.com", false}, // only ASCII is folded
		{"\u212aim@example.com", "kim@example.com", false},  // Kelvin sign
		{"\u017fam@example.com", "sam@example.com", false},  // long s
		{"k\u0456m@example.com", "kim@example.com", false},  // Cyrillic
		{"a\xff@example.com", "a\xfe@example.com", false},
		{"a\xff@example.com", "a\ufffd@example.com", false},
		{"kim@example.com\x00", "kim@example.com", false},
		{"", "", true},
		{"kim@b\u00fccher.example", "kim@xn--bcher-kva.example", true},
		{"kim@B\u00dcCHER.example", "kim@XN--BCHER-KVA.example", true},
		{"kim@b\u00fccher.example", "kim@bucher.example", false},
		{"k\u00fcm@example.com", "xn--km-xka@example.com", false}, // a domain only
		{"kim@\u00fc\xff.example", "kim@\u00fc\xfe.example", false},
	} {
		if containsFold([]string{"x@example.com", test.a}, test.b) != test.same || containsAnyFold([]string{test.b}, []string{test.a}) != test.same {
			t.Errorf("%q and %q: want %t", test.a, test.b, test.same)
		}
	}
}

// TestManyAddresses holds the work of comparing a certificate of many addresses
// with a mailbox of many to their sum.
func TestManyAddresses(t *testing.T) {
	var own, other []string
	for i := range maxProxyAddresses {
		own = append(own, fmt.Sprintf("User%d@example.com", i))
	}
	for i := range 20_000 {
		other = append(other, fmt.Sprintf("Other%d@example.org", i))
	}
	allocated := testing.AllocsPerRun(1, func() {
		if containsAnyFold(other, own) {
			t.Error("there is a match")
		}
	})
	if limit := 10 * float64(len(own)+len(other)); allocated > limit {
		t.Errorf("%.0f allocations, want %.0f at most", allocated, limit)
	}
}
