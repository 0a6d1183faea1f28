package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint"
)

// TestTakenCmdlet holds that a script beside a store works by cmdlets alone that are known to
// change settings of S/MIME, whatever the script calls them by. Another that is given the same
// leaves open whether it does.
func TestTakenCmdlet(t *testing.T) {
	const upload = "Set-SmimeConfig -SMIMECertificateIssuingCA"
	const given = " -SMIMECertificateIssuingCA (d)"
	uploads := func(line int) string { return fmt.Sprintf("met : line %d: %s", line, upload) }
	doubt := func(line int, name string) string {
		return fmt.Sprintf("unknown nothing_to_check: line %d: whether %s brings anything about is not known: Set-SmimeConfig does", line, name)
	}
	prefix := func(line int, name string) string {
		return fmt.Sprintf("unknown nothing_to_check: line %d: whether %s stands for Set-SmimeConfig is not known: the script shows no session with this prefix (-Prefix)", line, name)
	}
	unprefixed := func(line int) string {
		return fmt.Sprintf("unknown nothing_to_check: line %d: whether Set-SmimeConfig reaches Exchange Online is not known: the script connects to it with a prefix for the cmdlets (-Prefix)", line)
	}
	const own = "function Publish-Store { param($SMIMECertificateIssuingCA) "
	for _, tt := range []struct{ name, text, want string }{
		{"the cmdlet", "Set-SmimeConfig" + given, uploads(1)},
		{"in another case", "set-SMIMEconfig" + given, uploads(1)},
		{"with its module", `tmpEXO\Set-SmimeConfig` + given, uploads(1)},
		{"in quotation marks", "& 'Set-SmimeConfig'" + given, uploads(1)},
		{"handed on", "Invoke-Command { Set-SmimeConfig" + given + " }", uploads(1)},

		{"a letter is missing", "Set-SmimConfig" + given, doubt(1, "Set-SmimConfig -SMIMECertificateIssuingCA")},
		{"another letter is", "Set-SmimeConfg" + given, doubt(1, "Set-SmimeConfg -SMIMECertificateIssuingCA")},
		{"one more", "\nSet-SmimeConfigs" + given, doubt(2, "Set-SmimeConfigs -SMIMECertificateIssuingCA")},
		{"no hyphen", "SetSmimeConfig" + given, doubt(1, "SetSmimeConfig -SMIMECertificateIssuingCA")},
		{"written out", "Set-SMIMEConfiguration" + given, doubt(1, "Set-SMIMEConfiguration -SMIMECertificateIssuingCA")},
		{"another verb", "New-SmimeConfig" + given, doubt(1, "New-SmimeConfig -SMIMECertificateIssuingCA")},
		{"of somebody's module", "Publish-Smime" + given, doubt(1, "Publish-Smime -SMIMECertificateIssuingCA")},
		{"with its module too", `Corp\Publish-Smime` + given, doubt(1, "Publish-Smime -SMIMECertificateIssuingCA")},
		{"abbreviated", "Set-SmimConfig -SMIMECert (d)", doubt(1, "Set-SmimConfig -SMIMECert")},
		{"splatted", "$p = @{ SMIMECertificateIssuingCA = (d) }\nSet-SmimConfig @p", doubt(2, "Set-SmimConfig -SMIMECertificateIssuingCA")},
		{"a setting", "Set-SmimConfig -OWAAlwaysSign $true", doubt(1, "Set-SmimConfig -OWAAlwaysSign")},
		{"with -WhatIf", "Set-SmimConfig -WhatIf" + given, doubt(1, "Set-SmimConfig -SMIMECertificateIssuingCA")},
		{"of what is not assigned", "Set-SmimConfig -SMIMECertificateIssuingCA $store", doubt(1, "Set-SmimConfig -SMIMECertificateIssuingCA")},
		{"in a function that is not called", "function Up { Set-SmimConfig" + given + " }", "unknown nothing_to_check: line 1: Set-SmimConfig -SMIMECertificateIssuingCA stands in a function or a block that the script does not call"},
		{"handed to another PowerShell", "powershell -Command \"Set-SmimConfig" + given + "\"", doubt(1, "Set-SmimConfig -SMIMECertificateIssuingCA")},
		{"beside the cmdlet", "Set-SmimConfig" + given + "\nSet-SmimeConfig -OWAAlwaysSign $true", doubt(1, "Set-SmimConfig -SMIMECertificateIssuingCA")},
		{"that names S/MIME only", "Publish-Store -SmimeFolder a", doubt(1, "Publish-Store -SmimeFolder")},
		{"that names it only, beside the cmdlet", "Publish-Log -SmimeFolder a\nSet-SmimeConfig" + given, uploads(2)},
		{"the policy of devices", "New-MobileDeviceMailboxPolicy a -AllowSMIMESoftCerts $true", "met : line 1: New-MobileDeviceMailboxPolicy -AllowSMIMESoftCerts"},

		{"a prefix that is not shown", "Set-CorpSmimeConfig" + given, prefix(1, "Set-CorpSmimeConfig")},
		{"a prefix for others", "Connect-ExchangeOnline -Prefix Corp\nSet-SmimeConfig" + given, unprefixed(2)},
		{"a prefix for others, splatted", "$x = @{ Prefix = 'Corp' }\nConnect-ExchangeOnline @x\nSet-SmimeConfig" + given, unprefixed(3)},
		{"two sessions", "Connect-ExchangeOnline -Prefix Corp\nConnect-ExchangeOnline\nSet-SmimeConfig" + given, uploads(3)},
		{"a session of the premises", "Import-PSSession $s -Prefix Local\nConnect-ExchangeOnline\nSet-SmimeConfig" + given, uploads(3)},
		{"a session of the premises alone", "Import-PSSession $s -Prefix Local\nSet-SmimeConfig" + given, uploads(2)},
		{"a module", "Import-Module ExchangeOnlineManagement\nConnect-ExchangeOnline -Prefix Corp\nSet-SmimeConfig" + given, unprefixed(3)},
		{"both", "Connect-ExchangeOnline -Prefix Corp\nSet-SmimeConfig" + given + "\nSet-CorpSmimeConfig" + given, uploads(3)},
		{"a prefix", "Connect-ExchangeOnline -Prefix Corp\nSet-CorpSmimeConfig" + given, uploads(2)},
		{"in another case, abbreviated", "Connect-ExchangeOnline -pre:'CORP'\nset-corpsmimeconfig" + given, uploads(2)},
		{"of a session", "Import-PSSession $s -Prefix Corp\nSet-CorpSmimeConfig" + given, uploads(2)},
		{"of a module", "Import-Module $m -Prefix Corp\nSet-CorpSmimeConfig" + given, uploads(2)},
		{"in a variable", "$x = 'Corp'\nConnect-ExchangeOnline -Prefix $x\nSet-CorpSmimeConfig" + given, uploads(3)},
		{"splatted with others", "$x = @{ Prefix = 'Corp' }\nConnect-ExchangeOnline @x\nSet-CorpSmimeConfig" + given, uploads(3)},
		{"another prefix", "Connect-ExchangeOnline -Prefix Crop\nSet-CorpSmimeConfig" + given, prefix(2, "Set-CorpSmimeConfig")},
		{"put together", "$x = 'Corp'\nConnect-ExchangeOnline -Prefix $x\n& \"Set-${x}SmimeConfig\"" + given, uploads(3)},

		{"an alias", "Set-Alias up Set-SmimeConfig\nup" + given, uploads(2)},
		{"an alias with parameters", "New-Alias -Value Set-SmimeConfig -Name Up-Store\nUp-Store" + given, uploads(2)},
		{"an alias of another", "Set-Alias up Set-SmimConfig\nup" + given, doubt(2, "Set-SmimConfig -SMIMECertificateIssuingCA")},
		{"an alias of itself", "Set-Alias up up\nup" + given, doubt(2, "up -SMIMECertificateIssuingCA")},
		{"a name in a variable", "$c = 'Set-SmimeConfig'\n& $c" + given, uploads(2)},
		{"of another", "$c = 'Set-SmimConfig'\n& $c" + given, doubt(2, "Set-SmimConfig -SMIMECertificateIssuingCA")},
		{"that is not known", "& $args[0]" + given, "unknown nothing_to_check: line 1: which command is given -SMIMECertificateIssuingCA is not known: Set-SmimeConfig takes it"},
		{"that is not known, beside the cmdlet", "& $args[0]" + given + "\nSet-SmimeConfig" + given, uploads(2)},
		{"a block", "& { param($SMIMECertificateIssuingCA) Set-SmimeConfig @PSBoundParameters }" + given, "met : line 1: Set-SmimeConfig @PSBoundParameters"},

		{"a function", own + "Set-SmimeConfig @PSBoundParameters }\nPublish-Store" + given, "met : line 1: Set-SmimeConfig @PSBoundParameters"},
		{"a function without a hyphen", "function Up($SMIMECertificateIssuingCA) { Set-SmimeConfig @PSBoundParameters }\nUp" + given, "met : line 1: Set-SmimeConfig @PSBoundParameters"},
		{"by way of another", own + "Up $SMIMECertificateIssuingCA }\nfunction Up { Set-SmimeConfig -SMIMECertificateIssuingCA $args[0] }\nPublish-Store" + given, uploads(2)},
		{"that does nothing", own + "Write-Host $SMIMECertificateIssuingCA }\nPublish-Store" + given, doubt(2, "Publish-Store -SMIMECertificateIssuingCA")},
		{"that calls itself only", own + "Publish-Store" + given + " }\nPublish-Store" + given, doubt(1, "Publish-Store -SMIMECertificateIssuingCA") + "; " +
			strings.TrimPrefix(doubt(2, "Publish-Store -SMIMECertificateIssuingCA"), "unknown nothing_to_check: ")},
		{"that has the slip", own + "Set-SmimConfig @PSBoundParameters" + given + " }\nPublish-Store" + given, doubt(1, "Set-SmimConfig -SMIMECertificateIssuingCA")},
		{"that takes the collection away", own + "Set-SmimeConfig -SMIMECertificateIssuingCA $null }\nPublish-Store" + given, "unknown nothing_to_check: line 1: " + upload + " takes the collection away"},
		{"of the cmdlet's own kind", "function Set-CorpSmimeConfig { Set-SmimeConfig @args }\nSet-CorpSmimeConfig" + given, "met : line 1: Set-SmimeConfig @args"},
	} {
		files := append(scriptFile(t, tt.text), loose(root())...)
		if got := seen(t, "taken", files[0].Name, files, lint.Options{Targets: []lint.Target{lint.ExchangeOnline}}); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}
