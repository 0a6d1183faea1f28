package pkcs12

import (
	"bytes"
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"testing"
)

// written makes the file that a rewriting is to give, of bags, under the password "new".
func written(bags ...[]byte) []byte {
	safe := plainSafe(seq(bags...))
	return withMAC(macOver("new", seq(safe)), safe)
}

// TestVerify holds that a new file that is not what was to be written is not given out.
func TestVerify(t *testing.T) {
	p, other := alice(t), personWithKey(t, testKey(t, 9))
	pkcs8 := func(p *person) []byte {
		der, err := x509.MarshalPKCS8PrivateKey(p.key)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	key := func(p *person, attributes ...[]byte) []byte {
		return bag(oidShroudedKeyBag, shrouded(t, "new", pkcs8(p)), attributes...)
	}
	cert := func(c *x509.Certificate, attributes ...[]byte) []byte {
		return bag(oidCertBag, seq(object(oidX509Certificate), explicit(octetString(c.Raw))), attributes...)
	}
	one, two := localKeyID(1), localKeyID(2)
	ca, root := p.chain[0], p.chain[1]
	renewed := (&pki{TB: t}).issue("Renewed", 9, "CA", 2) // another certificate for the other key
	good := written(key(p, one), cert(p.leaf, one), cert(ca), cert(root))
	const closed, identity, certificates = "does not open", "not hold the same identity", "not hold the same certificates"
	for _, tt := range []struct {
		name string
		file []byte
		says string // empty: nothing is wrong
	}{
		{"as it is to be", good, ""},
		{"under another password", withMAC(macOver("old", seq(plainSafe(seq()))), plainSafe(seq())), closed},
		{"altered", withMAC(macOver("new", nil), plainSafe(seq(key(p, one), cert(p.leaf, one), cert(ca), cert(root)))), closed},
		{"no key", written(cert(p.leaf, one), cert(ca), cert(root)), closed},
		{"two keys", written(key(p, one), key(other), cert(p.leaf, one), cert(ca)), closed},
		{"another key", written(key(other, one), cert(p.leaf, one), cert(ca), cert(root)), identity},
		{"another key and its certificate", written(key(other, one), cert(other.leaf, one), cert(ca), cert(root)), identity},
		{"no localKeyID", written(key(p), cert(p.leaf), cert(ca), cert(root)), identity},
		{"another localKeyID", written(key(p, one), cert(p.leaf, two), cert(ca), cert(root)), identity},
		{"the localKeyID of two", written(key(p, one), cert(p.leaf, one), cert(ca, one), cert(root)), identity},
		{"one certificate less", written(key(p, one), cert(p.leaf, one), cert(ca)), certificates},
		{"others in another order", written(key(p, one), cert(p.leaf, one), cert(root), cert(ca)), certificates},
		{"another certificate", written(key(p, one), cert(p.leaf, one), cert(ca), cert(other.leaf)), certificates},
		{"one certificate more", written(key(p, one), cert(p.leaf, one), cert(ca), cert(root), cert(other.leaf)), certificates},
	} {
		w := &Rewriting{Password: "new"}
		r, err := w.verify(t.Context(), nil, tt.file, p.leaf, p.chain)
		if r == nil || (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if _, err := (&Rewriting{Password: "new"}).verify(t.Context(), nil, good, other.leaf, p.chain); err == nil || !strings.Contains(err.Error(), identity) {
		t.Errorf("another leaf: %v", err)
	}
	if _, err := (&Rewriting{Password: "new"}).verify(t.Context(), nil, []byte("no file"), p.leaf, p.chain); !errors.As(err, new(*FormatError)) {
		t.Errorf("no file: %v", err)
	}
	for target, ok := range map[Importer]bool{"": true, targetOpenSSL3: true, targetIOS17: false} {
		if _, err := (&Rewriting{Password: "new", Importer: target}).verify(t.Context(), nil, good, p.leaf, p.chain); (err == nil) != ok {
			t.Errorf("for %q: %v", target, err)
		}
	}

	// The same with both in one file.
	both := func(bags ...[]byte) []byte { return written(append(bags, cert(ca), cert(root))...) }
	in, err := Inspect(both(key(p, one), cert(p.leaf, one), key(other, two), cert(other.leaf, two)), "new")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		file []byte
		says string
	}{
		{"as it is to be", both(key(p, one), cert(p.leaf, one), key(other, two), cert(other.leaf, two)), ""},
		{"in another order", both(key(other, one), key(p, two), cert(other.leaf, one), cert(p.leaf, two)), ""},
		{"under another password", withMAC(macOver("old", seq(plainSafe(seq()))), plainSafe(seq())), closed},
		{"altered", withMAC(macOver("new", nil), plainSafe(seq(key(p, one), cert(p.leaf, one), key(other, two), cert(other.leaf, two), cert(ca), cert(root)))), closed},
		{"another certificate for a key", both(key(p, one), cert(p.leaf, one), key(other, two), cert(renewed, two)), identity},
		{"one key", both(key(p, one), cert(p.leaf, one), cert(other.leaf, two)), closed},
		{"one key twice", both(key(p, one), cert(p.leaf, one), key(p, one), cert(other.leaf, two)), identity},
		{"keys exchanged", both(key(other, one), cert(p.leaf, one), key(p, two), cert(other.leaf, two)), identity},
		{"a key without its certificate", both(key(p, one), cert(p.leaf, one), key(other, two), cert(ca)), identity},
		{"a key without any", withMAC(macOver("new", seq(plainSafe(seq(key(p), key(other))))), plainSafe(seq(key(p), key(other)))), identity},
		{"no localKeyIDs", both(key(p), cert(p.leaf), key(other), cert(other.leaf)), identity},
		{"one certificate less", written(key(p, one), cert(p.leaf, one), key(other, two), cert(other.leaf, two), cert(ca)), certificates},
		{"one certificate more", both(key(p, one), cert(p.leaf, one), key(other, two), cert(other.leaf, two), cert(p.leaf)), certificates},
	} {
		r, err := (&Rewriting{Password: "new"}).verifyAll(t.Context(), nil, tt.file, in, 4)
		if r == nil || (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("both, %s: %v", tt.name, err)
		}
	}
	file := both(key(p, one), cert(p.leaf, one), key(other, two), cert(other.leaf, two))
	for target, ok := range map[Importer]bool{"": true, targetOpenSSL3: true, targetIOS17: false} {
		if _, err := (&Rewriting{Password: "new", Importer: target}).verifyAll(t.Context(), nil, file, in, 4); (err == nil) != ok {
			t.Errorf("both, for %q: %v", target, err)
		}
	}
	if _, err := (&Rewriting{Password: "new"}).verifyAll(t.Context(), nil, nil, in, 4); !errors.As(err, new(*FormatError)) {
		t.Errorf("both, no file: %v", err)
	}
}

// TestAuthenticatedSafe takes the safes out of a file, and none out of one that is not as
// go-pkcs12 writes them.
func TestAuthenticatedSafe(t *testing.T) {
	safes := slices.Concat(plainSafe(seq()), plainSafe(seq()))
	content := func(b []byte) []byte { return seq(integer(3), seq(object(oidData), explicit(octetString(b)))) }
	for _, tt := range []struct {
		name string
		file []byte
		ok   bool
	}{
		{"whole", content(seq(safes)), true},
		{"with a MAC", withMAC(seq(), safes), true},
		{"nothing", nil, false},
		{"no version", seq(seq(object(oidData), explicit(octetString(seq(safes))))), false},
		{"no content", seq(integer(3)), false},
		{"no type", seq(integer(3), seq(explicit(octetString(seq(safes))))), false},
		{"no tag", seq(integer(3), seq(object(oidData), octetString(seq(safes)))), false},
		{"no octets", seq(integer(3), seq(object(oidData), explicit(seq(safes)))), false},
		{"no list", content(safes[1:]), false},
		{"more behind the list", content(append(seq(safes), 5, 0)), false},
		{"a set", setOf(integer(3), seq(object(oidData), explicit(octetString(seq(safes))))), false},
	} {
		got, ok := authenticatedSafe(tt.file)
		if ok != tt.ok || ok && !bytes.Equal(got, safes) {
			t.Errorf("%s: %v, %x", tt.name, ok, got)
		}
	}
}

// TestProfiles holds what is written for each target.
func TestProfiles(t *testing.T) {
	modern := []Importer{
		targetIOS18, targetMacOS15, targetWindows1709, targetDotNet9, targetJava11, targetJava26, targetOpenSSL3, targetOpenSSL3Legacy, targetOpenSSL34,
		targetNSS, targetNSS3100, targetGnuTLS, targetBouncyCastle,
		targetAndroid14, targetIntuneImport,
	}
	several := []Importer{targetWindowsBefore1709, targetWindows1709, targetDotNet9}
	for _, info := range Importers() {
		p, err := ProfileFor(info.Importer)
		if want := slices.Contains(modern, info.Importer); err != nil || (p == Modern) != want {
			t.Errorf("%s: %v, %v", info.Importer, p, err)
		}
		if got := info.Importer.TakesSeveral(); got != slices.Contains(several, info.Importer) {
			t.Errorf("%s takes several: %v", info.Importer, got)
		}
	}
	if p, err := ProfileFor("another"); err == nil || p != Widest || Importer("another").TakesSeveral() {
		t.Errorf("another: %v, %v", p, err)
	}
}

// TestForgetKeys holds that private keys that were decrypted are overwritten, and those in
// the caller's octets are not.
func TestForgetKeys(t *testing.T) {
	pkcs8, err := x509.MarshalPKCS8PrivateKey(alice(t).key)
	if err != nil {
		t.Fatal(err)
	}
	data := pfx(plainSafe(seq(bag(oidShroudedKeyBag, shrouded(t, "secret", pkcs8)), bag(oidKeyBag, pkcs8))), encryptedSafe(t, "secret", seq(bag(oidKeyBag, pkcs8))))
	in, err := (&Options{Password: new("secret")}).inspect(t.Context(), data, true)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string][]byte{}
	for ref, b := range in.report.Bags() {
		keys[ref.String()] = b.pkcs8
		if !bytes.Equal(b.pkcs8, pkcs8) {
			t.Errorf("%v: another key", ref)
		}
	}
	in.forgetKeys()
	for ref, b := range in.report.Bags() {
		want := make([]byte, len(pkcs8))
		if ref.String() == "0.1" {
			want = pkcs8
		}
		if b.pkcs8 != nil || !bytes.Equal(keys[ref.String()], want) {
			t.Errorf("%v is kept, or overwritten", ref)
		}
	}
}
