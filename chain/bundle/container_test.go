package bundle_test

import (
	"archive/zip"
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	"github.com/smimechain/smimechain/sst"
)

func zipOf(t testing.TB, files ...any) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i].(string))
		if err == nil {
			_, err = f.Write(files[i+1].([]byte))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestContainers: what certificates come in, and how many are in it.
func TestContainers(t *testing.T) {
	one, two := certificate(t, "issuing-ca"), certificate(t, "root-self-signed")
	p7b, err := pkcs7.New(chain.FromX509(one), chain.FromX509(two)).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	store, err := sst.New(one, two).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	encode := func(b []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: b}) }
	b64 := base64.StdEncoding.EncodeToString(one.Raw)
	var dump strings.Builder
	for at := 0; at < len(one.Raw); at += 16 {
		fmt.Fprintf(&dump, "%06x  % x   ................\n", at, one.Raw[at:min(at+16, len(one.Raw))])
	}
	var path cryptobyte.Builder
	path.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(two.Raw); b.AddBytes(one.Raw) })
	for _, tt := range []struct {
		name   string
		data   []byte
		format bundle.Format
		n      int
	}{
		{"PKCS #7 labelled as a certificate", encode(p7b), bundle.PKCS7, 2},
		{"a store labelled as a certificate", encode(store), bundle.SST, 2},
		{"PEM on one line", []byte("-----BEGIN CERTIFICATE-----" + b64 + "-----END CERTIFICATE-----"), bundle.PEM, 1},
		{"PEM with line ends of JSON", []byte(`"-----BEGIN CERTIFICATE-----\n` + b64 + `\n-----END CERTIFICATE-----\n"`), bundle.PEM, 1},
		{"hexadecimal digits", []byte(hex.EncodeToString(one.Raw)), bundle.DER, 1},
		{"a dump", []byte(dump.String()), bundle.DER, 1},
		{"PkiPath", path.BytesOrPanic(), bundle.PKIPath, 2},
		{"LDIF", []byte("version: 1\ndn: cn=a\nmail: a@example.com\nuserCertificate;binary:: " + b64[:60] + "\n " + b64[60:] + "\nuserSMIMECertificate:: " + base64.StdEncoding.EncodeToString(p7b) + "\nuserCertificate:: %%%\n"), bundle.LDIF, 4},
		{"vCard", []byte("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\nEMAIL:a@example.com\r\nKEY;ENCODING=B;TYPE=X509:" + b64 + "\r\nEND:VCARD\r\n"), bundle.VCard, 1},
		{"vCard 2.1", []byte("BEGIN:VCARD\r\nVERSION:2.1\r\nKEY;X509;ENCODING=BASE64:\r\n " + b64 + "\r\n\r\nEND:VCARD\r\n"), bundle.VCard, 1},
		{"vCard 4.0", []byte("BEGIN:VCARD\nVERSION:4.0\nKEY:data:application/pkix-cert;base64," + b64 + "\nEND:VCARD\n"), bundle.VCard, 1},
	} {
		f, err := bundle.Parse("x", tt.data)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if f.Format != tt.format || len(f.Certificates) != tt.n {
			t.Errorf("%s: %s with %d certificates", tt.name, f.Format, len(f.Certificates))
		}
	}
}

// TestArchive: the files of an archive are read, nested once, under names that lead
// nowhere; bombs are refused.
func TestArchive(t *testing.T) {
	der := certificate(t, "issuing-ca").Raw
	inner := zipOf(t, "b.cer", der, "deep.zip", zipOf(t, "c.cer", der))
	f, err := bundle.Parse("a.zip", zipOf(t, "../../etc/a.cer", der, "in.zip", inner, "note.txt", []byte("hello")))
	if err != nil || len(f.Files) != 2 || len(f.Skipped) != 2 {
		t.Fatalf("%v, %+v", err, f)
	}
	for i, name := range []string{"a.zip/etc/a.cer", "a.zip/in.zip/b.cer"} {
		if f.Files[i].Name != name || len(f.Files[i].Certificates) != 1 {
			t.Errorf("%s with %d certificates", f.Files[i].Name, len(f.Files[i].Certificates))
		}
	}
	if _, err := bundle.Parse("a.zip", zipOf(t, "zeros", make([]byte, 8<<20))); !errors.Is(err, bundle.ErrTooLarge) {
		t.Errorf("a bomb: %v", err)
	}
	var unrecognized *bundle.UnrecognizedError
	if _, err := bundle.Parse("a.zip", zipOf(t, "note.txt", []byte("hello"))); !errors.As(err, &unrecognized) {
		t.Errorf("nothing to read: %v", err)
	}
}

// TestArchiveKey holds that a key in a file of an archive is one of that file alone, packed or
// not.
func TestArchiveKey(t *testing.T) {
	private, der := signer()
	key, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for _, method := range []uint16{zip.Store, zip.Deflate} {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for name, data := range map[string][]byte{"key.der": key, "a.cer": der} {
			f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: method})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.Write(data); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		f, err := bundle.Parse("a.zip", b.Bytes())
		if err != nil || len(f.Keys) != 0 || len(f.Files) != 2 || len(f.Files[0].Keys)+len(f.Files[1].Keys) != 1 {
			t.Errorf("%+v, %v", f, err)
		}
	}
}

// TestCards holds which values of a vCard are read, and which are only named.
func TestCards(t *testing.T) {
	_, der := signer()
	b64 := base64.StdEncoding.EncodeToString(der)
	for value, want := range map[string][2]int{ // certificates, and what is ignored
		"KEY;ENCODING=b:" + b64: {1, 0}, "KEY;BASE64:" + b64: {1, 0}, "KEY:DATA:application/pkix-cert;base64," + b64: {1, 0}, "KEY:data:application/pkix-cert," + url.PathEscape(string(der)): {1, 0},
		"KEY:https://example.com/a.cer": {0, 1}, "KEY:some words": {0, 0}, "KEY;TYPE=PGP;ENCODING=b:" + b64: {0, 0}, "KEY:data:application/pgp-keys;base64," + b64: {0, 0}, "NOTE;ENCODING=b:" + b64: {0, 0},
	} {
		f, err := bundle.Parse("x", []byte("BEGIN:VCARD\r\nVERSION:4.0\r\n"+value+"\r\nKEY;ENCODING=b:"+b64+"\r\nEND:VCARD\r\n"))
		if err != nil || len(f.Certificates) != want[0]+1 || len(f.Ignored) != want[1] {
			t.Errorf("%.40s: %+v, %v", value, f, err)
		}
	}
}

// FuzzContainer: archives, directories, cards and dumps.
func FuzzContainer(f *testing.F) {
	seeds := [][]byte{
		zipOf(f, "a.vcf", []byte("BEGIN:VCARD\nFN:A\nKEY;ENCODING=b:MIIB\nEND:VCARD\n")),
		gzipped(f, "", tarred(f, "a.cer", []byte("0\x82"))), gzipped(f, "a.pem", []byte("-----BEGIN")),
		[]byte("dn: cn=a\nmail: a@example.com\nuserCertificate:: MIIB\n"),
		[]byte("BEGIN:VCARD\nKEY:data:application/pkix-cert;base64,MIIB\nEND:VCARD\n"),
		[]byte("0000  30 82 03 35 30 82 02 1d a0 03 02 01 02 02 14 7a\n0010  e7 9e\n"),
		[]byte("-----BEGIN CERTIFICATE-----MIIB-----END CERTIFICATE-----"),
	}
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzzParse(t, data) })
}
