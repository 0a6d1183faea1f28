package lint_test

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/testdata/outside"
	zlint "github.com/zmap/zlint/v3/lint"
)

func corpusFile(t *testing.T, elem ...string) *bundle.File {
	t.Helper()
	f, err := bundle.ReadFile(outside.Corpus(t, elem...))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func missingOf(r *lint.Report) (list []string) {
	for _, m := range r.Missing {
		list = append(list, strings.ToUpper(m.SHA256[:min(8, len(m.SHA256))])+" "+string(m.Kind))
	}
	return list
}

// TestWholeWay holds that a leaf alone gets the whole list up to an anchor, in order, and
// that programs which have the root in the system are not asked to add it.
func TestWholeWay(t *testing.T) {
	leaf := corpusFile(t, "sectigo", "leaf-support-ssystems-de.pem")
	for _, test := range []struct {
		target lint.Target
		want   []string
	}{
		{lint.ExchangeOnline, []string{"11878370 intermediate", "BC386A5C cross", "E793C9B0 root"}},
		{lint.Windows, []string{"11878370 intermediate", "BC386A5C cross"}},
	} {
		report := run(t, []*bundle.File{leaf}, &lint.Options{Time: disclosed, Targets: []lint.Target{test.target}, Chains: true, ZLint: []string{"none"}})
		if got := missingOf(report); !slices.Equal(got, test.want) {
			t.Errorf("%s: missing are %q, want %q", test.target, got, test.want)
		}
		for i, m := range report.Missing {
			if len(m.URLs) == 0 || i < 2 && !strings.Contains(m.URLs[0], "sectigo.com") {
				t.Errorf("%s: %s has the addresses %q", test.target, m.Subject, m.URLs)
			}
		}
		said := ""
		for _, f := range report.Findings {
			said += f.Message.String()
		}
		if !strings.Contains(said, "add 1. ") || !strings.Contains(said, "2. ") {
			t.Errorf("%s: said is %q", test.target, said)
		}
	}
}

// TestSystemRoot holds that what leads to a root which the system has works without that
// root, and only where the system has it.
func TestSystemRoot(t *testing.T) {
	var r45 *chain.Certificate
	for _, c := range mailCAs(t) {
		if c.CommonName() == "GlobalSign GCC R45 SMIME CA 2025" {
			r45 = c
		}
	}
	files := []*bundle.File{parse("ica.cer", r45.Raw, nil)}
	for _, target := range []lint.Target{lint.Windows, lint.AppleMail, lint.Thunderbird, lint.Gmail} {
		report := run(t, files, &lint.Options{Time: disclosed, Targets: []lint.Target{target}, ZLint: []string{"none"}})
		for _, f := range report.Findings {
			if f.Status >= zlint.Warn && f.Rule != "w_chain_issuing_ca_missing" {
				t.Errorf("%s: %s: %s", target, f.Rule, f.Message)
			}
		}
		if len(report.Missing) > 0 {
			t.Errorf("%s: missing are %q", target, missingOf(report))
		}
	}
	report := run(t, files, &lint.Options{Time: disclosed, Targets: []lint.Target{lint.OutlookIOS}, ZLint: []string{"none"}})
	if got := missingOf(report); !slices.Equal(got, []string{"319AF0A7 root"}) {
		t.Errorf("%s: missing are %q", lint.OutlookIOS, got)
	}
}

// TestKnownRevoked holds the revoked CA of DigiCert to its finding, and the hierarchy that
// was replaced to its notice.
func TestKnownRevoked(t *testing.T) {
	var ca *chain.Certificate
	for _, c := range mailCAs(t) {
		if sum := c.SHA256(); hex.EncodeToString(sum[:4]) == "f91be0d8" {
			ca = c
		}
	}
	rules := map[string]string{}
	report := run(t, storeOf(storeOfCAs([]*chain.Certificate{ca})), &lint.Options{Time: disclosed, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: []string{"none"}})
	for _, f := range report.Findings {
		rules[f.Rule] = f.Message.String()
	}
	if s := rules["e_ca_revoked"]; !strings.Contains(s, "2026-05-15") || !strings.Contains(s, "are not revoked") {
		t.Errorf("e_ca_revoked: %q", s)
	}
	if s := rules["n_hierarchy_old"]; !strings.Contains(s, "DigiCert Assured ID Root G2") {
		t.Errorf("n_hierarchy_old: %q", s)
	}
}

// TestOldCatalogue holds the notice about the age of the catalogue.
func TestOldCatalogue(t *testing.T) {
	for at, want := range map[time.Time]bool{
		time.Date(2027, 8, 1, 0, 0, 0, 0, time.UTC): false,
		time.Date(2027, 9, 1, 0, 0, 0, 0, time.UTC): true,
	} {
		report := run(t, store(root()), &lint.Options{Time: at, ZLint: []string{"none"}})
		if got := slices.ContainsFunc(report.NotChecked, func(n lint.NotChecked) bool { return n.Code == "catalog_old" }); got != want {
			t.Errorf("at %s: %t", at, got)
		}
	}
}
