package main

// judgePFXCalls are the calls about identities, damage and small statements, by the rows
// of EXPECTED.tsv that are marked judge; those about chains are judgeCalls.
var judgePFXCalls = map[string][]judgeCall{
	"identity c03-no-mac.p12": {{"check -for windows -roots root.pem -password-file password.txt c03-no-mac.p12", -1, []string{`opens +yes`}, nil},
		{"show -password-file password.txt c03-no-mac.p12", 0, []string{`no +iOS 18`, `yes +Windows 10 1709`}, nil}},
	"identity c19-profile-aes-p12.mobileconfig": {
		{"show c19-profile-aes-p12.mobileconfig", 0, []string{"identity 0", "AES-256-CBC", "CN=anna@example.com"}, nil},
		{"rewrite -for ios-17 -o OUT/new.pfx c19-profile-aes-p12.mobileconfig", 0, []string{"1 private key, 3 certificates"}, nil}},
	"identity c21-forge-no-mac.p12":  {{"show -password-file password.txt c21-forge-no-mac.p12", 0, []string{`no +iOS 18`, `yes +Windows 10 1709`}, nil}},
	"identity c24-secret-key.p12":    {{"show -password-file password.txt c24-secret-key.p12", 0, []string{`yes +Windows 10 1709`, `yes +Intune`}, nil}},
	"identity c26-long-password.p12": {{"show -password-file password-long.txt c26-long-password.p12", 0, []string{`no +GnuPG 2.2`}, nil}},
	"identity c39-no-certificate.p12": {{"show -password-file password.txt c39-no-certificate.p12", 0,
		[]string{`no +Thunderbird and Firefox from 128`, `no +Java 8u301`, "Export the private key again, with the certificate"}, []string{"smimechain rewrite"}}},
	"identity c47-plain-key-in-encrypted-safe.p12": {{"show -password-file password.txt c47-plain-key-in-encrypted-safe.p12", 0,
		[]string{`no +Java 8u301`, `yes +Thunderbird and Firefox from 128`, `yes +Windows 10 1709`}, nil}},
	"identity c48-no-attributes.p12": {{"show -password-file password.txt c48-no-attributes.p12", 0,
		[]string{`no +iOS 18`, `no +Thunderbird and Firefox from 128`, `no +Java 8u301`}, nil}},
	"identity c50-brainpool.p12": {{"show -password-file password.txt c50-brainpool.p12", 0,
		[]string{`no +iOS 18`, `no +Java 8u301`, "Write it anew with a program that knows"}, []string{"smimechain rewrite"}}},
	"identity c51-sign-and-encrypt.p12": {
		{"rewrite -for windows -password-file password.txt -o OUT/new.pfx c51-sign-and-encrypt.p12", 0, []string{"2 private keys"}, nil},
		{"rewrite -for ios-17 -password-file password.txt -o OUT/none.pfx c51-sign-and-encrypt.p12", 2, []string{"choose one with -identity N"}, nil},
		{"rewrite -for ios-17 -identity 0 -password-file password.txt -o OUT/first.pfx c51-sign-and-encrypt.p12", 0, []string{"1 private key"}, nil},
		{"rewrite -for ios-17 -identity 1 -password-file password.txt -o OUT/second.pfx c51-sign-and-encrypt.p12", 0, []string{"1 private key"}, nil}},
	"foreign brainpool/*.pfx": {
		{"show -password-file brainpool/pw brainpool/brainpoolP256r1.pfx", 0, []string{`yes +Windows 10 1709`, `no +iOS 18`}, nil},
		{"show -password-file brainpool/pw brainpool/prime256v1explicit.pfx", 0, []string{`no +Thunderbird and Firefox from 128`, `no +Java 8u301`}, nil}},
	"foreign crlf-damaged-unrecognised.p12 utf8-damaged-unrecognised.p12 utf16-damaged-unrecognised.p12 utf8repl-damaged-unrecognised.p12 crlf-damaged-password-called-wrong.p12": {
		{"show crlf-damaged-unrecognised.p12", 0, []string{"line endings were converted", "transfer it again in binary"}, []string{"password is wrong:"}},
		{"show crlf-damaged-password-called-wrong.p12", 0, []string{"line endings were converted"}, []string{"password is wrong:"}},
		{"check utf8-damaged-unrecognised.p12", 2, []string{"wrote it as text", "copy the file"}, []string{"password is wrong"}},
		{"check utf16-damaged-unrecognised.p12", 2, []string{"wrote it as text"}, nil},
		{"check utf8repl-damaged-unrecognised.p12", 2, []string{"wrote it as text"}, nil}},
	"truth leaf/znr-only.pem": {{"check -for apple-mail leaf/znr-only.pem", 1, []string{`signs +no`}, []string{`(?m)^apple-mail +works`}}},
	"truth rc2.pfx":           {{"explain w_pfx_rc2", 0, []string{"OpenSSL 3 and Windows in FIPS mode refuse"}, []string{"Go"}}},
}
