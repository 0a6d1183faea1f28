package sst

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"
	"os"
	"runtime"
	"strings"
	"testing"
)

// checkParse holds for any input: a typed error without a result, or a store
// that gives the input back and whose accessors do not panic.
func checkParse(tb testing.TB, opts *Options, data []byte) {
	tb.Helper()
	before := bytes.Clone(data)
	s, err := opts.Parse(data)
	if !bytes.Equal(before, data) {
		tb.Fatal("the input was changed")
	}
	if err != nil {
		var fe *FormatError
		if !errors.As(err, &fe) || s != nil {
			tb.Fatalf("%T %v with store %v", err, err, s)
		}
		if fe.Offset < 0 || fe.Offset > int64(len(data)) || !strings.HasPrefix(err.Error(), "sst: offset 0x") {
			tb.Fatalf("offset or text of %v", err)
		}
		return
	}
	out, err := s.Marshal()
	if err != nil {
		tb.Fatal(err)
	}
	if !bytes.Equal(out, data) {
		tb.Fatal("Marshal does not give the input back")
	}
	for i := range s.Elements {
		useElement(&s.Elements[i])
	}
	s.Clean(notBefore, nil)
}

// useElement calls whatever reads an element.
func useElement(e *Element) {
	e.Check()
	e.Certificate()
	e.IssuerSerial()
	e.VerifyHashes()
	e.FriendlyName()
	for _, p := range e.Properties {
		useProperty(p)
	}
}

func useProperty(p Property) {
	p.Text()
	p.Time()
	p.Uint32()
	p.Flag()
	p.DER()
	p.OIDs()
	p.Hash()
	p.KeyProvInfo()
	_ = p.ID.String()
}

// TestCutEverywhere cuts a store at every byte. No part of a store is one, in
// strict mode.
func TestCutEverywhere(t *testing.T) {
	data := fixture(t)
	for n := range data {
		if _, err := Parse(data[:n]); err == nil {
			t.Errorf("%d of %d bytes are accepted", n, len(data))
		}
		checkParse(t, nil, data[:n])
		checkParse(t, Lenient(), data[:n])
		if _, err := ParseElement(data[min(8, n):n]); err != nil {
			var fe *FormatError
			if !errors.As(err, &fe) {
				t.Fatalf("%T", err)
			}
		}
	}
}

// TestFlipEverything changes every bit of every byte, and sets every byte to 0
// and to 0xff.
func TestFlipEverything(t *testing.T) {
	data := fixture(t)
	for i := range data {
		old := data[i]
		for _, b := range []byte{old ^ 1, old ^ 2, old ^ 4, old ^ 8, old ^ 16, old ^ 32, old ^ 64, old ^ 128, 0, 0xff} {
			data[i] = b
			checkParse(t, nil, data)
			checkParse(t, Lenient(), data)
		}
		data[i] = old
	}
}

