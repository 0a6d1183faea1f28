package fetch

import (
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// FuzzAnswer reads what an address may answer.
func FuzzAnswer(f *testing.F) {
	for _, name := range []string{"example/issuing-ca.pem", "collections/complete.sst", "collections/private-key.pem"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "..", "testdata", filepath.FromSlash(name)))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("<html>404</html>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, want := range []content{certificates, revocationLists} {
			certs, crls, err := read(data, want)
			if err != nil {
				if !errors.Is(err, ErrContent) && !errors.Is(err, ErrTooLarge) {
					t.Fatalf("error of type %T", err)
				}
				continue
			}
			if len(certs)+len(crls) == 0 {
				t.Fatal("nothing, and no error")
			}
			current(crls, time.Unix(0, 0))
		}
	})
}

// FuzzAddress parses addresses as certificates name them. A host that is an
// address is only dialled when it is public.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{"http://ca.example.com/ca.cer", "http://127.0.0.1/", "http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://0x7f.1/", "ldap://x", "http://u:p@x/", "http://x:25/", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		u, err := parse(address, nil)
		if err != nil {
			return
		}
		if u.User != nil || u.Scheme != "http" || u.Hostname() == "" {
			t.Fatalf("%s", u)
		}
		a, err := netip.ParseAddr(u.Hostname())
		if err != nil {
			return
		}
		if control("tcp", netip.AddrPortFrom(a, 80).String(), nil) == nil && (a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified()) {
			t.Fatalf("%s would be dialled", a)
		}
	})
}
