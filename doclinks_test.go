package smimechain_test

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"strings"
	"testing"
)

const modulePath = "github.com/smimechain/smimechain/"

// TestDocLinks holds every link of a comment to a name that is there: go doc shows one
// that leads nowhere as plain text.
func TestDocLinks(t *testing.T) {
	set := token.NewFileSet()
	files := packageFiles(t, set)
	names := map[string]map[string]bool{} // of a folder, its names, and those of fields and methods behind their type's
	add := func(dir, name string) {
		if names[dir] == nil {
			names[dir] = map[string]bool{}
		}
		names[dir][name] = true
	}
	for name, file := range files {
		for _, decl := range file.Decls {
			declares(decl, func(n string) { add(path.Dir(name), n) })
		}
	}
	link := regexp.MustCompile(`\[\*?((?:[a-z]\w*\.)?[A-Z]\w*(?:\.[A-Z]\w*)?)\]`)
	checked := 0
	for name, file := range files {
		imports := map[string]string{}
		for _, i := range file.Imports {
			where := strings.Trim(i.Path.Value, `"`)
			as := path.Base(where)
			if i.Name != nil {
				as = i.Name.Name
			}
			imports[as] = where
		}
		for _, comment := range file.Comments {
			for _, found := range link.FindAllStringSubmatch(withoutCode(comment.Text()), -1) {
				dir, of := path.Dir(name), found[1]
				if first, rest, _ := strings.Cut(of, "."); token.IsExported(first) {
				} else if where, ours := strings.CutPrefix(imports[first], modulePath); ours {
					dir, of = where, rest
				} else {
					continue // of another module, or a package that this file does not import
				}
				checked++
				if !names[dir][of] {
					t.Errorf("%s: %s leads nowhere", set.Position(comment.Pos()), found[0])
				}
			}
		}
	}
	const atLeast = 400
	if checked < atLeast {
		t.Errorf("%d links were looked at, want %d or more", checked, atLeast)
	}
}

// declares calls add with each name of a declaration, those of fields and methods behind
// their type's.
func declares(decl ast.Decl, add func(string)) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			add(d.Name.Name)
			return
		}
		of := d.Recv.List[0].Type
		if star, ok := of.(*ast.StarExpr); ok {
			of = star.X
		}
		if id, ok := of.(*ast.Ident); ok {
			add(id.Name + "." + d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				add(s.Name.Name)
				var fields *ast.FieldList
				switch typ := s.Type.(type) {
				case *ast.StructType:
					fields = typ.Fields
				case *ast.InterfaceType:
					fields = typ.Methods
				default:
					continue
				}
				for _, f := range fields.List {
					for _, n := range f.Names {
						add(s.Name.Name + "." + n.Name)
					}
				}
			case *ast.ValueSpec:
				for _, n := range s.Names {
					add(n.Name)
				}
			}
		}
	}
}

// withoutCode returns a comment without its indented lines.
func withoutCode(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "\t") && !strings.HasPrefix(line, " ") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}
