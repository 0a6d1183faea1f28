package deploy

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/pkcs12"
	"github.com/smimechain/smimechain/sst"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// artefacts is what an administrator has, file by file.
type artefacts struct {
	files    map[string][]byte
	password string
	target   lint.Target
	facts    *lint.Facts
	beside   map[string][]byte // further files, for changes
}

// findings returns the rules of package lint that fire, each once.
func (a artefacts) findings(t *testing.T) []string {
	t.Helper()
	opts := new(bundle.Options)
	if a.password != "" {
		opts.Password = &a.password
	}
	var files []*bundle.File
	for name, data := range a.files {
		f, err := opts.Parse(context.Background(), name, data)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	cas, err := os.ReadFile(filepath.Join(testdata, "example", "cas.json"))
	if err != nil {
		t.Fatal(err)
	}
	known, err := catalog.Parse(cas)
	if err != nil {
		t.Fatal(err)
	}
	r, err := lint.Run(context.Background(), files, &lint.Options{
		Time: today, Targets: []lint.Target{a.target}, Facts: a.facts, Catalog: catalog.Default().With(known),
	})
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, f := range r.Findings {
		if _, own := ownRules[f.Rule]; own {
			names = append(names, f.Rule)
		}
		if !utf8.ValidString(f.Message.String()) || strings.Contains(f.Message.String(), `\x`) {
			t.Errorf("%s cuts a character in two: %q", f.Rule, f.Message)
		}
		if strings.Contains(f.Message.String(), testPassword) {
			t.Errorf("%s shows a password", f.Rule)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// ownRules are the rules of package lint by name.
var ownRules = func() map[string]lint.Rule {
	rules := map[string]lint.Rule{}
	for _, r := range lint.Rules() {
		rules[r.Name] = r
	}
	return rules
}()

// with returns the artefacts with one text of one file replaced.
func (a artefacts) with(t *testing.T, file, old, new string) artefacts {
	t.Helper()
	changed := map[string][]byte{}
	for name, data := range a.files {
		changed[name] = data
	}
	if !bytes.Contains(changed[file], []byte(old)) {
		t.Fatalf("%s does not hold %q", file, old)
	}
	changed[file] = bytes.Replace(changed[file], []byte(old), []byte(new), 1)
	a.files = changed
	return a
}

const goodScript = `# Uploads the collection.
Connect-ExchangeOnline
$Data = [System.IO.File]::ReadAllBytes('C:\smime\smime.sst')
Set-SmimeConfig -SMIMECertificateIssuingCA $Data
`

// bases makes each kind of artefact, all of them clean.
func bases(t *testing.T) map[string]artefacts {
	t.Helper()
	c := pack(t, "collections/complete.sst")
	store, err := c.SST()
	if err != nil {
		t.Fatal(err)
	}
	trusted, err := IntuneTrusted(c, &IntuneTrustedOptions{Platforms: []Platform{platformIOS, platformWindows}})
	if err != nil {
		t.Fatal(err)
	}
	windows, ios := map[string][]byte{}, map[string][]byte{}
	for _, o := range trusted {
		base := filepath.Base(o.Name)
		switch {
		case strings.HasPrefix(o.Name, "graph/windows/"):
			windows[strings.Split(base, "-")[1]+base[len(base)-9:]] = o.Data
		case strings.HasPrefix(o.Name, "graph/ios/"):
			ios[strings.Split(base, "-")[1]+base[len(base)-9:]] = o.Data
		}
	}
	connector := &Connector{Key: &generate(t, 2048).PublicKey, Provider: "Microsoft Software Key Storage Provider", KeyName: "PFXEncryptionKey"}
	imported, err := IntunePFX(&Import{UPN: testAddress, PFX: testPFX(t, bothUsages, testPassword), Password: testPassword, Purpose: SMIMESigning}, connector, today)
	if err != nil {
		t.Fatal(err)
	}
	profile, err := MobileConfig(c, &MobileConfigOptions{Identifier: "com.example.smime", Identity: testPFX(t, bothUsages, testPassword), Password: testPassword})
	if err != nil {
		t.Fatal(err)
	}
	f, err := bundle.Parse("x", profile.Data)
	if err != nil {
		t.Fatal(err)
	}
	id := f.Profile.Payloads[len(f.Profile.Payloads)-1].UUID
	account := fmt.Sprintf(`<dict><key>PayloadType</key><string>com.apple.mail.managed</string><key>PayloadVersion</key><integer>1</integer>`+
		`<key>PayloadIdentifier</key><string>com.example.smime.mail</string><key>PayloadUUID</key><string>0F0F0F0F-0000-5000-8000-000000000000</string>`+
		`<key>EmailAddress</key><string>%s</string><key>SMIMESigningEnabled</key><true/><key>SMIMESigningCertificateUUID</key><string>%s</string><key>SMIMEEncryptionCertificateUUID</key><string>%[2]s</string></dict>`, testAddress, id)
	withAccount := bytes.Replace(profile.Data, []byte("<array>"), []byte("<array>"+account), 1)
	exchange, err := Exchange(c, nil)
	if err != nil {
		t.Fatal(err)
	}
	generated := map[string][]byte{}
	for _, o := range exchange {
		generated[o.Name] = o.Data
	}
	settings := fmt.Sprintf(`{"Identity": "Smime", "OWACheckCRLOnSend": false, "OWADisableCRLCheck": false, "OWACRLConnectionTimeout": 10000,
 "OWACRLRetrievalTimeout": 30000, "OWASigningAlgorithms": "800C", "OWAEncryptionAlgorithms": "6610",
 "OWAIncludeCertificateChainWithoutRootCertificate": true, "OWASignedEmailCertificateInclusion": true, "SMIMECertificateIssuingCA": %q}`,
		base64.StdEncoding.EncodeToString(store))
	policy := `{"Identity": "Default", "AllowSMIMESoftCerts": true, "RequireEncryptedSMIMEMessages": false, "RequireSignedSMIMEMessages": false}`
	return map[string]artefacts{
		"generated": {files: generated, target: lint.ExchangeOnline},
		"script":    {files: map[string][]byte{"upload.ps1": []byte(goodScript)}, target: lint.ExchangeOnline},
		"import":    {files: map[string][]byte{"upload.ps1": []byte(goodScript)}, target: lint.Intune},
		"settings":  {files: map[string][]byte{"smime.json": []byte(settings), "policy.json": []byte(policy)}, target: lint.ExchangeOnline},
		"windows":   {files: windows, target: lint.Intune},
		"ios":       {files: ios, target: lint.Intune},
		"pfx":       {files: map[string][]byte{"user.json": imported.Data}, password: testPassword, target: lint.Intune},
		"profile":   {files: map[string][]byte{"smime.mobileconfig": withAccount}, password: testPassword, target: lint.AppleMail},
	}
}

// file returns the name of the only file whose content has a text.
func (a artefacts) file(t *testing.T, text string) string {
	t.Helper()
	for name, data := range a.files {
		if bytes.Contains(data, []byte(text)) {
			return name
		}
	}
	t.Fatalf("no file with %q", text)
	return ""
}

// TestMutations holds that each rule about roll-outs is red for one change, and
// no other rule with it.
func TestMutations(t *testing.T) {
	all := bases(t)
	for name, a := range all {
		if got := a.findings(t); len(got) > 0 {
			t.Errorf("%s is not clean: %v", name, got)
		}
	}
	windows, pfx, profile := all["windows"], all["pfx"], all["profile"]
	root := windows.file(t, storeRoot)
	_, userCert := testCertificate(t, bothUsages, "2028-01-01")
	rootPEM := certPEM(t, "example/old-root.pem")
	oldRoot := windows.file(t, base64.StdEncoding.EncodeToString(der(t, "example/old-root.pem")))
	crossed := windows.file(t, base64.StdEncoding.EncodeToString(der(t, "example/root-cross-signed.pem")))
	iosRoot := all["ios"].file(t, base64.StdEncoding.EncodeToString(der(t, "example/old-root.pem")))
	value := base64.StdEncoding.EncodeToString(der(t, "example/old-root.pem"))
	sealed := between(t, pfx.files["user.json"], `"encryptedPfxPassword": "`, `"`)
	blob := between(t, pfx.files["user.json"], `"encryptedPfxBlob": "`, `"`)
	thumbprint := between(t, pfx.files["user.json"], `"thumbprint": "`, `"`)
	random := make([]byte, 128)
	if _, err := rand.Read(random); err != nil {
		t.Fatal(err)
	}
	signOnly := base64.StdEncoding.EncodeToString(testPFX(t, x509.KeyUsageDigitalSignature, testPassword))
	encryptOnly := base64.StdEncoding.EncodeToString(testPFX(t, x509.KeyUsageKeyAgreement, testPassword))

	tests := []struct {
		rule, base, file, old, new string
	}{
		{"e_script_unknown_parameter", "script", "upload.ps1", "SMIMECertificateIssuingCA", "SMIMECertificateList"},
		{"e_script_unknown_parameter", "script", "upload.ps1", "Set-SmimeConfig -SMIMECertificateIssuingCA $Data", "$p = @{\n  SMIMECertificateList = $Data\n}\nSet-SmimeConfig @p"},
		{"e_script_two_statements", "script", "upload.ps1", "Connect-ExchangeOnline", `$Cert = New-Object System.Security.Cryptography.X509Certificates.X509Certificate2("C:\ca.cer") $Store.Add($Cert)`},
		{"w_script_encoding_byte", "script", "upload.ps1", `[System.IO.File]::ReadAllBytes('C:\smime\smime.sst')`, `Get-Content 'C:\smime\smime.sst' -Encoding Byte`},
		{"e_script_encoding_byte_core", "script", "upload.ps1", "# Uploads the collection.\nConnect-ExchangeOnline", "#Requires -PSEdition Core\n$Old = Get-Content 'C:\\old.sst' -Encoding Byte"},
		{"e_script_asbytestream_desktop", "script", "upload.ps1", "# Uploads the collection.\nConnect-ExchangeOnline", "#Requires -PSEdition Desktop\n$Old = Get-Content 'C:\\old.sst' -AsByteStream -Raw"},
		{"n_script_asbytestream_without_raw", "script", "upload.ps1", `[System.IO.File]::ReadAllBytes('C:\smime\smime.sst')`, `[byte[]](Get-Content 'C:\smime\smime.sst' -AsByteStream)`},
		{"w_script_relative_path", "script", "upload.ps1", `C:\smime\smime.sst`, "smime.sst"},
		{"n_script_store_needs_windows", "script", "upload.ps1", "Connect-ExchangeOnline", `Get-ChildItem Cert:\LocalMachine\CA | Export-Certificate -FilePath C:\smime\smime.sst -Type SST`},
		{"e_script_ambiguous_parameter", "script", "upload.ps1", "Connect-ExchangeOnline", "Set-SmimeConfig -OWASign 800C"},
		{"e_script_parameter_twice", "script", "upload.ps1", "Connect-ExchangeOnline", "Set-SmimeConfig -OWAAlwaysSign $true -OWAAlwaysS $true"},
		{"e_script_boolean_text", "script", "upload.ps1", "Connect-ExchangeOnline", "Set-SmimeConfig -OWAAlwaysSign 'true'"},
		{"e_script_no_number", "script", "upload.ps1", "Connect-ExchangeOnline", "Set-SmimeConfig -OWACRLConnectionTimeout 00:01:00"},
		{"e_script_not_splatted", "script", "upload.ps1", "Set-SmimeConfig -SMIMECertificateIssuingCA $Data", "$p = @{ SMIMECertificateIssuingCA = $Data }\nSet-SmimeConfig $p"},
		{"e_script_positional", "script", "upload.ps1", "Set-SmimeConfig -SMIME", "Set-SmimeConfig \u2011SMIME"},
		{"e_script_line_ends", "script", "upload.ps1", "Set-SmimeConfig -SMIME", "Set-SmimeConfig\n  -SMIME"},
		{"e_script_value_missing", "script", "upload.ps1", "Connect-ExchangeOnline", "Set-SmimeConfig -OWAAlwaysSign -OWAClearSign $true"},
		{"e_script_not_octets", "script", "upload.ps1", `[System.IO.File]::ReadAllBytes('C:\smime\smime.sst')`, `'C:\smime\smime.sst'`},
		{"e_script_not_octets", "script", "upload.ps1", `[System.IO.File]::ReadAllBytes('C:\smime\smime.sst')`, `Get-Content 'C:\smime\smime.sst'`},
		{"e_script_list_for_text", "script", "upload.ps1", "Connect-ExchangeOnline", "Set-SmimeConfig -OWAEncryptionAlgorithms 6610, 6603"},
		{"e_script_not_a_store", "script", "upload.ps1", `smime.sst`, `chain.p7b`},
		{"w_script_removes_collection", "script", "upload.ps1", `[System.IO.File]::ReadAllBytes('C:\smime\smime.sst')`, `$null`},
		{"w_script_upload_replaced", "script", "upload.ps1", "Connect-ExchangeOnline", "Connect-ExchangeOnline\nSet-SmimeConfig -SMIMECertificateIssuingCA $Old"},
		{"w_script_all_roots", "script", "upload.ps1", "Connect-ExchangeOnline", `certutil -generateSSTFromWU 'C:\smime\smime.sst'`},
		{"e_script_wrong_cmdlet", "script", "upload.ps1", "Connect-ExchangeOnline", "Set-OrganizationConfig -SMIMECertificateIssuingCA $Data"},
		{"w_script_algorithm_value", "script", "upload.ps1", "Connect-ExchangeOnline", "Set-SmimeConfig -OWAEncryptionAlgorithms AES256"},
		{"w_script_import_missing", "import", "upload.ps1", "Connect-ExchangeOnline", "$o = New-IntuneUserPfxCertificate -PathToPfxFile a.pfx"},
		{"e_script_graph_version", "import", "upload.ps1", "Connect-ExchangeOnline", "New-MgDeviceManagementDeviceConfiguration -BodyParameter @{ '@odata.type' = '#microsoft.graph.iosTrustedRootCertificate' }"},
		{"e_script_intune_parameter", "import", "upload.ps1", "Connect-ExchangeOnline", "Import-IntuneUserPfxCertificate -AuthenticationResult $r -CertificateList $o"},

		{"e_owa_collection_missing", "settings", "smime.json", between(t, all["settings"].files["smime.json"], `"SMIMECertificateIssuingCA": "`, `"`), ""},
		{"w_owa_expired_certificate", "settings", "smime.json", `"Identity": "Smime"`, `"Identity": "Smime", "SMIMECertificatesExpiryDate": "2020-01-01T00:00:00Z"`},
		{"w_owa_expired_certificate", "settings", "smime.json", `"Identity": "Smime"`, `"Identity": "Smime", "SMIMEExpiredCertificateThumbprint": "0123456789ABCDEF0123456789ABCDEF01234567"`},
		{"n_owa_crl_timeouts", "settings", "smime.json", `"OWACRLConnectionTimeout": 10000`, `"OWACRLConnectionTimeout": 60000`},
		{"w_owa_signing_sha1", "settings", "smime.json", "800C", "8004"},
		{"w_owa_signing_sha1", "settings", "smime.json", `"800C"`, `""`}, // SHA-1 is what is taken where nothing is set
		{"w_owa_encryption_weak", "settings", "smime.json", "6610", "6610;6603;6602:128"},
		{"w_owa_chain_not_in_message", "settings", "smime.json", `"OWAIncludeCertificateChainWithoutRootCertificate": true`, `"OWAIncludeCertificateChainWithoutRootCertificate": false`},
		{"w_owa_certificate_not_included", "settings", "smime.json", `"OWASignedEmailCertificateInclusion": true`, `"OWASignedEmailCertificateInclusion": false`},
		{"w_mdm_soft_certificates", "settings", "policy.json", `"AllowSMIMESoftCerts": true`, `"AllowSMIMESoftCerts": false`},
		{"n_mdm_algorithms", "settings", "policy.json", `"RequireSignedSMIMEMessages": false`, `"RequireSignedSMIMEMessages": true`},

		{"e_graph_odata_type", "pfx", "user.json", "userPFXCertificate", "userPfxCertificate"},
		{"e_graph_odata_type", "pfx", "user.json", "userPFXCertificate", "importedCertificate"},
		{"e_graph_base64", "windows", oldRoot, value, value[:64] + `\n` + value[64:]},
		{"w_graph_certificate_pem", "windows", oldRoot, value, base64.StdEncoding.EncodeToString(rootPEM)},
		{"e_graph_certificate_several", "windows", oldRoot, value, base64.StdEncoding.EncodeToString(append(bytes.Clone(rootPEM), certPEM(t, "sectigo/root-usertrust-rsa.pem")...))},
		{"e_graph_destination_store", "windows", root, storeRoot, "root"},
		{"e_graph_windows_store", "windows", root, storeRoot, storeIntermediate},
		{"e_graph_windows_store", "windows", oldRoot, storeRoot, "UserCertStoreIntermediate"}, // Graph takes either case
		{"e_graph_windows_store", "windows", crossed, storeIntermediate, storeRoot},
		{"e_graph_destination_store", "windows", root, storeRoot, ""},
		{"e_graph_destination_store", "ios", iosRoot, `"certFileName"`, `"destinationStore": "computerCertStoreRoot", "certFileName"`},
		{"n_graph_file_name", "windows", root, `.cer"`, `.crt"`},

		{"e_graph_enum_number", "pfx", "user.json", `"intendedPurpose": "smimeSigning"`, `"intendedPurpose": 4`},
		{"e_graph_pfx_fields", "pfx", "user.json", `"keyName": "PFXEncryptionKey"`, `"keyName": ""`},
		{"e_graph_pfx_padding", "pfx", "user.json", "oaepSha512", "pkcs1"},
		{"e_graph_pfx_thumbprint", "pfx", "user.json", thumbprint, "0" + thumbprint[1:39] + "0"},
		{"e_graph_pfx_thumbprint", "pfx", "user.json", thumbprint, "045c159b-159b-045c-9b15-5c049b155c04"},
		{"w_graph_pfx_dates", "pfx", "user.json", "2028-01-01T00:00:00Z", "2028-01-02T00:00:00Z"},
		{"e_graph_pfx_date_form", "pfx", "user.json", "2026-01-01T00:00:00Z", "01.01.2026 00:00:00"},
		{"e_graph_pfx_blob", "pfx", "user.json", blob, base64.StdEncoding.EncodeToString(userCert.Raw)},
		{"e_graph_pfx_password", "pfx", "user.json", sealed, "hunter2"},
		{"e_graph_pfx_password", "pfx", "user.json", sealed, base64.StdEncoding.EncodeToString(random)},
		{"e_graph_pfx_purpose", "pfx", "user.json", "smimeSigning", "vpn"},
		{"w_graph_pfx_purpose_unassigned", "pfx", "user.json", "smimeSigning", "unassigned"},
		{"w_graph_pfx_user", "pfx", "user.json", testAddress, "Example User"},
		{"w_graph_pfx_id", "pfx", "user.json", `"thumbprint":`, `"id": "045c159b-159b-045c-9b15-5c049b155c04", "thumbprint":`},

		{"e_profile_removed", "profile", "smime.mobileconfig", "<key>PayloadContent</key>\n\t\t<array>", "<key>RemovalDate</key><date>2026-01-01T00:00:00Z</date><key>PayloadContent</key><array>"},
		{"n_profile_removal", "profile", "smime.mobileconfig", "<key>PayloadContent</key>\n\t\t<array>", "<key>DurationUntilRemoval</key><integer>3600</integer><key>PayloadContent</key><array>"},
		{"e_profile_top", "profile", "smime.mobileconfig", "<string>Configuration</string>", "<string>Profile</string>"},
		{"e_profile_payload", "profile", "smime.mobileconfig", "<key>PayloadVersion</key><integer>1</integer>", "<key>PayloadVersion</key><integer>2</integer>"},
		{"e_profile_payload_unique", "profile", "smime.mobileconfig", "com.example.smime.mail", "com.example.smime.identity"},
		{"e_profile_identity_reference", "profile", "smime.mobileconfig", "<key>SMIMESigningCertificateUUID</key><string>", "<key>SMIMESigningCertificateUUID</key><string>X"},
		{"e_profile_email", "profile", "smime.mobileconfig", testAddress, "other@example.com"},
		{"w_profile_deprecated_key", "profile", "smime.mobileconfig", "<key>EmailAddress</key>", "<key>SMIMEEnabled</key><true/><key>EmailAddress</key>"},
		{"w_profile_smime_off", "profile", "smime.mobileconfig", "<key>SMIMESigningEnabled</key><true/>", "<key>SMIMESigningEnabled</key><false/>"},
		{"n_profile_mac_only", "profile", "smime.mobileconfig", "<key>EmailAddress</key>", "<key>KeyIsExtractable</key><true/><key>EmailAddress</key>"},
		{"w_profile_password_inside", "profile", "smime.mobileconfig", "<string>com.apple.security.pkcs12</string>", "<string>com.apple.security.pkcs12</string><key>Password</key><string>" + testPassword + "</string>"},
	}
	red := map[string]bool{}
	// What was red before the change is named after the artefacts.
	check := func(rule string, a artefacts, before ...string) {
		t.Helper()
		red[rule] = true
		want := append(before, rule)
		slices.Sort(want)
		if got := a.findings(t); !slices.Equal(got, want) {
			t.Errorf("%s: got %v", rule, got)
		}
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) { check(tt.rule, all[tt.base].with(t, tt.file, tt.old, tt.new)) })
	}

	// What no replacement of text can say.
	ios := all["ios"]
	added := func(a artefacts, name string, data []byte) artefacts {
		files := map[string][]byte{name: data}
		for n, d := range a.files {
			files[n] = d
		}
		a.files = files
		return a
	}
	body := func(odata, certificate string) []byte {
		return fmt.Appendf(nil, `{"@odata.type": "#microsoft.graph.%s", "displayName": "x", "certFileName": "x.cer", "trustedRootCertificate": %q}`, odata, certificate)
	}
	check("e_graph_certificate_private_key", added(ios, "key.json", body("iosTrustedRootCertificate", blob)))
	check("w_graph_android_administrator", artefacts{target: lint.Intune, files: map[string][]byte{"a.json": body("androidTrustedRootCertificate", value)}})
	leafBase64 := base64.StdEncoding.EncodeToString(der(t, "example/leaf.pem"))
	check("e_graph_certificate_not_ca", added(ios, "user.json", body("iosTrustedRootCertificate", leafBase64)))

	// Sets that lack a certificate or have one twice are found by the rules that
	// every collection has: each platform is a collection.
	without := func(a artefacts, name string) artefacts {
		files := maps.Clone(a.files)
		delete(files, name)
		a.files = files
		return a
	}
	check("e_chain_cross_certificate_missing", without(without(ios, ios.file(t, base64.StdEncoding.EncodeToString(der(t, "example/root-self-signed.pem")))), ios.file(t, base64.StdEncoding.EncodeToString(der(t, "example/root-cross-signed.pem")))))
	check("w_collection_duplicate_certificate", added(ios, "again.json", body("iosTrustedRootCertificate", value)))

	// Identities with another key usage.
	check("e_graph_pfx_purpose_usage", artefacts{target: lint.Intune, password: testPassword, files: map[string][]byte{"user.json": swapIdentity(t, pfx.files["user.json"], blob, thumbprint, encryptOnly)}})
	check("e_graph_pfx_purpose_usage", artefacts{target: lint.Intune, password: testPassword, files: map[string][]byte{
		"user.json": bytes.Replace(swapIdentity(t, pfx.files["user.json"], blob, thumbprint, signOnly), []byte("smimeSigning"), []byte("smimeEncryption"), 1),
	}})
	keyless, err := gopkcs12.LegacyDES.EncodeTrustStore([]*x509.Certificate{userCert}, testPassword)
	if err != nil {
		t.Fatal(err)
	}
	check("e_graph_pfx_blob", pfx.with(t, "user.json", blob, base64.StdEncoding.EncodeToString(keyless)))
	closed := pfx
	closed.password = ""
	check("w_graph_pfx_dates", closed.with(t, "user.json", "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z"))
	old := base64.StdEncoding.EncodeToString(profileIdentity(t, profile.files["smime.mobileconfig"]))
	for _, other := range []string{signOnly, encryptOnly} {
		check("e_profile_purpose", artefacts{target: lint.AppleMail, password: testPassword, files: map[string][]byte{"p": replaceData(t, profile.files["smime.mobileconfig"], old, other)}})
	}
	check("e_profile_identity", artefacts{target: lint.AppleMail, password: testPassword, files: map[string][]byte{"p": replaceData(t, profile.files["smime.mobileconfig"], old, value)}})
	check("e_profile_identity", artefacts{target: lint.AppleMail, password: testPassword, files: map[string][]byte{"p": replaceData(t, profile.files["smime.mobileconfig"], old, base64.StdEncoding.EncodeToString(keyless))}})
	check("e_profile_identity", profile.with(t, "smime.mobileconfig", "<string>com.apple.security.pkcs12</string>", "<string>com.apple.security.pkcs12</string><key>Password</key><string>another password</string>"), "w_profile_password_inside")
	modern := base64.StdEncoding.EncodeToString(modernPFX(t))
	check("w_profile_identity_old_ios", artefacts{target: lint.AppleMail, password: testPassword, files: map[string][]byte{"p": replaceData(t, profile.files["smime.mobileconfig"], old, modern)}})
	weak := base64.StdEncoding.EncodeToString(testPFX(t, bothUsages, "secret"))
	weakPFX, weakProfile := pfx.with(t, "user.json", blob, weak), replaceData(t, profile.files["smime.mobileconfig"], old, weak)
	weakPFX.password = "secret"
	check("w_pfx_password_weak", weakPFX)
	check("w_pfx_password_weak", artefacts{target: lint.AppleMail, password: "secret", files: map[string][]byte{"p": weakProfile}})
	check("w_profile_password_inside", artefacts{target: lint.AppleMail, files: map[string][]byte{
		"p": bytes.Replace(weakProfile, []byte("<string>com.apple.security.pkcs12</string>"), []byte("<string>com.apple.security.pkcs12</string><key>Password</key><string>secret</string>"), 1),
	}})
	check("e_profile_certificate", artefacts{target: lint.AppleMail, files: map[string][]byte{"p": replaceData(t, profile.files["smime.mobileconfig"], value, base64.StdEncoding.EncodeToString(append(der(t, "example/old-root.pem"), 0)))}})
	check("e_profile_certificate_pem", artefacts{target: lint.AppleMail, files: map[string][]byte{"p": replaceData(t, profile.files["smime.mobileconfig"], value, base64.StdEncoding.EncodeToString(rootPEM))}})
	plain, err := MobileConfig(pack(t, "collections/complete.sst"), nil)
	if err != nil {
		t.Fatal(err)
	}
	leafPayload := fmt.Sprintf(`<array><dict><key>PayloadType</key><string>com.apple.security.pkcs1</string><key>PayloadVersion</key><integer>1</integer>`+
		`<key>PayloadIdentifier</key><string>x</string><key>PayloadUUID</key><string>0F0F0F0F-0000-5000-8000-000000000001</string><key>PayloadContent</key><data>%s</data></dict>`, leafBase64)
	check("w_profile_not_ca", artefacts{target: lint.AppleMail, files: map[string][]byte{"p": bytes.Replace(plain.Data, []byte("<array>"), []byte(leafPayload), 1)}})
	outlook := profile
	outlook.target = lint.OutlookIOS
	check("e_profile_outlook", outlook)
	check("e_profile_signature", profile.put("smime.mobileconfig", signedOtherwise(t, profile.files["smime.mobileconfig"])))
	unsigned := strings.NewReplacer("SMIMESigningCertificateUUID", "X", "SMIMEEncryptionCertificateUUID", "Y").Replace(string(profile.files["smime.mobileconfig"]))
	for name, a := range map[string]artefacts{
		"an account without S/MIME": profile.put("smime.mobileconfig", []byte(unsigned)),
		"a setting not given":       all["settings"].with(t, "smime.json", `"OWASigningAlgorithms": "800C",`, ""),
		"no CA in two forms":        withCRL(t, `"OWADisableCRLCheck": true, "OWAIncludeCertificateChainWithoutRootCertificate": false`),
		"revocation list by number": withCRL(t, `"OWADisableCRLCheck": false`, "http://203.0.113.1/root.crl"),
	} {
		if got := a.findings(t); len(got) > 0 {
			t.Errorf("%s is not clean: %v", name, got)
		}
	}
	check("e_owa_crl_unreachable", withCRL(t, `"OWADisableCRLCheck": false`, "http://pki.example.intranet/root.crl", "http://192.168.1.1/root.crl"))
	check("e_owa_crl_unreachable", withCRL(t, `"OWADisableCRLCheck": false`, "http://pki.example.internal/root.crl", "ldap:///CN=Example"))
	check("e_owa_crl_on_send", withCRL(t, `"OWACheckCRLOnSend": true`))

	checkRollouts(t, all, check)
	checkProfiles(t, all, check)

	for name := range ownRules {
		for _, prefix := range []string{"script_", "owa_", "mdm_", "graph_", "profile_", "directory_certificates_", "intune_", "connector_"} {
			if strings.HasPrefix(name[2:], prefix) && !red[name] {
				t.Errorf("no change turns %s red", name)
			}
		}
	}
}

// TestVendorGuide holds that the two commands as guides print them are found,
// with the right line as the remedy.
func TestVendorGuide(t *testing.T) {
	const right = "Set-SmimeConfig -SMIMECertificateIssuingCA ([System.IO.File]::ReadAllBytes("
	for line, rule := range map[string]string{
		"Set-SmimeConfig -SMIMECertificateList $Data":             "e_script_unknown_parameter",
		`$Data = Get-Content "C:\certs\smime.sst" -Encoding Byte`: "w_script_encoding_byte",
	} {
		a := artefacts{files: map[string][]byte{"guide.txt": []byte(line + "\r\n")}, target: lint.ExchangeOnline}
		if got := a.findings(t); !slices.Equal(got, []string{rule}) {
			t.Errorf("%s: got %v, want %s", line, got, rule)
		}
		if !strings.Contains(string(ownRules[rule].Remedy), right) {
			t.Errorf("%s: the remedy lacks the right line", rule)
		}
	}
}

func between(t *testing.T, data []byte, before, after string) string {
	t.Helper()
	_, rest, ok := strings.Cut(string(data), before)
	value, _, ok2 := strings.Cut(rest, after)
	if !ok || !ok2 {
		t.Fatalf("no value after %q", before)
	}
	return value
}

func der(t *testing.T, name string) []byte {
	t.Helper()
	block, _ := pem.Decode(certPEM(t, name))
	return block.Bytes
}

func certPEM(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(testdata, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// replaceData replaces one value of a profile, whatever its line breaks.
func replaceData(t *testing.T, profile []byte, old, new string) []byte {
	t.Helper()
	var out strings.Builder
	found := false
	for i, part := range strings.Split(string(profile), "<data>") {
		if i == 0 {
			out.WriteString(part)
			continue
		}
		value, rest, _ := strings.Cut(part, "</data>")
		if strings.Join(strings.Fields(value), "") == old {
			value, found = new, true
		}
		out.WriteString("<data>" + value + "</data>" + rest)
	}
	if !found {
		t.Fatal("the profile does not hold the value")
	}
	return []byte(out.String())
}

// profileIdentity returns the PFX of a profile: the longest of its values that
// is one.
func profileIdentity(t *testing.T, profile []byte) []byte {
	t.Helper()
	for part := range strings.SplitSeq(string(profile), "<data>") {
		value, _, _ := strings.Cut(part, "</data>")
		data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(value), ""))
		if err == nil && pkcs12.Detect(data) {
			return data
		}
	}
	t.Fatal("no identity in the profile")
	return nil
}

// swapIdentity replaces the PFX of a body and what depends on it.
func swapIdentity(t *testing.T, body []byte, blob, thumbprint, other string) []byte {
	t.Helper()
	pfx, err := base64.StdEncoding.DecodeString(other)
	if err != nil {
		t.Fatal(err)
	}
	report, err := pkcs12.Inspect(pfx, testPassword)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha1.Sum(report.Bag(report.Identities[0].Leaf).Certificate.Raw)
	return []byte(strings.NewReplacer(blob, other, thumbprint, hex.EncodeToString(sum[:])).Replace(string(body)))
}

// modernPFX makes a PFX that iOS 17 does not open.
func modernPFX(t *testing.T) []byte {
	t.Helper()
	key, cert := testCertificate(t, bothUsages, "2028-01-01")
	pfx, err := gopkcs12.Modern2023.Encode(key, cert, nil, testPassword)
	if err != nil {
		t.Fatal(err)
	}
	return pfx
}

// withCRL makes settings whose collection has a CA with revocation lists at the
// given places.
func withCRL(t *testing.T, setting string, points ...string) artefacts {
	t.Helper()
	key, _ := testCertificate(t, bothUsages, "2028-01-01")
	ca := func(serial int64, name string, parent *x509.Certificate, points ...string) *x509.Certificate {
		template := &x509.Certificate{
			SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name}, NotBefore: today.AddDate(-1, 0, 0), NotAfter: today.AddDate(9, 0, 0),
			IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, SubjectKeyId: []byte{byte(serial)}, CRLDistributionPoints: points,
		}
		if parent == nil {
			parent = template
		}
		der, err := x509.CreateCertificate(nil, template, parent, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return cert
	}
	root := ca(1, "Example Internal Root", nil)
	issuing := ca(2, "Example Internal CA", root, points...)
	store, err := sst.New(root, issuing).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf(`{%s, "OWASigningAlgorithms": "800C", "SMIMECertificateIssuingCA": %q}`, setting, base64.StdEncoding.EncodeToString(store))
	return artefacts{target: lint.ExchangeOnline, files: map[string][]byte{"smime.json": []byte(text)}}
}
