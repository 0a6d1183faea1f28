package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"time"

	"github.com/smimechain/smimechain/chain"
)

var (
	notBefore = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	at        = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	notAfter  = time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC)
)

// authority is a name with a key.
type authority struct {
	name string
	id   byte
	key  crypto.Signer
}

// fixedAuthority has the P-256 key with the scalar id+1.
func fixedAuthority(name string, id byte) (authority, error) {
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), big.NewInt(int64(id)+1).FillBytes(make([]byte, 32)))
	return authority{name, id, key}, err
}

// template describes a certificate of an authority, or of a user where user is set.
func template(subject, issuer authority, serial int64, user bool) *x509.Certificate {
	t := &x509.Certificate{
		SerialNumber:          new(big.Int).Lsh(big.NewInt(serial), 64),
		Subject:               pkix.Name{CommonName: subject.name, Organization: []string{"Example"}},
		NotBefore:             notBefore,
		NotAfter:              notAfter,
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		SubjectKeyId:          []byte{subject.id, 1, 2, 3},
		AuthorityKeyId:        []byte{issuer.id, 1, 2, 3},
	}
	if user {
		t.IsCA, t.BasicConstraintsValid = false, false
		t.KeyUsage = x509.KeyUsageDigitalSignature
		t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}
		t.EmailAddresses = []string{mailbox}
		t.PolicyIdentifiers = []asn1.ObjectIdentifier{{2, 23, 140, 1, 5, 1, 3}}
		t.CRLDistributionPoints = []string{"http://crl.example.com/ca.crl"}
		t.IssuingCertificateURL = []string{"http://ca.example.com/ca.cer"}
		t.NotAfter = notBefore.AddDate(2, 0, 0)
	}
	return t
}

// sign makes a certificate of a template.
func sign(t *x509.Certificate, subject, issuer authority) (*x509.Certificate, error) {
	parent := &x509.Certificate{Subject: pkix.Name{CommonName: issuer.name, Organization: []string{"Example"}}, SubjectKeyId: t.AuthorityKeyId}
	der, err := x509.CreateCertificate(rand.Reader, t, parent, subject.key.Public(), issuer.key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// issue makes a certificate of an authority, or of a user where user is set.
func issue(subject, issuer authority, serial int64, user bool) (*x509.Certificate, error) {
	return sign(template(subject, issuer, serial, user), subject, issuer)
}

// pki is a leaf, its root and what lies between.
type pki struct {
	leaf, root *x509.Certificate
	between    []*x509.Certificate
}

// ladder is a chain of four: leaf, two CAs, root.
func ladder(bits int) (*pki, error) {
	var members []authority
	for i, name := range []string{"User", "Issuing CA", "Policy CA", "Root CA"} {
		a, err := fixedAuthority(name, byte(i))
		if err == nil && bits > 0 {
			a.key, err = rsa.GenerateKey(rand.Reader, bits)
		}
		if err != nil {
			return nil, err
		}
		members = append(members, a)
	}
	var certs []*x509.Certificate
	for i, m := range members {
		c, err := issue(m, members[min(i+1, 3)], int64(i+1), i == 0)
		if err != nil {
			return nil, err
		}
		certs = append(certs, c)
	}
	return &pki{certs[0], certs[3], certs[1:3]}, nil
}

// mesh is n CAs that have all certified each other, a leaf under the first and a
// root above the last.
func mesh(n int) (*pki, error) {
	root, err := fixedAuthority("Root", 200)
	if err != nil {
		return nil, err
	}
	user, err := fixedAuthority("User", 201)
	if err != nil {
		return nil, err
	}
	var cas []authority
	for i := range n {
		a, err := fixedAuthority(fmt.Sprintf("CA %02d", i), byte(i))
		if err != nil {
			return nil, err
		}
		cas = append(cas, a)
	}
	p := new(pki)
	serial := int64(1)
	add := func(subject, issuer authority, user bool) *x509.Certificate {
		c, issueErr := issue(subject, issuer, serial, user)
		if issueErr != nil {
			err = issueErr
		}
		serial++
		return c
	}
	for _, a := range cas {
		for _, b := range cas {
			if a.id != b.id {
				p.between = append(p.between, add(a, b, false))
			}
		}
	}
	p.between = append(p.between, add(cas[n-1], root, false))
	p.root = add(root, root, false)
	p.leaf = add(user, cas[0], true)
	return p, err
}

// graph makes a graph that knows nothing of the certificates yet.
func (p *pki) graph() *chain.Graph {
	certs := make([]*chain.Certificate, len(p.between))
	for i, c := range p.between {
		certs[i] = chain.FromX509(c)
	}
	return chain.NewGraph(certs, []*chain.Certificate{chain.FromX509(p.root)}, chain.Limits{})
}
