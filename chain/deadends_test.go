package chain

import (
	"context"
	"crypto/x509"
	"slices"
	"testing"
	"time"
)

// TestEveryDeadEnd holds that each place where a way ends is told of, once, and none that
// no path could come to.
func TestEveryDeadEnd(t *testing.T) {
	ca, b, gone, far := entity{"CA", 1}, entity{"B", 2}, entity{"Gone", 3}, entity{"Far", 4}
	leaf, other := sign(t, entity{"Leaf", leafKey}, ca, asLeaf), sign(t, entity{"Leaf", leafKey}, entity{"CA", 9}, asLeaf, noKeyID)
	byGone, byFar, byB := sign(t, ca, gone), sign(t, ca, far), sign(t, ca, b)
	bByGone, bByCA := sign(t, b, gone), sign(t, b, ca)
	type ends map[*Certificate]DeadEndKind
	for _, tt := range []struct {
		name  string
		leaf  *Certificate
		certs []*Certificate
		want  ends
	}{
		{"two", leaf, []*Certificate{byGone, byFar}, ends{byGone: IssuerMissing, byFar: IssuerMissing}},
		{"one that two lead to", leaf, []*Certificate{byB, sign(t, ca, b, serial(8)), bByGone}, ends{bByGone: IssuerMissing}},
		{"another certificate of the leaf's own name and key", byB, []*Certificate{byB, bByCA, byGone}, ends{byB: NoAnchor}},
		{"a circle that the leaf is no part of", other, []*Certificate{byB, bByCA}, ends{other: IssuerMissing}},
	} {
		r := build(t, NewGraph(tt.certs, []*Certificate{sign(t, rootEntity, rootEntity)}, Limits{}), tt.leaf, &Options{Purpose: Purpose{Usage: AnyUsage}})
		if len(r.DeadEnds) != len(tt.want) {
			t.Errorf("%s: %d dead ends, want %d", tt.name, len(r.DeadEnds), len(tt.want))
		}
		for _, d := range r.DeadEnds {
			if kind, ok := tt.want[d.Certificate]; !ok || kind != d.Kind {
				t.Errorf("%s: %s: %s", tt.name, d.Certificate, d.Kind)
			}
		}
	}
}

// TestAnchorTooLong holds that an anchor is no dead end, where not even it may be a path.
func TestAnchorTooLong(t *testing.T) {
	for _, anchor := range []*Certificate{sign(t, rootEntity, rootEntity), sign(t, rootEntity, entity{"Gone", 3})} {
		r := build(t, NewGraph(nil, []*Certificate{anchor}, Limits{}), anchor, &Options{Limits: Limits{Length: -1}})
		if len(r.Accepted)+len(r.Rejected)+len(r.DeadEnds) > 0 || r.Truncated != budgetLength {
			t.Errorf("%v, %v, dead ends %v, cut by %q", describe(r.Accepted), describe(r.Rejected), r.DeadEnds, r.Truncated)
		}
	}
}

