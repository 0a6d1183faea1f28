package pkcs12

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"slices"
	"testing"
	"time"

	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// A pki makes certificates of names and of keys given by their scalars.
type pki struct {
	testing.TB
	serial int64
}

// issue makes a certificate for a name and key, signed by a key under a name.
func (p *pki) issue(name string, key uint64, issuer string, issuerKey uint64, changes ...func(c, parent *x509.Certificate)) *x509.Certificate {
	p.Helper()
	p.serial++
	id := func(key uint64) []byte { return fmt.Appendf(nil, "key %d", key) }
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	c := &x509.Certificate{
		SerialNumber: big.NewInt(p.serial), Subject: pkix.Name{CommonName: name}, NotBefore: start, NotAfter: start.AddDate(1, 0, 0),
		SubjectKeyId: id(key), IsCA: true, BasicConstraintsValid: true,
	}
	parent := &x509.Certificate{Subject: pkix.Name{CommonName: issuer}, SubjectKeyId: id(issuerKey)}
	for _, f := range changes {
		f(c, parent)
	}
	der, err := x509.CreateCertificate(nil, c, parent, testKey(p, key).Public(), testKey(p, issuerKey))
	if err != nil {
		p.Fatal(err)
	}
	c, err = x509.ParseCertificate(der)
	if err != nil {
		p.Fatal(err)
	}
	return c
}

// noIDs leaves out the key identifiers; x509 makes one for a CA of its own.
func noIDs(c, parent *x509.Certificate) {
	c.SubjectKeyId, parent.SubjectKeyId, c.IsCA = nil, nil, false
}

// chainOf inspects a PFX of the certificates, the first for the key.
func chainOf(t testing.TB, key *ecdsa.PrivateKey, limits Limits, certs ...*x509.Certificate) *Inspection {
	t.Helper()
	data, err := gopkcs12.LegacyDES.WithIterations(1).WithRand(fixed()).Encode(key, certs[0], certs[1:], "secret")
	if err != nil {
		t.Fatal(err)
	}
	password := "secret"
	r, err := (&Options{Password: &password, Limits: limits}).Inspect(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Identities) != 1 || r.Identities[0].Matches != Yes {
		t.Fatalf("%+v", r.Identities)
	}
	return r
}

