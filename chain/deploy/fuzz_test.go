package deploy_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/deploy"
)

// FuzzPack makes a collection of whatever a file holds: what comes out holds CA
// certificates and nothing else, in every form.
func FuzzPack(f *testing.F) {
	seeds := 0
	err := filepath.WalkDir("../../testdata", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		f.Add(data)
		seeds++
		return err
	})
	if err != nil || seeds < 24 {
		f.Fatal(err, seeds)
	}
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := bundle.Parse("x", data)
		if err != nil {
			return
		}
		_, _, _ = deploy.CurrentCollection(file)
		c, err := deploy.Pack([]*bundle.File{file}, at)
		if (c == nil) == (err == nil) {
			t.Fatalf("got %v and %v", c, err)
		}
		if err != nil {
			return
		}
		if len(file.Keys) > 0 {
			t.Fatal("packed beside a private key")
		}
		for _, encode := range []func(*deploy.PublicCollection) ([]byte, error){(*deploy.PublicCollection).SST, (*deploy.PublicCollection).PKCS7, (*deploy.PublicCollection).PEM} {
			out, err := encode(c)
			if err != nil {
				t.Fatal(err)
			}
			again, err := bundle.Parse("out", out)
			if err != nil {
				t.Fatal(err)
			}
			if len(again.Certificates) != len(c.Certificates) || len(again.Keys)+len(again.Ignored) > 0 {
				t.Fatalf("%s: %d certificates of %d", again.Format, len(again.Certificates), len(c.Certificates))
			}
			for i, cert := range again.Certificates {
				if len(cert.Properties) > 0 || again.Format != bundle.PKCS7 && !bytes.Equal(cert.Raw, c.Certificates[i].Raw) {
					t.Fatalf("%s: certificate %d differs", again.Format, i)
				}
			}
		}
		deploy.Diff(file, c)
		if _, err := deploy.Exchange(c, nil); err != nil {
			t.Fatal(err)
		}
	})
}