func TestBadInput(t *testing.T) {
	record := func(id, enc, n uint32, value string) string {
		var h [12]byte
		binary.LittleEndian.PutUint32(h[:], id)
		binary.LittleEndian.PutUint32(h[4:], enc)
		binary.LittleEndian.PutUint32(h[8:], n)
		return string(h[:]) + value
	}
	der := "\x30\x02\x05\x00"
	cert := record(32, 1, 4, der)
	crlfDamaged := storeHeader + record(11, 1, 6, "\r\n\x00\x00\x00\x00") + cert + endMarker
	tests := []struct {
		name, data string
		err        error
		offset     int64
		hint       Hint
		text       string
	}{
		{"garbage behind short records", storeHeader + record(130, 1, 1, "\n") + record(131, 1, 1, "\n") + cert + record(11, 9, 0, "") + cert + endMarker, errEncodingType, 50, noHint, "sst: offset 0x32: record 11: encoding type is not 1"},
		{"4 GiB in 20 bytes", storeHeader + record(32, 1, math.MaxUint32, ""), ErrTruncated, 8, noHint, "sst: offset 0x8: record 32 claims 4294967295 bytes, 0 remain: truncated"},
		{"property of 4 GiB", storeHeader + record(11, 1, math.MaxUint32, "abc"), ErrTruncated, 8, noHint, "sst: offset 0x8: record 11 claims 4294967295 bytes, 3 remain: truncated"},
		{"large id", storeHeader + record(0x10000, 1, 0, "") + cert + endMarker, errPropertyID, 8, noHint, "sst: offset 0x8: record 65536: property id is above 0xffff"},
		{"twice", storeHeader + record(11, 1, 0, "") + record(11, 1, 0, "") + cert + endMarker, errDuplicateProperty, 20, noHint, "sst: offset 0x14: record 11: property occurs twice in one element"},
		{"user id twice", storeHeader + record(0x8000, 1, 0, "") + record(0x8000, 1, 0, "") + cert + endMarker, errDuplicateProperty, 20, noHint, ""},
		{"id twice in the last byte of the bitmap", storeHeader + record(255, 1, 0, "") + record(255, 1, 0, "") + cert + endMarker, errDuplicateProperty, 20, noHint, ""},
		{"orphans", storeHeader + cert + record(11, 1, 0, "") + record(12, 1, 0, "") + endMarker, errOrphanProperties, 24, noHint, ""},
		{"orphans without an end", storeHeader + cert + record(11, 1, 0, ""), errOrphanProperties, 24, noHint, ""},
		{"value over the limit", storeHeader + record(11, 1, defaultMaxValue+1, strings.Repeat("x", defaultMaxValue+1)), errLimit, 8, noHint, "sst: offset 0x8: 1048577 is over the limit of 1048576: Options.MaxValue"},
		{"an end that is not empty", storeHeader + cert + record(0, 1, 0, ""), errNonzeroEnd, 24, noHint, ""},
		{"half a header", storeHeader + cert + "\x20\x00\x00\x00\x01", ErrTruncated, 24, noHint, "sst: offset 0x18: record header takes 12 bytes, 5 remain: truncated record header"},
		{"a header without its last byte", storeHeader[:7], errHeader, 0, noHint, "sst: offset 0x0: shorter than the header of a store"},
		{"another header of its length", "12345678", errHeader, 0, noHint, "sst: offset 0x0: not a serialized certificate store"},
		{"base64 with a character that is none", "AAAAAENFUlQ*", errBase64, 11, noHint, ""},
		{"base64 with a line too long", "AAAAAENFUlQA\nAAAAAAAAAAAAAAA", errBase64, 13, noHint, ""},
		{"nothing", "", errHeader, 0, noHint, "sst: offset 0x0: shorter than the header of a store"},
		{"rocksdb", strings.Repeat("key and value ", 9) + "\xf7\xcf\xf4\x85\xb7\x41\xe2\x88", errHeader, 0, hintRocksDB, ""},
		{"pem", "Bag Attributes\n-----BEGIN CERTIFICATE-----\n", errHeader, 0, hintPEM, ""},
		{"pem, UTF-16", "\xff\xfe-\x00-\x00-\x00-\x00-\x00B\x00E\x00G\x00I\x00N\x00 \x00C\x00", errHeader, 0, hintPEM, ""},
		{"p7b text", "-----BEGIN PKCS7-----\n", errHeader, 0, hintP7B, ""},
		{"pfx", "\x30\x06\x02\x01\x03\x30\x01\x00", errHeader, 0, hintPFX, ""},
		{"pfx, BER", "\x30\x80\x02\x01\x03\x30\x80\x06", errHeader, 0, hintPFX, ""},
		{"a pfx that is cut", "\x30\x09\x02\x01\x03\x30\x01\x00", errHeader, 0, noHint, ""},
		{"p7b", "\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", errHeader, 0, hintP7B, ""},
		{"der", "\x30\x06\x30\x04\x02\x02\x01\x01", errHeader, 0, hintDERValue, ""},
		{"utf-16", "\xff\xfe\x00\x00\x00\x00\x00\x00", errHeader, 0, hintUTF16, ""},
		{"reg", "Windows Registry Editor Version 5.00\r\n", errHeader, 0, hintRegistryExport, ""},
		{"element", cert, errHeader, 0, hintElement, ""},
		{"CRLF to LF", strings.ReplaceAll(crlfDamaged, "\r\n", "\n"), ErrTruncated, 0, hintLineEndingsRemoved, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := Parse([]byte(test.data))
			var fe *FormatError
			if !errors.As(err, &fe) || s != nil {
				t.Fatalf("got %v, %v", s, err)
			}
			if fe.Hint != test.hint {
				t.Errorf("hint %d, want %d: %v", fe.Hint, test.hint, err)
			}
			if said := strings.Contains(err.Error(), "("+test.hint.String()+")"); said != (test.hint != noHint) {
				t.Errorf("%v, with the hint %q", err, test.hint)
			}
			if test.hint == hintLineEndingsRemoved {
				return
			}
			if !errors.Is(err, test.err) || fe.Offset != test.offset {
				t.Errorf("got %v, want %v at %d", err, test.err, test.offset)
			}
			if test.text != "" && err.Error() != test.text {
				t.Errorf("got %q", err)
			}
		})
	}
}

