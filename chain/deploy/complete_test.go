package deploy_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/testdata/outside"
)

// all is every disclosed certificate, by its fingerprint.
type all map[[32]byte]*chain.Certificate

func (a all) Certificates(_ context.Context, _ []*chain.Certificate, want func([32]byte, func() *chain.Certificate) bool) ([]*chain.Certificate, error) {
	var list []*chain.Certificate
	for sum, c := range a {
		if want(sum, func() *chain.Certificate { return c }) {
			list = append(list, c)
		}
	}
	return list, nil
}

func disclosed(t *testing.T) all {
	t.Helper()
	data := outside.Read(t, "ccadb", "ca-certificates-2026-08-21.csv.gz")
	list, err := catalog.ReadReport(bytes.NewReader(data), func([32]byte, func() *chain.Certificate) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	a := all{}
	for _, c := range list {
		a[c.SHA256()] = c
	}
	if len(a) != 10_217 {
		t.Errorf("%d certificates", len(a))
	}
	return a
}

// faulty are the CAs whose collection does not work for another reason, with the rule:
// addresses of revocation lists with a blank in front, and a CA that was revoked.
var faulty = map[string]string{
	"1701DE38": "e_owa_crl_unreachable", "B2874B58": "e_owa_crl_unreachable", "84C35FEE": "e_owa_crl_unreachable",
	"A0DA9D56": "e_owa_crl_unreachable", "839F9B91": "e_owa_crl_unreachable",
	"F91BE0D8": "e_ca_revoked",
}

// doubtful are the CAs whose keys are for RSASSA-PSS alone, and those that name another key
// identifier than their root has: whether Exchange Online takes them is not known.
var doubtful = []string{"FE4461EC", "F2C414AC", "357DECC5", "95AD94E8"}

// TestCompleteTheWorld holds that the collection which is made of each CA that issues
// for mail alone works, and that OpenSSL finds the path. Of a root that has a
// cross-certificate the issuing CAs are still missing.
func TestCompleteTheWorld(t *testing.T) {
	world := disclosed(t)
	openssl := outside.Program(t, "openssl", "openssl")
	at := time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
	var roots []struct {
		SHA256 string `json:"sha256"`
		Email  struct {
			Mozilla bool `json:"mozilla"`
		} `json:"email"`
	}
	if err := json.Unmarshal(outside.Read(t, "ccadb", "root-trust-2026-07-16.json"), &roots); err != nil {
		t.Fatal(err)
	}
	trusted := map[string]bool{}
	for _, r := range roots {
		trusted[strings.ToUpper(r.SHA256)] = r.Email.Mozilla
	}
	var pool, anchors, starts []*chain.Certificate
	selfSigned := map[string]bool{} // by name and key
	node := func(c *chain.Certificate) string { return string(c.RawSubject()) + string(c.RawSubjectPublicKeyInfo()) }
	for sum, c := range world {
		selfSigned[node(c)] = selfSigned[node(c)] || c.SelfSigned()
		switch {
		case trusted[fmt.Sprintf("%X", sum)]:
			anchors = append(anchors, c)
		case c.IsCA() && c.AllowsExtended(chain.EmailProtection) && c.NotAfter().After(at):
			pool = append(pool, c)
			if slices.Contains(c.ExtKeyUsages(), chain.EmailProtection.String()) && !c.SelfSigned() {
				starts = append(starts, c)
			}
		}
	}
	graph := chain.NewGraph(pool, anchors, chain.Limits{})
	folder := t.TempDir()
	count, crossed := 0, 0
	for _, c := range chain.Order(starts) {
		r, err := graph.Build(context.Background(), c, at, &chain.Options{Purpose: chain.Purpose{Usage: chain.Issue}})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Accepted) == 0 {
			continue
		}
		count++
		done, err := deploy.Complete(context.Background(), []*chain.Certificate{c}, at, &deploy.CompleteOptions{Sources: []deploy.CASource{world}})
		if err != nil {
			t.Fatal(err)
		}
		if len(done.Lacking)+len(done.Unknown) > 0 || len(done.Added) == 0 {
			t.Errorf("%s: added %v, lacking %d, unknown %v", c, done.Added, len(done.Lacking), done.Unknown)
			continue
		}
		collection := &deploy.PublicCollection{Certificates: append([]*chain.Certificate{c}, done.Added...)}
		data, err := collection.SST()
		if err != nil {
			t.Fatal(err)
		}
		f, err := bundle.Parse("tenant.sst", data)
		if err != nil {
			t.Fatal(err)
		}
		report, err := lint.Run(context.Background(), []*bundle.File{f}, &lint.Options{Time: at, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: []string{"none"}})
		if err != nil {
			t.Fatal(err)
		}
		sum := c.SHA256()
		if slices.Contains(doubtful, fmt.Sprintf("%X", sum[:4])) {
			if s := report.Verdicts[0].Status; s != lint.Unknown {
				t.Errorf("%s: %s", c, s)
			}
			continue
		}
		if selfSigned[node(c)] {
			if crossed++; report.Verdicts[0].Status != lint.Unknown {
				t.Errorf("%s: a root: %s", c, report.Verdicts[0].Status)
			}
			continue
		}
		blamed := faulty[fmt.Sprintf("%X", sum[:4])]
		if v := report.Verdicts[0]; (v.Status != lint.Works) != (blamed != "") || blamed != "" && !slices.Contains(v.Because, blamed) {
			t.Errorf("%s: %s: %q, want %q", c, v.Status, v.Because, blamed)
		}
		if count%10 != 0 && !testing.Verbose() {
			continue // all with -v
		}
		var trust, rest []byte
		for _, a := range done.Added {
			block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Raw})
			if a.SelfSigned() {
				trust = append(trust, block...)
			} else {
				rest = append(rest, block...)
			}
		}
		args := []string{"verify", "-attime", strconv.FormatInt(at.Unix(), 10), "-CAfile", filepath.Join(folder, "trust.pem")}
		if len(rest) > 0 {
			args = append(args, "-untrusted", filepath.Join(folder, "rest.pem"))
		}
		for name, text := range map[string][]byte{"trust.pem": trust, "rest.pem": rest, "ca.pem": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})} {
			if err := os.WriteFile(filepath.Join(folder, name), text, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if out, err := exec.Command(openssl, append(args, filepath.Join(folder, "ca.pem"))...).CombinedOutput(); err != nil {
			t.Errorf("%s: OpenSSL: %s", c, out)
		}
	}
	t.Logf("%d chains, %d of roots", count, crossed)
	if count != 742 || crossed == 0 {
		t.Errorf("%d chains, want 742; %d of roots", count, crossed)
	}
}
