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
// pkcs12.Target and lint.Code, and are none of its words: the constants of such a type are
// its list, where there are several, and most are not exported, so that the compiler does
// not find a word that is misspelt. It also finds words that are said without their type,
// as values of a sentence, where they are not translated.
func strayWords(all []*packages.Package) (faults []string) {
	words := map[string][]string{} // by type
	typed := map[string]string{}   // the type of each
	for _, p := range all {
		scope := p.Types.Scope()
		for _, name := range scope.Names() {
			if c, ok := scope.Lookup(name).(*types.Const); ok {
				if t := wordType(c.Type()); t != "" {
					typed[constant.StringVal(c.Val())] = t
					words[t] = append(words[t], constant.StringVal(c.Val()))
				}
			}
		}
	}
	for _, p := range all {
		for _, file := range p.Syntax {
			ast.Inspect(file, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					for _, arg := range saidValues(p.TypesInfo, call) {
						value := p.TypesInfo.Types[arg]
						if _, literal := arg.(*ast.BasicLit); !literal || value.Value == nil || value.Type != types.Typ[types.String] || constant.StringVal(value.Value) == "" {
							continue
						}
						if t := typed[constant.StringVal(value.Value)]; t != "" {
							faults = append(faults, p.Fset.Position(arg.Pos()).String()+": "+value.Value.String()+" is said without its type "+t)
						}
					}
				}
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

// saidValues returns the values of a sentence, where a call makes one.
func saidValues(info *types.Info, call *ast.CallExpr) []ast.Expr {
	s, ok := info.TypeOf(call.Fun).(*types.Signature)
	if !ok || !s.Variadic() || call.Ellipsis.IsValid() {
		return nil
	}
	fixed := s.Params().Len() - 1
	for i := range fixed {
		if named, ok := s.Params().At(i).Type().(*types.Named); ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == sayPath {
			return call.Args[min(fixed, len(call.Args)):]
		}
	}
	return nil
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
