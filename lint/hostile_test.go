package lint_test

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestHostileMesh judges users under CAs that all have one name and have all
// certified each other. Each user could take the limits that chain has for one;
// together they take what lint allows for a collection. What is then not known
// is said.
func TestHostileMesh(t *testing.T) {
	outside.SkipUnderRace(t)
	const cas, users, ceiling = 40, 1500, 2 * time.Minute // measured: 8 s
	key := func(i int) ed25519.PrivateKey {
		seed := make([]byte, ed25519.SeedSize)
		binary.BigEndian.PutUint32(seed, uint32(i))
		return ed25519.NewKeyFromSeed(seed)
	}
	roots := make([]*signer, cas)
	for i := range roots {
		roots[i] = newCA("CA", nil, key(i))
	}
	certs := []*signer{roots[0]}
	for i := range roots {
		for j := range roots {
			if i != j {
				certs = append(certs, newCA("CA", roots[j], key(i)))
			}
		}
	}
	for i := range users {
		certs = append(certs, newUser(roots[i%cas], key(cas+i), func(c *x509.Certificate) {
			c.EmailAddresses = []string{fmt.Sprintf("user%d@example.com", i)}
		}))
	}
	start := time.Now()
	r := run(t, store(certs...), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: []string{"none"}})
	if took := time.Since(start); took > ceiling {
		t.Errorf("took %s, more than %s", took, ceiling)
	}
	if len(r.NotChecked) < users/10 {
		t.Errorf("%d are said to be not checked: the limit has not been reached", len(r.NotChecked))
	}
	if v := verdict(r, lint.ExchangeOnline); v.Status == lint.Works {
		t.Errorf("the verdict is %s", v.Status)
	}
}

// TestScriptAlone checks that a roll-out whose certificates are out of sight is
// not said to work.
func TestScriptAlone(t *testing.T) {
	script := parse("upload.ps1", []byte(`Set-SmimeConfig -SMIMECertificateIssuingCA ([System.IO.File]::ReadAllBytes("C:\ca.sst"))`), nil)
	opts := &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}}
	files := store(issuing(), root())
	for _, tt := range []struct {
		name  string
		store bool
		want  lint.VerdictStatus
	}{
		{"alone", false, lint.Unknown},
		{"with the store", true, lint.Works},
	} {
		t.Run(tt.name, func(t *testing.T) {
			given := []*bundle.File{script}
			if tt.store {
				given = append(given, files...)
			}
			r := run(t, given, opts)
			if v := verdict(r, lint.ExchangeOnline); v.Status != tt.want {
				t.Errorf("the verdict is %s, want %s", v.Status, tt.want)
			}
		})
	}
}

// TestManyAddresses judges thousands of certificates of users for signing, and
// thousands for encrypting, all with the same subject and each with addresses of
// its own and one that all have.
func TestManyAddresses(t *testing.T) {
	outside.SkipUnderRace(t)
	const users, ceiling = 3000, 5 * time.Minute // measured: 2 s; before, more than ten minutes
	certs := []*signer{newCA("CA", nil, edKey())}
	for i := range users {
		usage := x509.KeyUsageDigitalSignature
		if i%2 == 0 {
			usage = x509.KeyUsageKeyAgreement
		}
		certs = append(certs, newUser(certs[0], edKey(), keyUsage(usage), func(c *x509.Certificate) {
			c.SerialNumber = big.NewInt(int64(i + 10))
			c.Subject = pkix.Name{CommonName: "User"}
			c.EmailAddresses = []string{"all@example.com"}
			for j := range 50 {
				c.EmailAddresses = append(c.EmailAddresses, fmt.Sprintf("user%d.%d@example.com", i, j))
			}
		}))
	}
	start := time.Now()
	r := run(t, pemBundle(certs...), &lint.Options{
		Time: today, Targets: []lint.Target{lint.Windows}, ZLint: []string{"none"},
		Facts: &lint.Facts{PrimarySMTP: "other@example.com"},
	})
	if took := time.Since(start); took > ceiling {
		t.Errorf("took %s, more than %s", took, ceiling)
	}
	if len(r.Findings) > 40*users {
		t.Errorf("%d findings about %d certificates", len(r.Findings), users)
	}
	if !slices.ContainsFunc(r.NotChecked, func(n lint.NotChecked) bool { return strings.Contains(n.Why.String(), "were compared") }) {
		t.Error("what was not compared is not said")
	}
}

