package lint_test

import (
	"crypto/elliptic"
	"crypto/x509"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// knowsAll makes a catalogue that knows certificates of CAs with their keys, and which
// programmes trust the roots.
func knowsAll(programmes map[*signer][]string, cas ...*signer) *catalog.Catalog {
	roots := []any{}
	for ca, names := range programmes {
		e := entryOf(ca)
		for _, n := range names {
			e[n] = map[string]string{"trust": "yes"}
		}
		roots = append(roots, e)
	}
	var certs []*chain.Certificate
	for _, ca := range cas {
		certs = append(certs, chain.FromX509(ca.Certificate))
	}
	return catalogOf(map[string]any{"certificates": roots}).WithCertificates(certs, "test")
}

// TestOthers holds that ways to other roots than the recommended one are told, with who
// lists each, and only where there are such.
func TestOthers(t *testing.T) {
	hexOf := func(s *signer) string {
		sum := chain.FromX509(s.Certificate).SHA256()
		return hex.EncodeToString(sum[:])
	}
	key := ecKey(elliptic.P256(), 21)
	young := newCA("Example Young Root", nil, key)
	old := newCA("Example Old Root", nil, ecKey(elliptic.P256(), 22))
	cross := newCA("Example Young Root", old, key)
	ca := newCA("Example Issuing CA", young, ecKey(elliptic.P256(), 23), email)
	leaf := newUser(ca, ecKey(elliptic.P256(), 3))
	options := func(c *catalog.Catalog) *lint.Options {
		return &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: []string{"none"}, Catalog: c}
	}
	for _, tt := range []struct {
		name       string
		programmes map[*signer][]string
		cas        []*signer
		list       []*signer // what is missing, in order
		other      *signer   // nil: there is none
		lists      []string
	}{
		{"two roots", map[*signer][]string{young: {"mozilla"}, old: {"mozilla", "microsoft", "apple"}}, []*signer{ca, cross}, []*signer{ca, cross, old}, young, []string{"mozilla"}},
		{"the other serves more", map[*signer][]string{young: {"mozilla", "microsoft", "apple"}, old: {"apple"}}, []*signer{ca, cross}, []*signer{ca, young}, old, []string{"apple"}},
		{"the other is in no list", map[*signer][]string{young: {"mozilla"}, old: nil}, []*signer{ca, cross}, []*signer{ca, young}, nil, nil},
		{"one way", map[*signer][]string{young: {"mozilla"}}, []*signer{ca}, []*signer{ca, young}, nil, nil},
	} {
		known := knowsAll(tt.programmes, tt.cas...)
		r := run(t, pemBundle(leaf), options(known))
		var got []string
		for _, m := range r.Missing {
			got = append(got, m.SHA256)
		}
		var want []string
		for _, s := range tt.list {
			want = append(want, hexOf(s))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: missing are %v, want %v", tt.name, got, want)
			continue
		}
		for _, m := range r.Missing[1:] {
			if len(m.Others) > 0 {
				t.Errorf("%s: others above the first: %+v", tt.name, m.Others)
			}
		}
		others := r.Missing[0].Others
		if tt.other == nil {
			if len(others) > 0 {
				t.Errorf("%s: %+v", tt.name, others)
			}
			continue
		}
		if len(others) != 1 || others[0].SHA256 != hexOf(tt.other) || others[0].Root != chain.FromX509(tt.other.Certificate).Subject() || !slices.Equal(others[0].Lists, tt.lists) {
			t.Errorf("%s: %+v", tt.name, others)
		}
	}
}

