package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/smimechain/smimechain/examples/smimechain/describe"
)

// TestPathsFetch runs the command against a local server: the root is in a
// file, the CA and its revocation list are not.
func TestPathsFetch(t *testing.T) {
	answers := map[string][]byte{}
	var hits atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		if answers[r.URL.Path] == nil {
			http.NotFound(w, r)
			return
		}
		w.Write(answers[r.URL.Path])
	}))
	defer server.Close()

	day := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	key := func(scalar byte) *ecdsa.PrivateKey {
		raw := make([]byte, 32)
		raw[31] = scalar
		k, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), raw)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	make509 := func(serial int64, name string, ca bool, k *ecdsa.PrivateKey, parent *x509.Certificate, by *ecdsa.PrivateKey) *x509.Certificate {
		template := &x509.Certificate{
			SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name},
			NotBefore: day.AddDate(-1, 0, 0), NotAfter: day.AddDate(1, 0, 0),
			IsCA: ca, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature,
			IssuingCertificateURL: []string{"ldap:///cn=ca", server.URL + "/issuer-of-" + name},
			CRLDistributionPoints: []string{server.URL + "/list-for-" + name},
		}
		if ca {
			template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
		} else {
			template.EmailAddresses = []string{"user@example.com"}
			template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}
		}
		if parent == nil {
			parent = template
		}
		der, err := x509.CreateCertificate(nil, template, parent, &k.PublicKey, by)
		if err != nil {
			t.Fatal(err)
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	rootKey, caKey := key(1), key(2)
	root := make509(1, "root", true, rootKey, nil, rootKey)
	ca := make509(2, "ca", true, caKey, root, rootKey)
	user := make509(3, "user", false, key(3), ca, caKey)
	list := func(issuer *x509.Certificate, k *ecdsa.PrivateKey, revoked ...int64) []byte {
		template := &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: day.AddDate(0, 0, -1), NextUpdate: day.AddDate(50, 0, 0)}
		for _, serial := range revoked {
			template.RevokedCertificateEntries = append(template.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: big.NewInt(serial), RevocationTime: day.AddDate(0, 0, -1)})
		}
		der, err := x509.CreateRevocationList(nil, template, issuer, k)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}

	dir := t.TempDir()
	file := func(name string, data []byte) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	userFile, rootFile := file("user.cer", user.Raw), file("root.cer", root.Raw)
	caFile, revokedFile := file("ca.cer", ca.Raw), file("revoked.crl", list(ca, caKey, 3))
	damagedFile := file("damaged.crl", append([]byte("-----BEGIN X509 CRL-----\n"), "MAMCAQE=\n-----END X509 CRL-----\n"...))
	good := map[string][]byte{
		"/issuer-of-user": ca.Raw, "/list-for-user": list(ca, caKey), "/list-for-ca": list(root, rootKey),
	}
	cache := filepath.Join(dir, "cache")

	tests := []struct {
		name    string
		serve   map[string][]byte
		args    []string
		status  int
		hits    int32
		problem string // of the one path
		errs    string
	}{
		{"off by default", good, []string{userFile, rootFile}, exitFindings, 0, "", ""},
		{"off by default with everything there", good, []string{userFile, caFile, rootFile}, exitClean, 0, "", ""},
		{"on", good, []string{"-fetch", "-fetch-private", userFile, rootFile}, exitClean, 3, "", ""},
		{"local servers are refused", good, []string{"-fetch", userFile, rootFile}, exitFindings, 0, "", "not public"},
		{"cache, first", good, []string{"-fetch", "-fetch-private", "-fetch-cache", cache, userFile, rootFile}, exitClean, 3, "", ""},
		{"cache, then", nil, []string{"-fetch", "-fetch-private", "-fetch-cache", cache, userFile, rootFile}, exitClean, 0, "", ""},
		{"nothing there", nil, []string{"-fetch", "-fetch-private", userFile, rootFile}, exitFindings, 1, "", "status 404"},
		{"no list", map[string][]byte{"/issuer-of-user": ca.Raw}, []string{"-fetch", "-fetch-private", userFile, rootFile}, exitFindings, 3, "revocation_unknown", ""},
		{"revoked", map[string][]byte{"/issuer-of-user": ca.Raw, "/list-for-user": list(ca, caKey, 3), "/list-for-ca": list(root, rootKey)},
			[]string{"-fetch", "-fetch-private", userFile, rootFile}, exitFindings, 3, "revoked", ""},
		{"list in a file", good, []string{userFile, caFile, rootFile, revokedFile}, exitFindings, 0, "revoked", ""},
		{"damaged list in a file", good, []string{userFile, caFile, rootFile, damagedFile}, exitFailed, 0, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			answers = tt.serve
			hits.Store(0)
			var out, errs bytes.Buffer
			args := append([]string{"paths", "-format", "json", "-at", "2026-11-22"}, tt.args...)
			if status := run(args, streams{in: strings.NewReader(""), out: &out, err: &errs}); status != tt.status {
				t.Errorf("status %d, want %d: %s%s", status, tt.status, errs.String(), out.String())
			}
			if hits.Load() != tt.hits {
				t.Errorf("%d requests, want %d", hits.Load(), tt.hits)
			}
			var r describe.Paths
			if err := json.Unmarshal(out.Bytes(), &r); err != nil {
				t.Fatal(err)
			}
			if tt.problem != "" && (len(r.Paths) != 1 || len(r.Paths[0].Problems) == 0 || r.Paths[0].Problems[0].Code != tt.problem) {
				t.Errorf("paths %+v, want the problem %s", r.Paths, tt.problem)
			}
			if !strings.Contains(fmt.Sprint(r.FetchErrors), tt.errs) || (tt.errs == "") != (len(r.FetchErrors) == 0) {
				t.Errorf("errors %q, want %q", r.FetchErrors, tt.errs)
			}
			fetched := 0
			for _, c := range r.Certificates {
				if c.Fetched {
					fetched++
				}
			}
			if want := r.Revocation == describe.RevocationFetched && tt.errs == ""; (fetched == 1) != want {
				t.Errorf("%d certificates are marked as fetched", fetched)
			}
		})
	}

	// check, and check of each file for itself, say the same of the same files.
	pemOf := func(kind string, der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}) }
	chainOf := slices.Concat(pemOf("CERTIFICATE", user.Raw), pemOf("CERTIFICATE", ca.Raw), pemOf("CERTIFICATE", root.Raw))
	listed := file("revoked.pem", slices.Concat(chainOf, pemOf("X509 CRL", list(ca, caKey, 3))))
	unlisted := file("unlisted.pem", chainOf)
	rolled := file("rolled.pem", pemOf("CERTIFICATE", root.Raw))
	damagedList := pemOf("X509 CRL", []byte{0x30, 3, 2, 1, 1})
	damaged := file("damaged.pem", slices.Concat(chainOf, damagedList))
	allDamaged := file("all-damaged.pem", slices.Concat(chainOf, bytes.Repeat(damagedList, maxFailures+2)))
	for _, tt := range []struct {
		name   string
		args   []string
		status int
		out    string
		errs   string
	}{
		{"not revoked", []string{unlisted}, exitClean, "", ""},
		{"revoked", []string{listed}, exitFindings, "revoked", ""},
		{"revoked by a list of -with", []string{"-with", revokedFile, unlisted}, exitFindings, "revoked", ""},
		{"damaged list", []string{damaged}, exitFailed, "", "damaged.pem: chain: revocation list 0: "},
		{"damaged lists", []string{allDamaged}, exitFailed, "", "; and 2 more"},
		{"damaged list of -with", []string{"-with", damagedFile, unlisted}, exitFailed, "", "damaged.crl: chain: revocation list 0: "},
	} {
		for _, format := range []string{"text", formatNDJSON} {
			t.Run("check "+tt.name+" "+format, func(t *testing.T) {
				var out, errs bytes.Buffer
				args := append([]string{"check", "-for", "windows", "-roots", rolled, "-format", format, "-at", "2026-11-22"}, tt.args...)
				if status := run(args, streams{in: strings.NewReader(""), out: &out, err: &errs}); status != tt.status {
					t.Errorf("status %d, want %d: %s%s", status, tt.status, errs.String(), out.String())
				}
				if !strings.Contains(out.String(), tt.out) || !strings.Contains(errs.String(), tt.errs) {
					t.Errorf("got %s%s", errs.String(), out.String())
				}
			})
		}
	}
}
