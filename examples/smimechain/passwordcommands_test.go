package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPasswordInCommands holds that a command that is printed opens its PFX with what opened
// it: the password of the row in a list of users, or that of the flag.
func TestPasswordInCommands(t *testing.T) {
	pfx, err := os.ReadFile("../../testdata/pfx/modern-without-root.pfx")
	if err != nil {
		t.Fatal(err)
	}
	password, err := os.ReadFile("../../testdata/pfx/password.txt")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for name, data := range map[string][]byte{
		"list/a.pfx": pfx, "list/b.pfx": pfx, "list/own.txt": password, "all.txt": password,
		"list/users.csv": []byte("file,password_file\na.pfx,own.txt\nb.pfx,\n"),
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PFX_PASSWORD", strings.TrimSpace(string(password)))
	for flag, value := range map[string]string{"-password-file": "all.txt", "-password-env": "PFX_PASSWORD"} {
		out, errs, _ := checked("-for", "windows", flag, value, "-users", "list/users.csv")
		commands := map[string]string{}
		for line := range strings.Lines(out) {
			if c := strings.TrimSpace(filepath.ToSlash(line)); strings.HasPrefix(c, "smimechain rewrite ") {
				commands[c[strings.LastIndexByte(c, ' ')+1:]] = c
			}
		}
		for file, want := range map[string]string{"list/a.pfx": " -password-file list/own.txt ", "list/b.pfx": " " + flag + " " + value + " "} {
			if !strings.Contains(commands[file], want) {
				t.Errorf("%s: the command for %s is %q, want%sin it; %s", flag, file, commands[file], want, errs)
			}
		}
	}
}
