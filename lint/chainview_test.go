package lint_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/lint"
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

// TestChainsLarge draws a store of Windows, and stays within the limits.
func TestChainsLarge(t *testing.T) {
	got := chains(t, filepath.Join(corpus(t), "sst"), "windows-update-disallowedcert.sst")
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
