package fetch

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
)

// TestProxy holds that requests go through the proxy of the settings, which may be in a
// private network, and that what is not public is not asked through it either.
func TestProxy(t *testing.T) {
	f := newFamily(t, nil, []string{"http://crl.example.com/ca.crl"})
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.String())
		w.Write(f.crl(t, now.Add(time.Hour)))
	}))
	defer proxy.Close()
	address, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	address.User = url.UserPassword("name", "hidden")
	c := newClient(t, Options{Proxy: func(*http.Request) (*url.URL, error) { return address, nil }})
	path := []*chain.Certificate{f.user, chain.FromX509(f.ca)}
	if status, detail := c.Revocation(chain.NewCRLs()).Revocation(t.Context(), path, 0, now); status != chain.RevocationGood {
		t.Errorf("%s: %s", status, detail)
	}
	if !slices.Equal(asked, []string{"http://crl.example.com/ca.crl"}) || !slices.Equal(c.Proxies(), []string{address.Host}) {
		t.Errorf("asked %v, through %v", asked, c.Proxies())
	}
	for _, private := range []string{"http://10.0.0.1/x", "http://localhost/x", "http://[::1]/x"} {
		if _, err := c.ask(t.Context(), private, revocationLists); !errors.Is(err, ErrNotPublic) {
			t.Errorf("%s: %v", private, err)
		}
	}
	broken := newClient(t, Options{Proxy: func(*http.Request) (*url.URL, error) { return nil, errors.New("hidden") }})
	if _, err := broken.ask(t.Context(), "http://crl.example.com/ca.crl", revocationLists); err == nil || strings.Contains(err.Error(), "hidden") {
		t.Errorf("%v", err)
	}
}
