package chain

import (
	"regexp"
	"strings"
	"testing"
)

// TestFoldASCII holds that the letters of ASCII have two cases and no other octet has.
func TestFoldASCII(t *testing.T) {
	for a := range 256 {
		one := "x" + string([]byte{byte(a)})
		lower := one
		if a < 0x80 {
			lower = strings.ToLower(one)
		}
		if got := lowerASCII(one); got != lower {
			t.Errorf("%q in lower case is %q", one, got)
		}
		for b := range 256 {
			two := "X" + string([]byte{byte(b)})
			want := a == b || a < 0x80 && b < 0x80 && strings.EqualFold(one, two)
			if got := equalFoldASCII(one, two); got != want {
				t.Errorf("%q and %q are the same: %t", one, two, got)
			}
		}
	}
	for _, other := range []string{"", "x", "xy", "xyzz", "wyz", "xy\u212a"} {
		if equalFoldASCII("xyz", other) {
			t.Errorf("xyz is %q", other)
		}
	}
}

// TestValidHost holds what a host name is made of, octet by octet and length by length.
func TestValidHost(t *testing.T) {
	label := regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_-]{0,62}$`)
	valid := func(s string, wildcard bool) bool {
		if wildcard && s == "*" {
			return true // a first label by itself
		}
		if wildcard {
			s = strings.TrimPrefix(s, "*.")
		}
		ok := len(s) <= 253
		for _, l := range strings.Split(s, ".") {
			ok = ok && label.MatchString(l)
		}
		return ok
	}
	hosts := []string{"", ".", "a.", ".a", "a..b", "*", "*.a", "a.*", "*.*.a", "**.a", "-.a", "a-.b", "a--b"}
	for c := range 256 {
		one := string([]byte{byte(c)})
		hosts = append(hosts, one, one+"a.b", "a"+one+"b.c", "a"+one, "a."+one+"b")
	}
	for _, n := range []int{1, 62, 63, 64} {
		hosts = append(hosts, strings.Repeat("a", n), "a."+strings.Repeat("b", n)+".c")
	}
	for n := 250; n < 256; n++ {
		hosts = append(hosts, strings.Repeat("a.", 127)[:n-1]+"b")
	}
	for _, host := range hosts {
		for _, wildcard := range []bool{false, true} {
			if got := validHost(host, wildcard); got != valid(host, wildcard) {
				t.Errorf("%q is a host, with wildcards %t: %t", host, wildcard, got)
			}
		}
	}
}