// TestNearMissesBeside holds which certificates are told of where several come near.
func TestNearMissesBeside(t *testing.T) {
	ca, next := entity{"CA", 1}, entity{"CA", 2}
	leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf)
	rollover := sign(t, next, ca) // by the key before, of the same name
	expired := sign(t, ca, rootEntity, until(testTime.Add(-time.Hour)))
	renamed := entity{"Renamed CA", 1}
	other := func(c *x509.Certificate) { c.SubjectKeyId = []byte{1} }
	same, differs := sign(t, renamed, rootEntity), sign(t, renamed, rootEntity, other)
	twin := sign(t, renamed, rootEntity, serial(8))
	unnamed := remake(t, leaf, func(e [][]byte) { e[tbsIssuer] = []byte{0x30, 0} }, nil, byKey(t, 1))
	noDates := remake(t, sign(t, ca, rootEntity), func(e [][]byte) { e[tbsValidity] = []byte{0x30, 0} }, nil, byKey(t, rootKey))
	keyOnly := remake(t, same, func(e [][]byte) { e[tbsValidity] = []byte{0x30, 0} }, nil, byKey(t, rootKey))
	neither := remake(t, differs, func(e [][]byte) { e[tbsValidity] = []byte{0x30, 0} }, nil, byKey(t, rootKey))
	keyless := sign(t, renamed, rootEntity, noKeyID, func(c *x509.Certificate) { c.IsCA = false })
	noKey := remake(t, keyless, func(e [][]byte) { e[tbsValidity] = []byte{0x30, 0} }, nil, byKey(t, rootKey))
	unkeyed := sign(t, entity{"Leaf", leafKey}, ca, asLeaf, noKeyID)
	text := ParseCertificate([]byte("text"))
	type misses map[*Certificate]MissCode
	for _, tt := range []struct {
		name  string
		leaf  *Certificate
		certs []*Certificate
		want  misses
	}{
		{"a key of its own name that has expired", rollover, []*Certificate{expired}, misses{expired: MissExpired}},
		{"one key with two identifiers", leaf, []*Certificate{same, differs}, misses{same: missSameKeyIDOtherName}},
		{"two of one key and identifier", leaf, []*Certificate{same, twin}, misses{same: missSameKeyIDOtherName, twin: missSameKeyIDOtherName}},
		{"of those that cannot be read", leaf, []*Certificate{noDates, keyOnly, neither, text}, misses{noDates: MissUnparseable, keyOnly: MissUnparseable}},
		{"of those that cannot be read, by name alone", unkeyed, []*Certificate{noDates, keyOnly, noKey}, misses{noDates: MissUnparseable}},
		{"no key identifier, neither named nor there", unkeyed, []*Certificate{keyless}, nil},
		{"no name and no key of the issuer", unnamed, []*Certificate{neither, text}, nil},
	} {
		r := build(t, NewGraph(tt.certs, []*Certificate{sign(t, entity{"Other", 8}, entity{"Other", 8})}, Limits{}), tt.leaf, &Options{Purpose: Purpose{Usage: AnyUsage}})
		if len(r.DeadEnds) != 1 || r.DeadEnds[0].Certificate != tt.leaf || len(r.DeadEnds[0].NearMisses) != len(tt.want) {
			t.Errorf("%s: dead ends %+v", tt.name, r.DeadEnds)
			continue
		}
		for _, m := range r.DeadEnds[0].NearMisses {
			if code, ok := tt.want[m.Certificate]; !ok || code != m.Code {
				t.Errorf("%s: %s: %s", tt.name, m.Certificate, m.Code)
			}
		}
	}
}

// TestOrderOfNearMisses holds that near misses of one kind have an order of their own.
func TestOrderOfNearMisses(t *testing.T) {
	leaf := sign(t, entity{"Leaf", leafKey}, entity{"CA", 1}, asLeaf)
	var list []*Certificate
	for i := range 20 {
		list = append(list, sign(t, entity{"CA", 2}, rootEntity, serial(int64(i+1)), until(testEnd.AddDate(0, 0, i%7))))
	}
	of := func(list []*Certificate) (out []*Certificate) {
		for _, m := range build(t, NewGraph(list, nil, Limits{}), leaf, nil).DeadEnds[0].NearMisses {
			out = append(out, m.Certificate)
		}
		return out
	}
	first := of(list)
	if !slices.IsSortedFunc(first, compareCertificates) || len(first) != len(list) {
		t.Errorf("%d near misses, out of order", len(first))
	}
	slices.Reverse(list)
	if !slices.Equal(of(list), first) {
		t.Error("the order is that of the input")
	}
}

