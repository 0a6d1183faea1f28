//go:build ignore

// Api lists what the packages of the module export, one line for each name, so
// that a change of it is a difference of text.
//
//	go run .ci/api.go
package main

import (
	"fmt"
	"go/types"
	"log"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

const module = "github.com/smimechain/smimechain"

func main() {
	log.SetFlags(0)
	all, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports}, "./...")
	if err != nil {
		log.Fatal(err)
	}
	var lines []string
	for _, p := range all {
		if len(p.Errors) > 0 {
			log.Fatal(p.Errors[0])
		}
		if p.Name == "main" || strings.Contains(p.PkgPath, "/internal/") || strings.Contains(p.PkgPath, "/examples/") {
			continue
		}
		// A package is called by its path within the module.
		name := func(other *types.Package) string {
			if other == p.Types {
				return ""
			}
			return strings.TrimPrefix(other.Path(), module+"/")
		}
		add := func(object types.Object) {
			lines = append(lines, strings.TrimPrefix(p.PkgPath, module+"/")+": "+types.ObjectString(object, name))
		}
		scope := p.Types.Scope()
		for _, n := range scope.Names() {
			object := scope.Lookup(n)
			if !object.Exported() {
				continue
			}
			t, isType := object.(*types.TypeName)
			if !isType {
				add(object)
				continue
			}
			kind := t.Type().Underlying()
			if s, ok := kind.(*types.Struct); ok {
				lines = append(lines, fmt.Sprintf("%s: type %s struct", strings.TrimPrefix(p.PkgPath, module+"/"), n))
				for f := range s.Fields() {
					if f.Exported() {
						lines = append(lines, fmt.Sprintf("%s: field %s.%s %s", strings.TrimPrefix(p.PkgPath, module+"/"), n, f.Name(), types.TypeString(f.Type(), name)))
					}
				}
			} else {
				add(object)
			}
			if types.IsInterface(t.Type()) {
				continue
			}
			methods := types.NewMethodSet(types.NewPointer(t.Type()))
			for m := range methods.Methods() {
				if m.Obj().Exported() && len(m.Index()) == 1 {
					add(m.Obj())
				}
			}
		}
	}
	slices.Sort(lines)
	if _, err := os.Stdout.WriteString(strings.Join(slices.Compact(lines), "\n") + "\n"); err != nil {
		log.Fatal(err)
	}
}
