package lint

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/internal/filename"
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
		r := &pkcs12.Inspection{Password: pkcs12.Password{Charset: tt.charset, Status: tt.status}}
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
		"a b\x7f.pfx": "", "a;b": "'a;b'", "a\\b.pfx": map[bool]string{true: "a\\b.pfx", false: "'a\\b.pfx'"}[filepath.Separator == '\\'],
		"": "", "o'$x.pfx": "", "a\nb.pfx": "", "it’s.pfx": "",
	} {
		if got, ok := filename.ShellWord(name); got != want || ok != (want != "") {
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
		want  pkcs12.Importer
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

// TestAdviceOnFiles holds which commands are advised: none where one could not be run, or
// would have nothing to do.
func TestAdviceOnFiles(t *testing.T) {
	ca, user := realCA(t, "ca-incommon-rsa-secure-email-3.pem"), newCertificate(t)
	file := func(name string, certs ...*chain.Certificate) *bundle.File {
		f := &bundle.File{Name: name}
		for _, c := range certs {
			f.Certificates = append(f.Certificates, bundle.Certificate{Certificate: c})
		}
		return f
	}
	inner := file("a.zip/ca.cer", ca)
	inner.Inner = true
	undecoded := file("a.sst")
	undecoded.Certificates = make([]bundle.Certificate, 1)
	undecoded.Certificates[0].Certificate = chain.ParseCertificate(nil)
	keyed := file("b.pem", user)
	keyed.Keys = make([]bundle.FoundKey, 1)
	const pack = "smimechain pack -o a-new.sst a.sst"
	for _, tt := range []struct {
		name         string
		files        []*bundle.File
		at           time.Time
		pack, unpack string // for the first file
	}{
		{"a CA", []*bundle.File{file("a.sst", ca)}, noon, pack, "smimechain unpack -d a-der a.sst"},
		{"a CA and a user", []*bundle.File{file("a.sst", user, ca)}, noon, pack, "smimechain unpack -d a-der a.sst"},
		{"two files", []*bundle.File{file("a.sst", ca), file("b.sst", user)}, noon, pack + " b.sst", "smimechain unpack -d a-der a.sst"},
		{"a key beside a CA", []*bundle.File{file("a.sst", ca), keyed}, noon, "", "smimechain unpack -d a-der a.sst"},
		{"a user alone", []*bundle.File{file("a.sst", user)}, noon, "", "smimechain unpack -d a-der a.sst"},
		{"a CA on its last day", []*bundle.File{file("a.sst", ca)}, ca.NotAfter(), pack, "smimechain unpack -d a-der a.sst"},
		{"a CA that has expired", []*bundle.File{file("a.sst", ca)}, ca.NotAfter().Add(time.Second), "", "smimechain unpack -d a-der a.sst"},
		{"what cannot be decoded", []*bundle.File{undecoded}, noon, "", ""},
		{"what cannot be decoded, beside a CA", []*bundle.File{undecoded, file("b.sst", ca)}, noon, pack + " b.sst", ""},
		{"nothing, beside a CA", []*bundle.File{file("a.sst"), file("b.sst", ca)}, noon, pack + " b.sst", ""},
		{"a CA, beside one in an archive", []*bundle.File{file("a.sst", ca), inner}, noon, "", "smimechain unpack -d a-der a.sst"},
		{"in an archive", []*bundle.File{inner, file("a.sst", ca)}, noon, "", ""},
		{"standard input", []*bundle.File{file("-", ca)}, noon, "", ""},
		{"a name for no shell", []*bundle.File{file("a\nb.sst", ca)}, noon, "", ""},
	} {
		c := new(Collection)
		for _, f := range tt.files {
			c.add(f)
		}
		p := &Pass{Time: tt.at, Collection: c}
		for what, tt := range map[string]struct {
			advise adviser
			want   string
		}{"pack": {advisePack, tt.pack}, "unpack": {adviseUnpack, tt.unpack}, "of the rule": {nil, ""}} {
			p.rule = &Rule{advise: tt.advise}
			f := Finding{File: c.Files[0].Name, Remedy: "that of the rule"}
			p.advise(&f)
			var want []string
			if tt.want != "" {
				want = []string{tt.want}
			}
			if !slices.Equal(f.Commands, want) || f.Remedy != "that of the rule" {
				t.Errorf("%s: %s: %q %s, want %q", tt.want, what, f.Commands, f.Remedy, want)
			}
		}
	}
	p := &Pass{Collection: &Collection{Files: []*bundle.File{file("b.sst"), inner, file("a.sst")}}}
	for name, want := range map[string]bool{"-": true, "a.zip/ca.cer": true, "a.sst": false, "b.sst": false, "elsewhere": false} {
		if got := p.isNoFile(name); got != want {
			t.Errorf("%s: %t", name, got)
		}
	}
	p.rule = &Rule{advise: func(*Pass, string) advice { return advice{remedy: "another", commands: []string{"x"}} }}
	f := Finding{File: "a.sst", Remedy: "that of the rule"}
	if p.advise(&f); f.Remedy != "another" || !slices.Equal(f.Commands, []string{"x"}) {
		t.Errorf("%s %q", f.Remedy, f.Commands)
	}
}

// TestSplitting holds how many identities are split off: those that can be written, up to 20.
func TestSplitting(t *testing.T) {
	p := &Pass{Target: AppleMail, Facts: new(Facts), Collection: &Collection{named: []Target{AppleMail}, Files: []*bundle.File{{Name: "a.pfx"}}}}
	password := "example-lemon-orbit-velvet"
	f, err := (&bundle.Options{Password: &password}).ReadFile(t.Context(), filepath.Join("..", "testdata", "pfx", "modern-without-root.pfx"))
	if err != nil {
		t.Fatal(err)
	}
	report := f.PFX
	one := report.Identities[0]
	closed := one
	closed.Matches = pkcs12.No
	for _, tt := range []struct {
		good, bad int
		charset   pkcs12.Charset
		want      int
	}{{2, 0, pkcs12.CharsetASCII, 2}, {20, 0, pkcs12.CharsetASCII, 20}, {21, 0, pkcs12.CharsetASCII, 20}, {2, 1, pkcs12.CharsetASCII, 2}, {0, 2, pkcs12.CharsetASCII, 0}, {2, 0, pkcs12.CharsetEmpty, 0}} {
		report.Identities, report.Password.Charset = slices.Concat(repeat(closed, tt.bad), repeat(one, tt.good)), tt.charset
		a := p.rewriting("a.pfx", report)
		if len(a.commands) != tt.want || a.remedy == "" {
			t.Errorf("%d that can be written and %d that cannot: %d commands", tt.good, tt.bad, len(a.commands))
		}
		for i, c := range a.commands {
			if want := fmt.Sprintf("smimechain rewrite -for ios-17 -identity %d -o a-ios-17-%d.pfx a.pfx", tt.bad+i, tt.bad+i); c != want {
				t.Errorf("%s, want %s", c, want)
			}
		}
	}
	if a := p.rewriting("a.pfx", nil); a.remedy != "" || a.commands != nil {
		t.Errorf("what is no PFX: %+v", a)
	}
	// A profile is written anew for the one identity in it.
	report.Identities, report.Password.Charset = []pkcs12.Identity{one}, pkcs12.CharsetASCII
	several := *report
	several.Identities = []pkcs12.Identity{one, one}
	for _, tt := range []struct {
		name     string
		payloads []*pkcs12.Inspection
		want     bool
	}{{"none", []*pkcs12.Inspection{nil}, false}, {"one", []*pkcs12.Inspection{nil, report}, true}, {"two", []*pkcs12.Inspection{report, report}, false}, {"with two keys", []*pkcs12.Inspection{&several}, false}} {
		profile := new(artefact.Profile)
		for _, r := range tt.payloads {
			profile.Payloads = append(profile.Payloads, artefact.Payload{PFX: r})
		}
		p.Collection.Files[0].Profile = profile
		if a := adviseProfile(p, "a.mobileconfig"); (len(a.commands) == 1) != tt.want || !tt.want && (a.remedy != "" || a.commands != nil) {
			t.Errorf("a profile, %s: %+v", tt.name, a)
		}
	}
}
