package deploy_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/sst"
	"github.com/smimechain/smimechain/testdata/outside"
)

var today = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

func read(t *testing.T, name string) *bundle.File {
	t.Helper()
	f, err := bundle.ReadFile(filepath.Join("..", "..", "testdata", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestPack(t *testing.T) {
	whole, err := deploy.Pack([]*bundle.File{read(t, "collections/complete.sst")}, today)
	if err != nil {
		t.Fatal(err)
	}
	complete, err := whole.SST()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name    string
		files   []string
		leftOut []string
	}{
		{"complete", []string{"collections/complete.sst"}, nil},
		{"one by one", []string{"example/issuing-ca.pem", "example/root-self-signed.pem", "example/root-cross-signed.pem", "example/old-root.pem"}, nil},
		{"in another order", []string{"example/old-root.pem", "example/root-cross-signed.pem", "example/issuing-ca.pem", "example/root-self-signed.pem"}, nil},
		{"expired", []string{"collections/expired.sst"}, []string{"expired"}},
		{"leaf", []string{"collections/leaf-inside.sst"}, []string{"not a CA"}},
		{"duplicate", []string{"collections/duplicate.sst"}, []string{"duplicate"}},
		{"unparseable", []string{"collections/unparseable.sst"}, []string{"malformed"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var files []*bundle.File
			for _, name := range tt.files {
				files = append(files, read(t, name))
			}
			c, err := deploy.Pack(files, today)
			if err != nil {
				t.Fatal(err)
			}
			if first, last := c.Certificates[0], c.Certificates[len(c.Certificates)-1]; first.SelfSigned() || !last.SelfSigned() {
				t.Errorf("the order is from %s to %s", first, last)
			}
			var why []string
			for _, l := range c.LeftOut {
				why = append(why, l.Why)
			}
			if !slices.Equal(why, tt.leftOut) {
				t.Errorf("left out: %v, want %v", why, tt.leftOut)
			}
			got, err := c.SST()
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, complete) {
				t.Error("the store is not the complete collection, byte for byte")
			}
			for _, encode := range []func() ([]byte, error){c.PEM, c.PKCS7} {
				data, err := encode()
				if err != nil {
					t.Fatal(err)
				}
				f, err := bundle.Parse("again", data)
				if err != nil || len(f.Certificates) != 4 {
					t.Errorf("read back: %v, %v", f, err)
				}
			}
		})
	}
}

// TestPackDamaged names what not even the encoding could be read of.
func TestPackDamaged(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "example", "old-root.pem"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := bundle.Parse("ca.pem", append([]byte("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"), text...))
	if err != nil {
		t.Fatal(err)
	}
	c, err := deploy.Pack([]*bundle.File{f}, today)
	if err != nil || len(c.Certificates) != 1 || len(c.LeftOut) != 1 {
		t.Fatalf("%+v, %v", c, err)
	}
	if got, want := c.LeftOut[0].String(), "ca.pem: certificate 0 left out: cannot be decoded: PEM block is not valid base64"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPackErrors(t *testing.T) {
	for _, name := range []string{"collections/private-key.pem", "collections/private-key-property.sst"} {
		if c, err := deploy.Pack([]*bundle.File{read(t, name)}, today); !errors.Is(err, deploy.ErrPrivateKey) || c != nil {
			t.Errorf("%s: %v, %v", name, c, err)
		}
	}
	for _, files := range [][]*bundle.File{nil, {read(t, "example/leaf.pem")}} {
		if c, err := deploy.Pack(files, today); !errors.Is(err, deploy.ErrEmpty) || c != nil {
			t.Errorf("nothing left: %v, %v", c, err)
		}
	}
}

// TestPackDistrusted holds that what a store of Windows holds to be distrusted is left
// out, also where the same certificate is in another file.
func TestPackDistrusted(t *testing.T) {
	for name, mark := range map[string]func(*bundle.Certificate){
		"it lies in the store Disallowed of Windows": func(c *bundle.Certificate) { c.Store = "Disallowed" },
		"Windows has disabled it since 2020-01-01": func(c *bundle.Certificate) {
			ticks := uint64(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).Unix()+11_644_473_600) * 1e7
			c.Properties = []sst.Property{{ID: sst.PropDisallowedFileTime, Value: binary.LittleEndian.AppendUint64(nil, ticks)}}
		},
	} {
		marked := read(t, "example/old-root.pem")
		mark(&marked.Certificates[0])
		files := []*bundle.File{read(t, "example/issuing-ca.pem"), read(t, "example/old-root.pem"), marked}
		c, err := deploy.Pack(files, today)
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Certificates) != 1 || len(c.LeftOut) != 2 || c.LeftOut[0].Why != name || c.LeftOut[1].Why != name {
			t.Errorf("%s: %d certificates, left out %v", name, len(c.Certificates), c.LeftOut)
		}
	}
}

// TestPackRestricted holds that what a store restricts by a property is packed, without
// the property: nobody distrusts it.
func TestPackRestricted(t *testing.T) {
	for _, p := range []sst.Property{
		{ID: sst.PropEnhKeyUsage, Value: []byte{0x30, 0}}, {ID: sst.PropRootProgramNameConstraints, Value: []byte{0x30, 0}},
	} {
		marked := read(t, "example/old-root.pem")
		marked.Certificates[0].Properties = []sst.Property{p}
		c, err := deploy.Pack([]*bundle.File{marked}, today)
		if err != nil || len(c.Certificates) != 1 {
			t.Errorf("%s: %v", p.ID, err)
		}
	}
}

// TestPackDistrustedByList holds that what a list of the catalogue names is left out: of a
// real store of such certificates everything that has not expired.
func TestPackDistrustedByList(t *testing.T) {
	f, err := bundle.ReadFile(outside.Corpus(t, "sst", "windows-update-disallowedcert.sst"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := deploy.Pack([]*bundle.File{read(t, "example/issuing-ca.pem"), f}, today)
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, l := range c.LeftOut {
		if strings.HasPrefix(l.Why, "Microsoft's list of distrusted certificates") {
			named = append(named, l.Name)
		}
	}
	if len(c.Certificates) != 1 || len(named) != 2 || !strings.Contains(strings.Join(named, " "), "DigiNotar Root CA G2") {
		t.Errorf("%d certificates; left out as distrusted: %q", len(c.Certificates), named)
	}
}
