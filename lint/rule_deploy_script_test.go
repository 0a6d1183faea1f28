package lint_test

import (
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
)

// says holds what a rule says of files: each part in the message of a finding of its own,
// and nothing where there is no part.
func says(t *testing.T, rule string, files []*bundle.File, opts lint.Options, parts ...string) {
	t.Helper()
	if _, ok := lint.FindRule(rule); !ok {
		t.Fatalf("no rule %s", rule)
	}
	opts.Time, opts.ZLint = today, []string{"none"}
	var found []string
	for _, f := range run(t, files, &opts).Findings {
		if f.Rule == rule {
			found = append(found, f.Message.String())
		}
	}
	same := len(found) == len(parts)
	for i := range min(len(found), len(parts)) {
		same = same && strings.Contains(found[i], parts[i])
	}
	if !same {
		t.Errorf("%s says %q, want %q", rule, found, parts)
	}
}

// scriptFile gives a script, which its name shows to be one. In it (d) and Get-D stand for
// the octets of a file.
func scriptFile(t *testing.T, text string) []*bundle.File {
	t.Helper()
	text = strings.NewReplacer("(d)", "([IO.File]::ReadAllBytes($PSHOME))", "= Get-D", "= [IO.File]::ReadAllBytes($PSHOME)").Replace(text)
	f, err := bundle.Parse("script.ps1", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return []*bundle.File{f}
}

// TestScriptRules holds what rules say of a script to the line and the words that are at
// fault, and that they are silent about what is right beside it.
func TestScriptRules(t *testing.T) {
	const exchange, intune = lint.ExchangeOnline, lint.Intune
	for _, tt := range []struct {
		rule   string
		target lint.Target
		script string
		parts  []string
	}{
		{"e_script_unknown_parameter", exchange, "Set-SmimeConfig -SMIMECertificateList $d", []string{"line 1: Set-SmimeConfig has no parameter SMIMECertificateList"}},
		{"e_script_unknown_parameter", exchange, "Set-SmimeConfig -OWANoSignOnReply $true", nil}, // of old pages
		{"e_script_unknown_parameter", exchange, "$p = @{\nSMIMECertificateList = 1\nOther = 2\n}\nSet-SmimeConfig @p", []string{"line 2", "line 3"}},
		{"e_script_ambiguous_parameter", exchange, "Set-SmimeConfig -OWAAlways $true", []string{"-OWAAlways may be several parameters; PowerShell: Parameter cannot be processed because the parameter name 'OWAAlways' is ambiguous. Possible matches include: -OWAAlwaysEncrypt -OWAAlwaysSign."}},
		{"e_script_ambiguous_parameter", exchange, "Set-SmimeConfig -OWAAlwaysS $true", nil},
		{"e_script_ambiguous_parameter", exchange, "Set-SmimeConfig -OWAAlwaysSign $true -OWAAlwaysSign $true", nil},
		{"e_script_ambiguous_parameter", exchange, "Get-SmimeConfig -Warning", []string{"Get-SmimeConfig -Warning may be several parameters"}},
		{"e_script_parameter_twice", exchange, "Set-SmimeConfig -OWAAlwaysSign $true -OWAAlwaysS $true", []string{"Set-SmimeConfig is given -OWAAlwaysSign twice; PowerShell: Cannot bind parameter because parameter 'OWAAlwaysS'"}},
		{"e_script_parameter_twice", exchange, "Set-SmimeConfig -OWAAlways $true", nil},
		{"e_script_boolean_text", exchange, "Set-SmimeConfig -OWAAlwaysSign 'true'", []string{"-OWAAlwaysSign is given text"}},
		{"e_script_boolean_text", exchange, "Set-SmimeConfig -OWAAlwaysSign $true", nil},
		{"e_script_boolean_text", exchange, "Set-SmimeConfig -OWASigningAlgorithms 'true'", nil},
		{"e_script_boolean_text", exchange, "Set-SmimeConfig -OWAAlwaysSign $null", []string{"-OWAAlwaysSign is given $null; PowerShell: Cannot bind argument"}},
		{"e_script_boolean_text", exchange, "Set-SmimeConfig -OWASigningAlgorithms $null", nil},
		{"e_script_boolean_text", exchange, "Set-SmimeConfig -OWAAlwaysSign 1", nil},
		{"e_script_no_number", exchange, "Set-SmimeConfig -OWACRLConnectionTimeout 00:01:00", []string{"line 1: -OWACRLConnectionTimeout takes a number of zero or more"}},
		{"e_script_no_number", exchange, "Set-SmimeConfig -OWADLExpansionTimeout -1 -OWACRLRetrievalTimeout '1 minute'", []string{"-OWACRLRetrievalTimeout", "-OWADLExpansionTimeout"}},
		{"e_script_no_number", exchange, "Set-SmimeConfig -OWABCCEncryptedEmailForking $true -OWADLExpansionTimeout '60000' -OWACRLRetrievalTimeout $t", nil},
		{"e_script_no_number", exchange, "Set-SmimeConfig -OWASigningAlgorithms none -OWAAlwaysSign none", nil},
		{"e_script_not_splatted", exchange, "$p = @{ OWAAlwaysSign = $true }\nSet-SmimeConfig $p", []string{"line 2: Set-SmimeConfig is given a hash table"}},
		{"e_script_not_splatted", exchange, "Set-SmimeConfig Default @{ OWAAlwaysSign = $true }", []string{"line 1"}},
		{"e_script_not_splatted", exchange, "$p = @{ OWAAlwaysSign = $true }\nSet-SmimeConfig @p", nil},
		{"e_script_not_splatted", exchange, "$p = @{ OWAAlwaysSign = $true }\nSet-Other $p", nil},
		{"e_script_positional", exchange, "Set-SmimeConfig Default more", []string{"line 1: Set-SmimeConfig is given values without a parameter"}},
		{"e_script_positional", exchange, "Set-SmimeConfig -Identity Default more", []string{"line 1: Set-SmimeConfig is given values without a parameter"}},
		{"e_script_positional", exchange, "Set-SmimeConfig Default -OWAAlwaysSign $true", nil},
		{"e_script_positional", exchange, "Set-SmimeConfig Default @{ OWAAlwaysSign = $true }", nil}, // of which e_script_not_splatted speaks
		{"e_script_positional", exchange, "Set-SmimeConfig -OWAAlwaysSign $true \u2011OWAClearSign $true", []string{"line 1: \u2011OWAClearSign begins with no hyphen that PowerShell takes"}},
		{"e_script_positional", exchange, "Set-SmimeConfig /smimecertificateissuingca 'p@ss'", []string{"/smimecertificateissuingca begins with no hyphen"}},
		{"e_script_positional", exchange, "Set-SmimeConfig -Identity Default -OWAAlwaysSign $true Set-SmimeConfig -OWAClearSign $true", nil}, // of which e_script_two_statements speaks
		{"e_script_positional", exchange, "Get-SmimeConfig a b", nil},
		{"e_script_line_ends", exchange, "Set-SmimeConfig -OWAClearSign $true ` \n  -OWAAlwaysSign $true", []string{"line 2: begins with the parameter -OWAAlwaysSign; PowerShell: The term"}},
		{"e_script_line_ends", exchange, "Set-SmimeConfig\n\u2013SMIMECertificateIssuingCA $d", []string{"line 2: begins with the parameter \u2013SMIMECertificateIssuingCA"}},
		{"e_script_line_ends", exchange, "Set-SmimeConfig -OWAClearSign $true `\n  -OWAAlwaysSign $true", nil},
		{"e_script_line_ends", exchange, "Set-SmimeConfig -OWAClearSign $true\n-not $OWAAlwaysSign\n-Other", nil},
		{"e_script_line_ends", exchange, "xOWAAlwaysSign $true", nil}, // a function of the company
		{"e_script_not_octets", exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA 'store'", []string{"is given text, not octets"}},
		{"e_script_not_octets", exchange, `Set-SmimeConfig -SMIMECertificateIssuingCA 'C:\a.sst'`, []string{"is given the path of a file, not octets"}},
		{"e_script_not_octets", exchange, `Set-SmimeConfig -SMIMECertificateIssuingCA (Get-Content 'C:\a.sst')`, []string{"is given the lines of a file as text, not octets"}},
		{"e_script_not_octets", exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA @{a = 1}", []string{"is given a hash table, not octets"}},
		{"e_script_not_octets", exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA $true", []string{"is given $true or $false, not octets"}},
		{"e_script_not_octets", exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA (Get-Item a.sst)", []string{"is given objects, such as certificates, not octets"}},
		{"e_script_not_octets", exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA { $d }", []string{"is given a script block, not octets"}},
		{"e_script_not_octets", exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA ([IO.File]::ReadAllBytes($a), [IO.File]::ReadAllBytes($b))", []string{"is given several files, not octets"}},
		{"e_script_not_octets", exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA $d", nil},
		{"e_script_not_octets", exchange, "Set-SmimeConfig -OWASigningAlgorithms 'store'", nil},
		{"e_script_list_for_text", exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA 1,2", nil}, // octets
		{"e_script_list_for_text", exchange, "Set-SmimeConfig -OWASigningAlgorithms 1,2", []string{"-OWASigningAlgorithms is given several values"}},
		{"e_script_not_a_store", exchange, `Set-SmimeConfig -SMIMECertificateIssuingCA ([IO.File]::ReadAllBytes('C:\a.p7b'))`, []string{"a file that ends in .p7b is uploaded"}},
		{"e_script_not_a_store", exchange, `Set-SmimeConfig -SMIMECertificateIssuingCA ([IO.File]::ReadAllBytes('C:\a.sst'))`, nil},
		{"e_script_not_a_store", exchange, `Set-SmimeConfig -SMIMECertificateIssuingCA 'C:\a.p7b'`, nil}, // of which e_script_not_octets speaks
		{"e_script_not_a_store", exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA $c.Export('SerializedCert')", []string{"line 1: SerializedCert makes one element"}},
		{"e_script_not_a_store", exchange, "$d = $c.Export('SerializedCert')", nil}, // and uploads nothing
		{"e_script_not_a_store", exchange, "$d = $c.Export('Pkcs7')\nSet-SmimeConfig -SMIMECertificateIssuingCA $d", []string{"line 2: Pkcs7 makes no store"}},
		{"e_script_not_a_store", exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA ([Text.Encoding]::UTF8.GetBytes($t))", []string{"line 1: octets of text are uploaded"}},
		{"e_script_not_a_store", exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA ([IO.File]::ReadAllBytes($a) + [IO.File]::ReadAllBytes($b))", []string{"line 1: files are put one behind the other"}},
		{"e_script_not_a_store", exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA $c.Export('SerializedStore')", nil},
		{"w_script_removes_collection", exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA $null", []string{"-SMIMECertificateIssuingCA $null removes the collection"}},
		{"w_script_removes_collection", exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA $d", nil},
		{"w_script_removes_collection", exchange, "Set-SmimeConfig -OWASigningAlgorithms $null", nil},
		{"w_script_upload_replaced", exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA $a\nSet-SmimeConfig -SMIMECertificateIssuingCA $b", []string{"line 1: a later line replaces"}},
		{"w_script_upload_replaced", exchange, "dir *.sst | % { Set-SmimeConfig -SMIMECertificateIssuingCA $_ }", []string{"line 1: uploads in a loop"}},
		{"w_script_upload_replaced", exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA $a", nil},
		{"w_script_all_roots", exchange, "certutil -generateSSTFromWU C:\\a.sst\nSet-SmimeConfig -SMIMECertificateIssuingCA ([IO.File]::ReadAllBytes('C:\\a.sst'))", []string{"line 2: uploads what certutil"}},
		{"w_script_all_roots", exchange, "certutil -generateSSTFromWU C:\\a.sst\nSet-SmimeConfig -SMIMECertificateIssuingCA ([IO.File]::ReadAllBytes('C:\\b.sst'))", nil},
		{"e_script_wrong_cmdlet", exchange, "Set-OrganizationConfig -SMIMECertificateIssuingCA $d", []string{"Set-OrganizationConfig has no parameter SMIMECertificateIssuingCA, which belongs to Set-SmimeConfig"}},
		{"e_script_wrong_cmdlet", exchange, "$p = @{ OWAAlwaysSign = $true }\nSet-CASMailbox @p", []string{"line 1: Set-CASMailbox has no parameter OWAAlwaysSign"}},
		{"e_script_wrong_cmdlet", exchange, "Set-OrganizationConfig -MailTipsExternalRecipientsTipsEnabled $true", nil},
		{"e_script_wrong_cmdlet", exchange, "Set-SmimeConfig -OWAAlwaysSign $true", nil},
		{"e_script_wrong_cmdlet", exchange, "Get-SmimeConfig -OWAAlwaysSign", []string{"Get-SmimeConfig has no parameter OWAAlwaysSign"}},
		{"e_script_wrong_cmdlet", exchange, "Connect-ExchangeOnline -OWAAlwaysSign $true", nil}, // of which nobody thinks so
		{"e_script_wrong_cmdlet", exchange, "Set-CompanyDefaults -OWAAlwaysSign $true", nil},    // a function of the company
		{"w_script_algorithm_value", exchange, "Set-SmimeConfig -OWASigningAlgorithms '800'", []string{"-OWASigningAlgorithms takes numbers such as 800C"}},
		{"w_script_algorithm_value", exchange, "Set-SmimeConfig -OWAEncryptionAlgorithms 'AES1'", []string{"-OWAEncryptionAlgorithms takes numbers such as 6610"}},
		{"w_script_algorithm_value", exchange, "Set-SmimeConfig -OWAEncryptionAlgorithms 661", []string{"-OWAEncryptionAlgorithms takes numbers such as 6610"}},
		{"w_script_algorithm_value", exchange, "Set-SmimeConfig -OWAEncryptionAlgorithms 6610 -OWASigningAlgorithms 800C", nil},
		{"w_script_algorithm_value", exchange, "Set-SmimeConfig -WhatIf:$false -OWASigningAlgorithms 800C", nil},
		{"w_script_import_missing", intune, "\n$o = New-IntuneUserPfxCertificate -PathToPfxFile a.pfx", []string{"line 2: New-IntuneUserPfxCertificate without Import"}},
		{"w_script_import_missing", intune, "$o = New-IntuneUserPfxCertificate -PathToPfxFile a.pfx\nImport-IntuneUserPfxCertificate -CertificateList $o", nil},
		{"w_script_import_missing", intune, "New-IntuneUserPfxCertificate -PathToPfxFile a.pfx | ConvertTo-Json", nil},
		{"w_script_import_missing", intune, "Get-IntuneUserPfxCertificate", nil},
		{"e_script_intune_parameter", intune, "Import-IntuneUserPfxCertificate -AuthenticationResult $r", []string{"Import-IntuneUserPfxCertificate has no parameter AuthenticationResult"}},
		{"e_script_intune_parameter", intune, "New-IntuneUserPfxCertificate -KeyName pkcs1", nil},
		{"e_script_intune_parameter", intune, "New-IntuneUserPfxCertificate -PaddingScheme PKCS1", []string{"takes pkcs1 as padding no longer"}},
		{"e_script_intune_parameter", intune, "Import-IntuneUserPfxCertificate pkcs1", nil},
		{"e_script_intune_parameter", intune, "New-IntuneUserPfxCertificate a.pfx pkcs1", []string{"line 1: New-IntuneUserPfxCertificate takes pkcs1"}},
		{"e_script_graph_version", intune, "New-MgDeviceManagementDeviceConfiguration -BodyParameter @{ '@odata.type' = '#microsoft.graph.iosTrustedRootCertificate' }", []string{"New-MgDeviceManagementDeviceConfiguration sends iosTrustedRootCertificate to version 1.0"}},
		{"e_script_graph_version", intune, "New-MgBetaDeviceManagementDeviceConfiguration -BodyParameter @{ '@odata.type' = '#microsoft.graph.iosTrustedRootCertificate' }", nil},
		{"e_script_graph_version", intune, "New-MgDeviceManagementDeviceConfiguration -BodyParameter @{ '@odata.type' = '#microsoft.graph.iosGeneralDeviceConfiguration' }", nil},
		{"w_script_encoding_byte", exchange, `$d = Get-Content 'C:\a.sst' -Encoding Byte`, []string{"Get-Content -Encoding Byte works in Windows PowerShell 5.1 only"}},
		{"w_script_encoding_byte", exchange, `$d = Get-Content 'C:\a.sst' -Encoding UTF8`, nil},
		{"w_script_encoding_byte", exchange, `$d = Get-Content 'C:\a.sst'`, nil},
		{"w_script_encoding_byte", exchange, "#Requires -Version 5.1\n" + `$d = Get-Content 'C:\a.sst' -Encoding Byte`, []string{"line 2"}},
		{"w_script_encoding_byte", exchange, "#Requires -PSEdition Core\n" + `$d = Get-Content 'C:\a.sst' -Encoding Byte`, nil},
		{"e_script_encoding_byte_core", exchange, "#Requires -Version 6.0\n" + `$d = Get-Content 'C:\a.sst' -Encoding Byte`, []string{"line 2"}},
		{"e_script_encoding_byte_core", exchange, "#Requires -PSEdition Core\n" + `$d = Get-Content 'C:\a.sst' -Encoding Byte`, []string{"line 2"}},
		{"e_script_encoding_byte_core", exchange, "#Requires -Version 5.1\n" + `$d = Get-Content 'C:\a.sst' -Encoding Byte`, nil},
		{"w_script_encoding_byte", exchange, "if ($PSVersionTable.PSVersion.Major -ge 6) { $d = Get-Content a -AsByteStream -Raw } else { $d = Get-Content a -Encoding Byte }", nil},
		{"w_script_encoding_byte", exchange, "if ($PSEdition -eq 'Core') { $d = Get-Content a -AsByteStream -Raw }\nelseif ($x) { $d = Get-Content a -Encoding Byte }", nil},
		{"w_script_encoding_byte", exchange, "if (Test-Path a) { $d = Get-Content a -Encoding Byte }", []string{"line 1"}},
		{"w_script_encoding_byte", exchange, "if ($PSEdition -eq 'Core') { exit }\n$d = Get-Content a -Encoding Byte", []string{"line 2"}},
		{"e_script_asbytestream_desktop", exchange, "#Requires -PSEdition Desktop\n" + `$d = Get-Content 'C:\a.sst' -AsByteStream -Raw`, []string{"line 2: Windows PowerShell 5.1 has no Get-Content -AsByteStream; PowerShell: A parameter cannot be found that matches parameter name 'AsByteStream'."}},
		{"e_script_asbytestream_desktop", intune, "#requires -version 5.1 -psedition desktop\n" + `$d | sc 'C:\a.cer' -AsB`, []string{"line 2: Windows PowerShell 5.1 has no Set-Content -AsByteStream"}},
		{"e_script_asbytestream_desktop", exchange, "#Requires -PSEdition Desktop\n" + `$d = Get-Content 'C:\a.sst' -Encoding Byte`, nil},
		{"e_script_asbytestream_desktop", exchange, "#Requires -PSEdition Desktop\nif ($PSEdition -eq 'Core') { $d = Get-Content a -AsByteStream -Raw }", nil},
		{"e_script_asbytestream_desktop", exchange, "#Requires -PSEdition Desktop\nGet-Date\nreturn\n$d = Get-Content a -AsByteStream -Raw", nil},
		{"e_script_asbytestream_desktop", exchange, "#Requires -Version 5.1\n" + `$d = Get-Content 'C:\a.sst' -AsByteStream -Raw`, nil},
		{"e_script_asbytestream_desktop", exchange, "#Requires -PSEdition Core\n" + `$d = Get-Content 'C:\a.sst' -AsByteStream -Raw`, nil},
		{"n_script_asbytestream_without_raw", exchange, `$d = Get-Content 'C:\a.sst' -AsByteStream`, []string{"line 1: Get-Content -AsByteStream without -Raw"}},
		{"n_script_asbytestream_without_raw", exchange, `$d = Get-Content 'C:\a.sst' -AsByteStream -Raw`, nil},
		{"n_script_asbytestream_without_raw", exchange, `$d = Get-Content 'C:\a.sst'`, nil},
		{"n_script_asbytestream_without_raw", exchange, `$d | Set-Content 'C:\a.sst' -AsByteStream`, nil}, // which has no -Raw
		{"w_script_relative_path", exchange, "$d = [IO.File]::ReadAllBytes('a.sst')", []string{"line 1: ReadAllBytes is given a relative path"}},
		{"w_script_relative_path", exchange, `$d = [IO.File]::ReadAllBytes('C:\a.sst')`, nil},
		{"w_script_relative_path", intune, "$d = [IO.File]::ReadAllBytes('a.cer')\nNew-IntuneUserPfxCertificate -Base64EncodedPfx $d", []string{"line 1"}},
		{"n_script_store_needs_windows", exchange, "$d = $c.Export('SerializedStore')", []string{"line 1: makes a serialized store"}},
		{"e_script_two_statements", exchange, "Connect-ExchangeOnline\n$Cert = New-Object X509Certificate2('C:\\ca.cer') $Store.Add($Cert)", []string{"line 2: a second statement begins"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			says(t, tt.rule, scriptFile(t, tt.script), lint.Options{Targets: []lint.Target{tt.target}}, tt.parts...)
		})
	}
}
