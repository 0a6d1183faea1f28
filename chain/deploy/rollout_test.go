package deploy

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/sst"
)

// put returns the artefacts with a file put in the place of what may be there.
func (a artefacts) put(name string, data []byte) artefacts {
	a.files = maps.Clone(a.files)
	a.files[name] = data
	return a
}

// drop returns the artefacts without the files whose names begin with a prefix.
func (a artefacts) drop(prefix string) artefacts {
	a.files = maps.Clone(a.files)
	maps.DeleteFunc(a.files, func(name string, _ []byte) bool { return strings.HasPrefix(name, prefix) })
	return a
}

// know returns the artefacts with other facts.
func (a artefacts) know(facts lint.Facts) artefacts {
	a.facts = &facts
	return a
}

const outlookConfiguration = `{"@odata.type": "#microsoft.graph.iosMobileAppConfiguration", "displayName": "Outlook", "settings": [
 {"appConfigKey": "com.microsoft.outlook.Mail.SMIMEEnabled", "appConfigKeyType": "booleanType", "appConfigKeyValue": "true"},
 {"appConfigKey": "com.microsoft.outlook.Mail.SMIMEEnabled.LDAPHostName", "appConfigKeyType": "stringType", "appConfigKeyValue": "ldaps://ldap.example.com"}]}
`

