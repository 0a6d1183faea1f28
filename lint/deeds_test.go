package lint_test

import (
	"bytes"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint"
)

// TestTakenArtefact holds what is shown for files that hold no certificate, beside files
// that do: what they bring about, by line or name. What brings nothing about is no
// evidence, so that nobody is told that it works.
func TestTakenArtefact(t *testing.T) {
	const exchange, intune, apple = lint.ExchangeOnline, lint.Intune, lint.AppleMail
	const shows = " shows what it would do, and does nothing (-WhatIf)"
	const uncalled = " stands in a function or a block that the script does not call"
	const upload = "Set-SmimeConfig -SMIMECertificateIssuingCA"
	profile := func(kind, more string) string {
		return `<plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string><key>PayloadVersion</key><integer>1</integer>
			<key>PayloadIdentifier</key><string>a</string><key>PayloadUUID</key><string>b</string><key>PayloadContent</key><array><dict>
			<key>PayloadType</key><string>` + kind + `</string><key>PayloadVersion</key><integer>1</integer>` + more + `</dict></array></dict></plist>`
	}
	for _, tt := range []struct {
		target lint.Target
		text   string
		want   string // empty: it is not judged
	}{
		{exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA (d)", "met : line 1: " + upload},
		{exchange, "\nSet-SmimeConfig -OWAAlwaysSign $true -SMIMECert (d)", "met : line 2: " + upload},
		{exchange, "Set-SmimeConfig -OWAAlwaysSign $true", "met : line 1: Set-SmimeConfig -OWAAlwaysSign"},
		{exchange, "Set-SmimeConfig -NoSignOnReply $true", "met : line 1: Set-SmimeConfig -NoSignOnReply"},
		{exchange, "$p = Get-P\nSet-SmimeConfig @p", "unknown nothing_to_check: line 2: which parameters Set-SmimeConfig @p is given is not known: the text of the script does not show all that the table holds"},
		{exchange, "Set-SmimeConfig @p", "unknown nothing_to_check: line 1: Set-SmimeConfig @p uses $p, to which the script assigns nothing before"},
		{exchange, "$store = Get-D\nSet-SmimeConfig -SMIMECertificateIssuingCA $stroe", "unknown nothing_to_check: line 2: " + upload + " uses $stroe, to which the script assigns nothing before"},
		{exchange, "$store = Get-D\nSet-SmimeConfig -SMIMECertificateIssuingCA $stroe -WhatIf", "unknown nothing_to_check: line 2: " + upload + shows},
		{exchange, "$store = Get-D\nSet-SmimeConfig -SMIMECertificateIssuingCA $stroe\nSet-SmimeConfig -SMIMECertificateIssuingCA $store", "met : line 3: " + upload},
		{exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA $store\n$store = Get-D", "unknown nothing_to_check: line 1: " + upload + " uses $store, to which the script assigns nothing before"},
		{exchange, "$path = 'a.sst'\nSet-SmimeConfig -SMIMECertificateIssuingCA ([IO.File]::ReadAllBytes($pth))", "unknown nothing_to_check: line 2: " + upload + " uses $pth, to which the script assigns nothing before"},
		{exchange, "$p = @{ SMIMECertificateIssuingCA = (d) }\nSet-SmimeConfig @p", "met : line 2: " + upload},
		{exchange, "function Up { Set-SmimeConfig -SMIMECertificateIssuingCA (d) }\nUp", "met : line 1: " + upload},
		{exchange, "function Up { Set-SmimeConfig -SMIMECertificateIssuingCA (d) }", "unknown nothing_to_check: line 1: " + upload + uncalled},
		{exchange, "function Up { Set-SmimeConfig -SMIMECertificateIssuingCA (d) }\nSet-SmimeConfig -SMIMECertificateIssuingCA (d)", "met : line 2: " + upload},
		{exchange, "exit\nSet-SmimeConfig -SMIMECertificateIssuingCA (d)", "unknown nothing_to_check: line 2: " + upload + " stands where the script never gets to"},
		{exchange, "Set-MobileDeviceMailboxPolicy Default -RequireSignedSMIMEMessages $true", "met : line 1: Set-MobileDeviceMailboxPolicy -RequireSignedSMIMEMessages"},
		{exchange, "$d = $c.Export('SerializedStore')", "met : line 1: SerializedStore"},
		{exchange, "@echo off\npowershell -NoProfile -Command \"Set-SmimeConfig -SMIMECertificateIssuingCA (d)\"", "met : line 2: " + upload},
		{exchange, "\npwsh.exe -c 'Connect-ExchangeOnline\nSet-SmimeConfig -SMIMECertificateIssuingCA (d)'", "met : line 3: " + upload},
		{exchange, "Set-SmimeConfig -OWAAlwaysSign $true\nSet-SmimeConfig -SMIMECertificateIssuingCA (d) -WhatIf", "unknown nothing_to_check: line 2: " + upload + shows},
		{exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA (d) -WhatIf\nSet-SmimeConfig -SMIMECertificateIssuingCA (d)", "met : line 2: " + upload},

		{exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA (d) -WhatIf", "unknown nothing_to_check: line 1: " + upload + shows},
		{exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA (d) -wi:$true", "unknown nothing_to_check: line 1: " + upload + shows},
		{exchange, "$WhatIfPreference = $true\nSet-SmimeConfig -SMIMECertificateIssuingCA (d)", "unknown nothing_to_check: line 2: " + upload + shows},
		{exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA (d) -WhatIf:$false", "met : line 1: " + upload},
		{exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA (d) -WhatIf:(only)", "met : line 1: " + upload},
		{exchange, "$WhatIfPreference = $true\nSet-SmimeConfig -SMIMECertificateIssuingCA (d) -WhatIf:$false", "met : line 2: " + upload},
		{exchange, "if ($Try) { $WhatIfPreference = $true }\nSet-SmimeConfig -SMIMECertificateIssuingCA (d)", "met : line 2: " + upload},
		{exchange, "$WhatIfPreference = $true\n$WhatIfPreference = $false\nSet-SmimeConfig -SMIMECertificateIssuingCA (d)", "met : line 3: " + upload},
		{exchange, "$WhatIfPreference = $false\nSet-SmimeConfig -SMIMECertificateIssuingCA (d)", "met : line 2: " + upload},

		{exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA $null", "unknown nothing_to_check: line 1: " + upload + " takes the collection away"},
		{exchange, "Set-SmimeConfig -SMIMECertificateIssuingCA $null\nSet-SmimeConfig -SMIMECertificateIssuingCA (d)", "met : line 2: " + upload},

		{exchange, "Write-Host 'hello'", ""},
		{exchange, "Get-SmimeConfig", ""},
		{exchange, "Get-SmimeConfig | Format-List SMIME*", ""},
		{exchange, "Get-CASMailbox -SMIMEOnly $true", ""},
		{exchange, "Set-SmimeConfig -ErrorAction Stop", ""},
		{exchange, "Set-SmimeConfig", ""},
		{exchange, "# Set-SmimeConfig -SMIMECertificateIssuingCA (d)\nGet-Date", ""},
		{exchange, "Write-Host Set-SmimeConfig -SMIMECertificateIssuingCA (d)", ""},
		{exchange, "Write-Host 'Set-SmimeConfig -SMIMECertificateIssuingCA (d)'", ""},
		{exchange, "powershell -File 'Set-SmimeConfig -SMIMECertificateIssuingCA (d)'", ""},
		{exchange, "Start-Other -Command 'Set-SmimeConfig -SMIMECertificateIssuingCA (d)'", ""},
		{exchange, "Import-IntuneUserPfxCertificate -CertificateList $o", ""},
		{exchange, "$d = $c.Export('Pkcs7')", ""},

		{intune, "$o = New-IntuneUserPfxCertificate -PathToPfxFile a.pfx\nImport-IntuneUserPfxCertificate -CertificateList $o", "met : line 1: New-IntuneUserPfxCertificate; line 2: Import-IntuneUserPfxCertificate"},
		{intune, "New-IntuneUserPfxCertificate -PathToPfxFile a.pfx | ConvertTo-Json", "met : line 1: New-IntuneUserPfxCertificate"},
		{intune, "New-MgBetaDeviceManagementDeviceConfiguration -BodyParameter (b)", "met : line 1: New-MgBetaDeviceManagementDeviceConfiguration"},
		{intune, "New-MgBetaDeviceManagementDeviceConfiguration -BodyParameter $boddy", "unknown nothing_to_check: line 1: New-MgBetaDeviceManagementDeviceConfiguration uses $boddy, to which the script assigns nothing before"},
		{intune, "$o = New-IntuneUserPfxCertificate -PathToPfxFile a.pfx\nImport-IntuneUserPfxCertificate -CertificateList $oo", "unknown nothing_to_check: line 2: Import-IntuneUserPfxCertificate uses $oo, to which the script assigns nothing before"},
		{intune, "\n$o = New-IntuneUserPfxCertificate -PathToPfxFile a.pfx", "unknown nothing_to_check: line 2: New-IntuneUserPfxCertificate makes an object, and nothing imports it"},
		{intune, "function Up { New-MgBetaDeviceManagementDeviceConfiguration -BodyParameter (b) }", "unknown nothing_to_check: line 1: New-MgBetaDeviceManagementDeviceConfiguration" + uncalled},
		{intune, "New-MgBetaDeviceManagementDeviceConfiguration -BodyParameter (b) -WhatIf", "unknown nothing_to_check: line 1: New-MgBetaDeviceManagementDeviceConfiguration" + shows},
		{intune, "Get-Date\npwsh -c 'Get-Date\nNew-MgBetaDeviceManagementDeviceConfiguration -BodyParameter (b) -WhatIf'", "unknown nothing_to_check: line 3: New-MgBetaDeviceManagementDeviceConfiguration" + shows},
		{intune, "exit\nImport-IntuneUserPfxCertificate -CertificateList $o", "unknown nothing_to_check: line 2: Import-IntuneUserPfxCertificate stands where the script never gets to"},
		{intune, "Get-IntuneUserPfxCertificate", ""},
		{intune, "Set-SmimeConfig -SMIMECertificateIssuingCA (d)", ""},

		{exchange, `{"AllowSMIMESoftCerts": true, "RequireSignedSMIMEMessages": true, "RequireEncryptedSMIMEMessages": false}`, "met : settings of Get-MobileDeviceMailboxPolicy"},
		{intune, strings.Replace(trustedProfile("ios", root()), "MII", "AAA", 1), "unknown unseen: no certificate can be seen"},
		{intune, `{"@odata.type": "#microsoft.graph.iosTrustedRootCertificate", "trustedRootCertificate": ""}`, "unknown unseen: no certificate can be seen"},
		{intune, `{"@odata.type": "#microsoft.graph.iosTrustedRootCertificate"}`, "unknown unseen: no certificate can be seen"},
		{intune, record("Key", "", "AAAA"), "unknown unseen: no certificate can be seen"},
		{intune, mailProfile("Signing", "1"), "met : type iosEasEmailProfileConfiguration"},
		{apple, profile("com.apple.eas.account", "<key>EmailAddress</key><string>user@example.com</string>"), "met : payload com.apple.eas.account"},
		{apple, profile("com.apple.security.scep", ""), "met : payload com.apple.security.scep"},
		{apple, profile("com.apple.wifi.managed", ""), ""},
		{apple, strings.NewReplacer("<key>PayloadContent</key>", "<key>EncryptedPayloadContent</key><data>AAAA</data><key>x</key>").Replace(profile("a", "")),
			"unknown unseen: the payloads of the profile are encrypted for a device, and cannot be seen: give the profile as it was before"},
		{apple, base64.StdEncoding.EncodeToString([]byte(profile("com.apple.eas.account", "<key>EmailAddress</key><string>user@example.com</string>"))),
			"unknown unseen: the profile is wrapped in text, as which no device takes it: unwrap it, and give that"},
	} {
		files := scriptFile(t, tt.text)
		if strings.HasPrefix(tt.text, "{") || tt.target == apple {
			files = texts(t, tt.text)
		}
		files = append(files, loose(root())...)
		got := seen(t, "taken", files[0].Name, files, lint.Options{Targets: []lint.Target{tt.target}})
		listed := false
		for _, n := range run(t, files, &lint.Options{Time: today, ZLint: []string{"none"}, Targets: []lint.Target{tt.target}}).NotChecked {
			listed = listed || n.What.String() == files[0].Name && n.Why.String() == "it brings about nothing of S/MIME that is known here"
		}
		if got != tt.want || listed != (tt.want == "") {
			t.Errorf("%s for %s: %s, want %s; listed: %v", tt.text, tt.target, got, tt.want, listed)
		}
	}
}

// TestTakenBesideIdentity holds that the identity in one file for Intune is no evidence for a
// script that brings nothing about.
func TestTakenBesideIdentity(t *testing.T) {
	imported := opened(t, "secret", record("Key", "", pfxText()))
	for script, want := range map[string]string{
		"Write-Host 'hello'": "",
		"$o = New-IntuneUserPfxCertificate -PathToPfxFile a.pfx": "unknown nothing_to_check: line 1: New-IntuneUserPfxCertificate makes an object, and nothing imports it",
	} {
		files := append(scriptFile(t, script), imported...)
		if got := seen(t, "taken", files[0].Name, files, lint.Options{Targets: []lint.Target{lint.Intune}}); got != want {
			t.Errorf("%s: %s, want %s", script, got, want)
		}
	}
}

// TestSignedProfile holds what becomes of a signed profile: it works with a signature that
// fits, fails with one that does not, and is unknown with one that cannot be checked. That
// nobody judged who signed it is said.
func TestSignedProfile(t *testing.T) {
	text := []byte(profileOf(root()))
	for _, tt := range []struct {
		name   string
		data   []byte
		status lint.VerdictStatus
		taken  string
		listed bool
	}{
		{"not signed", text, lint.Works, "met : 1 certificate", false},
		{"signed", signedData(text, text, user(), today, user()), lint.Works, "met : 1 certificate", true},
		{"signed by a stranger", signedData(text, text, root(), today, root()), lint.Works, "met : 1 certificate", true},
		{"changed", signedData([]byte(profileOf(issuing())), text, user(), today, user()), lint.Fails, "met : 1 certificate", true},
		{"without the certificate of its signer", signedData(text, text, user(), today), lint.Unknown,
			"unknown signature_unchecked: the signature of the profile cannot be checked: the certificate of the signer is not in the message: the one with the serial number 2000, issued by CN=Example CA", true},
	} {
		for _, target := range []lint.Target{lint.AppleMail, lint.OutlookIOS} {
			files := texts(t, string(tt.data))
			if got := seen(t, "taken", files[0].Name, files, lint.Options{Targets: []lint.Target{target}}); !strings.HasPrefix(got, tt.taken) {
				t.Errorf("%s, for %s: %s, want %s", tt.name, target, got, tt.taken)
			}
			r := run(t, files, &lint.Options{Time: today, ZLint: []string{"none"}, Targets: []lint.Target{target}})
			if v := r.Verdict(target); v.Status != tt.status || (tt.status == lint.Fails) != slices.Equal(v.Because, []string{"e_profile_signature"}) {
				t.Errorf("%s, for %s: %s, %v", tt.name, target, v.Status, v.Because)
			}
			listed := slices.ContainsFunc(r.NotChecked, func(n lint.NotChecked) bool {
				return n.Why.String() == "whether the certificate that the profile was signed with is valid and trusted is not judged"
			})
			if listed != tt.listed {
				t.Errorf("%s, for %s: listed: %t", tt.name, target, listed)
			}
		}
	}
}

// damaged returns a certificate with one octet changed, counted from the end where at is
// below zero.
func damaged(s *signer, at int) *signer {
	raw := bytes.Clone(s.Raw)
	if at < 0 {
		at += len(raw)
	}
	raw[at] ^= 0x55
	return &signer{Certificate: &x509.Certificate{Raw: raw}}
}

// inKey returns the place of an octet in the public key of a certificate.
func inKey(s *signer) int {
	return bytes.Index(s.Raw, s.RawSubjectPublicKeyInfo) + len(s.RawSubjectPublicKeyInfo) - 5
}

// TestDamagedRoot holds that nothing is said to work that rolls out a root whose signature or
// key is damaged, whoever it is for, and a signature is looked at in a profile too.
func TestDamagedRoot(t *testing.T) {
	whole := newCA("Root", nil, ecKey(elliptic.P256(), 9))
	const fine, bad = "met : 1 certificate", "unknown unreadable: the signature of a root is not that of its own key: the certificate is damaged"
	for _, tt := range []struct {
		name    string
		root    *signer
		profile string
		works   bool
	}{
		{"whole", whole, fine, true},
		{"its signature", damaged(whole, -5), bad, false},
		{"its key, which is no point of the curve", damaged(whole, inKey(whole)), fine, false},
		{"its end is missing", &signer{Certificate: &x509.Certificate{Raw: whole.Raw[:len(whole.Raw)-20]}}, "unknown unreadable: a certificate cannot be read", false},
		{"the next key, signed with the old", newCA("Root", whole, ecKey(elliptic.P256(), 10), func(c *x509.Certificate) {
			c.SubjectKeyId, c.AuthorityKeyId = []byte{2}, []byte{1}
		}), fine, false},
	} {
		profile := texts(t, trustedProfile("ios", tt.root))
		if got := seen(t, "taken", profile[0].Name, profile, lint.Options{Targets: []lint.Target{lint.Intune}}); got != tt.profile {
			t.Errorf("%s, in a profile: %s, want %s", tt.name, got, tt.profile)
		}
		if got := run(t, profile, &lint.Options{Time: today, Targets: []lint.Target{lint.Intune}}).Verdict(lint.Intune).Status; (got == lint.Works) != tt.works {
			t.Errorf("%s, in a profile: %s", tt.name, got)
		}
		works := false
		for _, v := range run(t, loose(tt.root), &lint.Options{Time: today, ZLint: []string{"none"}}).Verdicts {
			works = works || v.Status == lint.Works
		}
		if works != tt.works {
			t.Errorf("%s: works for one: %v, want %v", tt.name, works, tt.works)
		}
	}
}

// TestDamagedIntermediate holds the same of what lies below a root, in a profile.
func TestDamagedIntermediate(t *testing.T) {
	top := newCA("Root", nil, ecKey(elliptic.P256(), 9))
	next := newCA("Root", nil, ecKey(elliptic.P256(), 10), func(c *x509.Certificate) { c.SubjectKeyId = []byte{2} })
	whole := newCA("Sub", top, ecKey(elliptic.P256(), 11))
	bad := damaged(whole, -5)
	text, err := os.ReadFile(filepath.Join(testdata, "sectigo", "ca-incommon-rsa-secure-email-3.pem"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	known := damaged(&signer{Certificate: &x509.Certificate{Raw: block.Bytes}}, -5)
	key := damaged(whole, inKey(whole))
	asks := func(name, root string) string {
		return `unknown root_not_listed: "` + name + `": whether "` + root + `" is a root that is rolled out: give its certificate if it is (-roots)`
	}
	stops := asks("Sub", "Root")
	const leads = "met : every CA leads to one of: Root"
	for _, tt := range []struct {
		name  string
		certs []*signer
		want  string
	}{
		{"whole", []*signer{whole}, stops},
		{"whole, with its root", []*signer{top, whole}, leads},
		{"whole, with another root of the name", []*signer{next, whole}, stops},
		{"whole, with both", []*signer{next, whole, top}, leads},
		{"its signature, and nothing can be said", []*signer{bad}, stops},
		{"its signature, with its root", []*signer{top, bad}, stops},
		{"its signature, with its root behind it", []*signer{bad, next, top}, stops},
		{"its signature, with another root of the name", []*signer{next, bad}, stops},
		{"its signature, and its issuer is known", []*signer{known}, asks("InCommon RSA Secure Email CA 3", "Sectigo Public Email Protection Root R46")},
		{"its key", []*signer{key}, stops},
		{"its key, with its root", []*signer{top, key}, stops},
	} {
		profile := texts(t, profileOf(tt.certs...))
		if got := seen(t, "path", profile[0].Name, profile, lint.Options{Targets: []lint.Target{lint.AppleMail}}); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// TestRefusedCA holds that a profile fails by a CA that may not issue, or not yet, or no more.
func TestRefusedCA(t *testing.T) {
	const lost = `failed : "Root" leads to no anchor`
	ca := func(changes ...change) *signer { return newCA("Root", nil, ecKey(elliptic.P256(), 9), changes...) }
	for _, tt := range []struct {
		name        string
		ca          *signer
		path, valid string
	}{
		{"fine", ca(), "met : every CA leads to one of: Root", "met : until 2036-11-22"},
		{"may not issue", ca(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageDigitalSignature }),
			lost, "met : until 2036-11-22"},
		{"not valid yet", ca(func(c *x509.Certificate) { c.NotBefore = today.AddDate(0, 1, 0) }),
			lost, "met : until 2036-11-22"},
		{"expired", ca(func(c *x509.Certificate) { c.NotAfter = today.AddDate(0, -1, 0) }), lost, "failed : expired on " + today.AddDate(0, -1, 0).Format("2006-01-02")},
	} {
		profile := texts(t, profileOf(tt.ca))
		for need, want := range map[lint.Need]string{"path": tt.path, "valid": tt.valid} {
			if got := seen(t, need, profile[0].Name, profile, lint.Options{Targets: []lint.Target{lint.AppleMail}}); got != want {
				t.Errorf("%s: %s: %s, want %s", tt.name, need, got, want)
			}
		}
	}
	// A revocation list closes the way in a profile too.
	sub := newCA("Sub", root(), ecKey(elliptic.P256(), 11))
	for _, revoked := range [][]*signer{nil, {sub}} {
		files := append(texts(t, profileOf(root(), sub)), listOf(t, root(), today.AddDate(0, 1, 0), revoked...))
		r := run(t, files, &lint.Options{Time: today, Targets: []lint.Target{lint.AppleMail}})
		want := lint.Met
		if revoked != nil {
			want = lint.Failed
		}
		if got := answerOf(r, lint.AppleMail, "revocation").State; got != want || (r.Verdict(lint.AppleMail).Status == lint.Works) != (revoked == nil) {
			t.Errorf("%d revoked: %s, %s", len(revoked), got, r.Verdict(lint.AppleMail).Status)
		}
	}
	// The root may be in another profile of the roll-out.
	for _, v := range run(t, texts(t, trustedProfile("ios", root()), trustedProfile("ios", issuing())), &lint.Options{Time: today, Targets: []lint.Target{lint.Intune}}).Verdicts {
		if v.Target == lint.Intune && v.Status != lint.Works {
			t.Errorf("in two profiles: %+v", v)
		}
	}
	// What holds no certificate is not asked for dates.
	files := scriptFile(t, "Set-SmimeConfig -OWAAlwaysSign $true")
	for _, v := range run(t, files, &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}}).Verdicts {
		for _, n := range v.Needs {
			if n.Need == "valid" || n.Need == "path" {
				t.Errorf("a script: %v", n)
			}
		}
	}
}

// profileOf returns a profile that installs certificates.
func profileOf(certs ...*signer) string {
	var b strings.Builder
	b.WriteString(`<plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string><key>PayloadVersion</key><integer>1</integer>
		<key>PayloadIdentifier</key><string>a</string><key>PayloadUUID</key><string>b</string><key>PayloadContent</key><array>`)
	for i, c := range certs {
		fmt.Fprintf(&b, `<dict><key>PayloadType</key><string>com.apple.security.pkcs1</string><key>PayloadVersion</key><integer>1</integer>
			<key>PayloadIdentifier</key><string>a.%d</string><key>PayloadUUID</key><string>c%d</string>
			<key>PayloadContent</key><data>%s</data></dict>`, i, i, base64.StdEncoding.EncodeToString(c.Raw))
	}
	return b.String() + `</array></dict></plist>`
}

// TestManyDeeds holds that what a script does is found in a time that grows with its length:
// this one was asked for each command what all of them do, which took nine minutes.
func TestManyDeeds(t *testing.T) {
	files := scriptFile(t, strings.Repeat("New-IntuneUserPfxCertificate -PathToPfxFile a\n", 22_000))
	const want = "unknown nothing_to_check: line 22000: New-IntuneUserPfxCertificate makes an object, and nothing imports it"
	if got := seen(t, "taken", files[0].Name, append(files, loose(root())...), lint.Options{Targets: []lint.Target{lint.Intune}}); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
