package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

var now = time.Now()

func key(t *testing.T, scalar byte) *ecdsa.PrivateKey {
	t.Helper()
	raw := make([]byte, 32)
	raw[31] = scalar
	k, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), raw)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// family is a CA and a user whose certificate points at a server.
type family struct {
	ca    *x509.Certificate
	caKey *ecdsa.PrivateKey
	user  *chain.Certificate
}

func newFamily(t *testing.T, aia, crl []string) family {
	t.Helper()
	f := family{caKey: key(t, 1)}
	f.ca = create(t, &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Example CA"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}, nil, f.caKey, f.caKey)
	f.user = chain.FromX509(create(t, &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "user@example.com"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
		EmailAddresses:        []string{"user@example.com"},
		IssuingCertificateURL: aia, CRLDistributionPoints: crl,
	}, f.ca, key(t, 2), f.caKey))
	return f
}

func create(t *testing.T, template, parent *x509.Certificate, k, signer *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	if parent == nil {
		parent = template
	}
	der, err := x509.CreateCertificate(nil, template, parent, &k.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (f family) crl(t *testing.T, end time.Time, revoked ...int64) []byte {
	t.Helper()
	template := &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: now.Add(-time.Hour), NextUpdate: end}
	for _, serial := range revoked {
		template.RevokedCertificateEntries = append(template.RevokedCertificateEntries,
			x509.RevocationListEntry{SerialNumber: big.NewInt(serial), RevocationTime: now.Add(-time.Minute)})
	}
	der, err := x509.CreateRevocationList(nil, template, f.ca, f.caKey)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// site is a local server that counts what it is asked.
type site struct {
	*httptest.Server
	mux  *http.ServeMux
	hits atomic.Int32
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{mux: http.NewServeMux()}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.hits.Add(1)
		s.mux.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *site) serve(path string, body []byte) {
	s.mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { w.Write(body) })
}

func newClient(t *testing.T, opts Options) *Client {
	t.Helper()
	c, err := New(&opts)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestIssuers(t *testing.T) {
	f := newFamily(t, nil, nil)
	p7c, err := pkcs7.New(chain.FromX509(f.ca)).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	other := create(t, &x509.Certificate{SerialNumber: big.NewInt(3), Subject: pkix.Name{CommonName: "Example Other"}}, nil, key(t, 3), key(t, 3))
	s := newSite(t)
	s.serve("/der", f.ca.Raw)
	s.serve("/pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: f.ca.Raw}))
	s.serve("/p7c", p7c)
	s.serve("/other", other.Raw)
	s.mux.Handle("/moved", http.RedirectHandler("der", http.StatusMovedPermanently))
	tests := []struct {
		name  string
		paths []string
		want  int // certificates, the last of which is the issuer
		hits  int32
	}{
		{"DER", []string{"/der"}, 1, 1},
		{"PEM", []string{"/pem"}, 1, 1},
		{"p7c", []string{"/p7c"}, 1, 1},
		{"redirect to a relative address", []string{"/moved"}, 1, 2},
		{"stops at the issuer", []string{"/der", "/other"}, 1, 1},
		{"goes on past another certificate", []string{"/other", "/der"}, 2, 2},
		{"goes on past a failure", []string{"/nowhere", "/der"}, 1, 2},
		{"same address twice", []string{"/other", "/other", "/der"}, 3, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var aia []string
			for _, p := range tt.paths {
				aia = append(aia, s.URL+p)
			}
			user := newFamily(t, aia, nil).user
			s.hits.Store(0)
			got, err := newClient(t, Options{Private: true}).Issuers(t.Context(), user)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != tt.want {
				t.Fatalf("%d certificates, want %d", len(got), tt.want)
			}
			if !bytes.Equal(got[len(got)-1].Raw, f.ca.Raw) {
				t.Error("the last certificate is not the issuer")
			}
			if s.hits.Load() != tt.hits {
				t.Errorf("%d requests, want %d", s.hits.Load(), tt.hits)
			}
		})
	}
	t.Run("no address", func(t *testing.T) {
		got, err := newClient(t, Options{}).Issuers(t.Context(), f.user)
		if got != nil || err != nil {
			t.Errorf("got %v, %v", got, err)
		}
	})
}

// TestHostile holds the client against servers that mean harm. Each answer
// must be an *Error, soon, and without what the address held.
func TestHostile(t *testing.T) {
	const secret = "hunter2"
	s := newSite(t)
	s.mux.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) {
		chunk := make([]byte, 4096)
		for {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	s.mux.HandleFunc("/declared", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1000000000")
		w.Write([]byte{0x30})
	})
	slow := func(before []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if before != nil {
				w.Write(before)
				w.(http.Flusher).Flush()
			}
			select {
			case <-r.Context().Done():
			case <-time.After(10 * time.Second):
			}
		}
	}
	s.mux.HandleFunc("/silent", slow(nil))
	s.mux.HandleFunc("/slow", slow([]byte{0x30}))
	s.mux.HandleFunc("/header", func(w http.ResponseWriter, r *http.Request) {
		for i := range 100 {
			w.Header().Set(fmt.Sprint("X-", i), strings.Repeat("a", 1000))
		}
	})
	redirect := func(path, to string) {
		s.mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusFound)
		})
	}
	redirect("/loop", "/loop")
	redirect("/private", "http://10.0.0.1/ca.crt")
	redirect("/metadata", "http://169.254.169.254/latest/?"+secret)
	redirect("/loopback", "http://[::1]:80/")
	redirect("/named", "http://localhost:1/")
	redirect("/mapped", "http://[::ffff:127.0.0.1]:80/")
	redirect("/https", "https://example.com/"+secret)
	redirect("/file", "file:///etc/"+secret)
	redirect("/user", "http://"+secret+":"+secret+"@example.com/")
	redirect("/garbled", "http://%zz/"+secret)
	redirect("/nowhere-at-all", "")
	s.serve("/html", []byte("<html>"+secret+"</html>"))
	s.serve("/empty", nil)
	s.serve("/crl", newFamily(t, nil, nil).crl(t, now.Add(time.Hour)))
	s.serve("/key", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte(secret)}))
	s.mux.HandleFunc("/bomb", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "" {
			t.Error("a compressed answer is asked for")
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		z.Write(make([]byte, 1<<20))
		z.Close()
	})
	s.mux.HandleFunc("/bare-bomb", func(w http.ResponseWriter, r *http.Request) {
		z := gzip.NewWriter(w)
		z.Write(make([]byte, 1<<20))
		z.Close()
	})
	s.mux.HandleFunc("/forbidden", func(w http.ResponseWriter, r *http.Request) { http.Error(w, secret, http.StatusForbidden) })

	tests := []struct {
		address string // a path is on the server
		want    error  // nil: any
		host    string // empty: of the server
	}{
		{"/endless?" + secret, ErrTooLarge, ""},
		{"/declared", ErrTooLarge, ""},
		{"/silent?" + secret, context.DeadlineExceeded, ""},
		{"/slow", context.DeadlineExceeded, ""},
		{"/header", nil, ""},
		{"/loop?" + secret, ErrRedirects, ""},
		{"/private", ErrNotPublic, "10.0.0.1"},
		{"/metadata", ErrNotPublic, "169.254.169.254"},
		{"/loopback", ErrNotPublic, "[::1]:80"},
		{"/named", ErrNotPublic, "localhost:1"},
		{"/mapped", ErrNotPublic, "[::ffff:127.0.0.1]:80"},
		{"/https", ErrScheme, "example.com"},
		{"/file", ErrScheme, "-"},
		{"/user", ErrAddress, "example.com"},
		{"/garbled", ErrAddress, ""},
		{"/nowhere-at-all", nil, ""},
		{"/html", ErrContent, ""},
		{"/empty", ErrContent, ""},
		{"/crl", ErrContent, ""},
		{"/key", ErrContent, ""},
		{"/bomb", ErrContent, ""},
		{"/bare-bomb", ErrContent, ""},
		{"/forbidden", nil, ""},
		{"/missing?" + secret, nil, ""},
		{"https://example.com/" + secret, ErrScheme, "example.com"},
		{"ldap:///cn=" + secret + "?cACertificate", ErrScheme, "-"},
		{"ldap://ldap.example.com/cn=" + secret, ErrScheme, "ldap.example.com"},
		{"file:///etc/" + secret, ErrScheme, "-"},
		{"ftp://example.com/" + secret, ErrScheme, "example.com"},
		{"HTTP://127.0.0.1:1/" + secret, ErrNotPublic, "127.0.0.1:1"},
		{"http://localhost:1/" + secret, ErrNotPublic, "localhost:1"},
		{"http://user:" + secret + "@example.com/", ErrAddress, "example.com"},
		{"http://" + strings.Repeat("a", MaxAddressLength), ErrAddress, "-"},
		{"http:///" + secret, ErrAddress, "-"},
		{"http://:80/" + secret, ErrAddress, "-"},
		{"http://\x1b[31m/" + secret, ErrAddress, "-"},
		{"http://ex\u202eample.com/" + secret, ErrAddress, "-"},
		{"http://example.com:port/" + secret, ErrAddress, "-"},
		{secret, ErrScheme, "-"},
		{"", ErrScheme, "-"},
	}
	for _, tt := range tests {
		t.Run(strings.ReplaceAll(tt.address, secret, "SECRET"), func(t *testing.T) {
			server := strings.TrimPrefix(s.URL, "http://")
			address, host := tt.address, tt.host
			if strings.HasPrefix(address, "/") {
				address = s.URL + address
			}
			if host == "" {
				host = server
			}
			c := newClient(t, Options{Timeout: 2 * time.Second, MaxSize: 1 << 16})
			// The test's own server is the one exception to the rule.
			c.transport.DialContext = (&net.Dialer{Control: func(network, address string, raw syscall.RawConn) error {
				if address == server {
					return nil
				}
				return control(network, address, raw)
			}}).DialContext
			start := time.Now()
			_, err := c.ask(t.Context(), address, certificates)
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("it took %v", took)
			}
			e, ok := errors.AsType[*Error](err)
			if !ok {
				t.Fatalf("got %v, want an *Error", err)
			}
			if tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if e.Host != strings.TrimPrefix(host, "-") {
				t.Errorf("host %q, want %q", e.Host, host)
			}
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the error gives away what the address or the answer held: %v", err)
			}
			if strings.ContainsFunc(err.Error(), func(r rune) bool { return r < ' ' || r > '~' }) {
				t.Errorf("the error is not printable: %q", err)
			}
		})
	}
}

