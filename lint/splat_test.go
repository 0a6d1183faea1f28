package lint_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint"
)

// upload holds what becomes of a script for Exchange Online beside a root: its status,
// where it is "works" for all that the script itself leaves open, and the rule or the words
// that tell why.
func upload(t *testing.T, script, status, why string) {
	t.Helper()
	files := append(scriptFile(t, script), loose(root())...)
	opts := lint.Options{Time: today, ZLint: []string{"none"}, Targets: []lint.Target{lint.ExchangeOnline}}
	answer := seen(t, "taken", files[0].Name, files, opts)
	got := run(t, files, &opts)
	is, said := got.Verdict(lint.ExchangeOnline), answer
	for _, f := range got.Findings {
		said += " " + f.Rule + ": " + f.Message.String()
	}
	state := is.Status
	if state == lint.Unknown && strings.HasPrefix(answer, "met ") { // the loose root leaves more open
		state = lint.Works
	}
	if string(state) != status || !strings.Contains(said, why) || status == "fails" && !slices.Contains(is.Because, why) {
		t.Errorf("%s:\n%s, %s, want %s, %s", script, state, said, status, why)
	}
}

// TestSplatFollowed holds that a table is taken as it is where it is splatted: with what was
// put in later, and without what is put in elsewhere. What cannot be followed leaves the
// parameters open.
func TestSplatFollowed(t *testing.T) {
	const works, fails, unknown = "works", "fails", "unknown"
	const typo, null, open = "e_script_unknown_parameter", "w_script_removes_collection", "which parameters Set-SmimeConfig"
	const splat = "\nSet-SmimeConfig @p"
	const good = "$p = @{ SMIMECertificateIssuingCA = [IO.File]::ReadAllBytes('C:\\a.sst') }\n"
	for _, tt := range []struct{ script, status, why string }{
		{good + splat, works, ""},
		{good + "$p['OWAAlwaysSign'] = $true" + splat, works, ""},
		{good + "$p.OWAAlwaysSign = $true" + splat, works, ""},
		{good + "$p.Add('OWAAlwaysSign', $true)" + splat, works, ""},
		{good + "$p += @{ OWAAlwaysSign = $true }" + splat, works, ""},
		{good + "if ($p.ContainsKey('x')) { $p.Count }" + splat, works, ""},
		{"$p = [ordered]@{}\n$k = 'SMIMECertificateIssuingCA'\n$p[$k] = [IO.File]::ReadAllBytes('C:\\a.sst')" + splat, works, ""},
		{"$p = [hashtable]::new()\n$p.SMIMECertificateIssuingCA = [IO.File]::ReadAllBytes('C:\\a.sst')" + splat, works, ""},
		{"$p = @{ SMIMECertificateList = 1 }\n" + good + splat, works, ""},
		{good + splat + "\n$p.SMIMECertificateList = 1", works, ""},
		{"function A { $p = @{ a = 1 }; $p.b = 2; Get-Date @p }\nA\n" + good + splat, works, ""},
		{good + "function A { $p = @{ a = 1 }; $p.b = 2; Get-Date @p }\nA" + splat, works, ""}, // of its own
		{"function Up($p) { Set-SmimeConfig @p }\nUp @{}", works, ""},                          // of who calls it
		{"try { " + good + " } catch { exit 1 }" + splat, works, ""},
		{"if ($args) { " + good + splat + " }", works, ""},

		{"$p = @{}\n$p['SMIMECertificateList'] = 1" + splat, fails, typo},
		{"$p = @{}\n$p.SMIMECertificateList = 1" + splat, fails, typo},
		{"$p = @{}\n$p.'SMIMECertificateList' = 1" + splat, fails, typo},
		{"$p = New-Object System.Collections.Hashtable\n$p.Add('SMIMECertificateList', 1)" + splat, fails, typo},
		{good + "$p += @{ SMIMECertificateList = 1 }" + splat, fails, typo},
		{good + "function Up { Set-SmimeConfig @p }\n$p.SMIMECertificateList = 1\n$p.SMIMECertificateList = 2", unknown, "does not call"},
		{"$p = @{ SMIMECertificateList = 1 }\nif ($args) { $p.OWAAlwaysSign = $true }" + splat, fails, typo},
		{good + "$p.SMIMECertificateIssuingCA = 'C:\\a.sst'" + splat, fails, "e_script_not_octets"},
		{good + "$p.SMIMECertificateIssuingCA = $null" + splat, unknown, null},
		{good + "$p['SMIMECertificateIssuingCA'] = $null" + splat, unknown, null},

		{good + "$p[$args[0]] = 1" + splat, unknown, open},
		{good + "$p += $args[0]" + splat, unknown, open},
		{good + "$p += @{ SMIMECertificateIssuingCA = 1 }" + splat, unknown, open},
		{good + "$p.Remove('SMIMECertificateIssuingCA')" + splat, unknown, open},
		{good + "$p.Clear()" + splat, unknown, open},
		{good + "if ($args) { $p.SMIMECertificateList = 1 }" + splat, unknown, open},
		{good + "foreach ($k in $args) { $p[$k] = 1 }" + splat, unknown, open},
		{good + "$args | ForEach-Object { $p[$_] = 1 }" + splat, unknown, open},
		{good + "function Add { $p.SMIMECertificateList = 1 }\nAdd" + splat, unknown, open},
		{good + "function Add($t) { $t.SMIMECertificateList = 1 }\nAdd $p" + splat, unknown, open},
		{good + "function Up { Set-SmimeConfig @p }\n$p.SMIMECertificateList = 1\nUp", unknown, open},
		{good + "foreach ($x in 1, 2) { Set-SmimeConfig @p; $p.SMIMECertificateList = 1 }", unknown, open},
		{"function Up([hashtable]$p) { $p[$args[0]] = 1; Set-SmimeConfig @p }\nUp @{}", unknown, open},
		{"$p = Get-P" + splat, unknown, open},
		{good + "$p = Get-P" + splat, unknown, open},
		{good + "Set-Variable -Name p -Value (Get-P)" + splat, unknown, open},
		{"if ($args) { " + good + " } else { $p = @{ SMIMECertificateList = 1 } }" + splat, unknown, open},
		{"$p = @{ $args[0] = 1 }" + splat, unknown, open},
	} {
		upload(t, tt.script, tt.status, tt.why)
	}
}
