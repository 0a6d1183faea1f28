package chain

import (
	"context"
	"crypto/x509"
	"slices"
	"strings"
	"testing"
	"time"
)

// commonNames says of certificates whose they are.
func commonNames(list []*Certificate) string {
	var names []string
	for _, c := range list {
		names = append(names, c.CommonName())
	}
	return strings.Join(names, " ")
}

// TestGraphOfNothing holds that what is no certificate has no place in a graph: it has issued
// nothing, nobody has issued it, and no path begins there.
func TestGraphOfNothing(t *testing.T) {
	root, ca := sign(t, rootEntity, rootEntity), entity{"CA", 1}
	issuing := sign(t, ca, rootEntity)
	text, cut := ParseCertificate([]byte("text")), ParseCertificate(sign(t, ca, rootEntity).Raw[:100])
	g := NewGraph([]*Certificate{nil, issuing, text, cut, text}, []*Certificate{root}, Limits{})
	for _, c := range []*Certificate{nil, text, cut} {
		if g.Issuers(c) != nil || g.Issued(c) != nil {
			t.Errorf("%v has issuers %v and issued %v", c, g.Issuers(c), g.Issued(c))
		}
		paths := 0
		for p := range g.Paths(t.Context(), c, testTime, nil) {
			paths++
			if p.Accepted() {
				t.Errorf("a path from %v", c)
			}
		}
		r, err := g.Build(t.Context(), c, testTime, nil)
		switch {
		case c == nil:
			if err == nil || r != nil || paths != 0 {
				t.Errorf("nothing: %v, %v, %d paths", r, err, paths)
			}
		case err != nil || len(r.Accepted) != 0 || len(r.Rejected) != 1 || len(r.DeadEnds) != 0 || paths != 1:
			t.Errorf("%v: %v, %v, %d paths", c, r, err, paths)
		}
	}
	if got := g.Refused(); len(got) != 2 {
		t.Errorf("refused: %v", got)
	}
	if got := g.Issued(sign(t, entity{"Stranger", 7}, rootEntity)); got != nil {
		t.Errorf("a stranger issued %v", got)
	}
}

// TestDuplicates holds that the same octets are told of where they were given as different
// values, each value once.
func TestDuplicates(t *testing.T) {
	c := sign(t, entity{"CA", 1}, rootEntity)
	again, third := ParseCertificate(c.Raw), ParseCertificate(c.Raw)
	bad := ParseCertificate([]byte("text"))
	badAgain := ParseCertificate([]byte("text"))
	other := sign(t, entity{"B", 2}, rootEntity)
	for _, tt := range []struct {
		name  string
		given []*Certificate
		want  [][]*Certificate
	}{
		{"one", []*Certificate{c, other}, nil},
		{"one, twice", []*Certificate{c, c, other}, nil},
		{"two", []*Certificate{c, again, other}, [][]*Certificate{{c, again}}},
		{"two, twice", []*Certificate{c, again, c, again}, [][]*Certificate{{c, again}}},
		{"three", []*Certificate{c, again, other, third}, [][]*Certificate{{c, again, third}}},
		{"what cannot be read, twice", []*Certificate{bad, bad}, nil},
		{"two that cannot be read", []*Certificate{bad, c, badAgain, bad}, [][]*Certificate{{bad, badAgain}}},
	} {
		got := NewGraph(tt.given, nil, Limits{}).Duplicates()
		if !slices.EqualFunc(got, tt.want, slices.Equal) {
			t.Errorf("%s: %d groups: %v", tt.name, len(got), got)
		}
	}
}

// TestOrderOfCrossPairs holds that of certificates for one CA the self-issued come first, then
// those that end later.
func TestOrderOfCrossPairs(t *testing.T) {
	ca := entity{"CA", 1}
	itself, before := sign(t, ca, ca, until(testTime.AddDate(0, 2, 0))), sign(t, ca, ca, until(testTime.AddDate(0, 1, 0)))
	late, early := sign(t, ca, rootEntity), sign(t, ca, entity{"B", 2}, until(testTime.AddDate(1, 0, 0)))
	want := []*Certificate{itself, before, late, early}
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 0, 3, 2}, {2, 1, 3, 0}, {2, 3, 0, 1}} {
		var given []*Certificate
		for _, i := range order {
			given = append(given, want[i])
		}
		if got := NewGraph(given, nil, Limits{}).CrossPairs(); len(got) != 1 || !slices.Equal(got[0], want) {
			t.Errorf("%v: %v", order, got)
		}
	}
	if got := NewGraph([]*Certificate{late, sign(t, ca, rootEntity, serial(5))}, nil, Limits{}).CrossPairs(); got != nil {
		t.Errorf("two by one issuer: %v", got)
	}
}

