package lint_test

import (
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint"
)

// TestDeployRules holds rules about files of a roll-out to values beside those that they
// speak of. Each rule has its bad case in TestMutations of package deploy.
func TestDeployRules(t *testing.T) {
	set := func(parameters string) string { return "Set-SmimeConfig " + parameters }
	settings := func(values string) string { return `{"OWASigningAlgorithms": "800C", ` + values + `}` }
	imported := func(values string) string {
		return strings.Replace(record("Key", "", pfxText()), "{", "{"+values+", ", 1)
	}
	withPassword := func(password string) string {
		return strings.Replace(profileText(des("secret")), "<key>PayloadContent</key><data>", "<key>Password</key><string>"+password+"</string><key>PayloadContent</key><data>", 1)
	}
	none := base64.StdEncoding.EncodeToString(trustStore())
	certificate := func(pl string, c *signer) string {
		return `<plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string><key>PayloadVersion</key><integer>1</integer>
			<key>PayloadIdentifier</key><string>a</string><key>PayloadUUID</key><string>b</string><key>PayloadContent</key><array><dict>
			<key>PayloadType</key><string>com.apple.security.root</string>` + pl + `<key>PayloadContent</key><data>` + base64.StdEncoding.EncodeToString(c.Raw) + `</data></dict></array></dict></plist>`
	}
	collection := func(certs ...*signer) string {
		return fmt.Sprintf(`, "SMIMECertificateIssuingCA": %q`, base64.StdEncoding.EncodeToString(must(elements(certs).Marshal()).FullBytes))
	}
	reachable := func(i int64) *signer {
		return twin(root(), serial(0x3000+i), func(c *x509.Certificate) { c.CRLDistributionPoints = []string{"http://crl.example.com/root.crl"} })
	}
	one, two := collection(reachable(1), root()), collection(reachable(1), reachable(2), root())
	const version, identifier, uuid = "<key>PayloadVersion</key><integer>1</integer>", "<key>PayloadIdentifier</key><string>c</string>", "<key>PayloadUUID</key><string>d</string>"
	for _, tt := range []struct {
		rule   string
		target lint.Target
		found  bool
		text   string
	}{
		{"w_script_algorithm_value", lint.ExchangeOnline, false, set("-OWAEncryptionAlgorithms '6610;660E'")},
		{"w_script_algorithm_value", lint.ExchangeOnline, false, set("-OWASigningAlgorithms '800C'")},
		{"w_script_algorithm_value", lint.ExchangeOnline, true, set("-OWAEncryptionAlgorithms 'AES256'")},
		{"w_script_algorithm_value", lint.ExchangeOnline, true, set("-OWASigningAlgorithms 'SHA1'")},
		{"w_script_algorithm_value", lint.ExchangeOnline, true, set("-OWASigningAlgorithms 'SHA256'")},
		{"w_script_algorithm_value", lint.ExchangeOnline, false, set("-OWASigningAlgorithms ''")},
		{"w_script_algorithm_value", lint.ExchangeOnline, false, set("-OWASigningAlgorithms $algorithms")},
		{"w_script_algorithm_value", lint.ExchangeOnline, false, set("-OWASenderCertificateAttributesToDisplay 'AES256'")},
		{"w_script_algorithm_value", lint.ExchangeOnline, true, settings(`"OWAEncryptionAlgorithms": "AES256"`)},
		{"w_script_algorithm_value", lint.ExchangeOnline, true, `{"OWASigningAlgorithms": "SHA256"}`},
		{"w_script_algorithm_value", lint.ExchangeOnline, false, settings(`"OWAEncryptionAlgorithms": "6610;6602:128;6603,1.2.840.113549.3.7"`)},
		{"w_script_algorithm_value", lint.ExchangeOnline, false, settings(`"OWAEncryptionAlgorithms": ""`)},
		{"e_script_list_for_text", lint.ExchangeOnline, true, set("-OWASigningAlgorithms '800C','8004'")},
		{"e_script_list_for_text", lint.ExchangeOnline, false, set("-OWASigningAlgorithms '800C;8004'")},
		{"e_script_list_for_text", lint.ExchangeOnline, false, set("-OWASigningAlgorithms $algorithms")},
		{"e_script_value_missing", lint.ExchangeOnline, true, set("-OWAAlwaysSign")},
		{"e_script_value_missing", lint.ExchangeOnline, false, set("-OWAAlwaysSign $true")},
		{"e_script_value_missing", lint.ExchangeOnline, false, set("-OWAAlwaysSign $true -WhatIf")}, // a switch has none
		{"e_script_value_missing", lint.ExchangeOnline, false, set("-NotKnown")},
		{"e_script_intune_parameter", lint.Intune, true, "New-IntuneUserPfxCertificate -PaddingScheme PKCS1"},
		{"e_script_intune_parameter", lint.Intune, false, "New-IntuneUserPfxCertificate -PaddingScheme oaepSha512"},
		{"e_script_intune_parameter", lint.Intune, true, `New-IntuneUserPfxCertificate C:\a.pfx $password user@example.com "Provider" "Key" smimeEncryption pkcs1`},
		{"e_script_intune_parameter", lint.Intune, false, `New-IntuneUserPfxCertificate C:\a.pfx $password user@example.com "Provider" "Key" smimeEncryption oaepSha512`},

		{"w_owa_chain_not_in_message", lint.ExchangeOnline, false, settings(`"OWAIncludeCertificateChainWithoutRootCertificate": false`)},

		{"e_owa_collection_missing", lint.ExchangeOnline, true, settings(`"SMIMECertificateIssuingCA": ""`)},
		{"e_owa_collection_missing", lint.ExchangeOnline, false, settings(`"Identity": "Smime"` + one)},
		{"w_owa_expired_certificate", lint.ExchangeOnline, false, settings(`"SMIMECertificatesExpiryDate": "2026-11-23T00:00:00Z", "SMIMEExpiredCertificateThumbprint": ""`)},
		{"w_owa_expired_certificate", lint.ExchangeOnline, true, settings(`"SMIMECertificatesExpiryDate": "2026-11-21T00:00:00Z", "SMIMEExpiredCertificateThumbprint": ""`)},
		{"w_owa_expired_certificate", lint.ExchangeOnline, true, settings(`"SMIMECertificatesExpiryDate": "2026-11-23T00:00:00Z", "SMIMEExpiredCertificateThumbprint": "00"`)},
		{"w_owa_expired_certificate", lint.ExchangeOnline, false, settings(`"SMIMEExpiredCertificateThumbprint": " "`)},
		{"e_owa_crl_on_send", lint.ExchangeOnline, true, settings(`"OWACheckCRLOnSend": true` + collection(issuing(), root()))},
		{"e_owa_crl_on_send", lint.ExchangeOnline, false, settings(`"OWACheckCRLOnSend": true` + one)},
		{"e_owa_crl_on_send", lint.ExchangeOnline, false, settings(`"OWACheckCRLOnSend": true` + collection(root()))}, // nobody revokes a root so
		{"e_owa_crl_on_send", lint.ExchangeOnline, false, settings(`"OWACheckCRLOnSend": false` + collection(issuing(), root()))},
		{"n_owa_crl_timeouts", lint.ExchangeOnline, true, settings(`"OWACRLRetrievalTimeout": 10000, "OWACRLConnectionTimeout": 10001` + two)},
		{"n_owa_crl_timeouts", lint.ExchangeOnline, false, settings(`"OWACRLRetrievalTimeout": 10000, "OWACRLConnectionTimeout": 10000` + two)},
		{"n_owa_crl_timeouts", lint.ExchangeOnline, false, settings(`"OWACRLRetrievalTimeout": 10000, "OWACRLConnectionTimeout": 60000` + one)},
		{"n_owa_crl_timeouts", lint.ExchangeOnline, false, settings(`"OWACRLConnectionTimeout": 60000` + two)},
		{"n_owa_crl_timeouts", lint.ExchangeOnline, false, settings(`"OWACRLRetrievalTimeout": 0` + two)},
		{"w_owa_signing_sha1", lint.ExchangeOnline, false, settings(`"Identity": "Smime"`)},
		{"w_owa_signing_sha1", lint.ExchangeOnline, true, `{"OWASigningAlgorithms": ""}`},
		{"w_owa_signing_sha1", lint.ExchangeOnline, true, `{"OWASigningAlgorithms": "8004"}`},
		{"w_owa_signing_sha1", lint.ExchangeOnline, true, `{"OWASigningAlgorithms": "800C;8003"}`},
		{"w_owa_encryption_weak", lint.ExchangeOnline, false, settings(`"OWAEncryptionAlgorithms": "6610;660F;660E"`)},
		{"w_owa_encryption_weak", lint.ExchangeOnline, true, settings(`"OWAEncryptionAlgorithms": "6610;6603"`)},
		{"w_owa_encryption_weak", lint.ExchangeOnline, true, settings(`"OWAEncryptionAlgorithms": "6601"`)},
		{"w_owa_encryption_weak", lint.ExchangeOnline, true, settings(`"OWAEncryptionAlgorithms": "6602:128"`)},
		{"w_owa_certificate_not_included", lint.ExchangeOnline, true, settings(`"OWASignedEmailCertificateInclusion": false`)},
		{"w_owa_certificate_not_included", lint.ExchangeOnline, false, settings(`"OWASignedEmailCertificateInclusion": true`)},
		{"w_owa_certificate_not_included", lint.ExchangeOnline, false, settings(`"Identity": "Smime"`)},
		{"w_mdm_soft_certificates", lint.ExchangeOnline, true, `{"AllowSMIMESoftCerts": false}`},
		{"w_mdm_soft_certificates", lint.ExchangeOnline, false, `{"AllowSMIMESoftCerts": true}`},
		{"w_mdm_soft_certificates", lint.ExchangeOnline, false, `{"AllowSMIMESoftCerts": null}`},
		{"n_mdm_algorithms", lint.ExchangeOnline, true, `{"AllowSMIMESoftCerts": true, "RequireSignedSMIMEMessages": true, "RequireEncryptedSMIMEMessages": false}`},
		{"n_mdm_algorithms", lint.ExchangeOnline, true, `{"AllowSMIMESoftCerts": true, "RequireEncryptedSMIMEMessages": true}`},
		{"n_mdm_algorithms", lint.ExchangeOnline, false, `{"AllowSMIMESoftCerts": true, "RequireSignedSMIMEMessages": false, "RequireEncryptedSMIMEMessages": false}`},

		{"e_graph_pfx_blob", lint.Intune, false, imported(`"description": ""`)},
		{"e_graph_pfx_blob", lint.Intune, true, record("Key", "", none)},
		{"w_graph_pfx_user", lint.Intune, false, record("Key", "user@example.com", "")},
		{"w_graph_pfx_user", lint.Intune, true, record("Key", "example.com", "")},
		{"w_graph_pfx_user", lint.Intune, true, record("Key", "@example.com", "")},
		{"w_graph_pfx_user", lint.Intune, true, record("Key", "user@other@example.com", "")},
		{"w_graph_pfx_user", lint.Intune, true, record("Key", "user@example", "")},
		{"w_graph_pfx_user", lint.Intune, true, record("Key", "user name@example.com", "")},

		{"e_graph_odata_type", lint.Intune, false, record("Key", "", "")},
		{"e_graph_odata_type", lint.Intune, true, strings.Replace(record("Key", "", ""), "userPFX", "userPfx", 1)},
		{"e_graph_odata_type", lint.Intune, false, strings.Replace(record("Key", "", ""), `"@odata.type": "#microsoft.graph.userPFXCertificate", `, "", 1)}, // goes to a list of its type
		{"e_graph_odata_type", lint.Intune, true, strings.Replace(trustedProfile("ios", root()), "microsoft.graph.", "microsoft.", 1)},
		{"e_graph_odata_type", lint.Intune, true, strings.Replace(trustedProfile("ios", root()), `"@odata.type": "#microsoft.graph.iosTrustedRootCertificate", `, "", 1)},
		{"e_graph_odata_type", lint.Intune, false, strings.Replace(strings.Replace(trustedProfile("ios", root()), "microsoft.graph.", "microsoft.", 1), "{", `{"@odata.context": "https://graph.microsoft.com/beta/$metadata#deviceManagement/deviceConfigurations/$entity", "id": "1", `, 1)}, // as the service gives it
		{"w_graph_pfx_id", lint.Intune, false, record("Key", "", "")},
		{"w_graph_pfx_id", lint.Intune, true, imported(`"id": "1"`)},
		{"w_graph_pfx_id", lint.Intune, false, imported(`"@odata.context": "https://graph.microsoft.com/beta/$metadata#deviceManagement/userPfxCertificates/$entity", "id": "1"`)}, // as the service gives it
		{"e_graph_windows_store", lint.Intune, false, windowsProfile("computerCertStoreRoot", root())},
		{"e_graph_windows_store", lint.Intune, true, windowsProfile("computerCertStoreIntermediate", root())},
		{"e_graph_windows_store", lint.Intune, true, windowsProfile("computerCertStoreRoot", issuing())},
		{"e_graph_windows_store", lint.Intune, false, windowsProfile("elsewhere", root())}, // of which another rule speaks
		{"e_graph_windows_store", lint.Intune, false, windowsProfile("", root())},

		{"e_profile_top", lint.AppleMail, false, certificate(version+identifier+uuid, root())},
		{"e_profile_top", lint.AppleMail, true, strings.Replace(certificate(version+identifier+uuid, root()), "<key>PayloadUUID</key><string>b</string>", "", 1)},
		{"e_profile_payload", lint.AppleMail, true, strings.Replace(certificate(version+identifier+uuid, root()), "<key>PayloadType</key><string>com.apple.security.root</string>", "", 1)},
		{"e_profile_payload", lint.AppleMail, false, certificate(version+identifier+uuid, root())},
		{"e_profile_payload", lint.AppleMail, true, certificate(version+identifier, root())},
		{"e_profile_payload", lint.AppleMail, true, certificate(version+uuid, root())},
		{"e_profile_payload", lint.AppleMail, true, certificate(identifier+uuid, root())},
		{"e_profile_payload", lint.AppleMail, true, certificate(strings.Replace(version, "1", "2", 1)+identifier+uuid, root())},
		{"e_profile_certificate", lint.AppleMail, false, certificate(version+identifier+uuid, root())},
		{"w_profile_not_ca", lint.AppleMail, false, certificate(version+identifier+uuid, root())},
		{"w_profile_not_ca", lint.AppleMail, true, certificate(version+identifier+uuid, user())},
		{"w_profile_password_inside", lint.AppleMail, false, profileText(des("secret"))},
		{"w_profile_password_inside", lint.AppleMail, true, withPassword("secret")},
		{"e_profile_identity", lint.AppleMail, false, profileText(des("secret"))},
		{"e_profile_identity", lint.AppleMail, false, withPassword("secret")},
		{"e_profile_identity", lint.AppleMail, true, withPassword("other")},
	} {
		if _, ok := lint.FindRule(tt.rule); !ok {
			t.Errorf("no rule %s", tt.rule)
		}
		r := run(t, opened(t, "secret", tt.text), &lint.Options{Time: today, Targets: []lint.Target{tt.target}, ZLint: []string{"none"}})
		if found := slices.Contains(rulesOf(r), tt.rule); found != tt.found {
			t.Errorf("%s: found %t in %.120q", tt.rule, found, tt.text)
		}
	}
}
