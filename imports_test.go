package smimechain_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/smimechain/smimechain"

// allowed is the whole architecture in one table: what each package may import
// from this module, outside its tests. "…/" at the end stands for everything
// below a folder. A package that is not listed fails the test.
var allowed = map[string][]string{
	".":                         {},
	"lint/say":                  {},
	"lint/locale":               {"lint/say"},
	"sst":                       {"lint/say"},
	"chain":                     {"lint/say"},
	"pkcs12/internal/…/":        {"pkcs12/internal/…/", "lint/say"},
	"pkcs12/pkcs7":              {"pkcs12/internal/…/", "chain", "lint/say"},
	"pkcs12":                    {"pkcs12/internal/…/", "pkcs12/pkcs7", "chain", "lint/say"},
	"chain/catalog":             {"chain", "chain/catalog/internal/…/", "lint/say"},
	"chain/catalog/internal/…/": {"chain"},
	"chain/catalog/gen":         {"chain", "chain/catalog", "chain/catalog/internal/…/", "lint/say"},
	"internal/lazyregexp":       {},
	"internal/filename":         {},
	"internal/textfile":         {},
	"internal/console":          {},
	"internal/msgraph":          {"internal/lazyregexp"},
	"internal/powershell":       {"internal/lazyregexp", "internal/textfile", "internal/msgraph"},
	"internal/artefact":         {"internal/msgraph", "chain", "pkcs12", "lint/say"},
	"chain/bundle":              {"internal/…/", "sst", "pkcs12", "pkcs12/pkcs7", "chain", "lint/say"},
	"lint":                      {"internal/…/", "sst", "pkcs12", "pkcs12/pkcs7", "chain", "chain/catalog", "chain/bundle", "lint/say"},
	"lint/symptom":              {"lint", "lint/locale"},
	"chain/deploy":              {"internal/…/", "sst", "pkcs12", "pkcs12/pkcs7", "chain", "chain/catalog", "chain/bundle", "lint", "lint/say", "lint/locale"},
	"lint/report":               {"internal/console", "lint", "chain/bundle", "lint/say", "lint/locale"},
	"lint/linttest":             {"lint", "lint/report", "chain/bundle"},
	"examples/…/":               {"internal/…/", "sst", "pkcs12", "pkcs12/pkcs7", "chain", "chain/catalog", "chain/bundle", "chain/deploy", "lint", "lint/report", "lint/symptom", "lint/linttest", "lint/say", "lint/locale", "examples/…/"},
	"testdata":                  {"sst", "pkcs12", "pkcs12/pkcs7"},
	"testdata/outside":          {},
	"testdata/schemas":          {"lint/report", "testdata/outside"},
	"testdata/keyforms":         {"sst"},
}

// external holds packages from outside the module to the rooms that may use
// them: everybody else stays free of their cost and their habits. Templates of the
// standard library call methods by names that are not constant, for which the linker
// keeps every exported method there is, a tenth of the program: they are compiled to Go
// (github.com/valyala/quicktemplate) instead. What nobody may use the command has not
// by another package either.
var external = map[string][]string{
	"github.com/ProtonMail/go-crypto/": {"chain"}, // its brainpool curves alone
	"github.com/valyala/quicktemplate": {"chain/deploy", "lint/report"},
	"github.com/zmap/":                 {"lint", "examples/benchmark"}, // which measures against it
	"net":                              {"examples/…/"},
	"net/http":                         {"examples/…/"},
	"text/template":                    {},
	"html/template":                    {},
}

// TestImports reads the sources itself. A test built on "go list" alone would keep
// its cached result after a forbidden import is added, because the cache does
// not see what a subprocess reads.
func TestImports(t *testing.T) {
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); name != "." && strings.HasPrefix(base, ".") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		pkg := path.Clean(filepath.ToSlash(filepath.Dir(name)))
		rule, ok := lookup(pkg)
		if !ok {
			t.Errorf("%s: package %s is not in the table of allowed imports", name, pkg)
			return nil
		}
		seen[rule] = true
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if ours, ok := strings.CutPrefix(imported, module+"/"); ok {
				if ours != pkg && !matches(allowed[rule], ours) {
					t.Errorf("%s imports %s, which %s may not", name, ours, rule)
				}
			}
			for prefix, rooms := range external {
				if imported != prefix && !(strings.HasSuffix(prefix, "/") && strings.HasPrefix(imported, prefix)) {
					continue
				}
				if !matches(rooms, pkg) {
					t.Errorf("%s imports %s, which only %v may", name, imported, rooms)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range slices.Sorted(maps.Keys(allowed)) {
		if !seen[rule] {
			t.Errorf("no package matches the entry %q of the table", rule)
		}
	}
	for _, name := range []string{"go.mod", "go.sum"} { // by which the cache of results sees other packages change
		if _, err := os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	for _, system := range []string{"linux/amd64", "windows/amd64", "darwin/arm64", "js/wasm"} {
		goos, goarch, _ := strings.Cut(system, "/")
		list := exec.Command("go", "list", "-deps", "./examples/smimechain")
		list.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0")
		out, err := list.Output()
		if err != nil {
			t.Fatalf("go list for %s: %v", system, err)
		}
		for linked := range strings.FieldsSeq(string(out)) {
			if rooms, ok := external[linked]; ok && len(rooms) == 0 {
				t.Errorf("%s is linked into the command for %s", linked, system)
			}
		}
	}
}

// lookup returns the entry of the table that governs a package.
func lookup(pkg string) (string, bool) {
	if _, ok := allowed[pkg]; ok {
		return pkg, true
	}
	for entry := range allowed {
		if below(entry, pkg) {
			return entry, true
		}
	}
	return "", false
}

func matches(entries []string, pkg string) bool {
	return slices.ContainsFunc(entries, func(entry string) bool {
		return entry == pkg || below(entry, pkg)
	})
}

// below reports whether pkg lies under a folder entry such as "examples/…/".
func below(entry, pkg string) bool {
	folder, ok := strings.CutSuffix(entry, "…/")
	return ok && strings.HasPrefix(pkg+"/", folder)
}

// TestFolders holds the top level of the repository to the design: new rooms go
// inside the existing ones.
func TestFolders(t *testing.T) {
	want := []string{"chain", "examples", "internal", "lint", "out", "pkcs12", "sst", "testdata"} // out: what .ci/release writes
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && !slices.Contains(want, e.Name()) {
			t.Errorf("folder %s is not part of the layout", e.Name())
		}
	}
}
