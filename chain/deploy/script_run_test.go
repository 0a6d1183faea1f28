package deploy

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// shells returns the PowerShells there are: PowerShell 7, and Windows PowerShell.
func shells(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, name := range []string{"pwsh", "powershell"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		// Wine has a program of that name that does nothing.
		if out, err := exec.Command(path, "-NoProfile", "-Command", "6 * 7").Output(); err == nil && strings.TrimSpace(string(out)) == "42" {
			found = append(found, path)
		}
	}
	if len(found) == 0 {
		t.Skip("no PowerShell: what the scripts do was not seen, only their text (script_text_test.go)")
	}
	return found
}

// scenario is one way in which a script is run against the stub modules of
// testdata/modules.
type scenario struct {
	name   string
	run    string         // PowerShell, in which SCRIPT is the path of the script in quotes
	config map[string]any // of the stubs
	value  string         // of the tenant before: "", "old", "new", "anew"
	folder string         // the name of the folder of the script; "upload" if empty
	before func(t *testing.T, dir string)

	fails bool   // the status is not 0
	after string // the value of the tenant then; "same" where it is as before
	saved string // what the saved file holds; "" where there is none
	said  string // a regular expression for what is printed
	calls string // a regular expression for the log of the stubs
}

// exchangeScenarios hold what Set-SmimeCollection.ps1 does. It was compared with "old".
var exchangeScenarios = []scenario{
	{name: "plain", run: "& SCRIPT -Confirm:$false", after: "new", said: "Uploaded and read back: 4 certificates"},
	{name: "what if", run: "& SCRIPT -WhatIf", value: "old", after: "same", said: `(?s)tenant\.example.*added: .*removed: .*is saved to .*Nothing was changed`, calls: "^Connect-ExchangeOnline\nGet-SmimeConfig\n$"},
	{name: "what if of the session", run: "$WhatIfPreference = $true; & SCRIPT -Confirm:$false", value: "old", after: "same", said: "Nothing was changed", calls: "^Connect-ExchangeOnline\nGet-SmimeConfig\n$"},
	{name: "what if lifted", run: "$global:WhatIfPreference = $true; & SCRIPT -Confirm:$false -WhatIf:$false", value: "old", after: "new", saved: "old"},
	{name: "nobody to ask", run: "& SCRIPT", value: "old", fails: true, after: "same"},
	{name: "in use", run: "& SCRIPT -Confirm:$false", value: "new", after: "same", said: "in use already"},
	{name: "in use, written anew", run: "& SCRIPT -Confirm:$false", value: "anew", after: "same", said: "in use already"},
	{name: "compared", run: "& SCRIPT -Confirm:$false", value: "old", after: "new", saved: "old", said: "To go back"},
	{name: "another", run: "& SCRIPT -Confirm:$false", value: "other", fails: true, after: "same", said: "another collection"},
	{name: "another, replaced", run: "& SCRIPT -Confirm:$false -Replace", value: "other", after: "new", saved: "other"},
	{name: "nothing where something was compared", run: "& SCRIPT -Confirm:$false", value: "none", fails: true, after: "same", said: "is it the right tenant"},
	{name: "changed meanwhile", run: "& SCRIPT -Confirm:$false", value: "old", config: map[string]any{"changesAt": 2}, fails: true, after: "other", said: "changed by somebody else"},
	{name: "first collection changed meanwhile", run: "& SCRIPT -Confirm:$false -Replace", value: "none", config: map[string]any{"changesAt": 2}, fails: true, after: "other", said: "changed by somebody else"},
	{name: "as base64", run: "& SCRIPT -Confirm:$false", value: "old", config: map[string]any{"getType": "base64"}, after: "new", saved: "old"},
	{name: "as numbers", run: "& SCRIPT -Confirm:$false", value: "old", config: map[string]any{"getType": "numbers"}, after: "new", saved: "old"},
	{name: "as the name of a type", run: "& SCRIPT -Confirm:$false -Replace", value: "old", config: map[string]any{"getType": "typename"}, fails: true, after: "same", said: "neither octets nor base64"},
	{name: "as text in a list", run: "& SCRIPT -Confirm:$false -Replace", value: "old", config: map[string]any{"getType": "nested"}, fails: true, after: "same", said: "neither octets nor base64"},
	{name: "two objects", run: "& SCRIPT -Confirm:$false -Replace", value: "old", config: map[string]any{"getType": "two"}, fails: true, after: "same", said: "2 objects"},
	{name: "no object", run: "& SCRIPT -Confirm:$false", config: map[string]any{"getType": "noobject"}, fails: true, after: "same", said: "0 objects"},
	{name: "no property", run: "& SCRIPT -Confirm:$false", config: map[string]any{"getType": "noproperty"}, fails: true, after: "same", said: "no SMIMECertificateIssuingCA"},
	{name: "sign-in fails", run: "& SCRIPT -Confirm:$false", config: map[string]any{"connect": "writeerror"}, fails: true, after: "same", said: "sign-in failed", calls: "^Connect-ExchangeOnline\n$"},
	{name: "sign-in fails beside a session", run: "Connect-ExchangeOnline; [System.IO.File]::WriteAllText(\"$env:STUB_STATE/config.json\", '{\"connect\": \"writeerror\"}'); & SCRIPT -Confirm:$false", fails: true, after: "same", said: "sign-in failed"},
	{name: "first reading fails", run: "& SCRIPT -Confirm:$false", value: "old", config: map[string]any{"getErrorAt": []int{1}}, fails: true, after: "same", said: "cannot be read: stub: cannot read"},
	{name: "set throws", run: "& SCRIPT -Confirm:$false -WaitSeconds 0", value: "old", config: map[string]any{"setMode": "throw"}, fails: true, after: "same", saved: "old", said: `(?s)set failed.*is the old one.*To go back`},
	{name: "set writes an error", run: "& SCRIPT -Confirm:$false -WaitSeconds 0", value: "old", config: map[string]any{"setMode": "writeerror"}, fails: true, after: "same", saved: "old", said: `(?s)set failed.*is the old one`},
	{name: "set writes an error, and is done", run: "& SCRIPT -Confirm:$false", value: "old", config: map[string]any{"setMode": "error-but-done"}, fails: true, after: "new", saved: "old", said: `(?s)an error behind the change.*is the new collection`},
	{name: "set does nothing", run: "& SCRIPT -Confirm:$false -WaitSeconds 0", value: "old", config: map[string]any{"setMode": "nothing"}, fails: true, after: "same", saved: "old", said: "Do not go back"},
	{name: "set clears", run: "& SCRIPT -Confirm:$false -WaitSeconds 0", value: "old", config: map[string]any{"setMode": "clear"}, fails: true, after: "none", saved: "old", said: "is empty"},
	{name: "set cuts off", run: "& SCRIPT -Confirm:$false -WaitSeconds 0", value: "old", config: map[string]any{"setMode": "truncate"}, fails: true, after: "?", saved: "old", said: "neither the old nor the new"},
	{name: "set takes another", run: "& SCRIPT -Confirm:$false -WaitSeconds 0", value: "old", config: map[string]any{"setMode": "other"}, fails: true, after: "other", saved: "old", said: "neither the old nor the new"},
	{name: "set writes anew", run: "& SCRIPT -Confirm:$false", value: "old", config: map[string]any{"setMode": "anew"}, after: "anew", saved: "old", said: "Uploaded and read back"},
	{name: "late", run: "& SCRIPT -Confirm:$false -WaitSeconds 30", value: "old", config: map[string]any{"late": 1}, after: "new", saved: "old", said: "Uploaded and read back"},
	{name: "reading back fails once", run: "& SCRIPT -Confirm:$false -WaitSeconds 30", value: "old", config: map[string]any{"getErrorAt": []int{3}}, after: "new", saved: "old", said: "Uploaded and read back"},
	{name: "reading back fails", run: "& SCRIPT -Confirm:$false -WaitSeconds 0", value: "old", config: map[string]any{"getErrorAt": []int{3}}, fails: true, after: "new", saved: "old", said: "(?s)upload was made.*To go back"},
	{name: "set asks", run: "$global:ConfirmPreference = 'Low'; & SCRIPT -Confirm:$false", value: "old", after: "new", saved: "old"},
	{name: "captured", run: "$lines = & SCRIPT -Confirm:$false -WaitSeconds 0", value: "old", config: map[string]any{"setMode": "throw"}, fails: true, after: "same", saved: "old", said: `ReadAllBytes\('`},
	{name: "first lines only", run: "& SCRIPT -Confirm:$false | Select-Object -First 1", value: "old", after: "new", saved: "old"},
	{name: "prefix", run: "Connect-ExchangeOnline -Prefix EXO; & SCRIPT -Connected -Confirm:$false", value: "old", after: "new", saved: "old", said: "Set-EXOSmimeConfig"},
	{name: "prefix given", run: "& SCRIPT -Prefix EXO -Confirm:$false", value: "old", after: "new", saved: "old", said: "Set-EXOSmimeConfig"},
	{name: "prefix, what if", run: "& SCRIPT -Prefix EXO -WhatIf", value: "old", after: "same", said: `(?s)added: .*removed: .*Nothing was changed`},
	{name: "not connected", run: "& SCRIPT -Connected -Confirm:$false", fails: true, after: "same", said: "not connected"},
	{name: "file exists", run: "& SCRIPT -Confirm:$false -SaveTo keep.sst", value: "old", before: keep, fails: true, after: "same", said: "exists already"},
	{name: "file exists, what if", run: "& SCRIPT -WhatIf -SaveTo keep.sst", value: "old", before: keep, fails: true, after: "same", said: "exists already"},
	{name: "no folder", run: "& SCRIPT -Confirm:$false -SaveTo nowhere/keep.sst", value: "old", fails: true, after: "same", said: "could not be saved"},
	{name: "store changed", run: "& SCRIPT -Confirm:$false", before: spoil, fails: true, after: "same", said: "not the store that was checked", calls: "^$"},
	{name: "store missing", run: "& SCRIPT -Confirm:$false", before: remove, fails: true, after: "same", said: "cannot be read", calls: "^$"},
	{name: "way back", run: goBack, value: "old", after: "same", saved: "old"},
	{name: "way back from a folder with an apostrophe", folder: "John’s 'files'", run: goBack, value: "old", after: "same", saved: "old"},
	{name: "way back from a folder that injects", folder: "a’)); Write-Output INJECTED #", run: goBack, value: "old", after: "same", saved: "old"},
	{name: "folder with brackets", folder: "up[x]load $a `b", run: "& SCRIPT -Confirm:$false", value: "old", after: "new", saved: "old"},
	{name: "dot-sourced", run: ". SCRIPT -Confirm:$false; 'left: ' + $ErrorActionPreference + [bool] $Path + [bool] (Get-Command Get-SmimeHash -ErrorAction Ignore); try { $null = $undefined; 'free' } catch { 'strict' }", value: "old", after: "new", saved: "old", said: `(?s)left: ContinueFalseFalse.*free`},
	{name: "dot-sourced, what if", run: ". SCRIPT -WhatIf; 'left: ' + [bool] $Path + [bool] $SaveTo", value: "old", after: "same", said: `left: FalseFalse`},
	{name: "no drive", run: "& SCRIPT -Confirm:$false -SaveTo nowhere:/keep.sst", value: "old", fails: true, after: "same", said: "nowhere.*Nothing was changed", calls: "^$"},
	{name: "strict", run: "Set-StrictMode -Version Latest; & SCRIPT -Confirm:$false", value: "old", after: "new", saved: "old"},
	{name: "silent", run: "$ErrorActionPreference = 'SilentlyContinue'; & SCRIPT -Confirm:$false -WaitSeconds 0", value: "old", config: map[string]any{"setMode": "nothing"}, fails: true, after: "same", saved: "old"},
	{name: "another calendar", run: "[System.Threading.Thread]::CurrentThread.CurrentCulture = 'th-TH'; & SCRIPT -Confirm:$false", value: "old", after: "new", saved: "old"},
}

