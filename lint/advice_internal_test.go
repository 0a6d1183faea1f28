package lint

import (
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
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

// TestRewriteProgram holds for which program an identity is written anew: the oldest in use
// of the first target that was asked for and reads a PFX.
func TestRewriteProgram(t *testing.T) {
	for _, tt := range []struct {
		named []Target
		ios   int // the oldest; 0: not known
		want  pkcs12.Target
	}{
		{nil, 0, "ios-17"},
		{nil, 17, "ios-17"},
		{nil, 18, "ios-18"},
		{[]Target{AppleMail}, 16, "ios-17"},
		{[]Target{AppleMail}, 18, "ios-18"},
		{[]Target{OutlookAndroid}, 0, "android-13"},
		{[]Target{OutlookAndroid}, 18, "android-13"},
		{[]Target{Intune}, 0, "intune-import"},
		{[]Target{Intune}, 18, "intune-import"},
		{[]Target{Windows}, 0, "windows-before-1709"},
		{[]Target{Windows}, 18, "windows-before-1709"},
		{[]Target{Thunderbird}, 18, "nss"},
		{[]Target{Thunderbird, Windows}, 0, "windows-before-1709"},
		{[]Target{ExchangeOnline, Thunderbird}, 0, "nss"},
		{[]Target{ExchangeOnline}, 18, "ios-17"}, // reads none
		{[]Target{Gmail}, 18, "ios-17"},          // nobody knows which it reads
	} {
		p := &Pass{Collection: &Collection{named: tt.named}, Facts: &Facts{OldestIOS: IOSVersion{Major: tt.ios}}}
		if got := p.rewriteProgram(); got != tt.want {
			t.Errorf("%v, iOS %d: %s, want %s", tt.named, tt.ios, got, tt.want)
		}
	}
}

// TestBeside holds that what a command writes takes the place of no file of the collection,
// and that its name is no flag.
func TestBeside(t *testing.T) {
	for _, tt := range []struct {
		files      []string
		name, want string
	}{
		{[]string{"a.pfx"}, "a.pfx", "a-new.pfx"},
		{[]string{"a.pfx", "a-new.pfx"}, "a.pfx", "a-2-new.pfx"},
		{[]string{"a.pfx", "a-new.pfx", "a-2-new.pfx"}, "a.pfx", "a-3-new.pfx"},
		{[]string{"dir.d/a"}, "dir.d/a", "dir.d/a-new.pfx"},
		{[]string{"-a.pfx"}, "-a.pfx", "./-a-new.pfx"},
	} {
		c := new(Collection)
		for _, name := range tt.files {
			c.Files = append(c.Files, &bundle.File{Name: name})
		}
		if got := (&Pass{Collection: c}).beside(tt.name, "-new.pfx"); got != tt.want {
			t.Errorf("beside %v: %s, want %s", tt.files, got, tt.want)
		}
	}
}
