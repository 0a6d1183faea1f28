// Package keyforms makes files with a private key in every form, for tests. The keys
// are made anew each time and belong to nobody.
package keyforms

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	urlpkg "net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/smimechain/smimechain/sst"
)

// Keys are keys in every structure that tests wrap.
type Keys struct {
	RSA                            *rsa.PrivateKey
	PKCS8, PKCS1, SEC1, Ed, Public []byte // DER
	PEM                            string
	Cert                           []byte // a certificate without a key, DER
	PFX                            []byte
}

// Make makes keys. Folder is the folder testdata of the module.
func Make(t testing.TB, folder string) *Keys {
	t.Helper()
	must := func(b []byte, err error) []byte {
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	e, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	m := &Keys{RSA: r, PKCS8: must(x509.MarshalPKCS8PrivateKey(r)), PKCS1: x509.MarshalPKCS1PrivateKey(r), SEC1: must(x509.MarshalECPrivateKey(e)),
		Ed: must(x509.MarshalPKCS8PrivateKey(ed)), Public: must(x509.MarshalPKIXPublicKey(&r.PublicKey))}
	m.PEM = string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: m.PKCS8}))
	block, _ := pem.Decode(must(os.ReadFile(filepath.Join(folder, "example", "leaf.pem"))))
	m.Cert = block.Bytes
	m.PFX = must(os.ReadFile(filepath.Join(folder, "pfx", "modern-without-root.pfx")))
	return m
}

// LE returns numbers of four octets, little-endian.
func LE(numbers ...uint32) (b []byte) {
	for _, n := range numbers {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	return b
}

// BE returns numbers of four octets, big-endian.
func BE(numbers ...uint32) (b []byte) {
	for _, n := range numbers {
		b = binary.BigEndian.AppendUint32(b, n)
	}
	return b
}

// Text returns a text as Java writes it.
func Text(s string) (b []byte) {
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(s))), s...)
}

