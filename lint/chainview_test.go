package lint_test

import (
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/testdata/outside"
)

func chains(t *testing.T, dir string, names ...string) []lint.Chain {
	t.Helper()
	return run(t, load(t, dir, names...), &lint.Options{
		Time: today, Targets: []lint.Target{lint.ExchangeOnline}, Catalog: exampleCatalog(t), Chains: true,
	}).Chains
}

func TestChains(t *testing.T) {
	if r := run(t, load(t, testdata, "collections/complete.sst"), &lint.Options{Time: today}); r.Chains != nil {
		t.Error("chains that nobody asked for")
	}
	got := chains(t, testdata, "collections/complete.sst")
	if len(got) != 1 || !got[0].Works || !slices.Equal(got[0].Targets, []lint.Target{lint.ExchangeOnline}) {
		t.Fatalf("complete: %+v", got)
	}
	if start := got[0].Certificates[0]; len(start.Issuers) != 2 {
		t.Errorf("the start has %d issuers, want the two forms of the root", len(start.Issuers))
	}
	for _, c := range got[0].Certificates {
		if c.Missing || c.SHA256 == "" || c.NotBefore.IsZero() || c.NotAfter.IsZero() {
			t.Errorf("complete: %+v", c)
		}
	}

	got = chains(t, testdata, "collections/sectigo-without-r46.sst")
	if len(got) != 1 || got[0].Works {
		t.Fatalf("without R46: %+v", got)
	}
	certs := got[0].Certificates
	missing := certs[certs[0].Issuers[0]]
	if !missing.Missing || missing.URL == "" || missing.SHA256 != "bc386a5c664b6b0b5e385fac151aa3911606178359ded68ae5017de985e78b94" {
		t.Errorf("missing: %+v", missing)
	}
	if len(missing.Issuers) != 1 || !certs[missing.Issuers[0]].Anchor {
		t.Error("what is missing does not lead to the root that is there")
	}

	got = chains(t, testdata, "collections/root-missing.sst")
	if !slices.ContainsFunc(got[0].Certificates, func(c lint.ChainCertificate) bool { return c.Missing }) {
		t.Errorf("without root: %+v", got)
	}
}

// TestChainsTargets holds that targets which see the same share a picture, and
// that what an anchor is differs where the targets do. Two targets judge nothing unasked.
func TestChainsTargets(t *testing.T) {
	files := append(pemBundle(user(), issuing(), root()), store(issuing(), root())...)
	opts := &lint.Options{Time: today, Chains: true}
	type seen struct {
		collection string
		start      string
		targets    int
	}
	var got []seen
	for _, c := range run(t, files, opts).Chains {
		got = append(got, seen{c.Collection, c.Certificates[0].Subject, len(c.Targets)})
	}
	if want := []seen{{"bundle.pem", "CN=user@example.com", len(lint.Targets()) - 2}, {"store.sst", "CN=Example CA,O=Example Limited", 1}}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}

	// A root given beside a bundle is an anchor for Windows, not for Exchange.
	opts.Targets, opts.Roots = []lint.Target{lint.ExchangeOnline, lint.Windows}, loose(root())
	two := run(t, pemBundle(user(), issuing()), opts).Chains
	if len(two) != 2 || two[0].Works || !two[1].Works {
		t.Fatalf("%+v", two)
	}
	if c := two[0].Certificates; len(c) != 3 || !c[2].Missing || c[2].Subject != "CN=Example Root,O=Example Limited" {
		t.Errorf("for Exchange: %+v", c)
	}
	if c := two[1].Certificates; len(c) != 3 || !c[2].Anchor || !c[2].Support || c[2].Missing {
		t.Errorf("for Windows: %+v", c)
	}
}

// TestChainsAdvised draws the cross-certificate that is advised where the chain
// works without it, and each certificate of two ways up to one root once.
func TestChainsAdvised(t *testing.T) {
	got := chains(t, testdata, "example/issuing-ca.pem", "example/root-self-signed.pem")
	if len(got) != 1 || !got[0].Works {
		t.Fatalf("%+v", got)
	}
	certs := got[0].Certificates
	i := slices.IndexFunc(certs, func(c lint.ChainCertificate) bool { return c.Missing })
	if i < 0 || certs[i].SHA256 == "" || certs[i].Issuer == certs[i].Subject || !slices.Contains(certs[0].Issuers, i) || len(certs[0].Issuers) != 2 {
		t.Errorf("the cross-certificate that is advised: %+v", certs)
	}

	top := newCA("Top", nil, ecKey(elliptic.P256(), 20))
	var roads []*signer
	for i := range byte(2) {
		roads = append(roads, twin(newCA(string('A'+rune(i)), top, ecKey(elliptic.P256(), 21+i))))
	}
	all := []*signer{user(), roads[0], roads[1], top}
	for i := range byte(2) {
		all = append(all, newCA(string('A'+rune(i)), top, ecKey(elliptic.P256(), 21+i)))
	}
	drawn := run(t, pemBundle(all...), &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}, Chains: true}).Chains
	if len(drawn) != 1 || len(drawn[0].Certificates) != len(all) || drawn[0].Truncated {
		t.Fatalf("%+v", drawn)
	}
	for _, c := range drawn[0].Certificates {
		if !c.OnPath {
			t.Errorf("%s is not on a path", c.Subject)
		}
	}

	// More forms of one CA than a picture has room for.
	many := []*signer{user(), root()}
	for i := range lint.MaxChainCertificates {
		many = append(many, twin(root(), serial(int64(i))))
	}
	drawn = run(t, pemBundle(many...), &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}, Chains: true, ZLint: []string{"none"}}).Chains
	if len(drawn) != 1 || len(drawn[0].Certificates) != lint.MaxChainCertificates || !drawn[0].Truncated {
		t.Errorf("%d certificates, truncated %t", len(drawn[0].Certificates), drawn[0].Truncated)
	}
}

