package catalog

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"math/big"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/smimechain/smimechain/chain"
)

// attribute is one attribute of a name, as it is encoded.
type attribute struct {
	oid   asn1.ObjectIdentifier
	tag   int
	value string
}

var (
	oidCN = asn1.ObjectIdentifier{2, 5, 4, 3}
	oidO  = asn1.ObjectIdentifier{2, 5, 4, 10}
	oidC  = asn1.ObjectIdentifier{2, 5, 4, 6}
)

// bmp encodes a text for a BMPString.
func bmp(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return string(b)
}

// universal encodes a text for a UniversalString.
func universal(s string) string {
	var b []byte
	for _, r := range s {
		b = append(b, byte(r>>24), byte(r>>16), byte(r>>8), byte(r))
	}
	return string(b)
}

// rawName encodes a name, each attribute in an RDN of its own.
func rawName(t *testing.T, list ...attribute) []byte {
	t.Helper()
	type pair struct {
		OID   asn1.ObjectIdentifier
		Value asn1.RawValue
	}
	var rdns []asn1.RawValue
	for _, a := range list {
		der, err := asn1.Marshal(pair{a.oid, asn1.RawValue{Tag: a.tag, Bytes: []byte(a.value)}})
		if err != nil {
			t.Fatal(err)
		}
		rdns = append(rdns, asn1.RawValue{Tag: asn1.TagSet, IsCompound: true, Bytes: der})
	}
	der, err := asn1.Marshal(rdns)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// ca is a CA of the tests: a name and a key.
type ca struct {
	name []byte
	key  *ecdsa.PrivateKey
}

func newCA(t *testing.T, number byte, name []byte) ca {
	t.Helper()
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), append(make([]byte, 31), number))
	if err != nil {
		t.Fatal(err)
	}
	return ca{name, key}
}

// keyID is the key identifier of the CA.
func (c ca) keyID(t *testing.T) []byte {
	t.Helper()
	spki, err := x509.MarshalPKIXPublicKey(c.key.Public())
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(spki)
	return sum[:20]
}

