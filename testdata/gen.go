//go:build ignore

// Gen writes the fixtures of this folder. Keys, dates and serial numbers are
// fixed, so that a second run changes nothing:
//
//	go run testdata/gen.go
package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"log"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"github.com/smimechain/smimechain/sst"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// pki is the "Example" PKI, in the shape of a real one: the issuing CA hangs
// under a new root that exists in self-signed form and cross-signed by an old
// root.
type pki struct {
	oldRoot, rootSelf, rootCross, issuing, expired, leaf *x509.Certificate
	leafKey                                              *ecdsa.PrivateKey
}

func main() {
	log.SetFlags(0)
	p := build()

	write("example/old-root.pem", certPEM(p.oldRoot))
	write("example/root-self-signed.pem", certPEM(p.rootSelf))
	write("example/root-cross-signed.pem", certPEM(p.rootCross))
	write("example/issuing-ca.pem", certPEM(p.issuing))
	write("example/issuing-ca-expired.pem", certPEM(p.expired))
	write("example/leaf.pem", certPEM(p.leaf))
	write("example/cas.json", catalogue(p))

	collection := func(name string, certs ...*x509.Certificate) {
		write("collections/"+name, marshal(sst.New(certs...)))
	}
	collection("complete.sst", p.issuing, p.rootSelf, p.rootCross, p.oldRoot)
	collection("cross-certificate-missing.sst", p.issuing, p.oldRoot)
	collection("root-missing.sst", p.issuing, p.rootCross)
	collection("expired.sst", p.issuing, p.expired, p.rootSelf, p.rootCross, p.oldRoot)
	collection("leaf-inside.sst", p.issuing, p.rootSelf, p.rootCross, p.oldRoot, p.leaf)
	collection("duplicate.sst", p.issuing, p.rootSelf, p.rootCross, p.oldRoot, p.issuing)

	damaged := sst.New(p.issuing, p.rootSelf, p.rootCross, p.oldRoot)
	other, err := asn1.Marshal([]string{"a well-formed sequence", "that is no certificate"})
	check(err)
	damaged.Elements = append(damaged.Elements, sst.Element{Kind: sst.Certificate, Raw: other})
	write("collections/unparseable.sst", marshal(damaged))

	isolated := sst.New(p.issuing, p.rootSelf, p.rootCross, p.oldRoot)
	isolated.Elements[0].Properties = []sst.Property{{ID: 118, Value: []byte("not a real wrapped key")}} // CERT_ISOLATED_KEY_PROP_ID
	write("collections/private-key-property.sst", marshal(isolated))

	write("collections/private-key.pem", append(keyPEM(p.leafKey),
		bytes.Join([][]byte{certPEM(p.issuing), certPEM(p.rootSelf), certPEM(p.rootCross), certPEM(p.oldRoot)}, nil)...))

	// The identity of a user, in the form that new programs write and in the one
	// that every program opens.
	write("pfx/modern-without-root.pfx", pfx(gopkcs12.Modern2023, p, p.issuing))
	write("pfx/widest.pfx", pfx(gopkcs12.LegacyDES, p, p.issuing, p.rootCross, p.oldRoot))

	write("example/facts.json", []byte(`{"version": 1, "primary_smtp": "user@example.com", "oldest_ios": "17", "purposes": ["sign", "encrypt"]}`+"\n"))
	write("pfx/password.txt", []byte(password+"\n"))

	// A real chain with its real fault: the certificate that links the issuing
	// CA to the root is not there.
	collection("sectigo-without-r46.sst", read("ca-incommon-rsa-secure-email-3"), read("root-usertrust-rsa"))
}

func build() *pki {
	oldKey, rootKey, issuingKey, expiredKey, leafKey := key(1), key(2), key(3), key(4), key(5)
	ca := func(serial int64, name, from, to string) *x509.Certificate {
		return &x509.Certificate{
			SerialNumber:          big.NewInt(serial),
			Subject:               pkix.Name{Country: []string{"GB"}, Organization: []string{"Example Limited"}, CommonName: name},
			NotBefore:             day(from),
			NotAfter:              day(to).Add(24*time.Hour - time.Second),
			IsCA:                  true,
			BasicConstraintsValid: true,
			KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign | x509.KeyUsageDigitalSignature,
		}
	}
	oldRoot := ca(0x1001, "Example Old Root", "2010-02-01", "2038-01-18")
	root := ca(0x2001, "Example Email Protection Root 2021", "2021-03-22", "2046-03-21")
	cross := ca(0x1002, "Example Email Protection Root 2021", "2021-03-22", "2038-01-18")
	cross.CRLDistributionPoints = []string{"http://crl.example.com/old-root.crl"}
	issuing := func(serial int64, name, from, to string) *x509.Certificate {
		c := ca(serial, name, from, to)
		c.MaxPathLenZero = true
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection, x509.ExtKeyUsageClientAuth}
		c.PolicyIdentifiers = []asn1.ObjectIdentifier{{2, 5, 29, 32, 0}}
		c.CRLDistributionPoints = []string{"http://crl.example.com/root-2021.crl"}
		c.IssuingCertificateURL = []string{"http://ca.example.com/root-2021.p7c"}
		return c
	}
	leaf := &x509.Certificate{
		SerialNumber:          big.NewInt(0x7E57_0001),
		Subject:               pkix.Name{CommonName: "user@example.com"},
		NotBefore:             day("2026-01-15"),
		NotAfter:              day("2027-12-31"),
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageKeyAgreement,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
		EmailAddresses:        []string{"user@example.com"},
		CRLDistributionPoints: []string{"http://crl.example.com/issuing-ca.crl"},
		IssuingCertificateURL: []string{"http://ca.example.com/issuing-ca.crt"},
	}

	p := &pki{leafKey: leafKey}
	p.oldRoot = sign(oldRoot, oldRoot, oldKey, oldKey)
	p.rootSelf = sign(root, root, rootKey, rootKey)
	p.rootCross = sign(cross, p.oldRoot, rootKey, oldKey)
	p.issuing = sign(issuing(0x2002, "Example Secure Email CA 1", "2021-03-22", "2036-03-21"), p.rootSelf, issuingKey, rootKey)
	p.expired = sign(issuing(0x2003, "Example Secure Email CA 0", "2021-03-22", "2025-03-21"), p.rootSelf, expiredKey, rootKey)
	p.leaf = sign(leaf, p.issuing, leafKey, issuingKey)
	return p
}

