package chain

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestEdges holds what a graph says of who may have issued whom, and the way that leads
// to a dead end.
func TestEdges(t *testing.T) {
	ca, other := entity{"CA", 1}, entity{"CA", 2}
	root := sign(t, rootEntity, rootEntity)
	issuing, rekeyed := sign(t, ca, rootEntity), sign(t, other, rootEntity)
	leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf)
	g := NewGraph([]*Certificate{issuing, rekeyed, root}, nil, Limits{})
	if got := g.Issuers(leaf); !slices.Equal(got, []*Certificate{issuing, rekeyed}) {
		t.Errorf("issuers of the leaf: %v", got)
	}
	if got := g.Issuers(root); got != nil {
		t.Errorf("issuers of the root: %v", got)
	}
	if got := g.Issuers(nil); got != nil {
		t.Errorf("issuers of nothing: %v", got)
	}
	with := NewGraph([]*Certificate{issuing, rekeyed, root, leaf}, nil, Limits{})
	if got := with.Issued(issuing); !slices.Equal(got, []*Certificate{leaf}) {
		t.Errorf("issued by the CA: %v", got)
	}
	if got := with.Issued(rekeyed); got != nil {
		t.Errorf("issued by another key: %v", got)
	}
	// Without key identifiers the name is all there is, until the signature has been checked.
	bare := sign(t, entity{"Leaf", leafKey}, ca, asLeaf, noKeyID)
	byName := NewGraph([]*Certificate{rekeyed, bare}, nil, Limits{})
	for _, want := range [][]*Certificate{{bare}, nil} {
		if got := byName.Issued(rekeyed); !slices.Equal(got, want) {
			t.Errorf("issued by name: %v, want %v", got, want)
		}
		build(t, byName, bare, nil)
	}
	alone := NewGraph([]*Certificate{issuing, rekeyed}, nil, Limits{})
	r := build(t, alone, leaf, nil)
	if len(r.DeadEnds) != 1 || !slices.Equal(r.DeadEnds[0].Way, []*Certificate{leaf, issuing}) {
		t.Errorf("dead ends %+v", r.DeadEnds)
	}
	if got := alone.Unused(r); !slices.Equal(got, []*Certificate{rekeyed}) {
		t.Errorf("unused: %v", got)
	}
	// A signature that was checked is no longer in doubt.
	if got := alone.Issuers(issuing); got != nil {
		t.Errorf("issuers of the CA: %v", got)
	}
}

// TestWayToDeadEnds holds that a dead end is the first certificate of a chain whose
// issuer is not there, be it that another certificate has the issuer's name.
func TestWayToDeadEnds(t *testing.T) {
	const n = 5
	of := func(i int) entity { return entity{"CA " + strconv.Itoa(i), i} }
	for last := range n {
		certs := []*Certificate{sign(t, entity{"Leaf", leafKey}, of(1), asLeaf)}
		if last == 0 {
			certs[0] = sign(t, entity{"Leaf", leafKey}, entity{"CA 1", n + 1}, asLeaf)
		}
		for i := 1; i < n; i++ {
			issuer := of(i + 1)
			if i == last {
				issuer.key = n + 1 // which no certificate is for
			}
			certs = append(certs, sign(t, of(i), issuer))
		}
		r := build(t, NewGraph(certs[1:], []*Certificate{sign(t, rootEntity, rootEntity)}, Limits{}), certs[0], nil)
		if len(r.DeadEnds) != 1 || r.DeadEnds[0].Certificate != certs[last] || !slices.Equal(r.DeadEnds[0].Way, certs[:last+1]) {
			t.Errorf("certificate %d is signed with another key: dead ends %+v", last, r.DeadEnds)
		}
	}
}

