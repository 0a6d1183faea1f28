package deploy

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/locale"
)

// scriptCmdlets are the commands that scripts call beside their own functions, with the
// parameters that they are given, as Microsoft's reference has them in both editions.
var scriptCmdlets = map[string]string{
	"Import-Module": "Name ErrorAction", "Get-Command": "Name ListImported ErrorAction", "New-Alias": "Name Value Scope WhatIf Confirm ErrorAction",
	"New-Object": "TypeName ArgumentList ErrorAction", "Join-Path": "Path ChildPath ErrorAction", "Start-Sleep": "Seconds ErrorAction",
	"Remove-Variable": "Name WhatIf Confirm ErrorAction", "Set-StrictMode": "Version", "Write-Host": "", "Write-Output": "", "Out-Null": "",
	"Sort-Object": "Unique", "Where-Object": "", "ForEach-Object": "", "ConvertTo-Json": "InputObject Depth Compress ErrorAction",
	"ConvertFrom-Json": "InputObject ErrorAction", "Get-ChildItem": "LiteralPath Filter File ErrorAction",
	"Connect-ExchangeOnline": "ShowBanner Prefix ErrorAction", "Get-SmimeConfig": "ErrorAction", "Set-SmimeConfig": "SMIMECertificateIssuingCA WhatIf Confirm ErrorAction",
	"Connect-MgGraph": "Scopes ErrorAction", "Get-MgContext": "ErrorAction", "Invoke-MgGraphRequest": "Method Uri OutputType Body ContentType ErrorAction",
	"Get-ConnectionInformation": "ErrorAction", "Get-OrganizationConfig": "ErrorAction",
}

// TestScriptCommands holds, with the reader of scripts that check has, that each script
// in each language is a script from end to end, calls known commands with parameters that
// they have, and has no finding.
func TestScriptCommands(t *testing.T) {
	for _, language := range locale.Languages() {
		for name, script := range writtenIn(t, language) {
			f, err := bundle.Parse(name, script)
			if err != nil {
				t.Fatal(err)
			}
			if len(f.Script.Joined) > 0 {
				t.Errorf("%s, %s: a statement does not end on lines %v", name, language, f.Script.Joined)
			}
			own := map[string][]string{}
			for _, m := range regexp.MustCompile(`(?s)function ([A-Za-z-]+) \{\s+(?:param\(([^\n]*)\)\r?\n)?`).FindAllStringSubmatch(string(script), -1) {
				own[m[1]] = []string{}
				for _, v := range regexp.MustCompile(`\$(\w+)`).FindAllStringSubmatch(m[2], -1) {
					own[m[1]] = append(own[m[1]], v[1])
				}
			}
			seen := 0
			for _, c := range f.Script.Commands {
				if c.Name == "" || c.Name == "& " {
					continue // a block or a name in a variable
				}
				known, ok := own[c.Name]
				if list, of := scriptCmdlets[c.Name]; of {
					known, ok = strings.Fields(list), true
				}
				if !ok {
					t.Errorf("%s, line %d: %s is no known command", name, c.Line, c.Name)
				}
				seen++
				for _, p := range c.Parameters {
					if !slices.Contains(known, p.Name) || p.Fault != 0 {
						t.Errorf("%s, line %d: %s has no parameter %s", name, c.Line, c.Name, p.Name)
					}
				}
			}
			if seen < 20 {
				t.Errorf("%s: only %d commands were seen", name, seen)
			}
			report, err := lint.Run(t.Context(), []*bundle.File{f}, &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline, lint.Intune}})
			if err != nil {
				t.Fatal(err)
			}
			for _, finding := range report.Findings {
				t.Errorf("%s: %s: %s", name, finding.Rule, finding.Message)
			}
		}
	}
}

// TestScriptPage holds that the page about the scripts names scenarios that there are.
func TestScriptPage(t *testing.T) {
	names := map[string]bool{}
	for _, s := range slices.Concat(exchangeScenarios, graphScenarios, pfxScenarios) {
		names[s.name] = true
	}
	page, err := os.ReadFile("SCRIPTS.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.TrimSpace(line), " | ")
		if !strings.HasPrefix(line, "| D") || len(cells) != 4 {
			continue
		}
		rows++
		for scenario := range strings.SplitSeq(strings.TrimSuffix(cells[3], " |"), "; ") {
			if !names[scenario] && scenario != "none" && !strings.HasPrefix(scenario, "the page") {
				t.Errorf("%s: there is no scenario %q", cells[0], scenario)
			}
		}
	}
	if rows != 25 {
		t.Errorf("%d rows", rows)
	}
}
