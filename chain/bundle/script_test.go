package bundle_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/internal/powershell"
)

func script(t *testing.T, text string) *powershell.Script {
	t.Helper()
	f, err := bundle.Parse("x.ps1", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if f.Format != bundle.Script || f.Script == nil {
		t.Fatalf("read as %s", f.Format)
	}
	return f.Script
}

// commands lists what a script runs: each command with its parameters.
func commands(s *powershell.Script) []string {
	var list []string
	for _, c := range s.Commands {
		text := c.Name
		for _, p := range c.Parameters {
			text += " -" + p.Name
			if p.Value.Word != "" {
				text += "=" + p.Value.Word
			}
		}
		list = append(list, text)
	}
	return list
}

func TestScriptCommands(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"assignment", "$d = Get-Content a.sst -Encoding Byte -Raw", []string{"Get-Content -Encoding=Byte -Raw"}},
		{"quoted value", "$d = Get-Content a.sst -Encoding 'Byte'", []string{"Get-Content -Encoding=Byte"}},
		{"colon", "Get-Content a.sst -Encoding:Byte", []string{"Get-Content -Encoding=Byte"}},
		{"typed", "[byte[]]$d = [byte[]](Get-Content a.sst -AsByteStream)", []string{"Get-Content -AsByteStream"}},
		{"nested", "Set-SmimeConfig -SMIMECertificateIssuingCA ([System.IO.File]::ReadAllBytes('C:\\a.sst'))", []string{"Set-SmimeConfig -SMIMECertificateIssuingCA"}},
		{"nested command", "Set-SmimeConfig -SMIMECertificateIssuingCA ([byte[]](Get-Content a -Raw))", []string{"Set-SmimeConfig -SMIMECertificateIssuingCA", "Get-Content -Raw"}},
		{"comment", "# Set-SmimeConfig -Wrong\n<# Set-SmimeConfig\n -Wrong #> Get-SmimeConfig # x", []string{"Get-SmimeConfig"}},
		{"string", "Write-Host 'Set-SmimeConfig -Wrong' ; Get-SmimeConfig", []string{"Write-Host", "Get-SmimeConfig"}},
		{"doubled quote", "Write-Host 'it''s; Set-SmimeConfig -Wrong'; Get-SmimeConfig", []string{"Write-Host", "Get-SmimeConfig"}},
		{"typographic quotes", "Write-Host ‘a; Set-SmimeConfig -Wrong’; Get-SmimeConfig", []string{"Write-Host", "Get-SmimeConfig"}},
		{"here-string", "$x = @'\nSet-SmimeConfig -Wrong\n'@\nGet-SmimeConfig", []string{"Get-SmimeConfig"}},
		{"backtick", "Set-SmimeConfig `\r\n  -OWAAlwaysSign $true", []string{"Set-SmimeConfig -OWAAlwaysSign"}},
		{"pipe", "Get-SmimeConfig | ConvertTo-Json -Depth 4", []string{"Get-SmimeConfig", "ConvertTo-Json -Depth"}},
		{"blocks", "if ($x) { return Get-SmimeConfig } else { foreach ($c in Get-Content y) { New-Object z } }", []string{"Get-SmimeConfig", "Get-Content", "New-Object"}},
		{"too many brackets", "))) Get-SmimeConfig", []string{"Get-SmimeConfig"}},
		{"help first", "<#\n.SYNOPSIS\nUploads the store.\n#>\nGet-SmimeConfig", []string{"Get-SmimeConfig"}},
		{"prefix of a session", "Set-EXOSmimeConfig -OWAAlwaysSign $true", []string{"Set-EXOSmimeConfig -OWAAlwaysSign"}},
		{"dashes", "Set-SmimeConfig –OWAAlwaysSign $true —OWAClearSign ―NoSignOnReply", []string{"Set-SmimeConfig -OWAAlwaysSign -OWAClearSign -NoSignOnReply"}},
		{"no-break space", "Set-SmimeConfig\u00a0-OWAAlwaysSign\u00a0$true", []string{"Set-SmimeConfig -OWAAlwaysSign"}},
		{"comment inside", "Set-SmimeConfig <# -Foo #> -OWAAlwaysSign $true # -Bar\n", []string{"Set-SmimeConfig -OWAAlwaysSign"}},
		{"hash inside a word", "Write-Host a#b -Foo", []string{"Write-Host -Foo"}},
		{"list of names", "Import-PSSession $s -CommandName Set-SmimeConfig, Get-SmimeConfig -AllowClobber", []string{"Import-PSSession -CommandName -AllowClobber"}},
		{"block as argument", "Invoke-Command -ScriptBlock { Get-SmimeConfig } -Session $s", []string{"Invoke-Command -ScriptBlock -Session", "Get-SmimeConfig"}},
		{"call operator", "& Set-SmimeConfig -OWAAlwaysSign 1; & { Get-SmimeConfig }", []string{"Set-SmimeConfig -OWAAlwaysSign", "", "Get-SmimeConfig"}},
		{"inside text", "\"at $(Get-Date -Year 1 'a)b') $x\"; 'x $(Get-It)'", []string{"Get-Date -Year"}},
		{"here-string that expands", "$x = @\"\n \"@ Get-It $(Get-Date)\n\"@\nGet-SmimeConfig", []string{"Get-Date", "Get-SmimeConfig"}},
		{"next line begins with a pipe", "Get-SmimeConfig\n  # note\n  | Format-List -Property *", []string{"Get-SmimeConfig", "Format-List -Property"}},
		{"value of a key", "$x = @{ A = Get-Date -Year 1; 'B' = 2\n C = { Get-It } }", []string{"Get-Date -Year", "Get-It"}},
		{"key is no command", "$x = @{ Get-SmimeConfig = 1 }; Get-It", []string{"Get-It"}},
		{"statement as value", "$x = if ($y) { Get-SmimeConfig } else { 1 }; $z = foreach ($i in 1..3) { Get-It }", []string{"Get-SmimeConfig", "Get-It"}},
		{"switch", "switch -Regex ($x) { 'a' { Get-SmimeConfig } { $_ -gt 1 } { Get-It } default { Get-That } }", []string{"Get-SmimeConfig", "Get-It", "Get-That"}},
		{"keywords that need no bracket are commands", "Get-It | foreach { Get-SmimeConfig }; process -Name x", []string{"Get-It", "foreach", "Get-SmimeConfig", "process -Name"}},
		{"function", "function Set-It([string]$a = (Get-Date), $b) { Get-SmimeConfig }", []string{"Get-Date", "Get-SmimeConfig"}},
		{"attribute", "param([ValidateScript({ Test-It $_ })][string]$x = 'a')\nGet-SmimeConfig", []string{"Test-It", "Get-SmimeConfig"}},
		{"class", "class A : B {\n [int]$x = 1\n [void] Run([string]$y) { Get-SmimeConfig }\n}\nGet-It", []string{"Get-SmimeConfig", "Get-It"}},
		{"try", "try { Get-SmimeConfig } catch [A], [B] { Get-It } finally { Get-That }", []string{"Get-SmimeConfig", "Get-It", "Get-That"}},
		{"chain", "Get-SmimeConfig && Get-It -A || Get-That", []string{"Get-SmimeConfig", "Get-It -A", "Get-That"}},
		{"redirections", "Get-SmimeConfig -A 2>&1 > x.txt -B *>> $null", []string{"Get-SmimeConfig -A -B"}},
		{"verbatim", "cmd --% /c Get-SmimeConfig -X; ignored\nGet-It", []string{"cmd", "Get-It"}},
		{"operators", "$x = (Get-It).Count -eq 1 -and -not (Get-SmimeConfig -A) ? 'a' : \"b\"", []string{"Get-It", "Get-SmimeConfig -A"}},
		{"members", "$x.ForEach{ Get-It }; [A]::B((Get-SmimeConfig), 1)[0].C", []string{"Get-It", "Get-SmimeConfig"}},
		{"number and range", "1..3 | % { Get-SmimeConfig }; 5 + 1; 7z a", []string{"%", "Get-SmimeConfig", "7z"}},
		{"variable with a path", "Get-Content $PSScriptRoot\\a.sst -Raw", []string{"Get-Content -Raw"}},
		{"background", "Get-SmimeConfig & Get-It", []string{"Get-SmimeConfig", "Get-It"}},
		{"using", "using namespace System.IO\nusing module Get-It\nGet-SmimeConfig", []string{"Get-SmimeConfig"}},
		{"parameter in quotation marks", "Get-SmimeConfig '-A' -\"B\" -C", []string{"Get-SmimeConfig -C"}},
		{"cut short", "Get-SmimeConfig -X ('", []string{"Get-SmimeConfig -X"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := commands(script(t, tt.text)); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestScriptBinding holds parameters to what the binder of PowerShell makes of them.
func TestScriptBinding(t *testing.T) {
	for text, want := range map[string]string{
		"Set-SmimeConfig -SMIMEC $x":                                                "SMIMECertificateIssuingCA",
		"set-smimeconfig -owasign 1":                                                "ambiguous OWASignedEmailCertificateInclusion OWASigningAlgorithms",
		"Set-SmimeConfig -SMIMECertificateList $x":                                  "unknown",
		"Set-SmimeConfig -OWAAlwaysSign 1 -OWAAlwaysS 1":                            "OWAAlwaysSign, OWAAlwaysSign twice",
		"Set-SmimeConfig -ea 0 -ErrorAction 0":                                      "ErrorAction, ErrorAction twice",
		"Set-SmimeConfig -Wrong 1 -Wrong 2":                                         "unknown, unknown",
		"$p = @{ 'SMIMECertificateList' = 1 }\nSet-SmimeConfig @p":                  "@unknown",
		"$p = [ordered]@{ OWAAlwaysSign = 1 }\nSet-SmimeConfig -OWAAlwaysSign 1 @p": "OWAAlwaysSign, @OWAAlwaysSign twice",
		"$q = @{ SMIMEWrong = 1 }\n$p = @{ OWAAlwaysSign = 1 }\nSet-SmimeConfig @p": "@OWAAlwaysSign",
		"$p = @{ SMIMEWrong = 1 }\n$p = @{ OWAAlwaysSign = 1 }\nSet-SmimeConfig @p": "@OWAAlwaysSign",
		"Set-SmimeConfig @p\n$p = @{ SMIMEWrong = 1 }":                              "@",
		"$script:p = @{ OWAAlwaysSign = 1 }\nSet-SmimeConfig @p":                    "@OWAAlwaysSign",
	} {
		var got []string
		say := func(p powershell.Parameter) string {
			switch p.Fault {
			case powershell.ParameterUnknown:
				return "unknown"
			case powershell.ParameterAmbiguous:
				return "ambiguous " + strings.Join(p.Matches, " ")
			case powershell.ParameterTwice:
				return p.Full + " twice"
			default:
				return p.Full
			}
		}
		commands := script(t, text).Commands
		c := commands[len(commands)-1]
		for _, p := range c.Parameters {
			got = append(got, say(p))
		}
		for _, s := range c.Splats {
			keys := ""
			for _, p := range s.Keys {
				keys += say(p)
			}
			got = append(got, "@"+keys)
		}
		if got := strings.Join(got, ", "); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// TestScriptValues holds what the value of a parameter is taken for.
func TestScriptValues(t *testing.T) {
	for value, want := range map[string]powershell.Value{
		"$null":                                  {Kind: powershell.ValueNull},
		"([byte[]]$null)":                        {Kind: powershell.ValueNull},
		"$TRUE":                                  {Kind: powershell.ValueBool},
		"0":                                      {Kind: powershell.ValueNumber},
		"+1.5":                                   {Kind: powershell.ValueNumber},
		"-1":                                     {Kind: powershell.ValueNumber, NoCount: true},
		"true":                                   {Kind: powershell.ValueText, NoCount: true},
		"'1 minute'":                             {Kind: powershell.ValueText, NoCount: true},
		"00:01:00":                               {Kind: powershell.ValueText, NoCount: true},
		"'60000'":                                {Kind: powershell.ValueText},
		"' 60 '":                                 {Kind: powershell.ValueText},
		"'-60'":                                  {Kind: powershell.ValueText, NoCount: true},
		"''":                                     {Kind: powershell.ValueText},
		`"$x"`:                                   {Kind: powershell.ValueText},
		`"C:\a $x.sst"`:                          {Kind: powershell.ValueText, Path: true, Extension: "sst"},
		"[byte[]](1,2)":                          {Kind: powershell.ValueText, NoCount: true},
		"([byte[]](1,2))":                        {Kind: powershell.ValueList},
		"1, 2":                                   {Kind: powershell.ValueList},
		"@(1, 2)":                                {Kind: powershell.ValueList},
		"@{ a = 1 }":                             {Kind: powershell.ValueHash},
		"$y":                                     {},
		"$x.Bytes":                               {},
		"(Get-It)":                               {},
		"(gc a.sst)":                             {Kind: powershell.ValueLines, Extension: "sst"},
		"(gc a.sst -Raw)":                        {Kind: powershell.ValueLines, Extension: "sst"},
		"(gc a.sst @p)":                          {},
		"(gc a.sst -Enc byte)":                   {Kind: powershell.ValueFile, Extension: "sst", File: "a.sst"},
		"(Get-Content -Path a.p7b -AsByte -Raw)": {Kind: powershell.ValueFile, Extension: "p7b", File: "a.p7b"},
		"$([IO.File]::ReadAllBytes('C:\\a.p7b'))":           {Kind: powershell.ValueFile, Extension: "p7b", File: "a.p7b"},
		"([IO.File]::ReadAllBytes((Join-Path $x 'a.sst')))": {Kind: powershell.ValueFile, Extension: "sst", File: "a.sst"},
		"$lines": {Kind: powershell.ValueLines, Extension: "sst"},
		"$twice": {Kind: powershell.ValueLines, Extension: "sst"},
		"$self":  {},

		// What is no octets.
		"{ gc a.sst }":                                                         {Kind: powershell.ValueBlock},
		"([IO.File]::ReadAllText('C:\\a.sst'))":                                {Kind: powershell.ValueText},
		"([IO.File]::ReadAllLines('C:\\a.sst'))":                               {Kind: powershell.ValueLines},
		"([IO.File]::OpenRead('C:\\a.sst'))":                                   {},
		"([Convert]::ToBase64String($b))":                                      {Kind: powershell.ValueText},
		"([Convert]::FromBase64String($b))":                                    {},
		"(gc a.sst -AsByte -Raw | Out-String)":                                 {Kind: powershell.ValueText},
		"(gc a.sst -AsByte -Raw | Select-Object -First 9)":                     {},
		"(gci Cert:\\LocalMachine\\Root | Out-Null)":                           {},
		"(Get-Item a.sst)":                                                     {Kind: powershell.ValueObjects},
		"(gci a.sst)":                                                          {Kind: powershell.ValueObjects},
		"(Import-Certificate a.cer)":                                           {Kind: powershell.ValueObjects},
		"(Read-Host 'path')":                                                   {Kind: powershell.ValueText},
		"(New-Object Security.Cryptography.X509Certificates.X509Certificate2)": {Kind: powershell.ValueObjects},
		"([Security.Cryptography.X509Certificates.X509Certificate2]::new($f))": {Kind: powershell.ValueObjects},
		"([X509Certificate2Collection]::new())":                                {Kind: powershell.ValueObjects},
		"(New-Object byte[] 5)":                                                {},
		"([byte[]]::new(5))":                                                   {},

		// Octets that are no store.
		"$c.RawData":             {Kind: powershell.ValueExport, Form: "RawData"},
		"$c.GetRawCertData()":    {Kind: powershell.ValueExport, Form: "GetRawCertData"},
		"$c.Export('Pkcs7')":     {Kind: powershell.ValueExport, Form: "Pkcs7"},
		"$c.Export(\"pfx\", $p)": {Kind: powershell.ValueExport, Form: "pfx"},
		"$c.Export([Security.Cryptography.X509Certificates.X509ContentType]::Cert)": {Kind: powershell.ValueExport, Form: "Cert"},
		"$c.Export([X509ContentType]::SerializedStore)":                             {},
		"$c.Export($kind)":                       {},
		"$c.Export()":                            {},
		"([Text.Encoding]::UTF8.GetBytes($t))":   {Kind: powershell.ValueEncoded},
		"([Text.Encoding]::Latin1.GetBytes($t))": {},
		"($encoding.GetBytes($t))":               {},

		// Several files.
		"((gc a.sst -Enc byte), (gc b.sst -Enc byte))":    {Kind: powershell.ValueFiles},
		"((gc a.sst -Enc byte), 5)":                       {Kind: powershell.ValueList},
		"((gc a.sst -Enc byte) + (gc b.sst -Enc byte))":   {Kind: powershell.ValueJoined},
		"((gc a.sst -Enc byte) + $end)":                   {},
		"((gc a.sst -Enc byte) -ne (gc b.sst -Enc byte))": {},
	} {
		s := script(t, "$lines = Get-Content a.sst\n$twice = 1\n$twice = Get-Content b.sst\n$self = $self\nSet-SmimeConfig -SMIMECertificateIssuingCA "+value)
		var got powershell.Value
		for _, c := range s.Commands {
			if c.Name == "Set-SmimeConfig" {
				got = c.Parameters[0].Value
			}
		}
		if got.Line != 5 {
			t.Errorf("%s: line %d", value, got.Line)
		}
		got.Line, got.Made = 0, powershell.Made{} // whether it is seen is held with what is uploaded
		if got != want {
			t.Errorf("%s: %+v, want %+v", value, got, want)
		}
	}
}

// TestScriptCodePages holds that text in no UTF-8 is read in the code page of Japan where it
// is that, and that no character swallows the mark behind it.
func TestScriptCodePages(t *testing.T) {
	for text, want := range map[string]bool{
		"Write-Host \"\x8E\xE8\x8F\x87\x82\x60\"\nSet-SmimeConfig -Wrong 1": true, // the last octet of the text is a backtick
		"# \x97\x5C\nSet-SmimeConfig -Wrong 1":                              true,
		"Set-SmimeConfig \x81\x5CWrong 1":                                   true, // the horizontal bar
		"Write-Host \"f\xFCr\"\nSet-SmimeConfig -Wrong 1":                   true,
		"Set-SmimeConfig \x96Wrong 1":                                       true, // the en dash of Western Europe
		"\xEF\xBB\xBFSet-SmimeConfig -Wrong 1":                              true,
	} {
		s := script(t, text)
		c := s.Commands[len(s.Commands)-1]
		if got := c.Name == "Set-SmimeConfig" && len(c.Parameters) == 1 && c.Parameters[0].Fault == powershell.ParameterUnknown; got != want {
			t.Errorf("%q: %+v", text, s.Commands)
		}
	}
}

func TestScriptJoined(t *testing.T) {
	tests := []struct {
		name, text string
		want       []int
	}{
		{"as printed", `$Cert = New-Object System.Security.Cryptography.X509Certificates.X509Certificate2("C:\a.cer") $Store.Add($Cert)`, []int{1}},
		{"second line", "Get-SmimeConfig\n$a = Get-Content b $c = 1", []int{2}},
		{"two commands", "$Data = Get-Content a.sst -Encoding Byte Set-SmimeConfig -SMIMECertificateIssuingCA $Data", []int{1}},
		{"separated", "$a = New-Object b(\"c\"); $d.Add($a)\n$e.Add($a)", nil},
		{"method as argument", "New-Object b $c.Trim(1)", nil},
		{"help", "Get-Help Get-Content", nil},
		{"name as value", "Invoke-It -Name Get-Content", nil},
		{"printed", "Write-Host Uploading with Set-SmimeConfig -OWAAlwaysSign", nil},
		{"printed assignment", "Write-Host $x = 1", nil},
		{"text and assignment", "Write-Host \"a\"$x = (1)", []int{1}},
		{"list", "Connect-ExchangeOnline -CommandName Get-SmimeConfig, Set-SmimeConfig -ShowBanner:$false", nil},
		{"mock", "Mock Get-Content -ParameterFilter { $true }", nil},
		{"after an expression", "$d = [IO.File]::ReadAllBytes('a') Set-SmimeConfig -SMIMECertificateIssuingCA $d", []int{1}},
		{"numbered", "1. Set-SmimeConfig -OWAAlwaysSign $true", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := script(t, tt.text).Joined; !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestScriptFacts(t *testing.T) {
	s := script(t, "#Requires -Version 7.2 -PSEdition Core\n[IO.File]::ReadAllBytes('a.sst')\n[IO.File]::ReadAllBytes('C:\\a.sst')\n[IO.File]::ReadAllBytes($x)\n"+
		"$p = @{ SMIMECertificateList = $d }\nSet-SmimeConfig @p\nExport-Certificate -Cert $c -FilePath a.sst -Type SST\n")
	if s.Version != 7 || !s.Core {
		t.Errorf("requires version %d, core %t", s.Version, s.Core)
	}
	want := []powershell.FileCall{{Name: "ReadAllBytes", Line: 2, Relative: true}, {Name: "ReadAllBytes", Line: 3}, {Name: "ReadAllBytes", Line: 4}}
	if !slices.Equal(s.Files, want) {
		t.Errorf("files %v, want %v", s.Files, want)
	}
	if want := []int{7}; !slices.Equal(s.Stores, want) {
		t.Errorf("stores in lines %v, want %v", s.Stores, want)
	}
	splats := s.Commands[0].Splats
	if len(splats) != 1 || len(splats[0].Keys) != 1 || splats[0].Keys[0].Name != "SMIMECertificateList" || splats[0].Keys[0].Line != 5 || splats[0].Keys[0].Fault != powershell.ParameterUnknown {
		t.Errorf("splats %+v", splats)
	}
}

// TestScriptSplatted holds that what is splatted is a parameter too, and that a path is the
// same with quotation marks and without.
func TestScriptSplatted(t *testing.T) {
	s := script(t, "$p = @{ 'Encoding' = 'Byte' }\nGet-Content @p\ncertutil -generateSSTFromWU C:\\r.sst\nSet-SmimeConfig -SMIMECertificateIssuingCA ([IO.File]::ReadAllBytes(\"C:\\R.sst\"))\n")
	if e, ok := s.Commands[0].Parameter("Encoding"); !ok || e.Value.Word != "Byte" || e.Line != 1 {
		t.Errorf("splatted: %+v", e)
	}
	if c, _ := s.Commands[2].Parameter("SMIMECertificateIssuingCA"); !c.Value.AllRoots {
		t.Errorf("all roots: %+v", c.Value)
	}
}

// TestScriptSecrets holds that no text of a script is kept that may be a password.
func TestScriptSecrets(t *testing.T) {
	s := script(t, "$p = @{ PfxPassword = 'sEcret'; Type = 'sEcret' }\nNew-IntuneUserPfxCertificate sEcret -PfxPassword sEcret @p\nConnect-It -Password 'sEcret' sEcret\nSet-SmimeConfig -OWAAlwaysSign sEcret")
	if text := fmt.Sprintf("%+v", s); strings.Contains(text, "sEcret") {
		t.Errorf("kept in %s", text)
	}
}

// TestScriptWithKey holds that a key in a script is found.
func TestScriptWithKey(t *testing.T) {
	f, err := bundle.Parse("x", []byte("Get-SmimeConfig\n$k = @'\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'@"))
	if err != nil {
		t.Fatal(err)
	}
	if f.Format != bundle.Script || len(f.Keys) != 1 {
		t.Errorf("read as %s with %d keys", f.Format, len(f.Keys))
	}
}

// TestRemarkIsNoScript holds that PEM text stays PEM when a remark in it names a
// command.
func TestRemarkIsNoScript(t *testing.T) {
	f, err := bundle.Parse("x", append([]byte("Bag Attributes: made with Export-Certificate\n"), read(t, "example/issuing-ca.pem")...))
	if err != nil || f.Format != bundle.PEM || len(f.Certificates) != 1 {
		t.Errorf("read as %v, %v", f, err)
	}
}

func TestScriptNesting(t *testing.T) {
	deep := "Get-SmimeConfig " + strings.Repeat("(", 1<<16) + strings.Repeat(")", 1<<16) + "; Get-Content x"
	if got, want := commands(script(t, deep)), []string{"Get-SmimeConfig", "Get-Content"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestScriptWords holds that a script is known by each of its words, in either case
// and only as a word of its own.
func TestScriptWords(t *testing.T) {
	for text, want := range map[string]bool{
		"Get-SmimeConfig": true, "SET-SMIMECONFIG x": true, "x; Set-EXOSmimeConfig": true, "Connect-ExchangeOnline": true, "(get-content a)": true,
		"New-Object X": true, "Export-PfxCertificate": true, "export-certificate": true, "Import-PfxCertificate": true, "import-certificate": true,
		"Import-IntuneUserPfxCertificate": true, "invoke-MgGraphRequest": true,
		"forget-content": false, "get-contents": false, "get -content": false, "-get-": false, "new-objects": false, "<a>Get-Content</a>": false, "_set-smimeconfig": false,
	} {
		f, err := bundle.Parse("x", []byte(text+"\n"))
		if got := err == nil && f.Format == bundle.Script; got != want {
			t.Errorf("%q is a script: %v, want %v", text, got, want)
		}
	}
}
