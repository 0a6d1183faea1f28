package lint_test

import (
	"context"
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

// opening returns what the needs about the file alone come to.
func opening(r *lint.Report) (lint.VerdictStatus, []string) {
	status := lint.Works
	var because []string
	for _, v := range r.Subjects {
		for _, a := range v.Needs {
			switch {
			case a.Need != "opens" && a.Need != "identity":
				continue
			case a.State == lint.Failed:
				status = lint.Fails
			case a.State == lint.Open && status == lint.Works:
				status = lint.Unknown
			}
			because = append(because, a.Because...)
		}
	}
	slices.Sort(because)
	return status, slices.Compact(because)
}

// TestPFXCorpus lists what the rules about PFX say of the real files, for
// Outlook on fleets whose oldest iOS is 16, 17 and 18. The certificates in them
// are not judged: they are test certificates of programs.
func TestPFXCorpus(t *testing.T) {
	outside.SkipUnderRace(t)
	outside.AtLength(t, "derives keys with millions of iterations")
	dir := filepath.Join(outside.Corpus(t), "pfx")
	manifest, err := os.ReadFile(filepath.Join(dir, "MANIFEST.tsv"))
	if err != nil {
		t.Fatal(err)
	}
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
		f, err := (&bundle.Options{Password: &fields[1]}).Parse(context.Background(), fields[0], data)
		if err != nil || f.PFX == nil {
			fmt.Fprintln(&table, "no PFX")
			continue
		}
		for _, major := range []int{16, 17, 18} {
			r := run(t, []*bundle.File{f}, &lint.Options{
				Time: today, Targets: []lint.Target{lint.OutlookIOS}, ZLint: []string{"none"},
				Facts: &lint.Facts{OldestIOS: lint.IOSVersion{Major: major}},
			})
			status, because := opening(r)
			fmt.Fprintf(&table, " %d:%s", major, status)
			if major == 18 {
				fmt.Fprintf(&table, " %s", strings.Join(because, " "))
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
