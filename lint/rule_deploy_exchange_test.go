package lint_test

import (
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
)

// TestExchangeRules holds what rules say of settings of Exchange Online, and of users' certificates
// beside them.
func TestExchangeRules(t *testing.T) {
	settings := func(values string, certs ...*signer) string {
		return fmt.Sprintf(`{%s, "SMIMECertificateIssuingCA": %q}`, values, base64.StdEncoding.EncodeToString(must(elements(certs).Marshal()).FullBytes))
	}
	at := func(urls ...string) *signer {
		return twin(root(), func(c *x509.Certificate) { c.CRLDistributionPoints = urls })
	}
	const checks, chooses = `"OWADisableCRLCheck": false`, `"OWAAllowUserChoiceOfSigningCertificate": false`
	who := lint.Facts{PrimarySMTP: "user@example.com", ProxyAddresses: []string{"proxy@example.com"}}
	again := func(changes ...change) *signer { return user(append([]change{serial(0x2001)}, changes...)...) }
	past := valid(today.AddDate(-2, 0, 0), today.AddDate(0, 0, -1))
	what := func(s ...string) []string { return s }
	for _, tt := range []struct {
		rule  string
		file  string
		certs []*signer
		parts []string
	}{
		{"e_owa_crl_unreachable", settings(checks, at(), root()), nil, nil}, // no list, nothing to fetch
		{"e_owa_crl_unreachable", settings(checks, at("http://crl.example.com/a.crl"), root()), nil, nil},
		{"e_owa_crl_unreachable", settings(checks, at("ldap:///CN=CA"), root()), nil, what("names revocation lists inside the company only")},
		{"e_owa_crl_unreachable", settings(checks, at("ldap:///CN=CA", "http://crl.example.com/a.crl"), root()), nil, nil},
		{"e_owa_crl_unreachable", settings(checks, at(" http://crl.example.com/a.crl"), root()), nil, what("is malformed: a blank stands before or after it")},
		{"e_owa_crl_unreachable", settings(`"OWADisableCRLCheck": true`, at("ldap:///CN=CA"), root()), nil, nil},
		{"w_owa_signing_sha1", settings(checks, root()), nil, nil},
		{"w_owa_signing_sha1", `{"OWASigningAlgorithms": "8004"}`, nil, what(`OWASigningAlgorithms is "8004", which means SHA-1`)},

		{"w_owa_signing_certificate_tie", settings(chooses, root()), []*signer{user(), again()}, what("begins at the same second as certificate 0 of ")},
		{"w_owa_signing_certificate_tie", settings(chooses, root()), []*signer{user(), user()}, nil}, // one certificate
		{"w_owa_signing_certificate_tie", settings(chooses, root()), []*signer{user(), again(valid(today.AddDate(-1, 0, 1), today.AddDate(1, 0, 0)))}, nil},
		{"w_owa_signing_certificate_tie", settings(chooses, root()), []*signer{user(), again(addresses("other@example.com"))}, nil},
		{"w_owa_signing_certificate_tie", settings(chooses, root()), []*signer{user(addresses("user@example.com", "other@example.com")), again(addresses("other@example.com", "User@Example.com"))}, what("and both are for other@example.com")},
		{"w_owa_signing_certificate_tie", settings(chooses, root()), []*signer{user(past), again(past)}, nil},
		{"w_owa_signing_certificate_tie", settings(chooses, root()), []*signer{user(), again(usages(x509.ExtKeyUsageClientAuth))}, nil},
		{"w_owa_signing_certificate_tie", settings(chooses, root()), []*signer{user(), again(keyUsage(x509.KeyUsageKeyAgreement))}, nil},
		{"w_owa_other_address", settings(`"OWASenderCertificateAttributesToDisplay": "2.5.4.3"`, root()), []*signer{user(addresses("other@example.com"))}, what("holds other@example.com; the mailbox has user@example.com, proxy@example.com")},
		{"w_owa_other_address", settings(`"OWASenderCertificateAttributesToDisplay": "2.5.4.3"`, root()), []*signer{user(addresses("Proxy@Example.com"))}, nil},
		{"w_owa_other_address", settings(`"OWASenderCertificateAttributesToDisplay": "2.5.4.3"`, root()), []*signer{user(addresses())}, nil},
		{"w_owa_other_address", settings(chooses, root()), []*signer{user(addresses("other@example.com"))}, nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var files []*bundle.File
			if len(tt.certs) > 0 {
				files = loose(tt.certs...)
			}
			says(t, tt.rule, append(files, texts(t, tt.file)...), lint.Options{Targets: []lint.Target{lint.ExchangeOnline}, Facts: &who}, tt.parts...)
		})
	}
}
