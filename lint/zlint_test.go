package lint_test

import (
	"crypto/elliptic"
	stdx509 "crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/testdata/outside"
	"github.com/zmap/zcrypto/x509"
	zl "github.com/zmap/zlint/v3"
	zlint "github.com/zmap/zlint/v3/lint"
)

// zlintCertificates returns the certificates that zlint tests itself with, from
// the folder of its module.
func zlintCertificates(t testing.TB) map[string][]byte {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/zmap/zlint/v3").Output()
	if err != nil {
		outside.Missing(t, "the module of zlint is not here: %v", err)
	}
	names, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), "testdata", "*.pem"))
	if err != nil {
		t.Fatal(err)
	}
	certs := map[string][]byte{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if block, _ := pem.Decode(data); block != nil && block.Type == "CERTIFICATE" {
			certs[filepath.Base(name)] = block.Bytes
		}
	}
	if len(certs) < 1200 {
		t.Fatalf("only %d certificates of zlint's own", len(certs))
	}
	return certs
}

// zlintFindings runs all rules and the lints asked for over one certificate and
// returns what zlint says in it.
func zlintFindings(t *testing.T, name string, der []byte, selection ...string) map[string]string {
	t.Helper()
	f, err := bundle.Parse(name, der)
	if err != nil {
		t.Fatal(err)
	}
	r := run(t, []*bundle.File{f}, &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}, ZLint: selection, Workers: 1})
	found := map[string]string{}
	for _, f := range r.Findings {
		if f.Targets == nil {
			found[f.Rule] = f.Status.String() + " " + f.Message.String()
		}
	}
	return found
}

// wantFindings does the same with zlint alone.
func wantFindings(c *x509.Certificate, registry zlint.Registry) map[string]string {
	found := map[string]string{}
	ours := chain.ParseCertificate(c.Raw)
	if ours.IsCA() && ours.SelfSigned() {
		return found // an anchor
	}
	for name, result := range zl.LintCertificateEx(c, registry).Results {
		if result.Status < zlint.Notice {
			continue
		}
		message := registry.CertificateLints().ByName(name).Description
		if result.Details != "" {
			message += ": " + result.Details
		}
		status := result.Status
		if ours.IsCA() {
			status = zlint.Notice
		}
		found[name] = status.String() + " " + message
	}
	return found
}

// TestZLintAgrees holds our run of zlint's lints to zlint's own, on each
// certificate that it tests itself with, the default selection apart: what is
// selected is compared by name.
func TestZLintAgrees(t *testing.T) {
	outside.AtLength(t, "lints more than a thousand certificates twice")
	selection := []string{"RFC5280", "CABF_SMIME_BR", "Community", "Mozilla", "ETSI_ESI"}
	registry, err := zlint.GlobalRegistry().Filter(zlint.FilterOptions{IncludeSources: zlint.SourceList{
		zlint.RFC5280, zlint.CABFSMIMEBaselineRequirements, zlint.Community, zlint.MozillaRootStorePolicy, zlint.EtsiEsi,
	}, ExcludeNames: []string{"e_cert_issued_by_compromised_emudhra_ca", "e_ecdsa_small_private_key", "e_rsa_fermat_factorization"}})
	if err != nil {
		t.Fatal(err)
	}
	var refused, compared int
	for name, der := range zlintCertificates(t) {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			continue // zlint cannot lint it either
		}
		if f, err := bundle.Parse(name, der); err == nil {
			if _, err := f.Certificates[0].X509(); err != nil {
				refused++
			}
		}
		compared++
		got, want := zlintFindings(t, name, der, selection...), wantFindings(c, registry)
		if again := zlintFindings(t, name, der, selection...); !reflect.DeepEqual(got, again) {
			t.Errorf("%s: two runs differ:\n%q\n%q", name, got, again)
		}
		for _, random := range []string{ // zlint's own words depend on the order of maps
			"e_key_usage_and_extended_key_usage_inconsistent", "e_ext_duplicate_extension", "e_ext_cannot_be_empty_sequence",
		} {
			for _, m := range []map[string]string{got, want} {
				if m[random] != "" {
					m[random], _, _ = strings.Cut(m[random], " ")
				}
			}
		}
		if c.SelfSigned && c.Version < 3 && len(got) == 0 {
			continue // an anchor of old, which nothing but its version says
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %q\nwant %q", name, got, want)
		}
	}
	t.Logf("%d certificates compared, %d of which crypto/x509 refuses", compared, refused)
	if compared < 1200 || refused < 50 {
		t.Errorf("%d certificates compared, %d of which crypto/x509 refuses", compared, refused)
	}
}

