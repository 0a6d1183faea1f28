package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// Files without a command are checked, and a person at a terminal is asked for the facts
// that are open: what is answered counts, what cannot be an answer is asked for again.
func TestDropped(t *testing.T) {
	t.Chdir("../..")
	dropped := func(args, typed string) (status int, out, errs string) {
		var o, e bytes.Buffer
		master, slave := openTerminal(t, 80)
		defer master.Close()
		if _, err := io.WriteString(master, typed+"\x04"); err != nil {
			t.Fatal(err)
		}
		status = run(strings.Fields(args), streams{in: slave, out: &o, err: &e})
		slave.Close()
		return status, o.String(), e.String()
	}
	const pfx, at = "testdata/pfx/widest.pfx", " -password-file testdata/pfx/password.txt -roots testdata/example/root-self-signed.pem -at 2026-11-22"
	const address = "the primary ADDRESS of the mailbox (Enter: not known): "
	for _, tt := range []struct {
		args, typed string
		status      int
		asked       int // for the address
		shows, says string
	}{
		{pfx + at + " -for apple-mail", "user@example.com\n", exitClean, 1, "apple-mail  works", ""},
		{pfx + at + " -for apple-mail", "boss@example.com\n", exitFindings, 1, "e_email_address_mismatch", ""},
		{pfx + at + " -for apple-mail", "\n", exitClean, 1, "provided that the mailbox has the address", ""},
		{pfx + at + " -for apple-mail", "no address\nuser@example.com\n", exitClean, 2, "apple-mail  works", "smimechain: "},
		{pfx + at + " -for apple-mail", "", exitClean, 1, "provided that the mailbox has the address", ""},
		{pfx + at + " -for apple-mail -mail user@example.com", "boss@example.com\n", exitClean, 0, "apple-mail  works", ""},
		{pfx + at + " -for apple-mail -format json", "boss@example.com\n", exitClean, 0, `"works"`, ""},
		{"check " + pfx + at + " -for apple-mail", "boss@example.com\n", exitClean, 0, "apple-mail  works", ""},
		{pfx + " testdata/pfx/modern-without-root.pfx" + at + " -for apple-mail", "boss@example.com\n", exitClean, 0, "apple-mail  works", ""},
	} {
		status, out, errs := dropped(tt.args, tt.typed)
		if status != tt.status || strings.Count(errs, address) != tt.asked || !strings.Contains(out, tt.shows) || !strings.Contains(errs, tt.says) {
			t.Errorf("%s, typed %q: exits with %d and writes\n%s\nand asks\n%s", tt.args, tt.typed, status, out, errs)
		}
	}
}

// A name that is no command and no file is not checked.
func TestNoFile(t *testing.T) {
	for arg, want := range map[string]string{"nowhere": "unknown command", "nowhere.sst": "nowhere.sst", "-nowhere.sst": "unknown command"} {
		var out, errs bytes.Buffer
		status := run([]string{arg}, streams{in: strings.NewReader(""), out: &out, err: &errs})
		if status != exitFailed || !strings.Contains(errs.String(), want) {
			t.Errorf("%s: exits with %d: %s", arg, status, errs.String())
		}
	}
}