// goBack uploads, and runs what the script says to go back.
const goBack = "$lines = @(& SCRIPT -Confirm:$false); $way = @($lines | Where-Object { $_ -match '^  Set-' })[0]; Invoke-Expression $way"

func keep(t *testing.T, dir string)   { writeTo(t, filepath.Join(dir, "keep.sst"), []byte("precious")) }
func remove(t *testing.T, dir string) { os.Remove(filepath.Join(dir, "smime.sst")) }
func spoil(t *testing.T, dir string)  { writeTo(t, filepath.Join(dir, "smime.sst"), []byte("x")) }

func writeTo(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

// stage makes the state of the stubs and runs a scenario; it returns what was printed,
// whether it failed, and the state.
func stage(t *testing.T, shell string, s *scenario, script string, state map[string][]byte) (string, bool, string) {
	t.Helper()
	dir := filepath.Dir(script)
	folder := t.TempDir()
	config, err := json.Marshal(s.config)
	if err != nil {
		t.Fatal(err)
	}
	if s.config == nil {
		config = []byte("{}")
	}
	writeTo(t, filepath.Join(folder, "config.json"), config)
	for name, data := range state {
		writeTo(t, filepath.Join(folder, name), data)
	}
	if s.before != nil {
		s.before(t, dir)
	}
	modules, err := filepath.Abs(filepath.Join("testdata", "modules"))
	if err != nil {
		t.Fatal(err)
	}
	command := strings.ReplaceAll(s.run, "SCRIPT", quote(script))
	c := exec.Command(shell, "-NoProfile", "-NonInteractive", "-Command", command)
	c.Dir = dir
	c.Env = append(os.Environ(), "STUB_STATE="+folder, "PSModulePath="+modules+string(os.PathListSeparator)+os.Getenv("PSModulePath"), "NO_COLOR=1", "POWERSHELL_TELEMETRY_OPTOUT=1")
	out, err := c.CombinedOutput()
	return string(out), err != nil, folder
}

func TestExchangeScript(t *testing.T) {
	next := pack(t, "collections/complete.sst")
	old := pack(t, "collections/sectigo-without-r46.sst")
	other := pack(t, "sectigo/root-usertrust-rsa.pem")
	anew := &PublicCollection{Certificates: slices.Clone(next.Certificates)}
	slices.Reverse(anew.Certificates)
	values := map[string][]byte{"none": nil, "": nil}
	for name, c := range map[string]*PublicCollection{"old": old, "new": next, "other": other, "anew": anew} {
		store, err := c.SST()
		if err != nil {
			t.Fatal(err)
		}
		values[name] = store
	}
	for _, shell := range shells(t) {
		for _, s := range exchangeScenarios {
			t.Run(filepath.Base(shell)+"/"+s.name, func(t *testing.T) {
				opts := &ExchangeOptions{Current: values["old"]}
				if s.value == "" {
					opts.Current = nil // the tenant is known to have none
				}
				outputs := must(Exchange(next, opts))
				folder := s.folder
				if folder == "" {
					folder = "upload"
				}
				dir := filepath.Join(t.TempDir(), folder)
				for _, o := range outputs {
					writeTo(t, filepath.Join(dir, o.Name), o.Data)
				}
				state := map[string][]byte{"other": values["other"], "anew": values["anew"]}
				if data := values[s.value]; data != nil {
					state["value"] = data
				}
				out, failed, at := stage(t, shell, &s, filepath.Join(dir, "Set-SmimeCollection.ps1"), state)
				value, err := os.ReadFile(filepath.Join(at, "value"))
				if err != nil {
					value = nil
				}
				want := s.after
				if want == "same" {
					want = s.value
				}
				if want != "?" && !bytes.Equal(value, values[want]) {
					t.Errorf("the tenant has %d octets, want those of %q", len(value), want)
				}
				saved, err := filepath.Glob(filepath.Join(globQuote(dir), "smime-before-*.sst"))
				if err != nil {
					t.Fatal(err)
				}
				switch {
				case s.saved == "" && len(saved) > 0, s.saved != "" && len(saved) != 1:
					t.Errorf("%d saved files", len(saved))
				case s.saved != "":
					if data, err := os.ReadFile(saved[0]); err != nil || !bytes.Equal(data, values[s.saved]) {
						t.Errorf("saved: %d octets, %v, want those of %q", len(data), err, s.saved)
					}
				}
				judge(t, &s, out, failed, at)
			})
		}
	}
}

// globQuote returns a name as a pattern that matches it alone.
func globQuote(name string) string {
	return regexp.MustCompile(`[*?[\\]`).ReplaceAllStringFunc(name, func(c string) string {
		if c == "\\" && filepath.Separator == '\\' {
			return c
		}
		return "[" + c + "]"
	})
}

// judge compares what was said, the status and the calls with what is wanted.
func judge(t *testing.T, s *scenario, out string, failed bool, state string) {
	t.Helper()
	if failed != s.fails {
		t.Errorf("fails: %t, want %t", failed, s.fails)
	}
	// PowerShell breaks the lines of an error to the width of its window.
	flat := strings.Join(strings.Fields(out), " ")
	if !regexp.MustCompile(s.said).MatchString(out) && !regexp.MustCompile(s.said).MatchString(flat) {
		t.Errorf("nothing said of %s", s.said)
	}
	log, err := os.ReadFile(filepath.Join(state, "log"))
	if err != nil {
		log = nil
	}
	if s.calls != "" && !regexp.MustCompile(s.calls).Match(bytes.ReplaceAll(log, []byte("\r"), nil)) {
		t.Errorf("calls:\n%s\nwant %s", log, s.calls)
	}
	if strings.Contains(out, "INJECTED") && !strings.Contains(out, "Write-Output INJECTED") {
		t.Error("the name of a folder was run")
	}
	if t.Failed() {
		t.Log(out)
	}
}

const (
	groupOne = "11111111-1111-1111-1111-111111111111"
	groupTwo = "22222222-2222-2222-2222-222222222222"
)

// graphScenarios hold what New-TrustedCertificateProfiles.ps1 does with four
// certificates on one platform; "after" is how many profiles there are, and "saved" how
// many of them are assigned.
var graphScenarios = []scenario{
	{name: "what if", run: "& SCRIPT -WhatIf -GroupId " + groupOne, after: "0", saved: "0", said: "Nothing was changed", calls: "^Connect-MgGraph\nGET deviceConfigurations\n$"},
	{name: "no groups, twice", run: "& SCRIPT; & SCRIPT", after: "4", saved: "0", said: `Created: 0, assigned now: 0, there already: 4, without an assignment: 4`},
	{name: "one group", run: "& SCRIPT -GroupId " + groupOne, after: "4", saved: "4", said: "Created: 4, assigned now: 4"},
	{name: "two groups as one text", run: "& SCRIPT -GroupId '" + groupOne + ", " + groupTwo + "'", after: "4", saved: "4", said: "Created: 4, assigned now: 4"},
	{name: "create, then assign", run: "& SCRIPT; & SCRIPT -GroupId " + groupOne, after: "4", saved: "4", said: "there already: 4"},
	{name: "another group later", run: "& SCRIPT -GroupId " + groupOne + "; & SCRIPT -GroupId " + groupTwo, after: "4", saved: "4", said: "assigned now: 4, there already: 4", calls: "(?s)POST deviceConfigurations/[^ ]*/assign"},
	{name: "no id", run: "& SCRIPT -GroupId 'S/MIME users'", fails: true, after: "0", saved: "0", said: "no object id", calls: "^$"},
	{name: "an empty id", run: "& SCRIPT -GroupId ''", fails: true, after: "0", saved: "0", said: "no object id", calls: "^$"},
	{name: "null", run: "& SCRIPT -GroupId $null", after: "4", saved: "0"},
	{name: "create fails in the middle, again", run: "try { & SCRIPT -GroupId " + groupOne + " } catch { 'stopped' }; & SCRIPT -GroupId " + groupOne, config: map[string]any{"failAt": []int{6}}, after: "4", saved: "4", said: "(?s)stopped.*Created"},
	{name: "assigning fails, again", run: "try { & SCRIPT -GroupId " + groupOne + " } catch { 'stopped' }; & SCRIPT -GroupId " + groupOne, config: map[string]any{"failAt": []int{4}}, after: "4", saved: "4", said: "(?s)stopped.*there already: 1"},
	{name: "created, but answered with an error, again", run: "try { & SCRIPT -GroupId " + groupOne + " } catch { 'stopped' }; & SCRIPT -GroupId " + groupOne, config: map[string]any{"lateFailAt": []int{2}}, after: "4", saved: "4", said: "(?s)stopped.*there already: 1"},
	{name: "created without an answer", run: "& SCRIPT -GroupId " + groupOne, config: map[string]any{"answer": "none"}, after: "4", saved: "4"},
	{name: "the list fails", run: "& SCRIPT", config: map[string]any{"failAt": []int{1}}, fails: true, after: "0", saved: "0", said: "Intune cannot be read"},
	{name: "sign-in fails", run: "& SCRIPT", config: map[string]any{"connect": "writeerror"}, fails: true, after: "0", saved: "0", said: "sign-in failed"},
	{name: "dot-sourced", run: ". SCRIPT; 'left: ' + $ErrorActionPreference + [bool] (Get-Command Get-SmimeList -ErrorAction Ignore)", after: "4", saved: "0", said: "left: ContinueFalse"},
}

func TestTrustedScript(t *testing.T) {
	outputs := must(IntuneTrusted(pack(t, "collections/complete.sst"), &IntuneTrustedOptions{Platforms: []Platform{platformIOS}}))
	for _, shell := range shells(t) {
		for _, s := range graphScenarios {
			t.Run(filepath.Base(shell)+"/"+s.name, func(t *testing.T) {
				dir := t.TempDir()
				for _, o := range outputs {
					writeTo(t, filepath.Join(dir, filepath.FromSlash(o.Name)), o.Data)
				}
				out, failed, at := stage(t, shell, &s, filepath.Join(dir, "New-TrustedCertificateProfiles.ps1"), nil)
				profiles, assigned := objects(t, at)
				if profiles != s.after || assigned != s.saved {
					t.Errorf("%s profiles, %s assigned, want %s and %s", profiles, assigned, s.after, s.saved)
				}
				judge(t, &s, out, failed, at)
			})
		}
	}
}

// objects counts what the stub of Intune has, and what of it is assigned.
func objects(t *testing.T, state string) (all, assigned string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(state, "objects"))
	if err != nil {
		return "0", "0"
	}
	var list []struct {
		Assignments []any `json:"assignments"`
	}
	if err := json.Unmarshal(bytes.TrimPrefix(data, []byte(byteOrderMark)), &list); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, o := range list {
		if len(o.Assignments) > 0 {
			n++
		}
	}
	return string(rune('0' + len(list))), string(rune('0' + n))
}

