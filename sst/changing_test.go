package sst

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// TestChangingFile holds a Reader over a file that another program cuts short,
// lengthens or overwrites meanwhile to the elements that it could read and one
// clear error, and an Index to elements that are still what it saw.
func TestChangingFile(t *testing.T) {
	store, err := Parse(fixture(t))
	if err != nil {
		t.Fatal(err)
	}
	one, err := (&Store{Elements: store.Elements[:1]}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	one = one[headerSize : len(one)-len(endMarker)]
	many := append([]byte(storeHeader), bytes.Repeat(one, 2*windowSize/len(one)+400)...)
	many = append(many, endMarker...)
	for _, tt := range []struct {
		name   string
		change func(*os.File) error
		err    error // of what is read in order; nil: none
	}{
		{"cut short", func(f *os.File) error { return f.Truncate(int64(len(many)) - windowSize) }, ErrTruncated},
		{"emptied", func(f *os.File) error { return f.Truncate(0) }, ErrTruncated},
		{"longer", func(f *os.File) error { _, err := f.WriteAt(many, int64(len(many))); return err }, nil},
		{"zeros", func(f *os.File) error {
			_, err := f.WriteAt(make([]byte, len(many)-headerSize), headerSize)
			return err
		}, errAny},
		{"ones", func(f *os.File) error {
			_, err := f.WriteAt(bytes.Repeat([]byte{0xff}, len(many)-headerSize), headerSize)
			return err
		}, errAny},
		{"removed", func(f *os.File) error { return os.Remove(f.Name()) }, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "store.sst")
			if err := os.WriteFile(name, many, 0o600); err != nil {
				t.Fatal(err)
			}
			file, err := os.OpenFile(name, os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			r, err := NewReader(file, int64(len(many)), nil)
			if err != nil {
				t.Fatal(err)
			}
			var whole []byte // of the last element
			elements := 0
			for e, err := range r.Elements() {
				if err != nil {
					t.Fatal(err)
				}
				whole = append(whole[:0], e.Raw...)
				elements++
			}
			read, torn := 0, 0
			var failed error
			for e, err := range r.Elements() {
				if err != nil {
					if failed != nil || e != nil {
						t.Errorf("after %v: %v, %v", failed, e, err)
					}
					failed = err
					continue
				}
				if !bytes.Equal(e.Raw, whole) {
					torn++ // where the window ended: half of it is old
				}
				if read++; read == 1 {
					if err := tt.change(file); err != nil && runtime.GOOS == "windows" {
						t.Skip(err) // it removes no file that is open
					} else if err != nil {
						t.Fatal(err)
					}
				}
			}
			var format *FormatError
			if (failed == nil) != (tt.err == nil) || tt.err != nil && !errors.As(failed, &format) || tt.err != nil && tt.err != errAny && !errors.Is(failed, tt.err) {
				t.Errorf("%v, want %v", failed, tt.err)
			}
			if torn > 1 || torn == 1 && tt.err != errAny {
				t.Errorf("%d other elements", torn)
			}
			if failed == nil && read != elements {
				t.Errorf("%d elements of %d, without an error", read, elements)
			}
		})
	}
}

// errAny stands for any *FormatError.
var errAny = errors.New("any")
