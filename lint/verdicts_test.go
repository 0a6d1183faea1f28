package lint_test

import (
	"crypto/elliptic"
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/sst"
)

// TestWeakSignatureOfCA holds that SHA-1 in the certificate of a CA stops Apple
// alone, and that one rule speaks of it for the others.
func TestWeakSignatureOfCA(t *testing.T) {
	weak := func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 }
	for _, tt := range []struct {
		name    string
		given   given
		target  lint.Target
		verdict lint.VerdictStatus
		broken  bool // e_chain_no_valid_path speaks
	}{
		{"of a CA, Exchange Online", chainOf(weak), lint.ExchangeOnline, lint.Works, false},
		{"of a CA, Windows", chainOf(weak), lint.Windows, lint.Works, false},
		{"of a CA, Apple", chainOf(weak), lint.AppleMail, lint.Fails, true},
		{"of a CA alone, Apple", give(loose(twin(root(), weak), root())), lint.AppleMail, lint.Fails, true},
		{"of a user, Exchange Online", give(append(store(issuing(), root()), loose(user(weak))...)), lint.ExchangeOnline, lint.Unknown, false},
		{"of a user in a collection, which serves as before", users(weak), lint.ExchangeOnline, lint.Works, true},
		{"of a user, Apple", users(weak), lint.AppleMail, lint.Fails, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := run(t, tt.given.files, &lint.Options{Time: today, Targets: []lint.Target{tt.target}, Roots: loose(root()), Facts: &lint.Facts{PrimarySMTP: "user@example.com"}})
			if got := verdict(r, tt.target).Status; got != tt.verdict {
				t.Errorf("verdict %s, want %s", got, tt.verdict)
			}
			if got := slices.Contains(rulesOf(r), "e_chain_no_valid_path"); got != tt.broken {
				t.Errorf("e_chain_no_valid_path: %t, want %t", got, tt.broken)
			}
		})
	}
}

// TestUsageNames holds that usages of Windows templates have names.
func TestUsageNames(t *testing.T) {
	windows := func(c *x509.Certificate) {
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
		c.UnknownExtKeyUsage = []asn1.ObjectIdentifier{{1, 3, 6, 1, 4, 1, 311, 20, 2, 2}, {1, 3, 6, 1, 4, 1, 311, 10, 3, 4}}
	}
	const want = "is for clientAuth, Smart Card Logon, Encrypting File System, not for e-mail"
	r := run(t, users(windows).files, &lint.Options{Time: today})
	if !slices.ContainsFunc(r.Findings, func(f lint.Finding) bool { return f.Message.String() == want }) {
		t.Errorf("no finding says %q", want)
	}
}

// TestMessageBesideStore holds that what a message brings along is not taken for
// part of the store that it is judged against.
func TestMessageBesideStore(t *testing.T) {
	message := func() []*bundle.File {
		files := pemBundle(user(), issuing())
		files[0].Signed = true
		return files
	}
	for _, tt := range []struct {
		name  string
		store []*signer
		want  bool
	}{
		{"the store lacks the issuing CA", []*signer{root()}, true},
		{"the store has it", []*signer{root(), issuing()}, false},
	} {
		r := run(t, append(store(tt.store...), message()...), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}})
		if got := slices.Contains(rulesOf(r), "w_chain_issuing_ca_missing"); got != tt.want {
			t.Errorf("%s: %t, want %t", tt.name, got, tt.want)
		}
	}
	with := &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, With: store(root(), issuing())}
	if names := rulesOf(run(t, message(), with)); slices.Contains(names, "w_chain_issuing_ca_missing") {
		t.Errorf("with a supporting store: %v", names)
	}
}

// TestCopyOnPath holds that the second copy of a CA that a chain needs is a
// duplicate, and not called needless besides.
func TestCopyOnPath(t *testing.T) {
	files := openPFX(des("secret"), "secret")
	files[0].Certificates = append(files[0].Certificates, files[0].Certificates[1:]...)
	names := rulesOf(run(t, files, &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}}))
	if slices.Contains(names, "n_pfx_extra_certificate") || !slices.Contains(names, "w_collection_duplicate_certificate") {
		t.Errorf("rules: %v", names)
	}
}

