package lint_test

import (
	"crypto/elliptic"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
)

// TestAhead holds the one rule of Options.Ahead: a look ahead is a look at that time,
// but for what has not begun yet.
func TestAhead(t *testing.T) {
	names := []string{"collections/complete.sst", "collections/expired.sst", "collections/leaf-inside.sst", "collections/root-missing.sst",
		"example/leaf.pem", "pfx/modern-without-root.pfx", "sectigo/root-usertrust-rsa.pem"}
	for _, name := range names {
		password := "secret"
		f, err := (&bundle.Options{Password: &password}).ReadFile(t.Context(), testdata+"/"+name)
		if err != nil {
			t.Fatal(err)
		}
		support := load(t, testdata, "example/issuing-ca.pem", "example/root-self-signed.pem")
		files := []*bundle.File{f}
		for years := range 16 {
			ahead := time.Duration(years)*365*24*time.Hour + 12*time.Hour
			looked := run(t, files, &lint.Options{Time: today, Ahead: ahead, With: support, Roots: support, ZLint: []string{"none"}})
			then := run(t, files, &lint.Options{Time: today.Add(ahead), With: support, Roots: support, ZLint: []string{"none"}})
			for i := range then.Subjects {
				if got, want := looked.Subjects[i], then.Subjects[i]; got.Status != want.Status || got.Target != want.Target || strings.Join(got.Because, " ") != strings.Join(want.Because, " ") {
					t.Errorf("%s, %d years ahead, %s: %v for %v, and at that time %v for %v", name, years, want.Target, got.Status, got.Because, want.Status, want.Because)
				}
			}
		}
	}
}

// TestAheadNotBegun: what begins within the time ahead is of no use yet, and what ends
// within it is of none any more, be it the certificate or a CA above.
func TestAheadNotBegun(t *testing.T) {
	day := func(n int) time.Time { return today.AddDate(0, 0, n) }
	root := newCA("root", nil, ecKey(elliptic.P256(), 1))
	for _, tt := range []struct {
		name     string
		ca, user change
		ahead    int // days
		want     lint.VerdictStatus
	}{
		{"lasts", valid(day(-9), day(400)), valid(day(-9), day(300)), 30, lint.Works},
		{"lasts to the end", valid(day(-9), day(400)), valid(day(-9), day(30)), 30, lint.Works},
		{"ends within", valid(day(-9), day(400)), valid(day(-9), day(29)), 30, lint.Fails},
		{"ends within, and nobody asks", valid(day(-9), day(400)), valid(day(-9), day(29)), 0, lint.Works},
		{"the CA ends within", valid(day(-9), day(20)), valid(day(-9), day(300)), 30, lint.Fails},
		{"begins within", valid(day(-9), day(400)), valid(day(3), day(300)), 30, lint.Fails},
		{"the CA begins within", valid(day(3), day(400)), valid(day(-9), day(300)), 30, lint.Fails},
	} {
		ca := newCA("issuing", root, ecKey(elliptic.P256(), 2), tt.ca)
		leaf := newUser(ca, ecKey(elliptic.P256(), 3), tt.user)
		r := run(t, pemBundle(leaf, ca, root), &lint.Options{Time: today, Ahead: time.Duration(tt.ahead) * 24 * time.Hour,
			Targets: []lint.Target{lint.Windows}, Roots: loose(root), ZLint: []string{"none"}})
		if got := verdict(r, lint.Windows); got.Status != tt.want {
			t.Errorf("%s: %v for %v", tt.name, got.Status, got.Because)
		}
		for _, f := range r.Findings {
			if f.Rule == "e_certificate_expired" && !strings.Contains(f.Message.String(), "expires on") {
				t.Errorf("%s: %s", tt.name, f.Message)
			}
		}
	}
	if _, err := lint.Run(t.Context(), loose(root), &lint.Options{Ahead: -1}); err == nil {
		t.Error("a negative time is taken")
	}
}
