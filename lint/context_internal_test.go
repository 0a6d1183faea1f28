package lint

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
)

// ending is a context that ends once it has been asked a number of times whether it has.
type ending struct {
	context.Context
	left int // times that it is still asked
	told int // times that it said that it has ended
}

func (e *ending) Err() error {
	if e.left--; e.left >= 0 {
		return nil
	}
	e.told++
	return context.Canceled
}

// TestEndedContext holds that whoever learns that the context has ended says so, at whichever
// step that is: what goes on with half of the chains judges them for the whole.
func TestEndedContext(t *testing.T) {
	for _, names := range [][]string{
		{"collections/complete.sst"}, {"collections/sectigo-without-r46.sst"}, {"collections/root-missing.sst"}, {"collections/expired.sst"},
		{"collections/leaf-inside.sst"}, {"example/leaf.pem", "example/issuing-ca.pem", "example/root-self-signed.pem"}, {"example/leaf.pem", "collections/complete.sst"}, {"pfx/modern-without-root.pfx"},
	} {
		var files []*bundle.File
		for _, name := range names {
			password := "example-lemon-orbit-velvet"
			f, err := (&bundle.Options{Password: &password}).ReadFile(t.Context(), filepath.Join("..", "testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
		at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
		r, err := newRun(t.Context(), files, &Options{Time: at, ZLint: []string{"none"}, Facts: &Facts{PrimarySMTP: "user@example.com"}}, at)
		if err != nil {
			t.Fatal(err)
		}
		asked := 0
		for _, c := range r.collections {
			if err := c.examine(t.Context(), r.rules, r.lints, r.known, true, 1, r.work); err != nil {
				t.Fatal(err)
			}
			for _, target := range c.targets(nil) {
				// holds runs something that has to end with the context, as soon as each of its steps.
				holds := func(what string, run func(p *Pass) error) {
					for steps := 0; ; steps++ {
						c.starts, c.graphs, c.reach, c.issuing, c.missing, c.ways, c.lookedUp, c.system = nil, nil, nil, nil, nil, nil, nil, nil
						ctx := &ending{Context: t.Context(), left: steps}
						p := &Pass{Context: ctx, Target: target, Time: at, Collection: c, Catalog: r.known, Facts: r.opts.factsOf(c)}
						p.sort()
						err := run(p)
						if ctx.told == 0 {
							if err != nil {
								t.Errorf("%v, %s: %s: %v", names, target, what, err)
							}
							return
						}
						asked++
						if !errors.Is(err, context.Canceled) {
							t.Errorf("%v, %s: %s goes on where the context ends after %d steps: %v", names, target, what, steps, err)
							return
						}
					}
				}
				for _, i := range r.rules.of[target] {
					rule := &r.rules.rules[i]
					holds(rule.Name, func(p *Pass) error {
						_, err := p.run(rule, r.rules.place[i])
						return err
					})
				}
				needs := map[Need]bool{}
				for _, list := range target.row().needs {
					for _, n := range list {
						needs[n] = true
					}
				}
				for n := range needs {
					holds(string(n), func(p *Pass) error { _, err := p.Seen(n); return err })
				}
				holds("verdicts", func(p *Pass) error { _, err := p.verdicts(r.rules); return err })
				holds("what is missing", func(p *Pass) error { return new(shortage).add(p) })
				holds("pictures", func(p *Pass) error { _, err := p.pictures(); return err })
				holds("chains", func(p *Pass) error { _, err := p.Chains(); return err })
			}
		}
		if asked == 0 {
			t.Errorf("%v: nobody asks whether the context has ended", names)
		}
	}
}
