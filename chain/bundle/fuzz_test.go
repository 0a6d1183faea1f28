package bundle_test

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/internal/msgraph"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	"github.com/smimechain/smimechain/sst"
)

// fixtures adds the files of folders of testdata to the corpus, and fails when
// there are fewer than want: a fuzz test without seeds is green and worthless.
func fixtures(f *testing.F, want int, dirs ...string) {
	f.Helper()
	seeds := 0
	for _, dir := range dirs {
		err := filepath.WalkDir(filepath.Join(testdata, dir), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(name)
			f.Add(data)
			seeds++
			return err
		})
		if err != nil {
			f.Fatal(err)
		}
	}
	if seeds < want {
		f.Fatalf("%d seeds, want %d or more", seeds, want)
	}
}

// fuzzParse holds what is true of every input: a result or an error and not
// both, the input as it was, no key or password kept, offsets inside the file.
func fuzzParse(t *testing.T, data []byte) *bundle.File {
	t.Helper()
	input := bytes.Clone(data)
	file, err := bundle.Parse("x", data)
	if (file == nil) == (err == nil) {
		t.Fatalf("got %v and %v", file, err)
	}
	if !bytes.Equal(input, data) {
		t.Fatal("the input was changed")
	}
	if err != nil {
		if !strings.HasPrefix(err.Error(), "x: ") {
			t.Fatalf("the error does not name the file: %v", err)
		}
		return nil
	}
	for _, c := range file.Certificates {
		if (c.Raw == nil) != (c.Fault != nil) {
			t.Fatalf("certificate at %d is neither good nor bad", c.Offset)
		}
	}
	if n := len(file.Certificates) + len(file.CRLs) + len(file.Keys) + len(file.Ignored); n > len(data) {
		t.Fatalf("%d items in %d bytes", n, len(data))
	}
	if strings.Contains(file.Format.String(), "(") {
		t.Fatalf("format %s", file.Format)
	}
	return file
}

func FuzzParse(f *testing.F) {
	fixtures(f, 23, "example", "collections", "sectigo", "pfx")
	f.Fuzz(func(t *testing.T, data []byte) { fuzzParse(t, data) })
}

func FuzzPEM(f *testing.F) {
	const begin, end = "-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n"
	good, err := os.ReadFile(filepath.Join(testdata, "example", "leaf.pem"))
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{
		string(good), string(good[:len(good)/2]), begin + end, begin + begin + end + end, begin + "Proc-Type: 4\n\nAAAA\n" + end,
		strings.ReplaceAll(string(good), "\n", "\r"), "-----BEGIN -----\n-----END -----", "-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := fuzzParse(t, data)
		if file == nil || file.Format != bundle.PEM {
			return
		}
		// What encoding/pem can read is read here too.
		want := 0
		for rest := data; ; {
			var block *pem.Block
			if block, rest = pem.Decode(rest); block == nil {
				break
			}
			if block.Type == "CERTIFICATE" {
				want++
			}
		}
		if len(file.Certificates) < want {
			t.Fatalf("%d certificates, encoding/pem finds %d", len(file.Certificates), want)
		}
	})
}

// FuzzScript reads PowerShell.
func FuzzScript(f *testing.F) {
	for _, s := range []string{
		"$d = [IO.File]::ReadAllBytes('a.sst')\nSet-SmimeConfig -SMIMECertificateIssuingCA $d",
		"#Requires -Version 7.2 -PSEdition Core\n$p = @{ SMIMECertificateList = $d }\nSet-SmimeConfig @p # x",
		"$a = New-Object b(\"c\") $d.Add($a)\n<# x\n#> Get-Content x -Encoding:Byte",
		"Get-SmimeConfig `\r\n -X ‘it''s’ \"$(1)\" @'\nx\n'@ @\"\ny\n\"@",
		"if ($x) { return Get-SmimeConfig } else { foreach ($c in Get-Content y) { New-Object z } } )))",
		"Get-SmimeConfig " + strings.Repeat("(", 200) + strings.Repeat("{", 50),
		"Export-Certificate -Type SST\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		const password = "correct horse battery staple"
		file := fuzzParse(t, []byte("Get-SmimeConfig\n"+text))
		if file == nil || file.Script == nil {
			return
		}
		lines := strings.Count(text, "\n") + strings.Count(text, "\r") + 2
		for _, c := range file.Script.Commands {
			if c.Line < 1 || c.Line > lines {
				t.Fatalf("line %d of %d", c.Line, lines)
			}
			c.Parameter("Encoding")
		}
		if secret := fuzzParse(t, []byte("Get-SmimeConfig '"+password+"'\n"+text)); secret != nil && secret.Script != nil && strings.Contains(fmt.Sprint(*secret.Script), password) {
			t.Fatal("literal text is kept")
		}
	})
}

