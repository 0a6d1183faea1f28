package pkcs12

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"io"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// A person is a key and its certificate, with the CAs above.
type person struct {
	key   crypto.Signer
	leaf  *x509.Certificate
	chain []*x509.Certificate // intermediate, root
}

// testKey returns the P-256 key with the given scalar.
func testKey(t testing.TB, scalar uint64) *ecdsa.PrivateKey {
	t.Helper()
	raw := make([]byte, 32)
	binary.BigEndian.PutUint64(raw[24:], scalar)
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), raw)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// alice returns the same identity every time.
func alice(t testing.TB) *person {
	t.Helper()
	return personWithKey(t, testKey(t, 3))
}

func personWithKey(t testing.TB, key crypto.Signer) *person {
	t.Helper()
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	create := func(serial int64, name string, public crypto.PublicKey, ca bool, parent *x509.Certificate, signer crypto.Signer) *x509.Certificate {
		template := &x509.Certificate{
			SerialNumber: big.NewInt(serial),
			Subject:      pkix.Name{Organization: []string{"Example"}, CommonName: name},
			NotBefore:    start, NotAfter: start.AddDate(10, 0, 0),
			BasicConstraintsValid: true, IsCA: ca,
		}
		if ca {
			template.KeyUsage = x509.KeyUsageCertSign
		} else {
			template.EmailAddresses = []string{"alice@example.com"}
			template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}
		}
		if parent == nil {
			parent = template
		}
		der, err := x509.CreateCertificate(nil, template, parent, public, signer)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return cert
	}
	rootKey, caKey := testKey(t, 1), testKey(t, 2)
	root := create(1, "Example Root", rootKey.Public(), true, nil, rootKey)
	ca := create(2, "Example CA", caKey.Public(), true, root, rootKey)
	leaf := create(3, "Alice Example", key.Public(), false, ca, caKey)
	return &person{key, leaf, []*x509.Certificate{ca, root}}
}

// testRSA returns an RSA key. It differs from run to run, but no test writes it
// to a file that is kept.
func testRSA(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(nil, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// fixed is a source of octets for salts that are the same every time.
func fixed() io.Reader { return rand.NewChaCha8([32]byte{}) }

// encode writes p with go-pkcs12.
func (p *person) encode(t testing.TB, e *gopkcs12.Encoder, password string) []byte {
	t.Helper()
	if e != gopkcs12.Passwordless {
		e = e.WithIterations(8)
	}
	data, err := e.WithRand(fixed()).Encode(p.key, p.leaf, p.chain, password)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
