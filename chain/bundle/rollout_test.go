package bundle_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/lint/say"
)

// keyBlob makes a BCRYPT_RSAKEY_BLOB.
func keyBlob(magic string, key *rsa.PublicKey, rest ...byte) []byte {
	e := big.NewInt(int64(key.E)).Bytes()
	n := key.N.Bytes()
	blob := []byte(magic)
	for _, v := range []int{key.N.BitLen(), len(e), len(n), 0, 0} {
		blob = binary.LittleEndian.AppendUint32(blob, uint32(v))
	}
	return slices.Concat(blob, e, n, rest)
}

func TestConnectorKey(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	key := &private.PublicKey
	spki, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	armour := func(label string, der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}) }
	blob := keyBlob("RSA1", key)
	tests := []struct {
		name string
		data []byte
		form say.Text
	}{
		{"blob", blob, "RSAPUBLICBLOB"},
		{"blob in base64", []byte(base64.StdEncoding.EncodeToString(blob)), "RSAPUBLICBLOB"},
		{"PEM", armour("PUBLIC KEY", spki), "PEM PUBLIC KEY"},
		{"PKCS #1", armour("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(key)), artefact.KeyPKCS1},
		{"DER", spki, artefact.KeyDER},
		{"private", keyBlob("RSA2", key, 1, 2, 3), ""},
		{"private and more", keyBlob("RSA3", key, 1, 2, 3), ""},
	}
	for _, tt := range tests {
		f, err := bundle.Parse("x", tt.data)
		if err != nil || f.Format != bundle.ConnectorKey || f.PublicKey.Form != tt.form || f.PublicKey.Bits != 2048 || (len(f.Keys) == 1) != (tt.form == "") {
			t.Errorf("%s: read as %+v, %v", tt.name, f, err)
		}
	}
	for i := range blob { // cut anywhere
		if f, err := bundle.Parse("x", blob[:i]); err == nil {
			t.Errorf("%d octets are read as %s", i, f.Format)
		}
	}
	if f, err := bundle.Parse("x", append(bytes.Clone(blob), 0)); err == nil {
		t.Errorf("an octet too many is read as %s", f.Format)
	}
	two := append(armour("PUBLIC KEY", spki), armour("PUBLIC KEY", spki)...)
	if f, err := bundle.Parse("x", two); err != nil || f.Format != bundle.PEM {
		t.Errorf("two keys are read as %v, %v", f, err)
	}
}

func TestOutlookConfiguration(t *testing.T) {
	const key = "com.microsoft.outlook.Mail.SMIMEEnabled"
	encoded := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	forms := map[string]string{
		"iOS": `{"@odata.type": "#microsoft.graph.iosMobileAppConfiguration", "settings": [
			{"appConfigKey": "` + key + `", "appConfigKeyType": "booleanType", "appConfigKeyValue": "true"},
			{"appConfigKey": "` + key + `.LDAPHostName", "appConfigKeyType": "stringType", "appConfigKeyValue": "%s"}]}`,
		"iOS, XML": `{"@odata.type": "#microsoft.graph.iosMobileAppConfiguration", "encodedSettingXml": "%x"}`,
		"managed apps": `{"@odata.type": "#microsoft.graph.targetedManagedAppConfiguration", "customSettings": [
			{"name": "` + key + `", "value": "true"}, {"name": "` + key + `.LDAPHostName", "value": "%s"}]}`,
		"Android": `{"@odata.type": "#microsoft.graph.androidManagedStoreAppConfiguration", "payloadJson": "%x"}`,
	}
	for name, form := range forms {
		for host, want := range map[string]say.Text{
			"": "", "ldap.example.com": "", "ldap.example.com:636": "", "ldaps://ldap.example.com": "", "LDAPS://ldap.example.com:636": "",
			"ldap://ldap.example.com": "it connects without TLS", "ldap.example.com:389": "it connects without TLS",
			"ldaps://user:secret@ldap.example.com": "it holds a user name or a password", "https://ldap.example.com": artefact.FaultOther, "ldaps://": artefact.FaultOther,
			"ldap.example.com/o=Example": artefact.FaultOther, "ldap.example.com:3269": artefact.FaultOther,
		} {
			text := strings.Replace(form, "%s", host, 1)
			switch name {
			case "iOS, XML":
				text = strings.Replace(form, "%x", encoded("<dict><key>"+key+"</key><true/><key>"+key+".LDAPHostName</key><string>"+host+"</string></dict>"), 1)
			case "Android":
				text = strings.Replace(form, "%x", encoded(`{"kind": "androidenterprise#managedConfiguration", "managedProperty": [{"key": "`+key+`", "valueBool": true}, {"key": "`+key+`.LDAPHostName", "valueString": "`+host+`"}]}`), 1)
			}
			f, err := bundle.Parse("x", []byte(text))
			if err != nil || f.Format != bundle.GraphJSON || f.Graph[0].Outlook == nil {
				t.Fatalf("%s: read as %v, %v", name, f, err)
			}
			if o := f.Graph[0].Outlook; !o.Enabled || o.LDAPFault != want {
				t.Errorf("%s: %q: %+v", name, host, *o)
			}
			if strings.Contains(fmt.Sprintf("%+v", f.Graph[0].Outlook), "secret") {
				t.Errorf("%s: the address of the directory is kept", name)
			}
		}
	}
	if f, err := bundle.Parse("x", []byte(`{"@odata.type": "#microsoft.graph.iosMobileAppConfiguration", "settings": [{"appConfigKey": "com.microsoft.outlook.Mail.FocusedInbox", "appConfigKeyValue": "false"}]}`)); err == nil {
		t.Errorf("a configuration without S/MIME is read as %s", f.Format)
	}
}

// written returns text in the ways in which programs on Windows and elsewhere
// write it.
func written(text string) map[string][]byte {
	wide := func(order binary.AppendByteOrder, bom bool, text string) []byte {
		var data []byte
		if bom {
			data = order.AppendUint16(nil, 0xFEFF)
		}
		for _, unit := range utf16.Encode([]rune(text)) {
			data = order.AppendUint16(data, unit)
		}
		return data
	}
	ways := map[string][]byte{}
	for name, ending := range map[string]string{"LF": "\n", "CRLF": "\r\n", "CR": "\r"} {
		text := strings.ReplaceAll(text, "\n", ending)
		ways[name+", UTF-8"] = []byte(text)
		ways[name+", UTF-8 with BOM"] = []byte("\uFEFF" + text)
		ways[name+", UTF-16LE"] = wide(binary.LittleEndian, false, text)
		ways[name+", UTF-16LE with BOM"] = wide(binary.LittleEndian, true, text)
		ways[name+", UTF-16BE with BOM"] = wide(binary.BigEndian, true, text)
	}
	return ways
}

// TestEncodings holds that no way to write text changes what is read.
func TestEncodings(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[bundle.Format]string{
		bundle.Script:       "# Upload\nConnect-ExchangeOnline\nSet-SmimeConfig -SMIMECertificateList $Data\n",
		bundle.ExchangeJSON: "{\n \"OWASigningAlgorithms\": \"8004\"\n}\n",
		bundle.GraphJSON:    "{\n \"@odata.type\": \"#microsoft.graph.userPFXCertificate\"\n}\n",
		bundle.MobileConfig: string(profileText(t)),
		bundle.ConnectorKey: string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki})),
	}
	for format, text := range texts {
		for name, data := range written(text) {
			f, err := bundle.Parse("x", data)
			if err != nil || f.Format != format {
				t.Errorf("%s, %s: read as %v, %v", format, name, f, err)
				continue
			}
			if f.Script != nil && (len(f.Script.Commands) != 2 || f.Script.Commands[1].Line != 3) {
				t.Errorf("%s: %+v", name, f.Script.Commands)
			}
			if f.Profile != nil && len(f.Certificates) != 1 {
				t.Errorf("%s: the profile has %d certificates", name, len(f.Certificates))
			}
		}
	}
	// The declaration names the encoding that the text had.
	wide := strings.Replace(string(profileText(t)), `encoding="UTF-8"`, `encoding="UTF-16"`, 1)
	for name, data := range written(wide) {
		if strings.Contains(name, "16") {
			checkProfile(t, data, false)
		}
	}
}

// TestNamesTwice holds that the result does not depend on chance where a name is
// there twice.
func TestNamesTwice(t *testing.T) {
	for range 50 {
		f, err := bundle.Parse("x", []byte(`{"owaSigningAlgorithms": "8004", "OWASigningAlgorithms": "800C", "OWASIGNINGALGORITHMS": "8003"}`))
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := f.Settings[0].Text("OWASigningAlgorithms"); got != "8004" {
			t.Fatalf("got %s", got)
		}
	}
}
