package chain

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"
)

// TestConcurrentUse asks one graph, with one set of revocation lists, from many
// goroutines at once, for the race detector: every answer is that of one
// question alone.
func TestConcurrentUse(t *testing.T) {
	m := newMesh(t, 6, true)
	fresh := func() (*Graph, *Certificate, *CRLs) {
		var certs []*Certificate
		for _, c := range append(m.certs, m.last) {
			certs = append(certs, ParseCertificate(c.Raw))
		}
		lists := NewCRLs(revoke(t, rootEntity, testTime.Add(-time.Hour), testTime.Add(time.Hour)), revoke(t, m.cas[0], testTime.Add(-time.Hour), testTime.Add(time.Hour)))
		return NewGraph(certs, []*Certificate{ParseCertificate(m.root.Raw)}, Limits{}), ParseCertificate(m.leaf.Raw), lists.WithSigners(certs...)
	}
	ask := func(g *Graph, leaf *Certificate, lists *CRLs) []string {
		r, err := g.Build(context.Background(), leaf, testTime, &Options{Revocation: lists})
		if err != nil {
			t.Error(err)
			return nil
		}
		g.Unused(r)
		g.Duplicates()
		g.CrossPairs()
		for range g.Paths(context.Background(), leaf, testTime, nil) {
			break
		}
		return append(keys(r.Accepted), keys(r.Rejected)...)
	}
	want := ask(fresh())
	if len(want) == 0 {
		t.Fatal("no path")
	}
	g, leaf, lists := fresh()
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 3 {
				if got := ask(g, leaf, lists); !slices.Equal(got, want) {
					t.Errorf("%d paths, want %d", len(got), len(want))
				}
			}
		})
	}
	group.Wait()
}
