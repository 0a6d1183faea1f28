package bundle_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// No certificate in a file of PEM is passed over in silence, whatever is wrong with the
// lines around it.
func TestOutsideOfBlocks(t *testing.T) {
	root, issuing := certificate(t, "root-self-signed"), certificate(t, "issuing-ca")
	good := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Raw}))
	second := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: issuing.Raw}))
	p7b, err := pkcs7.New(chain.FromX509(issuing)).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	message := string(pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: p7b}))
	lines := strings.SplitAfter(second, "\n")
	swap := func(old, new string) string { return strings.ReplaceAll(second, old, new) }
	for name, damaged := range map[string]string{
		"en dashes":          swap("-----", "–––––"),
		"em dashes":          swap("-----", "——-"),
		"four hyphens":       swap("-----", "----"),
		"hyphens apart":      swap("-----", "- - - - -"),
		"small letters":      strings.NewReplacer("BEGIN CERTIFICATE", "begin certificate", "END CERTIFICATE", "end certificate").Replace(second),
		"no-break space":     swap("BEGIN CERTIFICATE", "BEGIN\u00a0CERTIFICATE"),
		"two spaces":         swap("BEGIN CERTIFICATE", "BEGIN  CERTIFICATE"),
		"no closing hyphens": swap("BEGIN CERTIFICATE-----", "BEGIN CERTIFICATE"),
		"SSH":                strings.NewReplacer("-----BEGIN", "---- BEGIN", "CERTIFICATE-----", "CERTIFICATE ----").Replace(second),
		"label misspelt":     swap("CERTIFICATE", "CERTIFCATE"),
		"BEGIN misspelt":     swap("BEGIN CERTIFICATE", "BEGIN CERTIFCATE"),
		"another label":      swap("CERTIFICATE", "CA CERTIFICATE"),
		"no BEGIN line":      strings.Join(lines[1:], ""),
		"no lines":           strings.Join(lines[1:len(lines)-2], ""),
		"one line of base64": base64.StdEncoding.EncodeToString(issuing.Raw) + "\n",
		"no line ends":       strings.ReplaceAll(swap("-----", "----"), "\n", "") + "\n",
		"quoted":             "> " + strings.ReplaceAll(swap("-----", "----"), "\n", "\n> "),
		"CRLF":               strings.ReplaceAll(swap("-----", "----"), "\n", "\r\n"),
		"message":            strings.ReplaceAll(message, "-----", "----"),
		"message cut":        message[:196] + message[len(message)-22:],
		"no END line":        strings.Join(lines[:len(lines)-2], ""),
	} {
		for place, text := range map[string]string{"behind": good + damaged, "before": damaged + good, "between": good + "Text\n" + damaged + "Text\n" + good} {
			f, err := bundle.Parse("x.pem", []byte(text))
			if err != nil {
				t.Errorf("%s, %s: %v", name, place, err)
				continue
			}
			unread := 0
			for _, c := range f.Certificates {
				if c.Err() != nil {
					unread++
				}
			}
			if want := strings.Count(text, good); unread != 1 || len(f.Certificates) != want+1 {
				t.Errorf("%s, %s: %d certificates of which %d cannot be read; want %d and 1", name, place, len(f.Certificates), unread, want+1)
			}
		}
	}
}

// A text of near PEM alone is one, and what is no certificate is not made one.
func TestNearPEM(t *testing.T) {
	issuing := certificate(t, "issuing-ca")
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	request, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: issuing.Subject}, key)
	if err != nil {
		t.Fatal(err)
	}
	block := func(label string, der []byte) string {
		return strings.ReplaceAll(string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der})), "-----", "––")
	}
	encoded := base64.StdEncoding.EncodeToString(issuing.Raw)
	for name, tt := range map[string]struct {
		text string
		want int // certificates that cannot be read; -1 where it is not recognised
	}{
		"certificate":         {block("CERTIFICATE", issuing.Raw), 1},
		"two":                 {block("CERTIFICATE", issuing.Raw) + block("X509 CERTIFICATE", issuing.Raw), 2},
		"trusted":             {block("TRUSTED CERTIFICATE", issuing.Raw), 1},
		"other octets":        {block("CERTIFICATE", bytes.Repeat([]byte{1}, 100)), -1},
		"request":             {block("CERTIFICATE REQUEST", request), -1},
		"words in a sentence": {"To begin, a certificate:\n" + encoded[:40] + ".\n", -1},
		"column of a table":   {"Name,Certificate\nIssuing," + encoded + "\n", -1},
	} {
		f, err := bundle.Parse("x.txt", []byte(tt.text))
		switch {
		case tt.want < 0 && err == nil:
			t.Errorf("%s: %s with %d certificates; want an error", name, f.Format, len(f.Certificates))
		case tt.want >= 0 && (err != nil || f.Format != bundle.PEM || len(f.Certificates) != tt.want || f.Certificates[0].Err() == nil):
			t.Errorf("%s: %+v, %v; want %d certificates that cannot be read", name, f, err, tt.want)
		}
	}
}