// pfxScenarios hold what Import-UserPfx.ps1 does with two bodies; "after" is how many
// imports there are.
var pfxScenarios = []scenario{
	{name: "what if", run: "& SCRIPT -WhatIf", after: "0", said: "Nothing was changed"},
	{name: "nobody to ask", run: "& SCRIPT", fails: true, after: "0"},
	{name: "plain", run: "& SCRIPT -Confirm:$false", after: "2", said: "Imported: 2"},
	{name: "twice", run: "& SCRIPT -Confirm:$false; & SCRIPT -Confirm:$false", after: "2", said: "there already: 2"},
	{name: "one fails, again", run: "try { & SCRIPT -Confirm:$false } catch { 'stopped' }; & SCRIPT -Confirm:$false", config: map[string]any{"failAt": []int{2}}, after: "2", said: "(?s)stopped.*Imported: 1"},
	{name: "done, but answered with an error", run: "& SCRIPT -Confirm:$false", config: map[string]any{"lateFailAt": []int{2}}, fails: true, after: "2", said: "Imported: 2"},
	{name: "another file beside", run: "& SCRIPT -Confirm:$false", before: func(t *testing.T, dir string) { writeTo(t, filepath.Join(dir, "x.json"), []byte("{}")) }, fails: true, after: "0", said: "no imported PFX certificate", calls: "^$"},
}

func TestPFXScript(t *testing.T) {
	script := written(t)["Import-UserPfx.ps1"]
	for _, shell := range shells(t) {
		for _, s := range pfxScenarios {
			t.Run(filepath.Base(shell)+"/"+s.name, func(t *testing.T) {
				dir := t.TempDir()
				writeTo(t, filepath.Join(dir, "Import-UserPfx.ps1"), script)
				const secret = "U0VDUkVUU0VDUkVU"
				for _, user := range []string{"a", "b"} {
					body := `{"@odata.type": "#microsoft.graph.userPFXCertificate", "userPrincipalName": "` + user + `@example.com", "thumbprint": "00", "intendedPurpose": "smimeSigning", "encryptedPfxBlob": "` + secret + `", "encryptedPfxPassword": "` + secret + `"}`
					writeTo(t, filepath.Join(dir, user+".json"), []byte(body))
				}
				out, failed, at := stage(t, shell, &s, filepath.Join(dir, "Import-UserPfx.ps1"), nil)
				if n, _ := objects(t, at); n != s.after {
					t.Errorf("%s imports, want %s", n, s.after)
				}
				if strings.Contains(out, secret) {
					t.Error("a secret is printed")
				}
				judge(t, &s, out, failed, at)
			})
		}
	}
}
