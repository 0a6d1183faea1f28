package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/report"
	"golang.org/x/text/encoding/japanese"
)

// checked runs a check and returns what it writes on both streams, and its status.
func checked(args ...string) (out, errs string, status int) {
	var o, e bytes.Buffer
	status = run(append([]string{"check", "-at", "2026-11-22"}, args...), streams{in: strings.NewReader(""), out: &o, err: &e})
	return o.String(), e.String(), status
}

// TestManyUsers checks a tenant in one call: each verdict is that of a call about the user
// alone, and the table tells the ten ways in which some do not work. All 500 are compared
// where outside tools have to be there.
func TestManyUsers(t *testing.T) {
	n := 100
	if os.Getenv("SMIMECHAIN_TOOLS") == "required" {
		n = 500
	}
	x := makeTenant(t, n)
	common := []string{"-roots", x.root, "-for", "outlook-ios,windows,apple-mail"}
	decode := func(args ...string) *report.Document {
		t.Helper()
		out, errs, _ := checked(append(append(args, common...), "-format", "json", x.store)...)
		d, err := report.Decode([]byte(out))
		if err != nil {
			t.Fatalf("%v: %s", err, errs)
		}
		return d
	}
	of := func(d *report.Document, file string) []report.Verdict {
		var list []report.Verdict
		for _, v := range d.Verdicts {
			if v.File == file {
				list = append(list, v)
			}
		}
		return list
	}
	all := decode("-users", x.list)
	for i := range x.users {
		u := &x.users[i]
		name := filepath.Join(x.dir, u.file)
		got, want := of(all, name), of(decode(u.args(t, x.dir)...), name)
		if !reflect.DeepEqual(got, want) || len(want) != 3 {
			t.Errorf("%s (%s):\n got %+v\nwant %+v", u.file, u.fault, got, want)
		}
		if works := want[0].Status == "works"; works != (u.fault == "") {
			t.Errorf("%s (%s) is %s", u.file, u.fault, want[0].Status)
		}
	}
	out, _, status := checked(append(common, "-format", "csv", "-users", x.list, x.store)...)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out, "\uFEFF"))).ReadAll()
	if err != nil || status != exitFailed {
		t.Fatalf("status %d, %v", status, err)
	}
	seen := map[string]bool{}
	for i, u := range x.users {
		row := rows[1+i]
		if filepath.Base(row[0]) != u.file || row[1] != u.mail {
			t.Fatalf("row %d is %q", i, row)
		}
		for _, f := range faults {
			if f.name == u.fault {
				seen[f.name] = seen[f.name] || strings.Contains(strings.Join(row[7:], " "), f.says)
				if !seen[f.name] {
					t.Errorf("%s: %q", f.name, row)
				}
			}
		}
	}
	if len(seen) != len(faults) {
		t.Errorf("%d ways are in the table", len(seen))
	}
}

// TestUsersFromJapan has a list as Excel writes it in Japan, with names in Japanese, and
// rows that are no good.
func TestUsersFromJapan(t *testing.T) {
	x := makeTenant(t, 2)
	for from, to := range map[string]string{"user1.pfx": "山田太郎.pfx", "user1.txt": "表.txt"} {
		if err := os.Rename(filepath.Join(x.dir, from), filepath.Join(x.dir, to)); err != nil {
			t.Fatal(err)
		}
	}
	list, err := japanese.ShiftJIS.NewEncoder().String("File,Mail,Password_File,oldest_ios\r\n山田太郎.pfx,user1@example.com,表.txt,\r\n" +
		"user2.pfx,user2@example.com,user2.txt,\r\nhunter2,b@example.com,user2.txt,\r\nuser2.pfx,user2@example.com,user2.txt,16\r\n,,,\r\n")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(x.list, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"text", "csv", "json", "html", "ndjson"} {
		out, errs, status := checked("-for", "windows", "-roots", x.root, "-format", format, "-users", x.list, x.dir)
		all := out + errs
		if status != exitFailed || !strings.Contains(out, "山田太郎.pfx") || strings.Contains(all, "hunter2") {
			t.Errorf("%s: status %d: %s", format, status, all)
		}
		for _, want := range []string{"line 4 (b@example.com)", "line 5", "line 3 says something else"} {
			if !strings.Contains(out, want) || !strings.Contains(errs, want) {
				t.Errorf("%s does not say %q: %s", format, want, errs)
			}
		}
	}
}

// TestUsersTemplateWorks fills in nothing but the files of the template.
func TestUsersTemplateWorks(t *testing.T) {
	x := makeTenant(t, 1)
	for from, to := range map[string]string{"user1.pfx": "user.pfx", "user1.txt": "user.password.txt"} {
		if err := os.Rename(filepath.Join(x.dir, from), filepath.Join(x.dir, to)); err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range locale.Languages() {
		var out bytes.Buffer
		if status := run([]string{"check", "-users-template", "-lang", string(l)}, streams{out: &out, err: &out}); status != exitClean {
			t.Fatal(out.String())
		}
		if err := os.WriteFile(x.list, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, errs, _ := checked("-for", "windows", "-roots", x.root, "-users", x.list); errs != "" || !strings.Contains(out, "user.pfx") {
			t.Errorf("%s: %s%s", l, out, errs)
		}
	}
	big := filepath.Join(x.dir, "big.csv")
	if err := os.WriteFile(big, bytes.Repeat([]byte("a,b\n"), 13<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, status := checked("-users", big); status != exitFailed || !strings.Contains(errs, fmt.Sprint(maxTextFile)) {
		t.Errorf("50 MB: status %d, %s", status, errs)
	}
}