// What stands between blocks and is no certificate leaves no trace.
func TestTextBetweenBlocks(t *testing.T) {
	block := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate(t, "root-self-signed").Raw}))
	for _, text := range []string{
		"# Issuer: CN=MICROSOFT, O=MINISTRY\n", "MIME-Version: 1.0\n", "---\n", "-- \nExample\n", "MIIB\n", "MII",
		"SHA256 Fingerprint=4D494943494D494943494D494943494D494943494D494943494D494943494D4949\n",
		"MIIBojANBgkqhkiG9w0BAQEFAAOCAY8AMIIBigKCAYEAMIIBojANBgkqhkiG9w0B\n", // a public key
		strings.Repeat("MI ", 100), "xMIIDdzCCAl+gAwIBAgIBADANBgkqhkiG9w0BAQUFADBuMQ\n",
	} {
		for _, all := range []string{text + block, block + text + "\n", block + text + block} {
			f, err := bundle.Parse("x.pem", []byte(all))
			if err != nil || len(f.Certificates) != strings.Count(all, block) || len(f.Ignored) > 0 {
				t.Errorf("%q: %v, %v", strings.ReplaceAll(all, block, "…"), f, err)
			}
		}
	}
	script := "Set-SmimeConfig\n[Convert]::FromBase64String('" + base64.StdEncoding.EncodeToString(certificate(t, "issuing-ca").Raw) + "')\n" + block
	if f, err := bundle.Parse("x.ps1", []byte(script)); err != nil || len(f.Certificates) != 1 {
		t.Errorf("script: %v, %v; the base64 text of a script is its own", f, err)
	}
}

// A file of PEM that was cut off says so, or holds whole blocks and nothing else.
func TestCutPEM(t *testing.T) {
	block := func(name string) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate(t, name).Raw}))
	}
	first, whole := block("root-self-signed"), block("root-self-signed")+block("issuing-ca")
	for n := len(first) + 1; n < len(whole)-1; n++ { // the line end at the end is no loss
		f, err := bundle.Parse("x.pem", []byte(whole[:n]))
		if err != nil || len(f.Certificates) != 2 || f.Certificates[1].Err() == nil {
			t.Fatalf("%d of %d octets: %v, %v; want a second certificate that cannot be read", n, len(whole), f, err)
		}
	}
}

// A file of DER holds one certificate.
func TestDERBehind(t *testing.T) {
	root, issuing := certificate(t, "root-self-signed").Raw, certificate(t, "issuing-ca").Raw
	for name, behind := range map[string][]byte{"a certificate": issuing, "an octet": {0}, "half a certificate": issuing[:len(issuing)/2]} {
		f, err := bundle.Parse("x.der", append(bytes.Clone(root), behind...))
		if err != nil || len(f.Certificates) != 1 || f.Certificates[0].Err() == nil || !strings.Contains(f.Certificates[0].Err().Error(), "behind the certificate") {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
}

// A file in a folder or an archive that is called a certificate is one that cannot be
// read, one that is called a store and the like is damaged, and no other file is either.
func TestCalledCertificate(t *testing.T) {
	files := map[string]string{
		"page.crt": "<!doctype html><title>404</title>", "empty.CER": "", "text.pem": "hello", "half.der": "\x30",
		"._notes.crt": "\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        ", "readme.txt": "hello", "users.csv": "name", "crt": "hello",
	}
	damaged := map[string]bool{"cas.p7b": true, "cas.P7C": true, "cas.spc": true, "mail.p7m": true, "mail.p7s": true, "users.crl": true, "all.sst": true, "anna.pfx": true, "anna.p12": true}
	for name := range damaged {
		files[name] = "hello"
	}
	want := map[string]bool{"page.crt": true, "empty.CER": true, "text.pem": true, "half.der": true}
	fsys := fstest.MapFS{}
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	add := func(name, content string) {
		fsys["d/"+name] = &fstest.MapFile{Data: []byte(content)}
		out, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(out, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	folder := t.TempDir()
	for name, content := range files {
		add(name, content)
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	root := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate(t, "root-self-signed").Raw}))
	add("root.pem", root)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	inFolder, skipped, err := new(bundle.Options).ReadFS(context.Background(), fsys, "d")
	if err != nil {
		t.Fatal(err)
	}
	archive, err := bundle.Parse("x.zip", packed.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		where   string
		files   []*bundle.File
		skipped []bundle.Skipped
	}{{"d/", inFolder, skipped}, {"x.zip/", archive.Files, archive.Skipped}} {
		if len(tt.files) != len(want)+1 || len(tt.skipped) != len(files)-len(want) {
			t.Errorf("%s: %d files and %d others; want %d and %d", tt.where, len(tt.files), len(tt.skipped), len(want)+1, len(files)-len(want))
		}
		for _, s := range tt.skipped {
			if _, unrecognized := errors.AsType[*bundle.UnrecognizedError](s.Err); unrecognized == damaged[strings.TrimPrefix(s.Name, tt.where)] || !strings.HasPrefix(s.Err.Error(), s.Name) {
				t.Errorf("%s: %v", s.Name, s.Err)
			}
		}
		for _, f := range tt.files {
			name := strings.TrimPrefix(f.Name, tt.where)
			if name != "root.pem" && (!want[name] || len(f.Certificates) != 1 || f.Certificates[0].Err() == nil) {
				t.Errorf("%s: %+v", f.Name, f)
			}
		}
	}
	for s, err := range new(bundle.Options).Walk(context.Background(), folder) {
		if err != nil {
			t.Fatal(err)
		}
		f, err := s.Read(context.Background())
		if name := filepath.Base(s.Name); (err == nil) != want[name] || err == nil && (f.Folder != folder || len(f.Certificates) != 1 || f.Certificates[0].Err() == nil) {
			t.Errorf("%s, come to in a walk: %+v, %v", name, f, err)
		}
	}
	for name := range want { // given alone it is an error
		if _, err := bundle.Parse(name, []byte(files[name])); err == nil {
			t.Errorf("%s, given by itself: no error", name)
		}
	}
}
