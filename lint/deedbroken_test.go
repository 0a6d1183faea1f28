package lint_test

import (
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint"
)

// TestTakenBroken holds that a script works only where PowerShell can read it: it reads a script
// whole before it runs a line of it. What it reads, however odd, stays as it was.
func TestTakenBroken(t *testing.T) {
	const up = "Set-SmimeConfig -SMIMECertificateIssuingCA (d)"
	const cannot = "PowerShell cannot read the script: "
	for _, tt := range []struct{ name, text, want string }{
		{"a parenthesis", "Set-SmimeConfig -SMIMECertificateIssuingCA (d", "line 1: " + cannot + "the bracket ( is not closed"},
		{"a brace", "if ($x) {\n" + up, "line 1: " + cannot + "the bracket { is not closed"},
		{"a table", "$p = @{ a = 1\n" + up, "line 1: " + cannot + "the bracket { is not closed"},
		{"a parenthesis within braces", "& {\nd (1\n}\n" + up, "line 2: " + cannot + "the bracket ( is not closed"},
		{"of a call", "$x.Add(1\n" + up, "line 1: " + cannot + "the bracket ( is not closed"},
		{"of parameters", up + "\nfunction F($x\n", "line 2: " + cannot + "the bracket ( is not closed"},
		{"one too many", up + ")", "line 1: " + cannot + "the bracket ) closes nothing"},
		{"a brace too many", up + "\n}", "line 2: " + cannot + "the bracket } closes nothing"},
		{"a quotation mark", up + "\n'a", "line 2: " + cannot + "the string does not end"},
		{"two marks", "\"a\n" + up, "line 1: " + cannot + "the string does not end"},
		{"within a word", "Write-Host it's\n" + up, "line 1: " + cannot + "the string does not end"},
		{"typographic", "Write-Host 'it’s'\n" + up, "line 1: " + cannot + "the string does not end"},
		{"a here-string", "$n = @'\na\n '@\n" + up, "line 1: " + cannot + "the here-string does not end: its end stands at the very beginning of a line"},
		{"text behind its beginning", "$n = @\"a\nb\n\"@\n" + up, "line 1: " + cannot + "text stands behind the beginning of a here-string"},
		{"a comment", "<# a\n" + up, "line 1: " + cannot + "the comment does not end"},
		{"a comment behind all", up + "\n<# a", "line 2: " + cannot + "the comment does not end"},
		{"a type", "Set-SmimeConfig -SMIMECertificateIssuingCA ([IO.File::ReadAllBytes('C:\\a.sst'))", "line 1: " + cannot + "the bracket of a type is not closed before ::"},
		{"try alone", "try { " + up + " }\nWrite-Host a", "line 1: " + cannot + "try has neither catch nor finally"},
		{"no block", "if ($x) " + up, "line 1: " + cannot + "a block in braces is missing"},
		{"else if", "if ($x) { } else if ($y) { }\n" + up, "line 1: " + cannot + "a block in braces is missing"},
		{"a number", "1. " + up, "line 1: " + cannot + "a word stands behind a value, and nothing joins the two"},
		{"nothing to assign", up + "\n$x =", "line 2: " + cannot + "nothing stands behind ="},
		{"nothing to pipe to", up + " |", "line 1: " + cannot + "nothing stands behind |"},
		{"an operand", "$x = (1 +)\n" + up, "line 1: " + cannot + "nothing stands behind +"},
		{"a list", "d 1,;" + up, "line 1: " + cannot + "nothing stands behind ,"},
		{"else alone", "else { d }\n" + up, "line 1: what the script does is not known: else stands without the statement that it goes on with, and PowerShell takes it for a command"},
		{"catch alone", up + "\ncatch { d }", "line 2: what the script does is not known: catch stands without the statement that it goes on with, and PowerShell takes it for a command"},
		{"elseif behind a semicolon", "if ($x) { };elseif ($y) { }\n" + up, "line 1: what the script does is not known: elseif stands without the statement that it goes on with, and PowerShell takes it for a command"},
		{"all in a comment", "<#\n" + up, "line 1: " + cannot + "the comment does not end"},

		{"brackets in text", "Write-Host '(' \"{\" `( \"$(d ')')\" # ( {\n<# ( #>" + up, ""},
		{"marks doubled", "Write-Host 'it''s' \"a\"\"b\" \"`\"\" 'it’’s' “it's”\n" + up, ""},
		{"marks in a here-string", "$n = @\"\nit's (\n$(d \"a\")\n\"@\n" + up, ""},
		{"blanks behind its beginning", "$n = @' \n'\n'@\n" + up, ""},
		{"try and the rest", "try { d }\n# why\ncatch [IO.IOException], [X] { d }\ncatch { d }\nfinally { d }\n" + up, ""},
		{"try and finally", "try { d } finally { d }\n" + up, ""},
		{"if and the rest", "if ($a) { d }\n# why\nelseif ($b) { d }\n\nelse\n{ d }\n" + up, ""},
		{"until", "do { d }\nuntil ($x)\n" + up, ""},
		{"words in arguments", "Write-Host else catch try if\n" + up, ""},
		{"keys that are keywords", "$x = @{ else = 1; try = 2; catch = { d } }\n" + up, ""},
		{"attributes", "function F { [CmdletBinding()] param([Parameter(Mandatory = $true)][ValidateScript({ $_ -gt 1 })][string[]] $A = @(), [switch] $B) d }\n" + up, ""},
		{"types", "$x = [Collections.Generic.Dictionary[string, int]]::new()\n[X.Y+Z]::A\n$y = [int[]](1, 2)\n[string] $z = 'a'\n" + up, ""},
		{"a method of a type", "$x = [Linq.Enumerable]::Cast[object]($y)\n" + up, ""},
		{"lists on lines", "$x = 1,\n2\nd 1,\n2 |\nSort-Object\n" + up, ""},
		{"signs", "$i++; $x = $i % 2 -eq 0; gci * | % { $_ } | ? { $_ }; $y = $a ? 1 : 2; $z = $a ?? 3\n" + up, ""},
		{"switch", "switch -Regex ($x) { '^a' { d } { $_ -eq 1 } { d } default { d } }\n" + up, ""},
		{"labels and loops", ":a for ($i = 0; $i -lt 3; $i++) { continue a }\nforeach ($x in 1..3) { d }\nwhile ($true) { break }\nfor (;;) { break }\n" + up, ""},
		{"variables in braces", "${a)b} = 1\n\"${x}y $($z.a(1)[0])\"\n" + up, ""},
		{"as it is", "icacls a --% /grant \"(b\n" + up, ""},
		{"a class", "class A : B { [int] $x = 1\nA([string] $a) : base($a) { $this.x = 2 }\nstatic [string] F() { return \"(\" } }\n" + up, ""},
		{"of a console", "PS C:\\> " + up + "\nPS C:\\> Write-Host it's", ""},
		{"lines that go on", "Get-X `\n -A 1 `\n | Select-Object a\n" + up, ""},
		{"return and throw", "if ($x) { return }\nfunction F { throw }\nF; " + up, ""},
		{"redirections", "d 2>&1 >$null; d *> a.txt\n" + up, ""},
		{"in the background", "d & \n" + up, ""},
	} {
		files := append(scriptFile(t, tt.text), loose(root())...)
		got := seen(t, "taken", files[0].Name, files, lint.Options{Targets: []lint.Target{lint.ExchangeOnline}})
		want := "unknown nothing_to_check: " + tt.want
		if tt.want == "" && strings.HasPrefix(got, "met :") {
			continue
		}
		if got != want {
			t.Errorf("%s: %s, want %s", tt.name, got, want)
		}
	}
	for text, want := range map[string]string{
		"Import-IntuneUserPfxCertificate -CertificateList (d":  "unknown nothing_to_check: line 1: " + cannot + "the bracket ( is not closed",
		"Import-IntuneUserPfxCertificate -CertificateList (d)": "met : line 1: Import-IntuneUserPfxCertificate",
	} {
		files := append(scriptFile(t, text), loose(root())...)
		if got := seen(t, "taken", files[0].Name, files, lint.Options{Targets: []lint.Target{lint.Intune}}); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
