package deploy

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint/locale"
)

var update = flag.Bool("update", false, "write the golden files of scripts")

// written returns each script that is written, by name, in English.
func written(t *testing.T) map[string][]byte { return writtenIn(t, locale.English) }

// writtenIn returns each script in a language.
func writtenIn(t *testing.T, language locale.Language) map[string][]byte {
	t.Helper()
	c := pack(t, "collections/complete.sst")
	exchange, err := Exchange(c, &ExchangeOptions{Current: output(t, must(Exchange(c, nil)), "smime.sst"), Language: language})
	if err != nil {
		t.Fatal(err)
	}
	pfx, err := IntunePFXScript(language)
	if err != nil {
		t.Fatal(err)
	}
	scripts := map[string][]byte{}
	for _, o := range slices.Concat(exchange, must(IntuneTrusted(c, &IntuneTrustedOptions{Language: language})), []Output{*pfx}) {
		if filepath.Ext(o.Name) == ".ps1" {
			scripts[o.Name] = o.Data
		}
	}
	if len(scripts) != 3 {
		t.Fatalf("%d scripts", len(scripts))
	}
	return scripts
}

func must(outputs []Output, err error) []Output {
	if err != nil {
		panic(err)
	}
	return outputs
}

// TestScriptGolden holds what the scripts say against files, so that a change of a
// script is seen as one: they are run where there is a PowerShell.
func TestScriptGolden(t *testing.T) {
	scripts := written(t)
	for name, script := range scripts {
		golden := filepath.Join("testdata", "scripts", name)
		if *update {
			if err := os.WriteFile(golden, script, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if string(script) != string(want) {
			t.Errorf("%s is not what %s holds; -update writes it", name, golden)
		}
	}
	for name, script := range scripts { // which is left out where there is no grammar
		t.Run(name, func(t *testing.T) { wantPowerShell(t, script) })
	}
}

// TestScriptTemplates holds that a script has nothing from outside of its template but
// what is made for its place: texts and values in comments, and both as strings elsewhere.
func TestScriptTemplates(t *testing.T) {
	names, err := filepath.Glob("*.ps1.qtpl")
	if err != nil {
		t.Fatal(err)
	}
	tag := regexp.MustCompile(`{%.*?%}`)
	control := regexp.MustCompile(`^{% ((func|for|if) .*|endfunc|endfor|endif) -?%}$|^{%= s\.\w+\(\) %}$`)
	inComment := regexp.MustCompile(`^{%s= (s\.T\(".*"\)|comment\([\w.]+\)) %}$`)
	inCode := regexp.MustCompile(`^{%s= (s\.S\(".*"\)|quote\([\w.]+\)) %}$`)
	values := 0
	for _, name := range names {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(source)) {
			safe := inCode
			if strings.HasPrefix(strings.TrimSpace(line), "#") {
				safe = inComment
			}
			tags := tag.FindAllString(line, -1)
			if len(tags) != strings.Count(line, "{%") {
				t.Errorf("%s: a tag of several lines: %s", name, line)
			}
			for _, tag := range tags {
				switch {
				case safe.MatchString(tag):
					values++
				case !control.MatchString(tag):
					t.Errorf("%s: a tag that is not known to be safe where it is: %s", name, tag)
				}
			}
		}
	}
	if len(names) != 4 || values < 130 {
		t.Errorf("%d templates with %d values", len(names), values)
	}
}

// cmdlet is a command as PowerShell names them: a verb and a noun.
var cmdlet = regexp.MustCompile(`(^|[\s({|;=&])([A-Z][a-z]+-[A-Z][A-Za-z]+)\b([^\n|]*)`)

// silent are cmdlets of PowerShell itself that cannot fail half-way: they write, order
// and filter.
var silent = []string{"Write-Host", "Write-Output", "Out-Null", "Sort-Object", "Where-Object", "ForEach-Object", "Set-StrictMode"}

// TestScriptErrorAction holds that every cmdlet that may fail is told to stop: without
// it a script that is run from a prompt goes on after an error, as the preference of a
// script does not reach the modules it calls.
func TestScriptErrorAction(t *testing.T) {
	for name, script := range written(t) {
		text := withoutStrings(string(script))
		own := map[string]bool{}
		for _, m := range regexp.MustCompile(`(?m)^function ([A-Za-z-]+) \{`).FindAllStringSubmatch(text, -1) {
			own[m[1]] = true
		}
		calls := 0
		for _, m := range cmdlet.FindAllStringSubmatch(text, -1) {
			command, rest := m[2], m[3]
			if own[command] || slices.Contains(silent, command) || strings.HasPrefix(strings.TrimSpace(m[1]), "function") {
				continue
			}
			calls++
			if !strings.Contains(rest, "-ErrorAction ") {
				t.Errorf("%s: %s has no -ErrorAction: %s", name, command, strings.TrimSpace(m[0]))
			}
		}
		if calls < 4 {
			t.Errorf("%s: only %d calls were looked at", name, calls)
		}
	}
}

// withoutStrings takes comments, and the text of single-quoted strings, out of a script
// of ours.
func withoutStrings(script string) string {
	var b strings.Builder
	for line := range strings.Lines(script) {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		b.WriteString(regexp.MustCompile(`'([^']|'')*'`).ReplaceAllString(line, "''"))
	}
	return b.String()
}

// newer are constructs that Windows PowerShell 5.1 does not know.
var newer = map[string]*regexp.Regexp{
	"chain of pipelines":   regexp.MustCompile(`&&|\|\|`),
	"ternary":              regexp.MustCompile(` \? .* : `),
	"null coalescing":      regexp.MustCompile(`\?\?`),
	"null conditional":     regexp.MustCompile(`\?\.|\?\[`),
	"parallel":             regexp.MustCompile(`-Parallel\b`),
	"background":           regexp.MustCompile(`&\s*$`),
	"hash table":           regexp.MustCompile(`-AsHashtable\b`),
	"byte stream":          regexp.MustCompile(`-AsByteStream\b`),
	"skip of certificates": regexp.MustCompile(`-SkipHttpErrorCheck\b|-SkipCertificateCheck\b`),
	"typographic dash":     regexp.MustCompile(`[–—―]`),
}

// TestScriptEdition holds that scripts are of Windows PowerShell 5.1, and leave nothing
// in the scope of one who dot-sources them: all but the parameters is in a block of its
// own.
func TestScriptEdition(t *testing.T) {
	for name, script := range written(t) {
		text := withoutStrings(string(script))
		for what, r := range newer {
			if m := r.FindString(text); m != "" {
				t.Errorf("%s: %s: %q", name, what, m)
			}
		}
		_, body, _ := strings.Cut(text, "\r\ntry {\r\n& {\r\n")
		body, end, ok := strings.Cut(body, "\r\n}\r\n}\r\nfinally {\r\n")
		if !ok || !strings.Contains(body, "Set-StrictMode") || strings.Count(end, "\n") != 4 {
			t.Errorf("%s: the script has no block of its own:\n%s", name, end)
		}
		if strings.Contains(body, "$script:") || strings.Count(body, "$global:") != 3 {
			t.Errorf("%s: the block changes what is outside of it", name)
		}
	}
}
