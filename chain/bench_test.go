package chain

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"math/big"
	"runtime"
	"sync"
	"testing"
	"time"
)

// benchChain is an ordinary chain: leaf, two CAs, root.
type benchChain struct {
	certs []*Certificate // leaf first
	keys  []crypto.Signer
}

// newBenchChain makes a chain with keys of one kind: "P-256" or the bits of an
// RSA modulus.
func newBenchChain(tb testing.TB, kind string) *benchChain {
	tb.Helper()
	b := &benchChain{}
	for range 4 {
		var key crypto.Signer
		var err error
		var bits int
		if _, scanErr := fmt.Sscanf(kind, "RSA-%d", &bits); scanErr == nil {
			key, err = rsa.GenerateKey(rand.Reader, bits)
		} else {
			key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		}
		if err != nil {
			tb.Fatal(err)
		}
		b.keys = append(b.keys, key)
	}
	for i := range 4 {
		b.certs = append(b.certs, b.issue(tb, i, int64(i+1)))
	}
	return b
}

// issue makes the certificate at index i, with a serial number.
func (b *benchChain) issue(tb testing.TB, i int, serialNumber int64) *Certificate {
	tb.Helper()
	name := func(i int) entity {
		return entity{name: []string{"User", "Issuing CA", "Policy CA", "Root CA"}[min(i, 3)]}
	}
	t := &x509.Certificate{
		SerialNumber:          big.NewInt(serialNumber),
		Subject:               name(i).subject(),
		NotBefore:             testStart,
		NotAfter:              testEnd,
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		SubjectKeyId:          testKeyID(i),
		AuthorityKeyId:        testKeyID(min(i+1, 3)),
		CRLDistributionPoints: []string{"http://crl.example.com/ca.crl"},
		IssuingCertificateURL: []string{"http://ca.example.com/ca.cer"},
	}
	if i < 3 {
		t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}
	}
	if i == 0 {
		asLeaf(t)
	}
	parent := &x509.Certificate{Subject: name(i + 1).subject()}
	der, err := x509.CreateCertificate(rand.Reader, t, parent, b.keys[i].Public(), b.keys[min(i+1, 3)])
	if err != nil {
		tb.Fatal(err)
	}
	read, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return FromX509(read)
}

func (b *benchChain) pools() x509.VerifyOptions {
	o := x509.VerifyOptions{Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), CurrentTime: testTime,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}}
	o.Roots.AddCert(b.certs[3].cert())
	o.Intermediates.AddCert(b.certs[1].cert())
	o.Intermediates.AddCert(b.certs[2].cert())
	return o
}

// cold builds a graph of certificates that nothing is known about and asks it
// once.
func (b *benchChain) cold(tb testing.TB) {
	g := NewGraph([]*Certificate{FromX509(b.certs[1].cert()), FromX509(b.certs[2].cert())}, []*Certificate{FromX509(b.certs[3].cert())}, Limits{})
	r, err := g.Build(context.Background(), FromX509(b.certs[0].cert()), testTime, nil)
	if err != nil || len(r.Accepted) != 1 {
		tb.Fatal("no path")
	}
}

// fromOctets reads the certificates, and answers about the first.
func (b *benchChain) fromOctets(tb testing.TB) {
	var certs [4]*Certificate
	for i, c := range b.certs {
		certs[i] = ParseCertificate(c.Raw)
	}
	r, err := NewGraph(certs[1:3], certs[3:], Limits{}).Build(context.Background(), certs[0], testTime, nil)
	if err != nil || len(r.Accepted) != 1 {
		tb.Fatal("no path")
	}
}

// verifyOctets is fromOctets with crypto/x509.
func (b *benchChain) verifyOctets(tb testing.TB) {
	var certs [4]*x509.Certificate
	for i, c := range b.certs {
		var err error
		if certs[i], err = x509.ParseCertificate(c.Raw); err != nil {
			tb.Fatal(err)
		}
	}
	o := x509.VerifyOptions{Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), CurrentTime: testTime, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}}
	o.Intermediates.AddCert(certs[1])
	o.Intermediates.AddCert(certs[2])
	o.Roots.AddCert(certs[3])
	if _, err := certs[0].Verify(o); err != nil {
		tb.Fatal(err)
	}
}

func perOp(d time.Duration, n int) float64 { return float64(d.Nanoseconds()) / float64(n) }

