package chain

import (
	"context"
	"crypto/x509"
	"slices"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
)

// TestStopsWhenTold holds that whoever asks for paths is given as many as are taken, and
// that those are the first of all.
func TestStopsWhenTold(t *testing.T) {
	ca, other := entity{"CA", 1}, entity{"B", 2}
	old := until(testTime.Add(-time.Hour))
	later := until(testEnd.AddDate(1, 0, 0))
	leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf)
	root, again := sign(t, rootEntity, rootEntity), sign(t, rootEntity, rootEntity, serial(2), later)
	cross := sign(t, rootEntity, other)
	m := newMesh(t, 4, false)
	for _, tt := range []struct {
		name           string
		leaf           *Certificate
		certs, anchors []*Certificate
		paths          int
	}{
		{"a longer way first", leaf, []*Certificate{sign(t, ca, other, later), sign(t, other, rootEntity), sign(t, ca, rootEntity)}, []*Certificate{root}, 2},
		{"two of one name and key", leaf, []*Certificate{sign(t, ca, rootEntity, serial(1)), sign(t, ca, rootEntity, serial(2))}, []*Certificate{root}, 2},
		{"one that is valid and one that is not", leaf, []*Certificate{sign(t, ca, rootEntity), sign(t, ca, rootEntity, serial(2), old)}, []*Certificate{root}, 2},
		{"two anchors of one key", leaf, []*Certificate{sign(t, ca, rootEntity)}, []*Certificate{root, again}, 2},
		{"an anchor that another has certified", cross, nil, []*Certificate{cross, sign(t, other, other)}, 2},
		{"a mesh", m.leaf, append(m.certs, m.last), []*Certificate{m.root}, 5},
	} {
		g := NewGraph(tt.certs, tt.anchors, Limits{})
		all := keys(slices.Collect(g.Paths(context.Background(), tt.leaf, testTime, nil)))
		if len(all) != tt.paths {
			t.Errorf("%s: %d paths, want %d", tt.name, len(all), tt.paths)
		}
		for n := range all {
			var some []*Path
			for p := range g.Paths(context.Background(), tt.leaf, testTime, nil) { // which panics if it goes on
				if some = append(some, p); len(some) > n {
					break
				}
			}
			if !slices.Equal(keys(some), all[:n+1]) {
				t.Errorf("%s: the first %d: %v of %v", tt.name, n+1, keys(some), all)
			}
		}
	}
}

// TestOrderOfAnchors holds that of anchors of one name and key those come first that are
// valid at the time, and of these the one that lasts longest.
func TestOrderOfAnchors(t *testing.T) {
	ca := entity{"CA", 1}
	from := func(start, end time.Time) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.NotBefore, c.NotAfter = start, end }
	}
	now := sign(t, rootEntity, rootEntity, serial(1), from(testStart, testTime.AddDate(1, 0, 0)))
	longer := sign(t, rootEntity, rootEntity, serial(2), from(testStart, testTime.AddDate(2, 0, 0)))
	future := sign(t, rootEntity, rootEntity, serial(3), from(testTime.AddDate(0, 0, 1), testTime.AddDate(3, 0, 0)))
	g := NewGraph([]*Certificate{sign(t, ca, rootEntity)}, []*Certificate{now, future, longer}, Limits{})
	var got []*Certificate
	for p := range g.Paths(context.Background(), sign(t, entity{"Leaf", leafKey}, ca, asLeaf), testTime, nil) {
		got = append(got, p.Certificates[len(p.Certificates)-1])
	}
	if !slices.Equal(got, []*Certificate{longer, now, future}) {
		t.Errorf("%d anchors, in another order", len(got))
	}
}

// TestDeadEndBesidePath holds that a search is whole where a candidate leads nowhere.
func TestDeadEndBesidePath(t *testing.T) {
	ca := entity{"CA", 1}
	g := NewGraph([]*Certificate{sign(t, ca, rootEntity), sign(t, entity{"CA", 2}, entity{"Gone", 3})}, []*Certificate{sign(t, rootEntity, rootEntity)}, Limits{})
	for range 2 { // the second time it is known whose signatures hold
		if r := build(t, g, sign(t, entity{"Leaf", leafKey}, ca, asLeaf), nil); len(r.Accepted) != 1 || r.Truncated != budgetNone {
			t.Errorf("%v, cut by %q", describe(r.Accepted), r.Truncated)
		}
	}
}

// TestContextEnded holds that nothing is looked for once the context has ended, also where
// each signature is known.
func TestContextEnded(t *testing.T) {
	ca := entity{"CA", 1}
	leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf)
	g := NewGraph([]*Certificate{sign(t, ca, rootEntity)}, []*Certificate{sign(t, rootEntity, rootEntity)}, Limits{})
	build(t, g, leaf, nil)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, err := g.Build(ctx, leaf, testTime, nil)
	if err != nil || r.Truncated != budgetContext || len(r.Accepted)+len(r.Rejected)+len(r.DeadEnds) > 0 {
		t.Errorf("%v: cut by %q, %v", err, r.Truncated, describe(r.Accepted))
	}
}

