package lint_test

import (
	"crypto/elliptic"
	"crypto/x509"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// TestOwnNeeds holds that what is wrong with another certificate of the chain refutes the
// path, and nothing that the certificate of the user answers for by itself.
func TestOwnNeeds(t *testing.T) {
	noCA := func(c *x509.Certificate) { c.IsCA, c.KeyUsage = false, x509.KeyUsageDigitalSignature }
	for name, change := range map[string]change{
		"expired": valid(today.AddDate(-3, 0, 0), today.AddDate(-1, 0, 0)), "no CA": noCA, "for servers": usages(x509.ExtKeyUsageServerAuth),
	} {
		ca := newCA("Example Spoiled CA", root(), ecKey(elliptic.P256(), 51), change)
		leaf := newUser(ca, ecKey(elliptic.P256(), 3))
		for _, target := range lint.Targets() {
			r := run(t, pemBundle(leaf, ca, root()), &lint.Options{Time: today, Targets: []lint.Target{target}, Roots: loose(root()), ZLint: []string{"none"}})
			for _, v := range r.Subjects {
				if v.Subject.Name != leaf.Subject.String() {
					continue
				}
				for _, a := range v.Needs {
					own := slices.Contains([]lint.Need{"address", "signs", "decrypts", "valid", "identity"}, a.Need)
					if own && a.State == lint.Failed || a.Need == "path" && a.State != lint.Failed {
						t.Errorf("%s, %s: %s is %s because of %v", name, target, a.Need, a.State, a.Because)
					}
				}
				if v.Status != lint.Fails || len(v.Because) == 0 {
					t.Errorf("%s, %s: %s because of %v", name, target, v.Status, v.Because)
				}
			}
		}
	}
}

// TestMismatchIsTold holds that a rule says so wherever a verdict fails for the address of
// the mailbox.
func TestMismatchIsTold(t *testing.T) {
	for _, target := range lint.Targets() {
		r := run(t, append(store(issuing(), root()), loose(user())...), &lint.Options{
			Time: today, Targets: []lint.Target{target}, Roots: loose(root()), ZLint: []string{"none"}, Facts: &lint.Facts{PrimarySMTP: "boss@example.com"},
		})
		found := false
		for _, v := range r.Subjects {
			if v.Subject.Kind != "certificate" {
				continue
			}
			found = true
			if v.Status != lint.Fails || !slices.Contains(v.Because, "e_email_address_mismatch") {
				t.Errorf("%s: %s because of %v", target, v.Status, v.Because)
			}
		}
		if !found {
			t.Errorf("%s: no verdict", target)
		}
	}
}

// TestMailOfOthers holds that mail is for the address that it is from, whatever the
// mailbox is that it lies in.
func TestMailOfOthers(t *testing.T) {
	facts := &lint.Facts{PrimarySMTP: "boss@example.com", ProxyAddresses: []string{"office@example.com"}, UPN: "boss@example.com"}
	for _, target := range []lint.Target{lint.ExchangeOnline, lint.OutlookIOS, lint.OutlookAndroid, lint.AppleMail, lint.Windows, lint.Thunderbird} {
		r := run(t, append(signedMail(), store(root(), issuing())...), &lint.Options{Time: today, Targets: []lint.Target{target}, Roots: loose(root()), ZLint: []string{"none"}, Facts: facts})
		for _, v := range r.Subjects {
			if v.Subject.Kind == "message" && v.Status != lint.Works {
				t.Errorf("%s: %s because of %v", target, v.Status, v.Because)
			}
		}
	}
}

// TestAnyUsageAlone holds that a certificate for any usage, which does not name mail,
// works where nothing is known against it, and not for Thunderbird.
func TestAnyUsageAlone(t *testing.T) {
	anything := usages(x509.ExtKeyUsageAny)
	ca := newCA("Example CA for anything", root(), ecKey(elliptic.P256(), 52), anything)
	for name, certs := range map[string][]*signer{
		"CA":   {newUser(ca, ecKey(elliptic.P256(), 3)), ca, root()},
		"user": {user(anything), issuing(), root()},
	} {
		for target, want := range map[lint.Target]lint.VerdictStatus{lint.Windows: lint.Works, lint.Thunderbird: lint.Fails, lint.AppleMail: lint.Unknown} {
			r := run(t, pemBundle(certs...), &lint.Options{Time: today, Targets: []lint.Target{target}, Roots: loose(root()), ZLint: []string{"none"}})
			if v := r.Subjects[0]; v.Status != want || want == lint.Fails && !slices.Contains(v.Because, "e_chain_eku_nesting") {
				t.Errorf("%s, %s: %s because of %v", name, target, v.Status, v.Because)
			}
		}
	}
}

// TestSignerMaySign holds that mail signed with a certificate that may not sign fails,
// whatever the certificates of the mailbox are for.
func TestSignerMaySign(t *testing.T) {
	for name, facts := range map[string]*lint.Facts{
		"nothing is stated": nil, "to encrypt": {Purposes: []chain.Usage{chain.Encrypt}}, "to sign": {Purposes: []chain.Usage{chain.Sign}},
	} {
		for _, target := range []lint.Target{lint.ExchangeOnline, lint.OutlookIOS, lint.OutlookAndroid, lint.AppleMail, lint.Windows, lint.Thunderbird} {
			files := append(signedMail(keyUsage(x509.KeyUsageKeyAgreement)), store(root(), issuing())...)
			r := run(t, files, &lint.Options{Time: today, Targets: []lint.Target{target}, Roots: loose(root()), ZLint: []string{"none"}, Facts: facts})
			for _, v := range r.Subjects {
				if v.Subject.Kind == "message" && (v.Status != lint.Fails || !slices.Contains(v.Because, "e_message_signer_usage")) {
					t.Errorf("%s, %s: %s because of %v", name, target, v.Status, v.Because)
				}
			}
		}
	}
}

// TestIdentityBesideStore holds that the certificate in a PFX or message beside a store is
// judged for Exchange Online as one that lies there loose.
func TestIdentityBesideStore(t *testing.T) {
	for name, tt := range map[string]struct {
		user  *signer
		facts *lint.Facts
		rule  string
	}{
		"for servers":   {user(usages(x509.ExtKeyUsageServerAuth)), nil, "e_eku_without_email_protection"},
		"signs nothing": {user(keyUsage(x509.KeyUsageCRLSign)), nil, "e_key_usage_no_mail"},
		"address":       {user(), &lint.Facts{PrimarySMTP: "boss@example.com"}, "e_email_address_mismatch"},
		"no address":    {user(addresses()), nil, "e_email_address_missing"},
	} {
		for form, files := range map[string][]*bundle.File{
			"PFX": openPFX(encode(gopkcs12.Modern2023, strong, tt.user, issuing()), strong), "loose": loose(tt.user),
		} {
			r := run(t, append(files, store(root(), issuing())...), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: []string{"none"}, Facts: tt.facts})
			if form == "PFX" && slices.Contains(rulesOf(r), "n_collection_not_sst") {
				t.Errorf("%s: the PFX of a user beside the store is to be a store", name)
			}
			for _, v := range r.Subjects {
				if v.Subject.Kind != "collection" && (v.Status != lint.Fails || !slices.Contains(v.Because, tt.rule)) {
					t.Errorf("%s, %s: %s because of %v", form, name, v.Status, v.Because)
				}
			}
		}
	}
}

