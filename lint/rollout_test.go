package lint_test

import (
	"context"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// texts reads files of a roll-out.
func texts(t *testing.T, list ...string) []*bundle.File {
	t.Helper()
	return readTexts(t, new(bundle.Options), list...)
}

// opened is like texts for files whose PFX a password opens.
func opened(t *testing.T, password string, list ...string) []*bundle.File {
	t.Helper()
	return readTexts(t, &bundle.Options{Password: &password}, list...)
}

func readTexts(t *testing.T, opts *bundle.Options, list ...string) []*bundle.File {
	t.Helper()
	var files []*bundle.File
	for i, text := range list {
		f, err := opts.Parse(context.Background(), fmt.Sprintf("%d.json", i), []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// intune gives files for Intune, which was asked for by name.
func intune(files []*bundle.File) given {
	return with(files, lint.Options{Targets: []lint.Target{lint.Intune}})
}

// pemFile gives one certificate as PEM text.
func pemFile(s *signer) []*bundle.File {
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Raw})
	f, err := bundle.Parse("ca.pem", text)
	if err != nil {
		panic(err)
	}
	return []*bundle.File{f}
}

// secureEmail asks for the extended key usage of S/MIME.
const secureEmail = `"extendedKeyUsages": [{"name": "Secure Email", "objectIdentifier": "1.3.6.1.5.5.7.3.4"}]`

// sent makes a request to Microsoft Graph.
func sent(version, list, body string) string {
	return "POST https://graph.microsoft.com/" + version + "/deviceManagement/" + list + "\nContent-Type: application/json\n\n" + body
}

// mailProfile makes a mail profile that names another by its id.
func mailProfile(use, id string) string {
	return fmt.Sprintf(`{"@odata.type": "#microsoft.graph.iosEasEmailProfileConfiguration", "smime%sCertificate@odata.bind": "https://graph.microsoft.com/beta/deviceManagement/deviceConfigurations('%s')"}`, use, id)
}

// importedProfile makes a profile that delivers imported PFX files.
func importedProfile(id, purpose string) string {
	return fmt.Sprintf(`{"@odata.type": "#microsoft.graph.iosImportedPFXCertificateProfile", "id": %q, "intendedPurpose": %q}`, id, purpose)
}

// enrolment makes a profile by which devices ask for a certificate.
func enrolment(kind, id, more string) string {
	return fmt.Sprintf(`{"@odata.type": "#microsoft.graph.ios%sCertificateProfile", "id": %q%s}`, kind, id, more)
}

// windowsProfile makes a profile with a trusted certificate for a store.
func windowsProfile(store string, s *signer) string {
	return strings.Replace(trustedProfile("windows81", s), "{", fmt.Sprintf(`{"destinationStore": %q, `, store), 1)
}

func serial(n int64) change { return func(c *x509.Certificate) { c.SerialNumber = big.NewInt(n) } }

func trustedProfile(platform string, s *signer) string {
	return fmt.Sprintf(`{"@odata.type": "#microsoft.graph.%sTrustedRootCertificate", "certFileName": "x.cer", "trustedRootCertificate": %q}`,
		platform, base64.StdEncoding.EncodeToString(s.Raw))
}

// record is an imported PFX.
func record(keyName, upn, blob string) string {
	return fmt.Sprintf(`{"@odata.type": "#microsoft.graph.userPFXCertificate", "providerName": "Provider", "keyName": %q, "userPrincipalName": %q,
		"intendedPurpose": "smimeSigning", "startDateTime": "2025-11-22T00:00:00Z", "expirationDateTime": "2027-11-22T00:00:00Z", "encryptedPfxBlob": %q}`, keyName, upn, blob)
}

func pfxText() string { return base64.StdEncoding.EncodeToString(des("secret")) }

func publicKey(label string, bits int) string {
	key := rsaKey(bits).Public().(*rsa.PublicKey)
	der := x509.MarshalPKCS1PublicKey(key)
	if label == "PUBLIC KEY" {
		der = must(x509.MarshalPKIXPublicKey(key)).FullBytes
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
}

func outlookSetting(name, value string) string {
	return fmt.Sprintf(`{"@odata.type": "#microsoft.graph.iosMobileAppConfiguration", "settings": [{"appConfigKey": "com.microsoft.outlook.Mail.SMIMEEnabled%s", "appConfigKeyValue": %q}]}`, name, value)
}

// rulesOf returns the rules that fire, each once.
func rulesOf(r *lint.Report) []string {
	var names []string
	for _, f := range r.Findings {
		names = append(names, f.Rule)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// TestSettingsBeside holds that settings given as a file count as those among the
// facts do.
func TestSettingsBeside(t *testing.T) {
	who := lint.Facts{PrimarySMTP: "user@example.com", ProxyAddresses: []string{"proxy@example.com"}}
	far := twin(root(), func(c *x509.Certificate) { c.CRLDistributionPoints = []string{"ldap:///CN=CA"} })
	inside := func() []*bundle.File { return store(far, root()) }
	nothing := func() []*bundle.File { return nil }
	collection := func(certs ...*signer) string {
		return fmt.Sprintf(`, "SMIMECertificateIssuingCA": %q`, base64.StdEncoding.EncodeToString(must(elements(certs).Marshal()).FullBytes))
	}
	plain, unreachable := collection(issuing(), root()), collection(far, root())
	crossed := collection(issuing(), root(), twin(newCA("Old Root", nil, ecKey(elliptic.P256(), 8))))
	tests := []struct {
		name, settings string
		files          func() []*bundle.File
		rule           string
		want           bool
	}{
		{"proxies count", `"OWAUseSecondaryProxiesWhenFindingCertificates": true`, func() []*bundle.File { return loose(user(addresses("proxy@example.com"))) }, "e_email_address_mismatch", false},
		{"proxies do not", `"OWAUseSecondaryProxiesWhenFindingCertificates": false`, func() []*bundle.File { return loose(user(addresses("proxy@example.com"))) }, "e_email_address_mismatch", true},
		{"a tie", `"OWAAllowUserChoiceOfSigningCertificate": false`, func() []*bundle.File { return loose(user(), user(serial(0x2001))) }, "w_owa_signing_certificate_tie", true},
		{"a choice", `"OWAAllowUserChoiceOfSigningCertificate": true`, func() []*bundle.File { return loose(user(), user(serial(0x2001))) }, "w_owa_signing_certificate_tie", false},
		{"one for each purpose", `"OWAAllowUserChoiceOfSigningCertificate": false`, func() []*bundle.File {
			return loose(user(keyUsage(x509.KeyUsageDigitalSignature)), user(serial(0x2001), keyUsage(x509.KeyUsageKeyAgreement)))
		}, "w_owa_signing_certificate_tie", false},
		{"no remedy", `"OWASenderCertificateAttributesToDisplay": "2.5.4.3"`, func() []*bundle.File { return loose(user(addresses("other@example.com"))) }, "w_owa_other_address", true},
		{"no setting", `"OWASenderCertificateAttributesToDisplay": null`, func() []*bundle.File { return loose(user(addresses("other@example.com"))) }, "w_owa_other_address", false},
		{"a store that lacks what is in use", fmt.Sprintf(`"SMIMECertificateIssuingCA": %q`, base64.StdEncoding.EncodeToString(must(elements([]*signer{root(), issuing()}).Marshal()).FullBytes)),
			func() []*bundle.File { return store(root()) }, "w_collection_drops_certificates", true},
		{"lists are fetched", `"OWADisableCRLCheck": false`, inside, "e_owa_crl_unreachable", true},
		{"lists are not fetched", `"OWADisableCRLCheck": true`, inside, "e_owa_crl_unreachable", false},
		{"not said whether lists are fetched", `"Identity": "Smime"`, inside, "e_owa_crl_unreachable", true},
		{"lists are fetched for the collection in use", `"OWADisableCRLCheck": false` + unreachable, nothing, "e_owa_crl_unreachable", true},
		{"lists are not fetched for the collection in use", `"OWADisableCRLCheck": true` + unreachable, nothing, "e_owa_crl_unreachable", false},
		{"not said whether lists are fetched for the collection in use", `"Identity": "Smime"` + unreachable, nothing, "e_owa_crl_unreachable", false},
		{"no chain in messages", `"OWAIncludeCertificateChainWithoutRootCertificate": false` + crossed, nothing, "w_owa_chain_not_in_message", true},
		{"no chain in messages, and no cross-certificate", `"OWAIncludeCertificateChainWithoutRootCertificate": false` + plain, nothing, "w_owa_chain_not_in_message", false},
		{"the chain in messages", `"OWAIncludeCertificateChainWithoutRootCertificate": true` + crossed, nothing, "w_owa_chain_not_in_message", false},
		{"the chain with its root", `"OWAIncludeCertificateChainWithoutRootCertificate": false, "OWAIncludeCertificateChainAndRootCertificate": true` + crossed, nothing, "w_owa_chain_not_in_message", false},
		{"not said what of the chain", `"OWAIncludeCertificateChainAndRootCertificate": false` + crossed, nothing, "w_owa_chain_not_in_message", false},
		{"a script beside", fmt.Sprintf(`"SMIMECertificateIssuingCA": %q`, base64.StdEncoding.EncodeToString(must(elements([]*signer{root()}).Marshal()).FullBytes)),
			func() []*bundle.File { return texts(t, "Connect-ExchangeOnline") }, "w_collection_drops_certificates", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			settings := `{"OWASigningAlgorithms": "800C", ` + tt.settings + `}`
			for name, given := range map[string][]*bundle.File{
				"alone": texts(t, settings), "after a policy for mailboxes": texts(t, `{"AllowSMIMESoftCerts": true}`, settings),
			} {
				r := run(t, append(tt.files(), given...), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, Facts: &who})
				if got := slices.Contains(rulesOf(r), tt.rule); got != tt.want {
					t.Errorf("%s, %s: %t; the report has %v", tt.rule, name, got, rulesOf(r))
				}
			}
		})
	}
}

// TestPasswordSize holds the encrypted password against the key of the connector,
// which is a fact or a file beside it.
func TestPasswordSize(t *testing.T) {
	text := record("Key", "", "")
	text = text[:len(text)-1] + fmt.Sprintf(`, "encryptedPfxPassword": %q}`, base64.StdEncoding.EncodeToString(make([]byte, 384)))
	for _, tt := range []struct {
		name  string
		facts lint.Facts
		files []*bundle.File
		want  bool
	}{
		{"nothing known", lint.Facts{}, texts(t, text), false},
		{"a fact", lint.Facts{ConnectorKeyBits: 2048}, texts(t, text), true},
		{"another fact", lint.Facts{ConnectorKeyBits: 3072}, texts(t, text), false},
		{"a key", lint.Facts{}, texts(t, text, publicKey("PUBLIC KEY", 2048)), true},
		{"a fact and a key", lint.Facts{ConnectorKeyBits: 3072}, texts(t, text, publicKey("PUBLIC KEY", 2048)), false},
	} {
		r := run(t, tt.files, &lint.Options{Time: today, Facts: &tt.facts})
		if got := slices.Contains(rulesOf(r), "e_graph_pfx_password"); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
}

// TestContainersForIntune holds that a container is told to be split only where
// Intune is what somebody asks about, and that a store does not go there.
func TestContainersForIntune(t *testing.T) {
	for _, tt := range []struct {
		targets []lint.Target
		want    bool
	}{
		{nil, false},
		{[]lint.Target{lint.Intune}, true},
		{[]lint.Target{lint.Windows, lint.Intune}, false},
	} {
		r := run(t, pemBundle(issuing(), root()), &lint.Options{Time: today, Targets: tt.targets})
		if got := slices.Contains(rulesOf(r), "e_intune_several_certificates"); got != tt.want {
			t.Errorf("%v: %t", tt.targets, got)
		}
	}
	_, err := lint.Run(t.Context(), store(issuing(), root()), &lint.Options{Time: today, Targets: []lint.Target{lint.Intune}})
	if !errors.Is(err, lint.ErrNothingToCheck) {
		t.Errorf("a store: %v", err)
	}
}

// TestUnknownParameter holds that Set-SmimeConfig is known by other names too.
func TestUnknownParameter(t *testing.T) {
	for script, want := range map[string]bool{
		"Set-EXOSmimeConfig -SMIMECertificateList $d":                       true,
		`ExchangeOnlineManagement\Set-SmimeConfig -SMIMECertificateList $d`: true,
		"Set-SmimeConfig -SMIMECertificateIssuingCA $d":                     false,
		"Get-SmimeConfig -SMIMECertificateList $d":                          false,
	} {
		if got := slices.Contains(rulesOf(run(t, texts(t, script), &lint.Options{Time: today})), "e_script_unknown_parameter"); got != want {
			t.Errorf("%s: %t, want %t", script, got, want)
		}
	}
}

// profileWith is a profile with an identity, whose password is given if it is secret.
func profileWith(t *testing.T, pfx []byte) []*bundle.File {
	t.Helper()
	return opened(t, "secret", profileText(pfx))
}

func profileText(pfx []byte) string {
	return fmt.Sprintf(`<plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string><key>PayloadVersion</key><integer>1</integer>
		<key>PayloadIdentifier</key><string>a</string><key>PayloadUUID</key><string>b</string><key>PayloadContent</key><array><dict>
		<key>PayloadType</key><string>com.apple.security.pkcs12</string><key>PayloadVersion</key><integer>1</integer>
		<key>PayloadIdentifier</key><string>c</string><key>PayloadUUID</key><string>d</string><key>PayloadContent</key><data>%s</data></dict></array></dict></plist>`,
		base64.StdEncoding.EncodeToString(pfx))
}

// TestProfileIdentity holds the identity in a profile against the oldest iOS and
// the date.
func TestProfileIdentity(t *testing.T) {
	const fails, warns = "e_profile_identity", "w_profile_identity_old_ios"
	for _, tt := range []struct {
		name string
		pfx  []byte
		ios  int
		at   int // years from today
		want []string
	}{
		{"AES, iOS not known", aes("secret"), 0, 0, []string{warns}},
		{"AES, iOS 17", aes("secret"), 17, 0, []string{fails}},
		{"AES, iOS 18", aes("secret"), 18, 0, nil},
		{"3DES, iOS 17", des("secret"), 17, 0, nil},
		{"expired", des("secret"), 17, 20, []string{fails}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := run(t, profileWith(t, tt.pfx), &lint.Options{Time: today.AddDate(tt.at, 0, 0), Facts: &lint.Facts{OldestIOS: lint.IOSVersion{Major: tt.ios}}})
			got := slices.DeleteFunc(rulesOf(r), func(name string) bool { return name != fails && name != warns })
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
			if !slices.ContainsFunc(r.NotChecked, func(n lint.NotChecked) bool { return strings.Contains(n.Why.String(), "identity inside") }) {
				t.Error("the report does not say that the certificates inside were not judged")
			}
		})
	}
}

// TestProfileAccount holds the identities that an account of a profile names to what it is
// for.
func TestProfileAccount(t *testing.T) {
	const (
		id                          = "0A1B2C3D-0000-4000-8000-00000000000f"
		reference, purpose, address = "e_profile_identity_reference", "e_profile_purpose", "e_profile_email"
	)
	for _, tt := range []struct {
		name                       string
		identity                   *signer
		email, signing, encryption string
		want                       []string
	}{
		{"good", user(), "user@example.com", id, id, nil},
		{"in another case", user(), "User@Example.com", strings.ToLower(id), "", nil},
		{"no identity named", user(), "other@example.com", "", "", nil},
		{"no address", user(), "", id, id, nil},
		{"another address", user(), "other@example.com", id, id, []string{address}},
		{"another address, to encrypt for", user(), "other@example.com", "", id, nil},
		{"for signatures alone", user(keyUsage(x509.KeyUsageDigitalSignature)), "user@example.com", id, "", nil},
		{"for signatures alone, to encrypt with", user(keyUsage(x509.KeyUsageDigitalSignature)), "user@example.com", "", id, []string{purpose}},
		{"for encryption alone, to sign with", user(keyUsage(x509.KeyUsageKeyAgreement)), "user@example.com", id, "", []string{purpose}},
		{"for encryption alone", user(keyUsage(x509.KeyUsageKeyAgreement)), "user@example.com", "", id, nil},
		{"an identity that is not there", user(), "other@example.com", "8" + id[1:], "9" + id[1:], []string{reference}},
		{"a payload that is no identity", user(), "other@example.com", "", "b", []string{reference}},
	} {
		account := "<dict><key>PayloadType</key><string>com.apple.mail.managed</string><key>PayloadVersion</key><integer>1</integer><key>PayloadIdentifier</key><string>e</string><key>PayloadUUID</key><string>f</string>"
		for _, v := range [][2]string{{"EmailAddress", tt.email}, {"SMIMESigningCertificateUUID", tt.signing}, {"SMIMEEncryptionCertificateUUID", tt.encryption}} {
			if v[1] != "" {
				account += "<key>" + v[0] + "</key><string>" + v[1] + "</string>"
			}
		}
		text := strings.NewReplacer("<string>d</string>", "<string>"+id+"</string>", "</array>", account+"</dict></array>").Replace(profileText(encode(gopkcs12.LegacyDES, "secret", tt.identity)))
		r := run(t, opened(t, "secret", text), &lint.Options{Time: today, Targets: []lint.Target{lint.AppleMail}})
		got := slices.DeleteFunc(rulesOf(r), func(name string) bool { return name != reference && name != purpose && name != address })
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestThumbprint holds the thumbprint of an imported PFX to its form, and to the certificate
// where that can be seen.
func TestThumbprint(t *testing.T) {
	sum := sha1.Sum(user().Raw)
	right := hex.EncodeToString(sum[:])
	for value, want := range map[string]struct{ opened, closed bool }{
		"":                       {},
		right:                    {},
		strings.ToUpper(right):   {true, true},
		right[2:]:                {true, true},
		right + "00":             {true, true},
		right[1:]:                {true, true},
		"g" + right[1:]:          {true, true},
		strings.Repeat("00", 20): {true, false},
	} {
		text := strings.Replace(record("Key", "", pfxText()), "{", fmt.Sprintf(`{"thumbprint": %q, `, value), 1)
		for what, files := range map[string][]*bundle.File{"opened": opened(t, "secret", text), "closed": texts(t, text)} {
			found := slices.Contains(rulesOf(run(t, files, &lint.Options{Time: today, Targets: []lint.Target{lint.Intune}})), "e_graph_pfx_thumbprint")
			if what == "opened" && found != want.opened || what == "closed" && found != want.closed {
				t.Errorf("%q, a PFX that is %s: found %t", value, what, found)
			}
		}
	}
}

// TestListOfPlatforms holds that a list as Microsoft Graph gives it may have a
// certificate once for each platform, and not twice for one.
func TestListOfPlatforms(t *testing.T) {
	ios, windows := trustedProfile("ios", root()), trustedProfile("windows81", root())
	for _, tt := range []struct {
		list string
		want bool
	}{
		{ios + "," + windows, false},
		{ios + "," + windows + "," + ios, true},
	} {
		r := run(t, texts(t, `{"value": [`+tt.list+`]}`), &lint.Options{Time: today})
		if got := slices.Contains(rulesOf(r), "w_collection_duplicate_certificate"); got != tt.want {
			t.Errorf("%t, want %t", got, tt.want)
		}
	}
}
