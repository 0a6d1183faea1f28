package catalog

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/pem"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/testdata/outside"
)

// worldDay is the day of the tests against all disclosed CAs.
var worldDay = time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)

// world is all certificates of CAs that were ever disclosed.
type world struct {
	list  []*chain.Certificate
	bySum map[[32]byte]*chain.Certificate
	roots map[[32]byte]worldRoot
	apple map[[32]byte]bool
	may   map[[32]byte]bool // Mozilla's roots for e-mail of 2026-05
}

type worldRoot struct {
	SHA256 string `json:"sha256"`
	Email  struct {
		Mozilla   bool `json:"mozilla"`
		Microsoft bool `json:"microsoft"`
	} `json:"email"`
}

func theWorld(t *testing.T) *world {
	t.Helper()
	zipped, err := gzip.NewReader(bytes.NewReader(outside.Read(t, "ccadb", "ca-certificates-2026-08-21.csv.gz")))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{bySum: map[[32]byte]*chain.Certificate{}, roots: map[[32]byte]worldRoot{}, apple: map[[32]byte]bool{}, may: map[[32]byte]bool{}}
	rows := csv.NewReader(zipped)
	for first := true; ; first = false {
		row, err := rows.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if first {
			continue
		}
		block, _ := pem.Decode([]byte(row[1]))
		cert := chain.ParseCertificate(block.Bytes)
		if sum := cert.SHA256(); w.bySum[sum] == nil {
			w.bySum[sum] = cert
			w.list = append(w.list, cert)
		}
	}
	var list []worldRoot
	if err := json.Unmarshal(outside.Read(t, "ccadb", "root-trust-2026-07-16.json"), &list); err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		w.roots[sha256Of(t, r.SHA256)] = r
	}
	for i, line := range strings.Split(strings.TrimSpace(string(outside.Read(t, "ccadb", "apple-roots-2025-10.tsv"))), "\n") {
		if sum, _, _ := strings.Cut(line, "\t"); i > 0 {
			w.apple[sha256Of(t, sum)] = true
		}
	}
	table, err := csv.NewReader(bytes.NewReader(generated(t, "gen/data/known-cas.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	sum, email := slices.Index(table[0], "sha256"), slices.Index(table[0], "mozilla_email")
	for _, row := range table[1:] {
		if row[email] == "yes" {
			w.may[sha256Of(t, row[sum])] = true
		}
	}
	return w
}

// chains returns a path for each unexpired CA certificate that names emailProtection
// and reaches a root that is an anchor.
func (w *world) chains(t *testing.T, anchor func(*chain.Certificate) bool) [][]*chain.Certificate {
	t.Helper()
	var pool, anchors, starts []*chain.Certificate
	for _, c := range w.list {
		switch {
		case anchor(c):
			anchors = append(anchors, c)
		case c.IsCA() && c.AllowsExtended(chain.EmailProtection) && c.NotAfter().After(worldDay):
			pool = append(pool, c)
			if slices.Contains(c.ExtKeyUsages(), chain.EmailProtection.String()) && !c.SelfSigned() {
				starts = append(starts, c)
			}
		}
	}
	g := chain.NewGraph(pool, anchors, chain.Limits{})
	var list [][]*chain.Certificate
	for _, c := range starts {
		r, err := g.Build(context.Background(), c, worldDay, &chain.Options{Purpose: chain.Purpose{Usage: chain.Issue}})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Accepted) > 0 {
			list = append(list, r.Accepted[0].Certificates)
		}
	}
	return list
}

// deadEndOf takes one certificate out of a chain and returns where the rest stops. With
// the first one out, what is left to ask about is what that CA has issued.
func deadEndOf(t *testing.T, certs []*chain.Certificate, out int) chain.DeadEnd {
	t.Helper()
	if out == 0 {
		c := certs[0]
		return chain.DeadEnd{Issuer: c.Subject(), RawIssuer: c.RawSubject(), KeyID: c.SubjectKeyID()}
	}
	rest := slices.Delete(slices.Clone(certs), out, out+1)
	var anchors []*chain.Certificate
	if last := len(rest) - 1; rest[last].SelfSigned() {
		anchors = rest[last:]
	}
	r, err := chain.NewGraph(rest, anchors, chain.Limits{}).Build(context.Background(), certs[0], worldDay, &chain.Options{Purpose: chain.Purpose{Usage: chain.Issue}})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range r.DeadEnds {
		if d.Certificate == certs[out-1] {
			return d
		}
	}
	t.Fatalf("%s: no dead end at %d", certs[0].Subject(), out-1)
	return chain.DeadEnd{}
}

// TestWaysOfTheWorld takes each certificate out of each chain: it has to be among those
// that are named, the first one named has its name and key, and what is listed leads, in
// this order, to an anchor that package chain accepts.
func TestWaysOfTheWorld(t *testing.T) {
	w := theWorld(t)
	for _, programme := range []struct {
		name   string
		trusts func([32]byte) bool
		says   func(Entry) Programme
		chains int
	}{
		{"Mozilla", func(sum [32]byte) bool { return w.roots[sum].Email.Mozilla }, func(e Entry) Programme { return e.Mozilla }, 742},
		{"Microsoft", func(sum [32]byte) bool { return w.roots[sum].Email.Microsoft }, func(e Entry) Programme { return e.Microsoft }, 869},
		{"Apple", func(sum [32]byte) bool { return w.apple[sum] }, func(e Entry) Programme { return e.Apple }, 759},
		{"Mozilla in 2026-05", func(sum [32]byte) bool { return w.may[sum] }, nil, 782},
	} {
		chains := w.chains(t, func(c *chain.Certificate) bool { return programme.trusts(c.SHA256()) })
		if len(chains) != programme.chains {
			t.Errorf("%s: %d chains, want %d", programme.name, len(chains), programme.chains)
		}
		cases, several, noMicrosoft, noApple := 0, 0, 0, 0
		for _, certs := range chains {
			for out := range certs {
				cases++
				d := deadEndOf(t, certs, out)
				var at []*chain.Certificate // at hand
				for i, c := range certs {
					if i != out {
						at = append(at, c)
					}
				}
				have := func(sum [32]byte) bool {
					return slices.ContainsFunc(at, func(c *chain.Certificate) bool { return c.SHA256() == sum })
				}
				accepts := func(e Entry) bool { return w.may[e.SHA256] }
				if programme.says != nil {
					accepts = func(e Entry) bool { return programme.says(e).Trust == Yes }
				}
				missing := certs[out]
				ways := Default().Ways(d, &WayOptions{Time: worldDay, Have: have, Accepts: accepts})
				if !slices.ContainsFunc(ways, func(way Way) bool { return way.Entries[0].SHA256 == missing.SHA256() }) {
					t.Errorf("%s: %s: the missing %s is not named", programme.name, certs[0], missing)
					continue
				}
				first := ways[0]
				if e := first.Entries[0]; e.Subject != missing.Subject() || !bytes.Equal(e.Key, missing.RawSubjectPublicKeyInfo()) {
					t.Errorf("%s: %s: the first named is %s", programme.name, certs[0], e.Subject)
				}
				if !first.Complete || !accepts(first.Anchor()) || out > 0 && first.Proof != Verified {
					t.Errorf("%s: %s: the way ends at %s, complete %t, %s", programme.name, certs[0], first.Anchor().Subject, first.Complete, first.Proof)
				}
				w.verify(t, certs[:out], first)
				if out == 1 {
					if len(ways) > 1 {
						several++
					}
					if !slices.ContainsFunc(ways, func(way Way) bool { return way.Anchor().Microsoft.Trust == Yes }) {
						noMicrosoft++
					}
					if !slices.ContainsFunc(ways, func(way Way) bool { return way.Anchor().Apple.Trust == Yes }) {
						noApple++
					}
				}
			}
		}
		t.Logf("%s: %d chains, %d cases; of the chains %d have several ways, %d none to Microsoft's roots, %d none to Apple's",
			programme.name, len(chains), cases, several, noMicrosoft, noApple)
	}
}

// verify builds the path through what is at hand below and the certificates of a way.
func (w *world) verify(t *testing.T, below []*chain.Certificate, way Way) {
	t.Helper()
	pool := slices.Clone(below)
	for i, e := range way.Entries {
		cert := w.bySum[e.SHA256]
		if i > 0 {
			if err := pool[len(pool)-1].SignedBy(cert); err != nil {
				t.Errorf("%s is not signed by %s: %v", pool[len(pool)-1], cert, err)
			}
		}
		pool = append(pool, cert)
	}
	last := len(pool) - 1
	r, err := chain.NewGraph(pool[:last], pool[last:], chain.Limits{}).Build(context.Background(), pool[0], worldDay, &chain.Options{Purpose: chain.Purpose{Usage: chain.Issue}})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Accepted) == 0 {
		var names []string
		for _, c := range pool {
			names = append(names, c.String())
		}
		why := ""
		for _, p := range r.Rejected {
			for _, problem := range p.Problems {
				why += problem.String() + "; "
			}
		}
		t.Errorf("no path through %s: %s", strings.Join(names, " <- "), why)
	}
}