func TestChain(t *testing.T) {
	p := &pki{TB: t}
	leaf := p.issue("Leaf", 9, "CA", 2)
	ca := p.issue("CA", 2, "Root", 3)
	root := p.issue("Root", 3, "Root", 3)
	cross := p.issue("Root", 3, "Old Root", 4)
	crossed := p.issue("Root", 3, "Lost Root", 5) // by a root that is not there
	old := p.issue("Old Root", 4, "Old Root", 4)
	other := p.issue("CA", 7, "Root", 3) // the name of the CA, another key
	bareLeaf := p.issue("Leaf", 9, "CA", 2, noIDs)
	bareOther := p.issue("CA", 7, "Root", 3, noIDs)
	bareCA := p.issue("CA", 2, "Root", 3, noIDs)
	forged := p.issue("CA", 7, "Root", 3, func(c, _ *x509.Certificate) { c.SubjectKeyId = []byte("key 2") })
	rollover := p.issue("Root", 3, "Root", 6, func(c, parent *x509.Certificate) { c.AuthorityKeyId = parent.SubjectKeyId }) // the old key signs the new one
	oldKey := p.issue("Root", 6, "Root", 6)
	otherID := p.issue("CA", 2, "Root", 3, func(c, _ *x509.Certificate) { c.SubjectKeyId = []byte("key 1") })         // the key of the CA by another name
	named := p.issue("Leaf", 9, "CA", 8, func(_, parent *x509.Certificate) { parent.SubjectKeyId = []byte("key 2") }) // by a key that it does not name
	falseRoot := p.issue("Root", 3, "Root", 6, noIDs)
	bareOld := p.issue("Root", 6, "Root", 6, noIDs)
	odd := func(c *x509.Certificate) *x509.Certificate { return withAlgorithm(t, c) }
	noSubjectID := p.issue("CA", 7, "Root", 3, noIDs)
	for _, tt := range []struct {
		name    string
		certs   []*x509.Certificate
		want    []*x509.Certificate
		missing string // empty: complete
	}{
		{"identifiers before a signature", []*x509.Certificate{named, ca, root}, []*x509.Certificate{ca, root}, ""},
		{"identifiers before a signature, and another key", []*x509.Certificate{named, other, ca, root}, []*x509.Certificate{ca, root}, ""},
		{"one identifier for two keys", []*x509.Certificate{named, forged, ca, root}, nil, "CN=CA"},
		{"a root with a false signature", []*x509.Certificate{bareLeaf, bareCA, falseRoot}, []*x509.Certificate{bareCA, falseRoot}, ""},
		{"a root under another of its name", []*x509.Certificate{bareLeaf, bareCA, falseRoot, bareOld}, []*x509.Certificate{bareCA, falseRoot, bareOld}, ""},
		{"a signature of an unknown kind, no identifiers", []*x509.Certificate{odd(bareLeaf), bareOther, root}, []*x509.Certificate{bareOther, root}, ""},
		{"a signature of an unknown kind, the issuer without one", []*x509.Certificate{odd(leaf), noSubjectID, root}, []*x509.Certificate{noSubjectID, root}, ""},
		{"a signature of an unknown kind, the leaf without one", []*x509.Certificate{odd(bareLeaf), other, root}, []*x509.Certificate{other, root}, ""},
		{"a signature of an unknown kind, another identifier", []*x509.Certificate{odd(leaf), other, root}, nil, "CN=CA"},
		{"complete", []*x509.Certificate{leaf, ca, root}, []*x509.Certificate{ca, root}, ""},
		{"in another order", []*x509.Certificate{leaf, root, ca}, []*x509.Certificate{ca, root}, ""},
		{"an identifier that agrees, and one that does not", []*x509.Certificate{leaf, otherID, ca, root}, []*x509.Certificate{ca, root}, ""},
		{"one that does not agree", []*x509.Certificate{leaf, otherID, root}, []*x509.Certificate{otherID, root}, ""},
		{"root missing", []*x509.Certificate{leaf, ca}, []*x509.Certificate{ca}, "CN=Root"},
		{"issuer missing", []*x509.Certificate{leaf, root}, nil, "CN=CA"},
		{"both forms of the root", []*x509.Certificate{leaf, cross, ca, old, root}, []*x509.Certificate{ca, root}, ""},
		{"the cross-certificate alone", []*x509.Certificate{leaf, ca, cross, old}, []*x509.Certificate{ca, cross, old}, ""},
		{"one of two cross-certificates leads on", []*x509.Certificate{leaf, ca, crossed, cross, old}, []*x509.Certificate{ca, cross, old}, ""},
		{"neither does", []*x509.Certificate{leaf, ca, crossed}, []*x509.Certificate{ca, crossed}, "CN=Lost Root"},
		{"another key of the name", []*x509.Certificate{leaf, other, root}, nil, "CN=CA"},
		{"two keys of the name", []*x509.Certificate{leaf, other, ca, root}, []*x509.Certificate{ca, root}, ""},
		{"two keys with one identifier", []*x509.Certificate{leaf, forged, ca, root}, []*x509.Certificate{ca, root}, ""},
		{"no identifiers", []*x509.Certificate{bareLeaf, bareCA, root}, []*x509.Certificate{bareCA, root}, ""},
		{"no identifiers, false signature", []*x509.Certificate{bareLeaf, bareOther, root}, nil, "CN=CA"},
		{"new key under the old one", []*x509.Certificate{leaf, ca, rollover, oldKey}, []*x509.Certificate{ca, rollover, oldKey}, ""},
		{"new key under the old one, and cross-certified", []*x509.Certificate{leaf, ca, rollover, oldKey, cross, old}, []*x509.Certificate{ca, rollover, oldKey}, ""},
		{"the same in another order", []*x509.Certificate{leaf, ca, cross, old, rollover, oldKey}, []*x509.Certificate{ca, rollover, oldKey}, ""},
		{"new key, the old one missing", []*x509.Certificate{leaf, ca, rollover}, []*x509.Certificate{ca, rollover}, "CN=Root"},
		{"a circle", []*x509.Certificate{leaf, ca, cross, p.issue("Old Root", 4, "Root", 3)}, nil, "-"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := chainOf(t, testKey(t, 9), Limits{}, tt.certs...)
			id := r.Identities[0]
			var got []*x509.Certificate
			for _, ref := range id.Chain {
				read, err := r.Bag(ref).Certificate.X509()
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, read)
			}
			missing := ""
			if id.Missing != nil {
				missing = id.Missing.Issuer
			}
			if id.Complete != (missing == "") || r.Has(codeChainIncomplete) == id.Complete {
				t.Errorf("complete %t, missing %q", id.Complete, missing)
			}
			if tt.missing == "-" { // that it ends is all
				return
			}
			if !slices.EqualFunc(got, tt.want, func(a, b *x509.Certificate) bool { return a.Equal(b) }) || missing != tt.missing {
				t.Errorf("chain of %d, missing %q", len(got), missing)
			}
		})
	}
}

