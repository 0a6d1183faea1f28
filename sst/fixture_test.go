package sst

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"testing"
	"time"
)

// fixedKey returns the P-256 key with the scalar n, from 1.
func fixedKey(tb testing.TB, n int64) *ecdsa.PrivateKey {
	tb.Helper()
	k, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), big.NewInt(n).FillBytes(make([]byte, 32)))
	if err != nil {
		tb.Fatal(err)
	}
	return k
}

var (
	notBefore = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	notAfter  = time.Date(2035, 1, 1, 0, 0, 0, 0, time.UTC)
)

// newCert returns a certificate that is the same on every run, issued by
// itself.
func newCert(tb testing.TB, serial int64, change func(*x509.Certificate)) *x509.Certificate {
	tb.Helper()
	key := fixedKey(tb, 7)
	tmpl := &x509.Certificate{
		SerialNumber:          big.NewInt(serial),
		Subject:               pkix.Name{CommonName: fmt.Sprintf("Test CA %d", serial), Organization: []string{"example.com"}},
		NotBefore:             notBefore,
		NotAfter:              notAfter,
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	if change != nil {
		change(tmpl)
	}
	der, err := x509.CreateCertificate(nil, tmpl, tmpl, key.Public(), key)
	if err != nil {
		tb.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// newCRL returns an empty revocation list of the certificate.
func newCRL(tb testing.TB, issuer *x509.Certificate) []byte {
	tb.Helper()
	der, err := x509.CreateRevocationList(nil, &x509.RevocationList{
		Number: big.NewInt(1), ThisUpdate: notBefore, NextUpdate: notAfter,
	}, issuer, fixedKey(tb, 7))
	if err != nil {
		tb.Fatal(err)
	}
	return der
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// fixtureStore returns a store with something of everything: a certificate
// with properties of every form, a plain one, a CRL, a CTL that is none, and an
// element of a reserved kind.
func fixtureStore(tb testing.TB) *Store {
	tb.Helper()
	a, b := newCert(tb, 1, nil), newCert(tb, 2, nil)
	e := Element{Kind: Certificate, Raw: a.Raw}
	emailProtection := must(x509.ParseOID("1.3.6.1.5.5.7.3.4"))
	e.Properties = []Property{
		must(newText(PropFriendlyName, "\u200eTest \U0001F511")),
		must(newHash(PropSHA1Hash, &e)),
		must(newHash(PropKeyIdentifier, &e)),
		must(newHash(PropSubjectNameMD5Hash, &e)),
		must(newHash(PropAuthRootSHA256Hash, &e)),
		must(newOIDs(PropEnhKeyUsage, emailProtection)),
		must(newTime(PropDisallowedFileTime, time.Time{})),
		must(newTime(PropNotBeforeFileTime, notBefore)),
		must(newUint32(PropSubjectPubKeyBitLength, 256)),
		{ID: PropArchived},
		must(newKeyProvInfo(&KeyProvInfo{Container: "TestContainer", Provider: "Test Provider", ProvType: 24, Flags: 0x20, KeySpec: 1,
			Params: []KeyProvParam{{Param: 9, Flags: 1, Data: []byte{1, 2, 3}}}})),
		{ID: 131, Value: []byte{1}},
		{ID: 0x8001, Value: []byte("user")},
	}
	return &Store{Elements: []Element{
		e,
		{Kind: Certificate, Raw: b.Raw},
		{Kind: CRL, Raw: newCRL(tb, a)},
		{Kind: CTL, Raw: []byte("\x30\x03\x02\x01\x01")},
		{Kind: unknownKind, ID: 35, Raw: []byte{1, 2}, Properties: []Property{{ID: 11, Value: []byte{0, 0}}}},
	}}
}

func fixture(tb testing.TB) []byte {
	tb.Helper()
	data, err := fixtureStore(tb).Marshal()
	if err != nil {
		tb.Fatal(err)
	}
	return data
}
