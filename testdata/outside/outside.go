// Package outside finds what tests use and the repository does not hold: a folder
// of real files, and other programs.
//
// Two variables of the environment decide what happens where something is not
// there. Tests pass in a plain clone with neither.
//
//	SMIMECHAIN_CORPUS  the folder of real files; without it the tests that read
//	                   them are skipped, with it a file that is missing fails them
//	SMIMECHAIN_TOOLS   "required" fails the tests that miss a program, a module or
//	                   a source tree, which are skipped otherwise, and runs tests
//	                   that prove at length
package outside

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Corpus returns the path of a file or folder of the corpus.
func Corpus(tb testing.TB, elem ...string) string {
	tb.Helper()
	root := os.Getenv("SMIMECHAIN_CORPUS")
	if root == "" {
		tb.Skip("SMIMECHAIN_CORPUS does not name the folder of real files")
	}
	path := filepath.Join(append([]string{root}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		tb.Fatalf("SMIMECHAIN_CORPUS: %v", err)
	}
	return path
}

// Read returns a file of the corpus.
func Read(tb testing.TB, elem ...string) []byte {
	tb.Helper()
	data, err := os.ReadFile(Corpus(tb, elem...))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// Program returns the path of a program, which a package of Debian holds.
func Program(tb testing.TB, name, debianPackage string) string {
	tb.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Missing(tb, "%s is not installed (Debian package %s)", name, debianPackage)
	}
	return path
}

// Required reports whether tests have to fail where something is missing.
func Required() bool { return os.Getenv("SMIMECHAIN_TOOLS") == "required" }

// Long reports whether tests are to prove at length, as those of .ci/run do; everybody's
// go test is to end soon.
func Long() bool { return Required() && !testing.Short() }

// AtLength skips a test that takes long where tests are to end soon. The reason says what
// takes the time.
func AtLength(tb testing.TB, reason string) {
	tb.Helper()
	if !Long() {
		tb.Skip(reason + ": SMIMECHAIN_TOOLS=required runs it")
	}
}

// Missing skips the test that lacks something, or fails it where that is required.
func Missing(tb testing.TB, format string, args ...any) {
	tb.Helper()
	if Required() {
		tb.Fatalf("SMIMECHAIN_TOOLS is required: "+format, args...)
	}
	tb.Skipf(format, args...)
}
