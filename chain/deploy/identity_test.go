package deploy

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"
)

const (
	testPassword = "correct horse battery"
	testAddress  = "user@example.com"
)

// testCertificate makes the certificate of a user that the key with the scalar 9
// has signed itself.
func testCertificate(t *testing.T, usage x509.KeyUsage, until string) (*ecdsa.PrivateKey, *x509.Certificate) {
	t.Helper()
	scalar := make([]byte, 32)
	scalar[31] = 9
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar)
	if err != nil {
		t.Fatal(err)
	}
	notAfter, err := time.Parse(time.DateOnly, until)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(9), Subject: pkix.Name{CommonName: "Example User"}, Issuer: pkix.Name{CommonName: "Example CA"},
		NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: notAfter, KeyUsage: usage,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}, EmailAddresses: []string{testAddress}, BasicConstraintsValid: true,
	}
	parent := &x509.Certificate{Subject: pkix.Name{CommonName: "Example CA"}, SubjectKeyId: []byte{1, 2, 3}}
	der, err := x509.CreateCertificate(nil, template, parent, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return key, cert
}

const bothUsages = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyAgreement

// testPFX makes a PFX that every target opens.
func testPFX(t *testing.T, usage x509.KeyUsage, password string) []byte {
	t.Helper()
	return encodeTest(t, usage, "2028-01-01", password)
}

// testPFXUntil makes a PFX whose certificate ends on a day.
func testPFXUntil(t *testing.T, until string) []byte {
	t.Helper()
	return encodeTest(t, bothUsages, until, testPassword)
}

func encodeTest(t *testing.T, usage x509.KeyUsage, until, password string) []byte {
	t.Helper()
	key, cert := testCertificate(t, usage, until)
	pfx, err := pkcs12.LegacyDES.Encode(key, cert, nil, password)
	if err != nil {
		t.Fatal(err)
	}
	return pfx
}
