package bundle_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/internal/msgraph"
	"github.com/smimechain/smimechain/testdata/outside"
)

// graphParts are values for the templates of forms.
func graphParts(t *testing.T) *strings.Replacer {
	t.Helper()
	pem, err := os.ReadFile("../../testdata/sectigo/root-r46-self-signed.pem")
	if err != nil {
		t.Fatal(err)
	}
	f, err := bundle.Parse("x", pem)
	if err != nil {
		t.Fatal(err)
	}
	raw := f.Certificates[0].Raw
	var numbers []string
	for _, b := range raw {
		numbers = append(numbers, fmt.Sprint(b))
	}
	return strings.NewReplacer("BASE64", base64.StdEncoding.EncodeToString(raw), "NUMBERS", strings.Join(numbers, ","), "DECIMALS", strings.Join(numbers, " "))
}

// TestGraphForms reads one certificate out of whatever services and tools put around it.
func TestGraphForms(t *testing.T) {
	const (
		body  = `{"@odata.type": "#microsoft.graph.iosTrustedRootCertificate", "displayName": "x", "trustedRootCertificate": "BASE64"}`
		ios   = "iosTrustedRootCertificate"
		win   = "windows81TrustedRootCertificate"
		mac   = "macOSTrustedRootCertificate"
		store = "computerCertStoreRoot"
	)
	tests := []struct {
		name, text, kind string
		form             artefact.Form
		version, list    string
	}{
		{"body", body, ios, artefact.Body, "", ""},
		{"read back", `{"@odata.context": "https://graph.microsoft.com/beta/$metadata#deviceManagement/deviceConfigurations/$entity", ` + body[1:], ios, artefact.Read, "", ""},
		{"read through a cast, without types", `{"@odata.context": "https://graph.microsoft.com/beta/$metadata#deviceManagement/deviceConfigurations/microsoft.graph.macOSTrustedRootCertificate", "value": [{"id": "1", "trustedRootCertificate": "BASE64"}]}`, mac, artefact.Read, "", ""},
		{"exported", strings.Replace(body, "{", `{"createdDateTime": "2026-01-01T00:00:00Z", `, 1), ios, artefact.Read, "", ""},
		{"names of .NET", `{"OdataType": "#microsoft.graph.windows81TrustedRootCertificate", "DestinationStore": 0, "TrustedRootCertificate": [NUMBERS]}`, win, artefact.Printed, "", ""},
		{"names of .NET beside those of OData", `{"@odata.type": "#microsoft.graph.iosTrustedRootCertificate", "Id@odata.type": "x", "Id": "1", "TrustedRootCertificate": [NUMBERS]}`, ios, artefact.Printed, "", ""},
		{"values apart", `{"Id": "1", "AdditionalProperties": {"@odata.type": "#microsoft.graph.iosTrustedRootCertificate", "trustedRootCertificate": "BASE64"}}`, ios, artefact.Printed, "", ""},
		{"values apart, a null beside", `{"Id": "1", "trustedRootCertificate": null, "AdditionalData": {"trustedRootCertificate": "BASE64"}, "OdataType": "#microsoft.graph.iosTrustedRootCertificate"}`, ios, artefact.Printed, "", ""},
		{"Value", `{"Value": [{"Id": "1", "AdditionalData": {"trustedRootCertificate": "BASE64"}, "OdataType": "#microsoft.graph.iosTrustedRootCertificate"}]}`, ios, artefact.Printed, "", ""},
		{"value and Count", `{"value": [{"OdataType": "#microsoft.graph.iosTrustedRootCertificate", "TrustedRootCertificate": {"value": [NUMBERS], "Count": 3}}], "Count": 1}`, ios, artefact.Printed, "", ""},
		{"beyond the depth", `{"OdataType": "#microsoft.graph.iosTrustedRootCertificate", "TrustedRootCertificate": "DECIMALS"}`, ios, artefact.Printed, "", ""},
		{"replies of a batch", `{"responses": [{"id": "1", "status": 200, "headers": {}, "body": {"value": [` + body + `]}}, {"id": "2", "status": 404, "body": {"error": {}}}]}`, ios, artefact.Read, "", ""},
		{"requests of a batch", `{"requests": [{"id": "1", "method": "POST", "url": "/deviceManagement/deviceConfigurations", "body": ` + body + `}]}`, ios, artefact.Body, "", "deviceConfigurations"},
		{"request", "POST https://graph.microsoft.com/v1.0/deviceManagement/deviceConfigurations HTTP/1.1\r\nContent-type: application/json\r\n\r\n" + body, ios, artefact.Body, "v1.0", "deviceConfigurations"},
		{"batch over HTTP", "POST https://graph.microsoft.com/beta/$batch\n\n" + `{"requests": [{"url": "deviceManagement/deviceConfigurations", "body": ` + body + `}]}`, ios, artefact.Body, "beta", "deviceConfigurations"},
		{"second request of a file", "### one\nGET https://graph.microsoft.com/beta/me\n\n### two\nPOST https://graph.microsoft.com/beta/deviceManagement/deviceConfigurations\nContent-Type: application/json\n\n" + body + "\n\n###\n", ios, artefact.Body, "beta", "deviceConfigurations"},
		{"reply", "HTTP/1.1 201 Created\r\nContent-type: application/json\r\n\r\n" + body, ios, artefact.Read, "", ""},
		{"Microsoft365DSC", "Configuration M { Import-DscResource -ModuleName 'Microsoft365DSC'\n Node localhost {\n  IntuneTrustedRootCertificateIOS \"a b\"\n  {\n   Assignments = @(MSFT_x{\n    a = 'b'\n   });\n   Credential = $c;\n   trustedRootCertificate = \"BASE64\";\n  }\n } }\n", ios, artefact.Desired, "", ""},
		{"Microsoft365DSC for Windows", "# Microsoft365DSC\nIntuneDeviceConfigurationTrustedCertificatePolicyWindows10 'x' {\n TrustedRootCertificate = 'BASE64'; # }\n DestinationStore = 'computerCertStoreRoot'\n}\n", win, artefact.Desired, "", ""},
		{"state of Terraform", `{"version": 4, "terraform_version": "1.9.0", "resources": [{"type": "random_id", "instances": [{"attributes": {"trusted_root_certificate": "x"}}]}, {"type": "microsoft365_graph_beta_device_management_windows_trusted_root_certificate", "name": "r", "instances": [{"schema_version": 0, "attributes": {"destination_store": "computerCertStoreRoot", "trusted_root_certificate": "BASE64"}}]}]}`, win, artefact.Desired, "", ""},
		{"state as it is shown", `{"format_version": "1.0", "terraform_version": "1.9.0", "values": {"root_module": {"child_modules": [{"resources": [{"type": "microsoft365_graph_beta_device_management_macos_device_configuration_templates", "values": {"display_name": "x", "trusted_certificate": {"cert_file_name": "a.cer", "trusted_root_certificate": "BASE64"}}}]}]}}}`, mac, artefact.Desired, "", ""},
	}
	list := "https://graph.microsoft.com/beta/deviceManagement/deviceConfigurations"
	for _, pasted := range []struct {
		name, text    string
		form          artefact.Form
		version, list string
	}{
		{"in a document", "# Roots\n\nWe posted {this}:\n\n```json\n" + strings.ReplaceAll(body, ",", ",\n ") + "\n```\n\nand {\"error\": 1} came.\n", artefact.Body, "", ""},
		{"in a document with the request", "```http\nPOST " + list + "\n```\n\n```json\n" + body + "\n```\n", artefact.Body, "beta", "deviceConfigurations"},
		{"in a document as a reply", "First:\n\nPOST " + list + "\n\n```http\nHTTP/1.1 201 Created\nContent-Type: application/json\n\n" + body + "\n```\n", artefact.Read, "", ""},
		{"in quoted mail", "Anna wrote:\n> > We sent\r\n> > " + strings.ReplaceAll(body, ",", ",\r\n> > ") + "\n>\n> and it said 400\n", artefact.Body, "", ""},
		{"in a command", "curl -X POST " + list + " -H 'Content-Type: application/json' \\\n  -d '" + body + "'\n", artefact.Body, "beta", "deviceConfigurations"},
		{"in a command, the address last", "curl --json '" + body + "' -X POST '" + list + "'\n", artefact.Body, "beta", "deviceConfigurations"},
		{"in a command of another shell", `curl.exe -d "` + strings.ReplaceAll(body, `"`, `\"`) + `" ` + list + "\n", artefact.Body, "beta", "deviceConfigurations"},
	} {
		tests = append(tests, struct {
			name, text, kind string
			form             artefact.Form
			version, list    string
		}{pasted.name, pasted.text, ios, pasted.form, pasted.version, pasted.list})
	}
	parts := graphParts(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := bundle.Parse("x", []byte(parts.Replace(tt.text)))
			if err != nil {
				t.Fatal(err)
			}
			if len(f.Graph) != 1 || len(f.Certificates) != 1 {
				t.Fatalf("%d objects, %d certificates", len(f.Graph), len(f.Certificates))
			}
			g := f.Graph[0]
			if g.Type != "#microsoft.graph."+tt.kind || g.Form != tt.form || g.TrustedCertificate.Fault != "" || g.Version != tt.version || g.List != tt.list {
				t.Errorf("%s %s %q %s %s", g.Type, g.Form, g.TrustedCertificate.Fault, g.Version, g.List)
			}
			if tt.kind == win && g.DestinationStore != store {
				t.Errorf("store %q", g.DestinationStore)
			}
		})
	}
	if f, err := bundle.Parse("x", []byte(parts.Replace("# Microsoft365DSC\nIntuneTrustedRootCertificateIOS 'x'\n{\n Ensure = 'Absent';\n trustedRootCertificate = 'BASE64'\n}\n"))); err == nil {
		t.Errorf("what is to be taken away gives %d certificates", len(f.Certificates))
	}
	for text, want := range map[string]bundle.Format{"# Microsoft365DSC\nIntuneTrustedRootCertificateIOS 'x'\n{\n trustedRootCertificate = 'BASE64'\n}\n": bundle.GraphJSON, "# Microsoft365DSC\nGet-Service\n": bundle.Script} {
		if f, err := bundle.Parse("x.ps1", []byte(parts.Replace(text))); err != nil || f.Format != want {
			t.Errorf("named as a script: %v", err)
		}
	}
	// What was read back may lack the certificate, and a body may not.
	for text, missing := range map[string]bool{
		`{"@odata.type": "#microsoft.graph.iosTrustedRootCertificate", "displayName": "x"}`: true, `{"@odata.type": "#microsoft.graph.iosTrustedRootCertificate", "createdDateTime": "2026-01-01T00:00:00Z"}`: false,
		`{"@odata.type": "#microsoft.graph.iosImportedPFXCertificateProfile", "displayName": "x"}`: false,
	} {
		if f, err := bundle.Parse("x", []byte(text)); err != nil || (f.Graph[0].TrustedCertificate != nil) != missing {
			t.Errorf("%s: %v, %v", text, f, err)
		}
	}
	// A property that is empty is missing, as one that is null or not there.
	for value, missing := range map[string]bool{`""`: true, "null": true, `"x"`: false} {
		f, err := bundle.Parse("x", []byte(`{"@odata.type": "#microsoft.graph.userPFXCertificate", "keyName": `+value+`}`))
		if err != nil || f.Graph[0].UserPFX == nil || slices.Contains(f.Graph[0].UserPFX.Missing, "keyName") != missing {
			t.Errorf("%s: %v, %v", value, f, err)
		}
	}
	f, err := bundle.Parse("x", []byte("POST /beta/deviceManagement/userPfxCertificates HTTP/1.1\n\n[{\"thumbprint\": \"x\", \"encryptedPfxBlob\": \"AAAA\"}]"))
	if err != nil || f.Graph[0].Known() == nil || f.Graph[0].Known().Kind != msgraph.Record || f.Graph[0].Form != artefact.Body {
		t.Errorf("a list of one type: %v", err)
	}
	f, err = bundle.Parse("x", []byte(parts.Replace(`{"@odata.type": "#microsoft.graph.iosTrustedRootCertificate", "trustedRootCertificate": [NUMBERS]}`)))
	if err != nil || f.Graph[0].TrustedCertificate.Fault != artefact.FaultNumbers || len(f.Certificates) != 1 {
		t.Errorf("octets of a body as a list: %v", err)
	}
}

