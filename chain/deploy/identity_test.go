package deploy

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"software.sslmate.com/src/go-pkcs12"
)

const (
	testPassword = "correct horse battery"
	testAddress  = "user@example.com"
)

// testCertificate makes the certificate of a user, for e-mail unless other extended usages
// are given, that the key with the scalar 9 has signed itself.
func testCertificate(t *testing.T, usage x509.KeyUsage, until string, extended ...x509.ExtKeyUsage) (*ecdsa.PrivateKey, *x509.Certificate) {
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
	if len(extended) == 0 {
		extended = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(9), Subject: pkix.Name{CommonName: "Example User"}, Issuer: pkix.Name{CommonName: "Example CA"},
		NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: notAfter, KeyUsage: usage,
		ExtKeyUsage: extended, EmailAddresses: []string{testAddress}, BasicConstraintsValid: true,
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

// TestExtendedPurpose: a certificate that is not for e-mail is delivered for neither purpose.
func TestExtendedPurpose(t *testing.T) {
	const email, any, server, client = x509.ExtKeyUsageEmailProtection, x509.ExtKeyUsageAny, x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth
	for _, tt := range []struct {
		usages []x509.ExtKeyUsage
		want   bool
	}{
		{[]x509.ExtKeyUsage{email}, true}, {[]x509.ExtKeyUsage{server, email}, true}, {[]x509.ExtKeyUsage{any}, true},
		{[]x509.ExtKeyUsage{server}, false}, {[]x509.ExtKeyUsage{client, server}, false},
	} {
		_, cert := testCertificate(t, bothUsages, "2028-01-01", tt.usages...)
		for _, purpose := range []IntendedPurpose{SMIMESigning, SMIMEEncryption} {
			if err := checkPurpose(chain.FromX509(cert), purpose); (err == nil) != tt.want || err != nil && !errors.Is(err, errPurpose) {
				t.Errorf("%v for %s: %v", tt.usages, purpose, err)
			}
		}
	}
}
