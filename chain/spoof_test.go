package chain

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"strings"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// utf8SAN is a subject alternative name with one SmtpUTF8Mailbox.
func utf8SAN(address string) pkix.Extension {
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(casn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 8, 9})
			b.AddASN1(casn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
				b.AddASN1(casn1.UTF8String, func(b *cryptobyte.Builder) { b.AddBytes([]byte(address)) })
			})
		})
	})
	return pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Value: b.BytesOrPanic()}
}

// TestSpoofedAddresses has addresses whose letters look like ASCII, or become
// ASCII in lower case, as the Kelvin sign and the long s do.
func TestSpoofedAddresses(t *testing.T) {
	ca := entity{"CA", 1}
	g := NewGraph([]*Certificate{sign(t, ca, rootEntity, func(c *x509.Certificate) {
		c.PermittedEmailAddresses = []string{"bank.example.com"}
	})}, []*Certificate{sign(t, rootEntity, rootEntity)}, Limits{})
	for _, test := range []struct {
		name, address, asked string
		code                 string // of the problem, empty: none
	}{
		{"same", "kim@bank.example.com", "kim@bank.example.com", ""},
		{"case of ASCII", "kim@Bank.Example.Com", "kim@BANK.example.com", ""},
		{"beyond ASCII", "\u91d1@bank.example.com", "\u91d1@bank.example.com", ""},
		{"Kelvin sign in the host", "kim@ban\u212a.example.com", "", "name_constraint"},
		{"Kelvin sign before it", "\u212aim@bank.example.com", "kim@bank.example.com", "email"},
		{"long s", "\u017fam@bank.example.com", "sam@bank.example.com", "email"},
		{"Cyrillic", "k\u0456m@bank.example.com", "kim@bank.example.com", "email"},
		{"full width", "\uff4bim@bank.example.com", "kim@bank.example.com", "email"},
		{"composed and not", "e\u0301@bank.example.com", "\u00e9@bank.example.com", "email"},
		{"zero width", "kim\u200b@bank.example.com", "kim@bank.example.com", "email"},
	} {
		leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf, func(c *x509.Certificate) {
			c.EmailAddresses = nil
			c.ExtraExtensions = append(c.ExtraExtensions, utf8SAN(test.address))
		})
		r := build(t, g, leaf, &Options{Email: test.asked})
		var got []string
		for _, p := range append(r.Accepted, r.Rejected...) {
			for _, q := range p.Problems {
				got = append(got, q.Code.String())
			}
		}
		if strings.Join(got, " ") != test.code {
			t.Errorf("%s: got %q, want %q", test.name, got, test.code)
		}
	}
}