// TestGraphBlanked holds that secrets which Microsoft Graph does not give back are no
// fault, and those that somebody forgot are one.
func TestGraphBlanked(t *testing.T) {
	for text, want := range map[string]bool{
		`{"id": "1", "encryptedPfxBlob": "AA==", "encryptedPfxPassword": ""}`:                                      true,
		`{"value": [{"id": "1", "createdDateTime": "x", "encryptedPfxBlob": null, "encryptedPfxPassword": null}]}`: true,
		`{"Id": "1", "EncryptedPfxBlob": [0], "EncryptedPfxPassword": null, "UserPrincipalName": "a@b.c"}`:         true,
		`{"encryptedPfxBlob": "AA==", "encryptedPfxPassword": ""}`:                                                 false,
		`{"id": "1", "encryptedPfxBlob": "AA==", "encryptedPfxPassword": "secret!"}`:                               false,
		`{"id": "1", "encryptedPfxBlob": "????", "encryptedPfxPassword": ""}`:                                      false,
	} {
		f, err := bundle.Parse("x", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if u := f.Graph[0].UserPFX; u.Blanked != want {
			t.Errorf("%s: blanked %t", text, u.Blanked)
		} else if want && (u.BlobFault != "" || u.PasswordFault != "") {
			t.Errorf("%s: %+v", text, u)
		}
	}
}

// TestGraphNumbers holds that a number is a word where both ways to count agree, and
// none where they do not.
func TestGraphNumbers(t *testing.T) {
	read := func(text string) *artefact.Graph {
		f, err := bundle.Parse("x", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return &f.Graph[0]
	}
	g := read(`{"OdataType": "#microsoft.graph.userPFXCertificate", "IntendedPurpose": 2, "PaddingScheme": 5}`)
	if g.IntendedPurpose != "smimeSigning" || g.UserPFX.PaddingScheme != "oaepSha512" || len(g.Numbers) != 2 {
		t.Errorf("%+v", g)
	}
	for text, want := range map[string]artefact.Number{
		`{"OdataType": "#microsoft.graph.userPFXCertificate", "IntendedPurpose": 4}`:                {Property: "intendedPurpose", Value: 4, Documented: "vpn", Counted: "wifi"},
		`{"OdataType": "#microsoft.graph.iosImportedPFXCertificateProfile", "IntendedPurpose": 2}`:  {Property: "intendedPurpose", Value: 2, Documented: "smimeEncryption", Counted: "smimeSigning"},
		`{"OdataType": "#microsoft.graph.iosImportedPFXCertificateProfile", "IntendedPurpose": 0}`:  {Property: "intendedPurpose", Value: 0, Counted: "unassigned"},
		`{"OdataType": "#microsoft.graph.iosImportedPFXCertificateProfile", "IntendedPurpose": -1}`: {Property: "intendedPurpose", Value: -1},
	} {
		g := read(text)
		if n := g.Number("intendedPurpose"); n == nil || *n != want || n.Same() || g.IntendedPurpose != "" {
			t.Errorf("%s: %+v", text, n)
		}
	}
	if g := read(`{"@odata.type": "#microsoft.graph.iosImportedPFXCertificateProfile", "intendedPurpose": "SMIMESigning"}`); g.IntendedPurpose != "SMIMESigning" || g.Numbers != nil {
		t.Errorf("%+v", g)
	}
}

func TestGraphTime(t *testing.T) {
	for text, want := range map[string]int64{
		"/Date(1764181827000)/":        1764181827,
		`\/Date(1764181827000+0900)\/`: 1764181827,
		"2025-11-26T18:30:27Z":         1764181827,
		"2025-11-27T03:30:27+09:00":    1764181827,
	} {
		if got, err := msgraph.ParseTime(text); err != nil || got.Unix() != want {
			t.Errorf("%s: %v %v", text, got, err)
		}
	}
	for _, text := range []string{"", "2025-11-26", "/Date()/", "/Date(9999999999999999999)/"} {
		if got, err := msgraph.ParseTime(text); err == nil {
			t.Errorf("%s: %v", text, got)
		}
	}
	f, err := bundle.Parse("x", []byte(`{"EncryptedPfxBlob": "AAAA", "StartDateTime": {"value": "\/Date(1764181827000)\/", "DisplayHint": 2, "DateTime": "Wednesday"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := msgraph.ParseTime(f.Graph[0].UserPFX.Start); err != nil || !got.Equal(time.Unix(1764181827, 0)) {
		t.Errorf("%v %v", got, err)
	}
}

// TestGraphEnrolment reads what profiles ask a CA for, and what a mail profile names.
func TestGraphEnrolment(t *testing.T) {
	tests := []struct {
		text                 string
		mail, names, address bool
	}{
		{`{}`, false, false, false},
		{`{"extendedKeyUsages": [{"name": "Secure Email", "objectIdentifier": "1.3.6.1.5.5.7.3.4"}], "subjectAlternativeNameType": "userPrincipalName"}`, true, true, false},
		{`{"subjectAlternativeNameType": "userPrincipalName,emailAddress"}`, false, true, true},
		{`{"customSubjectAlternativeNames": [{"sanType": "emailAddress", "name": "{{mail}}"}]}`, false, true, true},
		{`{"customSubjectAlternativeNames": [{"sanType": "domainNameService", "name": "x"}]}`, false, true, false},
		{`{"subjectAlternativeNameType": 2}`, false, false, true},
		{`{"subjectAlternativeNameType": "none", "subjectNameFormat": "commonNameIncludingEmail"}`, false, true, true},
		{`{"subjectAlternativeNameType": "none", "subjectNameFormatString": "CN={{UserName}},E={{EmailAddress}}"}`, false, true, true},
		{`{"subjectAlternativeNameType": "none", "subjectNameFormatString": "CN={{UserName}},O=Example"}`, false, true, false},
	}
	for _, tt := range tests {
		f, err := bundle.Parse("x", []byte(`{"@odata.type": "#microsoft.graph.iosScepCertificateProfile", "x": 0, `+strings.TrimPrefix(strings.Replace(tt.text, "{}", `{"y": 0}`, 1), "{")))
		if err != nil {
			t.Fatal(err)
		}
		if e := f.Graph[0].Enrolment; e.Mail() != tt.mail || e.Names != tt.names || e.Address != tt.address {
			t.Errorf("%s: %+v", tt.text, e)
		}
	}
	f, err := bundle.Parse("x", []byte(`{"@odata.type": "#microsoft.graph.iosEasEmailProfileConfiguration", "smimeSigningCertificate@odata.bind": "https://graph.microsoft.com/beta/deviceManagement/deviceConfigurations/0a-1",
		"smimeEncryptionCertificate": {"Id": "2", "OdataType": "#microsoft.graph.iosImportedPFXCertificateProfile", "AdditionalData": {"intendedPurpose": "smimeEncryption"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if m := f.Graph[0].Mail; m.Signing.ID != "0a-1" || *m.Encryption != (artefact.Reference{ID: "2", Type: "#microsoft.graph.iosImportedPFXCertificateProfile", Purpose: "smimeEncryption"}) {
		t.Errorf("%+v %+v", m.Signing, m.Encryption)
	}
}

// TestGraphExportedReference reads what IntuneManagement writes in place of a profile.
func TestGraphExportedReference(t *testing.T) {
	f, err := bundle.Parse("x", []byte(`{"@odata.type": "#microsoft.graph.iosEasEmailProfileConfiguration", "createdDateTime": "2026-01-01T00:00:00Z",
		"#CustomRef_smimeEncryptionCertificate": "Example|:|#microsoft.graph.iosScepCertificateProfile"}`))
	if err != nil {
		t.Fatal(err)
	}
	if m := f.Graph[0].Mail; m.Signing != nil || m.Encryption == nil || m.Encryption.Type != "#microsoft.graph.iosScepCertificateProfile" {
		t.Errorf("%+v", m)
	}
}

// TestGraphBounds holds that what is wrapped deep or often is bounded.
func TestGraphBounds(t *testing.T) {
	outside.SkipUnderRace(t)
	deep := strings.Repeat(`{"value":[`, 1000) + `{"trustedRootCertificate":"AAAA"}` + strings.Repeat(`]}`, 1000)
	if f, err := bundle.Parse("x", []byte(deep)); err == nil {
		t.Errorf("%d objects", len(f.Graph))
	}
	for _, text := range []string{
		strings.Repeat("IntuneTrustedRootCertificateIOS 'x' {\n a = '\n", 1<<14),
		"IntuneTrustedRootCertificateIOS 'x' {\n a = " + strings.Repeat(`""`, 1<<18) + `"`,
		"IntuneTrustedRootCertificateIOS 'x' {\n" + strings.Repeat("a = ", 1<<17),
	} {
		start := time.Now()
		_, _ = bundle.Parse("x", []byte("Microsoft365DSC\n"+text))
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%.40q takes %s", text, took)
		}
	}
	list := make([]map[string]string, bundle.MaxObjects+1)
	many, err := json.Marshal(map[string]any{"Value": list})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bundle.Parse("x", many); err == nil {
		t.Error("any number of objects is taken")
	}
}
