package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/linttest"
	"github.com/smimechain/smimechain/testdata/outside"
)

// oneCall is a call of the command about a row, and what has to come of it.
type oneCall struct {
	args   string
	status int
	says   string // a regular expression, in the report or in errors
}

const toConnector = " -at 2026-12-01 -connector-key e-connector.pem -key-name connector -upn user@example.com -o OUT "

// oneCases are the calls that have to agree with each other, by the rows of
// EXPECTED.tsv that are marked so.
var oneCases = map[string][]oneCall{
	"house i-revoked/all.pem": {{"check -at 2026-12-01 -for windows i-revoked/all.pem", 1, `(?m)^windows +fails`}},
	"house g-latin1-password.pfx": {
		{"check -at 2026-12-01 -for intune -password-file g-password.txt g-latin1-password.pfx", 1, `(?m)^intune +fails +e_pfx_password_beyond_ascii`},
		{"deploy intune-pfx -purpose smimeSigning -password-file g-password.txt" + toConnector + "g-latin1-password.pfx", 2, "beyond printable ASCII"},
	},
	"house c-rsa-keyagreement.pfx": {
		{"deploy intune-pfx -purpose smimeEncryption -password-file password.txt" + toConnector + "c-rsa-keyagreement.pfx", 2, "does not allow the purpose smimeEncryption"},
		{"check -at 2026-12-01 -for intune -password-file password.txt c-rsa-keyagreement.pfx", 1, `(?m)^intune +fails +.*e_key_usage_no_mail`},
	},
	"house a-keycertsign-only.cer": {
		{"check -at 2026-12-01 -for exchange-online a-keycertsign-only.cer", 1, `e_key_usage_no_mail`}, // a user's
		{"pack -at 2026-12-01 -o OUT/x.sst a-keycertsign-only.cer", 2, "left out: not a CA"},
		{"deploy intune-trusted -at 2026-12-01 -o OUT a-keycertsign-only.cer", 2, "left out: not a CA"},
		{"show a-keycertsign-only.cer", 0, "certificate of a user"},
	},
	"house e-connector*.pem": {
		{"check -at 2026-12-01 e-connector-indented.pem", 1, `(?m)^intune +unknown`},
		{"check -at 2026-12-01 e-connector-utf16.pem", 1, `(?m)^intune +unknown`},
		{"deploy intune-pfx -at 2026-12-01 -purpose smimeSigning -password-file password.txt -connector-key e-connector-indented.pem -key-name k -upn user@example.com -o OUT d-expired-root.pfx", 0, "wrote"},
		{"deploy intune-pfx -at 2026-12-01 -purpose smimeSigning -password-file password.txt -connector-key e-connector-utf16.pem -key-name k -upn user@example.com -force -o OUT d-expired-root.pfx", 0, "wrote"},
		{"deploy intune-pfx -at 2026-12-01 -purpose smimeSigning -password-file password.txt -connector-key e-connector.der -key-name k -upn user@example.com -force -o OUT d-expired-root.pfx", 0, "wrote"},
	},
	"house f-utf8-mailbox.pfx d-expired-root.pfx": {
		{"check -at 2026-12-01 -for apple-mail -password-file password.txt f-utf8-mailbox.pfx", 1, `(?m)^apple-mail +fails +e_email_address_utf8_only`},
		{"deploy intune-pfx -purpose smimeSigning -password-file password.txt" + toConnector + "f-utf8-mailbox.pfx", 0, "wrote"},
		{"check -at 2026-12-01 -for intune -password-file password.txt d-expired-root.pfx", 1, `(?m)^intune +fails +e_certificate_expired`},
	},
	"importer collection-crl.pem user-crl.pem": {
		{"check -at 2026-12-01 -for windows collection-crl.pem", 1, `"Company Mail CA" is revoked`},
		{"check -at 2026-12-01 -for windows user-crl.pem", 1, `"user@example.com": no revocation list of the issuer`},
	},
}

// TestFieldOneAnswer runs the calls, and asks the library about the files of those that
// check.
func TestFieldOneAnswer(t *testing.T) {
	folder := outside.Corpus(t, "field")
	text, err := os.ReadFile(filepath.Join(folder, "EXPECTED.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(text)) {
		row := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(row) < 5 || row[4] != "one" {
			continue
		}
		rows++
		key := row[0] + " " + row[1]
		if key == "importer graph-slow.json" {
			continue // TestSlowGraph
		}
		if len(oneCases[key]) == 0 {
			t.Errorf("no case for %s", key)
		}
		t.Run(key, func(t *testing.T) {
			out := t.TempDir()
			t.Chdir(filepath.Join(folder, row[0]))
			for _, c := range oneCases[key] {
				c.run(t, out)
			}
		})
	}
	if rows < 8 {
		t.Errorf("%d rows ask for one answer", rows)
	}
}

func (c *oneCall) run(t *testing.T, dir string) {
	var out, errs bytes.Buffer
	args := strings.Fields(strings.ReplaceAll(c.args, "OUT", filepath.ToSlash(dir)))
	status := run(args, streams{in: strings.NewReader(""), out: &out, err: &errs})
	text := out.String() + errs.String()
	if status != c.status || !regexp.MustCompile(c.says).MatchString(text) {
		t.Errorf("%s: status %d, want %d and %s\n%.1500s", c.args, status, c.status, c.says, text)
	}
	if args[0] != "check" {
		return
	}
	opts := lint.Options{Time: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)}
	var password *string
	var paths []string
	for i := 3; i < len(args); i++ {
		switch args[i] {
		case "-for":
			i++
			opts.Targets = []lint.Target{lint.Target(args[i])}
		case "-password-file":
			i++
			data, err := os.ReadFile(args[i])
			if err != nil {
				t.Fatal(err)
			}
			line := strings.TrimRight(string(data), "\r\n")
			password = &line
		default:
			paths = append(paths, args[i])
		}
	}
	f, err := (&bundle.Options{Password: password}).ReadFile(t.Context(), paths[0])
	if err != nil {
		t.Fatal(err)
	}
	r, err := lint.Run(t.Context(), []*bundle.File{f}, &opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range r.Verdicts {
		if v.Status != lint.NotApplicable && !regexp.MustCompile(`(?m)^`+string(v.Target)+` +`+string(v.Status)).MatchString(text) {
			t.Errorf("%s: lint.Run says %s %s", c.args, v.Target, v.Status)
		}
	}
	rec := &recorder{TB: t}
	linttest.Clean(rec, &linttest.Options{Lint: opts, Password: password, Before: -1}, paths...)
	if rec.failed != (status != exitClean) {
		t.Errorf("%s: status %d, a test with linttest fails: %t", c.args, status, rec.failed)
	}
}

// TestSlowGraph holds that a file whose PFX takes seconds stops with its context.
func TestSlowGraph(t *testing.T) {
	data := outside.Read(t, "field", "importer", "graph-slow.json")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan time.Time, 1)
	go func() {
		time.Sleep(50 * time.Millisecond)
		ended <- time.Now()
		cancel()
	}()
	password := "secret"
	if _, err := (&bundle.Options{Password: &password}).Parse(ctx, "x", data); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	t.Logf("stopped %s after the context", time.Since(<-ended))
}
