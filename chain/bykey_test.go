package chain

import (
	"errors"
	"testing"
)

func TestSignedByKey(t *testing.T) {
	root := sign(t, entity{"Root", 1}, entity{"Root", 1})
	other := sign(t, entity{"Root", 2}, entity{"Root", 2})
	leaf := sign(t, entity{"Leaf", 3}, entity{"Root", 1})
	if err := leaf.SignedByKey(root.RawSubjectPublicKeyInfo()); err != nil {
		t.Errorf("under the key of the issuer: %v", err)
	}
	if err := leaf.SignedByKey(other.RawSubjectPublicKeyInfo()); err == nil || errors.Is(err, ErrUnsupportedAlgorithm) {
		t.Errorf("under the key of a CA of the same name: %v", err)
	}
	for _, spki := range [][]byte{nil, {}, {0x30, 0}, []byte("no key")} {
		if err := leaf.SignedByKey(spki); !errors.Is(err, ErrUnsupportedAlgorithm) {
			t.Errorf("under %x: %v", spki, err)
		}
	}
	if err := ParseCertificate([]byte("x")).SignedByKey(nil); err == nil {
		t.Error("what is no certificate is signed")
	}
}

func TestFoldString(t *testing.T) {
	for _, test := range []struct{ a, b string }{
		{"  Example   Root ", "example root"},
		{"Straße", "STRASSE"},
		{"ＣＡ", "ca"},
		{"Certificaci\u00f3n", "CERTIFICACIO\u0301N"},
		{"a\u00adb", "ab"},
		{"a\u00a0b", "a b"},
	} {
		if a, b := FoldString(test.a), FoldString(test.b); a != b {
			t.Errorf("%q and %q differ: %q, %q", test.a, test.b, a, b)
		}
	}
	if FoldString("a b") == FoldString("ab") {
		t.Error("a space is nothing")
	}
}
