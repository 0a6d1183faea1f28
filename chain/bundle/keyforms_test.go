package bundle_test

import (
	"bytes"
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
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/sst"
)

// made is a key in every structure that the tests wrap.
type made struct {
	rsa                            *rsa.PrivateKey
	pkcs8, pkcs1, sec1, ed, public []byte
	pem                            string
	cert                           []byte
}

func makeKeys(t *testing.T) *made {
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
	m := &made{rsa: r, pkcs8: must(x509.MarshalPKCS8PrivateKey(r)), pkcs1: x509.MarshalPKCS1PrivateKey(r), sec1: must(x509.MarshalECPrivateKey(e)),
		ed: must(x509.MarshalPKCS8PrivateKey(ed)), public: must(x509.MarshalPKIXPublicKey(&r.PublicKey))}
	m.pem = string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: m.pkcs8}))
	block, _ := pem.Decode(must(os.ReadFile(filepath.Join(testdata, "example", "leaf.pem"))))
	m.cert = block.Bytes
	return m
}

func le(numbers ...uint32) (b []byte) {
	for _, n := range numbers {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	return b
}

func be(numbers ...uint32) (b []byte) {
	for _, n := range numbers {
		b = binary.BigEndian.AppendUint32(b, n)
	}
	return b
}

func utf(s string) (b []byte) {
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(s))), s...)
}

