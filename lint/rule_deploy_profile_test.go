package lint_test

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// configuration is an Apple configuration profile with payloads.
func configuration(payloads ...string) string {
	return `<plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string><key>PayloadVersion</key><integer>1</integer>` +
		`<key>PayloadIdentifier</key><string>a</string><key>PayloadUUID</key><string>b</string><key>PayloadContent</key><array>` + strings.Join(payloads, "") + `</array></dict></plist>`
}

// payload is one with its number in its identifier and in its UUID, and with further keys
// as they are written.
func payload(n int, kind, keys string, content []byte) string {
	if content != nil {
		keys += "<key>PayloadContent</key><data>" + inBase64(content) + "</data>"
	}
	return fmt.Sprintf(`<dict><key>PayloadType</key><string>%s</string><key>PayloadVersion</key><integer>1</integer>`+
		`<key>PayloadIdentifier</key><string>p.%d</string><key>PayloadUUID</key><string>0a1b2c3d-0000-4000-8000-%012d</string>%s</dict>`, kind, n, n, keys)
}

// TestProfileRules holds what rules say of configuration profiles.
func TestProfileRules(t *testing.T) {
	const (
		trusts, pkcs1, pemText, pkcs12, mail = "com.apple.security.root", "com.apple.security.pkcs1", "com.apple.security.pem", "com.apple.security.pkcs12", "com.apple.mail.managed"
		secret                               = "<key>Password</key><string>secret</string>"
	)
	ca := payload(0, trusts, "", root().Raw)
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root().Raw})
	signing := func(uuid string) string {
		return payload(1, mail, "<key>EmailAddress</key><string>user@example.com</string><key>SMIMESigningCertificateUUID</key><string>"+uuid+"</string>", nil)
	}
	const first = "0A1B2C3D-0000-4000-8000-000000000000"
	encrypts := encode(gopkcs12.LegacyDES, "secret", user(keyUsage(x509.KeyUsageKeyAgreement)))
	old, modern := des("secret"), aes("secret")
	expired := encode(gopkcs12.LegacyDES, "secret", user(valid(today.AddDate(-2, 0, 0), today.AddDate(-1, 0, 0))))
	none, ios17 := lint.Facts{}, lint.Facts{OldestIOS: lint.IOSVersion{Major: 17}}
	what := func(s ...string) []string { return s }
	removed := func(keys string) string {
		return strings.Replace(configuration(ca), "<key>PayloadContent</key>", keys+"<key>PayloadContent</key>", 1)
	}
	for _, tt := range []struct {
		rule  string
		facts lint.Facts
		open  bool
		file  string
		parts []string
	}{
		{"e_profile_top", none, true, configuration(ca), nil},
		{"e_profile_top", none, true, strings.Replace(configuration(ca), "<string>Configuration<", "<string>Profile<", 1), what("lacks PayloadType Configuration")},
		{"e_profile_top", none, true, strings.Replace(configuration(ca), "<integer>1<", "<integer>2<", 1), what("lacks PayloadVersion 1")},
		{"e_profile_top", none, true, strings.NewReplacer("<string>a<", "<string><", "<string>b<", "<string><").Replace(configuration(ca)), what("lacks PayloadIdentifier, PayloadUUID")},
		{"e_profile_top", none, true, strings.NewReplacer("<array>", "", "</array>", "").Replace(configuration(ca)), what("lacks PayloadContent")},

		{"e_profile_top", none, true, strings.NewReplacer("<key>PayloadContent</key><array>", "<key>IsEncrypted</key><true/><key>EncryptedPayloadContent</key><data>AAAA</data><key>x</key><array>").Replace(configuration(ca)), nil},
		{"e_profile_top", none, true, strings.NewReplacer("<key>PayloadContent</key><array>", "<key>EncryptedPayloadContent</key><data></data><key>x</key><array>").Replace(configuration(ca)), what("lacks PayloadContent")},
		{"e_profile_removed", none, true, removed("<key>RemovalDate</key><date>" + today.Format(time.RFC3339) + "</date>"), what("is removed by itself on " + today.Format(time.DateOnly) + " (RemovalDate), which has passed")},
		{"e_profile_removed", none, true, removed("<key>RemovalDate</key><date>" + today.Add(time.Second).Format(time.RFC3339) + "</date>"), nil},
		{"e_profile_removed", none, true, removed("<key>RemovalDate</key><string>" + today.Format(time.RFC3339) + "</string>"), nil},
		{"e_profile_removed", none, true, removed("<key>DurationUntilRemoval</key><integer>1</integer>"), nil},
		{"e_profile_signature", none, true, string(signedData([]byte(configuration(ca)), []byte(configuration(ca)), user(), today, user())), nil},
		{"e_profile_signature", none, true, string(signedData([]byte(configuration(ca)), []byte(configuration(ca, ca)), user(), today, user())), what("the signature does not fit the profile: it was changed after it was signed")},
		{"e_profile_signature", none, true, string(signedData([]byte(configuration(ca)), []byte(configuration(ca, ca)), user(), today)), what("the signature does not fit the profile: it was changed after it was signed")},
		{"e_profile_signature", none, true, string(signedData([]byte(configuration(ca)), []byte(configuration(ca)), user(), today)), nil},
		{"e_profile_signature", none, true, configuration(ca), nil},
		{"n_profile_removal", none, true, removed("<key>RemovalDate</key><date>2031-02-03T00:00:00Z</date>"), what("on 2031-02-03 (RemovalDate)")},
		{"n_profile_removal", none, true, removed("<key>RemovalDate</key><date>" + today.Format(time.RFC3339) + "</date>"), nil},
		{"n_profile_removal", none, true, removed("<key>DurationUntilRemoval</key><integer>86400</integer>"), what("removed by itself 86400 s after")},
		{"n_profile_removal", none, true, removed("<key>DurationUntilRemoval</key><real>3600.5</real>"), what("removed by itself 3600 s after")},
		{"n_profile_removal", none, true, removed("<key>DurationUntilRemoval</key><integer>0</integer>"), nil},
		{"n_profile_removal", none, true, removed("<key>DurationUntilRemoval</key><real>nan</real>"), nil},
		{"n_profile_removal", none, true, removed("<key>DurationUntilRemoval</key><string>60</string>"), nil},
		{"n_profile_removal", none, true, removed(""), nil},

		{"e_profile_payload_unique", none, true, configuration(ca, payload(1, trusts, "", issuing().Raw)), nil},
		{"e_profile_payload_unique", none, true, configuration(ca, ca), what("payloads 0 and 1 have the same")},
		{"e_profile_payload_unique", none, true, configuration(ca, strings.NewReplacer("p.0", "p.1", "0a1b", "0A1B").Replace(ca)), what("payloads 0 and 1 have the same")},
		{"e_profile_payload_unique", none, true, configuration(payload(1, trusts, "", issuing().Raw), ca, strings.Replace(ca, "0a1b", "1a1b", 1)), what("payloads 1 and 2 have the same")},
		{"e_profile_payload_unique", none, true, configuration("<dict/>", "<dict/>"), nil},

		{"e_profile_certificate", none, true, configuration(ca), nil},
		{"e_profile_certificate", none, true, configuration(ca, payload(1, trusts, "", append(slices.Clip(root().Raw), 0))), what("payload 1: octets follow the certificate")},
		{"e_profile_certificate", none, true, configuration(payload(0, trusts, "", nil)), what("payload 0: it is empty")},
		{"e_profile_certificate", none, true, configuration(payload(0, trusts, "", text)), nil},
		{"e_profile_certificate_pem", none, true, configuration(payload(0, trusts, "", text)), what("payload 0 holds PEM text")},
		{"e_profile_certificate_pem", none, true, configuration(payload(0, pemText, "", text)), nil},
		{"e_profile_certificate_pem", none, true, configuration(payload(0, trusts, "", nil)), nil},
		{"w_profile_not_ca", none, true, configuration(ca, payload(1, pkcs1, "", user().Raw)), what("payload 1 holds the certificate of a user: user@example.com")},
		{"w_profile_not_ca", none, true, configuration(ca), nil},

		{"e_profile_identity", none, true, configuration(payload(0, pkcs12, "", old)), nil},
		{"e_profile_identity", none, false, configuration(payload(0, pkcs12, "", old)), nil},
		{"e_profile_identity", none, false, configuration(payload(0, pkcs12, secret, old)), nil},
		{"e_profile_identity", none, false, configuration(payload(0, pkcs12, secret, des("other"))), what("payload 0 does not open with the password in the profile")},
		{"e_profile_identity", none, true, configuration(ca, payload(1, pkcs12, "", root().Raw)), what("payload 1 is no PFX")},
		{"e_profile_identity", ios17, true, configuration(payload(0, pkcs12, "", trustStore())), what("payload 0 cannot be opened by any version of iOS: ")},
		{"e_profile_identity", ios17, false, configuration(payload(0, pkcs12, "", modern)), what("payload 0 cannot be opened by iOS 17 and older")},
		{"e_profile_identity", ios17, true, configuration(payload(0, pkcs12, "", old)), nil},
		{"e_profile_identity", lint.Facts{OldestIOS: lint.IOSVersion{Major: 18}}, false, configuration(payload(0, pkcs12, "", modern)), nil},
		{"e_profile_identity", none, false, configuration(payload(0, pkcs12, "", modern)), nil},
		{"e_profile_identity", none, true, configuration(payload(0, pkcs12, "", expired)), what("payload 0: the certificate of the identity: ")},
		{"w_profile_identity_old_ios", none, false, configuration(payload(0, pkcs12, "", modern)), what("payload 0 cannot be opened by iOS 17 and older")},
		{"w_profile_identity_old_ios", none, true, configuration(payload(0, pkcs12, "", old)), nil},
		{"w_profile_identity_old_ios", none, true, configuration(payload(0, pkcs12, "", trustStore())), nil},
		{"w_profile_identity_old_ios", none, true, configuration(payload(0, pkcs12, "", root().Raw)), nil},
		{"w_profile_identity_old_ios", ios17, false, configuration(payload(0, pkcs12, "", modern)), nil},
		{"w_profile_password_inside", none, true, configuration(payload(0, pkcs12, secret, old)), what("payload 0 holds the password of its identity")},
		{"w_profile_password_inside", none, true, configuration(payload(0, pkcs12, "", old)), nil},

		{"e_profile_identity_reference", none, true, configuration(payload(0, pkcs12, "", old), signing(first)), nil},
		{"e_profile_identity_reference", none, true, configuration(ca, signing(first)), what("payload 1: SMIMESigningCertificateUUID names no identity")},
		{"e_profile_identity_reference", none, true, configuration(strings.Replace(payload(0, pkcs12, "", old), strings.ToLower(first), "x", 1), signing("X")), what("payload 1: SMIMESigningCertificateUUID names no identity")},
		{"e_profile_identity_reference", none, true, configuration(payload(0, "com.apple.security.scep", "", nil), signing(first)), nil},
		{"e_profile_purpose", none, true, configuration(payload(0, pkcs12, "", encrypts), signing(first)), what("payload 1: the certificate to sign with is not for signatures")},
		{"e_profile_purpose", none, false, configuration(payload(0, pkcs12, "", encrypts), signing(first)), nil},
		{"e_profile_purpose", none, true, configuration(ca, signing(first)), nil},
		{"e_profile_email", none, false, configuration(payload(0, pkcs12, "", encrypts), signing(first)), nil},

		{"e_profile_certificate", none, true, configuration(strings.NewReplacer("<data>", "<string>", "</data>", "</string>").Replace(ca)), what("payload 0: it is not of the type data")},
		{"e_profile_identity", none, false, configuration(payload(0, pkcs12, "<key>Password</key><string>{{password}}</string>", des("other"))), nil},
		{"e_profile_identity", none, false, configuration(payload(0, pkcs12, "<key>Password</key><string>$ecret2</string>", des("other"))), what("payload 0 does not open with the password in the profile")},
		{"w_profile_password_inside", none, false, configuration(payload(0, pkcs12, "<key>Password</key><string>%password%</string>", des("%password%"))), what("payload 0 holds the password of its identity")},

		{"w_profile_deprecated_key", none, true, configuration(payload(0, mail, "<key>SMIMEEnabled</key><true/>", nil)), what("payload 0 has SMIMEEnabled")},
		{"w_profile_deprecated_key", none, true, configuration(payload(0, pkcs12, "<key>KeyIsExtractable</key><true/>", old)), nil},
		{"n_profile_mac_only", none, true, configuration(payload(0, pkcs12, "<key>KeyIsExtractable</key><true/>", old)), what("payload 0 has KeyIsExtractable")},
		{"n_profile_mac_only", none, true, configuration(payload(0, mail, "<key>SMIMEEnabled</key><true/>", nil)), nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			files := texts(t, tt.file)
			if tt.open {
				files = opened(t, "secret", tt.file)
			}
			says(t, tt.rule, files, lint.Options{Targets: []lint.Target{lint.AppleMail}, Facts: &tt.facts}, tt.parts...)
		})
	}
	// What has expired is not advised to be written anew, what is in another form is.
	for name, blob := range map[string][]byte{"expired": expired, "modern": modern} {
		result := run(t, opened(t, "secret", configuration(payload(0, pkcs12, "", blob))), &lint.Options{Time: today, Targets: []lint.Target{lint.AppleMail}, Facts: &ios17})
		if i := slices.IndexFunc(result.Findings, func(f lint.Finding) bool { return f.Rule == "e_profile_identity" }); i < 0 || (len(result.Findings[i].Commands) > 0) != (name == "modern") {
			t.Errorf("%s: %+v", name, result.Findings)
		}
	}
	outlook := lint.Options{Targets: []lint.Target{lint.OutlookIOS}}
	says(t, "e_profile_outlook", opened(t, "secret", configuration(ca, payload(1, pkcs12, "", old))), outlook, "payload 1 installs an identity")
}

