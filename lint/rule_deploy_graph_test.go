package lint_test

import (
	"crypto/sha1"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"maps"
	"testing"

	"github.com/smimechain/smimechain/lint"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// values are the properties of an object; nil takes one away.
type values map[string]any

// object writes an object of Microsoft Graph, with changes.
func object(odata string, properties, changes values) string {
	o := values{"@odata.type": "#microsoft.graph." + odata}
	maps.Copy(o, properties)
	maps.Copy(o, changes)
	maps.DeleteFunc(o, func(_ string, v any) bool { return v == nil })
	text, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// sentTo is a $batch that sends an object to an address.
func sentTo(address, object string) string {
	return `{"requests": [{"id": "1", "method": "POST", "url": "` + address + `", "body": ` + object + `}]}`
}

func inBase64(data []byte) string { return base64.StdEncoding.EncodeToString(data) }

// imported is an imported PFX with which everything is right, with changes.
func imported(changes values) string { return importedOf(user(), changes) }

func importedOf(s *signer, changes values) string {
	sum := sha1.Sum(s.Raw)
	const form = "2006-01-02T15:04:05Z"
	return object("userPFXCertificate", values{
		"thumbprint": hex.EncodeToString(sum[:]), "intendedPurpose": "smimeSigning", "userPrincipalName": "user@example.com",
		"startDateTime": s.NotBefore.Format(form), "expirationDateTime": s.NotAfter.Format(form),
		"providerName": "Provider", "keyName": "Key", "paddingScheme": "oaepSha512",
		"encryptedPfxBlob":     inBase64(encode(gopkcs12.LegacyDES.WithIterations(2048), "secret", s, issuing(), root())),
		"encryptedPfxPassword": inBase64(make([]byte, 256)),
	}, changes)
}

// TestGraphRules holds what rules say of imported PFX files.
func TestGraphRules(t *testing.T) {
	const read = "createdDateTime" // which the service alone writes
	signs, encrypts := user(keyUsage(x509.KeyUsageDigitalSignature)), user(keyUsage(x509.KeyUsageKeyAgreement))
	sum := sha1.Sum(user().Raw)
	deliver := func(purpose any) string {
		return object("iosImportedPFXCertificateProfile", values{"id": "1", "intendedPurpose": purpose}, nil)
	}
	const accents = "pässwörter"
	none, what := lint.Facts{}, func(s ...string) []string { return s }
	for _, tt := range []struct {
		rule  string
		facts lint.Facts
		open  bool
		files []string
		parts []string
	}{
		{"e_graph_odata_type", none, true, what(object("UserPFXCertificate", values{"encryptedPfxBlob": "x"}, nil)), what("@odata.type must be #microsoft.graph.userPFXCertificate")},
		{"e_graph_odata_type", none, true, what(object("importedCertificate", values{"encryptedPfxBlob": "x"}, nil)), what("@odata.type is none that is known")},

		{"e_graph_enum_number", none, true, what(imported(nil)), nil},
		{"e_graph_enum_number", none, true, what(imported(values{"intendedPurpose": 4})), what("intendedPurpose is a number")},
		{"e_graph_enum_number", none, true, what(imported(values{"intendedPurpose": 4, read: "2026-11-01T00:00:00Z"})), nil},
		{"e_graph_pfx_purpose", none, true, what(imported(nil)), nil},
		{"e_graph_pfx_purpose", none, true, what(imported(values{"intendedPurpose": "vpn"})), what("intendedPurpose is neither")},
		{"e_graph_pfx_purpose", none, true, what(imported(values{"intendedPurpose": "unassigned"})), nil},
		{"w_graph_pfx_purpose_unassigned", none, true, what(imported(values{"intendedPurpose": "Unassigned"})), what("intendedPurpose is unassigned")},
		{"w_graph_pfx_purpose_unassigned", none, true, what(imported(nil)), nil},

		{"e_graph_pfx_fields", none, true, what(imported(nil)), nil},
		{"e_graph_pfx_fields", none, true, what(imported(values{"keyName": "", "thumbprint": nil})), what("missing or empty: thumbprint, keyName")},
		{"e_graph_pfx_padding", none, true, what(imported(nil)), nil},
		{"e_graph_pfx_padding", none, true, what(imported(values{"paddingScheme": "pkcs1"})), what("paddingScheme is none of")},
		{"e_graph_pfx_thumbprint", none, true, what(imported(values{"thumbprint": hex.EncodeToString(sum[:]) + "g"})), what("is not 40 lower-case hexadecimal digits")},

		{"w_graph_pfx_dates", none, true, what(imported(nil)), nil},
		{"w_graph_pfx_dates", none, true, what(imported(values{"startDateTime": nil})), nil},
		{"w_graph_pfx_dates", none, true, what(imported(values{"expirationDateTime": nil})), nil},
		{"w_graph_pfx_dates", none, true, what(imported(values{"startDateTime": "2025-11-23T00:00:00Z"})), what("the dates are not those")},
		{"w_graph_pfx_dates", none, true, what(imported(values{"expirationDateTime": "2027-11-23T00:00:00Z"})), what("the dates are not those")},
		{"w_graph_pfx_dates", none, false, what(imported(values{"expirationDateTime": "2027-11-23T00:00:00Z"})), nil},
		{"e_graph_pfx_date_form", none, true, what(imported(values{"startDateTime": "22.11.2025"})), what("startDateTime is no date with an offset")},
		{"e_graph_pfx_date_form", none, true, what(imported(values{"expirationDateTime": "22.11.2027"})), what("expirationDateTime is no date with an offset")},
		{"e_graph_pfx_date_form", none, true, what(imported(values{"startDateTime": "/Date(1763769600000)/"})), what("startDateTime is no date with an offset")},
		{"e_graph_pfx_date_form", none, true, what(imported(values{"startDateTime": "01.01.2026 00:00:00 +00:00"})), what("startDateTime is no date")},
		{"e_graph_pfx_date_form", none, true, what(imported(values{"startDateTime": "2025-11-22 00:00:00Z"})), what("startDateTime is no date")},
		{"e_graph_pfx_date_form", none, true, what(imported(values{"startDateTime": "2025-11-22T00:00:00"})), what("startDateTime is no date")},
		{"e_graph_pfx_date_form", none, true, what(imported(values{"startDateTime": "2025-11-22T01:00:00.0000000+01:00"})), nil},
		{"e_graph_pfx_date_form", none, true, what(imported(values{"startDateTime": "2025-11-22t00:00z"})), nil},
		{"e_graph_pfx_date_form", none, true, what(imported(values{"startDateTime": "/Date(1763769600000)/", read: "2026-11-01T00:00:00Z"})), nil},
		{"w_graph_pfx_dates", none, true, what(imported(values{"startDateTime": "/Date(1763769600000)/", read: "2026-11-01T00:00:00Z"})), nil}, // as it is printed
		{"w_graph_pfx_dates", none, false, what(imported(values{"startDateTime": "2027-11-22T00:00:00Z"})), what("startDateTime is not before")},
		{"w_graph_pfx_dates", none, false, what(imported(values{"startDateTime": "2027-11-21T23:59:59Z"})), nil},

		{"e_graph_pfx_blob", none, true, what(imported(nil)), nil},
		{"e_graph_pfx_blob", none, false, what(imported(nil)), nil},
		{"e_graph_pfx_blob", none, true, what(imported(values{"encryptedPfxBlob": ""})), nil}, // of which e_graph_pfx_fields speaks
		{"e_graph_pfx_blob", none, true, what(imported(values{"encryptedPfxBlob": "", "encryptedPfxPassword": "", "id": "1"})), nil},
		{"e_graph_pfx_blob", none, true, what(imported(values{"encryptedPfxBlob": "data:x"})), what("cannot be used: it begins with data:")},
		{"e_graph_pfx_blob", none, true, what(imported(values{"encryptedPfxBlob": inBase64(trustStore())})), what("has 0 private keys, not one")},
		{"e_graph_pfx_blob", none, false, what(imported(values{"encryptedPfxBlob": inBase64(trustStore())})), nil},
		{"e_graph_pfx_password", none, true, what(imported(nil)), nil},
		{"e_graph_pfx_password", none, true, what(imported(values{"encryptedPfxPassword": ""})), nil},
		{"e_graph_pfx_password", none, true, what(imported(values{"encryptedPfxBlob": "", "encryptedPfxPassword": "", "id": "1"})), nil},
		{"e_graph_pfx_password", none, true, what(imported(values{"encryptedPfxPassword": "hunter2"})), what("is no ciphertext: it is not standard base64")},
		{"e_graph_pfx_password", none, true, what(imported(values{"encryptedPfxPassword": inBase64(make([]byte, 257))})), what("has 257 octets, which is no size")},
		{"e_graph_pfx_password", lint.Facts{ConnectorKeyBits: 2050}, true, what(imported(values{"encryptedPfxPassword": inBase64(make([]byte, 257))})), nil},
		{"e_graph_pfx_password", lint.Facts{ConnectorKeyBits: 3072}, true, what(imported(nil)), what("has 256 octets, which is not the size of the connector's key of 3072 bits")},
		{"e_graph_pfx_password_not_ascii", none, true, what(imported(nil)), nil},

		{"e_graph_pfx_purpose_usage", none, true, what(imported(nil)), nil},
		{"e_graph_pfx_purpose_usage", none, true, what(importedOf(signs, nil)), nil},
		{"e_graph_pfx_purpose_usage", none, true, what(importedOf(encrypts, nil)), what("smimeSigning, but the certificate is not for signatures")},
		{"e_graph_pfx_purpose_usage", none, false, what(importedOf(encrypts, nil)), nil},
		{"e_graph_pfx_purpose_usage", none, true, what(importedOf(encrypts, values{"intendedPurpose": "smimeEncryption"})), nil},
		{"e_graph_pfx_purpose_usage", none, true, what(importedOf(signs, values{"intendedPurpose": "SmimeEncryption"})), what("smimeEncryption, but the certificate is not for encryption")},
		{"e_graph_pfx_purpose_usage", none, true, what(importedOf(signs, values{"intendedPurpose": "wifi"})), nil},
		{"e_graph_pfx_purpose_usage", none, true, what(importedOf(signs, values{"intendedPurpose": nil})), nil},
		{"e_graph_pfx_purpose_usage", none, true, what(importedOf(encrypts, values{"intendedPurpose": nil})), nil},

		{"w_graph_pfx_user", none, true, what(imported(nil)), nil},
		{"w_graph_pfx_user", none, true, what(imported(values{"userPrincipalName": "Example User"})), what("is not of the form user@domain")},
		{"w_graph_pfx_user", none, true, what(imported(values{"userPrincipalName": ""})), nil},
		{"w_graph_pfx_id", none, true, what(imported(values{"id": "1"})), what("the object has an id")},
		{"w_graph_pfx_id", none, true, what(imported(values{"id": "1", read: "2026-11-01T00:00:00Z"})), nil},

		{"e_graph_pfx_key_name", lint.Facts{ConnectorKeyName: "KEY"}, true, what(imported(nil)), nil},
		{"e_graph_pfx_key_name", lint.Facts{ConnectorKeyName: "Other"}, true, what(imported(nil)), what("keyName is not the name")},
		{"e_graph_pfx_key_name", lint.Facts{ConnectorKeyName: "Other"}, true, what(imported(values{"keyName": ""})), nil},
		{"e_graph_pfx_key_name", lint.Facts{ConnectorKeyName: "Key", ConnectorProvider: "PROVIDER"}, true, what(imported(nil)), nil},
		{"e_graph_pfx_key_name", lint.Facts{ConnectorKeyName: "Key", ConnectorProvider: "Other"}, true, what(imported(nil)), what("providerName is not the provider")},
		{"e_graph_pfx_key_name", lint.Facts{ConnectorKeyName: "Key", ConnectorProvider: "Other"}, true, what(imported(values{"providerName": ""})), nil},
		{"w_graph_pfx_several_keys", none, true, what(imported(nil), imported(values{"keyName": "KEY", "providerName": "PROVIDER"})), nil},
		{"w_graph_pfx_several_keys", none, true, what(imported(nil), imported(values{"keyName": "Other"})), what("not that of the first imported PFX")},
		{"w_graph_pfx_several_keys", none, true, what(imported(nil), imported(values{"providerName": "Other"})), what("not that of the first imported PFX")},
		{"e_graph_pfx_no_profile", none, true, what(imported(nil)), nil},
		{"e_graph_pfx_no_profile", none, true, what(imported(nil), deliver("SmimeSigning")), nil},
		{"e_graph_pfx_no_profile", none, true, what(imported(nil), deliver("smimeEncryption")), what("no profile given has the intended purpose")},
		{"e_graph_pfx_no_profile", none, true, what(imported(nil), deliver(nil)), nil},

		{"w_graph_pfx_user_address", none, true, what(imported(nil)), nil},
		{"w_graph_pfx_user_address", none, true, what(imported(values{"userPrincipalName": "other@example.com"})), what("the certificate is for user@example.com, the record for other@example.com")},
		{"w_graph_pfx_user_address", none, false, what(imported(values{"userPrincipalName": "other@example.com"})), nil},
		{"w_graph_pfx_user_address", none, true, what(imported(values{"userPrincipalName": "Other User"})), nil},
		{"w_graph_pfx_user_address", lint.Facts{PrimarySMTP: "User@example.com"}, true, what(imported(values{"userPrincipalName": "other@example.com"})), nil},
		{"w_graph_pfx_user_address", lint.Facts{PrimarySMTP: "other@example.com"}, true, what(imported(nil)), what("the certificate holds user@example.com; the mailbox has other@example.com")},
		{"w_graph_pfx_user_address", lint.Facts{PrimarySMTP: "other@example.com"}, true, what(importedOf(user(addresses()), nil)), nil},

		{"w_graph_pfx_expires", none, true, what(imported(nil)), nil},
		{"w_graph_pfx_expires", none, true, what(importedOf(user(valid(today.AddDate(-1, 0, 0), today.AddDate(0, 0, 30))), nil)), what("expires on 2026-12-22")},
		{"w_graph_pfx_expires", none, true, what(importedOf(user(valid(today.AddDate(-1, 0, 0), today.AddDate(0, 0, 31))), nil)), nil},
		{"w_graph_pfx_expires", none, true, what(importedOf(user(valid(today.AddDate(-1, 0, 0), today.AddDate(0, 0, -1))), values{"expirationDateTime": "2030-01-01T00:00:00Z"})), what("has expired on 2026-11-21")},
		{"w_graph_pfx_expires", none, false, what(imported(values{"expirationDateTime": "2026-11-23T00:00:00Z"})), what("expires on 2026-11-23")},
		{"w_graph_pfx_expires", none, false, what(imported(values{"expirationDateTime": "soon"})), nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			files := texts(t, tt.files...)
			if tt.open {
				files = opened(t, "secret", tt.files...)
			}
			says(t, tt.rule, files, lint.Options{Targets: []lint.Target{lint.Intune}, Facts: &tt.facts}, tt.parts...)
		})
	}
	beyond := imported(values{"encryptedPfxBlob": inBase64(encode(gopkcs12.Modern2023, accents, user()))})
	intune := lint.Options{Targets: []lint.Target{lint.Intune}}
	says(t, "e_graph_pfx_password_not_ascii", opened(t, accents, beyond), intune, "the password has characters beyond ASCII")
	says(t, "e_graph_pfx_password_not_ascii", texts(t, beyond), intune)
}

// TestGraphProfileRules holds what rules say of where objects are sent and of profiles that
// hold no certificate.
func TestGraphProfileRules(t *testing.T) {
	const v1, beta, list = "https://graph.microsoft.com/v1.0", "https://graph.microsoft.com/beta", "/deviceManagement/deviceConfigurations"
	trusted := object("iosTrustedRootCertificate", values{"certFileName": "x.cer", "trustedRootCertificate": inBase64(root().Raw)}, nil)
	newer := object("visionOSTrustedRootCertificate", values{"certFileName": "x.cer", "trustedRootCertificate": inBase64(root().Raw)}, nil)
	was := object("iosTrustedRootCertificate", values{"certFileName": "x.cer", "trustedRootCertificate": inBase64(root().Raw), "createdDateTime": "2026-11-01T00:00:00Z"}, nil)
	app := func(kind string) string {
		return `{"@odata.type": "#microsoft.graph.` + kind + `", "settings": [{"appConfigKey": "com.microsoft.outlook.Mail.SMIMEEnabled", "appConfigKeyValue": "true"}]}`
	}
	mail := func(changes values) string { return object("iosEasEmailProfileConfiguration", nil, changes) }
	profile := func(odata string, properties values) string { return object(odata, values{"id": "AB-1"}, properties) }
	inside := func(odata string, changes values) values {
		v := values{"@odata.type": "#microsoft.graph." + odata}
		maps.Copy(v, changes)
		return v
	}
	const bind = beta + list + "('ab-1')"
	const scep, imports = "iosScepCertificateProfile", "iosImportedPFXCertificateProfile"
	enrols := func(changes values) string {
		return object(scep, values{"extendedKeyUsages": []values{{"objectIdentifier": "1.3.6.1.5.5.7.3.4"}}}, changes)
	}
	what := func(s ...string) []string { return s }
	for _, tt := range []struct {
		rule  string
		files []string
		parts []string
	}{
		{"e_graph_version", what(sentTo(v1+list, trusted)), what("iosTrustedRootCertificate is sent to version 1.0")},
		{"e_graph_version", what(sentTo(beta+list, trusted)), nil},
		{"e_graph_version", what(sentTo(list, trusted)), nil},
		{"e_graph_version", what(sentTo(v1+list, was)), nil}, // as it was read
		{"e_graph_version", what(sentTo(v1+list, newer)), nil},
		{"e_graph_version", what(sentTo(v1+"/deviceAppManagement/mobileAppConfigurations", app("iosMobileAppConfiguration"))), nil},
		{"e_graph_list", what(sentTo(beta+list, trusted)), nil},
		{"e_graph_list", what(sentTo("/deviceManagement/DeviceConfigurations", trusted)), nil},
		{"e_graph_list", what(sentTo(beta+"/deviceManagement/resourceAccessProfiles", trusted)), what("iosTrustedRootCertificate is sent to resourceAccessProfiles; its list is deviceConfigurations")},
		{"e_graph_list", what(sentTo(beta+"/me", trusted)), nil},
		{"e_graph_list", what(sentTo(beta+"/deviceAppManagement/managedAppPolicies", app("managedAppConfiguration"))), nil}, // only a base

		{"n_graph_number", what(imported(values{"intendedPurpose": 4})), nil}, // of which e_graph_enum_number speaks
		{"n_graph_number", what(imported(values{"intendedPurpose": 4, "createdDateTime": "2026-11-01T00:00:00Z"})), what("intendedPurpose is 4: vpn as documented, wifi counted from 0")},
		{"n_graph_number", what(imported(values{"intendedPurpose": 8, "createdDateTime": "2026-11-01T00:00:00Z"})), what("intendedPurpose is 8: wifi as documented, no word counted from 0")},
		{"n_graph_number", what(imported(values{"intendedPurpose": 1, "createdDateTime": "2026-11-01T00:00:00Z"})), nil},
		{"n_graph_number", what(imported(values{"createdDateTime": "2026-11-01T00:00:00Z"})), nil},

		{"e_graph_mail_enrolled", what(mail(nil)), nil},
		{"e_graph_mail_enrolled", what(mail(values{"smimeEncryptionCertificate": inside(scep, nil)})), what("smimeEncryptionCertificate is a profile of type iosScepCertificateProfile")},
		{"e_graph_mail_enrolled", what(mail(values{"smimeEncryptionCertificate": inside("iosPkcsCertificateProfile", nil)})), what("of type iosPkcsCertificateProfile")},
		{"e_graph_mail_enrolled", what(mail(values{"smimeEncryptionCertificate": inside(imports, nil)})), nil},
		{"e_graph_mail_enrolled", what(mail(values{"smimeSigningCertificate": inside(scep, nil)})), nil},
		{"e_graph_mail_enrolled", what(mail(values{"smimeEncryptionCertificate@odata.bind": bind}), profile(scep, nil)), what("of type iosScepCertificateProfile")},
		{"e_graph_mail_enrolled", what(mail(values{"smimeEncryptionCertificate@odata.bind": bind})), nil},
		{"e_graph_mail_enrolled", what(mail(values{"smimeEncryptionCertificate": inside(imports, values{"id": "ab-1"})}), profile(scep, nil)), nil}, // what stands in the profile counts
		{"e_graph_mail_purpose", what(mail(values{"smimeSigningCertificate": inside(imports, values{"intendedPurpose": "smimeSigning"}), "smimeEncryptionCertificate": inside(imports, values{"intendedPurpose": "smimeEncryption"})})), nil},
		{"e_graph_mail_purpose", what(mail(values{"smimeSigningCertificate": inside(imports, values{"intendedPurpose": "SmimeEncryption"})})), what("smimeSigningCertificate is a profile with the intended purpose smimeEncryption")},
		{"e_graph_mail_purpose", what(mail(values{"smimeEncryptionCertificate": inside(imports, values{"intendedPurpose": "smimeSigning"})})), what("smimeEncryptionCertificate is a profile with the intended purpose smimeSigning")},
		{"e_graph_mail_purpose", what(mail(values{"smimeEncryptionCertificate@odata.bind": bind}), profile(imports, values{"intendedPurpose": "smimeSigning"})), what("smimeEncryptionCertificate is a profile with the intended purpose smimeSigning")},
		{"e_graph_mail_purpose", what(mail(values{"smimeSigningCertificate": inside(scep, values{"intendedPurpose": "smimeEncryption"})})), nil},

		{"e_graph_enrolled_usage", what(enrols(values{"keyUsage": "keyEncipherment"})), what("keyUsage is keyEncipherment, without digitalSignature")},
		{"e_graph_enrolled_usage", what(enrols(values{"keyUsage": "keyEncipherment,DigitalSignature"})), nil},
		{"e_graph_enrolled_usage", what(enrols(nil)), nil},
		{"e_graph_enrolled_usage", what(enrols(values{"keyUsage": "keyEncipherment", "extendedKeyUsages": nil})), nil},
		{"e_graph_enrolled_usage", what(enrols(values{"keyUsage": "keyEncipherment", "extendedKeyUsages": nil, "id": "AB-1"}), mail(values{"smimeSigningCertificate@odata.bind": bind})), what("keyUsage is keyEncipherment")},
		{"e_graph_enrolled_usage", what(enrols(values{"keyUsage": "keyEncipherment", "extendedKeyUsages": nil, "id": "AB-2"}), mail(values{"smimeSigningCertificate@odata.bind": bind})), nil},
		{"e_graph_enrolled_address", what(enrols(values{"subjectAlternativeNameType": "userPrincipalName"})), what("no name that the profile asks for is an address")},
		{"e_graph_enrolled_address", what(enrols(values{"subjectAlternativeNameType": "userPrincipalName,emailAddress"})), nil},
		{"e_graph_enrolled_address", what(enrols(nil)), nil},
		{"e_graph_enrolled_address", what(enrols(values{"subjectAlternativeNameType": "userPrincipalName", "extendedKeyUsages": nil})), nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			says(t, tt.rule, texts(t, tt.files...), lint.Options{Targets: []lint.Target{lint.Intune}}, tt.parts...)
		})
	}
}

