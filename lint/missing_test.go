package lint_test

import (
	"bytes"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/sst"
)

// TestMissing holds that a certificate that chains lack is told once, with every
// certificate whose chains stop for want of it and the targets for which they do.
func TestMissing(t *testing.T) {
	digest := func(s *signer) string {
		sum := chain.FromX509(s.Certificate).SHA256()
		return hex.EncodeToString(sum[:])
	}
	other := user(addresses("other@example.com"))
	none := []string{"none"}
	both := []lint.Target{lint.AppleMail, lint.Windows}

	r := run(t, pemBundle(user(), other, root()), &lint.Options{Time: today, Targets: both, ZLint: none})
	if len(r.Missing) != 1 {
		t.Fatalf("%+v", r.Missing)
	}
	m := r.Missing[0]
	if m.Subject != chain.FromX509(issuing().Certificate).Subject() || m.SHA256 != "" || m.Kind != "unknown" {
		t.Errorf("%+v", m)
	}
	if len(m.For) != 2 || m.For[0].SHA256 != digest(user()) || m.For[1].SHA256 != digest(other) || m.For[1].Index != 1 || !slices.Equal(m.For[0].Targets, both) {
		t.Errorf("%+v", m.For)
	}
	if !r.CatalogDate.After(today.AddDate(-5, 0, 0)) {
		t.Errorf("the catalogue is of %v", r.CatalogDate)
	}

	// With a catalogue that knows the root, and with the root in a file that is
	// judged apart.
	for name, r := range map[string]*lint.Report{
		"catalogue": run(t, pemBundle(user(), issuing()), &lint.Options{Time: today, Targets: both, ZLint: none, Catalog: knows(root())}),
		"apart":     run(t, append(store(root()), pemBundle(user(), issuing())...), &lint.Options{Time: today, Targets: both, ZLint: none}),
	} {
		i := slices.IndexFunc(r.Missing, func(m lint.Missing) bool { return m.SHA256 == digest(root()) })
		if i < 0 || len(r.Missing) != 1 || r.Missing[i].Kind != "root" {
			t.Errorf("%s: %+v", name, r.Missing)
		} else if page := slices.Contains(r.Missing[i].URLs, "https://crt.sh/?q="+strings.ToUpper(digest(root()))); page != (name == "catalogue") {
			t.Errorf("%s: %q", name, r.Missing[i].URLs)
		}
	}

	known := func(c *catalog.Catalog) bool {
		r := run(t, store(issuing()), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: none, Catalog: c})
		return slices.ContainsFunc(r.Findings, func(f lint.Finding) bool {
			return f.Rule == "e_collection_no_root" && strings.Contains(f.Message.String(), "it is known: SHA-256 "+strings.ToUpper(digest(root())))
		})
	}
	if !known(knows(root())) || known(knows(newCA("Old Root", nil, edKey()))) {
		t.Error("an issuer that the catalogue knows is not said to be known, or another one is")
	}

	// An issuer whose key is of a kind that cannot be checked here may be the one.
	ed448 := func(c *signer) []byte {
		return bytes.ReplaceAll(c.Raw, []byte{0x06, 0x03, 0x2b, 0x65, 0x70}, []byte{0x06, 0x03, 0x2b, 0x65, 0x71})
	}
	other448 := newCA("Other Root", nil, edKey())
	unchecked := elements([]*signer{twin(other448)})
	unchecked.Elements = append(unchecked.Elements, sst.Element{Kind: sst.Certificate, Raw: ed448(other448)})
	if r := run(t, storeOf(unchecked), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: none}); len(r.Missing) > 0 {
		t.Errorf("an issuer that cannot be checked: %+v", r.Missing)
	}

	// Nothing is missing where a path leads up, and no CA of a collection is passed over.
	if r := run(t, users().files, &lint.Options{Time: today, Targets: both, ZLint: none}); len(r.Missing) > 0 {
		t.Errorf("%+v", r.Missing)
	}
	if r := run(t, store(issuing()), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: none}); len(r.Missing) != 1 || r.Missing[0].For[0].SHA256 != digest(issuing()) {
		t.Errorf("%+v", r.Missing)
	}
}

