package bundle_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
)

func script(t *testing.T, text string) *bundle.PowerShell {
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
func commands(s *bundle.PowerShell) []string {
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
	want := []bundle.FileCall{{Name: "ReadAllBytes", Line: 2, Relative: true}, {Name: "ReadAllBytes", Line: 3}, {Name: "ReadAllBytes", Line: 4}}
	if !slices.Equal(s.Files, want) {
		t.Errorf("files %v, want %v", s.Files, want)
	}
	if want := []int{7}; !slices.Equal(s.Stores, want) {
		t.Errorf("stores in lines %v, want %v", s.Stores, want)
	}
	splats := s.Commands[0].Splats
	if len(splats) != 1 || len(splats[0].Keys) != 1 || splats[0].Keys[0].Name != "SMIMECertificateList" || splats[0].Keys[0].Line != 5 || splats[0].Keys[0].Fault != bundle.ParameterUnknown {
		t.Errorf("splats %+v", splats)
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
