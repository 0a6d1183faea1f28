// Command mutate asks whether the tests notice a condition that is wrong: it flips
// conditions of a package, one at a time, runs the tests, and lists the changes that no
// test noticed.
//
//	go run .ci/mutate.go [-n 150] [-seed 1] [-j 1] [-also PACKAGES] [-files NAMES] PACKAGE…
//
// The changes are drawn uniformly, with the seed, from all that can be made: a condition of
// if, for and case that is always or never true, an operand of && and || left out, a
// comparison that is another, a result of a function of type bool turned over. Nothing in the
// tree is written: the compiler sees the changes through an overlay, all in one program, of
// which each run makes one. A test that does not end has noticed. What the tests of the
// package do not notice, those of -also may.
//
// Each test runs once by itself without a change, to see how long it takes and which of the
// conditions it gets to. Of a change those are asked that get there, the quick ones first,
// and the first that fails ends it.
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
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
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
	files := flag.String("files", "", "draw from these `NAMES` of files alone, separated by commas")
	flag.Parse()
	low := false
	for _, name := range flag.Args() {
		p, err := load(name)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		if *files != "" {
			p.changes = slices.DeleteFunc(p.changes, func(c change) bool {
				return !slices.Contains(strings.Split(*files, ","), filepath.Base(c.file))
			})
		}
		asked := []string{name}
		if *also != "" {
			asked = append(asked, strings.Split(*also, ",")...)
		}
		for _, name := range asked {
			s, err := loadSuite(name)
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(2)
			}
			p.suites = append(p.suites, s)
		}
		noticed, made, err := p.try(*n, *seed, *workers)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
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
	name, dir string
	sources   map[string]string // by path
	suites    []*suite
	changes   []change
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
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}\n{{.Name}}\n{{range .GoFiles}}{{.}}\n{{end}}", name).Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w", name, err)
	}
	lines := strings.Fields(string(out))
	p := &pkg{name: lines[1], dir: lines[0], sources: make(map[string]string)}
	for _, file := range lines[2:] {
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
			p.sources[path] = string(source)
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
		case *ast.GenDecl:
			return n.Tok != token.CONST // which calls no function
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
func (p *pkg) try(n int, seed uint64, workers int) (noticed, made int, err error) {
	order := rand.New(rand.NewPCG(seed, 0)).Perm(len(p.changes))
	var drawn []*change
	for _, i := range order[:min(n, len(order))] {
		drawn = append(drawn, &p.changes[i])
	}
	return p.all(drawn, workers)
}

// all makes changes that are all in one program, which makes the one that a variable of
// the environment names. Where they do not compile together, it looks for the one that
// does not.
func (p *pkg) all(changes []*change, workers int) (noticed, made int, err error) {
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return 0, 0, err
	}
	defer os.RemoveAll(dir)
	list, err := p.overlay(dir, changes)
	if err != nil {
		return 0, 0, err
	}
	for i, s := range p.suites {
		if out, err := s.build(s.program(dir, i), "-overlay", list); err != nil {
			if len(changes) < 2 {
				fmt.Printf("does not compile: %s\n%s", changes[0], out)
				return 0, 0, nil
			}
			half := len(changes) / 2
			for _, part := range [][]*change{changes[:half], changes[half:]} {
				n, m, err := p.all(part, workers)
				if err != nil {
					return 0, 0, err
				}
				noticed, made = noticed+n, made+m
			}
			return noticed, made, nil
		}
	}
	for i, s := range p.suites {
		if err := s.measure(s.program(dir, i)); err != nil {
			return 0, 0, err
		}
	}
	var mu sync.Mutex
	var group sync.WaitGroup
	next := make(chan int)
	for range workers {
		group.Go(func() {
			for i := range next {
				start := time.Now()
				asked, is := p.notices(dir, i, changes[i])
				mu.Lock()
				if is {
					noticed++
				} else {
					fmt.Printf("not noticed (%d tests, %.0f s): %s\n", asked, time.Since(start).Seconds(), changes[i])
				}
				mu.Unlock()
			}
		})
	}
	for i := range changes {
		next <- i
	}
	close(next)
	group.Wait()
	return noticed, len(changes), nil
}

// active names the variable, in the package and in the environment, that says which
// change is made: its number, from 1. With 0 none is made, and what the tests get to is
// written to the file that reached names.
const (
	active  = "mutateActive"
	reached = "mutateReached"
)

// place names a condition by file and octets.
func (c *change) place() string {
	return fmt.Sprintf("%s:%d:%d", filepath.Base(c.file), c.start, c.end)
}

// helper is the file that is added to the package.
const helper = `package %s

import (
	"os"
	"strconv"
	"sync/atomic"
)

var %[2]s, _ = strconv.Atoi(os.Getenv(%[2]q))

var %[3]sFile, _ = os.OpenFile(os.Getenv(%[3]q), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)

var %[3]sBefore [%[4]d]atomic.Bool

// It allocates nothing the second time: some tests count what is allocated.
func %[3]s(number int, place string) {
	if !%[3]sBefore[number].Swap(true) {
		_, _ = %[3]sFile.WriteString(place + "\n")
	}
}
`