// TestLookAlikeIssuer holds that an issuer with the name, or the name and key identifier,
// or the key identifier alone of a known CA and another key is never named as that CA.
func TestLookAlikeIssuer(t *testing.T) {
	real := newCA("Example Known CA", nil, ecKey(elliptic.P256(), 31))
	known := knowsAll(nil, real)
	sum := chain.FromX509(real.Certificate).SHA256()
	identifier := func(c *x509.Certificate) { c.SubjectKeyId = real.SubjectKeyId }
	for _, tt := range []struct {
		name   string
		issuer *signer
		told   bool // that it is not the known one
		known  bool // it is that
	}{
		{"the known one", real, false, true},
		{"look-alike", newCA("Example Known CA", nil, ecKey(elliptic.P256(), 32), identifier), true, false},
		{"re-keyed", newCA("Example Known CA", nil, ecKey(elliptic.P256(), 33)), true, false},
		{"written otherwise", newCA("example  KNOWN ca", nil, ecKey(elliptic.P256(), 34), identifier), true, false},
		{"another name with its key identifier", newCA("Example Other CA", nil, ecKey(elliptic.P256(), 35), identifier), false, false},
	} {
		leaf := newUser(tt.issuer, ecKey(elliptic.P256(), 3))
		r := run(t, pemBundle(leaf), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: []string{"none"}, Catalog: known})
		var text strings.Builder
		for _, f := range r.Findings {
			text.WriteString(f.Message.String() + "\n")
		}
		if got := strings.Contains(text.String(), "its signature was not made with the key of the known"); got != tt.told {
			t.Errorf("%s: %s", tt.name, text.String())
		}
		if len(r.Missing) != 1 {
			t.Fatalf("%s: %+v", tt.name, r.Missing)
		}
		if m := r.Missing[0]; (m.SHA256 == hex.EncodeToString(sum[:])) != tt.known || (m.Kind == "unknown") == tt.known {
			t.Errorf("%s: %+v", tt.name, m)
		}
	}
}

// TestGmailRootKnown holds that a chain which stops below a root that the catalogue knows
// fails for Gmail no more than for a system that has the root: any may be in its list.
func TestGmailRootKnown(t *testing.T) {
	for name, tt := range map[string]struct {
		known *catalog.Catalog
		want  lint.State
		says  string
	}{
		"with its key":    {knowsAll(nil, root()), lint.Met, "known by the key that made the signature"},
		"without its key": {knows(root()), lint.Open, "is known as a root, but not its key"},
	} {
		r := run(t, pemBundle(user(), issuing()), &lint.Options{Time: today, Targets: []lint.Target{lint.Gmail}, ZLint: []string{"none"}, Catalog: tt.known})
		v := r.Subjects[0]
		i := slices.IndexFunc(v.Needs, func(a lint.NeedAnswer) bool { return a.Need == "path" })
		if i < 0 || v.Status == lint.Fails {
			t.Fatalf("%s: %s %+v", name, v.Status, v.Needs)
		}
		var said []string
		for _, m := range slices.Concat(v.Needs[i].Evidence, v.Needs[i].Decide) {
			said = append(said, m.String())
		}
		if text := strings.Join(said, "\n"); v.Needs[i].State != tt.want || !strings.Contains(text, tt.says) {
			t.Errorf("%s: %s, %s", name, v.Needs[i].State, text)
		}
	}
}

// TestRootInCollection holds that an identity without its root does not fail for want of
// it where the tenant's collection, which may have the root, was not given.
func TestRootInCollection(t *testing.T) {
	elsewhere := newCA("Example Elsewhere", nil, ecKey(elliptic.P256(), 41))
	for name, tt := range map[string]struct {
		store []*bundle.File
		want  lint.State
	}{
		"not given":        {nil, lint.Open},
		"without the root": {store(elsewhere), lint.Failed},
		"with the root":    {store(root()), lint.Met},
	} {
		for _, target := range []lint.Target{lint.OutlookIOS, lint.OutlookAndroid} {
			pfx := encode(gopkcs12.Modern2023, "secret", user(), issuing())
			files := append(openPFX(pfx, "secret"), tt.store...)
			r := run(t, files, &lint.Options{Time: today, Targets: []lint.Target{target}, ZLint: []string{"none"}, Catalog: knowsAll(nil, root())})
			i := slices.IndexFunc(r.Subjects, func(v lint.Verdict) bool { return v.Subject.Kind == "identity" })
			if i < 0 {
				t.Fatalf("%s, %s: %+v", target, name, r.Subjects)
			}
			needs := r.Subjects[i].Needs
			path := needs[slices.IndexFunc(needs, func(a lint.NeedAnswer) bool { return a.Need == "path" })]
			if path.State != tt.want || tt.want == lint.Open && path.Code != "collection_not_given" {
				t.Errorf("%s, %s: %+v", target, name, path)
			}
		}
	}
}