// TestWhenIssued holds that a programme that takes no certificates from after a date
// is no reason to call a later one trusted.
func TestWhenIssued(t *testing.T) {
	for _, tt := range []struct {
		until string
		want  lint.State
	}{{"2025-01-01", lint.Open}, {"2026-06-01", lint.Met}, {"yes", lint.Met}} {
		g := under(today, lint.Thunderbird, nil, "mozilla", tt.until)
		r := run(t, g.files, g.opts)
		if got := answerOf(r, lint.Thunderbird, "trusted"); got.State != tt.want {
			t.Errorf("Mozilla %s: trusted %s %v, want %s", tt.until, got.State, got.Decide, tt.want)
		}
	}
	g := under(today, lint.AppleMail, nil, "apple", "yes")
	entrust := newCA("Entrust Root", nil, ecKey(elliptic.P256(), 150), func(c *x509.Certificate) { c.Subject.Organization = []string{"Entrust, Inc."} })
	leaf := newUser(entrust, ecKey(elliptic.P256(), 3))
	g.files, g.opts.Catalog = pemBundle(leaf, entrust), knows(entrust, "apple", "yes")
	if got := answerOf(run(t, g.files, g.opts), lint.AppleMail, "trusted"); got.State != lint.Open {
		t.Errorf("Apple and Entrust: trusted %s %v", got.State, got.Evidence)
	}
}

// answerOf returns what the report says of a need of its first subject.
func answerOf(r *lint.Report, t lint.Target, n lint.Need) lint.NeedAnswer {
	for _, v := range r.Subjects {
		for _, a := range v.Needs {
			if v.Target == t && a.Need == n {
				return a
			}
		}
	}
	return lint.NeedAnswer{}
}

// TestWorst holds that the worst finding is one of a rule, in whatever order they stand, and
// no remark of zlint.
func TestWorst(t *testing.T) {
	const remark = "e_ext_authority_key_identifier_no_key_identifier"
	for _, tt := range []struct {
		findings []lint.Finding
		want     string
	}{
		{nil, "pass"},
		{[]lint.Finding{{Rule: remark, Status: lint.Error}}, "pass"},
		{[]lint.Finding{{Rule: remark, Status: lint.Error}, {Rule: "n_a", Status: lint.Notice}}, "info"},
		{[]lint.Finding{{Rule: "w_a", Status: lint.Warn}, {Rule: "n_a", Status: lint.Notice}, {Rule: remark, Status: lint.Error}}, "warn"},
		{[]lint.Finding{{Rule: "n_a", Status: lint.Notice}, {Rule: "e_a", Status: lint.Error}, {Rule: "w_a", Status: lint.Warn}}, "error"},
	} {
		if got := (&lint.Report{Findings: tt.findings}).Worst().String(); got != tt.want {
			t.Errorf("%+v: %s, want %s", tt.findings, got, tt.want)
		}
	}
}

// TestIdle holds which subjects work for no target.
func TestIdle(t *testing.T) {
	of := func(file string, status ...lint.VerdictStatus) (list []lint.Verdict) {
		for _, s := range status {
			list = append(list, lint.Verdict{Subject: lint.Subject{File: file}, Status: s})
		}
		return list
	}
	r := &lint.Report{Subjects: slices.Concat(
		of("a", lint.Works), of("b", lint.Fails, lint.Works, lint.Unknown), of("c", lint.Works, lint.Fails),
		of("d", lint.Fails), of("e", lint.Unknown, lint.Fails), of("a", lint.Fails), of("d", lint.Fails))}
	var got []string
	for _, s := range r.Idle() {
		got = append(got, s.File)
	}
	if want := []string{"d", "e"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestNoCASeen holds that a collection of which no CA can be seen is not said to lead to
// an anchor.
func TestNoCASeen(t *testing.T) {
	unreadable := elements(nil)
	unreadable.Elements = append(unreadable.Elements, sst.Element{Kind: sst.Certificate, Raw: []byte{0x30, 0}})
	for name, files := range map[string][]*bundle.File{"what cannot be read": storeOf(unreadable), "a user": store(user())} {
		if a := answerOf(run(t, files, &lint.Options{Time: today}), lint.ExchangeOnline, "path"); a.State == lint.Met {
			t.Errorf("%s: %s %s %v", name, a.State, a.Code, a.Evidence)
		}
	}
}

// TestOneOfSeveralCAs holds that a CA that leads nowhere fails a collection alone, and
// leaves open whether it is needed beside one that serves.
func TestOneOfSeveralCAs(t *testing.T) {
	other := newCA("Other Root", nil, ecKey(elliptic.P256(), 150))
	otherCA := newCA("Other CA", other, ecKey(elliptic.P256(), 151), email)
	tls := newCA("Sectigo Public Server Authentication CA X", other, ecKey(elliptic.P256(), 152), email)
	for _, tt := range []struct {
		name    string
		files   []*bundle.File
		want    lint.VerdictStatus
		because string
	}{
		{"alone", store(issuing()), lint.Fails, "e_chain_issuer_missing"},
		{"beside a CA that serves", store(issuing(), otherCA, other), lint.Unknown, "e_chain_issuer_missing"},
		{"beside a root alone", store(issuing(), other), lint.Fails, "e_chain_issuer_missing"},
		{"for web servers", store(tls, other), lint.Fails, "e_ca_for_web_servers"},
		{"for web servers, beside another", store(tls, otherCA, other), lint.Unknown, "e_ca_for_web_servers"},
		{"with a user below it", append(store(issuing(), otherCA, other), loose(user())...), lint.Fails, "e_chain_issuer_missing"},
	} {
		v := run(t, tt.files, &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}}).Verdict(lint.ExchangeOnline)
		if v.Status != tt.want || !slices.Contains(v.Because, tt.because) {
			t.Errorf("%s: %s because of %v, want %s because of %s", tt.name, v.Status, v.Because, tt.want, tt.because)
		}
	}
}

