package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/testdata/outside"
)

// TestParsersCounted builds the command with parsers that say when they run, and holds
// that one certificate is read once by package chain and at most once by each of
// crypto/x509 and zcrypto.
func TestParsersCounted(t *testing.T) {
	outside.AtLength(t, "builds the command anew, with another crypto/x509")
	dir := t.TempDir()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	replace := map[string]string{}
	for _, parser := range []struct{ file, before, says string }{
		{filepath.Join(root, "chain", "certificate.go"), "	p := new(parsed)\n", "chain"},
		{filepath.Join(strings.TrimSpace(string(goroot)), "src", "crypto", "x509", "parser.go"), "	cert := &Certificate{}\n", "crypto/x509"},
		{filepath.Join(root, "lint", "zlint.go"), "	c, err := x509.ParseCertificate(", "zcrypto"},
	} {
		source, err := os.ReadFile(parser.file)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(source), parser.before); n != 1 {
			t.Fatalf("%s: the parser was not found (%d)", parser.file, n)
		}
		copied := filepath.Join(dir, strings.ReplaceAll(parser.says, "/", "-")+".go")
		text := strings.Replace(string(source), parser.before, "	println(\"parsed by "+parser.says+"\")\n"+parser.before, 1)
		if err := os.WriteFile(copied, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		replace[parser.file] = copied
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "overlay.json"), overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "smimechain.exe")
	if out, err := exec.Command("go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	sst := filepath.Join(root, "testdata", "collections", "complete.sst")    // 4 certificates
	pfx := filepath.Join(root, "testdata", "pfx", "modern-without-root.pfx") // 2 certificates
	password := filepath.Join(root, "testdata", "pfx", "password.txt")
	for _, tt := range []struct {
		name         string
		args         []string
		certificates int
	}{
		{"check", []string{"check", "-at", "2026-11-22", sst}, 4},
		{"check a PFX", []string{"check", "-at", "2026-11-22", "-password-file", password, pfx}, 2},
		{"pack", []string{"pack", "-at", "2026-11-22", "-o", filepath.Join(dir, "out.sst"), sst}, 4},
		{"deploy exchange", []string{"deploy", "exchange", "-at", "2026-11-22", "-o", filepath.Join(dir, "exchange"), sst}, 4},
		{"deploy intune-trusted", []string{"deploy", "intune-trusted", "-at", "2026-11-22", "-o", filepath.Join(dir, "trusted"), sst}, 4},
		{"rewrite", []string{"rewrite", "-for", "ios-17", "-password-file", password, "-o", filepath.Join(dir, "out.pfx"), pfx}, 2},
	} {
		out, err := exec.Command(program, tt.args...).CombinedOutput()
		if _, exited := err.(*exec.ExitError); err != nil && !exited {
			t.Fatal(err)
		}
		count := func(parser string) int { return strings.Count(string(out), "parsed by "+parser+"\n") }
		chain, standard, zcrypto := count("chain"), count("crypto/x509"), count("zcrypto")
		t.Logf("%s: %d certificates, read by chain %d, crypto/x509 %d, zcrypto %d times", tt.name, tt.certificates, chain, standard, zcrypto)
		if chain != tt.certificates || standard > tt.certificates || zcrypto > tt.certificates {
			t.Errorf("%s: %d certificates, read by chain %d, crypto/x509 %d, zcrypto %d times: %s", tt.name, tt.certificates, chain, standard, zcrypto,
				strings.ReplaceAll(string(out), "parsed by ", ""))
		}
	}
}
