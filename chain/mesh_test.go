package chain

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// checksToFirst counts the signatures that are remembered once the first
// accepted path has come out of the sequence.
func checksToFirst(g *Graph, leaf *Certificate) (*Path, int) {
	var first *Path
	for p := range g.Paths(context.Background(), leaf, testTime, nil) {
		if p.Accepted() {
			first = p
			break
		}
	}
	return first, countChecks(append(g.Certificates(), leaf))
}

func countChecks(certs []*Certificate) int {
	n := 0
	for _, c := range certs {
		for r := c.sigs.Load(); r != nil; r = r.next {
			n++
		}
	}
	return n
}

func TestMeshFirstPath(t *testing.T) {
	for _, test := range []struct {
		name     string
		sameName bool
		forged   bool
		most     int
	}{
		{"distinct names", false, false, 10},
		{"distinct names, a forged root name", false, true, 10},
		{"one name", true, false, 30},
		{"one name, a forged root name", true, true, 30},
	} {
		for n := 4; n <= 10; n++ {
			t.Run(fmt.Sprintf("%s/%d", test.name, n), func(t *testing.T) {
				m := newMesh(t, n, test.sameName)
				certs := append(m.certs, m.last)
				if test.forged {
					// In the name of the root, by another key.
					certs = append(certs, sign(t, m.cas[0], entity{"Root", 950}, func(c *x509.Certificate) { c.AuthorityKeyId = testKeyID(rootKey) }))
				}
				p, checks := checksToFirst(NewGraph(certs, []*Certificate{m.root}, Limits{}), m.leaf)
				if p == nil {
					t.Fatal("no path")
				}
				if len(p.Certificates) != 4 {
					t.Errorf("%d certificates", len(p.Certificates))
				}
				if checks > test.most {
					t.Errorf("%d signature checks, want at most %d", checks, test.most)
				}
				t.Logf("%d checks", checks)
			})
		}
	}
}

func TestMeshUnreachable(t *testing.T) {
	other := sign(t, entity{"Other Root", 951}, entity{"Other Root", 951})
	forged := sign(t, entity{"Root", 950}, entity{"Root", 950})
	for _, test := range []struct {
		name    string
		change  func(m *mesh) (certs, anchors []*Certificate)
		kind    DeadEndKind
		nearest MissCode
		misses  int
	}{
		{"the root is missing", func(m *mesh) (certs, anchors []*Certificate) {
			return append(m.certs, m.last), []*Certificate{other}
		}, IssuerMissing, 0, 0},
		{"the root is no anchor", func(m *mesh) (certs, anchors []*Certificate) {
			return append(m.certs, m.last, m.root), []*Certificate{other}
		}, NotAnchor, 0, 0},
		{"a forged root", func(m *mesh) (certs, anchors []*Certificate) {
			return append(m.certs, m.last), []*Certificate{forged}
		}, IssuerMissing, missSameNameOtherKey, 1},
		{"no certificate by the root", func(m *mesh) (certs, anchors []*Certificate) {
			return m.certs, []*Certificate{m.root}
		}, NoAnchor, 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := newMesh(t, 14, false)
			certs, anchors := test.change(m)
			r, err := NewGraph(certs, anchors, Limits{}).Build(context.Background(), m.leaf, testTime, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Accepted)+len(r.Rejected) != 0 || !r.Complete() {
				t.Errorf("%d accepted, %d rejected, cut by %q", len(r.Accepted), len(r.Rejected), r.Truncated)
			}
			if len(r.DeadEnds) != 1 || r.DeadEnds[0].Kind != test.kind || len(r.DeadEnds[0].NearMisses) != test.misses {
				t.Fatalf("dead ends %+v", r.DeadEnds)
			}
			if test.misses > 0 && r.DeadEnds[0].NearMisses[0].Code != test.nearest {
				t.Errorf("near miss %s", r.DeadEnds[0].NearMisses[0].Code)
			}
			if r.Signatures > 5 {
				t.Errorf("%d signature checks, want at most 5", r.Signatures)
			}
			t.Logf("%d checks, %d steps", r.Signatures, r.Steps)
		})
	}
}

// keys returns the paths as strings, to be compared.
func keys(paths []*Path) []string {
	out := make([]string, len(paths))
	for i, p := range paths {
		var sb strings.Builder
		for _, c := range p.Certificates {
			sum := c.SHA256()
			fmt.Fprintf(&sb, "%x ", sum[:6])
		}
		out[i] = sb.String()
	}
	return out
}

