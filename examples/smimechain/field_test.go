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

// fieldCase is one call about real files, and what has to come of it.
type fieldCase struct {
	folder string
	args   string // of check, with patterns of names
	status int
	says   []string // regular expressions, in the report or in errors
	not    []string
}

const (
	worksNowhere = `(?m)^\S+ +works`
	online       = `(?m)^exchange-online +works`
)

// fieldCases are the calls by the rows of EXPECTED.tsv, named by the set and the file.
var fieldCases = map[string][]fieldCase{
	"exchange pfx/latin1.pfx": {{"exchange", "-for intune -password-file pfx/pw-latin1.txt pfx/latin1.pfx", 1, []string{`^intune +fails +e_pfx_password_beyond_ascii`}, nil}},
	"exchange adcs/config.json adcs/l.pem": {{"exchange", "adcs/config.json adcs/l.pem", 1,
		[]string{`^exchange-online +fails`, "e_owa_crl_unreachable", "e_crl_no_public_address"}, nil}},
	"exchange adcs/l.pem adcs/i.pem adcs/r.pem": {{"exchange", "-mail user@example.com -for windows,apple-mail adcs/l.pem adcs/i.pem adcs/r.pem", 1,
		[]string{`"EXAMPLE-ROOT-CA" is in no list of the root programme`}, []string{worksNowhere}}},
	"exchange adcs/config-6531.json adcs/l.pem": {{"exchange", "-mail other@example.com adcs/config-6531.json adcs/l.pem", 1,
		[]string{"e_email_address_mismatch", "w_owa_other_address"}, []string{`^exchange-online +works`}}},
	"exchange crl/l.pem crl/i.pem adcs/r.pem crl/root-old.der.crl": {{"exchange", "crl/l.pem crl/i.pem adcs/r.pem crl/root-old.der.crl", -1,
		[]string{"out of date since 2021-08-09", `(?s)not checked.*revocation: `}, nil}},
	"exchange actalis.sst + any unrelated .crl": {{"exchange", "actalis.sst crl/root-rev.crl", -1, []string{`(?s)not checked.*revocation: `}, nil}},
	"exchange sst/actalis-only-intermediate.sst": {{"exchange", "sst/actalis-only-intermediate.sst", 1,
		[]string{`^exchange-online +fails .*e_collection_no_root`, "Actalis Authentication Root CA"}, nil}},
	"exchange chain/leafonly.eml": {{"exchange", "chain/leafonly.eml", 1, []string{"e_chain_issuer_missing", `http://crt\.ca\.example/smime1\.cer`}, []string{worksNowhere}}},
	"identity c01-openssl3-default.p12": {{"identity", "-facts facts-ios17.json -password-file password.txt -roots root.pem c01-openssl3-default.p12", 1,
		[]string{`(?m)^outlook-ios +fails`, `(?m)^apple-mail +fails`, `(?m)^windows +works`}, nil}},
	"identity c02-private-ca-legacy.p12": {{"identity", "-facts facts-ios18.json -password-file password.txt c02-private-ca-legacy.p12", 1,
		[]string{`opens +yes`, "is in no list of the root programme"}, []string{`opens +no`, worksNowhere}}},
	"identity c02-private-ca-legacy.p12 + complete.sst": {{"identity", "-facts facts-ios18.json -password-file password.txt c02-private-ca-legacy.p12 complete.sst", 1,
		[]string{`(?m)^exchange-online +fails`, `(?m)^outlook-ios +fails`}, nil}},
	"identity c04-3des-sha256mac.p12":                         {{"identity", "-facts facts-ios17.json -password-file password.txt c04-3des-sha256mac.p12", 1, []string{`(?m)^apple-mail +fails +e_pfx_target_cannot_open`}, nil}},
	"identity c15-server-usage.p12":                           {{"identity", "-password-file password.txt c15-server-usage.p12", 1, []string{"e_eku_without_email_protection"}, []string{worksNowhere}}},
	"identity c31-pyca-best.p12":                              {{"identity", "-facts facts-ios17.json -password-file password.txt c31-pyca-best.p12", 1, []string{`(?m)^apple-mail +fails`}, nil}},
	"identity c41-freescout-leaf-only.eml":                    {{"identity", "c41-freescout-leaf-only.eml", 1, []string{"e_chain_issuer_missing", "Field Test Secure Email CA 1"}, []string{worksNowhere}}},
	"identity c43-jks-named.p12":                              {{"identity", "c43-jks-named.p12", 1, []string{"Java key store"}, []string{worksNowhere}}},
	"identity loose: anna.pem ca.pem root.pem + complete.sst": {{"identity", "-for exchange-online anna.pem ca.pem root.pem complete.sst", 1, []string{`^exchange-online +fails`}, nil}},
	// A root alone anchors mail and serves no CA that can be seen, which is never a
	// bare "works": what its lints remark decides nothing all the same.
	"foreign serial0/secom.sst": {{"foreign", "-for exchange-online serial0/secom.sst", 1, []string{`serves +\?`, "0 errors"}, []string{worksNowhere}}},
	"newcomer gd.sst":           {{"newcomer", "-for exchange-online gd.sst", 1, []string{`serves +\?`, "0 errors"}, []string{worksNowhere}}},
	"newcomer pfx/unopened.pfx": {
		{"newcomer", "pfx/unopened.pfx", 2, []string{"no password was given"}, []string{worksNowhere}},
		{"newcomer", "-format junit pfx/unopened.pfx", 2, []string{`errors="1"`}, nil},
		{"newcomer", "-format sarif pfx/unopened.pfx", 2, []string{`"executionSuccessful": false`}, nil},
	},
	"newcomer pfx/private-root.pfx": {{"newcomer", "-password-file pfx/password.txt pfx/private-root.pfx", 1,
		[]string{`opens +yes`, `identity +yes`, "is in no list of the root programme"}, []string{worksNowhere}}},
	"newcomer root-only.sst rootonly-private.sst tls.sst selfroot.sst": {{"newcomer", "-for exchange-online root-only.sst rootonly-private.sst tls.sst selfroot.sst", 1,
		[]string{`serves +(\?|no)`}, []string{worksNowhere, `serves +yes`}}},
	"newcomer sectigo-complete.sst": {{"newcomer", "-fetch sectigo-complete.sst", -1, nil, []string{`(?m)^exchange-online +fails`}}},
	"attack notanchor/tenant.sst notanchor/leaf.cer notanchor/issuing.cer notanchor/root.cer": {
		{"attack", "-for exchange-online notanchor/tenant.sst notanchor/leaf.cer notanchor/issuing.cer notanchor/root.cer", 1, []string{`^exchange-online +fails`}, nil},
		{"attack", "-for exchange-online -with notanchor/issuing.cer -with notanchor/root.cer notanchor/tenant.sst notanchor/leaf.cer", 1, nil, []string{online + ` +notanchor/leaf`}},
	},
	"attack mailcase/tenant.sst mailcase/mail-rest.eml": {
		{"attack", "-for exchange-online mailcase/tenant.sst mailcase/mail-rest.eml", 1, []string{`^exchange-online +fails`}, nil},
		{"attack", "-for exchange-online mailcase/mail-rest.eml", 1, nil, []string{worksNowhere}},
	},
	"attack leaf_under_cycle.pem cycle_*.sst issuing_below_cycle_with_unrelated_root.sst": {
		{"attack", "leaf_under_cycle.pem cycle_*.sst issuing_below_cycle_with_unrelated_root.sst", 1, nil, []string{`(?m)^ *\S+ +works`}}},
	"attack renewed_leaf_same_key__*.pem two_leaves__one_broken.pem": {{"attack", "-for windows renewed_leaf_same_key__*.pem", 1, []string{"Missing Root"}, []string{worksNowhere}},
		{"attack", "-for windows two_leaves__one_broken.pem", 1, nil, []string{`(?m)^windows +works$`}}},
	"attack chainless-umlaut.pfx chainless-negserial.pfx leaf_non_ASCII_SAN__nothing_else.pem SST_issuing_CA_*.sst": {
		{"attack", "-password-file password.txt chainless-umlaut.pfx chainless-negserial.pfx leaf_non_ASCII_SAN__nothing_else.pem SST_issuing_CA_*.sst", 1, nil, []string{`(?m)^ *\S+ +works`}}},
	"attack root_neg_serial.pem SST_root_neg_serial.sst": {{"attack", "root_neg_serial.pem SST_root_neg_serial.sst", 1, []string{`(?m)^exchange-online +works$`}, []string{"missing"}}},
	"attack dangling_CA_*.sst re_keyed_CA__*.sst self_signed_form_*.sst only_root__*.sst self_signed_leaf__unknown_critical.pem": {
		{"attack", "dangling_CA_*.sst re_keyed_CA__*.sst self_signed_form_*.sst only_root__*.sst self_signed_leaf__unknown_critical.pem", 1, nil, []string{`(?m)^ *\S+ +works`}}},
	"attack crl-store.sst with outofdate.crl or wrongkey.crl": {
		{"attack", "crl-store.sst outofdate.crl", 1, []string{"out of date", `not revoked +\?`}, nil},
		{"attack", "crl-store.sst wrongkey.crl", 1, []string{"does not verify", `not revoked +\?`}, nil},
	},
	"attack fuzz-lies/*.pem fuzz-lies/*.sst": {
		{"attack", "-for windows fuzz-lies/*.pem", 1, nil, []string{`(?m)^ *windows +works`}},
		{"attack", "-for exchange-online fuzz-lies/*.sst", 1, nil, []string{`(?m)^ *exchange-online +works`}},
	},
	"truth leaf/noroot.pfx": {{"truth", "-cas leaf/cas.json -facts leaf/f.json -password-file leaf/pw.txt -for apple-mail,windows leaf/noroot.pfx", 1,
		[]string{`path +\?`, "the catalogue does not know its key"}, []string{`(?m)^(apple-mail|windows) +fails`}}},
	"truth one/*.pem": {
		{"truth", "-for exchange-online one/cybertrust-g9.pem", 1, []string{"4C1CCD24"}, nil},
		{"truth", "-for exchange-online one/globalsign-gcc-r45.pem", 1, []string{"319AF0A7"}, nil},
		{"truth", "-for exchange-online one/secom-2024.pem", 1, []string{`add 1\. .*F40B41A4.*2\. "OU=Security Communication RootCA2.*513B2CEC`}, nil},
		{"truth", "-for exchange-online one/sectigo-old-issuing.pem", 1, []string{"E793C9B0", "n_hierarchy_old: Sectigo issues under"}, nil},
		{"truth", "-for windows one/cybertrust-g9.pem one/globalsign-gcc-r45.pem one/secom-2024.pem", -1, []string{"not in the files, but in the system, and known by the key that made the signature: .*GlobalSign Secure Mail Root R45"}, []string{"319AF0A7"}},
	},
	"truth tls/*": {{"truth", "-for exchange-online tls/*", 1, []string{"e_ca_for_web_servers"}, []string{worksNowhere}}},
	"truth cross/*.pem": {
		{"truth", "-for exchange-online cross/actalis-2025-auth.pem", 1, []string{"180FE239"}, nil},
		{"truth", "-for exchange-online cross/digicert-g2-revoked-ica.pem", 1, []string{"e_ca_revoked: was revoked on 2026-05-15"}, []string{worksNowhere}},
		{"truth", "-for exchange-online cross/dtrust-sbr2-root3.pem", 1, []string{"7B2D0CE1"}, nil},
		{"truth", "-for exchange-online cross/globalsign-r45-r3.pem", 1, []string{"5268C945"}, nil},
		{"truth", "-for exchange-online cross/secom-2024-rootca2.pem", 1, []string{"F40B41A4"}, nil},
		{"truth", "-for exchange-online cross/sectigo-r36-usertrust.pem", 1, []string{"BC386A5C"}, nil},
		{"truth", "-for exchange-online cross/swisssign-sv-gold.pem", 1, []string{"5A84C940"}, nil},
		{"truth", "-for exchange-online cross/telia-v6-v2.pem", 1, []string{"D46F8990"}, nil},
	},
}

