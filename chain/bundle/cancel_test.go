package bundle_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
)

// TestCancelled holds that nothing is read once the context has ended, and that what is
// being read stops.
func TestCancelled(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	password := "example-lemon-orbit-velvet"
	opts := &bundle.Options{Password: &password}
	for _, path := range []string{"pfx/modern-without-root.pfx", "collections/complete.sst", "example/issuing-ca.pem"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "testdata", filepath.FromSlash(path)))
		if err != nil {
			t.Fatal(err)
		}
		if f, err := opts.Parse(ended, "x", data); !errors.Is(err, context.Canceled) || f != nil || !strings.HasPrefix(err.Error(), "x: ") {
			t.Errorf("%s: %v, %v", path, f, err)
		}
		if _, err := opts.Read(ended, "x", strings.NewReader(string(data))); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", path, err)
		}
		if files, _, err := opts.ReadFS(ended, fstest.MapFS{"x": {Data: data}}, "."); !errors.Is(err, context.Canceled) || len(files) != 0 {
			t.Errorf("%s in a folder: %v, %v", path, files, err)
		}
	}
	// A reader that never ends, and a context that does.
	soon, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := (&bundle.Options{Limits: bundle.Limits{Size: 1 << 40}}).Read(soon, "x", slow{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

// slow gives an octet at a time.
type slow struct{}

func (slow) Read(p []byte) (int, error) {
	time.Sleep(time.Millisecond)
	p[0] = 'x'
	return 1, nil
}

// TestOwnLimits holds that smaller limits than the defaults count.
func TestOwnLimits(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "collections", "complete.sst"))
	if err != nil {
		t.Fatal(err)
	}
	for name, limits := range map[string]bundle.Limits{"size": {Size: len(data) - 1}, "elements": {Elements: 2}} {
		opts := &bundle.Options{Limits: limits}
		if _, err := opts.Parse(t.Context(), "x", data); !errors.Is(err, bundle.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := opts.Read(t.Context(), "x", strings.NewReader(string(data))); !errors.Is(err, bundle.ErrTooLarge) {
			t.Errorf("%s, read: %v", name, err)
		}
	}
	if f, err := (&bundle.Options{Limits: bundle.Limits{Size: len(data)}}).Parse(t.Context(), "x", data); err != nil || len(f.Certificates) == 0 {
		t.Errorf("%v, %v", f, err)
	}
	pfx, err := os.ReadFile(filepath.Join("..", "..", "testdata", "pfx", "modern-without-root.pfx"))
	if err != nil {
		t.Fatal(err)
	}
	password := "example-lemon-orbit-velvet"
	f, err := (&bundle.Options{Password: &password, Limits: bundle.Limits{Iterations: 10}}).Parse(t.Context(), "x", pfx)
	if err != nil || f.PFX.Password.Status.Right() {
		t.Errorf("10 iterations opened it: %v", err)
	}
}