// TestManyMissingRoots judges a collection with a missing issuer for each
// certificate: each finding stays one that a person can read.
func TestManyMissingRoots(t *testing.T) {
	outside.SkipUnderRace(t)
	const cas, longest, ceiling = 3000, 3000, time.Minute // octets; measured: 1 s
	var certs []*signer
	for i := range cas {
		certs = append(certs, newCA(fmt.Sprintf("CA %d", i), newCA(fmt.Sprintf("Gone %d", i), nil, edKey()), edKey()))
	}
	start := time.Now()
	r := run(t, store(certs...), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: []string{"none"}})
	missing := 0
	for _, f := range r.Findings {
		if n := len(f.Message.String()); n > longest {
			t.Errorf("%s: a message of %d octets", f.Rule, n)
		}
		if f.Rule == "e_chain_issuer_missing" {
			missing++
		}
	}
	if missing != cas {
		t.Errorf("%d findings of %d missing issuers", missing, cas)
	}
	if took := time.Since(start); took > ceiling {
		t.Errorf("took %s, more than %s", took, ceiling)
	}
}

// TestLargeBaseline accepts with the largest baseline, all of it for one rule.
func TestLargeBaseline(t *testing.T) {
	const findings, ceiling = 50_000, 20 * time.Second // measured: 0.1 s
	b := new(lint.Baseline)
	for i := range lint.MaxAcceptances {
		b.Accept = append(b.Accept, lint.Acceptance{Rule: "w_collection_end_entity", File: fmt.Sprintf("file%d.cer", i), Expires: today})
	}
	r := &lint.Report{Time: today}
	for i := range findings {
		r.Findings = append(r.Findings, lint.Finding{Rule: "w_collection_end_entity", Status: lint.Warn, File: fmt.Sprintf("./file%d.cer", i+lint.MaxAcceptances-1), SHA256: fmt.Sprintf("%064x", i)})
	}
	start := time.Now()
	used := b.Apply(r)
	if len(used) != 1 || len(r.Accepted) != 1 || len(r.Findings) != findings-1 {
		t.Errorf("%d used, %d accepted", len(used), len(r.Accepted))
	}
	if took := time.Since(start); took > ceiling {
		t.Errorf("took %s, more than %s", took, ceiling)
	}
}

// TestHostilePictures draws the chains of users under a name that thousands of
// CAs have: none of them is asked for its signature without end.
func TestHostilePictures(t *testing.T) {
	outside.SkipUnderRace(t)
	const cas, ceiling = 3000, time.Minute // measured: 3 s
	var certs []*signer
	for i := range cas {
		seed := make([]byte, ed25519.SeedSize)
		binary.BigEndian.PutUint32(seed, uint32(i+1))
		certs = append(certs, newCA("CA", nil, ed25519.NewKeyFromSeed(seed)))
	}
	for i := range 30 {
		certs = append(certs, newCA(fmt.Sprintf("Sub %d", i), certs[i], edKey()))
	}
	start := time.Now()
	r := run(t, store(certs...), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: []string{"none"}, Chains: true})
	if took := time.Since(start); took > ceiling {
		t.Errorf("took %s, more than %s", took, ceiling)
	}
	if !slices.ContainsFunc(r.Chains, func(c lint.Chain) bool { return c.Truncated }) {
		t.Error("no picture says that there is more")
	}
}

// TestBeyondLints checks that certificates which would keep the lints of zlint busy
// are not given to them, and that this is said: one compares the policies with each
// other, another, which is among those that have to be asked for, looks for factors
// of the key.
func TestBeyondLints(t *testing.T) {
	const policies, ceiling = 100_000, 4 * time.Second // measured: 0.1 s; before, 19 s and 5 s
	modulus := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 1<<20), big.NewInt(3))
	for name, u := range map[string]*signer{
		"policies": newUser(newCA("CA", nil, edKey()), edKey(), func(c *x509.Certificate) {
			for i := range policies {
				oid, err := x509.OIDFromInts([]uint64{1, 3, 6, 1, 4, 1, 99999, uint64(i)})
				if err != nil {
					t.Fatal(err)
				}
				c.Policies = append(c.Policies, oid)
			}
		}),
		"key": newUser(newCA("CA", nil, edKey()), publicOnly{&rsa.PublicKey{N: modulus, E: 65537}}),
	} {
		start := time.Now()
		r := run(t, loose(u), &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}, ZLint: []string{"all"}})
		if took := time.Since(start); took > ceiling {
			t.Errorf("%s: took %s, more than %s", name, took, ceiling)
		}
		if !slices.ContainsFunc(r.NotChecked, func(n lint.NotChecked) bool { return strings.Contains(n.Why.String(), "lints of zlint") }) {
			t.Errorf("%s: that zlint has not run is not said", name)
		}
	}
}

// publicOnly is the half of a key that a certificate is issued for.
type publicOnly struct{ key crypto.PublicKey }

func (p publicOnly) Public() crypto.PublicKey { return p.key }

func (publicOnly) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("there is no private key")
}