func wideKey(s string) (b []byte) {
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// dump writes octets as programs that show them do.
func dump(data []byte, place, pair, after string) string {
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

func (m *made) jwk() map[string]any {
	u := base64.RawURLEncoding.EncodeToString
	return map[string]any{"kty": "RSA", "n": u(m.rsa.N.Bytes()), "e": "AQAB", "kid": "1", "oth": []any{}, "d": u(m.rsa.D.Bytes()), "p": u(m.rsa.Primes[0].Bytes())}
}

func (m *made) pgp(tag byte) []byte {
	body := append([]byte{4, 0x60, 0, 0, 0, 1}, 0x08, 0x00)
	body = append(body, m.rsa.N.Bytes()...)
	body = append(body, 0, 17, 1, 0, 1, 0)
	body = append(body, m.rsa.D.Bytes()...)
	return append(binary.BigEndian.AppendUint16([]byte{0x80 | tag<<2 | 1}, uint16(len(body))), body...)
}

// store makes a store of one certificate with a property.
func store(t *testing.T, m *made, id sst.PropID, value []byte) []byte {
	t.Helper()
	s := &sst.Store{Elements: []sst.Element{{Kind: sst.Certificate, Raw: m.cert, Properties: []sst.Property{{ID: id, Value: value}}}}}
	data, err := s.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// keyFiles returns files with a private key, by the name of the form.
func keyFiles(t *testing.T, m *made) map[string][]byte {
	t.Helper()
	b64, url := base64.StdEncoding.EncodeToString, base64.RawURLEncoding.EncodeToString
	body := strings.TrimSpace(strings.TrimPrefix(m.pem, "-----BEGIN PRIVATE KEY-----"))
	body = strings.TrimSpace(strings.TrimSuffix(body, "-----END PRIVATE KEY-----"))
	label := func(s string) []byte { return []byte(s + "\n" + body + "\n") }
	set, err := json.Marshal(map[string]any{"keys": []any{map[string]any{"kty": "EC", "crv": "P-256", "x": "AAAA"}, m.jwk()}})
	if err != nil {
		t.Fatal(err)
	}
	one, _ := json.MarshalIndent(m.jwk(), "", "  ")
	secret, _ := json.Marshal(map[string]any{"data": map[string]string{"tls.crt": "", "tls.key": b64([]byte(m.pem))}})
	numbers, _ := json.Marshal(func() (n []int) {
		for _, o := range m.pkcs8 {
			n = append(n, int(o))
		}
		return n
	}())
	n, p1, p2, d := m.rsa.N.Bytes(), m.rsa.Primes[0].Bytes(), m.rsa.Primes[1].Bytes(), m.rsa.D.Bytes()
	blob := slices.Concat([]byte("\x07\x02\x00\x00\x00\xA4\x00\x00RSA2"), le(2048, 65537), n, p1, p2, d)
	var colons strings.Builder
	for i, o := range m.pkcs8 {
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
		return slices.Concat(be(2), utf("ca"), make([]byte, 8), utf("X.509"), be(uint32(len(m.cert))), m.cert)
	}
	bcfks, err := asn1.Marshal([]any{[]any{[]any{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}, []any{}}, make([]byte, 64)}, []any{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}, make([]byte, 32)}})
	if err != nil {
		t.Fatal(err)
	}
	der := m.pkcs8
	files := map[string][]byte{
		"pvk":                    slices.Concat(le(0xB0B5F11E, 0, 1, 0, 0, uint32(len(blob))), blob),
		"privatekeyblob":         blob,
		"cng rsa":                slices.Concat([]byte("RSA3"), le(2048, 3, 256, 128, 128), []byte{1, 0, 1}, n, p1, p2),
		"cng ecdsa":              slices.Concat([]byte("ECS2"), le(32), make([]byte, 96)),
		"cng ecdh":               slices.Concat([]byte("ECK4"), le(48), make([]byte, 144)),
		"cng dsa":                slices.Concat([]byte("DSPV"), le(128), make([]byte, 44+3*128+20)),
		"ppk":                    []byte("PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: none\r\nComment: t\r\nPublic-Lines: 1\r\n" + b64(make([]byte, 48)) + "\r\nPrivate-Lines: 1\r\n" + b64(n[:36]) + "\r\nPrivate-MAC: 00\r\n"),
		"ssh2":                   label("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: \"t\""),
		"pgp":                    m.pgp(5),
		"pgp subkey":             m.pgp(7),
		"pgp armour":             []byte("-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: x\n\n" + b64(m.pgp(5)) + "\n=AAAA\n-----END PGP PRIVATE KEY BLOCK-----\n"),
		"gnupg":                  []byte("(11:private-key(3:rsa(1:n257:" + string(n) + ")))"),
		"jwk":                    one,
		"jwk set":                set,
		"jwk in text":            []byte(strings.ReplaceAll(fmt.Sprintf("key = %q", one), `\n`, "")),
		"xml":                    []byte("<RSAKeyValue><Modulus>" + b64(n) + "</Modulus><Exponent>AQAB</Exponent><P>" + b64(p1) + "</P><D>" + b64(d) + "</D></RSAKeyValue>"),
		"openssl -text":          []byte(numbersText.String()),
		"base64 of pem":          []byte(b64([]byte(m.pem))),
		"base64 of base64":       []byte(b64([]byte(b64(der)))),
		"base64url":              []byte(url(der)),
		"base64url ed25519":      []byte(url(m.ed)),
		"base64 pkcs1":           []byte(b64(m.pkcs1)),
		"base64 ec":              []byte("key=" + b64(m.sec1)),
		"hex":                    []byte(hex.EncodeToString(der)),
		"hex with colons":        []byte(colons.String()),
		"hex of c":               []byte("unsigned char k[] = {" + strings.ReplaceAll("0x"+colons.String(), ":", ", 0x") + "};"),
		"xxd":                    []byte(dump(der, "%08x: ", "xxd", "  0....0..be ef..")),
		"certutil -encodehex":    []byte(dump(der, "%04x\t", " ", "   0....0..*.H....")),
		"encodehex without":      []byte(dump(der, "", " ", "   0....0..*.H....")),
		"hexdump -C":             []byte(dump(der, "%08x  ", " ", "  |0....0..|")),
		"numbers":                numbers,
		"json secret":            secret,
		"yaml secret":            []byte("kind: Secret\ndata:\n  tls.crt: " + b64([]byte("-----BEGIN CERTIFICATE-----\n"+b64(m.cert)+"\n-----END CERTIFICATE-----\n")) + "\n  tls.key: " + b64([]byte(m.pem)) + "\n"),
		"label with a blank":     label("-----BEGIN PRIVATE KEY ----- "),
		"label with nbsp":        label("-----BEGIN\u00A0PRIVATE KEY\u00A0-----"),
		"label in lower case":    label("-----begin private key-----"),
		"label with few dashes":  label("---BEGIN RSA PRIVATE KEY---"),
		"label without dashes":   label("BEGIN PRIVATE KEY"),
		"label with em dashes":   label("\u2014\u2014BEGIN PRIVATE KEY\u2014\u2014"),
		"label too long":         label("-----BEGIN " + strings.Repeat("VERY ", 14) + "LONG PRIVATE KEY-----"),
		"label of a certificate": []byte(strings.ReplaceAll(m.pem, "PRIVATE KEY", "CERTIFICATE REQUEST")),
		"jks":                    slices.Concat(be(0xFEEDFEED, 2, 2), certEntry(), be(1), utf("k"), make([]byte, 8), be(4), make([]byte, 64)),
		"jceks":                  slices.Concat(be(0xCECECECE, 2, 1), be(1), utf("k"), make([]byte, 8), be(4), make([]byte, 64)),
		"bks":                    slices.Concat(be(2, 20), make([]byte, 20), be(1024), []byte{4}, utf("k"), make([]byte, 8), be(1), utf("X.509"), be(uint32(len(m.cert))), m.cert, be(64), make([]byte, 64)),
		"certificate then key":   slices.Concat(m.cert, der),
		"key with more behind":   slices.Concat(der, []byte("\r\n\x00more")),
		"property":               store(t, m, sst.PropFriendlyName, der),
		"property of ec":         store(t, m, 0x7F00, slices.Concat([]byte{1, 2, 3}, m.sec1)),
		"friendly name base64":   store(t, m, sst.PropFriendlyName, wideKey(b64(der)+"\x00")),
		"utf-16 of base64url":    append([]byte{0xFF, 0xFE}, wideKey(url(der))...),
		"utf-16 of jwk":          wideKey(string(one)),
		"utf-16 of xxd":          wideKey(dump(der, "%08x: ", "xxd", "  0....")),
		"after a long text":      []byte(strings.Repeat("not a key at all\n", 100_000) + b64([]byte(m.pem))),
		"may: bcfks":             bcfks,
		"may: jks cut short":     slices.Concat(be(0xFEEDFEED, 2, 2), certEntry()),
		"may: dpapi":             append([]byte("\x01\x00\x00\x00\xD0\x8C\x9D\xDF\x01\x15\xD1\x11\x8C\x7A\x00\xC0\x4F\xC2\x97\xEB"), make([]byte, 200)...),
		"may: key4.db":           []byte("SQLite format 3\x00" + strings.Repeat("\x00", 100) + "CREATE TABLE nssPrivate (id PRIMARY KEY)"),
	}
	return files
}

// TestKeyForms holds that a private key is found in each form, and said to be there,
// or that it may be.
func TestKeyForms(t *testing.T) {
	m := makeKeys(t)
	for name, data := range keyFiles(t, m) {
		t.Run(name, func(t *testing.T) { wantKey(t, name, data) })
	}
}

func wantKey(t *testing.T, name string, data []byte) {
	t.Helper()
	f, err := bundle.Parse("x", data)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Keys) == 0 {
		t.Fatalf("no key in a file of format %s", f.Format)
	}
	if doubt := strings.HasPrefix(name, "may: "); f.Keys[0].Doubtful != doubt {
		t.Errorf("found %v, want doubtful %v", f.Keys[0], doubt)
	}
	if f.Keys[0].Offset < 0 || f.Keys[0].Offset > int64(len(data)) {
		t.Errorf("offset %d of %d", f.Keys[0].Offset, len(data))
	}
}