// TestOff shows that without the option the local server is never reached.
func TestOff(t *testing.T) {
	s := newSite(t)
	user := newFamily(t, []string{s.URL + "/ca.crt"}, nil).user
	_, err := newClient(t, Options{}).Issuers(t.Context(), user)
	if !errors.Is(err, ErrNotPublic) {
		t.Errorf("got %v, want %v", err, ErrNotPublic)
	}
	if s.hits.Load() != 0 {
		t.Error("the server was reached")
	}
}

func TestPublic(t *testing.T) {
	tests := []struct {
		address string
		want    bool
	}{
		{"1.1.1.1", true}, {"8.8.8.8", true}, {"172.15.255.255", true}, {"172.32.0.0", true},
		{"100.63.255.255", true}, {"100.128.0.0", true}, {"223.255.255.255", true}, {"::ffff:8.8.8.8", true},
		{"2606:4700:4700::1111", true}, {"2001:4860:4860::8888", true}, {"2a00:1450::1", true},
		{"0.0.0.0", false}, {"0.1.2.3", false}, {"10.1.2.3", false}, {"100.64.0.1", false}, {"100.127.255.255", false},
		{"127.0.0.1", false}, {"127.255.255.255", false}, {"169.254.169.254", false}, {"172.16.0.1", false}, {"172.31.255.255", false},
		{"192.168.1.1", false}, {"192.0.0.1", false}, {"192.0.2.1", false}, {"198.18.0.1", false}, {"198.51.100.1", false}, {"203.0.113.1", false},
		{"224.0.0.1", false}, {"240.0.0.1", false}, {"255.255.255.255", false},
		{"::", false}, {"::1", false}, {"::127.0.0.1", false}, {"::ffff:10.0.0.1", false}, {"::ffff:127.0.0.1", false},
		{"fc00::1", false}, {"fd12:3456::1", false}, {"fe80::1", false}, {"fe80::1%eth0", false}, {"fec0::1", false}, {"ff02::1", false},
		{"64:ff9b::7f00:1", false}, {"64:ff9b:1::1", false}, {"100::1", false}, {"2001::1", false}, {"2001:db8::1", false}, {"2002:7f00:1::1", false}, {"3fff::1", false},
	}
	for _, tt := range tests {
		if got := public(netip.MustParseAddr(tt.address)); got != tt.want {
			t.Errorf("public(%s) = %v", tt.address, got)
		}
	}
	if public(netip.Addr{}) {
		t.Error("the zero address is public")
	}
	for _, address := range []string{"", "example.com:80", "10.0.0.1:80", "[::1]:80", "[fe80::1%eth0]:80"} {
		if err := control("tcp", address, nil); !errors.Is(err, ErrNotPublic) {
			t.Errorf("control(%q) = %v", address, err)
		}
	}
	if err := control("tcp6", "[2606:4700:4700::1111]:80", nil); err != nil {
		t.Error(err)
	}
}

