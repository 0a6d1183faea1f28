package sst

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/testdata/outside"
	"golang.org/x/exp/mmap"
)

// checkReader holds for any input that is not base64: a Reader finds what Parse
// finds.
func checkReader(tb testing.TB, opts *Options, data []byte) {
	tb.Helper()
	if looksLikeBase64(data) {
		return
	}
	want, wantErr := opts.Parse(data)
	if errors.Is(wantErr, errLimit) {
		return // a Reader has other limits
	}
	r, err := NewReader(bytes.NewReader(data), int64(len(data)), opts)
	var got []Element
	if err == nil {
		for e, err2 := range r.Elements() {
			if err2 != nil {
				if e != nil {
					tb.Fatal("an element with an error")
				}
				err = err2
				break
			}
			got = append(got, *e.Clone())
		}
	}
	var fe, wantFE *FormatError
	if errors.As(err, &fe) != errors.As(wantErr, &wantFE) {
		tb.Fatalf("reader: %v, parse: %v", err, wantErr)
	}
	if fe != nil {
		if fe.Offset != wantFE.Offset || fe.Err != wantFE.Err || fe.Hint != wantFE.Hint && len(data) < 64<<10 || fe.Claimed != wantFE.Claimed || fe.Remaining != wantFE.Remaining {
			tb.Fatalf("reader: %v, parse: %v", err, wantErr)
		}
		return
	}
	if len(got) != len(want.Elements) {
		tb.Fatalf("reader: %d elements, parse: %d", len(got), len(want.Elements))
	}
	for i := range got {
		if !reflect.DeepEqual(got[i], *want.Elements[i].Clone()) {
			tb.Fatalf("element %d differs", i)
		}
	}
}

func TestReaderLikeParse(t *testing.T) {
	files := append(corpusFiles(t, "*.sst", 8), corpusFiles(t, "edge/*.sst", 38)...)
	files = append(files, corpusFiles(t, "wine/*.sst", 6)...)
	for _, name := range files {
		t.Run(name, func(t *testing.T) {
			data := corpus(t, name)
			checkReader(t, nil, data)
			checkReader(t, Lenient(), data)
		})
	}
	data := fixture(t)
	for n := range data {
		checkReader(t, nil, data[:n])
		checkReader(t, Lenient(), data[:n])
	}
}

// TestReaderWindow reads elements that are larger than the window, or lie
// across its end.
func TestReaderWindow(t *testing.T) {
	s := &Store{}
	for i := range 12 {
		big := Property{ID: PropID(0x8000 + i), Value: bytes.Repeat([]byte{byte(i)}, 50_000*i)}
		s.Elements = append(s.Elements, Element{Kind: Certificate, Raw: []byte("\x30\x03\x02\x01\x05"), Properties: []Property{big, {ID: 11, Value: bytes.Repeat([]byte{1}, 70_001)}}})
	}
	data, err := s.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	checkReader(t, nil, data)
	r, err := NewReader(bytes.NewReader(data), int64(len(data)), &Options{MaxElementSize: 300_000})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range r.Elements() {
		if err != nil {
			if !errors.Is(err, errLimit) {
				t.Error(err)
			}
			break
		}
		n++
	}
	if n != 5 {
		t.Errorf("%d elements before the limit, want 5", n)
	}
}

type brokenReader struct {
	data []byte
	good int64
	err  error
}

func (b brokenReader) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > b.good {
		return 0, b.err
	}
	return copy(p, b.data[off:]), nil
}