// simplePaths are the paths that a walk without any cleverness finds, sorted.
func simplePaths(certs, anchors []*Certificate, leaf *Certificate) []string {
	var out []string
	signed := map[[2]*Certificate]bool{}
	signedBy := func(c, issuer *Certificate) bool {
		ok, known := signed[[2]*Certificate{c, issuer}]
		if !known {
			ok = bytes.Equal(c.RawIssuer(), issuer.RawSubject()) && c.cert().CheckSignatureFrom(issuer.cert()) == nil
			signed[[2]*Certificate{c, issuer}] = ok
		}
		return ok
	}
	var walk func(path []*Certificate)
	walk = func(path []*Certificate) {
		last := path[len(path)-1]
		for _, list := range [][]*Certificate{anchors, certs} {
			for _, c := range list {
				if !signedBy(last, c) || slices.ContainsFunc(path, func(d *Certificate) bool {
					return bytes.Equal(c.RawSubject(), d.RawSubject()) && bytes.Equal(c.RawSubjectPublicKeyInfo(), d.RawSubjectPublicKeyInfo())
				}) {
					continue
				}
				next := append(slices.Clone(path), c)
				if &list[0] == &anchors[0] {
					out = append(out, keys([]*Path{{Certificates: next}})...)
				} else if len(next) < 9 {
					walk(next)
				}
			}
		}
	}
	walk([]*Certificate{leaf})
	slices.Sort(out)
	return slices.Compact(out)
}

func allPaths(tb testing.TB, certs, anchors []*Certificate, leaf *Certificate) []string {
	tb.Helper()
	r, err := NewGraph(certs, anchors, Limits{}).Build(context.Background(), leaf, testTime,
		&Options{Limits: Limits{Paths: 10000, Rejected: 10000, Signatures: 10000, Length: 9}})
	if err != nil {
		tb.Fatal(err)
	}
	if !r.Complete() && r.Truncated != budgetLength {
		tb.Fatalf("cut by %s", r.Truncated)
	}
	out := append(keys(r.Accepted), keys(r.Rejected)...)
	slices.Sort(out)
	return out
}

// comparePaths compares the paths of meshes and of random graphs with those of
// another walk.
func comparePaths(t *testing.T, walk func(certs, anchors []*Certificate, leaf *Certificate) []string) {
	for n, want := range map[int]int{4: 5, 5: 16, 6: 65, 7: 326} {
		for _, sameName := range []bool{false, true} {
			t.Run(fmt.Sprintf("mesh %d, one name %t", n, sameName), func(t *testing.T) {
				m := newMesh(t, n, sameName)
				certs, anchors := append(m.certs, m.last), []*Certificate{m.root}
				got := allPaths(t, certs, anchors, m.leaf)
				if len(got) != want {
					t.Errorf("%d paths, want %d", len(got), want)
				}
				if other := walk(certs, anchors, m.leaf); !slices.Equal(got, other) {
					t.Errorf("%d paths, the other walk has %d", len(got), len(other))
				}
			})
		}
	}
	// Random graphs: some CAs, some cross-certificates, several anchors.
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 60 {
		n := 3 + r.IntN(5)
		var cas []entity
		for k := range n {
			cas = append(cas, entity{fmt.Sprintf("CA %d", r.IntN(n)), k})
		}
		var certs, anchors []*Certificate
		for range n + r.IntN(3*n) {
			a, b := cas[r.IntN(n)], cas[r.IntN(n)]
			if a == b {
				continue
			}
			certs = append(certs, sign(t, a, b, serial(int64(r.IntN(3)+1))))
		}
		for _, k := range r.Perm(n)[:1+r.IntN(2)] {
			anchors = append(anchors, sign(t, cas[k], cas[k]))
		}
		leaf := sign(t, entity{"Leaf", leafKey}, cas[r.IntN(n)], asLeaf)
		got, want := allPaths(t, certs, anchors, leaf), walk(certs, anchors, leaf)
		if !slices.Equal(got, want) {
			t.Errorf("graph %d: %d paths, the other walk has %d", i, len(got), len(want))
		}
	}
}

func TestPathsEqualSimpleWalk(t *testing.T) { comparePaths(t, simplePaths) }

