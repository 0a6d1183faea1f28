package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/testdata/outside"
)

// judgeCall is a call about real files, and what has to come of it.
type judgeCall struct {
	args   string   // with the command; OUT is a folder, DISALLOWED a registry export of a store Disallowed
	status int      // -1: whatever
	says   []string // regular expressions, in the report or in errors
	not    []string
}

// neverMissing are the words that are wrong of an issuer that is there.
var neverMissing = []string{"is missing", "other key", "issuer_missing"}

// judgeCalls are the calls about chains by the rows of EXPECTED.tsv that are marked
// judge; judgePFXCalls are those about PFX files and damage.
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
		// The whole chain is there, and nothing but the kind of the key is open.
		{"check -for windows,intune,thunderbird -with leaf/ica.pem -roots leaf/root.pem pqc/mlkem768-encrypt.pem", 1, []string{`decrypts +\?.*ML-KEM-768`}, []string{`(?m)^ *\S+ +works`}},
		{"check -for windows,intune,thunderbird -with leaf/ica.pem -roots leaf/root.pem pqc/mldsa65-sign.pem", 1, []string{`signs +\?.*ML-DSA-65`}, []string{`(?m)^ *\S+ +works`}},
		{"check -for exchange-online,windows pqc/mldsa65-sign.pem", 1, []string{`(?m)^exchange-online +unknown`, `(?m)^windows +unknown`, "ML-DSA-65"}, []string{worksNowhere}},
		{"check -for exchange-online,windows pqc/mlkem768-encrypt.pem", 1, []string{`(?m)^exchange-online +unknown`, `(?m)^windows +unknown`, "ML-KEM-768"}, []string{worksNowhere}},
	},
	"truth leaf/zapple-1185-exact.pem":         {{"check -for apple-mail leaf/zapple-1185-exact.pem", -1, nil, []string{"e_validity_apple"}}},
	"truth leaf/*.pem (44 profiles of 11 CAs)": judgeLeaves(),
	"truth leaf/sectigo-svm.pem":               {{"check -with leaf/full.sst leaf/sectigo-svm.pem", -1, []string{" 0 errors"}, nil}},
}

// judgeLeaves are calls about certificates as CAs issue them, which nothing speaks against
// but what the name of the file says.
func judgeLeaves() []judgeCall {
	var list []judgeCall
	for _, name := range []string{
		"actalis-mv", "certum-mv", "certum-sv-pnoid", "cybertrust-suremail-mv", "cybertrust-suremail-ov", "days-825", "digicert-mv",
		"digicert-mv-nocps-email", "digicert-ov-lei", "digicert-sv", "dtrust-advanced-sv", "dtrust-vat", "geant-sv-govt",
		"globalsign-epki-upn", "globalsign-smartcardlogon", "harica-ivsv", "harica-mv-ecc", "multi-address", "no-bc", "noncritical-ku",
		"p521", "policy-2024-mvl-2y", "secom-publicid-mv", "secom-publicid-sv-ja", "sectigo-mvm", "sectigo-mvm-ecc",
		"sectigo-mvm-empty-subject-email-absent", "sectigo-mvs", "sectigo-ovm", "sectigo-svm", "sslcom-aatl", "sslcom-iv", "swisssign-mv-ncp",
		"swisssign-pseudo", "swisssign-sv", "with-ou-legacy-2024", "zapple-1185-minus1", "znopolicy",
	} {
		list = append(list, judgeCall{
			"check -for windows,exchange-online,apple-mail -roots leaf/root.pem leaf/" + name + ".pem leaf/full.sst",
			0, []string{" 0 errors, 0 warnings"}, []string{`(?m)^ *\S+ +(fails|unknown) `},
		})
	}
	for name, says := range map[string]string{
		"days-826": "w_validity_baseline", "z825-exact": "w_validity_baseline", "zapple-1186": "w_validity_baseline", "no-aia": "w_aia_no_public_address",
		"ed25519-sign": "e_key_algorithm", "sectigo-svm-encrypt-only": "w_usage_cannot_sign", "sectigo-svm-sign-only": "w_usage_cannot_encrypt",
		"dtrust-pss": "is not known.*RSASSA-PSS", "qcp-n-qscd": "w_usage_cannot_encrypt", "zservereku": "w_eku_forbidden",
	} {
		list = append(list, judgeCall{"check -for windows,exchange-online,apple-mail -with leaf/full.sst -roots leaf/root.pem leaf/" + name + ".pem", -1, []string{says}, nil})
	}
	return list
}

// TestFieldJudge runs the calls. Each row that is marked judge has to be among them, and
// each call under a row.
func TestFieldJudge(t *testing.T) {
	folder := outside.Corpus(t, "field")
	text, err := os.ReadFile(filepath.Join(folder, "EXPECTED.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		row := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(row) != 5 || row[4] != "judge" {
			continue
		}
		key := row[0] + " " + row[1]
		if !rows[key] && len(judgeCalls[key])+len(judgePFXCalls[key]) == 0 {
			t.Errorf("no call about %s", key)
		}
		rows[key] = true
	}
	for _, calls := range []map[string][]judgeCall{judgeCalls, judgePFXCalls} {
		for key, list := range calls {
			if !rows[key] {
				t.Errorf("no row %s", key)
			}
			t.Run(key, func(t *testing.T) {
				for _, c := range list {
					c.run(t, filepath.Join(folder, strings.Fields(key)[0]))
				}
			})
		}
	}
}

func (c *judgeCall) run(t *testing.T, folder string) {
	dir := t.TempDir()
	t.Chdir(folder)
	words := strings.Fields(strings.ReplaceAll(c.args, "OUT", filepath.ToSlash(dir)))
	args := words
	if slices.Contains([]string{"check", "paths", "pack"}, words[0]) {
		args = slices.Insert(words, 1, "-at", "2026-12-01")
	}
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
