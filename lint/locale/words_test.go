package locale

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
)

// strayWords finds texts in the code that have the type of a closed list of words, such as
// pkcs12.Target and lint.Code, and are none of its words. The constants of such a type are
// its list, where there are several, and are not exported where nobody but a writer of code would need them, so that
// the compiler does not find a word that is misspelt.
func strayWords(all []*packages.Package) (faults []string) {
	words := map[string][]string{} // by type
	for _, p := range all {
		scope := p.Types.Scope()
		for _, name := range scope.Names() {
			if c, ok := scope.Lookup(name).(*types.Const); ok {
				if t := wordType(c.Type()); t != "" {
					words[t] = append(words[t], constant.StringVal(c.Val()))
				}
			}
		}
	}
	for _, p := range all {
		for _, file := range p.Syntax {
			ast.Inspect(file, func(n ast.Node) bool {
				literal, ok := n.(*ast.BasicLit)
				if !ok || literal.Kind != token.STRING {
					return true
				}
				known := words[wordType(p.TypesInfo.TypeOf(literal))]
				if value, err := strconv.Unquote(literal.Value); err == nil && value != "" && len(known) > 1 && !slices.Contains(known, value) {
					faults = append(faults, p.Fset.Position(literal.Pos()).String()+": "+literal.Value+" is none of the words of its type")
				}
				return true
			})
		}
	}
	return faults
}

// wordType returns the name of a type of this module that is made of string, "" of others.
func wordType(t types.Type) string {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || !strings.HasPrefix(named.Obj().Pkg().Path(), "github.com/smimechain/smimechain") {
		return ""
	}
	if b, ok := named.Underlying().(*types.Basic); !ok || b.Kind() != types.String || named.Obj().Pkg().Path() == sayPath {
		return ""
	}
	return named.Obj().Pkg().Path() + "." + named.Obj().Name()
}