// TestProfileAccounts holds what is said of accounts for S/MIME: whether it is on, and
// whether the identity is for their address, which the management of the device may fill in.
func TestProfileAccounts(t *testing.T) {
	const (
		eas, mail = "com.apple.eas.account", "com.apple.mail.managed"
		named     = "<key>SMIMESigningCertificateUUID</key><string>0a1b2c3d-0000-4000-8000-000000000000</string>"
		off       = "w_profile_smime_off"
	)
	on := func(keys ...string) string {
		return "<key>" + strings.Join(keys, "</key><true/><key>") + "</key><true/>"
	}
	address := func(a string) string { return "<key>EmailAddress</key><string>" + a + "</string>" }
	inline := func(key string) string { return "<key>" + key + "</key><data>" + inBase64(des("secret")) + "</data>" }
	profile := func(kind, keys string) string {
		return configuration(payload(0, "com.apple.security.pkcs12", "", des("secret")), payload(1, "com.apple.security.root", "", root().Raw), payload(2, kind, keys, nil))
	}
	bare := func(kind, keys string) string {
		return configuration(payload(1, "com.apple.security.root", "", root().Raw), payload(2, kind, keys, nil))
	}
	encrypt := lint.Facts{Purposes: []chain.Usage{chain.Encrypt}}
	sign, both := lint.Facts{Purposes: []chain.Usage{chain.Sign}}, lint.Facts{Purposes: []chain.Usage{chain.Sign, chain.Encrypt}}
	for _, tt := range []struct {
		name   string
		text   string
		facts  lint.Facts
		status lint.VerdictStatus
		rule   string // found
	}{
		{"on", profile(eas, named+on("SMIMESigningEnabled")), lint.Facts{}, lint.Works, ""},
		{"off", profile(eas, named+strings.ReplaceAll(on("SMIMESigningEnabled", "SMIMEEncryptionEnabled"), "true", "false")), lint.Facts{}, lint.Unknown, off},
		{"not said", profile(eas, named), lint.Facts{}, lint.Unknown, off},
		{"not said, mail", profile(mail, named), lint.Facts{}, lint.Unknown, off},
		{"of S/MIME nothing said", profile(mail, address("user@example.com")), lint.Facts{}, lint.Works, ""},
		{"for old systems alone", profile(eas, named+on("SMIMEEnabled")), lint.Facts{}, lint.Unknown, off},
		{"as text", profile(eas, named+"<key>SMIMESigningEnabled</key><string>true</string>"), lint.Facts{}, lint.Unknown, off},
		{"the user may", profile(eas, named+on("SMIMESigningUserOverrideable")), lint.Facts{}, lint.Works, ""},
		{"encrypts", profile(mail, named+on("SMIMEEncryptByDefault")), lint.Facts{}, lint.Works, ""},
		{"switch per message", profile(mail, named+on("SMIMEEnableEncryptionPerMessageSwitch")), lint.Facts{}, lint.Works, ""},
		{"encrypts, is to sign", profile(mail, named+on("SMIMEEncryptByDefault")), sign, lint.Unknown, off},
		{"encrypts, is to encrypt", profile(mail, named+on("SMIMEEncryptByDefault")), encrypt, lint.Works, ""},
		{"signs, is to encrypt", profile(mail, named+on("SMIMESigningEnabled")), encrypt, lint.Unknown, off},
		{"signs, is to do both", profile(mail, named+on("SMIMESigningEnabled")), both, lint.Unknown, off},
		{"does both", profile(mail, named+on("SMIMESigningEnabled", "SMIMEEncryptByDefault")), both, lint.Works, ""},
		{"no account of S/MIME", bare(mail, address("user@example.com")), lint.Facts{}, lint.Works, ""},

		{"its address", profile(eas, named+on("SMIMESigningEnabled")+address("User@example.com")), lint.Facts{}, lint.Works, ""},
		{"another address", profile(eas, named+on("SMIMESigningEnabled")+address("boss@example.com")), lint.Facts{}, lint.Fails, "e_profile_email"},
		{"%EmailAddress%", profile(eas, named+on("SMIMESigningEnabled")+address("%EmailAddress%")), lint.Facts{}, lint.Unknown, ""},
		{"{{mail}}", profile(eas, named+on("SMIMESigningEnabled")+address("{{mail}}")), lint.Facts{}, lint.Unknown, ""},
		{"$EMAIL", profile(eas, named+on("SMIMESigningEnabled")+address("$EMAIL")), lint.Facts{}, lint.Unknown, ""},
		{"{EmailAddress}", profile(mail, named+on("SMIMESigningEnabled")+address("{EmailAddress}")), lint.Facts{}, lint.Unknown, ""},
		{"a part of it", profile(mail, named+on("SMIMESigningEnabled")+address("%username%@example.com")), lint.Facts{}, lint.Unknown, ""},
		{"a word", profile(mail, named+on("SMIMESigningEnabled")+address("EMAIL")), lint.Facts{}, lint.Unknown, ""},

		{"authentication", bare(eas, inline("Certificate")), lint.Facts{}, lint.Works, ""},
		{"authentication, of S/MIME", profile(eas, named+on("SMIMESigningEnabled")+inline("Certificate")), lint.Facts{}, lint.Works, ""},
		{"a key elsewhere", bare(eas, inline("Other")), lint.Facts{}, lint.Fails, "e_collection_private_key"},
		{"a key in an account that authenticates with none", bare(mail, inline("Certificate")), lint.Facts{}, lint.Fails, "e_collection_private_key"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := run(t, opened(t, "secret", tt.text), &lint.Options{Time: today, Targets: []lint.Target{lint.AppleMail}, Facts: &tt.facts, ZLint: []string{"none"}, Roots: loose(root()), With: loose(issuing())})
			if v := r.Verdict(lint.AppleMail); v.Status != tt.status || tt.rule != "" && !slices.Contains(rulesOf(r), tt.rule) || tt.rule == "" && slices.Contains(rulesOf(r), off) {
				t.Errorf("%s, %v", v.Status, rulesOf(r))
			}
		})
	}
}