// withAlgorithm is a certificate with a signature of a kind that nobody knows.
func withAlgorithm(t testing.TB, c *x509.Certificate) *x509.Certificate {
	t.Helper()
	known, unknown := object("1.2.840.10045.4.3.2"), object("1.2.840.10045.4.3.9")
	changed, err := x509.ParseCertificate(bytes.ReplaceAll(c.Raw, known, unknown))
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

// TestSignatureLimit holds how many signatures are verified, each once, and what counts
// where no more are: key identifiers.
func TestSignatureLimit(t *testing.T) {
	p := &pki{TB: t}
	leaf, bareLeaf := p.issue("Leaf", 9, "CA", 2), p.issue("Leaf", 9, "CA", 2, noIDs)
	ca, bareCA := p.issue("CA", 2, "Root", 3), p.issue("CA", 2, "Root", 3, noIDs)
	again := p.issue("CA", 2, "Root", 3, noIDs) // the same key
	forged := p.issue("CA", 7, "Root", 3, func(c, _ *x509.Certificate) { c.SubjectKeyId = []byte("key 2") })
	root, bareRoot := p.issue("Root", 3, "Root", 3), p.issue("Root", 3, "Root", 3, noIDs)
	for _, tt := range []struct {
		name   string
		certs  []*x509.Certificate
		limit  int
		length int
		cut    bool
	}{
		{"identifiers", []*x509.Certificate{leaf, ca, root}, 1, 2, false},
		{"no identifiers, as many as there are", []*x509.Certificate{bareLeaf, bareCA, bareRoot}, 2, 2, false},
		{"one more", []*x509.Certificate{bareLeaf, bareCA, bareRoot}, 1, 1, true},
		{"one key twice", []*x509.Certificate{bareLeaf, bareCA, again, bareRoot}, 3, 2, false},
		{"one identifier for two keys", []*x509.Certificate{leaf, forged, ca, root}, 2, 2, false},
		{"one identifier for two keys, one more", []*x509.Certificate{leaf, forged, ca, root}, 1, 2, true},
	} {
		r := chainOf(t, testKey(t, 9), Limits{Signatures: tt.limit}, tt.certs...)
		cuts := 0
		for _, f := range r.Observations {
			if f.Code == codeSignatures {
				cuts++
			}
		}
		if id := r.Identities[0]; len(id.Chain) != tt.length || cuts > 1 || (cuts == 1) != tt.cut {
			t.Errorf("%s: chain %v, %d findings", tt.name, id.Chain, cuts)
		}
	}
}

// TestChainSignatures holds that a file cannot make the inspection verify
// signatures without end.
func TestChainSignatures(t *testing.T) {
	p := &pki{TB: t}
	certs := []*x509.Certificate{p.issue("Leaf", 1, "A", 2, noIDs)}
	for key := uint64(2); key < 40; key++ {
		// A and B by turns, each under the next key.
		names := []string{"A", "B"}
		certs = append(certs, p.issue(names[key%2], key, names[(key+1)%2], key+1, noIDs))
	}
	r := chainOf(t, testKey(t, 1), Limits{}, certs...)
	if id := r.Identities[0]; len(id.Chain) != 38 || r.Has(codeSignatures) {
		t.Errorf("chain of %d", len(id.Chain))
	}
	r = chainOf(t, testKey(t, 1), Limits{Signatures: 50}, certs...)
	if id := r.Identities[0]; len(id.Chain) == 0 || len(id.Chain) > 10 || !r.Has(codeSignatures) {
		t.Errorf("chain of %d", len(id.Chain))
	}
}
