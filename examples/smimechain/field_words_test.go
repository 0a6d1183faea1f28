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

// scriptFindings are those expected of scripts whose row names no rule.
var scriptFindings = map[string]string{
	"scripts/09-other-cmdlet.ps1":          "e_script_wrong_cmdlet",
	"scripts/10-wrong-algorithm-value.ps1": "w_script_algorithm_value",
	"scripts/41-null.ps1":                  "w_script_removes_collection",
	"scripts/43-serializedcert.ps1":        "e_script_not_a_store",
	"scripts/44-path-as-string.ps1":        "e_script_not_octets",
	"scripts/45-getcontent-text.ps1":       "e_script_not_octets",
	"scripts/46-p7b.ps1":                   "e_script_not_a_store",
	"scripts/59-intune-old-module.ps1":     "e_script_intune_parameter",
	"scripts/60-intune-without-import.ps1": "w_script_import_missing",
}

var (
	aRule       = regexp.MustCompile(`\b[ewn]_[a-z0-9_]+`)
	aScriptRule = regexp.MustCompile(`\b[ewn]_script_[a-z0-9_]+`)
)

// TestFieldWords runs check on the scripts and settings of the list, and holds what it
// says to each row.
func TestFieldWords(t *testing.T) {
	folder := outside.Corpus(t, "field")
	text, err := os.ReadFile(filepath.Join(folder, "EXPECTED.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	scripts, configs := 0, 0
	for line := range strings.Lines(string(text)) {
		row := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(row) < 5 || row[0] != "exchange" || row[4] != "words" {
			continue
		}
		name, want := row[1], row[3]
		switch {
		case strings.HasPrefix(name, "scripts/"):
			scripts++
			t.Run(name, func(t *testing.T) { fieldScript(t, filepath.Join(folder, "exchange", name), name, want) })
		case strings.HasPrefix(name, "config/"):
			configs++
			t.Run(name, func(t *testing.T) { fieldSettings(t, filepath.Join(folder, "exchange", name), name, want) })
		}
	}
	if scripts < 45 || configs < 40 {
		t.Errorf("%d rows about scripts and %d about settings", scripts, configs)
	}
}

// checkFile runs check on one file.
func checkFile(t *testing.T, file string) (int, string) {
	t.Helper()
	var out, errs bytes.Buffer
	status := run([]string{"check", "-at", "2026-12-01", file}, streams{in: strings.NewReader(""), out: &out, err: &errs})
	return status, out.String() + errs.String()
}

func fieldScript(t *testing.T, file, name, want string) {
	_, said := checkFile(t, file)
	got := aScriptRule.FindAllString(said, -1)
	slices.Sort(got)
	got = slices.Compact(got)
	wanted := aRule.FindAllString(want, -1)
	if scriptFindings[name] != "" {
		wanted = []string{scriptFindings[name]}
	}
	slices.Sort(wanted)
	switch {
	case strings.Contains(said, "not a certificate file"):
		t.Errorf("not taken for a script")
	case strings.HasPrefix(want, "no finding") && len(got) > 0,
		strings.HasPrefix(want, "exactly") && !slices.Equal(got, wanted),
		len(wanted) == 0 && !strings.HasPrefix(want, "no finding"):
		t.Errorf("found %q, want: %s", got, want)
	}
	for _, rule := range wanted {
		if !slices.Contains(got, rule) {
			t.Errorf("found %q, want: %s", got, want)
		}
	}
	if t.Failed() {
		t.Logf("%.2000s", said)
	}
}

func fieldSettings(t *testing.T, file, name, want string) {
	status, said := checkFile(t, file)
	has := func(pattern string) {
		t.Helper()
		if !regexp.MustCompile(pattern).MatchString(said) {
			t.Errorf("does not say %s", pattern)
		}
	}
	not := func(pattern string) {
		t.Helper()
		if found := regexp.MustCompile(pattern).FindString(said); found != "" {
			t.Errorf("says %s", found)
		}
	}
	not(`e_script_|e_certificate_unparseable`)
	for _, rule := range aRule.FindAllString(want, -1) {
		if !strings.Contains(want, "never "+rule) {
			has(rule)
		}
	}
	switch {
	case strings.HasPrefix(want, "works, or"):
		if !regexp.MustCompile(online).MatchString(said) {
			has(`ConvertTo-Json`)
		}
	case strings.HasPrefix(want, "works"):
		has(online)
	case strings.HasPrefix(want, "fails"):
		has(`(?m)^exchange-online +fails`)
	case strings.HasPrefix(want, "recognised"), strings.HasPrefix(want, "as 07"):
		has(`ConvertTo-Json`)
		not(`e_owa_collection_missing`)
		has(`(?m)^exchange-online +unknown`)
	case strings.HasPrefix(want, "as 10"):
		has(online)
	case strings.HasPrefix(want, "error that names"):
		has(`ConvertTo-Json`)
		if status != 2 {
			t.Errorf("status %d", status)
		}
	case strings.HasPrefix(want, "not recognised"), strings.HasPrefix(want, "as 18b"):
	case strings.HasPrefix(want, "says that SMIMEExpired"):
		has(`SMIMEExpiredCertificateThumbprint`)
		has(`SMIMECertificatesExpiryDate`)
	default:
		t.Errorf("no case for: %s", want)
	}
	if t.Failed() {
		t.Logf("status %d\n%.1500s", status, said)
	}
}
