package table

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// someFile makes records with texts that share much, little and nothing, more than fill a
// block.
func someFile(n int) *File {
	r := rand.New(rand.NewPCG(1, 2))
	f := &File{Notes: []string{"second", "", "first"}}
	for i := range n {
		rec := Record{
			SHA256: sha256.Sum256(fmt.Append(nil, i)), NotBefore: int64(i) - 1<<38, NotAfter: 1<<39 - 1 - int64(i),
			Kind: uint8(i), Advice: uint8(i / 3), PathLength: uint8(255 - i%3), Weak: i%2 == 0,
		}
		rec.SHA1[0] = byte(i)
		for k := range rec.Fields {
			switch r.IntN(4) {
			case 0: // empty
			case 1:
				rec.Fields[k] = fmt.Sprintf("CN=CA %d,O=Company", r.IntN(n))
			case 2:
				rec.Fields[k] = strings.Repeat("x", r.IntN(300)) + string(rune(r.IntN(256)))
			default:
				rec.Fields[k] = fmt.Sprintf("%x", r.Uint64())
			}
		}
		f.Records = append(f.Records, rec)
	}
	return f
}

// TestRoundTrip writes records in any order, and finds each with all that it had.
func TestRoundTrip(t *testing.T) {
	for _, n := range []int{0, 1, 2, blockSize, 500} {
		f := someFile(n)
		data, err := f.Encode()
		if err != nil {
			t.Fatal(err)
		}
		other := &File{Records: slices.Clone(f.Records), Notes: f.Notes}
		slices.Reverse(other.Records)
		if again, err := other.Encode(); err != nil || string(again) != string(data) {
			t.Errorf("%d records in another order make another file: %v", n, err)
		}
		tab, err := Open(string(data))
		if err != nil || tab.Len() != n || !slices.Equal(tab.Notes(), f.Notes) {
			t.Fatalf("%d records: %v, %v", n, tab, err)
		}
		for i := -1; i <= len(f.Notes); i++ {
			want := ""
			if i >= 0 && i < len(f.Notes) {
				want = f.Notes[i]
			}
			if got := tab.Note(i); got != want {
				t.Errorf("note %d: %q", i, got)
			}
		}
		for _, want := range f.Records {
			i, ok := tab.Find(want.SHA256)
			if !ok {
				t.Fatalf("%x is not found", want.SHA256)
			}
			if got, ok := tab.Record(i); !ok || got != want || tab.SHA256(i) != string(want.SHA256[:]) {
				t.Errorf("%+v, want %+v", got, want)
			}
			if !slices.Contains(slices.Collect(tab.Named(Fold(want.Fields[Subject]))), i) {
				t.Errorf("%q is not found by its name", want.Fields[Subject])
			}
			if id := want.Fields[KeyID]; slices.Contains(slices.Collect(tab.WithKeyID([]byte(id))), i) != (id != "") {
				t.Errorf("%q is found by its key identifier: %v", id, id == "")
			}
			for k := range want.Fields {
				if got, ok := tab.Field(i, Field(k)); !ok || got != want.Fields[k] {
					t.Errorf("field %d: %q, want %q", k, got, want.Fields[k])
				}
				if (tab.Number(i, Field(k)) == 0) != (want.Fields[k] == "") {
					t.Errorf("%q has number %d", want.Fields[k], tab.Number(i, Field(k)))
				}
			}
		}
		if _, ok := tab.Find([32]byte{1}); ok {
			t.Error("what is not there is found")
		}
		for _, i := range []int{-1, n} {
			if _, ok := tab.Record(i); ok {
				t.Errorf("record %d of %d", i, n)
			}
		}
	}
}

// TestLimits holds what cannot be written.
func TestLimits(t *testing.T) {
	one := someFile(1).Records[0]
	change := func(f func(*Record)) *File {
		r := one
		f(&r)
		return &File{Records: []Record{r}}
	}
	for name, tt := range map[string]struct {
		file *File
		want string // empty: it can
	}{
		"the longest text":  {change(func(r *Record) { r.Fields[AIA] = strings.Repeat("x", maxText) }), ""},
		"a longer one":      {change(func(r *Record) { r.Fields[AIA] = strings.Repeat("x", maxText+1) }), "65536 octets"},
		"the earliest time": {change(func(r *Record) { r.NotBefore = -1 << 39 }), ""},
		"an earlier one":    {change(func(r *Record) { r.NotBefore = -1<<39 - 1 }), "40 bits"},
		"the latest time":   {change(func(r *Record) { r.NotAfter = 1<<39 - 1 }), ""},
		"a later one":       {change(func(r *Record) { r.NotAfter = 1 << 39 }), "40 bits"},
		"one twice":         {&File{Records: []Record{one, one}}, "twice"},
		"too many notes":    {&File{Notes: make([]string, 1<<16)}, "notes"},
	} {
		_, err := tt.file.Encode()
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDamage opens a file with each octet changed and cut at each place: what is read of
// it may be wrong, and nothing panics.
func TestDamage(t *testing.T) {
	f := someFile(3)
	whole, err := f.Encode()
	if err != nil {
		t.Fatal(err)
	}
	use := func(data []byte) error {
		tab, err := Open(string(data))
		if err != nil {
			return err
		}
		tab.Notes()
		tab.Note(1)
		for i := range tab.Len() {
			tab.Record(i)
			tab.SHA256(i)
			tab.Field(i, Programmes)
		}
		tab.Find(f.Records[0].SHA256)
		for range tab.Named(Fold(f.Records[0].Fields[Subject])) {
		}
		for range tab.WithKeyID([]byte("x")) {
		}
		return nil
	}
	for n := range whole {
		if use(whole[:n]) == nil {
			t.Errorf("%d of %d octets are a file", n, len(whole))
		}
	}
	for i := range whole {
		for _, bit := range []byte{0x01, 0x80, 0xff} {
			other := slices.Clone(whole)
			other[i] ^= bit
			if err := use(other); err == nil && i < len(magic)+4 {
				t.Errorf("octet %d of the header is not looked at", i)
			}
		}
	}
}
