package lint

import (
	"crypto/x509"
	"path/filepath"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
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

// TestRootsOf holds that a certificate is said to lead to a root for its signature, and not
// for names and key identifiers, which anybody can write.
func TestRootsOf(t *testing.T) {
	read := func(name string) *chain.Certificate {
		f, err := bundle.ReadFile(filepath.Join("..", "testdata", "sectigo", name))
		if err != nil {
			t.Fatal(err)
		}
		return f.Certificates[0].Certificate
	}
	real, root := read("ca-incommon-rsa-secure-email-3.pem"), read("root-usertrust-rsa.pem")
	issuedBy := func(subject, id []byte) *chain.Certificate {
		return newCertificateBy(t, &x509.Certificate{RawSubject: subject, SubjectKeyId: id})
	}
	for _, tt := range []struct {
		name string
		cert *chain.Certificate
		want bool
	}{
		{"a CA below it", real, true},
		{"the root", root, false},
		{"the names of a CA below it", issuedBy(real.RawIssuer(), real.AuthorityKeyID()), false},
		{"the name of its issuer", issuedBy(real.RawIssuer(), nil), false},
		{"by nobody", newCertificate(t), false},
	} {
		roots := rootsOf(tt.cert)
		if (len(roots) > 0) != tt.want {
			t.Errorf("%s: %d roots", tt.name, len(roots))
		}
		if slices.ContainsFunc(roots, func(e catalog.Entry) bool { return e.Kind != catalog.Root }) {
			t.Errorf("%s: not all are roots: %+v", tt.name, roots)
		}
	}
}
