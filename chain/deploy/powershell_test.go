package deploy

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/testdata/outside"
)

// grammar returns the folder in which the PowerShell grammar is installed. The
// test is skipped where that is not possible; under CI it is installed.
func grammar(t *testing.T) string {
	t.Helper()
	dir := filepath.Join("testdata", "powershell")
	outside.Program(t, "node", "nodejs")
	_, err := os.Stat(filepath.Join(dir, "node_modules", "tree-sitter-powershell"))
	if errors.Is(err, fs.ErrNotExist) {
		if !outside.Required() {
			t.Skip("the PowerShell grammar is not installed: npm ci --ignore-scripts in chain/deploy/testdata/powershell")
		}
		install := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
		install.Dir = dir
		if out, err := install.CombinedOutput(); err != nil {
			t.Fatalf("npm ci: %v\n%s", err, out)
		}
	}
	return dir
}

// wantPowerShell holds that scripts are PowerShell, in a test of its own, so that where the
// grammar is not installed the others go on.
func wantPowerShell(t *testing.T, scripts ...[]byte) {
	t.Helper()
	t.Run("grammar", func(t *testing.T) {
		if err := parsePowerShell(t, scripts...); err != nil {
			t.Error(err)
		}
	})
}

// parsePowerShell parses scripts with the grammar, and with PowerShell itself
// where there is one.
func parsePowerShell(t *testing.T, scripts ...[]byte) error {
	t.Helper()
	dir := grammar(t)
	// Without the option node optimises the grammar for seconds.
	args := []string{"--liftoff-only", filepath.Join(dir, "parse.mjs")}
	for _, script := range scripts {
		file, err := os.CreateTemp(t.TempDir(), "*.ps1")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write(script); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		args = append(args, file.Name())
	}
	out, err := exec.Command("node", args...).CombinedOutput()
	if err != nil {
		return errors.New(string(out))
	}
	for _, shell := range []string{"pwsh", "powershell"} {
		if _, err := exec.LookPath(shell); err != nil {
			continue
		}
		for _, name := range args[2:] {
			command := "$e = $null; [void][System.Management.Automation.Language.Parser]::ParseFile(" + quote(name) + ", [ref]$null, [ref]$e); $e; exit $e.Count"
			if out, err := exec.Command(shell, "-NoProfile", "-Command", command).CombinedOutput(); err != nil {
				return errors.New(shell + ": " + string(out))
			}
		}
	}
	return nil
}

// TestGrammar holds that the grammar finds faults.
func TestGrammar(t *testing.T) {
	if err := parsePowerShell(t, []byte("if ($x { Get-Content a }\r\n")); err == nil {
		t.Error("a missing bracket is not found")
	}
	if err := parsePowerShell(t, []byte("Get-Content -LiteralPath 'a' -Raw\r\n")); err != nil {
		t.Error(err)
	}
}

// hostile are texts that would escape from a badly quoted string.
var hostile = []string{
	"", "plain", "it's", "'; Remove-Item x; '", "\"$(Get-Date)\"", "`n$env:PATH", "a\r\nGet-Date\r\n", "‘a’ ‚b‛ “c” „d",
	"日本語", "😀", "\x00\x1b", "#> Get-Date <#", "'@\nGet-Date\n@'", "--%", "\u2028Get-Date", strings.Repeat("'", 9),
}

func TestQuote(t *testing.T) {
	var all strings.Builder
	for _, s := range hostile {
		q := quote(s)
		if back := unquote(t, q); back != s {
			t.Errorf("%q becomes %s, which is %q", s, q, back)
		}
		for _, r := range q {
			if r < ' ' || r > '~' {
				t.Errorf("%q becomes %q, which is not printable ASCII", s, q)
			}
		}
		all.WriteString("Write-Output " + q + " # " + comment(s) + "\r\n")
	}
	wantPowerShell(t, []byte(all.String()))
}
