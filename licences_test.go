package smimechain_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/testdata/outside"
)

// licences are those that go together with Apache-2.0, under their SPDX names,
// with a sentence that stands in each and no other. White space does not count.
var licences = []struct{ name, has, hasNot string }{
	{"Apache-2.0", "Apache License Version 2.0", ""},
	{"MPL-2.0", "Mozilla Public License Version 2.0", ""},
	{"MIT", "Permission is hereby granted, free of charge, to any person obtaining a copy", ""},
	{"ISC", "Permission to use, copy, modify, and/or distribute this software for any purpose", ""},
	{"BSD-3-Clause", "Redistribution and use in source and binary forms", ""},
	{"BSD-2-Clause", "Redistribution and use in source and binary forms", "Neither the name"},
}

// notCompatible is found in no licence of a dependency.
var notCompatible = regexp.MustCompile(`(?i)GNU (Lesser |Affero )?General Public License|Server Side Public License|Business Source License|NonCommercial`)

// licence names the licence that a text is; "" for any other.
func licence(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	found := ""
	for _, l := range licences {
		if strings.Contains(text, l.has) && (l.hasNot == "" || !strings.Contains(text, l.hasNot)) {
			found = l.name
			if l.name != "BSD-3-Clause" {
				return found
			}
		}
	}
	return found
}

// TestLicences lists the licence of every module that is linked into a package,
// a command or a test, on any of the systems, and fails on one that is unknown.
func TestLicences(t *testing.T) {
	testLicences(t, ".", nil)
}

// TestLicencesBeam does the same for the example for Apache Beam. Its modules, some
// hundreds, are not fetched for that in a plain clone.
func TestLicencesBeam(t *testing.T) {
	const dir = "examples/beam"
	var env []string
	if !outside.Required() {
		env = []string{"GOPROXY=off"}
		if _, err := linked(dir, "linux", env); err != nil {
			outside.Missing(t, "the modules of %s are not there (go mod download)", dir)
		}
	}
	testLicences(t, dir, env)
}

// linked returns the folders of the modules that are linked in a folder, on a system.
func linked(dir, system string, env []string) (map[string]string, error) {
	cmd := exec.Command("go", "list", "-deps", "-test", "-f", "{{with .Module}}{{.Path}}\t{{.Dir}}{{end}}", "./...")
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0"), env...)
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	modules := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if name, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			modules[name] = dir
		}
	}
	return modules, nil
}

func testLicences(t *testing.T, dir string, env []string) {
	// What the go command reads is not seen by the cache of test results; these
	// two say when something has changed.
	for _, name := range []string{"go.mod", "go.sum"} {
		if _, err := os.ReadFile(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	modules := map[string]string{} // folders
	for _, system := range []string{"linux", "windows", "darwin", "freebsd"} {
		found, err := linked(dir, system, env)
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		maps.Copy(modules, found)
	}
	if len(modules) < 10 || modules[module] == "" {
		t.Fatalf("%d modules", len(modules))
	}
	for _, name := range slices.Sorted(maps.Keys(modules)) {
		if strings.HasPrefix(name, module+"/") {
			continue // an example, under the licence of the repository
		}
		files, err := filepath.Glob(filepath.Join(modules[name], "[Ll][Ii][Cc][Ee][Nn][CcSs][Ee]*"))
		if err != nil {
			t.Fatal(err)
		}
		files = slices.DeleteFunc(files, func(name string) bool {
			return filepath.Ext(name) == ".go" || filepath.Ext(name) == ".docs" // that of pages, of which nothing is linked
		})
		var found []string
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			l := licence(string(text))
			if l == "" {
				t.Errorf("%s: %s is no known licence", name, filepath.Base(file))
			}
			// The MPL and the BSD licences may speak of others; a GPL text is
			// never the licence itself.
			if l != "MPL-2.0" && notCompatible.Match(text) {
				t.Errorf("%s: %s speaks of a licence that does not go together with Apache-2.0", name, filepath.Base(file))
			}
			found = append(found, l)
		}
		if len(files) == 0 {
			t.Errorf("%s has no licence", name)
		}
		t.Logf("%-45s %s", name, strings.Join(found, ", "))
	}
}

func TestLicence(t *testing.T) {
	const bsd = "Redistribution and use in source and\n binary forms, with or without modification"
	for text, want := range map[string]string{
		"  Apache License\n Version 2.0, January 2004": "Apache-2.0",
		bsd: "BSD-2-Clause",
		bsd + " Neither the name of the copyright holder": "BSD-3-Clause",
		"All rights reserved.":                            "",
		"GNU GENERAL PUBLIC LICENSE Version 3":            "",
	} {
		if got := licence(text); got != want {
			t.Errorf("%.20q is %q, want %q", text, got, want)
		}
	}
}
