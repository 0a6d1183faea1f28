package locale

import (
	"encoding/json"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/smimechain/smimechain/lint/say"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/packages"
)

// root is the folder of the module.
var root = filepath.Join("..", "..")

// developers are the packages and files that speak to programmers alone, in
// English: they measure, make fixtures, and test.
var developers = []string{
	"examples/beam/", "examples/benchmark/", "examples/tenant/", "examples/web/main.go", "examples/web/page.go", "lint/linttest/", "testdata/",
	"chain/catalog/gen/", "chain/catalog/internal/table/encode.go",
	"sst/build.go", "sst/keyprov.go", // errors of programs that build a store
}

// text is a sentence that the module says.
type text struct {
	one   say.Text        // what a counted one says for 1
	where map[string]bool // files, with slashes, from the root
	bare  bool            // of values and punctuation: a language may have its own
}

// sources is what the sources of the module say, and what is wrong with how.
type sources struct {
	texts  map[say.Text]*text
	faults []string
}

func (s *sources) add(id say.Text, where string) *text {
	id = say.Text(strings.NewReplacer("%w", "%v", "]w", "]v").Replace(string(id)))
	if s.texts[id] == nil {
		s.texts[id] = &text{where: map[string]bool{}, bare: !hasWords(id)}
	}
	s.texts[id].where[where] = true
	return s.texts[id]
}

// load reads the sources once for all tests. Package packages reads each file in
// this process, and the folders are walked here, so that a cached result of go
// test does not outlive a change.
var load = sync.OnceValues(func() (*sources, error) {
	s := &sources{texts: map[say.Text]*text{}}
	if err := s.data(); err != nil {
		return nil, err
	}
	config := &packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo,
		Dir:  root,
		Fset: token.NewFileSet(),
	}
	all, err := packages.Load(config, "./...")
	if err != nil {
		return nil, err
	}
	s.faults = append(s.faults, strayWords(all)...)
	for _, p := range all {
		for _, e := range p.Errors {
			return nil, e
		}
		for _, name := range p.IgnoredFiles { // of other systems
			if data, err := os.ReadFile(name); err == nil && regexp.MustCompile(`say\.(?:New|Errorf|Count|Text)\b`).Match(data) {
				s.faults = append(s.faults, name+" says something and is for another system: put its sentences into a file for all")
			}
		}
		for _, file := range p.Syntax {
			name, err := relative(config.Fset.Position(file.Pos()).Filename)
			if err != nil {
				return nil, err
			}
			if !slices.ContainsFunc(developers, func(d string) bool { return strings.HasPrefix(name, d) }) {
				(&reader{sources: s, pkg: p, file: file, name: name}).read()
			}
		}
	}
	return s, nil
})

// relative returns the name of a file from the root, with slashes.
func relative(name string) (string, error) {
	abs, err := filepath.Abs(root)
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(abs, name)
	return filepath.ToSlash(rel), err
}

// reader reads one file.
type reader struct {
	*sources
	pkg  *packages.Package
	file *ast.File
	name string
}

const (
	sayPath      = "github.com/smimechain/smimechain/lint/say"
	templatePath = "github.com/valyala/quicktemplate"
)

func (r *reader) read() {
	template := path.Ext(r.name) == ".qtpl" // what is compiled says where it is from
	if template {
		r.template()
	}
	astutil.Apply(r.file, func(c *astutil.Cursor) bool {
		switch n := c.Node().(type) {
		case *ast.ImportSpec:
			return false
		case *ast.CallExpr:
			r.call(n)
			if r.isText(n) && r.value(n) == "" && r.pkg.TypesInfo.Types[n.Fun].IsType() {
				r.converts(n)
			}
			if r.count(n) {
				return false
			}
			if len(n.Args) == 1 && r.isText(n.Args[0]) && r.pkg.TypesInfo.Types[n.Fun].IsType() {
				return true // a word of another type that is said too
			}
		case *ast.Ident, *ast.SelectorExpr, *ast.ParenExpr:
			return true // a constant is said where it is declared
		}
		e, ok := c.Node().(ast.Expr)
		if !ok {
			return true
		}
		v := r.value(e)
		switch {
		case v == "":
			return true
		case r.isText(e):
			r.add(say.Text(v), r.name)
		case words.MatchString(v) && !template && !r.citation(c) && !strings.HasPrefix(v, "smimechain ") && !slices.Contains(asIs, v):
			r.faults = append(r.faults, r.at(e)+": words that are no say.Text: "+strconv.Quote(v))
		}
		return false
	}, nil)
}