// wordsCases are the rows about words that are about no script, no setting and no Graph.
var wordsCases = map[string][]fieldCase{
	"exchange intune87/*.json":              {{"exchange", "intune87/*.json", 0, []string{`(?m)^intune +works`}, []string{`(?m)^e_`}}},
	"exchange misc/dup.sst":                 {{"exchange", "misc/dup.sst", 1, []string{"w_collection_duplicate_certificate"}, nil}},
	"exchange misc/root.cer":                {{"exchange", "misc/root.cer", 2, []string{"web page"}, []string{worksNowhere}}},
	"exchange misc/certutil-encode-p7b.txt": {{"exchange", "misc/certutil-encode-p7b.txt", 0, []string{"P7B, 2 certificates"}, nil}},
	"exchange misc/certutil-encode-sst.txt": {{"exchange", "misc/certutil-encode-sst.txt", 0, []string{"SST, 2 certificates"}, nil}},
	"exchange tenantrepo":                   {{"exchange", "tenantrepo", 0, []string{`(?m)^exchange-online +works`}, nil}},
	"identity c32-empty-password.p12":       {{"identity", "c32-empty-password.p12", 1, []string{"e_pfx_password_empty: the password is empty"}, []string{"no password was given"}}},
	"identity c38-wrong-certificate.p12":    {{"identity", "-password-file password.txt c38-wrong-certificate.p12", 1, []string{"e_pfx_key_certificate_mismatch"}, []string{worksNowhere}}},
	"identity c42-renamed.pfx":              {{"identity", "-for outlook-ios,windows c42-renamed.pfx", 1, []string{"a certificate without a private key"}, []string{worksNowhere}}},
	"newcomer getsmime/*": {
		{"newcomer", "getsmime/fl-truncated.txt", 1, []string{"the collection is not shown, or its beginning only", "settings +yes"}, nil},
		{"newcomer", "getsmime/config.xml", 0, []string{"taken +yes 2 certificates"}, nil},
		{"newcomer", "getsmime/config.csv", 2, []string{"does not hold the collection"}, nil},
	},
}

