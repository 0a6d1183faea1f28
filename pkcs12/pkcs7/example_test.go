package pkcs7_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"log"
	"math/big"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// The certificates in a .p7b file, whether binary, PEM or base64.
func ExampleParse() {
	data := exampleFile()
	message, err := pkcs7.Parse(data)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(message.Armor, "with", message.Signers, "signatures")
	for _, c := range message.Certificates {
		if err := c.Err(); err != nil {
			fmt.Println("cannot be read:", err)
			continue
		}
		fmt.Println(c.Subject())
	}
	// Output:
	// PEM with 0 signatures
	// CN=Example Root,O=Example
}

// exampleFile returns a .p7b file in PEM.
func exampleFile() []byte {
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), append(make([]byte, 31), 7))
	if err != nil {
		log.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{Organization: []string{"Example"}, CommonName: "Example Root"},
		NotBefore:    time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		log.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		log.Fatal(err)
	}
	text, err := pkcs7.New(chain.FromX509(cert)).MarshalPEM()
	if err != nil {
		log.Fatal(err)
	}
	return text
}
