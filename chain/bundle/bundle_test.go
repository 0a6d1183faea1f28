package bundle_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	"github.com/smimechain/smimechain/sst"
)

const testdata = "../../testdata"

func read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(testdata, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// certificate returns a certificate of the Example PKI.
func certificate(t testing.TB, name string) *x509.Certificate {
	t.Helper()
	block, _ := pem.Decode(read(t, "example/"+name+".pem"))
	if block == nil {
		t.Fatalf("%s holds no PEM block", name)
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// utf16Text encodes s as PowerShell 5.1 redirects it.
func utf16Text(s string, bigEndian, mark bool) []byte {
	var b []byte
	add := func(u uint16) {
		if bigEndian {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	if mark {
		add(0xFEFF)
	}
	for _, u := range utf16.Encode([]rune(s)) {
		add(u)
	}
	return b
}

func TestParse(t *testing.T) {
	issuing, root := certificate(t, "issuing-ca"), certificate(t, "root-self-signed")
	two := string(read(t, "example/issuing-ca.pem")) + "some text between\n" + string(read(t, "example/root-self-signed.pem"))
	p7b, err := pkcs7.New(chain.FromX509(issuing), chain.FromX509(root)).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	store, err := sst.New(issuing, root).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	armoured := pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: p7b})
	key := read(t, "collections/private-key.pem")

	tests := []struct {
		name         string
		data         []byte
		format       bundle.Format
		certificates int
		keys         int
		loose        bool
	}{
		{"DER", issuing.Raw, bundle.DER, 1, 0, true},
		{"PEM, one", read(t, "example/issuing-ca.pem"), bundle.PEM, 1, 0, true},
		{"PEM, several with text", []byte(two), bundle.PEM, 2, 0, false},
		{"PEM, text before and after", []byte("Bag Attributes\n  friendlyName: x\n" + two + "the end"), bundle.PEM, 2, 0, false},
		{"PEM, CRLF", []byte(strings.ReplaceAll(two, "\n", "\r\n")), bundle.PEM, 2, 0, false},
		{"PEM, CR only", []byte(strings.ReplaceAll(two, "\n", "\r")), bundle.PEM, 2, 0, false},
		{"PEM, indented", []byte(strings.ReplaceAll("  "+two, "\n", "\n  ")), bundle.PEM, 2, 0, false},
		{"PEM, UTF-8 mark", append([]byte("\xEF\xBB\xBF"), two...), bundle.PEM, 2, 0, false},
		{"PEM, UTF-16LE", utf16Text(two, false, true), bundle.PEM, 2, 0, false},
		{"PEM, UTF-16BE", utf16Text(two, true, true), bundle.PEM, 2, 0, false},
		{"PEM, UTF-16LE without mark", utf16Text(two, false, false), bundle.PEM, 2, 0, false},
		{"PEM, UTF-16BE without mark", utf16Text(two, true, false), bundle.PEM, 2, 0, false},
		{"PEM with a key", key, bundle.PEM, 4, 1, false},
		{"PEM around PKCS #7", armoured, bundle.PEM, 2, 0, false},
		{"PKCS #7", p7b, bundle.PKCS7, 2, 0, false},
		{"PKCS #7 in base64", []byte(base64.StdEncoding.EncodeToString(p7b)), bundle.PKCS7, 2, 0, false},
		{"SST", store, bundle.SST, 2, 0, false},
		{"SST in base64", []byte(base64.StdEncoding.EncodeToString(store) + "\r\n"), bundle.SST, 2, 0, false},
		{"SST in UTF-16 base64", utf16Text(base64.StdEncoding.EncodeToString(store), false, true), bundle.SST, 2, 0, false},
		{"one element", store[8 : len(store)-12-12-len(root.Raw)], bundle.SSTElement, 1, 0, true},
		{"damaged certificate", issuing.Raw[:len(issuing.Raw)-5], bundle.DER, 1, 0, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := bytes.Clone(tt.data)
			f, err := bundle.Parse("some name", tt.data)
			if err != nil {
				t.Fatal(err)
			}
			if f.Format != tt.format || len(f.Certificates) != tt.certificates || len(f.Keys) != tt.keys || f.Loose() != tt.loose {
				t.Errorf("got %s, %d certificates, %d keys, loose %t; want %s, %d, %d, %t",
					f.Format, len(f.Certificates), len(f.Keys), f.Loose(), tt.format, tt.certificates, tt.keys, tt.loose)
			}
			if f.Name != "some name" {
				t.Errorf("name is %q", f.Name)
			}
			if !bytes.Equal(before, tt.data) {
				t.Error("the input was changed")
			}
		})
	}
}

// TestParseShapes tells apart what DER files hold: above all a key, in every form,
// from what may be given away.
func TestParseShapes(t *testing.T) {
	must := func(der []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), append(make([]byte, 31), 5))
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	issuing := certificate(t, "issuing-ca")
	// As in EncryptedPrivateKeyInfo of RFC 5958: an algorithm and octets.
	encrypted := must(asn1.Marshal(struct {
		Algorithm pkix.AlgorithmIdentifier
		Data      []byte
	}{pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}}, make([]byte, 64)}))
	list := must(x509.CreateRevocationList(nil, &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: issuing.NotBefore, NextUpdate: issuing.NotAfter},
		&x509.Certificate{Subject: issuing.Subject, KeyUsage: x509.KeyUsageCRLSign, SubjectKeyId: []byte{1}}, key))
	request := must(x509.CreateCertificateRequest(nil, &x509.CertificateRequest{Subject: issuing.Subject}, key))
	store := sst.New(issuing)
	store.Elements = append(store.Elements, sst.Element{Kind: sst.CRL, Raw: list}, sst.Element{Kind: sst.CTL, Raw: []byte{0x30, 0}})
	block := func(label string, der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}) }
	trust := append(bytes.Clone(issuing.Raw), 0x30, 2, 0x30, 0) // as OpenSSL writes it after the certificate

	type counts struct{ certificates, crls, keys, ignored int }
	for _, tt := range []struct {
		name   string
		data   []byte
		format bundle.Format
		want   counts
	}{
		{"PKCS #8", must(x509.MarshalPKCS8PrivateKey(key)), bundle.DER, counts{keys: 1}},
		{"PKCS #8, encrypted", encrypted, bundle.DER, counts{keys: 1}},
		{"SEC 1", must(x509.MarshalECPrivateKey(key)), bundle.DER, counts{keys: 1}},
		{"PKCS #1", x509.MarshalPKCS1PrivateKey(rsaKey), bundle.DER, counts{keys: 1}},
		{"request", request, bundle.DER, counts{ignored: 1}},
		{"revocation list", list, bundle.DER, counts{crls: 1}},
		{"certificate of version 1", version1(t, issuing), bundle.DER, counts{certificates: 1}},
		{"revocation list in PEM", block("X509 CRL", list), bundle.PEM, counts{crls: 1}},
		{"request in PEM", block("CERTIFICATE REQUEST", request), bundle.PEM, counts{ignored: 1}},
		{"trust settings", block("TRUSTED CERTIFICATE", trust), bundle.PEM, counts{certificates: 1}},
		{"store", must(store.Marshal()), bundle.SST, counts{certificates: 1, crls: 1, ignored: 1}},
	} {
		f, err := bundle.Parse("x", tt.data)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got := counts{len(f.Certificates), len(f.CRLs), len(f.Keys), len(f.Ignored)}
		if f.Format != tt.format || got != tt.want {
			t.Errorf("%s: %s, %+v; want %s, %+v", tt.name, f.Format, got, tt.format, tt.want)
		}
		for _, c := range f.Certificates {
			if c.Err() != nil {
				t.Errorf("%s: %v", tt.name, c.Err())
			}
		}
	}
}

