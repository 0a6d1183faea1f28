package describe

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
)

// example returns a certificate of the Example PKI.
func example(t *testing.T, name string) *chain.Certificate {
	t.Helper()
	return exampleFile(t, name).Certificates[0].Certificate
}

func exampleFile(t *testing.T, names ...string) *bundle.File {
	t.Helper()
	var all []byte
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join("..", "..", "..", "testdata", "example", name+".pem"))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data...)
	}
	f, err := bundle.Parse(strings.Join(names, "+"), all)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestPickLeaf(t *testing.T) {
	tests := []struct {
		name  string
		certs []string
		want  string // empty: an error
	}{
		{"a user", []string{"leaf"}, "leaf"},
		{"a CA", []string{"issuing-ca"}, "issuing-ca"},
		{"a root", []string{"old-root"}, "old-root"},
		{"full chain, root first", []string{"old-root", "root-cross-signed", "issuing-ca", "leaf"}, "leaf"},
		{"chain of CAs", []string{"root-self-signed", "issuing-ca"}, "issuing-ca"},
		{"two CAs side by side", []string{"root-self-signed", "issuing-ca", "issuing-ca-expired"}, ""},
		{"two forms of one root", []string{"root-self-signed", "root-cross-signed"}, ""},
		{"none", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var certs []*chain.Certificate
			for _, name := range tt.certs {
				certs = append(certs, example(t, name))
			}
			got, err := pickLeaf(certs)
			if tt.want == "" {
				if err == nil {
					t.Errorf("got %v", got)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got.SHA256() != example(t, tt.want).SHA256() {
				t.Errorf("got %v, want %s", got, tt.want)
			}
		})
	}
}

func TestPool(t *testing.T) {
	file := func(names ...string) []*bundle.File { return []*bundle.File{exampleFile(t, names...)} }
	tests := []struct {
		name           string
		leaf, rest     []*bundle.File
		certs, anchors int
	}{
		{"self-signed certificates are anchors", file("leaf"), file("issuing-ca", "root-cross-signed", "root-self-signed", "old-root"), 5, 2},
		{"beside the leaf too", file("leaf", "issuing-ca", "old-root"), nil, 3, 1},
		{"but not the leaf itself", file("old-root"), file("issuing-ca"), 2, 0},
		{"unless it is given again", file("old-root"), file("old-root"), 1, 1},
		{"each once", file("leaf"), append(file("old-root"), file("old-root", "leaf")...), 2, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := NewPool(tt.leaf, tt.rest)
			if err != nil {
				t.Fatal(err)
			}
			if len(p.Certificates) != tt.certs || len(p.Anchors) != tt.anchors {
				t.Errorf("%d certificates and %d anchors, want %d and %d", len(p.Certificates), len(p.Anchors), tt.certs, tt.anchors)
			}
			for _, c := range p.Certificates {
				if p.File(c) == "" {
					t.Errorf("%v has no file", c)
				}
			}
		})
	}
}

// What cannot be decoded is listed with its place, and revocation lists are kept.
func TestPoolRest(t *testing.T) {
	damaged, err := bundle.Parse("damaged.pem", []byte("-----BEGIN CERTIFICATE-----\nMII?\n-----END CERTIFICATE-----\n"))
	if err != nil {
		t.Fatal(err)
	}
	damaged.CRLs = []bundle.CRL{{Raw: []byte{0x30, 0}}}
	p, err := NewPool([]*bundle.File{exampleFile(t, "leaf")}, []*bundle.File{damaged})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Unreadable) != 1 || p.Unreadable[0].File != "damaged.pem" || p.Unreadable[0].Error.String() == "" || (Cause{}).String() != "" {
		t.Errorf("unreadable: %+v", p.Unreadable)
	}
	if len(p.CRLs) != 1 || len(p.Lists().Errors()) != 1 {
		t.Errorf("revocation lists: %v, %v", p.CRLs, p.Lists().Errors())
	}
}
