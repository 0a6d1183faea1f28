package lint_test

import (
	"crypto/elliptic"
	stdx509 "crypto/x509"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/testdata/outside"
	"github.com/zmap/zcrypto/x509"
	zl "github.com/zmap/zlint/v3"
	zlint "github.com/zmap/zlint/v3/lint"
)

// notAlone are the rules that speak of certificates of users and CAs and need more than
// one certificate to do so, with what they need.
var notAlone = map[string]string{
	"e_certificate_expired":               "the clock",
	"w_certificate_expires_soon":          "the clock",
	"w_certificate_not_yet_valid":         "the clock",
	"e_certificate_unparseable":           "nothing, but zlint has none to ask about",
	"e_email_address_mismatch":            "the mailbox",
	"n_email_address_case":                "the mailbox",
	"w_email_address_not_first":           "the mailbox",
	"n_email_upn_differs":                 "the mailbox",
	"e_usage_cannot_sign":                 "the other certificates of the user, and what they are for",
	"e_usage_cannot_encrypt":              "the other certificates of the user, and what they are for",
	"w_usage_cannot_sign":                 "the other certificates of the user",
	"w_usage_cannot_encrypt":              "the other certificates of the user",
	"w_usage_split_addresses":             "the other certificates of the user",
	"n_hierarchy_old":                     "the chain",
	"n_anchor_distrusted_soon_by_mozilla": "the chain, and the clock",
	"n_anchor_not_in_mozilla_store":       "the chain",
	"n_anchor_dedicated_soon":             "the chain, and the clock",
	"w_anchor_distrusted_by_mozilla":      "the chain",
	"w_anchor_entrust_apple":              "the chain",
	"w_anchor_not_in_apple_store":         "the chain",
	"w_anchor_not_in_microsoft_store":     "the chain",
}

// TestRegistryRules holds that a rule is a lint unless it needs more than a certificate:
// those about collections, chains, files and settings, by their names, and the ones above.
func TestRegistryRules(t *testing.T) {
	registry, err := lint.Registry(nil)
	if err != nil {
		t.Fatal(err)
	}
	whole := []string{"chain", "collection", "connector", "directory", "graph", "intune", "mdm", "message", "owa", "pfx", "profile", "script"}
	count := 0
	for _, r := range lint.Rules() {
		_, subject, _ := strings.Cut(r.Name, "_")
		subject, _, _ = strings.Cut(subject, "_")
		want := !slices.Contains(whole, subject) && notAlone[r.Name] == ""
		if got := slices.Contains(registry.Names(), r.Name); got != want {
			t.Errorf("%s is a lint: %t, want %t", r.Name, got, want)
		}
		if want {
			count++
		}
	}
	if count < 24 {
		t.Errorf("%d rules are lints", count)
	}
}

// TestRegistryLikeRun holds that what a check of one certificate finds about it, its lints
// find too, and the other way round but for what the catalogue adds.
func TestRegistryLikeRun(t *testing.T) {
	seen := registryLikeRun(t, map[string][]byte{
		"no revocation list": user(noCRL).Raw,
		"an inner list": user(func(c *stdx509.Certificate) {
			c.CRLDistributionPoints = []string{"ldap:///x", "http://pki.local/a.crl"}
		}).Raw,
		"Ed25519":                              newUser(issuing(), edKey()).Raw,
		"P-224":                                newUser(issuing(), ecKey(elliptic.P224(), 3)).Raw,
		"for servers":                          user(usages(stdx509.ExtKeyUsageServerAuth)).Raw,
		"a user by itself":                     newUser(nil, ecKey(elliptic.P256(), 3)).Raw,
		"a user by itself, no revocation list": newUser(nil, ecKey(elliptic.P256(), 3), noCRL).Raw,
		"a CA":                                 issuing().Raw,
		"a root":                               root().Raw,
	})
	for _, rule := range []string{"e_crl_no_public_address", "e_key_algorithm", "e_key_size", "e_eku_without_email_protection"} {
		if seen[rule] == 0 {
			t.Errorf("no certificate has the fault %s", rule)
		}
	}
}

// TestRegistryLikeRunOutside is TestRegistryLikeRun for certificates of others.
func TestRegistryLikeRunOutside(t *testing.T) {
	ders := map[string][]byte{}
	for _, name := range []string{"leaf-organisation-multipurpose.pem", "leaf-support-ssystems-de.pem", "ca-r36.pem", "root-aaa.pem"} {
		f, err := bundle.ReadFile(outside.Corpus(t, "sectigo", name))
		if err != nil {
			t.Fatal(err)
		}
		ders[name] = f.Certificates[0].Raw
	}
	some := zlintCertificates(t)
	for i, name := range slices.Sorted(maps.Keys(some)) {
		if i%8 == 0 {
			ders[name] = some[name]
		}
	}
	registryLikeRun(t, ders)
}

// registryLikeRun compares the two and returns how many certificates have the fault of a
// rule.
func registryLikeRun(t *testing.T, ders map[string][]byte) map[string]int {
	t.Helper()
	none, err := zlint.GlobalRegistry().Filter(zlint.FilterOptions{IncludeNames: []string{"e_exactly_one_smime_policy"}})
	if err != nil {
		t.Fatal(err)
	}
	registry, err := lint.Registry(none)
	if err != nil {
		t.Fatal(err)
	}
	adds := []string{"e_ca_revoked", "n_policy_missing", "e_validity_apple", "e_eku_absent_apple", "e_email_address_subject_only"}
	seen := map[string]int{}
	for name, der := range ders {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			continue // nothing that zlint could ask about
		}
		f, err := bundle.Parse(name, der)
		if err != nil {
			t.Fatal(err)
		}
		r, err := lint.Run(t.Context(), []*bundle.File{f}, &lint.Options{Time: today, Targets: lint.Targets(), ZLint: []string{"none"}})
		if err != nil {
			continue // not read by us
		}
		found := map[string]bool{}
		for _, finding := range r.Findings {
			if finding.Index == 0 {
				found[finding.Rule] = true
			}
		}
		results := zl.LintCertificateEx(c, registry).Results
		for _, rule := range lint.Rules() {
			result := results[rule.Name]
			if result == nil {
				continue
			}
			lints := result.Status == rule.Status()
			if lints {
				seen[rule.Name]++
			}
			if found[rule.Name] && !lints || lints && !found[rule.Name] && !slices.Contains(adds, rule.Name) {
				t.Errorf("%s: %s: the lint says %s, the check finds it: %t", name, rule.Name, result.Status, found[rule.Name])
			}
		}
	}
	return seen
}