// template holds that the text of a template says nothing itself: of a page what stands
// between tags, of a script its comments and what it prints.
func (r *reader) template() {
	for _, d := range r.file.Decls {
		var b strings.Builder
		ast.Inspect(d, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if pkg, name := r.callee(call); pkg == templatePath && name == "S" {
					b.WriteString(r.value(call.Args[0]))
				}
			}
			return true
		})
		said := betweenTags.FindAllStringSubmatch(b.String(), -1)
		if strings.HasSuffix(r.name, ".ps1.qtpl") {
			said = saidByScript.FindAllStringSubmatch(b.String(), -1)
		}
		for _, m := range said {
			if words.MatchString(m[1]) {
				r.faults = append(r.faults, r.at(d)+": says past package say: "+strings.TrimSpace(m[1]))
			}
		}
	}
}

var (
	betweenTags  = regexp.MustCompile(`(?:^|>)([^<]*)`)
	saidByScript = regexp.MustCompile(`(?m)(?:^\s*# |(?:throw|Write-\w+) \(?['"])(.*)`)
)

// words is how sentences look, and identifiers do not.
var words = regexp.MustCompile(`[a-z]{2,} [a-z]{2,}`)

// asIs are texts with words that are no sentences: formats for programs, what
// other programs print, and names that a file keeps in every language. Nor are calls of
// this command.
var asIs = []string{
	"<!doctype html", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
	"<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>%s</title>\n",
	"<style>body{font-family:system-ui,sans-serif;line-height:1.6;max-width:42rem;margin:auto;padding:1rem;color:#111;background:#fff}li{margin:.3rem 0}@media print{body{max-width:none}}</style>\n</head>\n<body>\n<main>\n",
	"digraph paths {\n\trankdir=BT\n\tnode [shape=box]\n",
	"flag provided but not defined: ", "flag needs an argument: ", " for flag -", // of package flag
	"Microsoft local key set", "Java trusted key usage", "explicit parameters", // names in the JSON of show
	"Android fully managed", "Android work profile", "Android for Work", "Android administrator", // in names of profiles, by which a second run finds them
	"Sectigo Public Email Protection CA R36 (E36 for elliptic curves)",
	"it lies in the store Disallowed", "Windows takes it for no e-mail", // how the detail of a problem begins in English
}

// citation reports whether a text names a source, by the name of the parameter,
// field or constant that it is given to.
func (r *reader) citation(c *astutil.Cursor) bool {
	name := ""
	switch p := c.Parent().(type) {
	case *ast.KeyValueExpr:
		name = types.ExprString(p.Key)
	case *ast.ValueSpec:
		name = p.Names[c.Index()].Name
	case *ast.CallExpr:
		if sig, ok := r.pkg.TypesInfo.TypeOf(p.Fun).(*types.Signature); ok && c.Index() >= 0 && c.Index() < sig.Params().Len() {
			name = sig.Params().At(c.Index()).Name()
		}
	case *ast.AssignStmt:
		name = types.ExprString(p.Lhs[0])
	case *ast.BinaryExpr: // of a citation with another in front
		name = types.ExprString(p.X)
	case *ast.CompositeLit:
		if fields, ok := r.pkg.TypesInfo.TypeOf(p).Underlying().(*types.Struct); ok && c.Index() >= 0 {
			name = fields.Field(c.Index()).Name()
		}
	}
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "cit") || strings.HasPrefix(name, "row.cit") || strings.HasPrefix(name, "r.cit")
}

// isText reports whether an expression has the type say.Text.
func (r *reader) isText(e ast.Expr) bool {
	named, ok := types.Unalias(r.pkg.TypesInfo.TypeOf(e)).(*types.Named)
	return ok && named.Obj().Name() == "Text" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == sayPath
}

// value returns the value of a constant string; "" of anything else.
func (r *reader) value(e ast.Expr) string {
	tv := r.pkg.TypesInfo.Types[e]
	if tv.Value == nil || tv.Value.Kind() != constant.String {
		return ""
	}
	return constant.StringVal(tv.Value)
}

// callee returns the path of the package and the name of the function called.
func (r *reader) callee(call *ast.CallExpr) (pkg, name string) {
	var id *ast.Ident
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id = f.Sel
	default:
		return "", ""
	}
	if f, ok := r.pkg.TypesInfo.Uses[id].(*types.Func); ok && f.Pkg() != nil {
		return f.Pkg().Path(), f.Name()
	}
	return "", ""
}

// count takes both texts of a message that counts.
func (r *reader) count(call *ast.CallExpr) bool {
	if pkg, name := r.callee(call); pkg != sayPath || name != "Count" {
		return false
	}
	t := r.add(say.Text(r.value(call.Args[2])), r.name)
	t.one = say.Text(r.value(call.Args[1]))
	return true
}

