package sst

import (
	"bytes"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/testdata/outside"
	"github.com/zmap/zcrypto/x509"
	"github.com/zmap/zcrypto/x509/revocation/microsoft"
)

var (
	sinkStore *Store
	sinkBytes []byte
)

// ratio returns how long f takes compared with base: the best batch of each, of
// batches that take turns. The collector runs as it does in any program.
func ratio(rounds, calls int, f, base func()) (r float64, fBest, baseBest time.Duration) {
	batch := func(g func()) time.Duration {
		start := time.Now()
		for range calls {
			g()
		}
		return time.Since(start)
	}
	runtime.GC()
	for i := range rounds {
		a, b := batch(f), batch(base)
		if i == 0 || a < fBest {
			fBest = a
		}
		if i == 0 || b < baseBest {
			baseBest = b
		}
	}
	return float64(fBest) / float64(baseBest), fBest / time.Duration(calls), baseBest / time.Duration(calls)
}

func BenchmarkParse(b *testing.B) {
	data := corpus(b, "certutil-roots-2025-07.sst")
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		s, err := Parse(data)
		if err != nil {
			b.Fatal(err)
		}
		sinkStore = s
	}
}

func BenchmarkMarshal(b *testing.B) {
	data := corpus(b, "certutil-roots-2025-07.sst")
	s, err := Parse(data)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		out, err := s.Marshal()
		if err != nil {
			b.Fatal(err)
		}
		sinkBytes = out
	}
}

func BenchmarkClone(b *testing.B) {
	data := corpus(b, "certutil-roots-2025-07.sst")
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		sinkBytes = bytes.Clone(data)
	}
}

// BenchmarkParseToCopy reports how long Parse takes compared with a copy of the
// file: at most 1.
func BenchmarkParseToCopy(b *testing.B) {
	data := corpus(b, "certutil-roots-2025-07.sst")
	benchmarkToCopy(b, data, func() { sinkStore, _ = Parse(data) })
}

// BenchmarkMarshalToCopy is the same for Marshal: at most 2.
func BenchmarkMarshalToCopy(b *testing.B) {
	data := corpus(b, "certutil-roots-2025-07.sst")
	s, err := Parse(data)
	if err != nil {
		b.Fatal(err)
	}
	benchmarkToCopy(b, data, func() { sinkBytes, _ = s.Marshal() })
}

func benchmarkToCopy(b *testing.B, data []byte, f func()) {
	var r float64
	var mine, copied time.Duration
	for b.Loop() {
		r, mine, copied = ratio(100, 50, f, func() { sinkBytes = bytes.Clone(data) })
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(r, "x-copy")
	b.ReportMetric(float64(mine.Microseconds()), "µs/call")
	b.ReportMetric(float64(copied.Microseconds()), "µs/copy")
}

// zcryptoStore returns the store of disallowed certificates that the zcrypto
// module carries.
func zcryptoStore(tb testing.TB) []byte {
	tb.Helper()
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/zmap/zcrypto/x509/revocation/microsoft").Output()
	if err != nil {
		outside.Missing(tb, "go list: %v", err)
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(out)), "test_disallowedcert.sst"))
	if err != nil {
		outside.Missing(tb, "zcrypto's store is absent: %v", err)
	}
	return data
}

// disallowed gives the answer of zcrypto's reader: the serial numbers of each
// issuer, in the order of the file. The key is the DER of the issuer.
func disallowed(data []byte) (map[string][]*big.Int, error) {
	s, err := Parse(data)
	if err != nil {
		return nil, err
	}
	m := make(map[string][]*big.Int)
	for i := range s.Elements {
		issuer, serial, err := s.Elements[i].IssuerSerial()
		if err != nil {
			return nil, err
		}
		n := new(big.Int).SetBytes(serial)
		if len(serial) > 0 && serial[0] >= 0x80 {
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(serial))))
		}
		m[string(issuer)] = append(m[string(issuer)], n)
	}
	return m, nil
}

// TestDisallowedLikeZcrypto checks that the benchmark below compares the same
// answers.
func TestDisallowedLikeZcrypto(t *testing.T) {
	data := zcryptoStore(t)
	theirs, err := microsoft.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := disallowed(data)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	// zcrypto goes by the text of the issuer, this package by its DER.
	names := make(map[string]string)
	for i := range s.Elements {
		c, err := x509.ParseCertificate(s.Elements[i].Raw)
		if err != nil {
			t.Fatal(err)
		}
		names[string(c.RawIssuer)] = c.Issuer.String()
	}
	if len(names) != len(ours) {
		t.Errorf("%d issuers, want %d", len(ours), len(names))
	}
	serials := func(list []*big.Int) string {
		slices.SortFunc(list, (*big.Int).Cmp)
		return fmt.Sprint(list)
	}
	byName := make(map[string][]*big.Int)
	count := 0
	for issuer, list := range ours {
		byName[names[issuer]] = append(byName[names[issuer]], list...)
		count += len(list)
	}
	if count != 71 || len(byName) != len(theirs.IssuerLists) {
		t.Errorf("%d serial numbers of %d issuers, want 71 of %d", count, len(byName), len(theirs.IssuerLists))
	}
	for name, l := range theirs.IssuerLists {
		var want []*big.Int
		for _, e := range l.Entries {
			want = append(want, e.SerialNumber)
		}
		if got, want := serials(byName[name]), serials(want); got != want {
			t.Errorf("%s: serial numbers %s, zcrypto has %s", name, got, want)
		}
	}
}

// BenchmarkDisallowedToZcrypto reports how many times longer zcrypto takes for
// the same answer: at least 20.
func BenchmarkDisallowedToZcrypto(b *testing.B) {
	data := zcryptoStore(b)
	var r float64
	var theirs, mine time.Duration
	for b.Loop() {
		r, theirs, mine = ratio(10, 50,
			func() { _, _ = microsoft.Parse(data) },
			func() { _, _ = disallowed(data) })
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(r, "x-faster")
	b.ReportMetric(float64(mine.Microseconds()), "µs/call")
	b.ReportMetric(float64(theirs.Microseconds()), "µs/zcrypto")
}