// TestPlatformRules holds what rules say of how certificates become profiles.
func TestPlatformRules(t *testing.T) {
	what := func(s ...string) []string { return s }
	own := []lint.Target{lint.Intune}
	key := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: must(x509.MarshalPKCS8PrivateKey(user().key)).FullBytes})
	text := func(s *signer) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Raw}))
	}
	sideBySide := what(trustedProfile("ios", root()), trustedProfile("ios", issuing()), trustedProfile("macOS", root()))
	platforms := func(names ...string) *lint.Facts { return &lint.Facts{Platforms: names} }
	for _, tt := range []struct {
		rule  string
		facts *lint.Facts
		files []string
		parts []string
	}{
		{"e_intune_several_certificates", nil, what(text(root()) + text(issuing())), what("holds 2 certificates")},
		{"e_intune_several_certificates", nil, what(text(root())), nil},
		{"e_intune_several_certificates", nil, what(text(root())+text(issuing())+text(user()), text(root())), nil}, // a user's is no trusted certificate
		{"e_intune_several_certificates", nil, what(text(root()) + text(issuing()) + string(key)), nil},
		{"w_intune_not_der", nil, what(text(root())), what("is a file of format pem")},
		{"w_intune_not_der", nil, what(string(root().Raw)), nil},
		{"w_intune_not_der", nil, what(text(root()) + text(issuing())), nil},
		{"e_graph_platform_missing", platforms("ios", "macos"), sideBySide, what("has no profile for the platform macos")},
		{"e_graph_platform_missing", platforms("ios"), sideBySide, nil},
		{"e_graph_platform_missing", platforms("ios"), what(trustedProfile("macOS", root())), what("has no profile for the platform ios")},
		{"e_graph_platform_missing", nil, sideBySide, nil},
		{"w_graph_platforms_differ", nil, sideBySide, what("has no profile for the platform macos, which other certificates have one for")},
		{"w_graph_platforms_differ", platforms("ios"), sideBySide, nil},
		{"w_graph_platforms_differ", nil, what(trustedProfile("ios", root()), trustedProfile("ios", issuing())), nil},
		{"w_graph_platforms_differ", nil, what(trustedProfile("ios", root()), trustedProfile("macOS", root())), nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			says(t, tt.rule, texts(t, tt.files...), lint.Options{Targets: own, Facts: tt.facts}, tt.parts...)
		})
	}
}
