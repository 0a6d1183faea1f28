package bundle

import (
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/lint/say"
)

// TestGraphObject holds which objects are of Microsoft Graph for certificates, and what is
// read of each.
func TestGraphObject(t *testing.T) {
	parse := func(r *reading, text []byte) (bool, error) { return r.parseJSON(text) }
	checkGraphRows(t, []graphRow{
		{"a certificate without a type", `{"trustedRootCertificate": ""}`, "? body trusted=0"},
		{"a PFX without a type", `{"encryptedPfxBlob": ""}`, "? body pfx"},
		{"a known type", `{"@odata.type": "#microsoft.graph.iosScepCertificateProfile"}`, "iosScepCertificateProfile body"},
		{"a type like those", `{"@odata.type": "#microsoft.graph.newTrustedRootCertificate"}`, "newTrustedRootCertificate body trusted=0"},
		{"another type", `{"@odata.type": "#microsoft.graph.user"}`, ""},
		{"an app", `{"@odata.type": "#microsoft.graph.iosMobileAppConfiguration"}`, ""},
		{"an app with S/MIME", `{"@odata.type": "#microsoft.graph.iosMobileAppConfiguration", "settings": [{"appConfigKey": "com.microsoft.outlook.Mail.SMIMEEnabled", "appConfigKeyValue": "true"}]}`, "iosMobileAppConfiguration body"},
		{"another type beside", `[{"@odata.type": "x"}, {"@odata.type": "#microsoft.graph.iosScepCertificateProfile"}]`, "iosScepCertificateProfile body; 1 other"},
		{"fields", `{"@odata.type": "#microsoft.graph.windows81TrustedRootCertificate", "id": "1", "displayName": "n", "certFileName": "f", "destinationStore": "computerCertStoreRoot"}`,
			"windows81TrustedRootCertificate body file=f id=1 name=n store=computerCertStoreRoot trusted=0"},
		{"a purpose by its number in a profile", `{"@odata.type": "#microsoft.graph.iosImportedPFXCertificateProfile", "intendedPurpose": "smimeSigning"}`, "iosImportedPFXCertificateProfile body for=smimeSigning"},
		{"a purpose by its number in a record", `{"encryptedPfxBlob": "", "intendedPurpose": 2}`, "? body for=smimeSigning pfx"},
		{"a record by its type", `{"@odata.type": "#microsoft.graph.userPFXCertificate"}`, "userPFXCertificate body pfx"},
		{"no certificate in what was read", `{"@odata.type": "#microsoft.graph.iosTrustedRootCertificate", "createdDateTime": "x"}`, "iosTrustedRootCertificate read"},
	}, parse)
	checkEnded(t, `{"trustedRootCertificate": ""}`, parse)
	for _, tt := range []struct {
		kind, rest               string
		mail, enrolment, outlook bool
	}{
		{"iosEasEmailProfileConfiguration", "", true, false, false},
		{"iosScepCertificateProfile", "", false, true, false},
		{"iosPkcsCertificateProfile", "", false, true, false},
		{"iosTrustedRootCertificate", "", false, false, false},
		{"iosMobileAppConfiguration", `, "settings": [{"appConfigKey": "com.microsoft.outlook.Mail.SMIMEEnabled", "appConfigKeyValue": "true"}]`, false, false, true},
	} {
		r := newReading(t)
		if _, err := r.parseJSON([]byte(`{"@odata.type": "#microsoft.graph.` + tt.kind + `"` + tt.rest + `}`)); err != nil {
			t.Fatal(err)
		}
		if g := r.Graph[0]; (g.Mail != nil) != tt.mail || (g.Enrolment != nil) != tt.enrolment || (g.Outlook != nil) != tt.outlook {
			t.Errorf("%s: %+v", tt.kind, g)
		}
	}
	var none File
	one, other := File{Format: GraphJSON, Graph: []artefact.Graph{{Type: "#microsoft.graph.iosTrustedRootCertificate"}}}, File{Format: Script}
	other.Graph = one.Graph
	for _, tt := range []struct {
		f    *File
		want string
	}{{&none, ""}, {&File{Format: GraphJSON}, ""}, {&one, "ios"}, {&other, ""}} {
		if got := tt.f.Group(); got != tt.want {
			t.Errorf("%d objects: group %q", len(tt.f.Graph), got)
		}
	}
	with, without := artefact.Graph{TrustedCertificate: new(artefact.Binary)}, artefact.Graph{}
	for _, tt := range []struct {
		list []artefact.Graph
		want bool
	}{{nil, false}, {[]artefact.Graph{with}, true}, {[]artefact.Graph{without}, false}, {[]artefact.Graph{with, with}, false}} {
		if (&File{Graph: tt.list}).single() != tt.want {
			t.Errorf("%d objects: single %t", len(tt.list), !tt.want)
		}
	}
}