// checkRollouts changes what is only wrong beside something else: a certificate
// beside the settings of the tenant, one platform beside another, a record beside
// the connector's key.
func checkRollouts(t *testing.T, all map[string]artefacts, check func(string, artefacts, ...string)) {
	t.Helper()
	clean := func(name string, a artefacts) {
		t.Helper()
		if got := a.findings(t); len(got) > 0 {
			t.Errorf("%s is not clean: %v", name, got)
		}
	}

	// The sender: a mailbox whose second address the certificate is for.
	sender := senders(t)
	clean("sender", sender)
	check("e_email_address_mismatch", sender.with(t, "smime.json", `"OWAUseSecondaryProxiesWhenFindingCertificates": true`, `"OWAUseSecondaryProxiesWhenFindingCertificates": false`))
	check("w_owa_signing_certificate_tie", sender.put("second.cer", sender.beside["tie"]))
	clean("tie with a choice", sender.put("second.cer", sender.beside["tie"]).with(t, "smime.json", `"OWAAllowUserChoiceOfSigningCertificate": false`, `"OWAAllowUserChoiceOfSigningCertificate": true`))
	check("e_directory_certificates_too_many", sender.know(lint.Facts{PrimarySMTP: "proxy@example.com", DirectoryCertificates: 16}))
	stranger := sender.know(lint.Facts{PrimarySMTP: "other@example.com"})
	check("e_email_address_mismatch", stranger)
	check("w_owa_other_address", stranger.with(t, "smime.json", `"OWASenderCertificateAttributesToDisplay": ""`, `"OWASenderCertificateAttributesToDisplay": "2.5.4.3"`), "e_email_address_mismatch")

	// Trusted certificates: files for the portal, and platforms against each other.
	cer := artefacts{target: lint.Intune, files: map[string][]byte{}}
	trusted, err := IntuneTrusted(pack(t, "collections/complete.sst"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range trusted {
		if strings.HasSuffix(o.Name, ".cer") {
			cer.files[o.Name] = o.Data
		}
	}
	clean("files for the portal", cer)
	c := pack(t, "collections/complete.sst")
	p7b, err := c.PKCS7()
	if err != nil {
		t.Fatal(err)
	}
	chainPEM, err := c.PEM()
	if err != nil {
		t.Fatal(err)
	}
	for _, container := range [][]byte{p7b, chainPEM} {
		check("e_intune_several_certificates", artefacts{target: lint.Intune, files: map[string][]byte{"chain.cer": container}})
	}
	for name, data := range cer.files {
		check("w_intune_not_der", cer.put(name, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: data})))
	}
	both := artefacts{target: lint.Intune, files: map[string][]byte{}}
	for _, platform := range []string{"ios", "windows"} {
		for name, data := range all[platform].files {
			both.files[platform+"/"+name] = data
		}
	}
	clean("two platforms", both)
	clean("two platforms in use", both.know(lint.Facts{Platforms: []string{"ios", "windows"}}))
	extra := fmt.Appendf(nil, `{"@odata.type": "#microsoft.graph.iosTrustedRootCertificate", "displayName": "x", "certFileName": "x.cer", "trustedRootCertificate": %q}`,
		base64.StdEncoding.EncodeToString(sender.beside["root"]))
	check("w_graph_platforms_differ", both.put("ios/extra.json", extra))
	check("w_graph_platforms_differ", all["ios"].put("phone.json", bytes.Replace(extra, []byte("iosTrusted"), []byte("windowsPhone81Trusted"), 1)))
	check("e_graph_platform_missing", both.drop("windows/").know(lint.Facts{Platforms: []string{"ios", "windows"}}))
	check("e_graph_platform_missing", both.put("ios/extra.json", extra).know(lint.Facts{Platforms: []string{"ios", "windows"}}))

	// The connector's key beside records of imported PFX files.
	pfx := all["pfx"]
	key := &generate(t, 2048).PublicKey
	pfx = pfx.put("connector.pem", publicKeyPEM(t, key)).know(lint.Facts{ConnectorKeyName: "PFXEncryptionKey", ConnectorProvider: "Microsoft Software Key Storage Provider"})
	clean("imported PFX with its connector", pfx)
	check("w_connector_key_form", pfx.put("connector.pem", pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(key)})))
	// A small key gives a small password too.
	small := &generate(t, 1024).PublicKey
	check("w_connector_key_small", artefacts{target: lint.Intune, files: map[string][]byte{"connector.pem": publicKeyPEM(t, small)}})
	check("e_graph_pfx_password", pfx.put("connector.pem", publicKeyPEM(t, &generate(t, 3072).PublicKey)))
	check("e_graph_pfx_key_name", pfx.with(t, "user.json", `"keyName": "PFXEncryptionKey"`, `"keyName": "Another"`))
	check("e_graph_pfx_key_name", pfx.with(t, "user.json", `"providerName": "Microsoft Software`, `"providerName": "Example Software`))
	two := all["pfx"].put("other.json", all["pfx"].files["user.json"])
	clean("two records", two)
	check("w_graph_pfx_several_keys", two.with(t, "other.json", `"keyName": "PFXEncryptionKey"`, `"keyName": "Another"`))
	profile := func(purpose string) []byte {
		return fmt.Appendf(nil, `{"@odata.type": "#microsoft.graph.iosImportedPFXCertificateProfile", "displayName": "x", "intendedPurpose": %q}`, purpose)
	}
	clean("record and profile", pfx.put("profile.json", profile("smimeSigning")))
	check("e_graph_pfx_no_profile", pfx.put("profile.json", profile("smimeEncryption")))
	check("w_graph_pfx_user_address", pfx.with(t, "user.json", `"userPrincipalName": "user@`, `"userPrincipalName": "u123@`))
	check("w_graph_pfx_user_address", pfx.with(t, "user.json", `"userPrincipalName": "user@`, `"userPrincipalName": "`+strings.Repeat("あ", 40)+`@`))
	check("w_mdm_soft_certificates", all["settings"].with(t, "policy.json", `"Identity": "Default", "AllowSMIMESoftCerts": true`, `"Identity": "`+strings.Repeat("あ", 40)+`", "AllowSMIMESoftCerts": false`))
	check("w_graph_pfx_user_address", pfx.know(lint.Facts{ConnectorKeyName: "PFXEncryptionKey", PrimarySMTP: "other@example.com"}))
	soon := testPFXUntil(t, today.AddDate(0, 0, 29).Format("2006-01-02"))
	o, err := IntunePFX(&Import{UPN: testAddress, PFX: soon, Password: testPassword, Purpose: SMIMESigning}, &Connector{Key: key, Provider: "P", KeyName: "K"}, today)
	if err != nil {
		t.Fatal(err)
	}
	check("w_graph_pfx_expires", artefacts{target: lint.Intune, password: testPassword, files: map[string][]byte{"user.json": o.Data}})
	check("w_graph_pfx_expires", artefacts{target: lint.Intune, files: map[string][]byte{"user.json": o.Data}}) // closed: by the date of the record

	// What Outlook is told.
	outlook := artefacts{target: lint.Intune, files: map[string][]byte{"outlook.json": []byte(outlookConfiguration)}}
	clean("app configuration", outlook)
	check("w_graph_outlook_smime_off", outlook.with(t, "outlook.json", `"appConfigKeyValue": "true"`, `"appConfigKeyValue": "false"`))
	check("e_graph_outlook_ldap_host", outlook.with(t, "outlook.json", "ldaps://", "ldap://"))
}