func TestBudgets(t *testing.T) {
	s := newSite(t)
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "x") })
	var aia []string
	for i := range 10 {
		aia = append(aia, fmt.Sprint(s.URL, "/", i))
	}
	user := newFamily(t, aia, nil).user

	t.Run("addresses", func(t *testing.T) {
		s.hits.Store(0)
		_, err := newClient(t, Options{Private: true}).Issuers(t.Context(), user)
		if !errors.Is(err, ErrContent) || s.hits.Load() != MaxAddresses {
			t.Errorf("%d requests, %v", s.hits.Load(), err)
		}
	})
	t.Run("requests", func(t *testing.T) {
		s.hits.Store(0)
		_, err := newClient(t, Options{Private: true, MaxRequests: 2}).Issuers(t.Context(), user)
		if !errors.Is(err, ErrBudget) || s.hits.Load() != 2 {
			t.Errorf("%d requests, %v", s.hits.Load(), err)
		}
	})
	t.Run("time", func(t *testing.T) {
		s.hits.Store(0)
		_, err := newClient(t, Options{Private: true, Total: time.Nanosecond}).Issuers(t.Context(), user)
		if !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, ErrBudget) {
			t.Error(err)
		}
		if s.hits.Load() != 0 {
			t.Errorf("%d requests", s.hits.Load())
		}
	})
	t.Run("size", func(t *testing.T) {
		c := newClient(t, Options{Private: true})
		c.took(MaxTotalSize)
		if _, err := c.Issuers(t.Context(), user); !errors.Is(err, ErrBudget) {
			t.Error(err)
		}
	})
	t.Run("a context that has ended says nothing about the address", func(t *testing.T) {
		s.serve("/ca.crt", newFamily(t, nil, nil).ca.Raw)
		user := newFamily(t, []string{s.URL + "/ca.crt"}, nil).user
		c := newClient(t, Options{Private: true})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := c.Issuers(ctx, user); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if got, err := c.Issuers(t.Context(), user); err != nil || len(got) != 1 {
			t.Errorf("afterwards %d certificates, %v", len(got), err)
		}
	})
}

