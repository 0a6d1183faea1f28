package bundle_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/internal/powershell"
	"github.com/smimechain/smimechain/testdata/outside"
)

// parsed is what PowerShell's own parser and binder say of a script.
type parsed struct {
	File     string
	Errors   []any
	Commands []struct {
		Line, Column  int
		Written, Name string
		Known         bool
		Parameters    []parameterSaid
		Splats        []struct {
			Variable string
			Keys     []struct{ Written string }
		}
		Bound         any
		BindingErrors []struct{ What, ID string }
	}
}

type parameterSaid struct {
	Written, Name string
	Line          int
}

// unjudged are cmdlets of which a script shows too little: they were asked about, and
// have parameters that are not listed here.
var unjudged = []string{"Set-OrganizationConfig", "Get-Process"}

// TestPowerShell holds the scanner to what PowerShell's parser finds in each script. Of none
// that the parser takes it says that PowerShell cannot read it, and of most that it refuses.
func TestPowerShell(t *testing.T) {
	folder := outside.Corpus(t, "powershell")
	scripts, refused, noticed, hidden := 0, 0, 0, 0
	for list, from := range map[string]string{"field.jsonl": "../field/exchange/scripts", "generated.jsonl": "generated"} {
		data, err := os.ReadFile(filepath.Join(folder, list))
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(data) {
			var want parsed
			if err := json.Unmarshal(line, &want); err != nil {
				t.Fatal(err)
			}
			scripts++
			text, err := os.ReadFile(filepath.Join(folder, from, want.File))
			if err != nil {
				t.Fatal(err)
			}
			got := script(t, string(text))
			if len(want.Errors) > 0 {
				refused++
			}
			if b := got.Broken; b.Line > 0 && len(want.Errors) == 0 {
				t.Errorf("%s: said not to be readable in line %d, %d %s", want.File, b.Line, b.Why, b.Mark)
			} else if b.Line > 0 {
				noticed++
			}
			if len(want.Errors) > 0 || want.File == "50-prompt.ps1" {
				continue // no reference: it does not parse, or is what a console shows, whose prompts are taken off
			}
			t.Run(want.File, func(t *testing.T) {
				hidden += comparePowerShell(t, got, &want)
			})
		}
	}
	if hidden > 12 {
		t.Errorf("of %d commands the entries of a splatted table are not seen", hidden)
	}
	if scripts != 347 {
		t.Errorf("%d scripts", scripts)
	}
	t.Logf("%d of %d scripts that PowerShell cannot read are noticed", noticed, refused)
	if refused != 16 || noticed < 15 {
		t.Errorf("%d of %d scripts that PowerShell cannot read are noticed", noticed, refused)
	}
}

// entriesOf are the entries of splatted tables in what describes a command. The parser's are
// those of the one table that is assigned to the variable, wherever that is run.
var entriesOf = regexp.MustCompile(`(; @\w+),[^;]*`)

// comparePowerShell compares a script with what the parser says of it, and returns of how many
// commands only the entries of splatted tables are missing.
func comparePowerShell(t *testing.T, got *powershell.Script, want *parsed) (hidden int) {
	var a, b []string
	for _, c := range got.Commands {
		if !c.Appended {
			a = append(a, describeCommand(&c))
		}
	}
	judged := []string{"get-content", "set-content", "add-content"}
	for _, c := range want.Commands {
		text := fmt.Sprintf("%d:%d %s", c.Line, c.Column, c.Written)
		if c.Bound == nil && len(c.BindingErrors) == 0 && !slices.Contains(judged, strings.ToLower(c.Name)) && !slices.ContainsFunc(c.Parameters, func(p parameterSaid) bool { return p.Name == "unknown" && c.Known }) ||
			slices.Contains(unjudged, c.Name) {
			b = append(b, text)
			continue
		}
		seen := map[string]bool{}
		for _, p := range c.Parameters {
			name := p.Name
			if seen[name] && name != "unknown" && name != "ambiguous" {
				name += " twice"
			}
			seen[p.Name] = true
			text += fmt.Sprintf("; %d %s=%s", p.Line, p.Written, name)
		}
		for _, s := range c.Splats {
			text += "; @" + s.Variable
			for _, k := range s.Keys {
				text += "," + k.Written
			}
		}
		b = append(b, text)
	}
	if !slices.Equal(a, b) {
		for i := range max(len(a), len(b)) {
			var x, y string
			if i < len(a) {
				x = a[i]
			}
			if i < len(b) {
				y = b[i]
			}
			switch {
			case x == y:
			case x == entriesOf.ReplaceAllString(y, "$1"):
				hidden++
			default:
				t.Errorf("command %d\n got %s\nwant %s", i, x, y)
				return hidden
			}
		}
	}
	return hidden
}

// describeCommand says in one line what the scanner made of a command.
func describeCommand(c *powershell.Command) string {
	text := fmt.Sprintf("%d:%d %s", c.Line, c.Column, c.Name)
	if !c.Judged() {
		return text
	}
	for _, p := range c.Parameters {
		name := p.Full
		switch p.Fault {
		case powershell.ParameterUnknown:
			name = "unknown"
		case powershell.ParameterAmbiguous:
			name = "ambiguous"
		case powershell.ParameterTwice:
			name += " twice"
		}
		text += fmt.Sprintf("; %d %s=%s", p.Line, p.Name, name)
	}
	for _, s := range c.Splats {
		text += "; @" + s.Variable
		for _, k := range s.Keys {
			text += "," + k.Name
		}
	}
	return text
}
