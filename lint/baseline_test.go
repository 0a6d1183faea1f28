package lint_test

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint"
)

const acceptDuplicate = `{"rule":"w_collection_duplicate_certificate","file":"../testdata/collections/duplicate.sst","reason":"known","expires":"2027-01-31"}`

func baseline(t *testing.T, entries ...string) *lint.Baseline {
	t.Helper()
	b, err := lint.ParseBaseline("accept.json", []byte(`{"version":1,"accept":[`+strings.Join(entries, ",")+`]}`))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBaseline(t *testing.T) {
	files := load(t, testdata, "collections/duplicate.sst", "collections/expired.sst")
	opts := &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, Catalog: exampleCatalog(t)}
	before := run(t, files, opts)
	i := slices.IndexFunc(before.Findings, func(f lint.Finding) bool { return f.Rule == "e_certificate_expired" })
	if i < 0 {
		t.Fatal("nothing has expired")
	}
	acceptExpired := fmt.Sprintf(`{"rule":"e_certificate_expired","sha256":%q,"reason":"removed next week","expires":"2026-11-22"}`, before.Findings[i].SHA256)
	expiredByFile := fmt.Sprintf(`{"rule":"e_certificate_expired","file":%q,"reason":"known","expires":"2027-01-31"}`, before.Findings[i].File)
	unused := `{"rule":"e_collection_no_root","file":"other.sst","reason":"known","expires":"2027-01-31"}`

	tests := []struct {
		name     string
		at       time.Time
		entries  []string
		accepted []string
		status   lint.VerdictStatus
		review   []string
	}{
		{"one of two", today, []string{acceptDuplicate}, []string{"w_collection_duplicate_certificate"}, lint.Fails, nil},
		{"both", today, []string{acceptDuplicate, acceptExpired}, []string{"w_collection_duplicate_certificate", "e_certificate_expired"}, lint.Works, nil},
		{"the last moment", today.Add(24*time.Hour - 1), []string{acceptExpired}, []string{"e_certificate_expired"}, lint.Works, nil},
		{"a moment later", today.Add(24 * time.Hour), []string{acceptExpired}, nil, lint.Fails, []string{"w_acceptance_expired"}},
		{"by file and by certificate", today, []string{expiredByFile, acceptExpired}, []string{"e_certificate_expired"}, lint.Works, []string{"n_acceptance_unused"}},
		{"unused", today, []string{unused}, nil, lint.Fails, []string{"n_acceptance_unused"}},
		{"none", today, nil, nil, lint.Fails, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			opts := *opts
			opts.Time = tt.at
			r := run(t, files, &opts)
			total := len(r.Findings)
			b := baseline(t, tt.entries...)
			used := map[int]bool{}
			for _, i := range b.Apply(r) {
				used[i] = true
			}
			var accepted, review []string
			for _, a := range r.Accepted {
				accepted = append(accepted, a.Rule)
				if a.Reason == "" || a.Expires.IsZero() {
					t.Errorf("%s: no reason or date", a.Rule)
				}
			}
			if !slices.Equal(accepted, tt.accepted) || len(r.Findings)+len(r.Accepted) != total {
				t.Errorf("accepted %v of %d, %d left; want %v", accepted, total, len(r.Findings), tt.accepted)
			}
			if v := verdict(r, lint.ExchangeOnline); v.Status != tt.status {
				t.Errorf("verdict %s because of %v, want %s", v.Status, v.Because, tt.status)
			}
			for _, f := range reviewed(b, tt.at, used) {
				review = append(review, f.Rule)
				if f.File != "accept.json" || f.Status != map[bool]lint.Status{true: lint.Warn, false: lint.Notice}[f.Rule[0] == 'w'] {
					t.Errorf("%s: file %s, status %s", f.Rule, f.File, f.Status)
				}
				if _, ok := lint.FindRule(f.Rule); !ok {
					t.Errorf("%s is not found by its name", f.Rule)
				}
			}
			if !slices.Equal(review, tt.review) {
				t.Errorf("review %v, want %v", review, tt.review)
			}
		})
	}
}

// reviewed returns what is to be said of a baseline.
func reviewed(b *lint.Baseline, at time.Time, used map[int]bool) []lint.Finding {
	r := &lint.Report{Time: at}
	b.Review(r, used)
	return r.Findings
}

