package bundle_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
)

// TestProseIsNoScript holds that text which names a cmdlet is no script, and that one in
// which a cmdlet begins a statement is.
func TestProseIsNoScript(t *testing.T) {
	for text, want := range map[string]bool{
		"Get-SmimeConfig | ConvertTo-Json -Depth 3":                                            true,
		"$x = Get-Content a.sst -Encoding Byte\nSet-SmimeConfig -SMIMECertificateIssuingCA $x": true,
		"Connect-ExchangeOnline\n\nSet-SmimeConfig -OWAAlwaysSign $true\n":                     true,
		"if ($true) { Set-SmimeConfig –OWAAlwaysSign 1 }":                                      true,
		"Invoke-Command -Session $s -ScriptBlock { Get-SmimeConfig }":                          true,
		"Connect with Connect-ExchangeOnline and run Set-SmimeConfig.":                         false,
		"Set-SmimeConfig uploads the store to the tenant.\n":                                   false,
		"# Upload\n\nFirst connect to the tenant, then upload:\n\n```powershell\nSet-SmimeConfig -OWAAlwaysSign $true\n```\n\nThe command takes a minute or two.\n": false,
		"PS C:\\> Connect-ExchangeOnline\nPS C:\\> Get-SmimeConfig\n\nName : x\n":                                                                                   false,
		"Get-SmimeConfig and Set-SmimeConfig are cmdlets of the module ExchangeOnlineManagement.":                                                                   false,
		"- Get-Content\n- Set-Content\n- New-Object\n":                                                                                                              false,
		"Import-PSSession $s -CommandName Set-SmimeConfig, Get-SmimeConfig":                                                                                         false,
		"Mock Get-Content { 'x' }\nIt 'works' { Should -Invoke Get-Content }":                                                                                       false,
		"Write-Host Uploading with Set-SmimeConfig":                                                                                                                 false,
		"Name,Verb\nSet-SmimeConfig,Set\nGet-SmimeConfig,Get\n":                                                                                                     false,
		"Hello Anna,\nplease run Get-SmimeConfig for me and send what it prints.\nThanks, Bob\n":                                                                    false,
		"1. Connect-ExchangeOnline\n2. Run Set-SmimeConfig with your store\n":                                                                                       false,
		"Set-SmimeConfig [[-Identity] <OrganizationIdParameter>] [-Confirm] [-OWAAlwaysSign <Boolean>]\n":                                                           false,
		"NAME\n    Set-SmimeConfig\n\nSYNOPSIS\n    This cmdlet is available only in the cloud service.\n":                                                          false,
	} {
		f, err := bundle.Parse("x.txt", []byte(text))
		if got := err == nil && f.Format == bundle.Script; got != want {
			t.Errorf("%q is a script: %v, want %v", text, got, want)
		}
		for _, name := range []string{"x.ps1", "X.PSM1", "a/b.psd1"} {
			if f, err := bundle.Parse(name, []byte(text)); err != nil || f.Format != bundle.Script {
				t.Errorf("%s is no script by its name: %v", name, err)
			}
		}
	}
}

// TestReadmeIsNoScript holds that what this module says of itself is no script.
func TestReadmeIsNoScript(t *testing.T) {
	n := 0
	err := filepath.WalkDir("../..", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".md") {
			return err
		}
		n++
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if f, err := bundle.Parse(path, data); err == nil && f.Format == bundle.Script {
			t.Errorf("%s is a script", path)
		}
		return nil
	})
	if err != nil || n < 5 {
		t.Errorf("%d files, %v", n, err)
	}
}
