package lint

import (
	"testing"

	"github.com/smimechain/smimechain/pkcs12"
)

// TestKeepsPassword holds for which programs a PFX that is written anew may keep its
// password.
func TestKeepsPassword(t *testing.T) {
	for _, tt := range []struct {
		charset       pkcs12.Charset
		status        pkcs12.PasswordStatus
		intune, other bool
	}{
		{pkcs12.CharsetASCII, pkcs12.PasswordRight, true, true},
		{pkcs12.CharsetEmpty, pkcs12.PasswordRight, false, false},
		{pkcs12.CharsetASCII + 1, pkcs12.PasswordRight, false, true},
		{pkcs12.CharsetASCII, pkcs12.PasswordNotNeeded, false, false},
	} {
		r := &pkcs12.Report{Password: pkcs12.Password{Charset: tt.charset, Status: tt.status}}
		if intune, other := keepsPassword(r, "intune-import"), keepsPassword(r, "ios-17"); intune != tt.intune || other != tt.other {
			t.Errorf("%v, %s: for Intune %t, for others %t", tt.charset, tt.status, intune, other)
		}
	}
}

// TestShellWord holds names to what shells of Unix and PowerShell both take.
func TestShellWord(t *testing.T) {
	for name, want := range map[string]string{
		"anna.pfx": "anna.pfx", "dir/anna.pfx": "dir/anna.pfx", "anna m.pfx": "'anna m.pfx'", "$HOME.pfx": "'$HOME.pfx'",
		"証明書.pfx": "'証明書.pfx'", "o'neil.pfx": `"o'neil.pfx"`, `a"b.pfx`: `'a"b.pfx'`,
		"": "", "o'$x.pfx": "", "a\nb.pfx": "", "it’s.pfx": "",
	} {
		if got, ok := shellWord(name); got != want || ok != (want != "") {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if got := fileWord("-o.pfx"); got != "./-o.pfx" {
		t.Errorf("a name that looks like a flag is written %q", got)
	}
}