// TestCodes holds that what is not known has a code: every need that is open, and no
// other, and everything that was not checked.
func TestCodes(t *testing.T) {
	seen := map[lint.Code]bool{}
	for _, g := range []given{users(), casOnly(), loneUser(), pfxOf(des("secret")), none(), give(openPFX(des("secret"), "wrong")), give(p7b(user()))} {
		for _, rules := range [][]lint.Rule{nil, lint.Rules()[:1]} {
			opts := lint.Options{}
			if g.opts != nil {
				opts = *g.opts
			}
			opts.Time, opts.ZLint, opts.Rules = today, []string{"none"}, rules
			r := run(t, g.files, &opts)
			for _, v := range r.Subjects {
				for _, a := range v.Needs {
					if (a.State == lint.Open) != (a.Code != "") {
						t.Errorf("%s: %s is %s with the code %q", v.Target, a.Need, a.State, a.Code)
					}
					seen[a.Code] = true
				}
			}
			for _, n := range r.NotChecked {
				if n.Code == "" {
					t.Errorf("%s: %s has no code", n.What, n.Why)
				}
				seen[n.Code] = true
			}
		}
	}
	for _, want := range []lint.Code{
		"password_wrong", "collection_not_given", "root_not_listed", "key_not_given", "rule_left_out",
		"fact", "revocation_not_checked", "out_of_sight",
	} {
		if !seen[want] {
			t.Errorf("%s was not seen", want)
		}
	}
}

// TestMissingURLs holds where a missing certificate is said to be had: at the public
// addresses that the certificates below name, each once and no more than ten, and on the
// page of the catalogue.
func TestMissingURLs(t *testing.T) {
	at := func(n int, urls ...string) *signer {
		return user(serial(int64(0x5000+n)), func(c *x509.Certificate) { c.IssuingCertificateURL = urls })
	}
	url := func(i int) string { return fmt.Sprintf("http://ca.example.com/%d.crt", i) }
	var many []*signer
	var ten []string
	for i := range 11 {
		many = append(many, at(i, url(i)))
		if i < 10 {
			ten = append(ten, url(i))
		}
	}
	page := "https://crt.sh/?q=" + strings.ToUpper(fmt.Sprintf("%x", sha256.Sum256(root().Raw)))
	ca := twin(root(), func(c *x509.Certificate) {
		c.IssuingCertificateURL = []string{"http://ca.example.internal/ca.crt", url(1)}
	})
	below := pemBundle(newUser(ca, ecKey(elliptic.P256(), 3)), ca)
	for _, tt := range []struct {
		name    string
		files   []*bundle.File
		catalog *catalog.Catalog
		kind    lint.MissingKind
		urls    []string
	}{
		{"one", pemBundle(at(1, url(1))), nil, "unknown", []string{url(1)}},
		{"the same of two", pemBundle(at(1, url(1)), at(2, url(1))), nil, "unknown", []string{url(1)}},
		{"two", pemBundle(at(1, url(1)), at(2, url(2))), nil, "unknown", []string{url(1), url(2)}},
		{"more than ten", pemBundle(many...), nil, "unknown", ten},
		{"inside the company", pemBundle(at(1, "http://ca.example.internal/ca.crt", "ldap:///CN=CA", url(1))), nil, "unknown", []string{url(1)}},
		{"in a file", append(store(root()), below...), nil, "root", []string{url(1)}},
		{"in a file, and known", append(store(root()), below...), knows(root()), "root", []string{url(1), page}},
	} {
		r := run(t, tt.files, &lint.Options{Time: today, Targets: []lint.Target{lint.AppleMail}, Catalog: tt.catalog, ZLint: []string{"none"}})
		if len(r.Missing) != 1 || r.Missing[0].Kind != tt.kind || !slices.Equal(r.Missing[0].URLs, tt.urls) {
			t.Errorf("%s: %+v", tt.name, r.Missing)
		}
	}
}