// TestGraphSecrets holds what is said of the PFX and the password of a record, in each form.
func TestGraphSecrets(t *testing.T) {
	const numbers, zeros = artefact.FaultNumbers, "AAAA"
	missing := func(but ...string) string { // of a body that has only some
		return strings.Join(slices.DeleteFunc(slices.Clone(userPFXFields), func(s string) bool { return slices.Contains(but, s) }), " ")
	}
	for _, tt := range []struct {
		name           string
		form           artefact.Form
		text           string
		after          artefact.Form
		blob, password say.Text
		size           int
		blanked        bool
		missing        string
	}{
		{"body", artefact.Body, `{"encryptedPfxBlob": "AQID", "encryptedPfxPassword": "AQIDBA=="}`, artefact.Body, artefact.FaultOther, "", 4, false, missing("encryptedPfxBlob", "encryptedPfxPassword")},
		{"body as numbers", artefact.Body, `{"encryptedPfxBlob": [1, 2], "encryptedPfxPassword": [1, 2, 3]}`, artefact.Body, numbers, numbers, 3, false, missing("encryptedPfxBlob", "encryptedPfxPassword")},
		{"printed as numbers", artefact.Printed, `{"encryptedPfxBlob": [1, 2], "encryptedPfxPassword": [1, 2, 3]}`, artefact.Printed, artefact.FaultOther, "", 3, false, missing("encryptedPfxBlob", "encryptedPfxPassword")},
		{"read as something else", artefact.Read, `{"encryptedPfxBlob": 1, "encryptedPfxPassword": 1}`, artefact.Read, artefact.FaultOther, artefact.FaultOther, 0, false, ""},
		{"read, blank", artefact.Read, `{"encryptedPfxBlob": "` + zeros + `", "encryptedPfxPassword": ""}`, artefact.Read, "", "", 0, true, ""},
		{"read, not there", artefact.Read, `{"keyName": null, "thumbprint": "", "providerName": "p"}`, artefact.Read, "", "", 0, true, "thumbprint keyName"},
		{"read, the PFX alone blank", artefact.Read, `{"encryptedPfxBlob": "` + zeros + `", "encryptedPfxPassword": "AQID"}`, artefact.Read, artefact.FaultOther, "", 3, false, ""},
		{"read, the password alone blank", artefact.Read, `{"encryptedPfxBlob": "AQID", "encryptedPfxPassword": ""}`, artefact.Read, artefact.FaultOther, artefact.FaultEmpty, 0, false, "encryptedPfxPassword"},
		{"a body with an id, blank", artefact.Body, `{"id": "1", "encryptedPfxBlob": "` + zeros + `", "encryptedPfxPassword": "` + zeros + `"}`, artefact.Read, "", "", 0, true, ""},
		{"a body without an id, blank", artefact.Body, `{"encryptedPfxBlob": "` + zeros + `", "encryptedPfxPassword": ""}`, artefact.Body, artefact.FaultOther, artefact.FaultEmpty, 0, false, missing("encryptedPfxBlob")},
		{"printed with an id, blank", artefact.Printed, `{"id": "1"}`, artefact.Printed, "", "", 0, true, missing("encryptedPfxBlob", "encryptedPfxPassword")},
	} {
		var object map[string]json.RawMessage
		if err := json.Unmarshal([]byte(tt.text), &object); err != nil {
			t.Fatal(err)
		}
		o := graphValues(lower(object))
		g := artefact.Graph{Form: tt.form, ID: jsonText(o["id"])}
		u := newReading(t).parseUserPFX(&g, o)
		if g.Form != tt.after || u.BlobFault != tt.blob || u.PasswordFault != tt.password || u.PasswordSize != tt.size || u.Blanked != tt.blanked || strings.Join(u.Missing, " ") != tt.missing || u.PFX != nil {
			t.Errorf("%s: %s %+v", tt.name, g.Form, u)
		}
	}
	files, password := damageSubjects(t)
	r := newReading(t)
	r.password = &password
	pfx, _ := json.Marshal(files["PFX"])
	u := r.parseUserPFX(&artefact.Graph{Form: artefact.Body}, graphValues{"encryptedpfxblob": pfx})
	if u.PFX == nil || u.BlobFault != "" || u.Blanked || len(r.Keys) == 0 || r.Password == nil {
		t.Errorf("a PFX: %+v", u)
	}
	if u := newReading(t).parseUserPFX(&artefact.Graph{Form: artefact.Body}, graphValues{"encryptedpfxblob": []byte(`"MIIB??"`)}); u.BlobFault != artefact.FaultAlphabet {
		t.Errorf("what is no base64: %q", u.BlobFault)
	}
}

