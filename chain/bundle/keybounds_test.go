package bundle

import (
	"encoding/asn1"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/testdata/keyforms"
)

// TestKeyBlobBounds holds what is a key of Windows and of OpenPGP at the bounds of each
// number in its header.
func TestKeyBlobBounds(t *testing.T) {
	pvk := func(n ...uint32) []byte { return keyforms.LE(append([]uint32{0xB0B5F11E, 0}, n...)...) }
	rsa := func(magic string, n ...uint32) []byte { return append([]byte(magic), keyforms.LE(n...)...) }
	sized := func(magic string, n uint32, rest int) []byte {
		return slices.Concat([]byte(magic), keyforms.LE(n), make([]byte, rest))
	}
	dpapi := "\x01\x00\x00\x00\xD0\x8C\x9D\xDF\x01\x15\xD1\x11\x8C\x7A\x00\xC0\x4F\xC2\x97\xEB"
	// pgp makes a packet with a header, and the key behind it.
	pgp := func(header string, key ...byte) []byte { return append([]byte(header), key...) }
	v4 := func(algorithm byte, rest ...byte) []byte {
		return slices.Concat([]byte{4, 0, 0, 0, 0, algorithm}, rest, make([]byte, 16))
	}
	v3 := slices.Concat([]byte{3, 0, 0, 0, 0, 0, 9, 1, 8, 0, 0x80}, make([]byte, 10))
	v6 := slices.Concat([]byte{6, 0, 0, 0, 0, 1, 0, 0, 0, 9, 8, 0, 0x80}, make([]byte, 10))
	bits := func(n uint16, first byte) []byte { return append(binary.BigEndian.AppendUint16(nil, n), first) }
	for _, tt := range []struct {
		name string
		find func([]byte) certainty
		data []byte
		want certainty
	}{
		{"PVK", findPVK, pvk(2, 1, 1<<10, 1<<16), holdsKey},
		{"PVK, another use", findPVK, pvk(3, 1, 0, 0), mayHold},
		{"PVK, encrypted in another way", findPVK, pvk(2, 2, 0, 0), mayHold},
		{"PVK, a long salt", findPVK, pvk(2, 1, 1<<10+1, 0), mayHold},
		{"PVK, a long key", findPVK, pvk(2, 1, 0, 1<<16+1), mayHold},
		{"PVK, cut", findPVK, pvk(2, 1, 0, 0)[:23], noKey},
		{"PVK, another mark", findPVK, keyforms.LE(0xB0B5F11E, 1, 2, 1, 0, 0), noKey},

		{"RSA", findCNGBlob, rsa("RSA2", 256, 1, 32, 17, 17), holdsKey},
		{"RSA of 257 bits", findCNGBlob, rsa("RSA3", 257, 8, 33, 17, 17), holdsKey},
		{"RSA, no exponent", findCNGBlob, rsa("RSA2", 256, 0, 32, 16, 16), noKey},
		{"RSA, a long exponent", findCNGBlob, rsa("RSA2", 256, 9, 32, 16, 16), noKey},
		{"RSA, a modulus of another size", findCNGBlob, rsa("RSA2", 256, 3, 33, 16, 16), noKey},
		{"RSA, a short modulus", findCNGBlob, rsa("RSA2", 248, 3, 31, 16, 16), noKey},
		{"RSA, no prime", findCNGBlob, rsa("RSA2", 256, 3, 32, 0, 16), noKey},
		{"RSA, long primes", findCNGBlob, rsa("RSA2", 256, 3, 32, 17, 18), noKey},
		{"RSA, public", findCNGBlob, rsa("RSA1", 256, 3, 32, 16, 16), noKey},
		{"RSA, cut", findCNGBlob, rsa("RSA2", 256, 3, 32, 16, 16)[:23], noKey},
		{"EC", findCNGBlob, sized("ECS2", 16, 48), holdsKey},
		{"EC, a short number", findCNGBlob, sized("ECS2", 15, 45), noKey},
		{"EC, one octet more", findCNGBlob, sized("ECS2", 16, 49), noKey},
		{"DH", findCNGBlob, sized("DHPV", 16, 64), holdsKey},
		{"another kind", findCNGBlob, sized("ABCD", 0, 16), noKey},
		{"DSA", findCNGBlob, sized("DPV2", 128, 3*128), holdsKey},
		{"DSA, to 1024", findCNGBlob, sized("DPV2", 1024, 3*1024), holdsKey},
		{"DSA, p of 127", findCNGBlob, sized("DPV2", 127, 3*127), noKey},
		{"DSA, p of 1025", findCNGBlob, sized("DPV2", 1025, 3*1025), noKey},
		{"DSA, cut", findCNGBlob, sized("DPV2", 128, 3*128-8), noKey},

		{"DPAPI", findDPAPI, []byte(dpapi), mayHold},
		{"a file of keys", findDPAPI, []byte("\x02\x00\x00\x00\x00\x00\x00\x00name" + dpapi), mayHold},
		{"the same of another kind", findDPAPI, []byte("\x03\x00\x00\x00\x00\x00\x00\x00name" + dpapi), noKey},
		{"the same without", findDPAPI, []byte("\x02\x00\x00\x00\x00\x00\x00\x00name"), noKey},

		{"OpenPGP, RSA", findOpenPGP, pgp("\xC5\x28", v4(1, bits(2048, 0x80)...)...), holdsKey},
		{"a subkey", findOpenPGP, pgp("\xC7\x28", v4(1, bits(2048, 0x80)...)...), holdsKey},
		{"a public key", findOpenPGP, pgp("\xC6\x28", v4(1, bits(2048, 0x80)...)...), noKey},
		{"39 octets", findOpenPGP, pgp("\xC5\x27", v4(1, bits(2048, 0x80)...)...), noKey},
		{"a size of two octets", findOpenPGP, pgp("\xC5\xC0\x00", v4(1, bits(2048, 0x80)...)...), holdsKey},
		{"a size of five", findOpenPGP, pgp("\xC5\xFF\x00\x01\x00\x00", v4(1, bits(2048, 0x80)...)...), holdsKey},
		{"too large", findOpenPGP, pgp("\xC5\xFF\x00\x01\x00\x01", v4(1, bits(2048, 0x80)...)...), noKey},
		{"a size in parts", findOpenPGP, pgp("\xC5\xE0", v4(1, bits(2048, 0x80)...)...), noKey},
		{"an older header", findOpenPGP, pgp("\x94\x28", v4(1, bits(2048, 0x80)...)...), holdsKey},
		{"of two octets", findOpenPGP, pgp("\x95\x01\x00", v4(1, bits(2048, 0x80)...)...), holdsKey},
		{"of four", findOpenPGP, pgp("\x96\x00\x00\x01\x00", v4(1, bits(2048, 0x80)...)...), holdsKey},
		{"without a size", findOpenPGP, pgp("\x97", v4(1, bits(2048, 0x80)...)...), noKey},
		{"text", findOpenPGP, pgp("\x45\x28", v4(1, bits(2048, 0x80)...)...), noKey},
		{"15 octets", findOpenPGP, pgp("\xC5\x28", v4(1, bits(2048, 0x80)...)[:13]...), noKey},
		{"16 octets", findOpenPGP, pgp("\xC5\x28", append(v4(1, bits(2048, 0x80)...)[:13], 0)...), holdsKey},
		{"nothing behind the header", findOpenPGP, pgp("\xC5\xFF\x00\x00\x00\x28", v4(1, bits(2048, 0x80)...)[:12]...), noKey},
		{"version 3", findOpenPGP, pgp("\xC5\x28", v3...), holdsKey},
		{"version 6", findOpenPGP, pgp("\xC5\x28", v6...), holdsKey},
		{"version 2", findOpenPGP, pgp("\xC5\x28", append([]byte{2}, v3[1:]...)...), noKey},
		{"version 7", findOpenPGP, pgp("\xC5\x28", append([]byte{7}, v6[1:]...)...), noKey},
		{"512 bits", findOpenPGP, pgp("\xC5\x28", v4(17, bits(512, 0x80)...)...), holdsKey},
		{"511 bits", findOpenPGP, pgp("\xC5\x28", v4(17, bits(511, 0x40)...)...), noKey},
		{"16384 bits", findOpenPGP, pgp("\xC5\x28", v4(16, bits(16384, 0x80)...)...), holdsKey},
		{"16385 bits", findOpenPGP, pgp("\xC5\x28", v4(16, bits(16385, 1)...)...), noKey},
		{"2047 bits", findOpenPGP, pgp("\xC5\x28", v4(3, bits(2047, 0x40)...)...), holdsKey},
		{"fewer bits than it says", findOpenPGP, pgp("\xC5\x28", v4(2, bits(2048, 0x40)...)...), noKey},
		{"a curve", findOpenPGP, pgp("\xC5\x28", v4(18, 3, 0x2B)...), holdsKey},
		{"a long curve", findOpenPGP, pgp("\xC5\x28", v4(22, 12, 0x2A)...), holdsKey},
		{"a short curve", findOpenPGP, pgp("\xC5\x28", v4(18, 2, 0x2B)...), noKey},
		{"a curve too long", findOpenPGP, pgp("\xC5\x28", v4(19, 13, 0x2B)...), noKey},
		{"a curve of elsewhere", findOpenPGP, pgp("\xC5\x28", v4(19, 8, 0x60)...), noKey},
		{"X25519", findOpenPGP, pgp("\xC5\x28", v4(25)...), holdsKey},
		{"X25519 of version 3", findOpenPGP, pgp("\xC5\x28", slices.Concat([]byte{3, 0, 0, 0, 0, 0, 0, 25}, make([]byte, 16))...), noKey},
		{"another algorithm", findOpenPGP, pgp("\xC5\x28", v4(4, bits(2048, 0x80)...)...), noKey},
	} {
		if got := tt.find(tt.data); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

// TestKeyStoreBounds holds what is said of key stores by the entries they have, cut at every
// place: no key is sure before its entry has begun, and no store without one is free of doubt
// before its end.
func TestKeyStoreBounds(t *testing.T) {
	text := func(s string) []byte { return append([]byte{0, byte(len(s))}, s...) }
	blob := func(s string) []byte { return append(keyforms.BE(uint32(len(s))), s...) }
	certificate := slices.Concat(text("X.509"), blob("certificate"))
	jks := func(version, count uint32, entries ...[]byte) []byte {
		return slices.Concat(keyforms.BE(0xFEEDFEED, version, count), slices.Concat(entries...))
	}
	java := func(kind uint32, rest []byte) []byte {
		return slices.Concat(keyforms.BE(kind), text("a"), make([]byte, 8), rest)
	}
	bks := func(version, salt, iterations uint32, entries ...[]byte) []byte {
		return slices.Concat(keyforms.BE(version, salt), make([]byte, 20), keyforms.BE(iterations), slices.Concat(entries...))
	}
	castle := func(kind byte, chain uint32, rest ...[]byte) []byte {
		return slices.Concat([]byte{kind}, text("a"), make([]byte, 8), keyforms.BE(chain), slices.Concat(rest...))
	}
	end := make([]byte, 21)
	find := findJKS("\xFE\xED\xFE\xED")
	for _, tt := range []struct {
		name string
		find func([]byte) certainty
		data []byte
		want certainty
		cut  bool // cut anywhere, it may hold a key
	}{
		{"JKS, certificates", find, jks(2, 2, java(2, certificate), java(2, certificate)), noKey, true},
		{"JKS of version 1", find, jks(1, 1, java(2, blob("certificate"))), noKey, true},
		{"JKS, a key", find, jks(2, 1, java(1, nil)), holdsKey, true},
		{"JKS, a key behind a certificate", find, jks(2, 2, java(2, certificate), java(1, nil)), holdsKey, true},
		{"JKS, a secret key", find, jks(2, 1, java(3, make([]byte, 99))), mayHold, false},
		{"JKS, nothing", find, jks(2, 0), noKey, true},
		{"BKS, certificates", findBKS, bks(2, 20, 1, castle(1, 0, certificate), castle(1, 1, certificate, certificate), end), noKey, true},
		{"BKS, the end", findBKS, bks(1, 20, 1<<24, end), noKey, false},
		{"BKS, more behind the end", findBKS, bks(1, 20, 1<<24, end, []byte{0}), mayHold, false},
		{"BKS, sealed with a chain", findBKS, bks(2, 20, 1, castle(4, 1, certificate)), holdsKey, true},
		{"BKS, sealed without", findBKS, bks(2, 20, 1, castle(4, 0)), mayHold, false},
		{"BKS, a private key", findBKS, bks(2, 20, 1, castle(2, 0, []byte{0})), holdsKey, true},
		{"BKS, a public key, then a private one", findBKS, bks(2, 20, 1, castle(2, 0, []byte{1}, text("X.509"), text("RSA"), blob("key")), castle(2, 0, []byte{0})), holdsKey, true},
		{"BKS, another kind", findBKS, bks(2, 20, 1, castle(3, 0, certificate)), mayHold, false},
	} {
		if got := tt.find(tt.data); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
		const begins = 32 // octets; before them it is no store
		for n := begins; tt.cut && n < len(tt.data); n++ {
			if strings.HasPrefix(tt.name, "BKS, cert") && n > len(tt.data)-21 {
				break // the end, which may be cut
			}
			if got := tt.find(tt.data[:n]); got != mayHold {
				t.Errorf("%s, %d of %d octets: %d", tt.name, n, len(tt.data), got)
			}
		}
	}
	for name, data := range map[string][]byte{
		"version 0": bks(0, 20, 1, end), "version 3": bks(3, 20, 1, end), "a salt of 19": bks(2, 19, 1, end), "no iterations": bks(2, 20, 0, end),
		"many iterations": bks(2, 20, 1<<24+1, end), "cut": bks(2, 20, 1)[:31],
	} {
		if isBKS(data) {
			t.Errorf("%s is a key store", name)
		}
	}
	if !isBKS(bks(1, 20, 1<<24)) || !isBKS(bks(2, 20, 1)) || find(keyforms.BE(0xFEEDFEED, 2)[:7]) != mayHold || find([]byte("\xFE\xED\xFE\xED\x01\x00\x00\x02")) != noKey {
		t.Error("how key stores begin")
	}
}

// TestKeyDERBounds holds which DER is a private key, at the bounds of what each has.
func TestKeyDERBounds(t *testing.T) {
	tlv := func(tag byte, content ...[]byte) []byte {
		body := slices.Concat(content...)
		b, err := asn1.Marshal(asn1.RawValue{Class: int(tag >> 6), Tag: int(tag & 31), IsCompound: tag&32 != 0, Bytes: body})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	seq := func(content ...[]byte) []byte { return tlv(tagSequence, content...) }
	num := func(n int) []byte { return tlv(tagInteger, append([]byte{1}, make([]byte, n-1)...)) }
	octets := func(n int) []byte { return tlv(tagOctets, make([]byte, n)) }
	zero, one, two := tlv(tagInteger, []byte{0}), tlv(tagInteger, []byte{1}), tlv(tagInteger, []byte{2})
	oid := func(s string) []byte { return tlv(tagOID, []byte(s)) }
	rsaOID, unknown := seq(oid("\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01")), seq(oid("\x2A\x03"))
	cipher := seq(oid("\x2A\x86\x48\x86\xF7\x0D\x01\x05\x0D"), seq())
	rsa := func(modulus int, rest ...int) []byte {
		list := [][]byte{zero, num(modulus), tlv(tagInteger, []byte{1, 0, 1})}
		for _, n := range rest {
			list = append(list, num(n))
		}
		return seq(list...)
	}
	dsa := func(p, q, y, x int) []byte { return seq(zero, num(p), num(q), num(p), num(y), num(x)) }
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"PKCS #8", seq(zero, rsaOID, octets(1)), kindPKCS8},
		{"PKCS #8 of version 1", seq(one, rsaOID, octets(9)), kindPKCS8},
		{"PKCS #8 of version 2", seq(two, rsaOID, octets(9)), ""},
		{"of an algorithm that is not known", seq(zero, unknown, octets(16)), kindPKCS8},
		{"the same, shorter", seq(zero, unknown, octets(15)), ""},
		{"the same, with more behind", seq(zero, unknown, octets(16), zero), ""},
		{"the same, cut", seq(zero, unknown, octets(40))[:30], ""},
		{"no octets behind the algorithm", seq(zero, rsaOID, tlv(0x03, make([]byte, 9))), ""},
		{"no algorithm", seq(zero, seq(num(9)), octets(16)), ""},
		{"an algorithm of two octets", seq(zero, tlv(tagSequence, []byte{tagOID, 0}), octets(16)), ""},
		{"encrypted", seq(cipher, octets(9)), kindEncrypted},
		{"encrypted by what is no cipher", seq(rsaOID, octets(9)), ""},
		{"encrypted, and no octets", seq(cipher, num(9)), ""},
		{"encrypted, and nothing", seq(cipher, nil), ""},
		{"EC", seq(one, octets(16), tlv(tagZero, oid("\x2A\x03"))), kindEC},
		{"EC with a curve in full", seq(one, octets(80), tlv(tagZero, seq(zero))), kindEC},
		{"EC with a point", seq(one, octets(32), tlv(tagOne, tlv(0x03, []byte{0, 4}))), kindEC},
		{"EC of version 0", seq(zero, octets(32), tlv(tagZero, oid("\x2A\x03"))), ""},
		{"EC, a short scalar", seq(one, octets(15), tlv(tagZero, oid("\x2A\x03"))), ""},
		{"EC, a long scalar", seq(one, octets(81), tlv(tagZero, oid("\x2A\x03"))), ""},
		{"EC, neither curve nor point", seq(one, octets(32)), ""},
		{"EC, four octets", seq(one, octets(32), tlv(tagZero, []byte{tagOID, 0})), ""},
		{"EC, no curve", seq(one, octets(32), tlv(tagZero, one)), ""},
		{"EC, no point", seq(one, octets(32), tlv(tagOne, one)), ""},
		{"EC, an empty curve", seq(one, octets(32), tlv(tagZero), one), ""},
		{"EC, something else", seq(one, octets(32), tlv(0xA2, one)), ""},
		{"RSA", rsa(64, 64, 32, 32, 32, 32, 32), kindRSA},
		{"RSA of 32 octets", rsa(32, 32, 16, 16, 16, 16, 16), kindRSA},
		{"RSA of 31", rsa(31, 31, 16, 16, 16, 16, 16), ""},
		{"RSA, cut behind the modulus", rsa(200, 200, 100, 100, 100, 100, 100)[:3+3+3+200+2], kindRSA},
		{"RSA, four moduli", rsa(200, 200, 200, 180), kindRSA},
		{"RSA, less than that", rsa(200, 200, 200, 179), ""},
		{"RSA, much more", rsa(200, 200, 200, 200, 400, 102), kindRSA},
		{"RSA, too much", rsa(200, 200, 200, 200, 400, 103), ""},
		{"RSA, a long exponent", seq(zero, num(200), num(9), num(200), num(200), num(200)), kindRSA},
		{"RSA, an exponent too long", seq(zero, num(200), num(10), num(200), num(200), num(200)), ""},
		{"RSA, no exponent", seq(zero, num(200), octets(3), num(200), num(200), num(200)), ""},
		{"DSA", dsa(128, 20, 128, 20), kindDSA},
		{"DSA, q of 65", dsa(128, 65, 128, 65), kindDSA},
		{"DSA, q of 19", dsa(128, 19, 128, 20), ""},
		{"DSA, q of 66", dsa(128, 66, 128, 20), ""},
		{"DSA, three times p", seq(zero, num(200), num(20), num(368)), kindDSA},
		{"DSA, less than that", seq(zero, num(200), num(20), num(367)), ""},
		{"DSA, much more", dsa(128, 20, 128, 163), kindDSA},
		{"DSA, too much", dsa(128, 20, 128, 164), ""},
		{"a BOOLEAN for a version", seq(tlv(0x01, []byte{0}), rsaOID, octets(9)), ""},
		{"too short", seq(zero, seq(), octets(1)), ""},
		{"no SEQUENCE", octets(99), ""},
		{"nothing", nil, ""},
	} {
		if got := derKey(tt.data); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		for n := range tt.data { // cut, it is what it was or nothing; DSA begins as RSA does
			if got := derKey(slices.Clip(tt.data[:n])); got != "" && got != tt.want && tt.want != "" && tt.want != kindDSA {
				t.Errorf("%s, %d of %d octets: %q", tt.name, n, len(tt.data), got)
			}
		}
		// What stands before a key does not hide it.
		for _, before := range []string{"", "\x00", "0\x00", "text 0"} {
			if kind, sure := embeddedKey(append([]byte(before), tt.data...)); kind != tt.want || (sure == holdsKey) != (tt.want != "") {
				t.Errorf("%s behind %q: %q, %d", tt.name, before, kind, sure)
			}
		}
	}
}

// TestKeyFormBounds holds what begins like a form with a key in it, and what does not.
func TestKeyFormBounds(t *testing.T) {
	tlv := func(tag byte, content ...string) string {
		body := strings.Join(content, "")
		return string([]byte{tag, 0x82, byte(len(body) >> 8), byte(len(body))}) + body
	}
	seq := func(content ...string) string { return tlv(tagSequence, content...) }
	cipher := seq(seq(tlv(tagOID, "\x2A\x86\x48\x86\xF7\x0D\x01\x05\x0D")), tlv(tagOctets, "encrypted"))
	const version, content = "\x02\x01\x03\x30", "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07"
	pfx := func(d []byte) certainty {
		if hasPFX(d) {
			return mayHold
		}
		return noKey
	}
	embedded := func(d []byte) certainty { _, c := embeddedKey(d); return c }
	for _, tt := range []struct {
		name string
		find func([]byte) certainty
		data string
		want certainty
	}{
		{"BCFKS", findBCFKS, seq(cipher, seq()), mayHold},
		{"BCFKS with a tagged check", findBCFKS, seq(cipher, tlv(0xA3)), mayHold},
		{"BCFKS without one", findBCFKS, seq(cipher), noKey},
		{"BCFKS with half of one", findBCFKS, seq(cipher, "\x30"), noKey},
		{"BCFKS with a check of two octets", findBCFKS, seq(cipher, "\x30\x00"), mayHold},
		{"BCFKS with something else", findBCFKS, seq(cipher, tlv(tagOctets)), noKey},
		{"BCFKS of nothing encrypted", findBCFKS, seq(seq(seq(tlv(tagOID, "\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01")), tlv(tagOctets, "encrypted")), seq()), noKey},
		{"BCFKS in a SET", findBCFKS, tlv(0x31, cipher, seq()), noKey},
		{"BCFKS, nothing", findBCFKS, "", noKey},
		{"NSS", findNSS, "SQLite" + strings.Repeat(" ", 64<<10-16) + "nssPrivate", mayHold},
		{"NSS, too far", findNSS, "SQLite" + strings.Repeat(" ", 64<<10-15) + "nssPrivate", noKey},
		{"NSS, certificates", findNSS, "SQLite nssPublic", noKey},
		{"NSS, in a text", findNSS, "nssPrivate", noKey},
		{"a blob", findCryptoBlob, cryptoBlobs[3], holdsKey},
		{"a public blob", findCryptoBlob, "\x06\x02\x00\x00\x00\xA4\x00\x00RSA1", noKey},
		{"a blob anywhere", embedded, "text" + cryptoBlobs[1], holdsKey},
		{"no blob", embedded, "text" + cryptoBlobs[1][:11], noKey},
		{"a PFX anywhere", embedded, "text\x30\x80" + version + "\x80" + content, mayHold},
		{"PFX", pfx, "\x30\x80" + version + "\x80" + content, mayHold},
		{"PFX, a length of one octet", pfx, "\x30\x10" + version + "\x0B" + content, mayHold},
		{"PFX, of two", pfx, "\x30\x10" + version + "\x81\x0B" + content, mayHold},
		{"PFX, of five", pfx, "\x30\x10" + version + "\x84\x00\x00\x00\x0B" + content, mayHold},
		{"PFX, of six", pfx, "\x30\x10" + version + "\x85\x00\x00\x00\x00\x0B" + content, noKey},
		{"PFX, nothing before the version", pfx, "\x30" + version + "\x0B" + content, noKey},
		{"PFX, the second version", pfx, version + "\x30\x10" + version + "\x0B" + content, mayHold},
		{"PFX, other content", pfx, "\x30\x10" + version + "\x0B\x06\x09\x2A\x86", noKey},
		{"PFX, no content", pfx, "\x30\x10" + version + "\x0B", noKey},
		{"PFX, less", pfx, "\x30\x10" + version, noKey},
		{"PFX, a length that is cut", pfx, "\x30\x10" + version + "\x84\x00", noKey},
		{"PFX, another version", pfx, "\x30\x10\x02\x01\x02\x30\x0B" + content, noKey},
	} {
		if got := tt.find([]byte(tt.data)); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
	for data, want := range map[string]bool{
		"": false, "\x30": false, "\x30\x00": true, "\x30\x7F": true, "\x30\x80": false, "\x30\x80\x00\x00": false, "\x30\x81\x80": true, "\x30\x81": false,
		"\x30\x84\x00\x00\x00\x01": true, "\x30\x84\x00\x00\x00": false, "\x30\x85\x00\x00\x00\x00\x01": false,
	} {
		if e, ok := header([]byte(data)); ok != want || ok && (e.rest == nil) != (e.size > 0) {
			t.Errorf("%x: %v, %+v", data, ok, e)
		}
	}
}
