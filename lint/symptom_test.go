package lint_test

import (
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint"
)

func TestFindSymptoms(t *testing.T) {
	tests := []struct{ words, rule string }{ // the most likely rule, or how the title begins
		{"wrong password on iPhone", "e_pfx_target_cannot_open"},
		{"iPhone says the password is wrong but it is correct", "e_pfx_target_cannot_open"},
		{"The certificate used to sign this message isn't trusted by your organization", "e_collection_no_root"},
		{"The certificate used to sign this message isn’t trusted by your organization.", "e_collection_no_root"},
		{"OWA: not trusted by organization", "e_collection_no_root"},
		{"The online certificate revocation list (CRL) that the certificate chain relies on is currently offline.", "e_crl_no_public_address"},
		{"crl offline", "e_crl_no_public_address"},
		{"Can't verify signature", "e_collection_no_root"},
		{"信頼できない署名", "e_collection_no_root"},
		{"この証明書は信頼されていません", "e_collection_no_root"},
		{"パスワードが間違っています", "e_pfx_target_cannot_open"},
		{"iPhoneでパスワードが違うと言われる", "e_pfx_target_cannot_open"},
		{"暗号化できません", "e_usage_cannot_encrypt"},
		{"Encrypt is greyed out", "e_usage_cannot_encrypt"},
		{"Outlook iOS no certificate available", "e_email_address_mismatch"},
		{"Set-SmimeConfig expired certificates", "e_certificate_expired"},
		{"SMIMECertificateList", "A parameter cannot be found"},
		{"Import-IntuneUserPfxCertificate: 400 Bad Request", "e_pfx_password_too_long"},
		{"imported but never reaches the device", "n_email_upn_differs"},
		{"external recipients see untrusted signature", "w_chain_cross_certificate_missing"},
		{"クロス署名", "e_chain_cross_certificate_missing"},
		{"クロス証明書", "e_chain_cross_certificate_missing"},
		{"クロスサイン", "e_chain_cross_certificate_missing"},
		{"クロスルート", "e_chain_cross_certificate_missing"},
		{"mail cannot be decrypted", "Mail cannot be decrypted"}, // named by a rule alone
		{"cross-signing", "e_chain_cross_certificate_missing"},
	}
	for _, tt := range tests {
		found := lint.FindSymptoms(tt.words)
		if len(found) == 0 || !strings.HasPrefix(string(found[0].Title), tt.rule) && (len(found[0].Rules) == 0 || found[0].Rules[0] != tt.rule) {
			var titles []string
			for _, s := range found {
				titles = append(titles, string(s.Title))
			}
			t.Errorf("%s: found %q, want the one of %s first", tt.words, titles, tt.rule)
		}
	}
	for _, words := range []string{"", "!?", "the printer has no paper", "天気予報", strings.Repeat("x", 10000)} {
		if found := lint.FindSymptoms(words); len(found) > 0 {
			t.Errorf("%.40s: found %q", words, found[0].Title)
		}
	}
}

func TestSymptoms(t *testing.T) {
	for _, s := range lint.Symptoms() {
		if s.Title == "" || s.Text == "" {
			t.Errorf("%q lacks its text", s.Title)
		}
		for _, name := range s.Rules {
			if _, ok := lint.Find(name); !ok {
				t.Errorf("%q: there is no rule %s", s.Title, name)
			}
		}
	}
}