// FuzzExchangeJSON reads the settings of Exchange Online.
func FuzzExchangeJSON(f *testing.F) {
	store, err := os.ReadFile(filepath.Join(testdata, "collections", "complete.sst"))
	if err != nil {
		f.Fatal(err)
	}
	text := base64.StdEncoding.EncodeToString(store)
	for _, value := range []string{`"` + text + `"`, "null", "[]", "[0,0,0,0,67,69,82,84]", `{"value":[1,2],"Count":2}`, `"AAAAAENFUlQ="`} {
		f.Add(fmt.Appendf(nil, `{"Identity":"Smime","OWACheckCRLOnSend":true,"OWASigningAlgorithms":"8004","OWACRLRetrievalTimeout":"10000","SMIMECertificateIssuingCA":%s}`, value))
	}
	f.Add([]byte(`[{"AllowSMIMESoftCerts":"True"},{"SMIMECertificateIssuingCA":null}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		file := fuzzParse(t, data)
		if file == nil {
			return
		}
		for i := range file.Settings {
			s := &file.Settings[i]
			for _, name := range []string{"Identity", "OWACheckCRLOnSend", "OWACRLRetrievalTimeout"} {
				_, a := s.Bool(name)
				_, b := s.Number(name)
				_, c := s.Text(name)
				if (a || b || c) && !s.Has(name) {
					t.Fatalf("%s is read and not there", name)
				}
			}
		}
	})
}

// FuzzGraphJSON reads bodies of Microsoft Graph requests.
func FuzzGraphJSON(f *testing.F) {
	block, _ := pem.Decode(fuzzFile(f, "example/issuing-ca.pem"))
	pfx := fuzzFile(f, "pfx/modern-without-root.pfx")
	certificate := base64.StdEncoding.EncodeToString(block.Bytes)
	for _, s := range []string{
		`{"@odata.type":"#microsoft.graph.iosTrustedRootCertificate","displayName":"x","certFileName":"a.cer","trustedRootCertificate":"` + certificate + `"}`,
		`{"value":[{"@odata.type":"#microsoft.graph.androidTrustedRootCertificate","trustedRootCertificate":"data:AAAA"},{"trustedRootCertificate":"` + certificate[:76] + `\r\n` + certificate[76:] + `"}]}`,
		`{"encryptedPfxBlob":"` + base64.StdEncoding.EncodeToString(pfx) + `","encryptedPfxPassword":"AAAA","intendedPurpose":1,"startDateTime":"2026-01-01T00:00:00Z"}`,
		`{"@odata.type":"#microsoft.graph.iosImportedPFXCertificateProfile","intendedPurpose":"smimeSigning"}`,
		`[{"@odata.type":"#microsoft.graph.userPFXCertificate"}]`,
		`{"Value":[{"Id":"1","AdditionalData":{"trustedRootCertificate":[48,130]},"OdataType":"#microsoft.graph.iosTrustedRootCertificate"}],"requests":[{"url":"/beta/deviceManagement/x","body":"e30="}]}`,
		"POST https://graph.microsoft.com/v1.0/$batch HTTP/1.1\n\n{\"requests\":[{\"body\":{\"trustedRootCertificate\":\"48 130\"}}]}\n###\n",
		"# Microsoft365DSC\nIntuneTrustedRootCertificateIOS \"x\"\n{\n trustedRootCertificate = \"" + certificate + "\"; # }\n A = @( 'it''s' )\n}\n",
		`{"terraform_version":"1","resources":[{"type":"microsoft365_graph_ios_trusted_root_certificate","instances":[{"attributes":{"trusted_root_certificate":"` + certificate + `"}}]}]}`,
		`{"@odata.type":"#microsoft.graph.iosScepCertificateProfile","keyUsage":"digitalSignature","subjectAlternativeNameType":3,"extendedKeyUsages":[{"objectIdentifier":"1"}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := fuzzParse(t, data)
		if file == nil {
			return
		}
		for i := range file.Graph {
			g := &file.Graph[i]
			g.Platform()
			if b := g.TrustedCertificate; b != nil && b.Fault == "" && len(b.Certificates) != 1 {
				t.Fatalf("no fault and %d certificates", len(b.Certificates))
			}
			if u := g.UserPFX; u != nil {
				_, _ = msgraph.ParseTime(u.Start)
			}
		}
	})
}

// profileSeeds are configuration profiles with a certificate, an identity and
// an account, and the same in a signed message.
func profileSeeds(tb testing.TB) [][]byte {
	block, _ := pem.Decode(fuzzFile(tb, "example/issuing-ca.pem"))
	pfx := fuzzFile(tb, "pfx/modern-without-root.pfx")
	const head = `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd"><plist version="1.0">`
	payload := func(kind, content string) string {
		return `<dict><key>PayloadType</key><string>` + kind + `</string><key>PayloadUUID</key><string>u</string><key>PayloadVersion</key><integer>1</integer>` + content + `</dict>`
	}
	text := []byte(head + `<dict><key>PayloadType</key><string>Configuration</string><key>PayloadContent</key><array>` +
		payload("com.apple.security.root", `<key>PayloadContent</key><data>`+base64.StdEncoding.EncodeToString(block.Bytes)+`</data>`) +
		payload("com.apple.security.pkcs12", `<key>Password</key><string>wrong</string><key>PayloadContent</key><data>`+base64.StdEncoding.EncodeToString(pfx)+`</data>`) +
		payload("com.apple.mail.managed", `<key>EmailAddress</key><string>user@example.com</string><key>SMIMEEnabled</key><true/>`) +
		`</array></dict></plist>`)
	signed := signedMessage(tb, text)
	deep := []byte(head + strings.Repeat("<array>", 40) + "Payload")
	return [][]byte{text, signed, deep, []byte(head + `<dict><key>PayloadContent</key><array/></dict></plist>`)}
}

// signedMessage wraps content in a message without signers.
func signedMessage(tb testing.TB, content []byte) []byte {
	tb.Helper()
	explicit := asn1.Tag(0).Constructed().ContextSpecific()
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier([]int{1, 2, 840, 113549, 1, 7, 2})
		b.AddASN1(explicit, func(b *cryptobyte.Builder) {
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(1)
				b.AddASN1(asn1.SET, func(*cryptobyte.Builder) {})
				b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier([]int{1, 2, 840, 113549, 1, 7, 1})
					b.AddASN1(explicit, func(b *cryptobyte.Builder) { b.AddASN1OctetString(content) })
				})
				b.AddASN1(asn1.SET, func(*cryptobyte.Builder) {})
			})
		})
	})
	der, err := b.Bytes()
	if err != nil {
		tb.Fatal(err)
	}
	return der
}

