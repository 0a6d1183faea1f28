package lint

import "testing"

// TestHasBlank holds which addresses are public but for what stands around them.
func TestHasBlank(t *testing.T) {
	for address, want := range map[string]bool{
		" http://crl.example.com/ca.crl": true, "http://crl.example.com/ca.crl\n": true, "\u00a0http://crl.example.com/ca.crl": true, "\x00http://crl.example.com/ca.crl": true,
		"http://crl.example.com/ca.crl": false, " http://server/ca.crl": false, " ldap:///cn=ca": false, " ": false, "": false,
	} {
		if got := hasBlank([]string{"ldap:///cn=ca", address}); got != want {
			t.Errorf("%q: %v, want %v", address, got, want)
		}
		if want && hasPublic([]string{address}) {
			t.Errorf("%q is public", address)
		}
	}
}
