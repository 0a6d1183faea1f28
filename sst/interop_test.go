package sst

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/x509"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/testdata/outside"
)

// These tests compare the package with CryptoAPI as Wine implements it, through
// a small Win32 program in testdata/win32. Wine is a witness for the parts it
// implements like Windows: the order of properties and contexts in a single
// element, and what CertSaveStore writes. Its reader of whole stores gives
// properties to the wrong certificate, so that one is asked only about stores
// without properties.

// A wine runs the program.
type wine struct {
	dir string // of the program and its files
	env []string
}

const mingw = "x86_64-w64-mingw32-gcc"

// newWine builds the program. The Wine prefix, which takes seconds to make, is
// kept in the user's cache.
func newWine(tb testing.TB) *wine {
	tb.Helper()
	if runtime.GOOS != "linux" {
		tb.Skip("Wine is used on Linux only")
	}
	outside.AtLength(tb, "Wine takes a while")
	for _, tool := range []string{mingw, "wine"} {
		if _, err := exec.LookPath(tool); err != nil {
			outside.Missing(tb, "%s is absent: %v", tool, err)
		}
	}
	w := &wine{dir: tb.TempDir()}
	prefix := filepath.Join(w.dir, "prefix")
	if cache, err := os.UserCacheDir(); err == nil {
		prefix = filepath.Join(cache, "smimechain", "wine")
	}
	if err := os.MkdirAll(prefix, 0o700); err != nil {
		tb.Fatal(err)
	}
	w.env = append(os.Environ(), "WINEPREFIX="+prefix, "WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree,mshtml=")
	source, err := filepath.Abs(filepath.Join("testdata", "win32", "storeio.c"))
	if err != nil {
		tb.Fatal(err)
	}
	if out, err := exec.Command(mingw, "-Wall", "-Wextra", "-Werror", "-O1", "-o", filepath.Join(w.dir, "storeio.exe"), source, "-lcrypt32").CombinedOutput(); err != nil {
		tb.Fatalf("%v\n%s", err, out)
	}
	tb.Cleanup(func() { w.stop(tb) })
	return w
}

// stop waits for the server of the prefix to end by itself, which it does soon
// after its last client, so that no process stays behind.
func (w *wine) stop(tb testing.TB) {
	server := "wineserver"
	if _, err := exec.LookPath(server); err != nil {
		server = "/usr/lib/wine/wineserver" // where Debian has it
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, server, "-w")
	cmd.Env = w.env
	if cmd.Run() == nil {
		return
	}
	cmd = exec.Command(server, "-k")
	cmd.Env = w.env
	if err := cmd.Run(); err != nil {
		tb.Logf("wineserver -k: %v", err)
	}
}

// run runs the program in the folder of its files, and returns its lines
// without the last, which tells how many elements there were.
func (w *wine) run(tb testing.TB, args ...string) (lines []string, count int) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "wine", append([]string{"storeio.exe"}, args...)...)
	cmd.Dir, cmd.Env = w.dir, w.env
	// Not a pipe: the services that Wine starts keep it open for seconds.
	stdout, err := os.Create(filepath.Join(w.dir, "stdout"))
	if err != nil {
		tb.Fatal(err)
	}
	defer stdout.Close()
	cmd.Stdout = stdout
	err = cmd.Run()
	out, readErr := os.ReadFile(stdout.Name())
	if readErr != nil {
		tb.Fatal(readErr)
	}
	lines = strings.Split(strings.TrimSpace(strings.ReplaceAll(string(out), "\r", "")), "\n")
	last := lines[len(lines)-1]
	n, ok := strings.CutPrefix(last, "done ")
	if count, _ = strconv.Atoi(n); !ok || err != nil {
		tb.Fatalf("storeio %v: %v, %s", args, err, last)
	}
	return lines[:len(lines)-1], count
}

func (w *wine) write(tb testing.TB, name string, data []byte) {
	tb.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), data, 0o600); err != nil {
		tb.Fatal(err)
	}
}

// digests are the lines that the program prints for elements whose properties
// do not matter, sorted.
func digests(s *Store) []string {
	var lines []string
	for _, e := range s.Elements {
		lines = append(lines, fmt.Sprintf("%s %x", strings.ToLower(strings.Replace(e.Kind.String(), "certificate", "cert", 1)), sha1.Sum(e.Raw)))
	}
	slices.Sort(lines)
	return lines
}

// withoutProperties cuts the lines of the program to those of digests.
func withoutProperties(lines []string) []string {
	var out []string
	for _, l := range lines {
		f := strings.Fields(l)
		out = append(out, strings.Join(f[:min(2, len(f))], " "))
	}
	slices.Sort(out)
	return out
}

