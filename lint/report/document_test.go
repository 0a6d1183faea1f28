package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
)

// full is a report with something in every field.
func full() *lint.Report {
	r := fixed()
	r.CatalogDate = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	sum := strings.Repeat("ab", 32)
	identity := lint.Subject{Kind: "identity", File: "user.pfx", Index: 0, Name: "CN=a user", SHA256: sum}
	closed := lint.Subject{Kind: "identity", File: "closed.pfx", Index: -1}
	r.Files = append(r.Files,
		lint.File{Name: "closed.pfx", Collection: "a folder", Format: bundle.PFX, Closed: plain("the password is wrong"), ClosedCode: "password_wrong"})
	r.Verdicts[2].Facts, r.Verdicts[2].Sign, r.Verdicts[2].Encrypt = []lint.Fact{"upn"}, lint.Works, lint.Fails
	r.Subjects = []lint.Verdict{
		{Target: lint.Windows, Subject: identity, Collection: "user.pfx", With: []string{"tenant.sst"}, Status: lint.Works, Needs: []lint.NeedAnswer{
			{Need: "path", State: lint.Met, Evidence: plains("a < b")},
			{Need: "settings", State: lint.Assumed, Decide: plains("they allow it")},
		}},
		{Target: lint.Windows, Subject: closed, Collection: "a folder", Status: lint.Unknown, Needs: []lint.NeedAnswer{
			{Need: "opens", State: lint.Open, Code: "password_wrong", Decide: plains("the password is wrong"), Because: []string{"e_x"}},
		}},
		{Target: lint.Intune, Subject: identity, Collection: "user.pfx", Status: lint.Fails, Needs: []lint.NeedAnswer{
			{Need: "signs", State: lint.Failed, Because: []string{"e_\x1b[31mx"}},
		}},
		{Target: lint.OutlookIOS, Subject: identity, Collection: "user.pfx", Status: lint.Unknown},
	}
	r.Findings = append(r.Findings, lint.Finding{Rule: "e_key_usage_incorrect_length", Status: lint.Warn, File: "tenant.sst", Index: 0, Message: plain("a remark"), Confidence: lint.Documented})
	r.Missing = []lint.Missing{{
		Subject: "CN=Missing", SHA256: sum, Kind: "cross", URLs: []string{"http://ca.example.com/a.cer"},
		For: []lint.MissingFor{{Targets: []lint.Target{lint.Windows}, File: "tenant.sst", Index: 1, Subject: "CN=Below", SHA256: sum}},
	}}
	r.NotChecked = append(r.NotChecked, lint.NotChecked{Code: "limit", What: plain("[x](y)"), Why: plain("a limit")})
	r.Revocation = []lint.RevocationCheck{{Subject: "CN=a", SHA256: sum, Status: chain.RevocationOutOfDate, Detail: plain("it is old")}}
	return r
}

