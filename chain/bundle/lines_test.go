package bundle_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/testdata/outside"
)

// described reads every file of a loop and says what came of it.
func described(t *testing.T, files iter.Seq2[bundle.Source, error]) (got []string) {
	t.Helper()
	for s, err := range files {
		if err != nil {
			return append(got, "end: "+err.Error())
		}
		f, err := s.Read(t.Context())
		var unrecognized *bundle.UnrecognizedError
		switch {
		case errors.As(err, &unrecognized):
			got = append(got, string(unrecognized.Why))
		case errors.Is(err, bundle.ErrTooLarge):
			got = append(got, "too large")
		case err != nil:
			got = append(got, err.Error())
		case f.Name != s.Name || f.Folder != s.Folder:
			t.Errorf("%s in %s is read as %s in %s", s.Name, s.Folder, f.Name, f.Folder)
		default:
			got = append(got, fmt.Sprintf("%s %d %d", f.Format, len(f.Certificates), len(f.Keys)))
		}
	}
	return got
}

func leafDER(t *testing.T) []byte {
	t.Helper()
	block, _ := pem.Decode(read(t, "example/leaf.pem"))
	return block.Bytes
}

// TestLines holds what each line gives, in whatever pieces it arrives.
func TestLines(t *testing.T) {
	der := leafDER(t)
	cert := base64.StdEncoding.EncodeToString(der)
	store := base64.StdEncoding.EncodeToString(read(t, "collections/complete.sst"))
	pfx := base64.StdEncoding.EncodeToString(read(t, "pfx/widest.pfx"))
	block := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	key := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte{0x30, 0}}))
	wide := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(cert + "\r\n" + cert + "\r\n")) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	const one, notBase64, empty = "der 1 0", "the line is no base64", "the line is empty"
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", nil},
		{"one", cert, []string{one}},
		{"kinds", cert + "\n" + store + "\n" + pfx + "\n", []string{one, "sst 4 0", "pfx 0 1"}},
		{"Windows", "\xEF\xBB\xBF" + cert + " \r\n\t" + cert + "\r\n", []string{one, one}},
		{"UTF-16", string(wide), []string{one, one}},
		{"one for one", cert + "\n\n#\n" + cert + "\n \n", []string{one, empty, notBase64, one, empty}},
		{"no certificate", base64.StdEncoding.EncodeToString([]byte("this is some text")) + "\n", []string{"want SST, PEM, DER, PKCS #7 or PFX"}},
		{"PEM", block + block, []string{one, one}},
		{"PEM with text", block + "\nsubject=CN=x\n\n" + block + "issuer=CN=y\n", []string{one, one}},
		{"text before PEM", "Bag Attributes\n" + block, []string{notBase64, one}},
		{"a key in PEM", key + block, []string{"pem 0 1", one}},
		{"END is missing", strings.Replace(block, "-----END", "", 1) + block, []string{"pem 1 0", one}},
		{"END is missing at the end", block + strings.Replace(block, "-----END", "", 1), []string{one, "pem 1 0"}},
		{"lines and PEM", cert + "\n" + block, []string{one, one}},
		{"PEM on one line", strings.ReplaceAll(block, "\n", " "), []string{one}},
	} {
		for name, pieces := range map[string]func(io.Reader) io.Reader{
			"at once": func(r io.Reader) io.Reader { return r }, "octet by octet": iotest.OneByteReader, "with the end": iotest.DataErrReader,
		} {
			t.Run(c.name+"/"+name, func(t *testing.T) {
				got := described(t, new(bundle.Options).Lines(t.Context(), pieces(strings.NewReader(c.text))))
				if !slices.Equal(got, c.want) {
					t.Errorf("got %q, want %q", got, c.want)
				}
			})
		}
	}
}

// TestLinesNames holds that the name of a file does not depend on where it stands, nor on
// the form of the stream.
func TestLinesNames(t *testing.T) {
	der := leafDER(t)
	names := func(text string) (names []string) {
		for s, err := range new(bundle.Options).Lines(t.Context(), strings.NewReader(text)) {
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, s.Name)
		}
		return names
	}
	cert := base64.StdEncoding.EncodeToString(der) + "\n"
	all := slices.Concat(names("x\n"+cert), names(cert), names("x\n\n"+cert), names(string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))))
	if all[0] != all[3] || all[1] != all[2] || all[1] != all[5] || all[1] != all[6] || all[0] == all[1] {
		t.Errorf("names differ: %q", all)
	}
}

