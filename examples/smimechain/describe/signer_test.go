package describe_test

import (
	"errors"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/examples/smimechain/describe"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestSigner holds that paths start from who signed a message: of two the one that it is
// from, and of a store with several messages by several people nobody.
func TestSigner(t *testing.T) {
	for name, want := range map[string]string{
		"20-full-chain-with-root.eml": "CN=alice@example.com", "22-two-signers.eml": "CN=alice@example.com", "26-from-differs.eml": "CN=alice@example.com", "28-three-messages.mbox": "",
	} {
		f, err := bundle.Parse(name, outside.Read(t, "mail", name))
		if err != nil {
			t.Fatal(err)
		}
		p, err := describe.NewPool([]*bundle.File{f}, nil)
		if want == "" {
			if _, ok := errors.AsType[*describe.LeafError](err); !ok {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || p.Leaf.Subject() != want {
			t.Errorf("%s: %v, %v", name, p, err)
		}
	}
}

// TestSignerElsewhere holds that the certificate of a signer may be in another file, that
// the CA that a message carries is not taken for it, and that an encrypted message is
// said to be one.
func TestSignerElsewhere(t *testing.T) {
	read := func(name ...string) []*bundle.File {
		t.Helper()
		f, err := bundle.Parse(name[len(name)-1], outside.Read(t, append([]string{"mail"}, name...)...))
		if err != nil {
			t.Fatal(err)
		}
		return []*bundle.File{f}
	}
	without, signer, ca := read("19-signed-without-certificates.eml"), read("keys", "alice.cert.pem"), read("ca.pem")
	p, err := describe.NewPool(without, append(ca, signer...))
	if err != nil || p.Leaf.Subject() != "CN=alice@example.com" || len(p.Certificates) != 2 {
		t.Errorf("%v, %v", p, err)
	}
	without[0].Certificates = ca[0].Certificates
	for name, files := range map[string][]*bundle.File{"the signer's": without, "encrypted": read("07-encrypted-aes128.eml")} {
		_, err := describe.NewPool(files, ca)
		e, ok := errors.AsType[*describe.LeafError](err)
		if !ok || (e.Signer != nil) != (name == "the signer's") || e.Encrypted != (name == "encrypted") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestMessageDocument holds what show says of mail: who signed, whether that is good, what
// changed it, and for whom it is encrypted.
func TestMessageDocument(t *testing.T) {
	layer := func(name string) describe.Layer {
		t.Helper()
		f, err := bundle.Parse(name, outside.Read(t, "mail", name))
		if err != nil {
			t.Fatal(err)
		}
		return describe.NewFile(f).Messages[0].Layers[0]
	}
	s := layer("25-list-footer-in-the-part.eml").Signatures[0]
	if s.Signer != "CN=alice@example.com" || s.Content != "wrong" || s.ContentWhy.Err == nil || s.ChangedBy.Err == nil || s.Signature != "good" || s.SignatureWhy.Err != nil || s.SignedAt == "" {
		t.Errorf("%+v", s)
	}
	s = layer("19-signed-without-certificates.eml").Signatures[0]
	if s.Signer != "" || s.SerialNumber == "" || s.Issuer == "" || s.Content != "good" || s.Signature != "not checked" {
		t.Errorf("%+v", s)
	}
	l := layer("08-encrypted-aes256-two-recipients.eml")
	if l.Kind != "encrypted" || l.Cipher != "aes256-cbc" || len(l.Recipients) != 2 || l.Recipients[0].KeyID == "" || l.Recipients[1].SerialNumber == "" || l.Recipients[1].Kind != "key transport" {
		t.Errorf("%+v", l)
	}
	if l = layer("12-encrypted-ecdh-p256.eml"); l.Recipients[0].Kind != "key agreement" || l.Recipients[0].Algorithm == "" {
		t.Errorf("%+v", l)
	}
}
