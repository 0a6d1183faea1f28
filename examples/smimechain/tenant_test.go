package main

import (
	"bytes"
	"cmp"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	gopkcs12 "software.sslmate.com/src/go-pkcs12"

	"github.com/smimechain/smimechain/sst"
)

// tenantTime is when a tenant is judged.
var tenantTime = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

// tenant is a folder of PFX files of users, with their list and the tenant's store.
type tenant struct {
	dir, list, store, root string
	users                  []tenantUser
}

type tenantUser struct {
	mail, file, password, purpose, oldestIOS string
	fault                                    string // empty where nothing is wrong
}

// args are those of a check of the user alone.
func (u *tenantUser) args(t *testing.T, dir string) []string {
	facts := map[string]any{"version": 1, "primary_smtp": u.mail, "upn": u.mail}
	if u.oldestIOS != "" {
		facts["oldest_ios"] = u.oldestIOS
	}
	if u.purpose != "" {
		facts["purposes"] = []string{u.purpose}
	}
	data, err := json.Marshal(facts)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "facts.json")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"-facts", name, "-password-file", filepath.Join(dir, u.password), filepath.Join(dir, u.file)}
}

// faults are ten ways in which the PFX of a user does not work, and a word by which a table
// that is written for people tells of each.
var faults = []struct{ name, says string }{
	{"wrong password", "the password is wrong"},
	{"expired", "expired"},
	{"other address", "someone-else@example.com"},
	{"no key", "no private key"},
	{"old phone", "iOS 17"},
	{"other root", "Other Root"},
	{"signs only", "encrypt"},
	{"for servers", "e-mail"},
	{"no address", "no e-mail address"},
	{"other key", "key"},
}

// makeTenant writes a tenant of n users, of whom in each hundred ten are broken, in the ten
// ways. Keys are few and used by many: making them takes most of the time.
func makeTenant(t testing.TB, n int) *tenant {
	t.Helper()
	dir := t.TempDir()
	key := func() *rsa.PrivateKey {
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	rootKey, caKey, userKey, otherKey := key(), key(), key(), key()
	serial := int64(0x1000)
	issue := func(template *x509.Certificate, parent *x509.Certificate, public crypto.PublicKey, by *rsa.PrivateKey) *x509.Certificate {
		serial++
		template.SerialNumber, template.BasicConstraintsValid = big.NewInt(serial), true
		der, err := x509.CreateCertificate(rand.Reader, template, cmp.Or(parent, template), public, by)
		if err != nil {
			t.Fatal(err)
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	ca := func(name string, parent *x509.Certificate, own, by *rsa.PrivateKey) *x509.Certificate {
		return issue(&x509.Certificate{
			Subject: pkix.Name{CommonName: name}, IsCA: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, CRLDistributionPoints: []string{"http://crl.example.com/root.crl"},
			NotBefore: tenantTime.AddDate(-5, 0, 0), NotAfter: tenantTime.AddDate(10, 0, 0),
		}, parent, &own.PublicKey, by)
	}
	root := ca("Tenant Root", nil, rootKey, rootKey)
	issuing := ca("Tenant Issuing CA", root, caKey, rootKey)
	otherRoot := ca("Other Root", nil, otherKey, otherKey)
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	store := sst.New()
	for _, c := range []*x509.Certificate{root, issuing} {
		store.Elements = append(store.Elements, sst.Element{Kind: sst.Certificate, Raw: c.Raw})
	}
	data, err := store.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	out := &tenant{dir: dir, store: write("tenant.sst", data), root: write("root.cer", root.Raw)}
	var list bytes.Buffer
	rows := csv.NewWriter(&list)
	rows.UseCRLF = true
	_ = rows.Write([]string{"upn", "mail", "file", "password_file", "purpose", "oldest_ios"})
	for i := range n {
		u := tenantUser{mail: fmt.Sprintf("user%d@example.com", i+1), file: fmt.Sprintf("user%d.pfx", i+1), password: fmt.Sprintf("user%d.txt", i+1)}
		if i%10 == 7 {
			u.fault = faults[i/10%10].name
		}
		template := &x509.Certificate{
			Subject: pkix.Name{CommonName: u.mail}, EmailAddresses: []string{u.mail}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
			KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment, NotBefore: tenantTime.AddDate(-1, 0, 0), NotAfter: tenantTime.AddDate(1, 0, i%300),
			CRLDistributionPoints: []string{"http://crl.example.com/ca.crl"},
		}
		by, byKey, own, password, encoder := issuing, caKey, userKey, fmt.Sprintf("orbit-velvet-lemon-%d", i), gopkcs12.LegacyDES.WithIterations(1)
		written := password
		switch u.fault {
		case "wrong password":
			written = "another " + password
		case "expired":
			template.NotAfter = tenantTime.AddDate(0, 0, -1)
		case "other address":
			template.EmailAddresses = []string{"someone-else@example.com"}
		case "old phone":
			encoder, u.oldestIOS = gopkcs12.Modern2023.WithIterations(1), "16"
		case "other root":
			by, byKey = otherRoot, otherKey
		case "signs only":
			template.KeyUsage, u.purpose = x509.KeyUsageDigitalSignature, "encrypt"
		case "for servers":
			template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		case "no address":
			template.EmailAddresses = nil
			template.Subject.CommonName = fmt.Sprintf("Person %d", i+1)
		case "other key":
			own = otherKey
		}
		leaf := issue(template, by, &userKey.PublicKey, byKey)
		var pfx []byte
		if u.fault == "no key" {
			pfx, err = encoder.EncodeTrustStore([]*x509.Certificate{leaf}, password)
		} else {
			pfx, err = encoder.Encode(own, leaf, []*x509.Certificate{by}, password)
		}
		if err != nil {
			t.Fatal(err)
		}
		write(u.file, pfx)
		write(u.password, []byte(written+"\r\n"))
		_ = rows.Write([]string{u.mail, u.mail, u.file, u.password, u.purpose, u.oldestIOS})
		out.users = append(out.users, u)
	}
	rows.Flush()
	out.list = write("users.csv", list.Bytes())
	return out
}