func TestWine(t *testing.T) {
	w := newWine(t)
	t.Run("opens stores", func(t *testing.T) { testWineOpensStores(t, w) })
	t.Run("adds elements", func(t *testing.T) { testWineAddsElements(t, w) })
	t.Run("saves stores", func(t *testing.T) { testWineSavesStores(t, w) })
}

// testWineOpensStores has CertOpenStore read stores that this package wrote.
func testWineOpensStores(t *testing.T, w *wine) {
	var certs []*x509.Certificate
	for i := range int64(20) {
		certs = append(certs, newCert(t, i+1, nil))
	}
	withCRL := New(certs...)
	withCRL.Elements = append(withCRL.Elements, Element{Kind: CRL, Raw: newCRL(t, certs[0])})
	crlFirst := New(certs[0])
	crlFirst.Elements = slices.Insert(crlFirst.Elements, 0, Element{Kind: CRL, Raw: newCRL(t, certs[0])})
	clean, _ := must(Parse(corpus(t, "certutil-roots-2025-07.sst"))).Clean(time.Time{}, nil)
	for name, s := range map[string]*Store{
		"empty": {}, "one": New(certs[0]), "twenty": New(certs...), "crl": withCRL, "crlfirst": crlFirst, "roots": clean,
	} {
		w.write(t, name+".sst", must(s.Marshal()))
		for _, provider := range []string{"file", "memory"} {
			lines, n := w.run(t, provider, name+".sst")
			if n == 0 {
				lines = nil
			}
			if got, want := withoutProperties(lines), digests(s); n != len(s.Elements) || !slices.Equal(got, want) {
				t.Errorf("%s, %s: %d elements, want %d; or others", name, provider, n, len(s.Elements))
			}
		}
	}
}

// wineKnows reports whether Wine takes the property in a serialized element: it
// knows few ids, and stops at an empty value.
func wineKnows(p Property) bool {
	if len(p.Value) == 0 {
		return false
	}
	switch p.ID {
	case 2, 9, 10, 11, 12, 13, 20, 21, 22, 23, 24, 25, 26, 27, 64:
		return true
	case 3, 4, 15:
		// Taken, but not kept: CryptoAPI computes these hashes itself.
		return true
	}
	return false
}

// testWineAddsElements gives elements that this package writes, with their
// properties, to CertAddSerializedElementToStore, and compares each property
// that CryptoAPI then has.
func testWineAddsElements(t *testing.T, w *wine) {
	stores := map[string]*Store{"fixture": fixtureStore(t)}
	for _, name := range []string{"certutil-roots-2025-07.sst", "windows-update-disallowedcert.sst", "dotnet-store.sst"} {
		stores[name] = must(Parse(corpus(t, name)))
	}
	for name, s := range stores {
		t.Run(name, func(t *testing.T) {
			var list []byte
			want := make(map[string][]string) // properties by the start of the line
			sent := 0
			for _, e := range s.Elements {
				if e.Kind != Certificate && e.Kind != CRL {
					continue
				}
				e.Properties = slices.DeleteFunc(slices.Clone(e.Properties), func(p Property) bool { return !wineKnows(p) })
				b := must(e.Marshal())
				list = binary.LittleEndian.AppendUint32(list, uint32(len(b)))
				list = append(list, b...)
				var props []string
				for _, p := range e.Properties {
					switch p.ID {
					case PropSHA1Hash, PropMD5Hash, PropSignatureHash:
						continue
					case PropKeyProvInfo:
						props = append(props, "2="+keyLine(must(p.KeyProvInfo())))
						continue
					}
					props = append(props, fmt.Sprintf("%d=%x", uint32(p.ID), p.Value))
				}
				want[digests(&Store{Elements: []Element{e}})[0]] = props
				sent++
			}
			w.write(t, "elements.bin", list)
			lines, n := w.run(t, "elements", "elements.bin")
			if n != sent || len(want) != sent {
				t.Fatalf("%d of %d elements", n, sent)
			}
			for _, l := range lines {
				f := strings.Fields(l)
				props, ok := want[strings.Join(f[:2], " ")]
				if !ok {
					t.Errorf("unknown element %s", f[1])
				}
				for _, p := range props {
					if !slices.Contains(f[2:], p) {
						t.Errorf("%s: property %s is missing or differs", f[1], p[:strings.IndexByte(p, '=')])
					}
				}
			}
		})
	}
}

