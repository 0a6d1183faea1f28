package chain

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha1"
	"crypto/x509"
	"testing"
	"time"

	"github.com/smimechain/smimechain/lint/say"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// TestPathValidity holds that a path is valid while all of its certificates are, whichever
// begins last and ends first.
func TestPathValidity(t *testing.T) {
	at := func(from, to int) func(*x509.Certificate) {
		return func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = testStart.AddDate(0, from, 0), testEnd.AddDate(0, to, 0)
		}
	}
	ca := entity{"CA", 1}
	for shift := range 3 {
		of := func(i int) func(*x509.Certificate) { i = (i + shift) % 3; return at(i, -i) }
		path := []*Certificate{sign(t, entity{"Leaf", leafKey}, ca, asLeaf, of(0)), sign(t, ca, rootEntity, of(1)), sign(t, rootEntity, rootEntity, of(2))}
		p := (&judge{opts: &Options{}, at: testTime, left: 100}).path(path)
		if !p.NotBefore.Equal(testStart.AddDate(0, 2, 0)) || !p.NotAfter.Equal(testEnd.AddDate(0, -2, 0)) {
			t.Errorf("shift %d: from %s to %s", shift, p.NotBefore, p.NotAfter)
		}
	}
}

// TestIssuersOfPath holds what is asked of the certificates that issue, and of the last one,
// which is an anchor.
func TestIssuersOfPath(t *testing.T) {
	ca := entity{"CA", 1}
	leaf, issuing, root := sign(t, entity{"Leaf", leafKey}, ca, asLeaf), sign(t, ca, rootEntity), sign(t, rootEntity, rootEntity)
	byRoot := byKey(t, rootKey)
	old := func(e [][]byte) { e[tbsVersion], e[tbsExtensions] = nil, nil }
	weakly := func(c *Certificate, key int) *Certificate {
		algorithm := identifier("\x2a\x86\x48\xce\x3d\x04\x01", nil)
		return remake(t, c, func(e [][]byte) { e[tbsAlgorithm] = algorithm }, nil, func(tbs []byte) []byte {
			digest := sha1.Sum(tbs)
			signature, err := ecdsa.SignASN1(rand.Reader, testKey(key), digest[:])
			if err != nil {
				t.Fatal(err)
			}
			return signature
		})
	}
	nameless := func(e [][]byte) { e[tbsSubject] = tlv(casn1.SEQUENCE, "", 1) }
	limited := func(c *x509.Certificate) { c.MaxPathLenZero = true }
	noCA := func(c *x509.Certificate) { c.IsCA = false }
	const notCA = " not_a_ca:  (RFC 5280, Section 6.1.4 (k))"
	issue := Purpose{Usage: Issue}
	below := sign(t, entity{"Sub CA", 2}, ca)
	for _, tt := range []struct {
		name    string
		path    []*Certificate
		purpose Purpose
		want    string
	}{
		{"ordinary", []*Certificate{leaf, issuing, root}, Purpose{}, ""},
		{"an anchor of version 1", []*Certificate{leaf, issuing, remake(t, root, old, nil, byRoot)}, Purpose{}, ""},
		{"an anchor of version 1 by itself", []*Certificate{remake(t, root, old, nil, byRoot)}, issue, "0" + notCA},
		{"an anchor of version 3 by itself", []*Certificate{root}, issue, ""},
		{"an anchor of version 3 that is none", []*Certificate{leaf, issuing, sign(t, rootEntity, rootEntity, noCA)}, Purpose{}, "2" + notCA},
		{"a CA of version 1", []*Certificate{leaf, remake(t, issuing, old, nil, byRoot), root}, Purpose{}, "1" + notCA},
		{"a CA of version 1 that is to issue", []*Certificate{remake(t, issuing, old, nil, byRoot), root}, issue, "0" + notCA},
		{"a user signed with SHA-1", []*Certificate{weakly(leaf, 1), issuing, root}, Purpose{}, "0 weak_signature: SHA-1 (RFC 8550, Appendix B)"},
		{"a CA signed with SHA-1", []*Certificate{leaf, weakly(issuing, rootKey), root}, Purpose{}, "1 weak_signature: SHA-1 (RFC 8550, Appendix B)"},
		{"an anchor signed with SHA-1", []*Certificate{leaf, issuing, weakly(root, rootKey)}, Purpose{}, ""},
		{"a CA without a name", []*Certificate{leaf, remake(t, issuing, nameless, nil, byRoot), root}, Purpose{}, "1 name: an issuer without a name (RFC 5280, Section 4.1.2.6)"},
		{"a CA that limits what is below", []*Certificate{leaf, below, sign(t, ca, rootEntity, limited), root}, Purpose{}, "2 path_length:  (RFC 5280, Section 6.1.4 (l))"},
		{"an anchor that limits what is below", []*Certificate{leaf, issuing, sign(t, rootEntity, rootEntity, limited)}, Purpose{}, "2 path_length:  (RFC 5937, Section 3)"},
		{"to sign, for mail", []*Certificate{sign(t, entity{"Leaf", leafKey}, ca, asLeaf, usageOf(x509.KeyUsageKeyAgreement)), issuing, root}, Purpose{Usage: Sign},
			"0 key_usage: not to sign (RFC 8550, Section 4.4.2)"},
		{"to sign, for anything", []*Certificate{sign(t, entity{"Leaf", leafKey}, ca, asLeaf, usageOf(x509.KeyUsageKeyAgreement)), issuing, root}, Purpose{Usage: Sign, EKU: AnyEKU},
			"0 key_usage: not to sign (RFC 5280, Section 4.2.1.3)"},
		{"problems by place, then by weight", []*Certificate{sign(t, entity{"Leaf", leafKey}, ca, asLeaf, until(testTime.Add(-time.Hour)), usageOf(x509.KeyUsageKeyAgreement)), sign(t, ca, rootEntity, noCA), root}, Purpose{Usage: Sign},
			"0 expired: valid until 2026-11-21T23:00:00Z (RFC 5280, Section 6.1.3 (a)(2)); 0 key_usage: not to sign (RFC 8550, Section 4.4.2); 1" + notCA},
	} {
		for _, crossCheck := range []bool{false, true} {
			s := newSearch(t.Context(), NewGraph(nil, nil, Limits{}), testTime, &Options{Purpose: tt.purpose, CrossCheck: crossCheck})
			p := s.judge.path(tt.path)
			if _, got := saidOf(p); got != tt.want {
				t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
			}
			if !crossCheck && p.CrossCheck != nil {
				t.Errorf("%s: checked by crypto/x509 unasked", tt.name)
			}
			s.release()
		}
	}
}