// TestOwnRuleOfEachNeed holds that a rule of one's own refutes the need that it speaks of, the
// first one too, and adds no second one of its name.
func TestOwnRuleOfEachNeed(t *testing.T) {
	files := func() []*bundle.File { return pemBundle(user(), issuing(), root()) }
	opts := lint.Options{Time: today, Targets: []lint.Target{lint.Windows}, Roots: loose(root()), ZLint: []string{"none"}}
	plain := run(t, files(), &opts).Subjects[0]
	for _, need := range plain.Needs {
		opts.Rules = slices.Concat(lint.Rules(), []lint.Rule{{
			Name: "e_own", Need: need.Need, Description: "d", Citation: "c", Remedy: "r",
			Run: func(p *lint.Pass) error { p.Report(p.Collection.Members[0], "wrong"); return nil },
		}})
		v := run(t, files(), &opts).Subjects[0]
		named := 0
		for _, a := range v.Needs {
			if a.Need != need.Need {
				continue
			}
			if named++; a.State != lint.Failed || !slices.Contains(a.Because, "e_own") {
				t.Errorf("%s is %s because of %v", a.Need, a.State, a.Because)
			}
		}
		if named != 1 || len(v.Needs) != len(plain.Needs) {
			t.Errorf("%s is answered %d times, among %d needs of %d", need.Need, named, len(v.Needs), len(plain.Needs))
		}
	}
}

