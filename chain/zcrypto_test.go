package chain

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zmap/zcrypto/verifier"
	zx509 "github.com/zmap/zcrypto/x509"
)

// zcryptoPaths are the chains that zcrypto walks, sorted.
func zcryptoPaths(tb testing.TB, certs, anchors []*Certificate, leaf *Certificate) []string {
	tb.Helper()
	g := verifier.NewGraph()
	parse := func(c *Certificate) *zx509.Certificate {
		z, err := zx509.ParseCertificate(c.Raw)
		if err != nil {
			tb.Fatal(err)
		}
		return z
	}
	for _, c := range anchors {
		g.AddRoot(parse(c))
	}
	for _, c := range certs {
		g.AddCert(parse(c))
	}
	l := parse(leaf)
	g.AddCert(l)
	var out []string
	for _, chain := range g.WalkChains(l) {
		var sb strings.Builder
		for _, c := range chain {
			fmt.Fprintf(&sb, "%x ", []byte(c.FingerprintSHA256)[:6])
		}
		out = append(out, sb.String())
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestPathsEqualZcrypto(t *testing.T) {
	comparePaths(t, func(certs, anchors []*Certificate, leaf *Certificate) []string {
		return zcryptoPaths(t, certs, anchors, leaf)
	})
}

// BenchmarkMeshZcrypto compares the first accepted path through a mesh of ten
// with a walk of it by zcrypto.
func BenchmarkMeshZcrypto(b *testing.B) {
	m := newMesh(b, 10, false)
	var ours, theirs time.Duration
	for b.Loop() {
		t0 := time.Now()
		if !m.cold() {
			b.Fatal("no path")
		}
		t1 := time.Now()
		zcryptoPaths(b, append(m.certs, m.last), []*Certificate{m.root}, m.leaf)
		ours += t1.Sub(t0)
		theirs += time.Since(t1)
	}
	b.ReportMetric(float64(theirs)/float64(ours), "x-faster")
}

// BenchmarkNormalZcrypto compares the first answer for a chain of four, from octets, with
// zcrypto's, which reads the certificates too.
func BenchmarkNormalZcrypto(b *testing.B) {
	for _, kind := range []string{"P-256", "RSA-2048", "RSA-4096"} {
		b.Run(kind, func(b *testing.B) {
			c := newBenchChain(b, kind)
			var ours, theirs time.Duration
			for b.Loop() {
				t0 := time.Now()
				c.fromOctets(b)
				t1 := time.Now()
				if len(zcryptoPaths(b, c.certs[1:3], c.certs[3:], c.certs[0])) != 1 {
					b.Fatal("no path")
				}
				ours += t1.Sub(t0)
				theirs += time.Since(t1)
			}
			b.ReportMetric(float64(theirs)/float64(ours), "x-faster")
		})
	}
}
