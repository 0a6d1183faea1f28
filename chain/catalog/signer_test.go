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

// TestSignerBounds holds that keys are counted and not their certificates, and that beyond
// the limit nothing is refuted.
func TestSignerBounds(t *testing.T) {
	name := rawName(t, attribute{oidCN, 12, "X"})
	leaf := newCA(t, 200, name).issueTo(t, newCA(t, 201, rawName(t, attribute{oidCN, 12, "User"})))
	for _, test := range []struct {
		entries, keys int
		want          Proof
	}{
		{maxKeys, maxKeys, Refuted},
		{maxKeys + 1, maxKeys, Refuted},
		{maxKeys + 1, maxKeys + 1, Unproved},
	} {
		var entries []Entry
		for i := range test.entries {
			key, err := x509.MarshalPKIXPublicKey(newCA(t, byte(1+i%test.keys), name).key.Public())
			if err != nil {
				t.Fatal(err)
			}
			entries = append(entries, Entry{Subject: "CN=X", SHA256: [32]byte{byte(i)}, Key: key})
		}
		if _, proof := newCatalog(nil, entries, "test", time.Time{}).Signer(deadEnd(leaf)); proof != test.want {
			t.Errorf("%d certificates of %d keys: %s, want %s", test.entries, test.keys, proof, test.want)
		}
	}
}
