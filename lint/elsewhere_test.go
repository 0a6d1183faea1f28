package lint_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
)

// TestInStoreAlone holds that a path through a CA that lies in the tenant's collection
// alone works for other programs only provided that the CA reaches them too.
func TestInStoreAlone(t *testing.T) {
	tenants := store(issuing(), root())
	for _, tt := range []struct {
		name  string
		files []*bundle.File
		with  []*bundle.File
		roots []*bundle.File
		alone bool
	}{
		{"in the store", slices.Concat(tenants, loose(user())), nil, loose(root()), true},
		{"in a store beside it", loose(user()), tenants, loose(root()), true},
		{"in a list beside the store", slices.Concat(tenants, loose(user()), p7b(issuing())), nil, loose(root()), false},
		{"in a file beside the certificate", slices.Concat(tenants, loose(user(), issuing())), nil, loose(root()), false},
		{"in a file that helps", slices.Concat(tenants, loose(user())), loose(issuing()), loose(root()), false},
		{"in a file of another user", slices.Concat(tenants, loose(user()), opened(t, "secret", string(des("secret")))), nil, loose(root()), true},
		{"among the roots", slices.Concat(tenants, loose(user())), nil, loose(root(), issuing()), false},
		{"the root alone in the store", slices.Concat(store(root()), loose(user(), issuing())), nil, loose(root()), false},
	} {
		for _, target := range []lint.Target{lint.ExchangeOnline, lint.OutlookIOS, lint.AppleMail, lint.Intune, lint.Windows, lint.Thunderbird} {
			r := run(t, tt.files, &lint.Options{Time: today, Targets: []lint.Target{target}, With: tt.with, Roots: tt.roots, ZLint: []string{"none"}})
			v := r.Subjects[slices.IndexFunc(r.Subjects, func(v lint.Verdict) bool { return v.Subject.Kind == "certificate" })]
			path := v.Needs[slices.IndexFunc(v.Needs, func(a lint.NeedAnswer) bool { return a.Need == "path" })]
			want := lint.Met
			if tt.alone && target != lint.ExchangeOnline && target != lint.OutlookIOS {
				want = lint.Assumed
			}
			if v.Status != lint.Works || path.State != want {
				t.Errorf("%s, %s: %s, a path is %s, want %s: %v", tt.name, target, v.Status, path.State, want, path.Decide)
			}
			if want == lint.Assumed && (len(path.Decide) != 1 || !strings.Contains(path.Decide[0].String(), "lies in store.sst alone")) {
				t.Errorf("%s, %s: provided that %v", tt.name, target, path.Decide)
			}
		}
	}
}

// TestRootInStoreAlone holds the same of a profile, whose CAs have no user below them: the
// root has to reach the device too, unless it is one that the target trusts by itself.
func TestRootInStoreAlone(t *testing.T) {
	tenants := store(issuing(), root())
	for _, tt := range []struct {
		name  string
		files []*bundle.File
		opts  lint.Options
		want  lint.State
	}{
		{"in a store beside it", opened(t, "", profileOf(issuing())), lint.Options{With: tenants}, lint.Assumed},
		{"in the profile too", opened(t, "", profileOf(issuing(), root())), lint.Options{With: tenants}, lint.Met},
		{"in a file that helps", opened(t, "", profileOf(issuing())), lint.Options{With: append(loose(root()), tenants...)}, lint.Met},
		{"in the programme", opened(t, "", profileOf(issuing())), lint.Options{With: tenants, Catalog: knows(root(), "apple", "yes")}, lint.Met},
		{"not in the programme", opened(t, "", profileOf(issuing())), lint.Options{With: tenants, Catalog: knows(root(), "apple", "no")}, lint.Assumed},
	} {
		tt.opts.Time, tt.opts.Targets, tt.opts.ZLint = today, []lint.Target{lint.AppleMail}, []string{"none"}
		r := run(t, tt.files, &tt.opts)
		v := r.Subjects[0]
		path := v.Needs[slices.IndexFunc(v.Needs, func(a lint.NeedAnswer) bool { return a.Need == "path" })]
		if v.Status != lint.Works || path.State != tt.want || tt.want == lint.Assumed && !strings.Contains(path.Decide[0].String(), `"Example Root", which lies in store.sst alone`) {
			t.Errorf("%s: %s, a path is %s, want %s: %v", tt.name, v.Status, path.State, tt.want, path.Decide)
		}
	}
}
