package chain_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"log"
	"math/big"
	"time"

	"github.com/smimechain/smimechain/chain"
)

// issue makes a certificate for subject by issuer. Keys are numbered.
func issue(subject string, key byte, issuer string, issuerKey byte, ca bool, years int) *chain.Certificate {
	private := func(n byte) *ecdsa.PrivateKey {
		k, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), append(make([]byte, 31), n))
		if err != nil {
			log.Fatal(err)
		}
		return k
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(int64(key)<<8 | int64(issuerKey)),
		Subject:               pkix.Name{CommonName: subject},
		NotBefore:             time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:              time.Date(2025+years, 1, 1, 0, 0, 0, 0, time.UTC),
		BasicConstraintsValid: ca,
		IsCA:                  ca,
	}
	if !ca {
		template.EmailAddresses = []string{"user@example.com"}
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}
	}
	parent := &x509.Certificate{Subject: pkix.Name{CommonName: issuer}}
	der, err := x509.CreateCertificate(nil, template, parent, private(key).Public(), private(issuerKey))
	if err != nil {
		log.Fatal(err)
	}
	return chain.ParseCertificate(der)
}

// A new root is certified by an old one. Both are anchors, so there are two
// ways; the third form leads to a root that nobody has supplied.
func ExampleGraph_Build() {
	leaf := issue("User", 1, "Issuing CA", 2, false, 2)
	issuing := issue("Issuing CA", 2, "New Root", 3, true, 10)
	newRoot := issue("New Root", 3, "New Root", 3, true, 20)
	byOld := issue("New Root", 3, "Old Root", 4, true, 12)
	oldRoot := issue("Old Root", 4, "Old Root", 4, true, 12)
	byOther := issue("New Root", 3, "Other Root", 5, true, 3)

	graph := chain.NewGraph(
		[]*chain.Certificate{issuing, byOld, byOther},
		[]*chain.Certificate{newRoot, oldRoot},
		chain.Limits{},
	)
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	result, err := graph.Build(context.Background(), leaf, at, &chain.Options{Email: "user@example.com"})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range result.Accepted {
		for _, c := range p.Certificates {
			fmt.Print(c.Subject(), " < ")
		}
		fmt.Println("valid until", p.NotAfter.Format(time.DateOnly))
	}
	for _, d := range result.DeadEnds {
		fmt.Printf("missing: %s, which issued %s\n", d.Issuer, d.Certificate.Subject())
	}
	fmt.Println("complete:", result.Complete())
	// Output:
	// CN=User < CN=Issuing CA < CN=New Root < valid until 2027-01-01
	// CN=User < CN=Issuing CA < CN=New Root < CN=Old Root < valid until 2027-01-01
	// missing: CN=Other Root, which issued CN=New Root
	// complete: true
}