// UTF16 returns a text in UTF-16, little-endian.
func UTF16(s string) (b []byte) {
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// Dump writes octets as programs that show them do.
func Dump(data []byte, place, pair, after string) string {
	var b strings.Builder
	for i := 0; i < len(data); i += 16 {
		line := data[i:min(i+16, len(data))]
		if place != "" {
			fmt.Fprintf(&b, place, i)
		}
		for j, o := range line {
			fmt.Fprintf(&b, "%02x", o)
			if pair != "" && (pair != "xxd" || j%2 == 1) && j < len(line)-1 {
				b.WriteString(" ")
			}
		}
		b.WriteString(after + "\n")
	}
	return b.String()
}

// JWK returns a JSON Web Key.
func (m *Keys) JWK() map[string]any {
	u := base64.RawURLEncoding.EncodeToString
	return map[string]any{"kty": "RSA", "n": u(m.RSA.N.Bytes()), "e": "AQAB", "kid": "1", "oth": []any{}, "d": u(m.RSA.D.Bytes()), "p": u(m.RSA.Primes[0].Bytes())}
}

// PGP returns a packet of OpenPGP.
func (m *Keys) PGP(tag byte) []byte {
	body := append([]byte{4, 0x60, 0, 0, 0, 1}, 0x08, 0x00)
	body = append(body, m.RSA.N.Bytes()...)
	body = append(body, 0, 17, 1, 0, 1, 0)
	body = append(body, m.RSA.D.Bytes()...)
	return append(binary.BigEndian.AppendUint16([]byte{0x80 | tag<<2 | 1}, uint16(len(body))), body...)
}

// Store makes a store of one certificate with a property.
func Store(t testing.TB, m *Keys, id sst.PropID, value []byte) []byte {
	t.Helper()
	s := &sst.Store{Elements: []sst.Element{{Kind: sst.Certificate, Raw: m.Cert, Properties: []sst.Property{{ID: id, Value: value}}}}}
	data, err := s.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// element makes a store of a certificate and another element.
func element(t testing.TB, kind sst.Kind, raw []byte) []byte {
	t.Helper()
	s := &sst.Store{Elements: []sst.Element{{Kind: kind, Raw: raw}}}
	data, err := s.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

const profile = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string><key>PayloadVersion</key><integer>1</integer><key>PayloadIdentifier</key><string>example</string><key>PayloadUUID</key><string>00000000-0000-4000-8000-000000000000</string><key>PayloadContent</key><array><dict><key>PayloadType</key><string>com.apple.security.pkcs12</string><key>PayloadVersion</key><integer>1</integer><key>PayloadIdentifier</key><string>example.pfx</string><key>PayloadUUID</key><string>00000000-0000-4000-8000-000000000001</string><key>PayloadContent</key><data>`

// Files returns files with a private key, by the name of the form. In those whose
// name begins with "may: " nobody can see whether there is one.
func Files(t testing.TB, m *Keys) map[string][]byte {
	t.Helper()
	b64, url := base64.StdEncoding.EncodeToString, base64.RawURLEncoding.EncodeToString
	body := strings.TrimSpace(strings.TrimPrefix(m.PEM, "-----BEGIN PRIVATE KEY-----"))
	body = strings.TrimSpace(strings.TrimSuffix(body, "-----END PRIVATE KEY-----"))
	label := func(s string) []byte { return []byte(s + "\n" + body + "\n") }
	set, err := json.Marshal(map[string]any{"keys": []any{map[string]any{"kty": "EC", "crv": "P-256", "x": "AAAA"}, m.JWK()}})
	if err != nil {
		t.Fatal(err)
	}
	one, _ := json.MarshalIndent(m.JWK(), "", "  ")
	secret, _ := json.Marshal(map[string]any{"data": map[string]string{"tls.crt": "", "tls.key": b64([]byte(m.PEM))}})
	numbers, _ := json.Marshal(func() (n []int) {
		for _, o := range m.PKCS8 {
			n = append(n, int(o))
		}
		return n
	}())
	n, p1, p2, d := m.RSA.N.Bytes(), m.RSA.Primes[0].Bytes(), m.RSA.Primes[1].Bytes(), m.RSA.D.Bytes()
	blob := slices.Concat([]byte("\x07\x02\x00\x00\x00\xA4\x00\x00RSA2"), LE(2048, 65537), n, p1, p2, d)
	var colons strings.Builder
	for i, o := range m.PKCS8 {
		if i > 0 {
			colons.WriteByte(':')
		}
		fmt.Fprintf(&colons, "%02X", o)
	}
	var numbersText strings.Builder
	numbersText.WriteString("Private-Key: (2048 bit)\npublicExponent: 65537 (0x10001)\nprivateExponent:")
	for i, o := range d {
		if i%15 == 0 {
			numbersText.WriteString("\n    ")
		}
		fmt.Fprintf(&numbersText, "%02x:", o)
	}
	certEntry := func() []byte {
		return slices.Concat(BE(2), Text("ca"), make([]byte, 8), Text("X.509"), BE(uint32(len(m.Cert))), m.Cert)
	}
	bcfks, err := asn1.Marshal([]any{[]any{[]any{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}, []any{}}, make([]byte, 64)}, []any{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}, make([]byte, 32)}})
	if err != nil {
		t.Fatal(err)
	}
	der := m.PKCS8
	files := map[string][]byte{
		"pvk":                    slices.Concat(LE(0xB0B5F11E, 0, 1, 0, 0, uint32(len(blob))), blob),
		"privatekeyblob":         blob,
		"cng rsa":                slices.Concat([]byte("RSA3"), LE(2048, 3, 256, 128, 128), []byte{1, 0, 1}, n, p1, p2),
		"cng ecdsa":              slices.Concat([]byte("ECS2"), LE(32), make([]byte, 96)),
		"cng ecdh":               slices.Concat([]byte("ECK4"), LE(48), make([]byte, 144)),
		"cng dsa":                slices.Concat([]byte("DSPV"), LE(128), make([]byte, 44+3*128+20)),
		"ppk":                    []byte("PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: none\r\nComment: t\r\nPublic-Lines: 1\r\n" + b64(make([]byte, 48)) + "\r\nPrivate-Lines: 1\r\n" + b64(n[:36]) + "\r\nPrivate-MAC: 00\r\n"),
		"ssh2":                   label("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: \"t\""),
		"pgp":                    m.PGP(5),
		"pgp subkey":             m.PGP(7),
		"pgp armour":             []byte("-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: x\n\n" + b64(m.PGP(5)) + "\n=AAAA\n-----END PGP PRIVATE KEY BLOCK-----\n"),
		"gnupg":                  []byte("(11:private-key(3:rsa(1:n257:" + string(n) + ")))"),
		"jwk":                    one,
		"jwk set":                set,
		"jwk in text":            []byte(strings.ReplaceAll(fmt.Sprintf("key = %q", one), `\n`, "")),
		"xml":                    []byte("<RSAKeyValue><Modulus>" + b64(n) + "</Modulus><Exponent>AQAB</Exponent><P>" + b64(p1) + "</P><D>" + b64(d) + "</D></RSAKeyValue>"),
		"openssl -text":          []byte(numbersText.String()),
		"base64 of pem":          []byte(b64([]byte(m.PEM))),
		"base64 of base64":       []byte(b64([]byte(b64(der)))),
		"base64url":              []byte(url(der)),
		"base64url ed25519":      []byte(url(m.Ed)),
		"base64 pkcs1":           []byte(b64(m.PKCS1)),
		"base64 ec":              []byte("key=" + b64(m.SEC1)),
		"hex":                    []byte(hex.EncodeToString(der)),
		"hex with colons":        []byte(colons.String()),
		"hex of c":               []byte("unsigned char k[] = {" + strings.ReplaceAll("0x"+colons.String(), ":", ", 0x") + "};"),
		"xxd":                    []byte(Dump(der, "%08x: ", "xxd", "  0....0..be ef..")),
		"certutil -encodehex":    []byte(Dump(der, "%04x\t", " ", "   0....0..*.H....")),
		"encodehex without":      []byte(Dump(der, "", " ", "   0....0..*.H....")),
		"hexdump -C":             []byte(Dump(der, "%08x  ", " ", "  |0....0..|")),
		"numbers":                numbers,
		"json secret":            secret,
		"yaml secret":            []byte("kind: Secret\ndata:\n  tls.crt: " + b64([]byte("-----BEGIN CERTIFICATE-----\n"+b64(m.Cert)+"\n-----END CERTIFICATE-----\n")) + "\n  tls.key: " + b64([]byte(m.PEM)) + "\n"),
		"label with a blank":     label("-----BEGIN PRIVATE KEY ----- "),
		"label with nbsp":        label("-----BEGIN\u00A0PRIVATE KEY\u00A0-----"),
		"label in lower case":    label("-----begin private key-----"),
		"label with few dashes":  label("---BEGIN RSA PRIVATE KEY---"),
		"label without dashes":   label("BEGIN PRIVATE KEY"),
		"label with em dashes":   label("\u2014\u2014BEGIN PRIVATE KEY\u2014\u2014"),
		"label too long":         label("-----BEGIN " + strings.Repeat("VERY ", 14) + "LONG PRIVATE KEY-----"),
		"label of a certificate": []byte(strings.ReplaceAll(m.PEM, "PRIVATE KEY", "CERTIFICATE REQUEST")),
		"jks":                    slices.Concat(BE(0xFEEDFEED, 2, 2), certEntry(), BE(1), Text("k"), make([]byte, 8), BE(4), make([]byte, 64)),
		"jceks":                  slices.Concat(BE(0xCECECECE, 2, 1), BE(1), Text("k"), make([]byte, 8), BE(4), make([]byte, 64)),
		"bks":                    slices.Concat(BE(2, 20), make([]byte, 20), BE(1024), []byte{4}, Text("k"), make([]byte, 8), BE(1), Text("X.509"), BE(uint32(len(m.Cert))), m.Cert, BE(64), make([]byte, 64)),
		"certificate then key":   slices.Concat(m.Cert, der),
		"key with more behind":   slices.Concat(der, []byte("\r\n\x00more")),
		"property":               Store(t, m, sst.PropFriendlyName, der),
		"property of ec":         Store(t, m, 0x7F00, slices.Concat([]byte{1, 2, 3}, m.SEC1)),
		"friendly name base64":   Store(t, m, sst.PropFriendlyName, UTF16(b64(der)+"\x00")),
		"utf-16 of base64url":    append([]byte{0xFF, 0xFE}, UTF16(url(der))...),
		"utf-16 of jwk":          UTF16(string(one)),
		"utf-16 of xxd":          UTF16(Dump(der, "%08x: ", "xxd", "  0....")),
		"after a long text":      []byte(strings.Repeat("not a key at all\n", 100_000) + b64([]byte(m.PEM))),
		"pem":                    []byte(m.PEM),
		"pem with cr":            []byte(strings.ReplaceAll(m.PEM, "\n", "\r")),
		"pem in one line":        []byte(strings.ReplaceAll(m.PEM, "\n", " ")),
		"pem in a mail":          []byte("> " + strings.ReplaceAll(m.PEM, "\n", "\n> ")),
		"pem in html":            []byte("<pre>" + strings.ReplaceAll(m.PEM, "\n", "<br>\n") + "</pre>"),
		"pem in a form":          []byte("key=" + urlpkg.QueryEscape(m.PEM)),
		"pem without an end":     []byte(m.PEM[:len(m.PEM)/2]),
		"pem in utf-16":          UTF16(m.PEM),
		"pem in the middle":      []byte(strings.Repeat("x\n", 1<<20) + m.PEM + strings.Repeat("y\n", 1<<19)),
		"der":                    der,
		"der ec":                 m.SEC1,
		"der ed25519":            m.Ed,
		"jwk okp":                []byte(`{"kty":"OKP","crv":"Ed25519","d":"` + url(n[:32]) + `"}`),
		"gnupg 2.3":              []byte("Created: 20260101T000000\nKey: (private-key (rsa (n #" + hex.EncodeToString(n) + "#)(e #010001#)(d #" + hex.EncodeToString(d) + "#)))\n"),
		"bind":                   []byte("Private-key-format: v1.3\nAlgorithm: 8 (RSASHA256)\nModulus: " + b64(n) + "\nPrivateExponent: " + b64(d) + "\n"),
		"certtool":               []byte(strings.Replace(numbersText.String(), "privateExponent:", "private exponent:", 1)),
		"c escapes":              []byte(strings.ReplaceAll(`\x`+colons.String(), ":", `\x`)),
		"base64 with escapes":    []byte(`{"k":"` + strings.ReplaceAll(b64(der), "/", `\/`) + `"}`),
		"base64 after an escape": []byte(`{"k":"\n` + b64(der) + `"}`),
		"crl element":            element(t, sst.CRL, slices.Concat([]byte{0x30, 0x82, 0, 4}, m.SEC1)),
		"ctl element":            element(t, sst.CTL, slices.Concat([]byte{0x30, 0x82, 0, 4}, der)),
		"registry export":        []byte("Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\x]\r\n\"k\"=hex:" + strings.ReplaceAll(colons.String(), ":", ",") + "\r\n"),
		"may: uber":              slices.Concat(BE(1, 20), make([]byte, 20), BE(1024), n[:64]),
		"pfx in json":            []byte(`{"pfx":"` + b64(m.PFX) + `"}`),
		"pfx in a profile":       []byte(profile + b64(m.PFX) + "</data></dict></array></dict></plist>"),
		"may: bcfks":             bcfks,
		"may: jks cut short":     slices.Concat(BE(0xFEEDFEED, 2, 2), certEntry()),
		"may: dpapi":             append([]byte("\x01\x00\x00\x00\xD0\x8C\x9D\xDF\x01\x15\xD1\x11\x8C\x7A\x00\xC0\x4F\xC2\x97\xEB"), make([]byte, 200)...),
		"may: key4.db":           []byte("SQLite format 3\x00" + strings.Repeat("\x00", 100) + "CREATE TABLE nssPrivate (id PRIMARY KEY)"),
	}
	return files
}
