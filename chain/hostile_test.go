package chain

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"testing"
	"time"

	"github.com/smimechain/smimechain/testdata/outside"
)

// hostileCeiling is far above what a question of this file takes, and far below
// what it took before it had a limit.
const hostileCeiling = time.Minute

func underCeiling(t *testing.T, start time.Time) {
	t.Helper()
	if took := time.Since(start); took > hostileCeiling {
		t.Errorf("took %s, more than %s", took, hostileCeiling)
	}
}

// TestManyNearMisses asks about CAs whose missing issuer has the key identifier
// of many others.
func TestManyNearMisses(t *testing.T) {
	const n = 400
	id := func(c *x509.Certificate) { c.SubjectKeyId = []byte{1} }
	var certs, subs []*Certificate
	gone := entity{"Gone", 970}
	for i := range n {
		root := entity{fmt.Sprintf("Root %d", i), 971}
		certs = append(certs, sign(t, root, root, id))
		subs = append(subs, sign(t, entity{fmt.Sprintf("Sub %d", i), 972}, gone, func(c *x509.Certificate) { c.AuthorityKeyId = []byte{1} }))
	}
	g := NewGraph(append(certs, subs...), nil, Limits{})
	for _, sub := range subs {
		r, err := g.Build(context.Background(), sub, testTime, &Options{Purpose: Purpose{Usage: Issue}})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.DeadEnds) != 1 || len(r.DeadEnds[0].NearMisses) != maxNearMisses || !r.DeadEnds[0].MoreNearMisses {
			t.Fatalf("%d dead ends, the first with %d near misses", len(r.DeadEnds), len(r.DeadEnds[0].NearMisses))
		}
	}
}

// TestManyForms asks about certificates under a CA with very many self-signed
// certificates for one key, all of them anchors.
func TestManyForms(t *testing.T) {
	outside.SkipUnderRace(t)
	const n = 3000
	root := entity{"Root", 973}
	certs := make([]*Certificate, n)
	for i := range certs {
		certs[i] = sign(t, root, root, func(c *x509.Certificate) { c.SerialNumber = big.NewInt(int64(i + 1)) })
	}
	start := time.Now()
	g := NewGraph(certs, certs, Limits{})
	leaf := sign(t, entity{"Leaf", 974}, root)
	for range 200 {
		r, err := g.Build(context.Background(), leaf, testTime, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Truncated == budgetNone {
			t.Fatal("is said to be complete")
		}
	}
	underCeiling(t, start)
}

// TestLongLists asks about a mesh none of whose paths is good, and whose
// certificates each hold long lists that are gone through for every path. That
// work counts as steps.
func TestLongLists(t *testing.T) {
	outside.SkipUnderRace(t)
	const cas = 9
	lists := func(c *x509.Certificate) {
		for i := range 2000 {
			c.UnknownExtKeyUsage = append(c.UnknownExtKeyUsage, asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 99999, i})
			c.PermittedURIDomains = append(c.PermittedURIDomains, fmt.Sprintf("host%d.example.com", i))
		}
	}
	var certs []*Certificate
	name := func(i int) entity { return entity{fmt.Sprintf("CA %d", i), 980 + i} }
	for i := range cas {
		for j := range cas {
			if i != j {
				certs = append(certs, sign(t, name(i), name(j), lists))
			}
		}
	}
	anchor := sign(t, name(0), name(0), lists)
	start := time.Now()
	r, err := NewGraph(certs, []*Certificate{anchor}, Limits{}).Build(context.Background(), sign(t, entity{"Leaf", 979}, name(cas-1)), testTime, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Truncated != budgetSteps {
		t.Errorf("cut by %q", r.Truncated)
	}
	underCeiling(t, start)
	t.Logf("%d steps, %d rejected", r.Steps, len(r.Rejected))
}

// TestManyMappings judges a path whose policies are all mapped and may not be.
func TestManyMappings(t *testing.T) {
	const n = 16000
	from := func(i int) asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 99999, i} }
	level := newPolicyLevel()
	var mappings [][2]string
	for i := range n {
		p := encodeOID(from(i))
		level.add(&policyNode{policy: p, expected: []string{p}})
		mappings = append(mappings, [2]string{p, p})
	}
	start := time.Now()
	level.mapPolicies(mappings, false)
	if len(level.nodes)+len(level.by) != 0 {
		t.Errorf("%d policies are left", len(level.nodes))
	}
	if took := time.Since(start); took > hostileCeiling/60 {
		t.Errorf("took %s", took)
	}
}

// TestManyFalseEdges asks for an issuer whose name very many have. Every
// signature that fails makes the labels stale, and what it takes to compute them
// anew counts.
func TestManyFalseEdges(t *testing.T) {
	outside.SkipUnderRace(t)
	const n = 1500
	var certs []*Certificate
	for i := range n {
		root := entity{"Root", 2000 + i}
		certs = append(certs, sign(t, root, root))
	}
	start := time.Now()
	g := NewGraph(certs, certs, Limits{})
	steps := 0
	for i := range 30 {
		r, err := g.Build(context.Background(), sign(t, entity{fmt.Sprintf("Leaf %d", i), 999}, entity{"Root", 998}), testTime, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Accepted)+len(r.Rejected) > 0 {
			t.Fatal("there is a path")
		}
		steps += r.Steps
	}
	underCeiling(t, start)
	if steps < 30*maxCandidates*n/workPerStep {
		t.Errorf("%d steps do not count what the labels took", steps)
	}
}

// TestHugeKey asks for signatures by a key of a million bits.
func TestHugeKey(t *testing.T) {
	modulus := new(big.Int).Lsh(big.NewInt(1), 1<<20)
	modulus.Sub(modulus, big.NewInt(3))
	key, err := asn1.Marshal(struct {
		N *big.Int
		E int
	}{modulus, 1<<31 - 1})
	if err != nil {
		t.Fatal(err)
	}
	type algorithm struct {
		OID  asn1.ObjectIdentifier
		Null asn1.RawValue
	}
	sha256RSA := algorithm{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}, asn1.NullRawValue}
	name := pkix.Name{CommonName: "Huge"}.ToRDNSequence()
	var tbs struct {
		Version   int `asn1:"explicit,tag:0"`
		Serial    int
		Algorithm algorithm
		Issuer    pkix.RDNSequence
		Validity  struct{ NotBefore, NotAfter time.Time }
		Subject   pkix.RDNSequence
		Key       struct {
			Algorithm algorithm
			Bits      asn1.BitString
		}
	}
	tbs.Version, tbs.Serial, tbs.Algorithm, tbs.Issuer, tbs.Subject = 2, 1, sha256RSA, name, name
	tbs.Validity.NotBefore, tbs.Validity.NotAfter = testTime.Add(-time.Hour), testTime.Add(time.Hour)
	tbs.Key.Algorithm = algorithm{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}, asn1.NullRawValue}
	tbs.Key.Bits = asn1.BitString{Bytes: key, BitLength: 8 * len(key)}
	der, err := asn1.Marshal(struct {
		TBS       any
		Algorithm algorithm
		Signature asn1.BitString
	}{tbs, sha256RSA, asn1.BitString{Bytes: modulus.Bytes(), BitLength: len(modulus.Bytes()) * 8}})
	if err != nil {
		t.Fatal(err)
	}
	c := ParseCertificate(der)
	if c.cert() == nil {
		t.Fatalf("crypto/x509 refuses it, so that nothing is tested: %v", c.Err())
	}
	start := time.Now()
	if err := c.SignedBy(c); !errors.Is(err, ErrUnsupportedAlgorithm) {
		t.Errorf("%v", err)
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("took %s", took)
	}
}
