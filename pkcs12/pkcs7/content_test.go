package pkcs7

import (
	"testing"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// signing makes a SignedData message, with a certificate, around content of a type.
func signing(t *testing.T, contentType []int, content string) []byte {
	t.Helper()
	explicit := asn1.Tag(0).ContextSpecific().Constructed()
	oid := func(last ...int) []int { return append([]int{1, 2, 840, 113549, 1, 7}, last...) }
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid(2))
		b.AddASN1(explicit, func(b *cryptobyte.Builder) {
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(1)
				b.AddASN1(asn1.SET, func(*cryptobyte.Builder) {})
				b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier(oid(contentType...))
					b.AddBytes([]byte(content))
				})
				b.AddASN1(explicit, func(b *cryptobyte.Builder) { b.AddBytes(testCert(t, "CA").Raw) })
				b.AddASN1(asn1.SET, func(*cryptobyte.Builder) {})
			})
		})
	})
	return b.BytesOrPanic()
}

// TestContent holds what is given as the signed content, and that whatever stands
// there takes nothing from the certificates.
func TestContent(t *testing.T) {
	data := []int{1}
	for _, tt := range []struct {
		name, content string
		contentType   []int
		want          string
		encoding      Encoding
	}{
		{"nothing", "", data, "", encodingDER},
		{"octets", "\xa0\x04\x04\x02hi", data, "hi", encodingDER},
		{"no octets", "\xa0\x02\x04\x00", data, "", encodingDER},
		{"segments", "\xa0\x08\x24\x06\x04\x01h\x04\x01i", data, "hi", BER},
		{"segments in segments", "\xa0\x0a\x24\x08\x24\x03\x04\x01h\x04\x01i", data, "hi", BER},
		{"segments without a length", "\xa0\x80\x24\x80\x04\x01h\x04\x01i\x00\x00\x00\x00", data, "hi", BER},
		{"of another type", "\xa0\x04\x04\x02hi", []int{5}, "", encodingDER},
		{"not octets", "\xa0\x03\x02\x01\x05", data, "", encodingDER},
		{"not tagged", "\x04\x02hi", data, "", encodingDER},
		{"a segment that is none", "\xa0\x05\x24\x03\x02\x01\x05", data, "", BER},
		{"octets of a length that is not told", "\xa0\x06\x24\x04\x04\x80\xff\x00", data, "", BER},
	} {
		m, err := Parse(signing(t, tt.contentType, tt.content))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if string(m.Content) != tt.want || len(m.Certificates) != 1 || m.Certificates[0].Err() != nil || m.Encoding != tt.encoding {
			t.Errorf("%s: content %q, %d certificates, %v; want %q, %v", tt.name, m.Content, len(m.Certificates), m.Encoding, tt.want, tt.encoding)
		}
		again, err := m.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		if m, err := Parse(again); err != nil || m.Content != nil || len(m.Certificates) != 1 {
			t.Errorf("%s: written anew: %+v, %v", tt.name, m, err)
		}
	}
}
