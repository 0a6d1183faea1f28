package chain

import (
	"slices"
	"testing"
	"time"
)

// TestCutShort holds that a search that is cut short, wherever that is, says by what, and
// claims nothing that the whole search does not. With as many signatures as the whole
// search takes, and no fewer, nothing is cut; steps are counted more roughly.
func TestCutShort(t *testing.T) {
	ca := entity{"CA", 1}
	root := sign(t, rootEntity, rootEntity)
	leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf)
	issuing, rekeyed := sign(t, ca, rootEntity), sign(t, entity{"CA", 2}, rootEntity)
	expired := sign(t, ca, rootEntity, until(testTime.Add(-1)))
	renamed := sign(t, entity{"Renamed CA", 1}, rootEntity)
	alone := sign(t, entity{"Leaf", leafKey}, entity{"Leaf", leafKey}, asLeaf)
	a, b := sign(t, ca, entity{"B", 2}), sign(t, entity{"B", 2}, ca) // each by the other
	m := newMesh(t, 3, true)
	other := sign(t, entity{"Other Root", 951}, entity{"Other Root", 951})
	for _, tt := range []struct {
		name           string
		leaf           *Certificate
		certs, anchors []*Certificate
	}{
		{"a path", leaf, []*Certificate{issuing, rekeyed}, []*Certificate{root}},
		{"nothing", leaf, nil, []*Certificate{root}},
		{"near misses", leaf, []*Certificate{expired, rekeyed, renamed}, []*Certificate{root}},
		{"no anchor", leaf, []*Certificate{issuing, rekeyed, root}, []*Certificate{other}},
		{"a self-signed leaf", alone, nil, []*Certificate{root}},
		{"a circle", leaf, []*Certificate{a, b, rekeyed}, []*Certificate{root}},
		{"a mesh", m.leaf, append(m.certs, m.last), []*Certificate{m.root}},
		{"a mesh without its root", m.leaf, append(m.certs, m.last), []*Certificate{other}},
		{"an anchor", root, nil, []*Certificate{root}},
	} {
		// Certificates remember signatures: each search gets its own.
		search := func(limits Limits) *Result {
			again := func(certs []*Certificate) []*Certificate {
				var list []*Certificate
				for _, c := range certs {
					list = append(list, ParseCertificate(c.Raw))
				}
				return list
			}
			g := NewGraph(again(tt.certs), again(tt.anchors), Limits{})
			return build(t, g, ParseCertificate(tt.leaf.Raw), &Options{Limits: limits})
		}
		whole := search(Limits{})
		if whole.Truncated != budgetNone {
			t.Fatalf("%s: cut by %q", tt.name, whole.Truncated)
		}
		for _, budget := range []struct {
			cut   Budget
			of    func(n int) Limits
			spent func(*Result) int
		}{
			{budgetSignatures, func(n int) Limits { return Limits{Signatures: n} }, func(r *Result) int { return r.Signatures }},
			{budgetSteps, func(n int) Limits { return Limits{Steps: n} }, func(r *Result) int { return r.Steps }},
		} {
			for n := range budget.spent(whole) + 1 {
				limit := n
				if n == 0 {
					limit = -1 // none at all
				}
				r := search(budget.of(limit))
				if spent := budget.spent(r); spent > n && (budget.cut == budgetSignatures || tt.name == "a path") {
					t.Errorf("%s, %d %s: %d spent", tt.name, n, budget.cut, spent)
				}
				switch {
				case r.Truncated == budgetNone && (len(r.Accepted) != len(whole.Accepted) || len(r.Rejected) != len(whole.Rejected) || len(r.DeadEnds) != len(whole.DeadEnds)):
					t.Errorf("%s, %d %s: less than the whole", tt.name, n, budget.cut)
				case r.Truncated != budgetNone && r.Truncated != budget.cut,
					budget.cut == budgetSignatures && (r.Truncated == budgetNone) != (n == budget.spent(whole)):
					t.Errorf("%s, %d %s: cut by %q", tt.name, n, budget.cut, r.Truncated)
				}
				if !amongst(keys(r.Accepted), keys(whole.Accepted)) || !amongst(keys(r.Rejected), keys(whole.Rejected)) {
					t.Errorf("%s, %d %s: %v %v, more than %v %v", tt.name, n, budget.cut, describe(r.Accepted), describe(r.Rejected), describe(whole.Accepted), describe(whole.Rejected))
				}
				for _, d := range r.DeadEnds {
					i := slices.IndexFunc(whole.DeadEnds, func(w DeadEnd) bool { return w.Certificate.SHA256() == d.Certificate.SHA256() })
					if i < 0 {
						t.Errorf("%s, %d %s: a dead end at %s", tt.name, n, budget.cut, d.Certificate.Subject())
						continue
					}
					if w := whole.DeadEnds[i]; d.Kind != w.Kind && d.Kind != IssuerMissing || len(d.NearMisses) > len(w.NearMisses) {
						t.Errorf("%s, %d %s: %+v, but %+v", tt.name, n, budget.cut, d, w)
					}
				}
			}
		}
	}
}

