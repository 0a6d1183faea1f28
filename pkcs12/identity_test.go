package pkcs12

import (
	"bytes"
	"crypto/x509"
	"slices"
	"strings"
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
		codes   []ObservationCode // without codeNoMAC, which all have
	}{
		{"localKeyID and public key", [][]byte{key(id(1)), cert(leaf, id(1)), cert(ca), cert(root)}, BagRef{0, 1}, linkLocalKeyID | linkPublicKey, Yes, nil},
		{"name and public key", [][]byte{key(name('a')), cert(leaf, name('a')), cert(ca), cert(root)}, BagRef{0, 1}, linkFriendlyName | linkPublicKey, Yes, nil},
		{"public key", [][]byte{key(), cert(ca), cert(leaf), cert(root)}, BagRef{0, 2}, linkPublicKey, Yes, []ObservationCode{codeNoLink}},
		{"public key before localKeyID", [][]byte{key(id(1)), cert(ca, id(1)), cert(leaf), cert(root)}, BagRef{0, 2}, linkPublicKey, Yes, []ObservationCode{codeKeyMismatch, codeLinkDisagrees}},
		{"public key before name", [][]byte{key(name('a')), cert(ca, name('a')), cert(leaf), cert(root)}, BagRef{0, 2}, linkPublicKey, Yes, []ObservationCode{codeLinkDisagrees}},
		{"localKeyID before name", [][]byte{closed(id(1), name('a')), cert(ca, name('a')), cert(leaf, id(1)), cert(root)}, BagRef{0, 2}, linkLocalKeyID, Unknown, []ObservationCode{codeWrongPassword}},
		{"user before CA", [][]byte{closed(name('a')), cert(ca, name('a')), cert(leaf, name('a')), cert(root)}, BagRef{0, 2}, linkFriendlyName, Unknown, []ObservationCode{codeWrongPassword, codeNameCollision}},
		{"another key by localKeyID", [][]byte{key(id(1)), cert(ca, id(1)), cert(root)}, BagRef{0, 1}, linkLocalKeyID, No, []ObservationCode{codeKeyMismatch}},
		{"name that only the key has", [][]byte{key(name('a')), cert(leaf), cert(ca), cert(root)}, BagRef{0, 1}, linkPublicKey, Yes, []ObservationCode{codeNoLink}},
		{"localKeyID of the leaf, name of another", [][]byte{key(id(1), name('a')), cert(leaf, id(1)), cert(ca, name('a')), cert(root)}, BagRef{0, 1}, linkLocalKeyID | linkPublicKey, Yes, []ObservationCode{codeLinkDisagrees}},
		{"the leaf twice", [][]byte{key(id(1)), cert(leaf, id(1)), cert(leaf, id(1)), cert(ca), cert(root)}, BagRef{0, 1}, linkLocalKeyID | linkPublicKey, Yes, []ObservationCode{codeDuplicate}},
		{"one localKeyID for two", [][]byte{key(id(1)), cert(leaf, id(1)), cert(ca, id(1)), cert(root)}, BagRef{0, 1}, linkLocalKeyID | linkPublicKey, Yes, []ObservationCode{codeKeyIDCollision}},
		{"one name for two, one with a localKeyID", [][]byte{key(id(1)), cert(leaf, id(1), name('a')), cert(ca, name('a')), cert(root)}, BagRef{0, 1}, linkLocalKeyID | linkPublicKey, Yes, nil},
		{"empty localKeyIDs and names", [][]byte{closed(attribute(oidLocalKeyID, octetString(nil)), attribute(oidFriendlyName, tlv(0x1e))), cert(ca, attribute(oidLocalKeyID, octetString(nil)), attribute(oidFriendlyName, tlv(0x1e))), cert(root)}, nil, 0, Unknown, []ObservationCode{codeWrongPassword, codeNoCertificate}},
		{"key in the clear", [][]byte{bag(oidKeyBag, pkcs8, id(1)), cert(leaf, id(1)), cert(ca), cert(root)}, BagRef{0, 1}, linkLocalKeyID | linkPublicKey, Yes, []ObservationCode{codePlainKey}},
		{"damaged key", [][]byte{bag(oidShroudedKeyBag, seq(), id(1)), cert(leaf, id(1)), cert(ca), cert(root)}, BagRef{0, 1}, linkLocalKeyID, Unknown, []ObservationCode{codeMalformed}},
		{"certificate that cannot be read", [][]byte{key(id(1)), cert(junk, id(1))}, BagRef{0, 1}, linkLocalKeyID, Unknown, []ObservationCode{codeCertificate}},
		{"neither can be read", [][]byte{closed(), cert(junk)}, nil, 0, Unknown, []ObservationCode{codeCertificate, codeWrongPassword, codeNoCertificate}},
		{"no link to a user", [][]byte{closed(id(1)), cert(leaf), cert(ca), cert(root)}, nil, 0, Unknown, []ObservationCode{codeWrongPassword, codeNoCertificate}},
		{"key alone", [][]byte{key(id(1))}, nil, 0, Unknown, []ObservationCode{codeNoCertificate}},
		{"a certificate for none", [][]byte{key(id(1)), cert(root)}, nil, 0, Unknown, []ObservationCode{codeNoCertificate}},
		{"CAs missing", [][]byte{key(id(1)), cert(leaf, id(1))}, BagRef{0, 1}, linkLocalKeyID | linkPublicKey, Yes, []ObservationCode{codeChainIncomplete}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Inspect(pfx(plainSafe(seq(tt.bags...))), "secret")
			if err != nil {
				t.Fatal(err)
			}
			for ref, b := range r.Bags() {
				if len(b.LocalKeyID) == 0 && b.KeyID.Kind != keyIDNone {
					t.Errorf("no localKeyID in %v, read as %v", ref, b.KeyID.Kind)
				}
			}
			got := slices.DeleteFunc(codes(r), func(c ObservationCode) bool { return c == codeNoMAC })
			if len(r.Identities) != 1 {
				t.Fatalf("%d identities", len(r.Identities))
			}
			i := r.Identities[0]
			if !slices.Equal(i.Leaf, tt.leaf) || i.LinkedBy != tt.by || i.Matches != tt.matches || !slices.Equal(got, tt.codes) {
				t.Errorf("leaf %v by %v, matches %v, findings %v", i.Leaf, i.LinkedBy, i.Matches, got)
			}
			if len(i.Chain) > 0 && !bytes.Equal(r.Bag(i.Chain[0]).Certificate.RawSubject(), r.Bag(i.Leaf).Certificate.RawIssuer()) {
				t.Errorf("the chain of %v is %v", i.Leaf, i.Chain)
			}
		})
	}
}

