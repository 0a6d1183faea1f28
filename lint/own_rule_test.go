package lint_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint"
)

// TestOwnRule holds that a rule of one's own sees the chains and what is seen of the
// needs, refutes a need by its finding, and can be accepted by a baseline.
func TestOwnRule(t *testing.T) {
	own := lint.Rule{
		Name: "e_root_of_another_company", Description: "The root is not ours.", Citation: "Example Limited, PKI policy 3.1",
		Remedy: "Ask the PKI team.", Need: "path", Confidence: lint.Documented,
		Run: func(p *lint.Pass) error {
			chains, err := p.Chains()
			if err != nil {
				return err
			}
			seen, err := p.Seen("valid")
			if err != nil {
				return err
			}
			if len(seen) != 1 {
				t.Errorf("validity was seen of %d subjects", len(seen))
			}
			for _, c := range chains {
				for _, path := range p.Good(c.Result) {
					if chain.CommonName(path.Anchor().Subject()) != "Company Root" {
						p.Report(c.Member, "leads to %s", path.Anchor().Subject())
					}
				}
			}
			return nil
		},
	}
	opts := &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}, Roots: loose(root()), ZLint: []string{"none"}, Rules: append(lint.Rules(), own)}
	r := run(t, users().files, opts)
	if v := r.Verdict(lint.Windows); v.Status != lint.Fails || !slices.Equal(v.Because, []string{own.Name}) {
		t.Errorf("%s because of %v", v.Status, v.Because)
	}
	baseline := []byte(`{"version":1,"accept":[{"rule":"` + own.Name + `","file":"bundle.pem","reason":"PKI-17","expires":"2027-03-31"}]}`)
	if _, err := lint.ParseBaseline("baseline.json", baseline); err == nil || !strings.Contains(err.Error(), "unknown rule") {
		t.Errorf("without the rule: %v", err)
	}
	b, err := lint.ParseBaseline("baseline.json", baseline, own)
	if err != nil {
		t.Fatal(err)
	}
	b.Apply(r)
	if v := r.Verdict(lint.Windows); v.Status != lint.Works {
		t.Errorf("accepted: %s because of %v", v.Status, v.Because)
	}
}

// TestUndecidedOfOne holds that what a rule leaves open of one certificate is open for that
// one, and what it leaves open of the whole for each.
func TestUndecidedOfOne(t *testing.T) {
	files := loose(user(), user(addresses("other@example.com")))
	for _, tt := range []struct {
		name string
		of   func(p *lint.Pass) *lint.Member
		open []string // files of the users of whom it is
	}{
		{"the first", func(p *lint.Pass) *lint.Member { return p.Collection.Members[0] }, []string{"a.cer"}},
		{"the second", func(p *lint.Pass) *lint.Member { return p.Collection.Members[1] }, []string{"b.cer"}},
		{"the whole", func(*lint.Pass) *lint.Member { return nil }, []string{"a.cer", "b.cer"}},
	} {
		own := lint.Rule{
			Name: "e_not_in_directory", Description: "The holder is not in the directory.", Citation: "Example Limited, PKI policy 4.1",
			Remedy: "Ask the PKI team.", Need: "path", Confidence: lint.Documented,
			Run: func(p *lint.Pass) error {
				p.Undecided(tt.of(p), "the directory did not answer")
				return nil
			},
		}
		r := run(t, files, &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}, Roots: loose(root()), ZLint: []string{"none"}, With: loose(issuing()), Rules: append(lint.Rules(), own)})
		var open []string
		for _, v := range r.Subjects {
			if slices.ContainsFunc(v.Needs, func(a lint.NeedAnswer) bool { return a.Need == "path" && a.State == lint.Open }) {
				open = append(open, v.Subject.File)
			}
		}
		slices.Sort(open)
		if !slices.Equal(open, tt.open) {
			t.Errorf("%s: open for %v, want %v", tt.name, open, tt.open)
		}
	}
}

// TestFactsInRun holds that facts are checked wherever they come from.
func TestFactsInRun(t *testing.T) {
	for want, facts := range map[string]*lint.Facts{
		"is not an SMTP address":   {PrimarySMTP: "smtp:user@example.com"},
		"proxy_addresses":          {ProxyAddresses: []string{"user"}},
		"neither sign nor encrypt": {Purposes: []chain.Usage{chain.Issue}},
		"is no size of an RSA key": {ConnectorKeyBits: 12},
		"platforms":                {Platforms: []string{"symbian"}},
		"less than none":           {DirectoryCertificates: -1},
	} {
		if _, err := lint.Run(t.Context(), users().files, &lint.Options{Time: today, Facts: facts}); err == nil || !strings.Contains(err.Error(), want) || errors.Is(err, lint.ErrNothingToCheck) {
			t.Errorf("%s: %v", want, err)
		}
	}
	for _, s := range []string{"smtp:user.five@example.com", "SMTP:user.five@example.com", " user.five@example.com "} {
		if a, err := lint.ParseAddress(s); err != nil || a != "user.five@example.com" {
			t.Errorf("%q: %q, %v", s, a, err)
		}
	}
	for _, s := range []string{"", "user", "x500:/o=Example", "User <user@example.com>"} {
		if a, err := lint.ParseAddress(s); err == nil {
			t.Errorf("%q: %q", s, a)
		}
	}
}
