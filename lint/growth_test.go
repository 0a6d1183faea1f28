package lint_test

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestGrowth judges roll-outs of one shape, small and eight times as large, for all
// targets, and writes their reports: what grows with the square of the number of
// certificates takes 64 times as long, and the inventory of a large company never ends.
func TestGrowth(t *testing.T) {
	outside.SkipUnderRace(t)
	outside.AtLength(t, "judges some thousand certificates")
	const small, times, most = 120, 8, 40
	ca := newCA("CA", nil, edKey())
	key := func(i int) ed25519.PrivateKey {
		seed := make([]byte, ed25519.SeedSize)
		binary.BigEndian.PutUint32(seed, uint32(i+1))
		return ed25519.NewKeyFromSeed(seed)
	}
	user := func(by *signer, i int, more ...change) *signer {
		return newUser(by, key(i), append([]change{func(c *x509.Certificate) {
			c.SerialNumber = big.NewInt(int64(i + 10))
			c.Subject.CommonName = fmt.Sprintf("User %d", i)
			c.EmailAddresses = []string{fmt.Sprintf("user%d@example.com", i)}
		}}, more...)...)
	}
	of := func(makeOne func(i int) *signer, n int) (list []*signer) {
		for i := range n {
			list = append(list, makeOne(i))
		}
		return list
	}
	expired := valid(today.AddDate(-2, 0, 0), today.AddDate(0, 0, -1))
	// together gives the certificates, with their CA, in one file.
	together := func(makeOne func(i int) *signer) func(int) []*bundle.File {
		return func(n int) []*bundle.File { return pemBundle(append(of(makeOne, n), ca)...) }
	}
	shapes := []struct {
		name  string
		files func(n int) []*bundle.File
		opts  lint.Options
	}{
		{"good", together(func(i int) *signer { return user(ca, i) }), lint.Options{}},
		{"expired", together(func(i int) *signer { return user(ca, i, expired) }), lint.Options{}},
		{"for servers", together(func(i int) *signer { return user(ca, i, usages(x509.ExtKeyUsageServerAuth)) }), lint.Options{}},
		{"the address of another", together(func(i int) *signer { return user(ca, i) }), lint.Options{Facts: &lint.Facts{PrimarySMTP: "other@example.com"}}},
		{"one address, renewed", together(func(i int) *signer {
			return user(ca, i, addresses("all@example.com"), valid(today.AddDate(0, 0, -i%300-2), today.AddDate(1, 0, 0)))
		}), lint.Options{}},
		{"each under a CA that is missing", together(func(i int) *signer {
			return user(newCA(fmt.Sprintf("Gone %d", i), nil, key(i)), i)
		}), lint.Options{}},
		{"each under an expired CA", func(n int) []*bundle.File {
			var list []*signer
			for i := range n / 2 {
				sub := newCA(fmt.Sprintf("CA %d", i), ca, key(i), expired)
				list = append(list, sub, user(sub, i))
			}
			return pemBundle(append(list, ca)...)
		}, lint.Options{}},
		{"the same", together(func(int) *signer { return user(ca, 0) }), lint.Options{}},
		{"no certificates", func(n int) []*bundle.File {
			var b strings.Builder
			for i := range n {
				pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: fmt.Appendf([]byte{0x30, 0x06}, "%06d", i)})
			}
			return []*bundle.File{parse("bundle.pem", []byte(b.String()), nil)}
		}, lint.Options{}},
		{"many roots", func(n int) []*bundle.File {
			return store(of(func(i int) *signer { return newCA(fmt.Sprintf("CA %d", i), nil, key(i)) }, n)...)
		}, lint.Options{}},
		{"many CAs under one", func(n int) []*bundle.File {
			return store(append(of(func(i int) *signer { return newCA(fmt.Sprintf("CA %d", i), ca, key(i)) }, n), ca)...)
		}, lint.Options{}},
		{"CAs that have expired", func(n int) []*bundle.File {
			return store(append(of(func(i int) *signer { return newCA(fmt.Sprintf("CA %d", i), ca, key(i), expired) }, n), ca)...)
		}, lint.Options{}},
		{"revoked", func(n int) []*bundle.File {
			list := of(func(i int) *signer { return user(ca, i) }, n)
			return append(pemBundle(append(list, ca)...), listOf(t, ca, today.AddDate(0, 1, 0), list...))
		}, lint.Options{}},
		{"keys among them", func(n int) []*bundle.File {
			var b strings.Builder
			for i := range n {
				u := user(ca, i)
				pem.Encode(&b, &pem.Block{Type: "PRIVATE KEY", Bytes: must(x509.MarshalPKCS8PrivateKey(u.key)).FullBytes})
				pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: u.Raw})
			}
			return []*bundle.File{parse("keys.pem", []byte(b.String()), nil)}
		}, lint.Options{}},
		{"a file for each", func(n int) []*bundle.File {
			return loose(append(of(func(i int) *signer { return user(ca, i) }, n), ca)...)
		}, lint.Options{}},
		{"beside a store", func(n int) []*bundle.File {
			return append(loose(of(func(i int) *signer { return user(ca, i, expired) }, n)...), store(ca)...)
		}, lint.Options{}},
		{"a PFX for each", func(n int) (files []*bundle.File) {
			for i := range n {
				u := user(ca, i)
				f := openPFX(plainPFX(keyBag(u.key, keyID(1)), certBag(u, keyID(1)), certBag(ca)), "")
				f[0].Name = fmt.Sprintf("%d.pfx", i)
				files = append(files, f...)
			}
			return files
		}, lint.Options{}},
		{"a message of each", func(n int) (files []*bundle.File) {
			for i := range n {
				f := signedMail(addresses(fmt.Sprintf("user%d@example.com", i)), func(c *x509.Certificate) { c.SerialNumber = big.NewInt(int64(i + 10)) })
				f[0].Name = fmt.Sprintf("%d.eml", i)
				files = append(files, f...)
			}
			return files
		}, lint.Options{}},
	}
	// accept takes what is found of every second certificate out of the report.
	accept := func(r *lint.Report) {
		b := new(lint.Baseline)
		for i, c := range r.Findings {
			if i%2 == 0 && c.SHA256 != "" && len(b.Accept) < lint.MaxAcceptances {
				b.Accept = append(b.Accept, lint.Acceptance{Rule: c.Rule, SHA256: c.SHA256, Reason: "known", Expires: today.AddDate(1, 0, 0)})
			}
		}
		b.Apply(r)
	}
	for _, shape := range shapes {
		t.Run(shape.name, func(t *testing.T) {
			opts := shape.opts
			opts.Time, opts.ZLint, opts.Chains = today, []string{"none"}, true
			took := func(n, runs int) time.Duration {
				best := time.Duration(1 << 62)
				for range runs {
					files := shape.files(n) // anew: certificates remember what was asked
					start := time.Now()
					r := run(t, files, &opts)
					accept(r)
					o := new(report.Options)
					for _, write := range []func(io.Writer, *lint.Report) error{o.HTML, o.Text, o.JSON, o.SARIF, o.JUnit, o.CSV} {
						if err := write(io.Discard, r); err != nil {
							t.Fatal(err)
						}
					}
					best = min(best, time.Since(start))
				}
				return best
			}
			few, many := took(small, 3), took(small*times, 1)
			if many > most*few { // or something else runs on the machine
				few, many = took(small, 3), min(many, took(small*times, 1))
			}
			t.Logf("%d: %v, %d: %v, %.1f times as long", small, few, small*times, many, float64(many)/float64(few))
			if many > most*few {
				t.Errorf("%d times as many take %.0f times as long", times, float64(many)/float64(few))
			}
		})
	}
}