// TestContextEndsInBetween holds that a search ends soon after its context, also where each
// signature is known.
func TestContextEndsInBetween(t *testing.T) {
	m := newMesh(t, 7, false)
	g := NewGraph(append(m.certs, m.last), []*Certificate{m.root}, Limits{})
	ctx, cancel := context.WithCancel(context.Background())
	all := len(slices.Collect(g.Paths(ctx, m.leaf, testTime, nil)))
	cancel()
	some := 0
	for range g.Paths(ctx, m.leaf, testTime, nil) {
		some++
	}
	if all != 326 || some > 256 {
		t.Errorf("%d paths, %d after the end", all, some)
	}
}

// TestCutByCandidates holds that a result says when a certificate has more candidates for
// an issuer than are tried, whether or not the graph has the certificate.
func TestCutByCandidates(t *testing.T) {
	leaf := sign(t, entity{"Leaf", leafKey}, entity{"CA", 0}, asLeaf, noKeyID)
	var list []*Certificate
	for i := range maxCandidates + 1 {
		if i == maxCandidates {
			if r := build(t, NewGraph(list, nil, Limits{}), leaf, nil); r.Truncated != budgetNone {
				t.Errorf("of %d: cut by %q", i, r.Truncated)
			}
		}
		list = append(list, sign(t, entity{"CA", i}, rootEntity))
	}
	for _, with := range [][]*Certificate{nil, {leaf}} {
		if r := build(t, NewGraph(append(with, list...), nil, Limits{}), leaf, nil); r.Truncated != budgetCertificates {
			t.Errorf("of %d, and %d of users: cut by %q", len(list), len(with), r.Truncated)
		}
	}
}

// TestTooManyComparisons holds that a path with more to compare than there is room for says
// so once, and that nothing is looked for after it.
func TestTooManyComparisons(t *testing.T) {
	sub, ca := entity{"Sub CA", 1}, entity{"CA", 2}
	constrained := constrainedTo(true, []generalName{{nameEmail, "example.com"}, {nameEmail, "example.net"}}, nil)
	list := []*Certificate{sign(t, sub, ca, emails("ca@example.com")), sign(t, ca, rootEntity, constrained)}
	anchors := []*Certificate{sign(t, rootEntity, rootEntity), sign(t, rootEntity, rootEntity, serial(2))}
	leaf := sign(t, entity{"Leaf", leafKey}, sub, asLeaf)
	opts := &Options{Limits: Limits{Comparisons: -1}}
	r := build(t, NewGraph(list, anchors, Limits{}), leaf, opts)
	if r.Truncated != budgetComparisons || len(r.Accepted) > 0 || len(r.Rejected) != 1 {
		t.Fatalf("cut by %q: %v, %v", r.Truncated, describe(r.Accepted), describe(r.Rejected))
	}
	if p := r.Rejected[0].Problems; len(p) != 1 || p[0].Code != problemTooManyConstraints {
		t.Errorf("problems: %v", p)
	}
	if paths := slices.Collect(NewGraph(list, anchors, Limits{}).Paths(context.Background(), leaf, testTime, opts)); len(paths) != 1 {
		t.Errorf("%d paths one by one", len(paths))
	}
	if r := build(t, NewGraph(list, anchors, Limits{}), leaf, nil); r.Truncated != budgetNone || len(r.Accepted) != 2 {
		t.Errorf("with room: cut by %q, %v", r.Truncated, describe(r.Accepted))
	}
}

// TestLengthOfNoCA holds that who is no CA is not told of a path length besides.
func TestLengthOfNoCA(t *testing.T) {
	sub, ca := entity{"Sub CA", 1}, entity{"CA", 2}
	length := extension("2.5.29.19", true, func(b *cryptobyte.Builder) { b.AddBytes([]byte{0x30, 3, 2, 1, 0}) })
	for _, isCA := range []bool{false, true} {
		change := func(c *x509.Certificate) { c.MaxPathLenZero = true }
		want := problemPathLength
		if !isCA {
			want = problemNotCA
			change = func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = false, false; length(c) }
		}
		g := NewGraph([]*Certificate{sign(t, sub, ca), sign(t, ca, rootEntity, change)}, []*Certificate{sign(t, rootEntity, rootEntity)}, Limits{})
		r := build(t, g, sign(t, entity{"Leaf", leafKey}, sub, asLeaf), nil)
		if len(r.Rejected) != 1 || len(r.Rejected[0].Problems) != 1 || r.Rejected[0].Problems[0].Code != want {
			t.Errorf("a CA %t: %v", isCA, describe(r.Rejected))
		}
	}
}
