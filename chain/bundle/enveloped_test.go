package bundle_test

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/pkcs12"
	"github.com/smimechain/smimechain/testdata/outside"
)

// enveloped makes an EnvelopedData message for many recipients. RFC 5652, Section 6.
func enveloped(recipients int) []byte {
	explicit := asn1.Tag(0).ContextSpecific().Constructed()
	oid := func(last ...int) []int { return append([]int{1, 2, 840, 113549, 1}, last...) }
	var one cryptobyte.Builder
	one.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(0)
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(asn1.SEQUENCE, func(*cryptobyte.Builder) {})
			b.AddASN1Int64(1 << 40)
		})
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oid(1, 1)); b.AddASN1NULL() })
		b.AddASN1OctetString(make([]byte, 256))
	})
	all := bytes.Repeat(one.BytesOrPanic(), recipients)
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid(7, 3))
		b.AddASN1(explicit, func(b *cryptobyte.Builder) {
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(0)
				b.AddASN1(asn1.SET, func(b *cryptobyte.Builder) { b.AddBytes(all) })
				b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier(oid(7, 1))
					b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier([]int{1, 2, 840, 113549, 3, 7}) })
				})
			})
		})
	})
	return b.BytesOrPanic()
}

// TestEnveloped holds that an encrypted message is said to be one, however many it
// is for, in every wrapping; and that one inside a PFX closes that part only.
func TestEnveloped(t *testing.T) {
	outside.SkipUnderRace(t)
	data := enveloped(10_000)
	text := base64.StdEncoding.EncodeToString(data)
	indefinite := append([]byte{0x30, 0x80}, data[5:]...)
	indefinite = append(indefinite, 0, 0)
	const header = "From: user@example.com\nMIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\n"
	for name, in := range map[string][]byte{
		"binary":            data,
		"indefinite length": indefinite,
		"cut":               data[:len(data)/2],
		"base64":            []byte(text),
		"message":           []byte(header + "Content-Transfer-Encoding: base64\n\n" + text),
		"message in binary": append([]byte(header+"Content-Transfer-Encoding: binary\n\n"), data...),
	} {
		f, err := bundle.Parse("m", in)
		if name == "cut" {
			if err == nil || f != nil || len(err.Error()) > 200 {
				t.Errorf("%s: %v, %.300v", name, f, err)
			}
			continue
		}
		if err != nil || len(f.Messages) != 1 || !f.IsMessage() || f.Signed {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if e := f.Messages[0].Encrypted(); e == nil || len(e.Recipients) != 10_000 || e.CipherName() != "des-ede3-cbc" || e.Recipients[9999].Algorithm.Name != "rsaEncryption" {
			t.Errorf("%s: %+v", name, e)
		}
	}

	// A block of PEM text may be among others.
	f, err := bundle.Parse("m.pem", pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: data}))
	if err != nil || len(f.Ignored) != 0 || len(f.Messages) != 1 || f.Messages[0].Encrypted() == nil {
		t.Errorf("PEM: %v, %v", f, err)
	}

	// PFX ::= SEQUENCE { 3, data { SEQUENCE OF ContentInfo } }
	explicit := asn1.Tag(0).ContextSpecific().Constructed()
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(3)
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier([]int{1, 2, 840, 113549, 1, 7, 1})
			b.AddASN1(explicit, func(b *cryptobyte.Builder) {
				b.AddASN1(asn1.OCTET_STRING, func(b *cryptobyte.Builder) {
					b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(data) })
				})
			})
		})
	})
	f, err = bundle.Parse("m.pfx", b.BytesOrPanic())
	if err != nil {
		t.Fatal(err)
	}
	s := f.PFX.Safes
	if len(s) != 1 || s[0].Privacy != pkcs12.PrivacyPublicKey || s[0].Status.String() != "unsupported" || len(s[0].Bags) != 0 || f.PFX.Compatible("ios-18").Answer != pkcs12.No {
		t.Errorf("%+v", s)
	}
}