func TestCache(t *testing.T) {
	s := newSite(t)
	f := newFamily(t, []string{s.URL + "/ca.crt?token=x"}, []string{s.URL + "/ca.crl"})
	s.serve("/ca.crt", f.ca.Raw)
	dir := filepath.Join(t.TempDir(), "cache")
	ask := func(t *testing.T, age time.Duration, hits int32) {
		t.Helper()
		s.hits.Store(0)
		got, err := newClient(t, Options{Private: true, Cache: dir, MaxAge: age}).Issuers(t.Context(), f.user)
		if err != nil || len(got) != 1 || !bytes.Equal(got[0].Raw, f.ca.Raw) {
			t.Fatalf("%d certificates, %v", len(got), err)
		}
		if s.hits.Load() != hits {
			t.Errorf("%d requests, want %d", s.hits.Load(), hits)
		}
		files, err := os.ReadDir(dir)
		if err != nil || len(files) != 1 || len(files[0].Name()) != 64 {
			t.Fatalf("the cache holds %v, %v", files, err)
		}
	}
	file := func() string {
		files, _ := os.ReadDir(dir)
		return filepath.Join(dir, files[0].Name())
	}
	ask(t, 0, 1)
	ask(t, 0, 0)
	ask(t, -1, 1)
	old := now.Add(-time.Hour)
	if err := os.Chtimes(file(), old, old); err != nil {
		t.Fatal(err)
	}
	ask(t, 2*time.Hour, 0)
	ask(t, time.Minute, 1) // and is young again
	ask(t, time.Minute, 0)
	future := now.Add(24 * time.Hour)
	if err := os.Chtimes(file(), future, future); err != nil {
		t.Fatal(err)
	}
	ask(t, time.Minute, 1)
	if err := os.WriteFile(file(), []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	ask(t, 0, 1)
	ask(t, 0, 0)

	t.Run("failures are not kept", func(t *testing.T) {
		dir := t.TempDir()
		user := newFamily(t, []string{s.URL + "/nowhere"}, nil).user
		for range 2 {
			s.hits.Store(0)
			if _, err := newClient(t, Options{Private: true, Cache: dir}).Issuers(t.Context(), user); err == nil {
				t.Error("no error")
			}
			if s.hits.Load() != 1 {
				t.Errorf("%d requests", s.hits.Load())
			}
		}
	})
	t.Run("a list past its nextUpdate is fetched again", func(t *testing.T) {
		dir := t.TempDir()
		end := now.Add(-time.Minute)
		s.mux.HandleFunc("/ca.crl", func(w http.ResponseWriter, r *http.Request) { w.Write(f.crl(t, end)) })
		path := []*chain.Certificate{f.user, chain.FromX509(f.ca)}
		for i, want := range []chain.RevocationStatus{chain.RevocationOutOfDate, chain.RevocationGood, chain.RevocationGood} {
			s.hits.Store(0)
			c := newClient(t, Options{Private: true, Cache: dir})
			if got, detail := c.Revocation(chain.NewCRLs()).Revocation(t.Context(), path, 0, now); got != want {
				t.Errorf("%d: %v (%s), want %v", i, got, detail, want)
			}
			if hits := s.hits.Load(); (hits == 1) != (i < 2) {
				t.Errorf("%d: %d requests", i, hits)
			}
			end = now.Add(time.Hour)
		}
	})
	t.Run("a folder that cannot be made", func(t *testing.T) {
		name := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := New(&Options{Cache: filepath.Join(name, "cache")}); err == nil {
			t.Error("no error")
		}
	})
}

func TestRevocation(t *testing.T) {
	s := newSite(t)
	f := newFamily(t, nil, nil)
	s.serve("/good", f.crl(t, now.Add(time.Hour), 99))
	s.serve("/revoked", pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: f.crl(t, now.Add(time.Hour), 2)}))
	s.serve("/expired", f.crl(t, now.Add(-time.Minute)))
	s.serve("/text", []byte("no list"))
	tests := []struct {
		name   string
		crl    []string
		given  [][]byte
		want   chain.RevocationStatus
		detail string
		hits   int32
	}{
		{"good", []string{"/good"}, nil, chain.RevocationGood, "", 1},
		{"revoked", []string{"/revoked"}, nil, chain.Revoked, "", 1},
		{"expired", []string{"/expired"}, nil, chain.RevocationOutOfDate, "", 1},
		{"second address", []string{"/nowhere", "/good", "/revoked"}, nil, chain.RevocationGood, "", 2},
		{"no list", []string{"/text"}, nil, chain.RevocationNotFetched, ErrContent.Error(), 1},
		{"unreachable", []string{"/nowhere"}, nil, chain.RevocationNotFetched, "status 404", 1},
		{"LDAP", []string{"ldap:///cn=Example CA"}, nil, chain.RevocationNotFetched, ErrScheme.Error(), 0},
		{"no address", nil, nil, chain.RevocationUnknown, "names no address", 0},
		{"given", []string{"/good"}, [][]byte{f.crl(t, now.Add(time.Hour), 2)}, chain.Revoked, "", 0},
		{"given, but expired", []string{"/good"}, [][]byte{f.crl(t, now.Add(-time.Minute), 2)}, chain.RevocationGood, "", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var crl []string
			for _, a := range tt.crl {
				if strings.HasPrefix(a, "/") {
					a = s.URL + a
				}
				crl = append(crl, a)
			}
			user := newFamily(t, nil, crl).user
			s.hits.Store(0)
			checker := newClient(t, Options{Private: true}).Revocation(chain.NewCRLs(tt.given...))
			path := []*chain.Certificate{user, chain.FromX509(f.ca)}
			for range 2 { // the second time from memory
				got, detail := checker.Revocation(t.Context(), path, 0, now)
				if got != tt.want || !strings.Contains(detail.String(), tt.detail) {
					t.Errorf("got %v (%s), want %v (%s)", got, detail, tt.want, tt.detail)
				}
			}
			if s.hits.Load() != tt.hits {
				t.Errorf("%d requests, want %d", s.hits.Load(), tt.hits)
			}
		})
	}
}