func TestReaderErrors(t *testing.T) {
	data := bytes.Repeat(fixture(t)[8:], 1)
	data = append([]byte(storeHeader), bytes.Repeat(data[:len(data)-12], 400)...)
	data = append(data, endMarker...)
	boom := errors.New("disk is gone")
	r, err := NewReader(brokenReader{data, 300_000, boom}, int64(len(data)), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err = readAll(r); !errors.Is(err, boom) {
		t.Errorf("got %v", err)
	}
	r, err = NewReader(brokenReader{data, 300_000, io.EOF}, int64(len(data)), nil)
	if err != nil {
		t.Fatal(err)
	}
	var fe *FormatError
	if err = readAll(r); !errors.As(err, &fe) || !errors.Is(err, ErrTruncated) {
		t.Errorf("got %v", err)
	}
	if _, err := NewReader(bytes.NewReader(nil), 0, nil); !errors.Is(err, errHeader) {
		t.Errorf("got %v", err)
	}
	rocks := strings.Repeat("x", 10_000) + "\xf7\xcf\xf4\x85\xb7\x41\xe2\x88"
	if _, err := NewReader(strings.NewReader(rocks), int64(len(rocks)), nil); !errors.As(err, &fe) || fe.Hint != hintRocksDB {
		t.Errorf("got %v", err)
	}
	text := base64.StdEncoding.EncodeToString(data)
	if _, err := NewReader(strings.NewReader(text), int64(len(text)), nil); !errors.As(err, &fe) || fe.Hint != hintBase64 {
		t.Errorf("got %v", err)
	}
	// The loop can be left early.
	r, err = NewReader(bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		t.Fatal(err)
	}
	for range r.Elements() {
		break
	}
}

// readAll returns the error that ends the elements of a store.
func readAll(r *Reader) error {
	for _, err := range r.Elements() {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestReaderMmap(t *testing.T) {
	name := filepath.Join(t.TempDir(), "store.sst")
	data := fixture(t)
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := mmap.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	r, err := NewReader(m, int64(m.Len()), nil)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for e, err := range r.Elements() {
		if err != nil || count == 1 && e.Kind != Certificate {
			t.Fatalf("element %d: %v, %v", count, e, err)
		}
		count++
	}
	if count != 5 {
		t.Errorf("%d elements", count)
	}
}

// A largeStore synthesises a store of n certificates, each with a SHA-1
// property, that differ in the serial number alone; their signatures are not
// valid.
type largeStore struct {
	n      int64
	record []byte
	serial int // where the 8 bytes of the serial number are in record
}

func newLargeStore(tb testing.TB, n int64) *largeStore {
	tb.Helper()
	const serial = 0x1122334455667788
	c := newCert(tb, serial, nil)
	e := Element{Kind: Certificate, Raw: c.Raw}
	e.setProperty(must(newText(PropFriendlyName, "Test CA")))
	record, err := e.Marshal()
	if err != nil {
		tb.Fatal(err)
	}
	return &largeStore{n, record, bytes.LastIndex(record[:len(record)-len(c.Raw)+40], binary.BigEndian.AppendUint64(nil, serial))}
}

func (l *largeStore) size() int64 { return 8 + l.n*int64(len(l.record)) + 12 }

// ReadAt makes the bytes that are asked for.
func (l *largeStore) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	for n < len(p) {
		at := off + int64(n)
		if at >= l.size() {
			return n, io.EOF
		}
		switch {
		case at < 8:
			n += copy(p[n:], storeHeader[at:])
		case at >= l.size()-12:
			n += copy(p[n:], endMarker[at-(l.size()-12):])
		default:
			i, k := (at-8)/int64(len(l.record)), (at-8)%int64(len(l.record))
			start := n - int(k) // where the record starts in p
			n += copy(p[n:], l.record[k:])
			var b [8]byte
			binary.BigEndian.PutUint64(b[:], 1<<62+uint64(i))
			for j := range b {
				if q := start + l.serial + j; q >= 0 && q < n && q >= start+int(k) {
					p[q] = b[j]
				}
			}
		}
	}
	return n, nil
}

func TestLargeStoreGenerator(t *testing.T) {
	l := newLargeStore(t, 50)
	data := make([]byte, l.size())
	if _, err := l.ReadAt(data, 0); err != nil {
		t.Fatal(err)
	}
	s, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range s.Elements {
		c, err := e.Certificate()
		if err != nil || c.SerialNumber.Int64() != 1<<62+int64(i) {
			t.Fatalf("certificate %d: %v", i, err)
		}
	}
	// The same in small pieces.
	piece := make([]byte, 7)
	for off := int64(0); off < l.size(); off += 7 {
		n, err := l.ReadAt(piece, off)
		if err != nil && err != io.EOF || !bytes.Equal(piece[:n], data[off:off+int64(n)]) {
			t.Fatalf("at %d: %v", off, err)
		}
	}
	checkReader(t, nil, data)
}

const (
	listChild    = "SST_TEST_LIST"
	manyElements = 1_000_000
	maxResident  = 32 << 20
)

// listLargeStore is what the child process of TestLargeStore does: it goes
// through a large store and prints the elements and its own peak resident set.
func listLargeStore() int {
	n, err := strconv.ParseInt(os.Getenv(listChild), 10, 64)
	if err != nil {
		return 2
	}
	l := newLargeStore(&testing.B{}, n)
	r, err := NewReader(l, l.size(), nil)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	count := 0
	for e, err := range r.Elements() {
		if err != nil {
			fmt.Println(err)
			return 1
		}
		if _, _, err := e.IssuerSerial(); err != nil || e.FriendlyName() != "Test CA" {
			return 1
		}
		count++
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 1
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	rest, _, _ = strings.Cut(rest, "kB")
	fmt.Println(count, strings.TrimSpace(rest), l.size())
	return 0
}

// runListChild returns the peak resident set of a process that lists n
// certificates, in bytes, and the size of the store.
func runListChild(tb testing.TB, n int) (resident, size int64) {
	tb.Helper()
	exe, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), listChild+"="+strconv.Itoa(n))
	out, err := cmd.CombinedOutput()
	if err != nil {
		tb.Fatalf("%v: %s", err, out)
	}
	var count, kb int64
	if _, err := fmt.Sscan(string(out), &count, &kb, &size); err != nil || count != int64(n) {
		tb.Fatalf("%v: %s", err, out)
	}
	return kb << 10, size
}

// TestLargeStore lists a store of a million certificates in a process of its
// own, which must stay small.
func TestLargeStore(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the peak resident set is read from /proc")
	}
	outside.AtLength(t, "a million certificates take a while")
	if raceEnabled {
		t.Skip("the race detector takes more memory than the reader")
	}
	resident, size := runListChild(t, manyElements)
	t.Logf("%d certificates, %d MB: peak resident set %.1f MB", manyElements, size>>20, float64(resident)/(1<<20))
	if resident > maxResident {
		t.Errorf("peak resident set %d bytes, want at most %d", resident, maxResident)
	}
}

// BenchmarkReaderMillion lists a million certificates.
func BenchmarkReaderMillion(b *testing.B) {
	l := newLargeStore(b, manyElements)
	b.SetBytes(l.size())
	b.ReportAllocs()
	for b.Loop() {
		r, err := NewReader(l, l.size(), nil)
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for _, err := range r.Elements() {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != manyElements {
			b.Fatal(n)
		}
	}
	if runtime.GOOS == "linux" {
		resident, _ := runListChild(b, manyElements)
		b.ReportMetric(float64(resident)/(1<<20), "MB-peak-resident")
	}
}