// TestKeyFormsOfPrograms holds the same of what other programs write.
func TestKeyFormsOfPrograms(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct{ name, file, command string }{
		{"openssl rsa -text", "rsa.txt", "openssl genrsa -out rsa.pem 2048 && openssl rsa -in rsa.pem -text -noout -out rsa.txt"},
		{"openssl ec -text", "ec.txt", "openssl ecparam -name prime256v1 -genkey -noout -out ec.pem && openssl ec -in ec.pem -text -noout -out ec.txt"},
		{"openssl pkey -text", "ed.txt", "openssl genpkey -algorithm ed25519 -out ed.pem && openssl pkey -in ed.pem -text -noout -out ed.txt"},
		{"openssl blob", "k.blob", "openssl rsa -in rsa.pem -outform MSBLOB -out k.blob"},
		{"openssl dsa", "dsa.der", "openssl dsaparam -genkey -noout -out dsa.pem 1024 && openssl dsa -in dsa.pem -outform DER -out dsa.der"},
		{"ssh-keygen", "id", "ssh-keygen -q -t ed25519 -N '' -f id"},
		{"keytool JKS", "k.jks", "keytool -genkeypair -alias k -keyalg RSA -dname CN=k -storetype JKS -keystore k.jks -storepass changeit -keypass changeit"},
		{"keytool JCEKS", "k.jceks", "keytool -genkeypair -alias k -keyalg RSA -dname CN=k -storetype JCEKS -keystore k.jceks -storepass changeit -keypass changeit"},
		{"certtool", "c.txt", "certtool --generate-privkey --outfile c.pem && certtool -k --infile c.pem > c.out && sed '/BEGIN/,$d' c.out > c.txt"},
		{"gpg", "g.bin", "mkdir -m 700 g && gpg --homedir g --batch --passphrase '' --quick-gen-key k rsa2048 && gpg --homedir g --batch --export-secret-keys > g.bin"},
		{"gpg --armor", "g.asc", "gpg --homedir g --batch --armor --export-secret-keys > g.asc"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			program, _, _ := strings.Cut(tt.name, " ")
			if _, err := exec.LookPath(program); err != nil {
				t.Skipf("%s is not installed", program)
			}
			run := exec.Command("sh", "-c", tt.command)
			run.Dir = dir
			if out, err := run.CombinedOutput(); err != nil {
				t.Skipf("%s does not make this form: %v (%d octets of output)", program, err, len(out))
			}
			data, err := os.ReadFile(filepath.Join(dir, tt.file))
			if err != nil {
				t.Fatal(err)
			}
			wantKey(t, tt.name, data)
		})
	}
	exec.Command("gpgconf", "--homedir", filepath.Join(dir, "g"), "--kill", "all").Run()
}

