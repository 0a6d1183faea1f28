package bundle_test

import (
	"fmt"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
)

// TestScriptUnreached holds which commands a script never runs, as far as its text shows;
// where anything may call them, they are taken for run.
func TestScriptUnreached(t *testing.T) {
	const up = "Set-SmimeConfig -SMIMECertificateIssuingCA $d"
	const reached, behind, uncalled = 0, 1, 2
	for _, tt := range []struct {
		name, text string
		want       []int // of each Set-SmimeConfig, in order
	}{
		{"alone", up, []int{reached}},
		{"behind exit", "exit\n" + up, []int{behind}},
		{"behind exit, on its line", "exit; " + up, []int{behind}},
		{"behind exit with a number", "exit 1\n" + up, []int{behind}},
		{"behind return", up + "\nreturn $x\n" + up, []int{reached, behind}},
		{"behind throw", "throw 'no'\n" + up, []int{behind}},
		{"before exit", up + "\nexit 0", []int{reached}},
		{"behind exit in a branch", "if (!$x) { exit }\n" + up, []int{reached}},
		{"behind exit in the same branch", "if ($x) { exit; " + up + " }\n" + up, []int{behind, reached}},
		{"tried behind exit", "try { exit; " + up + " } finally { " + up + " }", []int{behind, reached}},
		{"exit is an argument", "Write-Host exit\n" + up, []int{reached}},
		{"handed on behind exit", "exit\npowershell -Command \"" + up + "\"", []int{behind}},
		{"exit handed on", "powershell -Command \"exit\"\n" + up, []int{reached}},
		{"behind exit, appended", "exit\nWrite-Host 'a' " + up, nil},

		{"under a condition that is never true", "if ($false) { " + up + " }", []int{behind}},
		{"or 0", "if (0) { " + up + " } else { " + up + " }", []int{behind, reached}},
		{"the second one", "if ($x) { " + up + " } elseif ($false) { " + up + " }", []int{reached, behind}},
		{"while", "while ($false) { " + up + " }", []int{behind}},
		{"do once", "do { " + up + " } while ($false)", []int{reached}},
		{"text is true", "if ('false') { " + up + " }", []int{reached}},
		{"also that of 0", "if ('0') { " + up + " }", []int{reached}},
		{"a switch", "switch ($false) { $false { " + up + " } }", []int{reached}},
		{"a condition that is true", "if ($true) { " + up + " }", []int{reached}},
		{"a condition that may be", "if ($False -eq $x) { " + up + " }", []int{reached}},

		{"a function that nobody calls", "function Send-It {\n" + up + "\n}", []int{uncalled}},
		{"a filter", "filter Send-It { " + up + " }", []int{uncalled}},
		{"one that is called", "function Send-It { " + up + " }\nSend-It", []int{reached}},
		{"called before", "Send-It\nfunction send-it { " + up + " }", []int{reached}},
		{"called with parameters", "function Send-It($d) { " + up + " }\nSend-It -d $x | Out-Null", []int{reached}},
		{"with a scope", "function global:Send-It { " + up + " }\nSend-It", []int{reached}},
		{"called by another", "function A { " + up + " }\nfunction B { A }\nB", []int{reached}},
		{"another is called", "function A { " + up + " }\nfunction B { " + up + " }\nB", []int{uncalled, reached}},
		{"handed on by name", "function A { " + up + " }\nInvoke-Command -ScriptBlock ${function:A}", []int{reached}},
		{"exported", "function A { " + up + " }\nExport-ModuleMember -Function A", []int{reached}},
		{"named in text", "function A { " + up + " }\n& 'A'", []int{reached}},
		{"called by a name that is computed", "function A { " + up + " }\n& $name", []int{reached}},
		{"a class", "class A { [void] B() { " + up + " } }", []int{reached}},

		{"a block that nobody calls", "$b = { " + up + " }", []int{uncalled}},
		{"one that is called, &", "$b = { " + up + " }\n& $b", []int{reached}},
		{"one that is handed on", "$b = { " + up + " }\nInvoke-Command -ScriptBlock $B", []int{reached}},
		{"splatted", "$b = { " + up + " }\nStart-Job @b", []int{reached}},
		{"for each", "$b = 1..3 | % { " + up + " }", []int{reached}},
		{"a block that is called at once", "& { " + up + " }", []int{reached}},
		{"a function in a block that is called", "$b = { function A { " + up + " } }\n& $b\nA", []int{reached}},
		{"a function under a condition", "if ($x) { function A { " + up + " } }", []int{uncalled}},
		{"a block in a function", "function A { $b = { " + up + " } }", []int{uncalled}},
	} {
		f, err := bundle.Parse("x.ps1", []byte(tt.text))
		if err != nil || f.Script == nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var got []int
		for _, c := range f.Script.Commands {
			if c.Cmdlet() == "Set-SmimeConfig" {
				got = append(got, int(c.Unreached))
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	// Of a call of Microsoft Graph too.
	f, err := bundle.Parse("x.ps1", []byte("exit\nInvoke-MgGraphRequest POST 'https://graph.microsoft.com/beta/deviceManagement/deviceConfigurations' $b"))
	if err != nil || len(f.Script.Graph) != 1 || f.Script.Graph[0].Unreached != behind {
		t.Errorf("a call of Microsoft Graph: %+v, %v", f.Script.Graph, err)
	}
}
