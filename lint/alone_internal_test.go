package lint

import (
	"testing"

	"github.com/smimechain/smimechain/chain"
)

// TestOddKey holds which keys are said to be none that every program takes. Of small ones
// another rule speaks.
func TestOddKey(t *testing.T) {
	for key, want := range map[chain.PublicKey]string{
		{Algorithm: "RSA", Bits: 2048}:                         "",
		{Algorithm: "RSA", Bits: 512}:                          "",
		{Algorithm: "EC", Curve: "P-256", Bits: 256}:           "",
		{Algorithm: "EC", Curve: "P-521", Bits: 521}:           "",
		{Algorithm: "EC", Curve: "P-224", Bits: 224}:           "",
		{Algorithm: "EC", Curve: "brainpoolP160r1", Bits: 160}: "",
		{Algorithm: "EC", Curve: "brainpoolP256r1", Bits: 256}: "has a key on the curve brainpoolP256r1",
		{Algorithm: "EC", Curve: "secp256k1", Bits: 256}:       "has a key on the curve secp256k1",
		{Algorithm: "EC", Curve: "explicit parameters"}:        "has a key on the curve explicit parameters",
		{Algorithm: "Ed25519"}:                                 "has a key of the algorithm Ed25519",
		{Algorithm: "RSASSA-PSS", Bits: 2048}:                  "has a key of the algorithm RSASSA-PSS",
	} {
		got := ""
		if m := oddKey(key); m != nil {
			got = m.String()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
}
