package smimechain_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// TestDocComments holds every exported name of the module to a comment of its
// own: constants and variables to one for their group at least. The command and
// the other examples export nothing that anybody imports.
func TestDocComments(t *testing.T) {
	set := token.NewFileSet()
	checked := 0
	missing := func(at token.Pos, name string) { t.Errorf("%s: %s has no comment", set.Position(at), name) }
	for _, file := range packageFiles(t, set) {
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if !d.Name.IsExported() || !exportedReceiver(d) {
					continue
				}
				checked++
				if !starts(d.Doc, d.Name.Name) {
					missing(d.Pos(), d.Name.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch s := spec.(type) {
					case *ast.TypeSpec:
						if s.Name.IsExported() {
							checked++
							if s.Doc == nil && d.Doc == nil {
								missing(s.Pos(), s.Name.Name)
							}
						}
					case *ast.ValueSpec:
						for _, n := range s.Names {
							if n.IsExported() {
								checked++
								if s.Doc == nil && s.Comment == nil && d.Doc == nil {
									missing(n.Pos(), n.Name)
								}
							}
						}
					}
				}
			}
		}
	}
	const atLeast = 800
	if checked < atLeast {
		t.Errorf("%d exported names were looked at, want %d or more", checked, atLeast)
	}
}

// TestEnumsAreText holds every exported integer type whose values have names to
// writing those names, not numbers, where a program puts a value into JSON. The
// identifiers of properties are numbers of the format, most without a name.
func TestEnumsAreText(t *testing.T) {
	set := token.NewFileSet()
	integers := make(map[string]bool)
	methods := make(map[string]bool)
	for name, file := range packageFiles(t, set) {
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Recv != nil {
					if id, ok := d.Recv.List[0].Type.(*ast.Ident); ok {
						methods[path.Join(path.Dir(name), id.Name)+"."+d.Name.Name] = true
					}
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					s, ok := spec.(*ast.TypeSpec)
					if !ok || !s.Name.IsExported() {
						continue
					}
					if id, ok := s.Type.(*ast.Ident); ok && (strings.HasPrefix(id.Name, "int") || strings.HasPrefix(id.Name, "uint")) {
						integers[path.Join(path.Dir(name), s.Name.Name)] = true
					}
				}
			}
		}
	}
	checked := 0
	for typ := range integers {
		if !methods[typ+".String"] || typ == "sst/PropID" {
			continue
		}
		checked++
		if !methods[typ+".MarshalText"] {
			t.Errorf("%s has String but not MarshalText", typ)
		}
	}
	const atLeast = 25
	if checked < atLeast {
		t.Errorf("%d types were looked at, want %d or more", checked, atLeast)
	}
}

// packageFiles returns the sources that others can import, by their names with
// slashes.
func packageFiles(t *testing.T, set *token.FileSet) map[string]*ast.File {
	files := make(map[string]*ast.File)
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || name == "examples" || d.Name() == "testdata"):
			return filepath.SkipDir
		case !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		if file.Name.Name != "main" {
			files[filepath.ToSlash(name)] = file
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// exportedReceiver reports whether a function has no receiver, or one of an
// exported type.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	exported := false
	ast.Inspect(d.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			exported = id.IsExported()
			return false
		}
		return true
	})
	return exported
}

// starts reports whether a comment begins with the name it is about.
func starts(doc *ast.CommentGroup, name string) bool {
	return doc != nil && strings.HasPrefix(doc.Text(), name+" ")
}