// version1 makes a certificate one of version 1, without extensions. Its
// signature is not right any more.
func version1(t *testing.T, c *x509.Certificate) []byte {
	t.Helper()
	var outer, tbs []asn1.RawValue
	if _, err := asn1.Unmarshal(c.Raw, &outer); err != nil {
		t.Fatal(err)
	}
	if _, err := asn1.Unmarshal(c.RawTBSCertificate, &tbs); err != nil {
		t.Fatal(err)
	}
	der, err := asn1.Marshal(tbs[1:7]) // what lies between version and extensions
	if err != nil {
		t.Fatal(err)
	}
	outer[0] = asn1.RawValue{FullBytes: der}
	if der, err = asn1.Marshal(outer); err != nil {
		t.Fatal(err)
	}
	return der
}

func TestParseKeepsWhatItCannotDecode(t *testing.T) {
	good := string(read(t, "example/issuing-ca.pem"))
	tests := []struct{ name, text string }{
		{"no END", strings.Split(good, "-----END")[0] + "\n" + good},
		{"bad base64", strings.Replace(good, "\nMII", "\nM*I", 1) + good},
		{"not DER", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + good},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := bundle.Parse("x", []byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if len(f.Certificates) != 2 || f.Certificates[0].Err() == nil || f.Certificates[1].Err() != nil {
				t.Errorf("want one damaged certificate and one good one, got %+v", f.Certificates)
			}
		})
	}
}

