package lint_test

import (
	"crypto/elliptic"
	"path/filepath"
	"slices"
	"testing"

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
