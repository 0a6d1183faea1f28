package lint_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/testdata/keyforms"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestKeysBeside holds that a collection does not work beside a private key, in a
// form that is known or in one that cannot be looked into.
func TestKeysBeside(t *testing.T) {
	const ppk = "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 1\nAAAAAAAAAAAAAAAAAAAAAAAA\n"
	const database = "SQLite format 3\x00                    CREATE TABLE nssPrivate (id)"
	for _, tt := range []struct {
		name, data string
		want       lint.VerdictStatus
	}{
		{"k.ppk", ppk, lint.Fails},
		{"key4.db", database, lint.Unknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			key := parse(tt.name, []byte(tt.data), nil)
			if key.Format != bundle.PrivateKey || key.Format.String() != "key" {
				t.Fatalf("format %s", key.Format)
			}
			for name, files := range map[string][]*bundle.File{"a store": store(issuing(), root()), "alone": nil} {
				report := run(t, append(slices.Clone(files), key), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}})
				v := report.Verdicts[slices.IndexFunc(report.Verdicts, func(v lint.Verdict) bool { return v.Target == lint.ExchangeOnline })]
				if v.Status != tt.want || !slices.Contains(v.Because, "e_collection_private_key") && tt.want == lint.Fails {
					t.Errorf("%s: %s because of %v, want %s", name, v.Status, v.Because, tt.want)
				}
				listed := slices.ContainsFunc(report.NotChecked, func(n lint.NotChecked) bool {
					return strings.Contains(n.Why.String(), "may hold a private key")
				})
				if listed != (tt.want == lint.Unknown) {
					t.Errorf("%s: not checked: %v", name, report.NotChecked)
				}
			}
			if _, err := lint.Run(t.Context(), []*bundle.File{key}, &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}}); !errors.Is(err, lint.ErrNothingToCheck) {
				t.Errorf("for Windows: %v", err)
			}
		})
	}
}

// TestKeyWithCertificate holds the same of a certificate that is judged beside a
// collection and has a key behind it.
func TestKeyWithCertificate(t *testing.T) {
	const ppk = "PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\nAAAAAAAAAAAAAAAAAAAAAAAA\n"
	key := parse("k.ppk", []byte(ppk), nil)
	g := loneUser()
	report := run(t, slices.Concat(store(issuing(), root()), g.files, []*bundle.File{key}), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}})
	v := report.Verdicts[slices.IndexFunc(report.Verdicts, func(v lint.Verdict) bool { return v.Target == lint.ExchangeOnline })]
	if v.Status != lint.Fails || !slices.Contains(v.Because, "e_collection_private_key") {
		t.Errorf("%s because of %v", v.Status, v.Because)
	}
}

// TestEachKeyForm holds that a complete store does not work for Exchange Online
// while a private key lies beside it in any form: it fails, or is unknown where
// nobody can see whether there is one.
func TestEachKeyForm(t *testing.T) {
	outside.SkipUnderRace(t)
	complete := store(issuing(), root())
	options := &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}}
	has := func(report *lint.Report, want lint.VerdictStatus) bool {
		return slices.ContainsFunc(report.Verdicts, func(v lint.Verdict) bool { return v.Target == lint.ExchangeOnline && v.Status == want })
	}
	if r := run(t, complete, options); !has(r, lint.Works) {
		t.Fatalf("without a key: %v", r.Verdicts)
	}
	for name, data := range keyforms.Files(t, keyforms.Make(t, testdata)) {
		t.Run(name, func(t *testing.T) {
			want := lint.Fails
			if strings.HasPrefix(name, "may: ") {
				want = lint.Unknown
			}
			report := run(t, slices.Concat(complete, []*bundle.File{parse("key", data, nil)}), options)
			if !has(report, want) {
				t.Errorf("no verdict %s among %v", want, report.Verdicts)
			}
			found := slices.ContainsFunc(report.Findings, func(f lint.Finding) bool { return f.Rule == "e_collection_private_key" })
			said := slices.ContainsFunc(report.NotChecked, func(n lint.NotChecked) bool { return strings.Contains(n.Why.String(), "may hold a private key") })
			if found != (want == lint.Fails) || said != (want == lint.Unknown) {
				t.Errorf("found %v, not checked %v", found, said)
			}
		})
	}
}
