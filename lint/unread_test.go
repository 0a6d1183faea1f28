package lint_test

import (
	"crypto/elliptic"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/say"
)

// TestUnreadStays: what was not read keeps every target from working, whatever a baseline
// accepts before or after that.
func TestUnreadStays(t *testing.T) {
	files := store(root(), issuing())
	opts := &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}}
	if v := run(t, files, opts).Verdict(lint.ExchangeOnline); v.Status != lint.Works {
		t.Fatalf("%s because of %v", v.Status, v.Because)
	}
	empty := &lint.Baseline{Name: "accept.json"}
	steps := map[string]func(*lint.Report){
		"unread": func(r *lint.Report) {
			r.Unread(lint.NotChecked{Code: "not_read", What: say.New("b"), Why: say.New("so")})
		},
		"interrupted": func(r *lint.Report) { r.Interrupted("b") },
	}
	for name, unread := range steps {
		for i, order := range [][]func(*lint.Report){
			{unread}, {unread, func(r *lint.Report) { empty.Apply(r) }}, {func(r *lint.Report) { empty.Apply(r) }, unread},
		} {
			r := run(t, files, opts)
			for _, step := range order {
				step(r)
			}
			if v := r.Verdict(lint.ExchangeOnline); v.Status != lint.Unknown {
				t.Errorf("%s, order %d: %s", name, i, v.Status)
			}
		}
	}
}

// TestReviewSorted: what is said of a baseline stands among the findings where its file
// does.
func TestReviewSorted(t *testing.T) {
	files := store(root(), issuing(), user())
	files[0].Name = "z.sst"
	r := run(t, files, &lint.Options{Time: today})
	(&lint.Baseline{Name: "a.json", Accept: []lint.Acceptance{{Rule: "w_x", File: "q", Expires: today}}}).Review(r, nil)
	if len(r.Findings) < 2 || r.Findings[0].File != "a.json" || !slices.IsSortedFunc(r.Findings, func(a, b lint.Finding) int { return strings.Compare(a.File, b.File) }) {
		t.Errorf("%+v", r.Findings)
	}
}

// TestLostInAnyOrder: of more CAs without an anchor than are listed, those that decide the
// verdict are listed first, wherever they stand.
func TestLostInAnyOrder(t *testing.T) {
	fetched := func(c *x509.Certificate) { c.IssuingCertificateURL = []string{"http://example.com/ca.cer"} }
	var certs []*signer
	for i := range byte(25) {
		hidden := newCA(fmt.Sprintf("Hidden %d", i), newCA("Hidden Root", nil, ecKey(elliptic.P256(), 90)), ecKey(elliptic.P256(), 91), email)
		certs = append(certs, newCA(fmt.Sprintf("Lost %d", i), hidden, ecKey(elliptic.P256(), 92+i), email, fetched))
	}
	gone := newCA("Gone", newCA("Gone Root", nil, ecKey(elliptic.P256(), 120)), ecKey(elliptic.P256(), 121), email)
	var said []string
	for _, at := range []int{0, 10, 25} {
		r := run(t, store(slices.Concat([]*signer{root()}, slices.Insert(slices.Clone(certs), at, gone))...), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}})
		said = append(said, fmt.Sprint(r.Verdict(lint.ExchangeOnline).Status, " ", answersOf(t, r)["path"]))
	}
	if said[0] != said[1] || said[0] != said[2] || !strings.HasPrefix(said[0], "fails failed; \"Gone\" leads") || !strings.HasSuffix(said[0], "; 6 more CAs") {
		t.Errorf("%s", strings.Join(said, "\n"))
	}
}

// TestNotElsewhere: an issuer that lies among what a certificate is judged together with is not
// said to lie where it does not count, whatever is wrong with it.
func TestNotElsewhere(t *testing.T) {
	over := valid(today.AddDate(-9, 0, 0), today.AddDate(0, -6, 0))
	expired := newCA("Example Root", nil, root().key, over)
	noCA := newCA("Example CA", root(), issuing().key, func(c *x509.Certificate) { c.IsCA = false })
	apart := func(files []*bundle.File) bool {
		r := run(t, files, &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: []string{"none"}})
		for _, v := range r.Subjects {
			for _, n := range v.Needs {
				for _, m := range slices.Concat(n.Evidence, n.Decide) {
					if strings.Contains(m.String(), "judged apart") {
						return true
					}
				}
			}
		}
		return false
	}
	both := loose(user(), noCA)
	for name, files := range map[string][]*bundle.File{
		"a root that has expired":    append(store(expired, issuing()), loose(user())...),
		"a CA that is none, in both": append(store(noCA, root()), both...),
	} {
		if apart(files) {
			t.Errorf("%s: said to be judged apart", name)
		}
	}
}

// TestRevokedInCollection: what a collection serves is not decided by the certificate of a
// user in it, also where a list has revoked that; the lists of its CAs count.
func TestRevokedInCollection(t *testing.T) {
	u := user()
	for name, tt := range map[string]struct {
		list *bundle.File
		want lint.VerdictStatus
		need string
	}{
		"the user":             {listOf(t, issuing(), today.AddDate(0, 1, 0), u), lint.Works, "assumed"},
		"the CA":               {listOf(t, root(), today.AddDate(0, 1, 0), issuing()), lint.Fails, "failed"},
		"the CA is on no list": {listOf(t, root(), today.AddDate(0, 1, 0)), lint.Works, "met"},
	} {
		lists := []*bundle.File{tt.list}
		if name == "the CA is on no list" {
			lists = append(lists, listOf(t, issuing(), today.AddDate(0, 1, 0), u))
		}
		r := run(t, append(store(root(), issuing(), u), lists...), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: []string{"none"}})
		if v := r.Verdict(lint.ExchangeOnline); v.Status != tt.want || !strings.HasPrefix(answersOf(t, r)["revocation"], tt.need) {
			t.Errorf("%s: %s, %v", name, v.Status, answersOf(t, r))
		}
	}
}

// TestSameSecond: within the second at which a certificate ends, and just behind it, no
// need and no path knows another time than the others.
func TestSameSecond(t *testing.T) {
	end := today.AddDate(0, 1, 0)
	u := user(valid(today.AddDate(-1, 0, 0), end))
	for _, tt := range []struct {
		at   time.Time
		want lint.State
	}{{end, lint.Met}, {end.Add(time.Second / 2), lint.Met}, {end.Add(time.Second), lint.Failed}} {
		r := run(t, loose(u, issuing(), root()), &lint.Options{Time: tt.at, Targets: []lint.Target{lint.Windows}, Roots: loose(root())})
		answers := answersOf(t, r)
		if !strings.HasPrefix(answers["valid"], string(tt.want)) || !strings.HasPrefix(answers["path"], string(tt.want)) {
			t.Errorf("%v: valid %s; path %s", tt.at, answers["valid"], answers["path"])
		}
	}
}

// TestEachSays: why a file was not judged is said in the language of the report, as the
// error is.
func TestEachSays(t *testing.T) {
	ja, err := locale.Parse("ja")
	if err != nil {
		t.Fatal(err)
	}
	reading := new(bundle.Options)
	files := func(yield func(bundle.Source, error) bool) { yield(reading.Source("x.cer", []byte("garbage")), nil) }
	for c, r := range lint.Each(t.Context(), files, &lint.Options{Time: today}) {
		if c.Err == nil || len(r.NotChecked) != 1 {
			t.Fatalf("%v, %+v", c.Err, r.NotChecked)
		}
		if got, want := ja.Say(r.NotChecked[0].Why), ja.Say(say.New("%v", c.Err)); got != want || got == c.Err.Error() {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
