package lint

import (
	"crypto/ed25519"
	"crypto/x509"
	"math/big"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
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
		got := text(oddKey(key))
		if got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
		if got != "" && !slices.ContainsFunc(Targets(), func(target Target) bool {
			return stanceOn(target.row().keys, "key_algorithm", key.String()) == pkcs12.No
		}) {
			t.Errorf("%s: no target is known to refuse it", key)
		}
	}
}

// TestRootsOf holds that a certificate is said to lead to a root for its signature, and not
// for names and key identifiers, which anybody can write.
func TestRootsOf(t *testing.T) {
	real, root := realCA(t, "ca-incommon-rsa-secure-email-3.pem"), realCA(t, "root-usertrust-rsa.pem")
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

// TestFoundCRL holds what is said of the revocation lists that a certificate names.
func TestFoundCRL(t *testing.T) {
	for _, tt := range []struct {
		urls []string
		want string
	}{
		{nil, "names no revocation list"},
		{[]string{"http://crl.example.com/a.crl"}, ""},
		{[]string{"ldap:///CN=CA", "http://crl.example.com/a.crl"}, ""},
		{[]string{"ldap:///CN=CA"}, "names 1 address of a revocation list, none of them on the internet and of the kind http"},
		{[]string{"ldap:///CN=CA", "file:///a.crl"}, "names 2 addresses of revocation lists, none of them on the internet and of the kind http"},
		{[]string{" http://crl.example.com/a.crl"}, "the address of its revocation list is malformed: a blank stands before or after it"},
	} {
		if got := text(foundCRL(newCertificateOf(t, &x509.Certificate{CRLDistributionPoints: tt.urls}))); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.urls, got, tt.want)
		}
	}
}

// text is what a message says, "" for none.
func text(m *say.Message) string {
	if m == nil {
		return ""
	}
	return m.String()
}

// newCertificateOf makes one that has signed itself.
func newCertificateOf(t *testing.T, template *x509.Certificate) *chain.Certificate {
	t.Helper()
	template.SerialNumber, template.Subject.CommonName = big.NewInt(1), "a"
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return chain.ParseCertificate(der)
}

// realCA reads the certificate of a CA that the default catalogue knows, and with it the
// way from there to its roots.
func realCA(t *testing.T, name string) *chain.Certificate {
	t.Helper()
	f, err := bundle.ReadFile(filepath.Join("..", "testdata", "sectigo", name))
	if err != nil {
		t.Fatal(err)
	}
	return f.Certificates[0].Certificate
}

// TestUnderRoots holds that what is found of a certificate counts where a root that it leads
// to is of the kind, or all are.
func TestUnderRoots(t *testing.T) {
	below := realCA(t, "ca-incommon-rsa-secure-email-3.pem")
	roots := rootsOf(below)
	if len(roots) < 2 {
		t.Fatalf("%d roots", len(roots))
	}
	found := func(*chain.Certificate) *say.Message { return wrong("is found") }
	every := func(catalog.Entry) bool { return true }
	one := func(e catalog.Entry) bool { return e.SHA256 == roots[0].SHA256 }
	none := func(catalog.Entry) bool { return false }
	for _, tt := range []struct {
		name string
		all  bool
		is   func(catalog.Entry) bool
		find func(*chain.Certificate) *say.Message
		cert *chain.Certificate
		want string
	}{
		{"each", false, every, found, below, "is found"},
		{"each, of all", true, every, found, below, "is found"},
		{"one", false, one, found, below, "is found"},
		{"one, of all", true, one, found, below, ""},
		{"none", false, none, found, below, ""},
		{"nothing found", false, every, func(*chain.Certificate) *say.Message { return nil }, below, ""},
		{"no root", false, every, found, newCertificate(t), ""},
	} {
		if got := text(underRoots(tt.all, tt.is, tt.find).find(tt.cert)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}

	apple := underAppleRoot(found)
	ofApple := slices.ContainsFunc(roots, func(e catalog.Entry) bool { return e.Apple.Trust == catalog.Yes })
	if got := text(apple.find(below)); !ofApple || got != "is found" {
		t.Errorf("below a root of Apple's (%t): %q", ofApple, got)
	}
	for _, tt := range []struct {
		from time.Time
		ca   bool
		want bool
	}{
		{appleSANOnly, false, true},
		{appleSANOnly.Add(-time.Second), false, false},
		{appleSANOnly, true, false},
	} {
		c := newCertificateOf(t, &x509.Certificate{NotBefore: tt.from, IsCA: tt.ca, BasicConstraintsValid: true})
		if got := apple.applies(c); got != tt.want {
			t.Errorf("from %s, a CA %t: %t", tt.from, tt.ca, got)
		}
	}
}

// TestOfKnown holds that what is found of a CA counts for itself, and for what it has
// issued where it is found of each form of it that the signature shows.
func TestOfKnown(t *testing.T) {
	below, root := realCA(t, "ca-incommon-rsa-secure-email-3.pem"), realCA(t, "root-usertrust-rsa.pem")
	forms, proof := catalog.Default().Signer(deadEndOf(below))
	if proof != catalog.Verified || len(forms) < 2 {
		t.Fatalf("%s: %d forms", proof, len(forms))
	}
	of := func(c *chain.Certificate) (catalog.Entry, bool) { return catalog.Default().ByFingerprint(c.SHA256()) }
	if _, ok := of(below); !ok {
		t.Fatal("the CA is not known")
	}
	named := newCertificateBy(t, &x509.Certificate{RawSubject: below.RawIssuer()})
	itself := func(_ catalog.Entry, own bool) bool { return own }
	issuer := func(_ catalog.Entry, own bool) bool { return !own }
	for _, tt := range []struct {
		name  string
		cert  *chain.Certificate
		found func(e catalog.Entry, own bool) bool
		want  string
	}{
		{"itself", below, itself, "itself"},
		{"its issuer", below, issuer, "its issuer"},
		{"both", below, func(catalog.Entry, bool) bool { return true }, "itself"},
		{"neither", below, func(catalog.Entry, bool) bool { return false }, ""},
		{"one form of its issuer", below, func(e catalog.Entry, own bool) bool { return !own && e.SHA256 == forms[0].SHA256 }, ""},
		{"one other form", below, func(e catalog.Entry, own bool) bool { return !own && e.SHA256 == forms[1].SHA256 }, ""},
		{"a root as its issuer", root, issuer, ""},
		{"a root", root, itself, "itself"},
		{"the name alone", named, issuer, ""},
		{"a certificate that is not known", named, itself, ""},
	} {
		got := text(ofKnown(tt.cert, func(e catalog.Entry, own bool) *say.Message {
			switch {
			case !tt.found(e, own):
				return nil
			case own:
				return wrong("itself")
			default:
				return wrong("its issuer")
			}
		}))
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	if m := knownRevoked(below); m != nil {
		t.Errorf("a CA in use: %s", m)
	}
}

// TestRevokedCA holds what is said of a CA that was revoked.
func TestRevokedCA(t *testing.T) {
	e := catalog.Entry{Subject: "CN=A", Revoked: &catalog.Revocation{Date: time.Date(2024, 7, 2, 0, 0, 0, 0, time.UTC), Source: "its owner"}}
	if got, want := revokedCA(e, true).String(), "was revoked on 2024-07-02 (its owner)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	e.Revoked.Reason = "It was"
	if got, want := revokedCA(e, false).String(), "its issuer \"A\" was revoked on 2024-07-02 (its owner); It was"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
