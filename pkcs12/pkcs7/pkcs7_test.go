package pkcs7

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/testdata/outside"
)

func testKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), append(make([]byte, 31), 9))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// testCert returns the same self-signed certificate every time.
func testCert(t testing.TB, name string) *x509.Certificate {
	t.Helper()
	key := testKey(t)
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:              time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func testCRL(t testing.TB, issuer *x509.Certificate) []byte {
	t.Helper()
	der, err := x509.CreateRevocationList(nil, &x509.RevocationList{
		Number:     big.NewInt(1),
		ThisUpdate: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		NextUpdate: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC),
	}, issuer, testKey(t))
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func testMessage(t testing.TB) *SignedData {
	t.Helper()
	a, b := testCert(t, "Example A"), testCert(t, "Example B")
	m := New(chain.FromX509(a), chain.FromX509(b))
	m.CRLs = []CRL{ParseCRL(testCRL(t, a))}
	return m
}

func marshal(t testing.TB, m *SignedData) []byte {
	t.Helper()
	der, err := m.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// What is written is read back, and does not depend on the order.
func TestRoundTrip(t *testing.T) {
	m := testMessage(t)
	der := marshal(t, m)
	got, err := Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	if got.Encoding != encodingDER || got.Armor != Binary || got.ContentType != oidData || got.Signers != 0 || got.Trailing != 0 {
		t.Errorf("%+v", got)
	}
	if len(got.Certificates) != 2 || len(got.CRLs) != 1 || len(got.Other) != 0 {
		t.Fatalf("%d certificates, %d CRLs", len(got.Certificates), len(got.CRLs))
	}
	for _, c := range m.Certificates {
		if !slices.ContainsFunc(got.Certificates, func(g *chain.Certificate) bool { return bytes.Equal(g.Raw, c.Raw) && g.Err() == nil }) {
			t.Error("a certificate is missing")
		}
	}
	if got.CRLs[0].List == nil || !bytes.Equal(got.CRLs[0].Raw, m.CRLs[0].Raw) {
		t.Error("the CRL is missing")
	}
	slices.Reverse(m.Certificates)
	if !bytes.Equal(marshal(t, m), der) || !bytes.Equal(marshal(t, got), der) {
		t.Error("the order of the certificates changes the message")
	}
	empty, err := Parse(marshal(t, New()))
	if err != nil || len(empty.Certificates) != 0 {
		t.Errorf("no certificates: %v", err)
	}
}

func TestArmor(t *testing.T) {
	m := testMessage(t)
	der := marshal(t, m)
	text, err := m.MarshalPEM()
	if err != nil {
		t.Fatal(err)
	}
	plain := base64.StdEncoding.EncodeToString(der)
	var lines strings.Builder
	for c := range slices.Chunk([]byte(plain), 64) {
		fmt.Fprintf(&lines, "%s\r\n", c)
	}
	cert := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: m.Certificates[0].Raw}))
	tests := []struct {
		name, input string
		armor       Armor
	}{
		{"PEM", string(text), PEM},
		{"PEM with CRLF", strings.ReplaceAll(string(text), "\n", "\r\n"), PEM},
		{"CMS", strings.ReplaceAll(string(text), "PKCS7", "CMS"), PEM},
		{"wrong label", strings.ReplaceAll(string(text), "PKCS7", "CERTIFICATE"), PEM},
		{"after a certificate", cert + string(text), PEM},
		{"base64", plain, Base64},
		{"base64 in lines", lines.String(), Base64},
		{"base64 with a byte order mark", "\xef\xbb\xbf" + plain, Base64},
		{"binary", string(der), Binary},
	}
	for _, test := range tests {
		got, err := Parse([]byte(test.input))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if got.Armor != test.armor || len(got.Certificates) != 2 {
			t.Errorf("%s: %v, %d certificates", test.name, got.Armor, len(got.Certificates))
		}
	}
}

// indefinite rewrites a message with indefinite lengths for the four outer elements.
func indefinite(t testing.TB, der []byte) []byte {
	t.Helper()
	body := func(b []byte) []byte { // without the header
		switch b[1] {
		case 0x82:
			return b[4:]
		case 0x81:
			return b[3:]
		default:
			return b[2:]
		}
	}
	content := body(der)
	oid, explicit := content[:11], content[11:]
	signed := body(body(explicit))
	out := slices.Concat([]byte{0x30, 0x80}, oid, []byte{0xa0, 0x80, 0x30, 0x80}, signed, []byte{0, 0, 0, 0, 0, 0})
	return out
}