func TestParseBaselineErrors(t *testing.T) {
	sum := strings.Repeat("ab", 32)
	wrap := func(entry string) string { return `{"version":1,"accept":[` + entry + `]}` }
	tests := []struct{ name, text, want string }{
		{"empty", "", "EOF"},
		{"no version", `{"accept":[]}`, "version 0"},
		{"other version", `{"version":2,"accept":[]}`, "version 2"},
		{"unknown member", wrap(`{"rule":"e_certificate_expired","sha265":"` + sum + `","reason":"x","expires":"2027-01-01"}`), "unknown field"},
		{"unknown rule", wrap(`{"rule":"e_no_such_rule","sha256":"` + sum + `","reason":"x","expires":"2027-01-01"}`), "unknown rule"},
		{"rule about baselines", wrap(`{"rule":"w_acceptance_expired","file":"x","reason":"x","expires":"2027-01-01"}`), "cannot be accepted"},
		{"no reason", wrap(`{"rule":"e_certificate_expired","sha256":"` + sum + `","expires":"2027-01-01"}`), "reason"},
		{"no date", wrap(`{"rule":"e_certificate_expired","sha256":"` + sum + `","reason":"x"}`), "expires"},
		{"a time", wrap(`{"rule":"e_certificate_expired","sha256":"` + sum + `","reason":"x","expires":"2027-01-01T00:00:00Z"}`), "expires"},
		{"neither", wrap(`{"rule":"e_certificate_expired","reason":"x","expires":"2027-01-01"}`), "either"},
		{"both", wrap(`{"rule":"e_certificate_expired","sha256":"` + sum + `","file":"x","reason":"x","expires":"2027-01-01"}`), "either"},
		{"upper case", wrap(`{"rule":"e_certificate_expired","sha256":"` + strings.ToUpper(sum) + `","reason":"x","expires":"2027-01-01"}`), "lower-case"},
		{"SHA-1", wrap(`{"rule":"e_certificate_expired","sha256":"` + sum[:40] + `","reason":"x","expires":"2027-01-01"}`), "64"},
		{"twice", wrap(acceptDuplicate + "," + acceptDuplicate), "twice"},
		{"not hexadecimal", wrap(`{"rule":"e_certificate_expired","sha256":"` + sum[:62] + `zz","reason":"x","expires":"2027-01-01"}`), "64"},
		{"a digit too many", wrap(`{"rule":"e_certificate_expired","sha256":"` + sum + `a","reason":"x","expires":"2027-01-01"}`), "64"},
		{"as many as there may be", wrap(strings.Repeat(acceptDuplicate+",", lint.MaxAcceptances-1) + acceptDuplicate), "twice"},
		{"too many", wrap(strings.Repeat(acceptDuplicate+",", lint.MaxAcceptances) + acceptDuplicate), "more than"},
		{"trailing data", wrap(acceptDuplicate) + "{}", "follows"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b, err := lint.ParseBaseline("accept.json", []byte(tt.text))
			if err == nil || b != nil {
				t.Fatalf("got %v, %v; want an error", b, err)
			}
			if !strings.HasPrefix(err.Error(), "accept.json: ") || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q, want one about %q", err, tt.want)
			}
		})
	}
	if b, err := lint.ParseBaseline("x", []byte("\xEF\xBB\xBF"+wrap(acceptDuplicate))); err != nil || len(b.Accept) != 1 {
		t.Errorf("with a byte order mark: %v, %v", b, err)
	}
}

// TestBaselineOfCaller holds that of acceptances of the same, which no file can hold, the
// first one that has not expired counts, and what is said of each.
func TestBaselineOfCaller(t *testing.T) {
	accept := func(expires string) lint.Acceptance {
		a := baseline(t, acceptDuplicate).Accept[0]
		a.Expires, _ = time.Parse(time.DateOnly, expires)
		return a
	}
	bySum := lint.Acceptance{Rule: "e_collection_no_root", SHA256: strings.Repeat("ab", 32), Reason: "x", Expires: today}
	b := &lint.Baseline{Name: "a", Accept: []lint.Acceptance{accept("2026-11-21"), accept("2027-01-01"), accept("2027-02-01"), bySum}}
	r := run(t, load(t, testdata, "collections/duplicate.sst"), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}})
	used := b.Apply(r)
	if !slices.Equal(used, []int{1}) || len(r.Accepted) != 1 || !r.Accepted[0].Expires.Equal(b.Accept[1].Expires) {
		t.Errorf("used %v: %+v", used, r.Accepted)
	}
	var got []string
	for _, f := range reviewed(b, today, map[int]bool{1: true}) {
		got = append(got, f.Rule+" "+f.Message.String())
	}
	file := b.Accept[0].File
	want := []string{
		"w_acceptance_expired the acceptance of w_collection_duplicate_certificate for " + file + " expired on 2026-11-21: known",
		"n_acceptance_unused the acceptance of w_collection_duplicate_certificate for " + file + ", until 2027-02-01, matches no finding",
		"n_acceptance_unused the acceptance of e_collection_no_root for " + bySum.SHA256 + ", until 2026-11-22, matches no finding",
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestBaselineKeepsPurposes holds that a baseline that accepts nothing leaves every
// verdict as it is, and what the facts leave out is left out.
func TestBaselineKeepsPurposes(t *testing.T) {
	files := loose(user(keyUsage(x509.KeyUsageDigitalSignature)), issuing(), root())
	r := run(t, files, &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}, Roots: loose(root()), Facts: &lint.Facts{Purposes: []chain.Usage{chain.Sign}}})
	before := r.Verdict(lint.Windows)
	new(lint.Baseline).Apply(r)
	if after := r.Verdict(lint.Windows); after.Status != before.Status || after.Sign != before.Sign || after.Encrypt != before.Encrypt {
		t.Errorf("%s, signs %s, encrypts %s; then %s, %s, %s", before.Status, before.Sign, before.Encrypt, after.Status, after.Sign, after.Encrypt)
	}
	if before.Encrypt != lint.NotApplicable {
		t.Errorf("encrypts %s", before.Encrypt)
	}
}

// TestBaselineNames holds that what is taken for granted because somebody accepted a finding
// says so.
func TestBaselineNames(t *testing.T) {
	r := run(t, openPFX(des("secret"), "secret"), &lint.Options{
		Time: today, Targets: []lint.Target{lint.Windows}, Facts: &lint.Facts{PrimarySMTP: "boss@example.com"}, ZLint: []string{"none"}, Roots: loose(root()),
	})
	baseline(t, `{"rule":"e_email_address_mismatch","file":"id.pfx","reason":"known","expires":"2027-01-31"}`).Apply(r)
	found := false
	for _, v := range r.Subjects {
		for _, a := range v.Needs {
			if a.State == lint.Assumed && len(a.Decide) == 0 {
				t.Errorf("%s: provided that nothing", a.Need)
			}
			found = found || a.Need == "address" && a.State == lint.Assumed && a.Decide[0].String() == "what e_email_address_mismatch found is accepted"
		}
	}
	if !found {
		t.Errorf("%+v", r.Subjects)
	}
}
