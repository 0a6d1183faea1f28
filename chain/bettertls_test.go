package chain

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/smimechain/smimechain/testdata/outside"
)

const (
	bettertlsModule = "github.com/Netflix/bettertls@v0.0.0-20250909192348-e1e99e353074"
	bettertlsBuild  = 81
	bettertlsNames  = 9491
)

type bettertlsSuite struct {
	TestCases []struct {
		ID           int
		Certificates []string
		Hostname     string
		Expected     string
	}
}

// bettertls runs the exporter of the suite, in its own module.
func bettertls(t *testing.T) (root *Certificate, suites map[string]bettertlsSuite) {
	t.Helper()
	missing := func(format string, args ...any) {
		t.Helper()
		outside.Missing(t, "no suite: "+format, args...)
	}
	goTool, err := exec.LookPath("go")
	if err != nil {
		missing("%v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	dir := t.TempDir()
	run := func(dir string, args ...string) []byte {
		cmd := exec.CommandContext(ctx, goTool, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
		out, err := cmd.Output()
		if err != nil {
			missing("go %s: %v", args[0], err)
		}
		return out
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(run(dir, "mod", "download", "-json", bettertlsModule), &module); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "tests.json")
	run(module.Dir, "run", "./test-suites/cmd/bettertls", "export-tests", "--out", file)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var export struct {
		TrustRoot string
		Suites    map[string]bettertlsSuite
	}
	if err := json.Unmarshal(data, &export); err != nil {
		t.Fatal(err)
	}
	der, err := base64.StdEncoding.DecodeString(export.TrustRoot)
	if err != nil {
		t.Fatal(err)
	}
	return ParseCertificate(der), export.Suites
}

func TestBetterTLS(t *testing.T) {
	outside.AtLength(t, "takes half a minute")
	root, suites := bettertls(t)
	now := time.Now() // the exporter makes certificates of today
	differences := map[string]int{}
	for name, want := range map[string]int{"pathbuilding": bettertlsBuild, "nameconstraints": bettertlsNames} {
		t.Run(name, func(t *testing.T) {
			right := 0
			for _, tc := range suites[name].TestCases {
				var certs []*Certificate
				for _, text := range tc.Certificates {
					der, err := base64.StdEncoding.DecodeString(text)
					if err != nil {
						t.Fatal(err)
					}
					certs = append(certs, ParseCertificate(der))
				}
				r, err := NewGraph(certs[1:], []*Certificate{root}, Limits{}).Build(context.Background(), certs[0], now,
					&Options{Purpose: Purpose{EKU: serverAuth}, CrossCheck: true})
				if err != nil {
					t.Fatal(err)
				}
				got := len(r.Accepted) > 0 && certs[0].cert() != nil && certs[0].cert().VerifyHostname(tc.Hostname) == nil
				if got != (tc.Expected == "ACCEPT") {
					t.Errorf("case %d: got %t, want %s: %v %v", tc.ID, got, tc.Expected, describe(r.Rejected), r.DeadEnds)
					continue
				}
				if !r.Complete() {
					t.Errorf("case %d: cut short by %s", tc.ID, r.Truncated)
				}
				right++
				if certs[0].cert() != nil {
					for _, d := range compareWithOracle(t, name, r) {
						differences[d]++
					}
				}
			}
			t.Logf("%d of %d right", right, want)
			if right != want {
				t.Errorf("%d right, want %d", right, want)
			}
		})
	}
	for d, n := range differences {
		t.Logf("%d paths: %s", n, d)
	}
}
