package chain

import "testing"

func TestCommonName(t *testing.T) {
	tests := []struct{ name, want string }{
		{"CN=Example CA,O=Example,C=GB", "Example CA"},
		{"O=Example,CN=Example CA", "Example CA"},
		{"C=GB, O=Example, CN=Example CA", "Example CA"},
		{"SERIALNUMBER=1+CN=Example", "Example"},
		{`O=a\,CN=b,CN=c\, d`, `c, d`},
		{`CN=A\+B \<a\;b\>\ ,O=Example`, `A+B <a;b> `},
		{`CN=\#1 \"quoted\" \0aline \\,O=x`, `#1 \"quoted\" \0aline \\`},
		{"CN=,EMAILADDRESS=user@example.com,C=GB", "user@example.com"},
		{"EMAILADDRESS=user@example.com,CN=A User", "A User"},
		{`O=Example\, Limited`, `O=Example\, Limited`},
		{"OU=No common name,C=US", "OU=No common name,C=US"},
		{"Bare", "Bare"},
		{`CN=ends in\`, `ends in\`},
		{"", ""},
	}
	for _, tt := range tests {
		if got := CommonName(tt.name); got != tt.want {
			t.Errorf("CommonName(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}