func TestBER(t *testing.T) {
	der := marshal(t, testMessage(t))
	m, err := Parse(indefinite(t, der))
	if err != nil {
		t.Fatal(err)
	}
	if m.Encoding != BER || len(m.Certificates) != 2 || len(m.CRLs) != 1 {
		t.Errorf("%v, %d certificates", m.Encoding, len(m.Certificates))
	}
	if !bytes.Equal(marshal(t, m), der) {
		t.Error("not the same message in DER")
	}
}

// A certificate that cannot be read is kept, with the reason.
func TestUnreadableCertificate(t *testing.T) {
	raw := []byte{0x30, 0x03, 0x02, 0x01, 0x00}
	m, err := Parse(marshal(t, &SignedData{Certificates: []*chain.Certificate{{Raw: raw}}}))
	if err != nil {
		t.Fatal(err)
	}
	c := m.Certificates[0]
	if !bytes.Equal(c.Raw, raw) || c.Err() == nil {
		t.Errorf("%+v", c)
	}
}

func TestMarshalErrors(t *testing.T) {
	for _, raw := range []string{"", "\x30", "\x30\x01", "\x02\x01\x00", "\x30\x00\x00"} {
		if out, err := (&SignedData{Certificates: []*chain.Certificate{{Raw: []byte(raw)}}}).Marshal(); err == nil || out != nil {
			t.Errorf("certificate %x was written", raw)
		}
		if out, err := (&SignedData{CRLs: []CRL{{Raw: []byte(raw)}}}).MarshalPEM(); err == nil || out != nil {
			t.Errorf("CRL %x was written", raw)
		}
	}
}

func TestParseErrors(t *testing.T) {
	der := marshal(t, testMessage(t))
	enveloped := bytes.Clone(der)
	enveloped[14] = 3 // the last number of the content type
	var unsupported *ContentTypeError
	if m, err := Parse(enveloped); m != nil || !errors.As(err, &unsupported) || unsupported.ContentType != "1.2.840.113549.1.7.3" {
		t.Errorf("EnvelopedData: %v, %v", m, err)
	}
	inputs := map[string][]byte{
		"nothing":       nil,
		"text":          []byte("hello, world"),
		"a certificate": testCert(t, "Example").Raw,
		"other PEM":     pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: testCert(t, "Example").Raw}),
		"broken base64": []byte("MIIDAAAAA*AAAA"),
	}
	for n := 0; n < len(der); n += 13 {
		inputs[fmt.Sprintf("%d octets", n)] = der[:n]
	}
	for name, input := range inputs {
		m, err := Parse(input)
		var format *FormatError
		if m != nil || !errors.As(err, &format) {
			t.Errorf("%s: %v, %v", name, m, err)
		}
	}
	m, err := Parse(append(bytes.Clone(der), "\r\n"...))
	if err != nil || m.Trailing != 2 {
		t.Errorf("with a line ending: %v", err)
	}
}

func TestNames(t *testing.T) {
	for s, want := range map[fmt.Stringer]string{
		encodingDER: "DER", BER: "BER", Encoding(7): "Encoding(7)", Binary: "binary", PEM: "PEM", Base64: "base64", Hex: "hexadecimal digits", Armor(7): "Armor(7)",
	} {
		if s.String() != want {
			t.Errorf("%q, want %q", s.String(), want)
		}
	}
}

func TestCorpus(t *testing.T) {
	m, err := Parse(outside.Read(t, "pfx", "bad-p7b.p12"))
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Certificates) != 2 || m.Certificates[0].Err() != nil || m.Signers != 0 {
		t.Errorf("%+v", m)
	}
}

