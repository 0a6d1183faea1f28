package lint

import (
	"crypto/ed25519"
	"crypto/x509"
	"math/big"
	"testing"

	"github.com/smimechain/smimechain/chain"
)

// TestUnderBaseline holds which policies are those of the S/MIME Baseline Requirements, and
// which are Legacy.
func TestUnderBaseline(t *testing.T) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	arc := []uint64{2, 23, 140, 1, 5}
	for _, tt := range []struct {
		policy           []uint64
		baseline, legacy bool
	}{
		{append(arc, 1, 1), true, true},
		{append(arc, 1, 2), true, false},
		{append(arc, 4, 1), true, true},
		{append(arc, 4, 3), true, false},
		{append(arc, 0, 1), false, false},
		{append(arc, 5, 3), false, false},
		{append(arc, 1, 0), false, false},
		{append(arc, 1, 4), false, false},
		{append(arc, 1), false, false},
		{append(arc, 1, 11), false, false},
		{append(arc, 1, 1, 1), false, false},
		{append(arc, 11, 1), false, false},
		{[]uint64{2, 23, 140, 1, 4, 1, 1}, false, false},
	} {
		oid, err := x509.OIDFromInts(tt.policy)
		if err != nil {
			t.Fatal(err)
		}
		template := &x509.Certificate{SerialNumber: big.NewInt(1), Policies: []x509.OID{oid}}
		der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		c := chain.ParseCertificate(der)
		if baseline, legacy := underBaseline(c), underLegacy(c); baseline != tt.baseline || legacy != tt.legacy {
			t.Errorf("%s: of the Baseline Requirements %t, Legacy %t", oid, baseline, legacy)
		}
	}
}