// keyLine is what the program prints for key provider information.
func keyLine(k *KeyProvInfo) string {
	text := func(s string) string {
		b := must(encodeText(s))
		return hex.EncodeToString(b[:len(b)-2])
	}
	return fmt.Sprintf("%s/%s/%d/%d/%d/%d", text(k.Container), text(k.Provider), k.ProvType, k.Flags, len(k.Params), k.KeySpec)
}

// testWineSavesStores reads stores that CertSaveStore wrote.
func testWineSavesStores(t *testing.T, w *wine) {
	const isCert, isCRL, name, key, usage = 1, 2, 4, 8, 16
	a, b, c := newCert(t, 1, nil), newCert(t, 2, nil), newCert(t, 3, nil)
	crl := newCRL(t, a)
	var list []byte
	for _, x := range []struct {
		commands uint32
		der      []byte
	}{{isCert | name, a.Raw}, {isCert, b.Raw}, {isCert | name | key | usage, c.Raw}, {isCRL, crl}} {
		list = binary.LittleEndian.AppendUint32(list, x.commands)
		list = binary.LittleEndian.AppendUint32(list, uint32(len(x.der)))
		list = append(list, x.der...)
	}
	w.write(t, "build.bin", list)
	if _, n := w.run(t, "save", "saved.sst", "build.bin"); n != 4 {
		t.Fatalf("%d elements saved", n)
	}
	data, err := os.ReadFile(filepath.Join(w.dir, "saved.sst"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if out := must(s.Marshal()); !bytes.Equal(out, data) {
		t.Error("Marshal differs")
	}
	if len(s.Elements) != 4 {
		t.Fatalf("%d elements", len(s.Elements))
	}
	for i := range s.Elements {
		e := &s.Elements[i]
		wantName, wantProps := "", 0
		switch {
		case bytes.Equal(e.Raw, a.Raw):
			wantName, wantProps = "Name \u00e9 \U0001F511", 1
		case bytes.Equal(e.Raw, b.Raw):
		case bytes.Equal(e.Raw, c.Raw):
			wantName, wantProps = "Name \u00e9 \U0001F511", 3
			k, err := e.KeyProvInfo()
			if err != nil || k.Container != "Test container" || k.Provider != "Test provider" || k.ProvType != 24 || k.Flags != 0x20 || k.KeySpec != 2 {
				t.Errorf("key provider: %+v, %v", k, err)
			}
			p, _ := e.Property(PropEnhKeyUsage)
			if oids, err := p.OIDs(); err != nil || len(oids) != 1 || oids[0].String() != "1.3.6.1.5.5.7.3.4" {
				t.Errorf("usage: %v, %v", oids, err)
			}
		case bytes.Equal(e.Raw, crl) && e.Kind == CRL:
		default:
			t.Errorf("element %d is none of ours", i)
		}
		if e.FriendlyName() != wantName || len(e.Properties) != wantProps {
			t.Errorf("element %d: name %q and %d properties, want %q and %d", i, e.FriendlyName(), len(e.Properties), wantName, wantProps)
		}
	}
}

// wineOpen returns how long CertOpenStore takes for the store, at best.
func wineOpen(tb testing.TB, w *wine, data []byte, certs int) time.Duration {
	tb.Helper()
	w.write(tb, "time.sst", data)
	lines, n := w.run(tb, "time", "time.sst")
	us, ok := strings.CutPrefix(lines[0], "microseconds ")
	v, err := strconv.Atoi(us)
	if n != certs || !ok || err != nil {
		tb.Fatalf("%d certificates, %q", n, lines)
	}
	return time.Duration(v) * time.Microsecond
}

// plainStore returns a store of n different certificates without properties.
func plainStore(tb testing.TB, n int64) []byte {
	tb.Helper()
	l := newLargeStore(tb, n)
	data := make([]byte, l.size())
	if _, err := l.ReadAt(data, 0); err != nil {
		tb.Fatal(err)
	}
	s := must(Parse(data))
	for i := range s.Elements {
		s.Elements[i].Properties = nil
	}
	return must(s.Marshal())
}

const wineCerts = 5000

// BenchmarkParseToWine reports how long Parse takes for a store of 5,000
// certificates, in percent of what CertOpenStore takes: below 1.
func BenchmarkParseToWine(b *testing.B) {
	w := newWine(b)
	data := plainStore(b, wineCerts)
	theirs := wineOpen(b, w, data, wineCerts)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	n := 0
	start := time.Now()
	for b.Loop() {
		s, err := Parse(data)
		if err != nil {
			b.Fatal(err)
		}
		sinkStore = s
		n++
	}
	mine := time.Since(start) / time.Duration(n)
	b.ReportMetric(100*float64(mine)/float64(theirs), "%-of-Wine")
	b.ReportMetric(float64(theirs.Milliseconds()), "ms-Wine")
}