// otherRows are rows about what has tests of its own.
var otherRows = map[string]string{
	"exchange sst/certum.sst": "a difference of settings, and facts of a tenant: the rules w_collection_drops_certificates and the command diff",
}

// TestField runs the calls about real files whose verdicts outsiders found wrong. Each
// row of the list has to be among them.
func TestField(t *testing.T) {
	folder := outside.Corpus(t, "field")
	text, err := os.ReadFile(filepath.Join(folder, "EXPECTED.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(text)) {
		row := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		ofWords := len(row) == 5 && row[4] == "words" && (row[0] != "exchange" || !slices.Contains([]string{"scripts", "config", "graph"}, filepath.Dir(row[1])))
		if len(row) < 5 || row[4] != "verdict" && row[4] != "world" && !ofWords {
			continue
		}
		n++
		key := row[0] + " " + row[1]
		cases := fieldCases[key]
		if ofWords {
			cases = wordsCases[key]
		}
		if otherRows[key] != "" {
			continue
		}
		if len(cases) == 0 {
			t.Errorf("no case for %s", key)
		}
		for _, c := range cases {
			t.Run(key, func(t *testing.T) { c.run(t, filepath.Join(folder, c.folder)) })
		}
	}
	if n < 44 {
		t.Errorf("%d rows", n)
	}
}

func (c *fieldCase) run(t *testing.T, folder string) {
	t.Chdir(folder)
	args := []string{"check", "-at", "2026-12-01"}
	for _, arg := range strings.Fields(c.args) {
		if names, _ := filepath.Glob(arg); strings.Contains(arg, "*") {
			if len(names) == 0 {
				t.Fatalf("no file %s", arg)
			}
			args = append(args, names...)
			continue
		}
		args = append(args, arg)
	}
	var out, errs bytes.Buffer
	status := run(args, streams{in: strings.NewReader(""), out: &out, err: &errs})
	if c.status >= 0 && status != c.status {
		t.Errorf("status %d, want %d", status, c.status)
	}
	text := out.String() + errs.String()
	for _, s := range c.says {
		if !regexp.MustCompile(s).MatchString(text) {
			t.Errorf("does not say %s", s)
		}
	}
	for _, s := range c.not {
		if found := regexp.MustCompile(s).FindString(text); found != "" {
			t.Errorf("says %q", found)
		}
	}
	if t.Failed() {
		t.Logf("%v\n%.2000s", args, text)
	}
}