// TestDuplicates checks that an id counts as occurring twice within an element
// only, whatever its size.
func TestDuplicates(t *testing.T) {
	der := []byte{0x30, 0}
	for _, id := range []PropID{11, 255, 256, 0x8000, MaxPropID, 0x10000, 1<<32 - 1} {
		alone := []Property{{ID: id}}
		s := &Store{Elements: []Element{{Kind: Certificate, Raw: der, Properties: alone}, {Kind: Certificate, Raw: der, Properties: alone}}}
		if _, err := Parse(must(s.Marshal())); (err == nil) != (id <= MaxPropID) || err != nil && !errors.Is(err, errPropertyID) {
			t.Errorf("%#x in two elements: %v", uint32(id), err)
		}
		if _, err := (&Options{AllowLargePropertyIDs: true}).Parse(must(s.Marshal())); err != nil {
			t.Errorf("%#x in two elements: %v", uint32(id), err)
		}
		once := []Property{{ID: 12}, {ID: id}, {ID: 0x9000}}
		s = &Store{Elements: []Element{{Kind: Certificate, Raw: der, Properties: once}, {Kind: Certificate, Raw: der}, {Kind: Certificate, Raw: der, Properties: once}}}
		data := must(s.Marshal())
		got, err := (&Options{AllowLargePropertyIDs: true}).Parse(data)
		if err != nil || len(got.Elements) != 3 {
			t.Errorf("%#x once: %v", uint32(id), err)
		}
		s.Elements[2].Properties = append(once, Property{ID: id})
		data = must(s.Marshal())
		if _, err := (&Options{AllowLargePropertyIDs: true}).Parse(data); !errors.Is(err, errDuplicateProperty) {
			t.Errorf("%#x twice: %v", uint32(id), err)
		}
		got, err = Lenient().Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, f := range got.Faults() {
			if f.Err == errDuplicateProperty {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%#x twice: %d faults", uint32(id), n)
		}
		checkParse(t, Lenient(), data)
		checkReader(t, Lenient(), data)
	}
}

// TestLineEndings converts a store in both directions, as a whole.
func TestLineEndings(t *testing.T) {
	s := fixtureStore(t)
	s.Elements[1].Properties = []Property{{ID: 130, Value: []byte("a\nb\nc\n")}}
	data, err := s.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	var fe *FormatError
	_, err = Parse(bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")))
	if !errors.As(err, &fe) || fe.Hint != hintLineEndingsAdded {
		t.Errorf("LF to CRLF: %v", err)
	}
	s.Elements[1].Properties[0].Value = []byte("a\r\nb\r\nc\r\n")
	if data, err = s.Marshal(); err != nil {
		t.Fatal(err)
	}
	_, err = Parse(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")))
	if !errors.As(err, &fe) || fe.Hint != hintLineEndingsRemoved {
		t.Errorf("CRLF to LF: %v", err)
	}
}

func TestLimits(t *testing.T) {
	data := fixture(t)
	longest := int64(0)
	for _, e := range fixtureStore(t).Elements {
		longest = max(longest, int64(len(e.Raw)))
	}
	tests := []struct {
		name string
		opts Options
		ok   bool
	}{
		{"size", Options{MaxSize: int64(len(data)) - 1}, false},
		{"size reached", Options{MaxSize: int64(len(data))}, true},
		{"value", Options{MaxValue: 100}, false},
		{"elements", Options{MaxElements: 4}, false},
		{"elements reached", Options{MaxElements: 5}, true},
		{"value reached", Options{MaxValue: longest}, true},
		{"value not reached", Options{MaxValue: longest - 1}, false},
		{"properties", Options{MaxProperties: 12}, false},
		{"properties reached", Options{MaxProperties: 13}, true},
	}
	for _, test := range tests {
		_, err := test.opts.Parse(data)
		if test.ok && err != nil || !test.ok && !errors.Is(err, errLimit) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// TestMemory checks that what Parse allocates is bounded by the input, for
// inputs that are all headers.
func TestMemory(t *testing.T) {
	var many bytes.Buffer
	many.WriteString(storeHeader)
	for range 20_000 {
		many.WriteString("\x20\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x30\x00")
	}
	garbage := strings.ReplaceAll(many.String(), "\x30\x00", "xx")
	var props bytes.Buffer
	props.WriteString(storeHeader)
	for e := range 50 {
		for i := range 900 {
			props.Write(binary.LittleEndian.AppendUint32(nil, uint32(0x8000+900*(e%2)+i)))
			props.WriteString("\x01\x00\x00\x00\x00\x00\x00\x00")
		}
		props.WriteString("\x20\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x30\x00")
	}
	inputs := map[string]string{
		"elements":     many.String() + endMarker,
		"garbage":      garbage + endMarker,
		"properties":   props.String() + endMarker,
		"ids":          props.String() + strings.Repeat("\x00\x90\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x20\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x30\x00", 90_000) + endMarker,
		"few, then 1M": many.String()[:8+14*1000] + storeHeader + strings.Repeat("x", 1<<20),
	}
	for name, in := range inputs {
		data := []byte(in)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _ = Parse(data)
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > 16*uint64(len(data)) {
			t.Errorf("%s: %d bytes allocated for %d", name, got, len(data))
		}
	}
}

// TestMemoryByElements checks that what Parse allocates depends on the elements
// and not on the bytes in them.
func TestMemoryByElements(t *testing.T) {
	allocated := func(value int) (bytes, allocs float64) {
		s := &Store{}
		for range 40 {
			s.Elements = append(s.Elements, Element{Kind: Certificate, Raw: appendDER(nil, tagSequence, make([]byte, value)), Properties: []Property{{ID: 11, Value: make([]byte, value)}}})
		}
		data := must(s.Marshal())
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		allocs = testing.AllocsPerRun(10, func() { sinkStore, _ = Parse(data) })
		runtime.ReadMemStats(&after)
		return float64(after.TotalAlloc - before.TotalAlloc), allocs
	}
	small, n := allocated(200)
	large, m := allocated(200_000)
	if m > n || n > 10 || large > 1.5*small {
		t.Errorf("%.0f bytes in %.0f allocations, and for values of a thousand times the size %.0f in %.0f", small, n, large, m)
	}
}

func TestErrorsHoldNoInput(t *testing.T) {
	secret := "c0ffee-secret"
	data := fixture(t)
	data = append(data[:len(data)-12:len(data)-12], "\x76\x00\x00\x00\x02\x00\x00\x00\x0d\x00\x00\x00"+secret...)
	_, err := Parse(data)
	if err == nil || strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), hex.EncodeToString([]byte(secret))) {
		t.Errorf("got %v", err)
	}
}

func TestMarshalRefusesWhatTheFormatCannotHold(t *testing.T) {
	tests := map[string]Store{
		"id 0":                  {Elements: []Element{{Kind: Certificate, Properties: []Property{{ID: 0}}}}},
		"element id":            {Elements: []Element{{Kind: Certificate, Properties: []Property{{ID: 32}}}}},
		"no kind":               {Elements: []Element{{Raw: []byte{1}}}},
		"nothing":               {Elements: []Element{{}}},
		"known as unknown kind": {Elements: []Element{{ID: 31, Raw: []byte{1}}}},
		"orphans first":         {Elements: []Element{{Properties: []Property{{ID: 11}}}, {Kind: Certificate, Raw: []byte{0x30, 0}}}},
	}
	for name, s := range tests {
		if b, err := s.Marshal(); err == nil || b != nil {
			t.Errorf("%s: written", name)
		}
		if b, err := s.AppendBinary([]byte("x")); err == nil || string(b) != "x" {
			t.Errorf("%s: appended", name)
		}
	}
	if b, err := new(Store).Marshal(); err != nil || string(b) != storeHeader+endMarker {
		t.Error("zero store")
	}
	// Marshal writes any property, also those that New and Clean leave out.
	s := Store{Elements: []Element{{Kind: Certificate, Raw: []byte{0x30, 0}, Properties: []Property{{ID: PropIsolatedKey, Value: []byte{1}}, {ID: PropCLRDeleteKey}}}}}
	if _, err := s.Marshal(); err != nil {
		t.Error(err)
	}
}

func TestMain(m *testing.M) {
	if os.Getenv(listChild) != "" {
		os.Exit(listLargeStore())
	}
	os.Exit(m.Run())
}
