package lint_test

import (
	"crypto/elliptic"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint"
	zlint "github.com/zmap/zlint/v3/lint"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// TestJudgedUsers holds in which forms the certificate of a user is judged for Exchange
// Online: where it is no part of a collection. For others it always is.
func TestJudgedUsers(t *testing.T) {
	without := user(noCRL) // which a rule about users speaks of
	entry := func(certs ...*signer) []*bundle.File {
		text := "dn: cn=user\nmail: user@example.com\n"
		for _, c := range append(certs, without) {
			text += fmt.Sprintf("userCertificate;binary:: %s\n", base64.StdEncoding.EncodeToString(c.Raw))
		}
		return []*bundle.File{parse("user.ldif", []byte(text), nil)}
	}
	for _, tt := range []struct {
		name  string
		files []*bundle.File
		want  bool
	}{
		{"by itself", loose(without), true},
		{"by itself, in PEM", pemFile(without), true},
		{"with its issuing CA", pemBundle(without, issuing()), false},
		{"in a list", p7b(without, issuing()), false},
		{"in a store", store(without, issuing(), root()), false},
		{"beside a store", append(store(issuing(), root()), loose(without)...), true},
		{"in a PFX, beside a store", append(store(issuing(), root()), openPFX(encode(gopkcs12.LegacyDES, "secret", without, issuing()), "secret")...), true},
		{"in a directory", entry(), true},
		{"in a directory, with its issuing CA", entry(issuing()), true},
		{"in a directory, beside a store", append(store(issuing(), root()), entry()...), true},
	} {
		for target, want := range map[lint.Target]bool{lint.ExchangeOnline: tt.want, lint.OutlookIOS: true} {
			if !target.Collects() && tt.files[0].Format == bundle.SST && len(tt.files) == 1 {
				continue // to which no store is given
			}
			r := run(t, tt.files, &lint.Options{Time: today, Targets: []lint.Target{target}, ZLint: []string{"none"}})
			if got := slices.Contains(rulesOf(r), "e_crl_no_public_address"); got != want {
				t.Errorf("%s, %s: judged %t", tt.name, target, got)
			}
		}
	}
}

// TestListsNotChecked holds that settings which leave revocation unchecked speak for OWA
// alone, and those that do not for nobody.
func TestListsNotChecked(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]*lint.SmimeConfig{"no settings": nil, "checked": {}, "not checked": {DisableCRLCheck: true}} {
		for _, target := range []lint.Target{lint.ExchangeOnline, lint.OutlookIOS} {
			r := run(t, loose(user(func(c *x509.Certificate) { c.CRLDistributionPoints = nil })), &lint.Options{Time: today, Targets: []lint.Target{target}, ZLint: []string{"none"}, Facts: &lint.Facts{SmimeConfig: config}})
			want := target != lint.ExchangeOnline || config == nil || !config.DisableCRLCheck
			if got := slices.Contains(rulesOf(r), "e_crl_no_public_address"); got != want {
				t.Errorf("%s, %s: told %t", name, target, got)
			}
		}
	}
}

// TestAddressesOfLists holds which certificates are asked for addresses from which a list,
// or the certificate of the issuer, can be fetched.
func TestAddressesOfLists(t *testing.T) {
	noAIA := func(c *x509.Certificate) { c.IssuingCertificateURL = nil }
	self := newUser(nil, ecKey(elliptic.P256(), 3), noCRL, noAIA)
	for _, tt := range []struct {
		name     string
		files    []*bundle.File
		crl, aia lint.Status
	}{
		{"both", loose(user()), zlint.Pass, zlint.Pass},
		{"no list", loose(user(noCRL)), zlint.Error, zlint.Pass},
		{"no issuer", loose(user(noAIA)), zlint.Pass, zlint.Warn},
		{"self-signed", loose(self), zlint.Pass, zlint.NA},
		{"a CA", loose(issuing()), zlint.NA, zlint.NA},
		{"a root", loose(root()), zlint.NA, zlint.NA},
	} {
		for rule, want := range map[string]lint.Status{"e_crl_no_public_address": tt.crl, "w_aia_no_public_address": tt.aia} {
			if got := outcome(t, rule, tt.files, nil); got != want {
				t.Errorf("%s, %s: %s, want %s", rule, tt.name, got, want)
			}
		}
	}
}

// TestDirectoryCertificates holds how many certificates the directory may have, and that
// nobody is asked for their number.
func TestDirectoryCertificates(t *testing.T) {
	for _, tt := range []struct {
		files  []*bundle.File
		number int
		want   lint.Status
	}{
		{loose(user()), 15, zlint.Pass},
		{loose(user()), 16, zlint.Error},
		{loose(user()), 0, zlint.NA},
		{store(issuing(), root()), 16, zlint.NA},
	} {
		opts := &lint.Options{Facts: &lint.Facts{DirectoryCertificates: tt.number}}
		if got := outcome(t, "e_directory_certificates_too_many", tt.files, opts); got != tt.want {
			t.Errorf("%s, %d: %s, want %s", tt.files[0].Name, tt.number, got, tt.want)
		}
	}
	r := run(t, loose(user()), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: []string{"none"}})
	for _, n := range r.NotChecked {
		if strings.Contains(n.What.String()+n.Why.String(), "directory_certificates") {
			t.Errorf("not checked: %s: %s", n.What, n.Why)
		}
	}
}

// TestOldHierarchy holds that of a chain which stops below a root that was replaced, as far as
// the catalogue knows, that is said all the same.
func TestOldHierarchy(t *testing.T) {
	other := newCA("Other Root", nil, ecKey(elliptic.P256(), 8))
	for name, tt := range map[string]struct {
		files []*bundle.File
		known *catalog.Catalog
		want  lint.Status
	}{
		"complete":                      {store(issuing(), root()), replaces(other, root()), zlint.Notice},
		"the root is missing":           {store(issuing()), replaces(other, root()), zlint.Notice},
		"of today":                      {store(issuing(), root()), replaces(root(), other), zlint.Pass},
		"of today, the root is missing": {store(issuing()), replaces(root(), other), zlint.Pass},
		"of nobody":                     {store(issuing()), replaces(other, newCA("Third Root", nil, edKey())), zlint.Pass},
	} {
		if got := outcome(t, "n_hierarchy_old", tt.files, &lint.Options{Catalog: tt.known}); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// TestCollision holds that different certificates under one friendly name, or one localKeyID,
// are told of, and one certificate twice is not.
func TestCollision(t *testing.T) {
	for _, tt := range []struct {
		name string
		bags []bag
		want lint.Status
	}{
		{"a name each", []bag{keyBag(user().key, keyID(1)), certBag(user(), keyID(1), friendlyName("a")), certBag(issuing(), friendlyName("b"))}, zlint.Pass},
		{"one name", []bag{keyBag(user().key, keyID(1)), certBag(user(), keyID(1)), certBag(issuing(), friendlyName("a")), certBag(root(), friendlyName("a"))}, zlint.Warn},
		{"one localKeyID", []bag{keyBag(user().key, keyID(1)), certBag(user(), keyID(1)), certBag(issuing(), keyID(1))}, zlint.Warn},
		{"one certificate twice", []bag{keyBag(user().key, keyID(1)), certBag(user(), keyID(1)), certBag(issuing(), friendlyName("a")), certBag(issuing(), friendlyName("a"))}, zlint.Pass},
	} {
		if got := outcome(t, "w_pfx_names_collide", openPFX(plainPFX(tt.bags...), ""), nil); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}
