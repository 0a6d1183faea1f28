package bundle

import (
	"strings"
	"testing"
)

// TestShapes holds which structure each beginning of DER shows, and what tells it from those
// that begin alike.
func TestShapes(t *testing.T) {
	tlv := func(tag byte, content ...string) string {
		body := strings.Join(content, "")
		if len(body) < 128 {
			return string([]byte{tag, byte(len(body))}) + body
		}
		return string([]byte{tag, 0x82, byte(len(body) >> 8), byte(len(body))}) + body
	}
	seq := func(content ...string) string { return tlv(tagSequence, content...) }
	set := func(content ...string) string { return tlv(0x31, content...) }
	bits := tlv(0x03, "\x00\xFF\xFF\xFF")
	num := func(n byte) string { return tlv(tagInteger, string([]byte{n})) }
	octets := tlv(tagOctets, "\xFF\xFF\xFF\xFF")
	oid := func(s string) string { return tlv(tagOID, s) }
	const pkcs7 = "\x2A\x86\x48\x86\xF7\x0D\x01\x07"
	algorithm := seq(oid("\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0B"))
	name := seq(set(seq(oid("\x55\x04\x03"), tlv(0x0C, "a"))))
	utc, general := tlv(0x17, "260102000000Z"), tlv(0x18, "20600102000000Z")
	explicit := func(content ...string) string { return tlv(tagZero, content...) }
	signed := func(tbs ...string) string { return seq(seq(tbs...), algorithm, bits) }
	v3 := signed(explicit(num(2)), num(7), algorithm, name, seq(utc, utc))
	v1 := signed(num(7), algorithm, name, seq(utc, utc), name)
	for _, tt := range []struct {
		name, data string
		want       shape
	}{
		{"certificate", v3, shapeCertificate},
		{"certificate of version 1", v1, shapeCertificate},
		{"certificate, its first member cut", seq("\x30\x7F\xA0\x03"), shapeCertificate},
		{"CRL", signed(num(1), algorithm, name, utc), shapeCRL},
		{"CRL with a time of another kind", signed(num(1), algorithm, name, general), shapeCRL},
		{"CRL of version 1", signed(algorithm, name, utc), shapeCRL},
		{"CRL of version 1 with a time of another kind", signed(algorithm, name, general), shapeCRL},
		{"no CRL: no time", signed(algorithm, name, name), shapeUnknown},
		{"no CRL: no issuer", signed(algorithm, utc), shapeUnknown},
		{"no CRL: an algorithm that is cut", seq(seq("\x30\x7F\x06"), algorithm), shapeUnknown},
		{"request", signed(num(0), name, seq(algorithm, bits), explicit()), shapeRequest},
		{"no algorithm", signed(num(1), name), shapeUnknown},
		{"a number alone", signed(num(1)), shapeUnknown},
		{"PkiPath", seq(v3, v1), shapePath},
		{"PkiPath of one", seq(v1), shapePath},
		{"no path: no signature", seq(seq(seq(explicit(num(2)), num(7)), algorithm, octets)), shapeUnknown},
		{"no path: no algorithm", seq(seq(seq(explicit(num(2)), num(7)), bits)), shapeUnknown},
		{"no path: other members", seq(signed(num(0), name, seq(algorithm, bits), explicit())), shapeUnknown},
		{"PKCS #7", seq(oid(pkcs7+"\x02"), explicit()), shapePKCS7},
		{"of indefinite length", "\x30\x80" + oid(pkcs7+"\x02") + "\xA0\x80", shapePKCS7},
		{"PKCS #7, cut", "\x30\x82\x10\x00" + oid(pkcs7+"\x02"), shapePKCS7},
		{"PKCS #7, cut, of a length of four", "\x30\x84\x00\x10\x00\x00" + oid(pkcs7+"\x02"), shapePKCS7},
		{"PKCS #7, cut, of a length of one", "\x30\x81\xF0" + oid(pkcs7+"\x02"), shapePKCS7},
		{"a length of five", "\x30\x85\x00\x00\x10\x00\x00" + oid(pkcs7+"\x02"), shapeUnknown},
		{"cut to six octets", "\x30\x84\x00\x10\x00\x00", shapeUnknown},
		{"a type that is longer", seq(oid(pkcs7+"\x01\x02"), explicit()), shapeUnknown},
		{"a type that is shorter", seq(oid(pkcs7), explicit()), shapeUnknown},
		{"another type", seq(oid("\x2A\x86\x48\x86\xF7\x0D\x01\x08\x02"), explicit()), shapeUnknown},
		{"PFX", seq(num(3), seq()), shapePFX},
		{"no PFX: version 4", seq(num(4), seq()), shapeUnknown},
		{"no PFX: no content", seq(num(3), octets), shapeUnknown},
		{"a number and nothing", seq(num(3)), shapeUnknown},
		{"RSA", seq(num(0), num(0x7F), "\xFF"), shapeKey},
		{"RSA of version 1", seq(num(1), num(0x7F), "\xFF"), shapeUnknown},
		{"EC", seq(num(1), octets), shapeKey},
		{"EC of version 0", seq(num(0), octets), shapeUnknown},
		{"PKCS #8", seq(num(0), algorithm, octets), shapeKey},
		{"PKCS #8 of version 1", seq(num(1), algorithm, octets), shapeKey},
		{"PKCS #8 of version 2", seq(num(2), algorithm, octets), shapeUnknown},
		{"PKCS #8 in pieces", seq(num(0), algorithm, tlv(0x24, octets)), shapeKey},
		{"PKCS #8, cut", "\x30\x82\x10\x00" + num(0) + "\x30\x7F", shapeKey},
		{"no key behind the algorithm", seq(num(0), algorithm, bits), shapeUnknown},
		{"no algorithm before the key", seq(num(0), seq(num(1)), octets), shapeUnknown},
		{"encrypted", seq(algorithm, octets), shapeKey},
		{"a digest", seq(seq(oid("\x60\x86\x48\x01\x65\x03\x04\x02\x01")), octets), shapeUnknown},
		{"public key", seq(algorithm, bits), shapePublicKey},
		{"a SET", set(oid(pkcs7+"\x02"), explicit()), shapeUnknown},
		{"an empty SEQUENCE", seq(), shapeUnknown},
		{"digits that were printed", strings.Repeat("0", 60), shapeUnknown},
	} {
		if got := derShape([]byte(tt.data)); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
		for n := range len(tt.data) { // cut anywhere, there is an answer
			derShape([]byte(tt.data[:n]))
		}
	}
	for data, want := range map[string]bool{
		"": false, "\x30\x81": false, "\x30\x81\x00": false, "\x30\x81\x01": true, "\x30\x82\x01": true, "\x30\x84\x00\x00\x00\x01": true, "\x30\x84\x00\x00\x00\x01\x00": false,
		"\x30\x05\x00": false, "\x30\x80\x00\x00": false, "\x30\x85\x00\x00\x00\x00": false, "\x31\x82\x01\x00": false,
	} {
		if isCut([]byte(data)) != want {
			t.Errorf("%x is cut: %v", data, !want)
		}
	}
	for data, want := range map[string]bool{
		" ~\t\n\v\f\r": true, "\x1F": false, "\x7F": false, "\x08": false, "\x0E": false, "\xC4": false, "0123456789ABCDE\x00": false, "0123456789ABCDEF\x00": true,
	} {
		if isPrinted([]byte(data)) != want {
			t.Errorf("%q is printed: %v", data, !want)
		}
	}
	for data, want := range map[string]string{
		seq(): "", seq() + "\r\n\n": "\r\n\n", seq() + "\nx": "", "x\n": "", seq() + "\x00": "",
	} {
		if der, rest := cutLineBreaks([]byte(data)); string(rest) != want || string(der)+string(rest) != data {
			t.Errorf("%q: %q, %q", data, der, rest)
		}
	}
}