// TestKindsOfDeadEnds holds what a dead end is said to be.
func TestKindsOfDeadEnds(t *testing.T) {
	ca, again := entity{"CA", 1}, entity{"CA", 2}
	leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf)
	issuing, rekeyed, itself := sign(t, ca, rootEntity), sign(t, ca, again), sign(t, ca, ca)
	for _, test := range []struct {
		name  string
		certs []*Certificate
		at    *Certificate
		want  DeadEndKind
	}{
		{"nothing", nil, leaf, IssuerMissing},
		{"a CA", []*Certificate{issuing}, issuing, IssuerMissing},
		{"a root", []*Certificate{itself}, itself, NotAnchor},
		{"a CA that another of its name certified", []*Certificate{rekeyed}, rekeyed, IssuerMissing},
		{"a circle", []*Certificate{sign(t, ca, entity{"B", 3}), sign(t, entity{"B", 3}, ca)}, leaf, NoAnchor},
	} {
		g := NewGraph(test.certs, nil, Limits{})
		for _, time := range []string{"first", "second"} { // when certificates remember signatures
			r := build(t, g, leaf, nil)
			if len(r.DeadEnds) != 1 || r.DeadEnds[0].Certificate != test.at || r.DeadEnds[0].Kind != test.want {
				t.Errorf("%s: the %s time: %+v", test.name, time, r.DeadEnds)
			}
		}
	}
}

// TestWhereWaysEnd holds which certificates are dead ends, and what nearly leads on there.
func TestWhereWaysEnd(t *testing.T) {
	ca, mid := entity{"CA", 1}, entity{"Middle", 2}
	root, second := sign(t, rootEntity, rootEntity), entity{"CA", 3}
	leaf, unnamed := sign(t, entity{"Leaf", leafKey}, ca, asLeaf), sign(t, entity{"Leaf", leafKey}, ca, asLeaf, noKeyID)
	byOther := sign(t, entity{"Leaf", leafKey}, second, asLeaf, noKeyID)
	issuing, expired := sign(t, ca, rootEntity), until(testTime.Add(-1))
	noCA := func(c *x509.Certificate) { c.IsCA = false }
	early := func(c *x509.Certificate) { c.NotBefore = testTime.Add(time.Second) }
	old := remake(t, root, func(e [][]byte) { e[tbsVersion], e[tbsExtensions] = nil, nil }, nil, byKey(t, rootKey))
	others := func(n int) (list []*Certificate) {
		for i := range n {
			list = append(list, sign(t, entity{"CA", 10 + i}, rootEntity))
		}
		return list
	}
	for _, tt := range []struct {
		name           string
		leaf           *Certificate
		certs, anchors []*Certificate
		want           string
	}{
		{"a path", leaf, []*Certificate{issuing}, []*Certificate{root}, ""},
		{"a root of version 1", leaf, []*Certificate{issuing}, []*Certificate{old}, ""},
		{"an expired CA", leaf, []*Certificate{sign(t, ca, mid, expired)}, []*Certificate{root}, "Leaf issuer missing: expired"},
		{"a CA before its time", leaf, []*Certificate{sign(t, ca, mid, early)}, []*Certificate{root}, "Leaf issuer missing: not yet valid"},
		{"what is no CA", leaf, []*Certificate{sign(t, ca, mid, noCA)}, []*Certificate{root}, "Leaf issuer missing: not a CA"},
		{"an expired CA beside one that leads nowhere", leaf, []*Certificate{sign(t, ca, entity{"Gone", 4}, expired), sign(t, ca, mid)}, []*Certificate{root}, "CA issuer missing"},
		{"what is no CA beside one that leads nowhere", leaf, []*Certificate{sign(t, ca, entity{"Gone", 4}, noCA), sign(t, ca, mid)}, []*Certificate{root}, "CA issuer missing"},
		{"two keys, the first expired", byOther, []*Certificate{sign(t, ca, rootEntity, expired), sign(t, second, rootEntity)}, []*Certificate{root}, ""},
		{"two keys, the last expired", unnamed, []*Certificate{issuing, sign(t, second, rootEntity, expired)}, []*Certificate{root}, ""},
		{"another form of the anchor", leaf, []*Certificate{issuing, sign(t, rootEntity, rootEntity, serial(7))}, []*Certificate{root}, ""},
		{"the anchor, certified by another", leaf, []*Certificate{issuing, sign(t, rootEntity, mid)}, []*Certificate{root}, "Root issuer missing"},
		{"an anchor that a missing CA has issued", issuing, nil, []*Certificate{issuing}, ""},
		{"a root that is no anchor", leaf, []*Certificate{issuing, root}, []*Certificate{sign(t, mid, mid)}, "Root not an anchor"},
		{"misses of several kinds", leaf, []*Certificate{sign(t, ca, mid, noCA), sign(t, ca, mid, expired), sign(t, entity{"Renamed", 1}, mid), sign(t, second, mid), sign(t, ca, mid, early)}, nil,
			"Leaf issuer missing: same name, other key; same key identifier, other name; not yet valid; expired; not a CA"},
		{"as many misses as are told of", unnamed, others(maxNearMisses), nil, "Leaf issuer missing: 32"},
		{"one more", unnamed, others(maxNearMisses + 1), nil, "Leaf issuer missing: 32 and more"},
	} {
		r := build(t, NewGraph(tt.certs, tt.anchors, Limits{}), tt.leaf, &Options{Purpose: Purpose{Usage: AnyUsage}})
		var got []string
		for _, d := range r.DeadEnds {
			said := d.Certificate.CommonName() + " " + d.Kind.String()
			var misses []string
			for _, m := range d.NearMisses {
				misses = append(misses, m.Code.String())
			}
			switch {
			case d.MoreNearMisses:
				said += fmt.Sprintf(": %d and more", len(misses))
			case len(misses) > 5:
				said += fmt.Sprintf(": %d", len(misses))
			case len(misses) > 0:
				said += ": " + strings.Join(misses, "; ")
			}
			got = append(got, said)
		}
		if s := strings.Join(got, ", "); s != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, s, tt.want)
		}
	}
}