// issue makes a certificate of a CA with a name and key for another, which names its
// issuer and the issuer's key identifier as it is told to.
func (c ca) issue(t *testing.T, to ca, issuer, keyID []byte) *chain.Certificate {
	t.Helper()
	parent := &x509.Certificate{RawSubject: issuer, SubjectKeyId: keyID}
	child := &x509.Certificate{
		SerialNumber: big.NewInt(1), RawSubject: to.name, SubjectKeyId: to.keyID(t), IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(rand.Reader, child, parent, to.key.Public(), c.key)
	if err != nil {
		t.Fatal(err)
	}
	return chain.ParseCertificate(der)
}

// TestFoldedNames holds that names which are equal in other writing find a CA, that the
// signature decides which of those it is, and that no other CA is taken for it.
func TestFoldedNames(t *testing.T) {
	const printable, utf8, t61, bmpString, universalString, ia5 = 19, 12, 20, 30, 28, 22
	plain := func(cn string) []byte {
		return rawName(t, attribute{oidC, printable, "JP"}, attribute{oidO, utf8, "Straße Trust K.K."}, attribute{oidCN, utf8, cn})
	}
	known := newCA(t, 1, plain("Example Mail CA ﬁ 1"))
	twin := newCA(t, 2, plain("EXAMPLE  mail ca fi １")) // another CA, whose name is equal
	other := newCA(t, 3, plain("Example Mail CA fi 2"))
	user := newCA(t, 9, plain("Example Sub CA"))
	stranger := newCA(t, 8, plain("Stranger"))
	catalog := new(Catalog).WithCertificates([]*chain.Certificate{
		known.issue(t, known, known.name, known.keyID(t)),
		twin.issue(t, twin, twin.name, twin.keyID(t)),
		other.issue(t, other, other.name, other.keyID(t)),
	}, "test")
	if n := len(catalog.Entries()); n != 3 {
		t.Fatalf("%d entries", n)
	}
	for name, raw := range map[string][]byte{
		"as it is":              known.name,
		"as its twin":           twin.name,
		"NFKC":                  plain("Example Mail CA fi 1"),
		"wide":                  plain("Ｅｘａｍｐｌｅ Mail CA fi 1"),
		"white space":           plain("  Example Mail   CA fi 1 "),
		"no-break space":        plain("Example\u00a0Mail CA fi 1"),
		"soft hyphen":           plain("Exam\u00adple Mail CA fi 1"),
		"BMPString":             rawName(t, attribute{oidC, printable, "jp"}, attribute{oidO, bmpString, bmp("STRASSE Trust K.K.")}, attribute{oidCN, bmpString, bmp("Example Mail CA ﬁ 1")}),
		"UniversalString":       rawName(t, attribute{oidC, ia5, "JP"}, attribute{oidO, utf8, "strasse trust k.k."}, attribute{oidCN, universalString, universal("Example Mail CA fi 1")}),
		"TeletexString":         rawName(t, attribute{oidC, t61, "JP"}, attribute{oidO, utf8, "Straße Trust K.K."}, attribute{oidCN, t61, "Example Mail CA fi 1"}),
		"attributes in reverse": rawName(t, attribute{oidCN, utf8, "Example Mail CA fi 1"}, attribute{oidO, utf8, "Straße Trust K.K."}, attribute{oidC, printable, "JP"}),
	} {
		for _, from := range []ca{known, twin} {
			for _, keyID := range [][]byte{nil, from.keyID(t), known.keyID(t), other.keyID(t), {1, 2, 3}} {
				got, proof := catalog.Signer(deadEnd(from.issue(t, user, raw, keyID)))
				if proof != Verified || len(got) != 1 || string(got[0].KeyID) != string(from.keyID(t)) {
					t.Errorf("%s, key identifier %s: %s, %v", name, hex.EncodeToString(keyID), proof, short(got))
				}
			}
		}
		// Neither of the two has signed.
		for _, keyID := range [][]byte{nil, known.keyID(t), twin.keyID(t), other.keyID(t), {1, 2, 3}} {
			end := deadEnd(stranger.issue(t, user, raw, keyID))
			if got, proof := catalog.Signer(end); proof != Refuted {
				t.Errorf("a stranger as %s: %s, %v", name, proof, short(got))
			}
			if got := catalog.Known(end); len(got) > 0 {
				t.Errorf("a stranger as %s is known as %v", name, short(got))
			}
			if ways := catalog.Ways(end, nil); len(ways) > 0 {
				t.Errorf("a stranger as %s: %d ways", name, len(ways))
			}
		}
	}
	for name, raw := range map[string][]byte{
		"a letter of another script": plain("Exаmple Mail CA fi 1"),
		"a word more":                plain("Example Mail CA fi 1 1"),
		"words without a space":      plain("ExampleMail CA fi 1"),
		"one attribute more":         rawName(t, attribute{oidC, printable, "JP"}, attribute{oidO, utf8, "Straße Trust K.K."}, attribute{oidO, utf8, "Straße Trust K.K."}, attribute{oidCN, utf8, "Example Mail CA fi 1"}),
		"one attribute less":         rawName(t, attribute{oidO, utf8, "Straße Trust K.K."}, attribute{oidCN, utf8, "Example Mail CA fi 1"}),
		"attributes in a value":      rawName(t, attribute{oidC, printable, "JP"}, attribute{oidO, utf8, "Straße Trust K.K.,CN=Example Mail CA fi 1"}),
		"a NUL between":              rawName(t, attribute{oidC, printable, "JP"}, attribute{oidCN, utf8, "Example Mail CA fi 1\x00o=strasse trust k.k."}),
		"values changed over":        rawName(t, attribute{oidC, printable, "JP"}, attribute{oidCN, utf8, "Straße Trust K.K."}, attribute{oidO, utf8, "Example Mail CA fi 1"}),
		"no name":                    rawName(t),
	} {
		for _, keyID := range [][]byte{nil, known.keyID(t), {1, 2, 3}} {
			end := deadEnd(stranger.issue(t, user, raw, keyID))
			if got, proof := catalog.Signer(end); proof != Unproved || len(got) > 0 {
				t.Errorf("%s, key identifier %s: %s, %v", name, hex.EncodeToString(keyID), proof, short(got))
			}
			if got := catalog.Known(end); len(got) > 0 {
				t.Errorf("%s, key identifier %s: known as %v", name, hex.EncodeToString(keyID), short(got))
			}
			if ways := catalog.Ways(end, nil); len(ways) > 0 {
				t.Errorf("%s: %d ways", name, len(ways))
			}
		}
	}
}
