package bundle_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/testdata/outside"
)

// tarred packs names and contents in turns.
func tarred(t testing.TB, list ...any) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i := 0; i < len(list); i += 2 {
		data := list[i+1].([]byte)
		if err := errors.Join(w.WriteHeader(&tar.Header{Name: list[i].(string), Mode: 0o644, Size: int64(len(data))}), write(w, data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func write(w interface{ Write([]byte) (int, error) }, data []byte) error {
	_, err := w.Write(data)
	return err
}

func gzipped(t testing.TB, name string, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Name = name
	if err := errors.Join(write(w, data), w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestTarAndGzip reads archives of every kind as ZIP is read: in whole, in one another, with
// names that lead nowhere, and no more than the limits allow.
func TestTarAndGzip(t *testing.T) {
	outside.SkipUnderRace(t)
	der := certificate(t, "issuing-ca").Raw
	plain := tarred(t, "../../etc/a.cer", der, "dir/b.cer", der, "note.txt", []byte("hello"))
	for _, tt := range []struct {
		name string
		data []byte
		want []string
	}{
		{"a.tar", plain, []string{"a.tar/etc/a.cer", "a.tar/dir/b.cer"}},
		{"a.tgz", gzipped(t, "", plain), []string{"a.tgz/etc/a.cer", "a.tgz/dir/b.cer"}},
		{"folder/a.cer.gz", gzipped(t, "", der), []string{"folder/a.cer.gz/a.cer"}},
		{"x", gzipped(t, "a.cer", der), []string{"x/a.cer"}},
		{"a.zip", zipOf(t, "in.tgz", gzipped(t, "", tarred(t, "a.cer", der))), []string{"a.zip/in.tgz/a.cer"}},
		{"a.tar", tarred(t, "in.zip", zipOf(t, "a.cer", der)), []string{"a.tar/in.zip/a.cer"}},
		{"cut.tar", plain[:1024+512], []string{"cut.tar/etc/a.cer"}},
		{"without an end.tar", plain[:len(plain)-1024], []string{"without an end.tar/etc/a.cer", "without an end.tar/dir/b.cer"}},
	} {
		f, err := bundle.Parse(tt.name, tt.data)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var got []string
		for _, inner := range f.Flat() {
			got = append(got, inner.Name)
			if len(inner.Certificates) != 1 || inner.Folder == "" {
				t.Errorf("%s: %d certificates, in %q", inner.Name, len(inner.Certificates), inner.Folder)
			}
		}
		if !slices.Equal(got, tt.want) || f.Format != bundle.Archive {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
		if strings.Contains(tt.name, "cut") || strings.Contains(tt.name, "end") {
			if n := len(f.Skipped); n == 0 || !strings.Contains(f.Skipped[n-1].Err.Error(), "cut short") {
				t.Errorf("%s: nothing is said of its end: %+v", tt.name, f.Skipped)
			}
		}
	}
	many := make([]any, 0, 30_000)
	for range 15_000 {
		many = append(many, "a", []byte{})
	}
	for name, tt := range map[string]struct {
		data []byte
		want error // nil: not recognised
	}{
		"a bomb":           {gzipped(t, "", make([]byte, 8<<20)), bundle.ErrTooLarge},
		"a bomb in tar":    {gzipped(t, "", tarred(t, "zeros", make([]byte, 8<<20))), bundle.ErrTooLarge},
		"a bomb, passed":   {gzipped(t, "", append(tarred(t, "a.cer", der)[:2048], make([]byte, 64<<20)...)), bundle.ErrTooLarge},
		"many files":       {tarred(t, many...), bundle.ErrTooLarge},
		"thrice":           {gzipped(t, "", gzipped(t, "", gzipped(t, "", der))), nil},
		"cut":              {gzipped(t, "", der)[:200], nil},
		"nothing":          {gzipped(t, "", nil), nil},
		"only text":        {tarred(t, "note.txt", []byte("hello")), nil},
		"the header alone": {[]byte{0x1f, 0x8b, 8}, nil},
	} {
		_, err := bundle.Parse("a", tt.data)
		var unrecognized *bundle.UnrecognizedError
		if err == nil || tt.want != nil && !errors.Is(err, tt.want) || tt.want == nil && errors.Is(err, bundle.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		} else if tt.want == nil && !errors.As(err, &unrecognized) && !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestTarOfGzip streams the one file that is inside gzip, which is read in its turn.
func TestTarOfGzip(t *testing.T) {
	in := bytes.NewReader(gzipped(t, "", leafDER(t)))
	var all []bundle.Source
	for s, err := range new(bundle.Options).Tar(t.Context(), "a.cer.gz", in) {
		if err != nil {
			t.Fatal(err)
		}
		in.Reset(nil) // as a file that is closed
		all = append(all, s)
	}
	if len(all) != 1 || all[0].Name != "a.cer.gz/a.cer" {
		t.Fatalf("%+v", all)
	}
	if f, err := all[0].Read(t.Context()); err != nil || len(f.Certificates) != 1 {
		t.Errorf("%v, %v", f, err)
	}
}