func publicKeyPEM(t *testing.T, key *rsa.PublicKey) []byte {
	t.Helper()
	spki, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki})
}

// senders makes the settings of a tenant and the certificate of a user under its
// collection. Beside these are "tie", another certificate for the same address
// from the same second, and "root".
func senders(t *testing.T) artefacts {
	t.Helper()
	key, _ := testCertificate(t, bothUsages, "2028-01-01")
	root := issueTest(t, key, &x509.Certificate{Subject: pkix.Name{CommonName: "Example Sender Root"}, SubjectKeyId: []byte{1}, IsCA: true, KeyUsage: x509.KeyUsageCertSign}, nil)
	user := func(serial int64) []byte {
		return issueTest(t, key, &x509.Certificate{
			SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "Example User"}, SubjectKeyId: []byte{2}, KeyUsage: bothUsages,
			ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}, EmailAddresses: []string{"proxy@example.com"},
			CRLDistributionPoints: []string{"http://crl.example.com/ca.crl"}, IssuingCertificateURL: []string{"http://ca.example.com/ca.crt"},
		}, root).Raw
	}
	store, err := sst.New(root).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	settings := fmt.Appendf(nil, `{"OWASigningAlgorithms": "800C", "OWAUseSecondaryProxiesWhenFindingCertificates": true, "OWAAllowUserChoiceOfSigningCertificate": false,
 "OWASenderCertificateAttributesToDisplay": "", "SMIMECertificateIssuingCA": %q}`, base64.StdEncoding.EncodeToString(store))
	return artefacts{
		target: lint.ExchangeOnline,
		facts:  &lint.Facts{PrimarySMTP: "primary@example.com", ProxyAddresses: []string{"proxy@example.com"}},
		files:  map[string][]byte{"smime.json": settings, "user.cer": user(21)},
		beside: map[string][]byte{"tie": user(22), "root": root.Raw},
	}
}

// issueTest issues a certificate with the one key of these tests.
func issueTest(t *testing.T, key *ecdsa.PrivateKey, template, parent *x509.Certificate) *x509.Certificate {
	t.Helper()
	if template.SerialNumber == nil {
		template.SerialNumber = big.NewInt(20)
	}
	template.NotBefore, template.NotAfter, template.BasicConstraintsValid = today.AddDate(-1, 0, 0), today.AddDate(1, 0, 0), true
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

// TestPlatformNames holds that the facts of package lint have the same words.
func TestPlatformNames(t *testing.T) {
	names, err := json.Marshal(allPlatforms())
	if err != nil {
		t.Fatal(err)
	}
	facts, err := lint.ParseFacts(fmt.Appendf(nil, `{"version": 1, "platforms": %s}`, names))
	if err != nil || len(facts.Platforms) != len(allPlatforms()) {
		t.Errorf("%v, %v", facts, err)
	}
}