// TestGraph fetches all that lies between a user and a root.
func TestGraph(t *testing.T) {
	s := newSite(t)
	f := newFamily(t, []string{s.URL + "/ca.crt"}, []string{s.URL + "/ca.crl"})
	s.serve("/ca.crt", f.ca.Raw)
	s.serve("/ca.crl", f.crl(t, now.Add(time.Hour)))
	c := newClient(t, Options{Private: true})
	g := chain.NewGraph(nil, []*chain.Certificate{chain.FromX509(f.ca)}, chain.Limits{})
	opts := &chain.Options{Issuers: c, Revocation: c.Revocation(chain.NewCRLs())}
	r, err := g.Build(t.Context(), f.user, now, opts)
	if err != nil || len(r.Accepted) != 1 || s.hits.Load() != 1 {
		t.Errorf("%d paths, %d requests, %v", len(r.Accepted), s.hits.Load(), err)
	}
	// What is fetched is no anchor for that.
	r, err = chain.NewGraph(nil, nil, chain.Limits{}).Build(t.Context(), f.user, now, opts)
	if err != nil || len(r.Accepted) != 0 || len(r.Fetched) != 1 {
		t.Errorf("%d paths, %d fetched, %v", len(r.Accepted), len(r.Fetched), err)
	}
}