func usageOf(u x509.KeyUsage) func(*x509.Certificate) {
	return func(c *x509.Certificate) { c.KeyUsage = u }
}

// TestRevocationIsAskedLast holds that revocation is asked about of paths that have no other
// problem, and there of all certificates but the anchor.
func TestRevocationIsAskedLast(t *testing.T) {
	ca := entity{"CA", 1}
	root, issuing := sign(t, rootEntity, rootEntity), sign(t, ca, rootEntity)
	for _, tt := range []struct {
		leaf *Certificate
		want string
	}{
		{sign(t, entity{"Leaf", leafKey}, ca, asLeaf), "0 revoked: asked (RFC 5280, Section 6.1.3 (a)(3)); 1 revoked: asked (RFC 5280, Section 6.1.3 (a)(3))"},
		{sign(t, entity{"Leaf", leafKey}, ca, asLeaf, until(testTime)), "0 revoked: asked (RFC 5280, Section 6.1.3 (a)(3)); 1 revoked: asked (RFC 5280, Section 6.1.3 (a)(3))"},
		{sign(t, entity{"Leaf", leafKey}, ca, asLeaf, usageOf(x509.KeyUsageCertSign)), "0 key_usage: neither to sign nor to encrypt (RFC 8550, Section 4.4.2)"},
	} {
		r := build(t, NewGraph([]*Certificate{issuing}, []*Certificate{root}, Limits{}), tt.leaf, &Options{Revocation: allRevoked{}})
		if len(r.Rejected) != 1 || len(r.Accepted) != 0 {
			t.Fatalf("%v", r)
		}
		if _, got := saidOf(r.Rejected[0]); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

// allRevoked says that everything is revoked.
type allRevoked struct{}

func (allRevoked) Revocation(context.Context, []*Certificate, int, time.Time) (RevocationStatus, say.Message) {
	return Revoked, say.New("asked")
}
