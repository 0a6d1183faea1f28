package pkcs12

import (
	"context"
	"crypto/fips140"
	"crypto/sha256"
	"errors"
	"testing"

	"github.com/smimechain/smimechain/pkcs12/internal/pkcs12kdf"
)

// TestDerivationStops holds that each key derivation looks at its context while it
// runs, and not only before.
func TestDerivationStops(t *testing.T) {
	if fips140.Enforced() {
		t.Skip("FIPS 140-3 is enforced, under which the standard library derives keys")
	}
	const iterations = 4 * pkcs12kdf.CheckEvery
	password, salt := []byte("a password of some length"), []byte("saltsalt")
	for name, derive := range map[string]func(context.Context) ([]byte, error){
		"PBKDF1": func(ctx context.Context) ([]byte, error) {
			return pbkdf1(ctx, sha256.New(), password, salt, iterations, 16)
		},
		"PBKDF2": func(ctx context.Context) ([]byte, error) {
			return deriveHMAC(ctx, sha256.New, password, salt, iterations, 32)
		},
		"PKCS12": func(ctx context.Context) ([]byte, error) {
			return pkcs12kdf.Key(ctx, sha256.New, password, salt, iterations, pkcs12kdf.ForKey, 32)
		},
	} {
		if key, err := derive(&countdown{t.Context(), 2, context.Canceled}); !errors.Is(err, context.Canceled) || key != nil {
			t.Errorf("%s does not stop: %v", name, err)
		}
		if key, err := derive(&countdown{t.Context(), 1000, context.Canceled}); err != nil || len(key) == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