func TestConcurrent(t *testing.T) {
	s := newSite(t)
	f := newFamily(t, []string{s.URL + "/ca.crt"}, []string{s.URL + "/ca.crl"})
	s.serve("/ca.crt", f.ca.Raw)
	s.serve("/ca.crl", f.crl(t, now.Add(time.Hour)))
	c := newClient(t, Options{Private: true, Cache: t.TempDir()})
	checker := c.Revocation(chain.NewCRLs())
	path := []*chain.Certificate{f.user, chain.FromX509(f.ca)}
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if got, err := c.Issuers(t.Context(), f.user); err != nil || len(got) != 1 {
				t.Errorf("%d certificates, %v", len(got), err)
			}
			if got, detail := checker.Revocation(t.Context(), path, 0, now); got != chain.RevocationGood {
				t.Errorf("%v (%s)", got, detail)
			}
		})
	}
	group.Wait()
	if s.hits.Load() != 2 {
		t.Errorf("%d requests, want 2", s.hits.Load())
	}
}

// TestManySets has certificates that name a few addresses in every order. The
// lists behind them may not be kept for each order without end.
func TestManySets(t *testing.T) {
	s := newSite(t)
	f := newFamily(t, nil, nil)
	elsewhere := f // whose list is about none of the certificates
	elsewhere.ca = create(t, &x509.Certificate{
		SerialNumber: big.NewInt(9), Subject: pkix.Name{CommonName: "Example Other CA"},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCRLSign, SubjectKeyId: []byte{1},
	}, nil, f.caKey, f.caKey)
	list, err := x509.CreateRevocationList(nil, &x509.RevocationList{
		Number: big.NewInt(1), ThisUpdate: now.Add(-time.Hour), NextUpdate: now.Add(time.Hour),
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 1000}, Value: make([]byte, 2<<20)}},
	}, elsewhere.ca, f.caKey)
	if err != nil {
		t.Fatal(err)
	}
	const addresses = 8
	for i := range addresses {
		s.serve(fmt.Sprint("/", i), list)
	}
	c := newClient(t, Options{Private: true})
	ca := chain.FromX509(f.ca)
	var last say.Message
	for i := range 4 * addresses {
		var order []string
		for k := range MaxAddresses {
			order = append(order, fmt.Sprint(s.URL, "/", (i*5+k*(1+i/addresses))%addresses))
		}
		user := newFamily(t, nil, order).user
		var status chain.RevocationStatus
		status, last = c.Revocation(chain.NewCRLs()).Revocation(t.Context(), []*chain.Certificate{user, ca}, 0, now)
		if status != chain.RevocationUnknown {
			t.Fatalf("%s, %s", status, last)
		}
	}
	kept := 0
	for key := range c.lists {
		kept += (1 + strings.Count(key, "\n")) * len(list)
	}
	if limit := 2 * MaxTotalSize; kept > limit {
		t.Errorf("lists of %d bytes are kept, more than %d", kept, limit)
	}
	if !strings.Contains(last.String(), "too many sets of revocation lists") {
		t.Errorf("the detail does not say so: %s", last)
	}
}

