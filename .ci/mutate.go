// Command mutate asks whether the tests notice a condition that is wrong: it flips
// conditions of a package, one at a time, runs the tests, and lists the changes that no
// test noticed.
//
//	go run .ci/mutate.go [-n 150] [-seed 1] [-j 1] [-short] [-also PACKAGES] PACKAGE…
//
// The changes are drawn uniformly, with the seed, from all that can be made: a condition of
// if, for and case that is always or never true, an operand of && and || left out, a
// comparison that is another, a result of a function of type bool turned over. Nothing in the tree is written:
// the compiler sees each change through an overlay. What does not compile is drawn again;
// a test that does not end has noticed. What the tests of the package do not notice, those
// of -also may.
//
// The tests run once without a change, to see how long each takes. With a change the
// quick ones are asked first, and the first that fails ends it.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

func main() {
	n := flag.Int("n", 150, "make `N` changes in each package")
	seed := flag.Uint64("seed", 1, "draw them with this `SEED`")
	workers := flag.Int("j", 1, "try `J` at the same time")
	also := flag.String("also", "", "ask the tests of these `PACKAGES` too, separated by commas")
	least := flag.Int("least", 0, "fail if fewer than `PERCENT` are noticed in a package")
	short := flag.Bool("short", false, "tell the tests to be short")
	flag.Parse()
	low := false
	for _, name := range flag.Args() {
		p, err := load(name)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		asked := []string{name}
		if *also != "" {
			asked = append(asked, strings.Split(*also, ",")...)
		}
		for _, name := range asked {
			s, err := loadSuite(name, *short)
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(2)
			}
			p.suites = append(p.suites, s)
		}
		noticed, made := p.try(*n, *seed, *workers)
		percent := 100 * float64(noticed) / float64(max(made, 1))
		fmt.Printf("%s: %d of %d changes noticed, %.1f %%, of %d that can be made; seed %d\n", name, noticed, made, percent, len(p.changes), *seed)
		low = low || percent < float64(*least) || made == 0
	}
	if low {
		os.Exit(1)
	}
}

// pkg is a package with the changes that can be made to it.
type pkg struct {
	suites  []*suite
	changes []change
}

// change replaces some octets of a file.
type change struct {
	file       string
	line       int
	start, end int
	text       string
	was        string
}

func (c *change) String() string {
	short := func(s string) string {
		s = strings.Join(strings.Fields(s), " ")
		if len(s) > 100 {
			s = s[:100] + "…"
		}
		return s
	}
	return fmt.Sprintf("%s:%d: %s  =>  %s", c.file, c.line, short(c.was), short(c.text))
}

func load(name string) (*pkg, error) {
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}\n{{range .GoFiles}}{{.}}\n{{end}}", name).Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w", name, err)
	}
	lines := strings.Fields(string(out))
	p := new(pkg)
	for _, file := range lines[1:] {
		path := filepath.Join(lines[0], file)
		source, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, path, source, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		if !ast.IsGenerated(parsed) {
			p.find(fset, path, source, parsed)
		}
	}
	return p, nil
}

// find lists the changes to a file.
func (p *pkg) find(fset *token.FileSet, path string, source []byte, file *ast.File) {
	add := func(n ast.Node, format string, args ...any) {
		start, end := fset.Position(n.Pos()), fset.Position(n.End())
		was := string(source[start.Offset:end.Offset])
		p.changes = append(p.changes, change{path, start.Line, start.Offset, end.Offset, fmt.Sprintf(format, args...), was})
	}
	text := func(n ast.Node) string {
		return string(source[fset.Position(n.Pos()).Offset:fset.Position(n.End()).Offset])
	}
	condition := func(e ast.Expr) {
		if e != nil {
			add(e, "(%s) && false", text(e))
			add(e, "(%s) || true", text(e))
		}
	}
	var results []bool // of the functions around: one result of type bool
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IfStmt:
			condition(n.Cond)
		case *ast.ForStmt:
			if n.Cond != nil {
				add(n.Cond, "(%s) && false", text(n.Cond))
			}
		case *ast.SwitchStmt:
			if n.Tag == nil {
				for _, s := range n.Body.List {
					for _, e := range s.(*ast.CaseClause).List {
						condition(e)
					}
				}
			}
		case *ast.BinaryExpr:
			switch n.Op {
			case token.LAND, token.LOR:
				add(n, "%s", text(n.X))
				add(n, "%s", text(n.Y))
			case token.LSS:
				add(n, "%s <= %s", text(n.X), text(n.Y))
			case token.LEQ:
				add(n, "%s < %s", text(n.X), text(n.Y))
			case token.GTR:
				add(n, "%s >= %s", text(n.X), text(n.Y))
			case token.GEQ:
				add(n, "%s > %s", text(n.X), text(n.Y))
			case token.EQL:
				add(n, "%s != %s", text(n.X), text(n.Y))
			case token.NEQ:
				add(n, "%s == %s", text(n.X), text(n.Y))
			}
		case *ast.FuncDecl:
			results = append(results[:0], isPredicate(n.Type))
		case *ast.ReturnStmt:
			if len(results) > 0 && results[0] && len(n.Results) == 1 && within(file, n) {
				add(n.Results[0], "!(%s)", text(n.Results[0]))
			}
		}
		return true
	})
}

