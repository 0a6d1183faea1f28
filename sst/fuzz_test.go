package sst

import (
	"bytes"
	"encoding/base64"
	"errors"
	"runtime"
	"testing"
)

// parseSeeds are stores made by this package, whole and damaged.
func parseSeeds(tb testing.TB) [][]byte {
	data := fixture(tb)
	text := base64.StdEncoding.EncodeToString(data)
	empty := []byte(storeHeader + endMarker)
	seeds := [][]byte{
		data,
		empty,
		[]byte(storeHeader),
		nil,
		data[:len(data)-12],
		data[:len(data)/2],
		append(bytes.Clone(data), "tail"...),
		append(bytes.Clone(data[:len(data)-12]), "\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00"...),
		[]byte(storeHeader + "\x0b\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00" + endMarker),
		[]byte(storeHeader + "\x20\x00\x00\x00\x01\x00\x00\x00\xff\xff\xff\xff"),
		[]byte(text),
		[]byte(text[:64] + "\r\n" + text[64:128] + "\r\n"),
		[]byte("\xef\xbb\xbf" + base64.StdEncoding.EncodeToString(empty) + "\n"),
		bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")),
	}
	return seeds
}

func FuzzParse(f *testing.F) {
	seeds := parseSeeds(f)
	if len(seeds) != 14 {
		f.Fatalf("%d seeds, want 14", len(seeds))
	}
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		opts := Options{MaxSize: 1 << 20, MaxElements: 1000}
		checkAllocated(t, &opts, data)
		checkParse(t, &opts, data)
		lenient := Lenient()
		lenient.MaxSize, lenient.MaxElements = opts.MaxSize, opts.MaxElements
		checkAllocated(t, lenient, data)
		checkParse(t, lenient, data)
		checkReader(t, nil, data)
		checkReader(t, lenient, data)
		if e, err := ParseElement(data); err == nil {
			out, err := e.Marshal()
			if err != nil || !bytes.Equal(out, data) {
				t.Fatalf("element: Marshal: %v, or differs", err)
			}
		}
		if _, err := ParseRegistryExport(data); err != nil {
			var fe *FormatError
			if !errors.As(err, &fe) {
				t.Fatalf("registry: %T", err)
			}
		}
	})
}

// checkAllocated checks that Parse allocates memory in proportion to its input,
// beyond a fixed amount for the faults it lists.
func checkAllocated(tb testing.TB, opts *Options, data []byte) {
	tb.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _ = opts.Parse(data)
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 32*uint64(len(data))+256<<10 {
		tb.Fatalf("%d bytes allocated for %d", got, len(data))
	}
}

// FuzzProperty reads any value under any id with every accessor; what a typed
// accessor reads, its constructor writes again.
func FuzzProperty(f *testing.F) {
	n := 0
	for _, e := range fixtureStore(f).Elements {
		for _, p := range e.Properties {
			f.Add(uint32(p.ID), p.Value)
			n++
		}
	}
	if n != 14 {
		f.Fatalf("%d seeds, want 14", n)
	}
	f.Fuzz(func(t *testing.T, id uint32, value []byte) {
		p := Property{ID: PropID(id), Value: value}
		useProperty(p)
		same := func(q Property, err error) {
			t.Helper()
			if err == nil && !bytes.Equal(q.Value, value) {
				t.Fatalf("%v: written differently", p.ID)
			}
		}
		if s, err := p.Text(); err == nil && p.ID.Form() == FormText {
			same(newText(p.ID, s))
		}
		if v, err := p.Time(); err == nil && p.ID.Form() == FormFileTime {
			same(newTime(p.ID, v))
		}
		if v, err := p.Uint32(); err == nil && p.ID.Form() == FormDWORD {
			same(newUint32(p.ID, v))
		}
		if v, err := p.OIDs(); err == nil && p.ID.Form() == FormOIDList {
			same(newOIDs(p.ID, v...))
		}
		if k, err := p.KeyProvInfo(); err == nil {
			q, err := newKeyProvInfo(k)
			if err != nil {
				t.Fatal(err)
			}
			again, err := q.KeyProvInfo()
			if err != nil || !sameKeyProvInfo(again, k) {
				t.Fatalf("key provider: %v, or differs", err)
			}
		}
	})
}

func sameKeyProvInfo(a, b *KeyProvInfo) bool {
	if a.Container != b.Container || a.Provider != b.Provider || a.ProvType != b.ProvType ||
		a.Flags != b.Flags || a.KeySpec != b.KeySpec || len(a.Params) != len(b.Params) {
		return false
	}
	for i := range a.Params {
		x, y := a.Params[i], b.Params[i]
		if x.Param != y.Param || x.Flags != y.Flags || !bytes.Equal(x.Data, y.Data) {
			return false
		}
	}
	return true
}
