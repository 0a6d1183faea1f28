package bundle_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
)

// TestWalkGoesOn holds that a folder which cannot be listed does not end the walk.
func TestWalkGoesOn(t *testing.T) {
	dir := tree(t, "a", "b/1", "c/1", "d")
	closed := filepath.Join(dir, "b")
	if err := errors.Join(os.Chmod(closed, 0), os.Chmod(filepath.Dir(dir), 0o755)); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(closed, 0o777)
	if os.Geteuid() == 0 {
		// Root may list everything: for this thread it is somebody else who asks.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		const nobody = 65534
		if err := syscall.Setfsuid(nobody); err != nil {
			t.Skip("cannot be somebody else: ", err)
		}
		defer syscall.Setfsuid(0)
	}
	var got []string
	for s, err := range new(bundle.Options).Walk(t.Context(), dir, closed, filepath.Join(dir, "d")) {
		got = append(got, fmt.Sprintf("%s %v", filepath.Base(s.Name), err != nil))
		if err != nil && (s.Read != nil || !errors.Is(err, fs.ErrPermission)) {
			t.Errorf("%+v, %v", s, err)
		}
	}
	if want := []string{"a false", "b true", "1 false", "d false", "b true", "d false"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