// TestNotHTTP has a server whose answers are not HTTP. What it says may go to a
// terminal only in a form that does it no harm, which is the work of the
// renderer, and never at length.
func TestNotHTTP(t *testing.T) {
	for _, answer := range []string{
		"\x1b]0;title\a\r\n\r\n",
		"HTTP/1.1 \x1b[31m\r\n\r\n",
		"HTTP/1.1 200 OK\r\n\x1b[31m" + strings.Repeat("a", 10_000) + "\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: \x1b[31m\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: \x1b[31m\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\x1b[31m\r\n",
		strings.Repeat("HTTP/1.1 103 Early\r\n\r\n", 1000),
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		go func() {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			defer conn.Close()
			io.CopyN(io.Discard, conn, 16)
			io.WriteString(conn, answer)
		}()
		_, err = newClient(t, Options{Private: true, Timeout: 5 * time.Second}).ask(t.Context(), "http://"+l.Addr().String()+"/", certificates)
		e, ok := errors.AsType[*Error](err)
		if !ok {
			t.Fatalf("%q: got %v, want an *Error", answer[:20], err)
		}
		if text := e.Error(); len(text) > 200 || strings.ContainsAny(text, "\x1b\a\r\n") {
			t.Errorf("%q: the error is %d bytes: %.100q", answer[:20], len(text), text)
		}
	}
}