// isPredicate reports whether a function has one result, of type bool.
func isPredicate(f *ast.FuncType) bool {
	if f.Results == nil || len(f.Results.List) != 1 {
		return false
	}
	id, ok := f.Results.List[0].Type.(*ast.Ident)
	return ok && id.Name == "bool"
}

// within reports whether a return belongs to a declared function and to no literal in it.
func within(file *ast.File, ret *ast.ReturnStmt) bool {
	inner := false
	ast.Inspect(file, func(n ast.Node) bool {
		if f, ok := n.(*ast.FuncLit); ok && f.Pos() <= ret.Pos() && ret.End() <= f.End() {
			inner = true
		}
		return !inner
	})
	return !inner
}

// try makes n changes and returns how many were noticed of those that compile.
func (p *pkg) try(n int, seed uint64, workers int) (noticed, made int) {
	order := rand.New(rand.NewPCG(seed, 0)).Perm(len(p.changes))
	var mu sync.Mutex
	next := func() *change {
		mu.Lock()
		defer mu.Unlock()
		if len(order) == 0 || made >= n {
			return nil
		}
		c := &p.changes[order[0]]
		order = order[1:]
		made++
		return c
	}
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for c := next(); c != nil; c = next() {
				start := time.Now()
				is, err := p.notices(c)
				mu.Lock()
				switch {
				case errors.Is(err, errNotCompiled):
					made--
				case err != nil:
					fmt.Fprintln(os.Stderr, err)
					os.Exit(2)
				case is:
					noticed++
				default:
					fmt.Printf("not noticed (%.0f s): %s\n", time.Since(start).Seconds(), c)
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return noticed, made
}

var errNotCompiled = errors.New("it does not compile")

// notices reports whether a test fails with a change.
func (p *pkg) notices(c *change) (bool, error) {
	source, err := os.ReadFile(c.file)
	if err != nil {
		return false, err
	}
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	changed := filepath.Join(dir, filepath.Base(c.file))
	if err := os.WriteFile(changed, slices.Concat(source[:c.start], []byte(c.text), source[c.end:]), 0o600); err != nil {
		return false, err
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{c.file: changed}})
	if err != nil {
		return false, err
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		return false, err
	}
	for _, s := range p.suites {
		program := filepath.Join(dir, "test")
		if _, err := s.build(program, "-overlay", list); err != nil {
			return false, errNotCompiled
		}
		for _, b := range s.batches {
			if _, err := s.run(program, b); err != nil {
				return true, nil
			}
		}
	}
	return false, nil
}

// suite is the tests of a package, the quick ones first.
type suite struct {
	name, dir string
	short     bool
	batches   []batch
}

// batch is some tests that run together.
type batch struct {
	pattern string
	limit   time.Duration // with a change they may take so long
}

// loadSuite runs the tests of a package without a change.
func loadSuite(name string, short bool) (*suite, error) {
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", name).Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w", name, err)
	}
	s := &suite{name: name, dir: strings.TrimSpace(string(dir)), short: short}
	temp, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temp)
	program := filepath.Join(temp, "test")
	if out, err := s.build(program); err != nil {
		return nil, fmt.Errorf("build the tests of %s: %w\n%s", name, err, out)
	}
	out, err := s.run(program, batch{".", time.Hour})
	if err != nil {
		return nil, fmt.Errorf("tests of %s without a change: %w\n%s", name, err, out)
	}
	type test struct {
		name string
		took time.Duration
	}
	var tests []test
	for _, m := range regexp.MustCompile(`(?m)^--- PASS: (\S+) \((\S+)\)$`).FindAllStringSubmatch(string(out), -1) {
		took, err := time.ParseDuration(m[2])
		if err != nil {
			return nil, err
		}
		tests = append(tests, test{m[1], took})
	}
	slices.SortStableFunc(tests, func(a, b test) int { return cmp.Compare(a.took, b.took) })
	var names []string
	var took, all time.Duration
	for i, t := range tests {
		names = append(names, t.name)
		took += t.took
		// each batch takes about as long as all before it, from a second on
		if i == len(tests)-1 || took+tests[i+1].took > max(time.Second, all) {
			s.batches = append(s.batches, batch{"^(" + strings.Join(names, "|") + ")$", 20*time.Second + 10*took})
			names, took, all = nil, 0, all+took
		}
	}
	return s, nil
}

// build compiles the tests.
func (s *suite) build(program string, args ...string) ([]byte, error) {
	args = append([]string{"test", "-c", "-vet=off", "-ldflags=-s -w", "-o", program}, args...)
	return exec.Command("go", append(args, s.name)...).CombinedOutput()
}

// run runs some of the tests until one fails.
func (s *suite) run(program string, b batch) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), b.limit+time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "-test.v", "-test.failfast", "-test.run", b.pattern, "-test.timeout", b.limit.String(), fmt.Sprintf("-test.short=%t", s.short))
	cmd.Dir = s.dir
	cmd.WaitDelay = time.Second
	return cmd.CombinedOutput()
}
