package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/testdata/outside"
)

const (
	intuneWorks = `(?m)^intune +works`
	intuneFails = `(?m)^intune +fails`
)

// graphCases are the calls by the rows of EXPECTED.tsv about objects of Microsoft Graph.
var graphCases = map[string]fieldCase{
	"graph/02-intunebackup-ios-utf16.json":           {args: "-for intune graph/02-intunebackup-ios-utf16.json", status: 0, says: []string{intuneWorks}},
	"graph/03-graph-list-mixed.json":                 {args: "-for intune graph/03-graph-list-mixed.json", status: 0, says: []string{intuneWorks}},
	"graph/05-windows10x.json":                       {args: "-for intune graph/05-windows10x.json", status: 0, says: []string{intuneWorks}, not: []string{"none that is known", "not for Windows"}},
	"graph/06-mggraph-sdk-additionalproperties.json": {args: "-for intune graph/06-mggraph-sdk-additionalproperties.json", status: 0, says: []string{intuneWorks}},
	"graph/07-post-body-mindestens.json":             {args: "-for intune graph/07-post-body-mindestens.json", status: 0, says: []string{intuneWorks, "n_graph_file_name"}},
	"graph/08-base64-of-pem.json":                    {args: "-for intune graph/08-base64-of-pem.json", status: -1, says: []string{"w_graph_certificate_pem"}},
	"graph/10-m365dsc.ps1":                           {args: "-for intune graph/10-m365dsc.ps1", status: 0, says: []string{intuneWorks, "2 certificates in 1 file"}},
	"graph/21-userpfx-get-null-blob.json": {args: "-for intune graph/21-userpfx-get-null-blob.json", status: 1,
		says: []string{`(?m)^intune +unknown`, "gives the PFX and its password back blank", "0 errors, 0 warnings"}},
	"graph/27-ja-password.json": {args: "-for intune -password-file pfx/pw-ja.txt graph/27-ja-password.json", status: 1,
		says: []string{intuneFails, "e_graph_pfx_password_not_ascii", "beyond ASCII"}},
	"graph/backup": {args: "-for intune graph/backup", status: 0,
		says: []string{intuneWorks, `(?m)^  graph.backup: 5 files of other kinds: `}, not: []string{"not a certificate file"}},
}

// TestFieldGraph runs the calls about objects of Microsoft Graph that outsiders found
// judged wrongly. Each row of the list has to be among them.
func TestFieldGraph(t *testing.T) {
	folder := outside.Corpus(t, "field")
	text, err := os.ReadFile(filepath.Join(folder, "EXPECTED.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(text)) {
		row := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(row) < 5 || row[4] != "words" || !strings.HasPrefix(row[1], "graph/") {
			continue
		}
		n++
		c, ok := graphCases[row[1]]
		if !ok {
			t.Errorf("no case for %s", row[1])
			continue
		}
		t.Run(row[1], func(t *testing.T) { c.run(t, filepath.Join(folder, row[0])) })
	}
	if n != len(graphCases) {
		t.Errorf("%d rows for %d cases", n, len(graphCases))
	}
}

// TestGraphFiles judges what Microsoft's SDKs and PowerShell wrote: no error is in it.
func TestGraphFiles(t *testing.T) {
	folder := outside.Corpus(t, "graph")
	names, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(names) < 33 {
		t.Fatal(len(names), err)
	}
	for _, name := range names {
		name = filepath.Base(name)
		c := fieldCase{args: "-for intune " + name, status: -1, says: []string{" 0 errors"}}
		switch {
		case strings.HasPrefix(name, "assign-action"):
			c.status, c.says = 2, []string{"without an object for certificates"}
		case strings.Contains(name, "TrustedRoot"), strings.HasPrefix(name, "deviceConfigurationCollection"):
			c.status, c.says = 0, append(c.says, intuneWorks)
		case strings.HasPrefix(name, "userPFX"):
		default: // a profile without a certificate is named
			kind, _, _ := strings.Cut(strings.TrimSuffix(name, ".json"), ".")
			c.says = append(c.says, "type "+strings.TrimSuffix(kind, "-expanded"))
		}
		t.Run(name, func(t *testing.T) { c.run(t, folder) })
	}
}
