package pkcs12

import (
	"crypto/x509"
	"slices"
	"testing"
)

// TestLinks holds which certificate is taken for that of a key, what connects the
// two, and what is said where little or nothing does.
func TestLinks(t *testing.T) {
	p := alice(t)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(p.key)
	if err != nil {
		t.Fatal(err)
	}
	id := func(n byte) []byte { return attribute(oidLocalKeyID, octetString([]byte{n})) }
	name := func(c byte) []byte { return attribute(oidFriendlyName, tlv(0x1e, []byte{0, c})) }
	key := func(attributes ...[]byte) []byte {
		return bag(oidShroudedKeyBag, shrouded(t, "secret", pkcs8), attributes...)
	}
	closed := func(attributes ...[]byte) []byte {
		return bag(oidShroudedKeyBag, shrouded(t, "another", pkcs8), attributes...)
	}
	cert := func(raw []byte, attributes ...[]byte) []byte {
		return bag(oidCertBag, seq(object(oidX509Certificate), explicit(octetString(raw))), attributes...)
	}
	leaf, ca, junk := p.leaf.Raw, p.chain[0].Raw, []byte{0x30, 0}
	root := p.chain[1].Raw
	for _, tt := range []struct {
		name    string
		bags    [][]byte
		leaf    BagRef
		by      Link
		matches Answer
		codes   []Code // without CodeNoMAC, which all have
	}{
		{"localKeyID and public key", [][]byte{key(id(1)), cert(leaf, id(1)), cert(ca), cert(root)}, BagRef{0, 1}, LinkLocalKeyID | LinkPublicKey, Yes, nil},
		{"name and public key", [][]byte{key(name('a')), cert(leaf, name('a')), cert(ca), cert(root)}, BagRef{0, 1}, LinkFriendlyName | LinkPublicKey, Yes, nil},
		{"public key", [][]byte{key(), cert(ca), cert(leaf), cert(root)}, BagRef{0, 2}, LinkPublicKey, Yes, []Code{CodeNoLink}},
		{"public key before localKeyID", [][]byte{key(id(1)), cert(ca, id(1)), cert(leaf), cert(root)}, BagRef{0, 2}, LinkPublicKey, Yes, []Code{CodeKeyMismatch, CodeLinkDisagrees}},
		{"public key before name", [][]byte{key(name('a')), cert(ca, name('a')), cert(leaf), cert(root)}, BagRef{0, 2}, LinkPublicKey, Yes, []Code{CodeLinkDisagrees}},
		{"localKeyID before name", [][]byte{closed(id(1), name('a')), cert(ca, name('a')), cert(leaf, id(1)), cert(root)}, BagRef{0, 2}, LinkLocalKeyID, Unknown, []Code{CodeWrongPassword}},
		{"user before CA", [][]byte{closed(name('a')), cert(ca, name('a')), cert(leaf, name('a')), cert(root)}, BagRef{0, 2}, LinkFriendlyName, Unknown, []Code{CodeWrongPassword, CodeNameCollision}},
		{"another key by localKeyID", [][]byte{key(id(1)), cert(ca, id(1)), cert(root)}, BagRef{0, 1}, LinkLocalKeyID, No, []Code{CodeKeyMismatch}},
		{"name that only the key has", [][]byte{key(name('a')), cert(leaf), cert(ca), cert(root)}, BagRef{0, 1}, LinkPublicKey, Yes, []Code{CodeNoLink}},
		{"localKeyID of the leaf, name of another", [][]byte{key(id(1), name('a')), cert(leaf, id(1)), cert(ca, name('a')), cert(root)}, BagRef{0, 1}, LinkLocalKeyID | LinkPublicKey, Yes, []Code{CodeLinkDisagrees}},
		{"the leaf twice", [][]byte{key(id(1)), cert(leaf, id(1)), cert(leaf, id(1)), cert(ca), cert(root)}, BagRef{0, 1}, LinkLocalKeyID | LinkPublicKey, Yes, []Code{CodeDuplicate}},
		{"one localKeyID for two", [][]byte{key(id(1)), cert(leaf, id(1)), cert(ca, id(1)), cert(root)}, BagRef{0, 1}, LinkLocalKeyID | LinkPublicKey, Yes, []Code{CodeKeyIDCollision}},
		{"one name for two, one with a localKeyID", [][]byte{key(id(1)), cert(leaf, id(1), name('a')), cert(ca, name('a')), cert(root)}, BagRef{0, 1}, LinkLocalKeyID | LinkPublicKey, Yes, nil},
		{"empty localKeyIDs and names", [][]byte{closed(attribute(oidLocalKeyID, octetString(nil)), attribute(oidFriendlyName, tlv(0x1e))), cert(ca, attribute(oidLocalKeyID, octetString(nil)), attribute(oidFriendlyName, tlv(0x1e))), cert(root)}, nil, 0, Unknown, []Code{CodeWrongPassword, CodeNoCertificate}},
		{"key in the clear", [][]byte{bag(oidKeyBag, pkcs8, id(1)), cert(leaf, id(1)), cert(ca), cert(root)}, BagRef{0, 1}, LinkLocalKeyID | LinkPublicKey, Yes, []Code{CodePlainKey}},
		{"damaged key", [][]byte{bag(oidShroudedKeyBag, seq(), id(1)), cert(leaf, id(1)), cert(ca), cert(root)}, BagRef{0, 1}, LinkLocalKeyID, Unknown, []Code{CodeMalformed}},
		{"certificate that cannot be read", [][]byte{key(id(1)), cert(junk, id(1))}, BagRef{0, 1}, LinkLocalKeyID, Unknown, []Code{CodeCertificate}},
		{"neither can be read", [][]byte{closed(), cert(junk)}, nil, 0, Unknown, []Code{CodeCertificate, CodeWrongPassword, CodeNoCertificate}},
		{"no link to a user", [][]byte{closed(id(1)), cert(leaf), cert(ca), cert(root)}, nil, 0, Unknown, []Code{CodeWrongPassword, CodeNoCertificate}},
		{"key alone", [][]byte{key(id(1))}, nil, 0, Unknown, []Code{CodeNoCertificate}},
		{"CAs missing", [][]byte{key(id(1)), cert(leaf, id(1))}, BagRef{0, 1}, LinkLocalKeyID | LinkPublicKey, Yes, []Code{CodeChainIncomplete}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Inspect(pfx(plainSafe(seq(tt.bags...))), "secret")
			if err != nil {
				t.Fatal(err)
			}
			for ref, b := range r.Bags() {
				if len(b.LocalKeyID) == 0 && b.KeyID.Kind != KeyIDNone {
					t.Errorf("no localKeyID in %v, read as %v", ref, b.KeyID.Kind)
				}
			}
			got := slices.DeleteFunc(codes(r), func(c Code) bool { return c == CodeNoMAC })
			if len(r.Identities) != 1 {
				t.Fatalf("%d identities", len(r.Identities))
			}
			i := r.Identities[0]
			if !slices.Equal(i.Leaf, tt.leaf) || i.LinkedBy != tt.by || i.Matches != tt.matches || !slices.Equal(got, tt.codes) {
				t.Errorf("leaf %v by %v, matches %v, findings %v", i.Leaf, i.LinkedBy, i.Matches, got)
			}
		})
	}
}
