package chain_test

import (
	"context"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
)

// TestNil hands in what callers have when something before has failed.
func TestNil(t *testing.T) {
	root := issue("Root", 1, "Root", 1, true, 10)
	leaf := issue("Leaf", 2, "Root", 1, false, 2)
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

	if got := chain.Order([]*chain.Certificate{nil, root, nil, leaf}); len(got) != 4 || got[0] != leaf || got[1] != root || got[2] != nil || got[3] != nil {
		t.Errorf("Order: %v", got)
	}
	if leaf.SignedBy(nil) == nil {
		t.Error("signed by nobody")
	}
	if p := new(chain.Path); p.Leaf() != nil || p.Anchor() != nil {
		t.Error("the empty path has certificates")
	}

	// A nil *CRLs in the options is not a nil interface: it must not let a path
	// pass, and has to say why.
	var none *chain.CRLs
	graph := chain.NewGraph([]*chain.Certificate{nil}, []*chain.Certificate{root, nil}, chain.Limits{})
	r, err := graph.Build(context.Background(), leaf, at, &chain.Options{Revocation: none})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Accepted) != 0 || len(r.Rejected) != 1 || r.Rejected[0].Problems[0].Code != "revocation_unknown" {
		t.Errorf("accepted %v, rejected %v", r.Accepted, r.Rejected)
	}
	if none.Errors() != nil || none.WithSigners(root) == nil {
		t.Error("nil CRLs")
	}
	if got := graph.Unused(nil, r); len(got) != 0 {
		t.Errorf("Unused: %v", got)
	}
}

// TestByHand holds what the comment of Certificate says of one that is composed
// by hand.
func TestByHand(t *testing.T) {
	root := issue("Root", 1, "Root", 1, true, 10)
	leaf := issue("Leaf", 2, "Root", 1, false, 2)
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		leaf *chain.Certificate
		want int
	}{
		{"Raw alone", &chain.Certificate{Raw: leaf.Raw}, 1},
		{"nothing", &chain.Certificate{}, 0},
		{"FromX509 of nil", chain.FromX509(nil), 0},
	} {
		r, err := chain.NewGraph(nil, []*chain.Certificate{root}, chain.Limits{}).Build(context.Background(), c.leaf, at, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Accepted) != c.want {
			t.Errorf("%s: %d paths, want %d", c.name, len(r.Accepted), c.want)
		}
	}
}
