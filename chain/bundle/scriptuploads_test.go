package bundle_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
)

// TestScriptUploads holds which uploads another one takes the place of: a later one beside
// it, and the next one of a loop over several things.
func TestScriptUploads(t *testing.T) {
	up := func(value string) string {
		return "Set-SmimeConfig -SMIMECertificateIssuingCA ([IO.File]::ReadAllBytes(" + value + "))"
	}
	a, b, each := up("'C:\\a.sst'"), up("'C:\\b.sst'"), up("$f.FullName")
	for _, tt := range []struct {
		name, text       string
		replaced, looped string
	}{
		{"one", a, "[]", "[]"},
		{"two", a + "\n" + b, "[1]", "[]"},
		{"two on a line", a + "; " + b, "[1]", "[]"},
		{"three", a + "\n" + b + "\n" + a, "[1 2]", "[]"},
		{"the same again", a + "\n" + a, "[]", "[]"},
		{"the same, and another", a + "\n" + a + "\n" + b, "[2]", "[]"},
		{"with something between", a + "\nGet-SmimeConfig\n" + b, "[1]", "[]"},
		{"another tenant", a + "\nConnect-ExchangeOnline -Organization b\n" + b, "[]", "[]"},
		{"connected before", "Connect-ExchangeOnline\n" + a + "\n" + b, "[2]", "[]"},
		{"either", "if ($x) { " + a + " } else { " + b + " }", "[]", "[]"},
		{"two in a branch", "if ($x) {\n" + a + "\n" + b + " }", "[2]", "[]"},
		{"tried again", "try { " + a + " } catch { " + b + " }", "[]", "[]"},
		{"then taken away", a + "\nSet-SmimeConfig -SMIMECertificateIssuingCA $null", "[1]", "[]"},
		{"another behind exit", a + "\nexit\n" + b, "[]", "[]"},
		{"behind a statement that is appended", "Get-SmimeConfig -X (1) Get-SmimeConfig -Y 2\n" + a + "\n" + b, "[2]", "[]"},
		{"the right one, and return", "foreach ($f in $files) { if ($f.Name -eq 'a.sst') { " + each + "; return } }", "[]", "[]"},
		{"some of them", "foreach ($f in $files) { if ($f.Name) { " + each + " } else { continue } }", "[]", "[1]"},
		{"with a pipeline", "foreach ($f in $files) { Get-Item $f | Out-Null; " + each + " }", "[]", "[1]"},
		{"with a word that ends nothing", "foreach ($f in $files) { Write-Host 'exit'; " + each + " }", "[]", "[1]"},
		{"with another variable", "foreach ($f in $files) { Set-SmimeConfig -SMIMECertificateIssuingCA $f -Identity $x }", "[]", "[1]"},
		{"with a word that is no variable", "foreach ($f in $files) { Set-SmimeConfig -SMIMECertificateIssuingCA $all -Identity f }", "[]", "[]"},
		{"a block of something else", "$x | Where-Object { " + up("$_") + " }", "[]", "[]"},
		{"taken away for each", "foreach ($f in $files) { Set-SmimeConfig -Identity $f -SMIMECertificateIssuingCA $null }", "[]", "[]"},
		{"taken away first", "Set-SmimeConfig -SMIMECertificateIssuingCA $null\n" + a, "[]", "[]"},
		{"shown first", a + " -WhatIf\n" + b, "[]", "[]"},
		{"a setting beside", "Set-SmimeConfig -OWACheckCRLOnSend $true\n" + a, "[]", "[]"},
		{"splatted", "$p = @{ SMIMECertificateIssuingCA = $x }\nSet-SmimeConfig @p\n" + a, "[2]", "[]"},
		{"abbreviated", "Set-SmimeConfig -SMIMECertificateI ([IO.File]::ReadAllBytes('C:\\a.sst'))\n" + b, "[1]", "[]"},

		{"foreach", "foreach ($f in Get-ChildItem *.sst) {\n" + each + "\n}", "[]", "[2]"},
		{"foreach, in capitals", "FOREACH ($F in $files) { " + each + " }", "[]", "[1]"},
		{"foreach, through a variable", "foreach ($f in $files) {\n$bytes = [IO.File]::ReadAllBytes($f)\nSet-SmimeConfig -SMIMECertificateIssuingCA $bytes\n}", "[]", "[3]"},
		{"foreach, through a table", "foreach ($f in $files) {\n$p = @{ SMIMECertificateIssuingCA = $f }\nSet-SmimeConfig @p\n}", "[]", "[3]"},
		{"foreach, in text", "foreach ($f in $files) { " + up("\"C:\\smime\\$f.sst\"") + " }", "[]", "[1]"},
		{"ForEach-Object", "Get-ChildItem *.sst | ForEach-Object { " + up("$_.FullName") + " }", "[]", "[1]"},
		{"%", "Get-ChildItem *.sst | % { " + up("$PSItem") + " }", "[]", "[1]"},
		{"-Process", "Get-ChildItem *.sst | foreach -Process { " + up("$_") + " }", "[]", "[1]"},
		{"loops in loops", "foreach ($d in $dirs) { foreach ($f in dir $d) { " + each + " } }", "[]", "[1]"},
		{"the same each time", "foreach ($t in 1..3) { " + a + " }", "[]", "[]"},
		{"each its tenant", "foreach ($f in $tenants) { Connect-ExchangeOnline -Organization $f; " + each + " }", "[]", "[]"},
		{"the right one", "foreach ($f in $files) { if ($f.Name -eq 'a.sst') { " + each + "; break } }", "[]", "[]"},
		{"behind the loop", "foreach ($f in $files) { $last = $f }\n" + up("$last"), "[]", "[]"},
		{"read in a loop", "$all = $files | ForEach-Object { Get-Item $_ }\n" + a, "[]", "[]"},
		{"a loop without a body", "foreach ($f in $files)\n" + a, "[]", "[]"},
		{"a loop over nothing", "foreach () { " + a + " }", "[]", "[]"},
		{"only begun", "foreach", "[]", "[]"},
		{"handed on", "powershell -Command \"" + strings.ReplaceAll(a, "'", "") + "; " + strings.ReplaceAll(b, "'", "") + "\"", "[1]", "[]"},
	} {
		f, err := bundle.Parse("x.ps1", []byte(tt.text))
		if err != nil || f.Script == nil {
			if tt.name != "only begun" {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		if got := fmt.Sprint(f.Script.Replaced); got != tt.replaced {
			t.Errorf("%s: replaced in lines %s, want %s", tt.name, got, tt.replaced)
		}
		if got := fmt.Sprint(f.Script.Looped); got != tt.looped {
			t.Errorf("%s: in a loop in lines %s, want %s", tt.name, got, tt.looped)
		}
	}
}
