package lint_test

import (
	"crypto/elliptic"
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// TestRewriteAdvice holds what is to be done about a PFX that has to be written anew: the
// command that does it or, where none would, what keeps it from being done.
func TestRewriteAdvice(t *testing.T) {
	secret, other := parts(des("secret")), parts(des("other"))
	second := parts(encode(gopkcs12.LegacyDES, "secret", newUser(issuing(), ecKey(elliptic.P256(), 4), serial(0x2001))))
	for _, tt := range []struct {
		name, password string
		pfx            []byte
		remedy         string
		commands       []string
	}{
		{"written anew", "secret", aes("secret"), "Make it binary", []string{"smimechain rewrite -for ios-17 -o id-ios-17.pfx id.pfx"}},
		{"a key with a password of its own", "secret", withoutMAC(secret[0], other[1]), "The private key has a password of its own: rewrite", nil},
		{"no password needed", "", plainPFX(keyBag(user().key), certBag(user())), "another password of ASCII characters", nil},
		{"an empty password", "", des(""), "another password of ASCII characters", nil},
		{"another password", "wrong", des("secret"), "Give the password of the file first.", nil},
		{"no private key", "secret", trustStore(), "Export the certificate again, with its private key.", nil},
		{"no private key, and no password needed", "", plainPFX(certBag(user())), "Export the certificate again, with its private key.", nil},
		{"two identities", "secret", withoutMAC(secret[0], secret[1], second[0], second[1]), "Split it", []string{
			"smimechain rewrite -for ios-17 -identity 0 -o id-ios-17-0.pfx id.pfx", "smimechain rewrite -for ios-17 -identity 1 -o id-ios-17-1.pfx id.pfx",
		}},
		{"two identities, one under a password of its own", "secret", withoutMAC(secret[0], secret[1], second[0], other[1]), "Split it", []string{
			"smimechain rewrite -for ios-17 -identity 0 -o id-ios-17-0.pfx id.pfx",
		}},
		{"two identities without a password", "", plainPFX(keyBag(user().key), certBag(user()), keyBag(otherKey())), "Split it", nil},
	} {
		files := openPFX([]byte(base64.StdEncoding.EncodeToString(tt.pfx)), tt.password)
		r := run(t, files, &lint.Options{Time: today, Targets: []lint.Target{lint.AppleMail}, ZLint: []string{"none"}})
		i := slices.IndexFunc(r.Findings, func(f lint.Finding) bool { return f.Rule == "e_pfx_text" })
		if i < 0 {
			t.Fatalf("%s: %v", tt.name, rulesOf(r))
		}
		if f := r.Findings[i]; !strings.Contains(string(f.Remedy), tt.remedy) || !slices.Equal(f.Commands, tt.commands) {
			t.Errorf("%s: %s %q", tt.name, f.Remedy, f.Commands)
		}
	}
}

// TestProfileAdvice holds that the identity of a profile is written anew where there is one,
// each under the name of its own profile.
func TestProfileAdvice(t *testing.T) {
	of := func(pfx []byte) string { return profileText(pfx) }
	payload := func(text, more string) string {
		return strings.Replace(text, "</dict></array>", "</dict>"+more+"</array>", 1)
	}
	next := func(kind string, data []byte) string {
		return "<dict><key>PayloadType</key><string>com.apple.security." + kind + "</string><key>PayloadVersion</key><integer>1</integer><key>PayloadIdentifier</key><string>e</string><key>PayloadUUID</key><string>f</string><key>PayloadContent</key><data>" + base64.StdEncoding.EncodeToString(data) + "</data></dict>"
	}
	const first, another = "smimechain rewrite -for ios-17 -o 0-ios-17.pfx 0.json", "smimechain rewrite -for ios-17 -o 1-ios-17.pfx 1.json"
	for _, tt := range []struct {
		name  string
		texts []string
		want  map[string][]string // by file
	}{
		{"one identity", []string{of(aes("secret"))}, map[string][]string{"0.json": {first}}},
		{"with a root", []string{payload(of(aes("secret")), next("root", root().Raw))}, map[string][]string{"0.json": {first}}},
		{"beside another profile", []string{of(aes("secret")), of(aes("secret"))}, map[string][]string{"0.json": {first}, "1.json": {another}}},
		{"beside a file of another kind", []string{of(aes("secret")), string(root().Raw)}, map[string][]string{"0.json": {first}}},
		{"two identities", []string{payload(of(aes("secret")), next("pkcs12", aes("secret")))}, map[string][]string{"0.json": nil}},
	} {
		r := run(t, opened(t, "secret", tt.texts...), &lint.Options{Time: today, Targets: []lint.Target{lint.AppleMail}, ZLint: []string{"none"}})
		got := map[string][]string{}
		for _, f := range r.Findings {
			if f.Rule == "w_profile_identity_old_ios" {
				got[f.File] = f.Commands
			}
		}
		for file, want := range tt.want {
			if commands, found := got[file]; !found || !slices.Equal(commands, want) {
				t.Errorf("%s: %s: %q, want %q", tt.name, file, commands, want)
			}
		}
		if len(got) != len(tt.want) {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
}
