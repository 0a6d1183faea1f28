package lint

import "testing"

// TestShellWord holds names to what shells of Unix and PowerShell both take.
func TestShellWord(t *testing.T) {
	for name, want := range map[string]string{
		"anna.pfx": "anna.pfx", "dir/anna.pfx": "dir/anna.pfx", "anna m.pfx": "'anna m.pfx'", "$HOME.pfx": "'$HOME.pfx'",
		"証明書.pfx": "'証明書.pfx'", "o'neil.pfx": `"o'neil.pfx"`, `a"b.pfx`: `'a"b.pfx'`,
		"": "", "o'$x.pfx": "", "a\nb.pfx": "", "it’s.pfx": "",
	} {
		if got, ok := shellWord(name); got != want || ok != (want != "") {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if got := fileWord("-o.pfx"); got != "./-o.pfx" {
		t.Errorf("a name that looks like a flag is written %q", got)
	}
}