// TestNoCertificate holds that a key is said to have no certificate where there is none
// for it, and not where it may be in a part that is closed.
func TestNoCertificate(t *testing.T) {
	keyBag, _ := identityBags(t, alice(t))
	other := bag(oidCertBag, seq(object(oidX509Certificate), explicit(octetString(alice(t).chain[1].Raw))))
	damaged := encryptedSafe(t, "secret", []byte{0x30, 0x20, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01})
	for _, tt := range []struct {
		name  string
		safes [][]byte
		want  bool
	}{
		{"a key alone", nil, true},
		{"a certificate for none", [][]byte{plainSafe(seq(other))}, true},
		{"nothing, decrypted", [][]byte{encryptedSafe(t, "secret", seq())}, true},
		{"under another password", [][]byte{encryptedSafe(t, "another", seq())}, false},
		{"under another password, and a certificate for none", [][]byte{encryptedSafe(t, "another", seq()), plainSafe(seq(other))}, true},
		{"decrypted, one of two", [][]byte{encryptedSafe(t, "another", seq()), encryptedSafe(t, "secret", seq())}, false},
		{"for the owner of a certificate", [][]byte{seq(object(oidEnvelopedData), explicit(seq()))}, false},
		{"damaged", [][]byte{damaged}, false},
	} {
		r, err := Inspect(pfx(append([][]byte{plainSafe(seq(keyBag))}, tt.safes...)...), "secret")
		if err != nil || len(r.Identities) != 1 || r.Has(codeNoCertificate) != tt.want || r.Identities[0].Leaf != nil {
			t.Errorf("%s: %v, %v", tt.name, codes(r), err)
		}
	}
}

// TestBagRefs holds that a place leads to the bag that is there, and to none where there
// is none.
func TestBagRefs(t *testing.T) {
	r := &Inspection{Safes: []Safe{{Bags: []Bag{{OID: "a"}, {OID: "b", Bags: []Bag{{OID: "c"}}}}}, {}}}
	for _, tt := range []struct {
		at   BagRef
		want string
	}{
		{nil, ""}, {BagRef{0}, ""}, {BagRef{-1, 0}, ""}, {BagRef{2, 0}, ""}, {BagRef{1, 0}, ""},
		{BagRef{0, -1}, ""}, {BagRef{0, 0}, "a"}, {BagRef{0, 1}, "b"}, {BagRef{0, 2}, ""},
		{BagRef{0, 0, 0}, ""}, {BagRef{0, 1, -1}, ""}, {BagRef{0, 1, 0}, "c"}, {BagRef{0, 1, 1}, ""}, {BagRef{0, 1, 0, 0}, ""},
	} {
		if b := r.Bag(tt.at); b == nil != (tt.want == "") || b != nil && b.OID != tt.want {
			t.Errorf("%v: %+v, want %q", tt.at, b, tt.want)
		}
	}
	var all []string
	for at, b := range r.Bags() {
		if all = append(all, b.OID); r.Bag(at) != b {
			t.Errorf("%v is another bag", at)
		}
		if b.OID == "c" {
			break
		}
	}
	if strings.Join(all, "") != "abc" {
		t.Errorf("%q", all)
	}
}