// overlay writes the files that are to stand in the place of those of the package.
func (p *pkg) overlay(dir string, changes []*change) (string, error) {
	replace := make(map[string]string)
	write := func(path, text string) error {
		changed := filepath.Join(dir, filepath.Base(path))
		replace[path] = changed
		return os.WriteFile(changed, []byte(text), 0o600)
	}
	numbers := 0
	for path, source := range p.sources {
		byPlace := make(map[[2]int][]string)
		for i, c := range changes {
			if c.file == path {
				at := [2]int{c.start, c.end}
				byPlace[at] = append(byPlace[at], fmt.Sprintf("case %d: return %s; ", i+1, c.text))
			}
		}
		places := slices.SortedFunc(maps.Keys(byPlace), func(a, b [2]int) int { return cmp.Or(a[0]-b[0], b[1]-a[1]) })
		if len(places) == 0 {
			continue
		}
		// rest writes the source from one place to another, with the changes in between.
		var rest func(text *strings.Builder, from, to int)
		rest = func(text *strings.Builder, from, to int) {
			for len(places) > 0 && places[0][0] < to {
				at := places[0]
				places = places[1:]
				text.WriteString(source[from:at[0]])
				fmt.Fprintf(text, "func() bool { switch %s { case 0: %s(%d, \"%s:%d:%d\"); %s}; return ", active, reached, numbers, filepath.Base(path), at[0], at[1], strings.Join(byPlace[at], ""))
				numbers++
				rest(text, at[0], at[1])
				text.WriteString(" }()")
				from = at[1]
			}
			text.WriteString(source[from:to])
		}
		var text strings.Builder
		rest(&text, 0, len(source))
		if err := write(path, text.String()); err != nil {
			return "", err
		}
	}
	if err := write(filepath.Join(p.dir, active+".go"), fmt.Sprintf(helper, p.name, active, reached, numbers)); err != nil {
		return "", err
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	list := filepath.Join(dir, "overlay.json")
	return list, os.WriteFile(list, overlay, 0o600)
}

// notices reports whether a test fails with a change, and how many were asked.
func (p *pkg) notices(dir string, i int, c *change) (asked int, noticed bool) {
	for n, s := range p.suites {
		batches, tests := s.batches(c.place())
		asked += tests
		for _, b := range batches {
			if _, err := s.run(s.program(dir, n), b, fmt.Sprintf("%s=%d", active, i+1)); err != nil {
				return asked, true
			}
		}
	}
	return asked, false
}

// suite is the tests of a package, the quick ones first.
type suite struct {
	name, dir string
	tests     []test
}

// test is a test with the places it gets to.
type test struct {
	name    string
	took    time.Duration
	reaches map[string]bool
}

// batch is some tests that run together.
type batch struct {
	pattern string
	limit   time.Duration // with a change they may take so long
}

func loadSuite(name string) (*suite, error) {
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", name).Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w", name, err)
	}
	return &suite{name: name, dir: strings.TrimSpace(string(dir))}, nil
}

// measure runs each test by itself without a change.
func (s *suite) measure(program string) error {
	s.tests = nil
	if _, err := os.Stat(program); errors.Is(err, fs.ErrNotExist) {
		return nil // a package without tests, for which go test makes no program
	}
	list := exec.Command(program, "-test.list", ".")
	list.Dir = s.dir
	out, err := list.Output()
	if err != nil {
		return fmt.Errorf("tests of %s: %w", s.name, err)
	}
	seen := filepath.Join(filepath.Dir(program), reached)
	for name := range strings.FieldsSeq(string(out)) {
		if strings.HasPrefix(name, "Benchmark") {
			continue
		}
		start := time.Now()
		out, err := s.run(program, batch{"^" + name + "$", time.Hour}, active+"=0", reached+"="+seen)
		if err != nil {
			return fmt.Errorf("%s of %s without a change: %w\n%s", name, s.name, err, out)
		}
		t := test{name, time.Since(start), make(map[string]bool)}
		places, err := os.ReadFile(seen)
		if err != nil {
			return err
		}
		if err := os.Remove(seen); err != nil {
			return err
		}
		for place := range strings.Lines(string(places)) {
			t.reaches[strings.TrimSpace(place)] = true
		}
		s.tests = append(s.tests, t)
	}
	slices.SortStableFunc(s.tests, func(a, b test) int { return cmp.Compare(a.took, b.took) })
	return nil
}

// batches returns the tests that get to a place.
func (s *suite) batches(place string) (batches []batch, tests int) {
	var names []string
	var took, all time.Duration
	end := func() {
		if len(names) > 0 {
			batches = append(batches, batch{"^(" + strings.Join(names, "|") + ")$", 20*time.Second + 10*took})
			names, took, all = nil, 0, all+took
		}
	}
	for _, t := range s.tests {
		if !t.reaches[place] {
			continue
		}
		if took+t.took > max(time.Second, all) { // each takes about as long as all before it, from a second on
			end()
		}
		names = append(names, t.name)
		took += t.took
		tests++
	}
	end()
	return batches, tests
}

// program is where the tests are, compiled with changes.
func (s *suite) program(dir string, i int) string {
	return filepath.Join(dir, fmt.Sprintf("%d.test", i))
}

// build compiles the tests.
func (s *suite) build(program string, args ...string) ([]byte, error) {
	args = append([]string{"test", "-c", "-vet=off", "-ldflags=-s -w", "-o", program}, args...)
	return exec.Command("go", append(args, s.name)...).CombinedOutput()
}

// run runs some of the tests until one fails.
func (s *suite) run(program string, b batch, env ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), b.limit+time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "-test.v", "-test.failfast", "-test.run", b.pattern, "-test.timeout", b.limit.String())
	cmd.Dir, cmd.Env = s.dir, append(os.Environ(), env...)
	cmd.WaitDelay = time.Second
	return cmd.CombinedOutput()
}