// TestRootsComplete holds that every root that a programme lists and that can serve mail is
// in the catalogue with an answer of each programme, and that what is there is what
// the certificate says.
func TestRootsComplete(t *testing.T) {
	w := theWorld(t)
	sums := map[[32]byte]bool{}
	for sum := range w.roots {
		sums[sum] = true
	}
	for sum := range w.apple {
		sums[sum] = true
	}
	var absent []string
	for sum := range sums {
		cert := w.bySum[sum]
		e, ok := Default().ByFingerprint(sum)
		if !ok {
			if cert == nil {
				absent = append(absent, upperHex(sum[:4]))
			} else if cert.IsCA() && cert.AllowsExtended(chain.EmailProtection) {
				t.Errorf("%s is missing", cert)
			}
			continue
		}
		r, inTrust := w.roots[sum]
		answer := func(yes, known bool) Trust {
			switch {
			case !known:
				return Unknown
			case yes:
				return Yes
			}
			return No
		}
		for _, p := range []struct {
			name string
			Programme
			want Trust
		}{
			{"Mozilla", e.Mozilla, answer(r.Email.Mozilla, inTrust)},
			{"Microsoft", e.Microsoft, answer(r.Email.Microsoft, inTrust)},
			{"Apple", e.Apple, answer(w.apple[sum], true)},
		} {
			if p.Trust != p.want || p.Trust != Unknown && p.Date.IsZero() {
				t.Errorf("%s: %s says %s as of %s, want %s", e.Subject, p.name, p.Trust, p.Date, p.want)
			}
		}
	}
	slices.Sort(absent)
	// Apple's own, which the CCADB does not hold.
	want := []string{"0CB9124C", "0D83B611", "2AA219A1", "49BACA97", "559E1C54", "5A504478", "5FBD45B0", "63343ABF", "7AFC9D01", "8174FDD9", "99DAD841", "B0B1730E", "C2B9B042", "F5FCC6D6", "FA760B95", "FFE0E2FA"}
	if !slices.Equal(absent, want) {
		t.Errorf("absent are %q, want Apple's own %q", absent, want)
	}
}