// TestTrustedRules holds what rules say of profiles with a trusted certificate.
func TestTrustedRules(t *testing.T) {
	text := func(certs ...*signer) []byte {
		var data []byte
		for _, c := range certs {
			data = append(data, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
		}
		return data
	}
	of := func(platform string, changes values) string {
		return object(platform+"TrustedRootCertificate", values{"certFileName": "x.cer", "trustedRootCertificate": inBase64(root().Raw)}, changes)
	}
	holds := func(value string) string { return of("ios", values{"trustedRootCertificate": value}) }
	windows := func(store any, value []byte) string {
		return of("windows81", values{"destinationStore": store, "trustedRootCertificate": inBase64(value)})
	}
	const roots, intermediates = "computerCertStoreRoot", "computerCertStoreIntermediate"
	whole := inBase64(root().Raw)
	what := func(s ...string) []string { return s }
	for _, tt := range []struct {
		rule  string
		files []string
		parts []string
	}{
		{"e_graph_base64", what(holds(whole)), nil},
		{"e_graph_base64", what(holds("")), what("cannot be used: it is empty")},
		{"e_graph_base64", what(holds("data:application/x-x509-ca-cert;base64," + whole)), what("it begins with data:")},
		{"e_graph_base64", what(holds(whole[:64] + "\n" + whole[64:])), what("has line breaks or spaces")},
		{"e_graph_base64", what(holds(whole[1:])), what("is not standard base64")},
		{"e_graph_base64", what(holds(inBase64(append(root().Raw[:len(root().Raw):len(root().Raw)], 0)))), what("octets follow the certificate")},
		{"e_graph_base64", what(of("ios", values{"trustedRootCertificate": []int{48, 0}})), what("it is not what belongs there")},
		{"e_graph_base64", what(holds(inBase64(text(root())))), nil},
		{"w_graph_certificate_pem", what(holds(whole)), nil},
		{"w_graph_certificate_pem", what(holds(inBase64(text(root())))), what("it is PEM text, not DER")},
		{"e_graph_certificate_several", what(holds(inBase64(text(root(), issuing())))), what("it holds several certificates")},
		{"e_graph_certificate_several", what(holds(inBase64(text(root())))), nil},
		{"e_graph_certificate_private_key", what(holds(pfxText())), what("it is a PFX with a private key")},
		{"e_graph_certificate_private_key", what(holds(whole)), nil},
		{"e_graph_certificate_not_ca", what(holds(whole)), nil},
		{"e_graph_certificate_not_ca", what(holds(inBase64(user().Raw))), what("is the certificate of a user: user@example.com")},

		{"e_graph_destination_store", what(windows(roots, root().Raw)), nil},
		{"e_graph_destination_store", what(windows("ComputerCertStoreRoot", root().Raw)), nil},
		{"e_graph_destination_store", what(windows(nil, root().Raw)), what("destinationStore is not one of the three")},
		{"e_graph_destination_store", what(windows("root", root().Raw)), what("destinationStore is not one of the three")},
		{"e_graph_destination_store", what(windows(7, root().Raw)), nil}, // of which e_graph_enum_number and n_graph_number may speak
		{"e_graph_destination_store", what(of("ios", values{"destinationStore": roots})), what("the profile is not for Windows")},
		{"e_graph_destination_store", what(of("ios", values{"destinationStore": 0})), what("the profile is not for Windows")},
		{"e_graph_destination_store", what(of("ios", nil)), nil},
		{"e_graph_destination_store", what(of("ios", values{"@odata.type": nil, "destinationStore": roots})), nil},
		{"e_graph_windows_store", what(windows(roots, root().Raw)), nil},
		{"e_graph_windows_store", what(windows(intermediates, issuing().Raw)), nil},
		{"e_graph_windows_store", what(windows(intermediates, root().Raw)), what("a self-signed root goes to computerCertStoreIntermediate")},
		{"e_graph_windows_store", what(windows(roots, issuing().Raw)), what("a certificate that another CA has issued goes to computerCertStoreRoot")},
		{"e_graph_windows_store", what(windows(intermediates, root().Raw), windows(roots, root().Raw)), nil}, // which is told by the other
		{"e_graph_windows_store", what(windows(roots, text(issuing(), root()))), nil},
		{"e_graph_windows_store", what(windows(nil, issuing().Raw)), nil},
		{"e_graph_windows_store", what(windows(nil, root().Raw)), nil},
		{"e_graph_windows_store", what(windows("elsewhere", root().Raw)), nil},
		{"e_graph_windows_store", what(of("ios", values{"destinationStore": intermediates})), nil},
		{"n_graph_file_name", what(of("ios", values{"certFileName": "x.CER"})), nil},
		{"n_graph_file_name", what(of("ios", values{"certFileName": "x.crt"})), what("does not end in .cer")},
		{"w_graph_android_administrator", what(of("android", nil)), what("Android device administrator")},
		{"w_graph_android_administrator", what(of("androidWorkProfile", nil)), nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			says(t, tt.rule, texts(t, tt.files...), lint.Options{Targets: []lint.Target{lint.Intune}}, tt.parts...)
		})
	}
}

