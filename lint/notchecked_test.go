package lint_test

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/sst"
)

// TestOutOfSight holds what is said that no file shows, and when.
func TestOutOfSight(t *testing.T) {
	root := newCA("Root", nil, edKey())
	empty, err := sst.New().Marshal()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		given given
		opts  lint.Options
		want  []string
	}{
		{"store", give(store(root)), lint.Options{Targets: []lint.Target{lint.ExchangeOnline}}, []string{"exchange-online", "revocation"}},
		{"store and settings", give(store(root)), lint.Options{Targets: []lint.Target{lint.ExchangeOnline}, Facts: &lint.Facts{SmimeConfig: new(lint.SmimeConfig)}}, []string{"revocation"}},
		{"user for phones", loneUser(), lint.Options{Targets: []lint.Target{lint.OutlookIOS, lint.AppleMail}}, []string{"outlook-ios", "apple-mail", "revocation"}},
		{"other PEM blocks", give([]*bundle.File{parse("b.pem", append([]byte("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Raw})...), nil)}),
			lint.Options{Targets: []lint.Target{lint.Windows}}, []string{"b.pem: CERTIFICATE REQUEST at offset 0", "revocation"}},
		{"an empty store beside", give(slices.Concat(store(root), []*bundle.File{parse("empty.sst", empty, nil)})),
			lint.Options{Targets: []lint.Target{lint.ExchangeOnline}}, []string{"empty.sst", "exchange-online", "revocation"}},
		{"everything given", give(store(root)), lint.Options{Targets: []lint.Target{lint.ExchangeOnline}, Facts: &lint.Facts{SmimeConfig: new(lint.SmimeConfig)}, Revocation: chain.NewCRLs()}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.opts.Time = today
			var got []string
			for _, n := range run(t, tt.given.files, &tt.opts).NotChecked {
				if what := n.What.String(); !strings.Contains(what, "_") { // rules that lack a fact
					got = append(got, what)
				}
			}
			slices.Sort(got)
			slices.Sort(tt.want)
			if !slices.Equal(got, tt.want) {
				t.Errorf("not checked: %q, want %q", got, tt.want)
			}
		})
	}
}

// TestPartners holds how many certificates that encrypt are compared with one that
// signs for the same user, be it by name or by address, and that more are said not
// to be.
func TestPartners(t *testing.T) {
	const limit = 16
	for _, sameName := range []bool{true, false} {
		for _, n := range []int{1, limit, limit + 1, limit + 2} {
			certs := []*signer{user(keyUsage(x509.KeyUsageDigitalSignature))}
			for i := range n {
				certs = append(certs, user(keyUsage(x509.KeyUsageKeyAgreement), func(c *x509.Certificate) {
					c.EmailAddresses = []string{fmt.Sprintf("other%d@example.com", i)}
					if !sameName {
						c.Subject.CommonName = fmt.Sprintf("User %d", i)
						c.EmailAddresses = append(c.EmailAddresses, "user@example.com")
					}
				}))
			}
			r := run(t, pemBundle(certs...), &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}, ZLint: []string{"none"}})
			found := 0
			for _, f := range r.Findings {
				if f.Rule == "w_usage_split_addresses" {
					found++
				}
			}
			said := slices.ContainsFunc(r.NotChecked, func(n lint.NotChecked) bool { return strings.Contains(n.Why.String(), "were compared") })
			if found != min(n, limit) || said != (n > limit) {
				t.Errorf("%d that encrypt, of the same name %t: %d findings, more is said %t", n, sameName, found, said)
			}
		}
	}
}
