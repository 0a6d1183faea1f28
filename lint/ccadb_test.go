package lint_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/sst"
	"github.com/smimechain/smimechain/testdata/outside"
)

// disclosed is when the certificates that are disclosed to the CCADB are judged.
var disclosed = time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)

// mailCAs returns the disclosed certificates of CAs that are valid and may serve
// mail, in the order of the list.
func mailCAs(t testing.TB) []*chain.Certificate {
	t.Helper()
	text, err := gzip.NewReader(bytes.NewReader(outside.Read(t, "ccadb", "ca-certificates-2026-08-21.csv.gz")))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(text).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	var list []*chain.Certificate
	for _, row := range rows {
		block, _ := pem.Decode([]byte(row[1]))
		if block == nil || seen[string(block.Bytes)] {
			continue
		}
		seen[string(block.Bytes)] = true
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil || !c.IsCA || disclosed.After(c.NotAfter) || disclosed.Before(c.NotBefore) {
			continue
		}
		mail := len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) == 0 ||
			slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageEmailProtection) || slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageAny)
		if mail {
			list = append(list, chain.FromX509(c))
		}
	}
	return list
}

// mailRoots returns the digests of the roots that Mozilla trusts for mail.
func mailRoots(t testing.TB) map[string]bool {
	t.Helper()
	var roots []struct {
		SHA256 string
		Email  struct{ Mozilla bool }
	}
	if err := json.Unmarshal(outside.Read(t, "ccadb", "root-trust-2026-07-16.json"), &roots); err != nil {
		t.Fatal(err)
	}
	trusted := map[string]bool{}
	for _, r := range roots {
		trusted[strings.ToLower(r.SHA256)] = r.Email.Mozilla
	}
	return trusted
}

func storeOfCAs(certs []*chain.Certificate) *sst.Store {
	s := sst.New()
	for _, c := range certs {
		s.Elements = append(s.Elements, sst.Element{Kind: sst.Certificate, Raw: c.Raw})
	}
	return s
}

// TestEveryMailCA gives each public CA for mail, with the chain above it, as a store:
// it works, or the verdict says why not. A cross-certificate of a root, with what is above
// it, serves nobody.
func TestEveryMailCA(t *testing.T) {
	outside.AtLength(t, "judges some hundred stores")
	all, trusted := mailCAs(t), mailRoots(t)
	var roots []*chain.Certificate
	for _, c := range all {
		digest := c.SHA256()
		if trusted[hex.EncodeToString(digest[:])] {
			roots = append(roots, c)
		}
	}
	graph := chain.NewGraph(all, roots, chain.Limits{})
	count, crossed, why := map[lint.VerdictStatus]int{}, map[lint.VerdictStatus]int{}, map[string]int{}
	for _, c := range all {
		if c.SelfSigned() {
			continue
		}
		result, err := graph.Build(context.Background(), c, disclosed, &chain.Options{Purpose: chain.Purpose{Usage: chain.Issue}})
		if err != nil || len(result.Accepted) == 0 {
			continue
		}
		r, err := lint.Run(context.Background(), storeOf(storeOfCAs(result.Accepted[0].Certificates)), &lint.Options{
			Time: disclosed, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: []string{"none"},
		})
		if err != nil {
			t.Fatal(err)
		}
		v := r.Verdict(lint.ExchangeOnline)
		if slices.ContainsFunc(all, func(o *chain.Certificate) bool {
			return o.SelfSigned() && bytes.Equal(o.RawSubject(), c.RawSubject()) && o.SPKISHA256() == c.SPKISHA256()
		}) {
			crossed[v.Status]++
			if v.Status == lint.Works {
				t.Errorf("%s: a root serves", c.Subject())
			}
			continue
		}
		count[v.Status]++
		if v.Status == lint.Works {
			continue
		}
		reason := strings.Join(v.Because, ", ")
		for _, s := range r.Subjects {
			for _, a := range s.Needs {
				for _, d := range a.Decide {
					if a.State == lint.Open {
						reason += " " + d.String()
					}
				}
			}
		}
		if strings.TrimSpace(reason) == "" {
			t.Errorf("%s: %s, and nothing says why", c.Subject(), v.Status)
		}
		why[string(v.Status)+" "+reason]++
	}
	t.Logf("%d certificates for mail, %d roots that Mozilla trusts for it; %v; of roots %v", len(all), len(roots), count, crossed)
	if len(crossed) == 0 {
		t.Error("no root has a cross-certificate")
	}
	for reason, n := range why {
		t.Logf("%d: %s", n, reason)
	}
	if total := count[lint.Works] + count[lint.Fails] + count[lint.Unknown]; total < 700 || count[lint.Works] < total*9/10 {
		t.Errorf("of %d CAs %d work", total, count[lint.Works])
	}
}

// TestAllMailCAs gives all of them in one store, which is too large, and says whom it
// would serve.
func TestAllMailCAs(t *testing.T) {
	all := mailCAs(t)
	r, err := lint.Run(context.Background(), storeOf(storeOfCAs(all)), &lint.Options{
		Time: disclosed, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: []string{"none"},
	})
	if err != nil {
		t.Fatal(err)
	}
	v := r.Verdict(lint.ExchangeOnline)
	t.Logf("%d certificates: %s because of %v", len(all), v.Status, v.Because)
	if v.Status != lint.Fails || !slices.Equal(v.Because, []string{"w_collection_too_large"}) {
		t.Errorf("%s because of %v", v.Status, v.Because)
	}
	for _, a := range r.Subjects[0].Needs {
		if a.Need == "serves" && (a.State != lint.Met || !strings.Contains(a.Evidence[0].String(), "signatures under ")) {
			t.Errorf("serves: %s %v", a.State, a.Evidence)
		}
	}
}
