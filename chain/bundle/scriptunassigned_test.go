package bundle_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
)

// TestScriptUnassigned holds which variable a command stands on that the script does not
// assign before, as far as its text shows; where anything may assign it, it is taken for assigned.
func TestScriptUnassigned(t *testing.T) {
	const up = "Set-SmimeConfig -SMIMECertificateIssuingCA $store"
	var steps strings.Builder
	for i := range 20 {
		fmt.Fprintf(&steps, "$a%d = $a%d\n", i+1, i)
	}
	for _, tt := range []struct{ name, text, want string }{
		{"alone", up, "store"},
		{"a slip", "$sotre = Get-D\n" + up, "store"},
		{"as written", "$Sotre = Get-D\nSet-SmimeConfig -SMIMECertificateIssuingCA $Store", "Store"},
		{"read elsewhere", up + "\nWrite-Host $store.Length", "store"},
		{"named in a comment", "# $store = Get-D\n" + up, "store"},
		{"in text", "Write-Host 'the store'\n" + up, "store"},
		{"assigned", "$store = Get-D\n" + up, ""},
		{"in another case", "$STORE = Get-D\n" + up, ""},
		{"in braces", "${store} = Get-D\n" + up, ""},
		{"with a type", "[byte[]]$store = Get-D\n" + up, ""},
		{"with a scope", "$script:store = Get-D\n" + up, ""},
		{"read with a scope", "$store = Get-D\nSet-SmimeConfig -SMIMECertificateIssuingCA $script:store", ""},
		{"added to", "$store += Get-D\n" + up, ""},
		{"one of two", "$name, $store = Get-D\n" + up, ""},
		{"two at once", "$a = $store = Get-D\n" + up, ""},
		{"in a condition", "if ($store = Get-D) { " + up + " }", ""},
		{"in a branch", "if ($a) { $store = Get-D }\n" + up, ""},
		{"behind it, in a loop", "foreach ($i in 1, 2) { " + up + "; $store = Get-D }", ""},
		{"behind it", up + "\n$store = Get-D", "store"},
		{"behind it, in a branch", "if ($a) { " + up + " }\n$store = Get-D", "store"},
		{"behind it, where a function is called", "function A { " + up + " }\n$store = Get-D\nA", ""},
		{"behind it, where a block is run", "$a = { " + up + " }\n$store = Get-D\n& $a", ""},
		{"behind it and another block", up + "\n& { Get-D }\n$store = Get-D", "store"},
		{"behind it, where another block is before", "& { Get-D }\n" + up + "\n$store = Get-D", "store"},
		{"behind the loop", "foreach ($i in 1, 2) { " + up + " }\n$store = Get-D", "store"},
		{"behind what reads it", "$path = Join-Path $dir 'x'\n$dir = 'a'\n$store = [IO.File]::ReadAllBytes($path)\n" + up, "dir"},
		{"on both sides", "$store = Get-D\n" + up + "\n$store = Get-D\n" + up, ""},
		{"a parameter", "param($store)\n" + up, ""},
		{"with an attribute", "param(\n[Parameter(Mandatory = $true)]\n[byte[]]\n$Store = $null\n)\n" + up, ""},
		{"of a function", "function A($store) { " + up + " }\nA (Get-D)", ""},
		{"of a block", "& { param($store) " + up + " } (Get-D)", ""},
		{"each of some", "foreach ($store in Get-D) { " + up + " }", ""},
		{"each of what is never assigned", "foreach ($store in $stores) { " + up + " }", "stores"},
		{"each of what is", "$stores = Get-D\nforeach ($store in $stores) { " + up + " }", ""},
		{"for", "for ($store = 0; $store -lt 3; $store++) { " + up + " }", ""},
		{"counted", "$store++\n" + up, ""},
		{"counted down", "$store--\n" + up, ""},
		{"an out variable", "Get-D -OutVariable store | Out-Null\n" + up, ""},
		{"added to one", "Get-D -ov +store | Out-Null\n" + up, ""},
		{"with a colon", "Get-D -OutVariable:store | Out-Null\n" + up, ""},
		{"Tee-Object", "Get-D | Tee-Object -Variable 'store'\n" + up, ""},
		{"Set-Variable", "Set-Variable store (Get-D)\n" + up, ""},
		{"New-Variable", "New-Variable -Name \"store\" -Value (Get-D)\n" + up, ""},
		{"a computed name", "Set-Variable $name (Get-D)\n" + up, ""},
		{"the drive of variables", "Set-Item variable:store (Get-D)\n" + up, ""},
		{"a reference", "Get-D ([ref]$store)\n" + up, ""},
		{"a cast", "Write-Host ([string]$store)\n" + up, "store"},
		{"another script in the same scope", ". .\\common.ps1\n" + up, ""},
		{"another script in its own", "& .\\common.ps1\n" + up, "store"},
		{"text that is run", "Invoke-Expression $text\n" + up, ""},
		{"a module of one's own", "Import-Module .\\common.psm1\n" + up, ""},
		{"a module by name", "Import-Module ExchangeOnlineManagement\n" + up, "store"},
		{"a module by name, with the parameter", "Import-Module -Name ExchangeOnlineManagement\n" + up, "store"},
		{"using module", "using module Common\n" + up, ""},
		{"using namespace", "using namespace System.IO\n" + up, "store"},
		{"a section of data", "data store { 'x' }\n" + up, ""},
		{"a script with a fault", "$a = 'x' 'y'\n" + up, ""},

		{"the path", "Set-SmimeConfig -SMIMECertificateIssuingCA ([IO.File]::ReadAllBytes($path))", "path"},
		{"in text that is replaced", "Set-SmimeConfig -SMIMECertificateIssuingCA ([IO.File]::ReadAllBytes(\"$dir\\all.sst\"))", "dir"},
		{"in text that is not", "Set-SmimeConfig -SMIMECertificateIssuingCA ([IO.File]::ReadAllBytes('$dir\\all.sst'))", ""},
		{"what it was assigned", "$store = [IO.File]::ReadAllBytes($path)\n" + up, "path"},
		{"two steps before", "$file = Join-Path $dir 'all.sst'\n$store = [IO.File]::ReadAllBytes($file)\n" + up, "dir"},
		{"too many steps before", steps.String() + "$store = $a20\n" + up, ""},
		{"each reads the other", "$a = $store\n$store = $a\n" + up, "store"},
		{"one reads itself", "$store = $store\n" + up, ""},
		{"a member", "$c = Get-D\n$store = $c.RawData\n" + up, ""},
		{"a member of none", "$store = $c.RawData\n" + up, "c"},
		{"a hash table", "$p = @{ SMIMECertificateIssuingCA = $store }\nSet-SmimeConfig @p", "store"},
		{"an entry of one", "$p = @{}\n$p.SMIMECertificateIssuingCA = $store\nSet-SmimeConfig @p", "store"},
		{"no hash table", "Set-SmimeConfig @p", "p"},
		{"a setting", "Set-SmimeConfig -OWAAlwaysSign $sign", "sign"},
		{"a hop that PowerShell makes", "Invoke-Command { Set-SmimeConfig -SMIMECertificateIssuingCA $using:store }", "using:store"},
		{"one that is assigned", "$store = Get-D\nInvoke-Command { Set-SmimeConfig -SMIMECertificateIssuingCA $using:store }", ""},
		{"a command that brings nothing about", "Write-Host $store", ""},

		{"PowerShell's own", "$store = [IO.File]::ReadAllBytes(\"$PSScriptRoot\\all.sst\")\n" + up, ""},
		{"the thing in a pipeline", "Get-D | ForEach-Object { Set-SmimeConfig -SMIMECertificateIssuingCA $_ }", ""},
		{"arguments", "Set-SmimeConfig -SMIMECertificateIssuingCA $args[0]", ""},
		{"the environment", "Set-SmimeConfig -SMIMECertificateIssuingCA ([IO.File]::ReadAllBytes($env:SST))", ""},
		{"true", "Set-SmimeConfig -OWAAlwaysSign $true -Confirm:$false", ""},
		{"a preference", "Set-SmimeConfig -OWAAlwaysSign $true -Verbose:$VerbosePreference", ""},
		{"a name in braces that is no word", "Set-SmimeConfig -SMIMECertificateIssuingCA ${my store}", ""},
		{"one that is very long", "Set-SmimeConfig -SMIMECertificateIssuingCA $" + strings.Repeat("s", 65), ""},

		{"handed on", "powershell -Command '" + up + "'", "store"},
		{"to another process", "$store = 'a'\npowershell -Command '" + up + "'", "store"},
		{"replaced before", "$store = 'a'\npowershell -Command \"" + up + "\"", ""},
		{"of Microsoft Graph", "New-MgDeviceManagementDeviceConfiguration -BodyParameter $store", "store"},
		{"behind a call of it", "New-MgDeviceManagementDeviceConfiguration -BodyParameter (b)\nWrite-Host $store", ""},
		{"piped to it", "$store | New-MgDeviceManagementDeviceConfiguration", "store"},
		{"of the module for Intune", "New-IntuneUserPfxCertificate -PathToPfxFile $store", "store"},
	} {
		f, err := bundle.Parse("x.ps1", []byte(tt.text))
		if err != nil || f.Script == nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got := ""
		for _, c := range f.Script.Commands {
			if c.Unassigned != "" {
				got = c.Unassigned
			}
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