func TestParseKeyBlocks(t *testing.T) {
	for _, label := range []string{"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY"} {
		for _, body := range []string{"AAAA", "not base64 at all!"} {
			f, err := bundle.Parse("x", []byte("-----BEGIN "+label+"-----\n"+body+"\n-----END "+label+"-----\n"))
			if err != nil {
				t.Fatal(err)
			}
			if len(f.Keys) != 1 || f.Keys[0].Kind != label {
				t.Errorf("%s: found %v", label, f.Keys)
			}
		}
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct {
		name string
		data string
	}{
		{"empty", ""},
		{"white space", " \r\n\t"},
		{"text", "Dear colleague, the certificate is in the other mail."},
		{"ZIP", "PK\x03\x04 and so on"},
		{"web page", "<!DOCTYPE html><html>404</html>"},
		{"zeros", strings.Repeat("\x00", 100)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := bundle.Parse("x", []byte(tt.data))
			if _, ok := errors.AsType[*bundle.UnrecognizedError](err); !ok || f != nil {
				t.Errorf("got %v, %v; want an UnrecognizedError", f, err)
			}
		})
	}
}

func TestParseDamagedStore(t *testing.T) {
	data := read(t, "collections/complete.sst")
	_, err := bundle.Parse("x.sst", data[:len(data)-20])
	formatErr, ok := errors.AsType[*sst.FormatError](err)
	if !ok {
		t.Fatalf("got %v, want a FormatError", err)
	}
	if formatErr.Offset == 0 || !strings.HasPrefix(err.Error(), "x.sst: ") {
		t.Errorf("error lacks the offset or the name of the file: %v", err)
	}
}

func TestReadFS(t *testing.T) {
	fsys := fstest.MapFS{
		"ca/a.cer":        {Data: certificate(t, "issuing-ca").Raw},
		"ca/sub/b.pem":    {Data: read(t, "example/root-self-signed.pem")},
		"ca/readme.txt":   {Data: []byte("not a certificate")},
		"ca/broken.sst":   {Data: []byte("\x00\x00\x00\x00CERT")},
		"ca/link":         {Mode: fs.ModeSymlink},
		"elsewhere/c.cer": {Data: certificate(t, "old-root").Raw},
	}
	files, skipped, err := new(bundle.Options).ReadFS(context.Background(), fsys, "ca")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 2 || files[0].Name != "ca/a.cer" || files[1].Name != "ca/sub/b.pem" || files[0].Folder != "ca" {
		t.Errorf("files: %v", files)
	}
	unrecognized := 0
	for _, s := range skipped {
		if !strings.HasPrefix(s.Err.Error(), s.Name+": ") {
			t.Errorf("%s: error does not name the file: %v", s.Name, s.Err)
		}
		if _, ok := errors.AsType[*bundle.UnrecognizedError](s.Err); ok {
			unrecognized++
		}
	}
	if len(skipped) != 3 || unrecognized != 2 {
		t.Errorf("skipped %v", skipped)
	}
	if _, _, err := new(bundle.Options).ReadFS(context.Background(), fsys, "nowhere"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing folder: %v", err)
	}
}

func TestFormatString(t *testing.T) {
	for f := bundle.SST; f <= bundle.Mail; f++ {
		if strings.HasPrefix(f.String(), "Format(") {
			t.Errorf("format %d has no name", f)
		}
	}
}