// TestDecode holds that a report is read back as it was written.
func TestDecode(t *testing.T) {
	for _, r := range []*lint.Report{full(), fixed(), {}} {
		var b bytes.Buffer
		if err := new(report.Options).JSON(&b, r); err != nil {
			t.Fatal(err)
		}
		got, err := report.Decode(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if want := new(report.Options).Document(r); !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
	if _, err := report.Decode([]byte(`{"version":2,"later":[1]}`)); err != nil {
		t.Errorf("a field of a later version: %v", err)
	}
	for _, bad := range []string{"", "null", "{", "[]", `{"version":1}`, `{"version":3}`, `{"version":2} {}`, `{"version":2,"files":1}`, `{"version":2,"findings":[{"status":"worse"}]}`} {
		d, err := report.Decode([]byte(bad))
		if err == nil || d != nil {
			t.Errorf("%s: %v, %v", bad, d, err)
		}
		if version := strings.HasPrefix(bad, `{"version":1`) || strings.HasPrefix(bad, `{"version":3`) || bad == "null"; errors.Is(err, report.ErrVersion) != version {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// node is a schema, as far as it is used.
type node struct {
	Ref        string          `json:"$ref"`
	Type       any             `json:"type"`
	Const      any             `json:"const"`
	Enum       []string        `json:"enum"`
	Properties map[string]node `json:"properties"`
	Required   []string        `json:"required"`
	Additional *bool           `json:"additionalProperties"`
	Items      *node           `json:"items"`
	About      string          `json:"description"`
	Defs       map[string]node `json:"$defs"`
}

func schemaNode(t *testing.T) node {
	var n node
	if err := json.Unmarshal(report.Schema(), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestSchemaAgrees holds the schema and the Go types to each other, field by field.
func TestSchemaAgrees(t *testing.T) {
	root := schemaNode(t)
	used := map[string]bool{}
	var compare func(where string, typ reflect.Type, n node)
	compare = func(where string, typ reflect.Type, n node) {
		for n.Ref != "" {
			name := strings.TrimPrefix(n.Ref, "#/$defs/")
			used[name] = true
			var ok bool
			if n, ok = root.Defs[name]; !ok {
				t.Fatalf("%s: no definition %s", where, name)
			}
		}
		if n.About == "" && n.Const == nil && n.Items == nil && where[len(where)-1] != ']' {
			t.Errorf("%s has no description", where)
		}
		want := map[reflect.Kind]any{reflect.Struct: "object", reflect.Slice: "array", reflect.String: "string", reflect.Int: "integer"}[typ.Kind()]
		switch {
		case typ == reflect.TypeFor[lint.Status]():
			want = "string"
		case typ.Kind() == reflect.Pointer && typ.Elem().Kind() == reflect.Int:
			if !reflect.DeepEqual(n.Type, []any{"integer", "null"}) {
				t.Errorf("%s has the type %v", where, n.Type)
			}
			return
		case typ.Kind() == reflect.Pointer:
			compare(where, typ.Elem(), n)
			return
		case n.Const != nil:
			if n.Const != float64(report.JSONVersion) {
				t.Errorf("%s is %v", where, n.Const)
			}
			return
		}
		if n.Type != want {
			t.Errorf("%s has the type %v, want %v", where, n.Type, want)
		}
		switch typ.Kind() {
		case reflect.Slice:
			compare(where+"[]", typ.Elem(), *n.Items)
		case reflect.Struct:
			if n.Additional == nil || *n.Additional {
				t.Errorf("%s allows other fields", where)
			}
			fields, required := map[string]bool{}, []string{}
			for _, f := range reflect.VisibleFields(typ) {
				if f.Anonymous {
					continue
				}
				name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
				fields[name] = true
				if option == "" {
					required = append(required, name)
				}
				if p, ok := n.Properties[name]; ok {
					compare(where+"."+name, f.Type, p)
				} else {
					t.Errorf("%s.%s is not in the schema", where, name)
				}
			}
			for name := range n.Properties {
				if !fields[name] {
					t.Errorf("%s.%s is in the schema alone", where, name)
				}
			}
			slices.Sort(required)
			if got := slices.Sorted(slices.Values(n.Required)); !slices.Equal(got, required) {
				t.Errorf("%s requires %v, want %v", where, got, required)
			}
		}
	}
	compare("report", reflect.TypeFor[report.Document](), root)
	for name := range root.Defs {
		if !used[name] {
			t.Errorf("the definition %s is not used", name)
		}
	}
}

// TestSchemaEnumerations holds the words of the schema to the constants of package
// lint, and to what the formats of files and of revocation are called.
func TestSchemaEnumerations(t *testing.T) {
	root := schemaNode(t)
	declared := constants(t, "..")
	for typ, got := range map[string][]string{
		"Target":        root.Defs["target"].Enum,
		"VerdictStatus": root.Defs["status"].Enum,
		"Fact":          root.Defs["fact"].Enum,
		"Code":          root.Defs["code"].Enum,
		"SubjectKind":   root.Defs["verdict"].Properties["kind"].Enum,
		"Need":          root.Defs["need"].Properties["need"].Enum,
		"State":         root.Defs["need"].Properties["state"].Enum,
		"MissingKind":   root.Defs["missing"].Properties["kind"].Enum,
	} {
		want := declared[typ]
		if len(want) < 3 || !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(maps.Keys(want))) {
			t.Errorf("%s: the schema has %v, package lint %v", typ, got, slices.Sorted(maps.Keys(want)))
		}
	}
	var formats, statuses []string
	for f := range bundle.Format(math.MaxUint8) {
		if name := f.String(); !strings.HasPrefix(name, "Format(") {
			formats = append(formats, name)
		}
	}
	if got := root.Defs["file"].Properties["format"].Enum; !slices.Equal(got, formats) {
		t.Errorf("formats %v, want %v", got, formats)
	}
	for s := chain.RevocationStatus(0); s.String() != "invalid"; s++ {
		statuses = append(statuses, strings.ReplaceAll(s.String(), " ", "_"))
	}
	if got := root.Defs["revocation"].Properties["status"].Enum; !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(statuses))) {
		t.Errorf("statuses of revocation %v, want %v", got, statuses)
	}
}

// constants returns the values of the typed string constants of a package, by type.
func constants(t *testing.T, dir string) map[string]map[string]bool {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]map[string]bool{}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			typ, isNamed := spec.Type.(*ast.Ident)
			lit, isLiteral := spec.Values[0].(*ast.BasicLit)
			if !isNamed || !isLiteral || lit.Kind != token.STRING {
				return true
			}
			if found[typ.Name] == nil {
				found[typ.Name] = map[string]bool{}
			}
			value, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			found[typ.Name][value] = true
			return true
		})
	}
	return found
}
