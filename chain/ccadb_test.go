package chain

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/smimechain/smimechain/testdata/outside"
)

// disclosed is when the certificates that are disclosed to the CCADB are judged.
var disclosed = time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)

// ccadb returns the DER of every certificate that is disclosed to the CCADB, and the
// digests of the roots that Mozilla trusts for mail.
func ccadb(tb testing.TB) (ders [][]byte, trusted map[[32]byte]bool) {
	tb.Helper()
	text, err := gzip.NewReader(bytes.NewReader(outside.Read(tb, "ccadb", "ca-certificates-2026-08-21.csv.gz")))
	if err != nil {
		tb.Fatal(err)
	}
	rows, err := csv.NewReader(text).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	for _, row := range rows {
		if block, _ := pem.Decode([]byte(row[1])); block != nil {
			ders = append(ders, block.Bytes)
		}
	}
	var roots []struct {
		SHA256 string
		Email  struct{ Mozilla bool }
	}
	if err := json.Unmarshal(outside.Read(tb, "ccadb", "root-trust-2026-07-16.json"), &roots); err != nil {
		tb.Fatal(err)
	}
	trusted = make(map[[32]byte]bool)
	for _, r := range roots {
		if sum, err := hex.DecodeString(r.SHA256); err == nil && r.Email.Mozilla {
			trusted[[32]byte(sum)] = true
		}
	}
	return ders, trusted
}

// ccadbDifferences are how often the answer about a CA differs from that of crypto/x509,
// by the reason in [allowedDifferences]: this package accepts, crypto/x509 does not.
var ccadbDifferences = map[string]int{
	"directoryName constraints are understood":                  8,
	"names that differ in case, space or string type are equal": 2,
}

// TestCCADB asks about every CA for mail that is disclosed and valid, in one pool of all
// certificates there are, and compares the answers with those of crypto/x509.
func TestCCADB(t *testing.T) {
	ders, trusted := ccadb(t)
	if len(ders) != 10_229 {
		t.Errorf("%d certificates", len(ders))
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	var certs, anchors []*Certificate
	for _, der := range ders {
		c := ParseCertificate(der)
		certs = append(certs, c)
		if trusted[c.SHA256()] {
			anchors = append(anchors, c)
		}
	}
	g := NewGraph(certs, anchors, Limits{})
	built := time.Since(start)
	if n := len(g.Refused()); n > 0 {
		t.Errorf("%d certificates are on no path", n)
	}
	var ask []*Certificate
	seen := make(map[[32]byte]bool)
	for _, c := range certs {
		if e := &c.info().ext; e.isCA && c.validAt(disclosed) && e.hasEKU && slices.Contains(e.eku, oidEmailProtection) && !seen[c.SHA256()] && !c.SelfSigned() {
			seen[c.SHA256()] = true
			ask = append(ask, c)
		}
	}
	start = time.Now()
	results := make([]*Result, len(ask))
	accepted := 0
	for i, c := range ask {
		r, err := g.Build(context.Background(), c, disclosed, &Options{Purpose: Purpose{Usage: Issue}})
		if err != nil || !r.Complete() {
			t.Fatalf("%s: %v, cut by %s", c, err, r.Truncated)
		}
		results[i] = r
		if len(r.Accepted) > 0 {
			accepted++
		}
	}
	asked := time.Since(start)
	runtime.GC()
	runtime.ReadMemStats(&after)
	t.Logf("%d certificates, %d anchors: graph in %s; %d questions in %s, %d accepted; %d MB kept, %d MB in all", len(certs), len(anchors), built, len(ask), asked, accepted, (after.HeapAlloc-before.HeapAlloc)>>20, (after.Sys-before.Sys)>>20)

	roots, between := x509.NewCertPool(), x509.NewCertPool()
	read := make(map[[32]byte]*x509.Certificate)
	unread := 0
	for _, c := range certs {
		x, err := c.X509()
		if err != nil {
			unread++
			continue
		}
		read[c.SHA256()] = x
		if trusted[c.SHA256()] {
			roots.AddCert(x)
		} else {
			between.AddCert(x)
		}
	}
	theirs := 0
	start = time.Now()
	reasons := map[string]int{}
	for i, c := range ask {
		err := fmt.Errorf("not read")
		if x := read[c.SHA256()]; x != nil {
			_, err = x.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: disclosed, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}})
		}
		if err == nil {
			theirs++
		}
		if ours := len(results[i].Accepted) > 0; ours == (err == nil) {
			continue
		} else if !ours {
			t.Errorf("%s: crypto/x509 accepts it: %v", c, describe(results[i].Rejected))
			continue
		}
		crossed, err := g.Build(context.Background(), c, disclosed, &Options{Purpose: Purpose{Usage: Issue}, CrossCheck: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range slices.Compact(slices.Sorted(slices.Values(compareWithOracle(t, c.String(), crossed)))) {
			reasons[name]++
		}
	}
	if !maps.Equal(reasons, ccadbDifferences) {
		t.Errorf("differences %v, want %v", reasons, ccadbDifferences)
	}
	if len(ask) != 1011 || accepted != 742 || theirs != 732 || unread != 20 {
		t.Errorf("%d CAs, %d accepted, by crypto/x509 %d, which does not read %d", len(ask), accepted, theirs, unread)
	}
	t.Logf("crypto/x509: %d accepted in %s, %d certificates not read; differences %v", theirs, time.Since(start), unread, reasons)
	runtime.KeepAlive(g)
}