// TestIssuersByKeyIdentifier holds which issuers come first, and whom a CA has issued.
func TestIssuersByKeyIdentifier(t *testing.T) {
	ca := entity{"CA", 1}
	named := func(id ...byte) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.SubjectKeyId = id }
	}
	by := func(id ...byte) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.AuthorityKeyId = id }
	}
	right, none, wrong := sign(t, ca, rootEntity, named(1)), sign(t, entity{"CA", 2}, rootEntity, noKeyID, func(c *x509.Certificate) { c.IsCA = false }), sign(t, entity{"CA", 3}, rootEntity, named(3))
	g := NewGraph([]*Certificate{wrong, none, right}, nil, Limits{})
	leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf, by(1))
	if got := g.Issuers(leaf); !slices.Equal(got, []*Certificate{right, none, wrong}) {
		t.Errorf("%v", got)
	}
	whole := NewGraph([]*Certificate{wrong, none, right, leaf}, nil, Limits{})
	for c, want := range map[*Certificate]string{right: "Leaf", none: "Leaf", wrong: ""} {
		if got := commonNames(whole.Issued(c)); got != want {
			t.Errorf("key identifier %x has issued %q, want %q", c.SubjectKeyID(), got, want)
		}
	}
	// Of a key that was found not to have made the signature it is known.
	forged := sign(t, entity{"Leaf", leafKey}, entity{"CA", 4}, asLeaf, by(1))
	whole = NewGraph([]*Certificate{right, forged}, []*Certificate{sign(t, rootEntity, rootEntity)}, Limits{})
	if got := whole.Issuers(forged); !slices.Equal(got, []*Certificate{right}) || commonNames(whole.Issued(right)) != "Leaf" {
		t.Errorf("before a search: %v", got)
	}
	build(t, whole, forged, nil)
	if got := whole.Issuers(forged); got != nil || whole.Issued(right) != nil {
		t.Errorf("after a search: %v, %v", got, whole.Issued(right))
	}
}

// TestValidityIncludesItsEnds holds that a certificate is valid in its first second and its
// last (RFC 5280, Section 4.1.2.5).
func TestValidityIncludesItsEnds(t *testing.T) {
	c := sign(t, rootEntity, rootEntity)
	for at, want := range map[time.Time]bool{
		testStart.Add(-1): false, testStart: true, testEnd: true, testEnd.Add(time.Second): false,
	} {
		if c.validAt(at) != want {
			t.Errorf("%s: %t", at, !want)
		}
	}
}

// endsAfter is a context that ends when it has been asked some times.
type endsAfter struct {
	context.Context
	times *int
}

func (c endsAfter) Err() error {
	if *c.times--; *c.times < 0 {
		return context.Canceled
	}
	return nil
}

// TestEndedWithinSearch holds that no dead end is told of where the context ended before.
func TestEndedWithinSearch(t *testing.T) {
	ca, root := entity{"CA", 1}, sign(t, rootEntity, rootEntity)
	for times := range 4 {
		expired := sign(t, ca, rootEntity, until(testTime.Add(-1)))
		g := NewGraph([]*Certificate{expired}, []*Certificate{root}, Limits{})
		left := times
		r, err := g.Build(endsAfter{t.Context(), &left}, sign(t, entity{"Leaf", leafKey}, ca, asLeaf), testTime, nil)
		if err != nil || r.Complete() != (left >= 0) || !r.Complete() && len(r.DeadEnds) > 0 {
			t.Errorf("asked %d times: cut by %q, dead ends %v, %v", times, r.Truncated, r.DeadEnds, err)
		}
	}
}

// TestEndedSearch holds that a search whose context has ended says so and finds nothing.
func TestEndedSearch(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	root := sign(t, rootEntity, rootEntity)
	r, err := NewGraph([]*Certificate{sign(t, entity{"CA", 1}, rootEntity)}, []*Certificate{root}, Limits{}).Build(ctx, sign(t, entity{"Leaf", leafKey}, entity{"CA", 1}, asLeaf), testTime, nil)
	if err != nil || r.Truncated != budgetContext || r.Complete() || len(r.Accepted)+len(r.Rejected)+len(r.DeadEnds) != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}