func (r *reader) at(n ast.Node) string {
	return r.name + ":" + strconv.Itoa(r.pkg.Fset.Position(n.Pos()).Line)
}

// call holds that a sentence has as many values as verbs.
func (r *reader) call(call *ast.CallExpr) {
	sig, ok := r.pkg.TypesInfo.TypeOf(call.Fun).(*types.Signature)
	if !ok {
		return
	}
	if !sig.Variadic() || call.Ellipsis.IsValid() {
		return
	}
	fixed := sig.Params().Len() - 1
	if fixed < 1 || len(call.Args) < fixed || !r.isText(call.Args[fixed-1]) || sig.Params().At(fixed).Type().String() != "[]any" {
		return
	}
	values := call.Args[fixed:]
	format := r.value(call.Args[fixed-1])
	if format == "" {
		return
	}
	want := 0
	for _, v := range verbs(format) {
		n, _ := strconv.Atoi(v[:len(v)-1])
		want = max(want, n)
	}
	if len(values) != want {
		r.faults = append(r.faults, r.at(call)+": "+strconv.Quote(format)+" has "+strconv.Itoa(want)+" values, and is given "+strconv.Itoa(len(values)))
	}
}

// converts notes a text that is made of a value: no reader of sources sees what it
// says, so that each has to be known.
func (r *reader) converts(call *ast.CallExpr) {
	arg := types.ExprString(call.Args[0])
	if !slices.Contains(made, r.name+" "+arg) && !numbered.MatchString(arg) {
		r.faults = append(r.faults, r.at(call)+": a text is made of a value: "+arg)
	}
}

// numbered is how a value of an enumeration without a name is called.
var numbered = regexp.MustCompile(`"[A-Z]\w+\((%d\)|" \+)`)

// made are the texts that are made of values. What they can be is among the
// constants or in [sources.data], or is said by others, in English.
var made = []string{
	"chain/catalog/ways.go e.Reason",                        // which is among the judgements
	"examples/smimechain/explain.go rule.Status().String()", // error, warn, info: also on the pages of reports
	"examples/smimechain/known_text.go e.Reason",
	"examples/smimechain/paths_text.go k.Advice", "examples/smimechain/paths_text.go k.Reason",
	"examples/smimechain/paths_text.go m.Reason", "examples/smimechain/paths_text.go p.Trust",
	"examples/smimechain/paths_text.go t.r.Truncated", "examples/smimechain/paths_text.go t.r.Usage",
	"examples/smimechain/show_listing.go kind", "examples/smimechain/show_pfx.go kind.String()",
	"lint/alone.go r.Reason",                             // which is among the judgements
	"lint/facts.go f",                                    // a fact that nobody knows, by its name
	"lint/find.go l.Description",                         // of zlint
	"lint/say/error.go wrapless.Replace(string(format))", // read as a constant of Errorf
	"lint/locale/say.go a.String()", "lint/locale/say.go err.Error()",
}

// data reads the reasons in the judgements that the catalogue of CAs is made of.
func (s *sources) data() error {
	const where = "chain/catalog/gen/judgements.json"
	data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(where)))
	if err != nil {
		return err
	}
	type reasoned struct {
		Reason say.Text `json:"reason"`
	}
	var judgements struct {
		Advice  []reasoned `json:"advice"`
		Revoked []reasoned `json:"revoked"`
	}
	if err := json.Unmarshal(data, &judgements); err != nil {
		return err
	}
	for _, c := range append(judgements.Advice, judgements.Revoked...) {
		s.add(c.Reason, where)
	}
	return nil
}

// verbs returns the verbs of a format with the numbers of their values, sorted.
func verbs(format string) []string {
	var list []string
	next := 1
	for _, m := range verb.FindAllString(format, -1) {
		if m == "%%" {
			continue
		}
		if open := strings.IndexByte(m, '['); open >= 0 {
			end := strings.IndexByte(m, ']')
			next, _ = strconv.Atoi(m[open+1 : end])
			m = m[:open] + m[end+1:]
		}
		list = append(list, strconv.Itoa(next)+m[len(m)-1:])
		next++
	}
	slices.Sort(list)
	return list
}

// TestSources holds that everything the module says to people goes through package
// say, where a translator finds it.
func TestSources(t *testing.T) {
	s, err := load()
	if err != nil {
		t.Fatal(err)
	}
	const atLeast = 1100
	if len(s.texts) < atLeast {
		t.Errorf("%d texts were found, want %d or more", len(s.texts), atLeast)
	}
	for _, f := range slices.Sorted(slices.Values(s.faults)) {
		t.Error(f)
	}
}
