package main

import (
	"bytes"
	"go/build"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestProse holds that no rule about scripts speaks of a text file of the Go tree, the
// module cache and /usr/share, of each as far as its first files. Where tools are not
// required it stops early.
func TestProse(t *testing.T) {
	outside.SkipUnderRace(t)
	most := 2_000 // files of each that are read
	if outside.Required() {
		most = 60_000
	}
	seen, scripts := 0, 0
	for _, root := range []string{build.Default.GOROOT, filepath.Join(build.Default.GOPATH, "pkg", "mod"), "/usr/share"} {
		left := most
		_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return nil // not ours to read
			}
			if left--; left < 0 {
				return filepath.SkipAll
			}
			seen++
			if info, err := d.Info(); err != nil || info.Size() > 1<<20 {
				return nil
			}
			data, err := os.ReadFile(path)
			if err != nil || !bytes.Contains(data, []byte("-")) || bytes.IndexByte(data, 0) >= 0 && data[0] != 0xFF {
				return nil
			}
			low := bytes.ToLower(data)
			if !bytes.Contains(low, []byte("smime")) && !bytes.Contains(low, []byte("get-content")) && !bytes.Contains(low, []byte("new-object")) && !bytes.Contains(low, []byte("-certificate")) && !bytes.Contains(low, []byte("invoke-")) && !strings.HasSuffix(path, ".ps1") {
				return nil
			}
			f, err := bundle.Parse(path, data)
			if err != nil || f.Format != bundle.Script {
				return nil
			}
			scripts++
			report, err := lint.Run(t.Context(), []*bundle.File{f}, &lint.Options{Time: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), Targets: []lint.Target{lint.ExchangeOnline, lint.Intune}, ZLint: []string{"none"}})
			if err != nil {
				t.Errorf("%s: %v", path, err)
				return nil
			}
			for _, finding := range report.Findings {
				if strings.Contains(finding.Rule, "_script_") {
					t.Errorf("%s: %s: %s", path, finding.Rule, finding.Message)
				}
			}
			return nil
		})
	}
	t.Logf("%d files, %d of them scripts", seen, scripts)
}
