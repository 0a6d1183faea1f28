package bundle

import (
	"testing"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// TestCRLVersionOne holds that a revocation list of version 1, which begins with its
// algorithm as a PkiPath begins with a certificate, is one in DER too.
func TestCRLVersionOne(t *testing.T) {
	for name, withTime := range map[string]bool{"a list": true, "no time": false} {
		var b cryptobyte.Builder
		algorithm := func(b *cryptobyte.Builder) {
			b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier([]int{1, 2, 840, 10045, 4, 3, 2})
			})
		}
		b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
				algorithm(b)
				b.AddASN1(casn1.SEQUENCE, func(*cryptobyte.Builder) {})
				if withTime {
					b.AddASN1(casn1.UTCTime, func(b *cryptobyte.Builder) { b.AddBytes([]byte("260101000000Z")) })
				}
			})
			algorithm(b)
			b.AddASN1BitString(make([]byte, 64))
		})
		data := b.BytesOrPanic()
		if got := derShape(data); (got == shapeCRL) != withTime {
			t.Errorf("%s: %v", name, got)
		}
		f, err := Parse("list.crl", data)
		if withTime && (err != nil || len(f.CRLs) != 1) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
