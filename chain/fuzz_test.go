package chain

import (
	"bytes"
	"context"
	"testing"
	"time"
)

// FuzzCRLs reads one revocation list and asks it about a path.
func FuzzCRLs(f *testing.F) {
	ca := entity{"CA", 1}
	path := []*Certificate{
		sign(f, entity{"Leaf", leafKey}, ca, asLeaf, serial(77)),
		sign(f, ca, rootEntity),
		sign(f, rootEntity, rootEntity),
	}
	before, after := testTime.Add(-time.Hour), testTime.Add(time.Hour)
	seeds := [][]byte{
		revoke(f, ca, before, after, 76, 77, 78), revoke(f, ca, before, after), revoke(f, rootEntity, before, after, 77),
		revoke(f, entity{"CA", 2}, before, after, 77), path[0].Raw, nil,
	}
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		input := bytes.Clone(der)
		lists := NewCRLs(der, seeds[1]).WithSigners(path...)
		if len(lists.Errors()) > 1 {
			t.Fatalf("%d errors for one list", len(lists.Errors()))
		}
		for i := range len(path) + 1 {
			status, why := lists.Revocation(context.Background(), path, i, testTime)
			if status == RevocationUnknown && why.IsZero() {
				t.Fatal("unknown, and no reason")
			}
		}
		if !bytes.Equal(input, der) {
			t.Fatal("the input was changed")
		}
	})
}

// FuzzGraph builds chains in a graph of the certificates in one file, cut at
// every SEQUENCE, within small budgets.
func FuzzGraph(f *testing.F) {
	m := newMesh(f, 4, true)
	three := newThreeForms(f)
	join := func(certs []*Certificate) (data []byte) {
		for _, c := range certs {
			data = append(data, c.Raw...)
		}
		return data
	}
	f.Add(join(append([]*Certificate{m.leaf, m.root, m.last}, m.certs...)))
	f.Add(join(append([]*Certificate{three.leaf}, append(three.certs(), three.anchors()...)...)))
	f.Add(join([]*Certificate{three.leaf, three.leaf, three.leaf}))
	limits := Limits{Signatures: 40, Paths: 8, Rejected: 8, Certificates: 100, Steps: 10_000, Comparisons: 10_000}
	f.Fuzz(func(t *testing.T, data []byte) {
		var certs, anchors []*Certificate
		for len(data) > 4 && data[0] == 0x30 && data[1] == 0x82 && len(certs) < 100 {
			n := min(len(data), 4+int(data[2])<<8+int(data[3]))
			c := ParseCertificate(data[:n])
			data = data[n:]
			certs = append(certs, c)
			if c.SelfSigned() {
				anchors = append(anchors, c)
			}
		}
		if len(certs) == 0 {
			return
		}
		g := NewGraph(certs, anchors, limits)
		r, err := g.Build(context.Background(), certs[0], testTime, &Options{Limits: limits})
		if err != nil {
			t.Fatal(err)
		}
		if r.Signatures > limits.Signatures || r.Steps > limits.Steps || len(r.Accepted) > limits.Paths || len(r.Rejected) > limits.Rejected {
			t.Fatalf("%d signatures, %d steps, %d accepted, %d rejected", r.Signatures, r.Steps, len(r.Accepted), len(r.Rejected))
		}
		for _, p := range r.Accepted {
			for i, c := range p.Certificates[1:] {
				if p.Certificates[i].SignedBy(c) != nil {
					t.Fatalf("certificate %d of an accepted path is not signed by the next", i)
				}
			}
		}
		if n := len(Order(certs)); n > len(certs) {
			t.Fatalf("%d certificates in order, %d given", n, len(certs))
		}
		g.Unused(r)
		g.Duplicates()
		g.CrossPairs()
	})
}
