package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/testdata/outside"
)

// judgePFXCall is a call of the command about a real file, and what has to come of it.
type judgePFXCall struct {
	folder, args string
	status       int // -1: whatever
	says, not    []string
}

// judgePFXCases are the calls about identities, damage and small statements, by the rows
// of EXPECTED.tsv that are marked judge; those about chains have a table of their own.
var judgePFXCases = map[string][]judgePFXCall{
	"identity c03-no-mac.p12": {{"identity", "check -at 2026-12-01 -for windows -roots root.pem -password-file password.txt c03-no-mac.p12", -1, []string{`opens +yes`}, nil},
		{"identity", "show -password-file password.txt c03-no-mac.p12", 0, []string{`no +iOS 18`, `yes +Windows 10 1709`}, nil}},
	"identity c19-profile-aes-p12.mobileconfig": {
		{"identity", "show c19-profile-aes-p12.mobileconfig", 0, []string{"identity 0", "AES-256-CBC", "CN=anna@example.com"}, nil},
		{"identity", "rewrite -for ios-17 -o OUT/new.pfx c19-profile-aes-p12.mobileconfig", 0, []string{"1 private key, 3 certificates"}, nil}},
	"identity c21-forge-no-mac.p12":  {{"identity", "show -password-file password.txt c21-forge-no-mac.p12", 0, []string{`no +iOS 18`, `yes +Windows 10 1709`}, nil}},
	"identity c24-secret-key.p12":    {{"identity", "show -password-file password.txt c24-secret-key.p12", 0, []string{`yes +Windows 10 1709`, `yes +Intune`}, nil}},
	"identity c26-long-password.p12": {{"identity", "show -password-file password-long.txt c26-long-password.p12", 0, []string{`no +GnuPG 2.2`}, nil}},
	"identity c39-no-certificate.p12": {{"identity", "show -password-file password.txt c39-no-certificate.p12", 0,
		[]string{`no +Thunderbird and Firefox from 128`, `no +Java 8u301`, "Export the private key again, with the certificate"}, []string{"smimechain rewrite"}}},
	"identity c47-plain-key-in-encrypted-safe.p12": {{"identity", "show -password-file password.txt c47-plain-key-in-encrypted-safe.p12", 0,
		[]string{`no +Java 8u301`, `yes +Thunderbird and Firefox from 128`, `yes +Windows 10 1709`}, nil}},
	"identity c48-no-attributes.p12": {{"identity", "show -password-file password.txt c48-no-attributes.p12", 0,
		[]string{`no +iOS 18`, `no +Thunderbird and Firefox from 128`, `no +Java 8u301`}, nil}},
	"identity c50-brainpool.p12": {{"identity", "show -password-file password.txt c50-brainpool.p12", 0,
		[]string{`no +iOS 18`, `no +Java 8u301`, "Write it anew with a program that knows"}, []string{"smimechain rewrite"}}},
	"identity c51-sign-and-encrypt.p12": {
		{"identity", "rewrite -for windows -password-file password.txt -o OUT/new.pfx c51-sign-and-encrypt.p12", 2, []string{"choose one with -identity N"}, nil},
		{"identity", "rewrite -for ios-17 -identity 0 -password-file password.txt -o OUT/first.pfx c51-sign-and-encrypt.p12", 0, []string{"1 private key"}, nil},
		{"identity", "rewrite -for ios-17 -identity 1 -password-file password.txt -o OUT/second.pfx c51-sign-and-encrypt.p12", 0, []string{"1 private key"}, nil}},
	"foreign brainpool/*.pfx": {
		{"foreign", "show -password-file brainpool/pw brainpool/brainpoolP256r1.pfx", 0, []string{`yes +Windows 10 1709`, `no +iOS 18`}, nil},
		{"foreign", "show -password-file brainpool/pw brainpool/prime256v1explicit.pfx", 0, []string{`no +Thunderbird and Firefox from 128`, `no +Java 8u301`}, nil}},
	"foreign crlf-damaged-unrecognised.p12 utf8-damaged-unrecognised.p12 utf16-damaged-unrecognised.p12 utf8repl-damaged-unrecognised.p12 crlf-damaged-password-called-wrong.p12": {
		{"foreign", "show crlf-damaged-unrecognised.p12", 0, []string{"line endings were converted", "transfer it again in binary"}, []string{"password is wrong:"}},
		{"foreign", "show crlf-damaged-password-called-wrong.p12", 0, []string{"line endings were converted"}, []string{"password is wrong:"}},
		{"foreign", "check utf8-damaged-unrecognised.p12", 2, []string{"wrote it as text", "copy the file"}, []string{"password is wrong"}},
		{"foreign", "check utf16-damaged-unrecognised.p12", 2, []string{"wrote it as text"}, nil},
		{"foreign", "check utf8repl-damaged-unrecognised.p12", 2, []string{"wrote it as text"}, nil}},
	"truth leaf/zapple-1185-exact.pem": {{"truth", "check -at 2026-11-26 -for apple-mail leaf/zapple-1185-exact.pem", -1, nil, []string{"e_validity_apple"}}},
	"truth leaf/znr-only.pem":          {{"truth", "check -at 2026-11-26 -for apple-mail leaf/znr-only.pem", 1, []string{`signs +no`}, []string{`(?m)^apple-mail +works`}}},
	"truth rc2.pfx":                    {{"truth", "explain w_pfx_rc2", 0, []string{"OpenSSL 3 and Windows in FIPS mode refuse"}, []string{"Go"}}},
}

// TestFieldJudgePFX runs the calls. Each row about a PFX or about damage has to be among
// them.
func TestFieldJudgePFX(t *testing.T) {
	folder := outside.Corpus(t, "field")
	text, err := os.ReadFile(filepath.Join(folder, "EXPECTED.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(text)) {
		row := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(row) < 5 || row[4] != "judge" {
			continue
		}
		key := row[0] + " " + row[1]
		mine := row[0] == "identity" || strings.Contains(key, "damaged")
		if mine && len(judgePFXCases[key]) == 0 {
			t.Errorf("no case for %s", key)
		}
		rows += min(len(judgePFXCases[key]), 1)
		for _, c := range judgePFXCases[key] {
			t.Run(key, func(t *testing.T) { c.run(t, filepath.Join(folder, c.folder)) })
		}
	}
	if rows < 15 {
		t.Errorf("%d rows", rows)
	}
}

func (c *judgePFXCall) run(t *testing.T, folder string) {
	out := t.TempDir()
	t.Chdir(folder)
	var said, errs bytes.Buffer
	args := strings.Fields(strings.ReplaceAll(c.args, "OUT", filepath.ToSlash(out)))
	status := run(args, streams{in: strings.NewReader(""), out: &said, err: &errs})
	text := said.String() + errs.String()
	if c.status >= 0 && status != c.status {
		t.Errorf("%s: status %d, want %d", c.args, status, c.status)
	}
	for _, s := range c.says {
		if !regexp.MustCompile(s).MatchString(text) {
			t.Errorf("%s: does not say %s", c.args, s)
		}
	}
	for _, s := range c.not {
		if found := regexp.MustCompile(s).FindString(text); found != "" {
			t.Errorf("%s: says %q", c.args, found)
		}
	}
	if t.Failed() {
		t.Logf("%.3000s", text)
	}
}