// key returns the P-256 key of a small fixed scalar: worthless as a key, and
// the same on every run.
func key(scalar byte) *ecdsa.PrivateKey {
	raw := make([]byte, 32)
	raw[31] = scalar
	k, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), raw)
	check(err)
	return k
}

// sign is deterministic for ECDSA when it is given no source of randomness.
func sign(template, parent *x509.Certificate, subject, issuer *ecdsa.PrivateKey) *x509.Certificate {
	der, err := x509.CreateCertificate(nil, template, parent, &subject.PublicKey, issuer)
	check(err)
	c, err := x509.ParseCertificate(der)
	check(err)
	return c
}

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	check(err)
	return t
}

func certPEM(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

func keyPEM(k *ecdsa.PrivateKey) []byte {
	der, err := x509.MarshalPKCS8PrivateKey(k)
	check(err)
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

// Password of the PFX files.
const password = "example-lemon-orbit-velvet"

// pfx writes the key and certificate of the user with further certificates. The
// source of its salts is fixed, as it may be for worthless keys only.
func pfx(e *gopkcs12.Encoder, p *pki, others ...*x509.Certificate) []byte {
	data, err := e.WithRand(zeros{}).Encode(p.leafKey, p.leaf, others, password)
	check(err)
	return data
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// catalogue writes the file by which -cas learns of the Example CAs.
func catalogue(p *pki) []byte {
	type entry struct {
		Kind      string `json:"kind"`
		Subject   string `json:"subject"`
		Issuer    string `json:"issuer"`
		SHA256    string `json:"sha256"`
		KeyID     string `json:"key_id"`
		IssuerKey string `json:"issuer_key_id"`
		NotBefore string `json:"not_before"`
		NotAfter  string `json:"not_after"`
		Advice    string `json:"advice,omitempty"`
		Reason    string `json:"reason,omitempty"`
	}
	describe := func(kind string, c *x509.Certificate, advice, reason string) entry {
		sum := sha256.Sum256(c.Raw)
		issuerKey := c.AuthorityKeyId
		if kind == "root" {
			issuerKey = c.SubjectKeyId
		}
		return entry{
			Kind: kind, Subject: c.Subject.String(), Issuer: c.Issuer.String(),
			SHA256: hex.EncodeToString(sum[:]), KeyID: hex.EncodeToString(c.SubjectKeyId), IssuerKey: hex.EncodeToString(issuerKey),
			NotBefore: c.NotBefore.Format(time.RFC3339), NotAfter: c.NotAfter.Format(time.RFC3339),
			Advice: advice, Reason: reason,
		}
	}
	data, err := json.MarshalIndent(map[string]any{
		"version": 1,
		"source":  "testdata/gen.go",
		"date":    "2026-11-22",
		"certificates": []entry{
			describe("root", p.oldRoot, "", ""),
			describe("root", p.rootSelf, "", ""),
			describe("cross", p.rootCross, "recommended", "clients that do not know the new root reach the old one through it"),
			describe("intermediate", p.issuing, "", ""),
		},
	}, "", "\t")
	check(err)
	return append(data, '\n')
}

func read(name string) *x509.Certificate {
	data, err := os.ReadFile(filepath.Join("testdata", "sectigo", name+".pem"))
	check(err)
	block, _ := pem.Decode(data)
	c, err := x509.ParseCertificate(block.Bytes)
	check(err)
	return c
}

func marshal(s *sst.Store) []byte {
	data, err := s.Marshal()
	check(err)
	return data
}

func write(name string, data []byte) {
	file := filepath.Join("testdata", filepath.FromSlash(name))
	check(os.MkdirAll(filepath.Dir(file), 0o755))
	check(os.WriteFile(file, data, 0o644))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