// TestRememberedRoot holds that a root which is no anchor is told without a signature being
// checked again.
func TestRememberedRoot(t *testing.T) {
	root := sign(t, rootEntity, rootEntity)
	g := NewGraph([]*Certificate{root}, nil, Limits{})
	for _, limits := range []Limits{{}, {Signatures: -1}} {
		r := build(t, g, root, &Options{Purpose: Purpose{Usage: Issue}, Limits: limits})
		if len(r.DeadEnds) != 1 || r.DeadEnds[0].Kind != NotAnchor || r.Truncated != budgetNone || r.Signatures > 1+limits.Signatures {
			t.Errorf("%+v: %+v, cut by %q, %d signatures", limits, r.DeadEnds, r.Truncated, r.Signatures)
		}
	}
}

// answers is an IssuerSource that is a function.
type answers func(*Certificate) ([]*Certificate, error)

func (f answers) Issuers(_ context.Context, c *Certificate) ([]*Certificate, error) { return f(c) }

// TestWhoIsAskedForIssuers holds that each certificate is asked about once, and that asking
// ends with the context, the calls and the room that there are.
func TestWhoIsAskedForIssuers(t *testing.T) {
	ca, b := entity{"CA", 1}, entity{"B", 2}
	leaf, issuing := sign(t, entity{"Leaf", leafKey}, ca, asLeaf), sign(t, ca, b)
	useless := func(n int64) *Certificate { return sign(t, entity{"Nobody", 5}, b, serial(n)) }
	for _, tt := range []struct {
		name    string
		certs   []*Certificate
		limits  Limits
		answers [][]*Certificate // to each call in turn; after them nothing
		cancel  bool             // in the first call
		asked   int
		fetched int
		cut     Budget
	}{
		{"nothing is found", nil, Limits{}, nil, false, 1, 0, budgetNone},
		{"what does not help", nil, Limits{}, [][]*Certificate{{useless(1)}, {useless(2)}}, false, 1, 1, budgetNone},
		{"what helps", nil, Limits{}, [][]*Certificate{{issuing}, {useless(1)}}, false, 2, 2, budgetNone},
		{"what is there", []*Certificate{issuing}, Limits{}, [][]*Certificate{{issuing, nil}}, false, 1, 0, budgetNone},
		{"the context ends", nil, Limits{}, [][]*Certificate{{issuing}, {useless(1)}}, true, 1, 1, budgetContext},
		{"the context ends between two", []*Certificate{issuing, sign(t, ca, entity{"Far", 4})}, Limits{}, nil, true, 1, 0, budgetContext},
		{"no calls", nil, Limits{Fetches: -1}, nil, false, 0, 0, budgetFetches},
		{"one call", nil, Limits{Fetches: 1}, [][]*Certificate{{issuing}}, false, 1, 1, budgetFetches},
		{"too long a path, and no calls", []*Certificate{issuing, sign(t, ca, rootEntity)}, Limits{Fetches: -1, Length: 2}, nil, false, 0, 0, budgetLength},
		{"room for all", []*Certificate{useless(1)}, Limits{Certificates: 4}, [][]*Certificate{{issuing, useless(2)}}, false, 2, 2, budgetNone},
		{"room for one of two", []*Certificate{useless(1)}, Limits{Certificates: 3}, [][]*Certificate{{issuing, useless(2)}}, false, 2, 1, budgetCertificates},
	} {
		ctx, cancel := context.WithCancel(context.Background())
		asked := 0
		source := answers(func(*Certificate) ([]*Certificate, error) {
			if tt.cancel {
				cancel()
			}
			if asked++; asked > len(tt.answers) {
				return nil, nil
			}
			return tt.answers[asked-1], nil
		})
		g := NewGraph(tt.certs, []*Certificate{sign(t, rootEntity, rootEntity)}, Limits{})
		r, err := g.Build(ctx, leaf, testTime, &Options{Issuers: source, Limits: tt.limits})
		if err != nil || asked != tt.asked || len(r.Fetched) != tt.fetched || r.Truncated != tt.cut {
			t.Errorf("%s: %v, asked %d times, %d fetched, cut by %q", tt.name, err, asked, len(r.Fetched), r.Truncated)
		}
		cancel()
	}
}