// TestGraphDoubts holds that an imported PFX works for nobody where what the object says of
// its user or of its dates may keep it from the device.
func TestGraphDoubts(t *testing.T) {
	for _, tt := range []struct {
		name    string
		changes values
		status  lint.VerdictStatus
	}{
		{"as it should be", nil, lint.Works},
		{"another user", values{"userPrincipalName": "u123@example.com"}, lint.Works},
		{"a domain of Windows", values{"userPrincipalName": `EXAMPLE\user`}, lint.Unknown},
		{"a number", values{"userPrincipalName": "u123"}, lint.Unknown},
		{"a placeholder", values{"userPrincipalName": "{{userprincipalname}}"}, lint.Unknown},
		{"other dates, valid", values{"expirationDateTime": "2027-11-21T00:00:00Z"}, lint.Works},
		{"dates in the past", values{"expirationDateTime": "2026-11-01T00:00:00Z"}, lint.Unknown},
		{"dates to come", values{"startDateTime": "2027-01-01T00:00:00Z"}, lint.Unknown},
		{"dates the other way round", values{"startDateTime": "2027-11-22T00:00:00Z", "expirationDateTime": "2025-11-22T00:00:00Z"}, lint.Unknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := run(t, opened(t, "secret", imported(tt.changes)), &lint.Options{Time: today, ZLint: []string{"none"}, Roots: loose(root()), With: loose(issuing())})
			if v := r.Verdict(lint.Intune); v.Status != tt.status {
				t.Errorf("%s, %v", v.Status, rulesOf(r))
			}
		})
	}
}
