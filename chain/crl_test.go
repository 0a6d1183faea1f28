package chain

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"testing"
	"time"
)

// revoke makes a revocation list of issuer with serial numbers.
func revoke(tb testing.TB, issuer entity, thisUpdate, nextUpdate time.Time, serials ...int64) []byte {
	tb.Helper()
	return revokeWith(tb, issuer, thisUpdate, nextUpdate, nil, serials...)
}

// revokeWith is revoke with extensions of the list.
func revokeWith(tb testing.TB, issuer entity, thisUpdate, nextUpdate time.Time, extensions []pkix.Extension, serials ...int64) []byte {
	tb.Helper()
	list := &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: thisUpdate, NextUpdate: nextUpdate, ExtraExtensions: extensions}
	for _, n := range serials {
		list.RevokedCertificateEntries = append(list.RevokedCertificateEntries,
			x509.RevocationListEntry{SerialNumber: big.NewInt(n), RevocationTime: thisUpdate, ReasonCode: 1})
	}
	parent := &x509.Certificate{Subject: issuer.subject(), SubjectKeyId: testKeyID(issuer.key), KeyUsage: x509.KeyUsageCRLSign}
	der, err := x509.CreateRevocationList(nil, list, parent, testKey(issuer.key))
	if err != nil {
		tb.Fatal(err)
	}
	return der
}

func TestCRLs(t *testing.T) {
	ca := entity{"CA", 1}
	root := sign(t, rootEntity, rootEntity)
	issuing := sign(t, ca, rootEntity)
	leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf, serial(77))
	g := NewGraph([]*Certificate{issuing}, []*Certificate{root}, Limits{})
	before, after := testTime.Add(-time.Hour), testTime.Add(time.Hour)
	good := revoke(t, rootEntity, before, after)
	forger := entity{"CA", 2}
	for _, test := range []struct {
		name  string
		lists [][]byte
		want  string
	}{
		{"none", nil, "0 revocation_unknown 1 revocation_unknown "},
		{"good", [][]byte{good, revoke(t, ca, before, after, 76, 78)}, ""},
		{"revoked", [][]byte{good, revoke(t, ca, before, after, 77)}, "0 revoked "},
		{"CA revoked", [][]byte{revoke(t, rootEntity, before, after, issuing.Cert.SerialNumber.Int64()), revoke(t, ca, before, after)}, "1 revoked "},
		{"out of date", [][]byte{good, revoke(t, ca, before.Add(-time.Hour), before)}, "0 revocation_unknown "},
		{"of later", [][]byte{good, revoke(t, ca, after, after.Add(time.Hour))}, "0 revocation_unknown "},
		{"forged", [][]byte{good, revoke(t, forger, before, after)}, "0 revocation_unknown "},
		{"a newer list decides", [][]byte{good, revoke(t, ca, before, after, 77), revoke(t, ca, before.Add(time.Minute), after)}, ""},
		{"garbage beside", [][]byte{good, []byte("garbage"), revoke(t, ca, before, after)}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			lists := NewCRLs(test.lists...)
			if n := len(lists.Errors()); (n > 0) != (test.name == "garbage beside") {
				t.Errorf("%d errors", n)
			}
			r := build(t, g, leaf, &Options{Revocation: lists})
			p := append(r.Accepted, r.Rejected...)[0]
			got := ""
			for _, q := range p.Problems {
				got += fmt.Sprintf("%d %s ", q.Index, q.Code)
			}
			if got != test.want {
				t.Errorf("got %q, want %q: %v", got, test.want, p.Problems)
			}
		})
	}
	if status, _ := NewCRLs().Revocation(context.Background(), []*Certificate{leaf}, 0, testTime); status != RevocationUnknown {
		t.Errorf("no issuer: %s", status)
	}
}

// TestCrowd has many issuers of one name, and many dangling certificates of
// one key: an answer must not take long, and must say if it is not whole.
func TestCrowd(t *testing.T) {
	ca := entity{"CA", 0}
	certs := []*Certificate{sign(t, ca, rootEntity)}
	for i := range 1500 {
		certs = append(certs, sign(t, entity{"CA", 1 + i}, entity{"CA", 2 + i}, noKeyID))
		certs = append(certs, sign(t, ca, entity{"Nobody", 3000}, serial(int64(i+1))))
	}
	leaf := sign(t, entity{"Leaf", 4000}, ca, asLeaf)
	start := time.Now()
	r := build(t, NewGraph(certs, []*Certificate{sign(t, rootEntity, rootEntity)}, Limits{}), leaf, nil)
	if len(r.Accepted) == 0 {
		t.Errorf("no path, cut by %q", r.Truncated)
	}
	if r.Complete() {
		t.Error("the result is said to be whole")
	}
	if d := time.Since(start); d > 20*time.Second {
		t.Errorf("took %s", d)
	} else {
		t.Logf("%s, %d checks, %d steps, cut by %s, %d dead ends", d, r.Signatures, r.Steps, r.Truncated, len(r.DeadEnds))
	}
}
