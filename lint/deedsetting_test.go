package lint_test

import (
	"fmt"
	"testing"

	"github.com/smimechain/smimechain/lint"
)

// TestTakenSetting holds that Set-SmimeConfig does not work behind the end of the session, with a
// parameter that $PSDefaultParameterValues adds, or in text that is run and was not read.
func TestTakenSetting(t *testing.T) {
	const up, end = "Set-SmimeConfig -SMIMECertificateIssuingCA (d)", "Disconnect-ExchangeOnline -Confirm:$false\n"
	const open = "unknown nothing_to_check: "
	met := func(line int) string {
		return fmt.Sprintf("met : line %d: Set-SmimeConfig -SMIMECertificateIssuingCA", line)
	}
	ended := func(line, since int) string {
		return fmt.Sprintf(open+"line %d: whether Set-SmimeConfig reaches Exchange Online is not known: the script disconnects from it before, in line %d", line, since)
	}
	given := func(line, since int) string {
		return fmt.Sprintf(open+"line %d: what Set-SmimeConfig sets is not known: in line %d $PSDefaultParameterValues gives it another parameter", line, since)
	}
	text := func(line int, by string) string {
		return fmt.Sprintf(open+"line %d: what %s runs is text, which was not read: whether it changes settings of S/MIME is not known", line, by)
	}
	const values = "$PSDefaultParameterValues"
	for _, tt := range []struct{ name, text, want string }{
		{"behind the end", "Connect-ExchangeOnline\n" + end + up, ended(3, 2)},
		{"with its module", "ExchangeOnlineManagement\\Disconnect-ExchangeOnline\n" + up, ended(2, 1)},
		{"behind try", "try { d } finally { " + end + "}\n" + up, ended(3, 1)},
		{"under a condition", "if ($x) { " + end + "}\n" + up, ended(3, 1)},
		{"in a block", end + "& {\n" + up + "\n}", ended(3, 1)},
		{"behind Microsoft Graph", end + "Connect-MgGraph\n" + up, ended(3, 1)},
		{"before the end", "Connect-ExchangeOnline\n" + up + "\n" + end, met(2)},
		{"connected anew", end + "Connect-ExchangeOnline\n" + up, met(3)},
		{"a session anew", end + "Import-PSSession $s\n" + up, met(3)},
		{"connected by a function", "function Go { Connect-ExchangeOnline }\n" + end + "Go\n" + up, met(4)},
		{"connected by a script", end + ". ./connect.ps1\n" + up, met(3)},
		{"one session of several", "Disconnect-ExchangeOnline -ModulePrefix Corp\n" + up, met(2)},
		{"where the script ends", "if (-not $x) { " + end + "exit 1 }\n" + up, met(3)},
		{"in catch", "try { Connect-ExchangeOnline } catch { " + end + "throw }\n" + up, met(3)},
		{"in a function", "function Stop-It { " + end + "}\n" + up + "\nStop-It", met(3)},
		{"in a block for later", "$stop = { " + end + "}\n" + up + "\n& $stop", met(3)},

		{"by default", values + " = @{ 'Set-SmimeConfig:OWADisableCRLCheck' = 'nein' }\n" + up, given(2, 1)},
		{"an entry", values + "['Set-SmimeConfig:WhatIf'] = $true\n" + up, given(2, 1)},
		{"for all", values + "['*:WhatIf'] = $true\n" + up, given(2, 1)},
		{"with wildcards", "$global:PSDefaultParameterValues['set-smime*:NoSignOnReply'] = $true\n" + up, given(2, 1)},
		{"added", values + ".Add('Set-SmimeConfig:OWAAlwaysSign', $true)\n" + up, given(2, 1)},
		{"one more", values + " += @{ 'Set-*:OWAAlwaysSign' = $true }\n" + up, given(2, 1)},
		{"for another cmdlet", values + "['Get-Content:Encoding'] = 'Byte'\n" + up, met(2)},
		{"that it does not have", values + "['*:Encoding'] = 'utf8'\n" + up, met(2)},
		{"that changes nothing", values + " = @{ '*:ErrorAction' = 'Stop'; '*:Verbose' = $true; '*:Confirm' = $false }\n" + up, met(2)},
		{"behind it", up + "\n" + values + "['*:WhatIf'] = $true", met(1)},

		{"text that is read", "Invoke-Expression '" + up + "'", met(1)},
		{"abbreviated", "\niex -Command '" + up + "'", met(2)},
		{"in a variable", "$c = '" + up + "'\niex $c", met(1)},
		{"of its variables", "$store = d\niex 'Set-SmimeConfig -SMIMECertificateIssuingCA $store'", met(2)},
		{"behind the end", end + "iex '" + up + "'", ended(2, 1)},
		{"put together", "iex \"Set-SmimeConfig -SMIMECertificateIssuingCA $x\"", text(1, "Invoke-Expression")},
		{"of several", "iex ('Set-SmimeConfig ' + $x)", text(1, "Invoke-Expression")},
		{"piped", "'" + up + "' | iex", text(1, "Invoke-Expression")},
		{"a block of text", "& ([scriptblock]::Create('" + up + "'))", text(1, "[scriptblock]::Create")},
		{"text of something else", "iex \"Get-Date $x\"\nGet-SmimeConfig", ""},
		{"beside the cmdlet", "iex \"Get-SmimeConfig; Set-SmimeConfig $x\"\n" + up, met(2)},
	} {
		files := append(scriptFile(t, tt.text), loose(root())...)
		if got := seen(t, "taken", files[0].Name, files, lint.Options{Targets: []lint.Target{lint.ExchangeOnline}}); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}