// TestLinesLimit holds that a long line is one file that is too large, and does not hide
// the next; in memory it takes what the limit says.
func TestLinesLimit(t *testing.T) {
	outside.SkipUnderRace(t)
	der := leafDER(t)
	cert := base64.StdEncoding.EncodeToString(der) + "\n"
	block := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	opts := &bundle.Options{Limits: bundle.Limits{Size: 1 << 20}}
	long := strings.Repeat("QUFB", 1<<19)
	if got, want := described(t, opts.Lines(t.Context(), strings.NewReader(cert+long+"\n"+cert))), []string{"der 1 0", "too large", "der 1 0"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	folded := "-----BEGIN CERTIFICATE-----\n" + strings.Repeat("QUFBQUFB\n", 1<<18) + "-----END CERTIFICATE-----\n"
	if got, want := described(t, opts.Lines(t.Context(), strings.NewReader(block+folded+block))), []string{"der 1 0", "too large", "der 1 0"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	endless := io.LimitReader(ones{}, 256<<20)
	if got, want := described(t, opts.Lines(t.Context(), endless)), []string{"too large"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 {
		t.Errorf("256 MiB in one line take %d bytes", used)
	}
}

// ones is a line without an end.
type ones struct{}

func (ones) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = '1'
	}
	return len(b), nil
}

// TestLinesEnd holds that an error of the reader and the end of the context are told, and
// that half a line is no file.
func TestLinesEnd(t *testing.T) {
	cert := base64.StdEncoding.EncodeToString(leafDER(t)) + "\n"
	broken := io.MultiReader(strings.NewReader(cert+cert[:100]), iotest.ErrReader(errors.New("broken pipe")))
	if got, want := described(t, new(bundle.Options).Lines(t.Context(), broken)), []string{"der 1 0", "end: broken pipe"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	for _, err := range new(bundle.Options).Lines(ctx, io.MultiReader(strings.NewReader(cert), endlessly{cert})) {
		if n++; err != nil {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("ends with %v", err)
			}
			return
		}
		cancel()
		if n > 1000 {
			t.Fatal("goes on after the end of the context")
		}
	}
	t.Error("ends without saying why")
}

type endlessly struct{ text string }

func (e endlessly) Read(b []byte) (int, error) { return copy(b, e.text), nil }

// archive is a tar archive of some files, and of others than files.
func archive(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	add := func(h *tar.Header, data []byte) {
		h.Size, h.Mode = int64(len(data)), 0o600
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	add(&tar.Header{Name: "users/", Typeflag: tar.TypeDir}, nil)
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for n := range files {
			if !yield(n) {
				return
			}
		}
	}) {
		add(&tar.Header{Name: name, Typeflag: tar.TypeReg}, files[name])
	}
	add(&tar.Header{Name: "zz", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}, nil)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func compressed(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestTar holds what the files of an archive give, and that one which was cut anywhere is
// never taken for whole.
func TestTar(t *testing.T) {
	plain := archive(t, map[string][]byte{
		"a.cer": leafDER(t), "users/b.pfx": read(t, "pfx/widest.pfx"), "../../c.sst": read(t, "collections/complete.sst"),
		"notes.txt": []byte("some notes, and no certificate"), "large.sst": bytes.Repeat([]byte("\x00"), 1<<20),
	})
	opts := &bundle.Options{Limits: bundle.Limits{Size: 1<<20 - 1}}
	want := []string{"sst 4 0", "der 1 0", "too large", "want SST, PEM, DER, PKCS #7 or PFX", "pfx 0 1", "not a regular file"}
	for _, data := range [][]byte{plain, compressed(t, plain)} {
		if !bundle.IsTar(data[:512]) {
			t.Error("an archive is not recognised")
		}
		if got := described(t, opts.Tar(t.Context(), "all.tar", bytes.NewReader(data))); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		for s := range opts.Tar(t.Context(), "all.tar", bytes.NewReader(data)) {
			if !strings.HasPrefix(s.Name, "all.tar/") || s.Folder != "all.tar" {
				t.Errorf("a file is called %s in %s", s.Name, s.Folder)
			}
		}
		for i := 0; i < len(data)-1024; i += 512 + i/64 {
			got := described(t, opts.Tar(t.Context(), "all.tar", bytes.NewReader(data[:i])))
			if len(got) == 0 || !strings.HasPrefix(got[len(got)-1], "end: all.tar: ") {
				t.Fatalf("cut behind %d of %d octets, it ends with %q", i, len(data), got)
			}
		}
	}
	if bundle.IsTar([]byte("-----BEGIN CERTIFICATE-----")) {
		t.Error("PEM is taken for an archive")
	}
}
