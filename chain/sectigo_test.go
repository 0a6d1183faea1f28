package chain

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"
)

var testTime = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

// describe returns paths in short, for messages.
func describe(paths []*Path) (out []string) {
	for _, p := range paths {
		s := ""
		for _, c := range p.Certificates {
			sum := c.SHA256()
			s += fmt.Sprintf("%X ", sum[:4])
		}
		for _, q := range p.Problems {
			s += fmt.Sprintf("[%d %s]", q.Index, q)
		}
		out = append(out, s)
	}
	return out
}

func build(tb testing.TB, g *Graph, leaf *Certificate, opts *Options) *Result {
	tb.Helper()
	r, err := g.Build(context.Background(), leaf, testTime, opts)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// TestSectigo uses the genuine certificates.
func TestSectigo(t *testing.T) {
	leaf := sectigo(t, "leaf-support-ssystems-de")
	r36 := sectigo(t, "ca-r36")
	self := sectigo(t, "root-r46-self-signed")
	cross := sectigo(t, "root-r46-cross-signed-by-usertrust")
	usertrust := sectigo(t, "root-usertrust-rsa")
	aaa := sectigo(t, "root-aaa")
	byAAA := sectigo(t, "usertrust-cross-signed-by-aaa")
	all := []*Certificate{r36, cross, byAAA}

	r := build(t, NewGraph(all, []*Certificate{self, usertrust, aaa}, Limits{}), leaf, &Options{Email: "support@ssystems.de", CrossCheck: true})
	if len(r.Accepted) != 3 || len(r.Rejected) != 0 || len(r.DeadEnds) != 0 || !r.Complete() {
		t.Errorf("%v %v %v", describe(r.Accepted), describe(r.Rejected), r.DeadEnds)
	}
	for i, end := range []string{"2027-09-03", "2027-09-03", "2027-09-03"} {
		if p := r.Accepted[i]; p.NotAfter.Format(time.DateOnly) != end || p.CrossCheck != nil {
			t.Errorf("path %d ends %s, crypto/x509: %v", i, p.NotAfter, p.CrossCheck)
		}
	}
	// The cross-certificate without the root above it: nothing leads on.
	r = build(t, NewGraph([]*Certificate{r36, cross}, nil, Limits{}), leaf, nil)
	if len(r.DeadEnds) != 1 || r.DeadEnds[0].Certificate != cross || !bytes.Equal(r.DeadEnds[0].KeyID, usertrust.SubjectKeyID()) {
		t.Errorf("dead ends %+v", r.DeadEnds)
	}
	// The issuing CA alone, and the leaf alone with the addresses to ask.
	r = build(t, NewGraph(nil, []*Certificate{usertrust}, Limits{}), leaf, nil)
	if len(r.DeadEnds) != 1 || r.DeadEnds[0].Kind != IssuerMissing || len(r.DeadEnds[0].AIA) == 0 || r.DeadEnds[0].Issuer != r36.Subject() {
		t.Errorf("dead ends %+v", r.DeadEnds)
	}
	// Another address, another purpose.
	g := NewGraph(all, []*Certificate{self}, Limits{})
	if r = build(t, g, leaf, &Options{Email: "other@example.com"}); len(r.Accepted) != 0 || r.Rejected[0].Problems[0].Code != problemEmail {
		t.Errorf("%v", describe(r.Rejected))
	}
	if r = build(t, g, leaf, &Options{Purpose: Purpose{EKU: serverAuth}}); len(r.Accepted) != 0 || r.Rejected[0].Problems[0].Code != problemExtKeyUsage {
		t.Errorf("%v", describe(r.Rejected))
	}
	// A folder of CA files without a leaf.
	if r = build(t, g, r36, &Options{Purpose: Purpose{Usage: Issue}}); len(r.Accepted) != 1 || len(r.DeadEnds) != 1 {
		t.Errorf("%v, dead ends %v", describe(r.Accepted), r.DeadEnds)
	}
	if groups := g.CrossPairs(); len(groups) != 1 || groups[0][0] != self || groups[0][1] != cross {
		t.Errorf("cross pairs %v", groups)
	}
}

// threeForms is a family in the shape of the one above: an issuing CA, its
// root in three forms, and the roots that certified it.
type threeForms struct {
	leaf, issuing, self, byUT, byAAA, ut, utByAAA, aaa *Certificate
}

func newThreeForms(tb testing.TB) *threeForms {
	root, ut, aaa := entity{"Mail Root", 0}, entity{"UT Root", 1}, entity{"AAA Root", 2}
	issuing := entity{"Issuing CA", 3}
	year := func(y int) time.Time { return time.Date(y, 12, 31, 23, 59, 59, 0, time.UTC) }
	return &threeForms{
		leaf:    sign(tb, entity{"Leaf", leafKey}, issuing, asLeaf, until(year(2027))),
		issuing: sign(tb, issuing, root, until(year(2036))),
		self:    sign(tb, root, root, until(year(2046))),
		byUT:    sign(tb, root, ut, until(year(2038))),
		byAAA:   sign(tb, root, aaa, until(year(2028))),
		ut:      sign(tb, ut, ut, until(year(2038))),
		utByAAA: sign(tb, ut, aaa, until(year(2028))),
		aaa:     sign(tb, aaa, aaa, until(year(2029))),
	}
}

func (f *threeForms) certs() []*Certificate {
	return []*Certificate{f.issuing, f.byUT, f.byAAA, f.utByAAA}
}

func (f *threeForms) anchors() []*Certificate { return []*Certificate{f.self, f.ut, f.aaa} }

func TestThreeForms(t *testing.T) {
	f := newThreeForms(t)
	issue := &Options{Purpose: Purpose{Usage: Issue}}
	r := build(t, NewGraph(f.certs(), f.anchors(), Limits{}), f.issuing, issue)
	want := []struct {
		path []*Certificate
		end  int
	}{
		{[]*Certificate{f.issuing, f.self}, 2036},
		{[]*Certificate{f.issuing, f.byUT, f.ut}, 2036},
		{[]*Certificate{f.issuing, f.byAAA, f.aaa}, 2028},
		{[]*Certificate{f.issuing, f.byUT, f.utByAAA, f.aaa}, 2028},
	}
	if len(r.Accepted) != len(want) || len(r.Rejected) != 0 || len(r.DeadEnds) != 0 || !r.Complete() {
		t.Fatalf("%v %v", describe(r.Accepted), describe(r.Rejected))
	}
	for i, w := range want {
		if p := r.Accepted[i]; !slices.Equal(p.Certificates, w.path) || p.NotAfter.Year() != w.end {
			t.Errorf("path %d: %v until %s", i, describe([]*Path{p}), p.NotAfter)
		}
	}
	// In 2029 the forms by AAA have ended.
	late, err := NewGraph(f.certs(), f.anchors(), Limits{}).Build(context.Background(), f.issuing, time.Date(2029, 6, 1, 0, 0, 0, 0, time.UTC), issue)
	if err != nil {
		t.Fatal(err)
	}
	if len(late.Accepted) != 2 || len(late.Rejected) != 2 || late.Rejected[0].Problems[0].Code != problemExpired {
		t.Errorf("2029: %v %v", describe(late.Accepted), describe(late.Rejected))
	}
}

// TestRemoval takes each certificate away in turn: exactly the paths that used
// it go.
func TestRemoval(t *testing.T) {
	f := newThreeForms(t)
	m := newMesh(t, 5, false)
	for _, test := range []struct {
		name           string
		leaf           *Certificate
		certs, anchors []*Certificate
	}{
		{"three forms", f.leaf, f.certs(), f.anchors()},
		{"mesh", m.leaf, append(m.certs, m.last), []*Certificate{m.root}},
	} {
		t.Run(test.name, func(t *testing.T) {
			whole := build(t, NewGraph(test.certs, test.anchors, Limits{}), test.leaf, nil)
			if !whole.Complete() || len(whole.Accepted) < 4 {
				t.Fatalf("%d paths, cut by %q", len(whole.Accepted), whole.Truncated)
			}
			for _, gone := range append(slices.Clone(test.certs), test.anchors...) {
				var want []*Path
				for _, p := range whole.Accepted {
					if !slices.Contains(p.Certificates, gone) {
						want = append(want, p)
					}
				}
				is := func(c *Certificate) bool { return c == gone }
				g := NewGraph(slices.DeleteFunc(slices.Clone(test.certs), is), slices.DeleteFunc(slices.Clone(test.anchors), is), Limits{})
				if got := build(t, g, test.leaf, nil); !slices.Equal(keys(got.Accepted), keys(want)) {
					t.Errorf("without %s: %v, want %v", gone, describe(got.Accepted), describe(want))
				}
			}
		})
	}
}

// TestInputOrder gives the same certificates in other orders, twice, among
// others, and from many goroutines.
func TestInputOrder(t *testing.T) {
	f := newThreeForms(t)
	want := build(t, NewGraph(f.certs(), f.anchors(), Limits{}), f.leaf, nil)
	r := rand.New(rand.NewPCG(5, 6))
	var wg sync.WaitGroup
	for range 40 {
		certs, anchors := f.certs(), f.anchors()
		if r.IntN(2) == 0 {
			certs = append(certs, certs...)
			certs = append(certs, ParseCertificate(f.byUT.Raw), f.leaf, f.self)
			anchors = append(anchors, anchors[r.IntN(3)])
		}
		if r.IntN(2) == 0 {
			certs = append(certs, newMesh(t, 3, false).certs...)
			certs = append(certs, ParseCertificate([]byte{0x30, 0}), nil)
		}
		r.Shuffle(len(certs), func(i, j int) { certs[i], certs[j] = certs[j], certs[i] })
		r.Shuffle(len(anchors), func(i, j int) { anchors[i], anchors[j] = anchors[j], anchors[i] })
		g := NewGraph(certs, anchors, Limits{})
		for range 2 {
			wg.Go(func() {
				got, err := g.Build(context.Background(), f.leaf, testTime, nil)
				if err != nil || !slices.Equal(keys(got.Accepted), keys(want.Accepted)) || len(got.DeadEnds) != 0 || !got.Complete() {
					t.Errorf("%v, want %v", describe(got.Accepted), describe(want.Accepted))
				}
			})
		}
	}
	wg.Wait()
	warm := build(t, NewGraph(f.certs(), f.anchors(), Limits{}), f.leaf, nil)
	if warm.Signatures != 0 {
		t.Errorf("%d signature checks although all are known", warm.Signatures)
	}
}

func TestGraphFacts(t *testing.T) {
	f := newThreeForms(t)
	twin := ParseCertificate(f.byUT.Raw)
	broken := ParseCertificate([]byte("not a certificate"))
	stray := sign(t, entity{"Stray CA", 40}, entity{"Nobody", 41})
	g := NewGraph(append(f.certs(), twin, stray, broken), f.anchors(), Limits{})
	r := build(t, g, f.leaf, nil)
	if got := g.Unused(r); !slices.Equal(got, []*Certificate{stray}) {
		t.Errorf("unused %v", got)
	}
	if got := g.Duplicates(); len(got) != 1 || !slices.Equal(got[0], []*Certificate{f.byUT, twin}) {
		t.Errorf("duplicates %v", got)
	}
	if got := g.Refused(); !slices.Equal(got, []*Certificate{broken}) {
		t.Errorf("refused %v", got)
	}
	pairs := g.CrossPairs()
	if len(pairs) != 2 || !slices.Equal(pairs[0], []*Certificate{f.self, f.byUT, f.byAAA}) || !slices.Equal(pairs[1], []*Certificate{f.ut, f.utByAAA}) {
		t.Errorf("cross pairs %v", pairs)
	}
	if got := g.Anchors(); !slices.Equal(got, []*Certificate{f.self, f.ut, f.aaa}) {
		t.Errorf("anchors %v", got)
	}
	if got := g.Certificates(); len(got) != 8 {
		t.Errorf("%d certificates", len(got))
	}
	order := Order([]*Certificate{broken, f.aaa, f.self, f.issuing, f.leaf, f.byUT})
	if !slices.Equal(order, []*Certificate{f.leaf, f.issuing, f.aaa, f.self, f.byUT, broken}) {
		t.Errorf("order %v", order)
	}
}