// TestNoDeadEndAboveAnchors holds that no issuer of an anchor is looked for.
func TestNoDeadEndAboveAnchors(t *testing.T) {
	ca := entity{"CA", 1}
	mid := entity{"Middle", 2}
	issuing := sign(t, ca, mid)
	g := NewGraph([]*Certificate{issuing, sign(t, mid, rootEntity)}, []*Certificate{issuing}, Limits{})
	for _, end := range []time.Time{testEnd, testTime.Add(-1)} {
		if r := build(t, g, sign(t, entity{"Leaf", leafKey}, ca, asLeaf, until(end)), nil); len(r.DeadEnds) != 0 || len(r.Accepted)+len(r.Rejected) != 1 {
			t.Errorf("%v", r.DeadEnds)
		}
	}
}

// TestUnreadableLeaf holds that a leaf that cannot be read is told of where one path at a time
// is asked for too.
func TestUnreadableLeaf(t *testing.T) {
	leaf := ParseCertificate([]byte("text"))
	n := 0
	for p := range NewGraph(nil, nil, Limits{}).Paths(t.Context(), leaf, testTime, nil) {
		n++
		if p.Accepted() || len(p.Certificates) != 1 || p.Certificates[0] != leaf {
			t.Errorf("%v", p)
		}
	}
	if n != 1 {
		t.Errorf("%d paths", n)
	}
}

// TestManyOfOneName holds that two certificates of a name and key stand for one CA,
// however many others have the name.
func TestManyOfOneName(t *testing.T) {
	for _, keys := range []int{1, crowd - 1, crowd, crowd + 1, 2*crowd + 1} {
		var certs []*Certificate
		for _, issuer := range []nameKey{"A", "B"} {
			for i := range keys {
				c := certificateOf(&parsed{version: 3, subjectKey: "CA", issuerKey: issuer, spki: []byte(strconv.Itoa(i)), ext: extensions{isCA: true}})
				c.Raw = []byte(string(issuer) + strconv.Itoa(i))
				certs = append(certs, c)
			}
		}
		g := NewGraph(certs, nil, Limits{})
		if pairs := g.CrossPairs(); len(pairs) != keys || slices.ContainsFunc(pairs, func(p []*Certificate) bool { return len(p) != 2 }) {
			t.Errorf("%d keys: %d pairs", keys, len(pairs))
		}
	}
}

