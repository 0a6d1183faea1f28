package pkcs12_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"log"
	"math/big"
	"time"

	gopkcs12 "software.sslmate.com/src/go-pkcs12"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/pkcs12"
)

// Can an iPhone with iOS 17 open this file, and what is to be done?
func ExampleInspection_Compatible() {
	data := exampleFile()
	report, err := pkcs12.Inspect(data, "secret")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("password:", report.Password.Status)
	for _, id := range report.Identities {
		leaf := report.Bag(id.Leaf).Certificate
		fmt.Println("identity:", chain.CommonName(leaf.Subject()), "- key matches:", id.Matches)
	}
	verdict := report.Compatible("ios-17")
	fmt.Println("iOS 17:", verdict.Answer)
	fmt.Println(verdict.Reasons[0].Message)
	// Output:
	// password: right
	// identity: Alice Example - key matches: yes
	// iOS 17: no
	// iOS 17 and older can check a MAC with SHA-1 only; this file uses SHA-256: the phone will say that the password is wrong
}

// Write the identity again so that an iPhone with iOS 17 opens it.
func ExampleOptions_Rewrite() {
	data := exampleFile()
	profile, err := pkcs12.ProfileFor("ios-17")
	if err != nil {
		log.Fatal(err)
	}
	wanted := pkcs12.Rewriting{Profile: profile, Password: "a long one for the way", Importer: "ios-17"}
	for _, password := range []string{"guess", "secret"} {
		opts := &pkcs12.Options{Password: &password}
		out, err := opts.Rewrite(context.Background(), data, wanted)
		if e, ok := errors.AsType[*pkcs12.RewriteError](err); ok && e.Inspection.Password.Status == pkcs12.PasswordWrong {
			fmt.Println("ask for the password again")
			continue
		} else if err != nil {
			log.Fatal(err)
		}
		report, err := pkcs12.Inspect(out, wanted.Password)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(profile, report.Compatible("ios-17").Answer)
	}
	// Output:
	// ask for the password again
	// widest yes
}

// exampleFile returns a PFX such as OpenSSL 3 writes.
func exampleFile() []byte {
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), append(make([]byte, 31), 7))
	if err != nil {
		log.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber:   big.NewInt(1),
		Subject:        pkix.Name{CommonName: "Alice Example"},
		EmailAddresses: []string{"alice@example.com"},
		NotBefore:      time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:       time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		log.Fatal(err)
	}
	data, err := gopkcs12.Modern2023.Encode(key, &x509.Certificate{Raw: der}, nil, "secret")
	if err != nil {
		log.Fatal(err)
	}
	return data
}
