package catalog

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"math/big"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
)

// issue makes a certificate that names an issuer and its key identifier, signed with
// a key of our own.
func issue(t *testing.T, issuer pkix.Name, keyID []byte) *chain.Certificate {
	t.Helper()
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), append(make([]byte, 31), 7))
	if err != nil {
		t.Fatal(err)
	}
	parent := &x509.Certificate{Subject: issuer, SubjectKeyId: keyID}
	child := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Example CA"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(rand.Reader, child, parent, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return chain.ParseCertificate(der)
}

// TestLookAlike holds that a CA which has the name and the key identifier of a known one,
// but another key, is told from it.
func TestLookAlike(t *testing.T) {
	r46 := pkix.Name{Country: []string{"GB"}, Organization: []string{"Sectigo Limited"}, CommonName: "Sectigo Public Email Protection Root R46"}
	keyID, _ := hex.DecodeString("a7d79577eb4ac327cd93be374c268421147d5d98")
	for _, test := range []struct {
		name   string
		issuer pkix.Name
		keyID  []byte
		known  int
		proof  Proof
	}{
		{"look-alike", r46, keyID, 3, Refuted},
		{"another key identifier", r46, []byte{1, 2, 3}, 3, Refuted},
		{"another name", pkix.Name{CommonName: "Example Root"}, []byte{1, 2, 3}, 0, Unproved},
	} {
		cert := issue(t, test.issuer, test.keyID)
		d := deadEnd(cert)
		got, proof := Default().Signer(d)
		if len(got) != test.known || proof != test.proof {
			t.Errorf("%s: %s, %v", test.name, proof, short(got))
		}
		if known := Default().Known(d); len(known) != 0 {
			t.Errorf("%s: known are %v", test.name, short(known))
		}
		if ways := Default().Ways(d, nil); len(ways) != 0 {
			t.Errorf("%s: %d ways", test.name, len(ways))
		}
	}
	// A certificate that is not at hand proves nothing.
	if got, proof := Default().Signer(chain.DeadEnd{KeyID: keyID}); len(got) != 3 || proof != Unproved {
		t.Errorf("without a certificate: %s, %v", proof, short(got))
	}
}