// TestLimitOfGraphs holds that as many certificates are looked at as there may be, of those
// that can be read and of those that cannot.
func TestLimitOfGraphs(t *testing.T) {
	leaf := sign(t, entity{"Leaf", leafKey}, entity{"CA", 1}, asLeaf)
	const given = 3
	var read, refused []*Certificate
	for i := range given {
		read = append(read, sign(t, entity{"CA", i}, rootEntity))
		refused = append(refused, ParseCertificate([]byte{byte(i)}))
	}
	for limit := 1; limit <= given+1; limit++ {
		limits := Limits{Certificates: limit}
		for name, g := range map[string]*Graph{"read": NewGraph(read, nil, limits), "refused": NewGraph(refused, nil, limits), "given twice": NewGraph(append(refused, refused...), nil, limits)} {
			cut := build(t, g, leaf, nil).Truncated == budgetCertificates
			if kept := len(g.Certificates()) + len(g.Refused()); kept != min(limit, given) || cut != (limit < given) {
				t.Errorf("%s, %d of %d: %d kept, cut: %t", name, limit, given, kept, cut)
			}
		}
	}
}

// TestOrderOfLongChains holds that no certificate comes after its issuer, however long
// the chain and whatever the order it is given in.
func TestOrderOfLongChains(t *testing.T) {
	const n = 100
	var chain []*Certificate // leaf first
	for i := range n {
		chain = append(chain, certificateOf(&parsed{version: 3, subjectKey: nameKey(strconv.Itoa(i)), issuerKey: nameKey(strconv.Itoa(min(i+1, n-1))), ext: extensions{isCA: i > 0}}))
	}
	backwards := slices.Clone(chain)
	slices.Reverse(backwards)
	mixed := slices.Concat(chain[n/2:], backwards[n/2:])
	for name, certs := range map[string][]*Certificate{"in order": chain, "backwards": backwards, "mixed": mixed} {
		if got := Order(certs); !slices.Equal(got, chain) {
			t.Errorf("%s: another order", name)
		}
	}
}

// certificateOf is a certificate that has been read as p.
func certificateOf(p *parsed) *Certificate {
	c := new(Certificate)
	c.once.Do(func() { c.parsed = p })
	return c
}

// TestOrderOfKinds holds that the certificates of users come before those of CAs, and
// what cannot be read after both, where no name tells more.
func TestOrderOfKinds(t *testing.T) {
	of := func(subject, issuer nameKey, version int, isCA bool) *Certificate {
		return certificateOf(&parsed{version: version, subjectKey: subject, issuerKey: issuer, ext: extensions{isCA: isCA}})
	}
	kinds := []struct {
		certs []*Certificate
		names []string
	}{
		{[]*Certificate{of("a", "-", 3, false), of("b", "b", 3, false), of("c", "-", 1, false)}, []string{"a user", "a user, self-signed", "a user, of version 1"}},
		{[]*Certificate{of("d", "-", 3, true), of("e", "e", 3, true), of("f", "f", 1, false), of("g", "g", 2, false)}, []string{"a CA", "a root", "a root of version 1", "a root of version 2"}},
		{[]*Certificate{certificateOf(&parsed{err: errStructure, version: 3, subjectKey: "h", issuerKey: "-"})}, []string{"what cannot be read"}},
		{[]*Certificate{nil}, []string{"nothing"}},
	}
	for i, first := range kinds {
		for _, second := range kinds[i+1:] {
			for j, a := range first.certs {
				for k, b := range second.certs {
					if got := Order([]*Certificate{b, a}); got[0] != a || got[1] != b {
						t.Errorf("%s comes before %s", second.names[k], first.names[j])
					}
				}
			}
		}
	}
}