// TestZLintDefault runs the default selection over the same certificates: web
// servers' rules fire on none, and nothing panics.
func TestZLintDefault(t *testing.T) {
	outside.AtLength(t, "lints more than a thousand certificates")
	lookup := zlint.GlobalRegistry().CertificateLints()
	for name, der := range zlintCertificates(t) {
		for rule := range zlintFindings(t, name, der) {
			switch source := lookup.ByName(rule).Source; source {
			case zlint.CABFBaselineRequirements, zlint.CABFEVGuidelines, zlint.CABFCSBaselineRequirements, zlint.ChromeRootStorePolicy, zlint.RFC6962:
				t.Errorf("%s: %s of %s", name, rule, source)
			}
		}
	}
}

func TestZLintSelection(t *testing.T) {
	leaf := user().Raw
	tests := []struct {
		selection []string
		has, not  string
	}{
		{nil, "w_ext_subject_key_identifier_missing_sub_cert", "e_exactly_one_smime_policy"},
		{[]string{"none"}, "", "w_ext_subject_key_identifier_missing_sub_cert"},
		{[]string{"all"}, "e_exactly_one_smime_policy", ""},
		{[]string{"CABF_SMIME_BR"}, "e_exactly_one_smime_policy", "w_ext_subject_key_identifier_missing_sub_cert"},
		{[]string{"e_exactly_one_smime_policy"}, "e_exactly_one_smime_policy", "w_ext_subject_key_identifier_missing_sub_cert"},
		{[]string{"default", "e_exactly_one_smime_policy"}, "e_exactly_one_smime_policy", ""},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.selection), func(t *testing.T) {
			got := zlintFindings(t, "leaf.cer", leaf, tt.selection...)
			if _, ok := got[tt.has]; !ok && tt.has != "" {
				t.Errorf("%s is not found: %v", tt.has, got)
			}
			if _, ok := got[tt.not]; ok {
				t.Errorf("%s is found", tt.not)
			}
		})
	}
	for _, bad := range []lint.Options{{ZLint: []string{"e_no_such_lint"}}, {ZLint: []string{"none", "all"}}, {ZLintConfig: "= not TOML"}} {
		if _, err := lint.Run(t.Context(), loose(root()), &bad); err == nil {
			t.Errorf("%v is accepted", bad.ZLint)
		}
	}
}

// TestCrossSigned holds that a cross-certificate is not told off for names by
// which zlint's rules for the web exempt it.
func TestCrossSigned(t *testing.T) {
	old := newCA("Old Root", nil, ecKey(elliptic.P256(), 8))
	serverAuth := usages(stdx509.ExtKeyUsageServerAuth)
	noCountry := newCA("Example Root", old, root().key, serverAuth)
	const rule = "e_ca_country_name_missing"
	for _, tt := range []struct {
		name   string
		certs  []*signer
		config string
		found  bool
	}{
		{"alone", []*signer{noCountry}, "", true},
		{"beside its self-signed form", []*signer{noCountry, root()}, "", false},
		{"the user has decided", []*signer{noCountry, root()}, "[CABFBaselineRequirementsConfig]\nCrossSignedCa = false\n", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := run(t, store(tt.certs...), &lint.Options{Time: today, ZLint: []string{rule}, ZLintConfig: tt.config})
			found := slices.ContainsFunc(r.Findings, func(f lint.Finding) bool { return f.Rule == rule && f.Index == 0 })
			if found != tt.found {
				t.Errorf("found %t, want %t", found, tt.found)
			}
		})
	}
}

// TestWorkers holds that the report does not depend on the number of workers.
func TestWorkers(t *testing.T) {
	dir := filepath.Join(outside.Corpus(t), "sst")
	var want *lint.Report
	for _, workers := range []int{1, 2, 7} {
		r := run(t, load(t, dir, "certutil-roots-2025-07.sst", "dotnet-store.sst"), &lint.Options{Time: today, Workers: workers})
		if want == nil {
			want = r
		} else if !reflect.DeepEqual(r, want) {
			t.Errorf("%d workers give another report", workers)
		}
	}
}