// FuzzProfile reads configuration profiles.
func FuzzProfile(f *testing.F) {
	for _, s := range profileSeeds(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := fuzzParse(t, data)
		if file == nil || file.Profile == nil {
			return
		}
		if len(file.Profile.Payloads) > bundle.MaxPayloads {
			t.Fatalf("%d payloads", len(file.Profile.Payloads))
		}
	})
}

func TestProfileSeeds(t *testing.T) {
	for i, data := range profileSeeds(t) {
		file, err := bundle.Parse("x", data)
		if i == 2 {
			if err == nil {
				t.Error("the deep one is accepted")
			}
			continue
		}
		if err != nil || file.Format != bundle.MobileConfig || i < 2 && (len(file.Profile.Payloads) != 3 || file.Profile.Signed != (i == 1)) {
			t.Errorf("seed %d: %v, %v", i, file, err)
		}
	}
}

// FuzzRegistry reads registry exports through the loader, in UTF-16 too.
func FuzzRegistry(f *testing.F) {
	const head = "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SystemCertificates\\CA\\Certificates\\00]\r\n"
	block, _ := pem.Decode(fuzzFile(f, "example/issuing-ca.pem"))
	element := append([]byte{32, 0, 0, 0, 1, 0, 0, 0, byte(len(block.Bytes)), byte(len(block.Bytes) >> 8), 0, 0}, block.Bytes...)
	var hex strings.Builder
	for i, b := range element {
		if i > 0 {
			hex.WriteByte(',')
		}
		if i%25 == 24 {
			hex.WriteString("\\\r\n  ")
		}
		fmt.Fprintf(&hex, "%02x", b)
	}
	whole := head + "\"Blob\"=hex:" + hex.String() + "\r\n"
	if file, err := bundle.Parse("x", []byte(whole)); err != nil || len(file.Certificates) != 1 || file.Certificates[0].Err() != nil {
		f.Fatalf("the seed is not read: %v, %v", file, err)
	}
	for _, s := range []string{whole, head + "\"Blob\"=hex:20,00,00", "REGEDIT4\n\n[x]\n\"Blob\"=hex:", head + "\"Blob\"=-\r\n[-y]\r\n;z"} {
		f.Add([]byte(s))
		f.Add(utf16Text(s, false, true))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzParse(t, data)
		if _, err := sst.ParseRegistryExport(data); err != nil {
			if _, ok := errors.AsType[*sst.FormatError](err); !ok {
				t.Fatalf("error of type %T", err)
			}
		}
	})
}

// FuzzPKCS7 reads messages through the loader.
func FuzzPKCS7(f *testing.F) {
	der, err := pkcs7.New().Marshal()
	if err == nil {
		f.Add(der)
	}
	for _, data := range profileSeeds(f)[:2] {
		f.Add(data)
	}
	f.Add([]byte("\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x80\x24\x80\x04\x01\x3c\x00\x00\x00\x00\x00\x00\x31\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzParse(t, data) })
}

func fuzzFile(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join(testdata, filepath.FromSlash(name)))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}
