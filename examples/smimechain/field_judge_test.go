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

// judgeCall is a call about real files of chains, and what has to come of it.
type judgeCall struct {
	args   string // with the command; DISALLOWED is a registry export of a store Disallowed
	status int
	says   []string // regular expressions, in the report or in errors
	not    []string
}

// neverMissing are the words that are wrong of an issuer that is there.
var neverMissing = []string{"is missing", "other key", "issuer_missing"}

// judgeCalls are the calls about chains by the rows of EXPECTED.tsv that are marked
// judge; other tests have those about PFX files and damage.
var judgeCalls = map[string][]judgeCall{
	"foreign go-refuses/unjudged-chain-works.sst": {{"check -for exchange-online go-refuses/unjudged-chain-works.sst", 1, nil, []string{worksNowhere}}},
	"foreign go-refuses/leaf-alone-negative-serial.pfx": {
		{"check -password-file go-refuses/pw go-refuses/leaf-alone-negative-serial.pfx", 1, []string{"e_chain_issuer_missing"}, []string{worksNowhere}},
		{"check -password-file go-refuses/pw go-refuses/leaf-alone-ok-serial.pfx", 1, []string{"e_chain_issuer_missing"}, []string{worksNowhere}},
	},
	"foreign go-refuses/n.sst go-refuses/b.sst go-refuses/p.sst go-refuses/a.sst": {
		{"check -for exchange-online go-refuses/n.sst", 0, []string{online}, neverMissing},
		{"check -for exchange-online go-refuses/b.sst", 1, []string{`(?m)^exchange-online +unknown`, "brainpoolP384r1"}, neverMissing},
		{"check -for exchange-online go-refuses/p.sst", 1, []string{`(?m)^exchange-online +unknown`, "RSASSA-PSS"}, neverMissing},
		{"check -for exchange-online go-refuses/a.sst", 1, []string{`(?m)^exchange-online +unknown`, "a subtree that cannot be read"}, neverMissing},
	},
	"foreign brainpool/*.pfx": {
		{"check -for windows -roots brainpool/root.pem -password-file brainpool/pw brainpool/brainpoolP256r1.pfx", -1, []string{`signs +yes`, `path +yes`}, []string{"e_key_size", "e_key_algorithm"}},
		{"check -for apple-mail -roots brainpool/root.pem -password-file brainpool/pw brainpool/brainpoolP384r1.pfx", 1, []string{`signs +no +.*e_key_algorithm`}, nil},
		{"check -for exchange-online brainpool/brainpoolP256r1.pem brainpool/ca.pem brainpool/root.pem", 1, []string{`signs +\?.*brainpoolP256r1`}, []string{worksNowhere}},
		{"check -for thunderbird -roots brainpool/root.pem -password-file brainpool/pw brainpool/prime256v1explicit.pfx", 1, []string{`explicit parameters`}, []string{worksNowhere}},
		{"check -for windows -roots brainpool/root.pem -password-file brainpool/pw brainpool/SM2.pfx", 1, []string{`SM2 is not known`}, []string{worksNowhere}},
	},
	"foreign digestinfo-without-null/": {
		{"paths digestinfo-without-null/ca.cer digestinfo-without-null/root.cer", 0, []string{"a DigestInfo without NULL", "1 accepted"}, neverMissing},
		{"check -for windows digestinfo-without-null/ca.cer digestinfo-without-null/root.cer", 0, []string{`(?m)^windows +works`}, neverMissing},
		{"check -for thunderbird digestinfo-without-null/ca.cer digestinfo-without-null/root.cer", 1, []string{`(?m)^thunderbird +fails`, "a DigestInfo without NULL"}, neverMissing},
		{"check -for apple-mail digestinfo-without-null/ca.cer digestinfo-without-null/root.cer", 1, []string{`(?m)^apple-mail +unknown`, "a DigestInfo without NULL"}, neverMissing},
	},
	"foreign reg/*disallowed*.reg (other files of the same kind exist)": {
		{"check DISALLOWED", 1, []string{"it lies in the store Disallowed of Windows"}, []string{worksNowhere}},
		{"check -for windows,apple-mail,thunderbird -with DISALLOWED -roots appol/root.pem appol/wrongap-chain.pem", 1, []string{"it lies in the store Disallowed of Windows"}, []string{`(?m)^ *\S+ +works`}},
		{"pack -o OUT/x.sst DISALLOWED", 2, []string{"left out: it lies in the store Disallowed of Windows"}, nil},
	},
	"foreign appol/": {
		{"check -for windows -roots appol/root.pem appol/wrongap-chain.pem", 1, []string{`(?m)^windows +fails .*e_chain_no_valid_path`, "application_policy"}, nil},
		{"check -for apple-mail -roots appol/root.pem appol/wrongap-chain.pem", 0, []string{`(?m)^apple-mail +works`}, nil},
		{"check -for windows -roots appol/root.pem appol/critical-chain.pem", 0, []string{`(?m)^windows +works`}, nil},
		{"check -for apple-mail -roots appol/root.pem appol/critical-chain.pem", 1, []string{`(?m)^apple-mail +fails`, "unknown_critical_extension"}, nil},
	},
	"foreign crlv1/bundle.pem": {
		{"check crlv1/bundle.pem", 0, []string{"of version 1 proves nothing", `(?s)not checked.*revocation: `}, []string{"smimechain: "}},
		{"check crlv1/x.sst", 0, []string{`(?s)not checked.*revocation: `}, nil},
	},
	"truth pqc/*": {
		{"check -for exchange-online,windows pqc/mldsa65-sign.pem", 1, []string{`(?m)^exchange-online +unknown`, `(?m)^windows +unknown`, "ML-DSA-65"}, []string{worksNowhere}},
		{"check -for exchange-online,windows pqc/mlkem768-encrypt.pem", 1, []string{`(?m)^exchange-online +unknown`, `(?m)^windows +unknown`, "ML-KEM-768"}, []string{worksNowhere}},
	},
	"truth leaf/zapple-1185-exact.pem": {{"check -for apple-mail leaf/zapple-1185-exact.pem", -1, nil, []string{"e_validity_apple"}}},
	"truth leaf/sectigo-svm.pem":       {{"check -with leaf/full.sst leaf/sectigo-svm.pem", -1, []string{" 0 errors"}, nil}},
}