// TestNoPathNoTrust holds that trust is an open question where no path is there whose root
// could be asked about, for targets that go by a programme; others ask the path alone.
func TestNoPathNoTrust(t *testing.T) {
	for target, want := range map[lint.Target]lint.State{lint.AppleMail: lint.Open, lint.Windows: lint.Open, lint.Thunderbird: lint.Open, lint.ExchangeOnline: ""} {
		r := run(t, append(loose(user()), store(root())...), &lint.Options{Time: today, Targets: []lint.Target{target}, Roots: loose(root()), ZLint: []string{"none"}})
		v := r.Subjects[slices.IndexFunc(r.Subjects, func(v lint.Verdict) bool { return v.Subject.Kind == "certificate" })]
		got := lint.State("")
		if i := slices.IndexFunc(v.Needs, func(a lint.NeedAnswer) bool { return a.Need == "trusted" }); i >= 0 {
			got = v.Needs[i].State
		}
		if got != want {
			t.Errorf("%s: trusted is %q, want %q", target, got, want)
		}
	}
}

// TestNotYetValid holds that a certificate that is not valid yet fails by its own date, which
// is said with it, whatever is accepted of the finding.
func TestNotYetValid(t *testing.T) {
	tomorrow := today.AddDate(0, 0, 1)
	r := run(t, pemBundle(user(valid(tomorrow, today.AddDate(1, 0, 0))), issuing(), root()), &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}, Roots: loose(root()), ZLint: []string{"none"}})
	needs := r.Subjects[0].Needs
	a := needs[slices.IndexFunc(needs, func(a lint.NeedAnswer) bool { return a.Need == "valid" })]
	if a.State != lint.Failed || len(a.Evidence) != 1 || a.Evidence[0].String() != "valid from "+tomorrow.Format("2006-01-02") {
		t.Errorf("valid is %s: %v", a.State, a.Evidence)
	}
}

// TestRemarksNameEachFile holds that what zlint says of a certificate is said of each file
// that it lies in.
func TestRemarksNameEachFile(t *testing.T) {
	files := func(name string) []*bundle.File {
		f := pemBundle(user(addresses()), issuing(), root())
		f[0].Name = name
		return f
	}
	r := run(t, append(files("x.pem"), files("y.pem")...), &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}})
	of := map[string][]string{}
	for i, c := range r.Causes() {
		if c.Remark() {
			for _, p := range r.Causes()[i].Places {
				of[c.Rule] = append(of[c.Rule], p.File)
			}
		}
	}
	if len(of) == 0 {
		t.Fatal("there is no remark")
	}
	for rule, names := range of {
		slices.Sort(names)
		if half := len(names) / 2; len(names)%2 != 0 || names[half-1] != "x.pem" || names[half] != "y.pem" {
			t.Errorf("%s: %v", rule, names)
		}
	}
}
