package ber

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math/big"
	"strings"
	"testing"
)

func octets(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestNext(t *testing.T) {
	tests := []struct {
		name, input  string
		content, raw string // empty for an error
		form         Form
		offset       int // of the error
		truncated    bool
	}{
		{name: "definite", input: "0403 010203 ff", content: "010203", raw: "0403010203"},
		{name: "empty", input: "0500", content: "", raw: "0500"},
		{name: "long length", input: "0481 03 010203", content: "010203", raw: "048103010203", form: Form{LongLength: true}},
		{name: "length with zeros", input: "0484 00000003 010203", content: "010203", raw: "048400000003010203", form: Form{LongLength: true}},
		{name: "indefinite", input: "3080 0401aa 0000 ff", content: "0401aa", raw: "30800401aa0000", form: Form{Indefinite: true}},
		{name: "nested indefinite", input: "3080 2480 0401aa 0000 0000", content: "24800401aa0000", raw: "308024800401aa00000000", form: Form{Indefinite: true}},
		{name: "zeros inside definite", input: "3080 04020000 0000", content: "04020000", raw: "3080040200000000", form: Form{Indefinite: true}},
		{name: "high tag", input: "bf8101 01 00", content: "00", raw: "bf81010100"},

		{name: "nothing", input: "", truncated: true},
		{name: "tag only", input: "04", truncated: true},
		{name: "too long", input: "0405 0102", truncated: true},
		{name: "length cut off", input: "0482 01", truncated: true},
		{name: "no end", input: "3080 0401aa", truncated: true, offset: 5},
		{name: "end cut off", input: "3080 0401aa 00", truncated: true, offset: 5},
		{name: "length of 5 octets", input: "0485 0100000000", offset: 0},
		{name: "length above 2^31", input: "0484 80000000", offset: 0},
		{name: "reserved length", input: "04ff", offset: 0},
		{name: "primitive indefinite", input: "0480 0000", offset: 0},
		{name: "end without start", input: "0000", offset: 0},
		{name: "end with content", input: "3080 0001aa 0000", offset: 2},
		{name: "tag too large", input: "1f8fffffffff7f 00", offset: 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var form Form
			e, err := New(octets(t, test.input), &form).Next()
			if test.raw == "" {
				var syntax *Error
				if !errors.As(err, &syntax) {
					t.Fatalf("error %v", err)
				}
				if syntax.Truncated != test.truncated || syntax.Offset != test.offset {
					t.Errorf("%v: truncated %v at %d, want %v at %d", err, syntax.Truncated, syntax.Offset, test.truncated, test.offset)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(e.Content, octets(t, test.content)) || !bytes.Equal(e.Raw, octets(t, test.raw)) {
				t.Errorf("content %x, raw %x", e.Content, e.Raw)
			}
			if form != test.form {
				t.Errorf("form %+v, want %+v", form, test.form)
			}
		})
	}
}

func TestOctets(t *testing.T) {
	tests := []struct {
		input, want string
		ok          bool
	}{
		{"0402 0102", "0102", true},
		{"2408 0402 0102 0402 0304", "01020304", true},
		{"2480 0402 0102 0402 0304 0000", "01020304", true},
		{"2480 2480 0401 01 0000 0401 02 0000", "0102", true},
		{"2406 0404 01020304", "01020304", true},
		{"2400", "", true},
		{"a080 0402 0102 0000", "0102", true}, // implicit tag
		{"2403 0201 01", "", false},           // an INTEGER for a segment
	}
	for _, test := range tests {
		input := octets(t, test.input)
		var form Form
		e, err := New(input, &form).Next()
		if err != nil {
			t.Fatal(err)
		}
		got, err := e.Octets()
		if (err == nil) != test.ok || !bytes.Equal(got, octets(t, test.want)) {
			t.Errorf("%s: %x, %v", test.input, got, err)
		}
		if form.Segmented != e.Constructed {
			t.Errorf("%s: %+v", test.input, form)
		}
		if !bytes.Equal(input, octets(t, test.input)) {
			t.Errorf("%s: the input was changed", test.input)
		}
	}
}

func TestInt(t *testing.T) {
	tests := []struct {
		input string
		want  string // empty for an error
	}{
		{"0201 00", "0"},
		{"0201 7f", "127"},
		{"0201 ff", "-1"},
		{"0202 0080", "128"},
		{"0204 00000001", "1"},
		{"0206 010000000000", "1099511627776"},
		{"0209 00ffffffffffffffff", "18446744073709551615"},
		{"0200", ""},
		{"2203 0201 01", ""},
	}
	for _, test := range tests {
		got, err := New(octets(t, test.input), nil).Int()
		if test.want == "" {
			if err == nil {
				t.Errorf("%s: %v", test.input, got)
			}
			continue
		}
		want, _ := new(big.Int).SetString(test.want, 10)
		if err != nil || got.Cmp(want) != 0 {
			t.Errorf("%s: %v, %v, want %s", test.input, got, err, test.want)
		}
	}
}

func TestOID(t *testing.T) {
	tests := []struct{ input, want string }{
		{"0609 2a864886f70d010701", "1.2.840.113549.1.7.1"},
		{"0603 550403", "2.5.4.3"},
		{"0602 8837", "2.999"},
		{"0601 00", "0.0"},
		{"0614 6983d4b0b2e78ffaa2d4c1f38bc4d5b1a9d0cd55", ""}, // checked below for its shape only
		{"0600", ""},
		{"0602 2a86", ""}, // ends inside a number
		{"0603 2a8001", ""},
		{"0602 8001", ""},
		{"0603 2a8100", "1.2.128"},
		{"0681 80 2a" + strings.Repeat("01", 127), "1.2" + strings.Repeat(".1", 127)},
		{"0681 81 2a" + strings.Repeat("01", 128), ""}, // too long
		{"0401 2a", ""},
	}
	for _, test := range tests {
		got, err := New(octets(t, test.input), nil).OID()
		if strings.HasPrefix(test.input, "0614 69") {
			if err != nil || !strings.HasPrefix(got, "2.") || len(got) < 30 {
				t.Errorf("wide number: %q, %v", got, err)
			}
			continue
		}
		if (err == nil) != (test.want != "") || got != test.want {
			t.Errorf("%s: %q, %v, want %q", test.input, got, err, test.want)
		}
	}
}

// The levels are counted across Readers, for definite and indefinite lengths,
// and across the segments of strings.
func TestDepth(t *testing.T) {
	descend := func(data []byte) (levels int, err error) {
		r := New(data, nil)
		for {
			e, err := r.Next()
			if err != nil {
				return levels, err
			}
			levels++
			if len(e.Content) == 0 {
				return levels, nil
			}
			if r, err = e.Inside(); err != nil {
				return levels, err
			}
		}
	}
	for _, n := range []int{1, MaxDepth, MaxDepth + 1, 10 * MaxDepth} {
		var definite []byte
		for range n {
			length := []byte{byte(len(definite))}
			if len(definite) > 127 {
				length = []byte{0x82, byte(len(definite) >> 8), byte(len(definite))}
			}
			definite = append(append([]byte{0x30}, length...), definite...)
		}
		indefinite := append(bytes.Repeat([]byte{0x30, 0x80}, n), bytes.Repeat([]byte{0, 0}, n)...)
		for _, data := range [][]byte{definite, indefinite} {
			levels, err := descend(data)
			if (err == nil) != (n <= MaxDepth) || levels > MaxDepth {
				t.Errorf("%d levels: went down %d, %v", n, levels, err)
			}
		}
		segments := append(bytes.Repeat([]byte{0x24, 0x80}, n), bytes.Repeat([]byte{0, 0}, n)...)
		e, err := New(segments, nil).Next()
		if err == nil {
			_, err = e.Octets()
		}
		if (err == nil) != (n < MaxDepth) {
			t.Errorf("%d levels of segments: %v", n, err)
		}
	}
}

func TestClipping(t *testing.T) {
	tests := []struct {
		input, content string
		missing        int
	}{
		{"3005 0403 0102", "04030102", 1},
		{"3082 1000 0403", "0403", 0x1000 - 2},
		{"3080 0403 0102", "04030102", -1},
		{"3003 020101", "020101", 0},
	}
	for _, test := range tests {
		var form Form
		e, err := NewClipping(octets(t, test.input), &form).Next()
		if err != nil || !bytes.Equal(e.Content, octets(t, test.content)) || form.Missing != test.missing {
			t.Errorf("%s: %x, missing %d, %v", test.input, e.Content, form.Missing, err)
		}
	}
}

func TestExpect(t *testing.T) {
	r := New(octets(t, "0201 01 0500"), nil)
	if _, err := r.Octets(); err == nil {
		t.Error("an INTEGER was taken for an OCTET STRING")
	}
	if _, ok, err := r.Optional(Universal, Null); ok || err != nil {
		t.Errorf("an INTEGER was taken for a NULL: %v", err)
	}
	if v, err := r.Int(); err != nil || v.Int64() != 1 {
		t.Errorf("%v, %v: what was refused is left to be read", v, err)
	}
	if r.End() == nil {
		t.Error("the NULL was overlooked")
	}
	if _, ok, err := r.Optional(Universal, Null); !ok || err != nil || r.End() != nil {
		t.Errorf("no NULL: %v", err)
	}
	if _, err := r.Sequence(); err == nil {
		t.Error("a SEQUENCE after the end")
	}
}

var seeds = []string{
	"0403010203", "30800401aa0000", "248024800401010000040102 0000", "3082000302 0101", "a080040201020000",
	"06092a864886f70d010701", "0206010000000000", "308030803080000000000000", "0485 0100000000", "1f8fffffffff7f00",
}

// FuzzReader walks over everything that can be reached.
func FuzzReader(f *testing.F) {
	for _, s := range seeds {
		f.Add(octets(f, s))
	}
	if len(seeds) != 10 {
		f.Fatalf("%d seeds", len(seeds))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		input := bytes.Clone(data)
		for _, r := range []*Reader{New(data, nil), NewClipping(data, nil)} {
			visit(t, r, 0)
		}
		if !bytes.Equal(input, data) {
			t.Error("the input was changed")
		}
	})
}

func visit(t *testing.T, r *Reader, level int) {
	if level > MaxDepth {
		t.Fatalf("%d levels", level)
	}
	for !r.Empty() {
		before := r.Offset()
		e, err := r.Next()
		if err != nil {
			var syntax *Error
			if !errors.As(err, &syntax) {
				t.Fatalf("error of type %T", err)
			}
			return
		}
		if r.Offset() != before+len(e.Raw) || e.Offset != before || len(e.Raw) < 2 {
			t.Fatalf("element of %d octets at %d: next at %d", len(e.Raw), e.Offset, r.Offset())
		}
		if !bytes.Contains(e.Raw, e.Content) {
			t.Fatal("the content is not in the element")
		}
		if b, err := e.Octets(); err == nil && len(b) > len(e.Content) {
			t.Fatal("a string grew")
		}
		_, _ = e.Int()
		_, _ = e.OID()
		if in, err := e.Inside(); err == nil {
			visit(t, in, level+1)
		}
	}
}

func BenchmarkNext(b *testing.B) {
	data := bytes.Repeat(octets(b, "3080 0401aa 0000"), 1000)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		r := New(data, nil)
		for !r.Empty() {
			if _, err := r.Next(); err != nil {
				b.Fatal(err)
			}
		}
	}
}
