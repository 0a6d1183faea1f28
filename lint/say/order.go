package say

import (
	"cmp"
	"strings"
)

// Compare compares two names as people sort them: digits that follow each other are
// one number, so that user2.pfx comes before user10.pfx. Everything else goes by its
// octets, as do names that differ in leading zeros only. Only equal strings compare
// as equal, and the order is total: it serves to sort and to search.
func Compare(a, b string) int {
	if a == b {
		return 0 // as most names that are compared to sort what is said of them
	}
	x, y := a, b
	for x != "" && y != "" {
		m, n := digits(x), digits(y)
		if m == 0 || n == 0 {
			if x[0] != y[0] {
				return cmp.Compare(x[0], y[0])
			}
			x, y = x[1:], y[1:]
			continue
		}
		// Of any length: without leading zeros the longer number is the greater one.
		p, q := withoutZeros(x[:m]), withoutZeros(y[:n])
		if c := cmp.Or(cmp.Compare(len(p), len(q)), strings.Compare(p, q)); c != 0 {
			return c
		}
		x, y = x[m:], y[n:]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(a, b))
}

// digits returns how many digits a string begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}

// withoutZeros returns a number without leading zeros.
func withoutZeros(s string) string {
	for s != "" && s[0] == '0' {
		s = s[1:]
	}
	return s
}
