package bundle_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	"github.com/smimechain/smimechain/testdata/outside"
)

const plainProfile = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>PayloadType</key><string>Configuration</string><key>PayloadVersion</key><integer>1</integer>
<key>PayloadIdentifier</key><string>com.example</string><key>PayloadUUID</key><string>0F0F0F0F-0000-5000-8000-000000000000</string>
<key>PayloadContent</key><array><dict><key>PayloadType</key><string>com.apple.security.root</string>
<key>PayloadContent</key><data>%s</data></dict></array></dict></plist>`

func profileText(t *testing.T) []byte {
	return fmt.Appendf(nil, plainProfile, base64.StdEncoding.EncodeToString(certificate(t, "old-root").Raw))
}

func checkProfile(t *testing.T, data []byte, signed bool) {
	t.Helper()
	f, err := bundle.Parse("x", data)
	if err != nil {
		t.Fatal(err)
	}
	if f.Format != bundle.MobileConfig || f.Profile.Signed != signed || len(f.Profile.Payloads) != 1 || len(f.Certificates) != 1 || f.Profile.Version != 1 {
		t.Errorf("read as %s, %+v", f.Format, f.Profile)
	}
}

func TestProfile(t *testing.T) {
	checkProfile(t, profileText(t), false)
	checkProfile(t, append([]byte("\xEF\xBB\xBF"), profileText(t)...), false)
	for name, text := range map[string]string{
		"cut":    string(profileText(t)[:600]),
		"nested": `<plist version="1.0"><dict><key>PayloadContent</key>` + strings.Repeat("<array>", 1000),
		"other":  `<plist version="1.0"><array><string>Payload</string></array></plist>`,
	} {
		if f, err := bundle.Parse("x", []byte(text)); err == nil {
			t.Errorf("%s: read as %+v", name, f.Profile)
		}
	}
}

// TestSignedProfile signs with OpenSSL, in one piece and in pieces.
func TestSignedProfile(t *testing.T) {
	outside.Program(t, "openssl", "openssl")
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	openssl := func(args ...string) {
		t.Helper()
		if out, err := exec.Command("openssl", args...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Example Signer", "-keyout", path("key.pem"), "-out", path("cert.pem"))
	if err := os.WriteFile(path("in"), profileText(t), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, flags := range [][]string{nil, {"-stream"}} {
		args := append([]string{"smime", "-sign", "-binary", "-nodetach", "-outform", "DER", "-signer", path("cert.pem"), "-inkey", path("key.pem"), "-in", path("in"), "-out", path("out")}, flags...)
		openssl(args...)
		data, err := os.ReadFile(path("out"))
		if err != nil {
			t.Fatal(err)
		}
		if (flags != nil) != (data[1] == 0x80) {
			t.Errorf("flags %v: the encoding is not the one that was to be tried", flags)
		}
		checkProfile(t, data, true)
		for i := range data { // cut anywhere
			_, _ = bundle.Parse("x", data[:i])
		}
	}
}

// TestUserPFXHoldsNoPassword holds that what is not needed is not kept.
func TestUserPFXHoldsNoPassword(t *testing.T) {
	const secret = "do-not-keep-me-0123456789"
	texts := map[string]string{
		"clear text": secret,
		"base64":     base64.StdEncoding.EncodeToString([]byte(secret)),
	}
	for name, value := range texts {
		f, err := bundle.Parse("x", fmt.Appendf(nil, `{"@odata.type": "#microsoft.graph.userPFXCertificate", "encryptedPfxPassword": %q, "encryptedPfxBlob": "AAAA"}`, value))
		if err != nil {
			t.Fatal(err)
		}
		if f.Format != bundle.GraphJSON || f.Graph[0].UserPFX == nil {
			t.Fatalf("read as %s", f.Format)
		}
		if dump := fmt.Sprintf("%+v %+v", f, f.Graph[0].UserPFX); strings.Contains(dump, secret) || strings.Contains(dump, hex.EncodeToString([]byte(secret))) || strings.Contains(dump, value) {
			t.Errorf("%s: the password is kept", name)
		}
	}
	f, err := bundle.Parse("x", bytes.Replace(profileText(t), []byte("<key>PayloadType</key><string>com.apple.security.root</string>"),
		[]byte("<key>PayloadType</key><string>com.apple.security.pkcs12</string><key>Password</key><string>"+secret+"</string>"), 1))
	if err != nil {
		t.Fatal(err)
	}
	if dump := fmt.Sprintf("%+v %+v", f, f.Profile); strings.Contains(dump, secret) || !f.Profile.Payloads[0].HasPassword {
		t.Error("the password of the profile is kept, or not noticed")
	}
}

// TestPassword holds what is known of a password, and when.
func TestPassword(t *testing.T) {
	pfx := read(t, "pfx/widest.pfx")
	right := strings.TrimSpace(string(read(t, "pfx/password.txt")))
	wrong, empty := "do-not-keep-me", ""
	graph := fmt.Appendf(nil, `{"@odata.type": "#microsoft.graph.userPFXCertificate", "encryptedPfxBlob": %q}`, base64.StdEncoding.EncodeToString(pfx))
	const identity = `<key>PayloadType</key><string>com.apple.security.pkcs12</string>`
	profile := bytes.Replace(fmt.Appendf(nil, plainProfile, base64.StdEncoding.EncodeToString(pfx)),
		[]byte("<key>PayloadType</key><string>com.apple.security.root</string>"), []byte(identity), 1)
	inside := bytes.Replace(profile, []byte(identity), []byte(identity+"<key>Password</key><string>"+right+"</string>"), 1)
	known := &bundle.PasswordStrength{Characters: len(right), Bytes: len(right)}
	for _, tt := range []struct {
		name     string
		data     []byte
		password *string
		want     *bundle.PasswordStrength
	}{
		{"right", pfx, &right, known},
		{"wrong", pfx, &wrong, nil},
		{"empty", pfx, &empty, nil},
		{"none", pfx, nil, nil},
		{"no PFX", read(t, "example/leaf.pem"), &right, nil},
		{"Graph", graph, &right, known},
		{"Graph, wrong", graph, &wrong, nil},
		{"profile", profile, &right, known},
		{"profile with the password in it", inside, &right, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := (&bundle.Options{Password: tt.password}).Parse(context.Background(), "x", tt.data)
			if err != nil {
				t.Fatal(err)
			}
			got := f.Password
			if (got == nil) != (tt.want == nil) || got != nil && (got.Characters != tt.want.Characters || got.Bytes != tt.want.Bytes || got.Entropy < 100) {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
			if dump := fmt.Sprintf("%+v", f); tt.password != nil && *tt.password != "" && strings.Contains(dump, *tt.password) {
				t.Error("the password is kept")
			}
		})
	}
}

func TestGraphFaults(t *testing.T) {
	der := certificate(t, "old-root").Raw
	text := base64.StdEncoding.EncodeToString(der)
	pemText := read(t, "example/old-root.pem")
	p7b, err := pkcs7.New(chain.FromX509(certificate(t, "old-root"))).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, value string
		want        say.Text
	}{
		{"good", text, ""},
		{"empty", "", artefact.FaultEmpty},
		{"data URI", "data:application/x-x509-ca-cert;base64," + text, artefact.FaultDataURI},
		{"line breaks", text[:76] + "\r\n" + text[76:], artefact.FaultLines},
		{"URL alphabet", strings.NewReplacer("+", "-", "/", "_").Replace(text) + "-", artefact.FaultAlphabet},
		{"PEM in base64", base64.StdEncoding.EncodeToString(pemText), artefact.FaultPEM},
		{"two PEM blocks", base64.StdEncoding.EncodeToString(append(bytes.Clone(pemText), pemText...)), artefact.FaultSeveral},
		{"store", base64.StdEncoding.EncodeToString(read(t, "collections/complete.sst")), artefact.FaultSeveral},
		{"key", base64.StdEncoding.EncodeToString(read(t, "collections/private-key.pem")), artefact.FaultKey},
		{"PEM itself", string(pemText), artefact.FaultPEM},
		{"key in PEM itself", string(read(t, "collections/private-key.pem")), artefact.FaultKey},
		{"key in DER", base64.StdEncoding.EncodeToString(pkcs8), artefact.FaultKey},
		{"PKCS #7", base64.StdEncoding.EncodeToString(p7b), artefact.FaultSeveral},
		{"trailing", base64.StdEncoding.EncodeToString(append(bytes.Clone(der), 0)), artefact.FaultTrailing},
		{"other", "AAAAAAAAAAAA", artefact.FaultOther},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := bundle.Parse("x", fmt.Appendf(nil, `{"@odata.type": "#microsoft.graph.iosTrustedRootCertificate", "trustedRootCertificate": %q}`, tt.value))
			if err != nil {
				t.Fatal(err)
			}
			if got := f.Graph[0].TrustedCertificate.Fault; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestGraphList reads what Microsoft Graph lists.
func TestGraphList(t *testing.T) {
	f, err := bundle.Parse("x", []byte(`{"@odata.context": "x", "value": [{"@odata.type": "#microsoft.graph.userPFXCertificate"}, {"@odata.type": "#microsoft.graph.iosImportedPFXCertificateProfile", "intendedPurpose": 4}]}`))
	if err != nil || len(f.Graph) != 2 || f.Graph[1].Number("intendedPurpose") == nil || f.Loose() {
		t.Errorf("%+v, %v", f, err)
	}
	f, err = bundle.Parse("x", []byte(`{"value": [{"@odata.type": "#microsoft.graph.iosWiFiConfiguration"}, {"@odata.type": "#microsoft.graph.userPFXCertificate"}]}`))
	if err != nil || len(f.Graph) != 1 || len(f.Ignored) != 1 {
		t.Errorf("a list with something else in it: %+v, %v", f, err)
	}
	_, err = bundle.Parse("x", []byte(`{"value": [{"a": 1}]}`))
	if _, ok := errors.AsType[*bundle.UnrecognizedError](err); !ok {
		t.Errorf("another list: %v", err)
	}
}

func FuzzArtefact(f *testing.F) {
	seeds := []string{
		"Set-SmimeConfig -SMIMECertificateList $Data", "$d = Get-Content 'a' -Encoding Byte # x\n@'\n'@ <# #> \"$(a)\" `\n",
		`{"SMIMECertificateIssuingCA": [0,0,0,0,67,69,82,84,0,0,0,0,0,0,0,0,0,0,0,0], "OWASigningAlgorithms": null}`,
		`[{"@odata.type": "#microsoft.graph.userPFXCertificate", "encryptedPfxBlob": "MIIB"}]`,
		`{"value": [{"trustedRootCertificate": "LS0tLS1CRUdJTg=="}]}`,
		fmt.Sprintf(plainProfile, "MIIB"), "<plist><dict><key>PayloadContent</key><data>AA",
		"RSA1\x08\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\xff", "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----",
		`{"@odata.type": "iosMobileAppConfiguration", "settings": [{"appConfigKey": "com.microsoft.outlook.Mail.SMIMEEnabled", "appConfigKeyValue": "true"}], "encodedSettingXml": "PGRpY3Q+PC9kaWN0Pg=="}`,
	}
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		file, err := bundle.Parse("x", data)
		if (file == nil) == (err == nil) {
			t.Fatalf("got %v and %v", file, err)
		}
		if !bytes.Equal(before, data) {
			t.Fatal("the input was changed")
		}
	})
}