// TestFieldJudge runs the calls. Each row about chains has to be among them.
func TestFieldJudge(t *testing.T) {
	folder := outside.Corpus(t, "field")
	text, err := os.ReadFile(filepath.Join(folder, "EXPECTED.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if row := strings.Split(strings.TrimRight(line, "\r\n"), "\t"); len(row) == 5 && row[4] == "judge" {
			rows[row[0]+" "+row[1]] = true
		}
	}
	for key, calls := range judgeCalls {
		if !rows[key] {
			t.Errorf("no row %s", key)
		}
		t.Run(key, func(t *testing.T) {
			for _, c := range calls {
				c.run(t, filepath.Join(folder, strings.Fields(key)[0]))
			}
		})
	}
}

func (c *judgeCall) run(t *testing.T, folder string) {
	dir := t.TempDir()
	t.Chdir(folder)
	words := strings.Fields(strings.ReplaceAll(c.args, "OUT", dir))
	args := append([]string{words[0], "-at", "2026-12-01"}, words[1:]...)
	for i, a := range args {
		if a == "DISALLOWED" {
			args[i] = disallowed(t, dir)
		}
	}
	var out, errs bytes.Buffer
	status := run(args, streams{in: strings.NewReader(""), out: &out, err: &errs})
	text := out.String() + errs.String()
	wrong := c.status >= 0 && status != c.status
	for _, s := range c.says {
		if !regexp.MustCompile(s).MatchString(text) {
			t.Errorf("does not say %s", s)
			wrong = true
		}
	}
	for _, s := range c.not {
		if found := regexp.MustCompile(s).FindString(text); found != "" {
			t.Errorf("says %q", found)
			wrong = true
		}
	}
	if wrong {
		t.Errorf("%v: status %d, want %d\n%.2500s", args, status, c.status, text)
	}
}

// disallowed writes a registry export as it would be if its certificates lay in the store
// Disallowed.
func disallowed(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("reg", "2-utf8.reg"))
	if err != nil {
		t.Fatal(err)
	}
	moved := regexp.MustCompile(`(?i)SystemCertificates\\[A-Za-z]+\\`).ReplaceAll(text, []byte(`SystemCertificates\Disallowed\`))
	if bytes.Equal(moved, text) {
		t.Fatal("no key of a store")
	}
	name := filepath.Join(dir, "disallowed.reg")
	if err := os.WriteFile(name, moved, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