// BenchmarkNormal compares a chain of four with crypto/x509 Verify, cold (a
// new graph each time), from octets, and warm. The ratios are taken in turns, so that
// both sides see the same machine. Cold, crypto/x509 has read the certificates before the
// clock starts and this package reads them within; from octets both do: that is what a
// program pays for the first answer about a file.
func BenchmarkNormal(b *testing.B) {
	for _, kind := range []string{"P-256", "RSA-2048", "RSA-4096"} {
		c := newBenchChain(b, kind)
		opts := c.pools()
		verify := func(tb testing.TB) {
			if _, err := c.certs[0].cert().Verify(opts); err != nil {
				tb.Fatal(err)
			}
		}
		b.Run(kind+"/verify", func(b *testing.B) {
			for b.Loop() {
				verify(b)
			}
		})
		b.Run(kind+"/cold", func(b *testing.B) {
			b.ReportAllocs()
			var ours, theirs time.Duration
			n := 0
			for b.Loop() {
				t0 := time.Now()
				c.cold(b)
				t1 := time.Now()
				verify(b)
				ours += t1.Sub(t0)
				theirs += time.Since(t1)
				n++
			}
			b.ReportMetric(float64(ours)/float64(theirs), "x-of-verify")
		})
		b.Run(kind+"/octets", func(b *testing.B) {
			b.ReportAllocs()
			var ours, theirs time.Duration
			for b.Loop() {
				t0 := time.Now()
				c.fromOctets(b)
				t1 := time.Now()
				c.verifyOctets(b)
				ours += t1.Sub(t0)
				theirs += time.Since(t1)
			}
			b.ReportMetric(float64(ours)/float64(theirs), "x-of-verify")
		})
		b.Run(kind+"/warm", func(b *testing.B) {
			b.ReportAllocs()
			g := NewGraph(c.certs[1:3], c.certs[3:], Limits{})
			ask := func() {
				r, err := g.Build(context.Background(), c.certs[0], testTime, nil)
				if err != nil || len(r.Accepted) != 1 {
					b.Fatal("no path")
				}
			}
			ask()
			const turns = 100
			var ours, theirs time.Duration
			n := 0
			for b.Loop() {
				t0 := time.Now()
				for range turns {
					ask()
				}
				t1 := time.Now()
				verify(b)
				ours += t1.Sub(t0)
				theirs += time.Since(t1)
				n++
			}
			b.ReportMetric(perOp(ours, n*turns), "ns/answer")
			b.ReportMetric(float64(theirs)*turns/float64(ours), "x-faster")
		})
	}
}

// BenchmarkMesh is the first accepted path through ten CAs that have all
// certified each other, cold.
func BenchmarkMesh(b *testing.B) {
	m := newMesh(b, 10, false)
	for b.Loop() {
		if !m.cold() {
			b.Fatal("no path")
		}
	}
}

// cold finds the first accepted path in a graph of which nothing is known.
func (m *mesh) cold() bool {
	certs := make([]*Certificate, 0, len(m.certs)+1)
	for _, c := range append(m.certs, m.last) {
		certs = append(certs, FromX509(c.cert()))
	}
	g := NewGraph(certs, []*Certificate{FromX509(m.root.cert())}, Limits{})
	for p := range g.Paths(context.Background(), FromX509(m.leaf.cert()), testTime, nil) {
		if p.Accepted() {
			return true
		}
	}
	return false
}

// BenchmarkLeaves asks one graph about 10,000 leaves of one CA, each once,
// and compares with crypto/x509 Verify for each.
func BenchmarkLeaves(b *testing.B) {
	const count = 10_000
	for _, kind := range []string{"P-256", "RSA-2048"} {
		b.Run(kind, func(b *testing.B) {
			c := newBenchChain(b, kind)
			opts := c.pools()
			leaves := make([]*x509.Certificate, count)
			var wg sync.WaitGroup
			for w := range runtime.GOMAXPROCS(0) {
				wg.Go(func() {
					for i := w; i < count; i += runtime.GOMAXPROCS(0) {
						leaves[i] = c.issue(b, 0, int64(i+10)).cert()
					}
				})
			}
			wg.Wait()
			var ours, theirs time.Duration
			var grown float64
			n := 0
			for b.Loop() {
				g := NewGraph(c.certs[1:3], c.certs[3:], Limits{})
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				t0 := time.Now()
				for _, l := range leaves {
					r, err := g.Build(context.Background(), FromX509(l), testTime, nil)
					if err != nil || len(r.Accepted) != 1 {
						b.Fatal("no path")
					}
				}
				ours += time.Since(t0)
				runtime.GC()
				runtime.ReadMemStats(&after)
				runtime.KeepAlive(g)
				grown += float64(after.HeapAlloc) - float64(before.HeapAlloc)
				t1 := time.Now()
				for _, l := range leaves {
					if _, err := l.Verify(opts); err != nil {
						b.Fatal(err)
					}
				}
				theirs += time.Since(t1)
				n++
			}
			b.ReportMetric(perOp(ours, n*count), "ns/leaf")
			b.ReportMetric(float64(theirs)/float64(ours), "x-of-verify")
			b.ReportMetric(grown/float64(n), "heap-growth-B")
		})
	}
}

// BenchmarkLargeGraph is a graph of many CAs that a leaf has nothing to do with.
func BenchmarkLargeGraph(b *testing.B) {
	c := newBenchChain(b, "P-256")
	certs := c.certs[1:3:3]
	for i := range 2000 {
		certs = append(certs, sign(b, entity{fmt.Sprintf("Other %d", i), i % 50}, entity{fmt.Sprintf("Other %d", i/2), (i / 2) % 50}))
	}
	g := NewGraph(certs, c.certs[3:], Limits{})
	b.ReportAllocs()
	for b.Loop() {
		r, err := g.Build(context.Background(), c.certs[0], testTime, nil)
		if err != nil || len(r.Accepted) != 1 {
			b.Fatal("no path")
		}
	}
}
