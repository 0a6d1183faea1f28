package bundle_test

import (
	"bytes"
	"compress/zlib"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// signer is who signs in tests that need no program for it.
var signer = sync.OnceValues(func() (key *ecdsa.PrivateKey, der []byte) {
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), bytes.Repeat([]byte{7}, 32))
	if err != nil {
		panic(err)
	}
	start := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	c := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "a"}, EmailAddresses: []string{"a@example.com"}, NotBefore: start, NotAfter: start.AddDate(1, 0, 0)}
	der, err = x509.CreateCertificate(nil, c, c, key.Public(), key)
	if err != nil {
		panic(err)
	}
	return key, der
})

// signedData signs content, which is in the message or stands beside it.
func signedData(t testing.TB, content []byte, detached bool) []byte {
	t.Helper()
	key, der := signer()
	oid := func(last ...int) func(*cryptobyte.Builder) {
		return func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(last) }
	}
	data := oid(1, 2, 840, 113549, 1, 7, 1)
	in := func(tag asn1.Tag, parts ...func(*cryptobyte.Builder)) func(*cryptobyte.Builder) {
		return func(b *cryptobyte.Builder) {
			b.AddASN1(tag, func(b *cryptobyte.Builder) {
				for _, p := range parts {
					p(b)
				}
			})
		}
	}
	sequence := func(parts ...func(*cryptobyte.Builder)) func(*cryptobyte.Builder) { return in(asn1.SEQUENCE, parts...) }
	octets := func(b []byte) func(*cryptobyte.Builder) {
		return func(to *cryptobyte.Builder) { to.AddASN1OctetString(b) }
	}
	number := func(n int64) func(*cryptobyte.Builder) {
		return func(b *cryptobyte.Builder) { b.AddASN1Int64(n) }
	}
	raw := func(b []byte) func(*cryptobyte.Builder) {
		return func(to *cryptobyte.Builder) { to.AddBytes(b) }
	}
	sum := sha256.Sum256(content)
	attributes := []func(*cryptobyte.Builder){
		sequence(oid(1, 2, 840, 113549, 1, 9, 3), in(asn1.SET, data)),
		sequence(oid(1, 2, 840, 113549, 1, 9, 4), in(asn1.SET, octets(sum[:]))),
	}
	var toSign cryptobyte.Builder
	in(asn1.SET, attributes...)(&toSign)
	digest := sha256.Sum256(toSign.BytesOrPanic())
	value, err := ecdsa.SignASN1(rand.Reader, key, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	issued, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	explicit := asn1.Tag(0).ContextSpecific().Constructed()
	inside := sequence(data)
	if !detached {
		inside = sequence(data, in(explicit, octets(content)))
	}
	sha256OID := sequence(oid(2, 16, 840, 1, 101, 3, 4, 2, 1))
	var out cryptobyte.Builder
	sequence(oid(1, 2, 840, 113549, 1, 7, 2), in(explicit, sequence(
		number(1), in(asn1.SET, sha256OID), inside, in(explicit, raw(der)),
		in(asn1.SET, sequence(number(1), sequence(raw(issued.RawIssuer), number(7)), sha256OID, in(explicit, attributes...), sequence(oid(1, 2, 840, 10045, 4, 3, 2)), octets(value))),
	)))(&out)
	return out.BytesOrPanic()
}

// compressedData compresses content (RFC 3274).
func compressedData(t testing.TB, content []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	explicit := asn1.Tag(0).ContextSpecific().Constructed()
	var out cryptobyte.Builder
	out.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier([]int{1, 2, 840, 113549, 1, 9, 16, 1, 9})
		b.AddASN1(explicit, func(b *cryptobyte.Builder) {
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(0)
				b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier([]int{1, 2, 840, 113549, 1, 9, 16, 3, 8})
				})
				b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier([]int{1, 2, 840, 113549, 1, 7, 1})
					b.AddASN1(explicit, func(b *cryptobyte.Builder) { b.AddASN1OctetString(packed.Bytes()) })
				})
			})
		})
	})
	return out.BytesOrPanic()
}

// signedMail is a message with a text that is signed for all to read.
func signedMail(t testing.TB, text string) string {
	t.Helper()
	text = strings.ReplaceAll(text, "\n", "\r\n")
	return clearMail(text, signedData(t, []byte(text), true))
}

// clearMail is a message with a text and a signature.
func clearMail(text string, signature []byte) string {
	return fmt.Sprintf("From: a@example.com\r\nMIME-Version: 1.0\r\nContent-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=signed\r\n\r\n--signed\r\n%s\r\n--signed\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n--signed--\r\n",
		text, base64.StdEncoding.EncodeToString(signature))
}