// TestElsewhere holds that a report names the file that what is missing lies in, and
// what was judged together.
func TestElsewhere(t *testing.T) {
	named := func(name string, files []*bundle.File) []*bundle.File {
		files[0].Name = name
		return files
	}
	apart := run(t, append(named("a.sst", store(issuing())), named("b.sst", store(root()))...), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}})
	beside := run(t, append(named("tenant.sst", store(issuing())), loose(user(), root())...), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}})
	for name, r := range map[string]*lint.Report{"b.sst": apart, "b.cer": beside} {
		where := "lies in " + name
		told := slices.ContainsFunc(r.Findings, func(f lint.Finding) bool { return strings.Contains(f.Message.String(), where) })
		path := answerOf(r, lint.ExchangeOnline, "path")
		inNeed := strings.Contains(say.Join(slices.Concat(path.Evidence, path.Decide)...).String(), where)
		if !told || !inNeed {
			t.Errorf("%q: told by a finding: %t, by the need: %t", where, told, inNeed)
		}
	}
	likeRoot := newCA(root().Subject.CommonName, nil, ecKey(elliptic.P256(), 91))
	for name, issuer := range map[string]*signer{"the issuer": root(), "one of its name": likeRoot} {
		r := run(t, append(named("a.sst", store(issuing())), named("b.sst", store(issuer))...), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}})
		told := slices.ContainsFunc(r.Findings, func(f lint.Finding) bool { return strings.Contains(f.Message.String(), "lies in b.sst") })
		if told != (name == "the issuer") {
			t.Errorf("%s is said to lie in another file: %t", name, told)
		}
	}
	if last := beside.Subjects[0]; !slices.Equal(last.With, []string{"tenant.sst"}) {
		t.Errorf("%s was judged with %v", last.Subject.File, last.With)
	}
}

// TestClosedKey holds that a private key that stays closed, beside certificates that are
// in the clear, leaves open whether it belongs to one of them.
func TestClosedKey(t *testing.T) {
	pfx := des("secret")
	for name, limits := range map[string]bundle.Limits{"whole": {}, "the certificates alone": {Iterations: 7000}, "a few iterations": {Iterations: 5000}, "none": {Iterations: 10}} {
		password := "secret"
		f, err := (&bundle.Options{Password: &password, Limits: limits}).Parse(t.Context(), "id.pfx", pfx)
		if err != nil {
			t.Fatal(err)
		}
		v := run(t, []*bundle.File{f}, &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}, Roots: loose(root()), ZLint: []string{"none"}}).Verdict(lint.Windows)
		if want := map[bool]lint.VerdictStatus{true: lint.Works, false: lint.Unknown}[name == "whole"]; v.Status != want {
			t.Errorf("%s: %s because of %v", name, v.Status, v.Because)
		}
	}
}
