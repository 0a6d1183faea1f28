package lint_test

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
)

// TestHostileMesh judges users under CAs that all have one name and have all
// certified each other. Each user could take the limits that chain has for one;
// together they take what lint allows for a collection. What is then not known
// is said.
func TestHostileMesh(t *testing.T) {
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
	files := store(newCA("Root", nil, edKey()))
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
