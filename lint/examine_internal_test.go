package lint

import (
	"slices"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
)

// TestCrossSignedOf holds which certificates zlint is told to be cross-signed: those of whose
// name and key there is another from another issuer, and those that the catalogue calls so.
// One that names itself as its issuer is none.
func TestCrossSignedOf(t *testing.T) {
	below, self, cross := realCA(t, "ca-incommon-rsa-secure-email-3.pem"), realCA(t, "root-r46-self-signed.pem"), realCA(t, "root-r46-cross-signed-by-usertrust.pem")
	list := func(c ...*chain.Certificate) []*chain.Certificate { return c }
	for _, tt := range []struct {
		name           string
		certs, support []*chain.Certificate
		known          *catalog.Catalog
		want           []bool
	}{
		{"both", list(cross, self, below), nil, new(catalog.Catalog), []bool{true, false, false}},
		{"the other beside it", list(cross), list(self), new(catalog.Catalog), []bool{true}},
		{"something else beside it", list(cross), list(below), new(catalog.Catalog), []bool{false}},
		{"alone", list(cross), nil, new(catalog.Catalog), []bool{false}},
		{"twice", list(cross, cross), nil, new(catalog.Catalog), []bool{false, false}},
		{"known", list(cross, below), nil, catalog.Default(), []bool{true, false}},
		{"the root", list(self), list(cross), catalog.Default(), []bool{false}},
		{"what cannot be decoded", list(chain.ParseCertificate(nil), cross), nil, new(catalog.Catalog), []bool{false, false}},
	} {
		f := new(bundle.File)
		for _, c := range tt.certs {
			f.Certificates = append(f.Certificates, bundle.Certificate{Certificate: c})
		}
		c := &Collection{Support: tt.support}
		c.add(f)
		if got := c.crossSigned(tt.known); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
