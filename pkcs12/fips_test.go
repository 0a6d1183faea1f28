package pkcs12

import (
	"crypto/fips140"
	"errors"
	"testing"

	"github.com/smimechain/smimechain/testdata/outside"
)

// Where FIPS 140-3 is enforced (GODEBUG=fips140=only), what that forbids is
// named, and nothing panics.
func TestFIPS(t *testing.T) {
	if !fips140.Enforced() {
		t.Skip("FIPS 140-3 is not enforced: set GODEBUG=fips140=only")
	}
	t.Run("keys", TestWholeKinds)
	for _, s := range samples(t) {
		r, err := Inspect(outside.Read(t, s.dir, s.name), s.password)
		if err != nil {
			continue
		}
		for i := range r.Safes {
			if e := r.Safes[i].Encryption; e != nil && e.Supported && (e.KDF == "PKCS12" || e.KDF == "PBKDF1") {
				t.Errorf("%s: %s", s.name, e.Scheme)
			}
		}
		_, err = (&Options{Password: &s.password}).Rewrite(t.Context(), outside.Read(t, s.dir, s.name), Rewriting{Password: "new"})
		var unsupported *UnsupportedError
		if !errors.As(err, &unsupported) {
			t.Errorf("%s: %v", s.name, err)
		}
	}
}