// TestEntriesOfTheWorld compares every entry with its certificate, and holds that no CA
// that may serve mail is missing.
func TestEntriesOfTheWorld(t *testing.T) {
	w := theWorld(t)
	for _, e := range Default().Entries() {
		cert := w.bySum[e.SHA256]
		if cert == nil {
			t.Errorf("%s is not among the certificates", e.Subject)
			continue
		}
		checkEntry(t, e, cert)
		if !bytes.Equal(e.Key, cert.RawSubjectPublicKeyInfo()) || !slices.Equal(e.ExtKeyUsages, cert.ExtKeyUsages()) || !slices.Equal(e.AIA, cert.AIA()) {
			t.Errorf("%s: key, usages or addresses", e.Subject)
		}
		if !e.NotBefore.Equal(cert.NotBefore()) || !e.NotAfter.Equal(cert.NotAfter()) {
			t.Errorf("%s: %s to %s", e.Subject, e.NotBefore, e.NotAfter)
		}
	}
	for _, c := range w.list {
		if _, ok := Default().ByFingerprint(c.SHA256()); !ok && c.IsCA() && c.AllowsExtended(chain.EmailProtection) && c.NotAfter().After(worldDay.AddDate(-2, 0, 0)) {
			t.Errorf("%s is missing", c)
		}
	}
}

// TestSignersOfTheWorld holds that the issuer of each certificate is told by its signature,
// though other CAs have its name: a re-keyed CA is not the one before.
func TestSignersOfTheWorld(t *testing.T) {
	w := theWorld(t)
	rekeyed := 0
	for _, e := range Default().Entries() {
		if e.Kind == Root || e.IssuerKey == nil {
			continue
		}
		cert := w.bySum[e.SHA256]
		want := Default().IssuersOf(e)
		if len(want) == 0 {
			continue // the certificate of the issuer is no CA for mail, or expired long ago
		}
		if len(Default().ByName(cert.RawIssuer())) > len(want) {
			rekeyed++
		}
		got, proof := Default().Signer(chain.DeadEnd{Certificate: cert, RawIssuer: cert.RawIssuer()})
		if proof != Verified || !slices.EqualFunc(got, want, func(a, b Entry) bool { return a.SHA256 == b.SHA256 }) {
			t.Errorf("%s: %s %v, want %v", cert, proof, short(got), short(want))
		}
	}
	if rekeyed < 20 {
		t.Errorf("only %d certificates have an issuer whose name is that of another", rekeyed)
	}
	t.Logf("%d certificates have an issuer whose name is that of another", rekeyed)
}