// TestKeyLookalikes holds that what looks like a key and is none is not taken for
// one.
func TestKeyLookalikes(t *testing.T) {
	m := makeKeys(t)
	b64 := base64.StdEncoding.EncodeToString
	public := m.jwk()
	delete(public, "d")
	delete(public, "p")
	jwk, _ := json.Marshal(map[string]any{"keys": []any{public}, "data": map[string]string{"d": strings.Repeat("A", 40)}})
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, new(x509.CertificateRequest), edKey)
	if err != nil {
		t.Fatal(err)
	}
	oid := func(n ...int) asn1.ObjectIdentifier { return n }
	marshal := func(v any) []byte {
		b, err := asn1.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	digest := []any{[]any{oid(2, 16, 840, 1, 101, 3, 4, 2, 1)}, make([]byte, 32)}
	n := m.rsa.N
	for name, data := range map[string][]byte{
		"certificate":            m.cert,
		"certificates":           slices.Concat(m.cert, m.cert),
		"request":                csr,
		"public key":             m.public,
		"public key in base64":   []byte("key: " + b64(m.public)),
		"public key in hex":      []byte(hex.EncodeToString(m.public)),
		"public blob":            slices.Concat([]byte("\x06\x02\x00\x00\x00\xA4\x00\x00RSA1"), le(2048, 65537), n.Bytes()),
		"public cng blob":        slices.Concat([]byte("ECS1"), le(32), make([]byte, 64)),
		"public jwk":             jwk,
		"public xml":             []byte("<RSAKeyValue><Modulus>" + b64(n.Bytes()) + "</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>"),
		"public pgp":             m.pgp(6),
		"public ppk":             []byte("PuTTY-User-Key-File-3: ssh-rsa\nPublic-Lines: 1\nAAAA"),
		"public openssh":         []byte("ssh-ed25519 " + b64(make([]byte, 51)) + " someone"),
		"dh parameters":          marshal([]any{n, 2}),
		"dsa parameters":         marshal([]any{n, m.rsa.Primes[0], 2}),
		"ec parameters":          marshal([]any{1, []any{oid(1, 2, 840, 10045, 1, 1), n}, []any{make([]byte, 32), make([]byte, 32)}, make([]byte, 65), n, 1}),
		"time stamp request":     marshal([]any{1, digest, 5}),
		"encrypted data":         marshal([]any{0, []any{oid(1, 2, 840, 113549, 1, 7, 1), []any{oid(1, 2, 840, 113549, 1, 5, 13)}}}),
		"digest":                 marshal(digest),
		"trust store":            slices.Concat(be(0xFEEDFEED, 2, 1), be(2), utf("ca"), make([]byte, 8), utf("X.509"), be(uint32(len(m.cert))), m.cert, make([]byte, 20)),
		"words":                  []byte("Keep the private key secret. BEGIN PRIVATE KEY is how it begins, and a long line follows it in every such file of that kind."),
		"words of a program":     []byte("if strings.Contains(s, \"-----BEGIN RSA PRIVATE KEY \") { return errNoPrivateKeyHereAtAllPlease }"),
		"openpgp words":          []byte("<match value=\"-----BEGIN PGP PRIVATE KEY BLOCK-----\" type=\"string\" offset=\"0\"/>"),
		"public numbers":         []byte("Public-Key: (256 bit)\npub:\n    04:aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:\n"),
		"certificate in base64":  []byte(b64([]byte(b64(m.cert)))),
		"certificate in a store": store(t, m, sst.PropFriendlyName, wideKey("a friendly name of some length\x00")),
	} {
		t.Run(name, func(t *testing.T) {
			f, err := bundle.Parse("x", data)
			if err == nil && len(f.Keys) > 0 {
				t.Errorf("found %v", f.Keys)
			}
		})
	}
}

// FuzzKeyForms holds what is true of every input when keys are looked for, and that
// no octet of one is in what is said.
func FuzzKeyForms(f *testing.F) {
	for _, s := range []string{"-----BEGIN PRIVATE KEY ----- \nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ", `{"kty":"EC","d":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}`,
		"0000  30 82 04 bd 02 01 00 30  0d 06 09 2a 86 48 86 f7   0", "\xFE\xED\xFE\xED\x00\x00\x00\x02\x00\x00\x00\x01", "\xC5\x60\x04",
		"\x00\x00\x00\x02\x00\x00\x00\x14", "priv:\n    aa:bb:", "<RSAKeyValue><D>", "\x1E\xF1\xB5\xB0"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := fuzzParse(t, data)
		if file == nil {
			return
		}
		for _, k := range file.Keys {
			if k.Offset < 0 || k.Offset > 2*int64(len(data)) || bytes.Contains([]byte(k.String()), []byte("MII")) {
				t.Fatalf("%v", k)
			}
		}
	})
}
