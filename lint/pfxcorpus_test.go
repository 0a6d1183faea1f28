package lint_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/testdata/outside"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestPFXCorpus lists what the rules about PFX say of the real files, for
// Outlook on fleets whose oldest iOS is 16, 17 and 18. The certificates in them
// are not judged: they are test certificates of programs.
func TestPFXCorpus(t *testing.T) {
	skipUnderRace(t)
	if testing.Short() {
		t.Skip("derives keys with millions of iterations")
	}
	dir := filepath.Join(outside.Corpus(t), "pfx")
	manifest, err := os.ReadFile(filepath.Join(dir, "MANIFEST.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	rules := slices.DeleteFunc(lint.Rules(), func(r lint.Rule) bool { return !strings.HasPrefix(r.Name, "e_pfx_") })
	var table strings.Builder
	files := 0
	for line := range strings.Lines(string(manifest)) {
		fields := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if fields[0] == "file" {
			continue
		}
		files++
		data, err := os.ReadFile(filepath.Join(dir, fields[0]))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&table, "%-40s", fields[0])
		f, err := (&bundle.Options{Password: &fields[1]}).Parse(fields[0], data)
		if err != nil || f.PFX == nil {
			fmt.Fprintln(&table, "no PFX")
			continue
		}
		for _, major := range []int{16, 17, 18} {
			r := run(t, []*bundle.File{f}, &lint.Options{
				Time: today, Targets: []lint.Target{lint.OutlookIOS}, Rules: rules, ZLint: []string{"none"},
				Facts: &lint.Facts{OldestIOS: lint.IOSVersion{Major: major}},
			})
			v := verdict(r, lint.OutlookIOS)
			fmt.Fprintf(&table, " %d:%s", major, v.Status)
			if major == 18 {
				fmt.Fprintf(&table, " %s", strings.Join(v.Because, " "))
			}
		}
		fmt.Fprintln(&table)
	}
	if files != 121 {
		t.Errorf("%d files, want 121", files)
	}
	golden := filepath.Join("testdata", "pfx-outlook-ios.golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(table.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if table.String() != string(want) {
		t.Errorf("got:\n%s\nwant:\n%s", table.String(), want)
	}
}
