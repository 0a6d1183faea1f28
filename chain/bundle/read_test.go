package bundle_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/smimechain/smimechain/chain/bundle"
)

// TestReadFails holds that a source which fails in the middle gives its error and no
// part of a file, even where what came before would be a file, and that one
// octet at a time is as good as all at once.
func TestReadFails(t *testing.T) {
	boom := errors.New("the share is gone")
	for _, name := range []string{"collections/complete.sst", "example/leaf.pem", "pfx/widest.pfx"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{0, 1, len(data) / 2, len(data) - 2, len(data)} {
			f, err := new(bundle.Options).Read(context.Background(), "x", io.MultiReader(bytes.NewReader(data[:n]), iotest.ErrReader(boom)))
			if f != nil || !errors.Is(err, boom) || !strings.HasPrefix(err.Error(), "x: ") {
				t.Errorf("%s, failing after %d octets: %v, %v", name, n, f, err)
			}
			if n == len(data) || strings.HasSuffix(name, ".pfx") {
				continue // a PFX without its end is reported as such
			}
			if f, err := new(bundle.Options).Read(context.Background(), "x", bytes.NewReader(data[:n])); f != nil && f.IsArtefact() || err == nil && complete(f) {
				t.Errorf("%s, ending after %d octets: %v, %v", name, n, f, err)
			}
		}
		whole, err := new(bundle.Options).Read(context.Background(), "x", bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		slow, err := new(bundle.Options).Read(context.Background(), "x", iotest.DataErrReader(iotest.OneByteReader(bytes.NewReader(data))))
		if err != nil || len(slow.Certificates) != len(whole.Certificates) || len(slow.Keys) != len(whole.Keys) {
			t.Errorf("%s, slowly: %v, %v", name, slow, err)
		}
	}
}

// complete reports whether everything in the file could be read.
func complete(f *bundle.File) bool {
	for _, c := range f.Certificates {
		if c.Err() != nil {
			return false
		}
	}
	return len(f.Certificates) > 0
}
