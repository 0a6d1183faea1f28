package pkcs12

import (
	"errors"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// What Rewrite cannot do is an error, not something else that it does instead.
func TestRewriteNonsense(t *testing.T) {
	data := alice(t).encode(t, gopkcs12.Modern2023, "secret")
	secret := "secret"
	for _, c := range []struct {
		name, says string
		password   *string
		w          Rewriting
	}{
		{"profile", "profile Profile(7) is not known", &secret, Rewriting{Profile: 7}},
		{"target", `target "ios" is not known`, &secret, Rewriting{Importer: "ios"}},
		{"chain", "nil", &secret, Rewriting{Chain: []*chain.Certificate{nil}}},
		{"with", "nil", &secret, Rewriting{With: []*chain.Certificate{nil}}},
		{"no password", "no password was given for the file", nil, Rewriting{}},
	} {
		c.w.Password = "another secret"
		out, err := (&Options{Password: c.password}).Rewrite(t.Context(), data, c.w)
		if e, ok := errors.AsType[*RewriteError](err); out != nil || !ok || !strings.Contains(e.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
