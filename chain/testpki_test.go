package chain

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"math/big"
	"sync"
	"testing"
	"time"
)

// testKey returns the P-256 key number n: its scalar is n+1.
func testKey(n int) *ecdsa.PrivateKey {
	testKeysMu.Lock()
	defer testKeysMu.Unlock()
	if k := testKeys[n]; k != nil {
		return k
	}
	var d [32]byte
	binary.BigEndian.PutUint64(d[24:], uint64(n+1))
	k, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), d[:])
	if err != nil {
		panic(err)
	}
	testKeys[n] = k
	return k
}

var (
	testKeysMu sync.Mutex
	testKeys   = map[int]*ecdsa.PrivateKey{}
)

func testKeyID(n int) []byte {
	k := testKey(n)
	b, err := k.PublicKey.Bytes()
	if err != nil {
		panic(err)
	}
	sum := sha1.Sum(b)
	return sum[:]
}

// entity is a name and a key.
type entity struct {
	name string
	key  int
}

func (e entity) subject() pkix.Name {
	return pkix.Name{CommonName: e.name, Organization: []string{"Example"}}
}

var (
	testStart = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	testEnd   = time.Date(2035, 1, 1, 0, 0, 0, 0, time.UTC)
)

// sign makes a certificate for subject by issuer: a CA unless change says
// otherwise. Key identifiers are set; noKeyID takes them out.
func sign(tb testing.TB, subject, issuer entity, change ...func(*x509.Certificate)) *Certificate {
	tb.Helper()
	t := &x509.Certificate{
		SerialNumber:          big.NewInt(int64(1 + subject.key*1000 + issuer.key)),
		Subject:               subject.subject(),
		NotBefore:             testStart,
		NotAfter:              testEnd,
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		SubjectKeyId:          testKeyID(subject.key),
		AuthorityKeyId:        testKeyID(issuer.key),
	}
	for _, f := range change {
		f(t)
	}
	parent := &x509.Certificate{Subject: issuer.subject()}
	der, err := x509.CreateCertificate(nil, t, parent, testKey(subject.key).Public(), testKey(issuer.key))
	if err != nil {
		tb.Fatal(err)
	}
	return ParseCertificate(der)
}

func asLeaf(t *x509.Certificate) {
	t.IsCA, t.KeyUsage = false, x509.KeyUsageDigitalSignature
	t.EmailAddresses = []string{"user@example.com"}
	t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}
}

func noKeyID(t *x509.Certificate) { t.SubjectKeyId, t.AuthorityKeyId = []byte{}, nil }

func until(end time.Time) func(*x509.Certificate) {
	return func(t *x509.Certificate) { t.NotAfter = end }
}

func serial(n int64) func(*x509.Certificate) {
	return func(t *x509.Certificate) { t.SerialNumber = big.NewInt(n) }
}

// mesh is n CAs of which each has certified each other one, a leaf under the
// first and a root above the last.
type mesh struct {
	leaf, root, last *Certificate // last is the certificate of the last CA by the root
	certs            []*Certificate
	cas              []entity
}

const rootKey, leafKey = 900, 901

var rootEntity = entity{"Root", rootKey}

func newMesh(tb testing.TB, n int, sameName bool) *mesh {
	tb.Helper()
	m := &mesh{}
	for i := range n {
		name := "CA " + string(rune('A'+i))
		if sameName {
			name = "CA"
		}
		m.cas = append(m.cas, entity{name, i})
	}
	var change []func(*x509.Certificate)
	if sameName {
		change = append(change, noKeyID)
	}
	for i, a := range m.cas {
		for j, b := range m.cas {
			if i != j {
				m.certs = append(m.certs, sign(tb, a, b, change...))
			}
		}
	}
	m.root = sign(tb, rootEntity, rootEntity)
	m.last = sign(tb, m.cas[n-1], rootEntity, change...)
	m.leaf = sign(tb, entity{"Leaf", leafKey}, m.cas[0], append(change, asLeaf)...)
	return m
}

// cert returns what crypto/x509 makes of a certificate, nil if it refuses it.
func (c *Certificate) cert() *x509.Certificate {
	read, err := c.X509()
	if err != nil {
		return nil
	}
	return read
}