// TestChainsLarge draws a store of Windows, and stays within the limits.
func TestChainsLarge(t *testing.T) {
	got := chains(t, filepath.Join(outside.Corpus(t), "sst"), "windows-update-disallowedcert.sst")
	if len(got) == 0 || len(got) > lint.MaxChains {
		t.Errorf("%d chains", len(got))
	}
	for _, c := range got {
		if len(c.Certificates) > lint.MaxChainCertificates {
			t.Errorf("a chain of %d certificates", len(c.Certificates))
		}
		for _, cert := range c.Certificates {
			for _, up := range cert.Issuers {
				if up < 0 || up >= len(c.Certificates) {
					t.Errorf("issuer %d of %d", up, len(c.Certificates))
				}
			}
		}
	}
}

// TestChainsHold holds pictures to what they are to show: each certificate once, above each
// what has signed it and nothing else, where each comes from, and what is not there.
func TestChainsHold(t *testing.T) {
	old := newCA("Old Root", nil, ecKey(elliptic.P256(), 8))
	crossed := newCA("Example Root", old, ecKey(elliptic.P256(), 1))
	impostor := newCA("Example CA", root(), ecKey(elliptic.P256(), 9), email, func(c *x509.Certificate) { c.SubjectKeyId = issuing().SubjectKeyId })
	second := newCA("Second Root", nil, ecKey(elliptic.P256(), 10))
	forms := func(n int) (list []*signer) {
		for i := range n {
			list = append(list, twin(root(), serial(int64(0x4000+i))))
		}
		return list
	}
	for _, tt := range []struct {
		name          string
		files, roots  []*bundle.File
		catalog       *catalog.Catalog
		certs         int      // drawn, without those that are missing
		missing       []string // their common names
		links         int      // between two of them
		works, longer bool
	}{
		{"complete", pemBundle(user(), issuing(), root()), loose(root()), nil, 3, nil, 2, true, false},
		{"a root beside", pemBundle(user(), issuing()), loose(root()), nil, 3, nil, 2, true, false},
		{"a root that is no anchor", pemBundle(user(), issuing(), root()), loose(second), nil, 3, nil, 2, true, false},
		{"another CA of the name", pemBundle(user(), issuing(), impostor, root()), loose(root()), nil, 3, nil, 2, true, false},
		{"an issuer missing", pemBundle(user(), root()), nil, nil, 1, []string{"Example CA"}, 1, false, false},
		{"a root missing", pemBundle(user(), issuing()), nil, nil, 2, []string{"Example Root"}, 2, false, false},
		{"a root that two forms lack", pemBundle(user(), issuing(), forms(1)[0]), nil, nil, 3, []string{"Example Root"}, 4, false, false},
		{"two roots missing", pemBundle(user(), issuing(), twin(second)), nil, nil, 3, []string{"Example Root", "Second Root"}, 4, false, false},
		{"a root missing that is known", pemBundle(user(), issuing()), nil, knows(root()), 2, []string{"Example Root"}, 2, false, false},
		{"two ways", pemBundle(user(), issuing(), crossed, root(), old), loose(root(), old), nil, 5, nil, 4, true, false},
		{"as many as there is room for", pemBundle(append(forms(lint.MaxChainCertificates-2), user(), root())...), loose(root()), nil, lint.MaxChainCertificates, nil, 2*lint.MaxChainCertificates - 4, true, false},
		{"no room for what is missing", pemBundle(append(forms(lint.MaxChainCertificates-1), user())...), nil, nil, lint.MaxChainCertificates, nil, lint.MaxChainCertificates - 1, false, true},
		{"room for what is missing", pemBundle(append(forms(lint.MaxChainCertificates-2), user())...), nil, nil, lint.MaxChainCertificates - 1, []string{"Example Root"}, 2 * (lint.MaxChainCertificates - 2), false, false},
		{"room for one of two", pemBundle(append(forms(lint.MaxChainCertificates-3), twin(second), user())...), nil, nil, lint.MaxChainCertificates - 1, []string{"Example Root"}, 0, false, true},
	} {
		r := run(t, tt.files, &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}, Chains: true, Roots: tt.roots, Catalog: tt.catalog, ZLint: []string{"none"}})
		// Above a root nothing is drawn, trusted or not, for whatever target.
		all := &lint.Options{Time: today, Chains: true, Roots: tt.roots, Catalog: tt.catalog, ZLint: []string{"none"}}
		for _, c := range run(t, tt.files, all).Chains {
			for _, below := range c.Certificates {
				if below.Subject == below.Issuer && !below.Missing && len(below.Issuers) > 0 {
					t.Errorf("%s: %v: above the root %s is drawn %+v", tt.name, c.Targets, below.Subject, c.Certificates[below.Issuers[0]])
				}
			}
		}
		at := slices.IndexFunc(r.Chains, func(c lint.Chain) bool { return c.Certificates[0].Subject == "CN=user@example.com" })
		if at < 0 {
			t.Errorf("%s: no chain of %d is that of the user", tt.name, len(r.Chains))
			continue
		}
		known, own := map[string]*x509.Certificate{}, map[string]bool{}
		for i, f := range append(slices.Clone(tt.files), tt.roots...) {
			for _, c := range f.Certificates {
				parsed, err := x509.ParseCertificate(c.Raw)
				if err != nil {
					t.Fatal(err)
				}
				digest := fmt.Sprintf("%x", sha256.Sum256(c.Raw))
				known[digest], own[digest] = parsed, own[digest] || i < len(tt.files)
			}
		}
		drawn := r.Chains[at]
		if drawn.Works != tt.works || drawn.Truncated != tt.longer {
			t.Errorf("%s: works %t, cut short %t", tt.name, drawn.Works, drawn.Truncated)
		}
		var missing []string
		certs, links := 0, 0
		seen := map[string]bool{}
		for i, c := range drawn.Certificates {
			links += len(c.Issuers)
			if len(c.Issuers) != len(slices.Compact(slices.Sorted(slices.Values(c.Issuers)))) {
				t.Errorf("%s: %s is below one certificate twice", tt.name, c.Subject)
			}
			if c.Missing {
				missing = append(missing, lint.CommonName(c.Subject))
				if (c.SHA256 != "") != (tt.catalog != nil) || known[c.SHA256] != nil {
					t.Errorf("%s: missing is %+v", tt.name, c)
				}
				continue
			}
			certs++
			parsed := known[c.SHA256]
			if parsed == nil || seen[c.SHA256] {
				t.Errorf("%s: %d: %+v", tt.name, i, c)
				continue
			}
			seen[c.SHA256] = true
			if c.Support == own[c.SHA256] || c.System || c.Anchor && parsed.CheckSignatureFrom(parsed) != nil {
				t.Errorf("%s: %+v", tt.name, c)
			}
			for _, up := range c.Issuers {
				if above := drawn.Certificates[up]; !above.Missing && parsed.CheckSignatureFrom(known[above.SHA256]) != nil {
					t.Errorf("%s: %s has not signed %s", tt.name, above.Subject, c.Subject)
				}
			}
			if parsed.CheckSignatureFrom(parsed) == nil && len(c.Issuers) > 0 {
				t.Errorf("%s: %s is a root below another", tt.name, c.Subject)
			}
		}
		if certs != tt.certs || !slices.Equal(missing, tt.missing) || tt.links > 0 && links != tt.links {
			t.Errorf("%s: %d certificates, %d links, missing %q", tt.name, certs, links, missing)
		}
	}

	// Of two files with the same certificates each has a picture.
	twice := append(pemBundle(user(), issuing(), root()), pemBundle(user(), issuing(), root())...)
	twice[0].Name, twice[1].Name = "a.pem", "b.pem"
	var names []string
	for _, c := range run(t, twice, &lint.Options{Time: today, Targets: []lint.Target{lint.Windows, lint.AppleMail}, Chains: true, ZLint: []string{"none"}}).Chains {
		names = append(names, fmt.Sprint(c.Collection, len(c.Targets)))
	}
	if !slices.Equal(names, []string{"a.pem2", "b.pem2"}) {
		t.Errorf("pictures of %q", names)
	}
}

// TestChainAsTargetsSeeIt holds that a chain works for those targets that take a path, and
// for no other.
func TestChainAsTargetsSeeIt(t *testing.T) {
	small := newCA("Small Root", nil, rsaKey(1024))
	r := run(t, pemBundle(user(), twin(small), small), &lint.Options{Time: today, Targets: []lint.Target{lint.AppleMail, lint.Windows, lint.Intune}, Roots: loose(small), ZLint: []string{"none"}, Chains: true})
	seen := 0
	for _, c := range r.Chains {
		for _, target := range c.Targets {
			seen++
			v := r.Verdict(target)
			if c.Works != (v.Status == lint.Works) {
				t.Errorf("%s: the chain works: %t, and the verdict is %s", target, c.Works, v.Status)
			}
			if on := slices.ContainsFunc(c.Certificates, func(c lint.ChainCertificate) bool { return c.OnPath }); on != c.Works {
				t.Errorf("%s: on a path: %t", target, on)
			}
		}
	}
	if seen != 3 {
		t.Errorf("%d chains, want one for each target", seen)
	}
}
