package pkcs12

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"
)

// damaged returns an encoding with its n-th element, counted as they begin, replaced by
// what change makes of it. What is to be kept whole counts as one. It counts n down, and is
// below 0 once the element was replaced.
func damaged(t *testing.T, data []byte, n *int, whole [][]byte, change func(asn1.RawValue) []byte) []byte {
	t.Helper()
	var out []byte
	for len(data) > 0 {
		var e asn1.RawValue
		rest, err := asn1.Unmarshal(data, &e)
		if err != nil {
			t.Fatal(err)
		}
		data = rest
		mine := *n == 0
		*n--
		kept := slices.ContainsFunc(whole, func(w []byte) bool { return bytes.Equal(w, e.Bytes) })
		switch {
		case mine:
			out = append(out, change(e)...)
		case e.IsCompound, e.Tag == asn1.TagOctetString && bytes.HasPrefix(e.Bytes, []byte{0x30}) && !kept:
			out = append(out, tlv(e.FullBytes[0], damaged(t, e.Bytes, n, whole, change))...)
		default:
			out = append(out, e.FullBytes...)
		}
	}
	return out
}

// said is a report in one line: the password, the answers for the targets, a letter each,
// and the findings with their places, but for those that another report has too; of these
// it names what is gone.
func said(r, before *Inspection) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v\t", r.Password.Status)
	for _, target := range Importers() {
		switch r.Compatible(target.Importer).Answer {
		case Yes:
			b.WriteByte('y')
		case No:
			b.WriteByte('-')
		default:
			b.WriteByte('?')
		}
	}
	has := func(r *Inspection, f Observation) bool {
		return slices.ContainsFunc(r.Observations, func(g Observation) bool { return g.At.String() == f.At.String() && g.Message == f.Message })
	}
	for _, f := range r.Observations {
		if !has(before, f) {
			fmt.Fprintf(&b, "\t%v %s: %s", f.At, f.Code, f.Message)
		}
	}
	for _, f := range before.Observations {
		if !has(r, f) {
			fmt.Fprintf(&b, "\tnot %v %s", f.At, f.Code)
		}
	}
	return b.String()
}

// TestPlaces takes away each element of some files, makes it NULL, and empties it, and
// holds what is then said.
func TestPlaces(t *testing.T) {
	p := alice(t)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(p.key)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	ca := *p.chain[1]
	ca.KeyUsage |= x509.KeyUsageCRLSign
	ca.SubjectKeyId = []byte{1}
	list, err := x509.CreateRevocationList(nil, &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: at, NextUpdate: at.AddDate(0, 0, 7)}, &ca, testKey(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	keyBag, certBag := identityBags(t, p)
	shroudedBag := bag(oidShroudedKeyBag, shrouded(t, "secret", pkcs8), attribute(oidFriendlyName, tlv(0x1e, []byte("\x00a"))), localKeyID(1))
	crl := bag(oidCRLBag, seq(object(oidX509CRL), explicit(octetString(list))))
	secret := bag(oidSecretBag, seq(object("1.2.3"), explicit(octetString([]byte{1}))))
	nested := bag(oidSafeContentsBag, seq(keyBag))
	safe := plainSafe(seq(certBag))
	prf := seq(object("1.2.840.113549.2.9"), []byte{5, 0})
	pbmac1 := seq(object(oidPBMAC1), seq(seq(object(oidPBKDF2), seq(octetString(testSalt), integer(1), integer(32), prf)), prf))
	underMAC := func(b []byte) []byte { return withMAC(b, safe, encryptedSafe(t, "secret", seq(keyBag))) }
	underAlgorithm := func(b []byte) []byte { return pfx(safe, safeOf(b, make([]byte, 64))) }
	var got bytes.Buffer
	for _, tt := range []struct {
		name string
		data []byte // what is damaged
		file func([]byte) []byte
	}{
		{"PFX", pfx(safe), func(b []byte) []byte { return b }},
		{"signed content", seq(integer(1), setOf(), seq(object(oidData), explicit(octetString(seq(safe))))), func(b []byte) []byte {
			return seq(integer(3), seq(object(oidSignedData), explicit(b)))
		}},
		{"bags", seq(certBag, crl, secret, nested), func(b []byte) []byte { return pfx(plainSafe(b)) }},
		{"shrouded key", shroudedBag, func(b []byte) []byte { return pfx(plainSafe(seq(b, certBag))) }},
		{"encrypted safe", encryptedSafe(t, "secret", seq(keyBag)), func(b []byte) []byte { return pfx(safe, b) }},
		{"what a safe decrypts to", seq(keyBag, certBag), func(b []byte) []byte { return pfx(encryptedSafe(t, "secret", b)) }},
		{"what a key decrypts to", pkcs8, func(b []byte) []byte {
			return pfx(plainSafe(seq(bag(oidShroudedKeyBag, shrouded(t, "secret", b), localKeyID(1)), certBag)))
		}},
		{"MAC", seq(seq(seq(object("2.16.840.1.101.3.4.2.1"), []byte{5, 0}), octetString(make([]byte, 32))), octetString(testSalt), integer(1)), underMAC},
		{"PBMAC1", seq(seq(pbmac1, octetString(make([]byte, 32))), octetString(testSalt), integer(1)), underMAC},
		{"PBES1", seq(object("1.2.840.113549.1.12.1.3"), seq(octetString(testSalt), integer(1))), underAlgorithm},
		{"scrypt", scheme(seq(object(oidScrypt), seq(octetString(testSalt), integer(2), integer(1), integer(1), integer(32))), aes256()), underAlgorithm},
		{"RC2", scheme(seq(object(oidPBKDF2), seq(octetString(testSalt), integer(1), integer(16), prf)), seq(object(oidRC2CBC), seq(integer(58), octetString(testSalt)))), underAlgorithm},
	} {
		before := new(Inspection)
		line := func(what string, data []byte) {
			fmt.Fprintf(&got, "%s%s\t", tt.name, what)
			r, err := Inspect(tt.file(data), "secret")
			if err != nil {
				fmt.Fprintln(&got, err)
				return
			}
			fmt.Fprintln(&got, said(r, before))
			if what == "" {
				before = r
			}
		}
		line("", tt.data)
		for place := 0; ; place++ {
			n := place
			for _, how := range []struct {
				name   string
				change func(asn1.RawValue) []byte
			}{
				{"gone", func(asn1.RawValue) []byte { return nil }},
				{"NULL", func(asn1.RawValue) []byte { return []byte{5, 0} }},
				{"empty", func(e asn1.RawValue) []byte { return tlv(e.FullBytes[0]) }},
			} {
				n = place
				if data := damaged(t, tt.data, &n, [][]byte{p.leaf.Raw, list}, how.change); n < 0 {
					line(fmt.Sprintf(", %d %s", place, how.name), data)
				}
			}
			if n >= 0 {
				break
			}
		}
	}
	compareGolden(t, "places.golden", got.Bytes())
}