// TestLengthIsLimited holds that a search with room for its longest path is not called cut
// short where nothing longer could end at an anchor, and one with less room is.
func TestLengthIsLimited(t *testing.T) {
	ca, other := entity{"CA", 1}, entity{"Other Root", 951}
	root, issuing := sign(t, rootEntity, rootEntity), sign(t, ca, rootEntity)
	leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf)
	for _, tt := range []struct {
		name    string
		above   []*Certificate // the anchor
		longest int
	}{
		{"nothing above", nil, 3},
		{"a circle", []*Certificate{sign(t, rootEntity, ca)}, 3},
		{"a root that is no anchor", []*Certificate{sign(t, rootEntity, other), sign(t, other, other)}, 3},
		{"a certificate that another anchor did not sign", []*Certificate{sign(t, rootEntity, entity{"Second", 954}, noKeyID)}, 3},
		{"another anchor", []*Certificate{sign(t, rootEntity, entity{"Second", 953})}, 4},
	} {
		g := NewGraph(append(tt.above, issuing), []*Certificate{root, sign(t, entity{"Second", 953}, entity{"Second", 953})}, Limits{})
		if r := build(t, g, leaf, nil); r.Truncated != budgetNone {
			t.Errorf("%s: cut by %q", tt.name, r.Truncated)
		}
		for length := 1; length <= tt.longest; length++ {
			want := budgetLength
			if length == tt.longest {
				want = budgetNone
			}
			if r := build(t, g, leaf, &Options{Limits: Limits{Length: length}}); r.Truncated != want {
				t.Errorf("%s: a length of %d: cut by %q, want %q", tt.name, length, r.Truncated, want)
			}
		}
	}
}

// TestRejectedAreLimited holds that paths which are rejected take no room of one that is
// accepted, however few of them are kept.
func TestRejectedAreLimited(t *testing.T) {
	ca := entity{"CA", 1}
	expired := until(testTime.Add(-time.Hour))
	old := []*Certificate{sign(t, ca, rootEntity, serial(1), expired), sign(t, ca, rootEntity, serial(2), expired), sign(t, ca, entity{"B", 2})}
	g := NewGraph(append(old, sign(t, entity{"B", 2}, rootEntity)), []*Certificate{sign(t, rootEntity, rootEntity)}, Limits{})
	for kept := range 4 {
		limit := kept
		if kept == 0 {
			limit = -1 // none at all
		}
		want := budgetNone
		if kept < 2 {
			want = budgetRejected
		}
		r := build(t, g, sign(t, entity{"Leaf", leafKey}, ca, asLeaf), &Options{Limits: Limits{Rejected: limit}})
		if len(r.Accepted) != 1 || len(r.Rejected) != min(kept, 2) || r.Truncated != want {
			t.Errorf("%d kept: accepted %v, rejected %v, cut by %q", kept, describe(r.Accepted), describe(r.Rejected), r.Truncated)
		}
	}
}

// TestCandidatesAreLimited holds that as many issuers of one name are tried as may be, and
// of more those with the right key first.
func TestCandidatesAreLimited(t *testing.T) {
	root := sign(t, rootEntity, rootEntity)
	leaf := sign(t, entity{"Leaf", leafKey}, entity{"CA", 1}, asLeaf)
	for _, n := range []int{maxCandidates, maxCandidates + 1} {
		var list []*Certificate
		for i := range n - 1 {
			list = append(list, sign(t, entity{"CA", 2 + i}, rootEntity))
		}
		list = append(list, sign(t, entity{"CA", 1}, rootEntity)) // the last of all
		g := NewGraph(append(list, sign(t, entity{"Other", 1}, rootEntity)), []*Certificate{root}, Limits{})
		_, edges, cut := g.candidates(leaf, nil, nil, nil)
		if len(edges) != maxCandidates || cut != (n > maxCandidates) || edges[0].to.certs[0].cert.SHA256() != list[n-1].SHA256() {
			t.Errorf("of %d: %d candidates, cut %t", n, len(edges), cut)
		}
		once := map[*node]bool{}
		for _, e := range edges {
			if once[e.to] || e.to.name != leaf.info().issuerKey {
				t.Errorf("of %d: one twice, or of another name", n)
			}
			once[e.to] = true
		}
	}
}

func amongst(some, all []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}
