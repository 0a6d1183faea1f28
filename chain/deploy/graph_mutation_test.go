package deploy

import (
	"bytes"
	"encoding/base64"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/lint"
)

// checkProfiles adds the changes about where bodies are sent and about profiles without
// a certificate.
func checkProfiles(t *testing.T, all map[string]artefacts, check func(string, artefacts, ...string)) {
	t.Helper()
	intune := func(texts ...string) artefacts {
		a := artefacts{target: lint.Intune, files: map[string][]byte{}}
		for i, text := range texts {
			a.files[string(rune('a'+i))+".json"] = []byte(text)
		}
		return a
	}
	clean := func(name string, a artefacts) {
		if got := a.findings(t); len(got) > 0 {
			t.Errorf("%s is not clean: %v", name, got)
		}
	}
	var body []byte
	for _, data := range all["ios"].files {
		if len(intune(string(data)).findings(t)) == 0 { // of a root that needs no other file
			body = data
		}
	}
	send := func(address string) artefacts {
		return intune("POST https://graph.microsoft.com/" + address + "\n\n" + string(body))
	}
	clean("a body sent to beta", send("beta/deviceManagement/deviceConfigurations"))
	check("e_graph_version", send("v1.0/deviceManagement/deviceConfigurations"))
	check("e_graph_list", send("beta/deviceManagement/resourceAccessProfiles"))
	check("n_graph_number", intune(`{"OdataType": "#microsoft.graph.macOSImportedPFXCertificateProfile", "IntendedPurpose": 3}`))

	const (
		mail   = `{"@odata.type": "#microsoft.graph.iosEasEmailProfileConfiguration", "smimeEncryptionCertificate@odata.bind": "https://graph.microsoft.com/beta/deviceManagement/deviceConfigurations('1')"}`
		scep   = `{"@odata.type": "#microsoft.graph.iosScepCertificateProfile", "id": "1"}`
		signs  = `{"@odata.type": "#microsoft.graph.iosImportedPFXCertificateProfile", "id": "1", "intendedPurpose": "smimeSigning"}`
		forUse = `{"@odata.type": "#microsoft.graph.windows81SCEPCertificateProfile", "extendedKeyUsages": [{"objectIdentifier": "1.3.6.1.5.5.7.3.4"}], `
	)
	clean("a mail profile alone", intune(mail))
	check("e_graph_mail_enrolled", intune(mail, scep))
	check("e_graph_mail_purpose", intune(mail, signs))
	check("e_graph_enrolled_usage", intune(forUse+`"keyUsage": "keyEncipherment", "subjectAlternativeNameType": "emailAddress"}`))
	check("e_graph_enrolled_address", intune(forUse+`"keyUsage": "digitalSignature", "subjectAlternativeNameType": "userPrincipalName"}`))
	clean("a profile for S/MIME", intune(forUse+`"keyUsage": "digitalSignature", "subjectAlternativeNameType": "emailAddress"}`))

	const password = "Grüße-2026-lang-genug"
	pfx := all["pfx"]
	blob := between(t, pfx.files["user.json"], `"encryptedPfxBlob": "`, `"`)
	other := base64.StdEncoding.EncodeToString(testPFX(t, bothUsages, password))
	pfx.files = map[string][]byte{"user.json": bytes.Replace(slices.Clone(pfx.files["user.json"]), []byte(blob), []byte(other), 1)}
	pfx.password = password
	check("e_graph_pfx_password_not_ascii", pfx)
}