// TestGraphBinary holds what is said of the octets of a certificate, by how they are
// written and in which form.
func TestGraphBinary(t *testing.T) {
	files, _ := damageSubjects(t)
	der := files["DER"]
	b64 := func(data []byte) string { return `"` + base64.StdEncoding.EncodeToString(data) + `"` }
	numbers := "[" + string(numbers(der, "%d", ",")) + "]"
	pem := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	key := "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"
	for _, tt := range []struct {
		name, raw    string
		form         artefact.Form
		want         say.Text
		certificates int
	}{
		{"nothing", ``, artefact.Body, artefact.FaultEmpty, 0},
		{"base64", b64(der), artefact.Body, "", 1},
		{"base64, read", b64(der), artefact.Read, "", 1},
		{"base64 in lines", strings.Replace(b64(der), "M", ` M`, 1), artefact.Read, artefact.FaultLines, 1},
		{"numbers", numbers, artefact.Body, artefact.FaultNumbers, 1},
		{"numbers, printed", numbers, artefact.Printed, "", 1},
		{"numbers of something else", `[1, 2]`, artefact.Body, artefact.FaultOther, 0},
		{"no octets", `[1, 300]`, artefact.Printed, artefact.FaultOther, 0},
		{"PEM", b64([]byte(pem)), artefact.Body, artefact.FaultPEM, 1},
		{"PEM of two", b64([]byte(pem + pem)), artefact.Body, artefact.FaultSeveral, 2},
		{"PEM with a key", b64([]byte(pem + key)), artefact.Body, artefact.FaultKey, 0},
		{"PEM of nothing", b64([]byte("-----BEGIN \n")), artefact.Body, artefact.FaultPEM, 0},
		{"with more behind", b64(append(slices.Clone(der), 0)), artefact.Body, artefact.FaultTrailing, 1},
		{"PFX", b64(files["PFX"]), artefact.Body, artefact.FaultPFX, 0},
		{"PKCS #7", b64(files["PKCS7"]), artefact.Body, artefact.FaultSeveral, 0},
		{"store", b64(files["SST"]), artefact.Body, artefact.FaultSeveral, 0},
		{"revocation list", b64(files["CRL"]), artefact.Body, artefact.FaultOther, 0},
	} {
		r := newReading(t)
		if b := r.trusted(json.RawMessage(tt.raw), tt.form); b.Fault != tt.want || len(b.Certificates) != tt.certificates || len(r.Certificates) != tt.certificates {
			t.Errorf("%s: %q and %d certificates, want %q", tt.name, b.Fault, len(b.Certificates), tt.want)
		}
	}
	for text, want := range map[string]say.Text{
		"": artefact.FaultEmpty, "data:x": artefact.FaultDataURI, " -----BEGIN X": artefact.FaultPEM,
		"AAAA": "", "AA AA": artefact.FaultLines, "AAA": artefact.FaultAlphabet, "AAB=": artefact.FaultAlphabet,
	} {
		if _, fault := decodeBinary(text); fault != want {
			t.Errorf("%s: %q, want %q", text, fault, want)
		}
	}
	for _, tt := range []struct {
		data  []byte
		fault say.Text
		want  bool
	}{
		{nil, artefact.FaultEmpty, true}, {nil, artefact.FaultOther, false}, {nil, "", false},
		{[]byte{0}, "", true}, {[]byte{0, 0}, artefact.FaultNumbers, true}, {[]byte{0, 1}, "", false}, {[]byte{}, "", true},
	} {
		if isBlanked(tt.data, tt.fault) != tt.want {
			t.Errorf("%x with %q", tt.data, tt.fault)
		}
	}
}
