package pkcs12

import (
	"context"
	"errors"
	"math/big"
	"testing"

	"github.com/smimechain/smimechain/pkcs12/internal/ber"
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// TestScryptMemory holds scrypt to its memory, whichever parameter asks for it.
func TestScryptMemory(t *testing.T) {
	for _, test := range []struct {
		name    string
		n, r, p int64
		code    ObservationCode // empty: it may run
	}{
		{"small", 16, 8, 1, ""},
		{"as much as allowed", 1 << 16, 8, 1, ""},
		{"N", 1 << 17, 8, 1, codeScryptMemory},
		{"r", 2, 600_000, 1, codeScryptMemory},
		{"p", 2, 1, 2_400_000, codeScryptMemory},
		{"p and r", 2, 1000, 2400, codeScryptMemory},
		{"work", 1 << 15, 8, 32, codeIterations},
	} {
		d := deriver{ctx: context.Background(), limits: Limits{}.withDefaults()}
		err := d.check(&kdf{name: "scrypt", iterations: test.n, r: test.r, p: test.p})
		limit, _ := errors.AsType[*LimitError](err)
		if (err == nil) != (test.code == "") || limit != nil && limit.Code != test.code {
			t.Errorf("%s: got %v, want %s", test.name, err, test.code)
		}
	}
}

// TestDSAWork holds DSA keys to exponents below q: others are refused before
// they are computed with.
func TestDSAWork(t *testing.T) {
	one := big.NewInt(1)
	p := new(big.Int).Add(new(big.Int).Lsh(one, 3071), big.NewInt(12345))
	q := new(big.Int).Sub(new(big.Int).Lsh(one, 256), big.NewInt(189))
	for _, test := range []struct {
		name string
		q, x *big.Int
		ok   bool
	}{
		{"good", q, big.NewInt(1 << 40), true},
		{"below q", q, new(big.Int).Sub(q, one), true},
		{"q", q, q, false},
		{"nothing", q, new(big.Int), false},
		{"q of nothing", new(big.Int), one, false},
		{"as long as p", q, new(big.Int).Sub(p, one), false},
		{"q as long as p", new(big.Int).Sub(p, one), new(big.Int).Sub(p, big.NewInt(2)), false},
	} {
		var params, private cryptobyte.Builder
		params.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1BigInt(p)
			b.AddASN1BigInt(test.q)
			b.AddASN1BigInt(big.NewInt(3))
		})
		private.AddASN1BigInt(test.x)
		e, err := ber.New(params.BytesOrPanic(), nil).Next()
		if err != nil {
			t.Fatal(err)
		}
		k := new(Key)
		if err := k.readDSA(private.BytesOrPanic(), &e); (err == nil) != test.ok || (k.Fingerprint != "") != test.ok {
			t.Errorf("%s: %v, fingerprint %q", test.name, err, k.Fingerprint)
		}
	}
}