// OpenSSL reads what is written here, and the reverse; signatures count.
func TestOpenSSL(t *testing.T) {
	outside.Program(t, "openssl", "openssl")
	dir := t.TempDir()
	openssl := func(args ...string) string {
		t.Helper()
		cmd := exec.Command("openssl", args...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	write := func(name string, data []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	read := func(name string) *SignedData {
		t.Helper()
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		m, err := Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	m := testMessage(t)
	write("out.p7b", marshal(t, m))
	out := openssl("pkcs7", "-inform", "DER", "-in", "out.p7b", "-print_certs")
	if strings.Count(out, "BEGIN CERTIFICATE") != 2 || strings.Count(out, "BEGIN X509 CRL") != 1 {
		t.Errorf("openssl found\n%s", out)
	}

	pkcs8, err := x509.MarshalPKCS8PrivateKey(testKey(t))
	if err != nil {
		t.Fatal(err)
	}
	write("key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}))
	write("cert.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: m.Certificates[0].Raw}))
	write("text", []byte("signed"))
	openssl("crl2pkcs7", "-nocrl", "-certfile", "cert.pem", "-out", "in.p7b")
	if got := read("in.p7b"); got.Armor != PEM || len(got.Certificates) != 1 {
		t.Errorf("certificates-only: %+v", got)
	}
	openssl("cms", "-sign", "-binary", "-in", "text", "-signer", "cert.pem", "-inkey", "key.pem", "-outform", "DER", "-out", "detached.p7s")
	openssl("cms", "-sign", "-binary", "-nodetach", "-stream", "-in", "text", "-signer", "cert.pem", "-inkey", "key.pem", "-outform", "DER", "-out", "stream.p7m")
	for name, encoding := range map[string]Encoding{"detached.p7s": encodingDER, "stream.p7m": BER} {
		got := read(name)
		if got.Signers != 1 || len(got.Certificates) != 1 || got.Encoding != encoding {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func fuzzSeeds(f *testing.F) [][]byte {
	m := testMessage(f)
	der := marshal(f, m)
	text, err := m.MarshalPEM()
	if err != nil {
		f.Fatal(err)
	}
	seeds := [][]byte{
		der, indefinite(f, der), text, []byte(base64.StdEncoding.EncodeToString(der)), marshal(f, New()), der[:len(der)/2], nil,
	}
	if len(seeds) != 7 {
		f.Fatalf("%d seeds", len(seeds))
	}
	return seeds
}

// FuzzParse: an error has one of the two types and no result, the input does not
// change, and what was read can be written and read again.
func FuzzParse(f *testing.F) {
	for _, s := range fuzzSeeds(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		input := bytes.Clone(data)
		m, err := Parse(data)
		if err == nil {
			if _, err := m.Verify(context.Background(), func(w io.Writer) error { _, err := w.Write(data[:min(len(data), 10)]); return err }, nil); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(input, data) {
			t.Error("the input was changed")
		}
		var format *FormatError
		var unsupported *ContentTypeError
		if err != nil {
			if m != nil || !errors.As(err, &format) && !errors.As(err, &unsupported) {
				t.Fatalf("error of type %T", err)
			}
			return
		}
		der, err := m.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(der)
		if err != nil {
			t.Fatal(err)
		}
		if len(again.Certificates) != len(m.Certificates) || len(again.CRLs) != len(m.CRLs) {
			t.Fatal("not the same after writing")
		}
	})
}

// FuzzEncrypted: an error has one of the types and no result, and what is told of
// recipients and compressed data is bounded.
func FuzzEncrypted(f *testing.F) {
	seeds := []string{
		"3034060a2a864886f70d0107030000a026", // cut
		"3081a106092a864886f70d010703a08193308190020100313c303a02010030133000020101300d06092a864886f70d01010105000420" + strings.Repeat("00", 32) + "304d06092a864886f70d010701301d060960864801650304012a0410" + strings.Repeat("00", 16) + "8021" + strings.Repeat("00", 33),
		"305c060b2a864886f70d0109100109a04d304b020100300d060b2a864886f70d01091003083037" + "06092a864886f70d010701a02a0428789c" + strings.Repeat("00", 38),
		"",
	}
	for _, s := range seeds {
		b, err := hex.DecodeString(s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	if len(seeds) != 4 {
		f.Fatal(len(seeds))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var format *FormatError
		var unsupported *ContentTypeError
		e, err := ParseEncrypted(data)
		if (e == nil) != (err != nil) || err != nil && !errors.As(err, &format) && !errors.As(err, &unsupported) {
			t.Fatalf("%v and an error of type %T", e, err)
		}
		if e != nil {
			_ = e.CipherName()
			for i := range e.Recipients {
				_, _ = e.Recipients[i].AlgorithmName(), e.Recipients[i].String()
			}
		}
		const limit = 1 << 16
		out, err := Decompress(data, limit)
		if len(out) > limit || err != nil && (out != nil || !errors.As(err, &format) && !errors.As(err, &unsupported) && !errors.Is(err, ErrTooLarge)) {
			t.Fatalf("%d octets and an error of type %T", len(out), err)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	var certs []*chain.Certificate
	for i := range 100 {
		certs = append(certs, chain.FromX509(testCert(b, fmt.Sprintf("Example %d", i))))
	}
	der := marshal(b, New(certs...))
	b.SetBytes(int64(len(der)))
	for b.Loop() {
		if _, err := Parse(der); err != nil {
			b.Fatal(err)
		}
	}
}
