package lint_test

import (
	"crypto/elliptic"
	"crypto/x509"
	"fmt"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// TestDeliveredReasons holds what is said of an identity inside a profile or an object of
// Microsoft Graph that does not serve: why, and not that a root is missing.
func TestDeliveredReasons(t *testing.T) {
	const who, leads = `the identity of "user@example.com": `, "met : user@example.com < Example CA < Example Root"
	const noPath, tomorrow = "unknown no_path: " + who, "2026-12-22T00:00:00Z"
	expired := newCA("Example CA", root(), issuing().key, email, valid(today.AddDate(-5, 0, 0), today.AddDate(-1, 0, 0)))
	list := func(revoked ...*signer) []*bundle.File {
		return []*bundle.File{listOf(t, issuing(), today.AddDate(0, 1, 0), revoked...)}
	}
	whole := []*signer{issuing(), root()}
	for _, tt := range []struct {
		name   string
		leaf   *signer
		cas    []*signer
		beside []*bundle.File
		roots  []*bundle.File
		known  *catalog.Catalog // of Apple and of Microsoft
		want   string
	}{
		{"fine", user(), whole, nil, loose(root()), nil, leads},
		{"a root that nobody knows", user(), whole, nil, nil, nil, "unknown root_not_listed: " + who + `"Example Root" is in no list of the root programme that is known here; -roots says that it is rolled out`},
		{"a root that is trusted", user(), whole, nil, nil, knows(root(), "apple", "yes", "microsoft", "yes"), leads},
		{"a root that is trusted no more", user(), whole, nil, nil, knows(root(), "apple", "2020-01-01", "microsoft", "2020-01-01"),
			"unknown root_not_listed: " + who + `the root programme takes no certificate from after 2020-01-01 under "Example Root"; -roots says that it is rolled out`},
		{"the same, and it is rolled out", user(), whole, nil, loose(root()), knows(root(), "apple", "2020-01-01", "microsoft", "2020-01-01"), leads},
		{"for servers", user(usages(x509.ExtKeyUsageServerAuth)), whole, nil, loose(root()), nil, noPath + "is for serverAuth, not for e-mail"},
		{"for servers, and the root is not known", user(usages(x509.ExtKeyUsageServerAuth)), whole, nil, nil, nil, noPath + "is for serverAuth, not for e-mail"},
		{"not valid yet", user(valid(today.AddDate(0, 1, 0), today.AddDate(1, 0, 0))), whole, nil, loose(root()), nil, noPath + "not_yet_valid: valid from " + tomorrow + " (RFC 5280, Section 6.1.3 (a)(2))"},
		{"expired", user(valid(today.AddDate(-2, 0, 0), today.AddDate(-1, 0, 0))), whole, nil, loose(root()), nil, noPath + "expired: valid until 2025-11-22T00:00:00Z (RFC 5280, Section 6.1.3 (a)(2))"},
		{"its issuer has expired", user(), []*signer{expired, root()}, nil, loose(root()), nil, noPath + `"Example CA": expired: valid until 2025-11-22T00:00:00Z (RFC 5280, Section 6.1.3 (a)(2))`},
		{"revoked", user(), whole, list(user()), loose(root()), nil, noPath + "revoked: keyCompromise, 2026-11-22T00:00:00Z (RFC 5280, Section 6.1.3 (a)(3))"},
		{"not revoked", user(), whole, list(issuing()), loose(root()), nil, leads},
		{"its issuer is missing", user(), []*signer{root()}, nil, loose(root()), nil, "unknown root_not_listed: " + who + `whether "Example CA" is a root that is rolled out: give its certificate if it is (-roots)`},
		{"no address", user(addresses()), whole, nil, loose(root()), nil, "unknown no_address: " + who + "the certificate holds no address"},
		{"an address in the subject", user(addresses(), subjectEmail("user@example.com")), whole, nil, loose(root()), nil, leads},
		{"no path length", newUser(newCA("Example CA", newCA("Between", root(), ecKey(elliptic.P256(), 9), func(c *x509.Certificate) { c.MaxPathLenZero = true }), issuing().key), user().key),
			[]*signer{newCA("Between", root(), ecKey(elliptic.P256(), 9), func(c *x509.Certificate) { c.MaxPathLenZero = true }), newCA("Example CA", newCA("Between", root(), ecKey(elliptic.P256(), 9), func(c *x509.Certificate) { c.MaxPathLenZero = true }), issuing().key), root()},
			nil, loose(root()), nil, noPath + `"Between": path_length`},
	} {
		pfx := encode(gopkcs12.LegacyDES.WithIterations(2048), "secret", tt.leaf, tt.cas...)
		for target, text := range map[lint.Target]string{lint.AppleMail: profileText(pfx), lint.Intune: record("Key", "", inBase64(pfx))} {
			if tt.known == nil {
				tt.known = knows(root())
			}
			files := append(opened(t, "secret", text), tt.beside...)
			opts := lint.Options{Targets: []lint.Target{target}, Roots: tt.roots, Catalog: tt.known}
			got := seen(t, "taken", files[0].Name, files, opts)
			if !strings.HasPrefix(got, tt.want) {
				t.Errorf("%s, for %s: %s, want %s", tt.name, target, got, tt.want)
			}
			opts.Time, opts.ZLint = today, []string{"none"}
			works := false
			for _, v := range run(t, files, &opts).Subjects {
				works = works || v.Status == lint.Works
			}
			if works && tt.want != leads {
				t.Errorf("%s, for %s: works", tt.name, target)
			}
		}
	}
}

// TestEnrolled holds that an account whose identity the device gets from a CA by itself is
// unknown, until the certificate that was issued is given and serves.
func TestEnrolled(t *testing.T) {
	const scep, acme, own = "com.apple.security.scep", "com.apple.security.acme", "com.apple.security.pkcs12"
	account := func(address string, uses ...string) string {
		keys := "<key>EmailAddress</key><string>" + address + "</string>"
		for i, n := range uses {
			if n != "" {
				keys += fmt.Sprintf("<key>%s</key><string>0A1B2C3D-0000-4000-8000-%012s</string>", []string{"SMIMESigningCertificateUUID", "SMIMEEncryptionCertificateUUID"}[i], n)
			}
		}
		if len(uses) > 0 {
			keys += "<key>SMIMESigningEnabled</key><true/>"
		}
		return payload(9, "com.apple.mail.managed", keys, nil)
	}
	top, ca := payload(0, "com.apple.security.root", "", root().Raw), payload(1, "com.apple.security.pkcs1", "", issuing().Raw)
	get := func(n int, kind string) string { return payload(n, kind, "", nil) }
	const comes, served = " comes to the device by %s and was not seen: give the certificate that was issued", "met : user@example.com < Example CA < Example Root"
	by := func(n int, name string) string { return fmt.Sprintf("the identity of payload %d"+comes, n, name) }
	const unseen, anna = "unknown unseen: ", "user@example.com"
	for _, tt := range []struct {
		name   string
		file   string
		beside []*bundle.File
		want   string
	}{
		{"no account", configuration(top, ca, get(2, scep)), nil, "met : 2 certificates"},
		{"an account without S/MIME", configuration(top, ca, get(2, scep), account(anna)), nil, "met : 2 certificates"},
		{"to sign", configuration(top, ca, get(2, scep), account(anna, "2")), nil, unseen + by(2, "SCEP")},
		{"to encrypt", configuration(top, ca, get(2, scep), account(anna, "", "2")), nil, unseen + by(2, "SCEP")},
		{"both", configuration(top, ca, get(2, scep), account(anna, "2", "2")), nil, unseen + by(2, "SCEP")},
		{"by ACME", configuration(top, ca, get(2, acme), account(anna, "2", "2")), nil, unseen + by(2, "ACME")},
		{"one of each", configuration(top, ca, get(2, acme), get(3, scep), account(anna, "2", "3")), nil, unseen + by(2, "ACME") + "; " + by(3, "SCEP")},
		{"beside one that is inside", configuration(top, ca, get(2, scep), payload(3, own, "", des("secret")), account(anna, "3", "2")), nil, unseen + by(2, "SCEP")},
		{"one that is inside", configuration(top, ca, get(2, scep), payload(3, own, "", des("secret")), account(anna, "3", "3")), nil, served},
		{"alone", configuration(get(0, scep), account(anna, "0")), nil, unseen + by(0, "SCEP")},
		{"what was issued is given", configuration(top, ca, get(2, scep), account(anna, "2", "2")), loose(user()), served},
		{"in capital letters", configuration(top, ca, get(2, scep), account("USER@example.com", "2", "2")), loose(user()), served},
		{"for another address", configuration(top, ca, get(2, scep), account("other@example.com", "2", "2")), loose(user()), unseen + by(2, "SCEP")},
		{"for no address", configuration(top, ca, get(2, scep), account("", "2", "2")), loose(user()), unseen + by(2, "SCEP")},
		{"for encryption alone", configuration(top, ca, get(2, scep), account(anna, "2")), loose(user(keyUsage(x509.KeyUsageKeyAgreement))), unseen + by(2, "SCEP")},
		{"of another CA", configuration(top, ca, get(2, scep), account(anna, "2")), loose(newUser(newCA("Other", nil, edKey()), ecKey(elliptic.P256(), 3))),
			`unknown root_not_listed: the identity of "user@example.com": whether "Other" is a root that is rolled out`},
	} {
		files := append(opened(t, "secret", tt.file), tt.beside...)
		if got := seen(t, "taken", files[0].Name, files, lint.Options{Targets: []lint.Target{lint.AppleMail}}); !strings.HasPrefix(got, tt.want) || strings.HasPrefix(got, unseen) && got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		for _, v := range run(t, files, &lint.Options{Time: today, ZLint: []string{"none"}, Targets: []lint.Target{lint.AppleMail}}).Subjects {
			if v.Subject.File == files[0].Name && (v.Status == lint.Works) != strings.HasPrefix(tt.want, "met") {
				t.Errorf("%s: %s", tt.name, v.Status)
			}
		}
	}
}

// TestDeliveredOnce holds that a chain that several identities have is said once.
func TestDeliveredOnce(t *testing.T) {
	files := opened(t, "secret", imported(nil), imported(values{"intendedPurpose": "smimeEncryption"}))
	got := seen(t, "taken", files[0].Name, files, lint.Options{Targets: []lint.Target{lint.Intune}, Roots: loose(root())})
	if strings.Count(got, "user@example.com < ") != 1 {
		t.Error(got)
	}
}
