package deploy

import (
	"crypto/sha256"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// signedOtherwise puts content into a signed message whose one signature is over something
// else, which its digest shows whoever made it.
func signedOtherwise(t *testing.T, content []byte) []byte {
	t.Helper()
	type part = func(*cryptobyte.Builder)
	in := func(tag asn1.Tag, parts ...part) part {
		return func(b *cryptobyte.Builder) {
			b.AddASN1(tag, func(b *cryptobyte.Builder) {
				for _, p := range parts {
					p(b)
				}
			})
		}
	}
	oid := func(last ...int) part { return func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(last) } }
	octets := func(data []byte) part { return func(b *cryptobyte.Builder) { b.AddASN1OctetString(data) } }
	one := func(b *cryptobyte.Builder) { b.AddASN1Int64(1) }
	const sequence, set = asn1.SEQUENCE, asn1.SET
	explicit := asn1.Tag(0).ContextSpecific().Constructed()
	data, digest := oid(1, 2, 840, 113549, 1, 7, 1), in(sequence, oid(2, 16, 840, 1, 101, 3, 4, 2, 1))
	sum := sha256.Sum256([]byte("something else"))
	var out cryptobyte.Builder
	in(sequence, oid(1, 2, 840, 113549, 1, 7, 2), in(explicit, in(sequence, one, in(set, digest), in(sequence, data, in(explicit, octets(content))),
		in(set, in(sequence, one, in(sequence, in(sequence), one), digest,
			in(explicit, in(sequence, oid(1, 2, 840, 113549, 1, 9, 3), in(set, data)), in(sequence, oid(1, 2, 840, 113549, 1, 9, 4), in(set, octets(sum[:])))),
			in(sequence, oid(1, 2, 840, 10045, 4, 3, 2)), octets([]byte("signature")))))))(&out)
	der, err := out.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return der
}