// TestDecoy has a dead-end mesh beside the one good path, in many orders.
func TestDecoy(t *testing.T) {
	m := newMesh(t, 4, false)
	// Not m.last: the mesh is a dead end. The good path is by another CA.
	good := entity{"Good CA", 800}
	certs := append(slices.Clone(m.certs), sign(t, m.cas[0], good), sign(t, good, rootEntity))
	anchors := []*Certificate{m.root}
	r := rand.New(rand.NewPCG(3, 4))
	var want []string
	for i := range 200 {
		shuffled := slices.Clone(certs)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		res, err := NewGraph(shuffled, anchors, Limits{}).Build(context.Background(), m.leaf, testTime, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := keys(res.Accepted)
		if i == 0 {
			want = got
			if len(want) == 0 || len(res.Accepted[0].Certificates) != 4 {
				t.Fatalf("accepted %v", want)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("order %d: %v, want %v", i, got, want)
		}
	}
}

func ladder(tb testing.TB, depth, k int) (leaf *Certificate, certs, anchors []*Certificate) {
	above := rootEntity
	anchors = []*Certificate{sign(tb, above, above)}
	for i := range depth {
		level := entity{fmt.Sprintf("Level %d", i), i}
		for n := range k {
			certs = append(certs, sign(tb, level, above, serial(int64(n+1))))
		}
		above = level
	}
	return sign(tb, entity{"Leaf", leafKey}, above, asLeaf), certs, anchors
}

func TestLadder(t *testing.T) {
	leaf, certs, anchors := ladder(t, 3, 4)
	r, _ := NewGraph(certs, anchors, Limits{}).Build(context.Background(), leaf, testTime, nil)
	if len(r.Accepted) != 64 || !r.Complete() || r.Signatures != 13 {
		t.Errorf("%d accepted, cut by %q, %d checks", len(r.Accepted), r.Truncated, r.Signatures)
	}
	leaf, certs, anchors = ladder(t, 6, 8)
	start := time.Now()
	r, _ = NewGraph(certs, anchors, Limits{}).Build(context.Background(), leaf, testTime, nil)
	if len(r.Accepted) != 64 || r.Truncated != budgetPaths {
		t.Errorf("%d accepted, cut by %q", len(r.Accepted), r.Truncated)
	}
	t.Logf("262 144 paths: %d checks, %d steps, %s", r.Signatures, r.Steps, time.Since(start))
}

func TestBudgets(t *testing.T) {
	m := newMesh(t, 8, false)
	certs, anchors := append(m.certs, m.last), []*Certificate{m.root}
	expired, cancel := context.WithCancel(context.Background())
	cancel()
	for _, test := range []struct {
		name   string
		ctx    context.Context
		limits Limits
		want   Budget
	}{
		{"none", context.Background(), Limits{Paths: 5000, Signatures: 5000, Steps: 1_000_000}, budgetNone},
		{"signatures", context.Background(), Limits{Signatures: 5}, budgetSignatures},
		{"no signatures", context.Background(), Limits{Signatures: -1}, budgetSignatures},
		{"paths", context.Background(), Limits{Paths: 3}, budgetPaths},
		{"length", context.Background(), Limits{Length: 5, Paths: 5000}, budgetLength},
		{"steps", context.Background(), Limits{Steps: 50, Paths: 5000}, budgetSteps},
		{"certificates", context.Background(), Limits{Certificates: 20}, budgetCertificates},
		{"certificates, then signatures", context.Background(), Limits{Certificates: 20, Signatures: -1}, budgetCertificates},
		{"context", expired, Limits{}, budgetContext},
	} {
		t.Run(test.name, func(t *testing.T) {
			// Fresh certificates: nothing is remembered.
			fresh := func(certs []*Certificate) (out []*Certificate) {
				for _, c := range certs {
					out = append(out, ParseCertificate(c.Raw))
				}
				return out
			}
			r, err := NewGraph(fresh(certs), fresh(anchors), test.limits).Build(test.ctx, fresh([]*Certificate{m.leaf})[0], testTime, &Options{Limits: test.limits})
			if err != nil {
				t.Fatal(err)
			}
			if r.Truncated != test.want || r.Complete() != (test.want == budgetNone) {
				t.Errorf("cut by %q, want %q", r.Truncated, test.want)
			}
			if test.want == budgetNone && len(r.Accepted) != 1957 {
				t.Errorf("%d paths", len(r.Accepted))
			}
		})
	}
}

// TestOracleLosesTheMesh logs what crypto/x509 makes of a mesh of ten.
func TestOracleLosesTheMesh(t *testing.T) {
	m := newMesh(t, 10, false)
	roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(m.root.cert())
	for _, c := range append(m.certs, m.last) {
		intermediates.AddCert(c.cert())
	}
	chains, err := m.leaf.cert().Verify(x509.VerifyOptions{Roots: roots, Intermediates: intermediates, CurrentTime: testTime, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}})
	t.Logf("crypto/x509: %d chains, %v", len(chains), err)
}

// TestLengthOfAnchor holds that an anchor is a path by itself, which has one certificate.
func TestLengthOfAnchor(t *testing.T) {
	root := sign(t, rootEntity, rootEntity)
	for length, paths := range map[int]int{-1: 0, 0: 1, 1: 1} {
		limits := Limits{Length: length}
		r, err := NewGraph([]*Certificate{root}, []*Certificate{root}, limits).Build(t.Context(), root, testTime, &Options{Purpose: Purpose{Usage: Issue}, Limits: limits})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Accepted) != paths || r.Complete() != (paths > 0) {
			t.Errorf("at most %d: %d paths, cut by %q", length, len(r.Accepted), r.Truncated)
		}
	}
	// One that another anchor has issued leads to that too.
	ca := sign(t, entity{"CA", 1}, rootEntity)
	both := []*Certificate{root, ca}
	for limit, want := range map[int]Budget{0: budgetNone, 1: budgetPaths, 2: budgetNone} {
		limits := Limits{Paths: limit}
		r, err := NewGraph(both, both, limits).Build(t.Context(), ca, testTime, &Options{Purpose: Purpose{Usage: Issue}, Limits: limits})
		if err != nil {
			t.Fatal(err)
		}
		paths := 2
		if want == budgetPaths {
			paths = 1
		}
		if len(r.Accepted) != paths || r.Truncated != want {
			t.Errorf("at most %d paths: %d, cut by %q", limit, len(r.Accepted), r.Truncated)
		}
	}
}