// TestRegistry runs our rules as lints of zlint.
func TestRegistry(t *testing.T) {
	registry, err := lint.Registry(nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(user(subjectEmail("other@example.com")).Raw)
	if err != nil {
		t.Fatal(err)
	}
	results := zl.LintCertificateEx(c, registry).Results
	if r := results["w_email_address_not_in_san"]; r == nil || r.Status != zlint.Warn {
		t.Errorf("w_email_address_not_in_san: %v", r)
	}
	if len(results) <= len(zlint.GlobalRegistry().CertificateLints().Lints()) {
		t.Errorf("%d results", len(results))
	}
	if zlint.GlobalRegistry().CertificateLints().ByName("w_email_address_not_in_san") != nil {
		t.Error("a rule was registered globally")
	}
	if _, err := lint.Registry(registry); err == nil {
		t.Error("the rules can be added twice")
	}
	if !slices.IsSorted(registry.Names()) || !slices.Contains(registry.Names(), "e_key_size") {
		t.Error("the names are not sorted, or lack a rule")
	}
	if registry.ByName("e_key_size") == nil || registry.ByName("e_exactly_one_smime_policy") == nil || registry.CertificateLints().ByName("e_nothing") != nil {
		t.Error("lookup by name")
	}
	lookup := registry.CertificateLints()
	var names []string
	for _, l := range lookup.Lints() {
		names = append(names, l.Name)
		if lookup.ByName(l.Name) != l || !slices.Contains(lookup.BySource(l.Source), l) || !slices.Contains(lookup.Sources(), l.Source) {
			t.Errorf("%s is not found among the lints of certificates", l.Name)
		}
		if old := registry.ByName(l.Name); old == nil || old.Source != l.Source || old.Description != l.Description {
			t.Errorf("%s in the old form: %+v", l.Name, old)
		}
		if !slices.Contains(registry.Sources(), l.Source) ||
			!slices.ContainsFunc(registry.BySource(l.Source), func(old *zlint.Lint) bool { return old.Name == l.Name }) {
			t.Errorf("%s is not found in the registry by its source", l.Name)
		}
	}
	if !slices.Equal(lookup.Names(), names) {
		t.Error("the names are not those of the lints")
	}
	if r := registry.ByName("w_email_address_not_in_san").Execute(c, zlint.NewEmptyConfig()); r.Status != zlint.Warn {
		t.Errorf("w_email_address_not_in_san in the old form: %v", r)
	}
	var b strings.Builder
	registry.WriteJSON(&b)
	if !strings.Contains(b.String(), `"e_key_size"`) {
		t.Error("the JSON lacks a rule")
	}
	for _, tt := range []struct {
		name string
		opts zlint.FilterOptions
		want []string
	}{
		{"ours alone", zlint.FilterOptions{IncludeNames: []string{"e_key_size"}}, []string{"e_key_size"}},
		{"both", zlint.FilterOptions{IncludeNames: []string{"e_key_size", "e_exactly_one_smime_policy"}}, []string{"e_exactly_one_smime_policy", "e_key_size"}},
	} {
		filtered, err := registry.Filter(tt.opts)
		if err != nil {
			t.Fatal(err)
		}
		if got := filtered.Names(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
	filtered, err := registry.Filter(zlint.FilterOptions{ExcludeSources: zlint.SourceList{zlint.CABFSMIMEBaselineRequirements}})
	if err != nil || slices.Contains(filtered.Names(), "e_key_size") || !slices.Contains(filtered.Names(), "e_signature_weak") {
		t.Errorf("filter by source: %v", err)
	}
	if _, err := registry.Filter(zlint.FilterOptions{IncludeNames: []string{"e_nothing"}}); err == nil {
		t.Error("an unknown name is accepted")
	}
}

// TestCopiesAreLintedOnce holds that of several copies of a certificate zlint speaks of the
// first.
func TestCopiesAreLintedOnce(t *testing.T) {
	r := run(t, pemBundle(user(), issuing(), user(), user()), &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}, ZLint: []string{"all"}})
	remarks := map[int]int{}
	for _, f := range r.Findings {
		if f.Remark() {
			remarks[f.Index]++
		}
	}
	if remarks[0] == 0 || remarks[2]+remarks[3] > 0 {
		t.Errorf("remarks by certificate: %v", remarks)
	}
}
