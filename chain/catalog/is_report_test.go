package catalog

import "testing"

// TestIsReport holds by what the start of a report is told from other files.
func TestIsReport(t *testing.T) {
	for start, want := range map[string]bool{
		"":                                    false,
		"\x1f":                                false,
		"\x1f\x8b":                            true,
		"\x1f\x8c\x08\x00":                    false,
		"\x8b\x1f\x08\x00":                    false,
		"0\x1f\x8b":                           false,
		"SHA-256,PEM\n":                       true,
		"SHA-256;PEM\n":                       true,
		"SHA-256\tPEM\r\n":                    true,
		"PEM,SHA-256\n":                       true,
		"a,sha-256 of it,b,a pem ":            true,
		"SHA-256|PEM\n":                       false,
		"SHA-256,PE\n":                        false,
		"SHA-1,PEM\n":                         false,
		"Parent SHA-256,PEM\n":                false,
		"SHA-256\nPEM\n":                      false,
		"a,b\nSHA-256,PEM\n":                  false,
		"SHA-256 PEM\n":                       false, // one column
		"-----BEGIN CERTIFICATE-----\nMIIB\n": false,
		"0\x82\x01\x02":                       false,
		"{\"entries\": []}":                   false,
	} {
		if got := IsReport([]byte(start)); got != want {
			t.Errorf("%q: %t", start, got)
		}
	}
}
