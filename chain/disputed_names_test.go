package chain

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"slices"
	"testing"
)

// TestLinkage holds what is said of the way in which a certificate names its issuer: of
// names that are equal and not the same octets, and of key identifiers that differ. Where
// one of these is missing, or the names differ, there is nothing to say of identifiers.
func TestLinkage(t *testing.T) {
	const name, id = "issuer_name: its issuer writes the name otherwise (RFC 5280, Section 7.1)", "key_identifier: the key identifier of its issuer is another (RFC 5280, Section 4.2.1.1)"
	ca := entity{"CA", 1}
	root, issuing := sign(t, rootEntity, rootEntity), sign(t, ca, rootEntity)
	leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf)
	written := func(c *Certificate, key int, old, other string) *Certificate {
		t.Helper()
		return remake(t, c, func(e [][]byte) {
			if !bytes.Contains(e[tbsIssuer], []byte(old)) {
				t.Fatalf("%q is not in the name", old)
			}
			e[tbsIssuer] = bytes.Replace(e[tbsIssuer], []byte(old), []byte(other), 1)
		}, nil, byKey(t, key))
	}
	otherID := func(c *x509.Certificate) { c.AuthorityKeyId = []byte{9} }
	noID := func(c *x509.Certificate) { c.AuthorityKeyId = nil }
	for _, tt := range []struct {
		name          string
		leaf, issuing *Certificate
		want          string
	}{
		{"ordinary", leaf, issuing, ""},
		{"lower case", written(leaf, 1, "CA", "ca"), issuing, "0 " + name},
		{"another type of string", written(leaf, 1, "\x13\x02CA", "\x0c\x02CA"), issuing, "0 " + name},
		{"of the root", leaf, written(issuing, rootKey, "Root", "ROOT"), "1 " + name},
		{"another key identifier", sign(t, entity{"Leaf", leafKey}, ca, asLeaf, otherID), issuing, "0 " + id},
		{"another of the root", leaf, sign(t, ca, rootEntity, otherID), "1 " + id},
		{"none in the certificate", sign(t, entity{"Leaf", leafKey}, ca, asLeaf, noID), issuing, ""},
		{"none in the issuer", sign(t, entity{"Leaf", leafKey}, ca, asLeaf, otherID), remake(t, without(issuing, "\x0e"), func([][]byte) {}, nil, byKey(t, rootKey)), ""},
		{"both", written(sign(t, entity{"Leaf", leafKey}, ca, asLeaf, otherID), 1, "CA", "Ca"), issuing, "0 " + name},
	} {
		r := build(t, NewGraph([]*Certificate{tt.issuing}, []*Certificate{root}, Limits{}), tt.leaf, nil)
		if len(r.Accepted) != 1 {
			t.Errorf("%s: %v, dead ends %v", tt.name, describe(r.Rejected), r.DeadEnds)
		} else if got, _ := saidOf(r.Accepted[0]); got != tt.want {
			t.Errorf("%s: disputed %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestAltNameNotCritical holds what is said of a leaf without a subject: its subjectAltName
// is to be critical, which that of another need not be.
func TestAltNameNotCritical(t *testing.T) {
	ca := entity{"CA", 1}
	root, issuing := sign(t, rootEntity, rootEntity), sign(t, ca, rootEntity)
	leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf)
	nameless := func(e [][]byte) { e[tbsSubject] = []byte{0x30, 0} }
	const not = "0 subject_alt_name_not_critical: it has no other name (RFC 5280, Section 4.2.1.6)"
	for _, tt := range []struct {
		name string
		leaf *Certificate
		want string
	}{
		{"with a subject", leaf, ""},
		{"without", remake(t, leaf, nameless, nil, byKey(t, 1)), not},
		{"without, critical", sign(t, entity{"", leafKey}, ca, asLeaf, func(c *x509.Certificate) { c.Subject = pkix.Name{} }), ""},
		{"without any name", remake(t, without(leaf, "\x11"), nameless, nil, byKey(t, 1)), not},
	} {
		r := build(t, NewGraph([]*Certificate{issuing}, []*Certificate{root}, Limits{}), tt.leaf, nil)
		paths := slices.Concat(r.Accepted, r.Rejected)
		if len(paths) != 1 {
			t.Errorf("%s: %d paths", tt.name, len(paths))
		} else if got, _ := saidOf(paths[0]); got != tt.want {
			t.Errorf("%s: disputed %q, want %q", tt.name, got, tt.want)
		}
	}
}

// without returns a certificate in which an extension is another that nobody knows, by the
// last octet of its identifier under 2.5.29. Its signature fits no longer.
func without(c *Certificate, last string) *Certificate {
	const extension, other = "\x06\x03\x55\x1d", "\x63"
	return ParseCertificate(bytes.Replace(c.Raw, []byte(extension+last), []byte(extension+other), 1))
}
